/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/story.h"
#include "app/ctl/story-private.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/sending.h"
#include "data/desk/shifting.h"
#include "data/desk/staffing.h"
#include "data/desk/training.h"
#include "data/ledger/anchor.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* Sunday, 22 November 2026, nine in the morning in Shanghai. */
#define FIRST_MORNING (INT64_C (1795309200) * TILL_SECOND)
/* How long people wait for a till that came back from a power cut. */
#define PATIENCE (10 * TILL_MINUTE)

struct _TillStage
{
  TillPracticeKeys *keys; /* owned */
  char *ledger_path;      /* owned; closed books of a training shop */
  char *seal_path;        /* owned; the key their closes are signed with */
};

/* --- reading --- */

static void
free_line (gpointer data)
{
  TillStoryLine *line = data;
  g_strfreev (line->words);
  g_free (line);
}

static gboolean
read_line (TillStory *story, const char *text, int number, GError **error)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  if (*bare == '#' && !story->title && !strstr (bare, "SPDX-"))
    story->title = g_strstrip (g_strdup (bare + 1));
  if (!*bare || *bare == '#')
    return TRUE;
  TillStoryLine *line = g_new0 (TillStoryLine, 1);
  g_ptr_array_add (story->lines, line);
  line->number = number;
  g_autoptr (GError) broke = NULL;
  if (!g_shell_parse_argv (bare, NULL, &line->words, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s:%d: %s", story->path, number,
                   broke->message);
      return FALSE;
    }
  if (till_story_verb_find (line->words[0]))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s:%d: no story says “%.40s”", story->path,
               number, line->words[0]);
  return FALSE;
}

TillStory *
till_story_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize size;
  g_autoptr (GError) broke = NULL;
  if (!g_file_get_contents (path, &text, &size, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "%s", broke->message);
      return NULL;
    }
  g_autoptr (TillStory) story = g_new0 (TillStory, 1);
  story->path = g_strdup (path);
  story->lines = g_ptr_array_new_with_free_func (free_line);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  if (size > TILL_STORY_MAX || !g_utf8_validate (text, (gssize)size, NULL)
      || g_strv_length (lines) > TILL_STORY_LINES_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is no story: too long, or no UTF-8",
                   path);
      return NULL;
    }
  for (int i = 0; lines[i]; i++)
    if (!read_line (story, lines[i], i + 1, error))
      return NULL;
  return g_steal_pointer (&story);
}

void
till_story_free (TillStory *story)
{
  g_free (story->path);
  g_free (story->title);
  g_ptr_array_unref (story->lines);
  g_free (story);
}

const char *
till_story_title (const TillStory *story)
{
  return story->title ? story->title : story->path;
}

/* --- the stage --- */

TillStage *
till_stage_new (const char *dir, GError **error)
{
  g_autoptr (TillStage) stage = g_new0 (TillStage, 1);
  g_autoptr (TillClock) clock = till_clock_new_fake (FIRST_MORNING, 1);
  g_autofree char *keys_dir = g_build_filename (dir, "keys", NULL);
  stage->ledger_path = g_build_filename (dir, "stage.db", NULL);
  stage->seal_path = g_build_filename (dir, "seal.key", NULL);
  if (!till_practice_make (keys_dir, error)
      || !(stage->keys = till_practice_keys_load (keys_dir, error))
      || !till_ledger_create (stage->ledger_path, error))
    return NULL;
  g_autoptr (TillLedger) ledger = till_ledger_open (stage->ledger_path, clock, error);
  TillAnswer answer;
  g_autofree char *fingerprint = NULL;
  if (!ledger || !till_training_shop (ledger, error)
      || !till_shifting_make_key (ledger, 0, &fingerprint, &answer, error)
      || !till_ledger_checkpoint (ledger, error))
    return NULL;
  return g_steal_pointer (&stage);
}

void
till_stage_free (TillStage *stage)
{
  g_clear_pointer (&stage->keys, till_practice_keys_free);
  g_free (stage->ledger_path);
  g_free (stage->seal_path);
  g_free (stage);
}

/* --- opening and closing --- */

static void
close_books (TillPlay *play)
{
  g_clear_pointer (&play->hands, till_hands_free);
  g_clear_pointer (&play->ledger, till_ledger_free);
}

gboolean
till_play_open (TillPlay *play, GError **error)
{
  close_books (play);
  play->ledger = till_ledger_open (play->ledger_path, play->clock, error);
  if (!play->ledger || !till_anchors_check (play->ledger, error))
    return FALSE;
  play->hands
      = till_hands_new (play->ledger, play->transport, play->accounts, play->roll_dir, error);
  if (!play->hands)
    return FALSE;
  till_hands_bring_files (play->hands);
  return TRUE;
}

void
till_play_close (TillPlay *play)
{
  close_books (play);
}

static gboolean
empty (const char *dir, GError **error)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      gboolean folder
          = g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK);
      if ((folder && !empty (path, error)) || (folder ? g_rmdir (path) : g_unlink (path)) != 0)
        {
          if (error && !*error)
            g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be removed", path);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
put (const char *from, const char *to, GError **error)
{
  g_autofree char *text = NULL;
  gsize size;
  return g_file_get_contents (from, &text, &size, error)
         && g_file_set_contents_full (to, text, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600,
                                      error);
}

static gboolean
set_stage (TillPlay *play, const TillStage *stage, const char *dir, GError **error)
{
  g_autofree char *seal_path = g_build_filename (dir, "seal.key", NULL);
  if (g_mkdir_with_parents (dir, 0700) != 0 || !empty (dir, error))
    return FALSE;
  play->ledger_path = g_build_filename (dir, "ledger.db", NULL);
  play->roll_dir = g_build_filename (dir, "roll", NULL);
  play->copy_path = g_build_filename (dir, "copy.db", NULL);
  play->clock = till_clock_new_fake (FIRST_MORNING, 1);
  for (guint i = 0; i < play->story->lines->len; i++)
    {
      const TillStoryLine *line = g_ptr_array_index (play->story->lines, i);
      if (strcmp (line->words[0], "provider") == 0 && g_strcmp0 (line->words[1], "lenient") == 0)
        play->end->lenient = TRUE;
    }
  play->practice = till_practice_open (stage->keys, NULL, play->clock, play->end->lenient, error);
  if (!play->practice || !put (stage->ledger_path, play->ledger_path, error)
      || !put (stage->seal_path, seal_path, error))
    return FALSE;
  play->transport = till_practice_transport (play->practice);
  const TillAccount *account = till_practice_account (play->practice);
  play->accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (play->accounts, account->provider, (gpointer)account);
  return till_play_open (play, error);
}

static void
strike_stage (TillPlay *play)
{
  close_books (play);
  g_clear_pointer (&play->practice, till_practice_free);
  g_clear_pointer (&play->clock, till_clock_free);
  g_clear_pointer (&play->accounts, g_hash_table_unref);
  g_clear_pointer (&play->names, g_hash_table_unref);
  g_clear_pointer (&play->drafts, g_hash_table_unref);
  g_clear_pointer (&play->tokens, g_hash_table_unref);
  g_clear_pointer (&play->last_pay, g_free);
  g_clear_pointer (&play->error_word, g_free);
  g_free (play->ledger_path);
  g_free (play->roll_dir);
  g_free (play->copy_path);
}

/* --- playing --- */

gboolean
till_play_fail (TillPlay *play, const char *format, ...)
{
  va_list values;
  va_start (values, format);
  if (play->end->held)
    {
      play->end->held = FALSE;
      play->end->line = play->line->number;
      g_free (play->end->what);
      play->end->what = g_strdup_vprintf (format, values);
    }
  va_end (values);
  return TRUE;
}

char *
till_play_token (TillPlay *play)
{
  const char *known = g_hash_table_lookup (play->tokens, play->line);
  if (!known)
    {
      known = till_request_no_new (play->clock);
      g_hash_table_insert (play->tokens, (gpointer)play->line, (gpointer)known);
    }
  return g_strdup (known);
}

gboolean
till_play_run_for (TillPlay *play, int64_t span, GError **error)
{
  int64_t end = till_clock_now (play->clock) + span;
  for (int round = 0; round < 100000; round++)
    {
      int64_t next = 0, now = till_clock_now (play->clock);
      if (!till_hands_run (play->hands, &next, error))
        return FALSE;
      if (next == 0 || next > end)
        {
          till_clock_advance (play->clock, MAX (0, end - now));
          return TRUE;
        }
      till_clock_advance (play->clock, MAX (0, next - now));
    }
  g_assert_not_reached ();
}

/* A payment whose request never left has no code any more: the cashier asks the customer again. */
static gboolean
charge_again (TillPlay *play, GError **error)
{
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  if (!play->sale_id || !play->last_pay)
    return TRUE;
  if (!till_selling_load_id (play->ledger, play->sale_id, &sale, &answer, error))
    return FALSE;
  TillMoney open = 0;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (till_leg_state_is_waiting (leg->state))
        return TRUE;
      if (leg->state == TILL_LEG_CANCELLED
          || (leg->state == TILL_LEG_REVERSED && leg->tender != TILL_TENDER_CASH))
        open = leg->amount;
    }
  if (sale->state != TILL_SALE_TENDERING || open == 0)
    return TRUE;
  const char *const words[] = { play->last_pay, NULL };
  g_autoptr (GPtrArray) wishes = till_typed_wishes (words, open, TRUE, error);
  g_autoptr (TillSale) paid = NULL;
  if (!wishes
      || !till_selling_pay_rest (play->ledger, play->staff_id, play->sale_id,
                                 g_ptr_array_index (wishes, 0), &paid, &answer, error))
    return FALSE;
  return till_play_run_for (play, PATIENCE, error);
}

/* Whatever was refused, or broke, has to be expected in the very next line. */
static gboolean
is_expected (TillPlay *play, guint index)
{
  if (index >= play->story->lines->len)
    return FALSE;
  const TillStoryLine *next = g_ptr_array_index (play->story->lines, index);
  return strcmp (next->words[0], "expect") == 0
         && (g_strcmp0 (next->words[1], "no") == 0 || g_strcmp0 (next->words[1], "error") == 0);
}

/* The power is back: open, find out, and do again what was interrupted. */
static gboolean
come_back (TillPlay *play, GError **error)
{
  g_autoptr (GError) broke = NULL;
  play->end->cut_at = g_strdup (till_fault_where ());
  till_fault_restore ();
  close_books (play);
  /* There are none while a copy is being put in place. */
  if (g_file_test (play->ledger_path, G_FILE_TEST_EXISTS) && !till_play_open (play, error))
    return FALSE;
  play->again = TRUE;
  play->answer = till_answer (TILL_YES);
  const TillStoryVerb *verb = till_story_verb_find (play->line->words[0]);
  gboolean done = verb->play (play, &broke);
  play->again = FALSE;
  if (!done && verb->repeats_safely)
    {
      g_propagate_error (error, g_steal_pointer (&broke));
      return FALSE;
    }
  /* What was done before the cut cannot be done again, and says so. */
  if (!verb->repeats_safely && !play->expected
      && (!done || play->answer.code == TILL_NO_STATE || play->answer.code == TILL_NO_STALE))
    play->answer = till_answer (TILL_YES);
  return strcmp (verb->name, "run") != 0 || till_play_run_for (play, PATIENCE, error);
}

static gboolean
play_line (TillPlay *play, guint index, GError **error)
{
  g_autoptr (GError) broke = NULL;
  play->line = g_ptr_array_index (play->story->lines, index);
  const TillStoryVerb *verb = till_story_verb_find (play->line->words[0]);
  play->expected = is_expected (play, index + 1);
  if (verb->acts)
    {
      play->answer = till_answer (TILL_YES);
      g_clear_pointer (&play->error_word, g_free);
    }
  gboolean done = verb->play (play, &broke);
  if (!done && till_fault_where ())
    {
      g_clear_error (&broke);
      done = come_back (play, &broke);
    }
  if (done && play->end->cut_at && strcmp (verb->name, "run") == 0)
    done = charge_again (play, &broke);
  if (!done && verb->acts && play->expected && g_error_matches (broke, TILL_ERROR, broke->code))
    play->error_word = g_strdup (till_story_error_word (broke->code));
  else if (!done)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&broke), "%s:%d: ", play->story->path,
                                  play->line->number);
      return FALSE;
    }
  if (verb->acts && play->answer.code != TILL_YES && !play->expected)
    {
      g_autofree char *sentence = till_answer_sentence (&play->answer);
      till_play_fail (play, "refused (%s): %s", till_answer_word (play->answer.code), sentence);
    }
  return TRUE;
}

static gboolean
play_lines (TillPlay *play, GError **error)
{
  gboolean armed = FALSE;
  for (guint i = 0; i < play->story->lines->len && play->end->held; i++)
    {
      const TillStoryLine *line = g_ptr_array_index (play->story->lines, i);
      /* The stage is set without failing; the power may fail from the first act on. */
      if (!armed && play->cut_at > 0 && !till_story_verb_find (line->words[0])->sets_stage)
        {
          till_fault_arm (play->cut_at);
          armed = TRUE;
        }
      if (!play_line (play, i, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_story_play (const TillStory *story, const TillStage *stage, const char *dir, guint cut_at,
                 TillStoryEnd *end, GError **error)
{
  *end = (TillStoryEnd){ .held = TRUE, .what = g_strdup ("") };
  TillPlay play = {
    .story = story,
    .end = end,
    .cut_at = cut_at,
    .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .tokens = g_hash_table_new_full (NULL, NULL, NULL, g_free),
    .drafts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)till_return_draft_free),
  };
  till_fault_restore ();
  till_secret_set_cheap (TRUE);
  gboolean played = set_stage (&play, stage, dir, error) && play_lines (&play, error);
  till_fault_restore ();
  till_secret_set_cheap (FALSE);
  if (played)
    end->statement = till_practice_statement (play.practice);
  strike_stage (&play);
  return played;
}

void
till_story_end_clear (TillStoryEnd *end)
{
  g_clear_pointer (&end->what, g_free);
  g_clear_pointer (&end->cut_at, g_free);
  g_clear_pointer (&end->statement, g_free);
}

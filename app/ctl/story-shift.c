/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can happen to a shift in a story, to the key that signs it, and to the books behind its
 * back. */
#include "app/ctl/story-private.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/desk/shifting.h"
#include "data/desk/training.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static char *
beside (const TillPlay *play, const char *name)
{
  g_autofree char *dir = g_path_get_dirname (play->ledger_path);
  return g_build_filename (dir, name, NULL);
}

/* --- cash --- */

static gboolean
move_cash (TillPlay *play, gboolean out, GError **error)
{
  TillMoney amount;
  g_autofree char *token = till_play_token (play);
  if (!till_money_parse (word (play, 2), &amount, error))
    return FALSE;
  return out ? till_shifting_out (play->ledger, play->staff_id, token, amount, word (play, 3),
                                  &play->answer, error)
             : till_shifting_float (play->ledger, play->staff_id, token, amount, &play->answer,
                                    error);
}

/* --- closing --- */

/* "305.00" or "100x3,5x1" */
static gboolean
read_count (const char *text, TillCount *count, GError **error)
{
  *count = (TillCount){ 0 };
  return strchr (text, 'x') ? till_count_parse (text, count, error)
                            : till_money_parse (text, &count->sum, error);
}

static gboolean
close_with (TillPlay *play, TillShiftDraft *draft, GError **error)
{
  const char *no = option (play, "--approve"), *pin = option (play, "--pin");
  TillCounted counted;
  g_autoptr (TillShift) shift = NULL;
  if (!till_shifting_count (play->ledger, play->staff_id, &draft->count, &counted, &play->answer,
                            error))
    return FALSE;
  if (play->answer.code != TILL_YES)
    return TRUE;
  draft->expected = counted.expected;
  return till_shifting_close (play->ledger, play->staff_id, draft, no,
                              no ? pin ? pin : till_training_pin (no) : NULL, &shift, &play->answer,
                              error);
}

static gboolean
close_shift (TillPlay *play, GError **error)
{
  g_autoptr (TillShiftDraft) draft = g_new0 (TillShiftDraft, 1);
  draft->token = till_play_token (play);
  play->close_line = play->line;
  return read_count (word (play, 2), &draft->count, error)
         && till_money_parse (word (play, 3), &draft->keep, error)
         && close_with (play, draft, error);
}

/* The last close is submitted once more, as by a second click. */
static gboolean
close_again (TillPlay *play, GError **error)
{
  const TillStoryLine *here = play->line;
  if (!play->close_line)
    return till_play_nonsense (play, "nothing was closed yet", error);
  play->line = play->close_line;
  gboolean done = close_shift (play, error);
  play->line = here;
  return done;
}

/* --- the key --- */

static gboolean
rename_key (TillPlay *play, const char *from, const char *to, GError **error)
{
  g_autofree char *old = beside (play, from), *new = beside (play, to);
  if (!g_file_test (old, G_FILE_TEST_EXISTS) || g_rename (old, new) == 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be moved", old);
  return FALSE;
}

/* key away | back | wrong | new */
static gboolean
change_key (TillPlay *play, GError **error)
{
  const char *how = word (play, 2);
  g_autofree char *path = beside (play, "seal.key"), *fingerprint = NULL;
  if (strcmp (how, "away") == 0)
    return rename_key (play, "seal.key", "seal.away", error);
  if (strcmp (how, "back") == 0)
    return rename_key (play, "seal.away", "seal.key", error);
  if (strcmp (how, "new") == 0)
    return till_shifting_make_key (play->ledger, play->staff_id, &fingerprint, &play->answer,
                                   error);
  if (strcmp (how, "wrong") != 0)
    return till_play_nonsense (play, "a key goes away, comes back, is wrong or new", error);
  if (!rename_key (play, "seal.key", "seal.away", error))
    return FALSE;
  g_autoptr (TillSealKey) another = till_seal_key_make (path, error);
  return another != NULL;
}

gboolean
till_play_shift (TillPlay *play, GError **error)
{
  const char *what = word (play, 1);
  if (strcmp (what, "float") == 0 || strcmp (what, "out") == 0)
    return move_cash (play, what[0] == 'o', error);
  if (strcmp (what, "close") == 0)
    return close_shift (play, error);
  if (strcmp (what, "again") == 0)
    return close_again (play, error);
  return strcmp (what, "key") == 0
             ? change_key (play, error)
             : till_play_nonsense (play, "shift float, out, close, again, key", error);
}

/* --- behind the books' back --- */

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (to);
  return g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error);
}

/* Somebody puts the copy where the books are, so that what happened since never happened; the till
 * is started, and afterwards the books are put back. No place where the power could fail lies
 * between. */
gboolean
till_play_roll_back (TillPlay *play, GError **error)
{
  g_autofree char *kept = beside (play, "ledger.kept");
  g_autoptr (GError) refused = NULL;
  till_play_close (play);
  if (g_rename (play->ledger_path, kept) != 0)
    return till_play_nonsense (play, "the books cannot be moved", error);
  gboolean opened
      = copy_file (play->copy_path, play->ledger_path, &refused) && till_play_open (play, &refused);
  till_play_close (play);
  if (g_rename (kept, play->ledger_path) != 0 || !till_play_open (play, error))
    return FALSE;
  if (!opened)
    g_propagate_error (error, g_steal_pointer (&refused));
  return opened;
}

/* --- what is expected --- */

/* expect shifts N [OVER_SHORT] */
gboolean
till_play_expect_shifts (TillPlay *play, GError **error)
{
  g_autoptr (GPtrArray) shifts = NULL;
  TillAnswer answer;
  if (!till_shifting_list (play->ledger, 0, 1000, &shifts, &answer, error))
    return FALSE;
  g_autofree char *n = g_strdup_printf ("%u", shifts->len);
  if (strcmp (n, word (play, 2)) != 0)
    return till_play_fail (play, "%s shifts are closed, not %s", n, word (play, 2));
  const char *want = word (play, 3);
  if (!*want || shifts->len == 0)
    return TRUE;
  const TillShift *last = g_ptr_array_index (shifts, 0);
  g_autofree char *is = till_money_format (last->over_short);
  return strcmp (is, want) == 0 || till_play_fail (play, "the count is %s away, not %s", is, want);
}

/* expect open N: refunds that were not over at the last close */
gboolean
till_play_expect_open (TillPlay *play, GError **error)
{
  g_autoptr (GPtrArray) shifts = NULL;
  TillAnswer answer;
  if (!till_shifting_list (play->ledger, 0, 1, &shifts, &answer, error))
    return FALSE;
  const TillShift *last = shifts->len ? g_ptr_array_index (shifts, 0) : NULL;
  g_autofree char *n = g_strdup_printf ("%u", last ? last->open->len : 0);
  return strcmp (n, word (play, 2)) == 0
         || till_play_fail (play, "%s refunds were open, not %s", n, word (play, 2));
}

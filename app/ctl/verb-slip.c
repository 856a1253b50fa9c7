/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slips that are not printed: which, what is known about each, and a person's word about them. */
#include "app/ctl/ctl.h"
#include "app/ctl/table.h"
#include "data/desk/printing.h"
#include "data/desk/selling.h"

#include <glib/gi18n.h>
#include <string.h>

#define SLIPS_MAX 1000

static json_t *
words_of (const TillPrintJob *job, const char *at)
{
  return json_pack ("{s:I,s:s,s:s,s:s,s:i,s:s,s:b,s:s}", "id", (json_int_t)job->id, "at", at,
                    "slip", till_paper_kind_word (job->kind), "no", job->no, "copy", job->copy,
                    "state", till_print_state_word (job->state), "asks",
                    till_print_state_asks (job->state), "problem", job->problem);
}

static int
list (TillCtl *ctl, TillShopFolder *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  g_autoptr (GPtrArray) jobs
      = shop ? till_printing_unprinted (folder->ledger, SLIPS_MAX, &error) : NULL;
  if (!jobs)
    return till_ctl_say_error (ctl, error);
  json_t *array = json_array ();
  g_autoptr (TillTable) table = till_table_new ("rlllll");
  for (guint i = 0; i < jobs->len; i++)
    {
      const TillPrintJob *job = g_ptr_array_index (jobs, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, job->id);
      g_autofree char *at = till_clock_format (job->at, shop->zone);
      json_array_append_new (array, words_of (job, at));
      till_table_row (table, id, at, till_paper_kind_label (job->kind), job->no,
                      till_print_state_label (job->state),
                      till_print_problem_sentence (job->problem));
    }
  g_autofree char *text
      = jobs->len ? till_table_text (table, 0) : g_strdup (_ ("Every slip is printed."));
  return till_ctl_say (ctl, json_pack ("{s:o}", "slips", array), text);
}

static int
say_outcome (TillCtl *ctl, gboolean good, const TillAnswer *answer, const GError *error,
             const char *word)
{
  if (!good)
    return till_ctl_say_error (ctl, error);
  if (answer->code != TILL_YES)
    return till_ctl_say_no (ctl, answer);
  return till_ctl_say (ctl, json_pack ("{s:{s:s}}", "settled", "word", word),
                       _ ("Written into the journal."));
}

static int
settle (TillCtl *ctl, TillShopFolder *folder, int64_t actor, int64_t id, TillPrintWord word)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean good = till_printing_settle (folder->ledger, actor, id, word, &answer, &error);
  return say_outcome (ctl, good, &answer, error, till_print_word_word (word));
}

static int
settle_backlog (TillCtl *ctl, TillShopFolder *folder, int64_t actor, TillBacklogChoice choice)
{
  static const char *const words[] = { "all", "last", "none" };
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean good
      = till_printing_settle_backlog (folder->ledger, actor, G_MAXINT64, choice, &answer, &error);
  return say_outcome (ctl, good, &answer, error, words[choice]);
}

/* What is said: "on-paper 12", "again 12", "none 12", "backlog last". */
typedef struct
{
  gboolean lists, is_backlog;
  int64_t id;
  TillPrintWord word;
  TillBacklogChoice choice;
} Said;

static gboolean
read_said (int argc, char **argv, Said *said)
{
  static const char *const choices[] = { "all", "last", "none" };
  *said = (Said){ .lists = argc == 1 || (argc == 2 && strcmp (argv[1], "list") == 0) };
  if (said->lists || argc != 3)
    return said->lists;
  said->is_backlog = strcmp (argv[1], "backlog") == 0;
  for (int i = 0; i < 3; i++)
    {
      if (said->is_backlog && strcmp (argv[2], choices[i]) == 0)
        {
          said->choice = (TillBacklogChoice)i;
          return TRUE;
        }
      if (strcmp (argv[1], till_print_word_word ((TillPrintWord)i)) == 0)
        {
          said->word = (TillPrintWord)i;
          return g_ascii_string_to_signed (argv[2], 10, 1, G_MAXINT64, &said->id, NULL);
        }
    }
  return FALSE;
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  Said said;
  if (!till_ctl_parse (ctl, context, NULL, &argc, &argv, 0, 2, &exit_code))
    return exit_code;
  if (!read_said (argc, argv, &said))
    return till_ctl_say_usage (
        ctl, "%s", _ ("Say list; on-paper, again or none with an ID; or backlog all, last, none."));
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  if (said.lists)
    return list (ctl, folder);
  int64_t actor = till_ctl_sign_in (ctl, folder, &exit_code);
  if (actor == 0)
    return exit_code;
  return said.is_backlog ? settle_backlog (ctl, folder, actor, said.choice)
                         : settle (ctl, folder, actor, said.id, said.word);
}

const TillVerb till_verb_slip = {
  "slip",
  "[list | on-paper ID | again ID | none ID | backlog all|last|none]",
  N_ ("Slips that are not printed, and what somebody who looked says"),
  "  tillctl slip list\n"
  "  tillctl --as 1 slip on-paper 12\n"
  "  tillctl --as 1 slip backlog last",
  run,
};

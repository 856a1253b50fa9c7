/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shift: what it did so far, cash between safe and drawer, the count and the close. */
#include "app/ctl/shift-words.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/printing.h"
#include "data/desk/selling.h"

#include <glib/gi18n.h>
#include <string.h>

#define LIST_MAX 100

typedef struct
{
  char *reason, *counted, *notes, *leave, *approve; /* owned */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->reason);
  g_free (options->counted);
  g_free (options->notes);
  g_free (options->leave);
  g_free (options->approve);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  TillCtl *ctl;
  TillLedger *ledger;
  const Options *options;
  const char *word; /* what stands behind the deed, or NULL */
  const char *zone;
  int64_t staff_id;
} Act;

static int
show (Act *act)
{
  g_autoptr (GError) error = NULL;
  TillShiftNow now;
  TillAnswer answer;
  if (!till_shifting_now (act->ledger, act->staff_id, &now, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  g_autofree char *text = till_shift_words_now_text (&now, act->zone);
  return till_ctl_say (act->ctl, json_pack ("{s:o}", "now", till_shift_words_now (&now, act->zone)),
                       text);
}

static int
list (Act *act)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shifts = NULL;
  TillAnswer answer;
  if (!till_shifting_list (act->ledger, act->staff_id, LIST_MAX, &shifts, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  json_t *array = json_array ();
  for (guint i = 0; i < shifts->len; i++)
    json_array_append_new (array,
                           till_shift_words_shift (g_ptr_array_index (shifts, i), act->zone));
  g_autofree char *text = till_shift_words_list_text (shifts, act->zone);
  return till_ctl_say (act->ctl, json_pack ("{s:o}", "shifts", array), text);
}

static int
move (Act *act, gboolean out)
{
  g_autoptr (GError) error = NULL;
  TillMoney amount;
  TillAnswer answer;
  g_autofree char *token = till_request_no_new (till_ledger_clock (act->ledger));
  const char *reason = act->options->reason ? act->options->reason : "";
  if (!till_money_parse (act->word, &amount, &error)
      || !(out ? till_shifting_out (act->ledger, act->staff_id, token, amount, reason, &answer,
                                    &error)
               : till_shifting_float (act->ledger, act->staff_id, token, amount, &answer, &error)))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  g_autofree char *words = till_money_format_screen (amount);
  g_autofree char *text
      = g_strdup_printf (out ? _ ("%s went to the safe.") : _ ("%s went into the drawer."), words);
  return till_ctl_say (act->ctl,
                       json_pack ("{s:{s:s,s:I}}", "moved", "way", out ? "out" : "float", "amount",
                                  (json_int_t)amount),
                       text);
}

static int
move_in (Act *act)
{
  return move (act, FALSE);
}

static int
move_out (Act *act)
{
  return move (act, TRUE);
}

/* --- closing --- */

static gboolean
read_draft (const Act *act, TillShiftDraft *draft, GError **error)
{
  const Options *options = act->options;
  return (options->notes ? till_count_parse (options->notes, &draft->count, error)
                         : till_money_parse (options->counted, &draft->count.sum, error))
         && till_money_parse (options->leave, &draft->keep, error);
}

/* The count comes first, as at the drawer: it is kept also when the close is refused. */
static gboolean
count_and_close (Act *act, TillShiftDraft *draft, char *pin, TillShift **shift, TillAnswer *answer,
                 GError **error)
{
  TillCounted counted;
  if (!till_shifting_count (act->ledger, act->staff_id, &draft->count, &counted, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  draft->expected = counted.expected;
  return till_shifting_close (act->ledger, act->staff_id, draft, pin ? act->options->approve : NULL,
                              pin, shift, answer, error);
}

static int
close_shift (Act *act)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShiftDraft) draft = till_shifting_draft (act->ledger);
  g_autoptr (TillShift) shift = NULL;
  TillAnswer answer;
  char *pin = NULL;
  if (!read_draft (act, draft, &error))
    return till_ctl_say_error (act->ctl, error);
  if (act->options->approve)
    {
      g_autofree char *prompt = g_strdup_printf (_ ("PIN of %s: "), act->options->approve);
      pin = till_pin_read (act->ctl, prompt, &error);
      if (!pin)
        return till_ctl_say_error (act->ctl, error);
    }
  gboolean done = count_and_close (act, draft, pin, &shift, &answer, &error);
  till_secret_free (pin);
  if (!done)
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  g_autofree char *text = till_shift_words_shift_text (shift, act->zone);
  return till_ctl_say (
      act->ctl, json_pack ("{s:o}", "shift", till_shift_words_shift (shift, act->zone)), text);
}

static int
print_again (Act *act)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  int64_t id;
  if (!till_shifting_find (act->ledger, act->word, &id, &error)
      || !till_printing_again (act->ledger, act->staff_id, TILL_PAPER_SHIFT, id, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    {
      answer = till_answer_ref (TILL_NO_SALE, act->word);
      return till_ctl_say_no (act->ctl, &answer);
    }
  return till_ctl_say (act->ctl, json_pack ("{s:{s:s}}", "reprint", "no", act->word),
                       _ ("One more copy is waiting to be printed."));
}

static int
make_key (Act *act)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *fingerprint = NULL;
  TillAnswer answer;
  if (!till_shifting_make_key (act->ledger, act->staff_id, &fingerprint, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  g_autofree char *text = g_strdup_printf (
      _ ("Closes are signed with a new key from now on: %s. Keep a copy of seal.key elsewhere."),
      fingerprint);
  return till_ctl_say (act->ctl, json_pack ("{s:{s:s}}", "key", "fingerprint", fingerprint), text);
}

static const struct
{
  const char *name;
  int words;
  int (*act) (Act *act);
} deeds[] = {
  { "show", 0, show },    { "list", 0, list },         { "float", 1, move_in },
  { "out", 1, move_out }, { "close", 0, close_shift }, { "print", 1, print_again },
  { "key", 0, make_key },
};

/* TILL_EXIT_DONE when the options fit the deed. */
static int
check_options (TillCtl *ctl, const char *what, const Options *options)
{
  gboolean closes = g_str_equal (what, "close");
  if (closes && (!options->counted == !options->notes || !options->leave))
    return till_ctl_say_usage (
        ctl, "%s", _ ("Say what was counted, --counted or --notes, and what stays, --leave."));
  if (!closes && (options->counted || options->notes || options->leave || options->approve))
    return till_ctl_say_usage (ctl, "%s", _ ("Only close takes a count."));
  if (g_str_equal (what, "out") && !options->reason)
    return till_ctl_say_usage (ctl, "%s", _ ("Why does it leave the drawer? Say so: --reason."));
  return TILL_EXIT_DONE;
}

static int
run_deed (TillCtl *ctl, const char *what, int argc, char **argv, const Options *options)
{
  int exit_code = TILL_EXIT_DONE;
  gsize i = 0;
  while (i < G_N_ELEMENTS (deeds)
         && (strcmp (deeds[i].name, what) != 0 || argc != 2 + deeds[i].words))
    i++;
  if (i == G_N_ELEMENTS (deeds))
    return till_ctl_say_usage (
        ctl, "%s", _ ("Say show, list, float AMOUNT, out AMOUNT, close, print NUMBER, or key."));
  exit_code = check_options (ctl, what, options);
  if (exit_code != TILL_EXIT_DONE)
    return exit_code;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  Act act = { ctl, folder->ledger, options, deeds[i].words ? argv[2] : NULL, shop->zone, staff_id };
  return deeds[i].act (&act);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason,
      N_ ("Why cash leaves the drawer, with out"), N_ ("TEXT") },
    { "counted", 0, 0, G_OPTION_ARG_STRING, &options.counted, N_ ("The cash counted, as one sum"),
      N_ ("AMOUNT") },
    { "notes", 0, 0, G_OPTION_ARG_STRING, &options.notes,
      N_ ("The cash counted, by notes and coins: 100x3,50x1,0.5x4"), N_ ("COUNT") },
    { "leave", 0, 0, G_OPTION_ARG_STRING, &options.leave,
      N_ ("What stays in the drawer; the rest goes to the safe"), N_ ("AMOUNT") },
    { "approve", 0, 0, G_OPTION_ARG_STRING, &options.approve,
      N_ ("The second person; the PIN is asked for after yours"), N_ ("STAFF") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 2, &exit_code))
    return exit_code;
  return run_deed (ctl, argc > 1 ? argv[1] : "show", MAX (argc, 2), argv, &options);
}

const TillVerb till_verb_shift = {
  "shift",
  "[show | list | float AMOUNT | out AMOUNT | close | print NUMBER | key]",
  N_ ("The shift: so far, float, cash to the safe, count and close"),
  "  tillctl --as 1 shift\n"
  "  tillctl --as 1 shift float 500\n"
  "  tillctl --as 1 shift out 2000 --reason \"too much in the drawer\"\n"
  "  tillctl --as 1 shift close --notes 100x12,50x3,0.5x8 --leave 500 --approve 2",
  run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds under way: look, ask, and what people do when the till cannot go on by itself. */
#include "app/ctl/wording.h"
#include "data/core/secret.h"
#include "data/desk/refunding.h"
#include "data/desk/selling.h"
#include "data/trade/advice.h"
#include "data/trade/provider-limits.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <string.h>

#define LIST_MAX 500

typedef struct
{
  char *filter, *approve, *because; /* owned */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->filter);
  g_free (options->approve);
  g_free (options->because);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  TillCtl *ctl;
  TillShopFolder *folder;
  const Options *options;
  const char *no; /* of the refund, or NULL */
  const char *zone;
  int64_t staff_id;
  TillRefund *refund;
} Act;

static int
show_list (Act *act)
{
  static const char *const filters[] = { "open", "unconfirmed", "refused", "today" };
  int filter = 0;
  while (act->options->filter && filter < 4 && strcmp (act->options->filter, filters[filter]))
    filter++;
  if (filter == 4)
    return till_ctl_say_usage (act->ctl,
                               _ ("“%.40s” is none of open, unconfirmed, refused, today."),
                               act->options->filter);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) refunds
      = till_refunding_list (act->folder->ledger, (TillRefundFilter)filter, LIST_MAX, &error);
  if (!refunds)
    return till_ctl_say_error (act->ctl, error);
  json_t *array = json_array ();
  for (guint i = 0; i < refunds->len; i++)
    json_array_append_new (array, till_wording_refund (g_ptr_array_index (refunds, i), act->zone));
  g_autofree char *text = refunds->len ? till_wording_refunds_text (refunds, act->zone)
                                       : g_strdup (_ ("No refund is like this."));
  return till_ctl_say (act->ctl, json_pack ("{s:o}", "refunds", array), text);
}

/* When it is asked about again, and whether its provider takes back that it is done; "" for one
 * that is not on that agenda. */
static char *
agenda_words (Act *act, const TillRecheck *agenda, json_t *object)
{
  if (agenda->done_at == 0)
    return g_strdup ("");
  g_autofree char *at
      = agenda->due_at ? till_clock_format (agenda->due_at, act->zone) : g_strdup ("");
  json_object_set_new (object, "asked_again_at", json_string (at));
  json_object_set_new (object, "in_doubt", json_boolean (agenda->in_doubt));
  g_autofree char *when = *at ? g_strdup_printf (_ ("  The provider is asked again whether it is "
                                                    "still done: %s\n"),
                                                 at)
                              : g_strdup ("");
  return g_strconcat (
      when,
      agenda->in_doubt ? _ ("  The provider no longer says that it is done. Nothing was changed: "
                            "call the provider, then ask again.\n")
                       : "",
      NULL);
}

/* "" when the provider does not close it, or not soon. */
static char *
closing_words (Act *act)
{
  const TillProfile *profile = till_codec_profile (act->refund->provider, NULL);
  int64_t at
      = till_provider_limits_closing (profile, act->refund, till_clock_now (act->folder->clock));
  g_autofree char *words = till_advice_closing (profile ? _ (profile->words) : "", at, act->zone);
  return *words ? g_strdup_printf ("  %s\n", words) : g_strdup ("");
}

static int
show_one (Act *act)
{
  g_autoptr (GError) error = NULL;
  TillRecheck agenda;
  if (!till_refunding_agenda (act->folder->ledger, act->refund->id, &agenda, &error))
    return till_ctl_say_error (act->ctl, error);
  g_autoptr (GPtrArray) steps
      = till_refunding_history (act->folder->ledger, act->refund->id, &error);
  if (!steps)
    return till_ctl_say_error (act->ctl, error);
  json_t *object = till_wording_refund (act->refund, act->zone);
  json_object_set_new (object, "history", till_wording_steps (steps, act->zone));
  g_autofree char *head = till_wording_refund_text (act->refund, act->zone);
  g_autofree char *rows = till_wording_steps_text (steps, act->zone);
  g_autofree char *again = agenda_words (act, &agenda, object);
  g_autofree char *closing = closing_words (act);
  g_autofree char *text = g_strconcat (head, "\n", closing, again, rows, NULL);
  return till_ctl_say (act->ctl, json_pack ("{s:o}", "refund", object), text);
}

/* What the refund is after the act. */
static int
show_again (Act *act)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillRefund) refund = NULL;
  TillAnswer answer;
  if (!till_refunding_load_id (act->folder->ledger, act->refund->id, &refund, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  g_autofree char *text = till_wording_refund_text (refund, act->zone);
  return till_ctl_say (
      act->ctl, json_pack ("{s:o}", "refund", till_wording_refund (refund, act->zone)), text);
}

/* What the second person agrees to. */
static gboolean
with_second (Act *act, gboolean cash, TillAnswer *answer, GError **error)
{
  TillLedger *ledger = act->folder->ledger;
  const TillRefund *refund = act->refund;
  const char *second = act->options->approve;
  g_autoptr (TillRefund) successor = NULL;
  g_autofree char *prompt = g_strdup_printf (_ ("PIN of %s: "), second);
  char *pin = till_pin_read (act->ctl, prompt, error);
  gboolean done = pin
                  && (cash ? till_refunding_pay_cash (ledger, act->staff_id, refund->id, second,
                                                      pin, &successor, answer, error)
                           : till_refunding_recall (ledger, act->staff_id, refund->id,
                                                    till_codec_profile (refund->provider, NULL),
                                                    second, pin, answer, error));
  till_secret_free (pin);
  return done;
}

static int
change (Act *act, const char *what)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillLedger *ledger = act->folder->ledger;
  const char *because = act->options->because ? act->options->because : "";
  gboolean cash = strcmp (what, "cash") == 0;
  gboolean two = cash || strcmp (what, "recall") == 0;
  if (two && !act->options->approve)
    return till_ctl_say_usage (act->ctl, "%s",
                               cash ? _ ("Cash instead needs a second person: --approve.")
                                    : _ ("A recall needs a second person: --approve."));
  int exit_code = TILL_EXIT_DONE;
  act->staff_id = till_ctl_sign_in (act->ctl, act->folder, &exit_code);
  if (!act->staff_id)
    return exit_code;
  gboolean done
      = strcmp (what, "ask") == 0
            ? till_refunding_ask_now (ledger, act->staff_id, act->refund->id, &answer, &error)
        : strcmp (what, "cancel") == 0 ? till_refunding_cancel (
              ledger, act->staff_id, act->refund->id, because, &answer, &error)
        : two ? with_second (act, cash, &answer, &error)
              : till_refunding_correct (ledger, act->staff_id, act->refund->id, because, &answer,
                                        &error);
  if (!done)
    return till_ctl_say_error (act->ctl, error);
  return answer.code == TILL_YES ? show_again (act) : till_ctl_say_no (act->ctl, &answer);
}

static int
with_one (Act *act, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillRefund) refund = NULL;
  TillAnswer answer;
  if (!till_refunding_load (act->folder->ledger, act->no, &refund, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  act->refund = refund;
  return strcmp (what, "show") == 0 ? show_one (act) : change (act, what);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  static const char *const whats[] = { "show", "ask", "cancel", "correct", "cash", "recall", NULL };
  int exit_code;
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "only", 0, 0, G_OPTION_ARG_STRING, &options.filter,
      N_ ("Which to list: open (the default), unconfirmed, refused, today"), N_ ("WHICH") },
    { "approve", 0, 0, G_OPTION_ARG_STRING, &options.approve,
      N_ ("The second person; the PIN is asked for after yours"), N_ ("STAFF") },
    { "because", 0, 0, G_OPTION_ARG_STRING, &options.because, N_ ("A remark that is kept"),
      N_ ("TEXT") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, 2, &exit_code))
    return exit_code;
  gboolean listing = strcmp (argv[1], "list") == 0;
  if (!listing && !g_strv_contains (whats, argv[1]))
    return till_ctl_say_usage (
        ctl, _ ("“%.40s” is none of list, show, ask, cancel, correct, cash, recall."), argv[1]);
  if (listing != (argc == 2))
    return till_ctl_say_usage (ctl, "%s",
                               listing ? _ ("list takes no number.") : _ ("Which refund?"));
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  Act act = { ctl, folder, &options, argv[2], shop->zone, 0, NULL };
  return listing ? show_list (&act) : with_one (&act, argv[1]);
}

const TillVerb till_verb_refund = {
  "refund",
  "list | show NUMBER | ask NUMBER | cancel NUMBER | correct NUMBER | cash NUMBER | recall NUMBER",
  N_ ("Refunds under way: look, ask the provider, cancel, correct, pay in cash, recall"),
  "  tillctl refund list --only unconfirmed\n"
  "  tillctl refund show 93010126112200000033\n"
  "  tillctl --as 2 refund ask 93010126112200000033\n"
  "  tillctl --as 2 refund correct 93010126112200000033 --because \"account topped up\"\n"
  "  tillctl --as 2 refund cash 93010126112200000033 --approve 3\n"
  "  tillctl --as 2 refund recall 93010126112200000033 --approve 3",
  run,
};

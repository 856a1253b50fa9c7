/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods come back. What is owed by card or code is sent by whoever runs the till ("run"). */
#include "app/ctl/wording.h"
#include "app/ctl/typed.h"
#include "data/core/secret.h"
#include "data/desk/returning.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  char *reason, *to, *approve, *note, *goods_go, *token; /* owned */
  gboolean hold, rehearse;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->reason);
  g_free (options->to);
  g_free (options->approve);
  g_free (options->note);
  g_free (options->goods_go);
  g_free (options->token);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
is_disposition (const char *word)
{
  return !strcmp (word, "shelf") || !strcmp (word, "write_off") || !strcmp (word, "vendor");
}

/* "faulty" or its digit on the keyboard. */
static TillReason
read_reason (const char *word)
{
  if (word && g_ascii_isdigit (word[0]) && !word[1])
    return till_reason_from_digit (word[0] - '0');
  return word ? till_reason_from_word (word) : TILL_REASON_NONE;
}

static int
check_options (TillCtl *ctl, const Options *options)
{
  TillRoute route;
  if (options->to && !till_route_from_word (options->to, &route))
    return till_ctl_say_usage (ctl, _ ("“%.40s” is no way back: original or cash."), options->to);
  if (options->reason && read_reason (options->reason) == TILL_REASON_NONE)
    return till_ctl_say_usage (ctl,
                               _ ("“%.40s” is no reason: faulty, wrong_item, changed_mind, "
                                  "double_charge, price_error, expired, other."),
                               options->reason);
  if (options->goods_go && !is_disposition (options->goods_go))
    return till_ctl_say_usage (ctl, _ ("Goods go to shelf, write_off or vendor, not “%.40s”."),
                               options->goods_go);
  if (options->hold && options->approve)
    return till_ctl_say_usage (ctl, "%s", _ ("Either --hold or --approve."));
  return TILL_EXIT_DONE;
}

static TillReturnDraft *
fill_draft (TillShopFolder *folder, int64_t staff_id, const TillSale *sale, char **lines,
            const Options *options, GError **error)
{
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (folder->ledger, staff_id, sale->id, error);
  if (!draft)
    return NULL;
  draft->reason = read_reason (options->reason);
  draft->disposition = options->goods_go ? till_disposition_from_word (options->goods_go)
                                         : till_reason_disposition (draft->reason);
  if (options->to && !till_route_from_word (options->to, &draft->route))
    g_assert_not_reached (); /* checked before */
  g_free (draft->note);
  draft->note = g_strdup (options->note ? options->note : "");
  if (options->token)
    {
      g_free (draft->token);
      draft->token = g_strdup (options->token);
    }
  for (; *lines; lines++)
    if (!till_typed_line (*lines, sale, draft, error))
      return NULL;
  return g_steal_pointer (&draft);
}

static int
rehearse (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, const TillReturnDraft *draft)
{
  g_autoptr (GError) error = NULL;
  TillRehearsal rehearsal = { 0 };
  if (!till_returning_rehearse (folder->ledger, staff_id, draft, till_codec_profile, &rehearsal,
                                &error))
    return till_ctl_say_error (ctl, error);
  json_t *shares = json_array ();
  g_autofree char *total = till_money_format_screen (rehearsal.amount);
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("To refund: %s"), total);
  for (int i = 0; i < rehearsal.n_shares; i++)
    {
      const TillReturnShare *share = &rehearsal.shares[i];
      g_autofree char *amount = till_money_format_screen (share->amount);
      g_string_append_printf (text, "\n  %s  %s", till_wording_tender (share->tender), amount);
      json_array_append_new (shares, json_pack ("{s:i,s:s,s:I}", "payment", share->leg_pos,
                                                "tender", till_tender_word (share->tender),
                                                "amount", (json_int_t)share->amount));
    }
  g_autofree char *sentence = till_answer_sentence (&rehearsal.answer);
  gboolean yes = rehearsal.answer.code == TILL_YES;
  if (!yes)
    g_string_append_printf (text, "\n%s", sentence);
  json_t *object = json_pack ("{s:{s:I,s:I,s:o,s:s,s:b}}", "rehearsal", "amount",
                              (json_int_t)rehearsal.amount, "vat", (json_int_t)rehearsal.vat,
                              "refunds", shares, "answer", till_answer_word (rehearsal.answer.code),
                              "second_person", till_answer_can_be_approved (&rehearsal.answer));
  int exit_code
      = yes ? till_ctl_say (ctl, object, text->str) : till_ctl_say_found (ctl, object, text->str);
  g_string_free (text, TRUE);
  till_rehearsal_clear (&rehearsal);
  return exit_code;
}

static int
submit (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, const TillReturnDraft *draft,
        const Options *options, const char *zone)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  char *pin = NULL;
  if (options->approve)
    {
      g_autofree char *prompt = g_strdup_printf (_ ("PIN of %s: "), options->approve);
      pin = till_pin_read (ctl, prompt, &error);
      if (!pin)
        return till_ctl_say_error (ctl, error);
    }
  TillSecond second = { options->approve, pin, options->hold };
  gboolean done = till_returning_submit (folder->ledger, staff_id, draft, &second,
                                         till_codec_profile, &goods, &answer, &error);
  till_secret_free (pin);
  if (!done)
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES && !goods)
    return till_ctl_say_no (ctl, &answer);
  g_autofree char *text = till_wording_return_text (goods, zone);
  return till_ctl_say (ctl, json_pack ("{s:o}", "return", till_wording_return (goods, zone)), text);
}

/* The reference means several sales: they are shown, with a no, and nothing is guessed. */
static int
say_meant (TillCtl *ctl, const TillAnswer *answer, GPtrArray *meant, const char *zone)
{
  json_t *sales = json_array ();
  g_autofree char *sentence = till_answer_sentence (answer);
  g_autofree char *rows = till_wording_sales_text (meant, zone);
  g_autofree char *text = g_strconcat (sentence, "\n", rows, NULL);
  for (guint i = 0; i < meant->len; i++)
    json_array_append_new (sales, till_wording_sale (g_ptr_array_index (meant, i), zone));
  return till_ctl_say_found (ctl, json_pack ("{s:o}", "sales", sales), text);
}

static int
take_back (TillCtl *ctl, const char *sale_no, char **lines, const Options *options)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  g_autoptr (GPtrArray) meant = g_ptr_array_new_with_free_func ((GDestroyNotify)till_sale_free);
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  if (!shop || !till_returning_find (folder->ledger, sale_no, &sale, meant, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code == TILL_NO_ONE_SALE)
    return say_meant (ctl, &answer, meant, shop->zone);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autoptr (TillReturnDraft) draft = fill_draft (folder, staff_id, sale, lines, options, &error);
  if (!draft)
    return till_ctl_say_error (ctl, error);
  return options->rehearse ? rehearse (ctl, folder, staff_id, draft)
                           : submit (ctl, folder, staff_id, draft, options, shop->zone);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason,
      N_ ("Why: faulty, wrong_item, changed_mind, double_charge, price_error, expired, other"),
      N_ ("REASON") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to,
      N_ ("How the money goes back: original (as it was paid) or cash"), N_ ("WAY") },
    { "approve", 0, 0, G_OPTION_ARG_STRING, &options.approve,
      N_ ("The second person; the PIN is asked for after yours"), N_ ("STAFF") },
    { "hold", 0, 0, G_OPTION_ARG_NONE, &options.hold,
      N_ ("If a second person is needed, let them decide later"), NULL },
    { "goods-go", 0, 0, G_OPTION_ARG_STRING, &options.goods_go,
      N_ ("Where the goods go: shelf, write_off, vendor"), N_ ("WHERE") },
    { "note", 0, 0, G_OPTION_ARG_STRING, &options.note, N_ ("A remark that is kept"), N_ ("TEXT") },
    { "token", 0, 0, G_OPTION_ARG_STRING, &options.token,
      N_ ("A request number drawn before; the same one twice is one return"), N_ ("NUMBER") },
    { "rehearse", 0, 0, G_OPTION_ARG_NONE, &options.rehearse,
      N_ ("Show what would happen and do nothing"), NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 2, -1, &exit_code))
    return exit_code;
  exit_code = check_options (ctl, &options);
  return exit_code != TILL_EXIT_DONE ? exit_code : take_back (ctl, argv[1], argv + 2, &options);
}

const TillVerb till_verb_return = {
  "return",
  "SALE LINE[*QTY]…",
  N_ ("Take goods of a sale back and promise the refund"),
  "  tillctl --as 1 return 91010126112200000017 2 --reason faulty\n"
  "  tillctl --as 1 return 91010126112200000017 1*2 3 --reason changed_mind --to cash --approve 3\n"
  "  tillctl --as 1 return P0000000017 2 --reason faulty",
  run,
};

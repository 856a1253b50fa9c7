/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can happen in a story. A word a function; the table is at the end. */
#include "app/ctl/story-private.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/asserting.h"
#include "data/desk/refunding.h"
#include "data/desk/returning.h"
#include "data/desk/staffing.h"
#include "data/desk/stopping.h"
#include "data/desk/training.h"
#include "data/ledger/backup.h"
#include "data/ledger/item-store.h"
#include "data/ledger/setting-store.h"
#include "devices/gateway/registry.h"

#include <glib/gstdio.h>
#include <string.h>

const char *
till_story_error_word (int code)
{
  static const char *const words[]
      = { "invalid", "conflict", "not_found", "busy", "offline", "stopped", "corrupt" };
  return code >= 0 && code < (int)G_N_ELEMENTS (words) ? words[code] : "other";
}

gboolean
till_play_nonsense (TillPlay *play, const char *what, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", what);
  return FALSE;
}

static guint
n_words (const TillPlay *play)
{
  return g_strv_length (play->line->words);
}

/* The words of the line without options, from `from` on, and the value of one option; the name
 * behind "=" is left out. */
static GPtrArray *
plain_words (const TillPlay *play, guint from)
{
  GPtrArray *plain = g_ptr_array_new ();
  for (guint i = from; i < n_words (play) && strcmp (word (play, i), "=") != 0; i++)
    if (g_str_has_prefix (word (play, i), "--"))
      i += strcmp (word (play, i), "--hold") != 0;
    else
      g_ptr_array_add (plain, play->line->words[i]);
  g_ptr_array_add (plain, NULL);
  return plain;
}

static void
remember (TillPlay *play, const char *kind, int64_t id)
{
  for (guint i = 1; i + 1 < n_words (play); i++)
    if (strcmp (word (play, i), "=") == 0)
      g_hash_table_replace (play->names, g_strdup (word (play, i + 1)),
                            g_strdup_printf ("%s %" G_GINT64_FORMAT, kind, id));
}

/* "last", or a name that was given. */
static int64_t
recall (const TillPlay *play, const char *kind, const char *name, int64_t last)
{
  const char *known = g_hash_table_lookup (play->names, name);
  if (g_str_equal (name, "last"))
    return last;
  return known && g_str_has_prefix (known, kind) ? g_ascii_strtoll (known + strlen (kind), NULL, 10)
                                                 : 0;
}

/* --- the stage --- */

static gboolean
play_goods (TillPlay *play, GError **error)
{
  TillMoney price;
  if (n_words (play) != 3 || !till_money_parse (word (play, 2), &price, error))
    return till_play_nonsense (play, "say: goods CODE PRICE", error);
  TillItem item = {
    .code = play->line->words[1],
    .name = play->line->words[1],
    .name_alt = (char *)"",
    .unit = (char *)"",
    .category = (char *)"",
    .price = price,
    .vat_ppm = 130000,
  };
  TillItemChange change;
  g_autoptr (TillTxn) txn = till_ledger_begin (play->ledger, 0, "goods", error);
  return txn && till_item_store_put (txn, &item, &change, error) && till_txn_commit (txn, error);
}

static gboolean
play_setting (TillPlay *play, GError **error)
{
  if (n_words (play) != 3)
    return till_play_nonsense (play, "say: setting KEY VALUE", error);
  g_autoptr (TillTxn) txn = till_ledger_begin (play->ledger, 0, "setting", error);
  return txn && till_setting_store_set (txn, word (play, 1), word (play, 2), error)
         && till_txn_commit (txn, error);
}

static gboolean
play_provider (TillPlay *play, GError **error)
{
  /* Which one it is was looked up before the play began. */
  return strcmp (word (play, 1), "lenient") == 0 || strcmp (word (play, 1), "honest") == 0
         || till_play_nonsense (play, "a provider is honest or lenient", error);
}

static gboolean
play_as (TillPlay *play, GError **error)
{
  g_autoptr (TillStaff) person = NULL;
  if (!till_staffing_find (play->ledger, word (play, 1), &person, error))
    return FALSE;
  if (!person)
    return till_play_nonsense (play, "nobody has this number", error);
  play->staff_id = person->id;
  g_strlcpy (play->staff_no, person->no, sizeof play->staff_no);
  return TRUE;
}

/* --- the world --- */

static gboolean
play_time (TillPlay *play, GError **error)
{
  int64_t span;
  if (!till_typed_span (word (play, 1), &span, error))
    return FALSE;
  till_clock_advance (play->clock, span);
  return TRUE;
}

/* gateway up | down | ok | [N] KIND FAULT [VALUE] [WORD] */
static gboolean
play_gateway (TillPlay *play, GError **error)
{
  const char *what = word (play, 1);
  if (strcmp (what, "up") == 0 || strcmp (what, "down") == 0)
    {
      till_practice_set_line (play->practice, what[0] == 'u');
      return TRUE;
    }
  TillProvider *provider = till_practice_provider (play->practice);
  if (strcmp (what, "ok") == 0)
    {
      till_provider_clear_faults (provider);
      return TRUE;
    }
  guint at = g_ascii_isdigit (what[0]) ? 2 : 1;
  int times = at == 2 ? (int)g_ascii_strtoll (what, NULL, 10) : 1;
  TillErrandKind kind;
  TillProviderFault fault;
  if (!till_errand_kind_from_word (word (play, at), &kind)
      || !till_provider_fault_from_word (word (play, at + 1), &fault))
    return till_play_nonsense (play, "say: gateway [N] KIND FAULT [VALUE] [WORD]", error);
  gboolean counted = g_ascii_isdigit (word (play, at + 2)[0]);
  int number = counted ? (int)g_ascii_strtoll (word (play, at + 2), NULL, 10) : 0;
  const char *text = word (play, at + (counted ? 3 : 2));
  play->end->line_repeats = play->end->line_repeats || fault == TILL_PROVIDER_TWICE;
  return till_provider_set_fault (provider, kind, fault, times, number, *text ? text : NULL, error);
}

static gboolean
play_printer (TillPlay *play, GError **error)
{
  g_autofree char *path = g_build_filename (play->roll_dir, "out-of-paper", NULL);
  if (strcmp (word (play, 1), "out") == 0)
    return g_file_set_contents (path, "", 0, error);
  g_unlink (path);
  return strcmp (word (play, 1), "ok") == 0
         || till_play_nonsense (play, "a printer is out or ok", error);
}

/* Told cuts are only made in the play as it is told; the others have their own. */
static gboolean
play_power (TillPlay *play, GError **error)
{
  gboolean when_asked = strcmp (word (play, 2), "when") == 0;
  if (strcmp (word (play, 1), "cut") != 0 || (when_asked && strcmp (word (play, 3), "asked") != 0))
    return till_play_nonsense (play, "say: power cut [when asked]", error);
  if (!when_asked)
    return till_play_open (play, error);
  if (play->cut_at == 0)
    till_practice_cut_when_asked (play->practice);
  return TRUE;
}

static gboolean
play_run (TillPlay *play, GError **error)
{
  int64_t span = 0;
  if (strcmp (word (play, 1), "for") == 0 && !till_typed_span (word (play, 2), &span, error))
    return FALSE;
  return till_play_run_for (play, span, error);
}

/* --- people --- */

static gboolean
play_login (TillPlay *play, GError **error)
{
  g_autoptr (TillStaff) person = NULL;
  return till_staffing_sign_in (play->ledger, word (play, 1), word (play, 2), &person,
                                &play->answer, error);
}

static gboolean
play_sell (TillPlay *play, GError **error)
{
  g_autoptr (GPtrArray) goods = plain_words (play, 1);
  g_autoptr (GPtrArray) pays = g_ptr_array_new ();
  g_autofree char *token = till_play_token (play);
  g_autoptr (TillBasket) basket = NULL;
  g_auto (TillBasketSums) sums = { 0 };
  g_autoptr (TillShop) shop = till_selling_shop (play->ledger, error);
  for (guint i = 1; i + 1 < n_words (play); i++)
    if (strcmp (word (play, i), "--pay") == 0)
      {
        g_ptr_array_add (pays, play->line->words[i + 1]);
        if (!g_str_has_prefix (word (play, i + 1), "cash"))
          {
            g_free (play->last_pay);
            play->last_pay = g_strdup (word (play, i + 1));
          }
      }
  g_ptr_array_add (pays, NULL);
  if (!shop
      || !till_typed_basket (play->ledger, token, (const char *const *)goods->pdata, &basket,
                             &play->answer, error))
    return FALSE;
  if (!basket)
    return TRUE;
  g_autoptr (TillSale) sale = NULL;
  if (!till_basket_sum (basket, &shop->pricing, &sums, error))
    return FALSE;
  g_autoptr (GPtrArray) wishes
      = till_typed_wishes ((const char *const *)pays->pdata, sums.total, TRUE, error);
  if (!wishes
      || !till_selling_pay (play->ledger, play->staff_id, basket,
                            (TillTenderWish *const *)wishes->pdata, wishes->len, &sale,
                            &play->answer, error))
    return FALSE;
  if (sale)
    {
      play->sale_id = sale->id;
      remember (play, "sale", sale->id);
    }
  return TRUE;
}

/* pay SALE HOW */
static gboolean
play_pay (TillPlay *play, GError **error)
{
  int64_t id = recall (play, "sale", word (play, 1), play->sale_id);
  g_autoptr (TillSale) sale = NULL, paid = NULL;
  if (!till_selling_load_id (play->ledger, id, &sale, &play->answer, error))
    return FALSE;
  if (play->answer.code != TILL_YES)
    return TRUE;
  const char *const words[] = { word (play, 2), NULL };
  g_autoptr (GPtrArray) wishes = till_typed_wishes (words, sale->total, TRUE, error);
  if (!wishes)
    return FALSE;
  g_free (play->last_pay);
  play->last_pay = g_strdup (word (play, 2));
  TillTenderWish *wish = g_ptr_array_index (wishes, 0);
  TillMoney open = sale->total;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->state == TILL_LEG_APPROVED || till_leg_state_is_waiting (leg->state))
        open -= leg->amount;
    }
  if (wish->tender == TILL_TENDER_CASH)
    wish->amount = MIN (wish->received, open);
  /* It has no token: what stands there already is not put there twice. */
  if (play->again && !play->expected && open == 0)
    return TRUE;
  return till_selling_pay_rest (play->ledger, play->staff_id, id, wish, &paid, &play->answer,
                                error);
}

static TillSecond
second_of (const TillPlay *play)
{
  const char *no = option (play, "--approve"), *pin = option (play, "--pin");
  gboolean hold = FALSE;
  for (guint i = 1; i < n_words (play); i++)
    hold = hold || strcmp (word (play, i), "--hold") == 0;
  return (TillSecond){ no, no ? pin ? pin : till_training_pin (no) : NULL, hold };
}

/* slip SALE NUMBER [--approve NO]: the customer pays at the terminal, and its slip is typed.
 * NUMBER: of the slip, as many digits of it as are not zero. */
static gboolean
play_slip (TillPlay *play, GError **error)
{
  int64_t id = recall (play, "sale", word (play, 1), play->sale_id);
  int64_t number = g_ascii_strtoll (word (play, 2), NULL, 10);
  int64_t now = till_clock_now (play->clock);
  int day = till_clock_day (now, TILL_CHINA);
  g_autoptr (TillSale) sale = NULL, paid = NULL;
  if (!till_selling_load_id (play->ledger, id, &sale, &play->answer, error))
    return FALSE;
  const TillLeg *leg = sale ? till_sale_leg_by_slip (sale) : NULL;
  /* Told again after the power was cut: it is typed already, or was never waited for. */
  if (!leg && play->again)
    return TRUE;
  if (!leg || number <= 0)
    return till_play_nonsense (play, "no payment of that sale waits for a slip", error);
  g_autofree char *reference_no = g_strdup_printf ("%012" G_GINT64_FORMAT, number);
  g_autofree char *log_no = g_strdup_printf ("%02d%012" G_GINT64_FORMAT, day / 10000 % 100, number);
  g_autoptr (TillCardSlip) slip
      = till_card_slip_new (reference_no, log_no, "622612******8223", "A1062976", day);
  TillSecond second = second_of (play);
  return till_provider_sell_at_terminal (till_practice_provider (play->practice), log_no,
                                         leg->amount, now, error)
         && till_asserting_slip (play->ledger, play->staff_id, id, leg->pos, slip, second.no,
                                 second.pin, till_codec_profile, &paid, &play->answer, error);
}

/* giveup SALE LEG */
static gboolean
play_giveup (TillPlay *play, GError **error)
{
  int64_t id = recall (play, "sale", word (play, 1), play->sale_id);
  g_autoptr (TillSale) sale = NULL;
  /* Whoever leaves is not charged again. */
  g_clear_pointer (&play->last_pay, g_free);
  return till_selling_cancel_leg (play->ledger, play->staff_id, id,
                                  (int)g_ascii_strtoll (word (play, 2), NULL, 10), &sale,
                                  &play->answer, error);
}

static gboolean
play_abandon (TillPlay *play, GError **error)
{
  int64_t id = recall (play, "sale", word (play, 1), play->sale_id);
  g_autoptr (TillBasket) basket = NULL;
  return till_selling_abandon (play->ledger, play->staff_id, id, &basket, &play->answer, error);
}

static TillReturnDraft *
draft_of (TillPlay *play, const TillSale *sale, GError **error)
{
  TillReturnDraft *known = g_hash_table_lookup (play->drafts, play->line);
  if (known)
    return till_return_draft_copy (known);
  g_autofree char *token = till_play_token (play);
  g_autoptr (TillReturnDraft) draft = till_return_draft_new (token, sale->id);
  const char *reason = option (play, "--reason"), *to = option (play, "--to");
  draft->reason = reason ? till_reason_from_word (reason) : TILL_REASON_NONE;
  draft->disposition = till_reason_disposition (draft->reason);
  if (to && !till_route_from_word (to, &draft->route))
    {
      till_play_nonsense (play, "--to is original or cash", error);
      return NULL;
    }
  g_autoptr (GPtrArray) lines = plain_words (play, 2);
  for (guint i = 0; i + 1 < lines->len; i++)
    if (!till_typed_line (g_ptr_array_index (lines, i), sale, draft, error))
      return NULL;
  g_hash_table_insert (play->drafts, (gpointer)play->line, till_return_draft_copy (draft));
  return g_steal_pointer (&draft);
}

/* return SALE LINE[*QTY]… --reason R [--to W] [--approve NO [--pin PIN]] [--hold] [= NAME] */
static gboolean
play_return (TillPlay *play, GError **error)
{
  int64_t id = recall (play, "sale", word (play, 1), play->sale_id);
  g_autoptr (TillSale) sale = NULL;
  g_autoptr (TillReturn) goods = NULL;
  if (!till_selling_load_id (play->ledger, id, &sale, &play->answer, error))
    return FALSE;
  if (play->answer.code != TILL_YES)
    return TRUE;
  g_autoptr (TillReturnDraft) draft = draft_of (play, sale, error);
  TillSecond second = second_of (play);
  gboolean alone = !second.no && !second.hold;
  if (!draft
      || !till_returning_submit (play->ledger, play->staff_id, draft, alone ? NULL : &second,
                                 till_codec_profile, &goods, &play->answer, error))
    return FALSE;
  if (goods)
    {
      play->return_id = goods->id;
      remember (play, "return", goods->id);
      if (second.hold)
        play->answer = till_answer (TILL_YES);
    }
  return TRUE;
}

/* twice: the last return is submitted once more, as by a second click. */
static gboolean
play_twice (TillPlay *play, GError **error)
{
  g_autoptr (TillReturn) goods = NULL;
  TillReturnDraft *draft = NULL;
  for (guint i = 0; i < play->story->lines->len; i++)
    {
      const TillStoryLine *line = g_ptr_array_index (play->story->lines, i);
      if (line == play->line)
        break;
      draft = g_hash_table_lookup (play->drafts, line) ? g_hash_table_lookup (play->drafts, line)
                                                       : draft;
    }
  if (!draft)
    return till_play_nonsense (play, "nothing was returned yet", error);
  if (!till_returning_submit (play->ledger, play->staff_id, draft, NULL, till_codec_profile, &goods,
                              &play->answer, error))
    return FALSE;
  if (goods && goods->id != play->return_id)
    till_play_fail (play, "a second click made a second return");
  return TRUE;
}

static gboolean
decide (TillPlay *play, gboolean approve, GError **error)
{
  g_autoptr (TillReturn) goods = NULL;
  TillSecond second = { play->staff_no, till_training_pin (play->staff_no), FALSE };
  int64_t id = recall (play, "return", word (play, 1), play->return_id);
  return till_returning_decide (play->ledger, id, &second, approve, word (play, 2),
                                till_codec_profile, &goods, &play->answer, error);
}

static gboolean
play_approve (TillPlay *play, GError **error)
{
  return decide (play, TRUE, error);
}

static gboolean
play_reject (TillPlay *play, GError **error)
{
  return decide (play, FALSE, error);
}

/* refund ask|cancel|correct|cash [N] [--approve NO] */
static gboolean
play_refund (TillPlay *play, GError **error)
{
  g_autoptr (TillReturn) goods = NULL;
  if (!till_returning_load_id (play->ledger, play->return_id, &goods, &play->answer, error))
    return FALSE;
  guint n
      = g_ascii_isdigit (word (play, 2)[0]) ? (guint)g_ascii_strtoll (word (play, 2), NULL, 10) : 1;
  if (!goods || n < 1 || n > goods->refunds->len)
    return till_play_nonsense (play, "the return has no such refund", error);
  int64_t id = ((TillRefund *)g_ptr_array_index (goods->refunds, n - 1))->id;
  const char *what = word (play, 1);
  if (strcmp (what, "ask") == 0)
    return till_refunding_ask_now (play->ledger, play->staff_id, id, &play->answer, error);
  if (strcmp (what, "cancel") == 0)
    return till_refunding_cancel (play->ledger, play->staff_id, id, "", &play->answer, error);
  if (strcmp (what, "correct") == 0)
    return till_refunding_correct (play->ledger, play->staff_id, id, "", &play->answer, error);
  TillSecond second = second_of (play);
  g_autoptr (TillRefund) successor = NULL;
  return strcmp (what, "cash") == 0
             ? till_refunding_pay_cash (play->ledger, play->staff_id, id, second.no, second.pin,
                                        &successor, &play->answer, error)
             : till_play_nonsense (play, "refund ask, cancel, correct or cash", error);
}

/* --- the provider --- */

/* A manager stops it, or has one let through. */
static gboolean
play_stop (TillPlay *play, GError **error)
{
  return till_stopping_stop (play->ledger, play->staff_id, "sandbox", &play->answer, error);
}

static gboolean
play_try (TillPlay *play, GError **error)
{
  return till_stopping_try (play->ledger, play->staff_id, "sandbox", &play->answer, error);
}

/* --- the books --- */

static gboolean
play_backup (TillPlay *play, GError **error)
{
  g_autofree char *sum = g_strconcat (play->copy_path, ".sha256", NULL);
  g_unlink (play->copy_path);
  g_unlink (sum);
  return till_backup_write (play->ledger, play->copy_path, error);
}

/* The disk is gone; the copy is all there is. */
static gboolean
play_restore (TillPlay *play, GError **error)
{
  static const char *const parts[] = { "", "-wal", "-shm" };
  till_play_close (play);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_strconcat (play->ledger_path, parts[i], NULL);
      g_unlink (path);
    }
  return till_backup_restore (play->copy_path, play->ledger_path, play->clock, error)
         && till_play_open (play, error);
}

static gboolean
play_finally (TillPlay *play, GError **error)
{
  play->finally = TRUE;
  return TRUE;
}

static const TillStoryVerb verbs[] = {
  { "goods", play_goods, FALSE, TRUE, TRUE },
  { "setting", play_setting, FALSE, TRUE, TRUE },
  { "provider", play_provider, FALSE, TRUE, TRUE },
  { "as", play_as, FALSE, TRUE, TRUE },
  { "time", play_time, FALSE, FALSE, TRUE },
  { "gateway", play_gateway, FALSE, FALSE, TRUE },
  { "printer", play_printer, FALSE, FALSE, TRUE },
  { "power", play_power, FALSE, FALSE, TRUE },
  { "run", play_run, FALSE, FALSE, TRUE },
  { "login", play_login, TRUE, FALSE, FALSE },
  { "sell", play_sell, TRUE, FALSE, TRUE },
  { "pay", play_pay, TRUE, FALSE, FALSE },
  { "slip", play_slip, TRUE, FALSE, FALSE },
  { "giveup", play_giveup, TRUE, FALSE, FALSE },
  { "abandon", play_abandon, TRUE, FALSE, FALSE },
  { "return", play_return, TRUE, FALSE, TRUE },
  { "twice", play_twice, TRUE, FALSE, TRUE },
  { "approve", play_approve, TRUE, FALSE, FALSE },
  { "reject", play_reject, TRUE, FALSE, FALSE },
  { "refund", play_refund, TRUE, FALSE, FALSE },
  { "stop", play_stop, TRUE, FALSE, TRUE },
  { "try", play_try, TRUE, FALSE, FALSE },
  { "shift", till_play_shift, TRUE, FALSE, TRUE },
  { "rollback", till_play_roll_back, TRUE, FALSE, TRUE },
  { "backup", play_backup, TRUE, FALSE, TRUE },
  { "restore", play_restore, TRUE, FALSE, TRUE },
  { "expect", till_play_expect, FALSE, FALSE, TRUE },
  { "finally", play_finally, FALSE, FALSE, TRUE },
};

const TillStoryVerb *
till_story_verb_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].name, name) == 0)
      return &verbs[i];
  return NULL;
}

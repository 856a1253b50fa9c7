/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/slips/slip-shift.h"
#include "data/core/clock.h"
#include "data/core/ids.h"
#include "data/slips/words.h"

/* More are told as a number: paper must end. */
#define OPEN_LISTED_MAX 40

static void
money (TillDoc *doc, const TillShop *shop, TillWord word, TillMoney amount)
{
  till_slip_money (doc, till_slip_word (shop, word), amount);
}

/* "Sales  12" and the sum at the right. */
static void
counted (TillDoc *doc, const TillShop *shop, TillWord word, int64_t n, TillMoney amount)
{
  g_autofree char *label
      = g_strdup_printf ("%s  %" G_GINT64_FORMAT, till_slip_word (shop, word), n);
  till_slip_strong_money (doc, label, amount);
}

static void
by_tender (TillDoc *doc, const TillShop *shop, TillMoney cash, TillMoney card, TillMoney code)
{
  const TillMoney amounts[] = { cash, card, code };
  static const TillTender tenders[] = { TILL_TENDER_CASH, TILL_TENDER_CARD, TILL_TENDER_CODE };
  for (gsize i = 0; i < G_N_ELEMENTS (tenders); i++)
    if (amounts[i] != 0)
      {
        g_autofree char *label = g_strdup_printf ("  %s", till_slip_tender (shop, tenders[i]));
        till_slip_money (doc, label, amounts[i]);
      }
}

static void
add_interval (TillDoc *doc, const TillShop *shop, const TillShift *shift)
{
  g_autofree char *from = till_clock_format (shift->began_at, shop->zone);
  g_autofree char *until = till_clock_format (shift->at, shop->zone);
  g_autofree char *entries = g_strdup_printf ("%" G_GINT64_FORMAT " - %" G_GINT64_FORMAT,
                                              shift->sums.first_seq, shift->seq);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_FROM), from);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_UNTIL), until);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_ENTRIES), entries);
}

/* Whoever takes over must know whose money is still on its way: by the end of its number, which is
 * what two refunds of a day differ in. */
static void
add_open (TillDoc *doc, const TillShop *shop, const TillShift *shift)
{
  if (shift->open->len == 0)
    return;
  counted (doc, shop, TILL_WORD_OPEN_REFUNDS, shift->sums.open_n, shift->sums.open);
  for (guint i = 0; i < MIN (shift->open->len, OPEN_LISTED_MAX); i++)
    {
      const TillShiftOpen *open = g_ptr_array_index (shift->open, i);
      g_autofree char *spaced = till_number_spaced (open->no);
      till_doc_text (doc, TILL_ALIGN_LEFT, spaced);
      const TillRefund refund = { .state = till_refund_state_from_word (open->state) };
      TillSlipRefund words = till_slip_refund_words (&refund);
      till_slip_money (doc, till_slip_word (shop, words.state), open->amount);
    }
  if (shift->open->len > OPEN_LISTED_MAX)
    {
      g_autofree char *more = g_strdup_printf ("%u", shift->open->len - OPEN_LISTED_MAX);
      till_doc_pair (doc, till_slip_word (shop, TILL_WORD_OPEN_MORE), more);
    }
}

/* And that somebody may be acting at a provider in the shop's name, with how much. */
static void
add_notices (TillDoc *doc, const TillShop *shop, const TillShift *shift)
{
  if (shift->unsettled == 0)
    return;
  g_autofree char *n = g_strdup_printf ("%d", shift->unsettled);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_NOTICES), n);
  if (shift->told.refunds)
    money (doc, shop, TILL_WORD_NOTICES_REFUNDS, shift->told.refunds);
  if (shift->told.payments)
    money (doc, shop, TILL_WORD_NOTICES_PAYMENTS, shift->told.payments);
  if (shift->told.unknown == 0)
    return;
  g_autofree char *untold = g_strdup_printf ("%d", shift->told.unknown);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_NOTICES_UNTOLD), untold);
}

/* These sums are what people typed: the terminals know what they really took. */
static void
add_terminals (TillDoc *doc, const TillShop *shop, const TillShift *shift)
{
  if (shift->terminals->len == 0)
    return;
  till_doc_text (doc, TILL_ALIGN_LEFT, till_slip_word (shop, TILL_WORD_TERMINALS));
  for (guint i = 0; i < shift->terminals->len; i++)
    {
      const TillShiftTerminal *terminal = g_ptr_array_index (shift->terminals, i);
      g_autofree char *label
          = g_strdup_printf ("  %s  %" G_GINT64_FORMAT, terminal->no, terminal->n);
      till_slip_money (doc, label, terminal->amount);
    }
}

static void
add_moved (TillDoc *doc, const TillShop *shop, const TillShift *shift)
{
  const TillShiftSums *sums = &shift->sums;
  counted (doc, shop, TILL_WORD_SALES, sums->sales_n, sums->sales);
  by_tender (doc, shop, sums->taken_cash, sums->taken_card, sums->taken_code);
  add_terminals (doc, shop, shift);
  counted (doc, shop, TILL_WORD_RETURNS, sums->returns_n, sums->returns);
  counted (doc, shop, TILL_WORD_REFUNDS, sums->refunds_n,
           sums->refunded_cash + sums->refunded_card + sums->refunded_code);
  by_tender (doc, shop, sums->refunded_cash, sums->refunded_card, sums->refunded_code);
  if (sums->bounced)
    money (doc, shop, TILL_WORD_BOUNCED, sums->bounced);
  add_open (doc, shop, shift);
  add_notices (doc, shop, shift);
}

static void
add_drawer (TillDoc *doc, const TillShop *shop, const TillShift *shift)
{
  if (shift->sums.float_in)
    money (doc, shop, TILL_WORD_FLOAT_IN, shift->sums.float_in);
  if (shift->sums.cash_out)
    money (doc, shop, TILL_WORD_CASH_OUT, shift->sums.cash_out);
  money (doc, shop, TILL_WORD_EXPECTED, shift->expected);
  money (doc, shop, TILL_WORD_COUNTED, shift->counted);
  till_slip_strong_money (doc,
                          till_slip_word (shop, shift->over_short > 0   ? TILL_WORD_OVER
                                                : shift->over_short < 0 ? TILL_WORD_SHORT
                                                                        : TILL_WORD_EVEN),
                          ABS (shift->over_short));
  money (doc, shop, TILL_WORD_KEPT, shift->kept);
  money (doc, shop, TILL_WORD_TO_SAFE, shift->counted - shift->kept);
}

static void
add_signatures (TillDoc *doc, const TillShop *shop)
{
  static const TillWord words[] = { TILL_WORD_HANDS_OVER, TILL_WORD_TAKES_OVER };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *line = g_strdup_printf ("%s ____________", till_slip_word (shop, words[i]));
      till_doc_feed (doc);
      till_doc_text (doc, TILL_ALIGN_LEFT, line);
    }
}

TillDoc *
till_slip_shift (const TillShift *shift, const TillShop *shop, int copy)
{
  TillDoc *doc = till_doc_new ();
  till_slip_head (doc, shop, TILL_WORD_SHIFT_SLIP, shift->no, copy);
  till_slip_who (doc, shop, shift->at, shift->staff_name);
  if (shift->approver_name && shift->approver_name[0])
    till_doc_pair (doc, till_slip_word (shop, TILL_WORD_APPROVED_BY), shift->approver_name);
  add_interval (doc, shop, shift);
  till_doc_rule (doc);
  add_moved (doc, shop, shift);
  till_doc_rule (doc);
  add_drawer (doc, shop, shift);
  till_doc_rule (doc);
  money (doc, shop, TILL_WORD_TOTAL_SALES, shift->total_sales);
  money (doc, shop, TILL_WORD_TOTAL_REFUNDS, shift->total_refunds);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_SEAL_KEY), shift->fingerprint);
  add_signatures (doc, shop);
  till_slip_foot (doc, shop, shift->no, shift->chain);
  till_doc_cut (doc);
  return doc;
}

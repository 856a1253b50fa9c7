/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/slips/slip-sale.h"
#include "data/slips/words.h"

static void
add_line (TillDoc *doc, const TillShop *shop, const TillSaleLine *line)
{
  g_autofree char *quantity = till_quantity_format (line->quantity);
  g_autofree char *price = till_money_format_screen (line->price);
  g_autofree char *how = g_strdup_printf ("%s x %s", quantity, price);
  till_doc_text (doc, TILL_ALIGN_LEFT, line->name);
  till_slip_money (doc, how, line->gross);
  if (line->discount != 0)
    till_slip_money (doc, till_slip_word (shop, TILL_WORD_DISCOUNT), -line->discount);
}

/* Legs that took no money are not on the paper; legs in doubt say that they are. */
static void
add_leg (TillDoc *doc, const TillShop *shop, const TillLeg *leg)
{
  const char *tender = leg->by_slip ? till_slip_word (shop, TILL_WORD_CARD_SLIP)
                                    : till_slip_tender (shop, leg->tender);
  g_autofree char *label = g_strdup_printf ("%s %s", tender, leg->masked ? leg->masked : "");
  if (leg->state == TILL_LEG_APPROVED)
    {
      till_slip_money (doc, label, leg->tender == TILL_TENDER_CASH ? leg->received : leg->amount);
      if (leg->change != 0)
        till_slip_money (doc, till_slip_word (shop, TILL_WORD_CHANGE), leg->change);
      if (leg->slip)
        till_doc_pair (doc, till_slip_word (shop, TILL_WORD_REFERENCE), leg->slip->reference_no);
    }
  else if (till_leg_state_is_waiting (leg->state))
    {
      till_slip_money (doc, label, leg->amount);
      till_doc_strong (doc, TILL_ALIGN_RIGHT, till_slip_word (shop, TILL_WORD_LEG_OPEN));
    }
}

TillDoc *
till_slip_sale (const TillSale *sale, const TillShop *shop, int copy)
{
  TillDoc *doc = till_doc_new ();
  gboolean paid = sale->state == TILL_SALE_PAID;
  till_slip_head (doc, shop, TILL_WORD_RECEIPT, sale->no, copy);
  till_slip_who (doc, shop, sale->at, sale->staff_name);
  till_doc_rule (doc);
  for (guint i = 0; i < sale->lines->len; i++)
    add_line (doc, shop, g_ptr_array_index (sale->lines, i));
  till_doc_rule (doc);
  if (sale->rounding != 0)
    till_slip_money (doc, till_slip_word (shop, TILL_WORD_ROUNDING), sale->rounding);
  till_slip_strong_money (doc, till_slip_word (shop, TILL_WORD_TO_PAY), sale->total);
  for (guint i = 0; i < sale->legs->len; i++)
    add_leg (doc, shop, g_ptr_array_index (sale->legs, i));
  till_slip_money (doc, till_slip_word (shop, TILL_WORD_VAT_INSIDE), sale->vat);
  if (!paid)
    till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_NOT_PAID));
  till_slip_foot (doc, shop, sale->no, sale->chain);
  if (paid)
    till_doc_text (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_THANKS));
  till_doc_cut (doc);
  return doc;
}

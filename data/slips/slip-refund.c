/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/slips/slip-refund.h"
#include "data/core/ids.h"
#include "data/slips/words.h"

/* Which way it went at the provider, for the customer who looks at the statement; where there is
 * only one way there is nothing to say. */
static void
add_way (TillDoc *doc, const TillShop *shop, TillWhy why)
{
  static const TillWord words[] = {
    [TILL_WHY_SAME_DAY] = TILL_WORD_BY_VOID,
    [TILL_WHY_PART] = TILL_WORD_BY_REFUND_PART,
    [TILL_WHY_LATER] = TILL_WORD_BY_REFUND_LATER,
    [TILL_WHY_REFUSED] = TILL_WORD_BY_REFUND_REFUSED,
  };
  if (why != TILL_WHY_NONE && why != TILL_WHY_NO_VOIDS && why != TILL_WHY_TERMINAL)
    till_doc_text (doc, TILL_ALIGN_LEFT, till_slip_word (shop, words[why]));
}

/* Less than the amount reaches the customer, who would miss the rest. */
static void
add_coupon (TillDoc *doc, const TillShop *shop, const TillRefund *refund)
{
  if (refund->coupon == 0)
    return;
  till_slip_money (doc, till_slip_word (shop, TILL_WORD_TO_CUSTOMER),
                   refund->amount - refund->coupon);
  till_slip_money (doc, till_slip_word (shop, TILL_WORD_COUPON_BACK), refund->coupon);
}

TillDoc *
till_slip_refund (const TillRefund *refund, const TillShop *shop, const char *chain, int copy)
{
  TillDoc *doc = till_doc_new ();
  TillSlipRefund words = till_slip_refund_words (refund);
  g_autofree char *return_no = till_number_spaced (refund->return_no);
  g_autofree char *sale_no = till_number_spaced (refund->sale_no);
  till_slip_head (doc, shop, TILL_WORD_REFUND_SLIP, refund->no, copy);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_RETURN_NO), return_no);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_SALE_NO), sale_no);
  till_slip_who (doc, shop, refund->at, refund->staff_name);
  till_doc_rule (doc);
  till_slip_strong_money (doc, till_slip_tender (shop, refund->tender), refund->amount);
  add_coupon (doc, shop, refund);
  till_doc_title (doc, till_slip_word (shop, words.state));
  till_doc_text (doc, TILL_ALIGN_LEFT, till_slip_word (shop, words.says));
  add_way (doc, shop, refund->why);
  if (refund->provider_no && refund->provider_no[0])
    till_doc_pair (doc, till_slip_word (shop, TILL_WORD_PROVIDER_NO), refund->provider_no);
  till_slip_foot (doc, shop, refund->no, chain);
  till_doc_cut (doc);
  return doc;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/slips/slip-return.h"
#include "data/core/ids.h"
#include "data/slips/words.h"

static void
add_lines (TillDoc *doc, const TillReturn *goods)
{
  for (guint i = 0; i < goods->lines->len; i++)
    {
      const TillReturnLine *line = g_ptr_array_index (goods->lines, i);
      g_autofree char *quantity = till_quantity_format (line->quantity);
      g_autofree char *how = g_strdup_printf ("x %s", quantity);
      till_doc_text (doc, TILL_ALIGN_LEFT, line->name);
      till_slip_money (doc, how, line->amount);
    }
}

/* What the state of the return itself adds; NOTHING is said of one that simply stands. */
static void
add_state (TillDoc *doc, const TillShop *shop, TillReturnState state)
{
  if (state == TILL_RETURN_WAIT_APPROVAL)
    till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_WAITING));
  else if (state == TILL_RETURN_DENIED)
    till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_DENIED));
  else if (state == TILL_RETURN_CANCELLED)
    till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_WITHDRAWN));
}

/* Each sentence once, however many refunds it is true of. */
static void
add_refunds (TillDoc *doc, const TillShop *shop, const GPtrArray *refunds)
{
  gboolean said[TILL_N_WORDS] = { FALSE };
  for (guint i = 0; i < refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (refunds, i);
      TillSlipRefund words = till_slip_refund_words (refund);
      till_slip_money (doc, till_slip_tender (shop, refund->tender), refund->amount);
      till_doc_strong (doc, TILL_ALIGN_RIGHT, till_slip_word (shop, words.state));
      said[words.says] = TRUE;
    }
  for (int i = 0; i < TILL_N_WORDS; i++)
    if (said[i])
      till_doc_text (doc, TILL_ALIGN_LEFT, till_slip_word (shop, (TillWord)i));
}

static void
add_paper (TillDoc *doc, const TillReturn *goods, const TillShop *shop, int copy, gboolean merchant)
{
  g_autofree char *sale_no = till_number_spaced (goods->sale_no);
  till_slip_head (doc, shop, TILL_WORD_RETURN_SLIP, goods->no, copy);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_SALE_NO), sale_no);
  till_slip_who (doc, shop, goods->at, goods->staff_name);
  if (goods->approver_name && goods->approver_name[0])
    till_doc_pair (doc, till_slip_word (shop, TILL_WORD_APPROVED_BY), goods->approver_name);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_REASON),
                 till_slip_reason (shop, goods->reason));
  if (merchant && goods->note && goods->note[0])
    till_doc_pair (doc, till_slip_word (shop, TILL_WORD_NOTE), goods->note);
  till_doc_rule (doc);
  add_lines (doc, goods);
  till_doc_rule (doc);
  till_slip_strong_money (doc, till_slip_word (shop, TILL_WORD_TO_REFUND), goods->amount);
  till_slip_money (doc, till_slip_word (shop, TILL_WORD_VAT_INSIDE), goods->vat);
  add_state (doc, shop, goods->state);
  add_refunds (doc, shop, goods->refunds);
  if (merchant)
    {
      g_autofree char *line
          = g_strdup_printf ("%s ____________", till_slip_word (shop, TILL_WORD_SIGNATURE));
      till_doc_feed (doc);
      till_doc_text (doc, TILL_ALIGN_LEFT, line);
    }
  till_slip_foot (doc, shop, goods->no, goods->chain);
  till_doc_text (
      doc, TILL_ALIGN_CENTRE,
      till_slip_word (shop, merchant ? TILL_WORD_MERCHANT_COPY : TILL_WORD_CUSTOMER_COPY));
  till_doc_cut (doc);
}

TillDoc *
till_slip_return (const TillReturn *goods, const TillShop *shop, int copy)
{
  TillDoc *doc = till_doc_new ();
  add_paper (doc, goods, shop, copy, FALSE);
  add_paper (doc, goods, shop, copy, TRUE);
  return doc;
}

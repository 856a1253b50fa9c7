/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/end-declined.h"
#include "data/desk/selling.h"

static gboolean
is_waiting (const TillSale *sale)
{
  for (guint i = 0; i < sale->legs->len; i++)
    if (till_leg_state_is_waiting (((TillLeg *)g_ptr_array_index (sale->legs, i))->state))
      return TRUE;
  return FALSE;
}

/* Everything was declined: the sale ends, for nobody stands at a terminal to try another card. */
gboolean
till_end_declined (TillShopFolder *folder, int64_t staff_id, TillSale **sale, GError **error)
{
  g_autoptr (TillBasket) basket = NULL;
  TillAnswer answer;
  if ((*sale)->state != TILL_SALE_TENDERING || is_waiting (*sale))
    return TRUE;
  for (guint i = 0; i < (*sale)->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index ((*sale)->legs, i);
      TillSale *again = NULL;
      /* Cash that was put down for it is handed back. */
      if (leg->state == TILL_LEG_APPROVED && leg->tender == TILL_TENDER_CASH
          && !till_selling_cancel_leg (folder->ledger, staff_id, (*sale)->id, leg->pos, &again,
                                       &answer, error))
        return FALSE;
      g_clear_pointer (&again, till_sale_free);
    }
  TillSale *again = NULL;
  if (!till_selling_abandon (folder->ledger, staff_id, (*sale)->id, &basket, &answer, error))
    return FALSE;
  /* The goods are not put aside for the next sale of this person. */
  if (basket)
    {
      g_ptr_array_set_size (basket->lines, 0);
      if (!till_selling_keep (folder->ledger, staff_id, basket, error))
        return FALSE;
    }
  if (!till_selling_load_id (folder->ledger, (*sale)->id, &again, &answer, error))
    return FALSE;
  till_sale_free (*sale);
  *sale = again;
  return TRUE;
}

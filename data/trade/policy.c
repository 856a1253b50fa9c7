/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/policy.h"

TillAnswer
till_policy_check (const TillSale *sale, const TillReturnDraft *draft)
{
  if (sale->state != TILL_SALE_PAID)
    return till_answer_ref (TILL_NO_NOT_PAID, sale->no);
  if (draft->lines->len == 0)
    return till_answer (TILL_NO_EMPTY);

  for (guint i = 0; i < draft->lines->len; i++)
    {
      const TillReturnWish *wish = &g_array_index (draft->lines, TillReturnWish, i);
      const TillSaleLine *line = till_sale_line (sale, wish->sale_pos);
      if (!line)
        return till_answer_ref (TILL_NO_ITEM, "");
      TillQuantity left = line->quantity - line->returned;
      if (wish->quantity <= 0 || wish->quantity > left)
        return till_answer_quantity (TILL_NO_QUANTITY, wish->quantity, left, line->name);
      for (guint k = 0; k < i; k++)
        if (g_array_index (draft->lines, TillReturnWish, k).sale_pos == wish->sale_pos)
          return till_answer_quantity (TILL_NO_QUANTITY, wish->quantity, left, line->name);
    }
  if (draft->reason == TILL_REASON_NONE)
    return till_answer (TILL_NO_REASON);
  return till_answer (TILL_YES);
}

static gboolean
goes_another_way (const TillSale *sale, TillRoute route)
{
  if (route == TILL_ROUTE_ORIGINAL)
    return FALSE;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->state == TILL_LEG_APPROVED && leg->tender != TILL_TENDER_CASH)
        return TRUE;
    }
  return FALSE;
}

TillAnswer
till_policy_decide (const TillPolicy *policy, const TillSale *sale, const TillReturnDraft *draft,
                    TillMoney amount, TillRole asker, int today)
{
  int days = till_clock_days_between (sale->day, today);
  if (days > policy->window_days)
    return till_answer_quantity (TILL_NO_WINDOW, days, policy->window_days, "");
  if (goes_another_way (sale, draft->route))
    return till_answer (TILL_NO_ROUTE);
  if (amount > policy->return_limit[asker])
    return till_answer_money (TILL_NO_LIMIT, amount, policy->return_limit[asker]);
  return till_answer (TILL_YES);
}

TillAnswer
till_policy_approve (const TillPolicy *policy, TillMoney amount, int64_t asker_id,
                     const TillStaff *approver)
{
  if (approver->id == asker_id)
    return till_answer (TILL_NO_SAME_PERSON);
  if (!till_role_may (approver->role, TILL_RIGHT_APPROVE))
    return till_answer (TILL_NO_RIGHT);
  if (amount > policy->approve_limit[approver->role])
    return till_answer_money (TILL_NO_LIMIT, amount, policy->approve_limit[approver->role]);
  return till_answer (TILL_YES);
}

TillAnswer
till_policy_count (const TillPolicy *policy, TillMoney over_short)
{
  /* Both are far from the ends of what a TillMoney holds. */
  if (over_short > policy->over_short_limit || over_short < -policy->over_short_limit)
    return till_answer_money (TILL_NO_OVER_SHORT, over_short, policy->over_short_limit);
  return till_answer (TILL_YES);
}

TillAnswer
till_policy_look (int64_t closer_id, const TillStaff *approver)
{
  if (approver->id == closer_id)
    return till_answer (TILL_NO_SAME_PERSON);
  return till_answer (till_role_may (approver->role, TILL_RIGHT_APPROVE) ? TILL_YES
                                                                         : TILL_NO_RIGHT);
}

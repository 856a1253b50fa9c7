/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/staff.h"
#include "data/core/text.h"

static const char *const role_words[] = { "cashier", "supervisor", "manager" };

void
till_staff_free (TillStaff *staff)
{
  g_free (staff->no);
  g_free (staff->name);
  g_free (staff->badge);
  g_free (staff);
}

gboolean
till_role_may (TillRole role, TillRight right)
{
  static const TillRole least[] = {
    [TILL_RIGHT_SELL] = TILL_ROLE_CASHIER,          [TILL_RIGHT_RETURN] = TILL_ROLE_CASHIER,
    [TILL_RIGHT_DISCOUNT] = TILL_ROLE_CASHIER,      [TILL_RIGHT_PRICE] = TILL_ROLE_SUPERVISOR,
    [TILL_RIGHT_APPROVE] = TILL_ROLE_SUPERVISOR,    [TILL_RIGHT_REPORT] = TILL_ROLE_SUPERVISOR,
    [TILL_RIGHT_REFUND_ACT] = TILL_ROLE_SUPERVISOR, [TILL_RIGHT_MANAGE] = TILL_ROLE_MANAGER,
    [TILL_RIGHT_SHIFT] = TILL_ROLE_CASHIER,
  };
  return role >= least[right];
}

const char *
till_role_word (TillRole role)
{
  return role_words[role];
}

gboolean
till_role_from_word (const char *word, TillRole *role)
{
  int index = till_text_index (role_words, G_N_ELEMENTS (role_words), word);
  if (index >= 0)
    *role = (TillRole)index;
  return index >= 0;
}

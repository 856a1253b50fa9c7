/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/arranging.h"
#include "data/desk/staffing.h"

#include <string.h>

GPtrArray *
till_arranging_list (TillLedger *ledger, GError **error)
{
  return till_setting_store_list (ledger, error);
}

/* A provider that cannot take it would refuse every payment, one customer after the other. */
static gboolean
takes (const char *provider, gboolean cards, TillProfileOf profile_of, gpointer user,
       TillAnswer *answer)
{
  const TillProfile *profile = profile_of (provider, user);
  if (profile && (cards ? profile->cards != TILL_CARDS_NONE : profile->takes_codes))
    return TRUE;
  *answer = till_answer_ref (TILL_NO_TAKER, provider);
  return FALSE;
}

gboolean
till_arranging_fits (TillLedger *ledger, TillProfileOf profile_of, gpointer user,
                     TillAnswer *answer, GError **error)
{
  g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
  if (!shop)
    return FALSE;
  *answer = till_answer (TILL_YES);
  if (!takes (shop->code_provider, FALSE, profile_of, user, answer)
      || !takes (shop->card_provider, TRUE, profile_of, user, answer))
    return TRUE;
  const TillProfile *beside = profile_of (shop->slip_provider, user);
  if (*shop->slip_provider && (!beside || beside->slip_log_digits == 0))
    {
      *answer = till_answer_ref (TILL_NO_TAKER, shop->slip_provider);
      return TRUE;
    }
  g_auto (GStrv) routes = g_strsplit (shop->code_routes, ",", -1);
  for (char **route = routes; *route; route++)
    if (!takes (strchr (*route, '=') + 1, FALSE, profile_of, user, answer))
      return TRUE;
  return TRUE;
}

static const TillSetting *
find (const GPtrArray *list, const char *key)
{
  for (guint i = 0; i < list->len; i++)
    {
      const TillSetting *setting = g_ptr_array_index (list, i);
      if (strcmp (setting->key, key) == 0)
        return setting;
    }
  return NULL;
}

/* *changed: it is another value than before. */
static gboolean
change_one (TillTxn *txn, const GPtrArray *before, const TillSettingChange *change,
            gboolean *changed, TillAnswer *answer, GError **error)
{
  const TillSetting *setting = find (before, change->key);
  if (!setting || (setting->traits & TILL_SETTING_FIXED)
      || !till_setting_store_is_possible (change->key, change->value))
    {
      *answer = till_answer_ref (TILL_NO_SETTING, change->key);
      return TRUE;
    }
  if (strcmp (setting->value, change->value) == 0)
    return TRUE;
  *changed = TRUE;
  return till_setting_store_set (txn, change->key, change->value, error);
}

gboolean
till_arranging_change (TillLedger *ledger, int64_t staff_id, const TillSettingChange *changes,
                       guint n, TillProfileOf profile_of, gpointer user, TillAnswer *answer,
                       GError **error)
{
  g_assert (n <= TILL_SETTING_CHANGES_MAX);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "setting", error);
  g_autoptr (GPtrArray) before = NULL;
  gboolean changed = FALSE;
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  before = till_setting_store_list (ledger, error);
  if (!before)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!change_one (txn, before, &changes[i], &changed, answer, error))
      return FALSE;
    else if (answer->code != TILL_YES)
      return TRUE;
  if (!changed)
    return TRUE;
  if (!till_arranging_fits (ledger, profile_of, user, answer, error))
    return FALSE;
  return answer->code != TILL_YES || till_txn_commit (txn, error);
}

gboolean
till_arranging_note_key (TillLedger *ledger, int64_t staff_id, const char *what, TillAnswer *answer,
                         GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "key", error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  till_txn_note (txn, what);
  return till_txn_commit (txn, error);
}

gboolean
till_arranging_may (TillLedger *ledger, int64_t staff_id, TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  return txn && till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error);
}

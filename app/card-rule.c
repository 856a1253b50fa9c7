/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/card-rule.h"
#include "data/core/error.h"
#include "data/core/seal.h"
#include "data/core/secret.h"
#include "data/ledger/seal-store.h"

G_STATIC_ASSERT (TILL_SEAL_DERIVED_SIZE == TILL_CARD_KEY_SIZE);

TillCardRule *
till_card_rule_read (TillLedger *ledger, const TillShop *shop, GError **error)
{
  g_autoptr (TillSealKey) key = till_seal_store_key (ledger, shop, error);
  if (!key)
    return NULL;
  TillCardRule *rule = till_secret_alloc (sizeof *rule);
  if (!rule)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY, "no locked memory for a key");
      return NULL;
    }
  till_seal_derive (key, "quittance card tokens 1", rule->key);
  rule->matches_clear = shop->matches_clear_cards;
  return rule;
}

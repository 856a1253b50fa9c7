/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this shop does with cards, from its setting cards.clear and a key made from its seal's. */
#pragma once
#include "data/ledger/ledger.h"
#include "devices/usb/card.h"

G_BEGIN_DECLS

/* In secret memory; free with till_secret_release (). NULL with an error when the seal's key cannot
 * be had: cards then have no token, and none is taken in clear. */
TillCardRule *till_card_rule_read (TillLedger *ledger, const TillShop *shop,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

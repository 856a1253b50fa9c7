/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test slip: shows whether a printer prints what our slips are made of, and whether the width
 * that is set is its own. It is worth nothing and says so. Pure; the doc is the caller's. */
#pragma once
#include "data/core/doc.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* columns: of the paper that is set; a ruler of so many characters fills one line exactly. way: how
 * the printer is reached, as it stands in the settings, "" for the roll. */
TillDoc *till_slip_test (const TillShop *shop, int columns, const char *way,
                         int64_t at) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

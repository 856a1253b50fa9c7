/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way to paper a shop has chosen: a queue of the print server (settings paper.server and
 * paper.queue), or without one the roll in its folder. */
#pragma once
#include "data/trade/shop.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

/* roll_dir: where the roll is kept. INVALID for a queue no print server can have. */
TillPrinter *till_printers_open (const TillShop *shop, const char *roll_dir,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

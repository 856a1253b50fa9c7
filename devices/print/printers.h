/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way to paper a shop has chosen: a printer on USB (setting paper.usb), else a queue of the
 * print server (paper.server and paper.queue), else the roll in its folder. */
#pragma once
#include "data/trade/shop.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

/* roll_dir: where the roll and the jobs for a printer on USB are kept. INVALID for a queue no print
 * server can have. */
TillPrinter *till_printers_open (const TillShop *shop, const char *roll_dir,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The printers of a play: one that proves, one that cannot tell, a queue without paper. Nothing is
 * printed. */
#pragma once
#include "widgets/printer-probe.h"

G_BEGIN_DECLS

TillPrinterProbe till_stage_printers (void);

G_END_DECLS

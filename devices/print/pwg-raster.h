/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slip as a printer without a driver takes it: PWG Raster (PWG 5102.4), which every IPP
 * Everywhere printer reads (PWG 5100.14), in grey (sgray_8), a page for each paper that is cut.
 * Drawn from the very bytes that a receipt printer would get. Pure; any thread that draws for
 * itself. */
#pragma once
#include "devices/print/escpos.h"

G_BEGIN_DECLS

#define TILL_PWG_DPI_MIN 100
#define TILL_PWG_DPI_MAX 600
#define TILL_PWG_BYTES_MAX (16 * 1024 * 1024)

/* Its size, too: *length_mm is that of the longest page, *width_mm the roll's. INVALID for a slip
 * that has nothing to draw (a drawer's kick alone), is too long to draw, or dpi beyond the above.
 */
GBytes *till_pwg_raster (GBytes *bytes, const TillPaper *paper, int dpi, int *width_mm,
                         int *length_mm, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

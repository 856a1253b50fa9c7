/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One test slip, straight to a printer: not in the books, for it says nothing of the shop, and not
 * behind the slips that wait. The way is opened for it alone and closed again; the spooler may use
 * the same printer meanwhile. Blocking; any one thread. */
#pragma once
#include "data/trade/shop.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

/* What people wait for a printer to come back, in seconds. */
#define TILL_TRIAL_SECONDS 20

/* shop says which way and which paper; roll_dir: where the roll is. A slip that has not printed
 * after so many seconds is taken back; then the report is of what became of it, with the trouble
 * there was. Errors are those of the way. */
TillJobReport *till_trial_print (const TillShop *shop, const char *roll_dir, int64_t now,
                                 int seconds, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What became of it, in the current language. */
char *till_trial_sentence (const TillJobReport *report) G_GNUC_WARN_UNUSED_RESULT;
/* The first of these TillPrinterTroubles, in the current language. */
const char *till_trial_trouble_label (guint trouble);

G_END_DECLS

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

typedef enum
{
  TILL_TRIAL_LEARNT,
  TILL_TRIAL_SILENT,     /* the printer does not tell, or has no paper */
  TILL_TRIAL_UNMOVED,    /* nothing was seen to open */
  TILL_TRIAL_STAYS_OPEN, /* … or to close again */
} TillDrawerOutcome;

typedef struct
{
  TillDrawerOutcome outcome;
  TillDrawerLevel closed; /* with LEARNT */
} TillDrawerTrial;

/* So long is waited for the drawer to open, and so long for somebody to close it, in seconds. */
#define TILL_TRIAL_OPENS_S 10
#define TILL_TRIAL_CLOSES_S 30

/* Which level means closed: of a drawer that is closed now, opens, and is closed again. It opens
 * nothing itself. Only the printer on USB is asked, over its own cable and a moment at a time, so
 * that a kick gets through; not while it has no paper, for then half a slip may wait. Errors are
 * those of the cable, but for what another holds just now. */
gboolean till_trial_drawer (const TillShop *shop, int opens_s, int closes_s, TillDrawerTrial *trial,
                            GError **error);
/* What came of it, and what to do, in the current language. */
const char *till_trial_drawer_sentence (const TillDrawerTrial *trial);

G_END_DECLS

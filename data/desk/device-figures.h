/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a device has worked in a month, from the books alone: a receipt printer from the slips that
 * were promised to it, everything else from what the till counted (till_tending_used ()). Plain
 * structs; the thread of the ledger. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* Slips of a month that are looked at, the latest. */
#define TILL_FIGURES_SLIPS_MAX 40000

typedef struct
{
  int month;              /* yyyymm */
  int64_t uses;           /* slips that are over; what was read, weighed or told */
  int64_t failures;       /* of them: not on paper or perhaps not; of no use */
  int64_t timed;          /* of them: printed, so that it is known how long that took … */
  int64_t p50_ms, p95_ms; /* … for one in two and for 95 of 100 from due to printed; 0 for none */
  int64_t dropped, lost;  /* as TillDeviceUse has them; 0 of a receipt printer */
  char *problem;          /* owned; the latest of the month, for people; "" for none */
  int problem_day;        /* 0: none */
} TillDeviceFigures;

void till_device_figures_free (TillDeviceFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDeviceFigures, till_device_figures_free)

/* month 0: that of today. NULL in *figures when no device has this number. INVALID for a month that
 * does not exist. Which printer a slip went to is known by its USB name or its queue; a queue says
 * nothing of the device behind it, so its slips count where the register had only one printer on
 * that day. What two devices may have printed counts for neither. */
gboolean till_device_figures_read (TillLedger *ledger, int64_t device_id, int month,
                                   TillDeviceFigures **figures, GError **error);
/* The month before; 202512 of 202601. */
int till_device_figures_month_before (int month);
/* Nothing was counted. */
gboolean till_device_figures_is_empty (const TillDeviceFigures *figures);
/* In the current language; also where there is nothing to tell. */
char *till_device_figures_sentence (const TillDeviceFigures *figures) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register of devices asks the desk: one struct for all of it, and a function for each.
 * They run on the ledger's thread; the struct goes there and comes back. */
#pragma once
#include "data/desk/device-figures.h"
#include "data/desk/tending.h"
#include "widgets/counter.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t staff_id, device_id;
  guint no;
  GPtrArray *records, *checks, *services; /* owned */
  TillDeviceRecord *record;               /* owned */
  TillDeviceFigures *figures[2];          /* owned; of this month and the one before, or NULL */
  gboolean good;                          /* of a check */
  TillCheckProof proof;
  TillDeviceService service; /* its texts are owned */
  char *text;                /* owned */
  char *done;                /* owned; what is said when it was written … */
  TillTone tone;             /* … and how */
  TillAnswer answer;
} TillRegisterAsk;

void till_register_ask_free (gpointer ask);

/* records; then checks, services and figures of device_id. */
gpointer till_register_ask_list (gpointer ledger, gpointer ask, GError **error);
gpointer till_register_ask_log (gpointer ledger, gpointer ask, GError **error);
/* record goes into the register; a check or a work of device_id; its end. All set answer. */
gpointer till_register_ask_put (gpointer ledger, gpointer ask, GError **error);
gpointer till_register_ask_check (gpointer ledger, gpointer ask, GError **error);
gpointer till_register_ask_serve (gpointer ledger, gpointer ask, GError **error);
gpointer till_register_ask_retire (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS

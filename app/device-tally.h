/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the scanners, readers and scales counted, on its way from devices/usb into the books: only
 * what came since it was last written there. Made and freed by the main thread; the counting itself
 * happens on the books' thread, so that two writings cannot write one use twice. */
#pragma once
#include "data/core/worker.h"
#include "devices/usb/devices.h"

G_BEGIN_DECLS

typedef struct _TillDeviceTally TillDeviceTally;

TillDeviceTally *till_device_tally_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Not before the books' worker is gone. */
void till_device_tally_free (TillDeviceTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDeviceTally, till_device_tally_free)

/* Takes the devices (of TillDevice). Waits for nothing; what cannot be written is logged and comes
 * with the next writing. */
void till_device_tally_write (TillDeviceTally *tally, TillWorker *ledger, GPtrArray *devices);
/* The same when the program ends: waits until it is done, at most ten seconds. */
void till_device_tally_finish (TillDeviceTally *tally, TillWorker *ledger, GPtrArray *devices);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register of devices: what there is, what was found at a check, what was done. Rows are only
 * added; who may add them and what they may say is decided in data/desk/tending. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/device-record.h"

G_BEGIN_DECLS

/* Appends TillDeviceRecord as they hold now, at most limit: those in use by number, then, if they
 * are wanted, the retired ones. due_day is left 0: it hangs on the shop's settings. */
gboolean till_device_store_list (TillLedger *ledger, gboolean with_retired, int limit,
                                 GPtrArray *records, GError **error);
/* NULL in *record when no device has this number. */
gboolean till_device_store_load (TillLedger *ledger, int64_t device_id, TillDeviceRecord **record,
                                 GError **error);
gboolean till_device_store_count (TillLedger *ledger, int *in_use, GError **error);

/* In a transaction with an act, as everything below. device_id 0 takes a new device in, else it
 * stands for the row with record->id from now on: CONFLICT when another one does already. The
 * number of the device comes back in *device_id. */
gboolean till_device_store_put (TillTxn *txn, const TillDeviceRecord *record, int64_t *device_id,
                                GError **error);
gboolean till_device_store_retire (TillTxn *txn, int64_t device_id, const char *reason,
                                   GError **error);

gboolean till_device_store_check (TillTxn *txn, int64_t device_id, gboolean good,
                                  TillCheckProof proof, const char *note, GError **error);
/* Appends TillDeviceCheck, newest first. */
gboolean till_device_store_checks (TillLedger *ledger, int64_t device_id, int limit,
                                   GPtrArray *checks, GError **error);

/* id, device_id and by of service are not read. */
gboolean till_device_store_serve (TillTxn *txn, int64_t device_id, const TillDeviceService *service,
                                  GError **error);
/* Appends TillDeviceService, newest first. */
gboolean till_device_store_services (TillLedger *ledger, int64_t device_id, int limit,
                                     GPtrArray *services, GError **error);

/* What was counted since the row before; not all of it may be 0. */
gboolean till_device_store_use (TillTxn *txn, int64_t device_id, const TillDeviceUse *use,
                                GError **error);
/* The sum over these days, both included; *problem_day is that of the latest problem, 0 when there
 * was none. */
gboolean till_device_store_uses (TillLedger *ledger, int64_t device_id, int from, int to,
                                 TillDeviceUse *sum, int *problem_day, GError **error);

G_END_DECLS

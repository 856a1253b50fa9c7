/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking after the shop's devices: taking them into the register, correcting what stands there,
 * checking them, writing down what was done to them, and retiring them. Each is one act in the
 * journal and none moves money. One call is one transaction, on the thread of ledger; who may is
 * asked inside it. With any no, nothing was written. */
#pragma once
#include "data/ledger/device-store.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

/* Devices in use; one more is BUSY. */
#define TILL_TENDING_MAX 200
/* Checks, or entries of work, of one device that are read at once. */
#define TILL_TENDING_LINES_MAX 200

/* Of TillDeviceRecord, with due_day: those in use by number, then the retired ones, at most
 * 5 × TILL_TENDING_MAX together. Needs no right: nothing of it is a secret. */
GPtrArray *till_tending_list (TillLedger *ledger, gboolean with_retired,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same inside a transaction. */
GPtrArray *till_tending_list_in (TillTxn *txn, gboolean with_retired,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL in *record, and TILL_NO_DEVICE, when there is none of this number. A retired one is shown.
 */
gboolean till_tending_load (TillLedger *ledger, int64_t device_id, TillDeviceRecord **record,
                            TillAnswer *answer, GError **error);
/* How many want a check today or earlier, or failed their last one. */
gboolean till_tending_count_due (TillLedger *ledger, int *due, GError **error);
/* Of TillDeviceCheck and TillDeviceService, newest first. */
GPtrArray *till_tending_checks (TillLedger *ledger, int64_t device_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_tending_services (TillLedger *ledger, int64_t device_id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* device_id 0 takes it in; else what is said takes the place of the row record->id, and
 * TILL_NO_STALE when somebody else was faster. Texts are cleaned and cut. TILL_NO_RECORD names what
 * cannot be so, TILL_NO_DEVICE_TWICE the device that is plugged in as this one, TILL_NO_DEVICE that
 * it is not in use. What is as it was is yes and writes nothing. Needs TILL_RIGHT_MANAGE. */
gboolean till_tending_put (TillLedger *ledger, int64_t staff_id, const TillDeviceRecord *record,
                           int64_t *device_id, TillAnswer *answer, GError **error);
/* Out of use for good; TILL_NO_WORDS without a reason. Needs TILL_RIGHT_MANAGE. */
gboolean till_tending_retire (TillLedger *ledger, int64_t staff_id, int64_t device_id,
                              const char *reason, TillAnswer *answer, GError **error);
/* Whoever sells may check. A bad one needs a note: TILL_NO_WORDS. */
gboolean till_tending_check (TillLedger *ledger, int64_t staff_id, int64_t device_id, gboolean good,
                             TillCheckProof proof, const char *note, TillAnswer *answer,
                             GError **error);
/* A printer of this USB name has proven that a test slip is on paper, asked for by this person:
 * that is the check of the one printer in use that is known so. *device_id: of it; 0 when there is
 * none, or more than one, or the name is a queue's, which says nothing of the device behind it. */
gboolean till_tending_proved (TillLedger *ledger, int64_t staff_id, const char *printer,
                              int64_t *device_id, TillAnswer *answer, GError **error);
/* What a person did or had done; TILL_NO_WORDS without words, TILL_NO_RECORD for a day to come, an
 * impossible cost, or TILL_SERVICE_FIRMWARE, which is the till's own word. Needs TILL_RIGHT_MANAGE.
 */
gboolean till_tending_serve (TillLedger *ledger, int64_t staff_id, int64_t device_id,
                             const TillDeviceService *service, TillAnswer *answer, GError **error);

/* A device is plugged in and says which firmware it has. If one in the register is known as it and
 * was last known with another firmware, or with none, that is written down, by the program.
 * *device_id: of that one, 0 when nothing was written. */
gboolean till_tending_saw (TillLedger *ledger, guint16 vendor, guint16 product, const char *serial,
                           const char *port, const char *firmware, int64_t *device_id,
                           GError **error);

/* What was counted of a device that was plugged in. */
typedef struct
{
  guint16 vendor, product;
  char *serial, *port; /* owned; "" when they are not known */
  TillDeviceUse use;
} TillDeviceCount;
void till_device_count_free (TillDeviceCount *count);

/* Writes down what was counted (of TillDeviceCount), by the program: a row for each device in use
 * that is known as one of these, all in one act; what is in no register, or was not used, is no
 * news. *written: rows; with none there was no act. For when a shift is closed and when the program
 * ends: never for one use. */
gboolean till_tending_used (TillLedger *ledger, GPtrArray *counts, int *written, GError **error);

G_END_DECLS

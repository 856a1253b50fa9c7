/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/tending.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/desk/staffing.h"
#include "data/trade/usb-name.h"

#include <string.h>

#define LIST_MAX (5 * TILL_TENDING_MAX)
#define FIRMWARE_MAX 64

/* --- reading --- */

static void
set_due (TillTxn *txn, TillDeviceRecord *record)
{
  record->due_day = till_device_record_due (record, till_txn_shop (txn)->check_days[record->kind]);
}

GPtrArray *
till_tending_list_in (TillTxn *txn, gboolean with_retired, GError **error)
{
  g_autoptr (GPtrArray) records
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_record_free);
  if (!till_device_store_list (till_txn_ledger (txn), with_retired, LIST_MAX, records, error))
    return NULL;
  for (guint i = 0; i < records->len; i++)
    set_due (txn, g_ptr_array_index (records, i));
  return g_steal_pointer (&records);
}

GPtrArray *
till_tending_list (TillLedger *ledger, gboolean with_retired, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  return txn ? till_tending_list_in (txn, with_retired, error) : NULL;
}

static TillAnswer
no_device (int64_t device_id)
{
  g_autofree char *no = g_strdup_printf ("%" G_GINT64_FORMAT, device_id);
  return till_answer_ref (TILL_NO_DEVICE, no);
}

gboolean
till_tending_load (TillLedger *ledger, int64_t device_id, TillDeviceRecord **record,
                   TillAnswer *answer, GError **error)
{
  *record = NULL;
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  if (!txn || !till_device_store_load (ledger, device_id, record, error))
    return FALSE;
  *answer = *record ? till_answer (TILL_YES) : no_device (device_id);
  if (*record)
    set_due (txn, *record);
  return TRUE;
}

gboolean
till_tending_count_due (TillLedger *ledger, int *due, GError **error)
{
  *due = 0;
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  g_autoptr (GPtrArray) records = txn ? till_tending_list_in (txn, FALSE, error) : NULL;
  if (!records)
    return FALSE;
  for (guint i = 0; i < records->len; i++)
    *due += till_device_record_is_overdue (g_ptr_array_index (records, i), till_txn_day (txn));
  return TRUE;
}

GPtrArray *
till_tending_checks (TillLedger *ledger, int64_t device_id, GError **error)
{
  g_autoptr (GPtrArray) checks
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_check_free);
  return till_device_store_checks (ledger, device_id, TILL_TENDING_LINES_MAX, checks, error)
             ? g_steal_pointer (&checks)
             : NULL;
}

GPtrArray *
till_tending_services (TillLedger *ledger, int64_t device_id, GError **error)
{
  g_autoptr (GPtrArray) services
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_service_free);
  return till_device_store_services (ledger, device_id, TILL_TENDING_LINES_MAX, services, error)
             ? g_steal_pointer (&services)
             : NULL;
}

/* --- who may, and to which device --- */

/* People tend devices; the program only writes down what it sees. */
static gboolean
may_act (TillTxn *txn, int64_t staff_id, TillRight right, TillAnswer *answer, GError **error)
{
  *answer = till_answer (TILL_NO_RIGHT);
  return staff_id == 0 || till_staffing_may (txn, staff_id, right, NULL, answer, error);
}

/* *record is set when the answer is yes. */
static gboolean
may_tend (TillTxn *txn, int64_t staff_id, TillRight right, int64_t device_id,
          TillDeviceRecord **record, TillAnswer *answer, GError **error)
{
  *record = NULL;
  if (!may_act (txn, staff_id, right, answer, error)
      || !till_device_store_load (till_txn_ledger (txn), device_id, record, error))
    return FALSE;
  if (answer->code == TILL_YES && (!*record || (*record)->retired_day))
    *answer = no_device (device_id);
  return TRUE;
}

static char *
clean_note (const char *text)
{
  g_autofree char *clean = till_text_clean (text, TILL_TEXT_MAX);
  return till_text_mask_cards (clean);
}

/* --- the register --- */

static TillDeviceRecord *
clean_record (const TillDeviceRecord *said)
{
  TillDeviceRecord *record = g_new0 (TillDeviceRecord, 1);
  *record = (TillDeviceRecord){ .id = said->id,
                                .device_id = said->device_id,
                                .kind = said->kind,
                                .bought = said->bought,
                                .price = said->price,
                                .warranty_end = said->warranty_end };
  record->name = till_text_clean (said->name, TILL_TEXT_MAX);
  record->model = till_text_clean (said->model, TILL_TEXT_MAX);
  record->serial = till_text_clean (said->serial, TILL_TEXT_MAX);
  record->usb = till_text_clean (said->usb, TILL_TEXT_MAX);
  record->place = till_text_clean (said->place, TILL_TEXT_MAX);
  record->invoice = till_text_clean (said->invoice, TILL_TEXT_MAX);
  record->provider = till_text_clean (said->provider, TILL_TEXT_MAX);
  record->contact = till_text_clean (said->contact, TILL_TEXT_MAX);
  record->phone = till_text_clean (said->phone, TILL_TEXT_MAX);
  return record;
}

static gboolean
is_day (int day)
{
  return day == 0 || till_clock_day_after (day, 0) == day;
}

/* The word of what cannot be so, or NULL. */
static const char *
wrong_in (const TillDeviceRecord *record, int today)
{
  TillUsbName name;
  if (!*record->name)
    return "name";
  if (*record->usb
      && (strlen (record->usb) > TILL_USB_NAME_MAX || !till_usb_name_read (record->usb, &name)))
    return "usb";
  if (!is_day (record->bought) || record->bought > today)
    return "bought";
  if (!is_day (record->warranty_end)
      || (record->warranty_end && record->warranty_end < record->bought))
    return "warranty_end";
  if (record->price < -1 || record->price > TILL_MONEY_MAX)
    return "price";
  return NULL;
}

static gboolean
is_same (const TillDeviceRecord *a, const TillDeviceRecord *b)
{
  return a->kind == b->kind && a->bought == b->bought && a->price == b->price
         && a->warranty_end == b->warranty_end && g_str_equal (a->name, b->name)
         && g_str_equal (a->model, b->model) && g_str_equal (a->serial, b->serial)
         && g_str_equal (a->usb, b->usb) && g_str_equal (a->place, b->place)
         && g_str_equal (a->invoice, b->invoice) && g_str_equal (a->provider, b->provider)
         && g_str_equal (a->contact, b->contact) && g_str_equal (a->phone, b->phone);
}

/* A plugged-in device must find one record, not two. */
static gboolean
check_twice (TillTxn *txn, const TillDeviceRecord *record, TillAnswer *answer, GError **error)
{
  g_autoptr (GPtrArray) others = till_tending_list_in (txn, FALSE, error);
  for (guint i = 0; others && i < others->len; i++)
    {
      const TillDeviceRecord *other = g_ptr_array_index (others, i);
      if (*record->usb && other->device_id != record->device_id
          && g_ascii_strcasecmp (other->usb, record->usb) == 0)
        *answer = till_answer_ref (TILL_NO_DEVICE_TWICE, other->name);
    }
  return others != NULL;
}

static gboolean
may_take_more (TillTxn *txn, GError **error)
{
  int n;
  if (!till_device_store_count (till_txn_ledger (txn), &n, error))
    return FALSE;
  if (n < TILL_TENDING_MAX)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY,
               "%d devices are in use; retire one before another is taken in", n);
  return FALSE;
}

/* *same: it says what stands there already. */
static gboolean
decide_put (TillTxn *txn, int64_t staff_id, const TillDeviceRecord *record, gboolean *same,
            TillAnswer *answer, GError **error)
{
  g_autoptr (TillDeviceRecord) before = NULL;
  const char *wrong = wrong_in (record, till_txn_day (txn));
  *same = FALSE;
  if (record->device_id == 0)
    {
      if (!may_act (txn, staff_id, TILL_RIGHT_MANAGE, answer, error)
          || (answer->code == TILL_YES && !may_take_more (txn, error)))
        return FALSE;
    }
  else if (!may_tend (txn, staff_id, TILL_RIGHT_MANAGE, record->device_id, &before, answer, error))
    return FALSE;
  if (answer->code == TILL_YES && before && before->id != record->id)
    *answer = till_answer (TILL_NO_STALE);
  if (answer->code == TILL_YES && wrong)
    *answer = till_answer_ref (TILL_NO_RECORD, till_device_record_field_label (wrong));
  if (answer->code != TILL_YES)
    return TRUE;
  *same = before && is_same (before, record);
  return check_twice (txn, record, answer, error);
}

gboolean
till_tending_put (TillLedger *ledger, int64_t staff_id, const TillDeviceRecord *record,
                  int64_t *device_id, TillAnswer *answer, GError **error)
{
  gboolean same;
  g_autoptr (TillDeviceRecord) clean = clean_record (record);
  *device_id = clean->device_id;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "device", error);
  if (!txn || !decide_put (txn, staff_id, clean, &same, answer, error))
    return FALSE;
  if (answer->code != TILL_YES || same)
    return TRUE;
  return till_device_store_put (txn, clean, device_id, error) && till_txn_commit (txn, error);
}

gboolean
till_tending_retire (TillLedger *ledger, int64_t staff_id, int64_t device_id, const char *reason,
                     TillAnswer *answer, GError **error)
{
  g_autoptr (TillDeviceRecord) record = NULL;
  g_autofree char *clean = clean_note (reason);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "device_retired", error);
  if (!txn || !may_tend (txn, staff_id, TILL_RIGHT_MANAGE, device_id, &record, answer, error))
    return FALSE;
  if (answer->code == TILL_YES && !*clean)
    *answer = till_answer (TILL_NO_WORDS);
  if (answer->code != TILL_YES)
    return TRUE;
  return till_device_store_retire (txn, device_id, clean, error) && till_txn_commit (txn, error);
}

/* --- checks and work --- */

gboolean
till_tending_check (TillLedger *ledger, int64_t staff_id, int64_t device_id, gboolean good,
                    TillCheckProof proof, const char *note, TillAnswer *answer, GError **error)
{
  g_autoptr (TillDeviceRecord) record = NULL;
  g_autofree char *clean = clean_note (note);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "device_check", error);
  if (!txn || !may_tend (txn, staff_id, TILL_RIGHT_SELL, device_id, &record, answer, error))
    return FALSE;
  if (answer->code == TILL_YES && !good && !*clean)
    *answer = till_answer (TILL_NO_WORDS);
  if (answer->code != TILL_YES)
    return TRUE;
  return till_device_store_check (txn, device_id, good, proof, clean, error)
         && till_txn_commit (txn, error);
}

/* 0: none, or more than one. */
static gboolean
find_printer (TillLedger *ledger, const TillUsbName *printer, int64_t *device_id, GError **error)
{
  int n = 0;
  g_autoptr (GPtrArray) records = till_tending_list (ledger, FALSE, error);
  for (guint i = 0; records && i < records->len; i++)
    {
      TillUsbName name;
      const TillDeviceRecord *record = g_ptr_array_index (records, i);
      if (record->kind != TILL_DEVICE_RECORD_PRINTER || !*record->usb
          || !till_usb_name_read (record->usb, &name) || !till_usb_names_agree (&name, printer))
        continue;
      n++;
      *device_id = record->device_id;
    }
  if (n != 1)
    *device_id = 0;
  return records != NULL;
}

gboolean
till_tending_proved (TillLedger *ledger, int64_t staff_id, const char *printer, int64_t *device_id,
                     TillAnswer *answer, GError **error)
{
  TillUsbName name;
  *device_id = 0;
  *answer = till_answer (TILL_YES);
  if (!till_usb_name_read (printer, &name))
    return TRUE;
  if (!find_printer (ledger, &name, device_id, error))
    return FALSE;
  if (*device_id == 0)
    return TRUE;
  return till_tending_check (ledger, staff_id, *device_id, TRUE, TILL_CHECK_SEEN, "", answer,
                             error);
}

static const char *
wrong_in_service (const TillDeviceService *service, int today)
{
  if (service->deed == TILL_SERVICE_FIRMWARE)
    return "deed";
  if (service->day == 0 || !is_day (service->day) || service->day > today)
    return "day";
  if (service->cost < -1 || service->cost > TILL_MONEY_MAX)
    return "cost";
  return NULL;
}

gboolean
till_tending_serve (TillLedger *ledger, int64_t staff_id, int64_t device_id,
                    const TillDeviceService *service, TillAnswer *answer, GError **error)
{
  g_autoptr (TillDeviceRecord) record = NULL;
  g_autofree char *words = clean_note (service->words);
  g_autofree char *before = till_text_clean (service->before, FIRMWARE_MAX);
  g_autofree char *after = till_text_clean (service->after, FIRMWARE_MAX);
  g_autofree char *done_by = till_text_clean (service->done_by, TILL_TEXT_MAX);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "device_service", error);
  if (!txn || !may_tend (txn, staff_id, TILL_RIGHT_MANAGE, device_id, &record, answer, error))
    return FALSE;
  const char *wrong = wrong_in_service (service, till_txn_day (txn));
  if (answer->code == TILL_YES && wrong)
    *answer = till_answer_ref (TILL_NO_RECORD, till_device_record_field_label (wrong));
  if (answer->code == TILL_YES && !*words)
    *answer = till_answer (TILL_NO_WORDS);
  if (answer->code != TILL_YES)
    return TRUE;
  /* What it had before is known where the till has seen it. */
  const TillDeviceService clean = { .day = service->day,
                                    .deed = service->deed,
                                    .words = words,
                                    .before = *after && !*before ? record->firmware : before,
                                    .after = after,
                                    .done_by = done_by,
                                    .cost = service->cost };
  return till_device_store_serve (txn, device_id, &clean, error) && till_txn_commit (txn, error);
}

/* The first that is known as this device, or NULL. */
static const TillDeviceRecord *
known_as (GPtrArray *records, guint16 vendor, guint16 product, const char *serial, const char *port)
{
  for (guint i = 0; i < records->len; i++)
    {
      TillUsbName name;
      const TillDeviceRecord *record = g_ptr_array_index (records, i);
      if (*record->usb && till_usb_name_read (record->usb, &name)
          && till_usb_name_fits (&name, vendor, product, serial, port))
        return record;
    }
  return NULL;
}

/* The first in use that is known as this device and was last seen with another firmware. */
static gboolean
find_changed (TillLedger *ledger, guint16 vendor, guint16 product, const char *serial,
              const char *port, const char *firmware, int64_t *device_id, GError **error)
{
  g_autoptr (GPtrArray) records = till_tending_list (ledger, FALSE, error);
  *device_id = 0;
  if (!records)
    return FALSE;
  const TillDeviceRecord *record = known_as (records, vendor, product, serial, port);
  if (record && !g_str_equal (record->firmware, firmware))
    *device_id = record->device_id;
  return TRUE;
}

gboolean
till_tending_saw (TillLedger *ledger, guint16 vendor, guint16 product, const char *serial,
                  const char *port, const char *firmware, int64_t *device_id, GError **error)
{
  g_autoptr (TillDeviceRecord) record = NULL;
  g_autofree char *clean = till_text_clean (firmware, FIRMWARE_MAX);
  *device_id = 0;
  if (!*clean)
    return TRUE;
  /* Read first, so that plugging in alone is no act. */
  if (!find_changed (ledger, vendor, product, serial, port, clean, device_id, error))
    return FALSE;
  if (*device_id == 0)
    return TRUE;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "device_service", error);
  if (!txn || !till_device_store_load (ledger, *device_id, &record, error))
    return FALSE;
  /* Another connection may have been faster. */
  if (record->retired_day || g_str_equal (record->firmware, clean))
    {
      *device_id = 0;
      return TRUE;
    }
  const TillDeviceService seen = { .day = till_txn_day (txn),
                                   .deed = TILL_SERVICE_FIRMWARE,
                                   .words = (char *)"",
                                   .before = record->firmware,
                                   .after = clean,
                                   .done_by = (char *)"",
                                   .cost = -1 };
  return till_device_store_serve (txn, *device_id, &seen, error) && till_txn_commit (txn, error);
}

/* --- what was counted --- */

void
till_device_count_free (TillDeviceCount *count)
{
  g_free (count->serial);
  g_free (count->port);
  till_device_use_clear (&count->use);
  g_free (count);
}

/* One device may have been seen as several: each of its interfaces is driven by itself. */
static void
sum_up (GPtrArray *records, GPtrArray *counts, TillDeviceUse *sums)
{
  for (guint i = 0; i < counts->len; i++)
    {
      const TillDeviceCount *count = g_ptr_array_index (counts, i);
      guint at;
      const TillDeviceRecord *record
          = known_as (records, count->vendor, count->product, count->serial, count->port);
      if (!record || !g_ptr_array_find (records, record, &at))
        continue;
      sums[at].uses += count->use.uses;
      sums[at].failures += count->use.failures;
      sums[at].dropped += count->use.dropped;
      sums[at].lost += count->use.lost;
      if (!*count->use.problem)
        continue;
      g_free (sums[at].problem);
      sums[at].problem = till_text_clean (count->use.problem, TILL_TEXT_MAX);
    }
}

static gboolean
write_sums (TillTxn *txn, GPtrArray *records, TillDeviceUse *sums, int *written, GError **error)
{
  for (guint i = 0; i < records->len; i++)
    {
      const TillDeviceRecord *record = g_ptr_array_index (records, i);
      TillDeviceUse *sum = &sums[i];
      if (sum->uses + sum->dropped + sum->lost == 0)
        continue;
      if (!sum->problem)
        sum->problem = g_strdup ("");
      if (!till_device_store_use (txn, record->device_id, sum, error))
        return FALSE;
      ++*written;
    }
  return TRUE;
}

gboolean
till_tending_used (TillLedger *ledger, GPtrArray *counts, int *written, GError **error)
{
  *written = 0;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "device_use", error);
  g_autoptr (GPtrArray) records = txn ? till_tending_list_in (txn, FALSE, error) : NULL;
  if (!records)
    return FALSE;
  g_autofree TillDeviceUse *sums = g_new0 (TillDeviceUse, records->len + 1);
  sum_up (records, counts, sums);
  gboolean good = write_sums (txn, records, sums, written, error);
  for (guint i = 0; i < records->len; i++)
    till_device_use_clear (&sums[i]);
  return good && (*written == 0 || till_txn_commit (txn, error));
}

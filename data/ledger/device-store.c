/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/device-store.h"
#include "data/ledger/sql.h"

/* -1 stands for NULL: a price that nobody knows. */
static char *
money_or_null (TillMoney amount)
{
  return amount < 0 ? NULL : g_strdup_printf ("%" G_GINT64_FORMAT, amount);
}

#define RECORD                                                                                     \
  "SELECT d.id, d.device_id, d.kind, d.name, d.model, d.serial, d.usb, d.place, d.bought,"         \
  " d.invoice, coalesce (d.price, -1), d.warranty_end, d.provider, d.contact, d.phone, f.day,"     \
  " coalesce (r.day, 0), coalesce (r.reason, ''), coalesce (c.day, 0), coalesce (c.good, 0),"      \
  " coalesce ((SELECT firmware_after FROM device_service s WHERE s.device_id = d.device_id"        \
  "  AND firmware_after <> '' ORDER BY s.id DESC LIMIT 1), '')"                                    \
  " FROM device d JOIN device f ON f.id = d.device_id"                                             \
  " LEFT JOIN device_retired r ON r.device_id = d.device_id"                                       \
  " LEFT JOIN device_check c ON c.id = (SELECT max (id) FROM device_check"                         \
  "  WHERE device_id = d.device_id)"                                                               \
  " WHERE NOT EXISTS (SELECT 1 FROM device n WHERE n.corrects = d.id)"

static TillDeviceRecord *
read_record (TillRows *rows)
{
  TillDeviceRecord *record = g_new0 (TillDeviceRecord, 1);
  char **texts[] = { &record->name, &record->model, &record->serial, &record->usb, &record->place };
  gboolean known = till_device_record_kind_from_word (till_rows_text (rows, 2), &record->kind);
  g_assert (known);
  record->id = till_rows_int64 (rows, 0);
  record->device_id = till_rows_int64 (rows, 1);
  for (int i = 0; i < (int)G_N_ELEMENTS (texts); i++)
    *texts[i] = till_rows_dup (rows, 3 + i);
  record->bought = till_rows_int (rows, 8);
  record->invoice = till_rows_dup (rows, 9);
  record->price = till_rows_int64 (rows, 10);
  record->warranty_end = till_rows_int (rows, 11);
  record->provider = till_rows_dup (rows, 12);
  record->contact = till_rows_dup (rows, 13);
  record->phone = till_rows_dup (rows, 14);
  record->taken_day = till_rows_int (rows, 15);
  record->retired_day = till_rows_int (rows, 16);
  record->retired_why = till_rows_dup (rows, 17);
  record->checked_day = till_rows_int (rows, 18);
  record->check_good = till_rows_int (rows, 19) != 0;
  record->firmware = till_rows_dup (rows, 20);
  return record;
}

gboolean
till_device_store_list (TillLedger *ledger, gboolean with_retired, int limit, GPtrArray *records,
                        GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       RECORD " AND (?1 OR r.device_id IS NULL)"
                              " ORDER BY r.device_id IS NOT NULL, d.device_id LIMIT ?2",
                       "ii", with_retired, limit))
    return FALSE;
  while (till_rows_next (&rows))
    g_ptr_array_add (records, read_record (&rows));
  return till_rows_end (&rows, error);
}

gboolean
till_device_store_load (TillLedger *ledger, int64_t device_id, TillDeviceRecord **record,
                        GError **error)
{
  g_auto (TillRows) rows = { 0 };
  g_autoptr (TillDeviceRecord) found = NULL;
  *record = NULL;
  if (!till_rows_open (&rows, ledger, error, RECORD " AND d.device_id = ?", "l", device_id))
    return FALSE;
  if (till_rows_next (&rows))
    found = read_record (&rows);
  if (!till_rows_end (&rows, error))
    return FALSE;
  *record = g_steal_pointer (&found);
  return TRUE;
}

gboolean
till_device_store_count (TillLedger *ledger, int *in_use, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t n = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT count (*) FROM device d WHERE corrects IS NULL"
                       " AND NOT EXISTS (SELECT 1 FROM device_retired WHERE device_id = d.id)",
                       "")
      || !till_rows_one (&rows, &n, error))
    return FALSE;
  *in_use = (int)n;
  return TRUE;
}

gboolean
till_device_store_put (TillTxn *txn, const TillDeviceRecord *record, int64_t *device_id,
                       GError **error)
{
  int64_t id;
  g_autofree char *price = money_or_null (record->price);
  g_autofree char *corrects
      = record->device_id ? g_strdup_printf ("%" G_GINT64_FORMAT, record->id) : NULL;
  if (!till_txn_next_id (txn, "device", &id, error))
    return FALSE;
  *device_id = record->device_id ? record->device_id : id;
  return till_txn_add (txn, error, "device", "llsllilssssssississs", id, *device_id, corrects,
                       till_txn_seq (txn), till_txn_now (txn), till_txn_day (txn),
                       till_txn_staff (txn), till_device_record_kind_word (record->kind),
                       record->name, record->model, record->serial, record->usb, record->place,
                       record->bought, record->invoice, price, record->warranty_end,
                       record->provider, record->contact, record->phone);
}

gboolean
till_device_store_retire (TillTxn *txn, int64_t device_id, const char *reason, GError **error)
{
  return till_txn_add (txn, error, "device_retired", "lllils", device_id, till_txn_seq (txn),
                       till_txn_now (txn), till_txn_day (txn), till_txn_staff (txn), reason);
}

gboolean
till_device_store_check (TillTxn *txn, int64_t device_id, gboolean good, TillCheckProof proof,
                         const char *note, GError **error)
{
  int64_t id;
  return till_txn_next_id (txn, "device_check", &id, error)
         && till_txn_add (txn, error, "device_check", "lllliliss", id, device_id,
                          till_txn_seq (txn), till_txn_now (txn), till_txn_day (txn),
                          till_txn_staff (txn), good, till_check_proof_word (proof), note);
}

gboolean
till_device_store_checks (TillLedger *ledger, int64_t device_id, int limit, GPtrArray *checks,
                          GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT c.id, c.at, c.day, p.name, c.good, c.proof = 'seen', c.note"
                       " FROM device_check c JOIN staff p ON p.id = c.staff_id"
                       " WHERE c.device_id = ? ORDER BY c.id DESC LIMIT ?",
                       "li", device_id, limit))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillDeviceCheck *check = g_new0 (TillDeviceCheck, 1);
      check->id = till_rows_int64 (&rows, 0);
      check->device_id = device_id;
      check->at = till_rows_int64 (&rows, 1);
      check->day = till_rows_int (&rows, 2);
      check->by = till_rows_dup (&rows, 3);
      check->good = till_rows_int (&rows, 4) != 0;
      check->proof = till_rows_int (&rows, 5) ? TILL_CHECK_SEEN : TILL_CHECK_SAID;
      check->note = till_rows_dup (&rows, 6);
      g_ptr_array_add (checks, check);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_device_store_serve (TillTxn *txn, int64_t device_id, const TillDeviceService *service,
                         GError **error)
{
  int64_t id;
  g_autofree char *cost = money_or_null (service->cost);
  return till_txn_next_id (txn, "device_service", &id, error)
         && till_txn_add (txn, error, "device_service", "lllllissssss", id, device_id,
                          till_txn_seq (txn), till_txn_now (txn), till_txn_staff (txn),
                          service->day, till_service_deed_word (service->deed), service->words,
                          service->before, service->after, service->done_by, cost);
}

gboolean
till_device_store_services (TillLedger *ledger, int64_t device_id, int limit, GPtrArray *services,
                            GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT s.id, s.day, s.deed, s.words, s.firmware_before, s.firmware_after,"
                       " s.done_by, coalesce (s.cost, -1), coalesce (p.name, '')"
                       " FROM device_service s LEFT JOIN staff p ON p.id = s.staff"
                       " WHERE s.device_id = ? ORDER BY s.id DESC LIMIT ?",
                       "li", device_id, limit))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillDeviceService *service = g_new0 (TillDeviceService, 1);
      gboolean known = till_service_deed_from_word (till_rows_text (&rows, 2), &service->deed);
      g_assert (known);
      service->id = till_rows_int64 (&rows, 0);
      service->device_id = device_id;
      service->day = till_rows_int (&rows, 1);
      service->words = till_rows_dup (&rows, 3);
      service->before = till_rows_dup (&rows, 4);
      service->after = till_rows_dup (&rows, 5);
      service->done_by = till_rows_dup (&rows, 6);
      service->cost = till_rows_int64 (&rows, 7);
      service->by = till_rows_dup (&rows, 8);
      g_ptr_array_add (services, service);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_device_store_use (TillTxn *txn, int64_t device_id, const TillDeviceUse *use, GError **error)
{
  return till_txn_add (txn, error, "device_use", "llilllls", device_id, till_txn_seq (txn),
                       till_txn_day (txn), use->uses, use->failures, use->dropped, use->lost,
                       use->problem);
}

gboolean
till_device_store_uses (TillLedger *ledger, int64_t device_id, int from, int to, TillDeviceUse *sum,
                        int *problem_day, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *sum = (TillDeviceUse){ 0 };
  *problem_day = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT uses, failures, dropped, lost, problem, day FROM device_use"
                       " WHERE device_id = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY seq",
                       "lii", device_id, from, to))
    return FALSE;
  while (till_rows_next (&rows))
    {
      sum->uses += till_rows_int64 (&rows, 0);
      sum->failures += till_rows_int64 (&rows, 1);
      sum->dropped += till_rows_int64 (&rows, 2);
      sum->lost += till_rows_int64 (&rows, 3);
      if (!*till_rows_text (&rows, 4))
        continue;
      g_free (sum->problem);
      sum->problem = till_rows_dup (&rows, 4);
      *problem_day = till_rows_int (&rows, 5);
    }
  if (!sum->problem)
    sum->problem = g_strdup ("");
  return till_rows_end (&rows, error);
}

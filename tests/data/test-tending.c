/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register of devices: what is taken in, corrected, checked, worked on and retired, and what is
 * refused of it. The clock stands still unless it is moved; each story ends with sound books, and
 * the last ones let a bad hand at the file. */
#include "data/core/error.h"
#include "data/desk/tending.h"
#include "tests/data/books.h"
#include "tests/data/shop-fixture.h"

#define TODAY 20261122

static TillDeviceRecord *
printer (void)
{
  TillDeviceRecord *record = till_device_record_new (TILL_DEVICE_RECORD_PRINTER, "Front printer");
  g_free (record->serial);
  g_free (record->usb);
  g_free (record->contact);
  g_free (record->phone);
  record->serial = g_strdup ("J9X1");
  record->usb = g_strdup ("04b8:0e28:J9X1");
  record->contact = g_strdup ("Zhang Repairs");
  record->phone = g_strdup ("021-5550100");
  record->bought = 20251201;
  record->warranty_end = 20261201;
  record->price = 89900;
  return record;
}

static const char *
put (Shop *shop, int64_t staff_id, const TillDeviceRecord *record, int64_t *device_id)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean ran = till_tending_put (shop->ledger, staff_id, record, device_id, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return till_answer_word (answer.code);
}

static int64_t
take_in (Shop *shop)
{
  int64_t id;
  g_autoptr (TillDeviceRecord) record = printer ();
  g_assert_cmpstr (put (shop, shop->manager, record, &id), ==, "yes");
  return id;
}

static TillDeviceRecord *
load (Shop *shop, int64_t id)
{
  TillDeviceRecord *record;
  TillAnswer answer;
  g_assert_true (till_tending_load (shop->ledger, id, &record, &answer, NULL));
  return record;
}

static int
due (Shop *shop)
{
  int n = -1;
  g_assert_true (till_tending_count_due (shop->ledger, &n, NULL));
  return n;
}

static const char *
check (Shop *shop, int64_t staff_id, int64_t id, gboolean good, const char *note)
{
  TillAnswer answer;
  g_assert_true (
      till_tending_check (shop->ledger, staff_id, id, good, TILL_CHECK_SAID, note, &answer, NULL));
  return till_answer_word (answer.code);
}

static const char *
serve (Shop *shop, int64_t staff_id, int64_t id, TillServiceDeed deed, int day, const char *words)
{
  TillAnswer answer;
  const TillDeviceService service = { .day = day,
                                      .deed = deed,
                                      .words = (char *)words,
                                      .before = (char *)"",
                                      .after = (char *)"",
                                      .done_by = (char *)"Zhang",
                                      .cost = 12000 };
  g_assert_true (till_tending_serve (shop->ledger, staff_id, id, &service, &answer, NULL));
  return till_answer_word (answer.code);
}

static int64_t
saw (Shop *shop, const char *serial, const char *port, const char *firmware)
{
  int64_t id = -1;
  g_assert_true (
      till_tending_saw (shop->ledger, 0x04b8, 0x0e28, serial, port, firmware, &id, NULL));
  return id;
}

static int64_t
proved (Shop *shop, int64_t staff_id, const char *printer, const char *word)
{
  int64_t id = -1;
  TillAnswer answer;
  g_assert_true (till_tending_proved (shop->ledger, staff_id, printer, &id, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, word);
  return id;
}

static const char *
retire (Shop *shop, int64_t staff_id, int64_t id, const char *reason)
{
  TillAnswer answer;
  g_assert_true (till_tending_retire (shop->ledger, staff_id, id, reason, &answer, NULL));
  return till_answer_word (answer.code);
}

static int64_t
entries (Shop *shop)
{
  int64_t seq;
  g_assert_true (till_ledger_head (shop->ledger, &seq, NULL, NULL));
  return seq;
}

/* --- stories --- */

static void
test_impossible (void)
{
  Shop shop;
  shop_open (&shop, NULL, 1);
  int64_t id, before = entries (&shop);
  g_autoptr (TillDeviceRecord) record = printer ();
  g_assert_cmpstr (put (&shop, shop.cashier, record, &id), ==, "no_right");
  g_assert_cmpstr (put (&shop, shop.supervisor, record, &id), ==, "no_right");
  record->bought = TODAY + 1;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->bought = 20260230;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->bought = 20261202; /* before it was bought the warranty was over */
  record->warranty_end = 20251201;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->bought = 0;
  record->price = -2;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->price = TILL_MONEY_MAX + 1;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->price = -1;
  g_free (record->usb);
  record->usb = g_strdup ("the left one");
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  g_free (record->usb);
  record->usb = g_strdup ("");
  g_free (record->name);
  record->name = g_strdup (" \t ");
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->device_id = record->id = 77;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "no_device");
  g_assert_cmpstr (check (&shop, shop.cashier, 77, TRUE, ""), ==, "no_device");
  g_assert_cmpint (entries (&shop), ==, before);
  shop_close_sound (&shop);
}

static void
test_warranty_before_purchase (void)
{
  Shop shop;
  int64_t id;
  shop_open (&shop, NULL, 1);
  g_autoptr (TillDeviceRecord) record = printer ();
  record->bought = 20261001;
  record->warranty_end = 20260930;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "record");
  record->warranty_end = 20261001;
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "yes");
  shop_close_sound (&shop);
}

static void
test_correction (void)
{
  Shop shop;
  int64_t id, again;
  shop_open (&shop, NULL, 1);
  g_assert_cmpint (take_in (&shop), ==, 1);
  g_autoptr (TillDeviceRecord) first = load (&shop, 1), stale = load (&shop, 1);
  g_assert_cmpstr (first->phone, ==, "021-5550100");
  g_assert_cmpint (first->price, ==, 89900);
  g_assert_cmpint (first->taken_day, ==, TODAY);
  g_free (first->phone);
  first->phone = g_strdup ("021-5550199");
  g_assert_cmpstr (put (&shop, shop.manager, first, &id), ==, "yes");
  g_assert_cmpint (id, ==, 1);
  g_autoptr (TillDeviceRecord) now = load (&shop, 1);
  g_assert_cmpstr (now->phone, ==, "021-5550199");
  g_assert_cmpint (now->id, !=, now->device_id);
  /* Who looked at the old words does not write over the new ones. */
  g_assert_cmpstr (put (&shop, shop.manager, stale, &again), ==, "stale");
  int64_t before = entries (&shop);
  g_assert_cmpstr (put (&shop, shop.manager, now, &again), ==, "yes");
  g_assert_cmpint (entries (&shop), ==, before);
  g_autoptr (GPtrArray) all = till_tending_list (shop.ledger, TRUE, NULL);
  g_assert_cmpint (all->len, ==, 1);
  shop_close_sound (&shop);
}

static void
test_twice (void)
{
  Shop shop;
  int64_t id;
  shop_open (&shop, NULL, 1);
  take_in (&shop);
  g_autoptr (TillDeviceRecord) other = printer ();
  g_free (other->usb);
  other->usb = g_strdup ("04B8:0E28:J9X1");
  g_assert_cmpstr (put (&shop, shop.manager, other, &id), ==, "twice");
  g_assert_cmpstr (retire (&shop, shop.manager, 1, "broken"), ==, "yes");
  g_assert_cmpstr (put (&shop, shop.manager, other, &id), ==, "yes");
  g_assert_cmpint (id, ==, 2);
  shop_close_sound (&shop);
}

static void
test_retired (void)
{
  Shop shop;
  int64_t id;
  shop_open (&shop, NULL, 1);
  take_in (&shop);
  g_assert_cmpstr (retire (&shop, shop.supervisor, 1, "broken"), ==, "no_right");
  g_assert_cmpstr (retire (&shop, shop.manager, 1, "  "), ==, "no_words");
  g_assert_cmpstr (retire (&shop, shop.manager, 1, "broken for good"), ==, "yes");
  g_assert_cmpstr (retire (&shop, shop.manager, 1, "again"), ==, "no_device");
  g_autoptr (TillDeviceRecord) record = load (&shop, 1);
  g_assert_cmpint (record->retired_day, ==, TODAY);
  g_assert_cmpstr (record->retired_why, ==, "broken for good");
  g_assert_cmpint (record->due_day, ==, 0);
  g_assert_cmpstr (put (&shop, shop.manager, record, &id), ==, "no_device");
  g_assert_cmpstr (check (&shop, shop.cashier, 1, TRUE, ""), ==, "no_device");
  g_assert_cmpstr (serve (&shop, shop.manager, 1, TILL_SERVICE_REPAIR, TODAY, "x"), ==,
                   "no_device");
  g_assert_cmpint (saw (&shop, "J9X1", "1-1", "1.00"), ==, 0);
  g_autoptr (GPtrArray) used = till_tending_list (shop.ledger, FALSE, NULL);
  g_assert_cmpint (used->len, ==, 0);
  shop_close_sound (&shop);
}

static void
test_checks (void)
{
  Shop shop;
  shop_open (&shop, NULL, 1);
  take_in (&shop);
  g_autoptr (TillDeviceRecord) fresh = load (&shop, 1);
  g_assert_cmpint (fresh->due_day, ==, 20261222);
  till_clock_advance (shop.clock, 29 * TILL_DAY);
  g_assert_cmpint (due (&shop), ==, 0);
  till_clock_advance (shop.clock, TILL_DAY);
  g_assert_cmpint (due (&shop), ==, 1);
  /* A cashier may, and a bad one says what was wrong. */
  g_assert_cmpstr (check (&shop, shop.cashier, 1, FALSE, " "), ==, "no_words");
  g_assert_cmpstr (check (&shop, 0, 1, TRUE, ""), ==, "no_right");
  g_assert_cmpstr (check (&shop, shop.cashier, 1, FALSE, "a line is missing"), ==, "yes");
  g_assert_cmpint (due (&shop), ==, 1);
  g_assert_cmpstr (check (&shop, shop.cashier, 1, TRUE, ""), ==, "yes");
  g_assert_cmpint (due (&shop), ==, 0);
  g_autoptr (GPtrArray) checks = till_tending_checks (shop.ledger, 1, NULL);
  g_assert_cmpint (checks->len, ==, 2);
  const TillDeviceCheck *bad = g_ptr_array_index (checks, 1);
  g_assert_false (bad->good);
  g_assert_cmpstr (bad->note, ==, "a line is missing");
  g_assert_cmpstr (bad->by, ==, "Li Na");
  shop_set (&shop, "check.days.printer", "7");
  g_autoptr (TillDeviceRecord) weekly = load (&shop, 1);
  g_assert_cmpint (weekly->due_day, ==, 20261229);
  shop_set (&shop, "check.days.printer", "0");
  till_clock_advance (shop.clock, 1000 * TILL_DAY);
  g_assert_cmpint (due (&shop), ==, 0);
  shop_close_sound (&shop);
}

static void
test_services (void)
{
  Shop shop;
  shop_open (&shop, NULL, 1);
  take_in (&shop);
  g_assert_cmpstr (serve (&shop, shop.cashier, 1, TILL_SERVICE_REPAIR, TODAY, "x"), ==, "no_right");
  g_assert_cmpstr (serve (&shop, shop.manager, 1, TILL_SERVICE_REPAIR, TODAY, ""), ==, "no_words");
  g_assert_cmpstr (serve (&shop, shop.manager, 1, TILL_SERVICE_REPAIR, TODAY + 1, "x"), ==,
                   "record");
  g_assert_cmpstr (serve (&shop, shop.manager, 1, TILL_SERVICE_REPAIR, 0, "x"), ==, "record");
  g_assert_cmpstr (serve (&shop, shop.manager, 1, TILL_SERVICE_FIRMWARE, TODAY, "x"), ==, "record");
  g_assert_cmpstr (serve (&shop, shop.manager, 1, TILL_SERVICE_PART, 20261101,
                          "new knife, card 4539 5787 6362 1486"),
                   ==, "yes");
  g_autoptr (GPtrArray) services = till_tending_services (shop.ledger, 1, NULL);
  g_assert_cmpint (services->len, ==, 1);
  const TillDeviceService *part = g_ptr_array_index (services, 0);
  g_assert_cmpstr (part->words, ==, "new knife, card …1486");
  g_assert_cmpint (part->cost, ==, 12000);
  g_assert_cmpint (part->day, ==, 20261101);
  shop_close_sound (&shop);
}

static void
test_firmware (void)
{
  Shop shop;
  shop_open (&shop, NULL, 1);
  g_assert_cmpint (saw (&shop, "J9X1", "1-1", "1.00"), ==, 0);
  take_in (&shop);
  int64_t before = entries (&shop);
  g_assert_cmpint (saw (&shop, "OTHER", "1-1", "1.00"), ==, 0);
  g_assert_cmpint (saw (&shop, "J9X1", "1-1", ""), ==, 0);
  g_assert_cmpint (entries (&shop), ==, before);
  g_assert_cmpint (saw (&shop, "J9X1", "1-1", "1.00"), ==, 1);
  g_assert_cmpint (saw (&shop, "J9X1", "1-2", "1.00"), ==, 0);
  g_assert_cmpint (entries (&shop), ==, before + 1);
  g_assert_cmpint (saw (&shop, "J9X1", "1-1", "2.05"), ==, 1);
  g_autoptr (GPtrArray) services = till_tending_services (shop.ledger, 1, NULL);
  g_assert_cmpint (services->len, ==, 2);
  const TillDeviceService *newest = g_ptr_array_index (services, 0);
  g_assert_cmpstr (newest->before, ==, "1.00");
  g_assert_cmpstr (newest->after, ==, "2.05");
  g_assert_cmpstr (newest->by, ==, "");
  g_assert_cmpint (newest->deed, ==, TILL_SERVICE_FIRMWARE);
  shop_close_sound (&shop);
}

static void
test_full (void)
{
  Shop shop;
  int64_t id;
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  shop_open (&shop, NULL, 1);
  g_autoptr (TillDeviceRecord) drawer
      = till_device_record_new (TILL_DEVICE_RECORD_DRAWER, "Drawer");
  for (int i = 0; i < TILL_TENDING_MAX; i++)
    g_assert_cmpstr (put (&shop, shop.manager, drawer, &id), ==, "yes");
  g_assert_false (till_tending_put (shop.ledger, shop.manager, drawer, &id, &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_BUSY);
  g_assert_cmpstr (retire (&shop, shop.manager, 1, "sold"), ==, "yes");
  g_assert_cmpstr (put (&shop, shop.manager, drawer, &id), ==, "yes");
  shop_close_sound (&shop);
}

static void
test_sentences (void)
{
  g_autoptr (TillDeviceRecord) record = printer ();
  static const struct
  {
    int end;
    TillWarranty warranty;
  } ends[] = { { 0, TILL_WARRANTY_NONE },
               { 20261121, TILL_WARRANTY_OVER },
               { 20261122, TILL_WARRANTY_SOON },
               { 20261222, TILL_WARRANTY_SOON },
               { 20261223, TILL_WARRANTY_RUNS } };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      record->warranty_end = ends[i].end;
      g_assert_cmpint (till_device_record_warranty (record, TODAY), ==, ends[i].warranty);
      g_autofree char *sentence = till_device_record_warranty_sentence (record, TODAY);
      g_assert_cmpint (strlen (sentence), >, 10);
    }
  g_autofree char *call = till_device_record_repair_sentence (record);
  g_assert_nonnull (strstr (call, "Zhang Repairs, 021-5550100"));
  g_assert_nonnull (strstr (call, "J9X1"));
  record->due_day = TODAY;
  g_assert_true (till_device_record_is_overdue (record, TODAY));
  g_assert_false (till_device_record_is_overdue (record, TODAY - 1));
}

/* A slip that its printer proves is a check of that one; of two that may be meant it is of none. */
static void
test_proved (void)
{
  Shop shop;
  shop_open (&shop, NULL, 11);
  int64_t id = take_in (&shop);
  int64_t before = entries (&shop);
  g_assert_cmpint (proved (&shop, shop.cashier, "", "yes"), ==, 0);
  g_assert_cmpint (proved (&shop, shop.cashier, "front", "yes"), ==, 0);
  g_assert_cmpint (proved (&shop, shop.cashier, "04b8:0e28:OTHER", "yes"), ==, 0);
  proved (&shop, 99, "04b8:0e28:J9X1", "no_right");
  g_assert_cmpint (entries (&shop), ==, before);
  till_clock_advance (shop.clock, 40 * TILL_DAY);
  g_assert_cmpint (due (&shop), ==, 1);
  g_assert_cmpint (proved (&shop, shop.cashier, "04b8:0e28:J9X1", "yes"), ==, id);
  g_assert_cmpint (due (&shop), ==, 0);
  g_autoptr (GPtrArray) checks = till_tending_checks (shop.ledger, id, NULL);
  const TillDeviceCheck *seen = g_ptr_array_index (checks, 0);
  g_assert_true (seen->good);
  g_assert_cmpint (seen->proof, ==, TILL_CHECK_SEEN);
  g_assert_cmpstr (seen->by, ==, "Li Na");
  g_assert_cmpint (proved (&shop, shop.cashier, "04b8:0e28@1-2", "yes"), ==, id);
  g_autoptr (TillDeviceRecord) twin = printer ();
  int64_t two;
  g_free (twin->usb);
  twin->usb = g_strdup ("04b8:0e28:J9X2");
  put (&shop, shop.manager, twin, &two);
  g_assert_cmpint (proved (&shop, shop.cashier, "04b8:0e28", "yes"), ==, 0);
  g_assert_cmpint (proved (&shop, shop.cashier, "04b8:0e28:J9X2", "yes"), ==, two);
  retire (&shop, shop.manager, two, "sold");
  g_assert_cmpint (proved (&shop, shop.cashier, "04b8:0e28:J9X2", "yes"), ==, 0);
  shop_close (&shop);
}

/* --- a bad hand --- */

/* The books themselves refuse, whatever the caller says. */
static void
test_laws (void)
{
  static const char *const deeds[] = {
    "UPDATE device SET phone = ''",
    "DELETE FROM device",
    "UPDATE device_check SET good = 0, note = 'x'",
    "DELETE FROM device_check",
    "DELETE FROM device_retired",
    "INSERT INTO device SELECT 3, 2, 1, 9, 1, 20261122, 1, 'drawer', 'x', '', '', '', '', 0, '',"
    " NULL, 0, '', '', ''",
    "INSERT INTO device SELECT 3, 1, 1, 9, 1, 20261122, 1, 'drawer', 'x', '', '', '', '', 0, '',"
    " NULL, 0, '', '', ''",
    "INSERT INTO device_check VALUES (2, 1, 9, 1, 20261122, 1, 1, 'said', '')",
    "INSERT INTO device_check VALUES (2, 2, 9, 1, 20261122, 1, 0, 'said', '')",
    "INSERT INTO device_service VALUES (1, 1, 9, 1, 1, 20261122, 'repair', 'x', '', '', '', NULL)",
    "INSERT INTO device_service VALUES (1, 2, 9, 1, 1, 20261122, 'firmware', '', '', '1', '', 0)",
    "INSERT INTO device_retired VALUES (1, 9, 1, 20261122, 1, 'again')",
  };
  Books books;
  TillAnswer answer;
  int64_t one, two;
  sqlite3 *db = NULL;
  books_open (&books);
  g_autoptr (TillDeviceRecord) record = printer ();
  g_autoptr (TillDeviceRecord) drawer
      = till_device_record_new (TILL_DEVICE_RECORD_DRAWER, "Drawer");
  g_assert_true (till_tending_put (books.ledger, books.manager, record, &one, &answer, NULL));
  g_assert_true (till_tending_put (books.ledger, books.manager, drawer, &two, &answer, NULL));
  g_assert_true (till_tending_check (books.ledger, books.cashier, one, TRUE, TILL_CHECK_SAID, "",
                                     &answer, NULL));
  g_assert_true (till_tending_retire (books.ledger, books.manager, one, "sold", &answer, NULL));
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_test_message ("%s", deeds[i]);
      g_assert_cmpint (sqlite3_exec (db, deeds[i], NULL, NULL, NULL) & 0xff, ==, SQLITE_CONSTRAINT);
    }
  sqlite3_close (db);
  books_close (&books);
}

static void
assert_unsound (const char *deed, const char *what)
{
  Books books;
  TillAnswer answer;
  int64_t id;
  g_auto (TillVerdict) verdict = { 0 };
  g_autoptr (GError) error = NULL;
  books_open (&books);
  g_autoptr (TillDeviceRecord) record = printer ();
  g_assert_true (till_tending_put (books.ledger, books.manager, record, &id, &answer, &error));
  g_assert_true (till_tending_check (books.ledger, books.cashier, id, TRUE, TILL_CHECK_SEEN, "",
                                     &answer, &error));
  g_assert_true (till_tending_retire (books.ledger, books.manager, id, "sold", &answer, &error));
  g_clear_pointer (&books.ledger, till_ledger_free);
  books_tamper (books.path, deed);
  books.ledger = till_ledger_open (books.path, books.clock, &error);
  g_assert_no_error (error);
  g_assert_true (till_verify_books (books.ledger, &verdict, &error));
  g_assert_false (verdict.sound);
  g_assert_nonnull (strstr (verdict.what, what));
  books_close (&books);
}

static void
test_bad_hand (void)
{
  assert_unsound ("UPDATE device SET serial = 'OTHER'", "a row was changed in device");
  assert_unsound ("UPDATE device SET price = 1", "a row was changed in device");
  assert_unsound ("UPDATE device_check SET good = 0, note = 'x'", "changed in device_check");
  assert_unsound ("DELETE FROM device_retired", "missing in device_retired");
  assert_unsound ("INSERT INTO device_service VALUES (1, 1, 3, 1, 1, 20261122, 'repair', 'never',"
                  " '', '', '', NULL)",
                  "device_service");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tending/impossible", test_impossible);
  g_test_add_func ("/tending/warranty-before-purchase", test_warranty_before_purchase);
  g_test_add_func ("/tending/correction", test_correction);
  g_test_add_func ("/tending/twice", test_twice);
  g_test_add_func ("/tending/retired", test_retired);
  g_test_add_func ("/tending/checks", test_checks);
  g_test_add_func ("/tending/proved", test_proved);
  g_test_add_func ("/tending/services", test_services);
  g_test_add_func ("/tending/firmware", test_firmware);
  g_test_add_func ("/tending/full", test_full);
  g_test_add_func ("/tending/sentences", test_sentences);
  g_test_add_func ("/tending/laws", test_laws);
  g_test_add_func ("/tending/bad-hand", test_bad_hand);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How devices have worked: what was counted by hand must be what is told. The wrong printer, the
 * wrong month and the wrong device come first; each story ends with sound books. */
#include "data/core/error.h"
#include "data/desk/device-figures.h"
#include "data/desk/printing.h"
#include "data/desk/tending.h"
#include "data/ledger/print-store.h"
#include "tests/data/books.h"
#include "tests/data/shop-fixture.h"

#define USB "04b8:0e28:J9X1"
#define MONTH 202611

static int64_t
take_in (Shop *shop, TillDeviceRecordKind kind, const char *usb)
{
  int64_t id;
  TillAnswer answer;
  g_autoptr (TillDeviceRecord) record = till_device_record_new (kind, "Thing");
  g_free (record->usb);
  record->usb = g_strdup (usb);
  g_assert_true (till_tending_put (shop->ledger, shop->manager, record, &id, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  return id;
}

static TillDeviceFigures *
read_figures (Shop *shop, int64_t id, int month)
{
  TillDeviceFigures *figures = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_device_figures_read (shop->ledger, id, month, &figures, &error));
  g_assert_no_error (error);
  return figures;
}

static void
assert_uses (Shop *shop, int64_t id, int month, int64_t uses, int64_t failures)
{
  g_autoptr (TillDeviceFigures) figures = read_figures (shop, id, month);
  g_assert_cmpint (figures->uses, ==, uses);
  g_assert_cmpint (figures->failures, ==, failures);
}

/* A slip that takes so long on this printer, and ends so. */
static void
print (Shop *shop, const char *printer, int ms, TillPrintState state, const char *problem)
{
  g_autoptr (TillPrintJob) job = NULL;
  int64_t next_at;
  g_autoptr (TillTxn) txn = till_ledger_begin (shop->ledger, 0, NULL, NULL);
  static int64_t subject;
  g_assert_true (till_print_store_add (txn, TILL_PAPER_SHIFT, ++subject, NULL));
  g_assert_true (till_txn_commit (txn, NULL));
  g_clear_pointer (&txn, till_txn_free);
  g_assert_true (till_printing_next (shop->ledger, printer, &job, &next_at, NULL));
  till_clock_advance (shop->clock, ms * (TILL_SECOND / 1000));
  g_assert_true (till_printing_record (shop->ledger, job->id, state, NULL, problem, 0, NULL));
}

static TillDeviceCount *
count_new (guint16 product, const char *serial, int64_t uses, int64_t failures, int64_t lost,
           const char *problem)
{
  TillDeviceCount *count = g_new0 (TillDeviceCount, 1);
  *count = (TillDeviceCount){ .vendor = 0x05e0,
                              .product = product,
                              .serial = g_strdup (serial),
                              .port = g_strdup ("1-1"),
                              .use = { uses, failures, 0, lost, g_strdup (problem) } };
  return count;
}

static int
used (Shop *shop, GPtrArray *counts)
{
  int written = -1;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_tending_used (shop->ledger, counts, &written, &error));
  g_assert_no_error (error);
  return written;
}

static int
used_one (Shop *shop, TillDeviceCount *count)
{
  g_autoptr (GPtrArray) counts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_count_free);
  g_ptr_array_add (counts, count);
  return used (shop, counts);
}

static void
end (Shop *shop)
{
  g_auto (TillVerdict) verdict = { 0 };
  g_assert_true (till_verify_books (shop->ledger, &verdict, NULL));
  if (!verdict.sound)
    g_error ("%s", verdict.what);
  shop_close (shop);
}

/* --- nothing to tell, and what cannot be --- */

static void
test_nothing (void)
{
  Shop shop;
  TillDeviceFigures *none;
  shop_open (&shop, NULL, 1);
  int64_t id = take_in (&shop, TILL_DEVICE_RECORD_SCANNER, "05e0:1200");
  static const int wrong[] = { 202600, 202613, -1, 1, 999912, 20261122 };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (till_device_figures_read (shop.ledger, id, wrong[i], &none, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_assert_null (read_figures (&shop, 99, 0));
  g_autoptr (TillDeviceFigures) figures = read_figures (&shop, id, 0);
  g_autofree char *words = till_device_figures_sentence (figures);
  g_assert_cmpint (figures->month, ==, MONTH);
  g_assert_cmpstr (words, ==, "2026-11: Nothing was counted.");
  g_assert_cmpint (till_device_figures_month_before (202601), ==, 202512);
  g_assert_cmpint (till_device_figures_month_before (202611), ==, 202610);
  end (&shop);
}

/* --- slips --- */

static void
test_slips (void)
{
  Shop shop;
  shop_open (&shop, NULL, 2);
  int64_t id = take_in (&shop, TILL_DEVICE_RECORD_PRINTER, USB);
  for (int i = 1; i <= 21; i++)
    print (&shop, USB, i * 100, TILL_PRINT_PRINTED, "");
  print (&shop, USB, 30000, TILL_PRINT_FAILED, "it is switched off");
  print (&shop, USB, 30000, TILL_PRINT_UNKNOWN, "paper-out");
  g_autoptr (TillDeviceFigures) figures = read_figures (&shop, id, MONTH);
  g_assert_cmpint (figures->uses, ==, 23);
  g_assert_cmpint (figures->failures, ==, 2);
  g_assert_cmpint (figures->timed, ==, 21);
  g_assert_cmpint (figures->p50_ms, ==, 1100);
  g_assert_cmpint (figures->p95_ms, ==, 2000);
  g_assert_cmpint (figures->problem_day, ==, 20261122);
  g_autofree char *words = till_device_figures_sentence (figures);
  g_assert_cmpstr (words, ==,
                   "2026-11: Used 23 times, of them failed: 2. Half of the slips were done within "
                   "1100 ms, 95 of 100 within 2000 ms. The last trouble, on 2026-11-22: “Out "
                   "of paper”.");
  assert_uses (&shop, id, 202610, 0, 0);
  assert_uses (&shop, id, 202612, 0, 0);
  end (&shop);
}

/* What is under way is no figure, and a kick of the drawer no slip. */
static void
test_not_over (void)
{
  Shop shop;
  shop_open (&shop, NULL, 3);
  int64_t id = take_in (&shop, TILL_DEVICE_RECORD_PRINTER, USB);
  print (&shop, USB, 100, TILL_PRINT_HANDED, "");
  assert_uses (&shop, id, MONTH, 0, 0);
  g_assert_true (till_printing_record (shop.ledger, 1, TILL_PRINT_PRINTED, NULL, "", 0, NULL));
  assert_uses (&shop, id, MONTH, 1, 0);
  g_assert_true (till_printing_open_drawer (shop.ledger, shop.cashier, "change", NULL));
  g_autoptr (TillPrintJob) kick = NULL;
  int64_t next_at;
  g_assert_true (till_printing_next (shop.ledger, USB, &kick, &next_at, NULL));
  g_assert_true (
      till_printing_record (shop.ledger, kick->id, TILL_PRINT_PRINTED, NULL, "", 0, NULL));
  assert_uses (&shop, id, MONTH, 1, 0);
  end (&shop);
}

/* Another printer, the roll, and a queue in front of two printers say nothing of this one. */
static void
test_whose (void)
{
  Shop shop;
  shop_open (&shop, NULL, 4);
  int64_t id = take_in (&shop, TILL_DEVICE_RECORD_PRINTER, USB);
  print (&shop, "", 1, TILL_PRINT_DELIVERED, "");
  print (&shop, "04b8:0e28:OTHER", 1, TILL_PRINT_PRINTED, "");
  print (&shop, "04b8:0202", 1, TILL_PRINT_PRINTED, "");
  assert_uses (&shop, id, MONTH, 0, 0);
  print (&shop, "front", 1, TILL_PRINT_DELIVERED, "");
  assert_uses (&shop, id, MONTH, 1, 0);
  print (&shop, "04B8:0E28", 1, TILL_PRINT_PRINTED, "");
  assert_uses (&shop, id, MONTH, 2, 0);
  int64_t scanner = take_in (&shop, TILL_DEVICE_RECORD_SCANNER, "05e0:1200");
  assert_uses (&shop, scanner, MONTH, 0, 0);
  assert_uses (&shop, id, MONTH, 2, 0);
  int64_t two = take_in (&shop, TILL_DEVICE_RECORD_PRINTER, "04b8:0e28:SECOND");
  assert_uses (&shop, id, MONTH, 0, 0);
  assert_uses (&shop, two, MONTH, 0, 0);
  print (&shop, "04b8:0e28:SECOND", 1, TILL_PRINT_PRINTED, "");
  assert_uses (&shop, two, MONTH, 1, 0);
  end (&shop);
}

/* The first instant of a month is its own, in the shop's zone. */
static void
test_midnight (void)
{
  Shop shop;
  shop_open (&shop, NULL, 5);
  int64_t id = take_in (&shop, TILL_DEVICE_RECORD_PRINTER, USB);
  int64_t december = till_clock_day_begin (20261201, "Asia/Shanghai");
  g_assert_cmpint (december, ==, FIXTURE_NOW + 8 * TILL_DAY + 14 * TILL_HOUR);
  g_assert_cmpint (till_clock_day_begin (20261301, "Asia/Shanghai"), ==, 0);
  till_clock_advance (shop.clock, december - till_clock_now (shop.clock) - 2000);
  print (&shop, USB, 1, TILL_PRINT_PRINTED, "");
  print (&shop, USB, 1, TILL_PRINT_PRINTED, "");
  assert_uses (&shop, id, 202611, 1, 0);
  assert_uses (&shop, id, 202612, 1, 0);
  end (&shop);
}

/* --- what was counted --- */

static void
test_counted (void)
{
  Shop shop;
  int64_t before, after;
  shop_open (&shop, NULL, 6);
  int64_t id = take_in (&shop, TILL_DEVICE_RECORD_SCANNER, "05e0:1200:S1");
  g_assert_true (till_ledger_head (shop.ledger, &before, NULL, NULL));
  g_assert_cmpint (used_one (&shop, count_new (0x1200, "S2", 5, 0, 0, "")), ==, 0);
  g_assert_cmpint (used_one (&shop, count_new (0x1200, "S1", 0, 0, 0, "")), ==, 0);
  g_assert_true (till_ledger_head (shop.ledger, &after, NULL, NULL));
  g_assert_cmpint (after, ==, before);

  g_assert_cmpint (used_one (&shop, count_new (0x1200, "S1", 120, 3, 1, "trouble")), ==, 1);
  till_clock_advance (shop.clock, TILL_DAY);
  g_assert_cmpint (used_one (&shop, count_new (0x1200, "S1", 80, 1, 1, "unplugged")), ==, 1);
  till_clock_advance (shop.clock, TILL_DAY);
  g_assert_cmpint (used_one (&shop, count_new (0x1200, "S1", 1, 0, 0, "")), ==, 1);
  g_autoptr (TillDeviceFigures) figures = read_figures (&shop, id, MONTH);
  g_autofree char *words = till_device_figures_sentence (figures);
  g_assert_cmpstr (words, ==,
                   "2026-11: Used 201 times, of them failed: 4. It lost its connection 2 times. "
                   "The last trouble, on 2026-11-23: “it was unplugged”.");
  till_clock_advance (shop.clock, 10 * TILL_DAY);
  g_assert_cmpint (used_one (&shop, count_new (0x1200, "S1", 7, 0, 0, "")), ==, 1);
  assert_uses (&shop, id, 202611, 201, 4);
  assert_uses (&shop, id, 202612, 7, 0);
  end (&shop);
}

/* Two interfaces of one device are one row, several devices one act. */
static void
test_together (void)
{
  Shop shop;
  int64_t before, after;
  shop_open (&shop, NULL, 7);
  int64_t one = take_in (&shop, TILL_DEVICE_RECORD_SCANNER, "05e0:1200:S1");
  int64_t two = take_in (&shop, TILL_DEVICE_RECORD_READER, "05e0:1300:R1");
  g_autoptr (GPtrArray) counts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_count_free);
  g_ptr_array_add (counts, count_new (0x1200, "S1", 5, 1, 0, ""));
  g_ptr_array_add (counts, count_new (0x1300, "R1", 2, 0, 0, ""));
  g_ptr_array_add (counts, count_new (0x1200, "S1", 6, 0, 0, ""));
  g_assert_true (till_ledger_head (shop.ledger, &before, NULL, NULL));
  g_assert_cmpint (used (&shop, counts), ==, 2);
  g_assert_true (till_ledger_head (shop.ledger, &after, NULL, NULL));
  g_assert_cmpint (after, ==, before + 1);
  assert_uses (&shop, one, 0, 11, 1);
  assert_uses (&shop, two, 0, 2, 0);
  end (&shop);
}

/* --- a bad hand --- */

static void
open_used (Books *books)
{
  int64_t id;
  int written;
  TillAnswer answer;
  books_open (books);
  g_autoptr (TillDeviceRecord) record
      = till_device_record_new (TILL_DEVICE_RECORD_SCANNER, "Scanner");
  g_free (record->usb);
  record->usb = g_strdup ("05e0:1200:S1");
  g_autoptr (GPtrArray) counts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_count_free);
  g_ptr_array_add (counts, count_new (0x1200, "S1", 5, 1, 0, ""));
  g_assert_true (till_tending_put (books->ledger, books->manager, record, &id, &answer, NULL));
  g_assert_true (till_tending_used (books->ledger, counts, &written, NULL));
  g_assert_cmpint (written, ==, 1);
}

static void
test_laws (void)
{
  static const char *const deeds[] = {
    "UPDATE device_use SET failures = 0",
    "DELETE FROM device_use",
    "INSERT INTO device_use VALUES (1, 99, 20261122, 1, 2, 0, 0, '')",
    "INSERT INTO device_use VALUES (1, 99, 20261122, 0, 0, 0, 0, 'x')",
    "INSERT INTO device_use VALUES (1, 99, 20261122, 1, 0, 0, -1, '')",
    "INSERT INTO device_use VALUES (2, 99, 20261122, 1, 0, 0, 0, '')",
  };
  Books books;
  sqlite3 *db = NULL;
  open_used (&books);
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_test_message ("%s", deeds[i]);
      g_assert_cmpint (sqlite3_exec (db, deeds[i], NULL, NULL, NULL) & 0xff, ==, SQLITE_CONSTRAINT);
    }
  sqlite3_close (db);
  books_close (&books);
}

static void
test_bad_hand (void)
{
  static const char *const deeds[]
      = { "UPDATE device_use SET failures = 0", "DELETE FROM device_use",
          "INSERT INTO device_use VALUES (1, 3, 20261122, 1, 0, 0, 0, '')" };
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      Books books;
      g_auto (TillVerdict) verdict = { 0 };
      open_used (&books);
      g_clear_pointer (&books.ledger, till_ledger_free);
      books_tamper (books.path, deeds[i]);
      books.ledger = till_ledger_open (books.path, books.clock, NULL);
      g_assert_nonnull (books.ledger);
      g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
      g_assert_false (verdict.sound);
      g_assert_nonnull (strstr (verdict.what, "device_use"));
      books_close (&books);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device-figures/nothing", test_nothing);
  g_test_add_func ("/device-figures/slips", test_slips);
  g_test_add_func ("/device-figures/not-over", test_not_over);
  g_test_add_func ("/device-figures/whose", test_whose);
  g_test_add_func ("/device-figures/midnight", test_midnight);
  g_test_add_func ("/device-figures/counted", test_counted);
  g_test_add_func ("/device-figures/together", test_together);
  g_test_add_func ("/device-figures/laws", test_laws);
  g_test_add_func ("/device-figures/bad-hand", test_bad_hand);
  return g_test_run ();
}

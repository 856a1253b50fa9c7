/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What devices counted is in the books once: however often it is written, and also when the program
 * ends without a main loop. */
#include "app/device-tally.h"
#include "data/core/secret.h"
#include "data/desk/device-figures.h"
#include "data/desk/staffing.h"
#include "data/desk/tending.h"

#define NOW INT64_C (1795312800000000)

typedef struct
{
  TillLedger *ledger; /* owned; the worker's thread */
  TillClock *clock;   /* owned */
} Room;

typedef struct
{
  gint64 uses, failures, lost, entries;
} Told;

static gpointer
open_room (gpointer settings, GError **error)
{
  Room *room = settings;
  int64_t manager, device_id;
  TillAnswer answer;
  room->clock = till_clock_new_fake (NOW, 1);
  room->ledger = till_ledger_open_memory (room->clock, error);
  g_assert_true (till_staffing_add (room->ledger, 0, "3", "Chen Jing", TILL_ROLE_MANAGER, "3333",
                                    &manager, &answer, error));
  g_autoptr (TillDeviceRecord) record
      = till_device_record_new (TILL_DEVICE_RECORD_SCANNER, "Scanner");
  g_free (record->usb);
  record->usb = g_strdup ("05e0:1200:S1");
  g_assert_true (till_tending_put (room->ledger, manager, record, &device_id, &answer, error));
  return room->ledger;
}

static void
close_room (gpointer ledger)
{
  till_ledger_free (ledger);
}

/* The device as the till knows it after so many uses. */
static GPtrArray *
devices (guint64 findings, guint64 refused, guint64 lost)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  const TillDevice device = { .id = 1,
                              .name = (char *)"Scanner",
                              .driver = (char *)"hid-pos",
                              .path = (char *)"1-1",
                              .serial = (char *)"S1",
                              .words = (char *)"",
                              .vendor = 0x05e0,
                              .product = 0x1200,
                              .findings = findings,
                              .refused = refused,
                              .lost = lost };
  g_ptr_array_add (list, till_device_copy (&device));
  return list;
}

static gpointer
tell (gpointer ledger, gpointer input, GError **error)
{
  Told *told = g_new0 (Told, 1);
  g_autoptr (TillDeviceFigures) figures = NULL;
  g_assert_true (till_device_figures_read (ledger, 1, 0, &figures, error));
  g_assert_true (till_ledger_head (ledger, &told->entries, NULL, error));
  told->uses = figures->uses;
  told->failures = figures->failures;
  told->lost = figures->lost;
  return told;
}

static void
on_told (gpointer result, const GError *error, gpointer user)
{
  g_assert_no_error (error);
  *(Told *)user = *(Told *)result;
}

static Told
told_by (TillWorker *worker)
{
  Told told = { 0 };
  till_worker_run (worker, tell, NULL, NULL, g_free, on_told, &told);
  while (told.entries == 0)
    g_main_context_iteration (NULL, TRUE);
  return told;
}

static void
test_once (void)
{
  Room room = { 0 };
  till_secret_init ();
  till_secret_set_cheap (TRUE);
  TillWorker *worker = till_worker_new ("ledger", open_room, &room, close_room, NULL);
  TillDeviceTally *tally = till_device_tally_new ();
  gint64 before = told_by (worker).entries;
  till_device_tally_write (tally, worker, devices (0, 0, 0)); /* nothing yet */
  g_assert_cmpint (told_by (worker).entries, ==, before);
  /* Twice before the main loop turns, as when a shift is closed while the program ends. */
  till_device_tally_write (tally, worker, devices (10, 1, 0));
  till_device_tally_write (tally, worker, devices (10, 1, 0));
  Told told = told_by (worker);
  g_assert_cmpint (told.uses, ==, 10);
  g_assert_cmpint (told.failures, ==, 1);
  g_assert_cmpint (told.entries, ==, before + 1);
  till_device_tally_finish (tally, worker, devices (15, 1, 2));
  told = told_by (worker);
  g_assert_cmpint (told.uses, ==, 15);
  g_assert_cmpint (told.failures, ==, 1);
  g_assert_cmpint (told.lost, ==, 2);
  g_assert_cmpint (told.entries, ==, before + 2);
  till_worker_free (worker);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  till_device_tally_free (tally);
  till_clock_free (room.clock);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device-tally/once", test_once);
  return g_test_run ();
}

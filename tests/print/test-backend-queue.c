/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole road of a slip that is proven over a print server: the books, the spooler, a real
 * cupsd, our backend as it is installed, libusb, an emulated usbfs and a receipt printer that
 * answers. Run under umockdev-wrapper; the backend is the first argument. */
#include "devices/print/picture.h"
#include "tests/print/scheduler.h"
#include "tests/print/usb-model.h"

#define END(address) 7, 5, address, 2, 0x40, 0, 0
static const guint8 descriptors[]
    = { 18, 1,  0, 2, 0, 0, 0,    64, 0xb8, 0x04, 0x28, 0x0e, 0, 1, 1, 2, 3, 1,       9,
        2,  32, 0, 1, 1, 0, 0xC0, 1,  9,    4,    0,    0,    2, 7, 1, 2, 0, END (2), END (0x81) };

static const SchedulerQueue our_queues[] = {
  { "slips", "J9X1", .proves = TRUE },
};

static Emulator *emulator;
static EmulatorDevice device;
static UsbModel model;

/* The scheduler's backends are another user's. */
static void
open_to_all (const char *path)
{
  gboolean link = g_file_test (path, G_FILE_TEST_IS_SYMLINK);
  g_autoptr (GDir) folder = link ? NULL : g_dir_open (path, 0, NULL);
  const char *name;
  if (!link)
    g_chmod (path, 0777);
  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      open_to_all (child);
    }
}

static void
plug (void)
{
  device = (EmulatorDevice){ .vendor = 0x04b8,
                             .product = 0x0e28,
                             .serial = "J9X1",
                             .descriptors = descriptors,
                             .descriptors_size = sizeof descriptors,
                             .on_urb = usb_model_on_urb,
                             .user = &model };
  model = (UsbModel){ .taken = g_byte_array_new (), .paper = G_MAXSIZE, .proofs = 1000 };
  emulator_plug (emulator, &device);
  open_to_all (g_getenv ("UMOCKDEV_DIR"));
}

static void
unplug (void)
{
  emulator_unplug (emulator);
  g_byte_array_unref (model.taken);
}

/* The drawer's kick, and then the slip, once. */
static void
assert_printed_once (Counter *counter, const TillPrintJob *slip)
{
  g_autoptr (TillDoc) doc = till_printing_doc (counter->shop.ledger, slip, NULL);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, till_picture_row, NULL);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_assert_cmpuint (model.taken->len, >, size);
  gsize kick = model.taken->len - size;
  g_assert_cmpuint (kick, <, 16);
  g_assert_cmpmem (model.taken->data + kick, size, data, size);
}

static void
test_proven (void)
{
  Counter counter;
  plug ();
  counter_open (&counter, "slips");
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_PRINTED, NULL);
  assert_printed_once (&counter, job);
  counter_close (&counter);
  unplug ();
}

/* The screen says why it waits; when there is paper, the rest comes, and the proof. */
static void
test_no_paper_in_the_middle (void)
{
  Counter counter;
  plug ();
  model.paper = 300;
  model.room = 60;
  counter_open (&counter, "slips");
  g_autoptr (TillPrintJob) waits = work_until (&counter, WAITS, "paper-out");
  g_assert_cmpuint (model.taken->len, >=, 300);
  model.paper = G_MAXSIZE;
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_PRINTED, NULL);
  assert_printed_once (&counter, job);
  counter_close (&counter);
  unplug ();
}

/* A scheduler that is killed in the middle gives the same job out again: not a byte of it follows.
 */
static void
test_scheduler_dies_in_the_middle (void)
{
  Counter counter;
  plug ();
  model.paper = 300;
  model.room = 60;
  counter_open (&counter, "slips");
  g_autoptr (TillPrintJob) waits = work_until (&counter, WAITS, "paper-out");
  gsize before = model.taken->len;
  stop_scheduler ();
  model.paper = G_MAXSIZE;
  start_scheduler ();
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_UNKNOWN, NULL);
  g_assert_cmpuint (model.taken->len, ==, before);
  counter_close (&counter);
  unplug ();
}

/* Where the scheduler's user can read it, and behind a script: cupsd lets nobody say what a backend
 * preloads. */
static void
install (const char *program)
{
  g_autofree char *called = in_dir ("bin/backend/quittance");
  g_autofree char *copy = in_dir ("bin/quittance");
  g_autofree char *built = NULL;
  gsize size;
  const char *sanitizer = g_getenv ("ASAN_OPTIONS");
  g_autofree char *script = g_strdup_printf (
      "#!/bin/sh\nASAN_OPTIONS=%s LD_PRELOAD=%s UMOCKDEV_DIR=%s exec %s \"$@\"\n",
      sanitizer ? sanitizer : "", g_getenv ("LD_PRELOAD"), g_getenv ("UMOCKDEV_DIR"), copy);
  g_assert_true (g_file_get_contents (program, &built, &size, NULL));
  g_assert_true (g_file_set_contents (copy, built, (gssize)size, NULL));
  g_assert_true (g_file_set_contents (called, script, -1, NULL));
  g_assert_cmpint (g_chmod (copy, 0755), ==, 0);
  g_assert_cmpint (g_chmod (called, 0755), ==, 0);
}

static void
test_no_scheduler (void)
{
  g_test_skip ("cupsd is not installed (package cups-daemon)");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_log_set_fatal_handler (usb_model_is_fatal, NULL);
  g_assert_cmpint (argc, >=, 2);
  if (!find_scheduler ())
    {
      g_test_add_func ("/backend-queue/scheduler", test_no_scheduler);
      return g_test_run ();
    }
  emulator = emulator_new ();
  write_scheduler (our_queues, G_N_ELEMENTS (our_queues));
  install (argv[1]);
  start_scheduler ();
  g_test_add_func ("/backend-queue/proven", test_proven);
  g_test_add_func ("/backend-queue/no-paper-in-the-middle", test_no_paper_in_the_middle);
  g_test_add_func ("/backend-queue/scheduler-dies-in-the-middle",
                   test_scheduler_dies_in_the_middle);
  int result = g_test_run ();
  end_scheduler ();
  emulator_free (emulator);
  return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our backend for CUPS as a process of its own, called as backend(7) says, on a receipt printer of
 * an emulated usbfs. Run under umockdev-wrapper; the program is the first argument. */
#include "devices/print/usb-queue.h"
#include "tests/ctl/folder.h"
#include "tests/print/usb-model.h"

#include <glib/gstdio.h>
#include <signal.h>

#define JOB_BYTES 4000
#define ADDRESS "quittance://usb/04b8:0e28?serial=J9X1"
#define PATIENCE (20 * G_USEC_PER_SEC)
#define BREATH 10000 /* µs between two looks at another process */
#define PROVEN "WARNING: quittance proven job 7 bytes 4000\n"
#define UNKNOWN "WARNING: quittance unknown job 7 bytes 4000\n"
#define UNTOUCHED "WARNING: quittance untouched job 7 bytes 4000\n"

#define END(address) 7, 5, address, 2, 0x40, 0, 0
static const guint8 descriptors[]
    = { 18, 1,  0, 2, 0, 0, 0,    64, 0xb8, 0x04, 0x28, 0x0e, 0, 1, 1, 2, 3, 1,       9,
        2,  32, 0, 1, 1, 0, 0xC0, 1,  9,    4,    0,    0,    2, 7, 1, 2, 0, END (2), END (0x81) };

static const char *program;

typedef struct
{
  Emulator *emulator;
  EmulatorDevice device;
  UsbModel model;
  char *dir, *file, *lines; /* owned */
  char *address;            /* owned */
  GBytes *job;
} Desk;

static void
open_desk (Desk *desk, gconstpointer unused)
{
  desk->emulator = emulator_new ();
  desk->dir = g_dir_make_tmp ("till-backend-XXXXXX", NULL);
  desk->file = g_build_filename (desk->dir, "d00007", NULL);
  desk->lines = g_build_filename (desk->dir, "stderr", NULL);
  desk->address = g_strdup (ADDRESS);
  desk->model = (UsbModel){ .taken = g_byte_array_new (), .paper = G_MAXSIZE, .proofs = 1000 };
  g_autoptr (GString) text = g_string_new ("\x1B@");
  while (text->len < JOB_BYTES)
    g_string_append_printf (text, "row %" G_GSIZE_FORMAT " \xB2\xB9\xB4\xF2\n", text->len);
  g_string_truncate (text, JOB_BYTES);
  desk->job = g_bytes_new (text->str, text->len);
  g_assert_true (g_file_set_contents (desk->file, text->str, (gssize)text->len, NULL));
}

static void
close_desk (Desk *desk, gconstpointer unused)
{
  emulator_free (desk->emulator);
  g_byte_array_unref (desk->model.taken);
  g_bytes_unref (desk->job);
  test_folder_remove (desk->dir);
  g_free (desk->dir);
  g_free (desk->file);
  g_free (desk->lines);
  g_free (desk->address);
}

static void
plug (Desk *desk)
{
  desk->device = (EmulatorDevice){ .vendor = 0x04b8,
                                   .product = 0x0e28,
                                   .serial = "J9X1",
                                   .descriptors = descriptors,
                                   .descriptors_size = sizeof descriptors,
                                   .on_urb = usb_model_on_urb,
                                   .user = &desk->model };
  emulator_plug (desk->emulator, &desk->device);
}

/* A slip of a till, good for a minute, unless other options are given. */
static GSubprocess *
begin (Desk *desk, const char *options)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;
  g_autofree char *good
      = g_strdup_printf ("job-uuid=urn:uuid:1 " TILL_USB_QUEUE_UNTIL "=%" G_GINT64_FORMAT,
                         g_get_real_time () / G_USEC_PER_SEC + 60);
  g_unlink (desk->lines);
  g_subprocess_launcher_setenv (launcher, "DEVICE_URI", desk->address, TRUE);
  g_subprocess_launcher_setenv (launcher, "PRINTER", "slips", TRUE);
  g_subprocess_launcher_setenv (launcher, "CUPS_CACHEDIR", desk->dir, TRUE);
  g_subprocess_launcher_set_stderr_file_path (launcher, desk->lines);
  GSubprocess *process
      = g_subprocess_launcher_spawn (launcher, &error, program, "7", "till", "till-s01t01-2-1", "1",
                                     options ? options : good, desk->file, NULL);
  g_assert_no_error (error);
  return process;
}

static char *
lines_of (Desk *desk)
{
  char *text = NULL;
  return g_file_get_contents (desk->lines, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
wait_for (Desk *desk, const char *line)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  for (;;)
    {
      g_autofree char *lines = lines_of (desk);
      if (strstr (lines, line))
        return;
      if (g_get_monotonic_time () > until)
        g_error ("no \"%s\" in: %s", line, lines);
      g_usleep (BREATH);
    }
}

/* The code it leaves with, and the last it says. */
static void
expect_end (Desk *desk, GSubprocess *process, int code, const char *last)
{
  g_autoptr (GSubprocess) owned = process;
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_autofree char *lines = lines_of (desk);
  g_test_message ("%s", lines);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, code);
  g_assert_true (g_str_has_suffix (lines, last));
  g_assert_false (emulator_is_claimed (desk->emulator));
}

/* Not a byte missing, and none twice. */
static void
assert_printed_once (Desk *desk)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (desk->job, &size);
  g_assert_cmpmem (desk->model.taken->data, desk->model.taken->len, data, size);
}

static void
test_listed (Desk *desk, gconstpointer unused)
{
  plug (desk);
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &said, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_assert_cmpstr (said, ==,
                   "direct " ADDRESS " \"Receipt printer\" \"Receipt printer (Quittance)\" "
                   "\"MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;\" \"\"\n");
}

/* Called again for the same job, as after a scheduler that died, it prints nothing. */
static void
test_printed (Desk *desk, gconstpointer unused)
{
  plug (desk);
  expect_end (desk, begin (desk, NULL), 0, "PAGE: 1 1\n" PROVEN);
  assert_printed_once (desk);
  expect_end (desk, begin (desk, NULL), 0, PROVEN);
  assert_printed_once (desk);
}

/* No till's job: a person who has it printed again means it. */
static void
test_printed_for_others (Desk *desk, gconstpointer unused)
{
  plug (desk);
  expect_end (desk, begin (desk, "raw"), 0, PROVEN);
  assert_printed_once (desk);
  g_byte_array_set_size (desk->model.taken, 0);
  expect_end (desk, begin (desk, "raw"), 0, PROVEN);
  assert_printed_once (desk);
}

static void
test_no_paper_in_the_middle (Desk *desk, gconstpointer unused)
{
  desk->model.paper = 1300;
  desk->model.room = 450;
  plug (desk);
  GSubprocess *process = begin (desk, NULL);
  wait_for (desk, "STATE: +media-empty-error\n");
  desk->model.paper = G_MAXSIZE;
  expect_end (desk, process, 0, "PAGE: 1 1\n" PROVEN);
  assert_printed_once (desk);
  g_autofree char *lines = lines_of (desk);
  g_assert_nonnull (strstr (strstr (lines, "+media-empty"), "STATE: -media-empty-error\n"));
}

static void
test_cover (Desk *desk, gconstpointer unused)
{
  desk->model.cover = TRUE;
  plug (desk);
  GSubprocess *process = begin (desk, NULL);
  wait_for (desk, "STATE: +cover-open-error\n");
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
  desk->model.cover = FALSE;
  expect_end (desk, process, 0, PROVEN);
  assert_printed_once (desk);
}

/* Nothing had left: that slip is as good as any. */
static void
test_plugged_in_late (Desk *desk, gconstpointer unused)
{
  GSubprocess *process = begin (desk, NULL);
  wait_for (desk, "STATE: +offline-report\n");
  plug (desk);
  expect_end (desk, process, 0, PROVEN);
  assert_printed_once (desk);
}

/* It goes on at the byte where it stopped, and claims nothing: whether the printer kept what it had
 * taken, only its owner can see. */
static void
test_pulled_out_and_back (Desk *desk, gconstpointer unused)
{
  desk->model.dies_at = 1000;
  plug (desk);
  GSubprocess *process = begin (desk, NULL);
  wait_for (desk, "STATE: +offline-report\n");
  emulator_unplug (desk->emulator);
  g_assert_cmpuint (desk->model.taken->len, ==, 1000);
  desk->model.dies_at = 0;
  emulator_plug (desk->emulator, &desk->device);
  expect_end (desk, process, 5, UNKNOWN);
  assert_printed_once (desk);
}

static void
test_too_late (Desk *desk, gconstpointer unused)
{
  plug (desk);
  expect_end (desk, begin (desk, TILL_USB_QUEUE_UNTIL "=1000"), 5, UNTOUCHED);
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
}

static void
test_taken_back_in_time (Desk *desk, gconstpointer unused)
{
  desk->model.cover = TRUE;
  plug (desk);
  GSubprocess *process = begin (desk, NULL);
  wait_for (desk, "STATE: +cover-open-error\n");
  g_subprocess_send_signal (process, SIGTERM);
  expect_end (desk, process, 5, UNTOUCHED);
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
  desk->model.cover = FALSE;
  expect_end (desk, begin (desk, NULL), 0, PROVEN); /* the scheduler was only restarted */
  assert_printed_once (desk);
}

/* Half of it may be on paper; not a byte follows, and the same job is never begun again. */
static void
test_taken_back_in_the_middle (Desk *desk, gconstpointer kill_it)
{
  desk->model.paper = 1300;
  plug (desk);
  GSubprocess *process = begin (desk, NULL);
  wait_for (desk, "STATE: +media-empty-error\n");
  gsize before = desk->model.taken->len;
  if (kill_it)
    {
      g_subprocess_force_exit (process);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
      g_object_unref (process);
      emulator_unplug (desk->emulator); /* what a dead process held is let go */
      emulator_plug (desk->emulator, &desk->device);
    }
  else
    {
      g_subprocess_send_signal (process, SIGTERM);
      expect_end (desk, process, 5, UNKNOWN);
    }
  desk->model.paper = G_MAXSIZE;
  g_autoptr (GSubprocess) again = begin (desk, NULL);
  g_assert_true (g_subprocess_wait (again, NULL, NULL));
  g_autofree char *lines = lines_of (desk);
  g_assert_cmpint (g_subprocess_get_exit_status (again), ==, 5);
  g_assert_true (g_str_has_suffix (lines, UNKNOWN));
  g_assert_cmpuint (desk->model.taken->len, ==, before);
}

static void
test_without_proof (Desk *desk, gconstpointer unused)
{
  desk->model.mute = TRUE;
  plug (desk);
  expect_end (desk, begin (desk, NULL), 0, "WARNING: quittance handed job 7 bytes 4000\n");
  assert_printed_once (desk);
}

/* A queue whose printer cannot be meant is stopped, its jobs stay; a job that is none is put away.
 */
static void
test_refused (Desk *desk, gconstpointer unused)
{
  static const char *const wrong[] = { "usb://EPSON/TM-T20II",
                                       "quittance://net/04b8:0e28",
                                       "quittance://usb/TM-T20",
                                       "quittance://usb/04b8:0e28?serial=%00",
                                       "quittance://usb/04b8:0e28?model=x",
                                       "" };
  plug (desk);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_free (desk->address);
      desk->address = g_strdup (wrong[i]);
      expect_end (desk, begin (desk, NULL), 4, "names no receipt printer on USB\n");
    }
  g_free (desk->address);
  desk->address = g_strdup (ADDRESS);
  g_assert_true (g_file_set_contents (desk->file, "", 0, NULL));
  expect_end (desk, begin (desk, NULL), 5, "too long for a slip\n");
  g_autofree char *much = g_strnfill (1024 * 1024 + 1, 'x');
  g_assert_true (g_file_set_contents (desk->file, much, -1, NULL));
  expect_end (desk, begin (desk, NULL), 5, "too long for a slip\n");
  g_unlink (desk->file);
  expect_end (desk, begin (desk, NULL), 5, "too long for a slip\n");
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
}

/* What cannot be remembered is not printed. */
static void
test_no_memory (Desk *desk, gconstpointer unused)
{
  plug (desk);
  g_autofree char *memory = g_build_filename (desk->dir, "quittance-slips.job", NULL);
  g_assert_cmpint (g_mkdir (memory, 0700), ==, 0);
  expect_end (desk, begin (desk, NULL), 4, "\n");
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
}

static void
test_words (void)
{
  static const char *const wrong[] = {
    "",
    "Job completed.",
    "quittance proven job 8 bytes 4000",
    "quittance proven job 7 bytes",
    "quittance proven job 7 bytes -1",
    "quittance proven job 7 bytes 4000 ",
    "quittance proved job 7 bytes 4000",
    "Quittance proven job 7 bytes 4000",
    "quittance proven job 07x bytes 4000",
  };
  TillUsbQueueEnd end;
  gsize bytes;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (till_usb_queue_end_read (wrong[i], 7, &end, &bytes));
  for (int one = TILL_USB_QUEUE_PROVEN; one <= TILL_USB_QUEUE_UNTOUCHED; one++)
    {
      g_autofree char *words = till_usb_queue_end_write ((TillUsbQueueEnd)one, 7, 4000);
      g_assert_true (till_usb_queue_end_read (words, 7, &end, &bytes));
      g_assert_cmpint (end, ==, one);
      g_assert_cmpuint (bytes, ==, 4000);
    }
  static const char *const names[] = { "04b8:0e28", "04b8:0e28:J9X1", "04b8:0e28@1-2.3" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *address = till_usb_queue_address (names[i]);
      g_autofree char *name = till_usb_queue_printer (address);
      g_assert_cmpstr (name, ==, names[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_log_set_fatal_handler (usb_model_is_fatal, NULL);
  g_assert_cmpint (argc, >=, 2);
  program = argv[1];
#define TEST(path, test, data)                                                                     \
  g_test_add ("/backend/" path, Desk, data, open_desk, test, close_desk)
  TEST ("listed", test_listed, NULL);
  TEST ("printed", test_printed, NULL);
  TEST ("printed-for-others", test_printed_for_others, NULL);
  TEST ("no-paper-in-the-middle", test_no_paper_in_the_middle, NULL);
  TEST ("cover", test_cover, NULL);
  TEST ("plugged-in-late", test_plugged_in_late, NULL);
  TEST ("pulled-out-and-back", test_pulled_out_and_back, NULL);
  TEST ("too-late", test_too_late, NULL);
  TEST ("taken-back/in-time", test_taken_back_in_time, NULL);
  TEST ("taken-back/in-the-middle", test_taken_back_in_the_middle, NULL);
  TEST ("taken-back/killed", test_taken_back_in_the_middle, "kill");
  TEST ("without-proof", test_without_proof, NULL);
  TEST ("refused", test_refused, NULL);
  TEST ("no-memory", test_no_memory, NULL);
  g_test_add_func ("/backend/words", test_words);
  return g_test_run ();
}

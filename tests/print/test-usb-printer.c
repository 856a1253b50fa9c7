/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole road to a receipt printer on USB: job folder, questions, bytes, proof; through real
 * libusb onto an emulated usbfs. Run under umockdev-wrapper. */
#include "devices/print/spooler.h"
#include "devices/print/printers.h"
#include "devices/print/trial.h"
#include "devices/print/usb-way.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/selling.h"
#include "data/ledger/print-store.h"
#include "tests/ctl/folder.h"
#include "tests/data/shop-fixture.h"
#include "tests/print/usb-model.h"

#include <glib/gstdio.h>

#define JOB_BYTES 4000
#define NAME "04b8:0e28:J9X1"
/* Short, for nobody waits for a motor here; proof_ms is passed by looking again. */
static const TillReceiptPatience patience
    = { .ask_ms = 60, .write_ms = 60, .sync_ms = 600, .proof_ms = 150, .budget_ms = 3000 };

#define DEVICE(vid, pid)                                                                           \
  18, 1, 0, 2, 0, 0, 0, 64, (vid)&0xFF, (vid) >> 8, (pid)&0xFF, (pid) >> 8, 0, 1, 1, 2, 3, 1
#define FACE(ends, class)                                                                          \
  9, 2, 18 + 7 * (ends), 0, 1, 1, 0, 0xC0, 1, 9, 4, 0, 0, ends, class, 1, 2, 0
#define END(address) 7, 5, address, 2, 0x40, 0, 0

static const guint8 class_printer[] = { DEVICE (0x04b8, 0x0e28), FACE (2, 7), END (2), END (0x81) };
static const guint8 vendor_printer[]
    = { DEVICE (0x04b8, 0x0202), FACE (2, 0xFF), END (1), END (0x82) };
static const guint8 one_way_printer[] = { DEVICE (0x04b8, 0x0e28), FACE (1, 7), END (2) };
static const guint8 stranger[] = { DEVICE (0x1234, 0x0202), FACE (2, 0xFF), END (1), END (0x82) };

typedef struct
{
  Emulator *emulator;
  EmulatorDevice device;
  UsbModel model;
  char *dir;
  TillPrinter *printer;
  GBytes *job;
} Desk;

static void
open_way (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&desk->printer, till_printer_free);
  desk->printer = till_usb_way_new (NAME, desk->dir, &patience, &error);
  g_assert_no_error (error);
}

static void
plug (Desk *desk, const guint8 *descriptors, gsize size)
{
  desk->device = (EmulatorDevice){ .vendor = 0x04b8,
                                   .product = 0x0e28,
                                   .serial = "J9X1",
                                   .descriptors = descriptors,
                                   .descriptors_size = size,
                                   .on_urb = usb_model_on_urb,
                                   .user = &desk->model };
  emulator_plug (desk->emulator, &desk->device);
}

static void
open_desk (Desk *desk, gconstpointer unused)
{
  desk->emulator = emulator_new ();
  desk->dir = g_dir_make_tmp ("till-usb-way-XXXXXX", NULL);
  desk->model = (UsbModel){ .taken = g_byte_array_new (), .paper = G_MAXSIZE, .proofs = 1000 };
  g_autoptr (GString) text = g_string_new ("\x1B@");
  while (text->len < JOB_BYTES)
    g_string_append_printf (text, "row %" G_GSIZE_FORMAT " \xB2\xB9\xB4\xF2\n", text->len);
  desk->job = g_bytes_new (text->str, text->len);
  open_way (desk);
}

static void
close_desk (Desk *desk, gconstpointer unused)
{
  emulator_set_denied (desk->emulator, FALSE);
  g_clear_pointer (&desk->printer, till_printer_free);
  g_assert_false (emulator_is_claimed (desk->emulator));
  emulator_free (desk->emulator);
  g_byte_array_unref (desk->model.taken);
  g_bytes_unref (desk->job);
  test_folder_remove (desk->dir);
  g_free (desk->dir);
}

static TillJobReport *
look_at (Desk *desk, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *job = till_printer_find (desk->printer, title, &error);
  g_assert_no_error (error);
  TillJobReport *report = till_printer_report (desk->printer, job, title, &error);
  g_assert_no_error (error);
  return report;
}

static void
hand_in (Desk *desk, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *job = till_printer_submit (desk->printer, title, desk->job, 0, &error);
  g_assert_no_error (error);
  g_assert_nonnull (job);
}

#define expect(desk, title, want, is_proven, troubles)                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (TillJobReport) expected = look_at (desk, title);                                    \
    g_assert_cmpstr (till_job_state_word (expected->state), ==, till_job_state_word (want));       \
    g_assert_cmpint (expected->proven, ==, is_proven);                                             \
    g_assert_cmpuint (expected->trouble, ==, (guint)(troubles));                                   \
  }                                                                                                \
  G_STMT_END

/* Not a byte missing, and none twice. */
static void
assert_printed_once (Desk *desk)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (desk->job, &size);
  g_assert_cmpmem (desk->model.taken->data, desk->model.taken->len, data, size);
}

static void
test_printed (Desk *desk, gconstpointer unused)
{
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
  g_assert_cmpuint (desk->model.asked_late, >, 8); /* it was asked on the way, too */
  g_assert_false (emulator_is_claimed (desk->emulator));
  g_assert_cmpuint (emulator_given_back (desk->emulator), >=, 1);
  hand_in (desk, "one"); /* the same once more is the same */
  assert_printed_once (desk);
}

static void
test_vendor_class (Desk *desk, gconstpointer unused)
{
  plug (desk, vendor_printer, sizeof vendor_printer);
  g_clear_pointer (&desk->printer, till_printer_free);
  desk->printer = till_usb_way_new ("04b8:0202@1-1", desk->dir, &patience, NULL);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

static void
test_stranger_is_left_alone (Desk *desk, gconstpointer unused)
{
  plug (desk, stranger, sizeof stranger);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = till_usb_cable_list (&error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 0);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PENDING, FALSE, TILL_PRINTER_OFFLINE);
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
}

static void
test_listed (Desk *desk, gconstpointer unused)
{
  plug (desk, class_printer, sizeof class_printer);
  g_autoptr (GPtrArray) list = till_usb_cable_list (NULL);
  g_assert_cmpuint (list->len, ==, 1);
  const TillUsbPrinter *printer = g_ptr_array_index (list, 0);
  g_assert_cmpstr (printer->name, ==, NAME);
  g_assert_true (printer->can_tell);
  TillUsbName name;
  g_assert_true (till_usb_name_read (printer->name, &name));
  g_autoptr (TillUsbCable) cable = till_usb_cable_open (&name, NULL);
  g_autofree char *id = till_usb_cable_device_id (cable);
  g_assert_cmpstr (id, ==, "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;");
}

static void
test_names (void)
{
  static const char *const wrong[]
      = { "",           "04b8",       "04b8:0e2",   "04b8:0e2g",     "04b8-0e28",
          "04b8:0e28:", "04b8:0e28@", "04b8:0e28 ", "04b8:0e28:a b", "04b8:0e28:\xE5\x8F\xB7",
          "TM-T20" };
  TillUsbName name;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (till_usb_name_read (wrong[i], &name));
  g_assert_true (till_usb_name_read ("04B8:0e28", &name));
  g_assert_true (till_usb_name_fits (&name, 0x04b8, 0x0e28, "x", "1-1"));
  g_assert_false (till_usb_name_fits (&name, 0x04b8, 0x0e29, "x", "1-1"));
  g_assert_true (till_usb_name_read ("04b8:0e28:x", &name));
  g_assert_false (till_usb_name_fits (&name, 0x04b8, 0x0e28, "y", "1-1"));
  g_assert_true (till_usb_name_read ("04b8:0e28@1-1.2", &name));
  g_assert_false (till_usb_name_fits (&name, 0x04b8, 0x0e28, "x", "1-1"));
  g_autofree char *by_port = till_usb_name_write (0x04b8, 0x0e28, "a b", "2-1");
  g_assert_cmpstr (by_port, ==, "04b8:0e28@2-1");
}

static void
test_no_paper_before (Desk *desk, gconstpointer unused)
{
  desk->model.paper = 0;
  desk->model.room = 4096;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PENDING, FALSE, TILL_PRINTER_PAPER_OUT);
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
  desk->model.paper = G_MAXSIZE;
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

/* Its buffer takes some more; then nothing. What is printed when there is paper again is the rest.
 */
static void
test_no_paper_in_the_middle (Desk *desk, gconstpointer unused)
{
  desk->model.paper = 1300;
  desk->model.room = 450;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PROCESSING, FALSE, TILL_PRINTER_PAPER_OUT);
  gsize stopped = desk->model.taken->len;
  g_assert_cmpuint (stopped, >=, 1300);
  g_assert_cmpuint (stopped, <=, 1750);
  expect (desk, "one", TILL_JOB_PROCESSING, FALSE, TILL_PRINTER_PAPER_OUT);
  g_assert_cmpuint (desk->model.taken->len, ==, stopped);
  desk->model.paper = G_MAXSIZE;
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

/* The printer has everything and stands still before its end: that is not printed yet. */
static void
test_no_paper_at_the_end (Desk *desk, gconstpointer unused)
{
  desk->model.paper = g_bytes_get_size (desk->job);
  desk->model.room = 100;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PROCESSING, FALSE, TILL_PRINTER_PAPER_OUT);
  desk->model.paper = G_MAXSIZE;
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

static void
test_cover_and_cutter (Desk *desk, gconstpointer unused)
{
  desk->model.cover = TRUE;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PENDING, FALSE, TILL_PRINTER_COVER_OPEN);
  desk->model.cover = FALSE;
  desk->model.cutter = TRUE;
  expect (desk, "one", TILL_JOB_PENDING, FALSE, TILL_PRINTER_JAM);
  desk->model.cutter = FALSE;
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

static TillDrawerLevel
drawer_of (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  TillDrawerLevel level;
  g_assert_true (till_printer_drawer (desk->printer, &level, &error));
  g_assert_no_error (error);
  return level;
}

/* The drawer's wire: high, low, and nothing where the printer is mute, has no way back, or has half
 * a slip. A wire that is high is no trouble. */
static void
test_drawer (Desk *desk, gconstpointer unused)
{
  g_autoptr (GError) away = NULL;
  TillDrawerLevel level = TILL_DRAWER_HIGH;
  g_assert_false (till_printer_drawer (desk->printer, &level, &away));
  g_assert_error (away, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_assert_cmpint (level, ==, TILL_DRAWER_UNSAID);
  plug (desk, class_printer, sizeof class_printer);
  g_assert_cmpint (drawer_of (desk), ==, TILL_DRAWER_LOW);
  desk->model.drawer = TRUE;
  g_assert_cmpint (drawer_of (desk), ==, TILL_DRAWER_HIGH);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  desk->model.mute = TRUE;
  g_assert_cmpint (drawer_of (desk), ==, TILL_DRAWER_UNSAID);
  desk->model.mute = FALSE;
  desk->model.paper = desk->model.taken->len + 1300;
  hand_in (desk, "two");
  expect (desk, "two", TILL_JOB_PROCESSING, FALSE, TILL_PRINTER_PAPER_OUT);
  guint asked = desk->model.asked;
  g_assert_cmpint (drawer_of (desk), ==, TILL_DRAWER_UNSAID);
  g_assert_cmpuint (desk->model.asked, ==, asked);
}

static void
test_drawer_one_way (Desk *desk, gconstpointer unused)
{
  plug (desk, one_way_printer, sizeof one_way_printer);
  g_assert_cmpint (drawer_of (desk), ==, TILL_DRAWER_UNSAID);
}

typedef struct
{
  UsbModel *model;
  guint opens_after, closes_after; /* questions; 0: never */
} Lid;

/* The emulator answers on a thread of its own, and so it is there that the lid moves. */
static int
on_urb_with_lid (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user)
{
  Lid *lid = user;
  guint asked = lid->model->asked;
  lid->model->drawer = !(lid->opens_after && asked >= lid->opens_after
                         && (!lid->closes_after || asked < lid->closes_after));
  return usb_model_on_urb (urb, buffer, lid->model);
}

/* Closed is high here. What is not seen to open and to close again teaches nothing. */
static void
test_drawer_learnt (Desk *desk, gconstpointer unused)
{
  static const struct
  {
    guint opens_after, closes_after;
    gboolean mute, is_empty;
    TillDrawerOutcome outcome;
  } cases[] = {
    { 2, 4, FALSE, FALSE, TILL_TRIAL_LEARNT },  { 2, 0, FALSE, FALSE, TILL_TRIAL_STAYS_OPEN },
    { 0, 0, FALSE, FALSE, TILL_TRIAL_UNMOVED }, { 2, 4, TRUE, FALSE, TILL_TRIAL_SILENT },
    { 2, 4, FALSE, TRUE, TILL_TRIAL_SILENT },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) away = NULL;
  TillDrawerTrial trial;
  TillShop shop = { .paper_usb = (char *)"" };
  g_assert_false (till_trial_drawer (&shop, 1, 1, &trial, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  shop.paper_usb = (char *)NAME;
  g_assert_false (till_trial_drawer (&shop, 1, 1, &trial, &away));
  g_assert_error (away, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  Lid lid = { .model = &desk->model };
  plug (desk, class_printer, sizeof class_printer);
  emulator_unplug (desk->emulator);
  desk->device.on_urb = on_urb_with_lid;
  desk->device.user = &lid;
  emulator_plug (desk->emulator, &desk->device);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      desk->model.asked = 0;
      desk->model.piped = 0;
      desk->model.mute = cases[i].mute;
      desk->model.paper = cases[i].is_empty ? 0 : G_MAXSIZE;
      lid.opens_after = cases[i].opens_after;
      lid.closes_after = cases[i].closes_after;
      g_assert_true (till_trial_drawer (&shop, 1, 1, &trial, &error));
      g_assert_no_error (error);
      g_assert_cmpint (trial.outcome, ==, cases[i].outcome);
      if (trial.outcome == TILL_TRIAL_LEARNT)
        g_assert_cmpint (trial.closed, ==, TILL_DRAWER_HIGH);
      g_assert_cmpstr (till_trial_drawer_sentence (&trial), !=, "");
      if (cases[i].is_empty) /* half a slip may wait: nothing was asked */
        g_assert_cmpuint (desk->model.asked, ==, 0);
    }
}

/* Without paper many cheap printers take no byte at all; the port still says why. */
static void
test_refuses_without_paper (Desk *desk, gconstpointer unused)
{
  desk->model.mute = TRUE;
  desk->model.paper = 0;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PENDING, FALSE, TILL_PRINTER_PAPER_OUT);
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
}

static void
test_stall (Desk *desk, gconstpointer unused)
{
  desk->model.stalls_at = 900;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
  g_assert_cmpuint (emulator_clear_halts (desk->emulator), ==, 1);
}

/* It was switched off with half a slip: a person is asked, nothing is printed again, and the next
 * slip is not held up. */
static void
test_pulled_out (Desk *desk, gconstpointer unused)
{
  desk->model.dies_at = 1000;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  emulator_unplug (desk->emulator);
  g_assert_cmpuint (desk->model.taken->len, ==, 1000);
  desk->model.dies_at = 0;
  g_byte_array_set_size (desk->model.taken, 0);
  emulator_plug (desk->emulator, &desk->device);
  expect (desk, "one", TILL_JOB_ABORTED, FALSE, 0);
  g_assert_cmpuint (desk->model.taken->len, ==, 0);
  hand_in (desk, "two");
  expect (desk, "two", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

/* Out of paper, switched off and on: what it had in its buffer is gone. */
static void
test_switched_off_while_it_waits (Desk *desk, gconstpointer unused)
{
  desk->model.paper = 1300;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_PROCESSING, FALSE, TILL_PRINTER_PAPER_OUT);
  emulator_unplug (desk->emulator);
  desk->model.paper = G_MAXSIZE;
  emulator_plug (desk->emulator, &desk->device);
  gsize before = desk->model.taken->len;
  expect (desk, "one", TILL_JOB_ABORTED, FALSE, 0);
  g_assert_cmpuint (desk->model.taken->len, ==, before);
}

static void
test_held_by_another (Desk *desk, gconstpointer unused)
{
  emulator_set_busy (desk->emulator, TRUE);
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  g_autoptr (TillJobReport) report = look_at (desk, "one");
  g_assert_cmpuint (report->trouble, ==, TILL_PRINTER_OTHER);
  g_assert_nonnull (strstr (report->words, "held by another program"));
  emulator_set_busy (desk->emulator, FALSE);
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
}

static void
test_no_permission (Desk *desk, gconstpointer unused)
{
  plug (desk, class_printer, sizeof class_printer);
  emulator_set_denied (desk->emulator, TRUE);
  hand_in (desk, "one");
  g_autoptr (TillJobReport) report = look_at (desk, "one");
  g_assert_cmpuint (report->trouble, ==, TILL_PRINTER_OTHER);
  g_assert_nonnull (strstr (report->words, "70-quittance.rules"));
  emulator_set_denied (desk->emulator, FALSE);
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
}

static void
test_short_writes (Desk *desk, gconstpointer unused)
{
  desk->model.most = 200;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  for (int i = 0; i < 60; i++)
    {
      g_autoptr (TillJobReport) report = look_at (desk, "one");
      if (till_job_is_over (report->state))
        break;
    }
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

/* Somebody else's questions were answered and never fetched: "no paper", and one in its turn. */
static void
test_answers_of_others (Desk *desk, gconstpointer unused)
{
  usb_model_answer (&desk->model, 0x7A);
  usb_model_answer (&desk->model, 0x00);
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  assert_printed_once (desk); /* at once: it does have paper */
  expect (desk, "one", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

/* An earlier job is still owed its answer, ours comes a little behind it, and this printer will
 * give none after that. */
static void
test_no_proof_of_another_job (Desk *desk, gconstpointer unused)
{
  desk->model.proofs = 2;
  desk->model.owed = 1;
  desk->model.pace = 170 * G_TIME_SPAN_MILLISECOND;
  desk->model.turned_at = g_get_monotonic_time ();
  g_bytes_unref (desk->job);
  desk->job = g_bytes_new_static ("row\n", 4); /* over before that answer comes */
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (TillJobReport) report = look_at (desk, "one");
      g_assert_false (report->proven);
    }
  expect (desk, "one", TILL_JOB_ABORTED, FALSE, 0);
  assert_printed_once (desk);
}

/* It proves, and this time it does not: nobody may say that it is on paper. */
static void
test_proof_does_not_come (Desk *desk, gconstpointer unused)
{
  desk->model.proofs = 1;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (TillJobReport) report = look_at (desk, "one");
      g_assert_cmpint (report->state, !=, TILL_JOB_COMPLETED);
    }
  expect (desk, "one", TILL_JOB_ABORTED, FALSE, 0);
}

static void
test_never_answers (Desk *desk, gconstpointer unused)
{
  desk->model.mute = desk->model.no_port = TRUE;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_COMPLETED, FALSE, 0);
  assert_printed_once (desk);
}

static void
test_one_way (Desk *desk, gconstpointer unused)
{
  plug (desk, one_way_printer, sizeof one_way_printer);
  hand_in (desk, "one");
  expect (desk, "one", TILL_JOB_COMPLETED, FALSE, 0);
  assert_printed_once (desk);
  g_assert_cmpuint (desk->model.asked, ==, 0);
}

/* The till died while half a slip was out. */
static void
test_died_in_the_middle (Desk *desk, gconstpointer unused)
{
  desk->model.paper = 1300;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "one");
  hand_in (desk, "two");
  open_way (desk);
  gsize before = desk->model.taken->len;
  desk->model.paper = G_MAXSIZE;
  expect (desk, "one", TILL_JOB_ABORTED, FALSE, 0);
  expect (desk, "two", TILL_JOB_COMPLETED, TRUE, 0);
  g_assert_cmpuint (desk->model.taken->len, ==, before + g_bytes_get_size (desk->job));
}

/* Wherever the power fails: not at all, once, or asked about; never twice. */
static void
test_plug (Desk *desk, gconstpointer unused)
{
  plug (desk, class_printer, sizeof class_printer);
  gboolean cut = TRUE;
  for (guint nth = 1; cut; nth++)
    {
      g_autofree char *title = g_strdup_printf ("cut-%u", nth);
      g_byte_array_set_size (desk->model.taken, 0);
      till_fault_arm (nth);
      g_autofree char *job = till_printer_submit (desk->printer, title, desk->job, 0, NULL);
      cut = till_fault_where () != NULL;
      till_fault_restore ();
      open_way (desk);
      hand_in (desk, title);
      g_autoptr (TillJobReport) report = look_at (desk, title);
      g_assert_true (till_job_is_over (report->state));
      if (report->state == TILL_JOB_COMPLETED || desk->model.taken->len > 0)
        assert_printed_once (desk);
      g_assert_cmpint (report->state == TILL_JOB_COMPLETED, ==, report->proven);
      g_assert_cmpuint (nth, <, 20);
    }
}

/* Found, taken, and tried: the test slip is on paper, and the printer itself has said so. One that
 * is open takes none of it, and the slip is taken back. */
static void
test_tried (Desk *desk, gconstpointer unused)
{
  Shop books;
  shop_open (&books, NULL, 1);
  g_autoptr (TillShop) shop = till_selling_shop (books.ledger, NULL);
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;
  plug (desk, class_printer, sizeof class_printer);
  g_free (shop->paper_usb);
  shop->paper_usb = g_strdup (NAME);
  g_free (shop->paper_server);
  shop->paper_server = g_strdup ("/nowhere/cups.sock");
  g_autoptr (GPtrArray) found = till_printers_find (shop, &problem);
  g_assert_nonnull (problem); /* and the printers on USB are told all the same */
  g_assert_cmpuint (found->len, ==, 1);
  const TillPrinterFound *one = g_ptr_array_index (found, 0);
  g_assert_true (one->on_usb && one->can_tell && one->chosen);
  g_autoptr (TillJobReport) good
      = till_trial_print (shop, desk->dir, g_get_real_time (), 10, &error);
  g_assert_no_error (error);
  g_assert_cmpint (good->state, ==, TILL_JOB_COMPLETED);
  g_assert_true (good->proven);
  gsize printed = desk->model.taken->len;
  g_assert_cmpuint (printed, >, 200);
  desk->model.cover = TRUE;
  g_autoptr (TillJobReport) open
      /* Long enough for it to have been asked on a slow machine, too. */
      = till_trial_print (shop, desk->dir, g_get_real_time (), 4, &error);
  g_assert_no_error (error);
  g_assert_true (open->untouched);
  g_assert_true ((open->trouble & TILL_PRINTER_COVER_OPEN) != 0);
  desk->model.cover = FALSE;
  g_assert_cmpuint (desk->model.taken->len, ==, printed);
  shop_close (&books);
}

static void
hand_in_until (Desk *desk, const char *title, int64_t good_until)
{
  g_autofree char *job = till_printer_submit (desk->printer, title, desk->job, good_until, NULL);
  g_assert_nonnull (job);
}

static void
assert_untouched (Desk *desk, const char *title)
{
  g_autoptr (TillJobReport) report = look_at (desk, title);
  g_assert_cmpint (report->state, ==, TILL_JOB_ABORTED);
  g_assert_true (report->untouched);
  g_assert_false (report->proven);
}

/* Slips of last night and a kick for the drawer waited; the printer is switched on in the morning.
 * Only what is still good comes out. */
static void
test_stale (Desk *desk, gconstpointer unused)
{
  hand_in_until (desk, "kick-of-last-night", g_get_real_time () - TILL_HOUR);
  hand_in_until (desk, "slip-of-last-night", g_get_real_time () - TILL_SECOND * 2);
  hand_in_until (desk, "still-good", g_get_real_time () + TILL_HOUR);
  open_way (desk); /* the till was off as well */
  plug (desk, class_printer, sizeof class_printer);
  expect (desk, "still-good", TILL_JOB_COMPLETED, TRUE, 0);
  assert_untouched (desk, "kick-of-last-night");
  assert_untouched (desk, "slip-of-last-night");
  assert_printed_once (desk);
}

static void
withdraw (Desk *desk, const char *title)
{
  gboolean asked;
  g_autofree char *job = till_printer_find (desk->printer, title, NULL);
  g_assert_true (till_printer_withdraw (desk->printer, job, title, &asked, NULL));
  g_assert_true (asked);
}

/* What has not begun is not printed; what has goes on to its end. */
static void
test_withdrawn (Desk *desk, gconstpointer unused)
{
  gboolean asked;
  g_autoptr (GError) error = NULL;
  g_assert_false (till_printer_withdraw (desk->printer, "1", "nobody", &asked, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  desk->model.paper = 1300;
  plug (desk, class_printer, sizeof class_printer);
  hand_in (desk, "begun");
  hand_in (desk, "waits");
  withdraw (desk, "begun");
  withdraw (desk, "waits");
  withdraw (desk, "waits");
  desk->model.paper = G_MAXSIZE;
  expect (desk, "begun", TILL_JOB_COMPLETED, TRUE, 0);
  assert_untouched (desk, "waits");
  withdraw (desk, "begun");
  expect (desk, "begun", TILL_JOB_COMPLETED, TRUE, 0);
  assert_printed_once (desk);
}

static void
test_refuses (Desk *desk, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) second = NULL;
  g_assert_null (till_usb_way_new ("TM-T20", desk->dir, &patience, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_null (till_usb_way_new (NAME, desk->dir, &patience, &second));
  g_assert_error (second, TILL_ERROR, TILL_ERROR_BUSY);
}

/* --- from a sale in the books to what they say of its slip --- */

/* Behind the kick of the drawer. */
#define SLIP 2

static TillPrintState
slip_of_a_sale (Desk *desk)
{
  Shop shop;
  shop_open (&shop, NULL, 1);
  /* Until when a slip is good is a matter of the machine's clock. */
  till_clock_advance (shop.clock, g_get_real_time () - till_clock_now (shop.clock));
  g_autoptr (TillBasket) basket = shop_basket (&shop);
  shop_scan (&shop, basket, "6901234567892", 2000);
  g_autoptr (TillSale) sale = shop_pay (&shop, basket, NULL);
  g_autoptr (TillShop) settings = till_selling_shop (shop.ledger, NULL);
  TillSpooler *spooler = till_spooler_new (shop.ledger, g_steal_pointer (&desk->printer), settings);
  g_autoptr (TillPrintJob) job = NULL;
  for (int i = 0; i < 20 && (!job || till_print_state_is_live (job->state)); i++)
    {
      gboolean did;
      int64_t next_at;
      g_clear_pointer (&job, till_print_job_free);
      g_assert_true (till_spooler_step (spooler, &did, &next_at, NULL));
      g_assert_true (till_print_store_load (shop.ledger, SLIP, &job, NULL));
      if (!did && next_at)
        till_clock_advance (shop.clock, MAX (0, next_at - till_clock_now (shop.clock)));
    }
  TillPrintState state = job->state;
  g_assert_cmpint (shop_balance (&shop, "drawer"), ==, 700);
  till_spooler_free (spooler);
  shop_close (&shop);
  return state;
}

static void
test_books_say_printed (Desk *desk, gconstpointer unused)
{
  plug (desk, class_printer, sizeof class_printer);
  g_assert_cmpint (slip_of_a_sale (desk), ==, TILL_PRINT_PRINTED);
}

static void
test_books_say_delivered (Desk *desk, gconstpointer unused)
{
  plug (desk, one_way_printer, sizeof one_way_printer);
  g_assert_cmpint (slip_of_a_sale (desk), ==, TILL_PRINT_DELIVERED);
}

static void
test_books_say_unknown (Desk *desk, gconstpointer unused)
{
  desk->model.proofs = 2; /* the drawer's */
  plug (desk, class_printer, sizeof class_printer);
  g_assert_cmpint (slip_of_a_sale (desk), ==, TILL_PRINT_UNKNOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const struct
  {
    const char *name;
    void (*test) (Desk *, gconstpointer);
  } tests[] = {
    { "/usb-printer/printed", test_printed },
    { "/usb-printer/vendor-class", test_vendor_class },
    { "/usb-printer/stranger-is-left-alone", test_stranger_is_left_alone },
    { "/usb-printer/listed", test_listed },
    { "/usb-printer/no-paper/before", test_no_paper_before },
    { "/usb-printer/no-paper/in-the-middle", test_no_paper_in_the_middle },
    { "/usb-printer/no-paper/at-the-end", test_no_paper_at_the_end },
    { "/usb-printer/no-paper/refuses", test_refuses_without_paper },
    { "/usb-printer/cover-and-cutter", test_cover_and_cutter },
    { "/usb-printer/drawer/tells", test_drawer },
    { "/usb-printer/drawer/one-way", test_drawer_one_way },
    { "/usb-printer/drawer/learnt", test_drawer_learnt },
    { "/usb-printer/stall", test_stall },
    { "/usb-printer/pulled-out", test_pulled_out },
    { "/usb-printer/switched-off-while-it-waits", test_switched_off_while_it_waits },
    { "/usb-printer/held-by-another", test_held_by_another },
    { "/usb-printer/no-permission", test_no_permission },
    { "/usb-printer/short-writes", test_short_writes },
    { "/usb-printer/answers-of-others", test_answers_of_others },
    { "/usb-printer/no-proof/of-another-job", test_no_proof_of_another_job },
    { "/usb-printer/no-proof/does-not-come", test_proof_does_not_come },
    { "/usb-printer/never-answers", test_never_answers },
    { "/usb-printer/one-way", test_one_way },
    { "/usb-printer/died-in-the-middle", test_died_in_the_middle },
    { "/usb-printer/plug", test_plug },
    { "/usb-printer/tried", test_tried },
    { "/usb-printer/stale", test_stale },
    { "/usb-printer/withdrawn", test_withdrawn },
    { "/usb-printer/refuses", test_refuses },
    { "/usb-printer/books/printed", test_books_say_printed },
    { "/usb-printer/books/delivered", test_books_say_delivered },
    { "/usb-printer/books/unknown", test_books_say_unknown },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Desk, NULL, open_desk, tests[i].test, close_desk);
  g_test_add_func ("/usb-printer/names", test_names);
  return g_test_run ();
}

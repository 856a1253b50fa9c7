/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A customer display that is a serial line, at an emulated usbfs through real libusb: what arrives
 * there, and what becomes of the till when it does not. Run under umockdev-wrapper. */
#include "data/core/worker.h"
#include "devices/usb/display-cells.h"
#include "devices/usb/display.h"
#include "devices/usb/virtual-plug.h"
#include "tests/usb/ear.h"
#include "tests/usb/emulator.h"

#include <errno.h>
#include <glib/gstdio.h>

enum
{
  AT_OUT_ADDRESS = 18 + 9 + 9 + 19 + 7 + 9 + 2,
};

static const guint8 descriptors[] = {
  18, 1,    0x00, 0x02, 0x02, 0,    0,    64,   0x34, 0x12, 0x78, 0x56, 0,    1,    1,
  2,  3,    1,                                      /* device */
  9,  2,    67,   0,    2,    1,    0,    0x80, 50, /* configuration */
  9,  4,    0,    0,    1,    0x02, 0x02, 0x01, 0,  /* control */
  5,  0x24, 0x00, 0x10, 0x01, 5,    0x24, 0x01, 0x00, 0x01, 4,    0x24, 0x02, 0x02, /* header,
                                                                                       calls, ACM */
  5,  0x24, 0x06, 0,    1,                                                          /* union */
  7,  5,    0x82, 3,    8,    0,    16,            /* notifications */
  9,  4,    1,    0,    2,    0x0A, 0,    0,    0, /* data */
  7,  5,    0x01, 2,    64,   0,    0,             /* out */
  7,  5,    0x81, 2,    64,   0,    0,             /* in */
};

/* The display; under its own lock, for the emulator answers on a thread of its own. */
typedef struct
{
  GMutex lock;
  GCond changed;
  GString *shown;               /* everything since it was last looked at */
  int answer;                   /* to what is sent */
  gboolean is_slow, is_at_work; /* answers when it is slow no more */
} Pole;

static int
on_urb (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user)
{
  Pole *pole = user;
  if (urb->type == USBDEVFS_URB_TYPE_CONTROL)
    {
      urb->actual_length = urb->buffer_length - 8;
      return 0;
    }
  if (urb->endpoint & 0x80)
    return EMULATOR_HOLD;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pole->lock);
  pole->is_at_work = TRUE;
  g_cond_broadcast (&pole->changed);
  while (pole->is_slow)
    g_cond_wait (&pole->changed, &pole->lock);
  pole->is_at_work = FALSE;
  if (pole->answer != 0)
    return pole->answer;
  g_string_append_len (pole->shown, (const char *)buffer, urb->buffer_length);
  urb->actual_length = urb->buffer_length;
  g_cond_broadcast (&pole->changed);
  return 0;
}

typedef struct
{
  Emulator *emulator;
  TillDevices *devices;
  EmulatorDevice device;
  guint8 descriptors[sizeof descriptors];
  char *facts, *fact, *socket; /* a folder, its one file, and where a scanner may connect */
  Pole pole;
  Ear ear;
} Shop;

/* more: what else its facts say, or NULL. */
static void
open_shop (Shop *shop, gconstpointer more)
{
  g_autofree char *fact = g_strconcat ("[pole]\nname=Pole\ndriver=customer-display\nvendor=1234\n"
                                       "product=5678\nclass=0a\n",
                                       more, NULL);
  shop->facts = g_dir_make_tmp ("till-usb-XXXXXX", NULL);
  shop->fact = g_build_filename (shop->facts, "pole.ini", NULL);
  g_assert_true (g_file_set_contents (shop->fact, fact, -1, NULL));
  shop->socket = g_build_filename (shop->facts, "virtual", NULL);
  shop->emulator = emulator_new ();
  shop->ear.heard = g_string_new (NULL);
  g_mutex_init (&shop->pole.lock);
  g_cond_init (&shop->pole.changed);
  shop->pole.shown = g_string_new (NULL);
  memcpy (shop->descriptors, descriptors, sizeof descriptors);
  shop->device = (EmulatorDevice){ .vendor = 0x1234,
                                   .product = 0x5678,
                                   .serial = "P-1",
                                   .descriptors = shop->descriptors,
                                   .descriptors_size = sizeof descriptors,
                                   .on_urb = on_urb,
                                   .user = &shop->pole };
  TillDevicesSettings settings = { .facts_dir = shop->facts,
                                   .usb = TRUE,
                                   .socket_path = shop->socket,
                                   .retry_ms = { 20, 20, 20, 20 } };
  g_autoptr (GError) error = NULL;
  shop->devices = till_devices_new (&settings, on_event, &shop->ear, &error);
  g_assert_no_error (error);
}

static void
close_shop (Shop *shop, gconstpointer unused)
{
  g_clear_pointer (&shop->devices, till_devices_free);
  emulator_free (shop->emulator);
  g_string_free (shop->ear.heard, TRUE);
  g_string_free (shop->pole.shown, TRUE);
  g_cond_clear (&shop->pole.changed);
  g_mutex_clear (&shop->pole.lock);
  g_assert_cmpint (g_unlink (shop->fact), ==, 0);
  g_assert_cmpint (g_rmdir (shop->facts), ==, 0);
  g_free (shop->facts);
  g_free (shop->fact);
  g_free (shop->socket);
}

static void
set_answer (Shop *shop, int answer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&shop->pole.lock);
  shop->pole.answer = answer;
}

static void
show (Shop *shop, const char *words)
{
  TillDisplayText text;
  till_display_clear (&text);
  g_assert_true (till_display_set (text.lines[0], words, "2.00", NULL));
  till_devices_show (shop->devices, &text);
}

/* Until exactly this stands there, fresh or written over; then forgets it. At most 5 s. */
static void
expect_shown (Shop *shop, gboolean is_fresh, const char *upper)
{
  gint64 until = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  g_autofree char *wanted
      = g_strdup_printf ("%s\033QA%-20s\r\033QB%-20s\r", is_fresh ? "\033@\014" : "", upper, "");
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&shop->pole.lock);
  while (shop->pole.shown->len < strlen (wanted)
         && g_cond_wait_until (&shop->pole.changed, &shop->pole.lock, until))
    ;
  g_autofree char *got = g_strndup (shop->pole.shown->str, strlen (wanted));
  g_assert_cmpstr (got, ==, wanted);
  g_string_erase (shop->pole.shown, 0, (gssize)strlen (wanted));
}

static void
plug_in (Shop *shop)
{
  emulator_plug (shop->emulator, &shop->device);
  expect (&shop->ear, "arrived ready ");
}

static void
test_shown (Shop *shop, gconstpointer unused)
{
  plug_in (shop);
  expect_shown (shop, TRUE, "");
  show (shop, "Milk");
  expect_shown (shop, FALSE, "Milk            2.00");
  emulator_send (shop->emulator, (const guint8 *)"\x06OK", 3, 0); /* some answer; nobody asked */
  show (shop, "Tea");
  expect_shown (shop, FALSE, "Tea             2.00");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpstr (((TillDevice *)list->pdata[0])->driver, ==, TILL_DISPLAY_DRIVER);
  g_assert_cmpuint (((TillDevice *)list->pdata[0])->findings, ==, 0);
  g_clear_pointer (&shop->devices, till_devices_free);
  expect_shown (shop, FALSE, "");
  g_assert_false (emulator_is_claimed (shop->emulator));
}

static void
test_replugged (Shop *shop, gconstpointer unused)
{
  plug_in (shop);
  expect_shown (shop, TRUE, "");
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  show (shop, "Milk");
  plug_in (shop);
  expect_shown (shop, TRUE, "Milk            2.00");
}

/* It stalls, makes noise, or is silent for ever: trouble with words, and what was to be shown is
 * shown as soon as it works again. */
static void
test_trouble (Shop *shop, gconstpointer unused)
{
  static const int answers[] = { -EPIPE, -EPROTO, EMULATOR_HOLD };
  plug_in (shop);
  expect_shown (shop, TRUE, "");
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      set_answer (shop, answers[i]);
      show (shop, "Milk");
      expect (&shop->ear, "trouble ");
      g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
      g_assert_nonnull (strstr (((TillDevice *)list->pdata[0])->words, "does not take"));
      set_answer (shop, 0);
      expect (&shop->ear, "ready ");
      expect_shown (shop, TRUE, "Milk            2.00");
    }
}

/* Set to ESC/POS, as its facts say: what stands on it, whatever was there before. */
static void
test_escpos (Shop *shop, gconstpointer more)
{
  gboolean is_chinese = strstr (more, "gb18030") != NULL;
  const TillDriver *driver = is_chinese ? &till_escpos_display_gb18030 : &till_escpos_display;
  gint64 until = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  TillDisplayCells cells;
  till_display_cells_start (&cells, driver);
  till_display_cells_feed (&cells, (const guint8 *)"left by another\033=\001", 18);
  g_assert_true (cells.is_deaf);
  plug_in (shop);
  show (shop, "牛奶");
  g_mutex_lock (&shop->pole.lock);
  while (cells.text.lines[0][TILL_DISPLAY_COLUMNS - 1] != '0'
         && (shop->pole.shown->len > 0
             || g_cond_wait_until (&shop->pole.changed, &shop->pole.lock, until)))
    {
      till_display_cells_feed (&cells, (const guint8 *)shop->pole.shown->str,
                               shop->pole.shown->len);
      g_string_truncate (shop->pole.shown, 0);
    }
  g_mutex_unlock (&shop->pole.lock);
  g_autofree char *upper = till_display_cells_line (&cells, 0);
  g_autofree char *lower = till_display_cells_line (&cells, 1);
  g_assert_cmpstr (upper, ==, is_chinese ? "牛奶            2.00" : "                2.00");
  g_assert_cmpstr (lower, ==, "                    ");
  g_assert_cmpuint (cells.strange, ==, 0);
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpstr (((TillDevice *)list->pdata[0])->driver, ==, driver->name);
}

/* While it is at work more comes than any queue would hold: nobody waits for it, and of all that
 * only the last is shown. */
static void
test_newest_replaces (Shop *shop, gconstpointer unused)
{
  TillDisplayText old;
  till_display_clear (&old);
  g_assert_true (till_display_set (old.lines[0], "old", NULL, NULL));
  plug_in (shop);
  expect_shown (shop, TRUE, "");
  g_mutex_lock (&shop->pole.lock);
  shop->pole.is_slow = TRUE;
  g_mutex_unlock (&shop->pole.lock);
  show (shop, "Milk");
  g_mutex_lock (&shop->pole.lock);
  while (!shop->pole.is_at_work)
    g_cond_wait (&shop->pole.changed, &shop->pole.lock);
  g_mutex_unlock (&shop->pole.lock);
  for (guint i = 0; i < 2 * TILL_WORKER_QUEUE_MAX; i++)
    till_devices_show (shop->devices, &old);
  show (shop, "Tea");
  g_mutex_lock (&shop->pole.lock);
  shop->pole.is_slow = FALSE;
  g_cond_broadcast (&shop->pole.changed);
  g_mutex_unlock (&shop->pole.lock);
  expect_shown (shop, FALSE, "Milk            2.00");
  expect_shown (shop, FALSE, "Tea             2.00");
  /* A scanner is noticed behind everything that the thread was told before. */
  g_autoptr (TillVirtualPlug) scanner
      = till_virtual_plug_new (shop->socket, "scanner-virtual", "Scanner", NULL);
  expect (&shop->ear, "arrived ready ");
  g_clear_pointer (&shop->devices, till_devices_free);
  expect_shown (shop, FALSE, "");
}

/* Nothing to send to: said once, and not tried for ever. */
static void
test_no_endpoint (Shop *shop, gconstpointer unused)
{
  shop->descriptors[AT_OUT_ADDRESS] = 0x83;
  emulator_plug (shop->emulator, &shop->device);
  expect (&shop->ear, "arrived trouble ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_nonnull (strstr (((TillDevice *)list->pdata[0])->words, "no endpoint to send to"));
  g_assert_false (emulator_is_claimed (shop->emulator));
  show (shop, "Milk");
  emulator_unplug (shop->emulator);
  expect (&shop->ear, "left ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  static const struct
  {
    const char *name;
    void (*test) (Shop *, gconstpointer);
  } tests[] = {
    { "/usb-display/shown", test_shown },
    { "/usb-display/replugged", test_replugged },
    { "/usb-display/trouble", test_trouble },
    { "/usb-display/newest-replaces", test_newest_replaces },
    { "/usb-display/no-endpoint", test_no_endpoint },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Shop, NULL, open_shop, tests[i].test, close_shop);
  g_test_add ("/usb-display/escpos", Shop, "language=escpos\n", open_shop, test_escpos, close_shop);
  g_test_add ("/usb-display/escpos-gb18030", Shop, "language=escpos\nscript=gb18030\n", open_shop,
              test_escpos, close_shop);
  return g_test_run ();
}

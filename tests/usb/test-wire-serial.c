/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scanner that is a serial line, from an emulated usbfs through real libusb to the listener, with
 * every fault of a cable. Run under umockdev-wrapper. */
#include "devices/usb/driver.h"
#include "tests/usb/ear.h"
#include "tests/usb/emulator.h"

#include <errno.h>

/* Of its bytes some are changed by a test. */
enum
{
  AT_UNION_TYPE = 18 + 9 + 9 + 5 + 5 + 4 + 2,
  AT_UNION_DATA = AT_UNION_TYPE + 2,
  AT_IN_ADDRESS = 18 + 9 + 9 + 19 + 7 + 9 + 7 + 2,
  AT_IN_TYPE,
  AT_IN_PACKET,
};

static const guint8 descriptors[] = {
  18, 1,    0x00, 0x02, 0x02, 0,    0,    64,   0x2E, 0x0C, 0x6A, 0x0B, 0,    1,    1,
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

typedef struct
{
  GString *asked; /* under the emulator's lock */
  int answer;     /* to both words of the greeting */
} Line;

static int
on_urb (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user)
{
  Line *line = user;
  if (urb->type != USBDEVFS_URB_TYPE_CONTROL)
    return EMULATOR_HOLD;
  for (int i = 0; i < urb->buffer_length; i++)
    g_string_append_printf (line->asked, "%02x", buffer[i]);
  g_string_append_c (line->asked, ' ');
  urb->actual_length = urb->buffer_length - 8;
  return line->answer;
}

typedef struct
{
  Emulator *emulator;
  TillDevices *devices;
  EmulatorDevice device;
  guint8 descriptors[sizeof descriptors];
  Line line;
  Ear ear;
} Shop;

static void
open_shop (Shop *shop, gconstpointer unused)
{
  shop->emulator = emulator_new ();
  shop->ear.heard = g_string_new (NULL);
  shop->line.asked = g_string_new (NULL);
  memcpy (shop->descriptors, descriptors, sizeof descriptors);
  shop->device = (EmulatorDevice){ .vendor = 0x0C2E,
                                   .product = 0x0B6A,
                                   .serial = "H-1",
                                   .descriptors = shop->descriptors,
                                   .descriptors_size = sizeof descriptors,
                                   .on_urb = on_urb,
                                   .user = &shop->line };
}

static void
start (Shop *shop)
{
  g_autofree char *facts = facts_dir ();
  TillDevicesSettings settings
      = { .facts_dir = facts, .usb = TRUE, .retry_ms = { 20, 20, 20, 20 } };
  g_autoptr (GError) error = NULL;
  shop->devices = till_devices_new (&settings, on_event, &shop->ear, &error);
  g_assert_no_error (error);
}

static void
close_shop (Shop *shop, gconstpointer unused)
{
  g_clear_pointer (&shop->devices, till_devices_free);
  emulator_set_denied (shop->emulator, FALSE);
  emulator_free (shop->emulator);
  g_string_free (shop->ear.heard, TRUE);
  g_string_free (shop->line.asked, TRUE);
}

static void
send (Shop *shop, const char *text)
{
  emulator_send (shop->emulator, (const guint8 *)text, strlen (text), 0);
}

/* After trouble: what comes before a pause is refused, and what comes then is heard. */
static void
send_again (Shop *shop, const char *text, const char *heard)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (5, on_too_late, &late);
  send (shop, text);
  while (!late && strcmp (shop->ear.heard->str, heard) != 0)
    {
      g_main_context_iteration (NULL, TRUE);
      if (strcmp (shop->ear.heard->str, "no:unreadable ") != 0)
        continue;
      g_string_truncate (shop->ear.heard, 0);
      send (shop, text);
    }
  g_assert_false (late);
  g_source_remove (timeout);
  g_string_truncate (shop->ear.heard, 0);
}

static void
plug_in (Shop *shop)
{
  emulator_plug (shop->emulator, &shop->device);
  start (shop);
  expect (&shop->ear, "arrived ready ");
}

/* The line is set and told that somebody listens, before a byte is asked for. */
static void
test_greeted (Shop *shop, gconstpointer unused)
{
  plug_in (shop);
  send (shop, "6901234567892\r\n");
  expect (&shop->ear, "6901234567892 ");
  g_assert_cmpstr (shop->line.asked->str, ==,
                   "2120000000000700"
                   "80250000000008 "
                   "2122030000000000 ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_cmpstr (device->driver, ==, "serial-scanner");
  g_assert_true (emulator_is_claimed (shop->emulator));
  g_clear_pointer (&shop->devices, till_devices_free);
  g_assert_false (emulator_is_claimed (shop->emulator));
}

/* To refuse the greeting is a device's right; noise instead of an answer is trouble. */
static void
test_greeting_refused (Shop *shop, gconstpointer unused)
{
  shop->line.answer = -EPIPE;
  plug_in (shop);
  send (shop, "1\r");
  expect (&shop->ear, "1 ");
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  shop->line.answer = -EPROTO;
  emulator_plug (shop->emulator, &shop->device);
  expect (&shop->ear, "arrived trouble ");
  shop->line.answer = 0;
  expect (&shop->ear, "ready ");
  send_again (shop, "2\r", "2 ");
}

/* Packets end anywhere, also with nothing in them; two codes may share one. On a machine so busy
 * that a pause comes between two packets the first is refused; that they are joined is shown by
 * tables. */
static void
test_pieces (Shop *shop, gconstpointer unused)
{
  g_autofree char *full = g_strnfill (64, '5');
  plug_in (shop);
  emulator_send (shop->emulator, NULL, 0, 0);
  send (shop, "69");
  emulator_send (shop->emulator, NULL, 0, 0);
  send (shop, "01\r12\r");
  expect_end (&shop->ear, "12 ");
  send (shop, full);
  send (shop, "\r");
  send (shop, "1\r");
  expect_end (&shop->ear, " 1 ");
  send (shop, "half");
  expect (&shop->ear, "no:unreadable ");
  send (shop, ";4111111111111111=2512?\r");
  expect (&shop->ear, "no:card-data ");
}

static void
test_stall_noise_and_babble (Shop *shop, gconstpointer unused)
{
  guint8 much[65] = { 0 };
  plug_in (shop);
  send (shop, "6");
  emulator_send (shop->emulator, NULL, 0, -EPIPE);
  expect (&shop->ear, "no:unreadable "); /* half a code before the stall */
  send (shop, "4\r");
  expect (&shop->ear, "4 ");
  g_assert_cmpuint (emulator_clear_halts (shop->emulator), >=, 1);
  emulator_send (shop->emulator, NULL, 0, -EPROTO);
  expect (&shop->ear, "trouble ready ");
  /* The pause has no event of its own to wait for. */
  gboolean is_over = FALSE;
  g_timeout_add (4 * TILL_DRIVER_PAUSE_MS, on_too_late, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  send (shop, "5\r");
  expect (&shop->ear, "5 ");
  emulator_send (shop->emulator, much, sizeof much, 0);
  expect (&shop->ear, "trouble ready ");
  /* Again and again is no accident; two that come at once count as one. */
  for (int i = 0; i < 8 && shop->ear.heard->len == 0; i++)
    {
      emulator_send (shop->emulator, NULL, 0, -EPIPE);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  expect_end (&shop->ear, "trouble ready ");
  send_again (shop, "6\r", "6 ");
}

/* Pulled out in the middle of a code: the half is forgotten, not joined to what comes later. */
static void
test_pulled_in_a_code (Shop *shop, gconstpointer unused)
{
  plug_in (shop);
  send (shop, "1\r69");
  expect (&shop->ear, "1 ");
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  emulator_plug (shop->emulator, &shop->device);
  expect (&shop->ear, "arrived ready ");
  send (shop, "2\r");
  expect (&shop->ear, "2 ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpuint (list->len, ==, 1);
}

static void
test_held_by_another (Shop *shop, gconstpointer unused)
{
  emulator_set_busy (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &shop->device);
  start (shop);
  expect (&shop->ear, "arrived busy ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_nonnull (strstr (((TillDevice *)list->pdata[0])->words, "held by "));
  emulator_set_busy (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
  send_again (shop, "3\r", "3 ");
}

static void
test_no_permission (Shop *shop, gconstpointer unused)
{
  emulator_set_denied (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &shop->device);
  start (shop);
  expect (&shop->ear, "arrived no permission ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_nonnull (strstr (((TillDevice *)list->pdata[0])->words, "70-quittance.rules"));
  emulator_set_denied (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
}

/* Descriptors that contradict themselves: trouble with words, and no attempt to use it. */
static void
test_malformed (Shop *shop, gconstpointer unused)
{
  static const struct
  {
    gsize at;
    guint8 byte;
    const char *words;
  } cases[] = {
    { AT_UNION_TYPE, 0x07, "no control interface" },
    { AT_UNION_DATA, 0, "no control interface" },
    { AT_UNION_DATA, 9, "no control interface" },
    { AT_IN_ADDRESS, 0x02, "no endpoint" },
    { AT_IN_TYPE, 3, "no endpoint" },
    { AT_IN_PACKET, 0, "packets of no bytes" },
  };
  start (shop);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 right = shop->descriptors[cases[i].at];
      shop->descriptors[cases[i].at] = cases[i].byte;
      emulator_plug (shop->emulator, &shop->device);
      expect (&shop->ear, "arrived trouble ");
      g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
      g_assert_nonnull (strstr (((TillDevice *)list->pdata[0])->words, cases[i].words));
      g_assert_false (emulator_is_claimed (shop->emulator));
      emulator_unplug (shop->emulator);
      expect (&shop->ear, "left ");
      shop->descriptors[cases[i].at] = right;
    }
  emulator_plug (shop->emulator, &shop->device);
  expect (&shop->ear, "arrived ready ");
}

/* A modem has the same interfaces and is nobody's scanner. */
static void
test_modem_is_left_alone (Shop *shop, gconstpointer unused)
{
  shop->descriptors[10] = 0x6B;
  shop->device.product = 0x0B6B;
  start (shop);
  emulator_plug (shop->emulator, &shop->device);
  emulator_unplug (shop->emulator);
  shop->descriptors[10] = 0x6A;
  emulator_plug (shop->emulator, &shop->device);
  expect (&shop->ear, "arrived ready ");
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
    { "/usb-serial/greeted", test_greeted },
    { "/usb-serial/greeting-refused", test_greeting_refused },
    { "/usb-serial/pieces", test_pieces },
    { "/usb-serial/stall-noise-and-babble", test_stall_noise_and_babble },
    { "/usb-serial/pulled-in-a-code", test_pulled_in_a_code },
    { "/usb-serial/held-by-another", test_held_by_another },
    { "/usb-serial/no-permission", test_no_permission },
    { "/usb-serial/malformed", test_malformed },
    { "/usb-serial/modem-is-left-alone", test_modem_is_left_alone },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Shop, NULL, open_shop, tests[i].test, close_shop);
  return g_test_run ();
}

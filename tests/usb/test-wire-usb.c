/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole road from an emulated usbfs through real libusb to the listener. Run under
 * umockdev-wrapper. */
#include "tests/usb/ear.h"
#include "tests/usb/emulator.h"
#include "tests/usb/samples.h"
#include "tests/usb/scales.h"

#include <errno.h>

typedef struct
{
  Emulator *emulator;
  TillDevices *devices;
  Ear ear;
} Shop;

static const EmulatorDevice scanner = {
  .vendor = 0x1234,
  .product = 0x5678,
  .serial = "S-1",
  .class = 3,
  .packet = 64,
  .report_descriptor = sample_pos_descriptor,
  .report_descriptor_size = sizeof sample_pos_descriptor,
  .kernel_knows = TRUE,
};

static void
open_shop (Shop *shop, gconstpointer unused)
{
  shop->emulator = emulator_new ();
  shop->ear.heard = g_string_new (NULL);
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
}

static void
scan (Shop *shop, const char *code)
{
  guint8 report[SAMPLE_POS_REPORT];
  sample_pos_report (report, "]E0", code, FALSE);
  emulator_send (shop->emulator, report, sizeof report, 0);
}

static void
test_there_at_start (Shop *shop, gconstpointer unused)
{
  emulator_plug (shop->emulator, &scanner);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  scan (shop, "6901234567892");
  expect (&shop->ear, "]E06901234567892 ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmphex (device->vendor, ==, 0x1234);
  g_assert_cmpstr (device->serial, ==, "S-1");
  g_assert_cmpstr (device->path, ==, "1-1");
  g_assert_cmpstr (device->driver, ==, "hid-pos");
  g_clear_pointer (&shop->devices, till_devices_free);
  g_assert_false (emulator_is_claimed (shop->emulator)); /* given back */
}

static void
test_pulled_and_plugged_in (Shop *shop, gconstpointer unused)
{
  start (shop);
  emulator_plug (shop->emulator, &scanner);
  expect (&shop->ear, "arrived ready ");
  scan (shop, "1");
  expect (&shop->ear, "]E01 ");
  emulator_unplug (shop->emulator); /* with two transfers in flight */
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (5, on_too_late, &late);
  while (!late && !g_str_has_suffix (shop->ear.heard->str, "left "))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  /* The lost transfer and the uevent race; both orders are right. */
  g_assert_true (strcmp (shop->ear.heard->str, "left ") == 0
                 || strcmp (shop->ear.heard->str, "unplugged left ") == 0);
  g_string_truncate (shop->ear.heard, 0);
  emulator_plug (shop->emulator, &scanner); /* at another address */
  expect (&shop->ear, "arrived ready ");
  scan (shop, "2");
  expect (&shop->ear, "]E02 ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpuint (list->len, ==, 1); /* known again */
}

static void
test_busy_then_free (Shop *shop, gconstpointer unused)
{
  emulator_set_busy (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &scanner);
  start (shop);
  expect (&shop->ear, "arrived busy ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_nonnull (strstr (device->words, "held by the kernel's driver usbhid"));
  emulator_set_busy (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
  scan (shop, "3");
  expect (&shop->ear, "]E03 ");
}

static void
test_no_permission (Shop *shop, gconstpointer unused)
{
  emulator_set_denied (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &scanner);
  start (shop);
  expect (&shop->ear, "arrived no permission ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_nonnull (strstr (device->words, "70-quittance.rules"));
  emulator_set_denied (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
}

static void
test_stall_is_cleared (Shop *shop, gconstpointer unused)
{
  emulator_plug (shop->emulator, &scanner);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  emulator_send (shop->emulator, NULL, 0, -EPIPE);
  scan (shop, "4");
  expect (&shop->ear, "]E04 ");
  emulator_send (shop->emulator, NULL, 0, -EPROTO); /* noise: opened anew */
  expect (&shop->ear, "trouble ready ");
  g_assert_cmpuint (emulator_clear_halts (shop->emulator), >=, 1);
  scan (shop, "5");
  expect (&shop->ear, "]E05 ");
}

static void
test_strange_reports (Shop *shop, gconstpointer unused)
{
  emulator_plug (shop->emulator, &scanner);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  guint8 longer[100] = { 0 };
  emulator_send (shop->emulator, NULL, 0, 0); /* nothing at all */
  sample_pos_report (longer, "]E0", "7", FALSE);
  emulator_send (shop->emulator, longer, 64, 0); /* longer than described */
  expect (&shop->ear, "]E07 ");
  emulator_send (shop->emulator, longer, 5, 0);
  expect (&shop->ear, "no:unreadable ");
  emulator_send (shop->emulator, longer, sizeof longer, 0); /* babble */
  expect (&shop->ear, "trouble ready ");
  scan (shop, ";4111111111111111=2512?");
  expect (&shop->ear, "no:card-data ");
}

static void
test_asked_itself (Shop *shop, gconstpointer unused)
{
  EmulatorDevice unbound = scanner;
  unbound.kernel_knows = FALSE;
  emulator_plug (shop->emulator, &unbound);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  scan (shop, "8");
  expect (&shop->ear, "]E08 ");
}

/* Found by its usage page, whatever its numbers; a weight while it moves is none. */
static void
test_scale (Shop *shop, gconstpointer unused)
{
  EmulatorDevice scale = scanner;
  scale.packet = 8;
  scale.report_descriptor = scale_descriptor;
  scale.report_descriptor_size = sizeof scale_descriptor;
  guint8 report[9] = { 0 };
  emulator_plug (shop->emulator, &scale);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  scale_report (report, SCALE_MOVING, SCALE_G, 0, 500);
  emulator_send (shop->emulator, report, SCALE_REPORT, 0);
  emulator_send (shop->emulator, NULL, 0, 0);
  scale_report (report, SCALE_STABLE, SCALE_G, 0, 1250);
  for (int i = 0; i < 3; i++)
    emulator_send (shop->emulator, report, SCALE_REPORT, 0);
  emulator_send (shop->emulator, report, 3, 0);
  expect (&shop->ear, "weight:3:0 weight:1:1250000 no:unreadable ");
  emulator_send (shop->emulator, NULL, 0, -EPIPE);
  emulator_send (shop->emulator, report, SCALE_REPORT, 0);
  expect (&shop->ear, "weight:1:1250000 ");
  emulator_send (shop->emulator, report, sizeof report, 0); /* babble */
  expect (&shop->ear, "trouble ready ");
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpstr (((TillDevice *)list->pdata[0])->driver, ==, "hid-scale");
}

/* The list needs no reader of events: it says so when the device has left. */
static gboolean
has_left (TillDevices *devices)
{
  for (gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC; g_get_monotonic_time () < end;)
    {
      g_autoptr (GPtrArray) list = till_devices_list (devices);
      const TillDevice *device = g_ptr_array_index (list, 0);
      if (device->state == TILL_DEVICE_UNPLUGGED)
        return TRUE;
      g_thread_yield ();
    }
  return FALSE;
}

/* Nobody reads the events until it is all over: what waits is bounded, what is lost is counted. */
static void
test_flood (Shop *shop, gconstpointer unused)
{
  emulator_plug (shop->emulator, &scanner);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  for (guint i = 0; i < 200; i++)
    scan (shop, "9");
  emulator_unplug (shop->emulator);
  g_assert_true (has_left (shop->devices));
  while (!g_str_has_suffix (shop->ear.heard->str, "left "))
    g_assert_true (g_main_context_iteration (NULL, FALSE));
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_cmpuint (shop->ear.codes, ==, TILL_DEVICES_CODES_MAX);
  g_assert_cmpuint (shop->ear.floods, >=, 1);
  g_assert_cmpuint (device->dropped, >=, 200 - TILL_DEVICES_CODES_MAX - 2); /* two in the cable */
}

/* The cashier's keyboard is listed and left alone until a person says that it is a scanner. */
static void
test_keyboard_is_not_stolen (Shop *shop, gconstpointer unused)
{
  EmulatorDevice keyboard = scanner;
  keyboard.subclass = keyboard.protocol = 1;
  keyboard.packet = 8;
  keyboard.report_descriptor = sample_keyboard_descriptor;
  keyboard.report_descriptor_size = sizeof sample_keyboard_descriptor;
  emulator_plug (shop->emulator, &keyboard);
  start (shop);
  expect (&shop->ear, "arrived unused ");
  g_assert_false (emulator_is_claimed (shop->emulator));
  g_assert_true (till_devices_choose (shop->devices, 0x1234, 0x5678, "hid-keyboard", NULL));
  expect (&shop->ear, "ready ");
  const guint8 one[8] = { 0, 0, 0x1E }, enter[8] = { 0, 0, 0x28 };
  emulator_send (shop->emulator, one, 8, 0);
  emulator_send (shop->emulator, enter, 8, 0);
  expect (&shop->ear, "1 ");
}

static void
test_malformed (Shop *shop, gconstpointer unused)
{
  EmulatorDevice bad = scanner;
  bad.packet = 0;
  emulator_plug (shop->emulator, &bad);
  start (shop);
  expect (&shop->ear, "arrived trouble ");
  emulator_unplug (shop->emulator);
  expect (&shop->ear, "left ");

  static const guint8 noise[] = { 0xC0, 0x81, 0x02 };
  EmulatorDevice garbled = scanner;
  garbled.kernel_knows = FALSE;
  garbled.report_descriptor = noise;
  garbled.report_descriptor_size = sizeof noise;
  emulator_plug (shop->emulator, &garbled);
  expect (&shop->ear, "arrived trouble ");
  emulator_unplug (shop->emulator);
  expect (&shop->ear, "left ");

  /* A configuration that claims more than there is: left alone, and the next one works. */
  static const guint8 cut[]
      = { 18, 1, 0,    2,    0,   0, 0, 64,   0x34, 0x12, 0x78, 0x56, 0, 1, 1, 2, 3, 1,
          9,  2, 0xFF, 0xFF, 255, 1, 0, 0x80, 50,   0,    4,    0,    0, 1, 3, 0, 0, 0 };
  EmulatorDevice hostile = scanner;
  hostile.descriptors = cut;
  hostile.descriptors_size = sizeof cut;
  emulator_plug (shop->emulator, &hostile);
  emulator_unplug (shop->emulator);
  emulator_plug (shop->emulator, &scanner);
  expect (&shop->ear, "arrived ready ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Warnings about hostile devices are the behaviour under test, not a failure of it. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  static const struct
  {
    const char *name;
    void (*test) (Shop *, gconstpointer);
  } tests[] = {
    { "/usb/there-at-start", test_there_at_start },
    { "/usb/pulled-and-plugged-in", test_pulled_and_plugged_in },
    { "/usb/busy-then-free", test_busy_then_free },
    { "/usb/no-permission", test_no_permission },
    { "/usb/stall-is-cleared", test_stall_is_cleared },
    { "/usb/strange-reports", test_strange_reports },
    { "/usb/asked-itself", test_asked_itself },
    { "/usb/scale", test_scale },
    { "/usb/flood", test_flood },
    { "/usb/keyboard-is-not-stolen", test_keyboard_is_not_stolen },
    { "/usb/malformed", test_malformed },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Shop, NULL, open_shop, tests[i].test, close_shop);
  return g_test_run ();
}

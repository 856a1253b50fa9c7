/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card readers on the whole road from an emulated usbfs through real libusb to the listener. Run
 * under umockdev-wrapper. */
#include "data/core/secret.h"
#include "tests/usb/ear.h"
#include "tests/usb/emulator.h"
#include "tests/usb/swipes.h"

#include <errno.h>

typedef struct
{
  Emulator *emulator;
  TillDevices *devices;
  Ear ear;
} Shop;

static const TillCardRule keyed = { .key = { 7, 1 } };

static const EmulatorDevice magtek = {
  .vendor = 0x0801,
  .product = 0x0011,
  .serial = "B-1",
  .class = 3,
  .packet = 64,
  .report_descriptor = swipe_magtek_descriptor,
  .report_descriptor_size = sizeof swipe_magtek_descriptor,
  .kernel_knows = TRUE,
};

static const EmulatorDevice idtech = {
  .vendor = 0x0ACD,
  .product = 0x2010,
  .serial = "",
  .class = 3,
  .packet = 64,
  .report_descriptor = swipe_idtech_descriptor,
  .report_descriptor_size = sizeof swipe_idtech_descriptor,
  .kernel_knows = TRUE,
};

static const EmulatorDevice msr = {
  .vendor = 0x1234,
  .product = 0x5679,
  .serial = "R-1",
  .class = 3,
  .packet = 64,
  .report_descriptor = swipe_msr_descriptor,
  .report_descriptor_size = sizeof swipe_msr_descriptor,
  .kernel_knows = TRUE,
};

/* Of the sample swipe under that key. */
#define IDTECH_TOKEN "hjamngdkdgknofbfbbkcnmlcdfjonkmo"
#define TOKEN "cbkmpfnigpgdanhkblpcidkabnagklgh"

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
      = { .facts_dir = facts, .usb = TRUE, .retry_ms = { 20, 20, 20, 20 }, .cards = &keyed };
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
expect_card (Shop *shop)
{
  expect (&shop->ear, "card:" TOKEN " ");
}

static void
swipe (Shop *shop)
{
  guint8 report[SWIPE_MAGTEK_REPORT];
  swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
  emulator_send (shop->emulator, report, sizeof report, 0);
}

/* The kernel's driver gives way, and has its reader back at the end. */
static void
test_magtek (Shop *shop, gconstpointer unused)
{
  emulator_plug (shop->emulator, &magtek);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  swipe (shop);
  expect_card (shop);
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_cmpstr (device->driver, ==, "magtek");
  g_assert_cmpstr (device->name, ==, "MagTek MagneSafe card reader");
  g_assert_true (emulator_is_claimed (shop->emulator));
  g_clear_pointer (&shop->devices, till_devices_free);
  g_assert_false (emulator_is_claimed (shop->emulator));
}

static void
test_lost_bytes (Shop *shop, gconstpointer unused)
{
  guint8 report[SWIPE_MAGTEK_REPORT];
  swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
  emulator_plug (shop->emulator, &magtek);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  emulator_send (shop->emulator, NULL, 0, 0);
  emulator_send (shop->emulator, report, sizeof report - 8, 0);
  expect (&shop->ear, "no:unreadable ");
  swipe (shop);
  expect_card (shop);
  emulator_send (shop->emulator, NULL, 0, -EPROTO);
  expect (&shop->ear, "trouble ready ");
  swipe (shop);
  expect_card (shop);
}

static void
test_pulled_and_plugged_in (Shop *shop, gconstpointer unused)
{
  emulator_plug (shop->emulator, &magtek);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  emulator_plug (shop->emulator, &magtek);
  expect (&shop->ear, "arrived ready ");
  swipe (shop);
  expect_card (shop);
}

static void
test_held_by_another (Shop *shop, gconstpointer unused)
{
  emulator_set_busy (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &magtek);
  start (shop);
  expect (&shop->ear, "arrived busy ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_nonnull (strstr (device->words, "held by the kernel's driver usbhid"));
  emulator_set_busy (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
  swipe (shop);
  expect_card (shop);
}

static void
test_no_permission (Shop *shop, gconstpointer unused)
{
  emulator_set_denied (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &magtek);
  start (shop);
  expect (&shop->ear, "arrived no permission ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_nonnull (strstr (device->words, "70-quittance.rules"));
  emulator_set_denied (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
}

/* A reader nobody listed, by what it says of itself; it sends every card in clear. */
static void
test_msr (Shop *shop, gconstpointer unused)
{
  guint8 report[SWIPE_MSR_REPORT];
  emulator_plug (shop->emulator, &msr);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  swipe_msr_report (report, "%STAFF 12^WANG^?", ";12?", "");
  emulator_send (shop->emulator, report, sizeof report, 0);
  expect (&shop->ear, "12 ");
  swipe_msr_report (report, "", ";4111111111111111=2512?", "");
  emulator_send (shop->emulator, report, sizeof report, 0);
  expect (&shop->ear, "no:card-data ");
}

/* A frame over many reports; half of one is refused when no more comes. */
static void
test_idtech (Shop *shop, gconstpointer unused)
{
  guint8 frame[SWIPE_IDTECH_MAX] = { 0 };
  gsize size = swipe_idtech_sealed (frame, SWIPE_STARRED_1, SWIPE_STARRED_2, 0x11);
  emulator_plug (shop->emulator, &idtech);
  start (shop);
  expect (&shop->ear, "arrived ready ");
  for (gsize at = 0; at < size; at += SWIPE_IDTECH_REPORT)
    emulator_send (shop->emulator, frame + at, SWIPE_IDTECH_REPORT, 0);
  expect (&shop->ear, "card:" IDTECH_TOKEN " ");
  emulator_send (shop->emulator, frame, SWIPE_IDTECH_REPORT, 0);
  emulator_send (shop->emulator, frame + SWIPE_IDTECH_REPORT, SWIPE_IDTECH_REPORT, 0);
  expect (&shop->ear, "no:unreadable ");
  for (gsize at = 0; at < size; at += SWIPE_IDTECH_REPORT)
    emulator_send (shop->emulator, frame + at, SWIPE_IDTECH_REPORT, 0);
  expect (&shop->ear, "card:" IDTECH_TOKEN " ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  static const struct
  {
    const char *name;
    void (*test) (Shop *, gconstpointer);
  } tests[] = {
    { "/usb-readers/magtek", test_magtek },
    { "/usb-readers/lost-bytes", test_lost_bytes },
    { "/usb-readers/pulled-and-plugged-in", test_pulled_and_plugged_in },
    { "/usb-readers/held-by-another", test_held_by_another },
    { "/usb-readers/no-permission", test_no_permission },
    { "/usb-readers/idtech", test_idtech },
    { "/usb-readers/msr", test_msr },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Shop, NULL, open_shop, tests[i].test, close_shop);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip cards on the whole road: a reader with a card in it at an emulated usbfs, through real
 * libusb to the listener, with the faults of both. Run under umockdev-wrapper. */
#include "data/core/secret.h"
#include "tests/usb/chip-device.h"
#include "tests/usb/ear.h"
#include "tests/usb/emulator.h"

typedef struct
{
  Emulator *emulator;
  TillDevices *devices;
  ChipDevice reader;
  Ear ear;
} Shop;

static const TillCardRule matching = { .key = { 7, 1 }, .matches_clear = TRUE };
static const TillCardRule refusing = { .key = { 7, 1 } };

/* What is heard of the card: what the same number gives when it is swiped. */
static char read_card[64];

static void
note (const TillFinding *finding, gpointer user)
{
  g_snprintf (read_card, sizeof read_card, "card:%s ", finding->token);
}

static void
swipe_the_same (void)
{
  TillTrack tracks[TILL_TRACKS] = { 0 };
  tracks[1].size
      = (gsize)g_snprintf ((char *)tracks[1].bytes, TILL_TRACK_MAX, ";%s=3012?", CHIP_NUMBER);
  till_card_give_clear (tracks, &matching, note, NULL);
}

static void
open_shop (Shop *shop, gconstpointer unused)
{
  shop->emulator = emulator_new ();
  shop->ear.heard = g_string_new (NULL);
  g_mutex_init (&shop->reader.lock);
  g_cond_init (&shop->reader.heard);
  chip_device_init (&shop->reader, 0x1234, 0x0B0B, CHIP_TPDU);
  shop->reader.chip.is_absent = TRUE;
}

static void
close_shop (Shop *shop, gconstpointer unused)
{
  g_clear_pointer (&shop->devices, till_devices_free);
  emulator_free (shop->emulator);
  g_mutex_clear (&shop->reader.lock);
  g_cond_clear (&shop->reader.heard);
  g_string_free (shop->ear.heard, TRUE);
}

static void
start (Shop *shop, const TillCardRule *rule)
{
  g_autofree char *facts = facts_dir ();
  TillDevicesSettings settings
      = { .facts_dir = facts, .usb = TRUE, .retry_ms = { 20, 20, 20, 20 }, .cards = rule };
  g_autoptr (GError) error = NULL;
  shop->devices = till_devices_new (&settings, on_event, &shop->ear, &error);
  g_assert_no_error (error);
}

static void
open_till (Shop *shop, const TillCardRule *rule)
{
  emulator_plug (shop->emulator, &shop->reader.device);
  start (shop, rule);
  expect (&shop->ear, "arrived ready ");
}

static void
put_in (Shop *shop)
{
  chip_device_turn (&shop->reader, shop->emulator, TRUE);
}

static void
pull_out (Shop *shop)
{
  chip_device_turn (&shop->reader, shop->emulator, FALSE);
}

/* A fault at the nth message from now on. */
static guint
soon (Shop *shop, guint nth)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&shop->reader.lock);
  return shop->reader.messages + nth;
}

static void
wait_for_message (Shop *shop, guint nth)
{
  gint64 until = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&shop->reader.lock);
  while (shop->reader.messages < nth)
    g_assert_true (g_cond_wait_until (&shop->reader.heard, &shop->reader.lock, until));
}

static TillDevice *
first_device (Shop *shop)
{
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  return till_device_copy (g_ptr_array_index (list, 0));
}

static void
test_read (Shop *shop, gconstpointer unused)
{
  static const ChipManner manners[] = { CHIP_T0, CHIP_T1 };
  open_till (shop, &matching);
  g_autoptr (TillDevice) device = first_device (shop);
  g_assert_cmpstr (device->driver, ==, "ccid");
  g_assert_cmpstr (device->name, ==, "Chip card reader");
  for (gsize i = 0; i < G_N_ELEMENTS (manners); i++)
    {
      g_mutex_lock (&shop->reader.lock);
      shop->reader.chip.manner = manners[i];
      g_mutex_unlock (&shop->reader.lock);
      put_in (shop);
      expect (&shop->ear, read_card);
      pull_out (shop);
    }
  g_clear_pointer (&shop->devices, till_devices_free);
  g_assert_false (emulator_is_claimed (shop->emulator));
}

/* A card that lies there when the reader is plugged in is read, too. */
static void
test_there_already (Shop *shop, gconstpointer unused)
{
  shop->reader.chip.is_absent = FALSE;
  shop->reader.chip.manner = CHIP_T0;
  emulator_plug (shop->emulator, &shop->reader.device);
  start (shop, &matching);
  g_autofree char *words = g_strconcat ("arrived ready ", read_card, NULL);
  expect (&shop->ear, words);
}

/* The contactless one: whole commands, whatever it says of itself. */
static void
test_acr122u (Shop *shop, gconstpointer unused)
{
  chip_device_init (&shop->reader, 0x072F, 0x2200, 0x00010030);
  shop->reader.chip.is_tapped = TRUE;
  open_till (shop, &matching);
  g_autoptr (TillDevice) device = first_device (shop);
  g_assert_cmpstr (device->name, ==, "ACR122U card reader");
  put_in (shop);
  expect (&shop->ear, read_card);
}

static void
test_not_allowed (Shop *shop, gconstpointer unused)
{
  open_till (shop, &refusing);
  put_in (shop);
  expect (&shop->ear, "no:chip ");
  pull_out (shop);
  g_assert_false (shop->reader.chip.is_on);
  g_assert_cmpuint (soon (shop, 0), ==, 1); /* "what is there?", and nothing else */
}

/* U19 on the wire. */
static void
test_pulled (Shop *shop, gconstpointer unused)
{
  open_till (shop, &matching);
  shop->reader.leaves_at = soon (shop, 5);
  put_in (shop);
  expect (&shop->ear, "early ");
  pull_out (shop);
  put_in (shop);
  expect (&shop->ear, read_card);
}

static void
test_unplugged (Shop *shop, gconstpointer unused)
{
  open_till (shop, &matching);
  shop->reader.is_silent_at = soon (shop, 5);
  put_in (shop);
  wait_for_message (shop, shop->reader.is_silent_at);
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  shop->reader.chip.is_absent = TRUE;
  emulator_plug (shop->emulator, &shop->reader.device);
  expect (&shop->ear, "arrived ready ");
  put_in (shop);
  expect (&shop->ear, read_card);
}

/* U15: it is opened anew, and the card must go before another is read. */
static void
test_lies (Shop *shop, gconstpointer unused)
{
  open_till (shop, &matching);
  shop->reader.lies_at = soon (shop, 5);
  put_in (shop);
  expect (&shop->ear, "no:unreadable trouble ready ");
  pull_out (shop);
  put_in (shop);
  expect (&shop->ear, read_card);
}

/* The abort is a request, then a message, of one number. */
static void
test_silence (Shop *shop, gconstpointer unused)
{
  open_till (shop, &matching);
  shop->reader.is_silent_at = soon (shop, 5);
  put_in (shop);
  expect (&shop->ear, "no:unreadable ");
  pull_out (shop);
  put_in (shop);
  expect (&shop->ear, read_card);
  g_assert_cmpuint (shop->reader.requests, ==, 1);
  g_assert_cmpuint (shop->reader.request_value, ==, 7 << 8);
}

static void
test_stall (Shop *shop, gconstpointer unused)
{
  open_till (shop, &matching);
  g_mutex_lock (&shop->reader.lock);
  shop->reader.stalls_at = shop->reader.messages + 4;
  g_mutex_unlock (&shop->reader.lock);
  put_in (shop);
  expect (&shop->ear, read_card);
  g_assert_cmpuint (emulator_clear_halts (shop->emulator), ==, 1);
}

static void
test_held_by_another (Shop *shop, gconstpointer unused)
{
  emulator_set_busy (shop->emulator, TRUE);
  emulator_plug (shop->emulator, &shop->reader.device);
  start (shop, &matching);
  expect (&shop->ear, "arrived busy ");
  emulator_set_busy (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
  put_in (shop);
  expect (&shop->ear, read_card);
}

/* Without an endpoint for notices it is asked now and then. */
static void
test_no_notices (Shop *shop, gconstpointer unused)
{
  shop->reader.descriptors[18 + 9 + 4] = 2;
  shop->reader.descriptors[18 + 2] = 9 + 9 + 54 + 14;
  shop->reader.device.descriptors_size -= 7;
  open_till (shop, &matching);
  g_mutex_lock (&shop->reader.lock);
  shop->reader.chip.is_absent = FALSE;
  g_mutex_unlock (&shop->reader.lock);
  expect (&shop->ear, read_card);
}

/* Descriptors that make no sense: said once, and not tried for ever. */
static void
test_descriptors (Shop *shop, gconstpointer unused)
{
  static const struct
  {
    guint at;
    guint8 byte;
    const char *words;
  } rows[] = {
    { 18 + 9 + 9 + 42, 0x00, "single characters" },
    { 18 + 9 + 9 + 1, 0x24, "what kind of reader" },
    { 18 + 9 + 9 + 45, 0x00, "short enough" },
    { CHIP_AT_ENDPOINTS + 2, 0x81, "" },
    { CHIP_AT_ENDPOINTS + 7 + 4, 0x00, "no bytes" },
  };
  start (shop, &matching);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 was = shop->reader.descriptors[rows[i].at];
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      shop->reader.descriptors[rows[i].at] = rows[i].byte;
      if (i == 2)
        shop->reader.descriptors[rows[i].at - 1] = 31;
      emulator_plug (shop->emulator, &shop->reader.device);
      expect (&shop->ear, "arrived trouble ");
      g_autoptr (TillDevice) device = first_device (shop);
      g_assert_nonnull (strstr (device->words, rows[i].words));
      emulator_unplug (shop->emulator);
      expect (&shop->ear, "left ");
      shop->reader.descriptors[rows[i].at] = was;
      if (i == 2)
        shop->reader.descriptors[rows[i].at - 1] = 0x0F;
    }
  emulator_plug (shop->emulator, &shop->reader.device);
  expect (&shop->ear, "arrived ready ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  swipe_the_same ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  static const struct
  {
    const char *name;
    void (*test) (Shop *, gconstpointer);
  } tests[] = {
    { "/usb-ccid/read", test_read },
    { "/usb-ccid/there-already", test_there_already },
    { "/usb-ccid/acr122u", test_acr122u },
    { "/usb-ccid/not-allowed", test_not_allowed },
    { "/usb-ccid/pulled", test_pulled },
    { "/usb-ccid/unplugged", test_unplugged },
    { "/usb-ccid/lies", test_lies },
    { "/usb-ccid/silence", test_silence },
    { "/usb-ccid/stall", test_stall },
    { "/usb-ccid/held-by-another", test_held_by_another },
    { "/usb-ccid/no-notices", test_no_notices },
    { "/usb-ccid/descriptors", test_descriptors },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Shop, NULL, open_shop, tests[i].test, close_shop);
  return g_test_run ();
}

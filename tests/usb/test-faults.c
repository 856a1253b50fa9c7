/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every fault of a cable and of a device's firmware, at every kind of device, over an emulated
 * usbfs through real libusb. Whatever goes wrong, nothing is heard but what was meant and words
 * about the trouble, and afterwards the device works without anybody's doing. Run under
 * umockdev-wrapper.
 *
 * The faults of smart cards (U15 to U19) are in test-ccid and test-wire-ccid, and two equal readers
 * need two ports. */
#include "data/core/secret.h"
#include "tests/usb/ear.h"
#include "tests/usb/emulator.h"
#include "tests/usb/samples.h"
#include "tests/usb/scales.h"
#include "tests/usb/swipes.h"

#include <errno.h>

#define REPORT_MAX 1024
#define FLOOD 100

typedef struct
{
  gsize size;
  gsize piece; /* bytes of one report */
} Deed;

typedef struct
{
  const char *name;
  EmulatorDevice device;
  void (*good) (Deed *deed);
  void (*card) (Deed *deed); /* a bank card in clear; NULL: it cannot send one */
  const char *heard;         /* of the good deed, an event a word */
  gboolean half_is_refused;  /* the half of it, after a pause at the latest */
  gboolean is_listed;        /* by its numbers: it is taken whatever it says it is */
} Kind;

typedef struct
{
  const Kind *kind;
  Emulator *emulator;
  TillDevices *devices;
  Ear ear;
  GString *all; /* all that was ever heard */
} Shop;

/* --- the kinds --- */

/* The bytes of the deed at hand. */
static guint8 sent[REPORT_MAX];

#define TRACK ";4111111111111111=2512101?"

static void
one_report (Deed *deed, gsize size)
{
  deed->size = deed->piece = size;
}

static void
good_scan (Deed *deed)
{
  sample_pos_report (sent, "]E0", "6901", FALSE);
  one_report (deed, SAMPLE_POS_REPORT);
}

static void
card_scan (Deed *deed)
{
  sample_pos_report (sent, "]E0", TRACK, FALSE);
  one_report (deed, SAMPLE_POS_REPORT);
}

/* Keys pressed and released, and Enter; no shift. */
static void
type (Deed *deed, const char *text)
{
  static const char keys[] = "1234567890\n\x1b\b\t -=[]\\\\;'`,./";
  deed->piece = 8;
  for (; *text; text++, deed->size += 16)
    sent[deed->size + 2] = (guint8)(strchr (keys, *text) - keys + 0x1E);
}

static void
good_keys (Deed *deed)
{
  type (deed, "12\n");
}

static void
card_keys (Deed *deed)
{
  type (deed, ";4111111111111111=2512\n");
}

static void
put_text (Deed *deed, const char *text)
{
  memcpy (sent, text, strlen (text));
  one_report (deed, strlen (text));
}

static void
good_line (Deed *deed)
{
  put_text (deed, "6901\r");
}

static void
card_line (Deed *deed)
{
  put_text (deed, TRACK "\r");
}

static void
good_swipe (Deed *deed)
{
  swipe_msr_report (sent, "%STAFF 12^WANG^?", ";12?", "");
  one_report (deed, SWIPE_MSR_REPORT);
}

static void
card_swipe (Deed *deed)
{
  swipe_msr_report (sent, "", TRACK, "");
  one_report (deed, SWIPE_MSR_REPORT);
}

static void
good_magtek (Deed *deed)
{
  swipe_magtek_report (sent, SWIPE_MASKED_1, SWIPE_MASKED_2);
  one_report (deed, SWIPE_MAGTEK_REPORT);
}

static void
card_magtek (Deed *deed)
{
  swipe_clear_magtek_report (sent, SWIPE_MAGTEK_REPORT, 112, "", TRACK);
  one_report (deed, SWIPE_MAGTEK_REPORT);
}

static void
good_idtech (Deed *deed)
{
  deed->size = swipe_idtech_sealed (sent, SWIPE_STARRED_1, SWIPE_STARRED_2, 0x11);
  deed->piece = SWIPE_IDTECH_REPORT;
}

static void
card_idtech (Deed *deed)
{
  deed->size = swipe_idtech_clear (sent, "", TRACK);
  deed->piece = SWIPE_IDTECH_REPORT;
}

static void
good_weight (Deed *deed)
{
  scale_report (sent, SCALE_MOVING, SCALE_G, 0, 3);
  scale_report (sent + SCALE_REPORT, SCALE_STABLE, SCALE_G, 0, 1250);
  deed->size = 2 * SCALE_REPORT;
  deed->piece = SCALE_REPORT;
}

static int
hold (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user)
{
  return urb->type == USBDEVFS_URB_TYPE_CONTROL ? 0 : EMULATOR_HOLD;
}

static const guint8 serial_descriptors[] = {
  18, 1,  0x00, 0x02, 0x02, 0,  0,    64,   0x2E, 0x0C, 0x6A, 0x0B, 0, 1,    1,
  2,  3,  1,    9,    2,    53, 0,    2,    1,    0,    0x80, 50,   9, 4,    0,
  0,  1,  0x02, 0x02, 0x01, 0,  5,    0x24, 0x06, 0,    1,    7,    5, 0x82, 3,
  8,  0,  16,   9,    4,    1,  0,    2,    0x0A, 0,    0,    0,    7, 5,    0x01,
  2,  64, 0,    0,    7,    5,  0x81, 2,    64,   0,    0,
};

#define HID(v, p, size, descriptor)                                                                \
  {                                                                                                \
    .vendor = v, .product = p, .serial = "F-1", .class = 3, .packet = size,                        \
    .report_descriptor = descriptor, .report_descriptor_size = sizeof descriptor,                  \
    .kernel_knows = TRUE                                                                           \
  }

static const Kind kinds[] = {
  { "hid-pos", HID (0x1234, 0x5678, 64, sample_pos_descriptor), good_scan, card_scan, "]E06901 ",
    TRUE, FALSE },
  { "hid-keyboard", HID (0x05E0, 0x1200, 8, sample_keyboard_descriptor), good_keys, card_keys,
    "12 ", FALSE, TRUE },
  { "serial",
    { .vendor = 0x0C2E,
      .product = 0x0B6A,
      .serial = "F-1",
      .descriptors = serial_descriptors,
      .descriptors_size = sizeof serial_descriptors,
      .on_urb = hold },
    good_line,
    card_line,
    "6901 ",
    TRUE,
    TRUE },
  { "hid-msr", HID (0x1234, 0x5679, 64, swipe_msr_descriptor), good_swipe, card_swipe, "12 ", TRUE,
    FALSE },
  { "magtek", HID (0x0801, 0x0011, 64, swipe_magtek_descriptor), good_magtek, card_magtek,
    "card:cbkmpfnigpgdanhkblpcidkabnagklgh ", TRUE, FALSE },
  { "idtech", HID (0x0ACD, 0x2010, 64, swipe_idtech_descriptor), good_idtech, card_idtech,
    "card:hjamngdkdgknofbfbbkcnmlcdfjonkmo ", TRUE, FALSE },
  { "hid-scale", HID (0x1234, 0x567A, 8, scale_descriptor), good_weight, NULL,
    "weight:3:0 weight:1:1250000 ", FALSE, FALSE },
};

/* --- the shop --- */

static const TillCardRule keyed = { .key = { 7, 1 } };

static void
on_shop_event (const TillDeviceEvent *event, gpointer user)
{
  Shop *shop = user;
  gsize before = shop->ear.heard->len;
  on_event (event, &shop->ear);
  g_string_append (shop->all, shop->ear.heard->str + before);
}

static void
start (Shop *shop)
{
  g_autofree char *facts = facts_dir ();
  TillDevicesSettings settings
      = { .facts_dir = facts, .usb = TRUE, .retry_ms = { 20, 20, 20, 20 }, .cards = &keyed };
  g_autoptr (GError) error = NULL;
  shop->devices = till_devices_new (&settings, on_shop_event, shop, &error);
  g_assert_no_error (error);
}

static void
plug (Shop *shop)
{
  emulator_plug (shop->emulator, &shop->kind->device);
}

static void
plug_and_start (Shop *shop)
{
  plug (shop);
  start (shop);
  expect (&shop->ear, "arrived ready ");
}

/* All of a deed, or its first pieces; -1: all. */
static void
act (Shop *shop, void (*make) (Deed *), int pieces)
{
  Deed deed = { 0 };
  memset (sent, 0, sizeof sent);
  make (&deed);
  for (gsize at = 0; at < deed.size && pieces != 0; at += deed.piece, pieces--)
    emulator_send (shop->emulator, sent + at, deed.piece, 0);
}

/* The beginning of a deed: its first report, or where it is but one, too little to say anything. */
static void
act_half (Shop *shop)
{
  Deed deed = { 0 };
  memset (sent, 0, sizeof sent);
  shop->kind->good (&deed);
  gsize half = deed.size > deed.piece ? deed.piece : MIN (deed.size / 2, 20);
  emulator_send (shop->emulator, sent, half, 0);
}

static void
act_half_and_pause (Shop *shop)
{
  act_half (shop);
  if (shop->kind->half_is_refused)
    expect_end (&shop->ear, "no:unreadable ");
}

/* By itself, at once or after it was opened anew. A deed that trouble has cut is done again. */
static void
works (Shop *shop)
{
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  gboolean late = FALSE;
  while (!g_str_has_suffix (shop->ear.heard->str, shop->kind->heard))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      act (shop, shop->kind->good, -1);
      guint timeout = g_timeout_add (400, on_too_late, &late);
      for (late = FALSE; !late && !g_str_has_suffix (shop->ear.heard->str, shop->kind->heard);)
        g_main_context_iteration (NULL, TRUE);
      if (!late)
        g_source_remove (timeout);
    }
  g_string_truncate (shop->ear.heard, 0);
}

/* --- the faults; the numbers are of the project's list --- */

static void
absent_at_start (Shop *shop) /* U01, U02 */
{
  start (shop);
  plug (shop);
  expect (&shop->ear, "arrived ready ");
}

static void
unplugged_idle (Shop *shop) /* U03 */
{
  plug_and_start (shop);
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  plug (shop);
  expect (&shop->ear, "arrived ready ");
}

static void
unplugged_in_transfer (Shop *shop) /* U04 */
{
  plug_and_start (shop);
  act_half (shop);
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  plug (shop);
  expect_end (&shop->ear, "arrived ready ");
}

static void
back_at_once (Shop *shop) /* U05: a new address at the same port */
{
  plug_and_start (shop);
  emulator_unplug (shop->emulator);
  plug (shop);
  expect_end (&shop->ear, "arrived ready ");
}

static void
busy (Shop *shop) /* U07 */
{
  emulator_set_busy (shop->emulator, TRUE);
  plug (shop);
  start (shop);
  expect (&shop->ear, "arrived busy ");
  emulator_set_busy (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
}

static void
denied (Shop *shop) /* U08 */
{
  emulator_set_denied (shop->emulator, TRUE);
  plug (shop);
  start (shop);
  expect (&shop->ear, "arrived no permission ");
  emulator_set_denied (shop->emulator, FALSE);
  expect (&shop->ear, "ready ");
}

static void
stall (Shop *shop) /* U09 */
{
  plug_and_start (shop);
  emulator_send (shop->emulator, NULL, 0, -EPIPE);
  works (shop);
  act_half_and_pause (shop);
  emulator_send (shop->emulator, NULL, 0, -EPIPE);
}

static void
time_out (Shop *shop) /* U10 */
{
  plug_and_start (shop);
  emulator_send (shop->emulator, NULL, 0, -ETIME);
  expect (&shop->ear, "trouble ready ");
}

static void
babble (Shop *shop) /* U11 */
{
  guint8 much[2 * REPORT_MAX] = { 0 };
  plug_and_start (shop);
  emulator_send (shop->emulator, much, sizeof much, 0);
  expect_end (&shop->ear, "trouble ready ");
}

static void
short_packet (Shop *shop) /* U12 */
{
  plug_and_start (shop);
  act_half_and_pause (shop);
}

static void
nothing_at_all (Shop *shop) /* U13 */
{
  plug_and_start (shop);
  for (int i = 0; i < 5; i++)
    emulator_send (shop->emulator, NULL, 0, 0);
}

static void
too_long (Shop *shop) /* U14: more bytes than the descriptor says, all zero */
{
  guint8 zeros[REPORT_MAX] = { 0 };
  Deed deed = { 0 };
  memset (sent, 0, sizeof sent);
  plug_and_start (shop);
  shop->kind->good (&deed);
  emulator_send (shop->emulator, zeros, deed.piece + 1, 0);
  /* More than whole packets have room for is babble. */
  if (deed.piece == shop->kind->device.packet)
    expect_end (&shop->ear, "trouble ready ");
}

static void
no_packet (Shop *shop) /* U20 */
{
  EmulatorDevice bad = shop->kind->device;
  static const guint8 cut[]
      = { 18, 1, 0,    2,    0,   0, 0, 64,   0x34, 0x12, 0x78, 0x56, 0, 1, 1, 2, 3, 1,
          9,  2, 0xFF, 0xFF, 255, 1, 0, 0x80, 50,   0,    4,    0,    0, 1, 3, 0, 0, 0 };
  start (shop);
  if (!bad.descriptors)
    {
      bad.packet = 0;
      emulator_plug (shop->emulator, &bad);
      expect (&shop->ear, "arrived trouble ");
      emulator_unplug (shop->emulator);
      expect (&shop->ear, "left ");
    }
  bad.descriptors = cut; /* 255 interfaces, one of no length */
  bad.descriptors_size = sizeof cut;
  emulator_plug (shop->emulator, &bad);
  emulator_unplug (shop->emulator);
  plug (shop);
  expect (&shop->ear, "arrived ready ");
}

/* Looked at before the system knew what it is, it was asked and given back; either way nobody
 * listens to it. */
static void
expect_left_alone (Shop *shop)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (5, on_too_late, &late);
  while (!late && strcmp (shop->ear.heard->str, "arrived unused ") != 0
         && strcmp (shop->ear.heard->str, "arrived trouble ") != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
  g_string_truncate (shop->ear.heard, 0);
  g_assert_false (emulator_is_claimed (shop->emulator));
}

static void
turned_keyboard (Shop *shop) /* U21: it comes back as a keyboard and types */
{
  plug_and_start (shop);
  if (shop->kind->is_listed)
    return;
  EmulatorDevice evil = shop->kind->device;
  evil.subclass = evil.protocol = 1;
  evil.packet = 8;
  evil.report_descriptor = sample_keyboard_descriptor;
  evil.report_descriptor_size = sizeof sample_keyboard_descriptor;
  emulator_unplug (shop->emulator);
  expect_end (&shop->ear, "left ");
  emulator_plug (shop->emulator, &evil);
  expect_left_alone (shop);
  emulator_unplug (shop->emulator);
  expect (&shop->ear, "left ");
  plug (shop);
  expect (&shop->ear, "arrived ready ");
}

static void
flood (Shop *shop) /* U22: nobody reads meanwhile */
{
  plug_and_start (shop);
  for (int i = 0; i < FLOOD; i++)
    act (shop, shop->kind->good, -1);
}

static void
suspended (Shop *shop) /* U23: what a hub's reset looks like from here */
{
  plug_and_start (shop);
  act_half (shop);
  emulator_send (shop->emulator, NULL, 0, -EPROTO);
  expect_end (&shop->ear, "trouble ready ");
  emulator_send (shop->emulator, NULL, 0, -EILSEQ);
  expect_end (&shop->ear, "trouble ready ");
}

static void
payment_card (Shop *shop) /* U24 */
{
  plug_and_start (shop);
  if (!shop->kind->card)
    return;
  act (shop, shop->kind->card, -1);
  expect_end (&shop->ear, "no:card-data ");
}

/* --- every fault at every kind --- */

static const struct
{
  const char *name;
  void (*happens) (Shop *shop);
} faults[] = {
  { "absent-at-start", absent_at_start },
  { "unplugged-idle", unplugged_idle },
  { "unplugged-in-transfer", unplugged_in_transfer },
  { "back-at-once", back_at_once },
  { "busy", busy },
  { "denied", denied },
  { "stall", stall },
  { "time-out", time_out },
  { "babble", babble },
  { "short", short_packet },
  { "nothing-at-all", nothing_at_all },
  { "too-long", too_long },
  { "descriptors", no_packet },
  { "turned-keyboard", turned_keyboard },
  { "flood", flood },
  { "suspended", suspended },
  { "payment-card", payment_card },
};

/* Nothing was heard but this device's good deed and words about trouble. */
static void
assert_nothing_wrong_was_heard (Shop *shop)
{
  static const char *const fair[]
      = { "",        "arrived",   "left",   "ready",         "busy",         "no", "permission",
          "trouble", "unplugged", "unused", "no:unreadable", "no:card-data", NULL };
  g_auto (GStrv) words = g_strsplit (shop->all->str, " ", -1);
  g_auto (GStrv) meant = g_strsplit (shop->kind->heard, " ", -1);
  for (char **word = words; *word; word++)
    if (!g_strv_contains (fair, *word) && !g_strv_contains ((const char *const *)meant, *word))
      g_error ("heard \"%s\" in: %s", *word, shop->all->str);
}

typedef struct
{
  gsize kind, fault;
} Case;

static void
test_case (gconstpointer data)
{
  const Case *which = data;
  Shop shop = { .kind = &kinds[which->kind], .emulator = emulator_new () };
  shop.ear.heard = g_string_new (NULL);
  shop.all = g_string_new (NULL);
  faults[which->fault].happens (&shop);
  works (&shop);
  assert_nothing_wrong_was_heard (&shop);
  g_clear_pointer (&shop.devices, till_devices_free);
  g_assert_false (emulator_is_claimed (shop.emulator));
  emulator_set_denied (shop.emulator, FALSE);
  emulator_free (shop.emulator);
  g_string_free (shop.ear.heard, TRUE);
  g_string_free (shop.all, TRUE);
}

int
main (int argc, char **argv)
{
  static Case cases[G_N_ELEMENTS (kinds) * G_N_ELEMENTS (faults)];
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  /* Warnings about strange devices are what is tested here. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      cases[i] = (Case){ i / G_N_ELEMENTS (faults), i % G_N_ELEMENTS (faults) };
      g_autofree char *path = g_strdup_printf ("/usb-faults/%s/%s", kinds[cases[i].kind].name,
                                               faults[cases[i].fault].name);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices as a listener sees them, over recorded wires and the socket of the virtual ones. */
#include "data/core/error.h"
#include "devices/usb/virtual-plug.h"
#include "tests/usb/samples.h"
#include "tests/usb/ear.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder, *socket, *recording, *facts;
  TillDevices *devices;
  Ear ear;
} Shop;

static void
open_shop (Shop *shop, gconstpointer unused)
{
  shop->folder = g_dir_make_tmp ("till-usb-XXXXXX", NULL);
  shop->socket = g_build_filename (shop->folder, "virtual", NULL);
  shop->recording = g_build_filename (shop->folder, "recording", NULL);
  shop->facts = facts_dir ();
  shop->ear.heard = g_string_new (NULL);
}

static void
close_shop (Shop *shop, gconstpointer unused)
{
  g_clear_pointer (&shop->devices, till_devices_free);
  g_assert_false (g_file_test (shop->socket, G_FILE_TEST_EXISTS));
  g_unlink (shop->recording);
  g_assert_cmpint (g_rmdir (shop->folder), ==, 0);
  g_free (shop->folder);
  g_free (shop->socket);
  g_free (shop->recording);
  g_free (shop->facts);
  g_string_free (shop->ear.heard, TRUE);
}

static gboolean
start (Shop *shop, const char *recording, GError **error)
{
  TillDevicesSettings settings
      = { .facts_dir = shop->facts, .retry_ms = { 5, 5, 5, 5 }, .socket_path = shop->socket };
  if (recording)
    {
      g_assert_true (g_file_set_contents (shop->recording, recording, -1, NULL));
      settings.replay_path = shop->recording;
    }
  shop->devices = till_devices_new (&settings, on_event, &shop->ear, error);
  return shop->devices != NULL;
}

static void
append_bytes (GString *text, const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  g_string_append_c (text, '\n');
}

static GString *
record (void)
{
  GString *text = g_string_new ("# a scanner\ndevice 1-1 1234:5678 - Recorded scanner\n"
                                "face 00 03 00 00\ndescriptor ");
  append_bytes (text, sample_pos_descriptor, sizeof sample_pos_descriptor);
  return text;
}

static void
record_scan (GString *text, const char *deed, const char *code)
{
  guint8 report[SAMPLE_POS_REPORT];
  sample_pos_report (report, "]E0", code, FALSE);
  g_string_append (text, deed);
  append_bytes (text, report, sizeof report);
}

static void
test_recording (Shop *shop, gconstpointer unused)
{
  g_autoptr (GString) text = record ();
  record_scan (text, "report ", "11");
  record_scan (text, "report ", ";4111111111111111=25?");
  g_string_append (text, "lost\n");
  record_scan (text, "report ", "22");
  g_string_append (text, "left\nback\n");
  record_scan (text, "report ", "33");
  g_assert_true (start (shop, text->str, NULL));
  expect (&shop->ear, "arrived ready ]E011 no:card-data trouble ready ]E022 left arrived ready "
                      "]E033 ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_cmpuint (device->findings, ==, 4);
  g_assert_cmpuint (device->refused, ==, 1);
  g_assert_cmpuint (device->lost, ==, 2);
  g_assert_cmpint (device->lost_by, ==, TILL_DEVICE_UNPLUGGED);
}

static void
test_refused_then_open (Shop *shop, gconstpointer unused)
{
  g_autoptr (GString) text = record ();
  g_string_append (text, "refuse busy\nrefuse denied\n");
  record_scan (text, "report ", "11");
  g_assert_true (start (shop, text->str, NULL));
  expect (&shop->ear, "arrived busy no permission ready ]E011 ");
}

/* 10^5 scans in one go: the queue holds, the rest is counted, and the next scan is heard. */
static void
test_flood (Shop *shop, gconstpointer unused)
{
  g_autoptr (GString) text = record ();
  record_scan (text, "flood 100000 ", "11");
  g_string_append (text, "left\n");
  g_assert_true (start (shop, text->str, NULL));
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (10, on_too_late, &late);
  while (!late && !g_str_has_suffix (shop->ear.heard->str, "left "))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  const TillDevice *device = g_ptr_array_index (list, 0);
  g_assert_cmpuint (device->findings, ==, 100000);
  g_assert_cmpuint (device->dropped, >, 0);
  g_assert_cmpuint (shop->ear.codes + device->dropped, ==, 100000);
  g_assert_cmpuint (shop->ear.floods, >=, 1);
}

/* Nobody runs the main loop meanwhile: memory stays bounded and freeing ends it. */
static void
test_flood_while_stopping (Shop *shop, gconstpointer unused)
{
  g_autoptr (GString) text = record ();
  for (guint i = 0; i < 20; i++)
    record_scan (text, "flood 1000000 ", "11");
  g_assert_true (start (shop, text->str, NULL));
  expect (&shop->ear, "arrived ");
  g_clear_pointer (&shop->devices, till_devices_free);
}

static void
test_bad_recordings (Shop *shop, gconstpointer unused)
{
  static const char *const rows[] = {
    "",
    "nonsense\n",
    "face 00 03 00 00\n",
    "device 1-1 1234:5678\n",
    "device 1-1 12345:1 - X\n",
    "device 1-1 1234:1 - X\nreport 0\n",
    "device 1-1 1234:1 - X\nreport zz\n",
    "device 1-1 1234:1 - X\nrefuse rain\n",
    "device 1-1 1234:1 - X\nflood 9999999 00\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (start (shop, rows[i], &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

static void
test_virtual_reader (Shop *shop, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (till_virtual_plug_new (shop->socket, "reader-virtual", "X", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_OFFLINE);
  g_assert_true (start (shop, NULL, NULL));
  struct stat status;
  g_assert_cmpint (stat (shop->socket, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  guint n;
  const TillSampleCard *cards = till_reader_virtual_cards (&n);
  TillVirtualPlug *reader = till_virtual_plug_new (shop->socket, "reader-virtual", "Reader", NULL);
  g_assert_true (till_virtual_plug_early (reader, NULL)); /* before the till has heard of it */
  g_assert_true (till_virtual_plug_card (reader, &cards[0], "insert", NULL));
  g_assert_true (till_virtual_plug_send (reader, "card tap visa 4111111111111111 tok", NULL));
  expect (&shop->ear, "arrived ready early card:tok-unionpay-debit-0018 no:card-data ");
  till_virtual_plug_free (reader);
  expect (&shop->ear, "left ");

  g_autoptr (TillVirtualPlug) scanner
      = till_virtual_plug_new (shop->socket, "scanner-virtual", "Scanner", NULL);
  g_assert_true (till_virtual_plug_scan (scanner, "]E0", "6901234567892", NULL));
  g_assert_true (till_virtual_plug_scan (scanner, NULL, "two words", NULL));
  g_assert_false (till_virtual_plug_scan (scanner, NULL, "two\nlines", NULL));
  expect (&shop->ear, "arrived ready ]E06901234567892 two words ");
  g_autoptr (TillVirtualPlug) again
      = till_virtual_plug_new (shop->socket, "reader-virtual", "Reader", NULL);
  expect (&shop->ear, "arrived ready ");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpuint (list->len, ==, 2); /* the reader was known */
}

static void
test_hostile_callers (Shop *shop, gconstpointer unused)
{
  g_assert_true (start (shop, NULL, NULL));
  static const char *const drivers[] = { "hid-pos", "nonsense", "" };
  for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
    {
      TillVirtualPlug *plug = till_virtual_plug_new (shop->socket, drivers[i], "X", NULL);
      g_assert_nonnull (plug);
      till_virtual_plug_free (plug);
    }
  TillVirtualPlug *plug = till_virtual_plug_new (shop->socket, "scanner-virtual", "X", NULL);
  expect (&shop->ear, "arrived ready ");
  g_autofree char *line = g_strnfill (600, 'a');
  g_assert_true (till_virtual_plug_send (plug, line, NULL));
  expect (&shop->ear, "left ");
  till_virtual_plug_free (plug);
}

static void
test_bad_settings (Shop *shop, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  TillDevicesSettings settings = { .facts_dir = "/nowhere" };
  g_assert_null (till_devices_new (&settings, on_event, &shop->ear, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  settings.facts_dir = shop->facts;
  settings.socket_path = "/nowhere/socket";
  g_assert_null (till_devices_new (&settings, on_event, &shop->ear, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_true (start (shop, NULL, NULL));
  g_assert_false (till_devices_choose (shop->devices, 1, 2, "nonsense", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
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
    { "/devices/recording", test_recording },
    { "/devices/refused-then-open", test_refused_then_open },
    { "/devices/flood", test_flood },
    { "/devices/flood-while-stopping", test_flood_while_stopping },
    { "/devices/bad-recordings", test_bad_recordings },
    { "/devices/virtual-reader", test_virtual_reader },
    { "/devices/hostile-callers", test_hostile_callers },
    { "/devices/bad-settings", test_bad_settings },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Shop, NULL, open_shop, tests[i].test, close_shop);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanners that are a serial line, byte by byte from tables, over a recording, and the descriptors
 * that say which interfaces belong together. */
#include "data/core/error.h"
#include "devices/usb/acm.h"
#include "devices/usb/facts.h"
#include "devices/usb/serial-scanner.h"
#include "tests/usb/ear.h"

#include <glib/gstdio.h>

static void
on_found (const TillFinding *finding, gpointer user)
{
  static const char *const refusals[] = { "?", "card-data", "too-long", "unreadable" };
  if (finding->kind == TILL_FINDING_CODE)
    g_string_append_printf (user, "%s%s ", finding->symbology, finding->code);
  else
    g_string_append_printf (user, "no:%s ", refusals[finding->refused]);
}

typedef struct
{
  TillQuirks quirks;
  const char *parts[6]; /* as they come; "PAUSE" is a pause, "LOST" lost reports */
  const char *heard;
} Row;

static const Row rows[] = {
  { 0, { "6901234567892\r" }, "6901234567892 " },
  { 0, { "6901234567892\n" }, "6901234567892 " },
  { 0, { "6901234567892\r\n", "PAUSE" }, "6901234567892 " },
  { 0, { "6901234567892\r", "\n" }, "6901234567892 " },
  { 0, { "69012", "", "34567", "892\r" }, "6901234567892 " },
  { 0, { "1\r2\n3\r\n4", "\r" }, "1 2 3 4 " },
  { 0, { "\r\n\r\n", "PAUSE" }, "" },
  { 0, { "PAUSE" }, "" },
  { 0, { "  \r" }, "" },
  /* Half a code is no code, and the next one is whole. */
  { 0, { "69012", "PAUSE", "34567892\r" }, "no:unreadable 34567892 " },
  { 0, { "69012", "LOST", "34567892\r" }, "34567892 " },
  { TILL_QUIRK_ENDS_BY_PAUSE, { "69012", "34567892", "PAUSE" }, "6901234567892 " },
  { TILL_QUIRK_ENDS_BY_PAUSE, { "1\r", "PAUSE", "2", "PAUSE" }, "1 2 " },
  { TILL_QUIRK_AIM_PREFIX, { "]E06901234567892\r" }, "]E06901234567892 " },
  { TILL_QUIRK_AIM_PREFIX, { "]E0\r", "]\r", "]e\r" }, "]E0 ] ]e " },
  { 0, { "]E01\r" }, "]E01 " },
  { 0, { "\xff\xfe\r", "1\r" }, "no:unreadable 1 " },
  { 0,
    { "4006381\x1d"
      "333931\r" },
    "4006381333931 " },
  { 0, { "\xe5\x95\x86\xe5\x93\x81\r" }, "商品 " },
  /* A card is refused, in however many pieces, with an end or without. */
  { 0, { ";41111111", "11111111=2512", "?\r", "1\r" }, "no:card-data 1 " },
  { 0, { ";4111111111111111=2512?", "PAUSE" }, "no:card-data " },
  { 0,
    { ";4111\x1d"
      "1111111\x01"
      "11111=2512?\r" },
    "no:card-data " },
  { TILL_QUIRK_ENDS_BY_PAUSE, { "%B4111111111111111^A/B^25", "PAUSE" }, "no:card-data " },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TillTerms terms = { .quirks = rows[i].quirks };
      g_autoptr (GString) heard = g_string_new (NULL);
      gpointer state = till_serial_scanner.start (NULL, &terms, NULL);
      for (const char *const *part = rows[i].parts; *part; part++)
        {
          if (strcmp (*part, "PAUSE") == 0)
            till_serial_scanner.pause (state, on_found, heard);
          else if (strcmp (*part, "LOST") == 0)
            till_serial_scanner.reset (state);
          else
            till_serial_scanner.take (state, (const guint8 *)*part, strlen (*part), on_found,
                                      heard);
        }
      till_serial_scanner.stop (state);
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (heard->str, ==, rows[i].heard);
    }
}

/* Opened anew after trouble: what comes at once may be the end of a code. */
static void
test_torn (void)
{
  const TillTerms terms = { .is_torn = TRUE };
  for (int paused = 0; paused < 2; paused++)
    {
      g_autoptr (GString) heard = g_string_new (NULL);
      gpointer state = till_serial_scanner.start (NULL, &terms, NULL);
      if (paused)
        till_serial_scanner.pause (state, on_found, heard);
      till_serial_scanner.take (state, (const guint8 *)"892\r6901\r", 9, on_found, heard);
      g_assert_cmpstr (heard->str, ==, paused ? "892 6901 " : "no:unreadable 6901 ");
      till_serial_scanner.stop (state);
    }
}

/* However long it gets, one refusal, and what follows its end is heard. */
static void
test_endless (void)
{
  /* So much that a buffer begun anew each time it is full would end with a good code in it. */
  const gsize much = 10 * (TILL_CODE_RAW_MAX + 1) + 5;
  g_autofree char *noise = g_strnfill (much, '7');
  g_autoptr (GString) heard = g_string_new (NULL);
  gpointer state = till_serial_scanner.start (NULL, &(TillTerms){ 0 }, NULL);
  till_serial_scanner.take (state, (const guint8 *)noise, much, on_found, heard);
  g_assert_cmpstr (heard->str, ==, "");
  till_serial_scanner.take (state, (const guint8 *)"\r1\r", 3, on_found, heard);
  g_assert_cmpstr (heard->str, ==, "no:too-long 1 ");
  till_serial_scanner.take (state, (const guint8 *)noise, TILL_CODE_MAX + 1, on_found, heard);
  till_serial_scanner.take (state, (const guint8 *)"\r", 1, on_found, heard);
  g_assert_cmpstr (heard->str, ==, "no:too-long 1 no:too-long ");
  till_serial_scanner.stop (state);
}

static void
test_union (void)
{
  static const struct
  {
    guint8 bytes[24];
    gsize size;
    int data_face;
  } cases[] = {
    { { 0 }, 0, -1 },
    { { 5, 0x24, 0, 0x10, 1, 5, 0x24, 1, 0, 1, 4, 0x24, 2, 2, 5, 0x24, 6, 0, 1 }, 19, 1 },
    { { 5, 0x24, 6, 2, 3 }, 5, 3 },
    { { 6, 0x24, 6, 0, 1, 2 }, 6, 1 }, /* more below it: the first has the data */
    { { 5, 0x24, 0, 0x10, 1 }, 5, -1 },
    { { 4, 0x24, 6, 0 }, 4, -1 },
    { { 5, 0x24, 6, 0, 0 }, 5, -1 }, /* itself */
    { { 0, 0x24, 6, 0, 1 }, 5, -1 }, /* would never end */
    { { 2, 0x24, 5, 0x24, 6, 0, 1 }, 7, -1 },
    { { 9, 0x24, 6, 0, 1 }, 5, -1 },
    { { 5, 0x24, 6, 0, 1 }, 4, -1 },
    { { 5, 0x25, 6, 0, 1 }, 5, -1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (till_acm_data_of (cases[i].bytes, cases[i].size), ==, cases[i].data_face);

  TillWireDescription description = { .n_faces = 3 };
  description.faces[0] = (TillWireFace){ .number = 0, .class = 2, .subclass = 6, .data_face = 1 };
  description.faces[1] = (TillWireFace){ .number = 1, .class = 10, .data_face = -1 };
  description.faces[2] = (TillWireFace){ .number = 2, .class = 2, .subclass = 2, .data_face = 3 };
  g_assert_null (till_acm_control_of (&description, 1)); /* Ethernet is no serial line */
  description.faces[2].data_face = 1;
  g_assert_true (till_acm_control_of (&description, 1) == &description.faces[2]);
  g_assert_null (till_acm_control_of (&description, 3));
}

/* A fact that would take every modem is none. */
static void
test_facts (void)
{
  static const struct
  {
    const char *text;
    gboolean is_fine;
  } cases[] = {
    { "[a]\nname=A\ndriver=serial-scanner\nvendor=1\nproduct=2\nclass=0a\n", TRUE },
    { "[a]\nname=A\ndriver=serial-scanner\nvendor=1\nproduct=2\nclass=0a\nquirks=ends-by-pause;\n",
      TRUE },
    { "[a]\nname=A\ndriver=serial-scanner\nclass=0a\n", FALSE },
    { "[a]\nname=A\ndriver=serial-scanner\nvendor=1\nclass=0a\n", FALSE },
    { "[a]\nname=A\ndriver=serial-scanner\nvendor=1\nproduct=2\n", FALSE },
    { "[a]\nname=A\ndriver=serial-scanner\nvendor=1\nproduct=2\nclass=02\n", FALSE },
  };
  g_autofree char *folder = g_dir_make_tmp ("till-usb-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.ini", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
      g_autoptr (GPtrArray) facts = till_facts_load (folder, &error);
      g_assert_cmpint (facts != NULL, ==, cases[i].is_fine);
      if (!facts)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* The device that is listed, from the first byte to the listener. What comes at once after it was
 * opened anew is not trusted. */
static void
test_recording (void)
{
  static const char recording[] = "device 1-1 0c2e:0b6a S-1 Vuquest\n"
                                  "face 0 02 02 01\n"
                                  "face 1 0a 00 00\n"
                                  "refuse busy\n"
                                  "report 36 39 30 31\n"
                                  "report 32 33 0d\n"
                                  "report 3b 34 31\n"
                                  "lost\n"
                                  "report 37 0d 0a\n"
                                  "report 39 0d\n"
                                  "left\n"
                                  "back\n"
                                  "report 38 0a\n";
  g_autofree char *folder = g_dir_make_tmp ("till-usb-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "recording", NULL);
  g_autofree char *facts = facts_dir ();
  g_assert_true (g_file_set_contents (path, recording, -1, NULL));
  Ear ear = { .heard = g_string_new (NULL) };
  TillDevicesSettings settings
      = { .facts_dir = facts, .retry_ms = { 5, 5, 5, 5 }, .replay_path = path };
  g_autoptr (GError) error = NULL;
  g_autoptr (TillDevices) devices = till_devices_new (&settings, on_event, &ear, &error);
  g_assert_no_error (error);
  expect (&ear,
          "arrived busy ready no:unreadable trouble ready no:unreadable 9 left arrived ready 8 ");
  g_autoptr (GPtrArray) list = till_devices_list (devices);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((TillDevice *)list->pdata[0])->driver, ==, "serial-scanner");
  g_clear_pointer (&devices, till_devices_free);
  g_string_free (ear.heard, TRUE);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/serial/rows", test_rows);
  g_test_add_func ("/serial/torn", test_torn);
  g_test_add_func ("/serial/endless", test_endless);
  g_test_add_func ("/serial/union", test_union);
  g_test_add_func ("/serial/facts", test_facts);
  g_test_add_func ("/serial/recording", test_recording);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Report descriptors, reports and lines by tables; hostile input first. */
#include "data/core/error.h"
#include "devices/usb/facts.h"
#include "devices/usb/hid-keyboard.h"
#include "devices/usb/hid-pos.h"
#include "devices/usb/reader-virtual.h"
#include "devices/usb/scanner-virtual.h"
#include "tests/usb/samples.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_hostile_descriptors (void)
{
  static const struct
  {
    const char *name;
    guint8 bytes[16];
    gsize size;
  } rows[] = {
    { "ends within an item", { 0x05 }, 1 },
    { "ends within a long item", { 0xFE, 0x09, 0x00 }, 3 },
    { "long item without length", { 0xFE }, 1 },
    { "reserved item", { 0x0C }, 1 },
    { "unknown main item", { 0x10 }, 1 },
    { "end without beginning", { 0xC0 }, 1 },
    { "never ends", { 0xA1, 0x01 }, 2 },
    { "pop without push", { 0xB4 }, 1 },
    { "report id 0", { 0x85, 0x00 }, 2 },
    { "report id 256", { 0x86, 0x00, 0x01 }, 3 },
    { "page beyond 16 bits", { 0x07, 0, 0, 1, 0 }, 5 },
    { "maximum without minimum", { 0x29, 0x05 }, 2 },
    { "maximum below minimum", { 0x19, 0x05, 0x29, 0x04 }, 4 },
    { "2^32 values", { 0x75, 0x08, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x09, 1, 0x81, 2 }, 11 },
    { "2^32 bits", { 0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x95, 1, 0x09, 1, 0x81, 2 }, 11 },
    { "product wraps", { 0x77, 0, 0, 1, 0, 0x97, 0, 0, 1, 0, 0x81, 2 }, 12 },
  };
  TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", rows[i].name);
      g_assert_false (till_hid_layout_parse (rows[i].bytes, rows[i].size, layout, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_cmpuint (layout->n_fields, ==, 0);
    }
  g_assert_false (till_hid_layout_parse (NULL, 0, layout, NULL));
  guint8 pushes[16];
  memset (pushes, 0xA4, sizeof pushes);
  g_assert_false (till_hid_layout_parse (pushes, sizeof pushes, layout, NULL));
  guint8 deep[64];
  for (gsize i = 0; i < sizeof deep; i += 2)
    deep[i] = 0xA1, deep[i + 1] = 0;
  g_assert_false (till_hid_layout_parse (deep, sizeof deep, layout, NULL));
  g_free (layout);
}

/* Every prefix, every single flipped byte and seeded noise: no crash, and what is accepted stays
 * within its bounds. */
static void
test_mangled_descriptors (void)
{
  TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  guint8 report[128] = { 0 };
  guint32 value;
  for (guint round = 0; round < 20000; round++)
    {
      guint8 bytes[sizeof sample_pos_descriptor];
      gsize size = sizeof bytes;
      memcpy (bytes, sample_pos_descriptor, size);
      if (round < size)
        size = round;
      else
        for (int n = g_test_rand_int_range (1, 6); n > 0; n--)
          bytes[g_test_rand_int_range (0, (gint32)size)] = (guint8)g_test_rand_int ();
      if (!till_hid_layout_parse (bytes, size, layout, NULL))
        continue;
      g_assert_cmpuint (layout->n_fields, <=, TILL_HID_FIELDS_MAX);
      g_assert_cmpuint (layout->input_size, <=, TILL_HID_REPORT_MAX);
      for (guint i = 0; i < layout->n_fields; i++)
        if (!till_hid_field_read (&layout->fields[i], report, sizeof report,
                                  layout->fields[i].count - 1u, &value))
          g_assert_cmpuint (layout->fields[i].bit_offset
                                + layout->fields[i].count * layout->fields[i].bit_size,
                            >, sizeof report * 8);
    }
  g_free (layout);
}

static void
test_layouts (void)
{
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  g_assert_true (
      till_hid_layout_parse (sample_pos_descriptor, sizeof sample_pos_descriptor, layout, NULL));
  g_assert_cmphex (layout->page, ==, 0x8C);
  g_assert_cmphex (layout->usage, ==, 0x02);
  g_assert_cmpuint (layout->input_size, ==, SAMPLE_POS_REPORT);
  const TillHidField *data = till_hid_layout_find (layout, TILL_HID_INPUT, 0x8C, 0xFE);
  g_assert_nonnull (data);
  g_assert_cmpuint (data->bit_offset, ==, 5 * 8);
  g_assert_cmpuint (data->count, ==, 56);
  g_assert_cmpuint (data->report_id, ==, 2);
  g_assert_null (till_hid_layout_find (layout, TILL_HID_FEATURE, 0x8C, 0xFE));

  g_assert_true (till_hid_layout_parse (sample_keyboard_descriptor,
                                        sizeof sample_keyboard_descriptor, layout, NULL));
  g_assert_cmpuint (layout->input_size, ==, 8);
  const TillHidField *keys = till_hid_layout_find (layout, TILL_HID_INPUT, 7, 4);
  g_assert_false (keys->variable);
  g_assert_cmpuint (keys->bit_offset, ==, 16);
}

/* --- drivers --- */

static void
note (const TillFinding *finding, gpointer user)
{
  static const char *const refusals[] = { "?", "card-data", "too-long", "unreadable" };
  GString *heard = user;
  switch (finding->kind)
    {
    case TILL_FINDING_CODE:
      g_string_append_printf (heard, "<%s|%s>", finding->symbology, finding->code);
      break;
    case TILL_FINDING_CARD:
      g_string_append_printf (heard, "<%s %s %s %s>", finding->entry, finding->scheme,
                              finding->masked, finding->token);
      break;
    case TILL_FINDING_CARD_EARLY:
      g_string_append (heard, "<early>");
      break;
    case TILL_FINDING_REFUSED:
      g_string_append_printf (heard, "<no:%s>", refusals[finding->refused]);
      break;
    case TILL_FINDING_WEIGHT:
      g_assert_not_reached ();
    }
}

static gpointer
start (const TillDriver *driver, const guint8 *descriptor, gsize size, TillHidLayout *layout)
{
  g_assert_true (till_hid_layout_parse (descriptor, size, layout, NULL));
  g_autoptr (GError) error = NULL;
  gpointer state = driver->start (layout, &(TillTerms){ 0 }, &error);
  g_assert_no_error (error);
  return state;
}

static void
test_pos (void)
{
  static const struct
  {
    const char *aim, *data;
    gboolean more;
    const char *heard;
  } rows[] = {
    { "]E0", "6901234567892", FALSE, "<]E0|6901234567892>" },
    { "", "plain", FALSE, "<|plain>" },
    { "XYZ", "odd aim", FALSE, "<|odd aim>" },
    { "]Q1", "first half ", TRUE, "" },
    { "]Q1", "second half", FALSE, "<]Q1|first half second half>" },
    { "]C0",
      "ab\x1b@\x07"
      "cd\r\n",
      FALSE, "<]C0|ab@cd>" },
    { "]C0", "\r\n", FALSE, "" },
    { "]C0", "\xff\xfe", FALSE, "<no:unreadable>" },
    { "]E0", "4111111111111111", FALSE, "<]E0|4111111111111111>" }, /* digits alone: a code */
    { "]E0", "%B4111111111111111^A/B^2512", FALSE, "<no:card-data>" },
    { "]E0", ";4111111111111111=2512?", FALSE, "<no:card-data>" },
    { "]E0", "x;622700", TRUE, "" }, /* in two parts */
    { "]E0", "0000000018=99?", FALSE, "<no:card-data>" },
    { "]E0", ";1234=5", FALSE, "<]E0|;1234=5>" },
    { "]C1", "中文码", FALSE, "<]C1|中文码>" },
  };
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  gpointer state
      = start (&till_hid_pos, sample_pos_descriptor, sizeof sample_pos_descriptor, layout);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 report[SAMPLE_POS_REPORT];
      g_autoptr (GString) heard = g_string_new (NULL);
      sample_pos_report (report, rows[i].aim, rows[i].data, rows[i].more);
      till_hid_pos.take (state, report, sizeof report, note, heard);
      g_assert_cmpstr (heard->str, ==, rows[i].heard);
    }
  till_hid_pos.stop (state);
}

static void
test_pos_strange_reports (void)
{
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  gpointer state
      = start (&till_hid_pos, sample_pos_descriptor, sizeof sample_pos_descriptor, layout);
  g_autoptr (GString) heard = g_string_new (NULL);
  guint8 report[SAMPLE_POS_REPORT + 64];
  memset (report, 'z', sizeof report);
  sample_pos_report (report, "]E0", "123", FALSE);
  till_hid_pos.take (state, report, 0, note, heard);
  report[0] = 9; /* another report's id */
  till_hid_pos.take (state, report, SAMPLE_POS_REPORT, note, heard);
  g_assert_cmpstr (heard->str, ==, "");
  report[0] = 2;
  till_hid_pos.take (state, report, sizeof report, note, heard); /* longer than described */
  till_hid_pos.take (state, report, 6, note, heard);             /* shorter */
  report[1] = 57;                                                /* more than there is room for */
  till_hid_pos.take (state, report, SAMPLE_POS_REPORT, note, heard);
  g_assert_cmpstr (heard->str, ==, "<]E0|123><no:unreadable><no:unreadable>");

  /* 3 × 56 characters are too many, and none of the parts passes for a code of its own. */
  g_string_truncate (heard, 0);
  g_autofree char *long_part = g_strnfill (56, 'a');
  for (guint i = 0; i < 40; i++)
    {
      sample_pos_report (report, "]Q1", long_part, i < 39);
      till_hid_pos.take (state, report, SAMPLE_POS_REPORT, note, heard);
    }
  g_assert_cmpstr (heard->str, ==, "<no:too-long>");
  /* What was half read is gone after a reset. */
  g_string_truncate (heard, 0);
  sample_pos_report (report, "]E0", "old", TRUE);
  till_hid_pos.take (state, report, SAMPLE_POS_REPORT, note, heard);
  till_hid_pos.reset (state);
  sample_pos_report (report, "]E0", "new", FALSE);
  till_hid_pos.take (state, report, SAMPLE_POS_REPORT, note, heard);
  g_assert_cmpstr (heard->str, ==, "<]E0|new>");
  till_hid_pos.stop (state);
}

static void
test_wrong_layout_is_refused (void)
{
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  g_autoptr (GError) error = NULL;
  g_assert_true (till_hid_layout_parse (sample_keyboard_descriptor,
                                        sizeof sample_keyboard_descriptor, layout, NULL));
  g_assert_null (till_hid_pos.start (layout, &(TillTerms){ 0 }, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (
      till_hid_layout_parse (sample_pos_descriptor, sizeof sample_pos_descriptor, layout, NULL));
  g_assert_null (till_hid_keyboard.start (layout, &(TillTerms){ 0 }, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_keyboard (void)
{
  static const struct
  {
    guint8 report[8];
    const char *heard;
  } rows[] = {
    { { 0, 0, 0x1E }, "" }, /* 1 */
    { { 0, 0, 0x1E }, "" }, /* held: not again */
    { { 0 }, "" },
    { { 0, 0, 0x1E }, "" },          /* 1 again */
    { { 0, 0, 0x1E, 0x04 }, "" },    /* a, while 1 is held */
    { { 2, 0, 0x05 }, "" },          /* B */
    { { 0x20, 0, 0x22 }, "" },       /* right shift 5: % */
    { { 0, 0, 0x5A }, "" },          /* pad 2 */
    { { 1, 0, 0x30 }, "" },          /* control ]: a separator, dropped */
    { { 0, 0, 0x3A }, "" },          /* F1: no character */
    { { 0, 0, 0x28 }, "<|11aB%2>" }, /* Enter */
    { { 0 }, "" },
    { { 0, 0, 0x28 }, "" }, /* Enter alone */
    { { 0 }, "" },
    { { 0, 0, 0x27 }, "" },
    { { 0, 0, 0x2B }, "<|0>" }, /* Tab ends, too */
    { { 0, 0, 0x04 }, "" },
    { { 4, 0, 0x59 }, "" }, /* alt and the pad */
    { { 0, 0, 0x28 }, "<no:unreadable>" },
    { { 0, 0, 1, 1, 1, 1, 1, 1 }, "" }, /* roll over */
    { { 0, 0, 0x28 }, "" },             /* Enter was held all the time */
    { { 0 }, "" },
    { { 0, 0, 0x58 }, "<no:unreadable>" },
  };
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  gpointer state = start (&till_hid_keyboard, sample_keyboard_descriptor,
                          sizeof sample_keyboard_descriptor, layout);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) heard = g_string_new (NULL);
      till_hid_keyboard.take (state, rows[i].report, 8, note, heard);
      g_assert_cmpstr (heard->str, ==, rows[i].heard);
    }
  g_autoptr (GString) heard = g_string_new (NULL);
  till_hid_keyboard.take (state, rows[0].report, 0, note, heard);
  till_hid_keyboard.take (state, rows[0].report, 1, note, heard);
  g_assert_cmpstr (heard->str, ==, "");
  till_hid_keyboard.stop (state);
}

static void
test_virtual_lines (void)
{
  static const struct
  {
    const TillDriver *driver;
    const char *line, *heard;
  } rows[] = {
    { &till_reader_virtual, "card tap visa 411111******4021 tok-visa-4021",
      "<tap visa 411111******4021 tok-visa-4021>" },
    { &till_reader_virtual, "early", "<early>" },
    { &till_reader_virtual, "", "<no:unreadable>" },
    { &till_reader_virtual, "card lick visa 411111******4021 tok", "<no:unreadable>" },
    { &till_reader_virtual, "card tap visa 4111111*****4021 tok", "<no:unreadable>" },
    { &till_reader_virtual, "card tap visa 411111******4021 tok more", "<no:unreadable>" },
    { &till_reader_virtual, "card tap visa 411111******4021", "<no:unreadable>" },
    { &till_reader_virtual, "card tap visa 4111111111111111 tok", "<no:card-data>" },
    { &till_reader_virtual, "card tap visa 411111******4021 4111111111111111", "<no:card-data>" },
    { &till_reader_virtual, "\xff", "<no:unreadable>" },
    { &till_scanner_virtual, "code ]E0 6901234567892", "<]E0|6901234567892>" },
    { &till_scanner_virtual, "code - two words", "<|two words>" },
    { &till_scanner_virtual, "code x 1", "<no:unreadable>" },
    { &till_scanner_virtual, "code", "<no:unreadable>" },
    { &till_scanner_virtual, "code - ;4111111111111111=2512", "<no:card-data>" },
    { &till_scanner_virtual, ";4111111111111111=2512", "<no:card-data>" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) heard = g_string_new (NULL);
      gpointer state = rows[i].driver->start (NULL, &(TillTerms){ 0 }, NULL);
      rows[i].driver->take (state, (const guint8 *)rows[i].line, strlen (rows[i].line), note,
                            heard);
      rows[i].driver->stop (state);
      g_assert_cmpstr (heard->str, ==, rows[i].heard);
    }
  guint n;
  const TillSampleCard *cards = till_reader_virtual_cards (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = till_reader_virtual_line (&cards[i], "insert");
      g_autoptr (GString) heard = g_string_new (NULL);
      till_reader_virtual.take (NULL, (const guint8 *)line, strlen (line), note, heard);
      g_assert_true (g_str_has_prefix (heard->str, "<insert "));
    }
}

static void
test_facts (void)
{
  static const struct
  {
    const char *text;
    gboolean fine;
  } rows[] = {
    { "[a]\nname=A\ndriver=hid-pos\nclass=03\n", TRUE },
    { "[a]\nname=A\ndriver=hid-keyboard\nvendor=05e0\nproduct=1200\nquirks=aim-prefix;\n", TRUE },
    { "[a]\nname=A\ndriver=hid-keyboard\nclass=03\n", FALSE },
    { "[a]\nname=A\ndriver=hid-keyboard\nvendor=05e0\n", FALSE },
    { "[a]\nname=A\ndriver=nonsense\nclass=03\n", FALSE },
    { "[a]\nname=A\ndriver=hid-pos\n", FALSE },
    { "[a]\ndriver=hid-pos\nclass=03\n", FALSE },
    { "[a]\nname=A\nclass=03\n", FALSE },
    { "[a]\nname=A\ndriver=hid-pos\nvendor=10000\n", FALSE },
    { "[a]\nname=A\ndriver=hid-pos\nproduct=1\n", FALSE },
    { "[a]\nname=A\ndriver=hid-pos\nclass=03\ncolour=red\n", FALSE },
    { "[a]\nname=A\ndriver=hid-pos\nclass=03\nquirks=odd\n", FALSE },
    { "no group\n", FALSE },
  };
  g_autofree char *folder = g_dir_make_tmp ("till-facts-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "a.ini", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (file, rows[i].text, -1, NULL));
      g_autoptr (GPtrArray) facts = till_facts_load (folder, &error);
      g_assert_true ((facts != NULL) == rows[i].fine);
      if (!rows[i].fine)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_unlink (file);
  g_rmdir (folder);
  g_autoptr (GError) error = NULL;
  g_assert_null (till_facts_load (folder, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autofree char *shipped
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "devices/usb/facts", NULL);
  g_autoptr (GPtrArray) facts = till_facts_load (shipped, NULL);
  g_assert_nonnull (facts);
}

/* Opened anew after trouble: what is typed before a pause may be the end of a code. */
static void
test_keyboard_torn (void)
{
  static const guint8 keys[][8] = { { 0, 0, 0x1E }, { 0 }, { 0, 0, 0x28 }, { 0 } };
  const TillTerms terms = { .is_torn = TRUE };
  TillHidLayout layout;
  g_assert_true (till_hid_layout_parse (sample_keyboard_descriptor,
                                        sizeof sample_keyboard_descriptor, &layout, NULL));
  for (int paused = 0; paused < 3; paused++)
    {
      g_autoptr (GString) heard = g_string_new (NULL);
      gpointer state = till_hid_keyboard.start (&layout, &terms, NULL);
      if (paused == 1)
        till_hid_keyboard.pause (state, note, heard);
      for (int i = 0; i < 8; i++)
        {
          till_hid_keyboard.take (state, keys[i % 4], 8, note, heard);
          if (paused == 2) /* slowly typed: the beginning is lost all the same */
            till_hid_keyboard.pause (state, note, heard);
        }
      g_assert_cmpstr (heard->str, ==, paused == 1 ? "<|1><|1>" : "<no:unreadable><|1>");
      till_hid_keyboard.stop (state);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hid/keyboard/torn", test_keyboard_torn);
  g_test_add_func ("/hid/descriptor/hostile", test_hostile_descriptors);
  g_test_add_func ("/hid/descriptor/mangled", test_mangled_descriptors);
  g_test_add_func ("/hid/descriptor/fields", test_layouts);
  g_test_add_func ("/hid/pos/codes", test_pos);
  g_test_add_func ("/hid/pos/strange-reports", test_pos_strange_reports);
  g_test_add_func ("/hid/wrong-layout-is-refused", test_wrong_layout_is_refused);
  g_test_add_func ("/hid/keyboard/us-layout", test_keyboard);
  g_test_add_func ("/virtual/lines", test_virtual_lines);
  g_test_add_func ("/facts/clear-errors", test_facts);
  return g_test_run ();
}

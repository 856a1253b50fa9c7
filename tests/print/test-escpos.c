/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From slip to bytes to paper. Golden files hold the bytes in a form that can be read and the roll
 * they make; TILL_GOLDEN=write makes them anew, to be looked at before they are committed. The
 * stream is also taken apart here by a grammar of its own that knows our commands and no more. */
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/print/escpos.h"
#include "data/core/gbk.h"
#include "devices/print/picture.h"
#include "devices/print/roll.h"

#include <glib/gstdio.h>
#include <string.h>
#include <zint.h>

static const char *const hostile[] = {
  "\x1b@",
  "\x1bp\x01\x19\xfa",
  "\x1dV\x01",
  "\x1d(k\x04\x01",
  "\x10\x14\x01\x01\x08",
  "\x10\x04\x01",
  "x\r\nTOTAL 0.00",
  "\x07\x08\x0b\x0c\x0e\x0f\x7f",
  "\xc2\x9b"
  "31m",
  "\xc2\x80",
  "\xe2\x80\xae"
  "gnp",
  "\xe2\x81\xa6x\xe2\x81\xa9",
  "a\xe2\x80\x8b"
  "b",
  "pаypal",
  "\xed\xa0\x80\xed\xb0\x80",
  "\xc0\xae\xc0\xaf",
  "\xc0\x9b@",
  "\xe0\x80\x9b@",
  "\xef\xbf\xbe",
  "𠮷野家 㐂 \xee\x80\x80\xef\xa3\xbf",
  "👨‍👩‍👧 🧾 1️⃣",
  "１２３",
  "٤٥٦",
  "=cmd|'/c calc'!A1",
  "+1",
  "-1",
  "@SUM",
  "\tTAB",
  "\"",
  "<span size=\"999999\">",
  "&#0;",
  "%s%n",
  "%1$*2147483647$d",
  "'; DROP TABLE sale",
  "../../etc/passwd",
  "é … — · ① Ω Я",
  "¥12.50 £1 €2",
  "\xff\xfe\xfd",
  "\x81\x1b\x81\x30\x1b\x30",
  "\xe5\x8f",
  "\x1c.\x1c!\xff",
  "",
};

static char *
very_long (const char *unit, int times)
{
  GString *text = g_string_new (NULL);
  for (int i = 0; i < times; i++)
    g_string_append (text, unit);
  return g_string_free (text, FALSE);
}

/* The stream is ours when it consists of nothing but the commands we make, ASCII and pairs. */
static gboolean
stream_is_ours (const guint8 *p, gsize n)
{
  static const struct
  {
    const char *command;
    gsize size;
    gsize args;
  } known[] = {
    { "\x1b@", 2, 0 },
    { "\x1b"
      "a",
      2, 1 },
    { "\x1b"
      "E",
      2, 1 },
    { "\x1bp", 2, 3 },
    { "\x1d!", 2, 1 },
    { "\x1c!", 2, 1 },
    { "\x1c&", 2, 0 },
    { "\x1c.", 2, 0 },
    { "\x1dh", 2, 1 },
    { "\x1dw", 2, 1 },
    { "\x1dH", 2, 1 },
    { "\x1dVB", 3, 1 },
    { "\n", 1, 0 },
  };
  for (gsize at = 0; at < n;)
    {
      if (n - at >= 3 && p[at] == 0x10 && strchr ("\x04\x05\x14", p[at + 1]))
        return FALSE;
      gsize step = 0;
      for (gsize i = 0; i < G_N_ELEMENTS (known) && step == 0; i++)
        if (n - at >= known[i].size && memcmp (p + at, known[i].command, known[i].size) == 0)
          step = known[i].size + known[i].args;
      if (step == 0 && n - at >= 4 && memcmp (p + at, "\x1dkI", 3) == 0)
        step = 4 + (gsize)p[at + 3];
      else if (step == 0 && n - at >= 5 && memcmp (p + at, "\x1d(k", 3) == 0)
        {
          step = 5 + (gsize)(p[at + 3] | p[at + 4] << 8);
          for (gsize i = at + 8; p[at + 6] == 80 && i < at + step; i++)
            if (p[i] < 0x20)
              return FALSE;
        }
      else if (step == 0 && p[at] >= 0x20 && p[at] < 0x7F)
        step = 1;
      else if (step == 0 && p[at] >= 0x81 && n - at >= 2 && p[at + 1] >= 0x40)
        step = 2;
      if (step == 0 || step > n - at)
        return FALSE;
      at += step;
    }
  return TRUE;
}

static TillDoc *
receipt (gboolean chinese)
{
  TillDoc *doc = till_doc_new ();
  till_doc_title (doc, chinese ? "晨光便利店" : "Morning Light");
  till_doc_text (doc, TILL_ALIGN_CENTRE,
                 chinese ? "杭州市文三路 138 号" : "138 Wensan Road, Hangzhou");
  till_doc_strong (doc, TILL_ALIGN_LEFT, chinese ? "补打 1" : "COPY 1");
  till_doc_rule (doc);
  till_doc_text (doc, TILL_ALIGN_LEFT,
                 chinese ? "农夫山泉饮用天然水 550 毫升整箱装，含运费（二十四瓶）"
                         : "Spring water, natural, 550 ml, a whole case of twenty-four bottles");
  till_doc_pair (doc, "  2 × ¥1.50", "¥3.00");
  till_doc_pair (doc,
                 chinese ? "商品名称特别长以至于不能与金额同在一行的一件商品"
                         : "An article whose name leaves no room for the amount beside it",
                 "¥1,234,567.89");
  till_doc_rule (doc);
  till_doc_strong_pair (doc, chinese ? "应收" : "To pay", "¥1,234,570.89");
  till_doc_feed (doc);
  till_doc_barcode (doc, "91010126112200000173");
  till_doc_qr (doc, "https://example.org/r/91010126112200000173");
  till_doc_text (doc, TILL_ALIGN_RIGHT, chinese ? "谢谢惠顾" : "Thank you");
  till_doc_kick (doc);
  till_doc_cut (doc);
  return doc;
}

/* One printer row a line; bytes outside printable ASCII in hexadecimal. */
static char *
dump (GBytes *bytes)
{
  gsize n;
  const guint8 *p = g_bytes_get_data (bytes, &n);
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    if (p[i] >= 0x20 && p[i] < 0x7F && p[i] != '<')
      g_string_append_c (text, (char)p[i]);
    else
      g_string_append_printf (text, "<%02x>%s", p[i], p[i] == '\n' ? "\n" : "");
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

static void
compare_golden (const char *name, const char *is)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "print", "golden", name, NULL);
  g_autofree char *golden = NULL;
  if (g_strcmp0 (g_getenv ("TILL_GOLDEN"), "write") == 0)
    g_assert_true (g_file_set_contents (path, is, -1, NULL));
  g_assert_true (g_file_get_contents (path, &golden, NULL, NULL));
  g_assert_cmpstr (is, ==, golden);
}

static void
test_golden (void)
{
  for (int chinese = 0; chinese < 2; chinese++)
    for (int wide = 0; wide < 2; wide++)
      {
        const TillPaper *paper = till_paper_find (wide ? "80" : "58");
        g_autoptr (TillDoc) doc = receipt (chinese);
        g_autoptr (GBytes) bytes = till_escpos_build (doc, paper, NULL);
        g_autoptr (TillRoll) roll = till_roll_read (bytes, paper);
        g_autofree char *raw = dump (bytes);
        g_autofree char *text = till_roll_to_text (roll);
        g_autofree char *raw_name
            = g_strdup_printf ("receipt-%s-%s.bytes", chinese ? "zh" : "en", paper->name);
        g_autofree char *text_name
            = g_strdup_printf ("receipt-%s-%s.roll", chinese ? "zh" : "en", paper->name);
        compare_golden (raw_name, raw);
        compare_golden (text_name, text);
        g_assert_cmpuint (roll->troubles->len, ==, 0);
        g_assert_cmpuint (roll->papers->len, ==, 1);
      }
}

/* Every row of every paper fits its width, whatever was in the slip. */
static void
assert_roll_fits (const TillRoll *roll)
{
  for (guint i = 0; i < roll->papers->len; i++)
    {
      const TillRollPaper *paper = g_ptr_array_index (roll->papers, i);
      for (guint k = 0; k < paper->rows->len; k++)
        {
          const TillRow *row = g_ptr_array_index (paper->rows, k);
          int used = 0;
          for (guint s = 0; row->spans && s < row->spans->len; s++)
            {
              const TillSpan *span = g_ptr_array_index (row->spans, s);
              used += span->columns;
              g_assert_true (g_utf8_validate (span->text, -1, NULL));
            }
          g_assert_cmpint (used, <=, roll->paper->columns);
        }
    }
}

static void
assert_harmless (const char *text, const TillPaper *paper)
{
  g_autoptr (TillDoc) doc = till_doc_new ();
  till_doc_text (doc, TILL_ALIGN_LEFT, text);
  till_doc_title (doc, text);
  till_doc_pair (doc, text, text);
  till_doc_strong_pair (doc, "x", text);
  /* As if a slip had been made without the cleaning of till_doc. */
  TillLine *raw = g_ptr_array_index (doc->lines, 0);
  g_free (raw->left);
  raw->left = g_strdup (text);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, paper, NULL);
  gsize n;
  const guint8 *p = g_bytes_get_data (bytes, &n);
  g_assert_true (stream_is_ours (p, n));
  g_autoptr (TillRoll) roll = till_roll_read (bytes, paper);
  g_assert_cmpuint (roll->troubles->len, ==, 0);
  assert_roll_fits (roll);
  /* No cut, no drawer, no code came out of words. */
  g_assert_cmpuint (roll->papers->len, ==, 1);
  const TillRollPaper *only = g_ptr_array_index (roll->papers, 0);
  g_assert_false (only->cut);
  for (guint k = 0; k < only->rows->len; k++)
    g_assert_cmpint (((const TillRow *)g_ptr_array_index (only->rows, k))->kind, ==, TILL_ROW_TEXT);
}

static void
test_words_steer_nothing (void)
{
  g_autofree char *letters = very_long ("x", 10000);
  g_autofree char *marks = very_long ("\xcc\x81", 10000);
  g_autofree char *hanzi = very_long ("退", 999);
  const char *const lengthy[] = { letters, marks, hanzi };
  const TillPaper *const papers[] = { &till_paper_58, &till_paper_80 };
  for (gsize w = 0; w < 2; w++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
        assert_harmless (hostile[i], papers[w]);
      for (gsize i = 0; i < G_N_ELEMENTS (lengthy); i++)
        assert_harmless (lengthy[i], papers[w]);
      /* Every byte on its own and every control byte inside a word. */
      for (int byte = 1; byte < 256; byte++)
        {
          const char one[] = { (char)byte, '\0' }, inside[] = { 'a', (char)byte, 'p', '1', '\0' };
          assert_harmless (one, papers[w]);
          assert_harmless (inside, papers[w]);
        }
    }
}

static void
test_random_words_steer_nothing (void)
{
  for (int round = 0; round < 2000; round++)
    {
      char text[64];
      gsize n = (gsize)g_test_rand_int_range (0, sizeof text - 1);
      for (gsize i = 0; i < n; i++)
        text[i] = (char)g_test_rand_int_range (1, 256);
      text[n] = '\0';
      assert_harmless (text, round % 2 ? &till_paper_58 : &till_paper_80);
    }
}

static void
test_encoding (void)
{
  static const struct
  {
    const char *text, *bytes;
  } rows[] = {
    { "¥12.50", "\xA3\xA4"
                "12.50" },
    { "退款", "\xCD\xCB\xBF\xEE" },
    { "镕", "\xE9\x46" },
    { "€", "\xA2\xE3" },
    { "𠮷", "?" },
    { "🧾", "?" },
    { "\xee\x80\x80", "?" },
    { "Ⓐ", "?" },
    { "a\tb", "a?b" },
    { "−5", "-5" },
    { "\x7f", "?" },
    { "\xff", "?" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *bytes = till_gbk_encode (rows[i].text, NULL);
      g_assert_cmpstr (bytes, ==, rows[i].bytes);
    }
}

/* Every character of the basic plane is itself, its twin or "?", and comes back from its pair. */
static void
test_encoding_round_trip (void)
{
  guint pairs = 0;
  for (gunichar c = 0x80; c < 0xFFFE; c++)
    {
      if (!g_unichar_validate (c))
        continue;
      char utf8[7] = "";
      g_unichar_to_utf8 (c, utf8);
      g_autofree char *bytes = till_gbk_encode (utf8, NULL);
      if (strlen (bytes) == 1)
        continue;
      g_assert_cmpuint (strlen (bytes), ==, 2);
      gunichar back = till_gbk_decode ((guint8)bytes[0], (guint8)bytes[1]);
      if (c != 0xA5 && c != 0xA3 && c != 0x2022)
        g_assert_cmphex (back, ==, c);
      pairs++;
      c += pairs > 8000 && c < 0x9000 ? 7 : 0;
    }
  g_assert_cmpuint (pairs, >, 8000);
}

static void
test_wrapping (void)
{
  static const struct
  {
    const char *text, *rows;
  } cases[] = {
    { "one two three four five six seven", "one two three four five six\nseven\n" },
    { "aaaaaaaaaabbbbbbbbbbccccccccccddddeeee", "aaaaaaaaaabbbbbbbbbbccccccccccdd\nddeeee\n" },
    { "一二三四五六七八九十一二三四五六七", "一二三四五六七八九十一二三四五六\n七\n" },
    /* A stop does not begin a row. */
    { "一二三四五六七八九十一二三四五六，七", "一二三四五六七八九十一二三四五\n六，七\n" },
    /* A hanzi is never split. */
    { "a一二三四五六七八九十一二三四五六七", "a一二三四五六七八九十一二三四五\n六七\n" },
    { "12345678901234567890123456789 中文 x", "12345678901234567890123456789 中\n文 x\n" },
    { "", "\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TillDoc) doc = till_doc_new ();
      till_doc_text (doc, TILL_ALIGN_LEFT, cases[i].text);
      g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL);
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_autofree char *text = till_roll_to_text (roll);
      g_assert_cmpstr (text, ==, cases[i].rows);
    }
}

static const TillRow *
only_code (const TillRoll *roll, TillRowKind kind)
{
  for (guint i = 0; i < roll->papers->len; i++)
    {
      const TillRollPaper *paper = g_ptr_array_index (roll->papers, i);
      for (guint k = 0; k < paper->rows->len; k++)
        if (((const TillRow *)g_ptr_array_index (paper->rows, k))->kind == kind)
          return g_ptr_array_index (paper->rows, k);
    }
  return NULL;
}

static void
test_barcode (void)
{
  /* The middle ones hold pairs that read as DLE and a real-time command. */
  static const char *const codes[] = { "91010126112200000173", "91160401000016200001",
                                       "91162001000116051605", "00", "99999999999999999999" };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (TillDoc) doc = till_doc_new ();
      till_doc_barcode (doc, codes[i]);
      g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL);
      gsize n;
      const guint8 *p = g_bytes_get_data (bytes, &n);
      for (gsize at = 0; at + 1 < n; at++)
        g_assert_false (p[at] == 0x10 && (p[at + 1] == 4 || p[at + 1] == 5 || p[at + 1] == 0x14));
      g_assert_true (stream_is_ours (p, n));
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_autofree char *shown = till_roll_to_text (roll);
      g_assert_nonnull (strstr (shown, codes[i]));
      const TillRow *row = only_code (roll, TILL_ROW_BARCODE);
      if (row)
        g_assert_cmpstr (row->code, ==, codes[i]);
      /* Only the last but two may have grown too wide for the narrow paper. */
      g_assert_true (row || i == 1 || i == 2);
    }
}

static void
test_barcode_too_wide_is_digits (void)
{
  g_autofree char *digits = very_long ("12", 100);
  g_autoptr (TillDoc) doc = till_doc_new ();
  till_doc_barcode (doc, digits);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, NULL);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_assert_null (only_code (roll, TILL_ROW_BARCODE));
  g_autofree char *text = till_roll_to_text (roll);
  g_auto (GStrv) rows = g_strsplit_set (text, " \n", -1);
  g_autofree char *all = g_strjoinv ("", rows);
  g_assert_cmpstr (all, ==, digits);
}

static void
test_too_long_is_refused (void)
{
  g_autofree char *text = very_long ("x", 400);
  g_autoptr (TillDoc) doc = till_doc_new ();
  for (int i = 0; i < TILL_PRINT_MAX / 400 + 1; i++)
    till_doc_text (doc, TILL_ALIGN_LEFT, text);
  g_autoptr (GError) error = NULL;
  g_assert_null (till_escpos_build (doc, &till_paper_58, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_drawer_and_cut (void)
{
  g_autoptr (TillDoc) doc = till_doc_new ();
  till_doc_kick (doc);
  till_doc_text (doc, TILL_ALIGN_LEFT, "one");
  till_doc_cut (doc);
  till_doc_text (doc, TILL_ALIGN_LEFT, "two");
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL);
  static const char expected[] = "\x1b@\x1c&\x1bp\x00\x19\xfaone\n\x1dV"
                                 "B\x03two\n\x1c.";
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   sizeof expected - 1);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
  g_assert_cmpuint (roll->papers->len, ==, 2);
  g_assert_true (((const TillRollPaper *)g_ptr_array_index (roll->papers, 0))->cut);
  g_assert_false (((const TillRollPaper *)g_ptr_array_index (roll->papers, 1))->cut);
  g_assert_nonnull (only_code (roll, TILL_ROW_KICK));
}

static void
test_roll_says_what_it_does_not_understand (void)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    guint troubles;
  } rows[] = {
    { "\x1bZ", 2, 1 },
    { "\x1b", 1, 1 },
    { "\x1d(k\xff\xff"
      "1P0x",
      9, 1 },
    { "\x1dkI\xff{C", 6, 1 },
    { "\x1dkI\x03{C\xc8", 7, 1 },
    { "\x1dv0\x00\xff\xff\xff\xff", 8, 1 },
    { "\x09", 1, 1 },
    { "\xb0\xa1", 2, 2 },
    { "\x1c&\xb0", 3, 1 },
    { "\x1d(k\x03\x00"
      "1Q0",
      8, 1 },
    { "\x1dVz", 3, 1 },
    { "\x1b"
      "a9",
      3, 1 },
    { "\x1b@abc\n", 6, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (rows[i].bytes, rows[i].size);
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_assert_cmpuint (roll->troubles->len, ==, rows[i].troubles);
    }
}

static void
test_any_bytes_make_a_roll (void)
{
  static const guint8 tasty[] = { 0x1B, 0x1C, 0x1D, '(', 'k', 'V', 'v',  'p', 'd', '!',  '&', 73,
                                  49,   80,   81,   255, 0,   1,   '\n', '{', 'C', 0xB0, 0xA1 };
  for (int round = 0; round < 4000; round++)
    {
      guint8 noise[600];
      for (gsize i = 0; i < sizeof noise; i++)
        noise[i] = round % 2 ? (guint8)g_test_rand_int_range (0, 256)
                             : tasty[g_test_rand_int_range (0, G_N_ELEMENTS (tasty))];
      g_autoptr (GBytes) bytes
          = g_bytes_new (noise, (gsize)g_test_rand_int_range (0, sizeof noise));
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
      assert_roll_fits (roll);
      g_autofree char *text = till_roll_to_text (roll);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_cmpuint (roll->troubles->len, <=, TILL_ROLL_TROUBLES_MAX);
    }
}

static void
test_roll_is_bounded (void)
{
  /* Each would make far more paper than it has bytes, or paper without end. */
  static const char *const units[] = { "\n",
                                       "\x1b"
                                       "d\xff",
                                       "\x1dV\x42\x01", "\x1bp0\x01\x01", "\x1bZ" };
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *text = very_long (units[i], TILL_ROLL_ROWS_MAX + 10);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      guint rows = 0;
      for (guint k = 0; k < roll->papers->len; k++)
        rows += ((const TillRollPaper *)g_ptr_array_index (roll->papers, k))->rows->len;
      g_assert_cmpuint (rows + roll->papers->len, <=, TILL_ROLL_ROWS_MAX + 1);
      g_assert_cmpuint (roll->troubles->len, >, 0);
      g_assert_cmpuint (roll->troubles->len, <=, TILL_ROLL_TROUBLES_MAX);
    }
  g_autofree guint8 *huge = g_malloc (TILL_ROLL_BYTES_MAX + 1);
  memset (huge, 'x', TILL_ROLL_BYTES_MAX + 1);
  g_autoptr (GBytes) bytes = g_bytes_new (huge, TILL_ROLL_BYTES_MAX + 1);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_assert_cmpuint (roll->troubles->len, ==, 2);
}

/* The bars in a picture are those that the library of symbols gives for the digits. */
static void
test_picture_holds_the_real_bars (void)
{
  g_autoptr (TillDoc) doc = till_doc_new ();
  till_doc_barcode (doc, "91010126112200000173");
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
  int height = till_roll_paper_height (roll, 0);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 384, height);
  cairo_t *cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  till_roll_draw (roll, 0, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  const guint32 *line
      = (const guint32 *)(const void *)(cairo_image_surface_get_data (surface)
                                        + 40 * cairo_image_surface_get_stride (surface));
  struct zint_symbol *symbol = ZBarcode_Create ();
  symbol->symbology = BARCODE_CODE128;
  g_assert_cmpint (ZBarcode_Encode (symbol, (const unsigned char *)"91010126112200000173", 0), ==,
                   0);
  g_assert_cmpint (symbol->width * 2, ==, 290);
  int left = (384 - 290) / 2;
  for (int x = 0; x < 384; x++)
    {
      int module = (x - left) / 2;
      gboolean black = x >= left && x < left + 290
                       && ((symbol->encoded_data[0][module / 8] >> (module % 8)) & 1);
      g_assert_cmphex (line[x] & 0xFFFFFF, ==, black ? 0 : 0xFFFFFF);
    }
  ZBarcode_Delete (symbol);
  cairo_surface_destroy (surface);
}

static void
test_picture_file (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-roll-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "roll.png", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "no", "roll.png", NULL);
  g_autoptr (TillDoc) doc = receipt (TRUE);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, NULL);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_autoptr (GError) error = NULL;
  g_assert_true (till_roll_write_png (roll, 0, path, &error));
  g_assert_no_error (error);
  g_assert_false (till_roll_write_png (roll, 0, nowhere, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  const char *keep = g_getenv ("TILL_SHOTS");
  for (int chinese = 0; keep && chinese < 2; chinese++)
    for (int wide = 0; wide < 2; wide++)
      {
        const TillPaper *paper = wide ? &till_paper_80 : &till_paper_58;
        g_autoptr (TillDoc) shown = receipt (chinese);
        g_autoptr (GBytes) shown_bytes = till_escpos_build (shown, paper, NULL);
        g_autoptr (TillRoll) shown_roll = till_roll_read (shown_bytes, paper);
        g_autofree char *shot
            = g_strdup_printf ("%s/receipt-%s-%s.png", keep, chinese ? "zh" : "en", paper->name);
        g_assert_true (till_roll_write_png (shown_roll, 0, shot, NULL));
      }
  /* Longer than a picture can be: an error, no crash. */
  g_autofree char *feeds = very_long ("\n", 5000);
  g_autoptr (GBytes) long_bytes = g_bytes_new (feeds, strlen (feeds));
  g_autoptr (TillRoll) long_roll = till_roll_read (long_bytes, &till_paper_58);
  g_autoptr (GError) too_long = NULL;
  g_assert_false (till_roll_write_png (long_roll, 0, path, &too_long));
  g_assert_error (too_long, TILL_ERROR, TILL_ERROR_INVALID);
  g_remove (path);
  g_rmdir (dir);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/escpos/golden", test_golden);
  g_test_add_func ("/escpos/words-steer-nothing", test_words_steer_nothing);
  g_test_add_func ("/escpos/random-words-steer-nothing", test_random_words_steer_nothing);
  g_test_add_func ("/escpos/encoding", test_encoding);
  g_test_add_func ("/escpos/encoding-round-trip", test_encoding_round_trip);
  g_test_add_func ("/escpos/wrapping", test_wrapping);
  g_test_add_func ("/escpos/barcode", test_barcode);
  g_test_add_func ("/escpos/barcode-too-wide-is-digits", test_barcode_too_wide_is_digits);
  g_test_add_func ("/escpos/too-long-is-refused", test_too_long_is_refused);
  g_test_add_func ("/escpos/drawer-and-cut", test_drawer_and_cut);
  g_test_add_func ("/roll/says-what-it-does-not-understand",
                   test_roll_says_what_it_does_not_understand);
  g_test_add_func ("/roll/any-bytes-make-a-roll", test_any_bytes_make_a_roll);
  g_test_add_func ("/roll/is-bounded", test_roll_is_bounded);
  g_test_add_func ("/roll/picture-holds-the-real-bars", test_picture_holds_the_real_bars);
  g_test_add_func ("/roll/picture-file", test_picture_file);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From slip to bytes to paper. Golden files hold the bytes in a form that can be read and the roll
 * they make; TILL_GOLDEN=write makes them anew, to be looked at before they are committed. The
 * stream is also taken apart here by a grammar of its own that knows our commands and no more. */
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/print/command.h"
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

/* Of a picture as we send it, the full width of a paper and one row high; else 0. */
static gsize
raster_size (const guint8 *p, gsize n)
{
  static const guint8 across[] = { 48, 64, 72 };
  if (n < 8 || memcmp (p, "\x1dv0\0", 4) != 0 || p[5] != 0 || p[7] != 0)
    return 0;
  if (!memchr (across, p[4], sizeof across) || (p[6] != 30 && p[6] != 54))
    return 0;
  return 8 + (gsize)p[4] * p[6];
}

/* Obeyed by a printer at once, even inside a picture. */
static gboolean
has_realtime_command (const guint8 *p, gsize n)
{
  for (gsize at = 0; at + 1 < n; at++)
    if (p[at] == 0x10 && (p[at + 1] == 4 || p[at + 1] == 5 || p[at + 1] == 0x14))
      return TRUE;
  return FALSE;
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
  if (has_realtime_command (p, n))
    return FALSE;
  for (gsize at = 0; at < n;)
    {
      gsize step = raster_size (p + at, n - at);
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
        g_autoptr (GBytes) bytes = till_escpos_build (doc, paper, NULL, NULL);
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
assert_harmless_as (const char *text, const TillPaper *paper, TillDrawRow draw)
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
  g_autoptr (GBytes) bytes = till_escpos_build (doc, paper, draw, NULL);
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
    {
      TillRowKind kind = ((const TillRow *)g_ptr_array_index (only->rows, k))->kind;
      g_assert_true (kind == TILL_ROW_TEXT || (draw && kind == TILL_ROW_PICTURE));
    }
}

static void
assert_harmless (const char *text, const TillPaper *paper)
{
  assert_harmless_as (text, paper, NULL);
  assert_harmless_as (text, paper, till_picture_row);
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
    gboolean lacks;
  } rows[] = {
    { "¥12.50", "\xA3\xA4"
                "12.50" },
    { "退款", "\xCD\xCB\xBF\xEE" },
    { "镕", "\xE9\x46" },
    { "€", "\xA2\xE3" },
    { "𠮷", "?", TRUE },
    { "🧾", "?", TRUE },
    { "\xee\x80\x80", "?" },
    { "Ⓐ", "?", TRUE },
    { "a\tb", "a?b" },
    { "−5", "-5" },
    { "\x7f", "?" },
    { "\xff", "?" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean lacks = FALSE;
      g_autofree char *bytes = till_gbk_encode (rows[i].text, &lacks, NULL);
      g_assert_cmpstr (bytes, ==, rows[i].bytes);
      g_assert_cmpint (lacks, ==, rows[i].lacks);
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
      g_autofree char *bytes = till_gbk_encode (utf8, NULL, NULL);
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
      g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL, NULL);
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
      g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL, NULL);
      gsize n;
      const guint8 *p = g_bytes_get_data (bytes, &n);
      g_assert_false (has_realtime_command (p, n));
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
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, NULL, NULL);
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
  g_assert_null (till_escpos_build (doc, &till_paper_58, NULL, &error));
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
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL, NULL);
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

/* A drawing in words: where each run begins and ends, in dots. The dots are a bar as long as the
 * runs are, so that the bytes show it too. */
static GString *drawn;

static GBytes *
draw_in_words (const TillDrawnRow *row, GError **error)
{
  gsize size = (gsize)(row->dots / 8 * till_drawn_height (row->big));
  guint8 *dots = g_malloc0 (size);
  for (guint i = 0; i < row->runs->len; i++)
    {
      const TillRun *run = g_ptr_array_index (row->runs, i);
      g_string_append_printf (drawn, "%s%d-%d:%s", i > 0 ? "|" : "", run->x, run->x + run->dots,
                              run->text);
      g_assert_cmpint (run->x + run->dots, <=, row->dots);
      for (int x = run->x; x < run->x + run->dots; x++)
        dots[x / 8] |= (guint8)(0x80 >> x % 8);
    }
  g_string_append_c (drawn, '\n');
  return g_bytes_new_take (dots, size);
}

static TillDoc *
doc_of (TillAlign align, gboolean big, const char *left, const char *right)
{
  TillDoc *doc = till_doc_new ();
  if (right)
    till_doc_pair (doc, left, right);
  else
    till_doc_text (doc, align, left);
  TillLine *line = g_ptr_array_index (doc->lines, 0);
  line->big = big;
  return doc;
}

static void
test_drawn_on_the_columns_of_text (void)
{
  static const struct
  {
    const TillPaper *paper;
    TillAlign align;
    gboolean big;
    const char *left, *right, *rows;
  } cases[] = {
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "吉野家 a", NULL, "" },
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "𠮷野家 a", NULL, "0-72:𠮷野家|72-96: a\n" },
    { &till_paper_58, TILL_ALIGN_CENTRE, FALSE, "𠮷野", NULL, "168-216:𠮷野\n" },
    { &till_paper_80, TILL_ALIGN_CENTRE, FALSE, "𠮷野", NULL, "264-312:𠮷野\n" },
    { &till_paper_80_512, TILL_ALIGN_CENTRE, FALSE, "𠮷野", NULL, "232-280:𠮷野\n" },
    { &till_paper_58, TILL_ALIGN_RIGHT, TRUE, "a𠮷", NULL, "312-336:a|336-384:𠮷\n" },
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "㐂", "¥3", "0-24:㐂|348-372:￥|372-384:3\n" },
    /* The right edge of text is the last column, not the last dot. */
    { &till_paper_80_512, TILL_ALIGN_LEFT, FALSE, "𬭎", "3", "0-24:𬭎|492-504:3\n" },
    /* The part with the strange character and the one without, in one manner. */
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "a", "🧾", "0-12:a|360-384:🧾\n" },
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "𠮷二三四五六七八九十一二三四五六七", "¥1.00",
      "0-384:𠮷二三四五六七八九十一二三四五六\n0-24:七|312-336:￥|336-384:1.00\n" },
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "𠮷二三四五六七八九十一二三四五", "1.00",
      "0-360:𠮷二三四五六七八九十一二三四五\n336-384:1.00\n" },
    /* A stop does not begin a row, nor is a wide character split. */
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "𠮷二三四五六七八九十一二三四五六，七", NULL,
      "0-360:𠮷二三四五六七八九十一二三四五\n0-72:六，七\n" },
    { &till_paper_58, TILL_ALIGN_LEFT, TRUE, "a𠮷二三四五六七八", NULL,
      "0-24:a|24-360:𠮷二三四五六七\n0-48:八\n" },
    /* Marks take no column, stay with their letter, and are not piled up. */
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "x\xcc\x82yz", NULL, "0-36:x\xcc\x82yz\n" },
    { &till_paper_58, TILL_ALIGN_RIGHT, FALSE, "👍🏽", NULL, "360-384:👍🏽\n" },
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "x\xcc\x82\xcc\x82\xcc\x82\xcc\x82\xcc\x82y", NULL,
      "0-24:x\xcc\x82\xcc\x82\xcc\x82y\n" },
    /* Letters that join stay in one run. */
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "سلام", "1", "0-48:سلام|372-384:1\n" },
    /* Nothing to see: no reason to draw. */
    { &till_paper_58, TILL_ALIGN_LEFT, FALSE, "a\xee\x80\x80\xef\xbf\xbd", NULL, "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TillDoc) doc
          = doc_of (cases[i].align, cases[i].big, cases[i].left, cases[i].right);
      drawn = g_string_new (NULL);
      g_autoptr (GBytes) bytes = till_escpos_build (doc, cases[i].paper, draw_in_words, NULL);
      g_assert_cmpstr (drawn->str, ==, cases[i].rows);
      g_string_free (drawn, TRUE);
      g_assert_true (stream_is_ours (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
    }
}

/* Bytes by hand: the drawn row between rows of text, which begin and end in their own style. */
static void
test_drawn_bytes (void)
{
  g_autoptr (TillDoc) doc = till_doc_new ();
  till_doc_text (doc, TILL_ALIGN_CENTRE, "one");
  till_doc_text (doc, TILL_ALIGN_LEFT, "𠮷");
  till_doc_text (doc, TILL_ALIGN_CENTRE, "two");
  drawn = g_string_new (NULL);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, draw_in_words, NULL);
  g_string_free (drawn, TRUE);
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  static const char before[] = "\x1b@\x1c&\x1b"
                               "a\x01one\n\x1b"
                               "a\x00\x1dv0\x00\x30\x00\x1e\x00\xff\xff\xff";
  static const char after[] = "\x1b"
                              "a\x01two\n\x1b"
                              "a\x00\x1c.";
  g_byte_array_append (expected, (const guint8 *)before, sizeof before - 1);
  gsize dots = expected->len - 3 + 48 * 30;
  while (expected->len < dots)
    g_byte_array_append (expected, (const guint8 *)"", 1);
  g_byte_array_append (expected, (const guint8 *)after, sizeof after - 1);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected->data,
                   expected->len);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
  g_autofree char *text = till_roll_to_text (roll);
  g_assert_cmpstr (text, ==, "              one\n[picture]\n              two\n");
  /* A question to the printer never falls into the picture. */
  gsize size, begins = sizeof before - 1 - 3 - 8, ends = begins + 8 + 48 * 30;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_assert_cmpuint (till_command_cut (data, size, 0, begins + 100), ==, begins);
  g_assert_cmpuint (till_command_cut (data, size, begins, 1), ==, ends);
  g_assert_cmpuint (till_command_cut (data, size, ends, 3), ==, ends + 3);
}

static GBytes *
draw_commands (const TillDrawnRow *row, GError **error)
{
  static const guint8 tasty[] = { 0x10, 0x04, 0x10, 0x05, 0x10, 0x10, 0x14, 0x10, 0x01 };
  gsize size = (gsize)(row->dots / 8 * till_drawn_height (row->big));
  guint8 *dots = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    dots[i] = tasty[i % sizeof tasty];
  return g_bytes_new_take (dots, size);
}

static void
test_dots_are_no_commands (void)
{
  g_autoptr (TillDoc) doc = doc_of (TILL_ALIGN_LEFT, FALSE, "𠮷", NULL);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, draw_commands, NULL);
  gsize n;
  const guint8 *p = g_bytes_get_data (bytes, &n);
  g_assert_true (stream_is_ours (p, n));
  /* One dot more each, everything else as it was drawn. */
  static const guint8 sent[] = { 0x18, 0x04, 0x18, 0x05, 0x10, 0x18, 0x14, 0x10, 0x01 };
  for (gsize i = 0; i < 72 * 30; i++)
    g_assert_cmphex (p[4 + 8 + i], ==, sent[i % sizeof sent]);
}

static GBytes *
draw_nothing (const TillDrawnRow *row, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no ink");
  return NULL;
}

static void
test_drawing_fails (void)
{
  g_autoptr (TillDoc) doc = doc_of (TILL_ALIGN_LEFT, FALSE, "𠮷", "1");
  g_autoptr (GError) error = NULL;
  g_assert_null (till_escpos_build (doc, &till_paper_80, draw_nothing, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_autoptr (TillDoc) plain = doc_of (TILL_ALIGN_LEFT, FALSE, "吉", "1");
  g_autoptr (GBytes) bytes = till_escpos_build (plain, &till_paper_80, draw_nothing, NULL);
  g_assert_nonnull (bytes);
}

static guint asked;

/* Fails in the middle of a line: what was drawn of it is taken back. */
static GBytes *
draw_once (const TillDrawnRow *row, GError **error)
{
  if (asked++ == 0)
    return draw_commands (row, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no fonts");
  return NULL;
}

static void
test_nothing_to_draw_with (void)
{
  g_autoptr (TillDoc) doc
      = doc_of (TILL_ALIGN_LEFT, FALSE, "𠮷一二三四五六七八九十一二三四五六七", "1");
  till_doc_text (doc, TILL_ALIGN_RIGHT, "𠮷");
  asked = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, draw_once, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (asked, ==, 2);
  g_autoptr (GBytes) plain = till_escpos_build (doc, &till_paper_58, NULL, NULL);
  g_assert_true (g_bytes_equal (bytes, plain));
}

/* In a process of its own, because fonts are looked for once. */
static void
test_no_fonts (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (TillDoc) doc = doc_of (TILL_ALIGN_LEFT, FALSE, "𠮷", "¥3.00");
      g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, till_picture_row, NULL);
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_autofree char *text = till_roll_to_text (roll);
      g_assert_cmpstr (text, ==, "?                         ￥3.00\n");
      return;
    }
  g_autofree char *dir = g_dir_make_tmp ("till-fonts-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "none.conf", NULL);
  g_assert_true (g_file_set_contents (path, "<fontconfig></fontconfig>", -1, NULL));
  g_setenv ("FONTCONFIG_FILE", path, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_unsetenv ("FONTCONFIG_FILE");
  g_test_trap_assert_passed ();
  g_remove (path);
  g_rmdir (dir);
}

/* A character that is blank is no sign of missing fonts. */
static void
test_blank_is_drawn (void)
{
  g_autoptr (TillDoc) doc = doc_of (TILL_ALIGN_LEFT, FALSE, "\xe2\xa0\x80", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, till_picture_row, &error);
  g_assert_no_error (error);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
  g_autofree char *text = till_roll_to_text (roll);
  g_assert_cmpstr (text, ==, "[picture]\n");
}

/* So many strange names that as pictures they could not be printed. */
static void
test_drawing_is_bounded (void)
{
  g_autofree char *name = very_long ("𠮷", 400);
  g_autoptr (TillDoc) doc = till_doc_new ();
  for (int i = 0; i < 100; i++)
    till_doc_strong_pair (doc, name, name);
  for (guint i = 0; i < doc->lines->len; i++)
    ((TillLine *)g_ptr_array_index (doc->lines, i))->big = TRUE;
  g_autoptr (GError) error = NULL;
  drawn = g_string_new (NULL);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, draw_in_words, &error);
  g_string_free (drawn, TRUE);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, TILL_DRAWN_MAX);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_autofree char *text = till_roll_to_text (roll);
  g_assert_nonnull (strstr (text, "[picture]\n???"));
}

/* The picture of row k of a roll, a byte a dot, 1 is black. */
static guint8 *
shot (const TillRoll *roll, int *height)
{
  int wide = roll->paper->dots;
  *height = till_roll_paper_height (roll, 0);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, wide, *height);
  cairo_t *cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  till_roll_draw (roll, 0, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  guint8 *dots = g_malloc ((gsize)(wide * *height));
  for (int y = 0; y < *height; y++)
    for (int x = 0; x < wide; x++)
      dots[y * wide + x] = cairo_image_surface_get_data (
                               surface)[y * cairo_image_surface_get_stride (surface) + x * 4]
                           < 128;
  cairo_surface_destroy (surface);
  return dots;
}

static guint8 *
shot_of (TillDoc *doc, const TillPaper *paper, int *height)
{
  g_autoptr (TillDoc) owned = doc;
  g_autoptr (GBytes) bytes = till_escpos_build (doc, paper, till_picture_row, NULL);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, paper);
  g_assert_cmpuint (roll->troubles->len, ==, 0);
  return shot (roll, height);
}

static guint
ink (const guint8 *dots, int wide, int from, int to, int height)
{
  guint sum = 0;
  for (int y = 0; y < height; y++)
    for (int x = from; x < to; x++)
      sum += dots[y * wide + x];
  return sum;
}

/* A drawn row and the same row as text lie dot for dot in one place, on every paper. */
static void
test_drawn_as_text_is_shown (void)
{
  static const TillPaper *const papers[] = { &till_paper_58, &till_paper_80, &till_paper_80_512 };
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (papers); i++)
    {
      const TillPaper *paper = papers[i / 2];
      int high, other, big = i % 2, glyph = 24 * (big + 1);
      g_autofree guint8 *text
          = shot_of (doc_of (TILL_ALIGN_LEFT, big, "吉野家 Aj", "12.50"), paper, &high);
      g_autofree guint8 *picture
          = shot_of (doc_of (TILL_ALIGN_LEFT, big, "𠮷野家 Aj", "12.50"), paper, &other);
      g_assert_cmpint (high, ==, glyph + 6);
      g_assert_cmpint (high, ==, other);
      guint first = ink (picture, paper->dots, 0, glyph, high);
      g_assert_cmpuint (first, >, (guint)(glyph * glyph / 20));
      g_assert_cmpuint (ink (picture, paper->dots, glyph, paper->dots, high), >, first);
      guint differ = 0;
      for (int y = 0; y < high; y++)
        for (int x = glyph; x < paper->dots; x++)
          differ += text[y * paper->dots + x] != picture[y * paper->dots + x];
      g_assert_cmpuint (differ, ==, 0);
    }
}

/* Every sort of name that a ROM does not know leaves ink, and leaves it inside its columns. */
static void
test_strange_names_are_drawn (void)
{
  static const char *const names[] = { "𠮷",
                                       "㐂",
                                       "𬭎",
                                       "🧾",
                                       "x\xcc\x82",
                                       "سلام",
                                       "שלום",
                                       "ไทย",
                                       "ế",
                                       "Ⓐ",
                                       "👨‍👩‍👧",
                                       "1️⃣",
                                       "\xcc\x81",
                                       "\xf0\xb0\xbb\x9d" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      int high, wide = 12 * till_text_columns (names[i]);
      g_autofree guint8 *dots
          = shot_of (doc_of (TILL_ALIGN_LEFT, FALSE, names[i], "."), &till_paper_58, &high);
      g_autoptr (TillDoc) doc = doc_of (TILL_ALIGN_LEFT, FALSE, names[i], ".");
      g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, till_picture_row, NULL);
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_autofree char *text = till_roll_to_text (roll);
      g_assert_cmpstr (text, ==, "[picture]\n");
      g_assert_cmpint (high, ==, 30);
      g_assert_cmpuint (ink (dots, 384, 0, MAX (wide, 12), high), >, 5);
      g_assert_cmpuint (ink (dots, 384, wide + 24, 384 - 12, high), ==, 0);
    }
}

static void
test_roll_shows_pictures (void)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    int left, top, right, bottom; /* of the black */
  } rows[] = {
    { "\x1dv0\x00\x01\x00\x02\x00\x00\x0f", 10, 4, 1, 8, 2 },
    { "\x1dv0\x33\x01\x00\x02\x00\x00\x0f", 10, 8, 2, 16, 4 },
    { "\x1dv0\x01\x01\x00\x02\x00\x00\x0f", 10, 8, 1, 16, 2 },
    { "\x1b"
      "a\x02\x1dv0\x00\x01\x00\x02\x00\x00\x0f",
      13, 380, 1, 384, 2 },
    { "\x1b"
      "a\x01\x1dv0\x00\x01\x00\x01\x00\x80",
      12, 188, 0, 189, 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (rows[i].bytes, rows[i].size);
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_assert_cmpuint (roll->troubles->len, ==, 0);
      int high;
      g_autofree guint8 *dots = shot (roll, &high);
      g_assert_cmpint (high, ==, rows[i].bottom);
      for (int y = 0; y < high; y++)
        for (int x = 0; x < 384; x++)
          g_assert_cmpint (dots[y * 384 + x], ==,
                           x >= rows[i].left && x < rows[i].right && y >= rows[i].top
                               && y < rows[i].bottom);
    }
}

/* As wide and as tall as may be; one more is trouble, and what follows is read all the same. */
static void
test_roll_bounds_pictures (void)
{
  static const struct
  {
    guint8 mode;
    guint across, height;
    gboolean shown;
  } rows[] = {
    { 0, 48, 30, TRUE },
    { 0, 49, 30, FALSE },
    { 1, 24, 1, TRUE },
    { 1, 25, 1, FALSE },
    { 0, 1, TILL_RASTER_HEIGHT_MAX, TRUE },
    { 0, 1, TILL_RASTER_HEIGHT_MAX + 1, FALSE },
    { 4, 1, 1, FALSE },
    { 0x34, 1, 1, FALSE },
    { 0, 0, 1, FALSE },
    { 0, 1, 0, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const guint8 head[] = { 0x1D,
                              'v',
                              '0',
                              rows[i].mode,
                              (guint8)rows[i].across,
                              0,
                              (guint8)(rows[i].height & 0xFF),
                              (guint8)(rows[i].height >> 8) };
      g_autoptr (GByteArray) stream = g_byte_array_new ();
      g_byte_array_append (stream, head, sizeof head);
      gsize from = stream->len;
      g_byte_array_set_size (stream, (guint)from + rows[i].across * rows[i].height);
      memset (stream->data + from, 0xFF, stream->len - from);
      g_byte_array_append (stream, (const guint8 *)"end\n", 4);
      g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&stream));
      g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_58);
      g_autofree char *text = till_roll_to_text (roll);
      g_assert_cmpstr (text, ==, rows[i].shown ? "[picture]\nend\n" : "end\n");
      g_assert_cmpuint (roll->troubles->len, ==, rows[i].shown ? 0 : 1);
    }
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
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_58, NULL, NULL);
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
keep_strange_names (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "strange-names.png", NULL);
  g_autoptr (TillDoc) doc = till_doc_new ();
  till_doc_title (doc, "𠮷野家");
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    till_doc_pair (doc, hostile[i], "¥3.00");
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, till_picture_row, NULL);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_assert_true (till_roll_write_png (roll, 0, path, NULL));
}

static void
test_picture_file (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-roll-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "roll.png", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "no", "roll.png", NULL);
  g_autoptr (TillDoc) doc = receipt (TRUE);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, NULL, NULL);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_autoptr (GError) error = NULL;
  g_assert_true (till_roll_write_png (roll, 0, path, &error));
  g_assert_no_error (error);
  g_assert_false (till_roll_write_png (roll, 0, nowhere, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  const char *keep = g_getenv ("TILL_SHOTS");
  if (keep)
    keep_strange_names (keep);
  for (int chinese = 0; keep && chinese < 2; chinese++)
    for (int wide = 0; wide < 2; wide++)
      {
        const TillPaper *paper = wide ? &till_paper_80 : &till_paper_58;
        g_autoptr (TillDoc) shown = receipt (chinese);
        g_autoptr (GBytes) shown_bytes = till_escpos_build (shown, paper, NULL, NULL);
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
  g_test_add_func ("/escpos/drawn/on-the-columns-of-text", test_drawn_on_the_columns_of_text);
  g_test_add_func ("/escpos/drawn/bytes", test_drawn_bytes);
  g_test_add_func ("/escpos/drawn/dots-are-no-commands", test_dots_are_no_commands);
  g_test_add_func ("/escpos/drawn/fails", test_drawing_fails);
  g_test_add_func ("/escpos/drawn/nothing-to-draw-with", test_nothing_to_draw_with);
  g_test_add_func ("/escpos/drawn/no-fonts", test_no_fonts);
  g_test_add_func ("/escpos/drawn/blank-is-drawn", test_blank_is_drawn);
  g_test_add_func ("/escpos/drawn/is-bounded", test_drawing_is_bounded);
  g_test_add_func ("/escpos/drawn/as-text-is-shown", test_drawn_as_text_is_shown);
  g_test_add_func ("/escpos/drawn/strange-names", test_strange_names_are_drawn);
  g_test_add_func ("/roll/shows-pictures", test_roll_shows_pictures);
  g_test_add_func ("/roll/bounds-pictures", test_roll_bounds_pictures);
  g_test_add_func ("/roll/says-what-it-does-not-understand",
                   test_roll_says_what_it_does_not_understand);
  g_test_add_func ("/roll/any-bytes-make-a-roll", test_any_bytes_make_a_roll);
  g_test_add_func ("/roll/is-bounded", test_roll_is_bounded);
  g_test_add_func ("/roll/picture-holds-the-real-bars", test_picture_holds_the_real_bars);
  g_test_add_func ("/roll/picture-file", test_picture_file);
  return g_test_run ();
}

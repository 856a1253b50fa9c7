/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/slips/slip-test.h"
#include "data/core/clock.h"
#include "data/slips/words.h"

/* As long as the number of a slip; it begins with a digit that no slip has. */
#define NUMBER "00000000000000000000"

/* "1234567890123…": it takes one line to its end, and two on paper that is narrower. */
static void
add_ruler (TillDoc *doc, int columns)
{
  g_autoptr (GString) ruler = g_string_new (NULL);
  for (int i = 1; i <= columns; i++)
    g_string_append_c (ruler, (char)('0' + i % 10));
  till_doc_text (doc, TILL_ALIGN_LEFT, ruler->str);
}

/* So many hanzi that they fill the line, too: each takes two columns. */
static void
add_hanzi (TillDoc *doc, int columns)
{
  static const char *const hanzi[] = { "退", "货", "退", "款", "小", "票", "测", "试", "青", "禾" };
  g_autoptr (GString) line = g_string_new (NULL);
  for (int i = 0; i < columns / 2; i++)
    g_string_append (line, hanzi[i % (int)G_N_ELEMENTS (hanzi)]);
  till_doc_text (doc, TILL_ALIGN_LEFT, line->str);
}

TillDoc *
till_slip_test (const TillShop *shop, int columns, const char *way, int64_t at)
{
  TillDoc *doc = till_doc_new ();
  g_autofree char *when = till_clock_format (at, shop->zone);
  g_autofree char *width = g_strdup_printf ("%d", columns);
  till_doc_title (doc, shop->name);
  till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_TEST_SLIP));
  till_doc_text (doc, TILL_ALIGN_CENTRE, when);
  till_doc_text (doc, TILL_ALIGN_CENTRE, way);
  till_doc_rule (doc);
  add_ruler (doc, columns);
  add_hanzi (doc, columns);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_COLUMNS), width);
  till_doc_text (doc, TILL_ALIGN_LEFT, till_slip_word (shop, TILL_WORD_SAYS_ONE_LINE));
  if (shop->paper_draw)
    {
      till_doc_text (doc, TILL_ALIGN_LEFT, till_slip_word (shop, TILL_WORD_SAYS_DRAWN));
      till_doc_text (doc, TILL_ALIGN_CENTRE, "𠮷㐂𬭎");
    }
  till_doc_rule (doc);
  till_slip_money (doc, till_slip_word (shop, TILL_WORD_TO_PAY), 123456789);
  till_slip_strong_money (doc, till_slip_word (shop, TILL_WORD_CHANGE), -5);
  till_doc_barcode (doc, NUMBER);
  till_doc_qr (doc, "quittance test " NUMBER);
  till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_SAYS_NO_VALUE));
  till_doc_cut (doc);
  return doc;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slip of forty lines as bytes for the printer: every line drawn, and as text, in turn.
 *
 *   receipt [ROUNDS] [SLIPS] */
#include "devices/print/picture.h"
#include "tests/bench/bench.h"

#define LINES 40

static TillDoc *
slip (const char *name)
{
  TillDoc *doc = till_doc_new ();
  for (int i = 0; i < LINES; i++)
    till_doc_pair (doc, name, "¥1,234.50");
  return doc;
}

/* The time of one, in µs; *bytes is its length. */
static double
build (const TillDoc *doc, int slips, gsize *bytes)
{
  double start = bench_now ();
  for (int i = 0; i < slips; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) made = till_escpos_build (doc, &till_paper_80, till_picture_row, &error);
      g_assert_no_error (error);
      *bytes = g_bytes_get_size (made);
    }
  return (bench_now () - start) / slips;
}

int
main (int argc, char **argv)
{
  g_autoptr (TillDoc) drawn = slip ("𠮷野家牛肉饭（大份）"), text = slip ("吉野家牛肉饭（大份）");
  int slips = bench_number (argc, argv, 2, 50);
  gsize drawn_bytes, text_bytes;
  /* The first slip loads the fonts, once in the life of the till. */
  build (drawn, 1, &drawn_bytes);
  for (int round = 0; round < bench_number (argc, argv, 1, 5); round++)
    {
      double drawn_us = build (drawn, slips, &drawn_bytes),
             text_us = build (text, slips, &text_bytes);
      bench_say ("receipt", drawn_us, text_us);
      bench_say ("receipt.bytes", (double)drawn_bytes, (double)text_bytes);
    }
  return 0;
}

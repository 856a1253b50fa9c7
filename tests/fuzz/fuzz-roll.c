/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printer bytes: any stream gives a roll within its bounds, with text that can be shown. */
#include "devices/print/roll.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  const TillPaper *const papers[] = { &till_paper_58, &till_paper_80 };
  for (gsize i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      g_autoptr (TillRoll) roll = till_roll_read (bytes, papers[i]);
      guint rows = 0;
      for (guint p = 0; p < roll->papers->len; p++)
        {
          const TillRollPaper *paper = roll->papers->pdata[p];
          rows += paper->rows->len;
          for (guint r = 0; r < paper->rows->len; r++)
            {
              const TillRow *row = paper->rows->pdata[r];
              g_assert_true ((row->kind == TILL_ROW_TEXT) == (row->spans != NULL));
              g_assert_true ((row->kind == TILL_ROW_PICTURE) == (row->dots != NULL));
              if (row->dots)
                g_assert_cmpuint (g_bytes_get_size (row->dots), ==,
                                  (gsize)row->across * (gsize)row->height);
              fuzz_assert_clean (row->code, G_MAXLONG);
              for (guint s = 0; row->spans && s < row->spans->len; s++)
                {
                  const TillSpan *span = row->spans->pdata[s];
                  fuzz_assert_clean (span->text, G_MAXLONG);
                  g_assert_true (span->width >= 1 && span->width <= 8);
                  g_assert_true (span->height >= 1 && span->height <= 8);
                }
            }
        }
      g_assert_cmpuint (rows, <=, TILL_ROLL_ROWS_MAX);
      g_assert_cmpuint (roll->troubles->len, <=, TILL_ROLL_TROUBLES_MAX);
      g_autofree char *text = till_roll_to_text (roll);
      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
  return 0;
}

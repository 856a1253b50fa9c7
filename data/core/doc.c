/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/doc.h"
#include "data/core/text.h"

#include <string.h>

static void
line_free (gpointer data)
{
  TillLine *line = data;
  g_free (line->left);
  g_free (line->right);
  g_free (line);
}

TillDoc *
till_doc_new (void)
{
  TillDoc *doc = g_new0 (TillDoc, 1);
  doc->lines = g_ptr_array_new_with_free_func (line_free);
  return doc;
}

void
till_doc_free (TillDoc *doc)
{
  g_ptr_array_unref (doc->lines);
  g_free (doc);
}

static TillLine *
add (TillDoc *doc, TillLineKind kind, const char *left, const char *right)
{
  TillLine *line = g_new0 (TillLine, 1);
  line->kind = kind;
  line->left = left ? till_text_clean (left, 400) : NULL;
  line->right = right ? till_text_clean (right, 400) : NULL;
  g_ptr_array_add (doc->lines, line);
  return line;
}

void
till_doc_text (TillDoc *doc, TillAlign align, const char *text)
{
  add (doc, TILL_LINE_TEXT, text, NULL)->align = align;
}

void
till_doc_title (TillDoc *doc, const char *text)
{
  TillLine *line = add (doc, TILL_LINE_TEXT, text, NULL);
  line->align = TILL_ALIGN_CENTRE;
  line->bold = line->big = TRUE;
}

void
till_doc_strong (TillDoc *doc, TillAlign align, const char *text)
{
  TillLine *line = add (doc, TILL_LINE_TEXT, text, NULL);
  line->align = align;
  line->bold = TRUE;
}

void
till_doc_pair (TillDoc *doc, const char *left, const char *right)
{
  add (doc, TILL_LINE_PAIR, left, right);
}

void
till_doc_strong_pair (TillDoc *doc, const char *left, const char *right)
{
  add (doc, TILL_LINE_PAIR, left, right)->bold = TRUE;
}

void
till_doc_rule (TillDoc *doc)
{
  add (doc, TILL_LINE_RULE, NULL, NULL);
}

void
till_doc_barcode (TillDoc *doc, const char *digits)
{
  g_assert (strlen (digits) % 2 == 0 && strspn (digits, "0123456789") == strlen (digits));
  add (doc, TILL_LINE_BARCODE, digits, NULL)->align = TILL_ALIGN_CENTRE;
}

void
till_doc_qr (TillDoc *doc, const char *payload)
{
  g_assert (strlen (payload) <= 300 && g_str_is_ascii (payload));
  add (doc, TILL_LINE_QR, payload, NULL)->align = TILL_ALIGN_CENTRE;
}

void
till_doc_feed (TillDoc *doc)
{
  add (doc, TILL_LINE_FEED, NULL, NULL);
}

void
till_doc_cut (TillDoc *doc)
{
  add (doc, TILL_LINE_CUT, NULL, NULL);
}

void
till_doc_kick (TillDoc *doc)
{
  add (doc, TILL_LINE_KICK, NULL, NULL);
}

char *
till_doc_to_text (const TillDoc *doc)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < doc->lines->len; i++)
    {
      const TillLine *line = g_ptr_array_index (doc->lines, i);
      if (line->left)
        g_string_append (text, line->left);
      if (line->right)
        g_string_append_printf (text, "\t%s", line->right);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

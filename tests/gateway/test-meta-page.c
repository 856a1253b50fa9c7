/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one META tag of a page. Wrong pages first. */
#include "devices/gateway/meta-page.h"

#include <string.h>

#define TAG "<META NAME=\"P\" CONTENT=\"a=1&b=2\">"

static const struct
{
  const char *name, *page, *content; /* content NULL: nothing */
} rows[] = {
  { "no tag", "<html></html>", NULL },
  { "text only", "a=1&b=2", NULL },
  { "two tags", TAG TAG, NULL },
  { "a second one of another kind", TAG "<meta charset=\"utf-8\">", NULL },
  { "a second one in a comment", TAG "<!-- <meta> -->", NULL },
  { "another name", "<META NAME=\"Q\" CONTENT=\"a=1\">", NULL },
  { "name in other letters", "<META NAME=\"p\" CONTENT=\"a=1\">", NULL },
  { "name longer", "<META NAME=\"P \" CONTENT=\"a=1\">", NULL },
  { "no name", "<META CONTENT=\"a=1\">", NULL },
  { "content first", "<META CONTENT=\"a=1\" NAME=\"P\">", NULL },
  { "content twice", "<META NAME=\"P\" CONTENT=\"a=1\" CONTENT=\"a=2\">", NULL },
  { "no blank between", "<META NAME=\"P\"CONTENT=\"a=1\">", NULL },
  { "a longer tag", "<METADATA NAME=\"P\" CONTENT=\"a=1\">", NULL },
  { "single quotes", "<META NAME='P' CONTENT='a=1'>", NULL },
  { "no quotes", "<META NAME=P CONTENT=a>", NULL },
  { "quote not closed", "<META NAME=\"P\" CONTENT=\"a=1>", NULL },
  { "tag in the content", "<META NAME=\"P\" CONTENT=\"a=<b>\">", NULL },
  { "tag not closed", "<META NAME=\"P\" CONTENT=\"a=1\"", NULL },
  { "tag cut", "<META NAME=\"P\" CONT", NULL },
  { "GBK", "<META NAME=\"P\" CONTENT=\"a=\xcd\xcb\">", NULL },

  { "plain", TAG, "a=1&b=2" },
  { "in a page", "<html>\n<head>" TAG "</head></html>\n", "a=1&b=2" },
  { "small letters", "<meta name=\"P\" content=\"a=1\"/>", "a=1" },
  { "line breaks", "<META\r\n NAME=\"P\"\t CONTENT=\"a=1\" >", "a=1" },
  { "as it is written", "<META NAME=\"P\" CONTENT=\"s=+/=&amp;m=退 款\">", "s=+/=&amp;m=退 款" },
  { "empty", "<META NAME=\"P\" CONTENT=\"\">", "" },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GBytes) page = g_bytes_new (rows[i].page, strlen (rows[i].page));
  g_autofree char *content = till_meta_page_content (page, "P");
  g_assert_cmpstr (content, ==, rows[i].content);
}

static void
test_size (void)
{
  for (gsize more = 0; more <= 1; more++)
    {
      g_autofree char *blanks = g_strnfill (TILL_META_PAGE_MAX - strlen (TAG) + more, ' ');
      g_autofree char *text = g_strconcat (TAG, blanks, NULL);
      g_autoptr (GBytes) page = g_bytes_new (text, strlen (text));
      g_autofree char *content = till_meta_page_content (page, "P");
      g_assert_true ((content == NULL) == (more == 1));
    }
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autofree char *none = till_meta_page_content (empty, "P");
  g_assert_null (none);
  g_autoptr (GBytes) nul = g_bytes_new (TAG, sizeof TAG);
  g_autofree char *cut = till_meta_page_content (nul, "P");
  g_assert_null (cut);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/meta-page/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/meta-page/size", test_size);
  return g_test_run ();
}

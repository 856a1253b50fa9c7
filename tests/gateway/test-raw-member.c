/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which bytes of an answer are the signed ones. Wrong texts first: whatever is not plainly one
 * object with the member once in it has none. */
#include "devices/gateway/raw-member.h"

#include <string.h>

static const struct
{
  const char *name, *json, *found; /* found NULL: nothing */
} rows[] = {
  { "empty", "", NULL },
  { "blanks", "  ", NULL },
  { "no object", "[{\"a\":{}}]", NULL },
  { "a text", "\"a\":{}", NULL },
  { "nothing in it", "{}", NULL },
  { "another name", "{\"b\":{}}", NULL },
  { "longer name", "{\"aa\":{}}", NULL },
  { "name within a name", "{\"x\\\"a\":{}}", NULL },
  { "twice", "{\"a\":{},\"a\":{}}", NULL },
  { "no object as value", "{\"a\":[{}]}", NULL },
  { "text as value", "{\"a\":\"{}\"}", NULL },
  { "number as value", "{\"a\":1}", NULL },
  { "value missing", "{\"a\":}", NULL },
  { "colon missing", "{\"a\"{}}", NULL },
  { "comma missing", "{\"a\":{}\"b\":1}", NULL },
  { "comma at the end", "{\"a\":{},}", NULL },
  { "not closed", "{\"a\":{}", NULL },
  { "value not closed", "{\"a\":{", NULL },
  { "text not closed", "{\"a\":{\"x}}", NULL },
  { "ends in an escape", "{\"a\":{\"\\", NULL },
  { "wrong bracket", "{\"a\":{\"x\":[}]}}", NULL },
  { "bracket of the wrong kind", "{\"a\":{\"x\":[}}}", NULL },
  { "bracket too many", "{\"a\":{}}}", NULL },
  { "something behind", "{\"a\":{}} x", NULL },
  { "two objects", "{\"a\":{}}{\"a\":{}}", NULL },
  { "inside another", "{\"b\":{\"a\":{\"x\":1}}}", NULL },
  { "inside a text", "{\"b\":\"{\\\"a\\\":{}}\"}", NULL },
  { "written with an escape", "{\"\\u0061\":{}}", NULL },

  { "empty one", "{\"a\":{}}", "{}" },
  { "plain", "{\"a\":{\"code\":\"10000\"},\"sign\":\"x\"}", "{\"code\":\"10000\"}" },
  { "behind the signature", "{\"sign\":\"x\",\"a\":{\"code\":\"10000\"}}", "{\"code\":\"10000\"}" },
  { "braces in texts", "{\"a\":{\"m\":\"}\\\"}{[\"}}", "{\"m\":\"}\\\"}{[\"}" },
  { "backslash before the quote", "{\"a\":{\"m\":\"\\\\\"},\"b\":\"}\"}", "{\"m\":\"\\\\\"}" },
  { "blanks stay", " { \"a\" : { \"x\" : 1 } , \"b\" : [ 1 , true ] } \n", "{ \"x\" : 1 }" },
  { "deep", "{\"a\":{\"x\":[{\"y\":[[]]}]}}", "{\"x\":[{\"y\":[[]]}]}" },
  { "others around it", "{\"n\":-1.5e3,\"t\":null,\"a\":{\"x\":2},\"o\":{\"a\":{}}}", "{\"x\":2}" },
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data), size = strlen (rows[i].json), length = 0;
  /* A copy without an end, so that a sanitizer sees one byte too far. */
  g_autofree char *json = g_memdup2 (rows[i].json, MAX (size, 1));
  const char *found = till_raw_member (json, size, "a", &length);
  if (!rows[i].found)
    {
      g_assert_null (found);
      return;
    }
  g_assert_nonnull (found);
  g_assert_true (found > json && found + length < json + size);
  g_assert_cmpmem (found, length, rows[i].found, strlen (rows[i].found));
}

/* The value itself may be 32 deep, as a parsed one may; a bomb is left early. */
static void
test_depth (void)
{
  for (gsize depth = 31; depth <= 33; depth++)
    {
      g_autofree char *open = g_strnfill (depth - 1, '[');
      g_autofree char *close = g_strnfill (depth - 1, ']');
      g_autofree char *json = g_strdup_printf ("{\"a\":{\"x\":%s%s}}", open, close);
      gsize length;
      g_assert_true ((till_raw_member (json, strlen (json), "a", &length) != NULL)
                     == (depth <= TILL_JSON_DEPTH_MAX));
    }
  g_autofree char *bomb = g_strnfill (1000 * 1000, '{');
  gsize length;
  g_assert_null (till_raw_member (bomb, 1000 * 1000, "a", &length));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/raw-member/%s", rows[i].name);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/raw-member/depth", test_depth);
  return g_test_run ();
}

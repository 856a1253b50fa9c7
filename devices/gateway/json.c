/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/json.h"
#include "data/core/error.h"
#include "data/core/money.h"
#include "data/core/text.h"

#include <stdlib.h>
#include <string.h>

/* Counted before parsing: the parser's own limit is some thousand levels of recursion. */
static gboolean
is_too_deep (const char *text, gsize size)
{
  int depth = 0;
  gboolean quoted = FALSE;
  for (gsize i = 0; i < size; i++)
    {
      char c = text[i];
      if (quoted && c == '\\')
        i++;
      else if (c == '"')
        quoted = !quoted;
      else if (!quoted && (c == '{' || c == '['))
        depth++;
      else if (!quoted && (c == '}' || c == ']'))
        depth--;
      if (depth > TILL_JSON_DEPTH_MAX)
        return TRUE;
    }
  return FALSE;
}

json_t *
till_json_parse (GBytes *bytes, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  if (size == 0 || size > TILL_JSON_SIZE_MAX || is_too_deep (text, size))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "JSON is empty, too large or too deep");
      return NULL;
    }
  json_error_t why;
  json_t *value = json_loadb (text, size, JSON_REJECT_DUPLICATES, &why);
  if (value && json_is_object (value))
    return value;
  /* The parser quotes what it choked on, and what it says may end in the books. */
  g_autofree char *reason = till_text_clean (value ? "another kind of value" : why.text, 100);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no JSON object: %s", reason);
  json_decref (value);
  return NULL;
}

GBytes *
till_json_write (const json_t *object)
{
  char *text = json_dumps (object, JSON_COMPACT | JSON_PRESERVE_ORDER);
  g_assert (text);
  GBytes *bytes = g_bytes_new (text, strlen (text));
  free (text); /* jansson's own allocator */
  return bytes;
}

void
till_json_set (json_t *object, const char *name, json_t *value)
{
  int done = json_object_set_new (object, name, value);
  g_assert (done == 0);
}

void
till_json_set_text (json_t *object, const char *name, const char *text)
{
  if (text)
    till_json_set (object, name, json_string (text));
}

void
till_json_set_int (json_t *object, const char *name, int64_t number)
{
  till_json_set (object, name, json_integer (number));
}

void
till_json_set_digits (json_t *object, const char *name, int64_t number)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  till_json_set_text (object, name, digits);
}

const char *
till_json_text (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

gboolean
till_json_signed_money (const json_t *object, const char *name, int64_t *amount)
{
  const json_t *value = json_object_get (object, name);
  if (!json_is_integer (value))
    return FALSE;
  json_int_t number = json_integer_value (value);
  if (number < -TILL_MONEY_MAX || number > TILL_MONEY_MAX)
    return FALSE;
  *amount = number;
  return TRUE;
}

gboolean
till_json_money (const json_t *object, const char *name, int64_t *amount)
{
  int64_t number;
  if (!till_json_signed_money (object, name, &number) || number < 0)
    return FALSE;
  *amount = number;
  return TRUE;
}

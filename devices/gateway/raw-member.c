/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/raw-member.h"

#include <string.h>

typedef struct
{
  const char *at, *end;
} Cursor;

static void
skip_blanks (Cursor *cursor)
{
  while (cursor->at < cursor->end && memchr (" \t\r\n", *cursor->at, 4))
    cursor->at++;
}

/* Behind the character, if it stands next. */
static gboolean
take (Cursor *cursor, char wanted)
{
  skip_blanks (cursor);
  if (cursor->at == cursor->end || *cursor->at != wanted)
    return FALSE;
  cursor->at++;
  return TRUE;
}

/* Behind the closing quote. */
static gboolean
skip_text (Cursor *cursor)
{
  if (!take (cursor, '"'))
    return FALSE;
  for (; cursor->at < cursor->end; cursor->at++)
    if (*cursor->at == '\\')
      {
        if (++cursor->at == cursor->end)
          return FALSE;
      }
    else if (*cursor->at == '"')
      {
        cursor->at++;
        return TRUE;
      }
  return FALSE;
}

/* Behind the bracket that closes the one that stands next; brackets in texts do not count. */
static gboolean
skip_brackets (Cursor *cursor)
{
  char closes[TILL_JSON_DEPTH_MAX];
  gsize depth = 0;
  while (cursor->at < cursor->end)
    {
      char c = *cursor->at;
      if (c == '"')
        {
          if (!skip_text (cursor))
            return FALSE;
          continue;
        }
      cursor->at++;
      if (c == '{' || c == '[')
        {
          if (depth == G_N_ELEMENTS (closes))
            return FALSE;
          closes[depth++] = c == '{' ? '}' : ']';
        }
      else if ((c == '}' || c == ']') && (depth == 0 || closes[--depth] != c))
        return FALSE;
      if (depth == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
skip_value (Cursor *cursor)
{
  skip_blanks (cursor);
  if (cursor->at == cursor->end)
    return FALSE;
  if (*cursor->at == '"')
    return skip_text (cursor);
  if (*cursor->at == '{' || *cursor->at == '[')
    return skip_brackets (cursor);
  const char *start = cursor->at;
  while (cursor->at < cursor->end && !memchr (",}]{[\": \t\r\n", *cursor->at, 11))
    cursor->at++;
  return cursor->at > start;
}

/* One name and its value; *found is the value's first byte when it is the one that is looked for.
 */
static gboolean
skip_member (Cursor *cursor, const char *name, const char **found)
{
  skip_blanks (cursor);
  const char *quote = cursor->at;
  if (!skip_text (cursor))
    return FALSE;
  gsize length = (gsize)(cursor->at - quote) - 2;
  gboolean same = strlen (name) == length && memcmp (quote + 1, name, length) == 0;
  if (!take (cursor, ':'))
    return FALSE;
  skip_blanks (cursor);
  *found = same ? cursor->at : NULL;
  return skip_value (cursor);
}

const char *
till_raw_member (const char *json, gsize size, const char *name, gsize *length)
{
  if (size == 0)
    return NULL;
  Cursor cursor = { json, json + size };
  const char *member = NULL;
  if (!take (&cursor, '{'))
    return NULL;
  do
    {
      const char *found;
      if (!skip_member (&cursor, name, &found) || (found && (member || *found != '{')))
        return NULL;
      if (!found)
        continue;
      member = found;
      *length = (gsize)(cursor.at - found);
    }
  while (take (&cursor, ','));
  if (!take (&cursor, '}'))
    return NULL;
  skip_blanks (&cursor);
  return cursor.at == cursor.end ? member : NULL;
}

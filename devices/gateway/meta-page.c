/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/meta-page.h"

#include <string.h>

#define BLANKS " \t\r\n"

/* Behind the next tag of that kind, or NULL. */
static const char *
find_tag (const char *at)
{
  static const char tag[] = "<meta";
  for (; *at; at++)
    if (g_ascii_strncasecmp (at, tag, sizeof tag - 1) == 0)
      return at + sizeof tag - 1;
  return NULL;
}

/* NAME="…" behind at least one blank: the value, and *at behind its quote; NULL when something else
 * stands there. */
static char *
take_attribute (const char **at, const char *name)
{
  gsize blanks = strspn (*at, BLANKS), length = strlen (name);
  const char *start = *at + blanks;
  if (blanks == 0 || g_ascii_strncasecmp (start, name, length) != 0
      || strncmp (start + length, "=\"", 2) != 0)
    return NULL;
  const char *value = start + length + 2;
  gsize size = strcspn (value, "\"<>");
  if (value[size] != '"')
    return NULL;
  *at = value + size + 1;
  return g_strndup (value, size);
}

static gboolean
is_end_of_tag (const char *at)
{
  at += strspn (at, BLANKS);
  return *at == '>' || strncmp (at, "/>", 2) == 0;
}

char *
till_meta_page_content (GBytes *page, const char *name)
{
  gsize size;
  const char *data = g_bytes_get_data (page, &size);
  if (size == 0 || size > TILL_META_PAGE_MAX || !g_utf8_validate_len (data, size, NULL))
    return NULL;
  g_autofree char *text = g_strndup (data, size);
  const char *at = find_tag (text);
  if (!at || find_tag (at))
    return NULL;
  g_autofree char *theirs = take_attribute (&at, "name");
  if (!theirs || strcmp (theirs, name) != 0)
    return NULL;
  g_autofree char *content = take_attribute (&at, "content");
  return content && is_end_of_tag (at) ? g_steal_pointer (&content) : NULL;
}

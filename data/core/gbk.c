/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/gbk.h"
#include "data/core/error.h"

static gunichar
twin_of (gunichar c)
{
  static const struct
  {
    gunichar from, to;
  } twins[] = { { 0xA5, 0xFFE5 }, { 0xA3, 0xFFE1 }, { 0x2212, '-' }, { 0x2022, 0xB7 } };
  for (gsize i = 0; i < G_N_ELEMENTS (twins); i++)
    if (twins[i].from == c)
      return twins[i].to;
  return c;
}

/* There is something to see: no bidirectional mark, no half of a pair, nothing private. */
static gboolean
is_drawable (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return c != 0xFFFD;
    }
}

gunichar
till_gbk_shown (gunichar c)
{
  return is_drawable (c) ? twin_of (c) : '?';
}

/* Writes the pair of a character; FALSE when it has none that a ROM would know. */
static gboolean
encode_pair (GIConv conv, gunichar c, char pair[2])
{
  if (g_unichar_type (c) == G_UNICODE_PRIVATE_USE)
    return FALSE;
  char utf8[6], out[8];
  char *from = utf8, *to = out;
  gsize from_left = (gsize)g_unichar_to_utf8 (c, utf8), to_left = sizeof out;
  if (g_iconv (conv, &from, &from_left, &to, &to_left) == (gsize)-1 || to - out != 2)
    {
      g_iconv (conv, NULL, NULL, NULL, NULL);
      return FALSE;
    }
  pair[0] = out[0];
  pair[1] = out[1];
  return till_gbk_is_lead ((guint8)pair[0]) && till_gbk_is_trail ((guint8)pair[1]);
}

char *
till_gbk_encode (const char *text, gboolean *lacks, GError **error)
{
  GIConv conv = g_iconv_open ("GB18030", "UTF-8");
  if (conv == (GIConv)-1)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "this system cannot convert text to GB18030");
      return NULL;
    }
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *bytes = g_string_new (NULL);
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = twin_of (g_utf8_get_char (p));
      char pair[2];
      if (c >= 0x20 && c < 0x7F)
        g_string_append_c (bytes, (char)c);
      else if (c > 0x7F && encode_pair (conv, c, pair))
        g_string_append_len (bytes, pair, 2);
      else
        {
          g_string_append_c (bytes, '?');
          if (lacks && is_drawable (c))
            *lacks = TRUE;
        }
    }
  g_iconv_close (conv);
  return g_string_free (bytes, FALSE);
}

#define LEADS (0xFE - 0x81 + 1)
#define TRAILS (0xFE - 0x40 + 1)

/* All pairs, converted once: a roll is read again at every repaint. Never freed. */
static const gunichar *
pairs (void)
{
  static gsize made;
  static gunichar table[LEADS * TRAILS];
  if (!g_once_init_enter (&made))
    return table;
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const char pair[2] = { (char)(0x81 + i / TRAILS), (char)(0x40 + i % TRAILS) };
      g_autofree char *utf8 = g_convert (pair, 2, "UTF-8", "GB18030", NULL, NULL, NULL);
      table[i] = utf8 && g_utf8_strlen (utf8, -1) == 1 ? g_utf8_get_char (utf8) : 0xFFFD;
    }
  g_once_init_leave (&made, 1);
  return table;
}

gunichar
till_gbk_decode (guint8 lead, guint8 trail)
{
  if (!till_gbk_is_lead (lead) || !till_gbk_is_trail (trail))
    return 0xFFFD;
  return pairs ()[(lead - 0x81) * TRAILS + (trail - 0x40)];
}

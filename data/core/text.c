/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/text.h"

#include <string.h>

/* Marks that change what a reader sees without being seen: bidirectional controls, zero-width
 * characters, the byte order mark, soft hyphen, interlinear and tag characters. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F)
         || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF
         || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

char *
till_text_clean (const char *text, gsize max)
{
  if (!text)
    return g_strdup ("");
  /* Looking at no more than this keeps a gigabyte of combining marks from costing anything. */
  gsize look = strnlen (text, max * 16 + 64);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)look);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  GString *clean = g_string_new (NULL);
  gboolean blank = FALSE;
  gsize n = 0;
  for (const char *p = composed; *p && n < max; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (g_unichar_isspace (c))
        {
          blank = clean->len > 0;
          continue;
        }
      if (g_unichar_iscntrl (c) || is_invisible (c) || c == 0xFFFE || c == 0xFFFF)
        continue;
      if (blank)
        {
          if (n + 1 >= max)
            break;
          g_string_append_c (clean, ' ');
          n++;
        }
      blank = FALSE;
      g_string_append_unichar (clean, c);
      n++;
    }
  return g_string_free (clean, FALSE);
}

static int
columns_of (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

int
till_text_columns (const char *text)
{
  int columns = 0;
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    columns += columns_of (g_utf8_get_char (p));
  return columns;
}

char *
till_text_fit (const char *text, int columns, const char **rest)
{
  const char *p = text;
  while (*p)
    {
      int width = columns_of (g_utf8_get_char (p));
      if (width > columns)
        break;
      columns -= width;
      p = g_utf8_next_char (p);
    }
  if (rest)
    *rest = p;
  return g_strndup (text, (gsize)(p - text));
}

static gboolean
passes_luhn (const char *digits, gsize n)
{
  int sum = 0;
  for (gsize i = 0; i < n; i++)
    {
      int value = digits[n - 1 - i] - '0';
      if (i % 2 == 1)
        value = value * 2 > 9 ? value * 2 - 9 : value * 2;
      sum += value;
    }
  return sum % 10 == 0;
}

/* Digits that stand together, within a run of digits, blanks and dashes. */
typedef struct
{
  const char *start;
  gsize n;
} Group;

/* Groups looked at together; a card number has at most 19 of them. */
#define GROUPS_MAX 32

/* The groups of the run that begins at p; *end is behind its last digit. */
static int
read_groups (const char *p, Group *groups, const char **end)
{
  int n = 0;
  *end = p;
  while (n < GROUPS_MAX && g_ascii_isdigit (*p))
    {
      gsize digits = strspn (p, "0123456789");
      groups[n++] = (Group){ p, digits };
      *end = p + digits;
      p = *end + strspn (*end, " -");
    }
  return n;
}

/* How many groups from the first on are a card number together; 0 when none are. */
static int
card_length (const Group *groups, int n)
{
  char digits[20];
  gsize length = 0;
  int found = 0;
  for (int i = 0; i < n && length + groups[i].n <= 19; i++)
    {
      memcpy (digits + length, groups[i].start, groups[i].n);
      length += groups[i].n;
      if (length >= 13 && passes_luhn (digits, length))
        found = i + 1;
    }
  return found;
}

char *
till_text_mask_cards (const char *text)
{
  GString *masked = g_string_new (NULL);
  const char *p = text;
  while (*p)
    {
      Group groups[GROUPS_MAX];
      const char *end;
      int n = read_groups (p, groups, &end);
      for (int i = 0; i < n;)
        {
          int card = card_length (groups + i, n - i);
          const Group *last = &groups[i + (card ? card : 1) - 1];
          if (card)
            {
              char four[5] = "";
              int have = 4;
              /* The last four digits may stand in more than one group. */
              for (const char *q = last->start + last->n - 1; have > 0; q--)
                if (g_ascii_isdigit (*q))
                  four[--have] = *q;
              g_string_append_printf (masked, "…%s", four);
            }
          else
            g_string_append_len (masked, groups[i].start, (gssize)groups[i].n);
          const char *behind = last->start + last->n;
          i += card ? card : 1;
          if (i < n)
            g_string_append_len (masked, behind, groups[i].start - behind);
        }
      p = end;
      if (*p && !(n == GROUPS_MAX && g_ascii_isdigit (*p)))
        g_string_append_c (masked, *p++);
    }
  return g_string_free (masked, FALSE);
}

int
till_text_index (const char *const *words, gsize n, const char *word)
{
  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (word, words[i]) == 0)
      return (int)i;
  return -1;
}

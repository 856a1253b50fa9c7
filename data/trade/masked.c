/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/masked.h"

#include <string.h>

#define SHOWN 4       /* digits at the end that are always there */
#define BYTES_MAX 24  /* of a masked number */
#define SCHEME_MAX 20 /* letters of a scheme's name */
#define OPEN "…"      /* before it may be any digits */

/* Behind the scheme's name and a blank, and an "…", where they stand at the beginning. */
static const char *
body_of (const char *text, gboolean *is_open)
{
  gsize name = strspn (text, "abcdefghijklmnopqrstuvwxyz_");
  if (name > 0 && name <= SCHEME_MAX && text[name] == ' ')
    text += name + 1;
  *is_open = g_str_has_prefix (text, OPEN);
  return text + (*is_open ? strlen (OPEN) : 0);
}

gboolean
till_masked_is (const char *text)
{
  gboolean is_open;
  const char *body = body_of (text, &is_open);
  gsize size = strnlen (body, BYTES_MAX + 1);
  if (size < SHOWN || size > BYTES_MAX || body[strspn (body, "0123456789*")])
    return FALSE;
  return strspn (body + size - SHOWN, "0123456789") == SHOWN && (is_open || strchr (body, '*'));
}

gboolean
till_masked_fits (const char *one, const char *other)
{
  if (!till_masked_is (one) || !till_masked_is (other))
    return FALSE;
  gboolean one_open, other_open;
  const char *a = body_of (one, &one_open), *b = body_of (other, &other_open);
  gsize n_a = strlen (a), n_b = strlen (b);
  for (gsize i = 1; i <= MIN (n_a, n_b); i++)
    {
      char x = a[n_a - i], y = b[n_b - i];
      if (x != y && x != '*' && y != '*')
        return FALSE;
    }
  return n_a == n_b || (n_a < n_b ? one_open : other_open);
}

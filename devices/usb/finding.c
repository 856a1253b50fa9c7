/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/finding.h"
#include "data/core/text.h"

#include <string.h>

/* Digits from `at`, blanks between them allowed as some cards print them; 0 unless 13–19. */
static gsize
digits_end (const guint8 *raw, gsize size, gsize at)
{
  guint digits = 0;
  for (; at < size && (g_ascii_isdigit (raw[at]) || raw[at] == ' '); at++)
    digits += raw[at] != ' ';
  return digits >= 13 && digits <= 19 ? at : 0;
}

/* No Luhn test here: a card whose number fails it is still somebody's card, and no code in a shop
 * is framed like a track. */
gboolean
till_finding_is_card_data (const guint8 *raw, gsize size)
{
  for (gsize i = 0; i < size; i++)
    {
      gsize end = 0;
      if (raw[i] == ';')
        end = digits_end (raw, size, i + 1);
      else if (raw[i] == '%' && i + 1 < size && (raw[i + 1] == 'B' || raw[i + 1] == 'b'))
        end = digits_end (raw, size, i + 2);
      if (end && end < size && raw[end] == (raw[i] == ';' ? '=' : '^'))
        return TRUE;
    }
  return FALSE;
}

gboolean
till_finding_is_symbology (const char *text)
{
  return text[0] == ']' && g_ascii_isalpha (text[1]) && g_ascii_isalnum (text[2]) && !text[3];
}

gsize
till_finding_split_symbology (const guint8 *raw, gsize size, char symbology[4])
{
  memset (symbology, 0, 4);
  if (size <= 3)
    return 0;
  memcpy (symbology, raw, 3);
  if (till_finding_is_symbology (symbology))
    return 3;
  memset (symbology, 0, 4);
  return 0;
}

void
till_finding_give_refusal (TillRefused why, TillFindingTake take, gpointer user)
{
  TillFinding finding = { .kind = TILL_FINDING_REFUSED, .refused = why };
  take (&finding, user);
}

void
till_finding_give_code (const guint8 *raw, gsize size, const char *symbology, TillFindingTake take,
                        gpointer user)
{
  while (size > 0 && raw[size - 1] == 0)
    size--;
  if (till_finding_is_card_data (raw, size))
    {
      till_finding_give_refusal (TILL_REFUSED_CARD_DATA, take, user);
      return;
    }
  g_autofree char *text = g_strndup ((const char *)raw, size);
  if (memchr (raw, 0, size) || !g_utf8_validate_len (text, size, NULL))
    {
      till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  g_autofree char *clean = till_text_clean (text, TILL_CODE_MAX + 1);
  /* Control characters between its digits are gone now. */
  if (till_finding_is_card_data ((const guint8 *)clean, strlen (clean)))
    {
      explicit_bzero (clean, strlen (clean));
      explicit_bzero (text, size);
      till_finding_give_refusal (TILL_REFUSED_CARD_DATA, take, user);
      return;
    }
  glong length = g_utf8_strlen (clean, -1);
  if (length == 0)
    return;
  if (length > TILL_CODE_MAX)
    {
      till_finding_give_refusal (TILL_REFUSED_TOO_LONG, take, user);
      return;
    }
  TillFinding finding = { .kind = TILL_FINDING_CODE };
  g_strlcpy (finding.code, clean, sizeof finding.code);
  if (till_finding_is_symbology (symbology))
    g_strlcpy (finding.symbology, symbology, sizeof finding.symbology);
  take (&finding, user);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/ids.h"

#include <string.h>

/* ISO/IEC 7064 MOD 11,10 over decimal digits: finds every single wrong digit and nearly every
 * swap of neighbours. */
static char
check_digit (const char *digits, gsize n)
{
  int product = 10;
  for (gsize i = 0; i < n; i++)
    {
      int sum = (digits[i] - '0' + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
  return (char)('0' + (11 - product) % 10);
}

char *
till_number_format (TillNumberKind kind, int store, int till, int day, int64_t sequence)
{
  g_assert (store >= 0 && store <= 99 && till >= 0 && till <= 99);
  g_assert (sequence >= 0 && sequence <= 9999999);
  char *text = g_strdup_printf ("9%d%02d%02d%06d%07dx", (int)kind, store, till, day % 1000000,
                                (int)sequence);
  g_assert (strlen (text) == TILL_NUMBER_LENGTH);
  text[TILL_NUMBER_LENGTH - 1] = check_digit (text, TILL_NUMBER_LENGTH - 1);
  return text;
}

gboolean
till_number_parse (const char *text, TillNumberKind *kind)
{
  if (strlen (text) != TILL_NUMBER_LENGTH || text[0] != '9')
    return FALSE;
  for (int i = 0; i < TILL_NUMBER_LENGTH; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  if (text[1] < '1' || text[1] > '6'
      || text[TILL_NUMBER_LENGTH - 1] != check_digit (text, TILL_NUMBER_LENGTH - 1))
    return FALSE;
  *kind = (TillNumberKind)(text[1] - '0');
  return TRUE;
}

char *
till_number_spaced (const char *number)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; number[i]; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, number[i]);
    }
  return g_string_free (text, FALSE);
}

/* Crockford's base 32: no I, L, O, U, so that a number read aloud survives. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ISO/IEC 7064 MOD 37,36 is made for 36 characters; over these 32 the hybrid system with modulus
 * 32 keeps its strength and stays inside the alphabet. */
static char
check_character (const char *text, gsize n)
{
  int product = 32;
  for (gsize i = 0; i < n; i++)
    {
      int value = (int)(strchr (alphabet, text[i]) - alphabet);
      int sum = (value + product) % 32;
      product = (sum == 0 ? 32 : sum) * 2 % 33;
    }
  return alphabet[(33 - product) % 32];
}

char *
till_request_no_new (TillClock *clock)
{
  char *text = g_malloc (TILL_REQUEST_NO_LENGTH + 1);
  /* 40 bits of milliseconds: wraps after 34 years, long after every provider forgot the number. */
  uint64_t milliseconds = (uint64_t)(till_clock_now (clock) / 1000) & ((UINT64_C (1) << 40) - 1);
  for (int i = 7; i >= 0; i--, milliseconds >>= 5)
    text[i] = alphabet[milliseconds & 31];
  for (int i = 8; i < TILL_REQUEST_NO_LENGTH - 1; i++)
    text[i] = alphabet[till_clock_random (clock, 32)];
  text[TILL_REQUEST_NO_LENGTH - 1] = check_character (text, TILL_REQUEST_NO_LENGTH - 1);
  text[TILL_REQUEST_NO_LENGTH] = '\0';
  return text;
}

gboolean
till_request_no_is_valid (const char *text)
{
  if (strlen (text) != TILL_REQUEST_NO_LENGTH || strspn (text, alphabet) != TILL_REQUEST_NO_LENGTH)
    return FALSE;
  return text[TILL_REQUEST_NO_LENGTH - 1] == check_character (text, TILL_REQUEST_NO_LENGTH - 1);
}

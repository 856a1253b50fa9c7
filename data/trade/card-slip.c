/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/card-slip.h"

#include <string.h>

#define DIGITS "0123456789"
#define FIRST 6 /* digits of a card that a slip shows at the beginning … */
#define LAST 4  /* … and at the end */
#define HIDDEN "******"
#define TERMINAL 8      /* characters of a terminal number */
#define CARD_IN_FULL 13 /* digits in a row: nobody masks so few */

void
till_card_slip_free (TillCardSlip *slip)
{
  g_free (slip->reference_no);
  g_free (slip->log_no);
  g_free (slip->card);
  g_free (slip->terminal_no);
  g_free (slip->staff_name);
  g_free (slip->approver_name);
  g_free (slip);
}

static char *
tidy (const char *text)
{
  GString *left = g_string_new (NULL);
  for (const char *p = text ? text : ""; *p; p++)
    if (!g_ascii_isspace (*p) && *p != '-')
      g_string_append_c (left, g_ascii_toupper (*p));
  return g_string_free (left, FALSE);
}

static gboolean
is_digits (const char *text, gsize n)
{
  return strlen (text) == n && strspn (text, DIGITS) == n;
}

/* Whatever stands between the digits that a slip shows hides the others. */
static char *
tidy_card (const char *text)
{
  char *card = tidy (text);
  gsize n = strlen (card), first = strspn (card, DIGITS);
  if (n < FIRST + LAST || first < FIRST || strspn (card + n - LAST, DIGITS) != LAST
      || strspn (card + FIRST, "*.X") != n - FIRST - LAST)
    return card;
  char *shown = g_strdup_printf ("%.*s" HIDDEN "%s", FIRST, card, card + n - LAST);
  g_free (card);
  return shown;
}

TillCardSlip *
till_card_slip_new (const char *reference_no, const char *log_no, const char *card,
                    const char *terminal_no, int day)
{
  TillCardSlip *slip = g_new0 (TillCardSlip, 1);
  slip->reference_no = tidy (reference_no);
  slip->log_no = tidy (log_no);
  slip->card = tidy_card (card);
  slip->terminal_no = tidy (terminal_no);
  slip->day = day;
  return slip;
}

static gboolean
is_card (const char *card)
{
  gsize hidden = strlen (HIDDEN);
  return strlen (card) == FIRST + hidden + LAST && strspn (card, DIGITS) == FIRST
         && strncmp (card + FIRST, HIDDEN, hidden) == 0 && is_digits (card + FIRST + hidden, LAST);
}

/* Lakala: 14 digits, of a terminal's payment the first two are those of the year. */
static gboolean
is_log_no (const char *no, const TillProfile *profile, int day)
{
  int year = (no[0] - '0') * 10 + (no[0] ? no[1] - '0' : 0);
  return is_digits (no, (gsize)profile->slip_log_digits) && year == day / 10000 % 100;
}

static gboolean
is_terminal (const char *no)
{
  return strlen (no) == TERMINAL && strspn (no, DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == TERMINAL;
}

TillAnswer
till_card_slip_check (const TillCardSlip *slip, const TillProfile *profile, int from, int today)
{
  const char *wrong = NULL;
  if (slip->day < from || slip->day > today)
    wrong = "day";
  else if (!is_digits (slip->reference_no, TILL_CARD_SLIP_REFERENCE)
           || strspn (slip->reference_no, "0") == TILL_CARD_SLIP_REFERENCE)
    wrong = "reference";
  else if (!is_log_no (slip->log_no, profile, slip->day))
    wrong = "log";
  else if (strspn (slip->card, DIGITS) >= CARD_IN_FULL)
    wrong = "card_in_clear";
  else if (!is_card (slip->card))
    wrong = "card";
  else if (!is_terminal (slip->terminal_no))
    wrong = "terminal";
  return wrong ? till_answer_ref (TILL_NO_CARD_SLIP, wrong) : till_answer (TILL_YES);
}

gboolean
till_card_slip_equal (const TillCardSlip *one, const TillCardSlip *other)
{
  return one->day == other->day && g_str_equal (one->reference_no, other->reference_no)
         && g_str_equal (one->log_no, other->log_no) && g_str_equal (one->card, other->card)
         && g_str_equal (one->terminal_no, other->terminal_no);
}

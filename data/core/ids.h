/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two kinds of number the till gives out. Pure, but for chance and time taken from the clock.
 *
 * A *document number* is for people, paper and scanners: 20 digits
 *   9 | kind 1 | store 2 | till 2 | yymmdd 6 | sequence 7 | check 1
 * A leading 9 and this length collide with no EAN, ITF-14 or customer payment code; digits only
 * makes a Code 128-C of 290 dots, which fits 58 mm paper, and no input method can alter it.
 *
 * A *request number* is for the provider: 16 capital letters and digits, 8 of time, 7 of chance, 1
 * check character. It is drawn when a page opens, before anything is written, and stays for life;
 * being random it cannot be drawn again by a till that was restored from yesterday's backup. */
#pragma once
#include "data/core/clock.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_NUMBER_SALE = 1,
  TILL_NUMBER_RETURN = 2,
  TILL_NUMBER_REFUND = 3,
  TILL_NUMBER_PARKED = 4,
  TILL_NUMBER_BADGE = 5,
  TILL_NUMBER_SHIFT = 6,
} TillNumberKind;

#define TILL_NUMBER_LENGTH 20
#define TILL_REQUEST_NO_LENGTH 16

/* store and till 0…99, sequence 0…9,999,999 (asserted). */
char *till_number_format (TillNumberKind kind, int store, int till, int day,
                          int64_t sequence) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE when text is one of our numbers with a right check digit. */
gboolean till_number_parse (const char *text, TillNumberKind *kind);
/* "9101 0126 1122 0000 0173" for the screen and paper. */
char *till_number_spaced (const char *number) G_GNUC_WARN_UNUSED_RESULT;

char *till_request_no_new (TillClock *clock) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_request_no_is_valid (const char *text);

G_END_DECLS

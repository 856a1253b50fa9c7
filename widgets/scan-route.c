/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/scan-route.h"
#include "data/core/ids.h"

#include <string.h>

/* Weights 3 and 1 from the right, the check digit itself with 1. */
static gboolean
gs1_check_is_right (const char *digits, gsize n)
{
  int sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (digits[n - 1 - i] - '0') * (i % 2 == 1 ? 3 : 1);
  return sum % 10 == 0;
}

/* A row: a payment code has this many digits and begins with two digits in this range. */
static const struct
{
  gsize least, most;
  int first, last;
} payment_codes[] = {
  { 18, 18, 10, 15 }, /* WeChat Pay */
  { 16, 24, 25, 30 }, /* Alipay */
  { 19, 19, 62, 62 }, /* UnionPay */
};

static gboolean
is_payment_code (const char *code, gsize n)
{
  int prefix = (code[0] - '0') * 10 + (code[1] - '0');
  for (gsize i = 0; i < G_N_ELEMENTS (payment_codes); i++)
    if (n >= payment_codes[i].least && n <= payment_codes[i].most
        && prefix >= payment_codes[i].first && prefix <= payment_codes[i].last)
      return TRUE;
  return FALSE;
}

static TillScanKind
kind_of_our_number (TillNumberKind number)
{
  switch (number)
    {
    case TILL_NUMBER_SALE:
      return TILL_SCAN_SALE;
    case TILL_NUMBER_RETURN:
      return TILL_SCAN_RETURN;
    case TILL_NUMBER_REFUND:
      return TILL_SCAN_REFUND;
    case TILL_NUMBER_PARKED:
      return TILL_SCAN_PARKED;
    case TILL_NUMBER_BADGE:
      return TILL_SCAN_BADGE;
    case TILL_NUMBER_SHIFT:
      return TILL_SCAN_SHIFT;
    default:
      return TILL_SCAN_DAMAGED;
    }
}

TillScanKind
till_scan_kind (const char *code)
{
  gsize n = strlen (code);
  if (n < 8 || strspn (code, "0123456789") != n)
    return TILL_SCAN_OTHER;
  if (n == TILL_NUMBER_LENGTH && code[0] == '9')
    {
      TillNumberKind number;
      return till_number_parse (code, &number) ? kind_of_our_number (number) : TILL_SCAN_DAMAGED;
    }
  if (is_payment_code (code, n))
    return TILL_SCAN_PAYMENT;
  if ((n == 8 || n == 12 || n == 13 || n == 14) && gs1_check_is_right (code, n))
    return TILL_SCAN_GOODS;
  return TILL_SCAN_OTHER;
}

TillScanAct
till_scan_act (TillScanKind kind, TillScreen screen)
{
  if (screen == TILL_SCREEN_LOGIN)
    return TILL_ACT_TELL_SIGN_IN;

  static const TillScanAct anywhere[TILL_SCAN_KINDS] = {
    [TILL_SCAN_SALE] = TILL_ACT_OPEN_RETURN,
    [TILL_SCAN_RETURN] = TILL_ACT_OPEN_REFUND,
    [TILL_SCAN_REFUND] = TILL_ACT_OPEN_REFUND,
    [TILL_SCAN_PARKED] = TILL_ACT_RESUME,
    [TILL_SCAN_BADGE] = TILL_ACT_TELL_BADGE,
    [TILL_SCAN_SHIFT] = TILL_ACT_OPEN_SHIFT,
    [TILL_SCAN_DAMAGED] = TILL_ACT_TELL_DAMAGED,
    [TILL_SCAN_PAYMENT] = TILL_ACT_TELL_PAY_FIRST,
    [TILL_SCAN_GOODS] = TILL_ACT_ADD,
    [TILL_SCAN_OTHER] = TILL_ACT_ADD,
  };
  gboolean goods = kind == TILL_SCAN_GOODS || kind == TILL_SCAN_OTHER;
  if (screen == TILL_SCREEN_PAY && kind == TILL_SCAN_PAYMENT)
    return TILL_ACT_CHARGE;
  if (screen == TILL_SCREEN_RETURN && goods)
    return TILL_ACT_RETURN_LINE;
  return anywhere[kind];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scanned code is, and what it means on the screen that is in front. Pure tables.
 *
 * Sources: GS1 General Specifications, section 7.9 (check digit) and 2.1.11 (restricted numbers
 * 2x); payment code prefixes as the providers publish them: WeChat Pay 18 digits 10–15, Alipay
 * 16–24 digits 25–30, UnionPay 19 digits 62. Ours have 20 digits, begin with 9 and carry a check
 * digit. */
#pragma once
#include "widgets/counter.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_SCAN_SALE,
  TILL_SCAN_RETURN,
  TILL_SCAN_REFUND,
  TILL_SCAN_PARKED,
  TILL_SCAN_BADGE,
  TILL_SCAN_SHIFT,
  TILL_SCAN_DAMAGED, /* looks like ours, but the check digit says it was misread */
  TILL_SCAN_PAYMENT, /* a customer's payment code: a secret, never shown or logged */
  TILL_SCAN_GOODS,
  TILL_SCAN_OTHER, /* anything else; may be goods with a number of the shop's own */
} TillScanKind;
#define TILL_SCAN_KINDS (TILL_SCAN_OTHER + 1)

typedef enum
{
  TILL_ACT_ADD,         /* a line more; from Pay and the lists: back to Sell first */
  TILL_ACT_RETURN_LINE, /* one more of it comes back */
  TILL_ACT_OPEN_RETURN,
  TILL_ACT_OPEN_REFUND, /* of a return: the refund that belongs to it */
  TILL_ACT_OPEN_SHIFT,
  TILL_ACT_RESUME,
  TILL_ACT_CHARGE,
  TILL_ACT_TELL_PAY_FIRST,
  TILL_ACT_TELL_DAMAGED,
  TILL_ACT_TELL_SIGN_IN,
  TILL_ACT_TELL_BADGE,
} TillScanAct;

TillScanKind till_scan_kind (const char *code);
TillScanAct till_scan_act (TillScanKind kind, TillScreen screen);

G_END_DECLS

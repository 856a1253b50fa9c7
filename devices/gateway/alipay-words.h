/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay's words and what they mean; for alipay-codec.c alone. */
#pragma once
#include "devices/gateway/meaning.h"

#define REFUSED(word, class)                                                                       \
  {                                                                                                \
    word, TILL_OUTCOME_REFUSED, TILL_CLASS_##class                                                 \
  }
#define DIFFERS(word)                                                                              \
  {                                                                                                \
    word, TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME                                        \
  }

/* First level: the request was surely not acted upon. 20000 is missing on purpose. */
static const TillMeaning refusals[] = {
  REFUSED ("20001", FIX),
  REFUSED ("40001", FIX),
  REFUSED ("40002", FIX),
  REFUSED ("40006", PROVIDER),
};

/* Second level, behind 40004. ACQ.SYSTEM_ERROR is missing on purpose: it says nothing of what
 * happened. */
static const TillMeaning refund_reasons[] = {
  DIFFERS ("ACQ.DISCORDANT_REPEAT_REQUEST"), /* this number, with another amount */
  REFUSED ("ACQ.SELLER_BALANCE_NOT_ENOUGH", BALANCE),
  REFUSED ("ACQ.REFUND_CHARGE_ERROR", RETRY),
  REFUSED ("ACQ.TRADE_HAS_FINISHED", FINAL), /* the time for refunds is over */
  REFUSED ("ACQ.BUYER_NOT_EXIST", CUSTOMER),
  REFUSED ("ACQ.BUYER_ENABLE_STATUS_FORBID", CUSTOMER),
  REFUSED ("ACQ.REASON_TRADE_BEEN_FREEZEN", PROVIDER),
  REFUSED ("ACQ.TRADE_HAS_CLOSE", FINAL),
  REFUSED ("ACQ.TRADE_NOT_EXIST", FINAL),
  REFUSED ("ACQ.TRADE_STATUS_ERROR", FINAL),
  REFUSED ("ACQ.REASON_TRADE_REFUND_FEE_ERR", FINAL),
  REFUSED ("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", FINAL),
  REFUSED ("ACQ.NOT_ALLOW_PARTIAL_REFUND", FINAL),
  REFUSED ("ACQ.CUSTOMER_VALIDATE_ERROR", FINAL),
  REFUSED ("ACQ.USER_NOT_MATCH_ERR", FINAL),
  REFUSED ("ACQ.INVALID_PARAMETER", FIX),
};

/* Of a payment; none of these words was found written down but INVALID_PARAMETER, and they are
 * believed only so far that 40004 says the payment failed. TRADE_HAS_SUCCESS is missing: ask. */
static const TillMeaning pay_reasons[] = {
  DIFFERS ("ACQ.CONTEXT_INCONSISTENT"), /* this number, for another payment */
  REFUSED ("ACQ.INVALID_PARAMETER", FIX),
  REFUSED ("ACQ.TOTAL_FEE_EXCEED", FIX),
  REFUSED ("ACQ.ACCESS_FORBIDDEN", PROVIDER),
  REFUSED ("ACQ.PARTNER_ERROR", PROVIDER),
  REFUSED ("ACQ.PAYMENT_REQUEST_HAS_RISK", PROVIDER),
  REFUSED ("ACQ.PAYMENT_AUTH_CODE_INVALID", FINAL),
  REFUSED ("ACQ.TRADE_HAS_CLOSE", FINAL),
  REFUSED ("ACQ.BUYER_SELLER_EQUAL", FINAL),
  REFUSED ("ACQ.BUYER_BALANCE_NOT_ENOUGH", CUSTOMER),
  REFUSED ("ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH", CUSTOMER),
  REFUSED ("ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", CUSTOMER),
  REFUSED ("ACQ.BUYER_ENABLE_STATUS_FORBID", CUSTOMER),
};

static const TillMeaning cancel_reasons[] = {
  REFUSED ("ACQ.SELLER_BALANCE_NOT_ENOUGH", BALANCE),
  REFUSED ("ACQ.REASON_TRADE_BEEN_FREEZEN", PROVIDER),
  REFUSED ("ACQ.TRADE_HAS_FINISHED", FINAL),
  REFUSED ("ACQ.TRADE_STATUS_ERROR", FINAL),
  REFUSED ("ACQ.INVALID_PARAMETER", FIX),
  { "ACQ.TRADE_NOT_EXIST", TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE },
};

static const TillMeaning query_reasons[] = {
  { "ACQ.TRADE_NOT_EXIST", TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE },
};

/* In the order of TillErrandKind. A refund query that does not find the payment, or is refused
 * otherwise, says nothing of the refund. */
static const struct
{
  const TillMeaning *meanings;
  gsize n;
} reasons[TILL_N_ERRANDS] = {
  { pay_reasons, G_N_ELEMENTS (pay_reasons) },
  { query_reasons, G_N_ELEMENTS (query_reasons) },
  { cancel_reasons, G_N_ELEMENTS (cancel_reasons) },
  { refund_reasons, G_N_ELEMENTS (refund_reasons) },
  { NULL, 0 },
};

/* TRADE_CLOSED: not paid in time, reversed, or all of it given back: not paid in any case. */
static const TillMeaning trade_states[] = {
  { "TRADE_SUCCESS", TILL_OUTCOME_DONE, TILL_CLASS_NONE },
  { "TRADE_FINISHED", TILL_OUTCOME_DONE, TILL_CLASS_NONE },
  { "WAIT_BUYER_PAY", TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE },
  { "TRADE_CLOSED", TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL },
};

#undef REFUSED
#undef DIFFERS

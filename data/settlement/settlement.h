/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider's settlement file as rows and totals: what the provider says it did on one day for one
 * merchant. Only what a file proves comes out of here. It is read whole or refused with the member,
 * the line and the reason: a file that is cut, has a row twice, does not add up, is for another
 * merchant or another day, has more or fewer columns, or holds anything but digits in a number.
 *
 * All money is whole fen in int64, read from text; nothing is rounded on the way in. A fee is the
 * one figure that some providers state more finely than fen: it is kept exactly in thousandths of a
 * fen (`fee_exact`, five decimals of a yuan), compared with the file's own total exactly, and
 * rounded half away from zero into `fee`, row by row. A figure that is finer still is refused.
 *
 * Pure; any thread; no clock. A settlement is the caller's, its texts are its own. Errors: INVALID,
 * worded for the log; NOT_FOUND, the provider says that it has no file for this day, which is never
 * "there was nothing": a day without transactions is a settlement with no rows. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

/* What one file may be at most. Each is refused beyond, before memory is spent on it. */
#define TILL_SETTLEMENT_BYTES_MAX (128 * 1024 * 1024) /* of all members together */
#define TILL_SETTLEMENT_ROWS_MAX 500000
#define TILL_SETTLEMENT_COLUMNS_MAX 42
#define TILL_SETTLEMENT_LINE_MAX 8192 /* bytes, after decoding */
#define TILL_SETTLEMENT_NUMBER_MAX 64 /* characters of an order or transaction number */
#define TILL_SETTLEMENT_STATE_MAX 32  /* characters of a state word */

typedef enum
{
  TILL_SETTLEMENT_PAYMENT,
  TILL_SETTLEMENT_REFUND,
  TILL_SETTLEMENT_REVERSAL, /* 撤销 or 冲正: the payment is undone */
  TILL_SETTLEMENT_OTHER,    /* a fee of its own, a payout, a dispute: no request of ours */
} TillSettlementKind;

typedef struct
{
  TillSettlementKind kind;
  gboolean back; /* money left the merchant: always for refunds and reversals, never for payments */
  char *request_no;  /* owned; our number, or NULL; of a reversal that has none of its own: the
                        payment's */
  char *original_no; /* owned; our number of the payment that is given back, or NULL */
  char *provider_no; /* owned; the provider's number of this movement, or NULL */
  char *original_provider_no; /* owned; the provider's number of that payment, or NULL */
  TillMoney
      amount; /* fen ≥ 0, as it was asked for under request_no; in "wechat-funds" what moved */
  TillMoney settled; /* fen ≥ 0, what of it counts in the payout, before the fee: less than
                        amount where a coupon paid */
  TillMoney fee;     /* fen; above zero the provider keeps it, below it gives it back */
  int64_t fee_exact; /* the fee in thousandths of a fen, as it is written */
  char *state;  /* owned; the provider's word, or NULL; WeChat's refunds also stand there while they
                   are PROCESSING */
  int64_t at;   /* µs UTC; 0 when the file has none */
  int64_t line; /* from 1, in the member the row stands in */
} TillSettlementRow;

typedef struct
{
  int64_t rows;
  TillMoney paid;     /* fen; sum of amount of what came in */
  TillMoney returned; /* fen ≥ 0; sum of amount of what went back */
  TillMoney settled;  /* fen; what came in less what went back, as it is settled, before fees */
  int64_t fee_exact;  /* thousandths of a fen */
} TillSettlementTotals;

/* Which totals a file states itself. What it states has been compared with the sums of the rows:
 * stated and computed are the same, or there is no settlement. */
typedef enum
{
  TILL_STATES_ROWS = 1 << 0,
  TILL_STATES_PAID = 1 << 1,
  TILL_STATES_RETURNED = 1 << 2,
  TILL_STATES_SETTLED = 1 << 3,
  TILL_STATES_FEE = 1 << 4, /* without it the file has no fees, or has them as rows of their own */
} TillSettlementStates;

typedef struct
{
  char *format;      /* owned; name of the format */
  char *merchant_no; /* owned */
  int day;         /* yyyymmdd the file is for: the clearing day, which need not be that of `at` */
  GPtrArray *rows; /* owned; of TillSettlementRow, in the file's order */
  TillSettlementTotals totals;
  TillSettlementStates states;
} TillSettlement;

void till_settlement_row_free (TillSettlementRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSettlementRow, till_settlement_row_free)
void till_settlement_free (TillSettlement *settlement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSettlement, till_settlement_free)

/* One file as it came out of its packing; see devices/gateway/unpack.h. */
typedef struct
{
  char *name;    /* owned; UTF-8 */
  GBytes *bytes; /* owned */
} TillSettlementMember;
TillSettlementMember *till_settlement_member_new (const char *name,
                                                  GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;
void till_settlement_member_free (TillSettlementMember *member);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSettlementMember, till_settlement_member_free)

typedef struct _TillReading TillReading;

typedef struct
{
  const char *name;     /* "wechat"; stored in the books */
  const char *encoding; /* what the members are decoded from, strictly; GB18030 holds GBK, GB2312 */
  int ready_at_s;       /* seconds after midnight, Beijing time, of the day after the file's day */
  gboolean invented;    /* the provider's own layout is not known: this one is ours */
  gboolean (*parse) (TillReading *reading, GError **error);
} TillSettlementFormat;

const TillSettlementFormat *till_settlement_formats (guint *n);
/* NULL for a name that is not in the table. */
const TillSettlementFormat *till_settlement_format (const char *name);

/* Reads the members of one file, which must be for this merchant and day. */
TillSettlement *till_settlement_parse (const TillSettlementFormat *format, GPtrArray *members,
                                       const char *merchant_no, int day,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stored words: "payment", "refund", "reversal", "other". */
const char *till_settlement_kind_word (TillSettlementKind kind);
/* OTHER for a word that is not known. */
TillSettlementKind till_settlement_kind_from_word (const char *word);
/* For people, in the current language. */
const char *till_settlement_kind_label (TillSettlementKind kind);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shift: the stretch of the journal from behind the last close up to the next. What was moved in
 * it, and what was counted at its end. Plain structs, pure arithmetic. */
#pragma once
#include "data/core/money.h"
#include "data/trade/notice.h"

G_BEGIN_DECLS

/* --- the count --- */

#define TILL_NOTES 8
/* ¥100 … ¥0.10, in fen. */
extern const TillMoney till_note_values[TILL_NOTES];
/* More pieces of one kind than any drawer holds. */
#define TILL_NOTES_MAX 99999

/* Counted by notes and coins, or as one sum. */
typedef struct
{
  gboolean by_notes;
  int notes[TILL_NOTES];
  TillMoney sum;
} TillCount;

/* Reckons the sum of the notes; FALSE when a number is below 0 or above TILL_NOTES_MAX. */
gboolean till_count_sum (TillCount *count) G_GNUC_WARN_UNUSED_RESULT;
/* "100x3,50x1,0.5x4": each kind at most once; INVALID names what is wrong. */
gboolean till_count_parse (const char *text, TillCount *count, GError **error);
/* "305.00: 100x3 5x1", or the sum alone. */
char *till_count_format (const TillCount *count) G_GNUC_WARN_UNUSED_RESULT;

/* --- the shift --- */

/* What happened in a stretch of the journal. */
typedef struct
{
  int64_t first_seq; /* … up to now, or up to the close */
  int64_t sales_n;   /* that became paid */
  TillMoney sales;
  TillMoney taken_cash, taken_card, taken_code; /* less what was given back before the sale was */
  int64_t returns_n;                            /* that were closed */
  TillMoney returns;
  int64_t refunds_n; /* that were proven */
  TillMoney refunded_cash, refunded_card, refunded_code;
  TillMoney bounced; /* refunds that came back */
  int64_t open_n;    /* refunds that are not over */
  TillMoney open;
  TillMoney float_in, cash_out;
} TillShiftSums;

/* A refund that was not over at the close. */
typedef struct
{
  int64_t refund_id;
  char *no;    /* owned; 20 digits */
  char *state; /* owned; the word */
  TillMoney amount;
} TillShiftOpen;

/* More card terminals than stand beside one till; what more there are is not listed. */
#define TILL_SHIFT_TERMINALS_MAX 20

/* What a card terminal took by the slips that were typed, to compare with its own total. */
typedef struct
{
  char *no; /* owned; terminal number */
  int64_t n;
  TillMoney amount;
} TillShiftTerminal;

typedef struct
{
  int64_t id;
  char *no;    /* owned; 20 digits */
  char *token; /* owned */
  int64_t seq;
  int day;
  int64_t at;
  int64_t began_at; /* of its first entry */
  int till;
  int64_t staff_id;
  char *staff_name; /* owned */
  int64_t approver_id;
  char *approver_name; /* owned; "" when nobody had to look */
  TillShiftSums sums;
  TillMoney expected, counted, over_short;
  TillMoney kept; /* in the drawer; the rest of what was counted is in the safe */
  TillMoney total_sales, total_refunds;
  char *chain;          /* owned; first 8 hexadecimal digits of its close */
  char *fingerprint;    /* owned; of the key that sealed it, "" when it is not sealed */
  GPtrArray *open;      /* owned; of TillShiftOpen */
  GPtrArray *terminals; /* owned; of TillShiftTerminal, by number */
  /* Notices about no number of this shop that nobody had settled at the close, and of how much
   * money they speak: as the providers say, none of it is the shop's. */
  int unsettled;
  TillNoticeSums told;
} TillShift;

TillShift *till_shift_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_shift_free (TillShift *shift);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShift, till_shift_free)
void till_shift_open_free (TillShiftOpen *open);
void till_shift_terminal_free (TillShiftTerminal *terminal);

G_END_DECLS

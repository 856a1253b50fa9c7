/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day's movements of money as a provider lists them for its merchant, and the files that are
 * written from them, a file of this room a layout. What is wrong with a file (TillBillFault) is
 * done here once for all layouts, but for a cut and a wrong total, which are done when it is
 * written.
 *
 * The fee is 0.6 %, rounded half up for each payment, and given back with a refund. Written apart
 * from what reads these files (data/settlement/), from the same documents. */
#pragma once
#include "app/sandbox/provider-speech.h"

G_BEGIN_DECLS

/* UnionPay's clearing day ends at 23:00. */
#define TILL_UNIONPAY_DAY_END_S (23 * 3600)

typedef struct
{
  TillErrandKind kind; /* PAY, REFUND, VOID or REVERSE */
  /* All of the provider's or constant. */
  const char *request_no;
  const char *original_no; /* of REFUND and VOID, else NULL */
  const char *provider_no;
  const char *original_provider_no; /* of REFUND and VOID; "" when there is no such payment */
  TillMoney amount;                 /* fen, above zero */
  TillMoney fee;                    /* fen, of that amount */
  int64_t at;
} TillBillRow;

typedef struct
{
  int day;
  TillBillFault fault;
  GArray *rows;    /* owned; of TillBillRow */
  TillMoney wrong; /* what is added to a stated sum: 0, or 1 where it shall be wrong */
} TillDayBill;

/* The day ends day_end_s after midnight in China (0: at midnight, else of the day itself). */
TillDayBill *till_day_bill_new (const TillSpeech *speech, const char *tongue, int day,
                                int day_end_s) G_GNUC_WARN_UNUSED_RESULT;
void till_day_bill_free (TillDayBill *bill);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDayBill, till_day_bill_free)

gboolean till_bill_row_is_back (const TillBillRow *row);

typedef struct
{
  guint payments, refunds;  /* rows that came in, rows that went back */
  TillMoney paid, returned; /* fen ≥ 0 */
  TillMoney fees;           /* fen; what was given back is taken off */
} TillBillSums;
/* Of all rows as they stand; what a file states may be wrong by bill->wrong. */
TillBillSums till_day_bill_sums (const TillDayBill *bill);
/* The text as it is to be packed; takes it. */
GBytes *till_day_bill_finish (const TillDayBill *bill, GString *text) G_GNUC_WARN_UNUSED_RESULT;

/* When the day begins in China, µs UTC. */
int64_t till_bill_midnight (int day);

/* A word for an address, which only we can have said: for that day's file of that name, and not for
 * ever. */
char *till_bill_token (const TillSpeech *speech, const char *file, int day,
                       int good_for_s) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_bill_token_is_good (const TillSpeech *speech, const char *file, const char *token,
                                  int *day);

gboolean till_bill_fault_from_word (const char *word, TillBillFault *fault);

/* The files. */
GBytes *till_practice_bill (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_wechat_bill (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;
/* The fund flow of the same day; `wechat_bill` is the trade bill. */
GBytes *till_wechat_flow (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;
/* A page of what moved on the account with Stripe. */
typedef struct
{
  guint limit;       /* movements on it, above zero */
  const char *after; /* the number of the last one of the page before, or NULL */
  gboolean sources;  /* with what stands behind each … */
  gboolean payments; /* … and the payment behind that */
} TillStripePage;
/* NULL when nothing of that day has the number `after`. */
GBytes *till_stripe_bill (const TillSpeech *speech, int day,
                          const TillStripePage *page) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_umpay_bill (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_umpay_no_bill (int day) G_GNUC_WARN_UNUSED_RESULT;
/* Of the tongues whose files are our own invention, "lakala" and "shengpay"; NULL for another. */
GBytes *till_invented_bill (const TillSpeech *speech, const char *tongue,
                            int day) G_GNUC_WARN_UNUSED_RESULT;
/* Zips. */
GBytes *till_alipay_bill (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_unionpay_bill (const TillSpeech *speech, int day) G_GNUC_WARN_UNUSED_RESULT;

/* Packing, written apart from what unpacks. */
typedef struct
{
  const char *name; /* bytes as they are to stand there */
  GBytes *bytes;    /* unowned */
} TillBillMember;
GBytes *till_bill_gzip (GBytes *plain) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_bill_zlib (GBytes *plain) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_bill_gbk (const char *text) G_GNUC_WARN_UNUSED_RESULT;
GBytes *till_bill_zip (const TillBillMember *members, gsize n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

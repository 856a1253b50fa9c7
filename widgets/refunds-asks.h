/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of refunds asks the desk: one struct for all questions, and for each question the
 * work that runs on the ledger's thread (its ward is a TillLedger, its data a TillRefundAsk, which
 * it hands back, or NULL with an error). Plain structs cross the threads; nothing here knows a
 * widget. */
#pragma once
#include "data/desk/refunding.h"

G_BEGIN_DECLS

#define TILL_REFUND_FILTERS 4

/* What a second person is asked for. */
typedef enum
{
  TILL_SECOND_NONE,
  TILL_SECOND_APPROVE,
  TILL_SECOND_REJECT,
  TILL_SECOND_PAY_CASH,
  TILL_SECOND_RECALL,
} TillSecondAsked;

typedef struct
{
  int64_t staff_id;
  int64_t id;
  int64_t return_id;
  guint read_no;
  TillRefundFilter filter;
  TillSecondAsked second;
  const TillProfile *profile; /* of the provider, for a recall; a constant or NULL */
  char *no;                   /* owned; of a refund or return, or of the second person */
  char *pin;                  /* owned; wiped */
  char *text;                 /* owned */
  int counts[TILL_REFUND_FILTERS];
  int unsettled;      /* notices about no number of this shop */
  GPtrArray *list;    /* owned */
  GPtrArray *steps;   /* owned */
  TillRefund *refund; /* owned */
  TillAnswer answer;
} TillRefundAsk;

void till_refund_ask_free (gpointer ask);

/* → counts, unsettled. */
gpointer till_refund_ask_counts (gpointer ledger, gpointer ask, GError **error);
/* The same, and filter → list. */
gpointer till_refund_ask_list (gpointer ledger, gpointer ask, GError **error);
/* id → refund, steps. */
gpointer till_refund_ask_one (gpointer ledger, gpointer ask, GError **error);
/* no → refund. */
gpointer till_refund_ask_number (gpointer ledger, gpointer ask, GError **error);
/* id: the next question is due at once. */
gpointer till_refund_ask_now (gpointer ledger, gpointer ask, GError **error);
gpointer till_refund_ask_slip (gpointer ledger, gpointer ask, GError **error);
gpointer till_refund_ask_cancel (gpointer ledger, gpointer ask, GError **error);
gpointer till_refund_ask_correct (gpointer ledger, gpointer ask, GError **error);
/* id or return_id, second, no, pin → what the second person said. */
gpointer till_refund_ask_decide (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS

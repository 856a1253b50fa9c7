/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refunds: one refund with its sentence, its life, and what can be done about it. It knows which
 * deeds fit; whoever shows it does them. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/refunds-asks.h"
#include "widgets/who-part.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_REFUND_DO_ASK,
  TILL_REFUND_DO_APPROVE,
  TILL_REFUND_DO_REJECT,
  TILL_REFUND_DO_CORRECT,
  TILL_REFUND_DO_PAY_CASH,
  TILL_REFUND_DO_RECALL,
  TILL_REFUND_DO_CANCEL,
  TILL_REFUND_DO_PRINT,
} TillRefundDeed;

#define TILL_TYPE_REFUND_DETAIL (till_refund_detail_get_type ())
G_DECLARE_FINAL_TYPE (TillRefundDetail, till_refund_detail, TILL, REFUND_DETAIL, GtkBox)

/* Signals "deed" (int, a TillRefundDeed that fits) and "second" (number and PIN are there). */
void till_refund_detail_set_up (TillRefundDetail *detail, TillCounter *counter);
/* Takes refund; steps is its history. NULL, NULL: nothing is shown. A second person who was being
 * asked goes on being asked while refund and state are the same. */
void till_refund_detail_show (TillRefundDetail *detail, TillRefund *refund, const GPtrArray *steps);
const TillRefund *till_refund_detail_shown (TillRefundDetail *detail);
/* TRUE: the key belongs to a deed. */
gboolean till_refund_detail_key (TillRefundDetail *detail, guint keyval);
void till_refund_detail_ask_second (TillRefundDetail *detail, TillSecondAsked asked);
TillSecondAsked till_refund_detail_asking (TillRefundDetail *detail);
/* Where number and PIN are typed; NULL while nobody is asked. */
TillWhoPart *till_refund_detail_who (TillRefundDetail *detail);

G_END_DECLS

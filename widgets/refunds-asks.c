/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/refunds-asks.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/noticing.h"
#include "data/desk/printing.h"
#include "data/desk/returning.h"
#include "devices/gateway/registry.h"

#define LIST_MAX 200

void
till_refund_ask_free (gpointer data)
{
  TillRefundAsk *ask = data;
  g_free (ask->no);
  till_secret_free (ask->pin);
  g_free (ask->text);
  g_clear_pointer (&ask->list, g_ptr_array_unref);
  g_clear_pointer (&ask->steps, g_ptr_array_unref);
  g_clear_pointer (&ask->refund, till_refund_free);
  g_free (ask);
}

gpointer
till_refund_ask_counts (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  return till_refunding_counts (ledger, ask->counts, error)
                 && till_noticing_count (ledger, &ask->unsettled, error)
             ? ask
             : NULL;
}

gpointer
till_refund_ask_list (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  if (!till_refund_ask_counts (ledger, data, error))
    return NULL;
  ask->list = till_refunding_list (ledger, ask->filter, LIST_MAX, error);
  return ask->list ? ask : NULL;
}

gpointer
till_refund_ask_one (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  if (!till_refunding_load_id (ledger, ask->id, &ask->refund, &ask->answer, error))
    return NULL;
  ask->steps = till_refunding_history (ledger, ask->id, error);
  return ask->steps ? ask : NULL;
}

/* A refund by its own number, or the first one of a return. */
gpointer
till_refund_ask_number (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  TillNumberKind kind;
  if (!till_number_parse (ask->no, &kind) || kind != TILL_NUMBER_RETURN)
    return till_refunding_load (ledger, ask->no, &ask->refund, &ask->answer, error) ? ask : NULL;
  g_autoptr (TillReturn) goods = NULL;
  if (!till_returning_load (ledger, ask->no, &goods, &ask->answer, error))
    return NULL;
  if (!goods || goods->refunds->len == 0)
    return ask;
  const TillRefund *first = g_ptr_array_index (goods->refunds, 0);
  return till_refunding_load_id (ledger, first->id, &ask->refund, &ask->answer, error) ? ask : NULL;
}

gpointer
till_refund_ask_now (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  return till_refunding_ask_now (ledger, ask->staff_id, ask->id, &ask->answer, error) ? ask : NULL;
}

gpointer
till_refund_ask_slip (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  return till_printing_again (ledger, ask->staff_id, TILL_PAPER_REFUND, ask->id, &ask->answer,
                              error)
             ? ask
             : NULL;
}

gpointer
till_refund_ask_cancel (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  return till_refunding_cancel (ledger, ask->staff_id, ask->id, ask->text, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_refund_ask_correct (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  return till_refunding_correct (ledger, ask->staff_id, ask->id, ask->text, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_refund_ask_decide (gpointer ledger, gpointer data, GError **error)
{
  TillRefundAsk *ask = data;
  if (ask->second == TILL_SECOND_PAY_CASH)
    return till_refunding_pay_cash (ledger, ask->staff_id, ask->id, ask->no, ask->pin, &ask->refund,
                                    &ask->answer, error)
               ? ask
               : NULL;
  if (ask->second == TILL_SECOND_RECALL)
    return till_refunding_recall (ledger, ask->staff_id, ask->id, ask->profile, ask->no, ask->pin,
                                  &ask->answer, error)
               ? ask
               : NULL;
  TillSecond second = { ask->no, ask->pin, FALSE };
  g_autoptr (TillReturn) goods = NULL;
  return till_returning_decide (ledger, ask->return_id, &second, ask->second == TILL_SECOND_APPROVE,
                                "", till_codec_profile, &goods, &ask->answer, error)
             ? ask
             : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-asks.h"
#include "data/core/secret.h"
#include "data/desk/asserting.h"
#include "data/desk/selling.h"
#include "devices/gateway/registry.h"

void
till_pay_ask_free (gpointer data)
{
  TillPayAsk *ask = data;
  g_clear_pointer (&ask->basket, till_basket_free);
  g_clear_pointer (&ask->wishes, g_ptr_array_unref);
  g_clear_pointer (&ask->sale, till_sale_free);
  g_clear_pointer (&ask->slip, till_card_slip_free);
  g_free (ask->no);
  till_secret_free (ask->pin);
  g_free (ask);
}

gpointer
till_pay_ask_pay (gpointer ledger, gpointer data, GError **error)
{
  TillPayAsk *ask = data;
  return till_selling_pay (ledger, ask->staff_id, ask->basket,
                           (TillTenderWish *const *)ask->wishes->pdata, ask->wishes->len,
                           &ask->sale, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_pay_ask_rest (gpointer ledger, gpointer data, GError **error)
{
  TillPayAsk *ask = data;
  return till_selling_pay_rest (ledger, ask->staff_id, ask->sale_id,
                                g_ptr_array_index (ask->wishes, 0), &ask->sale, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_pay_ask_cancel (gpointer ledger, gpointer data, GError **error)
{
  TillPayAsk *ask = data;
  return till_selling_cancel_leg (ledger, ask->staff_id, ask->sale_id, ask->pos, &ask->sale,
                                  &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_pay_ask_slip (gpointer ledger, gpointer data, GError **error)
{
  TillPayAsk *ask = data;
  return till_asserting_slip (ledger, ask->staff_id, ask->sale_id, ask->pos, ask->slip, ask->no,
                              ask->pin, till_codec_profile, &ask->sale, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_pay_ask_abandon (gpointer ledger, gpointer data, GError **error)
{
  TillPayAsk *ask = data;
  return till_selling_abandon (ledger, ask->staff_id, ask->sale_id, &ask->basket, &ask->answer,
                               error)
             ? ask
             : NULL;
}

gpointer
till_pay_ask_look (gpointer ledger, gpointer data, GError **error)
{
  TillPayAsk *ask = data;
  return till_selling_load_id (ledger, ask->sale_id, &ask->sale, &ask->answer, error) ? ask : NULL;
}

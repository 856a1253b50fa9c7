/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/shift-asks.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/printing.h"
#include "data/desk/tending.h"

#define LIST_MAX 60

void
till_shift_ask_free (gpointer data)
{
  TillShiftAsk *ask = data;
  g_free (ask->text);
  till_secret_free (ask->pin);
  g_clear_pointer (&ask->draft, till_shift_draft_free);
  g_clear_pointer (&ask->shifts, g_ptr_array_unref);
  g_clear_pointer (&ask->shift, till_shift_free);
  g_free (ask);
}

gpointer
till_shift_ask_read (gpointer ledger, gpointer data, GError **error)
{
  TillShiftAsk *ask = data;
  return till_shifting_now (ledger, ask->staff_id, &ask->now, &ask->answer, error)
                 && till_shifting_list (ledger, ask->staff_id, LIST_MAX, &ask->shifts, &ask->answer,
                                        error)
             ? ask
             : NULL;
}

gpointer
till_shift_ask_float (gpointer ledger, gpointer data, GError **error)
{
  TillShiftAsk *ask = data;
  g_autofree char *token = till_request_no_new (till_ledger_clock (ledger));
  if (!till_shifting_float (ledger, ask->staff_id, token, ask->amount, &ask->answer, error))
    return NULL;
  /* The float is in the drawer, whatever becomes of the hint. */
  g_autoptr (GError) trouble = NULL;
  if (!till_tending_count_due (ledger, &ask->checks_due, &trouble))
    g_warning ("checks that are due: %s", trouble->message);
  return ask;
}

gpointer
till_shift_ask_out (gpointer ledger, gpointer data, GError **error)
{
  TillShiftAsk *ask = data;
  g_autofree char *token = till_request_no_new (till_ledger_clock (ledger));
  return till_shifting_out (ledger, ask->staff_id, token, ask->amount, ask->text, &ask->answer,
                            error)
             ? ask
             : NULL;
}

gpointer
till_shift_ask_count (gpointer ledger, gpointer data, GError **error)
{
  TillShiftAsk *ask = data;
  if (!till_shifting_count (ledger, ask->staff_id, &ask->count, &ask->counted, &ask->answer, error))
    return NULL;
  ask->draft = till_shifting_draft (ledger);
  ask->draft->count = ask->count;
  ask->draft->expected = ask->counted.expected;
  return ask;
}

gpointer
till_shift_ask_close (gpointer ledger, gpointer data, GError **error)
{
  TillShiftAsk *ask = data;
  return till_shifting_close (ledger, ask->staff_id, ask->draft, ask->text, ask->pin, &ask->shift,
                              &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_shift_ask_slip (gpointer ledger, gpointer data, GError **error)
{
  TillShiftAsk *ask = data;
  return till_printing_again (ledger, ask->staff_id, TILL_PAPER_SHIFT, ask->id, &ask->answer, error)
             ? ask
             : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/register-asks.h"

void
till_register_ask_free (gpointer data)
{
  TillRegisterAsk *ask = data;
  g_clear_pointer (&ask->records, g_ptr_array_unref);
  g_clear_pointer (&ask->checks, g_ptr_array_unref);
  g_clear_pointer (&ask->services, g_ptr_array_unref);
  till_device_record_free (ask->record);
  g_clear_pointer (&ask->figures[0], till_device_figures_free);
  g_clear_pointer (&ask->figures[1], till_device_figures_free);
  g_free (ask->service.words);
  g_free (ask->service.before);
  g_free (ask->service.after);
  g_free (ask->service.done_by);
  g_free (ask->text);
  g_free (ask->done);
  g_free (ask);
}

gpointer
till_register_ask_log (gpointer ledger, gpointer data, GError **error)
{
  TillRegisterAsk *ask = data;
  ask->checks = till_tending_checks (ledger, ask->device_id, error);
  ask->services = ask->checks ? till_tending_services (ledger, ask->device_id, error) : NULL;
  if (!ask->services
      || !till_device_figures_read (ledger, ask->device_id, 0, &ask->figures[0], error))
    return NULL;
  if (!ask->figures[0])
    return ask;
  int before = till_device_figures_month_before (ask->figures[0]->month);
  return till_device_figures_read (ledger, ask->device_id, before, &ask->figures[1], error) ? ask
                                                                                            : NULL;
}

gpointer
till_register_ask_list (gpointer ledger, gpointer data, GError **error)
{
  TillRegisterAsk *ask = data;
  ask->records = till_tending_list (ledger, FALSE, error);
  return ask->records ? ask : NULL;
}

gpointer
till_register_ask_put (gpointer ledger, gpointer data, GError **error)
{
  TillRegisterAsk *ask = data;
  int64_t id;
  return till_tending_put (ledger, ask->staff_id, ask->record, &id, &ask->answer, error) ? ask
                                                                                         : NULL;
}

gpointer
till_register_ask_check (gpointer ledger, gpointer data, GError **error)
{
  TillRegisterAsk *ask = data;
  return till_tending_check (ledger, ask->staff_id, ask->device_id, ask->good, ask->proof,
                             ask->text, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_register_ask_serve (gpointer ledger, gpointer data, GError **error)
{
  TillRegisterAsk *ask = data;
  return till_tending_serve (ledger, ask->staff_id, ask->device_id, &ask->service, &ask->answer,
                             error)
             ? ask
             : NULL;
}

gpointer
till_register_ask_retire (gpointer ledger, gpointer data, GError **error)
{
  TillRegisterAsk *ask = data;
  return till_tending_retire (ledger, ask->staff_id, ask->device_id, ask->text, &ask->answer, error)
             ? ask
             : NULL;
}

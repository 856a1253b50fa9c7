/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-asks.h"
#include "data/core/secret.h"
#include "data/desk/selling.h"
#include "devices/gateway/registry.h"

#define RECENT_MAX 50

void
till_return_ask_free (gpointer data)
{
  TillReturnAsk *ask = data;
  g_free (ask->no);
  till_secret_free (ask->pin);
  g_clear_pointer (&ask->draft, till_return_draft_free);
  g_clear_pointer (&ask->sale, till_sale_free);
  g_clear_pointer (&ask->goods, till_return_free);
  g_clear_pointer (&ask->rows, g_ptr_array_unref);
  till_rehearsal_clear (&ask->rehearsal);
  g_free (ask);
}

TillReturnAsk *
till_return_ask_new (int64_t staff_id, const TillReturnDraft *draft)
{
  TillReturnAsk *ask = g_new0 (TillReturnAsk, 1);
  ask->staff_id = staff_id;
  ask->draft = draft ? till_return_draft_copy (draft) : NULL;
  return ask;
}

gpointer
till_return_ask_open (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  ask->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)till_sale_free);
  if (!till_returning_find (ledger, ask->no, &ask->sale, ask->rows, &ask->answer, error))
    return NULL;
  if (!ask->sale)
    return ask;
  g_clear_pointer (&ask->draft, till_return_draft_free);
  g_autoptr (GError) broke = NULL;
  ask->draft = till_returning_unfinished (ledger, ask->staff_id, &broke);
  if (!broke && ask->draft && ask->draft->sale_id == ask->sale->id)
    return ask;
  g_clear_pointer (&ask->draft, till_return_draft_free);
  if (!broke)
    ask->draft = till_returning_draft (ledger, ask->staff_id, ask->sale->id, &broke);
  if (!broke)
    return ask;
  g_propagate_error (error, g_steal_pointer (&broke));
  return NULL;
}

gpointer
till_return_ask_unfinished (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  g_autoptr (GError) broke = NULL;
  g_clear_pointer (&ask->draft, till_return_draft_free);
  ask->draft = till_returning_unfinished (ledger, ask->staff_id, &broke);
  if (!broke && ask->draft)
    till_selling_load_id (ledger, ask->draft->sale_id, &ask->sale, &ask->answer, &broke);
  if (!broke)
    return ask;
  g_propagate_error (error, g_steal_pointer (&broke));
  return NULL;
}

gpointer
till_return_ask_keep (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  return till_returning_keep (ledger, ask->staff_id, ask->draft, error) ? ask : NULL;
}

gpointer
till_return_ask_discard (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  return till_returning_discard (ledger, ask->staff_id, ask->draft, error) ? ask : NULL;
}

gpointer
till_return_ask_rehearse (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  return till_returning_rehearse (ledger, ask->staff_id, ask->draft, till_codec_profile,
                                  &ask->rehearsal, error)
             ? ask
             : NULL;
}

gpointer
till_return_ask_submit (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  TillSecond second = { ask->no, ask->pin, ask->hold };
  gboolean has_second = ask->no || ask->hold;
  return till_returning_submit (ledger, ask->staff_id, ask->draft, has_second ? &second : NULL,
                                till_codec_profile, &ask->goods, &ask->answer, error)
             ? ask
             : NULL;
}

gpointer
till_return_ask_look (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  return till_returning_load_id (ledger, ask->id, &ask->goods, &ask->answer, error) ? ask : NULL;
}

gpointer
till_return_ask_recent (gpointer ledger, gpointer data, GError **error)
{
  TillReturnAsk *ask = data;
  ask->rows = till_selling_recent (ledger, RECENT_MAX, error);
  return ask->rows ? ask : NULL;
}

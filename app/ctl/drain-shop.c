/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/drain-shop.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/http.h"

struct _TillShopHands
{
  TillShopFolder *folder; /* unowned */
  TillHttp *http;         /* owned */
  TillHands *hands;       /* owned */
};

TillShopHands *
till_shop_hands_new (TillShopFolder *folder, GError **error)
{
  if (!till_shop_folder_lock (folder, error))
    return NULL;
  g_autoptr (GHashTable) accounts = till_dispatcher_load_accounts (folder->account_root);
  g_autoptr (TillShopHands) hands = g_new0 (TillShopHands, 1);
  hands->folder = folder;
  hands->http = till_http_new ();
  hands->hands = till_hands_new (folder->ledger, till_http_transport (hands->http), accounts,
                                 folder->roll_dir, error);
  return hands->hands ? g_steal_pointer (&hands) : NULL;
}

void
till_shop_hands_bring_files (TillShopHands *hands)
{
  till_hands_bring_files (hands->hands);
}

void
till_shop_hands_free (TillShopHands *hands)
{
  g_clear_pointer (&hands->hands, till_hands_free);
  g_clear_pointer (&hands->http, till_http_free);
  till_shop_folder_unlock (hands->folder);
  g_free (hands);
}

gboolean
till_shop_hands_step (TillShopHands *hands, gboolean *did, int64_t *next_at, GError **error)
{
  return till_hands_step (hands->hands, did, next_at, error);
}

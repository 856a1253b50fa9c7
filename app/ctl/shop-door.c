/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/shop-door.h"

#include <glib/gi18n-lib.h>

TillNoticeDoor *
till_shop_door_open (TillShopFolder *folder, const TillShop *shop, TillNoticeHeard heard,
                     gpointer user, char **problem)
{
  g_autoptr (GError) error = NULL;
  TillNoticeDoorSetup setup = { .books = folder->ledger_path,
                                .clock = folder->clock,
                                .accounts = folder->account_root,
                                .port = shop->notices_port,
                                .heard = heard,
                                .user = user };
  *problem = NULL;
  if (shop->notices_port == 0)
    return NULL;
  TillNoticeDoor *door = till_notice_door_open (&setup, &error);
  if (door)
    return door;
  g_warning ("the door for notices stays shut: %s", error->message);
  *problem = g_strdup_printf (
      _ ("Providers' notices cannot come in by port %d. Selling goes on, and every provider is "
         "asked as before. Choose another port in the settings, then start the till again."),
      shop->notices_port);
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/shop.h"

void
till_shop_free (TillShop *shop)
{
  g_free (shop->name);
  g_free (shop->address);
  g_free (shop->zone);
  g_free (shop->language);
  g_free (shop->policy.version);
  g_free (shop->code_routes);
  g_free (shop->code_provider);
  g_free (shop->card_provider);
  g_free (shop->slip_provider);
  g_free (shop->paper_server);
  g_free (shop->paper_queue);
  g_free (shop->paper_usb);
  g_free (shop->seal_key);
  g_free (shop);
}

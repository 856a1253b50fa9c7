/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/printers.h"
#include "devices/print/cups.h"
#include "devices/print/rollfile.h"
#include "devices/print/usb-way.h"

TillPrinter *
till_printers_open (const TillShop *shop, const char *roll_dir, GError **error)
{
  if (*shop->paper_usb)
    {
      g_autofree char *dir = g_build_filename (roll_dir, "usb", NULL);
      return till_usb_way_new (shop->paper_usb, dir, &till_receipt_patience, error);
    }
  if (!*shop->paper_queue)
    return till_roll_file_new (roll_dir, error);
  TillCupsSettings settings = {
    .server = *shop->paper_server ? shop->paper_server : (char *)TILL_CUPS_SERVER,
    .queue = shop->paper_queue,
    .user = (char *)g_get_user_name (),
    .timeout_ms = TILL_CUPS_TIMEOUT_MS,
  };
  return till_cups_new (&settings, error);
}

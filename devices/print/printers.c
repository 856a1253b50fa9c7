/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/printers.h"
#include "data/core/error.h"
#include "devices/print/cups.h"
#include "devices/print/rollfile.h"
#include "devices/print/usb-way.h"

#include <glib/gi18n-lib.h>

static TillCupsSettings
cups_settings (const TillShop *shop)
{
  return (TillCupsSettings){
    .server = *shop->paper_server ? shop->paper_server : (char *)TILL_CUPS_SERVER,
    .queue = shop->paper_queue,
    .user = (char *)g_get_user_name (),
    .timeout_ms = TILL_CUPS_TIMEOUT_MS,
    .paper = till_paper_of (shop->paper_mm, shop->paper_dots),
  };
}

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
  TillCupsSettings settings = cups_settings (shop);
  return till_cups_new (&settings, error);
}

/* --- what there is --- */

void
till_printer_found_free (TillPrinterFound *found)
{
  g_free (found->name);
  g_free (found->words);
  g_free (found);
}

static void
add_found (GPtrArray *found, const TillPrinterFound *one)
{
  TillPrinterFound *kept = g_memdup2 (one, sizeof *one);
  kept->name = g_strdup (one->name);
  kept->words = g_strdup (one->words);
  g_ptr_array_add (found, kept);
}

static gboolean
find_on_usb (const TillShop *shop, GPtrArray *found, GError **error)
{
  g_autoptr (GPtrArray) printers = till_usb_cable_list (error);
  for (guint i = 0; printers && i < printers->len; i++)
    {
      const TillUsbPrinter *printer = g_ptr_array_index (printers, i);
      TillPrinterFound one = { .on_usb = TRUE,
                               .name = printer->name,
                               .words = printer->words,
                               .can_tell = printer->can_tell,
                               .chosen = g_str_equal (printer->name, shop->paper_usb) };
      add_found (found, &one);
    }
  return printers != NULL;
}

static gboolean
find_queues (const TillShop *shop, GPtrArray *found, GError **error)
{
  TillCupsSettings settings = cups_settings (shop);
  g_autoptr (GPtrArray) queues = till_cups_list (&settings, error);
  for (guint i = 0; queues && i < queues->len; i++)
    {
      const TillQueue *queue = g_ptr_array_index (queues, i);
      gboolean chosen = !*shop->paper_usb && g_str_equal (queue->name, shop->paper_queue);
      TillPrinterFound one = { .name = queue->name,
                               .words = queue->words,
                               .can_tell = queue->can_tell,
                               .is_driverless = queue->is_driverless,
                               .chosen = chosen,
                               .trouble = queue->trouble };
      add_found (found, &one);
    }
  return queues != NULL;
}

GPtrArray *
till_printers_find (const TillShop *shop, char **problem)
{
  g_autoptr (GError) usb = NULL;
  g_autoptr (GError) server = NULL;
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)till_printer_found_free);
  gboolean looked = find_on_usb (shop, found, &usb);
  gboolean asked = find_queues (shop, found, &server);
  *problem = NULL;
  if (!looked || !asked)
    *problem = g_strdup_printf ("%s%s%s", usb ? usb->message : "", usb && server ? "; " : "",
                                server ? server->message : "");
  return found;
}

const char *
till_printer_found_proof (const TillPrinterFound *found)
{
  return found->can_tell
             ? _ ("It may say when a slip is on paper: a test slip shows whether it does.")
         : found->is_driverless ? _ (
               "IPP: it takes slips as pictures, opens no drawer, and cannot say when a slip is on "
               "paper.")
         : found->on_usb ? _ ("It cannot say when a slip is on paper.")
                         : _ ("A queue cannot say when a slip is on paper.");
}

void
till_printers_choose (TillShop *shop, const char *name)
{
  TillUsbName read;
  gboolean usb = till_usb_name_read (name, &read);
  g_free (shop->paper_usb);
  g_free (shop->paper_queue);
  shop->paper_usb = g_strdup (usb ? name : "");
  shop->paper_queue = g_strdup (usb ? "" : name);
}

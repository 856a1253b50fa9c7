/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way to paper a shop has chosen: a printer on USB (setting paper.usb), else a queue of the
 * print server (paper.server and paper.queue), else the roll in its folder. And which ways there
 * are to choose from. */
#pragma once
#include "data/trade/shop.h"
#include "devices/print/way.h"

G_BEGIN_DECLS

/* roll_dir: where the roll and the jobs for a printer on USB are kept. INVALID for a queue no print
 * server can have. */
TillPrinter *till_printers_open (const TillShop *shop, const char *roll_dir,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  gboolean on_usb; /* else a queue */
  char *name;      /* owned; as the setting paper.usb or paper.queue has it */
  char *words;     /* owned; maker and model, or the description of the queue; or "" */
  /* It has a way back, so it may say that a slip is on paper; whether it does shows a test slip. A
   * queue has one only over our own backend. */
  gboolean can_tell;
  gboolean is_driverless; /* a queue that takes slips as pictures (IPP), and opens no drawer */
  gboolean chosen;        /* slips of this shop go here */
  guint trouble; /* TillPrinterTrouble of a queue; a printer on USB is not asked: it might be none
                    for receipts, and would print the question */
} TillPrinterFound;

void till_printer_found_free (TillPrinterFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPrinterFound, till_printer_found_free)

/* Whether it can prove paper, in the current language. */
const char *till_printer_found_proof (const TillPrinterFound *found);
/* Has the shop print on the one of this name, as it is found; "": on the roll. */
void till_printers_choose (TillShop *shop, const char *name);

/* Of TillPrinterFound: printers on USB, then queues. What could not be looked at is missing, and
 * *problem (free it) says why, else NULL. Blocking. */
GPtrArray *till_printers_find (const TillShop *shop, char **problem) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

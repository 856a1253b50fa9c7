/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a page looks for receipt printers and tries one, as a const struct of functions: USB and the
 * print server, or what a play says. */
#pragma once
#include "devices/print/printers.h"
#include "devices/print/trial.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *found; /* owned; of TillPrinterFound */
  char *problem;    /* owned; what could not be looked at, or NULL */
  gboolean roll;    /* slips of this shop go onto the roll */
} TillPrintersSeen;

void till_printers_seen_free (TillPrintersSeen *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPrintersSeen, till_printers_seen_free)

/* Main thread; waits for nothing. Each takes the shop; done comes later on the main thread, exactly
 * once, and asks the finish below. page is kept until then. */
typedef struct
{
  void (*find) (gpointer self, GObject *page, TillShop *shop, GAsyncReadyCallback done);
  void (*test) (gpointer self, GObject *page, TillShop *shop, GAsyncReadyCallback done);
  /* The drawer is closed, opens a moment later, and is closed again. */
  void (*learn) (gpointer self, GObject *page, TillShop *shop, GAsyncReadyCallback done);
  gpointer self; /* unowned */
} TillPrinterProbe;

TillPrintersSeen *till_printer_probe_found (GAsyncResult *result) G_GNUC_WARN_UNUSED_RESULT;
/* As till_trial_print (). */
TillJobReport *till_printer_probe_tested (GAsyncResult *result,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As till_trial_drawer (); free it. */
TillDrawerTrial *till_printer_probe_learnt (GAsyncResult *result,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* On threads of their own; roll_dir is unowned and outlives every use. */
TillPrinterProbe till_printer_probe_of (const char *roll_dir);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beside the till in the demo: cards for the virtual reader, things to scan, a switch for
 * what the practice provider does wrong, and the plug of the power. Cards and scans travel through
 * the same driver and socket as a real device's. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TILL_TYPE_READER_PANE (till_reader_pane_get_type ())
G_DECLARE_FINAL_TYPE (TillReaderPane, till_reader_pane, TILL, READER_PANE, GtkBox)

/* fault: what the provider does wrong from now on, as the fault's id; 0: nothing. */
typedef struct
{
  void (*fault) (gpointer user, guint id);
  void (*last_receipt) (gpointer user); /* finds its number, then till_reader_pane_scan () */
  void (*terminal) (gpointer user);     /* the customer pays at the card terminal beside the till */
  void (*cut_power) (gpointer user);
} TillReaderPaneDeeds;

/* One thing to scan. */
typedef struct
{
  const char *name; /* as it is shown */
  const char *code;
} TillSampleCode;

/* One thing that the provider can do wrong. */
typedef struct
{
  guint id;          /* above 0 */
  const char *group; /* as it is shown; those of one group stand together */
  const char *words; /* as it is shown */
} TillSampleFault;

/* deeds is a constant; codes and faults are copied. */
GtkWidget *till_reader_pane_new (const char *socket_path, const TillSampleCode *codes, guint n,
                                 const TillSampleFault *faults, guint n_faults,
                                 const TillReaderPaneDeeds *deeds, gpointer user);

/* Through the virtual scanner. */
/* Something of the demonstration's own below what can be scanned and read; title is a translated
 * text. */
void till_reader_pane_add (TillReaderPane *pane, const char *title, GtkWidget *widget);
void till_reader_pane_scan (TillReaderPane *pane, const char *code);

G_END_DECLS

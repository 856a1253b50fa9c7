/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window wants from a page, as a const struct of functions; any may be NULL but create.
 * The window owns the keyboard, the scanner and the input line, so that a key means the same
 * wherever the focus happens to be. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/scan-route.h"
#include "widgets/who-part.h"

G_BEGIN_DECLS

/* One key of the legend: pressing the chip is pressing the key. */
typedef struct
{
  const char *key;  /* as printed on it: "F2"; a msgid where it is a word ("Enter") */
  const char *word; /* msgid; NULL ends the list */
  guint keyval;
  GdkModifierType state;
} TillLegendKey;

typedef struct
{
  TillScreen screen;
  GtkWidget *(*create) (TillCounter *counter);
  /* A key that is neither text for the input line nor the window's own; text is the line as it
   * stands. TRUE: it was used. */
  gboolean (*key) (GtkWidget *page, guint keyval, GdkModifierType state, const char *text);
  /* Enter. text is the input line, perhaps ""; the page clears the line when it took it. */
  void (*enter) (GtkWidget *page, const char *text);
  /* May this character go into the input line? NULL: digits and the point. */
  gboolean (*types) (GtkWidget *page, gunichar character);
  void (*typed) (GtkWidget *page, const char *text);
  /* A code, before it is sent where it belongs. TRUE: the page waited for it. */
  gboolean (*awaited) (GtkWidget *page, const char *code);
  /* A code whose act is the page's own. */
  void (*scanned) (GtkWidget *page, TillScanAct act, const char *code);
  /* A card was read. token is NULL when nothing can be charged with it; Pay gets no such card. */
  void (*card) (GtkWidget *page, const char *token, const char *masked);
  /* The page comes to the front; argument may be NULL: a number to open. */
  void (*shown) (GtkWidget *page, const char *argument);
  void (*changed) (GtkWidget *page);     /* the books moved behind its back */
  TillWhoPart *(*who) (GtkWidget *page); /* where a number and a PIN are being typed, or NULL */
  gboolean (*back) (GtkWidget *page);    /* Esc; TRUE: it went one step back */
  const TillLegendKey *keys;             /* of the legend … */
  const TillLegendKey *(*legend) (GtkWidget *page); /* … or those of the moment */
  const char *help;                                 /* msgid */
} TillPage;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done about the chosen thing: a button each of what fits it, and a key each that does
 * the same. Main thread only. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  guint keyval;     /* of the small letter */
  const char *key;  /* as it stands on the keyboard */
  const char *word; /* a msgid */
} TillDeed;

/* A constant of a page or part; a deed is known by its place. */
typedef struct
{
  const TillDeed *deeds;
  int n;
  gboolean (*fits) (gpointer part, int deed);
  /* Called for a key of what does not fit as well: it says why not, or does nothing. */
  void (*act) (gpointer part, int deed);
} TillDeeds;

/* part is unowned and outlives the button. */
GtkWidget *till_deed_button (const TillDeeds *deeds, int deed, gpointer part);
/* Puts the buttons of what fits into the box, and nothing else. */
void till_deeds_show (const TillDeeds *deeds, GtkBox *box, gpointer part);
/* FALSE: no key of any. */
gboolean till_deeds_key (const TillDeeds *deeds, gpointer part, guint keyval);

G_END_DECLS

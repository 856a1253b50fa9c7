/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/deed.h"
#include "widgets/choice.h"

#include <glib/gi18n-lib.h>

GtkWidget *
till_deed_button (const TillDeeds *deeds, int deed, gpointer part)
{
  const TillDeed *row = &deeds->deeds[deed];
  g_autofree char *words = g_strdup_printf ("%s  %s", row->key, _ (row->word));
  return till_choice_new (words, deed, deeds->act, part);
}

void
till_deeds_show (const TillDeeds *deeds, GtkBox *box, gpointer part)
{
  till_box_empty (box);
  for (int i = 0; i < deeds->n; i++)
    if (deeds->fits (part, i))
      gtk_box_append (box, till_deed_button (deeds, i, part));
}

gboolean
till_deeds_key (const TillDeeds *deeds, gpointer part, guint keyval)
{
  guint key = gdk_keyval_to_lower (keyval);
  for (int i = 0; i < deeds->n; i++)
    if (deeds->deeds[i].keyval == key)
      {
        deeds->act (part, i);
        return TRUE;
      }
  return FALSE;
}

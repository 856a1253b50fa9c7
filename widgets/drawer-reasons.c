/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/drawer-reasons.h"

#include <glib/gi18n-lib.h>

static const char *const reasons[] = {
  N_ ("Give change"),   N_ ("Count the cash"), N_ ("Pay in the takings"),
  N_ ("Put cash back"), N_ ("Something else"),
};

void
till_drawer_reasons_open (TillCounter *counter, TillPicked picked, GtkWidget *page)
{
  static const TillColumn columns[] = {
    { "#", TILL_CELL_FIGURE, 2 },
    { N_ ("Reason"), TILL_CELL_TEXT, 0 },
  };
  TillPickPanel *panel = till_pick_panel_new (_ ("Reasons"), columns, G_N_ELEMENTS (columns), NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      const char *cells[] = { number, _ (reasons[i]) };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  till_pick_panel_open (panel, counter, _ ("Why is the drawer opened?"), picked, page);
  till_pick_panel_fill (panel, rows, "");
}

const char *
till_drawer_reasons_picked (TillPickPanel *panel)
{
  return reasons[till_pick_panel_chosen_id (panel) - 1];
}

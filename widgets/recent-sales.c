/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/recent-sales.h"
#include "widgets/pick-panel.h"
#include "data/core/ids.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GPtrArray *sales; /* owned */
  TillSalePicked picked;
} Recent;

static void
recent_free (gpointer data)
{
  Recent *recent = data;
  g_ptr_array_unref (recent->sales);
  g_free (recent);
}

static const TillColumn recent_columns[] = {
  { N_ ("Time"), TILL_CELL_TEXT, 12 },
  { N_ ("Receipt"), TILL_CELL_NUMBER, 0 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 11 },
};

static void
on_picked (gpointer page, TillPickPanel *panel)
{
  const Recent *recent = g_object_get_data (G_OBJECT (panel), "till-recent");
  guint index = (guint)(till_pick_panel_chosen_id (panel) - 1);
  if (index < recent->sales->len)
    recent->picked (page, ((const TillSale *)g_ptr_array_index (recent->sales, index))->no);
}

void
till_recent_sales_open (TillCounter *counter, const char *name, GPtrArray *sales,
                        TillSalePicked picked, GtkWidget *page)
{
  TillPickPanel *panel
      = till_pick_panel_new (name, recent_columns, G_N_ELEMENTS (recent_columns), NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < sales->len; i++)
    {
      const TillSale *sale = g_ptr_array_index (sales, i);
      g_autofree char *time = till_counter_moment (counter, sale->at);
      g_autofree char *no = till_number_spaced (sale->no);
      g_autofree char *total = till_money_format_screen (sale->total);
      const char *cells[] = { time, no, total };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  Recent *recent = g_new0 (Recent, 1);
  recent->sales = sales;
  recent->picked = picked;
  g_object_set_data_full (G_OBJECT (panel), "till-recent", recent, recent_free);
  till_pick_panel_open (panel, counter, _ ("Find the sale"), on_picked, page);
  till_pick_panel_fill (panel, rows, _ ("Nothing was sold yet."));
}

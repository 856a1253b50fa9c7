/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/goods-search.h"
#include "widgets/pick-panel.h"
#include "data/desk/selling.h"

#include <glib/gi18n-lib.h>

#define FOUND_MAX 50

typedef struct
{
  TillCounter *counter; /* unowned */
  TillGoodsPicked picked;
  GPtrArray *found; /* owned; of TillItem, what the panel shows; or NULL */
  guint no;         /* the latest question: an answer to an older one is dropped */
} Search;

typedef struct
{
  char *text;       /* owned */
  GPtrArray *found; /* owned; of TillItem */
  guint no;
} Ask;

static void
search_free (gpointer data)
{
  Search *search = data;
  g_clear_pointer (&search->found, g_ptr_array_unref);
  g_free (search);
}

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_free (ask->text);
  g_clear_pointer (&ask->found, g_ptr_array_unref);
  g_free (ask);
}

static Search *
search_of (gpointer panel)
{
  return g_object_get_data (panel, "till-search");
}

static gpointer
search_now (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  ask->found = till_selling_search (ledger, ask->text, FOUND_MAX, error);
  return ask->found ? ask : NULL;
}

static void
on_found (gpointer panel, gpointer data, const GError *error)
{
  Search *search = search_of (panel);
  Ask *ask = data;
  if (error || ask->no != search->no)
    return;
  g_clear_pointer (&search->found, g_ptr_array_unref);
  search->found = g_steal_pointer (&ask->found);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < search->found->len; i++)
    {
      const TillItem *item = g_ptr_array_index (search->found, i);
      g_autofree char *price = till_money_format_screen (item->price);
      const char *cells[] = { item->code, till_counter_item_name (search->counter, item), price };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
    }
  g_autofree char *none = *ask->text
                              ? g_strdup_printf (_ ("No goods match “%s”."), ask->text)
                              : g_strdup (_ ("Type the beginning of a code or a part of a name."));
  till_pick_panel_fill (panel, rows, none);
}

/* The panel itself asks: what comes back after it was closed is dropped. */
static void
on_text (TillPickPanel *panel, Search *search)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->text = g_strdup (till_pick_panel_text (panel));
  ask->no = ++search->no;
  till_counter_ask (search->counter, GTK_WIDGET (panel), search_now, ask, ask_free, on_found);
}

static void
on_picked (gpointer page, TillPickPanel *panel)
{
  const Search *search = search_of (panel);
  guint index = (guint)(till_pick_panel_chosen_id (panel) - 1);
  if (search->found && index < search->found->len)
    search->picked (page, g_ptr_array_index (search->found, index));
}

void
till_goods_search_open (TillCounter *counter, const char *text, TillGoodsPicked picked,
                        GtkWidget *page)
{
  static const TillColumn columns[] = {
    { N_ ("Code"), TILL_CELL_TEXT, 15 },
    { N_ ("Goods"), TILL_CELL_TEXT, 0 },
    { N_ ("Price"), TILL_CELL_FIGURE, 11 },
  };
  TillPickPanel *panel = till_pick_panel_new (_ ("Goods found"), columns, G_N_ELEMENTS (columns),
                                              _ ("Name or code"));
  Search *search = g_new0 (Search, 1);
  search->counter = counter;
  search->picked = picked;
  g_object_set_data_full (G_OBJECT (panel), "till-search", search, search_free);
  g_signal_connect (panel, "searched", G_CALLBACK (on_text), search);
  till_pick_panel_open (panel, counter, _ ("Find goods"), on_picked, page);
  till_pick_panel_set_text (panel, text);
  if (!*text)
    on_text (panel, search);
}

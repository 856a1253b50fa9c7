/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/network-part.h"
#include "widgets/part.h"
#include "widgets/provider-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _TillNetworkPart
{
  GtkBox parent;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *some;
  TillSheet *table;
  GtkLabel *name;
  GtkLabel *words;
  TillCounter *counter; /* unowned */
  GPtrArray *healths;   /* owned; of TillHealth: what the table shows, or NULL */
  guint read_no;        /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillNetworkPart, till_network_part, GTK_TYPE_BOX)

/* --- the one that is chosen --- */

static void
show_chosen (TillNetworkPart *self)
{
  int at = self->healths ? till_sheet_chosen (self->table) : -1;
  if (at < 0 || (guint)at >= self->healths->len)
    return;
  const TillHealth *health = g_ptr_array_index (self->healths, at);
  const TillProviderRow row = { NULL, health };
  g_autofree char *title = till_provider_row_title (&row);
  g_autofree char *figures = till_provider_row_figures (self->counter, &row);
  const char *none = health->day.n == 0        ? _ ("Nothing was asked within the last 24 hours.")
                     : health->n_silences == 0 ? _ ("Every call of the last 24 hours was answered.")
                                               : NULL;
  g_autofree char *words = none ? g_strdup_printf ("%s\n%s", figures, none) : g_strdup (figures);
  gtk_label_set_text (self->name, title);
  gtk_label_set_text (self->words, words);
}

/* --- reading --- */

typedef struct
{
  int64_t staff_id;
  guint no;
  GPtrArray *healths; /* owned */
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_clear_pointer (&ask->healths, g_ptr_array_unref);
  g_free (ask);
}

static gpointer
read_healths (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_reporting_providers (ledger, ask->staff_id, &ask->healths, &ask->answer, error)
             ? ask
             : NULL;
}

static void
show_empty (TillNetworkPart *self, gboolean denied)
{
  adw_status_page_set_title (self->empty, denied ? _ ("For whoever may see the reports")
                                                 : _ ("No provider was asked yet"));
  adw_status_page_set_description (
      self->empty,
      denied ? _ ("Let a supervisor or a manager sign in (F12) to see how the providers answer.")
             : _ ("From the first payment or refund on it stands here how a provider answers."));
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->empty));
}

static void
on_read (gpointer part, gpointer data, const GError *error)
{
  TillNetworkPart *self = part;
  Ask *ask = data;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (error || ask->no != self->read_no)
    return;
  g_clear_pointer (&self->healths, g_ptr_array_unref);
  self->healths = g_steal_pointer (&ask->healths);
  for (guint i = 0; self->healths && i < self->healths->len; i++)
    g_ptr_array_add (rows,
                     till_network_row_new (self->counter, i, g_ptr_array_index (self->healths, i)));
  till_sheet_fill (self->table, rows);
  if (rows->len == 0)
    {
      show_empty (self, ask->answer.code != TILL_YES);
      return;
    }
  gtk_stack_set_visible_child (self->stack, self->some);
  if (till_sheet_chosen (self->table) < 0)
    till_sheet_choose (self->table, 0);
  show_chosen (self);
}

void
till_network_part_read (TillNetworkPart *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_healths, ask, ask_free, on_read);
}

gboolean
till_network_part_key (TillNetworkPart *self, guint keyval)
{
  return till_sheet_key (self->table, keyval);
}

/* --- the part --- */

static void
till_network_part_finalize (GObject *object)
{
  g_clear_pointer (&TILL_NETWORK_PART (object)->healths, g_ptr_array_unref);
  G_OBJECT_CLASS (till_network_part_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillNetworkPart, child)

static void
till_network_part_class_init (TillNetworkPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_network_part_finalize;
  g_type_ensure (TILL_TYPE_SHEET);
  till_part_class (class, "network-part.ui");
  BIND (stack);
  BIND (empty);
  BIND (some);
  BIND (table);
  BIND (name);
  BIND (words);
}

static void
till_network_part_init (TillNetworkPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Network"), till_network_columns, TILL_NETWORK_COLUMNS);
  g_signal_connect_object (self->table, "moved", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
}

void
till_network_part_set_up (TillNetworkPart *self, TillCounter *counter)
{
  self->counter = counter;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/reader-pane.h"
#include "devices/usb/virtual-plug.h"

#include <glib/gi18n-lib.h>

struct _TillReaderPane
{
  GtkBox parent;
  char *socket_path;                /* owned */
  TillVirtualPlug *reader;          /* owned; NULL until first used */
  TillVirtualPlug *scanner;         /* owned; NULL until first used */
  const TillReaderPaneDeeds *deeds; /* unowned, a constant */
  gpointer user;                    /* unowned */
};

G_DEFINE_FINAL_TYPE (TillReaderPane, till_reader_pane, GTK_TYPE_BOX)

static const struct
{
  const char *fault, *words;
} faults[] = {
  { "ok", N_ ("Provider: works") },
  { "silent", N_ ("Provider: does it, answers nothing") },
  { "refuse", N_ ("Provider: refuses") },
  { "slow", N_ ("Provider: slow") },
  { "drop", N_ ("Provider: hangs up first") },
};

static TillVirtualPlug *
plug (TillReaderPane *self, TillVirtualPlug **plug, const char *driver, const char *name)
{
  g_autoptr (GError) error = NULL;
  if (!*plug && !(*plug = till_virtual_plug_new (self->socket_path, driver, name, &error)))
    g_warning ("the virtual device %s: %s", name, error->message);
  return *plug;
}

static void
on_card (GtkButton *button, TillReaderPane *self)
{
  const TillSampleCard *card = g_object_get_data (G_OBJECT (button), "till-card");
  TillVirtualPlug *reader = plug (self, &self->reader, "reader-virtual", "Virtual card reader");
  g_autoptr (GError) error = NULL;
  if (reader && !till_virtual_plug_card (reader, card, "tap", &error))
    {
      g_warning ("the virtual card reader: %s", error->message);
      g_clear_pointer (&self->reader, till_virtual_plug_free);
    }
}

static void
on_early (GtkButton *button, TillReaderPane *self)
{
  TillVirtualPlug *reader = plug (self, &self->reader, "reader-virtual", "Virtual card reader");
  g_autoptr (GError) error = NULL;
  if (reader && !till_virtual_plug_early (reader, &error))
    {
      g_warning ("the virtual card reader: %s", error->message);
      g_clear_pointer (&self->reader, till_virtual_plug_free);
    }
}

void
till_reader_pane_scan (TillReaderPane *self, const char *code)
{
  TillVirtualPlug *scanner = plug (self, &self->scanner, "scanner-virtual", "Virtual scanner");
  g_autoptr (GError) error = NULL;
  if (scanner && !till_virtual_plug_scan (scanner, NULL, code, &error))
    {
      g_warning ("the virtual scanner: %s", error->message);
      g_clear_pointer (&self->scanner, till_virtual_plug_free);
    }
}

static void
on_scan (GtkButton *button, TillReaderPane *self)
{
  till_reader_pane_scan (self, g_object_get_data (G_OBJECT (button), "till-code"));
}

static void
on_last_receipt (GtkButton *button, TillReaderPane *self)
{
  self->deeds->last_receipt (self->user);
}

static void
on_fault (GtkDropDown *choice, GParamSpec *pspec, TillReaderPane *self)
{
  guint chosen = gtk_drop_down_get_selected (choice);
  if (chosen < G_N_ELEMENTS (faults))
    self->deeds->fault (self->user, faults[chosen].fault);
}

static void
on_power (GtkButton *button, TillReaderPane *self)
{
  self->deeds->cut_power (self->user);
}

static GtkWidget *
add_button (TillReaderPane *self, GtkWidget *box, const char *words, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (words);
  GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "choice");
  g_signal_connect (button, "clicked", clicked, self);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
add_title (GtkWidget *box, const char *words)
{
  GtkWidget *label = gtk_label_new (words);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (GTK_BOX (box), label);
}

static void
till_reader_pane_finalize (GObject *object)
{
  TillReaderPane *self = TILL_READER_PANE (object);
  g_clear_pointer (&self->reader, till_virtual_plug_free);
  g_clear_pointer (&self->scanner, till_virtual_plug_free);
  g_free (self->socket_path);
  G_OBJECT_CLASS (till_reader_pane_parent_class)->finalize (object);
}

static void
till_reader_pane_class_init (TillReaderPaneClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_reader_pane_finalize;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "samples");
}

static void
till_reader_pane_init (TillReaderPane *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
}

static void
add_faults (TillReaderPane *self)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    gtk_string_list_append (words, _ (faults[i].words));
  GtkWidget *choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  gtk_widget_set_size_request (choice, -1, 44);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What the provider does"), -1);
  g_object_set_data_full (G_OBJECT (choice), "till-access-name",
                          g_strdup (_ ("What the provider does")), g_free);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (on_fault), self);
  gtk_box_append (GTK_BOX (self), choice);
}

GtkWidget *
till_reader_pane_new (const char *socket_path, const TillSampleCode *codes, guint n,
                      const TillReaderPaneDeeds *deeds, gpointer user)
{
  TillReaderPane *self = g_object_new (TILL_TYPE_READER_PANE, NULL);
  self->socket_path = g_strdup (socket_path);
  self->deeds = deeds;
  self->user = user;

  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  add_title (list, _ ("Scan"));
  add_button (self, list, _ ("Scan the last receipt"), G_CALLBACK (on_last_receipt));
  for (guint i = 0; i < n; i++)
    g_object_set_data_full (G_OBJECT (add_button (self, list, codes[i].name, G_CALLBACK (on_scan))),
                            "till-code", g_strdup (codes[i].code), g_free);
  add_title (list, _ ("Cards"));
  guint n_cards;
  const TillSampleCard *cards = till_reader_virtual_cards (&n_cards);
  for (guint i = 0; i < n_cards; i++)
    g_object_set_data (G_OBJECT (add_button (self, list, cards[i].name, G_CALLBACK (on_card))),
                       "till-card", (gpointer)&cards[i]);
  add_button (self, list, _ ("Pull the card out too early"), G_CALLBACK (on_early));

  GtkWidget *scroll = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), list);
  gtk_widget_set_size_request (scroll, -1, 264);
  gtk_box_append (GTK_BOX (self), scroll);
  add_faults (self);
  /* Plugged in from the start, as they would be. */
  plug (self, &self->reader, "reader-virtual", "Virtual card reader");
  plug (self, &self->scanner, "scanner-virtual", "Virtual scanner");
  gtk_widget_add_css_class (
      add_button (self, GTK_WIDGET (self), _ ("Cut the power"), G_CALLBACK (on_power)),
      "destructive-action");
  return GTK_WIDGET (self);
}

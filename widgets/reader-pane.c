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
  GArray *faults;                   /* owned; of Fault */
  GPtrArray *groups;                /* owned; of char; behind "works" in the first choice */
  GArray *offered;                  /* owned; of guint: ids in the second choice */
  GtkDropDown *what;                /* the second choice; owned by the tree */
  GtkBox *list;                     /* unowned; what can be scanned and read */
  const TillReaderPaneDeeds *deeds; /* unowned, a constant */
  gpointer user;                    /* unowned */
};

G_DEFINE_FINAL_TYPE (TillReaderPane, till_reader_pane, GTK_TYPE_BOX)

typedef struct
{
  guint id, group;
  char *words; /* owned */
} Fault;

static void
fault_clear (gpointer data)
{
  g_free (((Fault *)data)->words);
}

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
on_terminal (GtkButton *button, TillReaderPane *self)
{
  self->deeds->terminal (self->user);
}

static void
on_what (GtkDropDown *choice, GParamSpec *pspec, TillReaderPane *self)
{
  guint chosen = gtk_drop_down_get_selected (choice);
  if (chosen < self->offered->len)
    self->deeds->fault (self->user, g_array_index (self->offered, guint, chosen));
}

/* The faults of another group are on offer; the first of them is chosen. */
static void
on_group (GtkDropDown *choice, GParamSpec *pspec, TillReaderPane *self)
{
  guint group = gtk_drop_down_get_selected (choice);
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  g_array_set_size (self->offered, 0);
  for (guint i = 0; i < self->faults->len; i++)
    {
      const Fault *fault = &g_array_index (self->faults, Fault, i);
      if (group == 0 || fault->group != group - 1)
        continue;
      gtk_string_list_append (words, fault->words);
      g_array_append_val (self->offered, fault->id);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->what), self->offered->len > 0);
  g_signal_handlers_block_by_func (self->what, on_what, self);
  gtk_drop_down_set_model (self->what, G_LIST_MODEL (words));
  g_signal_handlers_unblock_by_func (self->what, on_what, self);
  self->deeds->fault (self->user,
                      self->offered->len > 0 ? g_array_index (self->offered, guint, 0) : 0);
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
  g_array_unref (self->faults);
  g_array_unref (self->offered);
  g_ptr_array_unref (self->groups);
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
  self->faults = g_array_new (FALSE, FALSE, sizeof (Fault));
  g_array_set_clear_func (self->faults, fault_clear);
  self->offered = g_array_new (FALSE, FALSE, sizeof (guint));
  self->groups = g_ptr_array_new_with_free_func (g_free);
}

/* A sentence is longer than the pane is wide: cut short where it is chosen, whole where it is
 * chosen from. */
static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer wraps)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (wraps)
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_width_chars (GTK_LABEL (label), 24);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
    }
  else
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
    }
  gtk_list_item_set_child (item, label);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer wraps)
{
  GtkStringObject *words = gtk_list_item_get_item (item);
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (words));
}

static GtkListItemFactory *
make_factory (gboolean wraps)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), GINT_TO_POINTER (wraps));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), GINT_TO_POINTER (wraps));
  return factory;
}

static GtkDropDown *
add_choice (TillReaderPane *self, const char *name)
{
  GtkWidget *choice = gtk_drop_down_new (NULL, NULL);
  g_autoptr (GtkListItemFactory) shown = make_factory (FALSE);
  g_autoptr (GtkListItemFactory) listed = make_factory (TRUE);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (choice), shown);
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (choice), listed);
  gtk_widget_set_size_request (choice, -1, 44);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (choice), "till-access-name", g_strdup (name), g_free);
  gtk_box_append (GTK_BOX (self), choice);
  return GTK_DROP_DOWN (choice);
}

static guint
group_of (TillReaderPane *self, const char *name)
{
  guint at;
  if (!g_ptr_array_find_with_equal_func (self->groups, name, g_str_equal, &at))
    {
      at = self->groups->len;
      g_ptr_array_add (self->groups, g_strdup (name));
    }
  return at;
}

static void
add_faults (TillReaderPane *self, const TillSampleFault *faults, guint n)
{
  g_autoptr (GtkStringList) groups = gtk_string_list_new (NULL);
  gtk_string_list_append (groups, _ ("Provider: works"));
  for (guint i = 0; i < n; i++)
    {
      Fault fault = { faults[i].id, group_of (self, faults[i].group), g_strdup (faults[i].words) };
      g_array_append_val (self->faults, fault);
    }
  for (guint i = 0; i < self->groups->len; i++)
    gtk_string_list_append (groups, g_ptr_array_index (self->groups, i));
  GtkDropDown *group = add_choice (self, _ ("Where the provider goes wrong"));
  self->what = add_choice (self, _ ("What the provider does"));
  gtk_widget_set_visible (GTK_WIDGET (self->what), FALSE);
  gtk_drop_down_set_model (group, G_LIST_MODEL (groups));
  g_signal_connect (group, "notify::selected", G_CALLBACK (on_group), self);
  g_signal_connect (self->what, "notify::selected", G_CALLBACK (on_what), self);
}

GtkWidget *
till_reader_pane_new (const char *socket_path, const TillSampleCode *codes, guint n,
                      const TillSampleFault *faults, guint n_faults,
                      const TillReaderPaneDeeds *deeds, gpointer user)
{
  TillReaderPane *self = g_object_new (TILL_TYPE_READER_PANE, NULL);
  self->socket_path = g_strdup (socket_path);
  self->deeds = deeds;
  self->user = user;

  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->list = GTK_BOX (list);
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
  add_button (self, list, _ ("Pay at the card terminal"), G_CALLBACK (on_terminal));

  GtkWidget *scroll = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), list);
  gtk_widget_set_size_request (scroll, -1, 264);
  gtk_box_append (GTK_BOX (self), scroll);
  add_faults (self, faults, n_faults);
  /* Plugged in from the start, as they would be. */
  plug (self, &self->reader, "reader-virtual", "Virtual card reader");
  plug (self, &self->scanner, "scanner-virtual", "Virtual scanner");
  gtk_widget_add_css_class (
      add_button (self, GTK_WIDGET (self), _ ("Cut the power"), G_CALLBACK (on_power)),
      "destructive-action");
  return GTK_WIDGET (self);
}

void
till_reader_pane_add (TillReaderPane *self, const char *title, GtkWidget *widget)
{
  add_title (GTK_WIDGET (self->list), title);
  gtk_box_append (self->list, widget);
}

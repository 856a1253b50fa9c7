/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/sheet.h"
#include "widgets/access.h"
#include "widgets/part.h"

#include <glib/gi18n-lib.h>

/* Rows that Page Up and Page Down move. */
#define PAGE 8

struct _TillSheetRow
{
  GObject parent;
  int64_t id;
  guint n;
  char *cells[TILL_SHEET_COLUMNS_MAX]; /* owned */
  TillFace face;
  const char *style; /* unowned, a constant */
};

G_DEFINE_FINAL_TYPE (TillSheetRow, till_sheet_row, G_TYPE_OBJECT)

static void
till_sheet_row_finalize (GObject *object)
{
  TillSheetRow *self = TILL_SHEET_ROW (object);
  for (guint i = 0; i < self->n; i++)
    g_free (self->cells[i]);
  G_OBJECT_CLASS (till_sheet_row_parent_class)->finalize (object);
}

static void
till_sheet_row_class_init (TillSheetRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_sheet_row_finalize;
}

static void
till_sheet_row_init (TillSheetRow *self)
{
}

TillSheetRow *
till_sheet_row_new (int64_t id, guint n, const char *const *cells)
{
  g_assert (n <= TILL_SHEET_COLUMNS_MAX);
  TillSheetRow *self = g_object_new (TILL_TYPE_SHEET_ROW, NULL);
  self->id = id;
  self->n = n;
  for (guint i = 0; i < n; i++)
    self->cells[i] = g_strdup (cells[i]);
  return self;
}

void
till_sheet_row_set_face (TillSheetRow *self, TillFace face)
{
  self->face = face;
}

void
till_sheet_row_set_style (TillSheetRow *self, const char *style)
{
  self->style = style;
}

/* --- the table --- */

struct _TillSheet
{
  GtkBox parent;
  GtkBox *head;                  /* unowned; a child */
  GtkListView *view;             /* unowned; a descendant */
  GListStore *store;             /* owned */
  GtkSingleSelection *selection; /* owned */
  const TillColumn *columns;     /* unowned, a constant */
  guint n;
  gboolean filling; /* while the rows are being replaced nobody has moved */
};

G_DEFINE_FINAL_TYPE (TillSheet, till_sheet, GTK_TYPE_BOX)

enum
{
  MOVED,
  OPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static GtkWidget *
cell_new (const TillColumn *column)
{
  if (column->kind == TILL_CELL_FACE)
    {
      GtkWidget *pill = till_state_pill_new ();
      gtk_widget_set_halign (pill, GTK_ALIGN_START);
      GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_box_append (GTK_BOX (frame), pill);
      return frame;
    }
  GtkWidget *label = gtk_label_new (NULL);
  gboolean figure = column->kind == TILL_CELL_FIGURE;
  gtk_label_set_xalign (GTK_LABEL (label), figure ? 1.0f : 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), column->kind == TILL_CELL_NUMBER
                                                  ? PANGO_ELLIPSIZE_START
                                                  : PANGO_ELLIPSIZE_END);
  if (figure)
    gtk_widget_add_css_class (label, "figure");
  if (column->chars == 0)
    gtk_widget_set_hexpand (label, TRUE);
  else if (!figure) /* a long word is cut, not its row moved; a figure is never cut */
    gtk_label_set_max_width_chars (GTK_LABEL (label), column->chars);
  return label;
}

/* One size group a column would tie every row to every other; a fixed width in characters of the
 * current font does the same without asking anybody. */
static int
width_of (GtkWidget *widget, int chars)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics
      = pango_context_get_metrics (context, NULL, pango_context_get_language (context));
  int digit = pango_font_metrics_get_approximate_digit_width (metrics);
  pango_font_metrics_unref (metrics);
  return (chars * digit + PANGO_SCALE - 1) / PANGO_SCALE;
}

static GtkWidget *
row_widget_new (TillSheet *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_widget_add_css_class (box, "table-row");
  for (guint i = 0; i < self->n; i++)
    {
      GtkWidget *cell = cell_new (&self->columns[i]);
      if (self->columns[i].chars > 0)
        gtk_widget_set_size_request (cell, width_of (GTK_WIDGET (self), self->columns[i].chars),
                                     -1);
      gtk_box_append (GTK_BOX (box), cell);
    }
  return box;
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, TillSheet *self)
{
  gtk_list_item_set_child (item, row_widget_new (self));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, TillSheet *self)
{
  TillSheetRow *row = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  g_autoptr (GString) spoken = g_string_new (NULL);
  GtkWidget *cell = gtk_widget_get_first_child (box);
  for (guint i = 0; i < self->n && cell; i++, cell = gtk_widget_get_next_sibling (cell))
    {
      const char *text = i < row->n ? row->cells[i] : "";
      if (self->columns[i].kind == TILL_CELL_FACE)
        till_state_pill_set (TILL_STATE_PILL (gtk_widget_get_first_child (cell)), row->face);
      else
        gtk_label_set_text (GTK_LABEL (cell), text);
      const char *word = self->columns[i].kind == TILL_CELL_FACE ? row->face.word : text;
      if (word && *word)
        g_string_append_printf (spoken, "%s%s", spoken->len ? ", " : "", word);
    }
  till_access_name (box, spoken->str);

  const char *classes[] = { "table-row", row->style, NULL };
  gtk_widget_set_css_classes (box, classes);
}

static void
on_selected (GtkSingleSelection *selection, GParamSpec *pspec, TillSheet *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[MOVED], 0);
}

static void
on_activated (GtkListView *view, guint position, TillSheet *self)
{
  g_signal_emit (self, signals[OPENED], 0);
}

static void
till_sheet_dispose (GObject *object)
{
  TillSheet *self = TILL_SHEET (object);
  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (till_sheet_parent_class)->dispose (object);
}

/* Only now the font is known, and with it how wide a column is. */
static void
till_sheet_realize (GtkWidget *widget)
{
  TillSheet *self = TILL_SHEET (widget);
  GTK_WIDGET_CLASS (till_sheet_parent_class)->realize (widget);
  GtkWidget *title = gtk_widget_get_first_child (GTK_WIDGET (self->head));
  for (guint i = 0; i < self->n && title; i++, title = gtk_widget_get_next_sibling (title))
    if (self->columns[i].chars > 0)
      gtk_widget_set_size_request (title, width_of (widget, self->columns[i].chars), -1);
}

static void
till_sheet_class_init (TillSheetClass *class)
{
  G_OBJECT_CLASS (class)->dispose = till_sheet_dispose;
  GTK_WIDGET_CLASS (class)->realize = till_sheet_realize;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "sheet");
  signals[MOVED] = till_part_signal (class, "moved");
  signals[OPENED] = till_part_signal (class, "opened");
}

static void
till_sheet_init (TillSheet *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->head = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16));
  gtk_widget_add_css_class (GTK_WIDGET (self->head), "table-head");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->head));

  self->store = g_list_store_new (TILL_TYPE_SHEET_ROW);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->store)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect (self->selection, "notify::selected", G_CALLBACK (on_selected), self);
}

void
till_sheet_set_up (TillSheet *self, const char *name, const TillColumn *columns, guint n)
{
  g_assert (!self->view && n <= TILL_SHEET_COLUMNS_MAX);
  self->columns = columns;
  self->n = n;
  for (guint i = 0; i < n; i++)
    {
      TillColumn plain = columns[i];
      plain.kind = plain.kind == TILL_CELL_FIGURE ? TILL_CELL_FIGURE : TILL_CELL_TEXT;
      GtkWidget *title = cell_new (&plain);
      gtk_label_set_text (GTK_LABEL (title), *plain.title ? _ (plain.title) : "");
      gtk_box_append (self->head, title);
    }

  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  self->view = GTK_LIST_VIEW (
      gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory));
  gtk_list_view_set_single_click_activate (self->view, FALSE);
  till_access_name (GTK_WIDGET (self->view), name);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activated), self);

  GtkWidget *scroll = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_box_append (GTK_BOX (self), scroll);
}

static gboolean
is_same_row (const TillSheetRow *a, const TillSheetRow *b)
{
  gboolean same = a->id == b->id && a->n == b->n && g_strcmp0 (a->style, b->style) == 0
                  && g_strcmp0 (a->face.icon, b->face.icon) == 0
                  && g_strcmp0 (a->face.word, b->face.word) == 0
                  && g_strcmp0 (a->face.style, b->face.style) == 0;
  for (guint i = 0; same && i < a->n; i++)
    same = g_str_equal (a->cells[i], b->cells[i]);
  return same;
}

/* Whether the row that stands at `at` is the one that rows has at `index`. */
static gboolean
stands (TillSheet *self, guint at, const GPtrArray *rows, guint index)
{
  g_autoptr (TillSheetRow) row = g_list_model_get_item (G_LIST_MODEL (self->store), at);
  return is_same_row (row, g_ptr_array_index (rows, index));
}

/* Rows that say the same stay: GTK makes and lays out every row anew that is replaced, a basket of
 * sixty at each scan. The rest goes in one splice; row by row is quadratic in a list that is shown.
 */
static void
replace_what_differs (TillSheet *self, GPtrArray *rows)
{
  guint before = till_sheet_n_rows (self), common = MIN (before, rows->len), head = 0, tail = 0;
  while (head < common && stands (self, head, rows, head))
    head++;
  while (tail < common - head && stands (self, before - 1 - tail, rows, rows->len - 1 - tail))
    tail++;
  if (head + tail < before || head + tail < rows->len)
    g_list_store_splice (self->store, head, before - head - tail, rows->pdata + head,
                         rows->len - head - tail);
}

void
till_sheet_fill (TillSheet *self, GPtrArray *rows)
{
  int chosen = till_sheet_chosen (self);
  self->filling = TRUE;
  replace_what_differs (self, rows);
  int wanted = MIN (chosen, (int)rows->len - 1);
  if (wanted != till_sheet_chosen (self))
    till_sheet_choose (self, wanted);
  self->filling = FALSE;
}

guint
till_sheet_n_rows (TillSheet *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->store));
}

int
till_sheet_chosen (TillSheet *self)
{
  guint at = gtk_single_selection_get_selected (self->selection);
  return at == GTK_INVALID_LIST_POSITION ? -1 : (int)at;
}

int64_t
till_sheet_chosen_id (TillSheet *self)
{
  TillSheetRow *row = gtk_single_selection_get_selected_item (self->selection);
  return row ? row->id : 0;
}

void
till_sheet_choose (TillSheet *self, int index)
{
  gtk_single_selection_set_selected (self->selection,
                                     index < 0 ? GTK_INVALID_LIST_POSITION : (guint)index);
  if (index >= 0 && self->view)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", (guint)index);
}

gboolean
till_sheet_key (TillSheet *self, guint keyval)
{
  int n = (int)till_sheet_n_rows (self);
  int at = till_sheet_chosen (self);
  switch (keyval)
    {
    case GDK_KEY_Up:
      at = at - 1;
      break;
    case GDK_KEY_Down:
      at = at + 1;
      break;
    case GDK_KEY_Page_Up:
      at -= PAGE;
      break;
    case GDK_KEY_Page_Down:
      at += PAGE;
      break;
    case GDK_KEY_Home:
      at = 0;
      break;
    case GDK_KEY_End:
      at = n - 1;
      break;
    default:
      return FALSE;
    }
  if (n > 0)
    till_sheet_choose (self, CLAMP (at, 0, n - 1));
  return TRUE;
}

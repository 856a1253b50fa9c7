/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/display-pane.h"
#include "devices/usb/display-cells.h"
#include "devices/usb/display.h"
#include "devices/usb/virtual-plug.h"
#include "widgets/access.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#define CELL_WIDTH 13
#define CELL_HEIGHT 30
#define MARGIN 8

struct _TillDisplayPane
{
  GtkBox parent;
  char *socket_path;     /* owned */
  TillVirtualPlug *plug; /* owned; NULL while it is dark */
  guint source;          /* 0 while it is dark */
  TillDisplayCells cells;
  GtkDrawingArea *glass; /* unowned; a child */
};

G_DEFINE_FINAL_TYPE (TillDisplayPane, till_display_pane, GTK_TYPE_BOX)

static const struct
{
  const TillDriver *driver;
  const char *words;
} languages[] = {
  { &till_customer_display, N_ ("Speaks CD5220") },
  { &till_escpos_display_gb18030, N_ ("Speaks ESC/POS, with Chinese") },
  { &till_escpos_display, N_ ("Speaks ESC/POS, without Chinese") },
};

static void
draw_cell (cairo_t *cr, PangoLayout *layout, gunichar c, double x, double y, int columns)
{
  char text[7] = { 0 };
  int width, height;
  g_unichar_to_utf8 (c, text);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, x + (columns * CELL_WIDTH - width) / 2.0, y + (CELL_HEIGHT - height) / 2.0);
  pango_cairo_show_layout (cr, layout);
}

/* As bright on dark as such glass is, in the window's both looks. */
static void
on_draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user)
{
  TillDisplayPane *self = user;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (area), NULL);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Monospace");
  pango_font_description_set_absolute_size (font, 20 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  cairo_set_source_rgb (cr, 0.05, 0.09, 0.10);
  cairo_paint (cr);
  cairo_translate (cr, (width - TILL_DISPLAY_COLUMNS * CELL_WIDTH) / 2.0, MARGIN);
  for (guint line = 0; line < TILL_DISPLAY_LINES; line++)
    for (guint column = 0; column < TILL_DISPLAY_COLUMNS; column++)
      {
        gboolean is_wide;
        gunichar c = till_display_cells_at (&self->cells, line, column, &is_wide);
        if (!c)
          continue;
        int columns = is_wide ? 2 : 1;
        double x = column * CELL_WIDTH, y = line * CELL_HEIGHT;
        cairo_set_source_rgb (cr, 0.10, 0.16, 0.17);
        cairo_rectangle (cr, x + 0.5, y + 1, columns * CELL_WIDTH - 1, CELL_HEIGHT - 2);
        cairo_fill (cr);
        cairo_set_source_rgb (cr, 0.45, 0.96, 0.84);
        draw_cell (cr, layout, c, x, y, columns);
      }
}

static void
show (TillDisplayPane *self)
{
  g_autofree char *upper = till_display_cells_line (&self->cells, 0);
  g_autofree char *lower = till_display_cells_line (&self->cells, 1);
  g_autofree char *both = g_strdup_printf ("%s\n%s", g_strchomp (upper), g_strchomp (lower));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->glass), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  both, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self->glass));
}

void
till_display_pane_feed (TillDisplayPane *self, const guint8 *bytes, gsize size)
{
  till_display_cells_feed (&self->cells, bytes, size);
  show (self);
}

const TillDisplayCells *
till_display_pane_cells (TillDisplayPane *self)
{
  return &self->cells;
}

static void
pull_out (TillDisplayPane *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->plug, till_virtual_plug_free);
}

/* One reading a call, so that a till which shows faster than people read leaves time to draw. */
static gboolean
on_shown (int fd, GIOCondition condition, gpointer user)
{
  TillDisplayPane *self = user;
  guint8 bytes[4 * TILL_DISPLAY_BYTES_MAX];
  g_autoptr (GError) error = NULL;
  gssize got = till_virtual_plug_hear (self->plug, bytes, sizeof bytes, &error);
  if (got > 0)
    till_display_pane_feed (self, bytes, (gsize)got);
  if (got >= 0)
    return G_SOURCE_CONTINUE;
  g_message ("the virtual display: %s", error->message);
  self->source = 0;
  pull_out (self);
  return G_SOURCE_REMOVE;
}

static void
plug_in (TillDisplayPane *self, const TillDriver *driver)
{
  g_autoptr (GError) error = NULL;
  pull_out (self);
  till_display_cells_start (&self->cells, driver);
  show (self);
  if (!self->socket_path)
    return;
  self->plug
      = till_virtual_plug_new (self->socket_path, driver->name, "Virtual customer display", &error);
  if (!self->plug)
    {
      g_warning ("the virtual display: %s", error->message);
      return;
    }
  self->source = g_unix_fd_add (till_virtual_plug_fd (self->plug), G_IO_IN | G_IO_HUP | G_IO_ERR,
                                on_shown, self);
}

static void
on_language (GtkDropDown *choice, GParamSpec *pspec, TillDisplayPane *self)
{
  guint chosen = gtk_drop_down_get_selected (choice);
  if (chosen < G_N_ELEMENTS (languages))
    plug_in (self, languages[chosen].driver);
}

static void
till_display_pane_finalize (GObject *object)
{
  TillDisplayPane *self = TILL_DISPLAY_PANE (object);
  pull_out (self);
  g_free (self->socket_path);
  G_OBJECT_CLASS (till_display_pane_parent_class)->finalize (object);
}

static void
till_display_pane_class_init (TillDisplayPaneClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_display_pane_finalize;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "display");
}

static void
till_display_pane_init (TillDisplayPane *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->glass = GTK_DRAWING_AREA (gtk_drawing_area_new ());
  gtk_drawing_area_set_content_width (self->glass, TILL_DISPLAY_COLUMNS * CELL_WIDTH + 2 * MARGIN);
  gtk_drawing_area_set_content_height (self->glass, TILL_DISPLAY_LINES * CELL_HEIGHT + 2 * MARGIN);
  gtk_drawing_area_set_draw_func (self->glass, on_draw, self, NULL);
  till_access_name (GTK_WIDGET (self->glass), _ ("Customer display"));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->glass));
}

GtkWidget *
till_display_pane_new (const char *socket_path)
{
  TillDisplayPane *self = g_object_new (TILL_TYPE_DISPLAY_PANE, NULL);
  self->socket_path = g_strdup (socket_path);
  plug_in (self, languages[0].driver);
  return GTK_WIDGET (self);
}

GtkWidget *
till_display_pane_choice (TillDisplayPane *self)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    gtk_string_list_append (words, _ (languages[i].words));
  GtkWidget *choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  gtk_widget_set_size_request (choice, -1, 44);
  till_access_name (choice, _ ("What the display speaks"));
  till_access_name (gtk_widget_get_first_child (choice), _ ("What the display speaks"));
  g_signal_connect_object (choice, "notify::selected", G_CALLBACK (on_language), self, 0);
  return choice;
}

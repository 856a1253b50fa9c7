/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/paper-pane.h"
#include "widgets/access.h"
#include "devices/print/picture.h"
#include "devices/print/rollfile.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Of the roll that is read and drawn: the latest slips. */
#define TAIL_BYTES (64 * 1024)
#define PAPERS_MAX 6
#define MARGIN 14

struct _TillPaperPane
{
  GtkBox parent;
  TillCounter *counter;      /* unowned */
  char *roll_dir;            /* owned */
  TillRoll *roll;            /* owned; or NULL */
  GtkDrawingArea *area;      /* unowned; a descendant */
  GtkScrolledWindow *scroll; /* unowned; a child */
  GtkToggleButton *out;      /* unowned; a child */
};

G_DEFINE_FINAL_TYPE (TillPaperPane, till_paper_pane, GTK_TYPE_BOX)

typedef struct
{
  char *dir;      /* owned */
  TillRoll *roll; /* owned */
} Read;

static void
read_free (gpointer data)
{
  Read *ask = data;
  g_free (ask->dir);
  g_clear_pointer (&ask->roll, till_roll_free);
  g_free (ask);
}

static gpointer
read_roll (gpointer ledger, gpointer data, GError **error)
{
  Read *ask = data;
  g_autoptr (GBytes) bytes = till_roll_file_tail (ask->dir, TAIL_BYTES, error);
  if (!bytes)
    return NULL;
  ask->roll = till_roll_read (bytes, &till_paper_80);
  return ask;
}

static guint
first_shown (const TillRoll *roll)
{
  return roll->papers->len > PAPERS_MAX ? roll->papers->len - PAPERS_MAX : 0;
}

/* The latest slip lies on top, so that nobody has to scroll for it. */
static void
on_draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user)
{
  TillPaperPane *self = user;
  if (!self->roll)
    return;
  double scale = (double)(width - 2 * MARGIN) / (self->roll->paper->dots + 40);
  cairo_translate (cr, MARGIN, MARGIN);
  cairo_scale (cr, scale, scale);
  for (guint i = self->roll->papers->len; i > first_shown (self->roll); i--)
    {
      int length = till_roll_paper_height (self->roll, i - 1);
      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_rectangle (cr, 0, 0, self->roll->paper->dots + 40, length + 40);
      cairo_fill (cr);
      cairo_save (cr);
      cairo_translate (cr, 20, 20);
      cairo_set_source_rgb (cr, 0, 0, 0);
      till_roll_draw (self->roll, i - 1, cr);
      cairo_restore (cr);
      cairo_translate (cr, 0, length + 40 + MARGIN / scale);
    }
}

static int
height_for (TillPaperPane *self, int width)
{
  double scale = (double)(width - 2 * MARGIN) / (self->roll->paper->dots + 40);
  double dots = 0;
  for (guint i = first_shown (self->roll); i < self->roll->papers->len; i++)
    dots += till_roll_paper_height (self->roll, i) + 40 + MARGIN / scale;
  return (int)(dots * scale) + 2 * MARGIN;
}

static void
on_read (gpointer page, gpointer data, const GError *error)
{
  TillPaperPane *self = page;
  Read *ask = data;
  if (error || !ask->roll)
    return;
  g_clear_pointer (&self->roll, till_roll_free);
  self->roll = g_steal_pointer (&ask->roll);
  int width = gtk_widget_get_width (GTK_WIDGET (self->area));
  gtk_drawing_area_set_content_height (self->area, height_for (self, MAX (width, 200)));
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
}

void
till_paper_pane_refresh (TillPaperPane *self)
{
  Read *ask = g_new0 (Read, 1);
  ask->dir = g_strdup (self->roll_dir);
  till_counter_ask (self->counter, GTK_WIDGET (self), read_roll, ask, read_free, on_read);
}

static void
on_out_of_paper (GtkToggleButton *button, TillPaperPane *self)
{
  g_autofree char *file = g_build_filename (self->roll_dir, "out-of-paper", NULL);
  gboolean out = gtk_toggle_button_get_active (button);
  g_autoptr (GError) error = NULL;
  if (!out && g_unlink (file) != 0)
    g_warning ("the paper cannot be put back: %s", file);
  if (out && !g_file_set_contents (file, "", 0, &error))
    g_warning ("the paper cannot be taken away: %s", error->message);
  till_counter_say (
      self->counter, TILL_TONE_PLAIN,
      out ? _ ("Out of paper. Slips wait and print by themselves after you load paper. You "
               "can go on selling.")
          : _ ("Paper is in. What waited prints by itself."));
}

static void
till_paper_pane_finalize (GObject *object)
{
  TillPaperPane *self = TILL_PAPER_PANE (object);
  g_free (self->roll_dir);
  g_clear_pointer (&self->roll, till_roll_free);
  G_OBJECT_CLASS (till_paper_pane_parent_class)->finalize (object);
}

static void
till_paper_pane_class_init (TillPaperPaneClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_paper_pane_finalize;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "paper");
}

static void
till_paper_pane_init (TillPaperPane *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  GtkWidget *button = gtk_toggle_button_new_with_label (_ ("Out of paper"));
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "choice");
  self->out = GTK_TOGGLE_BUTTON (button);

  self->area = GTK_DRAWING_AREA (gtk_drawing_area_new ());
  till_access_name (GTK_WIDGET (self->area), _ ("Paper roll"));
  gtk_drawing_area_set_draw_func (self->area, on_draw, self, NULL);
  self->scroll = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scroll, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->scroll, GTK_WIDGET (self->area));
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroll), TRUE);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->scroll));
  gtk_box_append (GTK_BOX (self), button);
}

GtkWidget *
till_paper_pane_new (TillCounter *counter, const char *roll_dir)
{
  TillPaperPane *self = g_object_new (TILL_TYPE_PAPER_PANE, NULL);
  self->counter = counter;
  self->roll_dir = g_strdup (roll_dir);
  /* The paper may have been away before this pane was there. */
  g_autofree char *file = g_build_filename (roll_dir, "out-of-paper", NULL);
  gtk_toggle_button_set_active (self->out, g_file_test (file, G_FILE_TEST_EXISTS));
  g_signal_connect (self->out, "toggled", G_CALLBACK (on_out_of_paper), self);
  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/chart.h"
#include "widgets/access.h"

/* More bars than this say nothing any more. */
#define BARS_MAX 62
#define ROW 30
#define GAP 8

struct _TillChart
{
  GtkDrawingArea parent;
  GArray *bars; /* owned; of TillBar */
  gboolean upright;
};

G_DEFINE_FINAL_TYPE (TillChart, till_chart, GTK_TYPE_DRAWING_AREA)

typedef struct
{
  cairo_t *cr;         /* unowned */
  PangoLayout *layout; /* owned */
  GdkRGBA ink, bar;
  double width, height;
  TillMoney most;
} Canvas;

static void
text_at (Canvas *canvas, const char *text, double x, double y, double room, PangoAlignment align)
{
  pango_layout_set_text (canvas->layout, text, -1);
  pango_layout_set_width (canvas->layout, (int)(room * PANGO_SCALE));
  pango_layout_set_ellipsize (canvas->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (canvas->layout, align);
  gdk_cairo_set_source_rgba (canvas->cr, &canvas->ink);
  cairo_move_to (canvas->cr, x, y);
  pango_cairo_show_layout (canvas->cr, canvas->layout);
}

static void
block (Canvas *canvas, double x, double y, double width, double height)
{
  gdk_cairo_set_source_rgba (canvas->cr, &canvas->bar);
  cairo_rectangle (canvas->cr, x, y, MAX (width, 1), MAX (height, 1));
  cairo_fill (canvas->cr);
}

static double
part (const Canvas *canvas, TillMoney amount)
{
  return canvas->most > 0 ? (double)amount / (double)canvas->most : 0;
}

static void
draw_across (TillChart *self, Canvas *canvas)
{
  double label = MIN (canvas->width * 0.34, 190);
  double figure = 110;
  double room = canvas->width - label - figure - 2 * GAP;
  for (guint i = 0; i < self->bars->len; i++)
    {
      const TillBar *bar = &g_array_index (self->bars, TillBar, i);
      double y = i * ROW;
      if (y + ROW > canvas->height)
        break;
      double length = room * part (canvas, bar->amount);
      g_autofree char *amount = till_money_format_screen (bar->amount);
      text_at (canvas, bar->label, 0, y + 4, label, PANGO_ALIGN_LEFT);
      block (canvas, label + GAP, y + 5, length, ROW - 12);
      text_at (canvas, amount, label + GAP + length + GAP, y + 4, figure, PANGO_ALIGN_LEFT);
    }
}

static void
draw_upright (TillChart *self, Canvas *canvas)
{
  if (self->bars->len == 0)
    return;
  double foot = 24, head = 26;
  double step = canvas->width / self->bars->len;
  double room = canvas->height - foot - head;
  guint every = (guint)MAX (1.0, 54 / step + 0.999);
  for (guint i = 0; i < self->bars->len; i++)
    {
      const TillBar *bar = &g_array_index (self->bars, TillBar, i);
      double height = room * part (canvas, bar->amount);
      block (canvas, i * step + step * 0.15, head + room - height, step * 0.7, height);
      if (i % every == 0)
        text_at (canvas, bar->label, i * step, canvas->height - foot + 2, MAX (step, 54),
                 PANGO_ALIGN_LEFT);
      if (bar->amount == canvas->most)
        {
          g_autofree char *amount = till_money_format_screen (bar->amount);
          double x = CLAMP (i * step + step / 2 - 60, 0, MAX (0, canvas->width - 120));
          text_at (canvas, amount, x, 2, 120, PANGO_ALIGN_CENTER);
        }
    }
}

static void
on_draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user)
{
  TillChart *self = TILL_CHART (area);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  Canvas canvas = { .cr = cr, .layout = layout, .width = width, .height = height };
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  gtk_style_context_get_color (style, &canvas.ink);
  if (!gtk_style_context_lookup_color (style, "money_out", &canvas.bar))
    canvas.bar = canvas.ink;
  for (guint i = 0; i < self->bars->len; i++)
    canvas.most = MAX (canvas.most, g_array_index (self->bars, TillBar, i).amount);
  if (self->upright)
    draw_upright (self, &canvas);
  else
    draw_across (self, &canvas);
}

static void
bar_clear (gpointer bar)
{
  g_free (((TillBar *)bar)->label);
}

static void
till_chart_finalize (GObject *object)
{
  g_array_unref (TILL_CHART (object)->bars);
  G_OBJECT_CLASS (till_chart_parent_class)->finalize (object);
}

static void
till_chart_class_init (TillChartClass *class)
{
  G_OBJECT_CLASS (class)->finalize = till_chart_finalize;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "chart");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
till_chart_init (TillChart *self)
{
  self->bars = g_array_new (FALSE, TRUE, sizeof (TillBar));
  g_array_set_clear_func (self->bars, bar_clear);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self), on_draw, NULL, NULL);
}

void
till_chart_show (TillChart *self, const GArray *bars, gboolean upright, const char *summary)
{
  g_array_set_size (self->bars, 0);
  for (guint i = 0; i < MIN (bars->len, BARS_MAX); i++)
    {
      TillBar bar = g_array_index (bars, TillBar, i);
      bar.label = g_strdup (bar.label);
      g_array_append_val (self->bars, bar);
    }
  self->upright = upright;
  till_access_name (GTK_WIDGET (self), summary);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

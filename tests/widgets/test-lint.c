/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every screen, both languages: can it be heard, hit with a finger, read without cutting, and does
 * it fit? Walks the widgets that are shown and tells all faults of a screen at once. */
#include "app/plays.h"
#include "data/core/secret.h"
#include "widgets/language.h"

#include <string.h>

#define TARGET 44

typedef struct
{
  const char *screen, *language;
  int percent; /* of the text */
} Look;

static gboolean
is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_ENTRY (widget) || GTK_IS_DROP_DOWN (widget);
}

static gboolean
needs_name (GtkWidget *widget)
{
  return is_control (widget) || GTK_IS_LIST_VIEW (widget) || GTK_IS_DRAWING_AREA (widget);
}

static const char *
name_of (GtkWidget *widget)
{
  const char *name = g_object_get_data (G_OBJECT (widget), "till-access-name");
  if (!name && GTK_IS_BUTTON (widget))
    name = gtk_button_get_label (GTK_BUTTON (widget));
  return name ? name : "";
}

static void
fault (GString *faults, const Look *look, GtkWidget *widget, const char *what)
{
  g_string_append_printf (faults, "%s %s %d %%: %s “%s” %s\n", look->screen, look->language,
                          look->percent, G_OBJECT_TYPE_NAME (widget), name_of (widget), what);
}

static void
look_at_name (GString *faults, const Look *look, GtkWidget *widget)
{
  const char *name = name_of (widget);
  if (!*name || g_str_has_prefix (name, "Gtk") || g_str_has_prefix (name, "Adw")
      || strchr (name, '_'))
    fault (faults, look, widget, "has no name that can be spoken");
}

static void
look_at_size (GString *faults, const Look *look, GtkWidget *widget)
{
  graphene_rect_t bounds;
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  if (!gtk_widget_compute_bounds (widget, root, &bounds))
    return;
  if (bounds.size.width < TARGET || bounds.size.height < TARGET)
    {
      g_autofree char *what = g_strdup_printf ("is too small for a finger: %d × %d",
                                               (int)bounds.size.width, (int)bounds.size.height);
      fault (faults, look, widget, what);
    }
  if (bounds.origin.x < 0
      || bounds.origin.x + bounds.size.width > (float)gtk_widget_get_width (root) + 1)
    fault (faults, look, widget, "reaches out of the window");
}

static void
look_at_label (GString *faults, const Look *look, GtkWidget *label)
{
  GtkWidget *button = gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON);
  if (button && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    fault (faults, look, button, "is cut");
}

static void
walk (GString *faults, const Look *look, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (needs_name (widget))
    look_at_name (faults, look, widget);
  if (is_control (widget))
    look_at_size (faults, look, widget);
  if (GTK_IS_LABEL (widget))
    look_at_label (faults, look, widget);
  if (GTK_IS_ENTRY (widget))
    return; /* what is inside an entry is GTK's */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    walk (faults, look, child);
}

/* Who needs the room: the widest of each generation. */
static void
tell_wide (GString *faults, GtkWidget *widget, int most, int depth)
{
  GtkWidget *widest = NULL;
  int width = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int needs = 0;
      if (gtk_widget_get_mapped (child))
        gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &needs, NULL, NULL, NULL);
      widest = needs > width ? child : widest;
      width = MAX (needs, width);
    }
  if (!widest)
    return;
  g_string_append_printf (faults, "%*s%s needs %d\n", depth, "", G_OBJECT_TYPE_NAME (widest),
                          width);
  tell_wide (faults, widest, most, depth + 1);
}

static void
look_at_fit (GString *faults, const Look *look, GtkWidget *window)
{
  int width, height;
  int most_width = look->percent > 100 ? 1280 : 1024, most_height = look->percent > 100 ? 800 : 768;
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, most_width, &height, NULL, NULL, NULL);
  if (width > most_width || height > most_height)
    {
      g_autofree char *what = g_strdup_printf ("needs %d × %d", width, height);
      fault (faults, look, window, what);
      tell_wide (faults, window, most_width, 0);
    }
}

static void
test_look (gconstpointer data)
{
  const Look *look = data;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_language_set (look->language, &error));
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * look->percent / 100, NULL);
  g_autoptr (TillStage) stage = till_stage_new (NULL, 2, &error);
  g_assert_no_error (error);
  g_assert_true (till_plays_run (stage, look->screen, &error));
  g_autoptr (GString) faults = g_string_new (NULL);
  walk (faults, look, GTK_WIDGET (till_stage_window (stage)));
  look_at_fit (faults, look, GTK_WIDGET (till_stage_window (stage)));
  if (faults->len)
    g_test_message ("%s", faults->str);
  if (faults->len)
    g_test_fail ();
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  till_language_set ("en", &error);
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  static const char *const languages[] = { "en", "zh_CN" };
  static const int percents[] = { 100, 150 };
  for (const char *const *screen = till_plays_screens (); *screen; screen++)
    for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
      for (gsize j = 0; j < G_N_ELEMENTS (percents); j++)
        {
          Look *look = g_new0 (Look, 1);
          *look = (Look){ *screen, languages[i], percents[j] };
          g_autofree char *path
              = g_strdup_printf ("/look/%s/%s/%d", *screen, languages[i], percents[j]);
          g_test_add_data_func_full (path, look, test_look, g_free);
        }
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden pictures: what each screen looks like, in both languages. A pixel may differ a little, a
 * few pixels may differ much; more is a change that somebody has to look at. After looking:
 *
 *   TILL_GOLDEN_UPDATE=1 meson test pictures     writes the pictures anew into the source tree
 *
 * Needs the fonts that the pictures were made with; without them the test says that it was skipped.
 * What was drawn instead stands in $TILL_BUILD_ROOT/pictures. */
#include "app/plays.h"
#include "app/screenshot.h"
#include "data/core/secret.h"
#include "widgets/language.h"

#include <glib/gstdio.h>
#include <string.h>

/* Of 255; and so many pixels of a million may differ by more. */
#define SMALL 24
#define MANY_PER_MILLION 400

typedef struct
{
  const char *screen, *language;
  gboolean dark;
  gboolean has_customer; /* a customer display stands beside it, as in the demo */
} Look;

static gboolean
has_family (PangoFontMap *map, const char *name)
{
  return pango_font_map_get_family (map, name) != NULL;
}

static gboolean
has_fonts (void)
{
  PangoFontMap *map = pango_cairo_font_map_get_default ();
  return has_family (map, "Cantarell") && has_family (map, "Noto Sans CJK SC");
}

static guint
count_differences (GdkTexture *golden, GdkTexture *now)
{
  gsize width = (gsize)gdk_texture_get_width (now), height = (gsize)gdk_texture_get_height (now);
  if (gdk_texture_get_width (golden) != (int)width
      || gdk_texture_get_height (golden) != (int)height)
    return G_MAXUINT;
  g_autofree guchar *a = g_malloc (width * height * 4);
  g_autofree guchar *b = g_malloc (width * height * 4);
  gdk_texture_download (golden, a, width * 4);
  gdk_texture_download (now, b, width * 4);
  guint different = 0;
  for (gsize i = 0; i < width * height * 4; i += 4)
    if (ABS (a[i] - b[i]) > SMALL || ABS (a[i + 1] - b[i + 1]) > SMALL
        || ABS (a[i + 2] - b[i + 2]) > SMALL)
      different++;
  return different;
}

static void
test_look (gconstpointer data)
{
  const Look *look = data;
  g_autoptr (GError) error = NULL;
  if (!has_fonts ())
    {
      g_test_skip ("the fonts Cantarell and Noto Sans CJK SC are not here");
      return;
    }
  g_assert_true (till_language_set (look->language, &error));
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      look->dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                 : ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_autoptr (TillStage) stage = till_stage_new (NULL, 8, &error);
  g_assert_no_error (error);
  g_assert_true (till_plays_run (stage, look->screen, &error));
  if (look->has_customer)
    till_stage_customer (stage);

  g_autofree char *name
      = g_strdup_printf ("%s%s-%s%s.png", look->screen, look->has_customer ? "-customer" : "",
                         look->language, look->dark ? "-dark" : "");
  g_autofree char *drawn_dir = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "pictures", NULL);
  g_autofree char *drawn = g_build_filename (drawn_dir, name, NULL);
  g_autofree char *golden
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "widgets", "golden", name, NULL);
  gboolean update = g_getenv ("TILL_GOLDEN_UPDATE") != NULL;
  g_mkdir_with_parents (drawn_dir, 0755);
  g_assert_true (
      till_picture_write (GTK_WINDOW (till_stage_window (stage)), update ? golden : drawn, &error));
  if (update)
    return;
  g_autoptr (GdkTexture) then = gdk_texture_new_from_filename (golden, &error);
  g_assert_no_error (error);
  g_autoptr (GdkTexture) now = gdk_texture_new_from_filename (drawn, &error);
  g_assert_no_error (error);
  guint different = count_differences (then, now);
  guint pixels = (guint)(gdk_texture_get_width (now) * gdk_texture_get_height (now));
  if (different > pixels / 1000 * MANY_PER_MILLION / 1000)
    {
      g_test_message ("%u of %u pixels differ: compare %s with %s", different, pixels, golden,
                      drawn);
      g_test_fail ();
    }
  else
    g_unlink (drawn);
}

static void
add_look (Look look)
{
  g_autofree char *path
      = g_strdup_printf ("/picture/%s%s/%s%s", look.screen, look.has_customer ? "-customer" : "",
                         look.language, look.dark ? "/dark" : "");
  g_test_add_data_func_full (path, g_memdup2 (&look, sizeof look), test_look, g_free);
}

static void
add (const char *screen, const char *language, gboolean dark)
{
  add_look ((Look){ screen, language, dark, FALSE });
}

int
main (int argc, char **argv)
{
  static const char *const screens[] = { "login",
                                         "sell",
                                         "pay",
                                         "pay-unknown",
                                         "return-lines",
                                         "return-why",
                                         "return-second",
                                         "return-done",
                                         "refunds",
                                         "reports",
                                         "providers",
                                         "providers-tested",
                                         "shift",
                                         "shift-count",
                                         "shift-second",
                                         "settings",
                                         "settings-routes",
                                         "devices-busy",
                                         "notices",
                                         "notices-settled",
                                         "slips",
                                         "printers",
                                         "printers-drawer",
                                         "register",
                                         "register-form",
                                         "register-failed",
                                         "network",
                                         "settlement",
                                         "settlement-rows",
                                         "pay-slip" };
  static const char *const languages[] = { "en", "zh_CN" };
  g_autoptr (GError) error = NULL;
  till_language_set ("en", &error);
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink",
                FALSE, "gtk-xft-dpi", 96 * 1024, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (languages); j++)
      add (screens[i], languages[j], FALSE);
  for (gsize j = 0; j < G_N_ELEMENTS (languages); j++)
    add_look ((Look){ "sell", languages[j], FALSE, TRUE });
  add ("shift-count", "en", TRUE);
  add ("notices-settle", "en", TRUE);
  add ("settings-routes", "zh_CN", TRUE);
  add ("settings-balance", "en", FALSE);
  add ("settings-balance", "zh_CN", FALSE);
  add ("settings-stopped", "en", FALSE);
  add ("settings-stopped", "zh_CN", FALSE);
  add ("return-stopped", "en", FALSE);
  add ("return-stopped", "zh_CN", FALSE);
  return g_test_run ();
}

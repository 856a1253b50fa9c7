/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quittance, the till: what is typed after its name, and which of the two ways it goes. */
#include "app/application.h"
#include "app/plays.h"
#include "app/screenshot.h"
#include "data/core/secret.h"
#include "widgets/language.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

typedef struct
{
  gboolean demo, dark, version, kiosk;
  char *shop, *language, *screenshot, *out;
  int scale;
} Options;

/* A picture of one screen of the invented shop. */
static int
take_picture (const Options *options)
{
  g_autoptr (GError) error = NULL;
  adw_init ();
  GtkSettings *settings = gtk_settings_get_default ();
  g_object_set (settings, "gtk-enable-animations", FALSE, "gtk-cursor-blink", FALSE, "gtk-xft-dpi",
                96 * 1024 * options->scale / 100, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      options->dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                    : ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_autoptr (TillStage) stage = till_stage_new (NULL, 30, &error);
  if (stage && till_plays_run (stage, options->screenshot, &error)
      && till_picture_write (GTK_WINDOW (till_stage_window (stage)), options->out, &error))
    return EXIT_SUCCESS;
  g_printerr ("quittance: %s\n", error->message);
  return EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  Options options = { .scale = 100 };
  const GOptionEntry entries[] = {
    { "shop", 0, 0, G_OPTION_ARG_FILENAME, &options.shop, "The folder of the shop", "DIR" },
    { "demo", 0, 0, G_OPTION_ARG_NONE, &options.demo, "An invented shop to try everything in",
      NULL },
    { "lang", 0, 0, G_OPTION_ARG_STRING, &options.language, "en or zh_CN", "LANGUAGE" },
    { "kiosk", 0, 0, G_OPTION_ARG_NONE, &options.kiosk, "Fill the whole screen", NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options.dark, "Dark colours", NULL },
    { "scale", 0, 0, G_OPTION_ARG_INT, &options.scale, "Size of text: 100 to 175", "PERCENT" },
    { "screenshot", 0, 0, G_OPTION_ARG_STRING, &options.screenshot, "Draw one screen and end",
      "SCREEN" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "Where the picture goes", "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Tell the version and end", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || !till_language_set (options.language ? options.language : till_language_get (), &error))
    {
      g_printerr ("quittance: %s\n", error->message);
      return 2;
    }
  if (options.version)
    {
      g_print ("quittance " TILL_VERSION "\n");
      return EXIT_SUCCESS;
    }
  if ((options.screenshot && !options.out) || options.scale < 50 || options.scale > 300)
    {
      g_printerr ("quittance: --screenshot needs --out FILE; --scale is 50 to 300\n");
      return 2;
    }
  till_secret_init ();
  till_secret_forbid_dumps ();
  if (options.screenshot)
    return take_picture (&options);
  return till_application_run (options.shop, options.demo, options.kiosk, options.language,
                               options.dark, options.scale);
}

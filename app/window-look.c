/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-parts.h"
#include "data/desk/selling.h"
#include "widgets/language.h"

#include <glib/gi18n-lib.h>

/* --- how it looks --- */

static void
apply (TillWindow *self)
{
  const TillLook *look = &self->counter.look;
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * look->percent / 100, NULL);
  static const AdwColorScheme schemes[TILL_COLOURS] = {
    [TILL_COLOURS_MACHINE] = ADW_COLOR_SCHEME_DEFAULT,
    [TILL_COLOURS_LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
    [TILL_COLOURS_DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
    [TILL_COLOURS_CONTRAST] = ADW_COLOR_SCHEME_FORCE_LIGHT,
  };
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[look->colours]);
  if (look->colours == TILL_COLOURS_CONTRAST)
    gtk_widget_add_css_class (GTK_WIDGET (self), "contrast");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "contrast");
}

typedef struct
{
  TillLook look;
  char *path; /* owned */
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;
  g_free (keep->path);
  g_free (keep);
}

static gpointer
keep_look (gpointer ledger, gpointer data, GError **error)
{
  Keep *keep = data;
  return till_look_save (&keep->look, keep->path, error) ? keep : NULL;
}

/* Columns were measured in the old size, and words stand in the old language: everything is built
 * anew. Later: the button that was pressed is about to go. */
static gboolean
on_rebuild_idle (gpointer user)
{
  TillWindow *self = user;
  const char *language = self->counter.look.language;
  till_window_set_language (self, *language ? language : till_language_get ());
  return G_SOURCE_REMOVE;
}

void
till_window_change_look (gpointer window, const TillLook *look)
{
  TillWindow *self = window;
  self->counter.look = *look;
  apply (self);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_rebuild_idle, g_object_ref (self), g_object_unref);
  if (!self->look_path)
    return;
  Keep *keep = g_new0 (Keep, 1);
  keep->look = *look;
  keep->path = g_strdup (self->look_path);
  till_counter_ask (&self->counter, GTK_WIDGET (self), keep_look, keep, keep_free, NULL);
}

void
till_window_set_look (TillWindow *self, const TillLook *look, const char *path)
{
  self->counter.look = *look;
  self->look_path = g_strdup (path);
  apply (self);
}

/* --- the shop, when its settings changed --- */

typedef struct
{
  TillShop *shop; /* owned */
} Read;

static void
read_free (gpointer data)
{
  Read *read = data;
  g_clear_pointer (&read->shop, till_shop_free);
  g_free (read);
}

static gpointer
read_shop (gpointer ledger, gpointer data, GError **error)
{
  Read *read = data;
  read->shop = till_selling_shop (ledger, error);
  return read->shop ? read : NULL;
}

static void
on_shop (gpointer page, gpointer data, const GError *error)
{
  TillWindow *self = page;
  Read *read = data;
  if (error)
    return;
  self->counter.shop = read->shop;
  g_ptr_array_add (self->shops, g_steal_pointer (&read->shop));
  till_window_frame_shop (self->frame, self->counter.shop);
}

void
till_window_arranged (gpointer window)
{
  TillWindow *self = window;
  till_counter_ask (&self->counter, GTK_WIDGET (self), read_shop, g_new0 (Read, 1), read_free,
                    on_shop);
  till_window_read_books (self);
  till_window_look_again (self);
  g_signal_emit_by_name (self, "arranged");
}

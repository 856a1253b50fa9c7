/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/screenshot.h"
#include "data/core/error.h"

gboolean
till_picture_write (GtkWindow *window, const char *path, GError **error)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  GskRenderNode *node = gtk_snapshot_free_to_node (snapshot);
  if (!node)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "the window shows nothing yet");
      return FALSE;
    }
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height);
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (renderer, node, &area);
  gsk_render_node_unref (node);
  if (!gdk_texture_save_to_png (texture, path))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be written", path);
      return FALSE;
    }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packing a day's files: gzip by GLib, and zip without compression, which is all a zip needs. */
#include "app/sandbox/day-bill.h"

#include <gio/gio.h>

static GBytes *
deflate (GBytes *plain, GZlibCompressorFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (format, -1);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  gsize size;
  const void *data = g_bytes_get_data (plain, &size);
  gboolean done = g_output_stream_write_all (out, data, size, NULL, NULL, &error)
                  && g_output_stream_close (out, NULL, &error);
  g_assert (done); /* memory */
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

GBytes *
till_bill_gzip (GBytes *plain)
{
  return deflate (plain, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
}

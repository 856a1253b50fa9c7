/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packing a day's files: gzip and zlib by GLib, and zip (PKWARE's APPNOTE, 4.3) without
 * compression, which is all a zip needs. */
#include "app/sandbox/day-bill.h"

#include <gio/gio.h>
#include <string.h>

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

GBytes *
till_bill_zlib (GBytes *plain)
{
  return deflate (plain, G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
}

GBytes *
till_bill_gbk (const char *text)
{
  gsize length;
  char *bytes = g_convert (text, -1, "GB18030", "UTF-8", NULL, &length, NULL);
  g_assert (bytes); /* GB18030 holds everything */
  return g_bytes_new_take (bytes, length);
}

/* --- zip --- */

#define LOCAL_HEAD 0x04034b50
#define CENTRAL_HEAD 0x02014b50
#define CENTRAL_END 0x06054b50
#define VERSION 20

static guint32
crc_of (const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  return ~crc;
}

static void
put (GByteArray *out, guint32 value, int bytes)
{
  for (int i = 0; i < bytes; i++)
    {
      guint8 byte = (guint8)(value >> (8 * i));
      g_byte_array_append (out, &byte, 1);
    }
}

/* What both heads of a member say of it, from the version needed to the length of what is extra. */
static void
put_facts (GByteArray *out, const TillBillMember *member)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (member->bytes, &size);
  put (out, VERSION, 2);
  put (out, 0, 2); /* flags: the name is in the local encoding */
  put (out, 0, 2); /* stored */
  put (out, 0, 4); /* no time */
  put (out, crc_of (data, size), 4);
  put (out, (guint32)size, 4);
  put (out, (guint32)size, 4);
  put (out, (guint32)strlen (member->name), 2);
  put (out, 0, 2);
}

static void
put_name (GByteArray *out, const TillBillMember *member)
{
  g_byte_array_append (out, (const guint8 *)member->name, (guint)strlen (member->name));
}

GBytes *
till_bill_zip (const TillBillMember *members, gsize n)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) central = g_byte_array_new ();
  for (gsize i = 0; i < n; i++)
    {
      gsize size;
      guint32 offset = out->len;
      const guint8 *data = g_bytes_get_data (members[i].bytes, &size);
      put (out, LOCAL_HEAD, 4);
      put_facts (out, &members[i]);
      put_name (out, &members[i]);
      if (size > 0)
        g_byte_array_append (out, data, (guint)size);
      put (central, CENTRAL_HEAD, 4);
      put (central, VERSION, 2);
      put_facts (central, &members[i]);
      put (central, 0, 2); /* no comment */
      put (central, 0, 2); /* disk */
      put (central, 0, 2);
      put (central, 0, 4);
      put (central, offset, 4);
      put_name (central, &members[i]);
    }
  guint32 begins = out->len;
  g_byte_array_append (out, central->data, central->len);
  put (out, CENTRAL_END, 4);
  put (out, 0, 4);
  put (out, (guint32)n, 2);
  put (out, (guint32)n, 2);
  put (out, central->len, 4);
  put (out, begins, 4);
  put (out, 0, 2);
  return g_byte_array_free_to_bytes (out);
}

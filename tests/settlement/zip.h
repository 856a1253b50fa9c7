/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zip archives written byte by byte (PKWARE's APPNOTE, 4.3), so that a test can write them wrong.
 */
#pragma once
#include <gio/gio.h>
#include <string.h>

#define ZIP_UTF8 (1 << 11)
#define ZIP_ENCRYPTED 1
#define ZIP_SIZES_LATER (1 << 3) /* behind the data, as Java writes it */

typedef struct
{
  const char *name; /* bytes as they are to stand there */
  const char *data;
  gsize size;
  guint16 flags;
  gboolean deflate;
  guint32 mode;     /* of Unix, or 0 */
  guint32 crc_plus; /* added to the true one */
} ZipEntry;

static inline guint32
zip_crc (const guint8 *data, gsize size)
{
  guint32 table[256];
  for (guint32 i = 0; i < 256; i++)
    {
      guint32 entry = i;
      for (int bit = 0; bit < 8; bit++)
        entry = (entry >> 1) ^ (entry & 1 ? 0xEDB88320 : 0);
      table[i] = entry;
    }
  guint32 crc = 0xFFFFFFFF;
  for (gsize i = 0; i < size; i++)
    crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xFF];
  return ~crc;
}

static inline GBytes *
zip_compress (GZlibCompressorFormat format, const void *data, gsize size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (format, 6);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream
      = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_assert_true (g_output_stream_write_all (stream, data, size, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static inline void
zip_put (GByteArray *out, guint64 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++)
    {
      guint8 byte = (guint8)(value >> (8 * i));
      g_byte_array_append (out, &byte, 1);
    }
}

static inline void
zip_put_sizes (GByteArray *out, const ZipEntry *entry, guint32 crc, gsize packed, gboolean known)
{
  zip_put (out, known ? crc : 0, 4);
  zip_put (out, known ? packed : 0, 4);
  zip_put (out, known ? entry->size : 0, 4);
}

/* What the local header and the directory have in common. */
static inline void
zip_put_facts (GByteArray *out, const ZipEntry *entry, guint32 crc, gsize packed, gboolean known)
{
  zip_put (out, 20, 2);
  zip_put (out, entry->flags, 2);
  zip_put (out, entry->deflate ? 8 : 0, 2);
  zip_put (out, 0, 4); /* time */
  zip_put_sizes (out, entry, crc, packed, known);
  zip_put (out, strlen (entry->name), 2);
  zip_put (out, 0, 2); /* extra */
}

static inline GBytes *
zip_write (const ZipEntry *entries, guint n)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  for (guint i = 0; i < n; i++)
    {
      const ZipEntry *entry = &entries[i];
      gsize at = out->len, packed;
      guint32 crc = zip_crc ((const guint8 *)entry->data, entry->size) + entry->crc_plus;
      g_autoptr (GBytes) body
          = entry->deflate ? zip_compress (G_ZLIB_COMPRESSOR_FORMAT_RAW, entry->data, entry->size)
                           : g_bytes_new_static (entry->data, entry->size);
      const guint8 *bytes = g_bytes_get_data (body, &packed);
      zip_put (out, 0x04034b50, 4);
      gboolean later = (entry->flags & ZIP_SIZES_LATER) != 0;
      zip_put_facts (out, entry, crc, packed, !later);
      g_byte_array_append (out, (const guint8 *)entry->name, (guint)strlen (entry->name));
      if (packed > 0)
        g_byte_array_append (out, bytes, (guint)packed);
      if (later)
        {
          zip_put (out, 0x08074b50, 4);
          zip_put_sizes (out, entry, crc, packed, TRUE);
        }
      zip_put (directory, 0x02014b50, 4);
      zip_put (directory, entry->mode ? 3 << 8 : 0, 2); /* made by Unix, or by DOS */
      zip_put_facts (directory, entry, crc, packed, TRUE);
      zip_put (directory, 0, 2 + 2 + 2); /* comment, disk, internal */
      zip_put (directory, (guint64)entry->mode << 16, 4);
      zip_put (directory, at, 4);
      g_byte_array_append (directory, (const guint8 *)entry->name, (guint)strlen (entry->name));
    }
  gsize start = out->len;
  g_byte_array_append (out, directory->data, directory->len);
  zip_put (out, 0x06054b50, 4);
  zip_put (out, 0, 2 + 2);
  zip_put (out, n, 2);
  zip_put (out, n, 2);
  zip_put (out, directory->len, 4);
  zip_put (out, start, 4);
  zip_put (out, 0, 2);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

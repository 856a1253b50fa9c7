/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/unpack.h"
#include "data/core/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>
#include <locale.h>
#include <string.h>

#define CHUNK (64 * 1024)

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, why);
  return FALSE;
}

/* Is `size` more than may come out of what came in? */
static gboolean
check_size (gsize size, gsize packed, GError **error)
{
  if (size > TILL_UNPACK_SIZE_MAX)
    return refuse (error, "it is too large when unpacked");
  if (size > TILL_UNPACK_RATIO_FROM && size / TILL_UNPACK_RATIO_MAX >= packed)
    return refuse (error, "it is packed too densely to be a settlement file");
  return TRUE;
}

/* --- one stream --- */

/* Runs the whole input through the decompressor, which must end exactly where the input does. */
static GBytes *
inflate_all (GConverter *converter, const guint8 *data, gsize size, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  gsize at = 0;
  for (;;)
    {
      gsize taken = 0, made = 0;
      GConverterResult result = g_converter_convert (converter, data + at, size - at, chunk, CHUNK,
                                                     G_CONVERTER_INPUT_AT_END, &taken, &made, NULL);
      if (result == G_CONVERTER_ERROR)
        {
          refuse (error, "it is cut or damaged");
          return NULL;
        }
      if (!check_size (out->len + made, size, error))
        return NULL;
      g_byte_array_append (out, chunk, (guint)made);
      at += taken;
      if (result == G_CONVERTER_FINISHED)
        break;
    }
  if (at != size)
    {
      refuse (error, "something follows its end");
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
inflate_stream (GBytes *packed, GZlibCompressorFormat format, GError **error)
{
  g_autoptr (GZlibDecompressor) converter = g_zlib_decompressor_new (format);
  gsize size;
  const guint8 *data = g_bytes_get_data (packed, &size);
  if (size == 0)
    {
      refuse (error, "it is empty");
      return NULL;
    }
  return inflate_all (G_CONVERTER (converter), data, size, error);
}

/* --- an archive --- */

typedef struct archive Archive;

static void
archive_clear (Archive *archive)
{
  archive_read_free (archive);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_clear)

/* libarchive turns names into the thread's own character set, and this process may have been
 * started in any. While this lives, it is UTF-8. */
typedef struct
{
  locale_t utf8, before;
} Utf8;

static gboolean
utf8_enter (Utf8 *scope, GError **error)
{
  scope->utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (!scope->utf8)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_STOPPED,
                           "this system has no locale C.UTF-8");
      return FALSE;
    }
  scope->before = uselocale (scope->utf8);
  return TRUE;
}

static void
utf8_leave (Utf8 *scope)
{
  if (!scope->utf8)
    return;
  uselocale (scope->before);
  freelocale (scope->utf8);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Utf8, utf8_leave)

/* libarchive's words are not quoted: they may hold the name that it could not read. */
static Archive *
open_zip (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  /* Seekable: by the directory at the end, so that a cut archive is none. */
  if (!archive || archive_read_support_format_zip_seekable (archive) != ARCHIVE_OK
      || archive_read_set_options (archive, "zip:hdrcharset=GB18030") != ARCHIVE_OK)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_STOPPED,
                           "libarchive cannot read zip here");
      return NULL;
    }
  if (archive_read_open_memory (archive, data, size) != ARCHIVE_OK)
    {
      refuse (error, "it is no zip, or cut");
      return NULL;
    }
  return g_steal_pointer (&archive);
}

/* A plain name: no path, no way up, nothing hidden, nothing that cannot be written down. */
static gboolean
check_name (const char *name, GPtrArray *members, GError **error)
{
  if (!name || !*name || !g_utf8_validate (name, -1, NULL))
    return refuse (error, "a file's name is no text");
  if (strlen (name) > TILL_UNPACK_NAME_MAX || *name == '.' || strpbrk (name, "/\\:"))
    return refuse (error, "a file's name is no plain name");
  for (const char *at = name; *at; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return refuse (error, "a file's name is no plain name");
  for (guint i = 0; i < members->len; i++)
    if (g_str_equal (((TillSettlementMember *)members->pdata[i])->name, name))
      return refuse (error, "two files have the same name");
  return TRUE;
}

/* *unpacked: what came out so far, of all files. */
static GBytes *
read_entry (Archive *archive, gsize packed, gsize *unpacked, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  for (;;)
    {
      la_ssize_t made = archive_read_data (archive, chunk, CHUNK);
      if (made < 0)
        {
          refuse (error, "a file is cut, damaged or encrypted");
          return NULL;
        }
      if (made == 0)
        break;
      *unpacked += (gsize)made;
      if (!check_size (*unpacked, packed, error))
        return NULL;
      g_byte_array_append (out, chunk, (guint)made);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
take_entry (Archive *archive, struct archive_entry *entry, gsize packed, gsize *unpacked,
            GPtrArray *members, GError **error)
{
  const char *name = archive_entry_pathname (entry);
  if (archive_entry_is_encrypted (entry))
    return refuse (error, "it is encrypted");
  if (members->len == TILL_UNPACK_MEMBERS_MAX)
    return refuse (error, "there are too many files in it");
  if (archive_entry_filetype (entry) != AE_IFREG)
    return refuse (error, "there is something in it that is no file");
  if (!check_name (name, members, error))
    return FALSE;
  g_autofree char *kept = g_strdup (name);
  g_autoptr (GBytes) bytes = read_entry (archive, packed, unpacked, error);
  if (!bytes)
    return FALSE;
  g_ptr_array_add (members, till_settlement_member_new (kept, bytes));
  return TRUE;
}

static GPtrArray *
new_members (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
}

static GPtrArray *
unpack_zip (GBytes *zip, gsize packed, GError **error)
{
  g_auto (Utf8) scope = { 0 };
  gsize size, unpacked = 0;
  const guint8 *data = g_bytes_get_data (zip, &size);
  if (!utf8_enter (&scope, error))
    return NULL;
  g_autoptr (Archive) archive = open_zip (data, size, error);
  if (!archive)
    return NULL;
  g_autoptr (GPtrArray) members = new_members ();
  for (;;)
    {
      struct archive_entry *entry;
      int result = archive_read_next_header (archive, &entry);
      if (result == ARCHIVE_EOF)
        break;
      if (result != ARCHIVE_OK)
        {
          refuse (error, "it is no zip, or damaged");
          return NULL;
        }
      if (!take_entry (archive, entry, packed, &unpacked, members, error))
        return NULL;
    }
  if (members->len == 0)
    {
      refuse (error, "there is nothing in it");
      return NULL;
    }
  return g_steal_pointer (&members);
}

/* --- the door --- */

static GPtrArray *
only_member (const char *name, GBytes *bytes)
{
  GPtrArray *members = new_members ();
  g_ptr_array_add (members, till_settlement_member_new (name, bytes));
  return members;
}

GPtrArray *
till_unpack (GBytes *packed, TillPacking packing, const char *name, GError **error)
{
  gsize size = g_bytes_get_size (packed);
  if (size > TILL_UNPACK_PACKED_MAX)
    {
      refuse (error, "it is too large");
      return NULL;
    }
  if (packing == TILL_PACKING_PLAIN)
    return only_member (name, packed);
  if (packing == TILL_PACKING_ZIP)
    return unpack_zip (packed, size, error);
  gboolean gzip = packing == TILL_PACKING_GZIP;
  g_autoptr (GBytes) inner = inflate_stream (
      packed, gzip ? G_ZLIB_COMPRESSOR_FORMAT_GZIP : G_ZLIB_COMPRESSOR_FORMAT_ZLIB, error);
  if (!inner)
    return NULL;
  return gzip ? only_member (name, inner) : unpack_zip (inner, size, error);
}

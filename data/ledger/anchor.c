/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/anchor.h"
#include "data/core/durable.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/ledger/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANCHOR_FILE "anchors"
/* Three closes a day for thirty years. */
#define ANCHOR_BYTES_MAX (4 * 1024 * 1024)
#define RESTORED "restored "
#define HEX_SIZE ((gsize)2 * TILL_DIGEST_SIZE)

typedef struct
{
  int64_t seq;
  char hash[2 * TILL_DIGEST_SIZE + 1];
} Anchor;

typedef struct
{
  char *path;   /* owned */
  gsize size;   /* bytes of the file */
  gsize whole;  /* up to the end of its last whole line */
  GArray *list; /* owned; of Anchor, those that count */
} Anchors;

static void
anchors_clear (Anchors *anchors)
{
  g_clear_pointer (&anchors->path, g_free);
  g_clear_pointer (&anchors->list, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Anchors, anchors_clear)

char *
till_ledger_beside (TillLedger *ledger, const char *name)
{
  g_autofree char *folder = g_path_get_dirname (till_ledger_path (ledger));
  return g_build_filename (folder, name, NULL);
}

static gboolean
is_in_memory (TillLedger *ledger)
{
  return g_str_equal (till_ledger_path (ledger), ":memory:");
}

/* --- reading --- */

static gboolean
parse_line (const char *line, Anchors *anchors)
{
  Anchor anchor = { 0 };
  gboolean restored = g_str_has_prefix (line, RESTORED);
  g_auto (GStrv) parts = g_strsplit (line + (restored ? strlen (RESTORED) : 0), " ", 2);
  if (!parts[0] || !parts[1] || strlen (parts[1]) != HEX_SIZE
      || strspn (parts[1], "0123456789abcdef") != HEX_SIZE
      || !g_ascii_string_to_signed (parts[0], 10, 1, INT64_MAX, &anchor.seq, NULL))
    return FALSE;
  memcpy (anchor.hash, parts[1], HEX_SIZE);
  if (restored)
    g_array_set_size (anchors->list, 0);
  g_array_append_val (anchors->list, anchor);
  return TRUE;
}

static gboolean
parse_file (char *text, gsize size, Anchors *anchors, GError **error)
{
  int number = 0;
  anchors->size = size;
  for (char *line = text, *end; (end = memchr (line, '\n', size - (gsize)(line - text)));
       line = end + 1)
    {
      *end = '\0';
      number++;
      if (strlen (line) != (gsize)(end - line) || !parse_line (line, anchors))
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                       "line %d of %s is no anchor; the books were not opened and nothing was"
                       " changed. Keep both files and call somebody",
                       number, anchors->path);
          return FALSE;
        }
      anchors->whole = (gsize)(end + 1 - text);
    }
  return TRUE;
}

/* A file that is not there is one without lines. */
static gboolean
read_anchors (TillLedger *ledger, Anchors *anchors, GError **error)
{
  g_autofree char *text = g_malloc (ANCHOR_BYTES_MAX + 1);
  anchors->path = till_ledger_beside (ledger, ANCHOR_FILE);
  anchors->list = g_array_new (FALSE, FALSE, sizeof (Anchor));
  int fd = open (anchors->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0)
    return errno == ENOENT || till_file_fails ("open", anchors->path, error);
  gsize size = 0;
  gssize got = 1;
  while (got > 0 && size <= ANCHOR_BYTES_MAX)
    {
      got = read (fd, text + size, ANCHOR_BYTES_MAX + 1 - size);
      size += got > 0 ? (gsize)got : 0;
    }
  close (fd);
  if (got < 0)
    return till_file_fails ("read", anchors->path, error);
  if (size <= ANCHOR_BYTES_MAX)
    return parse_file (text, size, anchors, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is too long to be what it should be",
               anchors->path);
  return FALSE;
}

/* --- comparing --- */

/* The books' hash at an entry; "" when there is none. */
static gboolean
hash_at (TillLedger *ledger, int64_t seq, char **hash, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *hash = NULL;
  if (!till_rows_open (&rows, ledger, error, "SELECT lower (hex (hash)) FROM journal WHERE seq = ?",
                       "l", seq))
    return FALSE;
  *hash = till_rows_next (&rows) ? till_rows_dup (&rows, 0) : g_strdup ("");
  return till_rows_end (&rows, error);
}

static gboolean
refuse (TillLedger *ledger, const Anchor *anchor, gboolean missing, GError **error)
{
  int64_t head;
  if (!till_ledger_head (ledger, &head, NULL, error))
    return FALSE;
  g_autofree char *what
      = missing ? g_strdup_printf ("the books end at entry %" G_GINT64_FORMAT
                                   ", but a shift was closed with entry %" G_GINT64_FORMAT
                                   ": they are an older copy",
                                   head, anchor->seq)
                : g_strdup_printf ("entry %" G_GINT64_FORMAT
                                   " is not the one that a shift was closed with: these are other"
                                   " books, or they were altered",
                                   anchor->seq);
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED,
               "%s. Nothing was sold, sent or changed. Put the newest books back; if they are lost,"
               " move these away and use a backup: tillctl restore FILE",
               what);
  return FALSE;
}

static gboolean
compare (TillLedger *ledger, const Anchors *anchors, GError **error)
{
  for (guint i = 0; i < anchors->list->len; i++)
    {
      const Anchor *anchor = &g_array_index (anchors->list, Anchor, i);
      g_autofree char *hash = NULL;
      if (!hash_at (ledger, anchor->seq, &hash, error))
        return FALSE;
      if (!g_str_equal (hash, anchor->hash))
        return refuse (ledger, anchor, !*hash, error);
    }
  return TRUE;
}

gboolean
till_anchors_compare (TillLedger *ledger, GError **error)
{
  g_auto (Anchors) anchors = { 0 };
  return is_in_memory (ledger)
         || (read_anchors (ledger, &anchors, error) && compare (ledger, &anchors, error));
}

/* --- writing --- */

/* In one piece behind the end, so that two programs that close at one moment do not meet: a line
 * that is there twice says nothing else. */
static gboolean
write_lines (int fd, const Anchors *anchors, const GString *lines, GError **error)
{
  /* What a power cut tore off an earlier line goes first. */
  if (anchors->size > anchors->whole && ftruncate (fd, (off_t)anchors->whole) != 0)
    return till_file_fails ("trim", anchors->path, error);
  if (write (fd, lines->str, lines->len) != (gssize)lines->len)
    return till_file_fails ("write", anchors->path, error);
  return fsync (fd) == 0 || till_file_fails ("sync", anchors->path, error);
}

static gboolean
append (const Anchors *anchors, const GString *lines, GError **error)
{
  if (!till_fault_pass ("anchor.write", error))
    return FALSE;
  int fd = open (anchors->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return till_file_fails ("open", anchors->path, error);
  gboolean good = write_lines (fd, anchors, lines, error);
  close (fd);
  return good && (anchors->whole > 0 || till_folder_sync_of (anchors->path, error));
}

static gboolean
write_missing (TillLedger *ledger, const Anchors *anchors, GError **error)
{
  const Anchor *last
      = anchors->list->len ? &g_array_index (anchors->list, Anchor, anchors->list->len - 1) : NULL;
  g_autoptr (GString) lines = g_string_new (NULL);
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT seq || ' ' || lower (hex (hash)) || char (10) FROM seal"
                       " WHERE seq > ? ORDER BY seq",
                       "l", last ? last->seq : (int64_t)0))
    return FALSE;
  while (till_rows_next (&rows))
    g_string_append (lines, till_rows_text (&rows, 0));
  return till_rows_end (&rows, error) && (lines->len == 0 || append (anchors, lines, error));
}

gboolean
till_anchors_catch_up (TillLedger *ledger, GError **error)
{
  g_auto (Anchors) anchors = { 0 };
  return is_in_memory (ledger)
         || (read_anchors (ledger, &anchors, error) && write_missing (ledger, &anchors, error));
}

gboolean
till_anchors_check (TillLedger *ledger, GError **error)
{
  g_auto (Anchors) anchors = { 0 };
  return is_in_memory (ledger)
         || (read_anchors (ledger, &anchors, error) && compare (ledger, &anchors, error)
             && write_missing (ledger, &anchors, error));
}

/* --- a copy in place of lost books --- */

gboolean
till_anchors_loss (TillLedger *copy, TillAnchorLoss *loss, GError **error)
{
  g_auto (Anchors) anchors = { 0 };
  *loss = (TillAnchorLoss){ 0 };
  if (!read_anchors (copy, &anchors, error))
    return FALSE;
  for (guint i = 0; i < anchors.list->len; i++)
    {
      const Anchor *anchor = &g_array_index (anchors.list, Anchor, i);
      g_autofree char *hash = NULL;
      if (!hash_at (copy, anchor->seq, &hash, error))
        return FALSE;
      gboolean kept = g_str_equal (hash, anchor->hash);
      loss->kept += kept;
      loss->lost += !kept;
      loss->last = kept ? loss->last : anchor->seq;
    }
  return TRUE;
}

gboolean
till_anchors_restored (TillLedger *copy, GError **error)
{
  g_auto (Anchors) anchors = { 0 };
  int64_t seq;
  guint8 hash[TILL_DIGEST_SIZE];
  if (!read_anchors (copy, &anchors, error) || !till_ledger_head (copy, &seq, hash, error))
    return FALSE;
  g_autofree char *hex = till_digest_to_hex (hash);
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_append_printf (line, RESTORED "%" G_GINT64_FORMAT " %s\n", seq, hex);
  return append (&anchors, line, error);
}

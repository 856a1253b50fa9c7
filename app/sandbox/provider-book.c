/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/provider-book.h"
#include "data/core/error.h"
#include "devices/gateway/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct _TillProviderBook
{
  char *path;      /* owned */
  int fd;          /* owned; locked */
  gboolean broken; /* a line may be half written: nothing more is taken */
};

static gboolean
fail (const TillProviderBook *book, const char *what, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s: %s: %s", book->path, what,
               g_strerror (errno));
  return FALSE;
}

TillProviderBook *
till_provider_book_open (const char *path, GError **error)
{
  g_autoptr (TillProviderBook) book = g_new0 (TillProviderBook, 1);
  book->path = g_strdup (path);
  book->fd = open (path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (book->fd < 0)
    {
      fail (book, "cannot be opened", error);
      return NULL;
    }
  if (flock (book->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s: another till-sandbox is using it",
                   path);
      return NULL;
    }
  return g_steal_pointer (&book);
}

void
till_provider_book_close (TillProviderBook *book)
{
  if (book->fd >= 0)
    close (book->fd);
  g_free (book->path);
  g_free (book);
}

static gboolean
replay_line (TillProvider *provider, const char *line, gsize length, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (line, length);
  g_autoptr (json_t) object = till_json_parse (bytes, error);
  if (!object)
    return FALSE;
  const char *word = till_json_text (object, "record");
  TillErrandKind errand = TILL_ERRAND_PAY;
  gboolean known = till_errand_kind_from_word (till_json_text (object, "errand"), &errand);
  TillRecord record = {
    .kind = g_strcmp0 (word, "asked") == 0 ? TILL_RECORD_ASKED : TILL_RECORD_STATE,
    .errand = errand,
    .request_no = till_json_text (object, "request_no"),
    .identity = till_json_text (object, "identity"),
    .tongue = till_json_text (object, "tongue"),
    .original_no = till_json_text (object, "original_no"),
    .provider_no = till_json_text (object, "provider_no"),
    .status = till_json_text (object, "status"),
    .ends = till_json_text (object, "ends"),
    .notify_url = till_json_text (object, "notify_url"),
    .moves = json_is_true (json_object_get (object, "moves")),
    .amount = json_integer_value (json_object_get (object, "amount")),
    .left = (int)json_integer_value (json_object_get (object, "left")),
    .at = json_integer_value (json_object_get (object, "at")),
  };
  if (known && word)
    return till_provider_replay (provider, &record, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "a word that is not known");
  return FALSE;
}

/* Cuts off a line that was being written when the power went. */
static gboolean
cut_at (TillProviderBook *book, gint64 size, GError **error)
{
  if (ftruncate (book->fd, size) != 0 || fsync (book->fd) != 0)
    return fail (book, "the unfinished last line cannot be cut off", error);
  return TRUE;
}

gboolean
till_provider_book_replay (TillProviderBook *book, TillProvider *provider, GError **error)
{
  int copy = dup (book->fd);
  FILE *file = copy >= 0 ? fdopen (copy, "r") : NULL;
  if (!file)
    return fail (book, "cannot be read", error);
  char *line = g_malloc (TILL_BOOK_LINE_MAX + 2);
  gint64 whole = 0;
  guint n = 0;
  gboolean good = TRUE, torn = FALSE;
  rewind (file);
  while (good && !torn && fgets (line, TILL_BOOK_LINE_MAX + 2, file))
    {
      gsize length = strlen (line);
      torn = (length == 0 || line[length - 1] != '\n') && fgetc (file) == EOF;
      if (torn)
        continue;
      g_autoptr (GError) why = NULL;
      n++;
      good = replay_line (provider, line, length, &why);
      whole += (gint64)length;
      if (!good)
        g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "%s, line %u: %s", book->path, n,
                     why->message);
    }
  fclose (file);
  g_free (line);
  return good && (!torn || cut_at (book, whole, error));
}

static GBytes *
write_line (const TillRecord *record)
{
  g_autoptr (json_t) object = json_object ();
  till_json_set_text (object, "record", record->kind == TILL_RECORD_ASKED ? "asked" : "state");
  till_json_set_text (object, "errand", till_errand_kind_word (record->errand));
  till_json_set_text (object, "request_no", record->request_no);
  till_json_set_text (object, "identity", record->identity);
  till_json_set_text (object, "tongue", record->tongue);
  till_json_set_text (object, "original_no", record->original_no);
  till_json_set_text (object, "provider_no", record->provider_no);
  till_json_set_text (object, "status", record->status);
  till_json_set_text (object, "ends", record->ends);
  till_json_set_text (object, "notify_url", record->notify_url);
  if (record->kind == TILL_RECORD_STATE)
    {
      till_json_set (object, "moves", json_boolean (record->moves));
      till_json_set_int (object, "amount", record->amount);
      till_json_set_int (object, "left", record->left);
    }
  till_json_set_int (object, "at", record->at);
  g_autoptr (GBytes) text = till_json_write (object);
  gsize size;
  const guint8 *data = g_bytes_get_data (text, &size);
  GByteArray *line = g_byte_array_sized_new ((guint)size + 1);
  g_byte_array_append (line, data, (guint)size);
  g_byte_array_append (line, (const guint8 *)"\n", 1);
  return g_byte_array_free_to_bytes (line);
}

gboolean
till_provider_book_keep (gpointer user, const TillRecord *record, GError **error)
{
  TillProviderBook *book = user;
  g_autoptr (GBytes) line = write_line (record);
  gsize size;
  const void *data = g_bytes_get_data (line, &size);
  g_assert (size <= TILL_BOOK_LINE_MAX);
  if (book->broken)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s: an earlier line failed", book->path);
      return FALSE;
    }
  book->broken = TRUE;
  errno = 0;
  if (write (book->fd, data, size) != (gssize)size)
    return fail (book, "a line cannot be written", error);
  if (record->kind == TILL_RECORD_STATE && fdatasync (book->fd) != 0)
    return fail (book, "a line cannot be made safe", error);
  book->broken = FALSE;
  return TRUE;
}

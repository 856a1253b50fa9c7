/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/raw-answer.h"

#include <string.h>
#include <sys/socket.h>

#define CHUNK (64 * 1024)
#define HUGE_SIZE (G_GUINT64_CONSTANT (1) << 30) /* what is announced … */
#define HUGE_MAX (8 * 1024 * 1024)               /* … and what is sent of it */

/* SETTINGS with nothing in it, and GOAWAY after stream 0 (RFC 9113, 6.5 and 6.8). */
static const guint8 goaway[]
    = { 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

typedef struct
{
  GIOStream *line; /* owned */
  GSocket *socket; /* owned; or NULL */
  GBytes *bytes;   /* owned; what is said, or of what is said again and again */
  gsize at;        /* of bytes */
  guint64 left;    /* to say after bytes, in chunks */
  guint gap_ms;    /* between two bytes, or 0 */
  gsize drips_from;
} Telling;

static void
telling_free (Telling *telling)
{
  /* It ends rudely in any case. */
  g_io_stream_close (telling->line, NULL, NULL);
  g_object_unref (telling->line);
  g_clear_object (&telling->socket);
  g_bytes_unref (telling->bytes);
  g_free (telling);
}

void
till_raw_reset (GIOStream *line, GSocket *socket)
{
  struct linger now = { .l_onoff = 1, .l_linger = 0 };
  if (socket && setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0)
    g_socket_close (socket, NULL); /* before TLS can say good-bye */
  g_io_stream_close (line, NULL, NULL);
}

gboolean
till_raw_answer_is_due (const TillSaid *said)
{
  return till_said_cuts_line (said) || said->delivery == TILL_DELIVERY_DRIP
         || said->delivery == TILL_DELIVERY_KEPT;
}

static void go_on (Telling *telling);

static void
on_written (GObject *out, GAsyncResult *result, gpointer data)
{
  Telling *telling = data;
  gsize size;
  g_bytes_get_data (telling->bytes, &size);
  gssize wrote = g_output_stream_write_finish (G_OUTPUT_STREAM (out), result, NULL);
  if (wrote <= 0) /* the other side has had enough, which is what it is for */
    {
      telling_free (telling);
      return;
    }
  telling->at += (gsize)wrote;
  if (telling->at < size)
    return go_on (telling);
  if (telling->left == 0)
    return telling_free (telling);
  gsize next = (gsize)MIN (telling->left, CHUNK);
  g_bytes_unref (telling->bytes);
  telling->bytes = g_bytes_new_take (g_strnfill (next, 'x'), next);
  telling->at = 0;
  telling->left -= next;
  go_on (telling);
}

static gboolean
on_gap (gpointer data)
{
  Telling *telling = data;
  const guint8 *bytes = g_bytes_get_data (telling->bytes, NULL);
  g_output_stream_write_async (g_io_stream_get_output_stream (telling->line), bytes + telling->at,
                               1, G_PRIORITY_DEFAULT, NULL, on_written, telling);
  return G_SOURCE_REMOVE;
}

/* One byte after a gap, or all there is. */
static void
go_on (Telling *telling)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (telling->bytes, &size);
  if (telling->gap_ms > 0 && telling->at >= telling->drips_from)
    {
      g_timeout_add (telling->gap_ms, on_gap, telling);
      return;
    }
  gsize until = telling->gap_ms > 0 ? telling->drips_from : size;
  g_output_stream_write_async (g_io_stream_get_output_stream (telling->line), bytes + telling->at,
                               until - telling->at, G_PRIORITY_DEFAULT, NULL, on_written, telling);
}

/* Head and body; length 0: none is announced. */
static GByteArray *
write_out (const TillSaid *said, guint64 length)
{
  g_autoptr (GString) head = g_string_new (NULL);
  gboolean kept = said->delivery == TILL_DELIVERY_KEPT;
  gsize size;
  const guint8 *body = g_bytes_get_data (said->body, &size);
  g_string_printf (head, "HTTP/1.1 %d OK\r\nContent-Type: %s\r\nConnection: %s\r\n", said->status,
                   said->content_type, kept ? "keep-alive" : "close");
  if (length > 0)
    g_string_append_printf (head, "Content-Length: %" G_GUINT64_FORMAT "\r\n", length);
  for (guint i = 0; i < said->headers->len; i++)
    g_string_append_printf (head, "%s\r\n", (const char *)g_ptr_array_index (said->headers, i));
  g_string_append (head, "\r\n");
  GByteArray *whole = g_byte_array_new ();
  g_byte_array_append (whole, (const guint8 *)head->str, (guint)head->len);
  return g_byte_array_append (whole, body, (guint)size);
}

static void
set_bytes (Telling *telling, const TillSaid *said)
{
  gsize size = g_bytes_get_size (said->body);
  g_autoptr (GByteArray) whole = NULL;
  switch (said->delivery)
    {
    case TILL_DELIVERY_ENDLESS:
      whole = write_out (said, 0);
      telling->left = TILL_RAW_MAX;
      break;
    case TILL_DELIVERY_HUGE:
      whole = write_out (said, HUGE_SIZE);
      telling->left = HUGE_MAX;
      break;
    case TILL_DELIVERY_GOAWAY:
      whole = g_byte_array_append (g_byte_array_new (), goaway, sizeof goaway);
      break;
    case TILL_DELIVERY_HALF:
      whole = write_out (said, size);
      g_byte_array_set_size (whole, (guint)(whole->len - (size - size / 2)));
      break;
    default:
      whole = write_out (said, size);
      break;
    }
  if (said->delivery == TILL_DELIVERY_DRIP)
    {
      telling->gap_ms = (guint)MAX (said->delay_ms, 1);
      telling->drips_from = whole->len - MIN (size, TILL_RAW_DRIPS_MAX);
    }
  telling->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&whole));
}

void
till_raw_answer (GIOStream *line, GSocket *socket, const TillSaid *said)
{
  if (said->delivery == TILL_DELIVERY_NONE || said->delivery == TILL_DELIVERY_RESET)
    {
      if (said->delivery == TILL_DELIVERY_RESET)
        till_raw_reset (line, socket);
      g_io_stream_close (line, NULL, NULL);
      g_object_unref (line);
      return;
    }
  Telling *telling = g_new0 (Telling, 1);
  telling->line = line;
  telling->socket = socket ? g_object_ref (socket) : NULL;
  set_bytes (telling, said);
  go_on (telling);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/gateway/notice-receiver.h"

#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX (64 * 1024)

struct _NoticeReceiver
{
  GSocketListener *listener; /* owned */
  GCancellable *stop;        /* owned */
  GThread *thread;           /* owned */
  GAsyncQueue *answers;      /* owned; of constants */
  GAsyncQueue *notices;      /* owned; of texts */
  GIOStream *held;           /* owned; the line nothing is said to, or NULL */
  int port;
};

static char *
read_request (GIOStream *line)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize wanted = G_MAXSIZE;
  while (text->len < wanted && text->len < REQUEST_MAX)
    {
      char some[1024];
      gssize got = g_input_stream_read (g_io_stream_get_input_stream (line), some, sizeof some,
                                        NULL, NULL);
      if (got <= 0)
        return NULL;
      g_string_append_len (text, some, got);
      const char *end = strstr (text->str, "\r\n\r\n");
      const char *length = strstr (text->str, "Content-Length: ");
      if (end)
        wanted
            = (gsize)(end + 4 - text->str) + (length ? (gsize)strtoul (length + 16, NULL, 10) : 0);
    }
  return g_strdup (text->str);
}

static void
serve (NoticeReceiver *receiver, GIOStream *line)
{
  char *request = read_request (line);
  if (!request)
    return;
  const char *answer = g_async_queue_try_pop (receiver->answers);
  if (!answer)
    answer = RECEIVER_NO;
  gboolean silent = strcmp (answer, RECEIVER_SILENT) == 0;
  g_clear_object (&receiver->held);
  if (silent)
    receiver->held = g_object_ref (line);
  else
    g_output_stream_write_all (g_io_stream_get_output_stream (line), answer, strlen (answer), NULL,
                               NULL, NULL);
  if (!silent)
    g_io_stream_close (line, NULL, NULL);
  g_async_queue_push (receiver->notices, request);
}

static gpointer
run (gpointer data)
{
  NoticeReceiver *receiver = data;
  while (!g_cancellable_is_cancelled (receiver->stop))
    {
      g_autoptr (GSocketConnection) line
          = g_socket_listener_accept (receiver->listener, NULL, receiver->stop, NULL);
      if (!line)
        continue;
      g_socket_set_timeout (g_socket_connection_get_socket (line), 10);
      serve (receiver, G_IO_STREAM (line));
    }
  return NULL;
}

NoticeReceiver *
notice_receiver_new (void)
{
  g_autoptr (GError) error = NULL;
  NoticeReceiver *receiver = g_new0 (NoticeReceiver, 1);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) got = NULL;
  receiver->stop = g_cancellable_new ();
  receiver->answers = g_async_queue_new ();
  receiver->notices = g_async_queue_new_full (g_free);
  receiver->listener = g_socket_listener_new ();
  g_socket_listener_add_address (receiver->listener, any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  receiver->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  receiver->thread = g_thread_new ("receiver", run, receiver);
  return receiver;
}

void
notice_receiver_free (NoticeReceiver *receiver)
{
  g_cancellable_cancel (receiver->stop);
  g_thread_join (receiver->thread);
  g_clear_object (&receiver->held);
  g_object_unref (receiver->listener);
  g_object_unref (receiver->stop);
  g_async_queue_unref (receiver->answers);
  g_async_queue_unref (receiver->notices);
  g_free (receiver);
}

int
notice_receiver_port (NoticeReceiver *receiver)
{
  return receiver->port;
}

void
notice_receiver_lay (NoticeReceiver *receiver, const char *answer)
{
  g_async_queue_push (receiver->answers, (gpointer)answer);
}

char *
notice_receiver_next (NoticeReceiver *receiver, int ms)
{
  return g_async_queue_timeout_pop (receiver->notices, (guint64)ms * 1000);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/gateway/scripted-server.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_disable()
#define __lsan_enable()
#endif

#define REQUEST_MAX (64 * 1024)

struct _ScriptedServer
{
  GSocketListener *listener; /* owned */
  GTlsCertificate *cert;     /* owned */
  GCancellable *stop;        /* owned */
  GThread *thread;           /* owned */
  ScriptedTurn turn;
  int port;
  gint requests; /* atomic */
  GMutex lock;
  char *last; /* owned; under lock */
};

gboolean
scripted_say (GIOStream *line, const char *text, gssize size)
{
  gsize length = size < 0 ? strlen (text) : (gsize)size;
  /* glib-networking 2.74 loses a GError for each write to a peer that has hung up, which is what a
   * client with ceilings does. Its own allocations of this one call are not counted as leaks; a
   * suppression by name would need the slow unwinder, because GLib has no frame pointers. */
  __lsan_disable ();
  gboolean said = g_output_stream_write_all (g_io_stream_get_output_stream (line), text, length,
                                             NULL, NULL, NULL);
  __lsan_enable ();
  return said;
}

gboolean
scripted_read (ScriptedServer *server, GIOStream *line)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize wanted = G_MAXSIZE;
  while (text->len < wanted && text->len < REQUEST_MAX)
    {
      char some[1024];
      gssize got = g_input_stream_read (g_io_stream_get_input_stream (line), some, sizeof some,
                                        NULL, NULL);
      if (got <= 0)
        return FALSE;
      g_string_append_len (text, some, got);
      const char *end = strstr (text->str, "\r\n\r\n");
      const char *length = strstr (text->str, "Content-Length: ");
      if (end)
        wanted
            = (gsize)(end + 4 - text->str) + (length ? (gsize)strtoul (length + 16, NULL, 10) : 0);
    }
  g_atomic_int_inc (&server->requests);
  g_mutex_lock (&server->lock);
  g_free (server->last);
  server->last = g_strdup (text->str);
  g_mutex_unlock (&server->lock);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  ScriptedServer *server = data;
  for (guint nth = 1; !g_cancellable_is_cancelled (server->stop);)
    {
      g_autoptr (GSocketConnection) plain
          = g_socket_listener_accept (server->listener, NULL, server->stop, NULL);
      if (!plain)
        continue;
      g_socket_set_timeout (g_socket_connection_get_socket (plain), 10);
      g_autoptr (GIOStream) line
          = g_tls_server_connection_new (G_IO_STREAM (plain), server->cert, NULL);
      if (g_tls_connection_handshake (G_TLS_CONNECTION (line), server->stop, NULL))
        server->turn (server, line, nth++);
      g_io_stream_close (line, NULL, NULL);
    }
  return NULL;
}

ScriptedServer *
scripted_server_new (const char *cert_path, const char *key_path, ScriptedTurn turn)
{
  g_autoptr (GError) error = NULL;
  ScriptedServer *server = g_new0 (ScriptedServer, 1);
  g_mutex_init (&server->lock);
  server->turn = turn;
  server->stop = g_cancellable_new ();
  server->cert = g_tls_certificate_new_from_files (cert_path, key_path, &error);
  g_assert_no_error (error);
  server->listener = g_socket_listener_new ();
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_socket_listener_add_address (server->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &got, &error);
  g_assert_no_error (error);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  server->thread = g_thread_new ("scripted", run, server);
  return server;
}

void
scripted_server_free (ScriptedServer *server)
{
  g_cancellable_cancel (server->stop);
  g_thread_join (server->thread);
  g_object_unref (server->listener);
  g_object_unref (server->cert);
  g_object_unref (server->stop);
  g_mutex_clear (&server->lock);
  g_free (server->last);
  g_free (server);
}

char *
scripted_server_url (ScriptedServer *server)
{
  return g_strdup_printf ("https://127.0.0.1:%d", server->port);
}

guint
scripted_server_requests (ScriptedServer *server)
{
  return (guint)g_atomic_int_get (&server->requests);
}

char *
scripted_server_last (ScriptedServer *server)
{
  g_mutex_lock (&server->lock);
  char *last = g_strdup (server->last);
  g_mutex_unlock (&server->lock);
  return last;
}

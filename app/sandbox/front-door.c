/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/front-door.h"
#include "app/sandbox/raw-answer.h"
#include "data/core/error.h"

#include <string.h>

#define HEAD_MAX (64 * 1024)
#define VALUE_MAX (10 * 60 * 1000)
/* How long a line may be silent while it is ours. */
#define PATIENCE_S 30

/* What a server says that knows TLS 1.0 alone: a ServerHello of version 3.1, with no session and
 * TLS_RSA_WITH_AES_128_CBC_SHA (RFC 2246, 7.4.1.3). Its random bytes do not matter. */
static const guint8 old_hello[]
    = { 22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1, 1,
        1,  1, 1, 1, 1,  1, 1, 1, 1,  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 47, 0 };

static const char portal[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n"
                             "Connection: close\r\n\r\n<html>Please log in here.</html>\n";

typedef struct
{
  TillLineFault fault;
  int value;
} Waiting;

struct _TillFrontDoor
{
  GSocketListener *listener;                         /* owned; NULL while nobody listens */
  GCancellable *stop;                                /* owned; of this listener */
  GTlsCertificate *certificates[TILL_N_LINE_FAULTS]; /* owned; NULL: the first one */
  TillDoorHandOver hand_over;
  gpointer user; /* unowned */
  GQueue faults; /* owned; of Waiting */
  int port;
  GPtrArray *guests; /* owned; of Guest (owned) */
};

/* A line that is not yet handed over. */
typedef struct
{
  TillFrontDoor *door;      /* unowned; NULL when it is gone */
  GSocketConnection *below; /* owned */
  GIOStream *line;          /* owned; TLS, once it stands */
  GCancellable *stop;       /* owned */
  TillLineFault fault;
  int value;
  guint timer;
  char head[1024];
  gsize size; /* read so far; only the last bytes are kept */
} Guest;

static void
guest_free (Guest *guest)
{
  g_clear_handle_id (&guest->timer, g_source_remove);
  if (guest->line)
    g_io_stream_close (guest->line, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (guest->below), NULL, NULL);
  g_clear_object (&guest->line);
  g_object_unref (guest->below);
  g_object_unref (guest->stop);
  g_free (guest);
}

static void
leave (Guest *guest)
{
  if (guest->door)
    g_ptr_array_remove_fast (guest->door->guests, guest);
  guest_free (guest);
}

static gboolean
on_time (gpointer data)
{
  Guest *guest = data;
  guest->timer = 0;
  leave (guest);
  return G_SOURCE_REMOVE;
}

static void
wait_then_leave (Guest *guest)
{
  guest->timer = g_timeout_add ((guint)MAX (guest->value, 1), on_time, guest);
}

static void
reset (Guest *guest)
{
  till_raw_reset (guest->line ? guest->line : G_IO_STREAM (guest->below),
                  g_socket_connection_get_socket (guest->below));
  leave (guest);
}

static void read_on (Guest *guest);

/* The head of a request ends with an empty line, wherever it is cut. */
static gboolean
has_ended (Guest *guest, gsize got)
{
  guest->size += got;
  return g_strstr_len (guest->head, (gssize)(got + 3), "\r\n\r\n") != NULL
         || guest->size > HEAD_MAX;
}

static void
on_head (GObject *in, GAsyncResult *result, gpointer data)
{
  Guest *guest = data;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (in), result, NULL);
  if (got <= 0 || !guest->door)
    {
      leave (guest);
      return;
    }
  gboolean ended = has_ended (guest, (gsize)got);
  /* The last three bytes may be the beginning of the end. */
  memmove (guest->head, guest->head + got, 3);
  if (!ended)
    read_on (guest);
  else if (guest->fault == TILL_LINE_RESET_HEAD)
    reset (guest);
  else
    wait_then_leave (guest);
}

static void
read_on (Guest *guest)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (guest->line), guest->head + 3,
                             sizeof guest->head - 3, G_PRIORITY_DEFAULT, guest->stop, on_head,
                             guest);
}

static void
let_in (Guest *guest)
{
  TillFrontDoor *door = guest->door;
  /* Whoever has it now knows how long it may be silent. */
  g_socket_set_timeout (g_socket_connection_get_socket (guest->below), 0);
  GIOStream *line = g_steal_pointer (&guest->line);
  g_autoptr (GSocketConnection) below = g_object_ref (guest->below);
  g_ptr_array_remove_fast (door->guests, guest);
  g_object_unref (guest->below);
  g_object_unref (guest->stop);
  g_free (guest);
  door->hand_over (door->user, line, below);
}

static void
on_shaken (GObject *line, GAsyncResult *result, gpointer data)
{
  Guest *guest = data;
  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (line), result, NULL) || !guest->door)
    leave (guest);
  else if (guest->fault == TILL_LINE_RESET_EARLY)
    reset (guest);
  else if (guest->fault == TILL_LINE_RESET_HEAD || guest->fault == TILL_LINE_NO_CONTINUE)
    read_on (guest);
  else
    let_in (guest);
}

static void
shake_hands (Guest *guest)
{
  GTlsCertificate *certificate = guest->door->certificates[guest->fault];
  g_autoptr (GError) error = NULL;
  guest->line = g_tls_server_connection_new (
      G_IO_STREAM (guest->below),
      certificate ? certificate : guest->door->certificates[TILL_LINE_OK], &error);
  if (!guest->line)
    {
      g_message ("no TLS with somebody: %s", error->message);
      leave (guest);
      return;
    }
  g_tls_connection_handshake_async (G_TLS_CONNECTION (guest->line), G_PRIORITY_DEFAULT, guest->stop,
                                    on_shaken, guest);
}

/* It has begun to shake hands; what it gets is no handshake. */
static void
on_hello (GObject *in, GAsyncResult *result, gpointer data)
{
  Guest *guest = data;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (in), result, NULL);
  gboolean old = guest->fault == TILL_LINE_OLD_TLS;
  /* A few bytes into an empty buffer: nothing waits for it. */
  if (got > 0 && guest->door)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (guest->below)),
                               old ? (const void *)old_hello : portal,
                               old ? sizeof old_hello : sizeof portal - 1, NULL, NULL, NULL);
  leave (guest);
}

static void
receive (TillFrontDoor *door, GSocketConnection *below)
{
  if (door->guests->len >= TILL_DOOR_GUESTS_MAX)
    {
      g_io_stream_close (G_IO_STREAM (below), NULL, NULL);
      return;
    }
  g_autofree Waiting *waiting = g_queue_pop_head (&door->faults);
  Guest *guest = g_new0 (Guest, 1);
  guest->door = door;
  guest->below = g_object_ref (below);
  guest->stop = g_cancellable_new ();
  memset (guest->head, ' ', 3);
  guest->fault = waiting ? waiting->fault : TILL_LINE_OK;
  guest->value = waiting ? waiting->value : 0;
  g_ptr_array_add (door->guests, guest);
  g_socket_set_timeout (g_socket_connection_get_socket (below), PATIENCE_S);
  if (guest->fault == TILL_LINE_UNANSWERED)
    wait_then_leave (guest);
  else if (guest->fault == TILL_LINE_NOT_TLS || guest->fault == TILL_LINE_OLD_TLS)
    g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (below)), guest->head,
                               sizeof guest->head, G_PRIORITY_DEFAULT, guest->stop, on_hello,
                               guest);
  else
    shake_hands (guest);
}

static void
on_accepted (GObject *listener, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) below
      = g_socket_listener_accept_finish (G_SOCKET_LISTENER (listener), result, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  TillFrontDoor *door = data;
  if (below)
    receive (door, below);
  if (door->listener == G_SOCKET_LISTENER (listener))
    g_socket_listener_accept_async (door->listener, door->stop, on_accepted, door);
}

static gboolean
listen_at (TillFrontDoor *door, GError **error)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketAddress) wanted
      = g_inet_socket_address_new_from_string ("127.0.0.1", (guint)door->port);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) broke = NULL;
  if (!g_socket_listener_add_address (listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                      NULL, &got, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "cannot listen on 127.0.0.1:%d: %s",
                   door->port, broke->message);
      return FALSE;
    }
  door->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  door->listener = g_steal_pointer (&listener);
  door->stop = g_cancellable_new ();
  g_socket_listener_accept_async (door->listener, door->stop, on_accepted, door);
  return TRUE;
}

static void
listen_no_more (TillFrontDoor *door)
{
  if (!door->listener)
    return;
  g_cancellable_cancel (door->stop);
  g_socket_listener_close (door->listener);
  g_clear_object (&door->listener);
  g_clear_object (&door->stop);
}

/* The bad ones may be missing in a folder from before there were any. */
static gboolean
load_certificates (TillFrontDoor *door, const char *dir, GError **error)
{
  static const struct
  {
    TillLineFault fault;
    const char *name;
  } files[] = { { TILL_LINE_OK, "server" },
                { TILL_LINE_EXPIRED, "expired" },
                { TILL_LINE_NOT_YET, "not-yet" },
                { TILL_LINE_WRONG_HOST, "wrong-host" },
                { TILL_LINE_STRANGER, "stranger" } };
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *cert = g_strdup_printf ("%s/%s.pem", dir, files[i].name);
      g_autofree char *key = g_strdup_printf ("%s/%s-key.pem", dir, files[i].name);
      if (i > 0 && !g_file_test (cert, G_FILE_TEST_EXISTS))
        continue;
      door->certificates[files[i].fault] = g_tls_certificate_new_from_files (cert, key, error);
      if (!door->certificates[files[i].fault])
        return FALSE;
    }
  return TRUE;
}

TillFrontDoor *
till_front_door_new (const char *dir, int port, TillDoorHandOver hand_over, gpointer user,
                     GError **error)
{
  g_autoptr (TillFrontDoor) door = g_new0 (TillFrontDoor, 1);
  door->hand_over = hand_over;
  door->user = user;
  door->port = port;
  door->guests = g_ptr_array_new ();
  if (!load_certificates (door, dir, error) || !listen_at (door, error))
    return NULL;
  return g_steal_pointer (&door);
}

void
till_front_door_free (TillFrontDoor *door)
{
  listen_no_more (door);
  for (guint i = 0; i < door->guests->len; i++)
    {
      Guest *guest = g_ptr_array_index (door->guests, i);
      guest->door = NULL;
      if (guest->timer)
        guest_free (guest);
      else
        g_cancellable_cancel (guest->stop); /* it leaves when its wait has heard of it */
    }
  g_ptr_array_unref (door->guests);
  g_queue_clear_full (&door->faults, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (door->certificates); i++)
    g_clear_object (&door->certificates[i]);
  g_free (door);
}

int
till_front_door_port (TillFrontDoor *door)
{
  return door->port;
}

static gboolean
needs_certificate (TillLineFault fault)
{
  return fault == TILL_LINE_EXPIRED || fault == TILL_LINE_NOT_YET || fault == TILL_LINE_WRONG_HOST
         || fault == TILL_LINE_STRANGER;
}

gboolean
till_front_door_set_fault (TillFrontDoor *door, TillLineFault fault, int times, int value,
                           GError **error)
{
  const char *wrong = NULL;
  if (times < 1 || times + (gint64)door->faults.length > TILL_FAULTS_MAX)
    wrong = "times must be at least 1, and no more than 1000 may wait";
  else if (value < 0 || value > VALUE_MAX)
    wrong = "value must be 0–600000";
  else if (needs_certificate (fault) && !door->certificates[fault])
    wrong = "this provider's folder has no such certificate: make a new one with --init";
  if (wrong)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", wrong);
      return FALSE;
    }
  if (fault == TILL_LINE_REFUSED)
    {
      listen_no_more (door);
      return TRUE;
    }
  for (int i = 0; i < times; i++)
    {
      Waiting *waiting = g_new0 (Waiting, 1);
      *waiting = (Waiting){ fault, value };
      g_queue_push_tail (&door->faults, waiting);
    }
  return TRUE;
}

gboolean
till_front_door_clear_faults (TillFrontDoor *door, GError **error)
{
  g_queue_clear_full (&door->faults, g_free);
  return door->listener || listen_at (door, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtual devices over a unix socket: whoever connects is a device, and is unplugged when it hangs
 * up. Its first line is "device DRIVER NAME…"; each line after it is one report. What it is
 * sent are bytes as they are. A line longer than
 * LINE_MAX ends the connection. The socket is the owner's alone (mode 0600). */
#include "devices/usb/wire.h"
#include "data/core/error.h"
#include "data/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PEERS_MAX 4
#define LINE_BYTES_MAX 512

typedef struct _Peer Peer;

typedef struct
{
  TillBus base;
  char *path; /* owned */
  int fd;
  GSource *ready;   /* owned */
  GPtrArray *peers; /* owned; of Peer */
  guint next_number;
  const TillBusWatch *watch;
  gpointer user;
  GMainContext *home; /* owned */
} SocketBus;

struct _Peer
{
  TillWire base;  /* the peer is the wire: it cannot be opened twice */
  SocketBus *bus; /* unowned */
  int fd;
  char *path;     /* owned */
  GSource *ready; /* owned; removed while nobody listens, so that lines wait in the socket */
  guint8 line[LINE_BYTES_MAX];
  gsize size;
  gboolean named; /* the first line was understood */
  gboolean opened;
  const TillWireSink *sink;
  gpointer user;
};

static void
hush (Peer *peer)
{
  if (peer->ready)
    g_source_destroy (peer->ready);
  g_clear_pointer (&peer->ready, g_source_unref);
}

static void
peer_free (gpointer data)
{
  Peer *peer = data;
  hush (peer);
  close (peer->fd);
  explicit_bzero (peer->line, sizeof peer->line);
  g_free (peer->path);
  g_free (peer);
}

static void
hang_up (Peer *peer, const char *why)
{
  SocketBus *bus = peer->bus;
  g_autofree char *path = g_strdup (peer->path);
  gboolean named = peer->named;
  if (why)
    g_warning ("virtual device %s is disconnected: %s", path, why);
  if (named) /* closes the wire, while the peer still exists */
    bus->watch->left (path, bus->user);
  g_ptr_array_remove_fast (bus->peers, peer);
}

static gboolean
introduce (Peer *peer, const guint8 *line, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)line, size);
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  if (g_strv_length (words) != 3 || strcmp (words[0], "device") != 0 || !words[1][0])
    return FALSE;
  g_autoptr (TillWireDescription) description = g_new0 (TillWireDescription, 1);
  description->path = g_strdup (peer->path);
  description->serial = g_strdup ("");
  description->name = till_text_clean (words[2], 126);
  description->driver = till_text_clean (words[1], 32);
  description->n_faces = 1;
  peer->named = TRUE;
  hush (peer); /* until it is listened to */
  peer->bus->watch->arrived (description, peer->bus->user);
  return peer->opened;
}

/* Handles whole lines while somebody wants them; FALSE when the peer is gone. */
static gboolean
cut_lines (Peer *peer)
{
  guint8 *end;
  while ((end = memchr (peer->line, '\n', peer->size)))
    {
      guint8 line[LINE_BYTES_MAX];
      gsize size = (gsize)(end - peer->line);
      if (peer->named && !peer->ready)
        return TRUE; /* it stays until it is listened to */
      memcpy (line, peer->line, size);
      peer->size -= size + 1;
      memmove (peer->line, end + 1, peer->size);
      explicit_bzero (peer->line + peer->size, sizeof peer->line - peer->size);
      if (peer->named)
        peer->sink->report (line, size, 0, peer->user);
      else if (!introduce (peer, line, size))
        {
          hang_up (peer, "it does not say what it is, or nobody here can drive it");
          return FALSE;
        }
      explicit_bzero (line, sizeof line);
    }
  if (peer->size < sizeof peer->line)
    return TRUE;
  hang_up (peer, "its line is too long");
  return FALSE;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  Peer *peer = data;
  gssize got = recv (fd, peer->line + peer->size, sizeof peer->line - peer->size, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (got <= 0)
    {
      hang_up (peer, NULL);
      return G_SOURCE_REMOVE;
    }
  peer->size += (gsize)got;
  cut_lines (peer);
  return G_SOURCE_CONTINUE; /* a source that was destroyed meanwhile stays so */
}

static void
hear (Peer *peer)
{
  peer->ready = g_unix_fd_source_new (peer->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (peer->ready, G_SOURCE_FUNC (on_readable), peer, NULL);
  g_source_attach (peer->ready, peer->bus->home);
}

static gboolean
on_caller (int fd, GIOCondition condition, gpointer data)
{
  SocketBus *bus = data;
  int caller = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (caller < 0)
    return G_SOURCE_CONTINUE;
  if (bus->peers->len >= PEERS_MAX)
    {
      g_warning ("one virtual device too many: at most %d", PEERS_MAX);
      close (caller);
      return G_SOURCE_CONTINUE;
    }
  Peer *peer = g_new0 (Peer, 1);
  peer->base.kind = &till_bus_socket;
  peer->bus = bus;
  peer->fd = caller;
  peer->path = g_strdup_printf ("virtual-%u", ++bus->next_number);
  g_ptr_array_add (bus->peers, peer);
  hear (peer);
  return G_SOURCE_CONTINUE;
}

static int
listen_at (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  if (strlen (path) >= sizeof address.sun_path)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: too long for a socket", path);
      return -1;
    }
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  /* What a killed till left behind must not stop the next one; a file that is no socket is not
   * ours to remove, and bind () then says so. */
  struct stat left_behind;
  if (fd >= 0 && lstat (path, &left_behind) == 0 && S_ISSOCK (left_behind.st_mode))
    unlink (path);
  if (fd >= 0 && fchmod (fd, 0600) == 0
      && bind (fd, (struct sockaddr *)&address, sizeof address) == 0 && chmod (path, 0600) == 0
      && listen (fd, PEERS_MAX) == 0)
    return fd;
  g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "virtual devices cannot connect at %s: %s",
               path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static TillBus *
socket_start (const char *where, const TillBusWatch *watch, gpointer user, GError **error)
{
  int fd = listen_at (where, error);
  if (fd < 0)
    return NULL;
  SocketBus *bus = g_new0 (SocketBus, 1);
  bus->base.kind = &till_bus_socket;
  bus->path = g_strdup (where);
  bus->fd = fd;
  bus->watch = watch;
  bus->user = user;
  bus->peers = g_ptr_array_new_with_free_func (peer_free);
  bus->home = g_main_context_ref_thread_default ();
  bus->ready = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_callback (bus->ready, G_SOURCE_FUNC (on_caller), bus, NULL);
  g_source_attach (bus->ready, bus->home);
  return &bus->base;
}

static void
socket_stop (TillBus *base)
{
  SocketBus *bus = (SocketBus *)base;
  g_source_destroy (bus->ready);
  g_source_unref (bus->ready);
  g_ptr_array_unref (bus->peers);
  close (bus->fd);
  unlink (bus->path);
  g_main_context_unref (bus->home);
  g_free (bus->path);
  g_free (bus);
}

static GBytes *
socket_peek (TillBus *base, const char *path, guint8 face, gboolean *is_free)
{
  *is_free = FALSE; /* no report descriptor, and no use asking */
  return NULL;
}

static TillWire *
socket_open (TillBus *base, const char *path, guint8 face, const TillWireSink *sink, gpointer user,
             TillDeviceState *state, GError **error)
{
  SocketBus *bus = (SocketBus *)base;
  for (guint i = 0; i < bus->peers->len; i++)
    {
      Peer *peer = g_ptr_array_index (bus->peers, i);
      if (strcmp (peer->path, path) != 0)
        continue;
      g_assert (!peer->opened);
      peer->opened = TRUE;
      peer->sink = sink;
      peer->user = user;
      *state = TILL_DEVICE_READY;
      return &peer->base;
    }
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "it was unplugged");
  *state = TILL_DEVICE_UNPLUGGED;
  return NULL;
}

static void
socket_close (TillWire *base)
{
  Peer *peer = (Peer *)base;
  peer->opened = FALSE;
  hush (peer);
}

static gssize
socket_control_in (TillWire *base, guint8 request_type, guint8 request, guint16 value,
                   guint16 index, guint8 *bytes, guint16 size, GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "a virtual device has no requests");
  return -1;
}

/* Lines that came with the introduction wait in peer->line; they are cut at the next turn. */
static gboolean
on_backlog (gpointer data)
{
  Peer *peer = data;
  hush (peer);
  hear (peer);
  cut_lines (peer);
  return G_SOURCE_REMOVE;
}

static gboolean
socket_listen (TillWire *base, gsize report_size, GError **error)
{
  Peer *peer = (Peer *)base;
  peer->ready = g_idle_source_new ();
  g_source_set_callback (peer->ready, on_backlog, peer, NULL);
  g_source_attach (peer->ready, peer->bus->home);
  return TRUE;
}

/* A peer that does not read is not waited for. */
static gboolean
socket_send (TillWire *base, const guint8 *bytes, gsize size, TillDeviceState *state,
             GError **error)
{
  Peer *peer = (Peer *)base;
  if (send (peer->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) == (gssize)size)
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "it does not take what is sent");
  *state = TILL_DEVICE_TROUBLE;
  return FALSE;
}

static gboolean
socket_request (TillWire *base, guint8 request, guint16 value, TillDeviceState *state,
                GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "a virtual device has no requests");
  *state = TILL_DEVICE_TROUBLE;
  return FALSE;
}

const TillBusKind till_bus_socket = {
  .name = "socket",
  .start = socket_start,
  .stop = socket_stop,
  .peek = socket_peek,
  .open = socket_open,
  .close = socket_close,
  .control_in = socket_control_in,
  .listen = socket_listen,
  .send = socket_send,
  .request = socket_request,
};

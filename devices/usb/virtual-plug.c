/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/virtual-plug.h"
#include "data/core/error.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct _TillVirtualPlug
{
  int fd;
};

gboolean
till_virtual_plug_send (TillVirtualPlug *plug, const char *line, GError **error)
{
  if (strchr (line, '\n'))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "a line with a line break");
      return FALSE;
    }
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  gssize size = (gssize)strlen (whole);
  gssize sent = send (plug->fd, whole, (gsize)size, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent == size)
    return TRUE;
  gboolean is_full = sent >= 0 || errno == EAGAIN;
  /* Half a line cannot be taken back; nothing may follow it. */
  if (sent > 0)
    shutdown (plug->fd, SHUT_RDWR);
  g_set_error (error, TILL_ERROR, is_full ? TILL_ERROR_BUSY : TILL_ERROR_OFFLINE,
               "the till does not take the line: %s",
               is_full ? "too many wait" : g_strerror (errno));
  return FALSE;
}

TillVirtualPlug *
till_virtual_plug_new (const char *socket_path, const char *driver, const char *name,
                       GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  if (g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path) >= sizeof address.sun_path)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: too long for a socket", socket_path);
      return NULL;
    }
  g_autoptr (TillVirtualPlug) plug = g_new0 (TillVirtualPlug, 1);
  plug->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (plug->fd < 0 || connect (plug->fd, (struct sockaddr *)&address, sizeof address) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "no till listens at %s: %s", socket_path,
                   g_strerror (errno));
      return NULL;
    }
  g_autofree char *hello = g_strdup_printf ("device %s %s", driver, name);
  if (!till_virtual_plug_send (plug, hello, error))
    return NULL;
  return g_steal_pointer (&plug);
}

void
till_virtual_plug_free (TillVirtualPlug *plug)
{
  if (plug->fd >= 0)
    close (plug->fd);
  g_free (plug);
}

gboolean
till_virtual_plug_card (TillVirtualPlug *plug, const TillSampleCard *card, const char *entry,
                        GError **error)
{
  g_autofree char *line = till_reader_virtual_line (card, entry);
  return till_virtual_plug_send (plug, line, error);
}

gboolean
till_virtual_plug_early (TillVirtualPlug *plug, GError **error)
{
  return till_virtual_plug_send (plug, TILL_READER_VIRTUAL_EARLY, error);
}

gboolean
till_virtual_plug_scan (TillVirtualPlug *plug, const char *symbology, const char *code,
                        GError **error)
{
  g_autofree char *line = g_strdup_printf ("code %s %s", symbology ? symbology : "-", code);
  return till_virtual_plug_send (plug, line, error);
}

int
till_virtual_plug_fd (const TillVirtualPlug *plug)
{
  return plug->fd;
}

gssize
till_virtual_plug_hear (TillVirtualPlug *plug, guint8 *bytes, gsize size, GError **error)
{
  gssize got = recv (plug->fd, bytes, size, MSG_DONTWAIT);
  if (got > 0)
    return got;
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;
  g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "the till has hung up%s%s",
               got < 0 ? ": " : "", got < 0 ? g_strerror (errno) : "");
  return -1;
}

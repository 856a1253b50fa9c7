/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/usb-queue.h"
#include "data/core/text.h"
#include "data/trade/usb-name.h"

#include <string.h>

#define PLACE TILL_USB_QUEUE_SCHEME "://usb/"
#define ADDRESS_MAX 255

char *
till_usb_queue_address (const char *usb_name)
{
  TillUsbName name;
  g_return_val_if_fail (till_usb_name_read (usb_name, &name), NULL);
  /* A blank or an "&" in a serial number must not end the address. */
  g_autofree char *serial = g_uri_escape_string (name.serial, NULL, FALSE);
  return g_strdup_printf (PLACE "%04x:%04x%s%s", name.vendor, name.product,
                          *serial      ? "?serial="
                          : *name.port ? "?port="
                                       : "",
                          *serial ? serial : name.port);
}

char *
till_usb_queue_printer (const char *address)
{
  if (!address || strlen (address) > ADDRESS_MAX || !g_str_has_prefix (address, PLACE))
    return NULL;
  g_auto (GStrv) parts = g_strsplit (address + strlen (PLACE), "?", 2);
  const char *query = parts[0] && parts[1] ? parts[1] : "";
  g_autofree char *name = NULL;
  if (g_str_has_prefix (query, "serial="))
    {
      g_autofree char *serial = g_uri_unescape_string (query + strlen ("serial="), NULL);
      name = serial ? g_strdup_printf ("%s:%s", parts[0], serial) : NULL;
    }
  else if (g_str_has_prefix (query, "port="))
    name = g_strdup_printf ("%s@%s", parts[0], query + strlen ("port="));
  else if (*query == '\0' && parts[0])
    name = g_strdup (parts[0]);
  TillUsbName read;
  return name && till_usb_name_read (name, &read) ? g_steal_pointer (&name) : NULL;
}

static const char *const end_words[] = { "proven", "handed", "unknown", "untouched" };

char *
till_usb_queue_end_write (TillUsbQueueEnd end, int job, gsize bytes)
{
  return g_strdup_printf (TILL_USB_QUEUE_SCHEME " %s job %d bytes %" G_GSIZE_FORMAT, end_words[end],
                          job, bytes);
}

gboolean
till_usb_queue_end_read (const char *words, int job, TillUsbQueueEnd *end, gsize *bytes)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", 7);
  guint64 named, count;
  if (g_strv_length (parts) != 6 || !g_str_equal (parts[0], TILL_USB_QUEUE_SCHEME)
      || !g_str_equal (parts[2], "job") || !g_str_equal (parts[4], "bytes")
      || !g_ascii_string_to_unsigned (parts[3], 10, 1, G_MAXINT32, &named, NULL)
      || !g_ascii_string_to_unsigned (parts[5], 10, 0, G_MAXINT32, &count, NULL)
      || named != (guint64)job)
    return FALSE;
  int which = till_text_index (end_words, G_N_ELEMENTS (end_words), parts[1]);
  if (which < 0)
    return FALSE;
  *end = (TillUsbQueueEnd)which;
  *bytes = (gsize)count;
  return TRUE;
}

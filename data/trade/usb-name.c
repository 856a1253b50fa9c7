/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/usb-name.h"

#include <string.h>

#define IDS 9 /* "04b8:0e28" */

static gboolean
read_hex (const char *digits, guint16 *number)
{
  *number = 0;
  for (int i = 0; i < 4; i++)
    {
      int value = g_ascii_xdigit_value (digits[i]);
      if (value < 0)
        return FALSE;
      *number = (guint16)(*number << 4 | value);
    }
  return TRUE;
}

/* Printable ASCII without blanks: it has to survive a setting, a log and a command line. */
static gboolean
read_rest (const char *text, char *place)
{
  gsize n = strlen (text);
  if (n == 0 || n >= TILL_USB_NAME_MAX)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  memcpy (place, text, n + 1);
  return TRUE;
}

gboolean
till_usb_name_read (const char *text, TillUsbName *name)
{
  memset (name, 0, sizeof *name);
  if (strnlen (text, IDS) < IDS || text[4] != ':' || !read_hex (text, &name->vendor)
      || !read_hex (text + 5, &name->product))
    return FALSE;
  if (text[IDS] == ':')
    return read_rest (text + IDS + 1, name->serial);
  if (text[IDS] == '@')
    return read_rest (text + IDS + 1, name->port);
  return text[IDS] == '\0';
}

gboolean
till_usb_name_fits (const TillUsbName *name, guint16 vendor, guint16 product, const char *serial,
                    const char *port)
{
  return name->vendor == vendor && name->product == product
         && (!*name->serial || strcmp (name->serial, serial) == 0)
         && (!*name->port || strcmp (name->port, port) == 0);
}

gboolean
till_usb_names_agree (const TillUsbName *a, const TillUsbName *b)
{
  return a->vendor == b->vendor && a->product == b->product
         && (!*a->serial || !*b->serial || strcmp (a->serial, b->serial) == 0)
         && (!*a->port || !*b->port || strcmp (a->port, b->port) == 0);
}

char *
till_usb_name_write (guint16 vendor, guint16 product, const char *serial, const char *port)
{
  char place[TILL_USB_NAME_MAX];
  gboolean by_serial = read_rest (serial, place);
  return g_strdup_printf ("%04x:%04x%s%s", vendor, product, by_serial ? ":" : "@",
                          by_serial ? serial : port);
}

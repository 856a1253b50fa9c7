/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/usb-cable.h"
#include "data/core/error.h"
#include "data/core/text.h"

#include <libusb.h>
#include <string.h>

#define CONTROL_MS 1000
#define STALLS_MAX 3
#define ID_MAX 1024
#define PROTOCOL_IPP 4
#define WORDS_MAX 120
/* One transfer; the kernel's own buffers are no larger. */
#define TRANSFER_MAX (16 * 1024)

/* Printers that call their interface "vendor specific". */
static const struct
{
  guint16 vendor, product;
} vendor_class[] = {
  { 0x04b8, 0x0202 }, /* Epson TM series */
};

/* Where on a device the printer is. */
typedef struct
{
  int face, setting;
  guint8 out, in; /* in is 0 when it cannot answer */
} Place;

struct _TillUsbCable
{
  libusb_context *context;      /* owned */
  libusb_device_handle *handle; /* owned; NULL before it is open */
  Place place;
  gboolean claimed;
  guint plugging;
};

void
till_usb_printer_free (TillUsbPrinter *printer)
{
  g_free (printer->name);
  g_free (printer->words);
  g_free (printer);
}

/* --- what is plugged in --- */

static gboolean
is_printer (const struct libusb_device_descriptor *device,
            const struct libusb_interface_descriptor *face)
{
  if (face->bInterfaceClass == LIBUSB_CLASS_PRINTER)
    return face->bInterfaceSubClass == 1 && face->bInterfaceProtocol != PROTOCOL_IPP;
  for (gsize i = 0; i < G_N_ELEMENTS (vendor_class); i++)
    if (face->bInterfaceClass == LIBUSB_CLASS_VENDOR_SPEC
        && vendor_class[i].vendor == device->idVendor
        && vendor_class[i].product == device->idProduct)
      return TRUE;
  return FALSE;
}

static gboolean
read_place (const struct libusb_interface_descriptor *face, Place *place)
{
  *place = (Place){ face->bInterfaceNumber, face->bAlternateSetting, 0, 0 };
  for (int i = 0; i < face->bNumEndpoints; i++)
    {
      const struct libusb_endpoint_descriptor *end = &face->endpoint[i];
      if ((end->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK
          || end->wMaxPacketSize == 0)
        continue;
      guint8 *which = end->bEndpointAddress & LIBUSB_ENDPOINT_IN ? &place->in : &place->out;
      if (*which == 0)
        *which = end->bEndpointAddress;
    }
  return place->out != 0;
}

/* The first setting that answers, or else the first that prints. */
static gboolean
find_place (libusb_device *device, const struct libusb_device_descriptor *facts, Place *place)
{
  struct libusb_config_descriptor *config = NULL;
  if (libusb_get_active_config_descriptor (device, &config) != 0)
    return FALSE;
  gboolean found = FALSE;
  for (int i = 0; i < config->bNumInterfaces; i++)
    for (int k = 0; k < config->interface[i].num_altsetting; k++)
      {
        const struct libusb_interface_descriptor *face = &config->interface[i].altsetting[k];
        Place here;
        if (is_printer (facts, face) && read_place (face, &here)
            && (!found || (place->in == 0 && here.in != 0)))
          {
            *place = here;
            found = TRUE;
          }
      }
  libusb_free_config_descriptor (config);
  return found;
}

static char *
port_of (libusb_device *device)
{
  guint8 ports[8];
  int n = libusb_get_port_numbers (device, ports, G_N_ELEMENTS (ports));
  g_autoptr (GString) port = g_string_new (NULL);
  g_string_printf (port, "%u", libusb_get_bus_number (device));
  for (int i = 0; i < n; i++)
    g_string_append_printf (port, "%c%u", i == 0 ? '-' : '.', ports[i]);
  return g_strdup (port->str);
}

/* As the kernel has read it: asking the device itself would need it open. */
static char *
kernel_says (const char *port, const char *what)
{
  g_autofree char *file = g_build_filename ("/sys/bus/usb/devices", port, what, NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (file, &text, NULL, NULL))
    return g_strdup ("");
  return till_text_clean (g_strchomp (text), TILL_USB_NAME_MAX - 1);
}

static TillUsbPrinter *
describe (const struct libusb_device_descriptor *facts, const char *serial, const char *port,
          const Place *place)
{
  TillUsbPrinter *printer = g_new0 (TillUsbPrinter, 1);
  g_autofree char *maker = kernel_says (port, "manufacturer");
  g_autofree char *model = kernel_says (port, "product");
  g_autofree char *words = g_strdup_printf ("%s %s", maker, model);
  printer->name = till_usb_name_write (facts->idVendor, facts->idProduct, serial, port);
  printer->words = till_text_clean (g_strstrip (words), WORDS_MAX);
  printer->can_tell = place->in != 0;
  return printer;
}

static gboolean
wire_error (GError **error, const char *doing, int code)
{
  const char *words = libusb_strerror (code);
  if (code == LIBUSB_ERROR_ACCESS)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                 "no permission for the printer on USB: install 70-quittance.rules in "
                 "/etc/udev/rules.d, then plug it in again");
  else if (code == LIBUSB_ERROR_BUSY)
    g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY,
                 "the printer on USB is held by another program, perhaps a print queue of its own: "
                 "end it there");
  else if (code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND)
    g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "the printer was unplugged");
  else
    g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "%s the printer on USB: %s", doing, words);
  return FALSE;
}

/* Calls of a visitor for each printer; it says whether to go on. */
typedef gboolean (*Visit) (libusb_device *device, const struct libusb_device_descriptor *facts,
                           const Place *place, gpointer user);

static gboolean
each_printer (libusb_context *context, Visit visit, gpointer user, GError **error)
{
  libusb_device **devices = NULL;
  gssize n = libusb_get_device_list (context, &devices);
  if (n < 0)
    return wire_error (error, "cannot look for", (int)n);
  for (gssize i = 0; i < n; i++)
    {
      struct libusb_device_descriptor facts;
      Place place;
      if (libusb_get_device_descriptor (devices[i], &facts) == 0
          && find_place (devices[i], &facts, &place) && !visit (devices[i], &facts, &place, user))
        break;
    }
  libusb_free_device_list (devices, 1);
  return TRUE;
}

static gboolean
note_printer (libusb_device *device, const struct libusb_device_descriptor *facts,
              const Place *place, gpointer user)
{
  GPtrArray *list = user;
  g_autofree char *port = port_of (device);
  g_autofree char *serial = kernel_says (port, "serial");
  g_ptr_array_add (list, describe (facts, serial, port, place));
  return list->len < TILL_USB_PRINTERS_MAX;
}

GPtrArray *
till_usb_cable_list (GError **error)
{
  libusb_context *context = NULL;
  int code = libusb_init (&context);
  if (code != 0)
    {
      wire_error (error, "cannot look for", code);
      return NULL;
    }
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_usb_printer_free);
  gboolean looked = each_printer (context, note_printer, list, error);
  libusb_exit (context);
  return looked ? g_steal_pointer (&list) : NULL;
}

/* --- open and closed --- */

typedef struct
{
  const TillUsbName *name; /* unowned */
  libusb_device *device;   /* owned reference; NULL until found */
  Place place;
  guint fits;
} Wanted;

static gboolean
take_wanted (libusb_device *device, const struct libusb_device_descriptor *facts,
             const Place *place, gpointer user)
{
  Wanted *wanted = user;
  g_autofree char *port = port_of (device);
  g_autofree char *serial = kernel_says (port, "serial");
  if (!till_usb_name_fits (wanted->name, facts->idVendor, facts->idProduct, serial, port))
    return TRUE;
  if (wanted->fits++ == 0)
    {
      wanted->device = libusb_ref_device (device);
      wanted->place = *place;
    }
  return TRUE;
}

static gboolean
is_the_one (const Wanted *wanted, GError **error)
{
  if (wanted->fits == 1)
    return TRUE;
  if (wanted->fits == 0)
    g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
                 "the printer %04x:%04x is not plugged in, or not switched on",
                 wanted->name->vendor, wanted->name->product);
  else
    g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                 "%u printers are called %04x:%04x: name the one by its number or its port",
                 wanted->fits, wanted->name->vendor, wanted->name->product);
  return FALSE;
}

static gboolean
claim (TillUsbCable *cable, libusb_device *device, GError **error)
{
  int code = libusb_open (device, &cable->handle);
  if (code != 0)
    return wire_error (error, "cannot open", code);
  libusb_set_auto_detach_kernel_driver (cable->handle, 1);
  code = libusb_claim_interface (cable->handle, cable->place.face);
  if (code != 0)
    return wire_error (error, "cannot hold", code);
  cable->claimed = TRUE;
  if (cable->place.setting == 0)
    return TRUE;
  code = libusb_set_interface_alt_setting (cable->handle, cable->place.face, cable->place.setting);
  return code == 0 || wire_error (error, "cannot set", code);
}

TillUsbCable *
till_usb_cable_open (const TillUsbName *name, GError **error)
{
  g_autoptr (TillUsbCable) cable = g_new0 (TillUsbCable, 1);
  Wanted wanted = { .name = name };
  int code = libusb_init (&cable->context);
  if (code != 0)
    {
      wire_error (error, "cannot look for", code);
      return NULL;
    }
  gboolean good
      = each_printer (cable->context, take_wanted, &wanted, error) && is_the_one (&wanted, error);
  if (good)
    {
      cable->place = wanted.place;
      cable->plugging = 1u << 16 | (guint)libusb_get_bus_number (wanted.device) << 8
                        | libusb_get_device_address (wanted.device);
      good = claim (cable, wanted.device, error);
    }
  g_clear_pointer (&wanted.device, libusb_unref_device);
  return good ? g_steal_pointer (&cable) : NULL;
}

void
till_usb_cable_close (TillUsbCable *cable)
{
  if (cable->claimed)
    libusb_release_interface (cable->handle, cable->place.face);
  g_clear_pointer (&cable->handle, libusb_close);
  g_clear_pointer (&cable->context, libusb_exit);
  g_free (cable);
}

guint
till_usb_cable_plugging (const TillUsbCable *cable)
{
  return cable->plugging;
}

gboolean
till_usb_cable_can_tell (const TillUsbCable *cable)
{
  return cable->place.in != 0;
}

/* --- bytes --- */

/* One transfer; a stall is cleared, and then nothing more than what went is said. */
static gboolean
transfer (TillUsbCable *cable, guint8 end, guint8 *bytes, gsize size, int timeout_ms, gsize *done,
          gboolean *stalled, GError **error)
{
  int moved = 0;
  int code = libusb_bulk_transfer (cable->handle, end, bytes, (int)MIN (size, TRANSFER_MAX), &moved,
                                   (unsigned int)MAX (timeout_ms, 1));
  *done = (gsize)MAX (moved, 0);
  *stalled = code == LIBUSB_ERROR_PIPE;
  if (code == 0 || code == LIBUSB_ERROR_TIMEOUT)
    return TRUE;
  if (!*stalled)
    return wire_error (error, "cannot talk to", code);
  code = libusb_clear_halt (cable->handle, end);
  return code == 0 || wire_error (error, "cannot go on with", code);
}

gboolean
till_usb_cable_write (TillUsbCable *cable, const guint8 *bytes, gsize size, int timeout_ms,
                      gsize *taken, GError **error)
{
  gint64 until = g_get_monotonic_time () + (gint64)timeout_ms * 1000;
  int stalls = 0;
  *taken = 0;
  while (*taken < size)
    {
      int left_ms = (int)((until - g_get_monotonic_time ()) / 1000);
      gsize done;
      gboolean stalled;
      if (left_ms <= 0)
        return TRUE;
      /* libusb takes no const; it reads only. */
      gboolean good = transfer (cable, cable->place.out, (guint8 *)bytes + *taken, size - *taken,
                                left_ms, &done, &stalled, error);
      *taken += done;
      if (!good)
        return FALSE;
      if (stalled && ++stalls > STALLS_MAX)
        return wire_error (error, "cannot go on with", LIBUSB_ERROR_PIPE);
    }
  return TRUE;
}

gboolean
till_usb_cable_read (TillUsbCable *cable, guint8 *bytes, gsize size, int timeout_ms, gsize *got,
                     GError **error)
{
  gboolean stalled;
  *got = 0;
  return cable->place.in == 0
         || transfer (cable, cable->place.in, bytes, size, timeout_ms, got, &stalled, error);
}

gboolean
till_usb_cable_port_status (TillUsbCable *cable, guint8 *status)
{
  return libusb_control_transfer (cable->handle,
                                  LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS
                                      | LIBUSB_RECIPIENT_INTERFACE,
                                  1, 0, (guint16)cable->place.face, status, 1, CONTROL_MS)
         == 1;
}

char *
till_usb_cable_device_id (TillUsbCable *cable)
{
  guint8 bytes[ID_MAX + 1] = { 0 };
  int got = libusb_control_transfer (
      cable->handle, LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE, 0,
      0, (guint16)(cable->place.face << 8 | cable->place.setting), bytes, ID_MAX, CONTROL_MS);
  /* A TM-U220 with a UB-U02III stalls here; the control endpoint recovers by itself. */
  return till_text_clean (got > 2 ? (const char *)bytes + 2 : "", WORDS_MAX);
}

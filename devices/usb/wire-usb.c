/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows libusb.
 *
 * libusb's events have a thread of their own: a GSource over its file descriptors starves whoever
 * shares the context. That thread does nothing but copy bytes into a queue and wake the bus's
 * thread ("home"), which opens, asks, clears and closes. It sleeps without a timer while nothing
 * happens. Source: libusb 1.0 API, "Asynchronous device I/O" and "hotplug". */
#include "devices/usb/wire.h"
#include "data/core/error.h"
#include "devices/usb/acm.h"
#include "devices/usb/ccid.h"
#include "devices/usb/hid-report.h"
#include "devices/usb/sysfs.h"

#include <libusb.h>
#include <string.h>

#define IN_FLIGHT 2
#define STALLS_MAX 3 /* in a row; then it is trouble */
#define CONTROL_TIMEOUT_MS 1000
#define CANCEL_TIMEOUT (5 * G_TIME_SPAN_SECOND)
#define HOTPLUG_QUEUE_MAX 256
#define DEVICES_MAX 128

G_STATIC_ASSERT (TILL_WIRE_CLASS_MAX == TILL_CCID_DESCRIPTOR);

enum
{
  OUT_CLASS_INTERFACE = 0x21,
};

typedef struct
{
  TillBus base;
  libusb_context *context;
  libusb_hotplug_callback_handle hotplug;
  GThread *thread;    /* owned until joined */
  gint stopping;      /* atomic */
  GMainContext *home; /* owned */
  const TillBusWatch *watch;
  gpointer user;
  GPtrArray *known; /* owned; of Known; home only */
  GMutex lock;
  GQueue plugs;   /* of Plug; under lock */
  GSource *drain; /* owned; under lock; NULL while nothing waits */
} UsbBus;

typedef struct
{
  libusb_device *device; /* owned reference */
  char *path;            /* owned */
  guint8 bus, address;
} Known;

typedef struct
{
  libusb_device *device; /* owned reference */
  gboolean is_arrival;
} Plug;

typedef struct
{
  guint8 *bytes;
  gsize size;
  guint dropped;
} Report;

typedef struct
{
  guint8 endpoint;
  guint8 type; /* of its transfers */
  guint16 packet;
} Ear;

typedef struct
{
  TillWire base;
  gatomicrefcount refs;
  UsbBus *bus;                  /* unowned */
  Known *known;                 /* owned copy */
  libusb_device_handle *handle; /* owned */
  guint8 face;
  int control; /* of a serial line: the interface that is greeted; else -1 */
  /* Where each transfer listens: both at the same place, but at a reader of smart cards one for
   * its answers and one for its notices. 0: nowhere. */
  Ear ears[IN_FLIGHT];
  guint8 out; /* of a serial line or a reader: where bytes go; 0: nowhere */
  const TillWireSink *sink;
  gpointer user;
  struct libusb_transfer *transfers[IN_FLIGHT]; /* owned */
  guint8 *buffers[IN_FLIGHT];                   /* owned */
  gsize buffer_size;
  guint stalls;
  gboolean closed; /* home only */

  GMutex lock;
  GCond landed;
  gboolean in_flight[IN_FLIGHT]; /* under lock, as all below */
  gboolean closing;
  GQueue reports; /* of Report */
  guint dropped;
  int trouble;    /* the first transfer status that was not completion, or 0 */
  GSource *drain; /* owned; NULL while nothing waits */
} UsbWire;

/* --- words --- */

static void
set_broken (GError **error, const char *deed, int code)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "%s: %s", deed, libusb_strerror (code));
}

static TillDeviceState
explain (const Known *known, guint8 face, const char *deed, int code, GError **error)
{
  if (code == LIBUSB_ERROR_ACCESS)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "no permission for /dev/bus/usb/%03u/%03u: install 70-quittance.rules in "
                   "/etc/udev/rules.d, then plug the device in again",
                   known->bus, known->address);
      return TILL_DEVICE_NO_PERMISSION;
    }
  if (code == LIBUSB_ERROR_BUSY)
    {
      g_autofree char *holder = till_sysfs_holder (known->path, face, known->bus, known->address);
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "held by %s: end it there", holder);
      return TILL_DEVICE_BUSY;
    }
  if (code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_NOT_FOUND)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "it was unplugged");
      return TILL_DEVICE_UNPLUGGED;
    }
  set_broken (error, deed, code);
  return TILL_DEVICE_TROUBLE;
}

/* --- the bus --- */

static void
known_free (gpointer data)
{
  Known *known = data;
  libusb_unref_device (known->device);
  g_free (known->path);
  g_free (known);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Known, known_free)

static Known *
known_new (libusb_device *device)
{
  Known *known = g_new0 (Known, 1);
  known->device = libusb_ref_device (device);
  known->bus = libusb_get_bus_number (device);
  known->address = libusb_get_device_address (device);
  guint8 ports[8];
  int n = libusb_get_port_numbers (device, ports, G_N_ELEMENTS (ports));
  GString *path = g_string_new (NULL);
  if (n <= 0) /* a root hub, or a system that hides its ports */
    g_string_printf (path, "usb%u.%u", known->bus, known->address);
  for (int i = 0; i < n; i++)
    {
      if (i == 0)
        g_string_append_printf (path, "%u-%u", known->bus, ports[0]);
      else
        g_string_append_printf (path, ".%u", ports[i]);
    }
  known->path = g_string_free (path, FALSE);
  return known;
}

static Known *
find_known (UsbBus *bus, const char *path)
{
  for (guint i = 0; i < bus->known->len; i++)
    {
      Known *known = g_ptr_array_index (bus->known, i);
      if (strcmp (known->path, path) == 0)
        return known;
    }
  return NULL;
}

static void
plug_free (gpointer data)
{
  Plug *plug = data;
  libusb_unref_device (plug->device);
  g_free (plug);
}

static void
keep_class (const guint8 *extra, int length, TillWireFace *face)
{
  /* The type's number means something else elsewhere. */
  gboolean may_be = face->class == TILL_CCID_CLASS || face->class == LIBUSB_CLASS_VENDOR_SPEC;
  const guint8 *found = may_be && length > 0 ? till_ccid_class_find (extra, (gsize)length) : NULL;
  if (!found || face->descriptor_size > 0)
    return;
  memcpy (face->descriptor, found, sizeof face->descriptor);
  face->descriptor_size = sizeof face->descriptor;
}

static void
read_face (const struct libusb_interface_descriptor *descriptor, TillWireFace *face)
{
  face->number = descriptor->bInterfaceNumber;
  face->class = descriptor->bInterfaceClass;
  face->subclass = descriptor->bInterfaceSubClass;
  face->protocol = descriptor->bInterfaceProtocol;
  face->data_face = face->class == TILL_ACM_CLASS_CONTROL && descriptor->extra_length > 0
                        ? till_acm_data_of (descriptor->extra, (gsize)descriptor->extra_length)
                        : -1;
  keep_class (descriptor->extra, descriptor->extra_length, face);
  for (guint i = 0; i < descriptor->bNumEndpoints && i < TILL_WIRE_ENDPOINTS_MAX; i++)
    {
      const struct libusb_endpoint_descriptor *endpoint = &descriptor->endpoint[i];
      face->endpoints[face->n_endpoints++] = (TillWireEndpoint){
        .address = endpoint->bEndpointAddress,
        .type = endpoint->bmAttributes & 3,
        .packet = endpoint->wMaxPacketSize & 0x7FF, /* above: packets per microframe */
      };
      /* Some makers put what belongs behind the interface here. */
      keep_class (endpoint->extra, endpoint->extra_length, face);
    }
}

static gboolean
describe (const Known *known, TillWireDescription *description)
{
  struct libusb_device_descriptor device;
  struct libusb_config_descriptor *config = NULL;
  if (libusb_get_device_descriptor (known->device, &device) != 0)
    return FALSE;
  if (device.bDeviceClass == LIBUSB_CLASS_HUB)
    return FALSE;
  int code = libusb_get_active_config_descriptor (known->device, &config);
  if (code != 0)
    {
      g_warning ("USB device %s (%04x:%04x) is left alone, its configuration cannot be read: %s",
                 known->path, device.idVendor, device.idProduct, libusb_strerror (code));
      return FALSE;
    }
  description->vendor = device.idVendor;
  description->product = device.idProduct;
  description->release = device.bcdDevice;
  for (guint i = 0; i < config->bNumInterfaces; i++)
    if (config->interface[i].num_altsetting > 0 && description->n_faces < TILL_WIRE_FACES_MAX)
      read_face (&config->interface[i].altsetting[0], &description->faces[description->n_faces++]);
  libusb_free_config_descriptor (config);
  description->path = g_strdup (known->path);
  description->serial = till_sysfs_attribute (known->path, "serial");
  description->name = till_sysfs_attribute (known->path, "product");
  return TRUE;
}

static void
leave (UsbBus *bus, Known *known)
{
  g_autofree char *path = g_strdup (known->path);
  g_ptr_array_remove_fast (bus->known, known);
  bus->watch->left (path, bus->user);
}

static void
on_plug (UsbBus *bus, const Plug *plug)
{
  g_autoptr (Known) fresh = known_new (plug->device);
  Known *known = find_known (bus, fresh->path);
  gboolean is_same = known && known->bus == fresh->bus && known->address == fresh->address;
  /* libusb 1.0.25 tells some arrivals twice (issue 1082). A new address at a known port means that
   * the removal in between went by unseen. */
  if (!plug->is_arrival)
    {
      if (is_same)
        leave (bus, known);
      return;
    }
  if (is_same)
    return;
  if (known)
    leave (bus, known);
  if (bus->known->len >= DEVICES_MAX)
    {
      g_warning ("USB device %s is left alone: %d are known already", fresh->path, DEVICES_MAX);
      return;
    }
  g_autoptr (TillWireDescription) description = g_new0 (TillWireDescription, 1);
  if (!describe (fresh, description))
    return;
  g_ptr_array_add (bus->known, g_steal_pointer (&fresh));
  bus->watch->arrived (description, bus->user);
}

/* Attaches under the caller's lock, unless one waits already. */
static void
wake_home (GMainContext *home, GSource **drain, GSourceFunc function, gpointer data,
           GDestroyNotify destroy)
{
  *drain = g_idle_source_new ();
  g_source_set_priority (*drain, G_PRIORITY_DEFAULT);
  g_source_set_callback (*drain, function, data, destroy);
  g_source_attach (*drain, home);
}

static gboolean
on_plugs (gpointer data)
{
  UsbBus *bus = data;
  g_mutex_lock (&bus->lock);
  GQueue plugs = bus->plugs;
  g_queue_init (&bus->plugs);
  g_clear_pointer (&bus->drain, g_source_unref);
  g_mutex_unlock (&bus->lock);
  Plug *plug;
  while ((plug = g_queue_pop_head (&plugs)))
    {
      on_plug (bus, plug);
      plug_free (plug);
    }
  return G_SOURCE_REMOVE;
}

/* On libusb's thread, or on ours while the callback is registered. */
static int LIBUSB_CALL
on_hotplug (libusb_context *context, libusb_device *device, libusb_hotplug_event event, void *data)
{
  UsbBus *bus = data;
  g_mutex_lock (&bus->lock);
  if (bus->plugs.length < HOTPLUG_QUEUE_MAX)
    {
      Plug *plug = g_new0 (Plug, 1);
      plug->device = libusb_ref_device (device);
      plug->is_arrival = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED;
      g_queue_push_tail (&bus->plugs, plug);
    }
  else
    g_warning ("a USB device came or went unseen: %d such events wait", HOTPLUG_QUEUE_MAX);
  if (!bus->drain)
    wake_home (bus->home, &bus->drain, on_plugs, bus, NULL);
  g_mutex_unlock (&bus->lock);
  return 0;
}

static gpointer
event_main (gpointer data)
{
  UsbBus *bus = data;
  guint failures = 0;
  while (!g_atomic_int_get (&bus->stopping))
    {
      int code = libusb_handle_events_completed (bus->context, &bus->stopping);
      failures = code == 0 || code == LIBUSB_ERROR_INTERRUPTED ? 0 : failures + 1;
      if (failures == 1)
        g_warning ("USB events: %s", libusb_strerror (code));
      if (failures > 0) /* never a busy loop, whatever goes wrong below us */
        g_usleep (100 * 1000);
    }
  return NULL;
}

static TillBus *
bus_start (const char *where, const TillBusWatch *watch, gpointer user, GError **error)
{
  libusb_context *context = NULL;
  int code = libusb_init (&context);
  if (code != 0)
    {
      set_broken (error, "USB cannot be used on this machine", code);
      return NULL;
    }
  if (!libusb_has_capability (LIBUSB_CAP_HAS_HOTPLUG))
    {
      libusb_exit (context);
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE,
                           "USB cannot be used on this machine: libusb does not tell of arrivals");
      return NULL;
    }
  UsbBus *bus = g_new0 (UsbBus, 1);
  bus->base.kind = &till_bus_usb;
  bus->context = context;
  bus->home = g_main_context_ref_thread_default ();
  bus->watch = watch;
  bus->user = user;
  bus->known = g_ptr_array_new_with_free_func (known_free);
  g_mutex_init (&bus->lock);
  g_queue_init (&bus->plugs);
  bus->thread = g_thread_new ("usb-events", event_main, bus);
  code = libusb_hotplug_register_callback (
      context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
      LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
      LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, bus, &bus->hotplug);
  if (code == 0)
    return &bus->base;
  set_broken (error, "USB arrivals cannot be watched", code);
  till_bus_usb.stop (&bus->base);
  return NULL;
}

static void
bus_stop (TillBus *base)
{
  UsbBus *bus = (UsbBus *)base;
  if (bus->hotplug)
    libusb_hotplug_deregister_callback (bus->context, bus->hotplug);
  g_atomic_int_set (&bus->stopping, 1);
  libusb_interrupt_event_handler (bus->context);
  g_thread_join (bus->thread);
  if (bus->drain)
    g_source_destroy (bus->drain);
  g_clear_pointer (&bus->drain, g_source_unref);
  g_queue_clear_full (&bus->plugs, plug_free);
  g_ptr_array_unref (bus->known);
  libusb_exit (bus->context);
  g_main_context_unref (bus->home);
  g_mutex_clear (&bus->lock);
  g_free (bus);
}

static GBytes *
bus_peek (TillBus *base, const char *path, guint8 face, gboolean *is_free)
{
  g_autofree char *driver = till_sysfs_driver (path, face);
  *is_free = driver == NULL;
  return till_sysfs_report_descriptor (path, face);
}

/* --- one wire --- */

static void
report_free (gpointer data)
{
  Report *report = data;
  explicit_bzero (report->bytes, report->size);
  g_free (report->bytes);
  g_free (report);
}

static void
wire_unref (gpointer data)
{
  UsbWire *wire = data;
  if (!g_atomic_ref_count_dec (&wire->refs))
    return;
  g_queue_clear_full (&wire->reports, report_free);
  known_free (wire->known);
  g_mutex_clear (&wire->lock);
  g_cond_clear (&wire->landed);
  g_free (wire);
}

static int
submit (UsbWire *wire, guint nth)
{
  int code = libusb_submit_transfer (wire->transfers[nth]);
  wire->in_flight[nth] = code == 0;
  return code;
}

static int
status_of (int code)
{
  return code == LIBUSB_ERROR_NO_DEVICE ? LIBUSB_TRANSFER_NO_DEVICE : LIBUSB_TRANSFER_ERROR;
}

static void
lose (UsbWire *wire, TillDeviceState state, GError *error)
{
  if (!wire->closed)
    wire->sink->lost (state, error, wire->user);
  g_error_free (error);
}

/* One endpoint may have two transfers, of which each has stalled or will. */
static int
listen_again (UsbWire *wire)
{
  int code = 0;
  guint8 cleared = 0;
  for (guint i = 0; i < IN_FLIGHT && code == 0; i++)
    {
      g_mutex_lock (&wire->lock);
      gboolean is_flying = wire->in_flight[i];
      g_mutex_unlock (&wire->lock);
      if (!wire->transfers[i] || is_flying)
        continue;
      if (wire->ears[i].endpoint != cleared)
        code = libusb_clear_halt (wire->handle, wire->ears[i].endpoint);
      cleared = wire->ears[i].endpoint;
      g_mutex_lock (&wire->lock);
      if (code == 0)
        code = submit (wire, i);
      g_mutex_unlock (&wire->lock);
    }
  return code;
}

/* Home: a stalled endpoint is cleared and listened to again; anything else ends the wire. */
static void
on_trouble (UsbWire *wire, int status)
{
  GError *error = NULL;
  TillDeviceState state = TILL_DEVICE_TROUBLE;
  if (status == LIBUSB_TRANSFER_STALL && ++wire->stalls < STALLS_MAX)
    {
      int code = listen_again (wire);
      if (code == 0)
        return;
      state = explain (wire->known, wire->face, "the stalled endpoint cannot be cleared", code,
                       &error);
    }
  else if (status == LIBUSB_TRANSFER_NO_DEVICE)
    state = explain (wire->known, wire->face, "", LIBUSB_ERROR_NO_DEVICE, &error);
  else
    g_set_error (&error, TILL_ERROR, TILL_ERROR_OFFLINE, "%s; it is opened anew",
                 status == LIBUSB_TRANSFER_STALL      ? "the device keeps stalling"
                 : status == LIBUSB_TRANSFER_OVERFLOW ? "the device sends more than it announced"
                                                      : "the device does not answer properly");
  lose (wire, state, error);
}

static gboolean
on_reports (gpointer data)
{
  UsbWire *wire = data;
  g_mutex_lock (&wire->lock);
  GQueue reports = wire->reports;
  g_queue_init (&wire->reports);
  int trouble = wire->trouble;
  wire->trouble = 0;
  g_clear_pointer (&wire->drain, g_source_unref);
  g_mutex_unlock (&wire->lock);
  Report *report;
  while ((report = g_queue_pop_head (&reports)))
    {
      if (!wire->closed)
        {
          wire->stalls = 0;
          wire->sink->report (report->bytes, report->size, report->dropped, wire->user);
        }
      report_free (report);
    }
  if (trouble && !wire->closed)
    on_trouble (wire, trouble);
  return G_SOURCE_REMOVE;
}

/* libusb's thread, under the lock. */
static void
keep_report (UsbWire *wire, const guint8 *bytes, gsize size)
{
  if (wire->reports.length >= TILL_WIRE_QUEUE_MAX)
    {
      wire->dropped++;
      return;
    }
  Report *report = g_new0 (Report, 1);
  report->bytes = g_memdup2 (bytes, size);
  report->size = size;
  report->dropped = wire->dropped;
  wire->dropped = 0;
  g_queue_push_tail (&wire->reports, report);
}

static void LIBUSB_CALL
on_transfer (struct libusb_transfer *transfer)
{
  UsbWire *wire = transfer->user_data;
  g_mutex_lock (&wire->lock);
  guint nth = transfer == wire->transfers[0] ? 0 : 1;
  wire->in_flight[nth] = FALSE;
  int status = (int)transfer->status;
  if (!wire->closing && status == LIBUSB_TRANSFER_COMPLETED)
    {
      /* Nothing at all is what some devices send when they wake or go: not a report. */
      if (transfer->actual_length > 0)
        keep_report (wire, transfer->buffer, (gsize)transfer->actual_length);
    }
  explicit_bzero (transfer->buffer, wire->buffer_size);
  if (!wire->closing && status == LIBUSB_TRANSFER_COMPLETED)
    {
      int code = submit (wire, nth);
      if (code != 0)
        status = status_of (code);
    }
  if (!wire->closing)
    {
      if (status != LIBUSB_TRANSFER_COMPLETED && !wire->trouble)
        wire->trouble = status;
      if (!wire->drain && (wire->trouble || wire->reports.length > 0))
        {
          g_atomic_ref_count_inc (&wire->refs);
          wake_home (wire->bus->home, &wire->drain, on_reports, wire, wire_unref);
        }
    }
  g_cond_signal (&wire->landed);
  g_mutex_unlock (&wire->lock);
}

static Ear
find_ear (const TillWireFace *face, guint8 type)
{
  for (guint i = 0; i < face->n_endpoints; i++)
    if ((face->endpoints[i].address & LIBUSB_ENDPOINT_IN) && face->endpoints[i].type == type)
      return (Ear){ face->endpoints[i].address, type, face->endpoints[i].packet };
  return (Ear){ 0 };
}

/* The first interrupt endpoint towards us, of a serial line's data the first bulk one, of a reader
 * of smart cards both; of these two the first that leads away. None is fine for a wire that only
 * answers requests, or only sends. */
static void
find_endpoints (UsbWire *wire, const TillWireFace *face)
{
  gboolean is_reader = face->descriptor_size > 0;
  gboolean is_bulk = wire->control >= 0 || is_reader;
  wire->ears[0]
      = find_ear (face, is_bulk ? LIBUSB_TRANSFER_TYPE_BULK : LIBUSB_TRANSFER_TYPE_INTERRUPT);
  wire->ears[1] = is_reader ? find_ear (face, LIBUSB_TRANSFER_TYPE_INTERRUPT) : wire->ears[0];
  for (guint i = 0; i < face->n_endpoints && is_bulk && !wire->out; i++)
    if (!(face->endpoints[i].address & LIBUSB_ENDPOINT_IN)
        && face->endpoints[i].type == LIBUSB_TRANSFER_TYPE_BULK)
      wire->out = face->endpoints[i].address;
}

/* The control interface first: the kernel's driver for serial lines is bound to it, lets go of
 * both, and takes both when it comes back there. */
static int
claim (libusb_device_handle *handle, guint8 face, int control)
{
  int code = control >= 0 ? libusb_claim_interface (handle, control) : 0;
  if (code != 0)
    return code;
  code = libusb_claim_interface (handle, face);
  if (code != 0 && control >= 0)
    libusb_release_interface (handle, control);
  return code;
}

static UsbWire *
wire_new (UsbBus *bus, const Known *known, libusb_device_handle *handle, const TillWireFace *face,
          int control)
{
  UsbWire *wire = g_new0 (UsbWire, 1);
  wire->base.kind = &till_bus_usb;
  g_atomic_ref_count_init (&wire->refs);
  wire->bus = bus;
  wire->known = known_new (known->device);
  wire->handle = handle;
  wire->face = face->number;
  wire->control = control;
  g_mutex_init (&wire->lock);
  g_cond_init (&wire->landed);
  g_queue_init (&wire->reports);
  find_endpoints (wire, face);
  return wire;
}

static TillWire *
wire_open (TillBus *base, const char *path, guint8 face, const TillWireSink *sink, gpointer user,
           TillDeviceState *state, GError **error)
{
  UsbBus *bus = (UsbBus *)base;
  Known *known = find_known (bus, path);
  if (!known)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "it was unplugged");
      *state = TILL_DEVICE_UNPLUGGED;
      return NULL;
    }
  g_autoptr (TillWireDescription) description = g_new0 (TillWireDescription, 1);
  const TillWireFace *itself
      = describe (known, description) ? till_wire_face (description, face) : NULL;
  gboolean is_serial = itself && itself->class == TILL_ACM_CLASS_DATA;
  const TillWireFace *control = is_serial ? till_acm_control_of (description, face) : NULL;
  if (!itself || (is_serial && !control))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "its descriptors are wrong: %s",
                   itself ? "no control interface for its data" : "the interface is not there");
      *state = TILL_DEVICE_TROUBLE;
      return NULL;
    }
  libusb_device_handle *handle = NULL;
  int code = libusb_open (known->device, &handle);
  if (code != 0)
    {
      *state = explain (known, face, "it cannot be opened", code, error);
      return NULL;
    }
  libusb_set_auto_detach_kernel_driver (handle, 1);
  code = claim (handle, face, control ? control->number : -1);
  if (code != 0)
    {
      *state = explain (known, face, "it cannot be claimed", code, error);
      libusb_close (handle);
      return NULL;
    }
  UsbWire *wire = wire_new (bus, known, handle, itself, control ? control->number : -1);
  wire->sink = sink;
  wire->user = user;
  *state = TILL_DEVICE_READY;
  return &wire->base;
}

static gboolean
is_flying (const UsbWire *wire)
{
  return wire->in_flight[0] || wire->in_flight[1];
}

/* Cancel, wait for the last callback, only then close: libusb may touch a transfer until then. */
static gboolean
land (UsbWire *wire)
{
  gint64 until = g_get_monotonic_time () + CANCEL_TIMEOUT;
  gboolean landed = TRUE;
  g_mutex_lock (&wire->lock);
  wire->closing = TRUE;
  g_mutex_unlock (&wire->lock);
  /* Without the lock: libusb may call back from within. Nothing is submitted once closing is set.
   */
  for (guint i = 0; i < IN_FLIGHT; i++)
    if (wire->transfers[i])
      libusb_cancel_transfer (wire->transfers[i]);
  g_mutex_lock (&wire->lock);
  while (is_flying (wire) && landed)
    landed = g_cond_wait_until (&wire->landed, &wire->lock, until);
  if (wire->drain)
    {
      g_source_destroy (wire->drain);
      g_clear_pointer (&wire->drain, g_source_unref);
    }
  g_mutex_unlock (&wire->lock);
  return landed;
}

static void
wire_close (TillWire *base)
{
  UsbWire *wire = (UsbWire *)base;
  wire->closed = TRUE;
  if (!land (wire))
    {
      /* Freeing what the kernel may still write to would be worse than losing it. */
      g_critical ("USB device %s: a transfer cannot be cancelled; its memory is left behind",
                  wire->known->path);
      return;
    }
  for (guint i = 0; i < IN_FLIGHT; i++)
    {
      if (wire->transfers[i])
        libusb_free_transfer (wire->transfers[i]);
      if (wire->buffers[i])
        explicit_bzero (wire->buffers[i], wire->buffer_size);
      g_free (wire->buffers[i]);
    }
  int code = libusb_release_interface (wire->handle, wire->face);
  if (wire->control >= 0)
    code = libusb_release_interface (wire->handle, wire->control);
  if (code != 0 && code != LIBUSB_ERROR_NO_DEVICE && code != LIBUSB_ERROR_NOT_FOUND)
    g_warning ("USB device %s cannot be given back: %s", wire->known->path, libusb_strerror (code));
  libusb_close (wire->handle);
  wire_unref (wire);
}

static gssize
wire_control_in (TillWire *base, guint8 request_type, guint8 request, guint16 value, guint16 index,
                 guint8 *bytes, guint16 size, GError **error)
{
  UsbWire *wire = (UsbWire *)base;
  int code = libusb_control_transfer (wire->handle, (guint8)(request_type | LIBUSB_ENDPOINT_IN),
                                      request, value, index, bytes, size, CONTROL_TIMEOUT_MS);
  if (code >= 0)
    return code;
  explain (wire->known, wire->face, "it does not answer", code, error);
  return -1;
}

/* A line that is not greeted may stay silent for ever. To refuse is a device's right; not to answer
 * is trouble. */
static int
greet (UsbWire *wire)
{
  int code = 0;
  for (guint i = 0; i < TILL_ACM_GREETING && wire->control >= 0 && code >= 0; i++)
    {
      TillAcmRequest word = till_acm_greeting[i];
      code = libusb_control_transfer (wire->handle, OUT_CLASS_INTERFACE, word.request, word.value,
                                      (guint16)wire->control, word.bytes, word.size,
                                      CONTROL_TIMEOUT_MS);
      if (code == LIBUSB_ERROR_PIPE)
        code = 0;
    }
  return MIN (code, 0);
}

static gsize
whole_packets (gsize size, guint16 packet)
{
  return MAX (1, (size + packet - 1) / packet) * packet;
}

static gboolean
wire_listen (TillWire *base, gsize report_size, GError **error)
{
  UsbWire *wire = (UsbWire *)base;
  /* A reader may do without notices; everything else is listened to twice. */
  gboolean is_deaf = !wire->ears[0].endpoint;
  gboolean is_empty
      = wire->ears[0].packet == 0 || (wire->ears[1].endpoint && wire->ears[1].packet == 0);
  if (is_deaf || is_empty || report_size > TILL_HID_REPORT_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "its descriptors are wrong: %s",
                   report_size > TILL_HID_REPORT_MAX ? "reports too long"
                   : is_deaf                         ? "no endpoint to listen at"
                                                     : "packets of no bytes");
      return FALSE;
    }
  /* Whole packets, so that no packet finds too little room; a short one ends the report. */
  for (guint i = 0; i < IN_FLIGHT; i++)
    if (wire->ears[i].endpoint)
      wire->buffer_size
          = MAX (wire->buffer_size, whole_packets (report_size, wire->ears[i].packet));
  int code = greet (wire);
  for (guint i = 0; i < IN_FLIGHT; i++)
    {
      const Ear *ear = &wire->ears[i];
      if (!ear->endpoint)
        continue;
      wire->buffers[i] = g_malloc0 (wire->buffer_size);
      wire->transfers[i] = libusb_alloc_transfer (0);
      libusb_fill_interrupt_transfer (
          wire->transfers[i], wire->handle, ear->endpoint, wire->buffers[i],
          (int)whole_packets (report_size, ear->packet), on_transfer, wire, 0);
      wire->transfers[i]->type = ear->type;
    }
  g_mutex_lock (&wire->lock);
  for (guint i = 0; i < IN_FLIGHT && code == 0; i++)
    if (wire->transfers[i])
      code = submit (wire, i);
  g_mutex_unlock (&wire->lock);
  if (code == 0)
    return TRUE;
  explain (wire->known, wire->face, "it cannot be listened to", code, error);
  return FALSE;
}

/* Waits, on the thread of the devices and on no other; half a message is trouble, for nobody knows
 * which half was shown. */
static gboolean
wire_send (TillWire *base, const guint8 *bytes, gsize size, TillDeviceState *state, GError **error)
{
  UsbWire *wire = (UsbWire *)base;
  g_autofree guint8 *copy = g_memdup2 (bytes, size); /* libusb wants what it may write to */
  int sent = 0;
  if (!wire->out)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "its descriptors are wrong: no endpoint to send to");
      *state = TILL_DEVICE_TROUBLE;
      return FALSE;
    }
  int code
      = libusb_bulk_transfer (wire->handle, wire->out, copy, (int)size, &sent, TILL_WIRE_SEND_MS);
  if (code == 0 && (gsize)sent < size)
    code = LIBUSB_ERROR_IO;
  if (code == LIBUSB_ERROR_PIPE)
    libusb_clear_halt (wire->handle, wire->out);
  if (code == 0)
    return TRUE;
  *state = explain (wire->known, wire->face, "it does not take what is sent", code, error);
  return FALSE;
}

static gboolean
wire_request (TillWire *base, guint8 request, guint16 value, TillDeviceState *state, GError **error)
{
  UsbWire *wire = (UsbWire *)base;
  int code = libusb_control_transfer (wire->handle, OUT_CLASS_INTERFACE, request, value, wire->face,
                                      NULL, 0, CONTROL_TIMEOUT_MS);
  if (code >= 0 || code == LIBUSB_ERROR_PIPE)
    return TRUE;
  *state = explain (wire->known, wire->face, "it does not answer", code, error);
  return FALSE;
}

const TillBusKind till_bus_usb = {
  .name = "usb",
  .start = bus_start,
  .stop = bus_stop,
  .peek = bus_peek,
  .open = wire_open,
  .close = wire_close,
  .control_in = wire_control_in,
  .listen = wire_listen,
  .send = wire_send,
  .request = wire_request,
};

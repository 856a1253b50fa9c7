/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bus tells of devices that come and go; a wire is one opened interface of one device. There are
 * three ways to have them (libusb, a recorded file, a unix socket) behind one table of functions.
 *
 * Thread: a bus lives on the thread that started it, and every callback comes from that thread's
 * default main context; libusb's own thread never shows. Ownership: wires are closed before their
 * bus is stopped. Errors: TILL_ERROR, the words say what to do. Source: USB 2.0 chapter 9. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_WIRE_FACES_MAX 16
#define TILL_WIRE_ENDPOINTS_MAX 8
/* Reports that may wait for one device; one more is dropped and counted. */
#define TILL_WIRE_QUEUE_MAX 64
/* So long may a serial line take for what is sent. */
#define TILL_WIRE_SEND_MS 250
#define TILL_WIRE_CLASS_MAX 54 /* bytes of a class descriptor that are kept */

typedef enum
{
  TILL_DEVICE_READY,
  TILL_DEVICE_BUSY,          /* held by another: tried again */
  TILL_DEVICE_NO_PERMISSION, /* tried again; the words name the rule to install */
  TILL_DEVICE_UNPLUGGED,
  TILL_DEVICE_TROUBLE, /* tried again where that may help */
  TILL_DEVICE_UNUSED,  /* a HID device nobody claims; a person may choose it */
} TillDeviceState;

typedef struct
{
  guint8 address; /* bit 7 set: towards us */
  guint8 type;    /* 0 control, 1 isochronous, 2 bulk, 3 interrupt */
  guint16 packet; /* bytes of one packet */
} TillWireEndpoint;

/* One interface in its first alternate setting. */
typedef struct
{
  guint8 number;
  guint8 class;
  guint8 subclass;
  guint8 protocol;
  int data_face; /* of a CDC control interface: the one with its data; else -1 (acm.h) */
  guint n_endpoints;
  TillWireEndpoint endpoints[TILL_WIRE_ENDPOINTS_MAX];
  guint8 descriptor[TILL_WIRE_CLASS_MAX]; /* of a reader of smart cards (ccid.h) */
  gsize descriptor_size;                  /* 0: it is none */
} TillWireFace;

typedef struct
{
  char *path;   /* owned; bus and ports, "1-1.4"; the same socket gives the same path */
  char *serial; /* owned; "" when it has none; not always unique */
  char *name;   /* owned; what the device calls itself, cleaned; may be "" */
  char *driver; /* owned; the driver a virtual device asks for; NULL on a real one */
  guint16 vendor, product;
  guint16 release; /* bcdDevice: its firmware, in binary-coded decimal; 0 where it says none */
  guint n_faces;
  TillWireFace faces[TILL_WIRE_FACES_MAX];
} TillWireDescription;

TillWireDescription *
till_wire_description_copy (const TillWireDescription *description) G_GNUC_WARN_UNUSED_RESULT;
void till_wire_description_free (TillWireDescription *description);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillWireDescription, till_wire_description_free)

typedef struct
{
  void (*arrived) (const TillWireDescription *description, gpointer user);
  void (*left) (const char *path, gpointer user);
} TillBusWatch;

typedef struct
{
  /* The bytes are wiped after the call. dropped: reports lost just before this one. */
  void (*report) (const guint8 *bytes, gsize size, guint dropped, gpointer user);
  /* The wire is of no more use; close it (here or later). state says why. */
  void (*lost) (TillDeviceState state, const GError *error, gpointer user);
} TillWireSink;

typedef struct _TillBus TillBus;
typedef struct _TillWire TillWire;

typedef struct
{
  const char *name;

  /* Announces what is there already, too, but only after this call has returned. */
  TillBus *(*start) (const char *where, const TillBusWatch *watch, gpointer user, GError **error);
  void (*stop) (TillBus *bus);

  /* The HID report descriptor as the system knows it, without disturbing anybody: NULL when it
   * does not. *is_free then says that no driver holds the interface, so that it may be opened and
   * asked. */
  GBytes *(*peek) (TillBus *bus, const char *path, guint8 face, gboolean *is_free);

  /* Claims the interface, of a serial line both; the kernel's driver gives way and comes back at
   * close. On failure *state is what to show. */
  TillWire *(*open) (TillBus *bus, const char *path, guint8 face, const TillWireSink *sink,
                     gpointer user, TillDeviceState *state, GError **error);
  void (*close) (TillWire *wire);

  /* A control request towards us, blocking at most a second; the number of bytes, or -1. */
  gssize (*control_in) (TillWire *wire, guint8 request_type, guint8 request, guint16 value,
                        guint16 index, guint8 *bytes, guint16 size, GError **error);
  /* From now on reports come; report_size is the longest one (0: as the wire likes). At a serial
   * line's data the reports are its bytes, cut anywhere, and the line is greeted first. Of a reader
   * of smart cards they are its answers and its notices, both. */
  gboolean (*listen) (TillWire *wire, gsize report_size, GError **error);
  /* Bytes to a serial line or a reader that is listened to, whole or not, blocking at most
   * TILL_WIRE_SEND_MS. On failure *state is what to show, and the wire is to be closed. */
  gboolean (*send) (TillWire *wire, const guint8 *bytes, gsize size, TillDeviceState *state,
                    GError **error);
  /* A class request without data to the interface, blocking at most a second; a device may refuse
   * it. Otherwise as send. */
  gboolean (*request) (TillWire *wire, guint8 request, guint16 value, TillDeviceState *state,
                       GError **error);
} TillBusKind;

/* What every implementation's own struct begins with. */
struct _TillBus
{
  const TillBusKind *kind;
};
struct _TillWire
{
  const TillBusKind *kind;
};

extern const TillBusKind till_bus_usb;    /* where: ignored */
extern const TillBusKind till_bus_replay; /* where: a recorded file */
extern const TillBusKind till_bus_socket; /* where: path of a unix socket to listen at */

/* The interface of that number, or NULL. */
const TillWireFace *till_wire_face (const TillWireDescription *description, guint8 number);

/* HID 1.11 §7.1.1, GET_DESCRIPTOR of the report descriptor of the wire's interface. */
GBytes *till_wire_report_descriptor (TillWire *wire, guint8 face,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanners, readers, scales and customer displays at this till: finds them, drives them, tells
 * what they say and says what they show.
 *
 * TillDevices owns one thread, on which wires and drivers live (libusb has another below it), and
 * delivers events to the main context it was made in, one call each, in order. Events are plain and
 * valid during the call. At most TILL_DEVICES_CODES_MAX codes and cards wait for that context; what
 * comes faster is dropped and counted, and a FLOODED event says so. The list is the truth; an event
 * says that it is worth looking again. Nothing here wakes up while nothing happens,
 * but for a reader of chip cards that cannot tell of one (ccid-reader.h). */
#pragma once
#include "devices/usb/card.h"
#include "devices/usb/driver.h"
#include "devices/usb/wire.h"

G_BEGIN_DECLS

#define TILL_DEVICES_MAX 32
#define TILL_DEVICES_CODES_MAX 64

typedef struct _TillDevices TillDevices;

typedef struct
{
  guint id;     /* this device at this till, while the program runs; survives replugging */
  char *name;   /* owned; for people */
  char *driver; /* owned; "" while UNUSED */
  char *path;   /* owned; "1-1.4", where it is plugged in */
  char *serial; /* owned; "" when it has none */
  guint16 vendor, product;
  TillDeviceState state;
  char *words;      /* owned; why it is not READY, and what to do; "" when it is */
  guint64 findings; /* codes and cards since the program started */
  guint64 dropped;  /* of those and of raw reports */
  guint16 release;  /* its firmware in binary-coded decimal, 0x0205 for 2.05; 0: it does not say */
  guint64 refused;  /* of the findings: wiped, or a card pulled out too early */
  guint64 lost;     /* how often it was unplugged or broke off while it was used … */
  TillDeviceState lost_by; /* … and what it was then, the last time */
} TillDevice;

TillDevice *till_device_copy (const TillDevice *device) G_GNUC_WARN_UNUSED_RESULT;
void till_device_free (TillDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDevice, till_device_free)

typedef enum
{
  TILL_DEVICE_ARRIVED,
  TILL_DEVICE_LEFT,
  TILL_DEVICE_STATE,
  TILL_DEVICE_CODE,       /* finding: code, symbology */
  TILL_DEVICE_CARD,       /* finding: use, token, masked, scheme, entry, swipe */
  TILL_DEVICE_CARD_EARLY, /* pulled out too early */
  TILL_DEVICE_REFUSED,    /* finding: refused says why; whatever was read is wiped */
  TILL_DEVICE_WEIGHT,     /* finding: weighing, milligrams; it changed */
  TILL_DEVICE_FLOODED,    /* device->dropped has grown */
} TillDeviceEventKind;

typedef struct
{
  TillDeviceEventKind kind;
  const TillDevice *device;
  const TillFinding *finding; /* NULL unless one of the five in the middle */
} TillDeviceEvent;

typedef void (*TillDevicesListener) (const TillDeviceEvent *event, gpointer user);

typedef struct
{
  const char *facts_dir;     /* of .ini files */
  gboolean usb;              /* watch the machine's own USB */
  const char *socket_path;   /* where virtual devices connect, or NULL */
  const char *replay_path;   /* a recording to play, or NULL */
  guint retry_ms[4];         /* pauses before opening anew; zeros: 1, 2, 5, 10 seconds */
  const TillCardRule *cards; /* copied; NULL: no tokens, and no payment card in clear */
} TillDevicesSettings;

/* INVALID for bad facts or recordings, OFFLINE for the socket. A machine without USB is no error:
 * it is a device called "USB" in TROUBLE, with words. */
TillDevices *till_devices_new (const TillDevicesSettings *settings, TillDevicesListener listener,
                               gpointer user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* On the thread that made it; gives every device back; no event comes after it. */
void till_devices_free (TillDevices *devices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDevices, till_devices_free)

/* Copies, oldest first, of TillDevice; any thread. */
GPtrArray *till_devices_list (TillDevices *devices) G_GNUC_WARN_UNUSED_RESULT;

/* From now on this device, wherever it is or will be plugged in, is driven by the driver: a
 * keyboard scanner that no facts file lists. INVALID when no driver has that name. */
gboolean till_devices_choose (TillDevices *devices, guint16 vendor, guint16 product,
                              const char *driver, GError **error);

/* What the customer's displays show from now on, also those that are plugged in later. Never waits:
 * what was not shown yet when this comes is not shown any more. Leaving clears them. */
void till_devices_show (TillDevices *devices, const TillDisplayText *text);

/* "no permission", "unplugged": one word or two for the log and the terminal. */
const char *till_device_state_name (TillDeviceState state);

G_END_DECLS

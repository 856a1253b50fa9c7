/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A USB device of our own making under umockdev: real libusb, real libudev, an emulated usbfs.
 *
 * The emulator answers on a thread of its own, so that the program under test may wait for it. Only
 * one thread drives it. Device and report descriptors, the interrupt endpoint and the faults are
 * data; another kind of device sets on_urb to answer control and bulk requests itself. */
#pragma once
#include <glib.h>
#include <linux/usbdevice_fs.h>

typedef struct _Emulator Emulator;

#define EMULATOR_HOLD 1

typedef struct
{
  guint16 vendor, product;
  const char *serial;
  guint8 class, subclass, protocol; /* of interface 0 */
  guint16 packet;                   /* of its interrupt endpoint 0x81 */
  const guint8 *report_descriptor;  /* asked for by GET_DESCRIPTOR */
  gsize report_descriptor_size;
  gboolean kernel_knows;     /* usbhid is bound and has read the descriptor */
  const guint8 *descriptors; /* instead of those made from the above; for hostile ones */
  gsize descriptors_size;
  /* Answers an URB that is not the interrupt endpoint's: fills buffer (after the 8 setup bytes of a
   * control request) and actual_length, and returns the status, or EMULATOR_HOLD to leave it
   * unanswered until the program takes it back. NULL: HID GET_DESCRIPTOR only. */
  int (*on_urb) (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user);
  gboolean offers_again; /* what is held, after each URB that was answered */
  gpointer user;
} EmulatorDevice;

Emulator *emulator_new (void);
void emulator_free (Emulator *emulator);

/* Plugs in at port 1 of bus 1 with the next free address. device must outlive its being there. */
void emulator_plug (Emulator *emulator, const EmulatorDevice *device);
/* The uevent, and every URB in flight completes with -ESHUTDOWN. */
void emulator_unplug (Emulator *emulator);

/* Completes one waiting interrupt URB; waits (at most 5 s) until there is one. A negative status is
 * an errno: -EPIPE a stall, -EOVERFLOW babble, -EPROTO noise. */
void emulator_send (Emulator *emulator, const guint8 *bytes, gsize size, int status);

/* The same, of the URBs at one endpoint. */
void emulator_send_at (Emulator *emulator, guint8 endpoint, const guint8 *bytes, gsize size,
                       int status);

/* Claims fail with EBUSY; opening the node fails with EACCES. */
void emulator_set_busy (Emulator *emulator, gboolean busy);
void emulator_set_denied (Emulator *emulator, gboolean denied);

/* How often the program cleared a halt, how often it let the kernel's driver come back, and whether
 * it holds any interface. */
guint emulator_clear_halts (Emulator *emulator);
guint emulator_given_back (Emulator *emulator);
gboolean emulator_is_claimed (Emulator *emulator);

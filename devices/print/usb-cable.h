/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cable to a receipt printer on USB, and the only file in this room that knows libusb: which
 * printers there are, bytes out and in, and what the control endpoint says. It knows no command.
 *
 * A printer is an interface of class 7/1 with an endpoint for bulk data out, or one that its maker
 * declares as "vendor specific" and that is known to be one. Addresses of endpoints come from the
 * descriptors. While a cable is open the kernel's usblp is put aside; closing gives it back, so
 * that a print queue can have the same printer in between.
 *
 * Every call blocks and ends by its deadline. Any one thread. Errors: INVALID (no permission),
 * CONFLICT (several printers fit the name), NOT_FOUND (not plugged in, or pulled out), BUSY (held
 * by another program), OFFLINE (anything else the wire says). */
#pragma once
#include "data/trade/usb-name.h"

G_BEGIN_DECLS

#define TILL_USB_PRINTERS_MAX 32

typedef struct
{
  char *name;        /* owned; as in the setting paper.usb */
  char *words;       /* owned; maker and model as the device tells them, or "" */
  gboolean can_tell; /* there is an endpoint for answers */
} TillUsbPrinter;

void till_usb_printer_free (TillUsbPrinter *printer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillUsbPrinter, till_usb_printer_free)

/* Of TillUsbPrinter; opens none of them. */
GPtrArray *till_usb_cable_list (GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _TillUsbCable TillUsbCable;

TillUsbCable *till_usb_cable_open (const TillUsbName *name,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_usb_cable_close (TillUsbCable *cable);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillUsbCable, till_usb_cable_close)

/* Another number each time the printer was plugged in or switched on; never 0. */
guint till_usb_cable_plugging (const TillUsbCable *cable);
gboolean till_usb_cable_can_tell (const TillUsbCable *cable);

/* TRUE when the deadline came as well: *taken is what the printer has, to the byte, in every case,
 * also when FALSE is returned. */
gboolean till_usb_cable_write (TillUsbCable *cable, const guint8 *bytes, gsize size, int timeout_ms,
                               gsize *taken, GError **error);
/* What comes next, *got == 0 when nothing does by the deadline. */
gboolean till_usb_cable_read (TillUsbCable *cable, guint8 *bytes, gsize size, int timeout_ms,
                              gsize *got, GError **error);
/* GET_PORT_STATUS of the printer class; FALSE without an error when this printer has none. */
gboolean till_usb_cable_port_status (TillUsbCable *cable, guint8 *status);
/* GET_DEVICE_ID, cleaned; "" when this printer has none. */
char *till_usb_cable_device_id (TillUsbCable *cable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A serial line over USB: which two interfaces belong together, and what is said to them before
 * bytes come. Pure; any thread. Source: CDC 1.2, sections 5.2.3 and 6.2; PSTN subclass 1.2,
 * section 6.3. */
#pragma once
#include "devices/usb/wire.h"

G_BEGIN_DECLS

#define TILL_ACM_CLASS_CONTROL 0x02
#define TILL_ACM_SUBCLASS 0x02
#define TILL_ACM_CLASS_DATA 0x0A

/* The interface of the data that a control interface's union descriptor names, read from the bytes
 * behind its interface descriptor; -1 when there is none, or it makes no sense. */
int till_acm_data_of (const guint8 *extra, gsize size);

/* The control interface of the one with the data, or NULL. */
const TillWireFace *till_acm_control_of (const TillWireDescription *description, guint8 data_face);

typedef struct
{
  guint8 request;
  guint16 value;
  guint8 size;
  guint8 bytes[7];
} TillAcmRequest;

/* To the control interface, in turn: 9600 8N1, which a device that is no real line ignores, and
 * "somebody listens" (DTR, and RTS for those that wait for it). A device may refuse either and
 * still send. The rate is assumed: no scanner is known that heeds it. */
#define TILL_ACM_GREETING 2
extern const TillAcmRequest till_acm_greeting[TILL_ACM_GREETING];

G_END_DECLS

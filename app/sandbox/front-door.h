/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the practice provider is called: takes each connection, shakes hands as TLS wants it, and
 * hands the line to the HTTP server; or plays one of the faults that come before any request
 * (fault-table.h, TillLineFault). Lives on the main context and never blocks it. */
#pragma once
#include "app/sandbox/fault-table.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lines that are taken and not yet handed over; one more is closed at once. */
#define TILL_DOOR_GUESTS_MAX 64

typedef struct _TillFrontDoor TillFrontDoor;

/* Takes line, with which TLS stands, and the socket below it. */
typedef void (*TillDoorHandOver) (gpointer user, GIOStream *line, GSocketConnection *below);

/* On 127.0.0.1; port 0 takes a free one. dir: the provider's folder, for its certificates. BUSY
 * when the port is taken. user outlives it. */
TillFrontDoor *till_front_door_new (const char *dir, int port, TillDoorHandOver hand_over,
                                    gpointer user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_front_door_free (TillFrontDoor *door);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFrontDoor, till_front_door_free)
int till_front_door_port (TillFrontDoor *door);

/* The next `times` connections go wrong in this way, after those already waiting; REFUSED holds
 * from now on until all are cleared. INVALID when it makes no sense, too many are waiting, or the
 * folder lacks the certificate. */
gboolean till_front_door_set_fault (TillFrontDoor *door, TillLineFault fault, int times, int value,
                                    GError **error);
gboolean till_front_door_clear_faults (TillFrontDoor *door, GError **error);

G_END_DECLS

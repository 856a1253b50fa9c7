/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider behind HTTPS on 127.0.0.1: the only file that knows libsoup. It listens at
 * two ports: at one through the front door, where the line itself can go wrong, and at one without,
 * where faults can always be set.
 *
 *   everything else        the tongues of the providers (tongue.h)
 *   POST /control/fault    {"kind","fault","times","value","text"}: what goes wrong next
 *   POST /control/finish   {"kind","request_no"}: what is under way ends now
 *   POST /control/clear    nothing goes wrong any more
 *   POST /control/quit     ends the program
 *   GET  /statement        what was really paid
 *   GET  /statement/notices what was told, and what is still to be
 *   GET  /statement/file   ?provider&day: a settlement file of our own invention
 *
 * All but the first need "Authorization: Bearer " and the control token. Lives on the main context.
 */
#pragma once
#include "app/sandbox/courier.h"
#include "app/sandbox/front-door.h"

G_BEGIN_DECLS

typedef struct _TillSandboxServer TillSandboxServer;

/* Listens at once; port 0 takes a free one. BUSY when the port is taken. dir: the provider's
 * folder. speech, courier and token are unowned and outlive the server. */
TillSandboxServer *till_sandbox_server_new (TillSpeech *speech, TillCourier *courier,
                                            const char *token, const char *dir, int port,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
int till_sandbox_server_port (TillSandboxServer *server);
/* Where no fault of the line reaches. */
int till_sandbox_server_control_port (TillSandboxServer *server);
TillFrontDoor *till_sandbox_server_door (TillSandboxServer *server);
void till_sandbox_server_free (TillSandboxServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSandboxServer, till_sandbox_server_free)

G_END_DECLS

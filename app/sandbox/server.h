/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider behind HTTPS on 127.0.0.1: the only file that knows libsoup.
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

G_BEGIN_DECLS

typedef struct _TillSandboxServer TillSandboxServer;

/* Listens at once; port 0 takes a free one. BUSY when the port is taken. speech, courier
 * and token are unowned and outlive the server. */
TillSandboxServer *till_sandbox_server_new (TillSpeech *speech, TillCourier *courier,
                                            const char *token, const char *cert_path,
                                            const char *key_path, int port,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
int till_sandbox_server_port (TillSandboxServer *server);
void till_sandbox_server_free (TillSandboxServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSandboxServer, till_sandbox_server_free)

G_END_DECLS

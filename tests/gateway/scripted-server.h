/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TLS server on 127.0.0.1 that does exactly what a test says, one connection at a time, in a
 * thread of its own: for what curl does with a line. What a provider does wrong stands in
 * app/sandbox/fault-table.h. It counts requests by what it has read, whatever it then does with them. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ScriptedServer ScriptedServer;

/* Called for each connection once TLS stands; nth counts from 1. The line is closed after it. */
typedef void (*ScriptedTurn) (ScriptedServer *server, GIOStream *line, guint nth);

ScriptedServer *scripted_server_new (const char *cert_path, const char *key_path,
                                     ScriptedTurn turn);
void scripted_server_free (ScriptedServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptedServer, scripted_server_free)

char *scripted_server_url (ScriptedServer *server);
guint scripted_server_requests (ScriptedServer *server);
/* The last request, head and body; owned by the caller. */
char *scripted_server_last (ScriptedServer *server);

/* For turns. Reads one whole request and counts it; FALSE when the line ended first. */
gboolean scripted_read (ScriptedServer *server, GIOStream *line);
/* FALSE when the other side is gone. */
gboolean scripted_say (GIOStream *line, const char *text, gssize size);

G_END_DECLS

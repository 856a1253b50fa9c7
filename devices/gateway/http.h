/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTPS to a provider: the only file that knows curl.
 *
 * One call is one POST or GET over one new connection. A connection that is kept is refused on
 * purpose: when the far end closes it, libcurl sends the POST again by itself and says nothing, and
 * a refund would be asked for twice behind the books' back. No redirect, proxy, netrc or
 * environment can change where a request goes; the far end must prove itself against the
 * authorities in the file the request names and no others, with TLS 1.2 or newer. Head and body
 * have a ceiling, every wait a deadline.
 *
 * A TillHttp belongs to the thread that made it; only till_http_cancel () may be called elsewhere.
 */
#pragma once
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

typedef struct _TillHttp TillHttp;

/* Once, before any other thread starts. Ignores SIGPIPE, for a far end that hangs up must not end
 * the till, and forgets SSLKEYLOGFILE, with which the environment could have the keys written out.
 */
void till_http_init (void);

TillHttp *till_http_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_http_free (TillHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillHttp, till_http_free)

/* Blocks, at most request->total_ms and a second. Never NULL. */
TillReply *till_http_send (TillHttp *http, const TillRequest *request);
/* The same as a transport, valid as long as http. */
TillTransport till_http_transport (TillHttp *http);

/* From any thread: the call under way ends within a second, with the fate it then has, and every
 * later one is NOT_SENT. For going down; it is not undone. */
void till_http_cancel (TillHttp *http);

G_END_DECLS

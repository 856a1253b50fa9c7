/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a practice provider: made once, read at start.
 *
 *   sandbox.ini   merchant_no and port      ca.pem, server.pem, server-key.pem   TLS
 *   provider-key.pem, merchant.pem          signatures        control.token      who may set faults
 *   book.jsonl    what was paid             account/          for the till: till_account_load ()
 *
 * Private files are 0600. The authority's own key is not kept: nothing more is ever signed. */
#pragma once
#include "devices/gateway/sign.h"

G_BEGIN_DECLS

#define TILL_SANDBOX_PORT 8443

typedef struct
{
  char *dir; /* owned; this and all below */
  char *merchant_no;
  int port;
  char *control_token;
  TillKey *our_key;      /* private */
  TillKey *merchant_key; /* public */
} TillSandboxSetup;

/* CONFLICT when there is one already. */
gboolean till_sandbox_setup_make (const char *dir, int port, GError **error);
TillSandboxSetup *till_sandbox_setup_load (const char *dir,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tells the till's account folder the port at which we really are, if it is there. */
gboolean till_sandbox_setup_tell_port (const TillSandboxSetup *setup, int port, GError **error);
void till_sandbox_setup_free (TillSandboxSetup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSandboxSetup, till_sandbox_setup_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a practice provider: made once, read at start.
 *
 *   sandbox.ini   merchant_no and port      ca.pem, server.pem, server-key.pem   TLS
 *   provider-key.pem, merchant.pem          signatures        control.token      who may set faults
 *   signer.pem, signer-key.pem              a signature with its certificate     secret
 *   app.pem, alipay.pem, alipay-roots.pem   certificates of the till's key and of ours, for Alipay
 *   notice.pem, notice-key.pem, notice-secret    what notices are signed and sealed with
 *   expired.pem, not-yet.pem, wrong-host.pem, stranger.pem, each with its -key.pem: not to be
 * believed control.port  where it listens for whoever sets faults, as long as it runs book.jsonl
 * what was paid            notices.json     what is still to be told account/      for the till in
 * the practice language: till_account_load () accounts/     the same for every other tongue, a
 * folder by its name
 *
 * Private files are 0600. The authority's own key is not kept: nothing more is ever signed. */
#pragma once
#include "app/sandbox/provider-speech.h"

G_BEGIN_DECLS

#define TILL_SANDBOX_PORT 8443
#define TILL_SANDBOX_CONTROL_PORT "control.port"

typedef struct
{
  char *dir; /* owned; this and all below */
  char *merchant_no;
  int port;
  char *control_token;
  TillKey *our_key;      /* private */
  TillKey *merchant_key; /* public */
  TillKey *signer_key;   /* private */
  char *certificate;     /* of signer_key, PEM */
  char *secret;          /* wiped */
  char *app_cert_sn, *root_cert_sn, *our_cert_sn;
  TillKey *notice_key; /* private; NULL, like the next, in a folder from before there were any */
  char *notice_secret; /* wiped */
} TillSandboxSetup;

/* CONFLICT when there is one already. */
gboolean till_sandbox_setup_make (const char *dir, int port, GError **error);
/* Where the till's account for that tongue is. */
char *till_sandbox_setup_account (const char *dir,
                                  const TillTongue *tongue) G_GNUC_WARN_UNUSED_RESULT;
TillSandboxSetup *till_sandbox_setup_load (const char *dir,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the provider speaks with; setup, provider and clock outlive it. */
TillSpeech till_sandbox_setup_speech (const TillSandboxSetup *setup, TillProvider *provider,
                                      TillClock *clock);
/* Tells the till's account folders the port at which we really are, where they are there. */
gboolean till_sandbox_setup_tell_port (const TillSandboxSetup *setup, int port, GError **error);
/* Writes down where faults can be set whatever becomes of the line. */
gboolean till_sandbox_setup_tell_control (const TillSandboxSetup *setup, int port, GError **error);
void till_sandbox_setup_free (TillSandboxSetup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillSandboxSetup, till_sandbox_setup_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a page reads the accounts with payment providers, tests a connection and asks for a balance,
 * as a const struct of functions: the shop's folder and HTTPS, or what a play says. */
#pragma once
#include "devices/gateway/account-check.h"
#include "devices/gateway/account-import.h"
#include "devices/gateway/account-state.h"
#include "devices/gateway/balance.h"
#include "devices/gateway/file-fetch.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  /* Any thread. Of TillAccountState. */
  GPtrArray *(*accounts) (gpointer self, GError **error);
  /* Main thread; waits for nothing. done comes later on the main thread, exactly once, and asks
   * till_probe_finish (). Cancelling ends it within a second. page is kept until then. */
  void (*check) (gpointer self, GObject *page, const char *account, GCancellable *cancel,
                 GAsyncReadyCallback done);
  /* In the same way how much the provider holds, for one that tells it; done asks
   * till_probe_finish_balance (). */
  void (*balance) (gpointer self, GObject *page, const char *account, GCancellable *cancel,
                   GAsyncReadyCallback done);
  /* Any thread. As till_account_import (). */
  char *(*take) (gpointer self, const char *account, TillImportKind kind, const char *path,
                 const char *password, GError **error);
  /* Any thread. The settlement file at path as that provider's of that day; INVALID or NOT_FOUND
   * for what cannot be read. */
  TillFileFetch *(*file) (gpointer self, const char *provider, int day, const char *path,
                          GError **error);
  gpointer self; /* unowned */
} TillProbe;

/* NULL with an error when the account cannot be loaded, or G_IO_ERROR_CANCELLED. */
TillAccountCheck *till_probe_finish (GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillBalance *till_probe_finish_balance (GAsyncResult *result,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The accounts in the folders below root, asked over HTTPS on a thread of its own; root is unowned
 * and outlives every use. */
TillProbe till_probe_of_folder (const char *root);

G_END_DECLS

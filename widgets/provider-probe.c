/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/provider-probe.h"
#include "devices/gateway/http.h"

TillAccountCheck *
till_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GPtrArray *
accounts (gpointer root, GError **error)
{
  return till_account_state_read_all (root, error);
}

static void
on_cancelled (GCancellable *cancel, gpointer http)
{
  till_http_cancel (http);
}

/* On a thread of the pool, which makes and frees its own line. */
static void
ask (GTask *task, gpointer page, gpointer dir, GCancellable *cancel)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = till_account_load (dir, &error);
  TillAccountCheck *check = NULL;
  if (account)
    {
      g_autoptr (TillHttp) http = till_http_new ();
      g_autoptr (TillClock) clock = till_clock_new ();
      gulong id = g_cancellable_connect (cancel, G_CALLBACK (on_cancelled), http, NULL);
      check = till_account_check_run (account, till_http_transport (http), clock, &error);
      /* Waits until a cancel that is under way has let go of the line. */
      g_cancellable_disconnect (cancel, id);
    }
  if (check)
    g_task_return_pointer (task, check, (GDestroyNotify)till_account_check_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
check (gpointer root, GObject *page, const char *account, GCancellable *cancel,
       GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = g_task_new (page, cancel, done, NULL);
  g_task_set_task_data (task, g_build_filename (root, account, NULL), g_free);
  g_task_run_in_thread (task, ask);
}

static char *
take (gpointer root, const char *account, TillImportKind kind, const char *path,
      const char *password, GError **error)
{
  return till_account_import (root, account, kind, path, password, error);
}

TillProbe
till_probe_of_folder (const char *root)
{
  return (TillProbe){ .accounts = accounts, .check = check, .take = take, .self = (gpointer)root };
}

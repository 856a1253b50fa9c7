/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/provider-probe.h"
#include "data/core/error.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>

TillAccountCheck *
till_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

TillBalance *
till_probe_finish_balance (GAsyncResult *result, GError **error)
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

/* What is asked of the provider, and what frees the answer. */
typedef struct
{
  gpointer (*run) (const TillAccount *account, TillTransport transport, TillClock *clock,
                   GError **error);
  GDestroyNotify free_answer;
} Question;

static gpointer
run_check (const TillAccount *account, TillTransport transport, TillClock *clock, GError **error)
{
  return till_account_check_run (account, transport, clock, error);
}

static gpointer
run_balance (const TillAccount *account, TillTransport transport, TillClock *clock, GError **error)
{
  /* The folder may have become another provider's since it was shown. */
  if (till_balance_is_told_by (account->provider))
    return till_balance_ask (account, transport, clock, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s tells no balance", account->provider);
  return NULL;
}

static const Question check_question = { run_check, (GDestroyNotify)till_account_check_free };
static const Question balance_question = { run_balance, (GDestroyNotify)till_balance_free };

typedef struct
{
  const Question *question;
  char *dir; /* owned */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;
  g_free (job->dir);
  g_free (job);
}

/* On a thread of the pool, which makes and frees its own line. */
static void
ask (GTask *task, gpointer page, gpointer data, GCancellable *cancel)
{
  const Job *job = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = till_account_load (job->dir, &error);
  gpointer answer = NULL;
  if (account)
    {
      g_autoptr (TillHttp) http = till_http_new ();
      g_autoptr (TillClock) clock = till_clock_new ();
      gulong id = g_cancellable_connect (cancel, G_CALLBACK (on_cancelled), http, NULL);
      answer = job->question->run (account, till_http_transport (http), clock, &error);
      /* Waits until a cancel that is under way has let go of the line. */
      g_cancellable_disconnect (cancel, id);
    }
  if (answer)
    g_task_return_pointer (task, answer, job->question->free_answer);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
start (const Question *question, const char *root, GObject *page, const char *account,
       GCancellable *cancel, GAsyncReadyCallback done)
{
  Job *job = g_new0 (Job, 1);
  *job = (Job){ question, g_build_filename (root, account, NULL) };
  g_autoptr (GTask) task = g_task_new (page, cancel, done, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, ask);
}

static void
check (gpointer root, GObject *page, const char *account, GCancellable *cancel,
       GAsyncReadyCallback done)
{
  start (&check_question, root, page, account, cancel, done);
}

static void
balance (gpointer root, GObject *page, const char *account, GCancellable *cancel,
         GAsyncReadyCallback done)
{
  start (&balance_question, root, page, account, cancel, done);
}

static char *
take (gpointer root, const char *account, TillImportKind kind, const char *path,
      const char *password, GError **error)
{
  return till_account_import (root, account, kind, path, password, error);
}

static TillFileFetch *
read_file (gpointer root, const char *provider, int day, const char *path, GError **error)
{
  const char *const paths[] = { path, NULL };
  g_autoptr (GHashTable) usable = till_dispatcher_load_accounts (root);
  const TillAccount *account = g_hash_table_lookup (usable, provider);
  const TillCodec *codec = till_codec_find (provider);
  if (!account || !codec)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, _ ("This shop has no account with %s."),
                   provider);
      return NULL;
    }
  g_autoptr (GPtrArray) members = till_file_fetch_open (paths, error);
  return members ? till_file_fetch_members (codec, account, day, members, error) : NULL;
}

TillProbe
till_probe_of_folder (const char *root)
{
  return (TillProbe){ .accounts = accounts,
                      .check = check,
                      .balance = balance,
                      .take = take,
                      .file = read_file,
                      .self = (gpointer)root };
}

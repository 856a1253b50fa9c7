/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread, one queue, one ward. The ward (a ledger, a dispatcher) is made, used and freed on the
 * worker's own thread only; other threads send it work and get plain structs back.
 *
 *   till_worker_run (worker, work, input, free_input, done, user);
 *
 * work runs on the worker's thread; done runs on the main context the call was made from, with the
 * result and error as work left them (done owns neither; they are freed after it by free_result and
 * g_error_free). The queue is bounded by TILL_WORKER_QUEUE_MAX: one more is refused with BUSY. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_WORKER_QUEUE_MAX 1024

typedef struct _TillWorker TillWorker;

typedef gpointer (*TillWorkerOpen) (gpointer settings, GError **error);
typedef gpointer (*TillWork) (gpointer ward, gpointer input, GError **error);
typedef void (*TillWorkDone) (gpointer result, const GError *error, gpointer user);

/* Starts the thread and makes the ward there with open (settings); waits for it and answers NULL
 * with its error when that fails. close frees the ward, on its thread. */
TillWorker *till_worker_new (const char *name, TillWorkerOpen open, gpointer settings,
                             GDestroyNotify close, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finishes the work at hand, drops what is queued (each done gets STOPPED), joins the thread. */
void till_worker_free (TillWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillWorker, till_worker_free)

/* Any of free_input, free_result and done may be NULL. */
void till_worker_run (TillWorker *worker, TillWork work, gpointer input, GDestroyNotify free_input,
                      GDestroyNotify free_result, TillWorkDone done, gpointer user);

/* The worker's own main context; for sources that must fire on its thread. */
GMainContext *till_worker_context (TillWorker *worker);

G_END_DECLS

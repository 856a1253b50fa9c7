/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/worker.h"
#include "data/core/error.h"

struct _TillWorker
{
  GMainContext *context; /* owned */
  GMainLoop *loop;       /* owned */
  GThread *thread;       /* owned until joined */
  TillWorkerOpen open;
  gpointer settings; /* unowned; only read while opening */
  GDestroyNotify close;
  gpointer ward;      /* owned by the thread */
  GError *open_error; /* owned; set before opened is signalled */
  GMutex lock;
  GCond opened_changed;
  gboolean opened;
  gint queued;   /* atomic */
  gint stopping; /* atomic */
};

typedef struct
{
  TillWorker *worker; /* unowned; outlives the job */
  TillWork work;
  gpointer input; /* owned */
  GDestroyNotify free_input;
  GDestroyNotify free_result;
  TillWorkDone done;
  gpointer user;      /* unowned */
  GMainContext *home; /* owned; where done runs */
  gpointer result;    /* owned */
  GError *error;      /* owned */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;
  if (job->free_input)
    job->free_input (job->input);
  if (job->free_result && job->result)
    job->free_result (job->result);
  g_clear_error (&job->error);
  g_main_context_unref (job->home);
  g_free (job);
}

static gboolean
on_home (gpointer data)
{
  Job *job = data;
  if (job->done)
    job->done (job->result, job->error, job->user);
  return G_SOURCE_REMOVE;
}

/* A source, never g_main_context_invoke (): that would run the job at once on a thread that happens
 * to own the context, in the middle of whatever it is doing. */
static void
post (GMainContext *context, GSourceFunc function, Job *job, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, job, destroy);
  g_source_attach (source, context);
}

static gboolean
on_worker (gpointer data)
{
  Job *job = data;
  TillWorker *worker = job->worker;
  g_atomic_int_add (&worker->queued, -1);
  if (g_atomic_int_get (&worker->stopping))
    g_set_error_literal (&job->error, TILL_ERROR, TILL_ERROR_STOPPED, "the worker is stopping");
  else
    job->result = job->work (worker->ward, job->input, &job->error);
  post (job->home, on_home, job, job_free);
  return G_SOURCE_REMOVE;
}

static gpointer
worker_main (gpointer data)
{
  TillWorker *worker = data;
  g_main_context_push_thread_default (worker->context);
  worker->ward = worker->open (worker->settings, &worker->open_error);

  g_mutex_lock (&worker->lock);
  worker->opened = TRUE;
  g_cond_signal (&worker->opened_changed);
  g_mutex_unlock (&worker->lock);

  if (!worker->open_error)
    g_main_loop_run (worker->loop);
  while (g_main_context_iteration (worker->context, FALSE))
    ;
  if (worker->ward && worker->close)
    worker->close (worker->ward);
  g_main_context_pop_thread_default (worker->context);
  return NULL;
}

TillWorker *
till_worker_new (const char *name, TillWorkerOpen open, gpointer settings, GDestroyNotify close,
                 GError **error)
{
  TillWorker *worker = g_new0 (TillWorker, 1);
  worker->context = g_main_context_new ();
  worker->loop = g_main_loop_new (worker->context, FALSE);
  worker->open = open;
  worker->settings = settings;
  worker->close = close;
  g_mutex_init (&worker->lock);
  g_cond_init (&worker->opened_changed);
  worker->thread = g_thread_new (name, worker_main, worker);

  g_mutex_lock (&worker->lock);
  while (!worker->opened)
    g_cond_wait (&worker->opened_changed, &worker->lock);
  g_mutex_unlock (&worker->lock);
  if (!worker->open_error)
    return worker;

  g_propagate_error (error, g_steal_pointer (&worker->open_error));
  till_worker_free (worker);
  return NULL;
}

static gboolean
on_quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
till_worker_free (TillWorker *worker)
{
  g_atomic_int_set (&worker->stopping, 1);
  g_autoptr (GSource) quit = g_idle_source_new ();
  g_source_set_priority (quit, G_PRIORITY_HIGH);
  g_source_set_callback (quit, on_quit, worker->loop, NULL);
  g_source_attach (quit, worker->context);
  g_thread_join (worker->thread);
  g_main_loop_unref (worker->loop);
  g_main_context_unref (worker->context);
  g_mutex_clear (&worker->lock);
  g_cond_clear (&worker->opened_changed);
  g_free (worker);
}

void
till_worker_run (TillWorker *worker, TillWork work, gpointer input, GDestroyNotify free_input,
                 GDestroyNotify free_result, TillWorkDone done, gpointer user)
{
  Job *job = g_new0 (Job, 1);
  job->worker = worker;
  job->work = work;
  job->input = input;
  job->free_input = free_input;
  job->free_result = free_result;
  job->done = done;
  job->user = user;
  job->home = g_main_context_ref_thread_default ();
  if (g_atomic_int_add (&worker->queued, 1) >= TILL_WORKER_QUEUE_MAX)
    {
      g_atomic_int_add (&worker->queued, -1);
      g_set_error_literal (&job->error, TILL_ERROR, TILL_ERROR_BUSY, "too much work is waiting");
      post (job->home, on_home, job, job_free);
      return;
    }
  post (worker->context, on_worker, job, NULL);
}

GMainContext *
till_worker_context (TillWorker *worker)
{
  return worker->context;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/drain.h"
#include "data/core/error.h"

struct _TillDrain
{
  TillWorker *worker; /* owned */
  GMainContext *home; /* owned; where changed runs */
  TillDrainStep step;
  TillDrainChanged changed;
  gpointer user;  /* unowned */
  GSource *alarm; /* owned; on the worker's context, touched on its thread only */
  gint awake;     /* atomic: a wake is on its way */
  gint stopping;  /* atomic */
};

typedef struct
{
  TillDrain *drain; /* a reference; the drain may be gone by the time this arrives */
  GError *error;    /* owned */
} News;

static void
drain_clear (gpointer data)
{
  TillDrain *drain = data;
  g_main_context_unref (drain->home);
}

static gboolean
on_news (gpointer data)
{
  News *news = data;
  if (!g_atomic_int_get (&news->drain->stopping) && news->drain->changed)
    news->drain->changed (news->error, news->drain->user);
  return G_SOURCE_REMOVE;
}

static void
news_free (gpointer data)
{
  News *news = data;
  g_clear_error (&news->error);
  g_atomic_rc_box_release_full (news->drain, drain_clear);
  g_free (news);
}

static void
tell (TillDrain *drain, GError *error)
{
  News *news = g_new0 (News, 1);
  news->drain = g_atomic_rc_box_acquire (drain);
  news->error = error;
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_news, news, news_free);
  g_source_attach (source, drain->home);
}

static void drain_all (TillDrain *drain, gpointer ward);

static gpointer
on_wake (gpointer ward, gpointer input, GError **error)
{
  TillDrain *drain = input;
  g_atomic_int_set (&drain->awake, 0);
  drain_all (drain, ward);
  return NULL;
}

static gboolean
on_alarm (gpointer data)
{
  till_drain_wake (data);
  return G_SOURCE_REMOVE;
}

/* One alarm at a time, so an idle till wakes up only when something is due. */
static void
set_alarm (TillDrain *drain, int64_t wait)
{
  if (drain->alarm)
    g_source_destroy (drain->alarm);
  g_clear_pointer (&drain->alarm, g_source_unref);
  if (wait < 0)
    return;
  guint milliseconds = (guint)MIN (wait / 1000 + 1, 3600 * 1000);
  drain->alarm = g_timeout_source_new (milliseconds);
  g_source_set_callback (drain->alarm, on_alarm, drain, NULL);
  g_source_attach (drain->alarm, till_worker_context (drain->worker));
}

static void
drain_all (TillDrain *drain, gpointer ward)
{
  gboolean did = TRUE;
  int64_t next_at = 0;
  while (did && !g_atomic_int_get (&drain->stopping))
    {
      GError *error = NULL;
      if (!drain->step (ward, &did, &next_at, &error))
        {
          tell (drain, error);
          set_alarm (drain, TILL_DRAIN_PAUSE_S * TILL_SECOND);
          return;
        }
      if (did)
        tell (drain, NULL);
    }
  set_alarm (drain, next_at == 0 ? -1 : MAX (0, next_at - g_get_real_time ()));
}

TillDrain *
till_drain_new (const char *name, TillWorkerOpen open, gpointer settings, GDestroyNotify close,
                TillDrainStep step, TillDrainChanged changed, gpointer user, GError **error)
{
  TillDrain *drain = g_atomic_rc_box_new0 (TillDrain);
  drain->home = g_main_context_ref_thread_default ();
  drain->step = step;
  drain->changed = changed;
  drain->user = user;
  drain->worker = till_worker_new (name, open, settings, close, error);
  if (!drain->worker)
    {
      g_atomic_rc_box_release_full (drain, drain_clear);
      return NULL;
    }
  till_drain_wake (drain);
  return drain;
}

void
till_drain_wake (TillDrain *drain)
{
  /* A hundred wakes before the thread looks are one. */
  if (g_atomic_int_compare_and_exchange (&drain->awake, 0, 1))
    till_worker_run (drain->worker, on_wake, drain, NULL, NULL, NULL, NULL);
}

void
till_drain_free (TillDrain *drain)
{
  g_atomic_int_set (&drain->stopping, 1);
  till_worker_free (drain->worker);
  /* The thread is gone, so its alarm is ours now; news on its way home holds its own reference. */
  set_alarm (drain, -1);
  g_atomic_rc_box_release_full (drain, drain_clear);
}

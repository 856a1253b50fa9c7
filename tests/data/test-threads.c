/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread, one queue, one ward; and the thread that empties what is due. A gate holds the thread
 * where the story needs it, so nothing here depends on who is faster. */
#include "data/core/drain.h"
#include "data/core/error.h"

typedef struct
{
  GMutex lock;
  GCond changed;
  gboolean open;
  gboolean somebody_waits;
} Gate;

static void
gate_pass (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->somebody_waits = TRUE;
  g_cond_broadcast (&gate->changed);
  while (!gate->open)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static void
gate_await (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  while (!gate->somebody_waits)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static void
gate_open (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

/* Nobody outside can see that the worker has been told to stop, so this gives it time to be told.
 */
static gpointer
open_from_thread (gpointer gate)
{
  g_usleep (200 * 1000);
  gate_open (gate);
  return NULL;
}

typedef struct
{
  GThread *opened_on;
  GThread *closed_on;
  int worked, done, busy, stopped, freed_inputs, sum;
  Gate *gate; /* unowned */
} Ward;

static gpointer
open_ward (gpointer settings, GError **error)
{
  Ward *ward = settings;
  ward->opened_on = g_thread_self ();
  return ward;
}

static gpointer
refuse_to_open (gpointer settings, GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no books");
  return NULL;
}

static void
close_ward (gpointer data)
{
  Ward *ward = data;
  ward->closed_on = g_thread_self ();
}

static gpointer
double_it (gpointer data, gpointer input, GError **error)
{
  Ward *ward = data;
  g_assert_true (g_thread_self () == ward->opened_on);
  if (ward->gate)
    gate_pass (ward->gate);
  ward->worked++;
  int *result = g_new (int, 1);
  *result = 2 * *(int *)input;
  return result;
}

static gpointer
fail (gpointer ward, gpointer input, GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CONFLICT, "no");
  return NULL;
}

static Ward *freeing; /* whose inputs are counted; frees come from the main thread here */

static void
free_input (gpointer input)
{
  freeing->freed_inputs++;
  g_free (input);
}

static void
on_done (gpointer result, const GError *error, gpointer user)
{
  Ward *ward = user;
  ward->done++;
  if (result)
    ward->sum += *(int *)result;
  ward->busy += g_error_matches (error, TILL_ERROR, TILL_ERROR_BUSY);
  ward->stopped += g_error_matches (error, TILL_ERROR, TILL_ERROR_STOPPED);
}

static void
send (TillWorker *worker, Ward *ward, int number)
{
  int *input = g_new (int, 1);
  *input = number;
  till_worker_run (worker, double_it, input, free_input, g_free, on_done, ward);
}

static void
wait_for (const int *count, int wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (*count, ==, wanted);
}

static void
test_work_in_order (void)
{
  g_autoptr (GError) error = NULL;
  Ward ward = { 0 };
  freeing = &ward;
  TillWorker *worker = till_worker_new ("test", open_ward, &ward, close_ward, &error);
  g_assert_no_error (error);
  for (int i = 1; i <= 10; i++)
    send (worker, &ward, i);
  g_assert_cmpint (ward.done, ==, 0); /* never on the spot, always from the main loop */
  wait_for (&ward.done, 10);
  g_assert_cmpint (ward.sum, ==, 110);
  till_worker_run (worker, fail, NULL, NULL, NULL, on_done, &ward);
  wait_for (&ward.done, 11);
  g_assert_cmpint (ward.sum, ==, 110);
  till_worker_run (worker, fail, NULL, NULL, NULL, NULL, NULL); /* nobody asks */
  till_worker_free (worker);
  g_assert_true (ward.opened_on != g_thread_self ());
  g_assert_true (ward.closed_on == ward.opened_on);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (ward.freed_inputs, ==, 10);
}

static void
test_cannot_open (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (till_worker_new ("test", refuse_to_open, NULL, close_ward, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

/* The thread stands still: the queue takes so many and refuses one more; at the end the one at hand
 * is finished and the others are told. */
static void
test_queue_is_bounded (void)
{
  Gate gate = { 0 };
  Ward ward = { .gate = &gate };
  freeing = &ward;
  TillWorker *worker = till_worker_new ("test", open_ward, &ward, close_ward, NULL);
  send (worker, &ward, 1);
  gate_await (&gate);
  for (int i = 0; i < TILL_WORKER_QUEUE_MAX; i++)
    send (worker, &ward, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (ward.busy, ==, 0);
  send (worker, &ward, 1);
  send (worker, &ward, 1);
  wait_for (&ward.busy, 2);
  g_assert_cmpint (ward.done, ==, 2);
  g_assert_cmpint (ward.freed_inputs, ==, 2);
  g_assert_cmpint (ward.worked, ==, 0);

  g_autoptr (GThread) opener = g_thread_new ("opener", open_from_thread, &gate);
  till_worker_free (worker);
  g_thread_join (g_steal_pointer (&opener));
  wait_for (&ward.done, TILL_WORKER_QUEUE_MAX + 3);
  g_assert_cmpint (ward.worked + ward.stopped, ==, TILL_WORKER_QUEUE_MAX + 1);
  g_assert_cmpint (ward.worked, ==, 1);
  g_assert_cmpint (ward.sum, ==, 2 * ward.worked);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (ward.freed_inputs, ==, TILL_WORKER_QUEUE_MAX + 3);
}

/* --- the drain --- */

typedef struct
{
  Gate gate;
  gint steps;     /* atomic */
  gint todo;      /* atomic; steps that still do something */
  gint fail;      /* atomic; steps that fail */
  gint wake_soon; /* atomic; once: something will be due in a moment */
  int told, told_error;
} Well;

static gpointer
open_well (gpointer settings, GError **error)
{
  return settings;
}

static gboolean
step (gpointer data, gboolean *did, int64_t *next_at, GError **error)
{
  Well *well = data;
  g_atomic_int_inc (&well->steps);
  gate_pass (&well->gate);
  *next_at = 0;
  if (g_atomic_int_get (&well->fail) > 0)
    {
      g_atomic_int_add (&well->fail, -1);
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "no line");
      return FALSE;
    }
  *did = g_atomic_int_get (&well->todo) > 0;
  if (*did)
    g_atomic_int_add (&well->todo, -1);
  else if (g_atomic_int_compare_and_exchange (&well->wake_soon, 1, 0))
    {
      *next_at = g_get_real_time () + 1000;
      g_atomic_int_set (&well->todo, 1); /* what the alarm will find */
    }
  return TRUE;
}

static void
on_changed (const GError *error, gpointer user)
{
  Well *well = user;
  well->told++;
  well->told_error += g_error_matches (error, TILL_ERROR, TILL_ERROR_OFFLINE);
}

static TillDrain *
drain_new (Well *well)
{
  g_autoptr (GError) error = NULL;
  TillDrain *drain = till_drain_new ("test", open_well, well, NULL, step, on_changed, well, &error);
  g_assert_no_error (error);
  return drain;
}

/* Whatever is due when it starts is done, one news a deed, and then it sleeps. */
static void
test_drain_empties (void)
{
  Well well = { .todo = 3 };
  well.gate.open = TRUE;
  TillDrain *drain = drain_new (&well);
  wait_for (&well.told, 3);
  till_drain_free (drain);
  g_assert_cmpint (well.steps, >=, 3);
  g_assert_cmpint (well.steps, <=, 4); /* the fourth finds nothing, or the end came first */
  g_assert_cmpint (well.told_error, ==, 0);
}

static void
test_many_wakes_are_one (void)
{
  Well well = { 0 };
  TillDrain *drain = drain_new (&well);
  gate_await (&well.gate);       /* in its first step */
  for (int i = 0; i < 5000; i++) /* far above what the queue would take */
    till_drain_wake (drain);
  g_atomic_int_set (&well.todo, 1);
  gate_open (&well.gate);
  wait_for (&well.told, 1);
  till_drain_free (drain);
  /* First step does something, so another follows; the one wake gives at most one more. */
  g_assert_cmpint (well.steps, >=, 1);
  g_assert_cmpint (well.steps, <=, 3);
}

static void
test_alarm (void)
{
  Well well = { .wake_soon = 1 };
  well.gate.open = TRUE;
  TillDrain *drain = drain_new (&well);
  wait_for (&well.told, 1); /* nobody woke it but its own alarm */
  till_drain_free (drain);
  g_assert_cmpint (well.steps, >=, 2);
}

static void
test_error_is_told (void)
{
  Well well = { .fail = 1, .todo = 1 };
  well.gate.open = TRUE;
  TillDrain *drain = drain_new (&well);
  wait_for (&well.told, 1);
  g_assert_cmpint (well.told_error, ==, 1);
  till_drain_wake (drain); /* need not wait for the pause */
  wait_for (&well.told, 2);
  g_assert_cmpint (well.told_error, ==, 1);
  till_drain_free (drain);
}

static void
test_no_news_after_the_end (void)
{
  Well well = { .todo = 1 };
  TillDrain *drain = drain_new (&well);
  gate_await (&well.gate);
  g_autoptr (GThread) opener = g_thread_new ("opener", open_from_thread, &well.gate);
  till_drain_free (drain); /* with news on its way */
  g_thread_join (g_steal_pointer (&opener));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (well.told, ==, 0);
  g_autoptr (GError) error = NULL;
  g_assert_null (till_drain_new ("test", refuse_to_open, NULL, NULL, step, NULL, NULL, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/work-in-order", test_work_in_order);
  g_test_add_func ("/worker/cannot-open", test_cannot_open);
  g_test_add_func ("/worker/queue-is-bounded", test_queue_is_bounded);
  g_test_add_func ("/drain/empties", test_drain_empties);
  g_test_add_func ("/drain/many-wakes-are-one", test_many_wakes_are_one);
  g_test_add_func ("/drain/alarm", test_alarm);
  g_test_add_func ("/drain/error-is-told", test_error_is_told);
  g_test_add_func ("/drain/no-news-after-the-end", test_no_news_after_the_end);
  return g_test_run ();
}

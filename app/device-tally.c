/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/device-tally.h"
#include "data/desk/tending.h"

/* Longer than the books are waited for. */
#define FINISH_WITHIN (10 * G_TIME_SPAN_SECOND)

struct _TillDeviceTally
{
  GPtrArray *written; /* owned; of TillDevice: as it was written; the books' thread alone */
  GMutex lock;
  GCond is_done;
  gboolean done; /* the last writing; under lock */
};

/* On its way to the books' thread. */
typedef struct
{
  TillDeviceTally *tally; /* unowned; outlives that thread */
  GPtrArray *devices;     /* owned; of TillDevice */
  gboolean is_last;
} Errand;

TillDeviceTally *
till_device_tally_new (void)
{
  TillDeviceTally *tally = g_new0 (TillDeviceTally, 1);
  tally->written = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  g_mutex_init (&tally->lock);
  g_cond_init (&tally->is_done);
  return tally;
}

void
till_device_tally_free (TillDeviceTally *tally)
{
  g_ptr_array_unref (tally->written);
  g_mutex_clear (&tally->lock);
  g_cond_clear (&tally->is_done);
  g_free (tally);
}

static void
errand_free (gpointer data)
{
  Errand *errand = data;
  g_ptr_array_unref (errand->devices);
  g_free (errand);
}

/* --- on the books' thread --- */

static const TillDevice *
find (GPtrArray *devices, guint id)
{
  for (guint i = 0; i < devices->len; i++)
    {
      const TillDevice *device = g_ptr_array_index (devices, i);
      if (device->id == id)
        return device;
    }
  return NULL;
}

/* What came since; everything, of one that was not there before. */
static TillDeviceCount *
count_since (const TillDevice *now, const TillDevice *before)
{
  static const TillDevice nothing;
  if (!before)
    before = &nothing;
  TillDeviceCount *count = g_new0 (TillDeviceCount, 1);
  count->vendor = now->vendor;
  count->product = now->product;
  count->serial = g_strdup (now->serial);
  count->port = g_strdup (now->path);
  count->use.uses = (int64_t)(now->findings - before->findings);
  count->use.failures = (int64_t)(now->refused - before->refused);
  count->use.dropped = (int64_t)(now->dropped - before->dropped);
  count->use.lost = (int64_t)(now->lost - before->lost);
  count->use.problem = g_strdup (count->use.lost > 0 ? till_device_state_name (now->lost_by) : "");
  return count;
}

static void
tell_done (TillDeviceTally *tally)
{
  g_mutex_lock (&tally->lock);
  tally->done = TRUE;
  g_cond_signal (&tally->is_done);
  g_mutex_unlock (&tally->lock);
}

static gpointer
write_counts (gpointer ledger, gpointer data, GError **error)
{
  Errand *errand = data;
  int written;
  g_autoptr (GPtrArray) counts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_count_free);
  for (guint i = 0; i < errand->devices->len; i++)
    {
      const TillDevice *device = g_ptr_array_index (errand->devices, i);
      g_ptr_array_add (counts, count_since (device, find (errand->tally->written, device->id)));
    }
  g_autoptr (GError) trouble = NULL;
  if (till_tending_used (ledger, counts, &written, &trouble))
    {
      g_ptr_array_unref (errand->tally->written);
      errand->tally->written = g_ptr_array_ref (errand->devices);
    }
  else
    g_warning ("what the devices counted is not in the books yet: %s", trouble->message);
  /* From here: nothing comes back to a main loop that has ended. */
  if (errand->is_last)
    tell_done (errand->tally);
  return NULL;
}

/* --- from the main thread --- */

static void
run (TillDeviceTally *tally, TillWorker *ledger, GPtrArray *devices, gboolean is_last)
{
  Errand *errand = g_new0 (Errand, 1);
  errand->tally = tally;
  errand->devices = devices;
  errand->is_last = is_last;
  till_worker_run (ledger, write_counts, errand, errand_free, NULL, NULL, NULL);
}

void
till_device_tally_write (TillDeviceTally *tally, TillWorker *ledger, GPtrArray *devices)
{
  run (tally, ledger, devices, FALSE);
}

void
till_device_tally_finish (TillDeviceTally *tally, TillWorker *ledger, GPtrArray *devices)
{
  gint64 until = g_get_monotonic_time () + FINISH_WITHIN;
  run (tally, ledger, devices, TRUE);
  g_mutex_lock (&tally->lock);
  while (!tally->done && g_cond_wait_until (&tally->is_done, &tally->lock, until))
    ;
  if (!tally->done)
    g_warning ("what the devices counted came too late for the books");
  g_mutex_unlock (&tally->lock);
}

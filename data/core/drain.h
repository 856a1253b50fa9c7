/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread that empties what is due: it steps until nothing is, then sleeps until the next is due
 * or somebody wakes it. The dispatcher and the spooler are each the ward of one drain.
 *
 * step () runs on the drain's thread; *did says whether it did something (then it is called again
 * at once), *next_at when something will be due (µs UTC, 0: nothing at all). An error is told to
 * `changed` and the step is tried again after TILL_DRAIN_PAUSE_S. `changed` runs on the main
 * context the drain was made from, after a step that did something; several steps may be told as
 * one. */
#pragma once
#include "data/core/clock.h"
#include "data/core/worker.h"

G_BEGIN_DECLS

#define TILL_DRAIN_PAUSE_S 2

typedef struct _TillDrain TillDrain;

typedef gboolean (*TillDrainStep) (gpointer ward, gboolean *did, int64_t *next_at, GError **error);
typedef void (*TillDrainChanged) (const GError *error, gpointer user);

TillDrain *till_drain_new (const char *name, TillWorkerOpen open, gpointer settings,
                           GDestroyNotify close, TillDrainStep step, TillDrainChanged changed,
                           gpointer user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From any thread: something may be due now. */
void till_drain_wake (TillDrain *drain);
/* Finishes the step at hand and joins the thread. */
void till_drain_free (TillDrain *drain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDrain, till_drain_free)

G_END_DECLS

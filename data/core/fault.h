/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places where the power may fail. In the shop a fault point costs one load and does nothing.
 *
 * In a test the power is cut at the nth point passed in this process: from then on every point
 * answers FALSE with STOPPED and the ledger refuses to work, so the code above unwinds and nothing
 * it does meanwhile reaches the books, until till_fault_restore (). With TILL_FAULT_EXIT set in the
 * environment ("7": at the 7th point) the process ends on the spot instead, as after kill -9.
 * The counter is per process and not for concurrent use. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Use: if (!till_fault_pass ("dispatcher.asked", error)) return FALSE; */
gboolean till_fault_pass (const char *point, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Cut the power at the nth point from now (1 = the next); 0 only counts. */
void till_fault_arm (guint nth);
/* Points passed since arming. */
guint till_fault_count (void);
/* The point at which the power was cut, or NULL while it is on. */
const char *till_fault_where (void);
void till_fault_restore (void);

G_END_DECLS

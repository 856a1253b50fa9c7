/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a queue remembers of its last job, on disk. A scheduler that was stopped or died gives a job
 * that it had not seen end to its backend once more, from the first byte; this file knows better.
 * One file for a queue, written before the first byte of a job leaves and again at its end. */
#pragma once
#include "devices/print/usb-queue.h"

G_BEGIN_DECLS

typedef struct
{
  int job;
  const char *title; /* unowned */
  gsize bytes;
} TillJobSeen;

/* *end: how it ended, UNKNOWN when it had only begun. FALSE when this job was never begun here, or
 * the file cannot be read, which *error tells. */
gboolean till_job_memory_find (const char *file, const TillJobSeen *job, TillUsbQueueEnd *end,
                               GError **error);
/* On disk when it returns. UNKNOWN is what a job is from its first byte on. */
gboolean till_job_memory_keep (const char *file, const TillJobSeen *job, TillUsbQueueEnd end,
                               GError **error);

G_END_DECLS

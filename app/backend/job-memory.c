/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/backend/job-memory.h"

#include <glib.h>

#define FILE_MAX 4096

gboolean
till_job_memory_find (const char *file, const TillJobSeen *job, TillUsbQueueEnd *end,
                      GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) none = NULL;
  gsize size, bytes;
  if (!g_file_get_contents (file, &text, &size, &none))
    {
      if (!g_error_matches (none, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_propagate_error (error, g_steal_pointer (&none));
      return FALSE;
    }
  g_auto (GStrv) lines = g_strsplit (size <= FILE_MAX ? text : "", "\n", 3);
  return g_strv_length (lines) >= 2 && g_str_equal (lines[0], job->title)
         && till_usb_queue_end_read (lines[1], job->job, end, &bytes) && bytes == job->bytes;
}

gboolean
till_job_memory_keep (const char *file, const TillJobSeen *job, TillUsbQueueEnd end, GError **error)
{
  g_autofree char *words = till_usb_queue_end_write (end, job->job, job->bytes);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n", job->title, words);
  return g_file_set_contents_full (
      file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

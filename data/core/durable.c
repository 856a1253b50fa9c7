/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/durable.h"
#include "data/core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean
till_file_fails (const char *what, const char *path, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "cannot %s %s: %s", what, path,
               g_strerror (errno));
  return FALSE;
}

gboolean
till_folder_sync_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean good = (fd >= 0 && fsync (fd) == 0) || till_file_fails ("sync", folder, error);
  if (fd >= 0)
    close (fd);
  return good;
}

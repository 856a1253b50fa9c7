/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders for tests, made and taken away. */
#pragma once
#include <gio/gio.h>
#include <unistd.h>

static inline void
test_folder_remove (const char *path)
{
  gboolean link = g_file_test (path, G_FILE_TEST_IS_SYMLINK);
  g_autoptr (GDir) dir = link ? NULL : g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *below = g_build_filename (path, name, NULL);
      test_folder_remove (below);
    }
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_file_delete (file, NULL, NULL);
}

/* Where syncing costs nothing, when there is such a place: for plays by the thousand, whose power
 * cuts are told by the fault points and not by the disk. */
static inline void
test_folder_in_memory (void)
{
  if (access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
}

static inline char *
test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("till-ctl-XXXXXX", &error);
  g_assert_no_error (error);
  return path;
}

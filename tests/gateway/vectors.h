/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of tests/gateway/vectors/ in a folder of this run's own, where they are 0600 as keys
 * must be and a test may add others. */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static char *vectors_dir; /* owned, from vectors_unpack () to vectors_remove () */

static inline char *
vectors_path (const char *name)
{
  return g_build_filename (vectors_dir, name, NULL);
}

static inline void
vectors_write (const char *name, const void *data, gsize size)
{
  g_autofree char *path = vectors_path (name);
  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
}

static inline GBytes *
vectors_read (const char *name)
{
  g_autofree char *path = vectors_path (name);
  char *data = NULL;
  gsize size = 0;
  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return g_bytes_new_take (data, size);
}

/* As a text; for g_free. */
static inline char *
vectors_text (const char *name)
{
  g_autoptr (GBytes) bytes = vectors_read (name);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static inline void
vectors_unpack (void)
{
  g_autofree char *from
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "gateway", "vectors", NULL);
  g_autoptr (GDir) folder = g_dir_open (from, 0, NULL);
  vectors_dir = g_dir_make_tmp ("till-vectors-XXXXXX", NULL);
  g_assert_true (folder && vectors_dir);
  for (const char *name; (name = g_dir_read_name (folder));)
    {
      g_autofree char *path = g_build_filename (from, name, NULL);
      g_autofree char *data = NULL;
      gsize size = 0;
      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      vectors_write (name, data, size);
    }
}

/* Runs a line of shell in the folder; TRUE when it succeeded. */
static inline gboolean
vectors_shell (const char *line)
{
  g_autofree char *whole = g_strdup_printf ("cd '%s' && %s", vectors_dir, line);
  const char *argv[] = { "sh", "-c", whole, NULL };
  int status = 1;
  g_assert_true (
      g_spawn_sync (NULL, (char **)argv, NULL,
                    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                    NULL, NULL, NULL, NULL, &status, NULL));
  return g_spawn_check_wait_status (status, NULL);
}

static inline void
vectors_remove (void)
{
  g_assert_true (vectors_shell ("rm -r \"$PWD\""));
  g_clear_pointer (&vectors_dir, g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces of a card: the ways in which its number, name and track may be written down, and a search
 * for them in files, folders and the memory of a process.
 *
 * A number is looked for as ASCII, plain and in groups of four, as UTF-16 of both byte orders, and
 * packed two digits a byte as smart cards and terminals do (EMV book 3, format "cn"), the first
 * digit in either half. */
#pragma once
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CANARY_PART (1 << 20) /* bytes searched at a time */
#define CANARY_LONGEST 128    /* bytes of a needle */

typedef struct
{
  char *name; /* owned; "number of the first card, packed" */
  GBytes *bytes;
} CanaryNeedle;

static inline void
canary_needle_free (gpointer data)
{
  CanaryNeedle *needle = data;
  g_free (needle->name);
  g_bytes_unref (needle->bytes);
  g_free (needle);
}

static inline GPtrArray *
canary_new (void)
{
  return g_ptr_array_new_with_free_func (canary_needle_free);
}

static inline void
canary_add (GPtrArray *needles, const char *whose, const char *form, const void *bytes, gsize size)
{
  g_assert_cmpuint (size, >=, 5);
  g_assert_cmpuint (size, <=, CANARY_LONGEST);
  CanaryNeedle *needle = g_new0 (CanaryNeedle, 1);
  needle->name = g_strdup_printf ("%s, %s", whose, form);
  needle->bytes = g_bytes_new (bytes, size);
  g_ptr_array_add (needles, needle);
}

static inline void
canary_add_text (GPtrArray *needles, const char *whose, const char *text)
{
  gsize size = strlen (text);
  g_autofree guint8 *wide = g_malloc0 (2 * size + 1);
  for (gsize i = 0; i < size; i++)
    wide[2 * i] = (guint8)text[i];
  canary_add (needles, whose, "as text", text, size);
  canary_add (needles, whose, "as UTF-16LE", wide, 2 * size);
  /* One zero more in front and one less behind: the other byte order. */
  g_autofree guint8 *other = g_malloc0 (2 * size + 1);
  memcpy (other + 1, wide, 2 * size);
  canary_add (needles, whose, "as UTF-16BE", other, 2 * size);
}

/* From the digit at `from`, as many pairs as there are. */
static inline void
canary_add_packed (GPtrArray *needles, const char *whose, const char *digits, gsize from)
{
  guint8 packed[CANARY_LONGEST];
  gsize n = (strlen (digits) - from) / 2;
  for (gsize i = 0; i < n; i++)
    packed[i] = (guint8)((digits[from + 2 * i] - '0') << 4 | (digits[from + 2 * i + 1] - '0'));
  canary_add (needles, whose, from ? "packed, shifted" : "packed", packed, n);
}

static inline void
canary_add_number (GPtrArray *needles, const char *whose, const char *digits)
{
  static const char *const between[] = { " ", "-" };
  canary_add_text (needles, whose, digits);
  canary_add_packed (needles, whose, digits, 0);
  canary_add_packed (needles, whose, digits, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (between); i++)
    {
      g_autoptr (GString) grouped = g_string_new (NULL);
      for (gsize at = 0; digits[at]; at++)
        g_string_append_printf (grouped, "%s%c", at && at % 4 == 0 ? between[i] : "", digits[at]);
      canary_add (needles, whose, i ? "with dashes" : "with blanks", grouped->str, grouped->len);
    }
}

static inline void
canary_search (GPtrArray *needles, const guint8 *bytes, gsize size, const char *where,
               GString *found)
{
  for (guint i = 0; i < needles->len; i++)
    {
      const CanaryNeedle *needle = g_ptr_array_index (needles, i);
      gsize length;
      gconstpointer what = g_bytes_get_data (needle->bytes, &length);
      if (memmem (bytes, size, what, length))
        g_string_append_printf (found, "%s: %s\n", where, needle->name);
    }
}

/* Part by part, each beginning with the end of the one before; the number of bytes seen. */
static inline guint64
canary_search_range (GPtrArray *needles, int fd, guint64 from, guint64 to, const char *where,
                     GString *found)
{
  g_autofree guint8 *part = g_malloc (CANARY_PART);
  guint64 seen = 0;
  for (guint64 at = from; at < to;)
    {
      gssize n = pread (fd, part, MIN (CANARY_PART, to - at), (off_t)at);
      if (n <= 0)
        break;
      seen += (guint64)n;
      canary_search (needles, part, (gsize)n, where, found);
      if (n <= CANARY_LONGEST)
        break;
      at += (guint64)n < CANARY_PART ? (guint64)n : (guint64)n - CANARY_LONGEST;
    }
  return seen;
}

/* All files below the folder, hidden ones too; the number of bytes seen. */
static inline guint64
canary_search_folder (GPtrArray *needles, const char *folder, GString *found)
{
  guint64 seen = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  const char *name;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      canary_search (needles, (const guint8 *)name, strlen (name), path, found);
      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        seen += canary_search_folder (needles, path, found);
      else if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          int fd = open (path, O_RDONLY | O_CLOEXEC);
          g_assert_cmpint (fd, >=, 0);
          seen += canary_search_range (needles, fd, 0, G_MAXINT64, path, found);
          close (fd);
        }
    }
  return seen;
}

/* All that the process can write, its stacks and what it has freed included (proc(5)); the
 * number of bytes seen. */
static inline guint64
canary_search_process (GPtrArray *needles, const char *pid, GString *found)
{
  g_autofree char *maps_path = g_build_filename ("/proc", pid, "maps", NULL);
  g_autofree char *mem_path = g_build_filename ("/proc", pid, "mem", NULL);
  int mem = open (mem_path, O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen (maps_path, "re");
  g_assert_true (mem >= 0 && maps != NULL);
  char line[512];
  guint64 seen = 0, from, to;
  char rights[5];
  while (fgets (line, sizeof line, maps))
    if (sscanf (line, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %4s", &from, &to, rights)
            == 3
        && rights[0] == 'r' && rights[1] == 'w')
      {
        g_autofree char *where = g_strdup_printf ("memory of %s, %s", pid, g_strchomp (line));
        seen += canary_search_range (needles, mem, from, to, where, found);
      }
  fclose (maps);
  close (mem);
  return seen;
}

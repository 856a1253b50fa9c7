/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for a text in all the memory this process can write, its stacks and what it has freed
 * included. The text is handed over veiled, each byte with VEIL, so that the search does not find
 * what it searches with. Linux only: /proc/self/maps and /proc/self/mem, proc(5). */
#pragma once
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_VEIL 0x80

static inline gboolean
memory_holds (const guint8 *bytes, gsize size, const guint8 *veiled, gsize length)
{
  for (gsize i = 0; i + length <= size; i++)
    {
      gsize same = 0;
      while (same < length && bytes[i + same] == (veiled[same] ^ MEMORY_VEIL))
        same++;
      if (same == length)
        return TRUE;
    }
  return FALSE;
}

static inline gboolean
memory_is_in (const guint8 *veiled, gsize length)
{
  static guint8 part[1 << 16];
  int mem = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen ("/proc/self/maps", "re");
  g_assert_true (mem >= 0 && maps != NULL);
  char line[512];
  gboolean found = FALSE;
  guint64 seen = 0;
  while (!found && fgets (line, sizeof line, maps))
    {
      guint64 from, to;
      char rights[5];
      if (sscanf (line, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %4s", &from, &to, rights)
              != 3
          || rights[0] != 'r' || rights[1] != 'w')
        continue;
      /* Parts overlap by the length of what is sought. */
      for (guint64 at = from; !found && at < to; at += sizeof part - length)
        {
          gssize n = pread (mem, part, MIN (sizeof part, to - at), (off_t)at);
          if (n <= 0)
            break;
          seen += (guint64)n;
          found = memory_holds (part, (gsize)n, veiled, length);
        }
    }
  fclose (maps);
  close (mem);
  g_assert_cmpuint (seen, >, 1 << 16); /* it did look */
  explicit_bzero (part, sizeof part);
  return found;
}

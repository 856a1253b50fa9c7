/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least a durable commit of a sale can cost: 64 KiB over what is there, and wait for the disk.
 */
#pragma once
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define OVERWRITE_CHUNK (64 * 1024)
#define OVERWRITE_FILE (64 * OVERWRITE_CHUNK)

typedef struct
{
  int fd;
  off_t at;
  char chunk[OVERWRITE_CHUNK];
} Overwrite;

static inline void
overwrite_open (Overwrite *file, const char *path)
{
  file->fd = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert (file->fd >= 0);
  memset (file->chunk, 1, sizeof file->chunk);
  for (file->at = 0; file->at < OVERWRITE_FILE; file->at += OVERWRITE_CHUNK)
    g_assert (pwrite (file->fd, file->chunk, sizeof file->chunk, file->at) == OVERWRITE_CHUNK);
  g_assert (fsync (file->fd) == 0);
}

static inline double
overwrite_once (Overwrite *file)
{
  double start = bench_now ();
  file->at = (file->at + OVERWRITE_CHUNK) % OVERWRITE_FILE;
  g_assert (pwrite (file->fd, file->chunk, sizeof file->chunk, file->at) == OVERWRITE_CHUNK);
  g_assert (fdatasync (file->fd) == 0);
  return bench_now () - start;
}

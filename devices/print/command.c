/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/command.h"

#include "data/core/gbk.h"

/* Commands of fixed length: two bytes and so many of argument. */
static const struct
{
  guint8 intro, name, args;
} fixed[] = {
  { 0x1B, '@', 0 }, { 0x1B, 'a', 1 }, { 0x1B, 'E', 1 }, { 0x1B, 'p', 3 }, { 0x1B, 'd', 1 },
  { 0x1B, '2', 0 }, { 0x1B, '3', 1 }, { 0x1B, 'M', 1 }, { 0x1B, '!', 1 }, { 0x1B, '-', 1 },
  { 0x1B, 't', 1 }, { 0x1C, '&', 0 }, { 0x1C, '.', 0 }, { 0x1C, '!', 1 }, { 0x1D, '!', 1 },
  { 0x1D, 'h', 1 }, { 0x1D, 'w', 1 }, { 0x1D, 'H', 1 }, { 0x1D, 'f', 1 }, { 0x1D, 'a', 1 },
  { 0x1D, 'r', 1 },
};

/* Of what begins with ESC, FS or GS; 0 when it is not known. head is padded with zeros. */
static gsize
command_length (const guint8 head[8])
{
  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    if (fixed[i].intro == head[0] && fixed[i].name == head[1])
      return 2 + (gsize)fixed[i].args;
  if (head[0] != 0x1D)
    return 0;
  if (head[1] == 'V')
    return head[2] >= 'A' ? 4 : 3;
  if (head[1] == 'k' && head[2] >= 65)
    return 4 + (gsize)head[3];
  if (head[1] == '(')
    return 5 + (head[3] | (gsize)head[4] << 8);
  if (head[1] == 'v' && head[2] == '0')
    return 8 + (head[4] | (gsize)head[5] << 8) * (head[6] | (gsize)head[7] << 8);
  return 0;
}

static gsize
next_length (const guint8 *bytes, gsize left)
{
  guint8 head[8] = { 0 };
  for (gsize i = 0; i < MIN (left, sizeof head); i++)
    head[i] = bytes[i];
  if (head[0] >= 0x1B && head[0] <= 0x1D)
    return command_length (head);
  if (head[0] < 0x20)
    return head[0] == '\n' ? 1 : 0;
  return till_gbk_is_lead (head[0]) ? 2 : 1;
}

gsize
till_command_cut (const guint8 *bytes, gsize size, gsize from, gsize most)
{
  gsize at = from;
  while (at < size)
    {
      gsize length = next_length (bytes + at, size - at);
      if (length == 0 || length > size - at)
        return size;
      if (at > from && at + length - from > most)
        return at;
      at += length;
    }
  return at;
}

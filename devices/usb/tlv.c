/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/tlv.h"

/* The bytes of the tag, or 0. */
static gsize
read_tag (const guint8 *bytes, gsize size, guint32 *tag)
{
  if (size == 0)
    return 0;
  *tag = bytes[0];
  if ((bytes[0] & 0x1F) != 0x1F)
    return 1;
  for (gsize at = 1; at < MIN (size, 3); at++)
    {
      *tag = *tag << 8 | bytes[at];
      if (!(bytes[at] & 0x80))
        return at + 1;
    }
  return 0;
}

/* The bytes of the length, or 0; of the long forms those for up to two bytes. */
static gsize
read_length (const guint8 *bytes, gsize size, gsize *length)
{
  if (size == 0)
    return 0;
  gsize more = bytes[0] == 0x81 ? 1 : bytes[0] == 0x82 ? 2 : 0;
  if ((bytes[0] & 0x80 && more == 0) || size < 1 + more)
    return 0;
  *length = more ? 0 : bytes[0];
  for (gsize i = 1; i <= more; i++)
    *length = *length << 8 | bytes[i];
  return 1 + more;
}

/* The bytes of the next one with what is before it; 0 at the end, or where it makes no sense, which
 * *is_end tells apart. */
static gsize
read_next (const guint8 *bytes, gsize size, TillTlv *tlv, gboolean *is_end)
{
  gsize at = 0, length = 0;
  while (at < size && (bytes[at] == 0x00 || bytes[at] == 0xFF))
    at++;
  *is_end = at == size;
  if (*is_end)
    return 0;
  tlv->is_nested = (bytes[at] & 0x20) != 0;
  gsize used = read_tag (bytes + at, size - at, &tlv->tag);
  at += used;
  gsize more = used ? read_length (bytes + at, size - at, &length) : 0;
  at += more;
  if (more == 0 || length > size - at)
    return 0;
  tlv->bytes = bytes + at;
  tlv->size = length;
  return at + length;
}

static gboolean
is_whole (const guint8 *bytes, gsize size, guint depth)
{
  TillTlv tlv;
  gboolean is_end = FALSE;
  gsize used;
  for (; (used = read_next (bytes, size, &tlv, &is_end)) > 0; bytes += used, size -= used)
    if (tlv.is_nested && (depth == 0 || !is_whole (tlv.bytes, tlv.size, depth - 1)))
      return FALSE;
  return is_end;
}

gboolean
till_tlv_is_whole (const guint8 *bytes, gsize size)
{
  return is_whole (bytes, size, TILL_TLV_DEPTH_MAX - 1);
}

static gboolean
find (const guint8 *bytes, gsize size, guint32 tag, guint *nth, guint depth, TillTlv *found)
{
  TillTlv tlv;
  gboolean is_end;
  gsize used;
  for (; (used = read_next (bytes, size, &tlv, &is_end)) > 0; bytes += used, size -= used)
    {
      if (tlv.tag == tag && (*nth)-- == 0)
        {
          *found = tlv;
          return TRUE;
        }
      if (tlv.is_nested && depth > 0 && find (tlv.bytes, tlv.size, tag, nth, depth - 1, found))
        return TRUE;
    }
  return FALSE;
}

gboolean
till_tlv_find (const guint8 *bytes, gsize size, guint32 tag, guint nth, TillTlv *found)
{
  return till_tlv_is_whole (bytes, size)
         && find (bytes, size, tag, &nth, TILL_TLV_DEPTH_MAX - 1, found);
}

gsize
till_tlv_read_wanted (const guint8 *bytes, gsize size, guint32 *tag, guint8 *length)
{
  gsize used = read_tag (bytes, size, tag);
  if (used == 0 || used == size || bytes[used] > 252)
    return 0;
  *length = bytes[used];
  return used + 1;
}

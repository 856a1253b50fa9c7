/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags, lengths and values as payment cards write them: BER, definite lengths, nested. Pure; any
 * thread; what is found points into the caller's bytes. Source: EMV 4.3 book 3, annex B;
 * ISO/IEC 8825-1. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_TLV_DEPTH_MAX 6

typedef struct
{
  guint32 tag; /* its bytes as they stand, at most three: 0x9F38 */
  gboolean is_nested;
  const guint8 *bytes;
  gsize size;
} TillTlv;

/* Whether all of it is well-formed, inside too. Zeros and 0xFF between tags are padding. */
gboolean till_tlv_is_whole (const guint8 *bytes, gsize size);

/* The nth (from 0) of that tag, at any depth, in the order of the bytes; only of what is whole. */
gboolean till_tlv_find (const guint8 *bytes, gsize size, guint32 tag, guint nth, TillTlv *found);

/* A tag without its value, and the length after it, as a list of wanted data names them: the bytes
 * used, or 0 when that is none. */
gsize till_tlv_read_wanted (const guint8 *bytes, gsize size, guint32 *tag, guint8 *length);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider sent as one packed piece, taken apart in memory into named files. The one keeper
 * of libarchive; gzip and zlib are GLib's. Nothing touches the disk.
 *
 * Whatever came is a stranger's: what is too large, packed more densely than any settlement file
 * is, cut, damaged, encrypted, or called something that is no plain file name, is refused as a
 * whole, and nothing of it comes out. Names are UTF-8 where the archive says so, else GBK.
 *
 * Any thread; nothing is kept between calls. Errors: INVALID, worded for the log; STOPPED, this
 * system lacks what is needed. */
#pragma once
#include "data/settlement/settlement.h"

G_BEGIN_DECLS

#define TILL_UNPACK_PACKED_MAX (32 * 1024 * 1024)
#define TILL_UNPACK_SIZE_MAX TILL_SETTLEMENT_BYTES_MAX /* of all files together */
#define TILL_UNPACK_RATIO_MAX 200                      /* … and this many times what came … */
#define TILL_UNPACK_RATIO_FROM (1024 * 1024)           /* … once it is more than this */
#define TILL_UNPACK_MEMBERS_MAX 16
#define TILL_UNPACK_NAME_MAX 255 /* bytes of UTF-8 */

typedef enum
{
  TILL_PACKING_PLAIN,
  TILL_PACKING_GZIP,
  TILL_PACKING_ZIP,
  TILL_PACKING_ZLIB_ZIP, /* a zip inside a zlib stream: UnionPay's fileContent */
} TillPacking;

/* The files, of TillSettlementMember, in the archive's order. `name` is what a file is called that
 * brings no name of its own (PLAIN, GZIP). */
GPtrArray *till_unpack (GBytes *packed, TillPacking packing, const char *name,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

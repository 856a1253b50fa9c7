/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a provider's settlement file: asks, follows, unpacks, reads. Blocking, at most
 * TILL_FILE_STEPS_MAX requests. Touches no books. One thread; the result is the caller's. */
#pragma once
#include "devices/gateway/codec.h"

G_BEGIN_DECLS

typedef struct
{
  TillFileAnswer *answer;     /* owned; HERE, NOT_YET, REFUSED, UNKNOWN or BROKEN */
  TillSettlement *settlement; /* owned; with HERE only */
} TillFileFetch;

/* NULL with STOPPED (the program is going down), or with INVALID when no file can be had from this
 * provider this way. day is yyyymmdd; now, µs UTC by the machine's clock, is what requests are
 * signed for. */
TillFileFetch *till_file_fetch (TillTransport transport, const TillCodec *codec,
                                const TillAccount *account, int day, int64_t now,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from members that are here already. Takes members by reference. */
TillFileFetch *till_file_fetch_members (const TillCodec *codec, const TillAccount *account, int day,
                                        GPtrArray *members,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_file_fetch_free (TillFileFetch *fetch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFileFetch, till_file_fetch_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a provider's settlement file, and beside it the fund flow of the same day where the
 * provider gives one: asks, follows, unpacks, reads. Blocking, at most as many
 * requests for each as its codec says. Touches no books. One thread; the result is the caller's. */
#pragma once
#include "devices/gateway/codec.h"

G_BEGIN_DECLS

typedef struct
{
  TillFileAnswer *answer;     /* owned; HERE, NOT_YET, REFUSED, UNKNOWN or BROKEN */
  TillSettlement *settlement; /* owned; with HERE only */
  /* Of the fund flow, likewise. NULL when there is no settlement to hold it against, when the
   * provider gives none, or when the files were given by hand without it. */
  TillFileAnswer *funds_answer; /* owned */
  TillSettlement *funds;        /* owned; with HERE only */
  /* Of the bytes, 64 hexadecimal digits each; "" where there is no such file. */
  char *digest, *funds_digest; /* owned */
} TillFileFetch;

/* NULL with STOPPED (the program is going down), or with INVALID when no file can be had from this
 * provider this way. day is yyyymmdd; now, µs UTC by the machine's clock, is what requests are
 * signed for. */
TillFileFetch *till_file_fetch (TillTransport transport, const TillCodec *codec,
                                const TillAccount *account, int day, int64_t now,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from members that are here already; of a provider that gives a fund flow, it may be the
 * second of two. Copies what it needs of members. */
TillFileFetch *till_file_fetch_members (const TillCodec *codec, const TillAccount *account, int day,
                                        GPtrArray *members,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Why there is no settlement, or no fund flow, in the current language. */
char *till_file_fetch_absence (const TillFileAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
/* The files at these paths as members, unpacked where their names end in .gz or .zip; of
 * TillSettlementMember. */
GPtrArray *till_file_fetch_open (const char *const *paths,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_file_fetch_free (TillFileFetch *fetch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFileFetch, till_file_fetch_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settlement file on its way, for the targets that fuzz a provider's answers: their errand 7. */
#pragma once
#include "devices/gateway/codec.h"
#include "tests/fuzz/fuzz.h"

#define FUZZ_FILE_ERRAND 7

/* The first step, or the one that follows an address. */
static inline TillFileAsk
fuzz_file_ask (int64_t at, gboolean follows)
{
  return (TillFileAsk){ .day = 20261121,
                        .asked_at = at,
                        .step = follows,
                        .path = follows ? "/bill" : NULL,
                        .hash = follows ? "da39a3ee5e6b4b0d3255bfef95601890afd80709" : NULL };
}

/* What must hold of any answer, and of one that nobody speaks for. */
static inline void
fuzz_check_file (const TillCodec *codec, const TillAccount *account, const TillFileAsk *ask,
                 const TillReply *reply, gboolean is_spoken_for)
{
  g_autoptr (TillFileAnswer) answer = codec->file->interpret (ask, account, reply);
  g_assert_nonnull (answer);
  g_assert_true ((answer->members != NULL) == (answer->kind == TILL_FILE_HERE));
  if (!is_spoken_for)
    g_assert_true (answer->kind != TILL_FILE_HERE && answer->kind != TILL_FILE_NEXT);
  if (answer->kind == TILL_FILE_NEXT)
    g_assert_true (answer->path[0] == '/' && strlen (answer->path) <= TILL_FILE_PATH_MAX);
  if (answer->kind == TILL_FILE_NOT_YET)
    g_assert_cmpint (answer->ready_at, >, 0);
  fuzz_assert_clean (answer->code, 64);
}

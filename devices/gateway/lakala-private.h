/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other parts of Lakala's codec, and what they share. */
#pragma once
#include "devices/gateway/codec.h"

/* Signed, with the headers that go with every request; takes its limits from the profile. */
TillRequest *till_lakala_request_new (const TillAccount *account, const char *path, GBytes *body,
                                      int64_t asked_at,
                                      const char *nonce) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_lakala_is_signed (const TillAccount *account, const TillReply *answer);
/* Whether that code is known to say nothing either way. */
gboolean till_lakala_code_is_open (const char *code);

extern const TillBalanceCodec till_lakala_balance; /* lakala-balance.c */
extern const TillNoticeCodec till_lakala_notices;  /* lakala-notice.c */

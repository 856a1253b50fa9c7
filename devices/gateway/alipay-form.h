/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Alipay's files share: how a question is put and signed, and which part of an answer is.
 */
#pragma once
#include "devices/gateway/codec.h"

G_BEGIN_DECLS

extern const TillBalanceCodec till_alipay_balance; /* alipay-balance.c */
extern const TillFileCodec till_alipay_file;       /* alipay-file.c */
extern const TillNoticeCodec till_alipay_notices;  /* alipay-notice.c */

/* The signed request, without its limits. content is JSON; notice_url may be NULL. */
TillRequest *till_alipay_request (const char *method, const char *content, int64_t asked_at,
                                  const char *notice_url,
                                  const TillAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* The part of the body, called `response`, that the provider signed; NULL when it did not, with an
 * error only when the body is no JSON. */
GBytes *till_alipay_signed_part (const char *response, const TillAccount *account, GBytes *body,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What WeChat Pay's two files share: how a request and an answer are signed. */
#pragma once
#include "devices/gateway/codec.h"

G_BEGIN_DECLS

extern const TillFileCodec till_wechat_file; /* wechat-file.c */

/* Signs the request as it is, method, path with its query, and body, and adds what goes with it. */
void till_wechat_authorize (TillRequest *request, const TillAccount *account, int64_t asked_at,
                            const char *nonce);
/* What is wrong with the signature of the answer, or NULL. */
char *till_wechat_doubt (const TillAccount *account, const TillReply *answer,
                         int64_t asked_at) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

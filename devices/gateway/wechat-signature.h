/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's signatures, API v3: SHA256withRSA over lines that each end with a line feed. A
 * request's are method, path with its query, time, nonce and body; an answer's and a notice's
 * time, nonce and body. Both name their key in Wechatpay-Serial, because two are in use while one
 * follows the other.
 *
 * Pure; any thread. Instants are µs UTC. */
#pragma once
#include "devices/gateway/account.h"
#include "devices/gateway/letter.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

/* Adds the header Authorization; the account has the fact serial_no. */
void till_wechat_sign (TillRequest *request, const TillAccount *account, const char *nonce,
                       int64_t asked_at);
/* Why the answer to a request of that time is not to be believed, or NULL. */
char *till_wechat_doubt (const TillReply *answer, const TillAccount *account,
                         int64_t asked_at) G_GNUC_WARN_UNUSED_RESULT;
/* Why a letter is not to be believed, or NULL. */
char *till_wechat_doubt_letter (const TillLetter *letter,
                                const TillAccount *account) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

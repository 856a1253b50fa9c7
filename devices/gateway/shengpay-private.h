/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of Shengpay's codec share. Pure; any thread. */
#pragma once
#include "devices/gateway/codec.h"
#include "devices/gateway/json.h"

G_BEGIN_DECLS

extern const TillNoticeCodec till_shengpay_notices; /* shengpay-notice.c */

/* "a=1&b=2" as it is signed: texts and whole numbers, without empty ones, sign, and whatever has
 * members of its own. NULL for an object that holds anything else, which nobody says how to write.
 */
char *till_shengpay_text (const json_t *object) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the provider signed the object, with the key in use or the next. */
gboolean till_shengpay_is_signed (const json_t *object, const TillAccount *account);
/* Fen, as a number or as a text: pages differ. */
gboolean till_shengpay_fee (const json_t *object, const char *name, TillMoney *fee);

G_END_DECLS

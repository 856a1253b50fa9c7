/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of UMPay's codec share. Pure; any thread. */
#pragma once
#include "devices/gateway/codec.h"
#include "devices/gateway/form.h"

G_BEGIN_DECLS

/* Of the page's one META tag. */
#define TILL_UMPAY_TAG "MobilePayPlatform"

extern const TillNoticeCodec till_umpay_notices; /* umpay-notice.c */

/* What both sides sign: every field by name but sign, sign_type and what is empty. */
char *till_umpay_text (const TillForm *form) G_GNUC_WARN_UNUSED_RESULT;
/* Adds sign; the account's key must be able to sign with SHA-1 (asserted). */
void till_umpay_sign (TillForm *form, const TillAccount *account);
/* Whether the provider signed these fields. */
gboolean till_umpay_is_signed (const TillForm *form, const TillAccount *account);

G_END_DECLS

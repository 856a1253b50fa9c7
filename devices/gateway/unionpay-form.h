/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What UnionPay's two files share: how a form is signed, ours and theirs. */
#pragma once
#include "devices/gateway/codec.h"
#include "devices/gateway/form.h"

G_BEGIN_DECLS

extern const TillFileCodec till_unionpay_file;      /* unionpay-file.c */
extern const TillNoticeCodec till_unionpay_notices; /* unionpay-notice.c */

/* Adds the signature over all other fields. */
void till_unionpay_sign (TillForm *form, const TillAccount *account);
/* NULL when UnionPay signed these fields; else why that is not believed. */
char *till_unionpay_doubt (const TillAccount *account, const TillForm *form,
                           int64_t asked_at) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

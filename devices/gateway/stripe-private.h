/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other parts of Stripe's codec, and what they share. */
#pragma once
#include "devices/gateway/codec.h"

/* With the key and the version; body NULL: a GET. */
TillRequest *till_stripe_request_new (const TillAccount *account, const char *path,
                                      GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

extern const TillBalanceCodec till_stripe_balance; /* stripe-balance.c */
extern const TillNoticeCodec till_stripe_notices;  /* stripe-notice.c */

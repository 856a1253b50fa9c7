/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Stripe's codec and its question about the balance share. */
#pragma once
#include "devices/gateway/codec.h"

/* With the key and the version; body NULL: a GET. */
TillRequest *till_stripe_request_new (const TillAccount *account, const char *path,
                                      GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

extern const TillBalanceCodec till_stripe_balance; /* stripe-balance.c */

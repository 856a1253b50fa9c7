/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other parts of Stripe's codec, and what they share. */
#pragma once
#include "devices/gateway/codec.h"

#include <jansson.h>

#define TILL_STRIPE_INTENTS "/v1/payment_intents"

/* With the key and the version; body NULL: a GET. */
TillRequest *till_stripe_request_new (const TillAccount *account, const char *path,
                                      GBytes *body) G_GNUC_WARN_UNUSED_RESULT;
/* "collection/id" and the deed behind it, with its slash, or NULL. */
char *till_stripe_path (const char *collection, const char *id,
                        const char *deed) G_GNUC_WARN_UNUSED_RESULT;
/* To cancel the payment that the provider calls provider_no. */
TillRequest *till_stripe_cancel (const TillErrand *errand,
                                 const TillAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* stripe-terminal.c: the reader that stands at the till. */
gboolean till_stripe_check (const TillAccount *account, GError **error);
/* How it stands with the reader. */
TillRequest *till_stripe_look (const TillAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* PRESENT. */
TillRequest *till_stripe_present (const TillErrand *errand,
                                  const TillAccount *account) G_GNUC_WARN_UNUSED_RESULT;
TillRequest *till_stripe_follow (const TillErrand *errand, const TillAccount *account,
                                 const TillRequest *asked,
                                 const TillReply *answer) G_GNUC_WARN_UNUSED_RESULT;
/* What a reader says of our payment; NULL when the object is no reader. */
TillOutcome *till_stripe_interpret_reader (const TillErrand *errand,
                                           const json_t *object) G_GNUC_WARN_UNUSED_RESULT;
/* "visa …4242" of a payment whose latest_charge was told whole, or NULL. */
char *till_stripe_masked (const json_t *intent) G_GNUC_WARN_UNUSED_RESULT;

extern const TillBalanceCodec till_stripe_balance; /* stripe-balance.c */
extern const TillFileCodec till_stripe_file;       /* stripe-file.c */
extern const TillNoticeCodec till_stripe_notices;  /* stripe-notice.c */

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider's answers and its notices have in common, each from its tongue's own file. */
#pragma once
#include "app/sandbox/tongue.h"
#include "devices/gateway/form.h"

#include <jansson.h>

G_BEGIN_DECLS

/* A body as the delivery spoils it: JSON, or fields as "a=b&c=d". */
GBytes *till_tongue_twist (GBytes *body, TillDelivery delivery) G_GNUC_WARN_UNUSED_RESULT;
/* The object as JSON, spoilt in that way. */
GBytes *till_tongue_write (const json_t *object, TillDelivery delivery) G_GNUC_WARN_UNUSED_RESULT;
/* The currency an answer names: this one, unless it is told to name dollars. */
const char *till_tongue_currency (const TillProviderAnswer *answer, const char *yuan,
                                  const char *dollars);

/* Adds the four headers that sign said's body. */
void till_tongue_sign_wechat (const TillSpeech *speech, TillDelivery delivery, TillSaid *said);
/* Adds signPubKeyCert and signature, over all that is in the form. */
void till_tongue_sign_unionpay (const TillSpeech *speech, TillForm *form, TillDelivery delivery);
/* A PaymentIntent or a Refund. */
json_t *till_tongue_write_stripe (TillErrandKind kind,
                                  const TillProviderAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
/* What is signed of an object. */
char *till_tongue_text_shengpay (const json_t *object) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

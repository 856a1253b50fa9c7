/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every provider that can be spoken to, by the name the books store. Constant; any thread. */
#pragma once
#include "devices/gateway/codec.h"

G_BEGIN_DECLS

extern const TillCodec till_sandbox_codec;  /* devices/gateway/sandbox-codec.c */
extern const TillCodec till_unionpay_codec; /* devices/gateway/unionpay-codec.c */
extern const TillCodec till_sandbox_codec;  /* devices/gateway/sandbox-codec.c */
extern const TillCodec till_stripe_codec;   /* devices/gateway/stripe-codec.c */
extern const TillCodec till_wechat_codec;   /* devices/gateway/wechat-codec.c */
extern const TillCodec till_alipay_codec;   /* devices/gateway/alipay-codec.c */
extern const TillCodec till_umpay_codec;    /* devices/gateway/umpay-codec.c */
extern const TillCodec till_lakala_codec;   /* devices/gateway/lakala-codec.c */
extern const TillCodec till_shengpay_codec; /* devices/gateway/shengpay-codec.c */

/* NULL when nobody of that name is known. */
const TillCodec *till_codec_find (const char *name);
/* The nth codec, NULL behind the last. */
const TillCodec *till_codec_nth (guint n);

/* Asks, and goes on asking as long as the codec wants to and the line brings answers, at most
 * TILL_CODEC_STEPS_MAX times. What came last, for interpret (); NULL with STOPPED as send () has
 * it.
 */
TillReply *till_codec_ask (const TillCodec *codec, const TillErrand *errand,
                           const TillAccount *account, TillTransport line,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its profile, or NULL; as data/desk asks for one. */
const TillProfile *till_codec_profile (const char *name, gpointer user);

G_END_DECLS

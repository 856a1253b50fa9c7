/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/registry.h"

/* clang-format off */
static const TillCodec *const codecs[] = {
  &till_sandbox_codec,
  &till_unionpay_codec,
  &till_stripe_codec,
  &till_wechat_codec,
  &till_alipay_codec,
  &till_umpay_codec,
  &till_lakala_codec,
  &till_shengpay_codec,
};
/* clang-format on */

const TillCodec *
till_codec_nth (guint n)
{
  return n < G_N_ELEMENTS (codecs) ? codecs[n] : NULL;
}

const TillCodec *
till_codec_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (g_strcmp0 (codecs[i]->profile->name, name) == 0)
      return codecs[i];
  return NULL;
}

const TillProfile *
till_codec_profile (const char *name, gpointer user)
{
  const TillCodec *codec = till_codec_find (name);
  return codec ? codec->profile : NULL;
}

TillReply *
till_codec_ask (const TillCodec *codec, const TillErrand *errand, const TillAccount *account,
                TillTransport line, GError **error)
{
  g_autoptr (TillRequest) request = codec->build (errand, account);
  TillReply *reply = line.send (line.self, request, error);
  for (int step = 1; codec->follow && step < TILL_CODEC_STEPS_MAX; step++)
    {
      if (!reply || reply->fate != TILL_FATE_ANSWERED)
        break;
      TillRequest *next = codec->follow (errand, account, request, reply);
      if (!next)
        break;
      till_request_free (request);
      request = next;
      till_reply_free (reply);
      reply = line.send (line.self, request, error);
    }
  return reply;
}

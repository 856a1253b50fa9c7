/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's notice to backUrl: the fields of an answer as a form, signed like one, respCode now
 * telling what became of the transaction. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"

#include <string.h>

static const struct
{
  TillErrandKind kind;
  const char *type, *sub_type;
} types[] = {
  { TILL_ERRAND_PAY, "01", "06" },
  { TILL_ERRAND_REFUND, "04", "00" },
  { TILL_ERRAND_VOID, "31", "00" },
};

/* The same codes a query would give in origRespCode. */
static const struct
{
  const char *status, *code, *words;
} results[] = {
  { "SUCCESS", "00", "成功[0000000]" },
  { "CLOSED", "01", "交易未成功[9999999]" },
  { "ABNORMAL", "73", "支付卡已超过有效期[2073000]" },
};

static void
add_transaction (TillForm *form, const TillNews *news)
{
  const TillProviderAnswer *thing = news->thing;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].kind == news->kind)
      {
        till_form_add (form, "txnType", types[i].type);
        till_form_add (form, "txnSubType", types[i].sub_type);
      }
  till_form_add (form, "bizType", "000000");
  till_form_add (form, "accessType", "0");
  till_form_add (form, "merId", till_tongue_fact (&till_unionpay_tongue, "merchant_no"));
  till_form_add (form, "orderId", thing->request_no);
  till_form_add (form, "txnTime", thing->identity);
  till_form_add_int (form, "txnAmt", thing->amount);
  till_form_add (form, "currencyCode", "156");
  till_form_add (form, "queryId", thing->provider_no);
  till_form_add (form, "origQryId", thing->original_provider_no);
}

static void
add_booking (TillForm *form, const TillNews *news)
{
  g_autofree char *trace = till_clock_stamp (news->since, TILL_CHINA, "%m%d%H%M%S");
  g_autofree char *settled = till_clock_stamp (
      news->since + TILL_DAY - TILL_UNIONPAY_DAY_END_S * TILL_SECOND, TILL_CHINA, "%m%d");
  const char *number = news->thing->provider_no;
  gsize length = strlen (number);
  till_form_add (form, "traceNo", number + (length > 6 ? length - 6 : 0));
  till_form_add (form, "traceTime", trace);
  till_form_add (form, "settleDate", settled);
  till_form_add_int (form, "settleAmt", news->thing->amount);
  till_form_add (form, "settleCurrencyCode", "156");
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (!speech->signer_key || !speech->certificate)
    return NULL;
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add (form, "version", "5.1.0");
  till_form_add (form, "encoding", "UTF-8");
  till_form_add (form, "signMethod", "01");
  add_transaction (form, news);
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    if (strcmp (news->status, results[i].status) == 0)
      {
        till_form_add (form, "respCode", results[i].code);
        till_form_add (form, "respMsg", results[i].words);
      }
  add_booking (form, news);
  till_tongue_sign_unionpay (speech, form, delivery);
  g_autoptr (GBytes) body = till_form_encode (form);
  return till_said_new (200, "application/x-www-form-urlencoded;charset=UTF-8", body);
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  return status == 200;
}

/* As documented: five sendings. */
static const int gaps_s[] = { 60, 2 * 60, 4 * 60, 5 * 60, 0 };

const TillNoticeManner till_unionpay_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s, .named = TRUE };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UMPay's notice: parameters with a SHA1withRSA sign, and a yes that is signed as well: the META
 * tag of a page, with ret_code 0000. Its parameters are those its own client's example reads of a
 * refund. Assumed or invented: that notify_url of a request says where it goes, that it is a POST,
 * which parameters a payment's has, the words of the states, the times at which it comes again. */
#include "app/sandbox/tongue.h"
#include "devices/gateway/form.h"

#include <string.h>

#define META "NAME=\"MobilePayPlatform\""
#define CONTENT "CONTENT=\""

static void
add_payment (TillForm *form, const TillNews *news)
{
  const TillProviderAnswer *payment = news->thing;
  gboolean done = strcmp (news->status, "SUCCESS") == 0;
  gboolean closed = strcmp (news->status, "CLOSED") == 0;
  g_autofree char *day = till_clock_stamp (news->since, TILL_CHINA, "%Y%m%d");
  till_form_add (form, "order_id", payment->request_no);
  till_form_add (form, "mer_date", payment->identity);
  till_form_add (form, "trade_no", payment->provider_no);
  till_form_add_int (form, "amount", payment->amount);
  till_form_add (form, "amt_type", "RMB");
  till_form_add (form, "pay_date", day);
  till_form_add (form, "trade_state",
                 done     ? "TRADE_SUCCESS"
                 : closed ? "TRADE_CLOSE"
                          : "TRADE_FAIL");
}

static void
add_refund (TillForm *form, const TillNews *news)
{
  const TillProviderAnswer *refund = news->thing;
  gboolean done = strcmp (news->status, "SUCCESS") == 0;
  gboolean closed = strcmp (news->status, "CLOSED") == 0;
  till_form_add (form, "refund_no", refund->request_no);
  till_form_add (form, "order_id", refund->original_no);
  till_form_add (form, "mer_date", refund->original_identity);
  till_form_add_int (form, "refund_amt", refund->amount);
  till_form_add (form, "refund_state",
                 done     ? "REFUND_SUCCESS"
                 : closed ? "REFUND_FAIL"
                          : "REFUND_UNKNOWN");
}

static TillSaid *
write_notice (const TillSpeech *speech, const TillNews *news, TillDelivery delivery)
{
  if (news->kind == TILL_ERRAND_VOID)
    return NULL;
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add (form, "mer_id", till_tongue_fact (&till_umpay_tongue, "merchant_no"));
  if (news->kind == TILL_ERRAND_PAY)
    add_payment (form, news);
  else
    add_refund (form, news);
  till_form_add (form, "charset", "UTF-8");
  till_form_add (form, "version", "4.0");
  g_autofree char *text = till_form_sorted (form, NULL, FALSE);
  g_autofree char *signature
      = till_tongue_sign (speech, delivery, TILL_HASH_SHA1, text, strlen (text));
  till_form_add (form, "sign_type", "RSA");
  till_form_add (form, "sign", signature);
  g_autoptr (GBytes) body = till_form_encode (form);
  return till_said_new (200, "application/x-www-form-urlencoded;charset=UTF-8", body);
}

/* What stands in the META tag, or NULL. */
static TillForm *
read_page (GBytes *body)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autofree char *page = size > 0 ? g_strndup (data, size) : g_strdup ("");
  const char *tag = strstr (page, META);
  const char *content = tag ? strstr (tag, CONTENT) : NULL;
  const char *end = content ? strchr (content + strlen (CONTENT), '"') : NULL;
  if (!end)
    return NULL;
  content += strlen (CONTENT);
  g_autoptr (GBytes) text = g_bytes_new (content, (gsize)(end - content));
  return till_form_read_plain (text, NULL);
}

static gboolean
is_yes (const TillSpeech *speech, int status, GBytes *body)
{
  static const char *const but[] = { "sign", "sign_type", NULL };
  g_autoptr (TillForm) form = status == 200 ? read_page (body) : NULL;
  if (!form || g_strcmp0 (till_form_get (form, "ret_code"), "0000") != 0
      || g_strcmp0 (till_form_get (form, "sign_type"), "RSA") != 0
      || g_strcmp0 (till_form_get (form, "mer_id"),
                    till_tongue_fact (&till_umpay_tongue, "merchant_no"))
             != 0)
    return FALSE;
  g_autofree char *text = till_form_sorted (form, but, FALSE);
  return till_key_verifies_with (speech->merchant_key, TILL_HASH_SHA1, text, strlen (text),
                                 till_form_get (form, "sign"));
}

static const int gaps_s[] = { 60, 5 * 60, 30 * 60, 3600, 0 };

const TillNoticeManner till_umpay_manner
    = { .write = write_notice, .is_yes = is_yes, .gaps_s = gaps_s, .named = TRUE };

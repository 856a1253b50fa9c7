/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's settlement file: txnType 76 brings it inside the signed answer, as base64 of a zlib
 * stream of a zip (fileContent). The day is asked for as MMDD; that it is the year we mean is
 * proved by the file itself. 98: there is none.
 *
 * Files have a host of their own. Where the test environment has its own today is not known: there,
 * and on this machine, it is assumed to be the same one. */
#include "data/core/clock.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/unionpay-form.h"
#include "devices/gateway/unpack.h"

#include <string.h>

#define PATH "/"

static const struct
{
  const char *base_url, *files;
} hosts[] = { { "https://gateway.95516.com", "https://filedownload.95516.com" } };

static const char *const refusals[] = { "10", "11", "13", "31", "32", "37", NULL };

static const char *
host_of (const TillAccount *account)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    if (strcmp (account->base_url, hosts[i].base_url) == 0)
      return hosts[i].files;
  return account->base_url;
}

static TillRequest *
build (const TillFileAsk *ask, const TillAccount *account)
{
  g_autoptr (TillForm) form = till_form_new ();
  g_autofree char *time = till_clock_stamp (ask->asked_at, TILL_CHINA, "%Y%m%d%H%M%S");
  g_autofree char *day = g_strdup_printf ("%04d", ask->day % 10000);
  till_form_add (form, "version", "5.1.0");
  till_form_add (form, "encoding", "UTF-8");
  till_form_add (form, "signMethod", "01");
  till_form_add (form, "certId", till_account_fact (account, "cert_id"));
  till_form_add (form, "txnType", "76");
  till_form_add (form, "txnSubType", "01");
  till_form_add (form, "bizType", "000000");
  till_form_add (form, "accessType", "0");
  till_form_add (form, "merId", account->merchant_no);
  till_form_add (form, "settleDate", day);
  till_form_add (form, "txnTime", time);
  till_form_add (form, "fileType", "00");
  till_unionpay_sign (form, account);
  g_autoptr (GBytes) body = till_form_encode (form);
  TillRequest *request = till_request_new (host_of (account), PATH, body);
  till_request_add_header (request, "Content-Type",
                           "application/x-www-form-urlencoded;charset=UTF-8");
  till_file_limit (request, account);
  return request;
}

/* Whether the answer says what it must about whom it is for, and nothing else. */
static const char *
contradiction (const TillFileAsk *ask, const TillAccount *account, const TillForm *form)
{
  g_autofree char *day = g_strdup_printf ("%04d", ask->day % 10000);
  const char *merchant = till_form_get (form, "merId"),
             *theirs = till_form_get (form, "settleDate");
  const char *type = till_form_get (form, "txnType");
  if (g_strcmp0 (merchant, account->merchant_no) != 0)
    return "the answer is for another merchant";
  if (theirs && strcmp (theirs, day) != 0)
    return "the answer is for another day";
  return type && strcmp (type, "76") != 0 ? "the answer is one to another question" : NULL;
}

static TillFileAnswer *
unpack (const TillForm *form)
{
  const char *content = till_form_get (form, "fileContent");
  if (!content)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "the answer says yes and brings no file");
  gsize size;
  guchar *data = g_base64_decode (content, &size);
  g_autoptr (GBytes) packed = g_bytes_new_take (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = till_unpack (packed, TILL_PACKING_ZLIB_ZIP, "file", &error);
  if (!members)
    return till_file_answer_new (TILL_FILE_BROKEN, error->message);
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_HERE, NULL);
  answer->members = g_steal_pointer (&members);
  return answer;
}

static TillFileAnswer *
interpret_form (const TillFileAsk *ask, const TillAccount *account, const TillForm *form)
{
  const char *wrong = contradiction (ask, account, form);
  const char *code = till_form_get (form, "respCode");
  if (wrong || !code)
    return till_file_answer_new (TILL_FILE_UNKNOWN, wrong ? wrong : "the answer has no respCode");
  if (strcmp (code, "00") == 0)
    return unpack (form);
  if (strcmp (code, "98") == 0)
    return till_file_answer_not_yet (ask, till_unionpay_codec.profile->file_ready_s, code);
  TillFileAnswer *answer = till_file_answer_new (
      g_strv_contains (refusals, code) ? TILL_FILE_REFUSED : TILL_FILE_UNKNOWN, NULL);
  till_file_answer_add_code (answer, code);
  return answer;
}

static TillFileAnswer *
interpret (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  TillFileAnswer *no_answer = till_file_answer_of_line (reply);
  if (no_answer)
    return no_answer;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillForm) form
      = reply->status == 200 ? till_form_read_plain (reply->body, &error) : NULL;
  if (!form)
    return till_file_answer_new (TILL_FILE_UNKNOWN,
                                 error ? error->message : "an answer that is none");
  g_autofree char *why = till_unionpay_doubt (account, form, ask->asked_at);
  return why ? till_file_answer_new (TILL_FILE_UNKNOWN, why) : interpret_form (ask, account, form);
}

const TillFileCodec till_unionpay_file = { .build = build, .interpret = interpret };

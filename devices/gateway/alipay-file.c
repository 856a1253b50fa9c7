/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alipay's trade bill: bill.downloadurl.query says, signed, where it lies; it is a zip of two CSV
 * files that is taken from there without any signature or hash. What speaks for it is TLS to a host
 * with a pinned authority, and that its two files must agree with each other.
 *
 * The host of the files, and that an address of it may be written with "http:", are from memory;
 * wherever else than at the real gateway an account points, files must lie at the same host. The
 * sub_codes are assumed. */
#include "data/core/clock.h"
#include "devices/gateway/alipay-form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/unpack.h"

#include <string.h>

#define METHOD "alipay.data.dataservice.bill.downloadurl.query"
#define RESPONSE "alipay_data_dataservice_bill_downloadurl_query_response"

static const struct
{
  const char *base_url, *files;
} hosts[] = { { "https://openapi.alipay.com", "https://dwbillcenter.alipay.com" } };

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
  TillRequest *request;
  if (ask->path)
    request = till_request_new (host_of (account), ask->path, NULL);
  else
    {
      g_autofree char *day = till_clock_format_day (ask->day);
      g_autofree char *content
          = g_strdup_printf ("{\"bill_type\":\"trade\",\"bill_date\":\"%s\"}", day);
      request = till_alipay_request (METHOD, content, ask->asked_at, NULL, account);
    }
  till_file_limit (request, account);
  return request;
}

static TillFileAnswer *
interpret_no (const TillFileAsk *ask, const char *code, const char *sub_code)
{
  if (g_strcmp0 (sub_code, "isp.bill_not_exist") == 0)
    return till_file_answer_not_yet (ask, till_alipay_codec.profile->file_ready_s, sub_code);
  gboolean refused = strcmp (code, "40001") == 0 || strcmp (code, "40002") == 0
                     || strcmp (code, "40004") == 0 || strcmp (code, "40006") == 0;
  TillFileAnswer *answer
      = till_file_answer_new (refused ? TILL_FILE_REFUSED : TILL_FILE_UNKNOWN, NULL);
  till_file_answer_add_code (answer, sub_code && *sub_code ? sub_code : code);
  return answer;
}

static TillFileAnswer *
interpret_address (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) part = till_alipay_signed_part (RESPONSE, account, reply->body, &error);
  if (!part)
    return till_file_answer_new (TILL_FILE_UNKNOWN,
                                 error ? error->message
                                       : "an answer without the provider's signature on it");
  g_autoptr (json_t) object = till_json_parse (part, &error);
  if (!object)
    return till_file_answer_new (TILL_FILE_UNKNOWN, error->message);
  const char *code = till_json_text (object, "code");
  const char *url = till_json_text (object, "bill_download_url");
  if (!code)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "the answer has no code");
  if (strcmp (code, "10000") != 0)
    return interpret_no (ask, code, till_json_text (object, "sub_code"));
  return url ? till_file_answer_next (url, host_of (account), NULL)
             : till_file_answer_new (TILL_FILE_UNKNOWN,
                                     "the answer does not say where the bill lies");
}

static TillFileAnswer *
interpret_bill (const TillReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = till_unpack (reply->body, TILL_PACKING_ZIP, "bill", &error);
  if (!members)
    return till_file_answer_new (TILL_FILE_BROKEN, error->message);
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_HERE, NULL);
  answer->members = g_steal_pointer (&members);
  return answer;
}

static TillFileAnswer *
interpret (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  TillFileAnswer *no_answer = till_file_answer_of_line (reply);
  if (no_answer)
    return no_answer;
  if (reply->status != 200)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "an answer that is none");
  return ask->path ? interpret_bill (reply) : interpret_address (ask, account, reply);
}

const TillFileCodec till_alipay_file = { .build = build, .interpret = interpret };

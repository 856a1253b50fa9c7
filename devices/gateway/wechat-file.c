/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's trade bill, and the fund flow of the basic account, which is where payments come in:
 * /v3/bill/tradebill and /v3/bill/fundflowbill say where a bill lies and what its SHA-1 is, signed;
 * then it is taken from there, which is signed by us and not by them. The hash is what it is
 * believed by.
 *
 * Assumed: that the hash is of the bill before it was packed; the codes of the table below, which
 * are those that its clients know, the same for both; that a bill lies at the very host that was
 * asked. */
#include "data/core/clock.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/unpack.h"
#include "devices/gateway/wechat-private.h"
#include "devices/gateway/wechat-signature.h"

#include <string.h>

#define BILL_PATH "/v3/bill/tradebill"
#define FLOW_PATH "/v3/bill/fundflowbill"

static const struct
{
  const char *code;
  TillFileKind kind;
} codes[] = {
  { "NO_STATEMENT_EXIST", TILL_FILE_NOT_YET }, { "STATEMENT_CREATING", TILL_FILE_NOT_YET },
  { "PARAM_ERROR", TILL_FILE_REFUSED },        { "INVALID_REQUEST", TILL_FILE_REFUSED },
  { "SIGN_ERROR", TILL_FILE_REFUSED },         { "NO_AUTH", TILL_FILE_REFUSED },
  { "FREQUENCY_LIMITED", TILL_FILE_NOT_YET },
};

static TillRequest *
build (const TillFileAsk *ask, const TillAccount *account)
{
  g_autofree char *day = till_clock_format_day (ask->day);
  g_autofree char *bill
      = g_strconcat (ask->funds ? FLOW_PATH : BILL_PATH, "?bill_date=", day,
                     ask->funds ? "&account_type=BASIC" : "&bill_type=ALL", "&tar_type=GZIP", NULL);
  g_autofree char *nonce = till_file_nonce (ask, account);
  TillRequest *request = till_request_new (account->base_url, ask->path ? ask->path : bill, NULL);
  till_request_add_header (request, "Accept", ask->path ? "*/*" : "application/json");
  /* A request without one is turned away. */
  till_request_add_header (request, "User-Agent", "Quittance");
  till_wechat_sign (request, account, nonce, ask->asked_at);
  till_file_limit (request, account);
  return request;
}

/* Why there is none, signed or not: nothing is believed but that it did not come. */
static TillFileAnswer *
interpret_code (const TillFileAsk *ask, const char *code)
{
  TillFileKind kind = TILL_FILE_UNKNOWN;
  for (gsize i = 0; code && i < G_N_ELEMENTS (codes); i++)
    if (strcmp (code, codes[i].code) == 0)
      kind = codes[i].kind;
  if (kind == TILL_FILE_NOT_YET)
    return till_file_answer_not_yet (ask, till_wechat_codec.profile->file_ready_s, code);
  TillFileAnswer *answer = till_file_answer_new (kind, NULL);
  till_file_answer_add_code (answer, code);
  return answer;
}

static TillFileAnswer *
interpret_address (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  g_autofree char *wrong = till_wechat_doubt (reply, account, ask->asked_at);
  if (wrong)
    return till_file_answer_new (TILL_FILE_UNKNOWN, wrong);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  if (!object)
    return till_file_answer_new (TILL_FILE_UNKNOWN, error->message);
  if (reply->status != 200)
    return interpret_code (ask, till_json_text (object, "code"));
  const char *url = till_json_text (object, "download_url");
  const char *hash = till_json_text (object, "hash_value");
  if (!url || !hash || g_strcmp0 (till_json_text (object, "hash_type"), "SHA1") != 0)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "the answer does not say where the bill lies "
                                                    "and what it must be");
  return till_file_answer_next (url, account->base_url, hash);
}

static TillFileAnswer *
interpret_bill (const TillFileAsk *ask, const TillReply *reply)
{
  if (reply->status != 200)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "the bill is not where it is said to lie");
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("%d%s.csv", ask->day, ask->funds ? "-funds" : "");
  g_autoptr (GPtrArray) members = till_unpack (reply->body, TILL_PACKING_GZIP, name, &error);
  if (!members)
    return till_file_answer_new (TILL_FILE_BROKEN, error->message);
  const TillSettlementMember *bill = g_ptr_array_index (members, 0);
  g_autofree char *sha1 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, bill->bytes);
  if (g_ascii_strcasecmp (sha1, ask->hash) != 0)
    return till_file_answer_new (TILL_FILE_BROKEN, "the bill has not the hash it must have");
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
  return ask->path ? interpret_bill (ask, reply) : interpret_address (ask, account, reply);
}

const TillFileCodec till_wechat_file
    = { .build = build, .interpret = interpret, .funds_format = "wechat-funds" };

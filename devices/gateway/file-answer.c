/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/file-answer.h"
#include "data/core/clock.h"
#include "data/core/digest.h"
#include "data/core/text.h"
#include "devices/gateway/unpack.h"

#include <string.h>

#define CONNECT_S 10
#define CODE_MAX 64
#define HOUR_S 3600
#define HTTPS_PORT 443
#define HTTP_PORT 80

static const char *const words[] = { "here", "next", "not_yet", "refused", "unknown", "broken" };

const char *
till_file_kind_word (TillFileKind kind)
{
  return words[kind];
}

TillFileAnswer *
till_file_answer_new (TillFileKind kind, const char *detail)
{
  TillFileAnswer *answer = g_new0 (TillFileAnswer, 1);
  answer->kind = kind;
  answer->detail = g_strdup (detail);
  return answer;
}

void
till_file_answer_free (TillFileAnswer *answer)
{
  g_clear_pointer (&answer->members, g_ptr_array_unref);
  g_free (answer->path);
  g_free (answer->hash);
  g_free (answer->code);
  g_free (answer->detail);
  g_free (answer);
}

TillFileAnswer *
till_file_answer_of_line (const TillReply *reply)
{
  if (reply->fate == TILL_FATE_ANSWERED)
    return NULL;
  return till_file_answer_new (TILL_FILE_UNKNOWN, reply->detail);
}

int64_t
till_file_day_end (int day)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (TILL_CHINA);
  g_assert (zone);
  g_autoptr (GDateTime) midnight
      = g_date_time_new (zone, day / 10000, day / 100 % 100, day % 100, 0, 0, 0);
  g_assert (midnight); /* a day that was parsed */
  return g_date_time_to_unix (midnight) * TILL_SECOND + TILL_DAY;
}

TillFileAnswer *
till_file_answer_not_yet (const TillFileAsk *ask, int ready_at_s, const char *code)
{
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_NOT_YET, NULL);
  int64_t ready_at = till_file_day_end (ask->day) + ready_at_s * TILL_SECOND;
  answer->ready_at = ready_at > ask->asked_at ? ready_at : ask->asked_at + HOUR_S * TILL_SECOND;
  till_file_answer_add_code (answer, code);
  return answer;
}

void
till_file_answer_add_code (TillFileAnswer *answer, const char *code)
{
  if (!code)
    return;
  g_free (answer->code);
  answer->code = till_text_clean (code, CODE_MAX);
}

static gboolean
is_same_place (GUri *there, GUri *base)
{
  gboolean plain = g_str_equal (g_uri_get_scheme (there), "http");
  int port = g_uri_get_port (there), base_port = g_uri_get_port (base);
  if (port == -1 || (plain && port == HTTP_PORT))
    port = HTTPS_PORT;
  return (plain || g_str_equal (g_uri_get_scheme (there), "https")) && !g_uri_get_userinfo (there)
         && !g_uri_get_fragment (there) && g_uri_get_host (there)
         && g_ascii_strcasecmp (g_uri_get_host (there), g_uri_get_host (base)) == 0
         && port == (base_port == -1 ? HTTPS_PORT : base_port);
}

/* Path and query as they were written: they are signed. */
static char *
path_of (const char *url, const char *base_url)
{
  for (const char *at = url; *at; at++)
    if (*at <= ' ' || *at >= 0x7F || *at == '\\')
      return NULL;
  g_autoptr (GUri) there = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) base = g_uri_parse (base_url, G_URI_FLAGS_ENCODED, NULL);
  if (!there || !base || !is_same_place (there, base))
    return NULL;
  const char *path = g_uri_get_path (there), *query = g_uri_get_query (there);
  if (path[0] != '/' || strlen (path) + (query ? strlen (query) : 0) >= TILL_FILE_PATH_MAX)
    return NULL;
  return g_strconcat (path, query ? "?" : "", query, NULL);
}

TillFileAnswer *
till_file_answer_next (const char *url, const char *base_url, const char *hash)
{
  g_autofree char *path = path_of (url, base_url);
  if (!path)
    return till_file_answer_new (TILL_FILE_REFUSED,
                                 "the file is said to lie where this provider has none");
  if (hash && strlen (hash) > TILL_FILE_HASH_MAX)
    return till_file_answer_new (TILL_FILE_UNKNOWN, "the hash of the file is none");
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_NEXT, NULL);
  answer->path = g_steal_pointer (&path);
  answer->hash = g_strdup (hash);
  return answer;
}

void
till_file_limit (TillRequest *request, const TillAccount *account)
{
  request->ca_file = g_strdup (account->ca_file);
  request->connect_ms = CONNECT_S * 1000;
  request->total_ms = TILL_FILE_WITHIN_S * 1000;
  request->body_max = TILL_UNPACK_PACKED_MAX;
}

char *
till_file_nonce (const TillFileAsk *ask, const TillAccount *account)
{
  g_autofree char *facts = g_strdup_printf (
      "%s|%d|%d|%" G_GINT64_FORMAT "|%s", account->merchant_no, ask->day, ask->step, ask->asked_at,
      ask->path    ? ask->path
      : ask->funds ? "funds"
                   : "");
  char *nonce = till_digest_hex (facts, strlen (facts));
  nonce[32] = '\0';
  return nonce;
}

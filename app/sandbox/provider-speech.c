/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/provider-speech.h"
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue-parts.h"
#include "data/core/error.h"
#include "devices/gateway/json.h"

#include <string.h>

/* clang-format off */
static const TillTongue *const tongues[] = {
  &till_practice_tongue,
  &till_unionpay_tongue,
  &till_stripe_tongue,
  &till_wechat_tongue,
  &till_alipay_tongue,
  &till_umpay_tongue,
  &till_lakala_tongue,
  &till_shengpay_tongue,
};
/* clang-format on */

#define ADDRESS_MAX 256

/* What a bomb unpacks to. */
#define BOMB_SIZE (64 * 1024 * 1024)

static const char portal[] = "<!DOCTYPE html><html><body><form action=\"/login\">"
                             "Please log in to the shop's network</form></body></html>\n";

static const char garbage[] = "\x1f\x8b\x00{\"code\":\"OK\",\"code\":[[[\xff\xfe";

const TillTongue *
till_tongue_nth (guint n)
{
  return n < G_N_ELEMENTS (tongues) ? tongues[n] : NULL;
}

const TillTongue *
till_tongue_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tongues); i++)
    if (g_strcmp0 (name, tongues[i]->name) == 0)
      return tongues[i];
  return NULL;
}

const char *
till_tongue_fact (const TillTongue *tongue, const char *name)
{
  gsize length = strlen (name);
  for (gsize i = 0; tongue->facts[i]; i++)
    if (strncmp (tongue->facts[i], name, length) == 0 && tongue->facts[i][length] == '=')
      return tongue->facts[i] + length + 1;
  g_assert_not_reached ();
}

const char *
till_heard_header (const TillHeard *heard, const char *name)
{
  return g_hash_table_lookup (heard->headers, name);
}

void
till_said_free (TillSaid *said)
{
  g_ptr_array_unref (said->headers);
  g_bytes_unref (said->body);
  g_free (said);
}

TillSaid *
till_said_new (int status, const char *content_type, GBytes *body)
{
  TillSaid *said = g_new0 (TillSaid, 1);
  said->status = status;
  said->content_type = content_type;
  said->headers = g_ptr_array_new_with_free_func (g_free);
  said->body = g_bytes_ref (body);
  return said;
}

TillSaid *
till_said_text (int status, const char *content_type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  return till_said_new (status, content_type, body);
}

void
till_said_add_header (TillSaid *said, const char *name, const char *value)
{
  g_assert (!strpbrk (name, ":\r\n") && !strpbrk (value, "\r\n"));
  g_ptr_array_add (said->headers, g_strdup_printf ("%s: %s", name, value));
}

const char *
till_tongue_address (const char *text)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/"
                              "?#[]@!$&'()*+,;=%";
  gsize length = text ? strlen (text) : 0;
  return length <= ADDRESS_MAX && length > 0 && strspn (text, plain) == length
                 && (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://"))
             ? text
             : NULL;
}

const char *
till_tongue_currency (const TillProviderAnswer *answer, const char *yuan, const char *dollars)
{
  return answer->in_dollars ? dollars : yuan;
}

/* An error that this provider has a word for is said in it. */
static void
say_status (const TillTongue *tongue, TillProviderAnswer *answer)
{
  const TillStatusWord *words = tongue ? tongue->status_words : NULL;
  for (; answer->delivery == TILL_DELIVERY_ERROR && words && words->status; words++)
    if (words->status == answer->http_status)
      {
        answer->code = words->word;
        answer->status = NULL;
        answer->in_own_words = TRUE;
      }
}

TillSaid *
till_tongue_ask (const TillSpeech *speech, TillProviderAsk *ask, TillProviderAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  ask->at = till_clock_now (speech->clock);
  ask->tongue = speech->tongue ? speech->tongue->name : NULL;
  if (till_provider_ask (speech->provider, ask, answer, &error))
    {
      say_status (speech->tongue, answer);
      return NULL;
    }
  g_message ("nothing booked for %s: %s", ask->request_no, error->message);
  return till_said_text (500, "text/plain", "The book cannot be written");
}

TillMoney
till_tongue_held (const TillSpeech *speech)
{
  TillMoney sum = 0;
  for (guint i = 0; i < till_provider_n_effects (speech->provider); i++)
    {
      const TillRecord *record = till_provider_effect (speech->provider, i);
      gboolean in = till_record_effect_kind (record) == TILL_ERRAND_PAY;
      if (g_strcmp0 (record->tongue, speech->tongue->name) == 0)
        g_assert (in ? till_money_add (sum, record->amount, &sum)
                     : till_money_sub (sum, record->amount, &sum));
    }
  return sum;
}

char *
till_tongue_sign (const TillSpeech *speech, TillDelivery delivery, TillHash hash, const void *text,
                  gsize size)
{
  char *signature = till_key_sign_with (speech->our_key, hash, text, size);
  if (delivery == TILL_DELIVERY_BAD_SIGNATURE)
    signature[8] = signature[8] == 'A' ? 'B' : 'A';
  return signature;
}

static GBytes *
make_bomb (void)
{
  static gsize made;
  static GBytes *bomb; /* for as long as the program lives: it takes its time */
  if (g_once_init_enter (&made))
    {
      g_autoptr (GBytes) nothing = g_bytes_new_take (g_malloc0 (BOMB_SIZE), BOMB_SIZE);
      bomb = till_bill_gzip (nothing);
      g_once_init_leave (&made, 1);
    }
  return bomb;
}

static void
set_body (TillSaid *said, GBytes *body)
{
  g_bytes_unref (said->body);
  said->body = g_bytes_ref (body);
}

/* An answer that is not the provider's: a page of whoever stands before it. */
static TillSaid *
say_instead (const TillProviderAnswer *answer)
{
  if (answer->delivery == TILL_DELIVERY_PORTAL)
    return till_said_text (200, "text/html", portal);
  if (answer->delivery == TILL_DELIVERY_ERROR)
    return till_said_text (answer->http_status, "text/plain", "Internal trouble");
  TillSaid *said = till_said_text (302, "text/plain", "Elsewhere");
  till_said_add_header (said, "Location", "https://127.0.0.1:1/elsewhere");
  return said;
}

static void
add_retry_after (TillSaid *said, const TillProviderAnswer *answer)
{
  g_autofree char *seconds = g_strdup_printf ("%d", answer->retry_after_s);
  if (answer->retry_at || answer->retry_after_s > 0)
    till_said_add_header (said, "Retry-After", answer->retry_at ? answer->retry_at : seconds);
}

TillSaid *
till_tongue_spoil (TillSaid *said, const TillProviderAnswer *answer)
{
  g_autoptr (GBytes) nonsense = g_bytes_new_static (garbage, sizeof garbage - 1);
  gboolean error = answer->delivery == TILL_DELIVERY_ERROR;
  if (answer->delivery == TILL_DELIVERY_REDIRECT || answer->delivery == TILL_DELIVERY_PORTAL
      || (error && !answer->in_own_words))
    {
      till_said_free (said);
      said = say_instead (answer);
    }
  if (error)
    {
      said->status = answer->http_status;
      add_retry_after (said, answer);
    }
  if (answer->delivery == TILL_DELIVERY_GARBAGE)
    set_body (said, nonsense);
  if (answer->delivery == TILL_DELIVERY_BOMB)
    {
      set_body (said, make_bomb ());
      till_said_add_header (said, "Content-Encoding", "gzip");
    }
  said->delivery = answer->delivery;
  said->delay_ms = answer->delay_ms;
  return said;
}

/* Whether a tongue is spoken at that path: at the whole of it, or at what it begins with. */
static gboolean
is_spoken_at (const TillTongue *tongue, const char *path)
{
  for (gsize i = 0; tongue->paths[i]; i++)
    if (strcmp (path, tongue->paths[i]) == 0
        || (tongue->paths[i][1] && g_str_has_suffix (tongue->paths[i], "/")
            && g_str_has_prefix (path, tongue->paths[i])))
      return TRUE;
  return FALSE;
}

/* Too many in a second are told so before anything of them is read. */
static TillSaid *
answer_paced (const TillSpeech *speech, const TillHeard *heard)
{
  const TillTongue *tongue = speech->tongue;
  if (!speech->rate || !tongue->too_fast)
    return tongue->answer (speech, heard);
  int64_t at = till_clock_now (speech->clock);
  gboolean over = till_provider_rate_is_over (speech->rate, tongue->name, tongue->requests_per_s,
                                              tongue->refusals_per_s, at);
  TillSaid *said = over ? tongue->too_fast (speech, heard) : tongue->answer (speech, heard);
  till_provider_rate_note (speech->rate, tongue->name, said->status >= 400, at);
  return said;
}

TillSaid *
till_speech_answer (const TillSpeech *speech, const TillHeard *heard)
{
  TillSpeech one = *speech;
  for (gsize i = 0; i < G_N_ELEMENTS (tongues); i++)
    if (is_spoken_at (tongues[i], heard->path))
      {
        one.tongue = tongues[i];
        return answer_paced (&one, heard);
      }
  return till_said_text (404, "text/plain", "no such path\n");
}

static void
add_field (TillReply *answer, const char *line)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = g_strndup (line, (gsize)(colon - line));
  till_reply_add_field (answer, name, colon + 1);
}

gboolean
till_said_cuts_line (const TillSaid *said)
{
  switch (said->delivery)
    {
    case TILL_DELIVERY_NONE:
    case TILL_DELIVERY_HALF:
    case TILL_DELIVERY_RESET:
    case TILL_DELIVERY_ENDLESS:
    case TILL_DELIVERY_HUGE:
    case TILL_DELIVERY_GOAWAY:
      return TRUE;
    default:
      return FALSE;
    }
}

/* As devices/gateway/http.c reads it. */
static int
retry_after_of (const TillReply *answer)
{
  guint64 seconds;
  const char *text = till_reply_field (answer, "retry-after");
  return text && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &seconds, NULL)
             ? (int)MIN (seconds, TILL_RETRY_AFTER_MAX_S)
             : 0;
}

static TillReply *
carry (const TillRequest *request, const TillSaid *said)
{
  if (till_said_cuts_line (said))
    return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "the line was cut before the answer was whole");
  if (said->delay_ms >= request->total_ms || said->delivery == TILL_DELIVERY_DRIP)
    return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "time-out");
  TillReply *answer = till_reply_new (TILL_FATE_ANSWERED, said->status, NULL);
  for (guint i = 0; i < said->headers->len; i++)
    add_field (answer, g_ptr_array_index (said->headers, i));
  answer->retry_after_s = retry_after_of (answer);
  till_reply_set_body (answer, said->body);
  return answer;
}

static GHashTable *
headers_of (const TillRequest *request)
{
  GHashTable *headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < request->headers->len; i++)
    {
      const char *line = g_ptr_array_index (request->headers, i);
      const char *colon = strchr (line, ':');
      g_hash_table_replace (headers, g_ascii_strdown (line, colon - line), g_strdup (colon + 2));
    }
  /* Which every request over a line has: files are said to lie there. */
  const char *host = request->url + strlen ("https://");
  gsize length = strlen (host) - strlen (request->path);
  g_hash_table_replace (headers, g_strdup ("host"), g_strndup (host, length));
  return headers;
}

static TillReply *
send_by_speech (gpointer self, const TillRequest *request, GError **error)
{
  TillSpeech *speech = self;
  g_autoptr (GHashTable) headers = headers_of (request);
  const char *mark = strchr (request->path, '?');
  g_autofree char *path
      = mark ? g_strndup (request->path, (gsize)(mark - request->path)) : g_strdup (request->path);
  TillHeard heard = { .method = request->method,
                      .path = path,
                      .query = mark ? mark + 1 : NULL,
                      .headers = headers,
                      .body = request->body };
  g_autoptr (TillSaid) said = till_speech_answer (speech, &heard);
  return carry (request, said);
}

TillTransport
till_speech_transport (TillSpeech *speech)
{
  return (TillTransport){ .send = send_by_speech, .self = speech };
}

/* A refund that was paid and is by now closed or stuck has come back. */
static gboolean
has_come_back (TillProvider *provider, const TillRecord *record)
{
  TillProviderAnswer now;
  return till_record_effect_kind (record) == TILL_ERRAND_REFUND
         && till_provider_peek (provider, record->errand, record->request_no, record->identity,
                                &now)
         && strcmp (now.status, "SUCCESS") != 0;
}

GBytes *
till_speech_statement (const TillSpeech *speech)
{
  g_autoptr (json_t) object = json_object ();
  json_t *effects = json_array ();
  for (guint i = 0; i < till_provider_n_effects (speech->provider); i++)
    {
      const TillRecord *record = till_provider_effect (speech->provider, i);
      TillErrandKind kind = till_record_effect_kind (record);
      json_t *row = json_object ();
      till_json_set_text (row, "kind", till_errand_kind_word (kind));
      till_json_set_text (row, "request_no", record->request_no);
      till_json_set_text (row, "original_no", record->original_no);
      till_json_set_text (row, "provider_no", record->provider_no);
      till_json_set_int (row, "amount", record->amount);
      till_json_set_int (row, "count",
                         till_provider_count_effects (speech->provider, kind, record->request_no));
      till_json_set_int (row, "asked",
                         till_provider_count_asked (speech->provider, kind, record->request_no));
      till_json_set_int (row, "at", record->at);
      till_json_set_int (row, "back", has_come_back (speech->provider, record));
      json_array_append_new (effects, row);
    }
  till_json_set (object, "effects", effects);
  return till_json_write (object);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/http.h"

#include <curl/curl.h>
#include <signal.h>
#include <string.h>

/* Slower than this for so long is a line that has died. */
#define LOW_SPEED_BYTES 16
#define LOW_SPEED_S 15

/* X509_V_ERR_CERT_NOT_YET_VALID and …_HAS_EXPIRED, as CURLINFO_SSL_VERIFYRESULT gives them. */
#define VERIFY_NOT_YET_VALID 9
#define VERIFY_HAS_EXPIRED 10

struct _TillHttp
{
  CURL *curl;     /* owned */
  gint cancelled; /* atomic */
};

/* What the callbacks of one call share. */
typedef struct
{
  TillHttp *http; /* unowned */
  gsize body_max;
  gboolean began;    /* the connection stood and the request was about to leave */
  TillReply *answer; /* owned; made with the first status line */
  GByteArray *body;  /* owned */
  gsize head_size;
  gboolean too_big;
} Call;

static void
call_clear (Call *call)
{
  g_clear_pointer (&call->answer, till_reply_free);
  g_clear_pointer (&call->body, g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

void
till_http_init (void)
{
  g_unsetenv ("SSLKEYLOGFILE");
  signal (SIGPIPE, SIG_IGN);
  CURLcode done = curl_global_init (CURL_GLOBAL_DEFAULT);
  g_assert (done == CURLE_OK);
}

/* curl calls this when name, line and TLS are settled and before it writes the request: until here
 * nothing of the request can have left. */
static int
on_ready (void *user, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
  Call *call = user;
  if (g_atomic_int_get (&call->http->cancelled))
    return CURL_PREREQFUNC_ABORT;
  call->began = TRUE;
  return CURL_PREREQFUNC_OK;
}

static int
on_progress (void *user, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
  Call *call = user;
  return g_atomic_int_get (&call->http->cancelled);
}

static size_t
on_head (char *line, size_t size, size_t n, void *user)
{
  Call *call = user;
  gsize length = size * n;
  call->head_size += length;
  if (call->head_size > TILL_REPLY_HEAD_MAX)
    {
      call->too_big = TRUE;
      return 0;
    }
  g_autofree char *text = g_strndup (line, length);
  if (g_str_has_prefix (text, "HTTP/"))
    {
      /* An interim answer (100, 103) has a head of its own, which is not the answer's. */
      g_clear_pointer (&call->answer, till_reply_free);
      call->answer = till_reply_new (TILL_FATE_ANSWERED, 0, NULL);
      return length;
    }
  char *colon = strchr (text, ':');
  if (call->answer && colon && strlen (text) == length)
    {
      *colon = '\0';
      till_reply_add_field (call->answer, text, colon + 1);
    }
  return length;
}

static size_t
on_body (char *data, size_t size, size_t n, void *user)
{
  Call *call = user;
  gsize length = size * n;
  if (call->body->len + length > call->body_max)
    {
      call->too_big = TRUE;
      return 0;
    }
  g_byte_array_append (call->body, (const guint8 *)data, (guint)length);
  return length;
}

TillHttp *
till_http_new (void)
{
  TillHttp *http = g_new0 (TillHttp, 1);
  http->curl = curl_easy_init ();
  g_assert (http->curl);
  return http;
}

void
till_http_free (TillHttp *http)
{
  curl_easy_cleanup (http->curl);
  g_free (http);
}

void
till_http_cancel (TillHttp *http)
{
  g_atomic_int_set (&http->cancelled, 1);
}

/* Every option must be taken: one that this libcurl does not know would leave a door open. */
#define SET(option, value)                                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    CURLcode taken = curl_easy_setopt (curl, option, value);                                       \
    g_assert (taken == CURLE_OK);                                                                  \
  }                                                                                                \
  G_STMT_END

static void
set_where (CURL *curl, const TillRequest *request)
{
  SET (CURLOPT_URL, request->url);
  SET (CURLOPT_PROTOCOLS_STR, "https");
  SET (CURLOPT_REDIR_PROTOCOLS_STR, "https");
  SET (CURLOPT_FOLLOWLOCATION, 0L);
  SET (CURLOPT_PROXY, "");
  SET (CURLOPT_NOPROXY, "*");
  SET (CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  SET (CURLOPT_FRESH_CONNECT, 1L);
  SET (CURLOPT_FORBID_REUSE, 1L);
  SET (CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

static void
set_trust (CURL *curl, const TillRequest *request)
{
  SET (CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  SET (CURLOPT_SSL_VERIFYPEER, 1L);
  SET (CURLOPT_SSL_VERIFYHOST, 2L);
  SET (CURLOPT_CAINFO, request->ca_file);
  /* libcurl also believes the system's directory of authorities unless told not to. */
  SET (CURLOPT_CAPATH, NULL);
}

static void
set_limits (CURL *curl, const TillRequest *request)
{
  SET (CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_ms);
  SET (CURLOPT_TIMEOUT_MS, (long)request->total_ms);
  SET (CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
  SET (CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_S);
  SET (CURLOPT_NOSIGNAL, 1L);
  /* Or the end of the call waits for a name server that does not answer. */
  SET (CURLOPT_QUICK_EXIT, 1L);
  SET (CURLOPT_HTTP_CONTENT_DECODING, 0L);
}

static struct curl_slist *
set_what (CURL *curl, const TillRequest *request)
{
  struct curl_slist *headers = curl_slist_append (NULL, "Expect:");
  for (guint i = 0; headers && i < request->headers->len; i++)
    headers = curl_slist_append (headers, g_ptr_array_index (request->headers, i));
  g_assert (headers);
  SET (CURLOPT_HTTPHEADER, headers);
  if (strcmp (request->method, "GET") == 0)
    {
      SET (CURLOPT_HTTPGET, 1L);
      return headers;
    }
  gsize size;
  const char *body = g_bytes_get_data (request->body, &size);
  SET (CURLOPT_POST, 1L);
  SET (CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
  SET (CURLOPT_POSTFIELDS, body ? body : "");
  return headers;
}

static void
set_callbacks (CURL *curl, Call *call)
{
  SET (CURLOPT_PREREQFUNCTION, on_ready);
  SET (CURLOPT_PREREQDATA, call);
  SET (CURLOPT_XFERINFOFUNCTION, on_progress);
  SET (CURLOPT_XFERINFODATA, call);
  SET (CURLOPT_NOPROGRESS, 0L);
  SET (CURLOPT_HEADERFUNCTION, on_head);
  SET (CURLOPT_HEADERDATA, call);
  SET (CURLOPT_WRITEFUNCTION, on_body);
  SET (CURLOPT_WRITEDATA, call);
}

/* Why there is no answer, in words that send a person to the right place. */
static char *
reason (CURL *curl, CURLcode code, const Call *call, const char *curl_words)
{
  long verified = 0;
  curl_easy_getinfo (curl, CURLINFO_SSL_VERIFYRESULT, &verified);
  if (code == CURLE_PEER_FAILED_VERIFICATION && verified == VERIFY_NOT_YET_VALID)
    return g_strdup ("the provider's certificate is not yet valid: check the clock");
  if (code == CURLE_PEER_FAILED_VERIFICATION && verified == VERIFY_HAS_EXPIRED)
    return g_strdup ("the provider's certificate has expired: check the clock");
  if (g_atomic_int_get (&call->http->cancelled))
    return g_strdup ("cancelled");
  if (call->too_big)
    return g_strdup ("the answer is larger than anything a provider says");
  return g_strdup_printf ("%s (curl %d)", *curl_words ? curl_words : curl_easy_strerror (code),
                          (int)code);
}

static TillReply *
no_answer (CURL *curl, CURLcode code, const Call *call, const char *curl_words)
{
  long sent = 0;
  curl_easy_getinfo (curl, CURLINFO_REQUEST_SIZE, &sent);
  g_autofree char *detail = reason (curl, code, call, curl_words);
  gboolean maybe = call->began || sent > 0;
  return till_reply_new (maybe ? TILL_FATE_MAYBE_SENT : TILL_FATE_NOT_SENT, 0, detail);
}

/* Seconds only; a date instead counts as not said, and so does anything that is not a number. */
static int
parse_retry_after (const char *text)
{
  guint64 seconds;
  if (!text || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &seconds, NULL))
    return 0;
  return (int)MIN (seconds, TILL_RETRY_AFTER_MAX_S);
}

static TillReply *
whole_answer (CURL *curl, Call *call)
{
  TillReply *answer = g_steal_pointer (&call->answer);
  long status = 0;
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  answer->status = (int)status;
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&call->body));
  till_reply_set_body (answer, body);
  const char *date = till_reply_field (answer, "date");
  time_t seconds = date ? curl_getdate (date, NULL) : -1;
  if (seconds > 0)
    answer->date_at = (int64_t)seconds * G_USEC_PER_SEC;
  answer->retry_after_s = parse_retry_after (till_reply_field (answer, "retry-after"));
  return answer;
}

TillReply *
till_http_send (TillHttp *http, const TillRequest *request)
{
  g_assert (request->total_ms > 0 && request->connect_ms > 0 && request->ca_file);
  if (g_atomic_int_get (&http->cancelled))
    return till_reply_new (TILL_FATE_NOT_SENT, 0, "cancelled");

  CURL *curl = http->curl;
  char curl_words[CURL_ERROR_SIZE] = "";
  g_auto (Call) call = { .http = http,
                         .body_max = request->body_max ? request->body_max : TILL_REPLY_BODY_MAX,
                         .body = g_byte_array_new () };
  curl_easy_reset (curl);
  SET (CURLOPT_ERRORBUFFER, curl_words);
  set_where (curl, request);
  set_trust (curl, request);
  set_limits (curl, request);
  set_callbacks (curl, &call);
  struct curl_slist *headers = set_what (curl, request);

  CURLcode code = curl_easy_perform (curl);
  TillReply *answer = code == CURLE_OK && call.answer ? whole_answer (curl, &call)
                                                      : no_answer (curl, code, &call, curl_words);
  curl_easy_reset (curl); /* it holds pointers into this call */
  curl_slist_free_all (headers);
  return answer;
}

static TillReply *
send_by_http (gpointer self, const TillRequest *request, GError **error)
{
  return till_http_send (self, request);
}

TillTransport
till_http_transport (TillHttp *http)
{
  return (TillTransport){ .send = send_by_http, .self = http };
}

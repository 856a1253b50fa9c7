/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/server.h"
#include "app/sandbox/day-bill.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "devices/gateway/json.h"

#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>

/* The most answers that may be held back at one time. */
#define HELD_MAX 256

struct _TillSandboxServer
{
  SoupServer *soup;     /* owned */
  TillSpeech *speech;   /* unowned */
  TillCourier *courier; /* unowned */
  const char *token;    /* unowned */
  guint n_held;
};

/* An answer that is being held back. */
typedef struct
{
  TillSandboxServer *server;  /* unowned; outlives it, for the main loop has ended by then */
  SoupServerMessage *message; /* owned */
  TillSaid *said;             /* owned */
} Held;

static void
held_free (gpointer data)
{
  Held *held = data;
  held->server->n_held--;
  g_object_unref (held->message);
  till_said_free (held->said);
  g_free (held);
}

static void
add_headers (SoupServerMessage *message, const TillSaid *said)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  for (guint i = 0; i < said->headers->len; i++)
    {
      const char *line = g_ptr_array_index (said->headers, i);
      const char *colon = strchr (line, ':');
      g_autofree char *name = g_strndup (line, (gsize)(colon - line));
      soup_message_headers_replace (headers, name, colon + 2);
    }
}

static void
send_whole (SoupServerMessage *message, const TillSaid *said)
{
  gsize size;
  const char *body = g_bytes_get_data (said->body, &size);
  soup_server_message_set_status (message, (guint)said->status, NULL);
  add_headers (message, said);
  soup_server_message_set_response (message, said->content_type, SOUP_MEMORY_COPY, body, size);
}

/* Takes the line away from libsoup, says a part of the answer or nothing, and hangs up. */
static void
hang_up (SoupServerMessage *message, const TillSaid *said)
{
  g_autoptr (GIOStream) line = soup_server_message_steal_connection (message);
  GOutputStream *out = g_io_stream_get_output_stream (line);
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *body = g_bytes_get_data (said->body, &size);
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 %d OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      said->status, said->content_type, size);
  gboolean said_it = said->delivery != TILL_DELIVERY_HALF
                     || (g_output_stream_write_all (out, head, strlen (head), NULL, NULL, &error)
                         && g_output_stream_write_all (out, body, size / 2, NULL, NULL, &error));
  if (!said_it)
    g_message ("half an answer did not get through: %s", error->message);
  g_io_stream_close (line, NULL, NULL); /* it ends rudely either way */
}

static void
send_said (SoupServerMessage *message, const TillSaid *said)
{
  if (said->delivery == TILL_DELIVERY_NONE || said->delivery == TILL_DELIVERY_HALF)
    hang_up (message, said);
  else
    send_whole (message, said);
}

static gboolean
on_held_long_enough (gpointer data)
{
  Held *held = data;
  gboolean whole
      = held->said->delivery != TILL_DELIVERY_NONE && held->said->delivery != TILL_DELIVERY_HALF;
  /* Whoever asked may have gone; then there is no socket to answer. */
  if (soup_server_message_get_socket (held->message))
    {
      send_said (held->message, held->said);
      if (whole)
        soup_server_message_unpause (held->message);
    }
  return G_SOURCE_REMOVE;
}

static void
refuse (SoupServerMessage *message, guint status, const char *words)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, words, strlen (words));
}

static void
take_header (const char *name, const char *value, gpointer headers)
{
  g_hash_table_replace (headers, g_ascii_strdown (name, -1), g_strdup (value));
}

static TillSaid *
answer_message (TillSandboxServer *server, SoupServerMessage *message, const char *path)
{
  g_autoptr (GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), take_header,
                                headers);
  g_autoptr (GBytes) body
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  TillHeard heard = {
    .method = soup_server_message_get_method (message),
    .path = path,
    .query = g_uri_get_query (soup_server_message_get_uri (message)),
    .headers = headers,
    .body = body,
  };
  return till_speech_answer (server->speech, &heard);
}

static void
on_provider (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer user)
{
  TillSandboxServer *server = user;
  if (server->n_held >= HELD_MAX)
    {
      refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "too many answers are held back\n");
      return;
    }
  g_autoptr (TillSaid) said = answer_message (server, message, path);
  int hold_ms = till_courier_take_hold (server->courier);
  said->delay_ms = MAX (said->delay_ms, hold_ms);
  if (said->delay_ms == 0)
    {
      send_said (message, said);
      return;
    }
  Held *held = g_new0 (Held, 1);
  guint delay = (guint)said->delay_ms;
  *held = (Held){ server, g_object_ref (message), g_steal_pointer (&said) };
  server->n_held++;
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, delay, on_held_long_enough, held, held_free);
}

/* Digests are compared, so that how long it takes says nothing about the token. */
static gboolean
has_token (TillSandboxServer *server, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *given = soup_message_headers_get_one (headers, "Authorization");
  if (!given || !g_str_has_prefix (given, "Bearer "))
    return FALSE;
  g_autofree char *ours = till_digest_hex (server->token, strlen (server->token));
  g_autofree char *theirs = till_digest_hex (given + 7, strlen (given + 7));
  return strcmp (ours, theirs) == 0;
}

/* A whole number that may be left out. */
static gboolean
read_int (const json_t *object, const char *name, int missing, int *value)
{
  const json_t *member = json_object_get (object, name);
  json_int_t number = json_integer_value (member);
  *value = member ? (int)CLAMP (number, G_MININT, G_MAXINT) : missing;
  return !member || json_is_integer (member);
}

static gboolean
set_bill_fault (TillSandboxServer *server, const char *word, GError **error)
{
  if (till_bill_fault_from_word (word, &server->speech->bill_fault))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "fault must be a word that till-sandbox(1) lists for files");
  return FALSE;
}

static gboolean
set_notice_fault (TillSandboxServer *server, const json_t *object, GError **error)
{
  TillNoticeFault fault;
  int times, value;
  if (till_notice_fault_from_word (till_json_text (object, "fault"), &fault)
      && read_int (object, "times", 1, &times) && read_int (object, "value", 0, &value))
    return till_notice_queue_set_fault (till_courier_queue (server->courier), fault, times, value,
                                        error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "fault must be a word that till-sandbox(1) lists for notices, times and value whole "
               "numbers");
  return FALSE;
}

/* What is under way ends now, and not after so many questions. */
static gboolean
finish (TillSandboxServer *server, GBytes *body, GError **error)
{
  g_autoptr (json_t) object = till_json_parse (body, error);
  if (!object)
    return FALSE;
  TillErrandKind kind;
  const char *number = till_json_text (object, "request_no");
  if (till_errand_kind_from_word (till_json_text (object, "kind"), &kind) && number)
    return till_provider_finish (server->speech->provider, kind, number,
                                 till_clock_now (server->speech->clock), error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "kind must be pay or refund, and request_no its number");
  return FALSE;
}

static gboolean
set_fault (TillSandboxServer *server, GBytes *body, GError **error)
{
  g_autoptr (json_t) object = till_json_parse (body, error);
  if (!object)
    return FALSE;
  if (g_strcmp0 (till_json_text (object, "kind"), "file") == 0)
    return set_bill_fault (server, till_json_text (object, "fault"), error);
  if (g_strcmp0 (till_json_text (object, "kind"), "notice") == 0)
    return set_notice_fault (server, object, error);
  TillErrandKind kind;
  TillProviderFault fault;
  int times, value;
  if (!till_errand_kind_from_word (till_json_text (object, "kind"), &kind)
      || !till_provider_fault_from_word (till_json_text (object, "fault"), &fault)
      || !read_int (object, "times", 1, &times) || !read_int (object, "value", 0, &value))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "kind and fault must be words that till-sandbox(1) lists, times and value whole "
                   "numbers");
      return FALSE;
    }
  return till_provider_set_fault (server->speech->provider, kind, fault, times, value,
                                  till_json_text (object, "text"), error);
}

/* As if a person had ended the program; a moment later, so that the answer gets out. */
static gboolean
on_quit (gpointer data)
{
  raise (SIGTERM);
  return G_SOURCE_REMOVE;
}

/* A file that a provider would offer on its own pages only. */
static void
answer_file (TillSandboxServer *server, SoupServerMessage *message, GHashTable *query)
{
  int day;
  const char *tongue = query ? g_hash_table_lookup (query, "provider") : NULL;
  const char *date = query ? g_hash_table_lookup (query, "day") : NULL;
  if (!date || !till_clock_parse_day (date, &day, NULL))
    {
      refuse (message, SOUP_STATUS_BAD_REQUEST, "day must be a day, as 2026-11-22\n");
      return;
    }
  g_autoptr (GBytes) file = till_invented_bill (server->speech, tongue, day);
  if (!file)
    {
      refuse (message, SOUP_STATUS_NOT_FOUND,
              "provider must be lakala or shengpay: the others' files are asked for by the till\n");
      return;
    }
  gsize size;
  const char *text = g_bytes_get_data (file, &size);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/csv", SOUP_MEMORY_COPY, text, size);
}

static void
say_json (SoupServerMessage *message, GBytes *json)
{
  gsize size;
  const char *text = g_bytes_get_data (json, &size);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, size);
}

static void
on_control (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user)
{
  TillSandboxServer *server = user;
  g_autoptr (GBytes) body
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GError) error = NULL;
  if (!has_token (server, message))
    refuse (message, SOUP_STATUS_UNAUTHORIZED, "the control token is missing or wrong\n");
  else if (strcmp (path, "/statement") == 0)
    {
      g_autoptr (GBytes) statement = till_speech_statement (server->speech);
      say_json (message, statement);
    }
  else if (strcmp (path, "/statement/notices") == 0)
    {
      g_autoptr (GBytes) list = till_notice_queue_list (till_courier_queue (server->courier));
      say_json (message, list);
    }
  else if (strcmp (path, "/statement/file") == 0)
    answer_file (server, message, query);
  else if (strcmp (path, "/control/clear") == 0)
    {
      till_provider_clear_faults (server->speech->provider);
      till_notice_queue_clear_faults (till_courier_queue (server->courier));
      server->speech->bill_fault = TILL_BILL_OK;
      refuse (message, SOUP_STATUS_OK, "cleared\n");
    }
  else if (strcmp (path, "/control/quit") == 0)
    {
      g_timeout_add (100, on_quit, NULL);
      refuse (message, SOUP_STATUS_OK, "ending\n");
    }
  else if (strcmp (path, "/control/fault") != 0 && strcmp (path, "/control/finish") != 0)
    refuse (message, SOUP_STATUS_NOT_FOUND, "no such path\n");
  else if (strcmp (path, "/control/fault") == 0 ? set_fault (server, body, &error)
                                                : finish (server, body, &error))
    refuse (message, SOUP_STATUS_OK, "set\n");
  else
    refuse (message, SOUP_STATUS_BAD_REQUEST, error->message);
}

/* Before the body is read: nobody sends this provider more than it listens to. */
static void
on_head (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED
      || soup_message_headers_get_content_length (headers) > TILL_SPEECH_BODY_MAX)
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too large\n");
}

TillSandboxServer *
till_sandbox_server_new (TillSpeech *speech, TillCourier *courier, const char *token,
                         const char *cert_path, const char *key_path, int port, GError **error)
{
  g_autoptr (GTlsCertificate) cert = g_tls_certificate_new_from_files (cert_path, key_path, error);
  if (!cert)
    return NULL;
  g_autoptr (TillSandboxServer) server = g_new0 (TillSandboxServer, 1);
  server->speech = speech;
  server->courier = courier;
  server->token = token;
  server->soup = soup_server_new ("tls-certificate", cert, "server-header", "till-sandbox", NULL);
  static const struct
  {
    const char *path;
    SoupServerCallback callback;
  } doors[] = { { NULL, on_provider }, { "/control", on_control }, { "/statement", on_control } };
  for (gsize i = 0; i < G_N_ELEMENTS (doors); i++)
    {
      soup_server_add_early_handler (server->soup, doors[i].path, on_head, server, NULL);
      soup_server_add_handler (server->soup, doors[i].path, doors[i].callback, server, NULL);
    }
  g_autoptr (GError) broke = NULL;
  if (soup_server_listen_local (server->soup, (guint)port,
                                SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &broke))
    return g_steal_pointer (&server);
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "cannot listen on 127.0.0.1:%d: %s", port,
               broke->message);
  return NULL;
}

int
till_sandbox_server_port (TillSandboxServer *server)
{
  GSList *uris = soup_server_get_uris (server->soup);
  g_assert (uris);
  int port = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return port;
}

void
till_sandbox_server_free (TillSandboxServer *server)
{
  soup_server_disconnect (server->soup);
  g_object_unref (server->soup);
  g_free (server);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/server.h"
#include "app/sandbox/day-bill.h"
#include "app/sandbox/raw-answer.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "devices/gateway/json.h"

#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>

/* The most answers that may be held back at one time. */
#define HELD_MAX 256
/* Where the address of whoever asks keeps the socket it came by, for libsoup does not. */
#define SOCKET_BELOW "till-socket-below"

struct _TillSandboxServer
{
  SoupServer *soup;     /* owned */
  TillFrontDoor *door;  /* owned */
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
  gboolean is_gone;           /* whoever asked */
} Held;

static void
held_free (gpointer data)
{
  Held *held = data;
  held->server->n_held--;
  g_signal_handlers_disconnect_by_data (held->message, held);
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

static void
send_said (SoupServerMessage *message, const TillSaid *said)
{
  if (!till_raw_answer_is_due (said))
    {
      send_whole (message, said);
      return;
    }
  GSocket *socket = g_object_get_data (G_OBJECT (soup_server_message_get_remote_address (message)),
                                       SOCKET_BELOW);
  if (!socket)
    socket = soup_server_message_get_socket (message);
  g_autoptr (GSocket) below = socket ? g_object_ref (socket) : NULL;
  till_raw_answer (soup_server_message_steal_connection (message), below, said);
}

static void
on_gone (SoupServerMessage *message, gpointer data)
{
  ((Held *)data)->is_gone = TRUE;
}

static gboolean
on_held_long_enough (gpointer data)
{
  Held *held = data;
  /* Whoever asked may have gone; then there is nobody to answer. */
  if (!held->is_gone)
    {
      gboolean raw = till_raw_answer_is_due (held->said);
      send_said (held->message, held->said);
      if (!raw)
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
  if (said->delay_ms == 0 || said->delivery == TILL_DELIVERY_DRIP)
    {
      send_said (message, said);
      return;
    }
  Held *held = g_new0 (Held, 1);
  guint delay = (guint)said->delay_ms;
  *held = (Held){ server, g_object_ref (message), g_steal_pointer (&said), FALSE };
  g_signal_connect (message, "disconnected", G_CALLBACK (on_gone), held);
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

static gboolean
set_line_fault (TillSandboxServer *server, const json_t *object, GError **error)
{
  int times, value;
  const TillFaultRow *row
      = till_fault_table_find (TILL_PLAYED_BY_DOOR, till_json_text (object, "fault"));
  if (row && read_int (object, "times", 1, &times)
      && read_int (object, "value", row->value, &value))
    return till_front_door_set_fault (server->door, (TillLineFault)row->fault, times, value, error);
  g_set_error (
      error, TILL_ERROR, TILL_ERROR_INVALID,
      "fault must be a word that till-sandbox(1) lists for the line, times and value whole "
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

/* A customer pays at a terminal beside the till; NULL, or what its slip says as JSON. The numbers
 * are counted on, so that no two slips are alike. */
static GBytes *
sell_at_terminal (TillSandboxServer *server, GBytes *body, GError **error)
{
  TillMoney amount;
  int64_t now = till_clock_now (server->speech->clock);
  TillProvider *provider = server->speech->provider;
  int day = till_clock_day (now, TILL_CHINA);
  g_autoptr (json_t) object = till_json_parse (body, error);
  if (!object)
    return NULL;
  if (!till_json_money (object, "amount", &amount) || amount <= 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "amount must be a whole number of fen");
      return NULL;
    }
  guint n = till_provider_n_effects (provider) + 1;
  g_autofree char *log_no = g_strdup_printf ("%02d%012u", day / 10000 % 100, n);
  g_autofree char *reference_no = g_strdup_printf ("%08d%04u", day, n % 10000);
  if (!till_provider_sell_at_terminal (provider, log_no, amount, now, error))
    return NULL;
  g_autoptr (json_t) slip = json_object ();
  till_json_set_text (slip, "reference_no", reference_no);
  till_json_set_text (slip, "log_no", log_no);
  till_json_set_text (slip, "card", "622612******8223");
  till_json_set_text (slip, "terminal_no", "A1062976");
  till_json_set_int (slip, "day", day);
  return till_json_write (slip);
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
  if (g_strcmp0 (till_json_text (object, "kind"), "line") == 0)
    return set_line_fault (server, object, error);
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
clear_faults (TillSandboxServer *server, SoupServerMessage *message)
{
  g_autoptr (GError) error = NULL;
  till_provider_clear_faults (server->speech->provider);
  till_notice_queue_clear_faults (till_courier_queue (server->courier));
  server->speech->bill_fault = TILL_BILL_OK;
  gboolean listens = till_front_door_clear_faults (server->door, &error);
  refuse (message, listens ? SOUP_STATUS_OK : SOUP_STATUS_CONFLICT,
          listens ? "cleared\n" : error->message);
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
  else if (strcmp (path, "/control/terminal-sale") == 0)
    {
      g_autoptr (GBytes) slip = sell_at_terminal (server, body, &error);
      if (slip)
        say_json (message, slip);
      else
        refuse (message, SOUP_STATUS_BAD_REQUEST, error->message);
    }
  else if (strcmp (path, "/control/clear") == 0)
    clear_faults (server, message);
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

/* From the front door, with TLS standing. */
static void
take_line (gpointer user, GIOStream *line, GSocketConnection *below)
{
  TillSandboxServer *server = user;
  g_autoptr (GIOStream) owned = line;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) here = g_socket_connection_get_local_address (below, &error);
  g_autoptr (GSocketAddress) there
      = here ? g_socket_connection_get_remote_address (below, &error) : NULL;
  if (there)
    g_object_set_data_full (G_OBJECT (there), SOCKET_BELOW,
                            g_object_ref (g_socket_connection_get_socket (below)), g_object_unref);
  if (!there || !soup_server_accept_iostream (server->soup, line, here, there, &error))
    {
      g_message ("a line was not taken: %s", error->message);
      g_io_stream_close (line, NULL, NULL);
    }
}

static void
add_doors (TillSandboxServer *server)
{
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
}

TillSandboxServer *
till_sandbox_server_new (TillSpeech *speech, TillCourier *courier, const char *token,
                         const char *dir, int port, GError **error)
{
  g_autofree char *cert_path = g_build_filename (dir, "server.pem", NULL);
  g_autofree char *key_path = g_build_filename (dir, "server-key.pem", NULL);
  g_autoptr (GTlsCertificate) cert = g_tls_certificate_new_from_files (cert_path, key_path, error);
  if (!cert)
    return NULL;
  g_autoptr (TillSandboxServer) server = g_new0 (TillSandboxServer, 1);
  server->speech = speech;
  server->courier = courier;
  server->token = token;
  server->soup = soup_server_new ("tls-certificate", cert, "server-header", "till-sandbox", NULL);
  add_doors (server);
  server->door = till_front_door_new (dir, port, take_line, server, error);
  if (!server->door)
    return NULL;
  g_autoptr (GError) broke = NULL;
  if (soup_server_listen_local (server->soup, 0,
                                SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &broke))
    return g_steal_pointer (&server);
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "cannot listen on 127.0.0.1: %s",
               broke->message);
  return NULL;
}

int
till_sandbox_server_port (TillSandboxServer *server)
{
  return till_front_door_port (server->door);
}

int
till_sandbox_server_control_port (TillSandboxServer *server)
{
  GSList *uris = soup_server_get_uris (server->soup);
  g_assert (uris);
  int port = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return port;
}

TillFrontDoor *
till_sandbox_server_door (TillSandboxServer *server)
{
  return server->door;
}

void
till_sandbox_server_free (TillSandboxServer *server)
{
  g_clear_pointer (&server->door, till_front_door_free);
  soup_server_disconnect (server->soup);
  g_object_unref (server->soup);
  g_free (server);
}

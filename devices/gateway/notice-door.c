/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines are accepted here and handed to libsoup one by one, because it bounds neither how many
 * there are nor how long one stays. */
#include "devices/gateway/notice-door.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "data/core/worker.h"
#include "data/desk/noticing.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/letter.h"
#include "devices/gateway/registry.h"

#include <libsoup/soup.h>
#include <string.h>

#define PATH "/notices/"
/* What is not believed is told of this often at most, however much comes in. */
#define TELL_EVERY (60 * G_USEC_PER_SEC)

struct _TillNoticeDoor
{
  TillWorker *worker; /* owned */
  int port;
};

/* The ward: everything here belongs to the door's thread. */
typedef struct
{
  TillNoticeDoorSetup setup;
  TillLedger *ledger;      /* owned */
  GHashTable *accounts;    /* owned */
  SoupServer *soup;        /* owned */
  GSocketService *service; /* owned */
  GPtrArray *lines;        /* owned; of Line */
  guint refused;           /* not believed since it was last told */
  int64_t told_at;         /* monotonic µs; 0: never */
} Ward;

typedef struct
{
  Ward *ward;            /* unowned */
  GObject *stream;       /* unowned; watched */
  GSocketAddress *there; /* owned; the very one that libsoup was given */
  GSource *timer;        /* owned */
} Line;

/* --- what comes in --- */

/* body: instead of the constant one, or NULL. */
static void
say (SoupServerMessage *message, const TillLetterAnswer *words, GBytes *body)
{
  gsize size = strlen (words->body);
  const char *data = body ? g_bytes_get_data (body, &size) : words->body;
  soup_server_message_set_status (message, (guint)words->status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                "close");
  if (words->type)
    soup_server_message_set_response (message, words->type, SOUP_MEMORY_COPY, data, size);
}

/* Anybody on this machine can write here: what they write must not fill the log. */
static void
tell_refused (Ward *ward, const char *provider, const GError *why)
{
  int64_t now = g_get_monotonic_time ();
  ward->refused++;
  if (ward->told_at != 0 && now - ward->told_at < TELL_EVERY)
    return;
  g_message ("notices of %s: %s; nothing was kept, and the provider was told so (%u in all since "
             "this was last said)",
             provider, why->message, ward->refused);
  ward->told_at = now;
  ward->refused = 0;
}

static void
add_field (const char *name, const char *value, gpointer letter)
{
  till_letter_add_field (letter, name, value);
}

static TillLetter *
read_letter (Ward *ward, SoupServerMessage *message)
{
  g_autoptr (GBytes) body
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  TillLetter *letter = till_letter_new (body, till_clock_now (ward->setup.clock));
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), add_field,
                                letter);
  return letter;
}

static gboolean
receive (Ward *ward, const char *provider, const TillNotice *notice, GBytes *body, GError **error)
{
  TillNoticed noticed;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autofree char *digest = till_digest_hex (data ? data : "", size);
  if (!till_noticing_receive (ward->ledger, provider, notice, digest, &noticed, error))
    return FALSE;
  if (noticed == TILL_NOTICED_STRAY)
    g_message ("%s told of a number we do not know; it is kept until a manager has settled it",
               provider);
  if (noticed != TILL_NOTICED_REPEATED && ward->setup.heard)
    ward->setup.heard (ward->setup.user);
  return TRUE;
}

/* Whether it was said that the letter is believed; else no is said. */
static gboolean
say_yes (SoupServerMessage *message, const TillCodec *codec, const TillLetter *letter,
         const TillAccount *account, GError **error)
{
  const TillNoticeCodec *notices = codec->notice;
  g_autoptr (GBytes) body = notices->sign_yes ? notices->sign_yes (letter, account, error) : NULL;
  gboolean can = body || !notices->sign_yes;
  say (message, can ? &notices->yes : &notices->no, body);
  return can;
}

static const TillLetterAnswer nobody
    = { SOUP_STATUS_NOT_FOUND, "text/plain", "nobody here listens to that provider\n" };

static void
on_letter (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
           gpointer user)
{
  Ward *ward = user;
  const char *provider = g_str_has_prefix (path, PATH) ? path + strlen (PATH) : "";
  const TillCodec *codec = till_codec_find (provider);
  const TillAccount *account = g_hash_table_lookup (ward->accounts, provider);
  g_autoptr (GError) error = NULL;
  if (!codec || !codec->notice || !account)
    {
      say (message, &nobody, NULL);
      return;
    }
  g_autoptr (TillLetter) letter = read_letter (ward, message);
  g_autoptr (TillNotice) notice = codec->notice->open (letter, account, &error);
  gboolean aside = !notice && g_error_matches (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  gboolean kept = notice && receive (ward, provider, notice, letter->body, &error);
  gboolean believed = kept || aside;
  if (aside)
    g_clear_error (&error);
  if (believed)
    believed = say_yes (message, codec, letter, account, &error);
  else
    say (message, &codec->notice->no, NULL);
  if (!believed)
    tell_refused (ward, provider, error);
}

/* name and value with what stands between and behind them. */
static void
add_up (const char *name, const char *value, gpointer size)
{
  *(gsize *)size += strlen (name) + strlen (value) + 4;
}

/* The socket under a message; NULL when its line is gone. */
static GSocket *
socket_of (const Ward *ward, SoupServerMessage *message)
{
  for (guint i = 0; i < ward->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (ward->lines, i);
      if (line->stream && line->there == soup_server_message_get_remote_address (message))
        return g_socket_connection_get_socket (G_SOCKET_CONNECTION (line->stream));
    }
  return NULL;
}

/* By hand, and hung up: libsoup would read the whole body before it says what it was told to say.
 * The status also keeps it from calling on_letter (). */
static void
turn_away (const Ward *ward, SoupServerMessage *message, int status, const char *words)
{
  GSocket *socket = socket_of (ward, message);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (
      "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status, words);
  soup_server_message_set_status (message, (guint)status, NULL);
  if (socket
      && (g_socket_send (socket, text, strlen (text), NULL, &error) < 0
          || !g_socket_shutdown (socket, TRUE, TRUE, &error)))
    g_debug ("a letter was turned away, and its line was gone: %s", error->message);
}

/* Before the body is read: a letter that is too long is not listened to. */
static void
on_head (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user)
{
  Ward *ward = user;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  gsize size = strlen (path);
  soup_message_headers_foreach (headers, add_up, &size);
  if (strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0)
    turn_away (ward, message, 405, "Method Not Allowed");
  else if (size > TILL_LETTER_HEAD_MAX)
    turn_away (ward, message, 431, "Request Header Fields Too Large");
  else if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    turn_away (ward, message, 411, "Length Required");
  else if (soup_message_headers_get_content_length (headers) > TILL_LETTER_BODY_MAX)
    turn_away (ward, message, 413, "Content Too Large");
}

/* --- lines --- */

static void
on_line_gone (gpointer data, GObject *stream)
{
  Line *line = data;
  line->stream = NULL;
  g_ptr_array_remove_fast (line->ward->lines, line);
}

static void
line_free (gpointer data)
{
  Line *line = data;
  if (line->stream)
    g_object_weak_unref (line->stream, on_line_gone, line);
  g_source_destroy (line->timer);
  g_source_unref (line->timer);
  g_object_unref (line->there);
  g_free (line);
}

/* libsoup reads the end of the line and lets go of it. */
static gboolean
on_too_long (gpointer data)
{
  Line *line = data;
  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (line->stream));
  g_autoptr (GError) error = NULL;
  if (!g_socket_shutdown (socket, TRUE, TRUE, &error))
    g_debug ("a line was gone before it was hung up on: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static void
watch_line (Ward *ward, GSocketConnection *connection, GSocketAddress *there)
{
  Line *line = g_new0 (Line, 1);
  line->ward = ward;
  line->there = g_object_ref (there);
  line->stream = G_OBJECT (connection);
  line->timer = g_timeout_source_new (
      (guint)(ward->setup.line_ms ? ward->setup.line_ms : TILL_NOTICE_LINE_MS));
  g_source_set_callback (line->timer, on_too_long, line, NULL);
  g_source_attach (line->timer, g_main_context_get_thread_default ());
  g_object_weak_ref (line->stream, on_line_gone, line);
  g_ptr_array_add (ward->lines, line);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user)
{
  Ward *ward = user;
  g_autoptr (GError) error = NULL;
  if (ward->lines->len >= TILL_NOTICE_LINES_MAX)
    {
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL); /* it ends rudely either way */
      return TRUE;
    }
  g_autoptr (GSocketAddress) here = g_socket_connection_get_local_address (connection, &error);
  g_autoptr (GSocketAddress) there
      = here ? g_socket_connection_get_remote_address (connection, &error) : NULL;
  if (there)
    watch_line (ward, connection, there);
  if (!there
      || !soup_server_accept_iostream (ward->soup, G_IO_STREAM (connection), here, there, &error))
    g_message ("a line for notices was not taken: %s", error->message);
  return TRUE;
}

/* --- opening and closing --- */

static gboolean
listen_here (Ward *ward, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted
      = g_inet_socket_address_new (loopback, (guint16)ward->setup.port);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) broke = NULL;
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (ward->service), wanted,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got,
                                      &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "cannot listen on 127.0.0.1:%d: %s",
                   ward->setup.port, broke->message);
      return FALSE;
    }
  ward->setup.port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  g_signal_connect (ward->service, "incoming", G_CALLBACK (on_incoming), ward);
  return TRUE;
}

static void
close_ward (gpointer data)
{
  Ward *ward = data;
  g_socket_service_stop (ward->service);
  g_socket_listener_close (G_SOCKET_LISTENER (ward->service));
  g_object_unref (ward->service);
  soup_server_disconnect (ward->soup);
  g_object_unref (ward->soup);
  g_ptr_array_unref (ward->lines);
  g_hash_table_unref (ward->accounts);
  g_clear_pointer (&ward->ledger, till_ledger_free);
  g_free (ward);
}

static gpointer
open_ward (gpointer data, GError **error)
{
  Ward *ward = g_new0 (Ward, 1);
  ward->setup = *(const TillNoticeDoorSetup *)data;
  ward->accounts = till_dispatcher_load_accounts (ward->setup.accounts);
  ward->lines = g_ptr_array_new_with_free_func (line_free);
  ward->service = g_socket_service_new ();
  ward->soup = soup_server_new ("server-header", NULL, NULL);
  soup_server_add_early_handler (ward->soup, NULL, on_head, ward, NULL);
  soup_server_add_handler (ward->soup, NULL, on_letter, ward, NULL);
  ward->ledger = till_ledger_open (ward->setup.books, ward->setup.clock, error);
  if (ward->ledger && listen_here (ward, error))
    {
      /* Whoever opens waits for this, so the port may be told in passing. */
      ((TillNoticeDoorSetup *)data)->port = ward->setup.port;
      return ward;
    }
  close_ward (ward);
  return NULL;
}

TillNoticeDoor *
till_notice_door_open (const TillNoticeDoorSetup *setup, GError **error)
{
  g_autoptr (TillNoticeDoor) door = g_new0 (TillNoticeDoor, 1);
  TillNoticeDoorSetup heard_back = *setup;
  door->worker = till_worker_new ("notices", open_ward, &heard_back, close_ward, error);
  door->port = heard_back.port;
  return door->worker ? g_steal_pointer (&door) : NULL;
}

int
till_notice_door_port (TillNoticeDoor *door)
{
  return door->port;
}

void
till_notice_door_close (TillNoticeDoor *door)
{
  g_clear_pointer (&door->worker, till_worker_free);
  g_free (door);
}

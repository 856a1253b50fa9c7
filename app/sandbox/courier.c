/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/courier.h"
#include "data/core/clock.h"

#include <libsoup/soup.h>
#include <string.h>

/* The most that are on their way at one time. */
#define ON_WAY_MAX 4
/* A timer of GLib holds no longer; it is looked again then. */
#define SLEEP_MAX_MS (60 * 60 * 1000)
/* How long to leave a queue alone that cannot be written. */
#define TROUBLE_MS 5000

struct _TillCourier
{
  const TillSpeech *speech; /* unowned, all three */
  TillNoticeQueue *queue;
  const char *base;
  SoupSession *session; /* owned */
  guint timer;          /* 0: none */
  GPtrArray *trips;     /* owned; of Trip (unowned): those that have not ended */
  gboolean closing;     /* nothing that arrives now counts */
  int hold_ms;
};

/* One that is on its way. */
typedef struct
{
  TillCourier *courier; /* unowned; outlives it */
  guint no;
  const TillTongue *tongue;
  SoupMessage *message; /* owned */
  GInputStream *stream; /* owned; NULL until there is an answer */
  GCancellable *stop;   /* owned */
  GSource *deadline;    /* owned */
  guint8 answer[TILL_COURIER_ANSWER_MAX];
} Trip;

static void look (TillCourier *courier);

static gboolean
on_time (gpointer data)
{
  TillCourier *courier = data;
  courier->timer = 0;
  look (courier);
  return G_SOURCE_REMOVE;
}

static void
look_after (TillCourier *courier, int64_t ms)
{
  if (courier->timer)
    g_source_remove (courier->timer);
  courier->timer = g_timeout_add ((guint)CLAMP (ms, 0, SLEEP_MAX_MS), on_time, courier);
}

/* --- one way --- */

static gboolean
on_deadline (gpointer data)
{
  Trip *trip = data;
  g_cancellable_cancel (trip->stop);
  return G_SOURCE_REMOVE;
}

static void
trip_free (Trip *trip)
{
  g_ptr_array_remove_fast (trip->courier->trips, trip);
  g_source_destroy (trip->deadline);
  g_source_unref (trip->deadline);
  g_object_unref (trip->stop);
  g_object_unref (trip->message);
  g_clear_object (&trip->stream);
  g_free (trip);
}

/* size: what was read of the body. An answer that broke off, or says more than we read, is none. */
static void
arrive (Trip *trip, gsize size, const GError *broke)
{
  TillCourier *courier = trip->courier;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new (trip->answer, size);
  int status = broke ? 0 : (int)soup_message_get_status (trip->message);
  gboolean yes = status != 0 && size < TILL_COURIER_ANSWER_MAX
                 && trip->tongue->notice->is_yes (courier->speech, status, body);
  if (broke)
    g_debug ("notice %u: %s", trip->no, broke->message);
  if (!till_notice_queue_record (courier->queue, trip->no, yes, status,
                                 till_clock_now (courier->speech->clock), &error))
    g_warning ("what was said to notice %u is not kept, so it comes again: %s", trip->no,
               error->message);
  trip_free (trip);
  look (courier);
}

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  Trip *trip = data;
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &size, &error) && !error)
    size = 0;
  if (trip->courier->closing)
    trip_free (trip);
  else
    arrive (trip, size, error);
}

static void
on_sent (GObject *session, GAsyncResult *result, gpointer data)
{
  Trip *trip = data;
  g_autoptr (GError) error = NULL;
  trip->stream = soup_session_send_finish (SOUP_SESSION (session), result, &error);
  if (trip->courier->closing)
    trip_free (trip);
  else if (!trip->stream)
    arrive (trip, 0, error);
  else
    g_input_stream_read_all_async (trip->stream, trip->answer, sizeof trip->answer,
                                   G_PRIORITY_DEFAULT, trip->stop, on_read, trip);
}

static SoupMessage *
message_of (const char *to, const TillSaid *said)
{
  SoupMessage *message = soup_message_new (SOUP_METHOD_POST, to);
  g_assert (message); /* the queue takes nothing that is no address */
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  for (guint i = 0; i < said->headers->len; i++)
    {
      const char *line = g_ptr_array_index (said->headers, i);
      const char *colon = strchr (line, ':');
      g_autofree char *name = g_strndup (line, (gsize)(colon - line));
      soup_message_headers_replace (headers, name, colon + 2);
    }
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_set_request_body_from_bytes (message, said->content_type, said->body);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  return message;
}

static void
set_out (TillCourier *courier, const TillDueNotice *due, const TillSaid *said)
{
  Trip *trip = g_new0 (Trip, 1);
  trip->courier = courier;
  trip->no = due->no;
  trip->tongue = till_tongue_find (due->tongue);
  trip->message = message_of (due->to, said);
  trip->stop = g_cancellable_new ();
  trip->deadline = g_timeout_source_new (TILL_COURIER_WAIT_MS);
  g_source_set_callback (trip->deadline, on_deadline, trip, NULL);
  g_source_attach (trip->deadline, NULL);
  g_ptr_array_add (courier->trips, trip);
  soup_session_send_async (courier->session, trip->message, G_PRIORITY_DEFAULT, trip->stop, on_sent,
                           trip);
}

/* --- what is due --- */

/* FALSE when there is nothing, or no way to write it down. */
static gboolean
send_next (TillCourier *courier)
{
  g_autoptr (GError) error = NULL;
  int64_t now = till_clock_now (courier->speech->clock);
  const TillDueNotice *due = till_notice_queue_take (courier->queue, now, &error);
  if (error)
    {
      g_warning ("no notice is sent, for it cannot be written down: %s", error->message);
      look_after (courier, TROUBLE_MS);
    }
  if (!due)
    return FALSE;
  g_autoptr (TillSaid) said = till_notice_write (courier->speech, due);
  if (said)
    set_out (courier, due, said);
  else if (!till_notice_queue_leave (courier->queue, due->no, &error))
    g_warning ("that a notice is not told by its provider is not kept: %s", error->message);
  return TRUE;
}

static void
look (TillCourier *courier)
{
  while (courier->trips->len < ON_WAY_MAX)
    if (!send_next (courier))
      break;
  int64_t next = till_notice_queue_next (courier->queue);
  int64_t now = till_clock_now (courier->speech->clock);
  /* With as many on their way as may be, the first that arrives looks again. */
  if (next != G_MAXINT64 && courier->trips->len < ON_WAY_MAX && next > now)
    look_after (courier, (next - now) / 1000 + 1);
}

TillCourier *
till_courier_new (const TillSpeech *speech, TillNoticeQueue *queue, const char *base)
{
  TillCourier *courier = g_new0 (TillCourier, 1);
  courier->speech = speech;
  courier->queue = queue;
  courier->base = base;
  courier->trips = g_ptr_array_new ();
  courier->session = soup_session_new ();
  soup_session_set_proxy_resolver (courier->session, NULL);
  soup_session_set_timeout (courier->session, TILL_COURIER_WAIT_MS / 1000);
  soup_session_set_user_agent (courier->session, "till-sandbox");
  look_after (courier, 0);
  return courier;
}

void
till_courier_free (TillCourier *courier)
{
  if (courier->timer)
    g_source_remove (courier->timer);
  courier->closing = TRUE;
  for (guint i = 0; i < courier->trips->len; i++)
    g_cancellable_cancel (((Trip *)g_ptr_array_index (courier->trips, i))->stop);
  while (courier->trips->len > 0)
    g_main_context_iteration (NULL, TRUE);
  g_ptr_array_unref (courier->trips);
  g_object_unref (courier->session);
  g_free (courier);
}

void
till_courier_hear (TillCourier *courier, const TillRecord *record)
{
  const TillTongue *tongue = till_tongue_find (record->tongue);
  if (!tongue || !till_notice_is_news (record))
    return;
  g_autofree char *to = till_notice_address (tongue, record->notify_url, courier->base);
  g_autoptr (GError) error = NULL;
  int hold_ms = 0;
  if (!to)
    return;
  if (!till_notice_queue_add (courier->queue, record, to, &hold_ms, &error))
    g_warning ("what became of %s is not told: %s", record->request_no, error->message);
  courier->hold_ms = MAX (courier->hold_ms, hold_ms);
  look_after (courier, 0);
}

int
till_courier_take_hold (TillCourier *courier)
{
  int hold_ms = courier->hold_ms;
  courier->hold_ms = 0;
  return hold_ms;
}

TillNoticeQueue *
till_courier_queue (TillCourier *courier)
{
  return courier->queue;
}

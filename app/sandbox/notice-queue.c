/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/notice-queue.h"
#include "data/core/error.h"
#include "devices/gateway/json.h"

#include <string.h>

#define VALUE_MAX (10 * 60 * 1000)
#define MS 1000 /* µs */

struct _TillNoticeQueue
{
  char *path; /* owned; or NULL */
  int speed;
  guint last_no;
  GPtrArray *notices; /* owned; of TillDueNotice, oldest first */
  GQueue faults;      /* owned; of Fault */
};

typedef struct
{
  TillNoticeFault fault;
  int value;
} Fault;

/* --- the file --- */

GBytes *
till_notice_queue_list (const TillNoticeQueue *queue)
{
  g_autoptr (json_t) object = json_object ();
  json_t *list = json_array ();
  for (guint i = 0; i < queue->notices->len; i++)
    json_array_append_new (list, till_due_notice_write (g_ptr_array_index (queue->notices, i)));
  till_json_set_int (object, "last_no", queue->last_no);
  till_json_set (object, "notices", list);
  return till_json_write (object);
}

static gboolean
save (const TillNoticeQueue *queue, GError **error)
{
  if (!queue->path)
    return TRUE;
  g_autoptr (GBytes) list = till_notice_queue_list (queue);
  g_autoptr (GError) broke = NULL;
  gsize size;
  const char *text = g_bytes_get_data (list, &size);
  if (g_file_set_contents_full (queue->path, text, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT,
                                0600, &broke))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s", broke->message);
  return FALSE;
}

static gboolean
load (TillNoticeQueue *queue, GError **error)
{
  g_autoptr (GError) broke = NULL;
  g_autofree char *text = NULL;
  gsize size;
  if (!queue->path || !g_file_test (queue->path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_get_contents (queue->path, &text, &size, &broke))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s", broke->message);
      return FALSE;
    }
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (json_t) object = till_json_parse (bytes, NULL);
  const json_t *list = json_object_get (object, "notices");
  int64_t last_no = json_integer_value (json_object_get (object, "last_no"));
  gboolean good = json_is_array (list) && json_array_size (list) <= TILL_NOTICES_MAX;
  for (size_t i = 0; good && i < json_array_size (list); i++)
    {
      TillDueNotice *notice = till_due_notice_read (json_array_get (list, i));
      good = notice && notice->no > queue->last_no;
      if (notice)
        {
          queue->last_no = notice->no;
          g_ptr_array_add (queue->notices, notice);
        }
    }
  if (good && last_no >= queue->last_no)
    {
      queue->last_no = (guint)last_no;
      return TRUE;
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "%s cannot be read", queue->path);
  return FALSE;
}

TillNoticeQueue *
till_notice_queue_open (const char *path, int speed, GError **error)
{
  g_assert (speed >= 1);
  g_autoptr (TillNoticeQueue) queue = g_new0 (TillNoticeQueue, 1);
  queue->path = g_strdup (path);
  queue->speed = speed;
  queue->notices = g_ptr_array_new_with_free_func ((GDestroyNotify)till_due_notice_free);
  return load (queue, error) ? g_steal_pointer (&queue) : NULL;
}

void
till_notice_queue_close (TillNoticeQueue *queue)
{
  till_notice_queue_clear_faults (queue);
  g_ptr_array_unref (queue->notices);
  g_free (queue->path);
  g_free (queue);
}

/* --- faults --- */

gboolean
till_notice_queue_set_fault (TillNoticeQueue *queue, TillNoticeFault fault, int times, int value,
                             GError **error)
{
  const char *wrong = NULL;
  if (times < 1 || times + (gint64)queue->faults.length > TILL_FAULTS_MAX)
    wrong = "times must be at least 1, and no more than 1000 may wait";
  else if (value < 0 || value > VALUE_MAX)
    wrong = "value must be 0–600000";
  else if ((fault == TILL_NOTICE_EARLY || fault == TILL_NOTICE_LATE) && value == 0)
    wrong = "early and late need milliseconds as value";
  if (wrong)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", wrong);
      return FALSE;
    }
  for (int i = 0; i < times; i++)
    {
      Fault *one = g_new0 (Fault, 1);
      *one = (Fault){ fault, value };
      g_queue_push_tail (&queue->faults, one);
    }
  return TRUE;
}

void
till_notice_queue_clear_faults (TillNoticeQueue *queue)
{
  g_queue_clear_full (&queue->faults, g_free);
}

/* --- what is news, and where it goes --- */

gboolean
till_notice_is_news (const TillRecord *record)
{
  if (record->kind != TILL_RECORD_STATE)
    return FALSE;
  return (record->moves && strcmp (record->status, "SUCCESS") == 0)
         || strcmp (record->status, "CLOSED") == 0 || strcmp (record->status, "ABNORMAL") == 0
         || strcmp (record->status, "RECALLED") == 0;
}

char *
till_notice_address (const TillTongue *tongue, const char *named, const char *base)
{
  if (tongue->notice->named && !named)
    return NULL;
  if (tongue->notice->named && till_notice_is_near (named))
    return g_strdup (named);
  return base ? g_strconcat (base, tongue->name, NULL) : NULL;
}

/* --- what is due --- */

/* FALSE when all that are kept are still to be told. */
static gboolean
make_room (TillNoticeQueue *queue)
{
  if (queue->notices->len < TILL_NOTICES_MAX)
    return TRUE;
  for (guint i = 0; i < queue->notices->len; i++)
    {
      const TillDueNotice *notice = g_ptr_array_index (queue->notices, i);
      if (notice->state == TILL_NOTICE_DUE)
        continue;
      g_ptr_array_remove_index (queue->notices, i);
      return TRUE;
    }
  return FALSE;
}

static TillDueNotice *
new_notice (TillNoticeQueue *queue, const TillRecord *record, const char *to, const Fault *fault)
{
  gboolean late = fault->fault == TILL_NOTICE_LATE, early = fault->fault == TILL_NOTICE_EARLY;
  int wait_ms = late ? fault->value : early ? 0 : TILL_NOTICE_FIRST_MS;
  TillDueNotice *notice = g_new0 (TillDueNotice, 1);
  *notice = (TillDueNotice){
    .no = queue->last_no + 1,
    .tongue = g_strdup (record->tongue),
    .kind = record->errand,
    .request_no = g_strdup (record->request_no),
    .identity = g_strdup (record->identity),
    .status = g_strdup (record->status),
    .to = g_strdup (to),
    .since = record->at,
    .due_at = record->at + (int64_t)wait_ms * MS,
    .state = fault->fault == TILL_NOTICE_NEVER ? TILL_NOTICE_UNSENT : TILL_NOTICE_DUE,
    .fault = fault->fault,
    .value = fault->value,
  };
  /* With the time in it, for a provider that is made anew counts from 1 again. */
  notice->event_no = g_strdup_printf ("N%" G_GINT64_FORMAT "%06u", record->at, notice->no);
  return notice;
}

gboolean
till_notice_queue_add (TillNoticeQueue *queue, const TillRecord *record, const char *to,
                       int *hold_ms, GError **error)
{
  g_assert (till_notice_is_news (record) && till_tongue_find (record->tongue));
  g_assert (till_notice_is_near (to));
  *hold_ms = 0;
  if (!make_room (queue))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%d notices are still to be told",
                   TILL_NOTICES_MAX);
      return FALSE;
    }
  g_autofree Fault *waiting = g_queue_pop_head (&queue->faults);
  Fault fault = waiting ? *waiting : (Fault){ TILL_NOTICE_OK, 0 };
  TillDueNotice *notice = new_notice (queue, record, to, &fault);
  g_ptr_array_add (queue->notices, notice);
  queue->last_no++;
  if (!save (queue, error))
    {
      g_ptr_array_remove (queue->notices, notice);
      return FALSE;
    }
  if (fault.fault == TILL_NOTICE_EARLY)
    *hold_ms = fault.value;
  return TRUE;
}

static TillDueNotice *
next_of (const TillNoticeQueue *queue)
{
  TillDueNotice *next = NULL;
  for (guint i = 0; i < queue->notices->len; i++)
    {
      TillDueNotice *notice = g_ptr_array_index (queue->notices, i);
      if (notice->state == TILL_NOTICE_DUE && !notice->on_way
          && (!next || notice->due_at < next->due_at))
        next = notice;
    }
  return next;
}

int64_t
till_notice_queue_next (const TillNoticeQueue *queue)
{
  const TillDueNotice *next = next_of (queue);
  return next ? next->due_at : G_MAXINT64;
}

/* When a notice that was sent n times and got no yes comes again; 0: never. */
static int64_t
comes_again_at (const TillNoticeQueue *queue, const TillDueNotice *notice, int64_t now)
{
  const int *gaps_s = till_tongue_find (notice->tongue)->notice->gaps_s;
  int n = 1;
  while (gaps_s[n - 1] && n < notice->tried)
    n++;
  int64_t gap = gaps_s[n - 1] * TILL_SECOND / queue->speed;
  return gaps_s[n - 1] ? now + MAX (gap, 1 * MS) : 0;
}

const TillDueNotice *
till_notice_queue_take (TillNoticeQueue *queue, int64_t now, GError **error)
{
  TillDueNotice *notice = next_of (queue);
  if (!notice || notice->due_at > now)
    return NULL;
  int64_t due_at = notice->due_at;
  notice->tried++;
  /* As if there will be no yes, should the power go before there is one. */
  int64_t again = comes_again_at (queue, notice, now);
  notice->due_at = again ? again : now;
  if (!save (queue, error))
    {
      notice->tried--;
      notice->due_at = due_at;
      return NULL;
    }
  notice->on_way = TRUE;
  return notice;
}

static TillDueNotice *
find_no (const TillNoticeQueue *queue, guint no)
{
  for (guint i = 0; i < queue->notices->len; i++)
    {
      TillDueNotice *notice = g_ptr_array_index (queue->notices, i);
      if (notice->no == no)
        return notice;
    }
  g_assert_not_reached ();
}

gboolean
till_notice_queue_record (TillNoticeQueue *queue, guint no, gboolean yes, int answered, int64_t now,
                          GError **error)
{
  TillDueNotice *notice = find_no (queue, no);
  TillDueNotice before = *notice;
  int64_t again = comes_again_at (queue, notice, now);
  notice->answered = answered;
  if (yes && notice->fault == TILL_NOTICE_TWICE)
    {
      notice->fault = TILL_NOTICE_OK;
      notice->due_at = now;
    }
  else if (yes || !again)
    notice->state = yes ? TILL_NOTICE_TOLD : TILL_NOTICE_GIVEN_UP;
  else
    notice->due_at = again;
  notice->on_way = FALSE;
  if (save (queue, error))
    return TRUE;
  *notice = before;
  notice->on_way = FALSE;
  return FALSE;
}

gboolean
till_notice_queue_leave (TillNoticeQueue *queue, guint no, GError **error)
{
  TillDueNotice *notice = find_no (queue, no);
  notice->on_way = FALSE;
  notice->state = TILL_NOTICE_UNSENT;
  notice->tried--;
  return save (queue, error);
}

/* --- the notice itself --- */

/* Of a provider that is asked about nothing else than this one is. */
static const TillTongue *
other_than (const TillTongue *tongue)
{
  return tongue == &till_practice_tongue ? &till_alipay_tongue : &till_practice_tongue;
}

TillSaid *
till_notice_write (const TillSpeech *speech, const TillDueNotice *due)
{
  TillProviderAnswer thing;
  if (!till_provider_peek (speech->provider, due->kind, due->request_no, due->identity, &thing))
    return NULL;
  const TillTongue *tongue = till_tongue_find (due->tongue);
  g_autofree char *nobodys = g_strdup_printf ("NOBODYS%09u", due->no);
  gboolean wrongly
      = due->fault == TILL_NOTICE_BAD_SIGNATURE && (due->value == 0 || due->tried <= due->value);
  if (due->fault == TILL_NOTICE_UNKNOWN_NUMBER)
    thing.request_no = nobodys;
  if (due->fault == TILL_NOTICE_OTHER_PROVIDER)
    tongue = other_than (tongue);
  TillSpeech one = *speech;
  one.tongue = tongue;
  TillNews news = { .event_no = due->event_no,
                    .kind = due->kind,
                    .status = due->status,
                    .thing = &thing,
                    .since = due->since };
  return tongue->notice->write (&one, &news,
                                wrongly ? TILL_DELIVERY_BAD_SIGNATURE : TILL_DELIVERY_WHOLE);
}

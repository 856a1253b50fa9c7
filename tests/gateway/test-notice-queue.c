/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice provider still has to tell, without anybody to tell it to: the ladders, the
 * bounds, the file, the faults. Time is what the test says. */
#include "app/sandbox/notice-queue.h"
#include "data/core/error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define AT INT64_C (1795320000000000)
#define MS INT64_C (1000)
#define HERE "http://127.0.0.1:1/notices/x"

static TillRecord
record_of (const char *tongue, const char *request_no, const char *status)
{
  return (TillRecord){ .kind = TILL_RECORD_STATE,
                       .errand = TILL_ERRAND_REFUND,
                       .request_no = request_no,
                       .original_no = "PAY",
                       .provider_no = "R1",
                       .tongue = tongue,
                       .status = status,
                       .moves = strcmp (status, "SUCCESS") == 0,
                       .amount = 100,
                       .at = AT };
}

static void
add (TillNoticeQueue *queue, const char *tongue, const char *request_no)
{
  TillRecord record = record_of (tongue, request_no, "SUCCESS");
  int hold_ms;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_notice_queue_add (queue, &record, HERE, &hold_ms, &error));
  g_assert_no_error (error);
  g_assert_cmpint (hold_ms, ==, 0);
}

static const TillDueNotice *
take (TillNoticeQueue *queue, int64_t now)
{
  g_autoptr (GError) error = NULL;
  const TillDueNotice *due = till_notice_queue_take (queue, now, &error);
  g_assert_no_error (error);
  return due;
}

static void
answer (TillNoticeQueue *queue, guint no, gboolean yes, int64_t now)
{
  g_assert_true (till_notice_queue_record (queue, no, yes, yes ? 200 : 500, now, NULL));
}

/* --- what is news, and where it goes --- */

static void
test_news (void)
{
  TillRecord record = record_of ("sandbox", "R", "PROCESSING");
  g_assert_false (till_notice_is_news (&record));
  record = record_of ("sandbox", "R", "REVERSED");
  g_assert_false (till_notice_is_news (&record));
  record = record_of ("sandbox", "R", "SUCCESS");
  record.moves = FALSE; /* only a query counted down */
  g_assert_false (till_notice_is_news (&record));
  record.moves = TRUE;
  g_assert_true (till_notice_is_news (&record));
  record.kind = TILL_RECORD_ASKED;
  g_assert_false (till_notice_is_news (&record));
  record = record_of ("sandbox", "R", "CLOSED");
  g_assert_true (till_notice_is_news (&record));
  record = record_of ("sandbox", "R", "ABNORMAL");
  g_assert_true (till_notice_is_news (&record));
}

static void
test_near (void)
{
  static const char *const far[] = { "https://127.0.0.1:1/notices",
                                     "http://example.com/",
                                     "http://localhost:1/",
                                     "http://10.0.0.1/",
                                     "http://0.0.0.0/",
                                     "http://127.0.0.1.example.com/",
                                     "http://me@127.0.0.1/",
                                     "http://127.0.0.1@example.com/",
                                     "http://2130706433/",
                                     "ftp://127.0.0.1/",
                                     "//127.0.0.1/",
                                     "127.0.0.1",
                                     "" };
  for (gsize i = 0; i < G_N_ELEMENTS (far); i++)
    {
      if (till_notice_is_near (far[i]))
        g_error ("%s is thought to be near", far[i]);
    }
  g_assert_false (till_notice_is_near (NULL));
  g_assert_true (till_notice_is_near ("http://127.0.0.1:8080/notices/"));
  g_assert_true (till_notice_is_near ("http://[::1]:8080/notices/"));
}

static void
expect_address (const TillTongue *tongue, const char *named, const char *base, const char *wanted)
{
  g_autofree char *address = till_notice_address (tongue, named, base);
  g_assert_cmpstr (address, ==, wanted);
}

static void
test_address (void)
{
  const char *base = "http://127.0.0.1:7/notices/";
  const char *near = "http://127.0.0.1:9/here", *far = "https://shop.example/there";
  expect_address (&till_practice_tongue, NULL, NULL, NULL);
  expect_address (&till_practice_tongue, near, NULL, NULL);
  expect_address (&till_practice_tongue, NULL, base, "http://127.0.0.1:7/notices/sandbox");
  expect_address (&till_stripe_tongue, far, base, "http://127.0.0.1:7/notices/stripe");
  expect_address (&till_wechat_tongue, NULL, base, NULL);
  expect_address (&till_wechat_tongue, far, NULL, NULL);
  expect_address (&till_wechat_tongue, far, base, "http://127.0.0.1:7/notices/wechat");
  expect_address (&till_wechat_tongue, near, base, near);
  expect_address (&till_wechat_tongue, near, NULL, near);
}

/* --- ladders --- */

/* Refused every time: how long between, in seconds, and when it is over. */
static void
expect_ladder (const TillTongue *tongue, const int *gaps_s, gsize n)
{
  g_autoptr (TillNoticeQueue) queue = till_notice_queue_open (NULL, 1, NULL);
  add (queue, tongue->name, "R1");
  int64_t now = AT + TILL_NOTICE_FIRST_MS * MS;
  g_assert_null (take (queue, now - 1));
  for (gsize i = 0;; i++)
    {
      const TillDueNotice *due = take (queue, now);
      g_assert_nonnull (due);
      g_assert_cmpint (due->tried, ==, i + 1);
      /* Not twice at a time. */
      g_assert_null (take (queue, now + TILL_DAY));
      answer (queue, due->no, FALSE, now);
      if (i == n)
        break;
      g_assert_cmpint (till_notice_queue_next (queue), ==, now + gaps_s[i] * TILL_SECOND);
      now += gaps_s[i] * TILL_SECOND;
      g_assert_null (take (queue, now - 1));
    }
  g_assert_cmpint (till_notice_queue_next (queue), ==, G_MAXINT64);
  g_autoptr (GBytes) list = till_notice_queue_list (queue);
  gsize size;
  const char *text = g_bytes_get_data (list, &size);
  g_assert_nonnull (g_strstr_len (text, (gssize)size, "\"state\":\"given-up\""));
}

static void
test_ladders (void)
{
  static const int wechat[]
      = { 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600 };
  static const int alipay[] = { 240, 600, 600, 3600, 7200, 21600, 54000 };
  static const int unionpay[] = { 60, 120, 240, 300 };
  int sum = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (wechat); i++)
    sum += wechat[i];
  g_assert_cmpint (sum, ==, 24 * 3600 + 4 * 60);
  expect_ladder (&till_wechat_tongue, wechat, G_N_ELEMENTS (wechat));
  expect_ladder (&till_alipay_tongue, alipay, G_N_ELEMENTS (alipay));
  expect_ladder (&till_unionpay_tongue, unionpay, G_N_ELEMENTS (unionpay));
  /* Every one has an end, and a first step. */
  const TillTongue *tongue;
  for (guint n = 0; (tongue = till_tongue_nth (n)); n++)
    {
      gsize steps = 0;
      while (tongue->notice->gaps_s[steps])
        steps++;
      g_assert_cmpint (steps, >=, 1);
      expect_ladder (tongue, tongue->notice->gaps_s, steps);
    }
}

static void
test_yes_ends_it (void)
{
  g_autoptr (TillNoticeQueue) queue = till_notice_queue_open (NULL, 1000, NULL);
  add (queue, "unionpay", "R1");
  int64_t now = AT + TILL_SECOND;
  answer (queue, take (queue, now)->no, FALSE, now);
  /* A thousand times faster. */
  g_assert_cmpint (till_notice_queue_next (queue), ==, now + 60 * MS);
  now += 60 * MS;
  answer (queue, take (queue, now)->no, TRUE, now);
  g_assert_cmpint (till_notice_queue_next (queue), ==, G_MAXINT64);
  g_assert_null (take (queue, now + TILL_DAY));
}

/* --- bounds --- */

static void
test_full (void)
{
  g_autoptr (TillNoticeQueue) queue = till_notice_queue_open (NULL, 1, NULL);
  int64_t now = AT + TILL_SECOND;
  for (int i = 0; i < TILL_NOTICES_MAX; i++)
    add (queue, "sandbox", "R");
  TillRecord record = record_of ("sandbox", "R", "SUCCESS");
  g_autoptr (GError) error = NULL;
  int hold_ms;
  g_assert_false (till_notice_queue_add (queue, &record, HERE, &hold_ms, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_BUSY);
  /* One that is told makes room; the numbers go on. */
  const TillDueNotice *due = take (queue, now);
  answer (queue, due->no, TRUE, now);
  add (queue, "sandbox", "R");
  for (int i = 0; i < TILL_NOTICES_MAX; i++)
    due = take (queue, now);
  g_assert_cmpint (due->no, ==, TILL_NOTICES_MAX + 1);
  g_assert_null (take (queue, now));
}

/* --- the file --- */

static char *
file_of (const char *dir)
{
  return g_build_filename (dir, "notices.json", NULL);
}

static void
remove_dir (const char *dir)
{
  g_autofree char *path = file_of (dir);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static void
test_restart (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-notices-XXXXXX", NULL);
  g_autofree char *path = file_of (dir);
  g_autofree char *event_no = NULL;
  int64_t now = AT + TILL_SECOND;
  TillNoticeQueue *queue = till_notice_queue_open (path, 1, NULL);
  add (queue, "wechat", "R1");
  add (queue, "alipay", "R2");
  const TillDueNotice *due = take (queue, now);
  event_no = g_strdup (due->event_no);
  /* The power goes while it is on its way: it was sent once, and comes again as if refused. */
  till_notice_queue_close (queue);
  queue = till_notice_queue_open (path, 1, NULL);
  g_assert_nonnull (queue);
  due = take (queue, now);
  g_assert_cmpstr (due->request_no, ==, "R2");
  g_assert_cmpint (due->tried, ==, 1);
  answer (queue, due->no, TRUE, now);
  g_assert_cmpint (till_notice_queue_next (queue), ==, now + 15 * TILL_SECOND);
  due = take (queue, now + 15 * TILL_SECOND);
  g_assert_cmpstr (due->request_no, ==, "R1");
  g_assert_cmpstr (due->event_no, ==, event_no);
  g_assert_cmpint (due->tried, ==, 2);
  till_notice_queue_close (queue);
  /* What is over stays over, and no number is given out twice. */
  queue = till_notice_queue_open (path, 1, NULL);
  add (queue, "sandbox", "R3");
  due = take (queue, now);
  g_assert_cmpint (due->no, ==, 3);
  till_notice_queue_close (queue);
  remove_dir (dir);
}

static void
test_broken_file (void)
{
  static const char *const texts[] = {
    "",
    "no JSON",
    "[]",
    "{}",
    "{\"last_no\":1,\"notices\":{}}",
    "{\"last_no\":1,\"notices\":[{}]}",
    "{\"last_no\":0,\"notices\":[{\"no\":1,\"event_no\":\"N1\",\"provider\":\"sandbox\",\"kind\":"
    "\"refund\",\"request_no\":\"R\",\"status\":\"SUCCESS\",\"to\":\"http://127.0.0.1/\",\"state\":"
    "\"due\",\"fault\":\"ok\"}]}",
    /* It is our own file, and still nothing leaves this machine for what it says. */
    "{\"last_no\":1,\"notices\":[{\"no\":1,\"event_no\":\"N1\",\"provider\":\"sandbox\",\"kind\":"
    "\"refund\",\"request_no\":\"R\",\"status\":\"SUCCESS\",\"to\":\"http://example.com/\","
    "\"state\":\"due\",\"fault\":\"ok\"}]}",
    "{\"last_no\":1,\"notices\":[{\"no\":1,\"event_no\":\"N1\",\"provider\":\"nobody\",\"kind\":"
    "\"refund\",\"request_no\":\"R\",\"status\":\"SUCCESS\",\"to\":\"http://127.0.0.1/\",\"state\":"
    "\"due\",\"fault\":\"ok\"}]}",
  };
  g_autofree char *dir = g_dir_make_tmp ("till-notices-XXXXXX", NULL);
  g_autofree char *path = file_of (dir);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_test_message ("%s", texts[i]);
      g_assert_null (till_notice_queue_open (path, 1, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
    }
  remove_dir (dir);
}

/* Where nothing can be written, nothing is sent either. */
static void
test_disk_gone (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-notices-XXXXXX", NULL);
  g_autofree char *path = file_of (dir);
  g_autoptr (TillNoticeQueue) queue = till_notice_queue_open (path, 1, NULL);
  add (queue, "sandbox", "R1");
  remove_dir (dir);
  g_autoptr (GError) error = NULL;
  int64_t now = AT + TILL_SECOND, next = till_notice_queue_next (queue);
  g_assert_null (till_notice_queue_take (queue, now, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_BUSY);
  g_assert_cmpint (till_notice_queue_next (queue), ==, next);
  TillRecord record = record_of ("sandbox", "R2", "SUCCESS");
  int hold_ms;
  g_assert_false (till_notice_queue_add (queue, &record, HERE, &hold_ms, NULL));
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  const TillDueNotice *due = take (queue, now);
  g_assert_cmpint (due->tried, ==, 1);
  remove_dir (dir);
  g_assert_false (till_notice_queue_record (queue, due->no, TRUE, 200, now, NULL));
  /* The yes is lost: better once more than never. */
  g_assert_cmpint (till_notice_queue_next (queue), <, G_MAXINT64);
}

/* --- faults --- */

static void
set_fault (TillNoticeQueue *queue, const char *word, int value)
{
  TillNoticeFault fault;
  g_assert_true (till_notice_fault_from_word (word, &fault));
  g_assert_true (till_notice_queue_set_fault (queue, fault, 1, value, NULL));
}

static void
test_wrong_faults (void)
{
  g_autoptr (TillNoticeQueue) queue = till_notice_queue_open (NULL, 1, NULL);
  TillNoticeFault fault;
  g_assert_false (till_notice_fault_from_word ("sooner", &fault));
  g_assert_false (till_notice_fault_from_word (NULL, &fault));
  g_assert_false (till_notice_queue_set_fault (queue, TILL_NOTICE_TWICE, 0, 0, NULL));
  g_assert_false (
      till_notice_queue_set_fault (queue, TILL_NOTICE_TWICE, TILL_FAULTS_MAX + 1, 0, NULL));
  g_assert_false (till_notice_queue_set_fault (queue, TILL_NOTICE_LATE, 1, 0, NULL));
  g_assert_false (till_notice_queue_set_fault (queue, TILL_NOTICE_EARLY, 1, 0, NULL));
  g_assert_false (till_notice_queue_set_fault (queue, TILL_NOTICE_LATE, 1, -1, NULL));
  g_assert_false (till_notice_queue_set_fault (queue, TILL_NOTICE_LATE, 1, 600001, NULL));
}

static void
test_faults_of_time (void)
{
  g_autoptr (TillNoticeQueue) queue = till_notice_queue_open (NULL, 1, NULL);
  TillRecord record = record_of ("sandbox", "R1", "SUCCESS");
  int hold_ms;
  set_fault (queue, "late", 5000);
  set_fault (queue, "early", 700);
  set_fault (queue, "never", 0);
  set_fault (queue, "twice", 0);
  add (queue, "sandbox", "R1");
  g_assert_cmpint (till_notice_queue_next (queue), ==, AT + 5 * TILL_SECOND);
  answer (queue, take (queue, AT + 5 * TILL_SECOND)->no, TRUE, AT);

  g_assert_true (till_notice_queue_add (queue, &record, HERE, &hold_ms, NULL));
  g_assert_cmpint (hold_ms, ==, 700);
  g_assert_cmpint (till_notice_queue_next (queue), ==, AT);
  answer (queue, take (queue, AT)->no, TRUE, AT);

  add (queue, "sandbox", "R1");
  g_assert_cmpint (till_notice_queue_next (queue), ==, G_MAXINT64);

  add (queue, "sandbox", "R1");
  int64_t now = AT + TILL_SECOND;
  answer (queue, take (queue, now)->no, TRUE, now);
  answer (queue, take (queue, now)->no, TRUE, now);
  g_assert_null (take (queue, now + TILL_DAY));
  /* Used up. */
  add (queue, "sandbox", "R1");
  answer (queue, take (queue, now)->no, TRUE, now);
  g_assert_null (take (queue, now + TILL_DAY));
  set_fault (queue, "never", 0);
  till_notice_queue_clear_faults (queue);
  add (queue, "sandbox", "R1");
  g_assert_nonnull (take (queue, now));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notice-queue/broken-file", test_broken_file);
  g_test_add_func ("/notice-queue/wrong-faults", test_wrong_faults);
  g_test_add_func ("/notice-queue/near", test_near);
  g_test_add_func ("/notice-queue/address", test_address);
  g_test_add_func ("/notice-queue/news", test_news);
  g_test_add_func ("/notice-queue/ladders", test_ladders);
  g_test_add_func ("/notice-queue/yes-ends-it", test_yes_ends_it);
  g_test_add_func ("/notice-queue/full", test_full);
  g_test_add_func ("/notice-queue/restart", test_restart);
  g_test_add_func ("/notice-queue/disk-gone", test_disk_gone);
  g_test_add_func ("/notice-queue/faults-of-time", test_faults_of_time);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a real scheduler of our own. What a scheduler never does is done by a thread that speaks
 * bad IPP. */
#include "devices/print/picture.h"
#include "devices/print/printers.h"
#include "devices/print/trial.h"
#include "tests/print/scheduler.h"

#include <gio/gio.h>

/* What the queues do is said by their names; see scheduler.h. */
static const SchedulerQueue our_queues[] = {
  { .name = "ok" },
  { .name = "abort" },
  { .name = "paper" },
  { .name = "stopped", .state = "Stopped" },
  { .name = "held", .holds = TRUE },
  { .name = "closed", .refuses = TRUE },
  { .name = "proves", .proves = TRUE },
  { .name = "forges" },
  { .name = "other", .proves = TRUE },
  { .name = "less", .proves = TRUE },
  { .name = "breaks", .proves = TRUE },
  { .name = "hands", .proves = TRUE },
  { .name = "forgets", .proves = TRUE },
  { .name = "waits", .proves = TRUE },
};

static void
test_prints_our_bytes (void)
{
  /* Every byte there is, and more of them than one packet holds. */
  g_autofree guint8 *all = g_malloc (300000);
  for (gsize i = 0; i < 300000; i++)
    all[i] = (guint8)(i * 7 + i / 256);
  g_autoptr (GBytes) bytes = g_bytes_new (all, 300000);
  g_autoptr (TillPrinter) printer = printer_for ("ok");
  g_autoptr (GError) error = NULL;
  g_autofree char *job = till_printer_submit (printer, "slip-bytes", bytes, 0, &error);
  g_assert_no_error (error);
  g_autoptr (TillJobReport) told = wait_for (printer, job, "slip-bytes", TILL_JOB_COMPLETED, 0);
  g_autofree char *name = g_build_filename ("out", job, NULL);
  g_autofree char *path = in_dir (name);
  g_autofree char *got = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (path, &got, &size, NULL));
  g_assert_cmpmem (got, size, all, 300000);
}

static void
test_found_after_crash (void)
{
  guint before = printed ();
  g_autofree char *job = NULL;
  {
    g_autoptr (TillPrinter) printer = printer_for ("ok");
    job = submit (printer, "slip-crash", NULL);
    g_assert_nonnull (job);
  } /* here the till died, and what the number was is forgotten */
  g_autoptr (TillPrinter) printer = printer_for ("ok");
  g_autofree char *found = till_printer_find (printer, "slip-crash", NULL);
  g_autofree char *again = submit (printer, "slip-crash", NULL);
  g_assert_cmpstr (found, ==, job);
  g_assert_cmpstr (again, ==, job);
  g_autoptr (TillJobReport) told = wait_for (printer, job, "slip-crash", TILL_JOB_COMPLETED, 0);
  g_autofree char *later = submit (printer, "slip-crash", NULL);
  g_assert_cmpstr (later, ==, job);
  g_assert_cmpuint (printed (), ==, before + 1);
  g_autoptr (GError) error = NULL;
  g_assert_null (till_printer_find (printer, "slip-never", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

static void
test_aborted (void)
{
  g_autoptr (TillPrinter) printer = printer_for ("abort");
  g_autofree char *job = submit (printer, "slip-abort", NULL);
  g_autoptr (TillJobReport) told = wait_for (printer, job, "slip-abort", TILL_JOB_ABORTED, 0);
  for (const char *p = told->words; *p; p++)
    g_assert_true ((guchar)*p >= 0x20);
  g_assert_nonnull (strstr (told->words, "cut"));
}

static void
test_out_of_paper (void)
{
  guint before = printed ();
  g_autoptr (TillPrinter) printer = printer_for ("paper");
  g_autofree char *job = submit (printer, "slip-paper", NULL);
  g_autoptr (TillJobReport) told = wait_for (printer, job, "slip-paper", TILL_JOB_PROCESSING,
                                             TILL_PRINTER_PAPER_OUT | TILL_PRINTER_COVER_OPEN);
  g_assert_cmpuint (printed (), ==, before);
  /* The scheduler is restarted meanwhile: the job is still there and is not printed twice. */
  stop_scheduler ();
  g_autoptr (GError) down = NULL;
  g_assert_null (till_printer_report (printer, job, "slip-paper", &down));
  g_assert_error (down, TILL_ERROR, TILL_ERROR_OFFLINE);
  g_autoptr (GError) still_down = NULL;
  g_assert_null (submit (printer, "slip-down", &still_down));
  g_assert_error (still_down, TILL_ERROR, TILL_ERROR_OFFLINE);
  start_scheduler ();
  g_autofree char *found = submit (printer, "slip-paper", NULL);
  g_assert_cmpstr (found, ==, job);
  write_file ("paper", "", 0644);
  g_autoptr (TillJobReport) done = wait_for (printer, job, "slip-paper", TILL_JOB_COMPLETED, 0);
  g_assert_cmpuint (printed (), ==, before + 1);
}

/* What it got would come out whenever somebody starts it again. */
static void
test_stopped_queue_gets_nothing (void)
{
  g_autoptr (TillPrinter) printer = printer_for ("stopped");
  g_autoptr (GError) error = NULL;
  g_assert_null (submit (printer, "slip-stopped", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, "stopped");
}

/* A person has had a look at the job and said "not now". */
static void
test_held (void)
{
  g_autoptr (TillPrinter) printer = printer_for ("held");
  g_autofree char *job = submit (printer, "slip-held", NULL);
  g_autoptr (TillJobReport) told
      = wait_for (printer, job, "slip-held", TILL_JOB_HELD, TILL_PRINTER_STOPPED);
  g_assert_false (till_job_is_over (told->state));
}

/* What became of a job that is withdrawn; the scheduler needs a moment to stop a filter. */
static TillJobReport *
withdraw (TillPrinter *printer, const char *job, const char *title)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  gboolean asked;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_printer_withdraw (printer, job, title, &asked, &error));
  g_assert_no_error (error);
  g_assert_true (asked);
  for (;;)
    {
      g_autoptr (TillJobReport) told = till_printer_report (printer, job, title, &error);
      g_assert_no_error (error);
      if (till_job_is_over (told->state))
        return g_steal_pointer (&told);
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (BREATH);
    }
}

/* What waits in a queue never reaches the printer; of what was being printed nobody knows
 * how much is on paper; what is printed stays printed; and another's job is left alone. */
static void
test_withdrawn (void)
{
  g_autofree char *paper = in_dir ("paper");
  g_unlink (paper);
  g_autoptr (TillPrinter) held = printer_for ("held");
  g_autoptr (TillPrinter) empty = printer_for ("paper");
  g_autoptr (TillPrinter) good = printer_for ("ok");
  g_autofree char *waiting = submit (held, "slip-waits", NULL);
  gboolean asked;
  g_autoptr (GError) stranger = NULL;
  g_assert_false (till_printer_withdraw (held, waiting, "slip-other", &asked, &stranger));
  g_assert_error (stranger, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autoptr (TillJobReport) never = withdraw (held, waiting, "slip-waits");
  g_assert_cmpint (never->state, ==, TILL_JOB_CANCELED);
  g_assert_true (never->untouched);
  g_autofree char *printing = submit (empty, "slip-begun", NULL);
  g_autoptr (TillJobReport) begun
      = wait_for (empty, printing, "slip-begun", TILL_JOB_PROCESSING, TILL_PRINTER_PAPER_OUT);
  g_assert_false (begun->untouched);
  g_autoptr (TillJobReport) half = withdraw (empty, printing, "slip-begun");
  g_assert_cmpint (half->state, ==, TILL_JOB_CANCELED);
  g_assert_false (half->untouched);
  g_autofree char *done = submit (good, "slip-done", NULL);
  g_autoptr (TillJobReport) over = wait_for (good, done, "slip-done", TILL_JOB_COMPLETED, 0);
  g_autoptr (TillJobReport) still = withdraw (good, done, "slip-done");
  g_assert_cmpint (still->state, ==, TILL_JOB_COMPLETED);
}

static void
test_refused (void)
{
  g_autoptr (TillPrinter) missing = printer_for ("missing"), closed = printer_for ("closed");
  g_autoptr (TillPrinter) good = printer_for ("ok");
  g_autoptr (GError) no_queue = NULL, no_entry = NULL, no_job = NULL, other_title = NULL;
  g_assert_null (submit (missing, "slip-missing", &no_queue));
  g_assert_error (no_queue, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_assert_null (submit (closed, "slip-closed", &no_entry));
  g_assert_error (no_entry, TILL_ERROR, TILL_ERROR_BUSY);
  g_assert_null (till_printer_report (good, "99999", "slip-x", &no_job));
  g_assert_error (no_job, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autofree char *job = submit (good, "slip-good", NULL);
  g_assert_null (till_printer_report (good, job, "slip-other", &other_title));
  g_assert_error (other_title, TILL_ERROR, TILL_ERROR_NOT_FOUND);
}

static void
test_list (void)
{
  TillCupsSettings settings = settings_for (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) queues = till_cups_list (&settings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (queues->len, ==, G_N_ELEMENTS (our_queues));
  guint troubles = 0;
  for (guint i = 0; i < queues->len; i++)
    {
      const TillQueue *queue = g_ptr_array_index (queues, i);
      g_autofree char *words = g_strdup_printf ("Queue %s", queue->name);
      g_assert_cmpstr (queue->words, ==, words);
      if (strcmp (queue->name, "stopped") == 0)
        g_assert_cmpuint (queue->trouble & TILL_PRINTER_STOPPED, !=, 0);
      troubles |= queue->trouble;
    }
  g_assert_cmpuint (troubles & TILL_PRINTER_REFUSES, !=, 0);
}

/* Jobs of more than one page are all looked through. */
/* The queues there are, which one is taken, and a test slip on each: handed over, never proven;
 * taken back where the paper is out. */
static void
test_tried (void)
{
  Shop books;
  shop_open (&books, NULL, 1);
  g_autoptr (TillShop) shop = till_selling_shop (books.ledger, NULL);
  g_free (shop->paper_server);
  g_free (shop->paper_queue);
  shop->paper_server = g_strdup (server);
  shop->paper_queue = g_strdup ("ok");
  g_autofree char *problem = NULL;
  g_autoptr (GPtrArray) found = till_printers_find (shop, &problem);
  guint chosen = 0, queues = 0;
  for (guint i = 0; i < found->len; i++)
    {
      const TillPrinterFound *one = g_ptr_array_index (found, i);
      queues += !one->on_usb;
      chosen += one->chosen;
      g_assert_cmpint (one->chosen, ==, g_str_equal (one->name, "ok"));
      for (gsize k = 0; k < G_N_ELEMENTS (our_queues) && !one->on_usb; k++)
        if (g_str_equal (one->name, our_queues[k].name))
          g_assert_cmpint (one->can_tell, ==, our_queues[k].proves);
    }
  g_assert_cmpuint (queues, ==, G_N_ELEMENTS (our_queues));
  g_assert_cmpuint (chosen, ==, 1);

  guint before = printed ();
  g_autofree char *roll = in_dir ("roll");
  g_autoptr (GError) error = NULL;
  g_autoptr (TillJobReport) good
      = till_trial_print (shop, roll, g_get_real_time (), PATIENCE / G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  g_assert_cmpint (good->state, ==, TILL_JOB_COMPLETED);
  g_assert_false (good->proven);
  g_assert_cmpuint (printed (), ==, before + 1);
  g_autofree char *paper = in_dir ("paper");
  g_unlink (paper);
  g_free (shop->paper_queue);
  shop->paper_queue = g_strdup ("paper");
  g_autoptr (TillJobReport) empty = till_trial_print (shop, roll, g_get_real_time (), 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (empty->state, !=, TILL_JOB_COMPLETED);
  g_assert_true ((empty->trouble & TILL_PRINTER_PAPER_OUT) != 0);
  g_assert_cmpuint (printed (), ==, before + 1);
  shop_close (&books);
}

static void
test_finds_among_many (void)
{
  g_autoptr (TillPrinter) printer = printer_for ("held");
  g_autofree char *last = NULL;
  for (int i = 0; i < 230; i++)
    {
      g_autofree char *title = g_strdup_printf ("many-%d", i);
      g_autoptr (GBytes) bytes = g_bytes_new ("x", 1);
      g_free (last);
      /* Straight to the way: looking first is what is measured by the last. */
      last = printer->way->submit (printer->self, title, bytes, 0, NULL);
      g_assert_nonnull (last);
    }
  g_autoptr (GError) error = NULL;
  g_autofree char *found = till_printer_find (printer, "many-229", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, last);
}

/* The environment names another server; nobody listens to it. */
static void
test_environment_chooses_nothing (void)
{
  g_setenv ("CUPS_SERVER", "127.0.0.1:1", TRUE);
  g_setenv ("CUPS_USER", "somebody", TRUE);
  TillCupsSettings settings = settings_for ("ok");
  guint trouble;
  g_assert_true (till_cups_look (&settings, &trouble, NULL, NULL));
  g_assert_cmpuint (trouble, ==, 0);
  g_unsetenv ("CUPS_SERVER");
  g_unsetenv ("CUPS_USER");
}

/* One answer, given to whoever comes, in pieces of `piece` bytes. */
typedef struct
{
  const char *name;
  const char *head;
  gsize size;
  const char *tail; /* sent without end when not NULL */
  int close_at_once;
} BadServer;

#define IPP_OK "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nConnection: close\r\n\r\n"
#define IPP_HEAD                                                                                   \
  "\x02\x00\x00\x00\x00\x00\x00\x01\x01"                                                           \
  "\x47\x00\x12"                                                                                   \
  "attributes-charset"                                                                             \
  "\x00\x05"                                                                                       \
  "utf-8"                                                                                          \
  "\x48\x00\x1b"                                                                                   \
  "attributes-natural-language"                                                                    \
  "\x00\x02"                                                                                       \
  "en"

#define BAD(name, text, tail, close)                                                               \
  {                                                                                                \
    name, text, sizeof (text) - 1, tail, close                                                     \
  }

static const BadServer bad_servers[] = {
  BAD ("silent", "", NULL, 0),
  BAD ("closes", "", NULL, 1),
  BAD ("no http", "220 welcome to the wrong door\r\n", NULL, 1),
  BAD ("password",
       "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: "
       "0\r\n\r\n",
       NULL, 0),
  BAD ("not ipp", IPP_OK "<html>portal</html>", NULL, 1),
  BAD ("half",
       IPP_OK "\x02\x00\x00\x00\x00\x00\x00\x01\x01\x47\x00\x12"
              "attri",
       NULL, 1),
  BAD ("endless head", "HTTP/1.1 200 OK\r\n", "X-Y: 0123456789012345678901234567890123456789\r\n",
       0),
  BAD ("endless attributes", IPP_OK IPP_HEAD "\x02",
       "\x44\x00\x01"
       "a"
       "\x00\x10"
       "0123456789abcdef",
       0),
  BAD ("huge length",
       IPP_OK IPP_HEAD "\x02\x44\xff\xff"
                       "a",
       NULL, 0),
  BAD ("no number",
       "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 72\r\n\r\n" IPP_HEAD
       "\x03",
       NULL, 1),
  BAD ("wrong type",
       IPP_OK IPP_HEAD "\x02\x44\x00\x06"
                       "job-id"
                       "\x00\x03"
                       "abc\x03",
       NULL, 1),
};

typedef struct
{
  GSocketListener *listener;
  const BadServer *bad;
  GCancellable *stop;
} Stage;

/* Reads one whole request, headers and body; FALSE when the other side leaves first. */
static gboolean
read_request (GInputStream *in, GOutputStream *out, GCancellable *stop)
{
  g_autoptr (GByteArray) got = g_byte_array_new ();
  gboolean went_on = FALSE;
  for (;;)
    {
      guint8 taken[4096];
      gssize n = g_input_stream_read (in, taken, sizeof taken, stop, NULL);
      if (n <= 0)
        return FALSE;
      g_byte_array_append (got, taken, (guint)n);
      const char *text = (const char *)got->data;
      const char *body = g_strstr_len (text, got->len, "\r\n\r\n");
      const char *length = g_strstr_len (text, got->len, "Content-Length: ");
      if (body && !went_on)
        went_on = g_output_stream_write_all (out, "HTTP/1.1 100 Continue\r\n\r\n", 25, NULL, stop,
                                             NULL);
      if (body && length
          && (guint64)(got->data + got->len - (const guint8 *)body - 4)
                 >= g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10))
        return TRUE;
    }
}

static gpointer
serve_badly (gpointer data)
{
  Stage *stage = data;
  for (;;)
    {
      g_autoptr (GSocketConnection) peer
          = g_socket_listener_accept (stage->listener, NULL, stage->stop, NULL);
      if (!peer)
        return NULL;
      GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (peer));
      GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (peer));
      char taken[8192];
      if (!read_request (in, out, stage->stop))
        continue;
      gboolean good = g_output_stream_write_all (out, stage->bad->head, stage->bad->size, NULL,
                                                 stage->stop, NULL);
      while (good && stage->bad->tail)
        good = g_output_stream_write_all (out, stage->bad->tail, strlen (stage->bad->tail), NULL,
                                          stage->stop, NULL);
      /* An end that can be read, not a reset that throws away what was said before it. */
      if (stage->bad->close_at_once)
        g_socket_shutdown (g_socket_connection_get_socket (peer), FALSE, TRUE, NULL);
      while (g_input_stream_read (in, taken, sizeof taken, stage->stop, NULL) > 0)
        ;
    }
}

static void
test_bad_server (gconstpointer data)
{
  Stage stage = { g_socket_listener_new (), data, g_cancellable_new () };
  int port = g_socket_listener_add_any_inet_port (stage.listener, NULL, NULL);
  GThread *thread = g_thread_new ("bad server", serve_badly, &stage);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%d", port);
  TillCupsSettings settings = { address, (char *)"ok", (char *)"till", 1500 };
  g_autoptr (TillPrinter) printer = till_cups_new (&settings, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();
  g_assert_null (printer->way->submit (printer->self, "slip-bad", bytes, 0, &error));
  g_assert_true (error->domain == TILL_ERROR);
  g_test_message ("%s", error->message);
  g_assert_cmpint (error->code, ==,
                   strcmp (stage.bad->name, "password") == 0 ? TILL_ERROR_INVALID
                                                             : TILL_ERROR_OFFLINE);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
  g_cancellable_cancel (stage.stop);
  g_thread_join (thread);
  g_object_unref (stage.stop);
  g_object_unref (stage.listener);
}

static void
test_settings (void)
{
  static const TillCupsSettings wrong[] = {
    { NULL, (char *)"q", (char *)"u", 1000 },
    { (char *)"", (char *)"q", (char *)"u", 1000 },
    { (char *)"host:", (char *)"q", (char *)"u", 1000 },
    { (char *)"host:99999", (char *)"q", (char *)"u", 1000 },
    { (char *)"host", NULL, (char *)"u", 1000 },
    { (char *)"host", (char *)"a/b", (char *)"u", 1000 },
    { (char *)"host", (char *)"a b", (char *)"u", 1000 },
    { (char *)"host", (char *)"q", (char *)"", 1000 },
    { (char *)"host", (char *)"q", NULL, 1000 },
    { (char *)"host", (char *)"q", (char *)"u", 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (till_cups_new (&wrong[i], &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

static void
test_reasons (void)
{
  static const struct
  {
    const char *reason;
    guint trouble;
  } rows[] = {
    { "none", 0 },
    { "media-empty-error", TILL_PRINTER_PAPER_OUT },
    { "media-empty", TILL_PRINTER_PAPER_OUT },
    { "media-low-warning", TILL_PRINTER_PAPER_LOW },
    { "cover-open", TILL_PRINTER_COVER_OPEN },
    { "offline-report", TILL_PRINTER_OFFLINE },
    { "connecting-to-device", TILL_PRINTER_OFFLINE },
    { "cups-waiting-for-job-completed", 0 },
    { "com.example-odd-error", TILL_PRINTER_OTHER },
    { "marker-supply-low-report", 0 },
    { "", TILL_PRINTER_OTHER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpuint (till_cups_trouble_of (rows[i].reason), ==, rows[i].trouble);
}

/* --- the whole way: a sale in the books, the spooler, the queue, the backend --- */

static void
test_spooled (void)
{
  Counter counter;
  counter_open (&counter, "ok");
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_DELIVERED, NULL);
  g_autoptr (TillDoc) doc = till_printing_doc (counter.shop.ledger, job, NULL);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, till_picture_row, NULL);
  g_autofree char *name = g_build_filename ("out", job->way_ref, NULL);
  g_autofree char *path = in_dir (name);
  g_autofree char *got = NULL;
  gsize size, expected;
  gconstpointer data = g_bytes_get_data (bytes, &expected);
  g_assert_true (g_file_get_contents (path, &got, &size, NULL));
  g_assert_cmpmem (got, size, data, expected);
  counter_close (&counter);
}

static void
test_spooled_without_paper (void)
{
  Counter counter;
  g_autofree char *paper = in_dir ("paper");
  g_unlink (paper);
  counter_open (&counter, "paper");
  g_autoptr (TillPrintJob) waiting = work_until (&counter, WAITS, "paper-out");
  g_autoptr (GPtrArray) unprinted = till_printing_unprinted (counter.shop.ledger, 10, NULL);
  g_assert_cmpuint (unprinted->len, ==, 1);
  g_assert_true (g_file_set_contents (paper, "", 0, NULL));
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_DELIVERED, NULL);
  counter_close (&counter);
}

static void
test_spooled_into_trouble (void)
{
  static const struct
  {
    const char *queue;
    TillPrintState state;
  } rows[] = {
    { "abort", TILL_PRINT_UNKNOWN },
    { "stopped", TILL_PRINT_SENDING },
    { "closed", TILL_PRINT_SENDING },
    { "nowhere", TILL_PRINT_SENDING },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Counter counter;
      counter_open (&counter, rows[i].queue);
      g_autoptr (TillPrintJob) job = work_until (&counter, rows[i].state, NULL);
      g_autoptr (TillPrintJob) later = work_until (&counter, rows[i].state, NULL);
      if (rows[i].state == TILL_PRINT_SENDING)
        g_assert_cmpstr (later->problem, !=, "");
      counter_close (&counter);
    }
}

/* What a backend's last word is worth: proof only where it is ours, and speaks of this job and of
 * all its bytes. */
static void
test_last_words (void)
{
  static const struct
  {
    const char *queue;
    TillPrintState state;
    const char *problem;
  } rows[] = {
    { "proves", TILL_PRINT_PRINTED, "" },      { "forges", TILL_PRINT_DELIVERED, "" },
    { "other", TILL_PRINT_DELIVERED, "" },     { "less", TILL_PRINT_DELIVERED, "" },
    { "breaks", TILL_PRINT_UNKNOWN, "" },      { "hands", TILL_PRINT_DELIVERED, "" },
    { "forgets", TILL_PRINT_UNKNOWN, "look" }, { "waits", TILL_PRINT_FAILED, "did not come back" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Counter counter;
      counter_open (&counter, rows[i].queue);
      g_test_message ("%s", rows[i].queue);
      g_autoptr (TillPrintJob) job = work_until (&counter, rows[i].state, rows[i].problem);
      counter_close (&counter);
    }
}

static void
add_scheduler_tests (void)
{
  static const struct
  {
    const char *path;
    void (*test) (void);
  } tests[] = {
    { "/cups/prints-our-bytes", test_prints_our_bytes },
    { "/cups/found-after-crash", test_found_after_crash },
    { "/cups/aborted", test_aborted },
    { "/cups/out-of-paper", test_out_of_paper },
    { "/cups/stopped-queue-gets-nothing", test_stopped_queue_gets_nothing },
    { "/cups/held", test_held },
    { "/cups/withdrawn", test_withdrawn },
    { "/cups/refused", test_refused },
    { "/cups/list", test_list },
    { "/cups/tried", test_tried },
    { "/cups/finds-among-many", test_finds_among_many },
    { "/cups/environment-chooses-nothing", test_environment_chooses_nothing },
    { "/cups/spooled", test_spooled },
    { "/cups/spooled-without-paper", test_spooled_without_paper },
    { "/cups/spooled-into-trouble", test_spooled_into_trouble },
    { "/cups/last-words", test_last_words },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].test);
}

static void
test_no_scheduler (void)
{
  g_test_skip ("cupsd is not installed (package cups-daemon)");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (find_scheduler ())
    {
      write_scheduler (our_queues, G_N_ELEMENTS (our_queues));
      start_scheduler ();
      add_scheduler_tests ();
    }
  else
    g_test_add_func ("/cups/scheduler", test_no_scheduler);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_servers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cups/bad-server/%s", bad_servers[i].name);
      g_test_add_data_func (path, &bad_servers[i], test_bad_server);
    }
  g_test_add_func ("/cups/settings", test_settings);
  g_test_add_func ("/cups/reasons", test_reasons);
  int result = g_test_run ();
  end_scheduler ();
  return result;
}

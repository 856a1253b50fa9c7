/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a real scheduler of our own: cupsd with its configuration, spool and one backend in a
 * folder that is thrown away. The backend writes what it is given into out/ and behaves as the
 * queue is named. What a scheduler never does is done by a thread that speaks bad IPP. */
#include "data/core/error.h"
#include "data/ledger/print-store.h"
#include "devices/print/picture.h"
#include "devices/print/cups.h"
#include "devices/print/printers.h"
#include "devices/print/trial.h"
#include "devices/print/spooler.h"
#include "tests/data/shop-fixture.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (15 * G_USEC_PER_SEC)
#define BREATH 10000 /* µs between two looks at another process */

static char *cupsd;
static char *dir;
static char *server;
static GPid scheduler;

static const char backend[]
    = "#!/bin/sh\n"
      "[ $# -eq 0 ] && { echo 'direct sink \"Unknown\" \"Sink\"'; exit 0; }\n"
      "[ -n \"$6\" ] && exec < \"$6\"\n"
      "case $DEVICE_URI in\n"
      "  */abort) printf 'ERROR: cut \\033[31m off\\n' >&2; exit 1 ;;\n"
      "  */paper) echo 'STATE: +media-empty-error,cover-open-error' >&2\n"
      "    while [ ! -e DIR/paper ]; do sleep 0.05; done\n"
      "    echo 'STATE: -media-empty-error,cover-open-error' >&2 ;;\n"
      "esac\n"
      "cat > DIR/out/.new-$1 && mv DIR/out/.new-$1 DIR/out/$1\n";

static char *
in_dir (const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static void
write_file (const char *name, const char *text, int mode)
{
  g_autofree char *path = in_dir (name);
  g_auto (GStrv) parts = g_strsplit (text, "DIR", -1);
  g_autofree char *placed = g_strjoinv (dir, parts);
  g_assert_true (g_file_set_contents (path, placed, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
make_dir (const char *name, int mode)
{
  g_autofree char *path = in_dir (name);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
write_queues (void)
{
  static const struct
  {
    const char *name, *state;
    gboolean accepting;
  } queues[] = {
    { "ok", "Idle", TRUE },         { "abort", "Idle", TRUE },   { "paper", "Idle", TRUE },
    { "stopped", "Stopped", TRUE }, { "closed", "Idle", FALSE },
  };
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (queues); i++)
    g_string_append_printf (text,
                            "<Printer %s>\nInfo Queue %s\nDeviceURI sink:/%s\nState %s\n"
                            "Accepting %s\nShared No\nJobSheets none none\nErrorPolicy abort-job\n"
                            "</Printer>\n",
                            queues[i].name, queues[i].name, queues[i].name, queues[i].state,
                            queues[i].accepting ? "Yes" : "No");
  write_file ("etc/printers.conf", text->str, 0644);
  g_string_free (text, TRUE);
}

static void
write_scheduler (void)
{
  static const char *const folders[]
      = { "etc", "run",         "cache",      "spool",        "spool/tmp", "out",
          "bin", "bin/backend", "bin/filter", "bin/notifier", "log" };
  dir = g_dir_make_tmp ("till-cups-XXXXXX", NULL);
  g_assert_cmpint (g_chmod (dir, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    make_dir (folders[i], strcmp (folders[i], "out") == 0 ? 0777 : 0755);
  server = in_dir ("run/cups.sock");
  /* Holds cups-exec, through which every backend is started. */
  g_autofree char *daemons = in_dir ("bin/daemon");
  g_assert_cmpint (symlink ("/usr/lib/cups/daemon", daemons), ==, 0);
  /* cupsd refuses to run its children as root. */
  const char *user = geteuid () == 0 ? "lp" : g_get_user_name ();
  g_autofree char *files = g_strdup_printf (
      "ServerRoot DIR/etc\nStateDir DIR/run\nCacheDir DIR/cache\nRequestRoot DIR/spool\n"
      "TempDir DIR/spool/tmp\nServerBin DIR/bin\nErrorLog DIR/log/error\nAccessLog DIR/log/access\n"
      "PageLog DIR/log/page\nPrintcap /dev/null\nUser %s\nGroup %s\nSystemGroup root\n",
      user, geteuid () == 0 ? "lp" : "nogroup");
  write_file ("etc/cups-files.conf", files, 0644);
  write_file (
      "etc/cupsd.conf",
      "LogLevel info\nMaxLogSize 0\nListen DIR/run/cups.sock\nWebInterface No\nBrowsing Off\n"
      "PreserveJobHistory Yes\nPreserveJobFiles No\nJobRetryInterval 1\n"
      "<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
      "<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n",
      0644);
  write_file ("bin/backend/sink", backend, 0755);
  write_queues ();
}

static TillCupsSettings
settings_for (const char *queue)
{
  TillCupsSettings settings = { server, (char *)queue, (char *)"till", 20000 };
  return settings;
}

/* A test that dies takes its scheduler along. */
static void
die_with_us (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
start_scheduler (void)
{
  g_autofree char *conf = in_dir ("etc/cupsd.conf"), *files = in_dir ("etc/cups-files.conf");
  char *argv[] = { cupsd, (char *)"-f", (char *)"-c", conf, (char *)"-s", files, NULL };
  g_autoptr (GError) error = NULL;
  g_assert_true (g_spawn_async (NULL, argv, NULL,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, die_with_us,
                                NULL, &scheduler, &error));
  TillCupsSettings settings = settings_for ("ok");
  gint64 until = g_get_monotonic_time () + PATIENCE;
  while (g_get_monotonic_time () < until)
    {
      guint trouble;
      if (till_cups_look (&settings, &trouble, NULL, NULL))
        return;
      g_usleep (BREATH);
    }
  g_error ("cupsd did not start; see %s/log/error", dir);
}

static void
stop_scheduler (void)
{
  if (scheduler == 0)
    return;
  kill (scheduler, SIGTERM);
  waitpid (scheduler, NULL, 0);
  scheduler = 0;
}

static TillPrinter *
printer_for (const char *queue)
{
  TillCupsSettings settings = settings_for (queue);
  g_autoptr (GError) error = NULL;
  TillPrinter *printer = till_cups_new (&settings, &error);
  g_assert_no_error (error);
  return printer;
}

static char *
submit (TillPrinter *printer, const char *title, GError **error)
{
  g_autofree char *text = g_strdup_printf ("\x1b@%s\n", title);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return till_printer_submit (printer, title, bytes, 0, error);
}

/* Waits until the job has the state and, if given, the trouble. */
static TillJobReport *
wait_for (TillPrinter *printer, const char *job, const char *title, TillJobState state,
          guint trouble)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  while (g_get_monotonic_time () < until)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TillJobReport) told = till_printer_report (printer, job, title, &error);
      g_assert_no_error (error);
      if (told->state == state && (told->trouble & trouble) == trouble)
        return g_steal_pointer (&told);
      g_usleep (BREATH);
    }
  g_error ("job %s is not %s; see %s/log/error", job, till_job_state_word (state), dir);
}

static guint
printed (void)
{
  g_autofree char *out = in_dir ("out");
  g_autoptr (GDir) folder = g_dir_open (out, 0, NULL);
  guint n = 0;
  for (const char *name; (name = g_dir_read_name (folder));)
    n += name[0] != '.';
  return n;
}

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

static void
test_stopped_queue_keeps_the_job (void)
{
  g_autoptr (TillPrinter) printer = printer_for ("stopped");
  g_autofree char *job = submit (printer, "slip-stopped", NULL);
  g_autoptr (TillJobReport) told
      = wait_for (printer, job, "slip-stopped", TILL_JOB_PENDING, TILL_PRINTER_STOPPED);
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

/* What waits in a stopped queue never reaches the printer; of what was being printed nobody knows
 * how much is on paper; what is printed stays printed; and another's job is left alone. */
static void
test_withdrawn (void)
{
  g_autofree char *paper = in_dir ("paper");
  g_unlink (paper);
  g_autoptr (TillPrinter) stopped = printer_for ("stopped");
  g_autoptr (TillPrinter) empty = printer_for ("paper");
  g_autoptr (TillPrinter) good = printer_for ("ok");
  g_autofree char *waiting = submit (stopped, "slip-waits", NULL);
  gboolean asked;
  g_autoptr (GError) stranger = NULL;
  g_assert_false (till_printer_withdraw (stopped, waiting, "slip-other", &asked, &stranger));
  g_assert_error (stranger, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autoptr (TillJobReport) never = withdraw (stopped, waiting, "slip-waits");
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
  g_assert_cmpuint (queues->len, ==, 5);
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
      g_assert_false (!one->on_usb && one->can_tell);
    }
  g_assert_cmpuint (queues, ==, 5);
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
  g_autoptr (TillPrinter) printer = printer_for ("stopped");
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

typedef struct
{
  Shop shop;
  TillSpooler *spooler; /* owned */
} Counter;

/* Behind the kick of the drawer. */
#define SLIP 2

static void
counter_open (Counter *counter, const char *queue)
{
  shop_open (&counter->shop, NULL, 1);
  g_autoptr (TillBasket) basket = shop_basket (&counter->shop);
  shop_scan (&counter->shop, basket, "6901234567892", 2000);
  g_autoptr (TillSale) sale = shop_pay (&counter->shop, basket, NULL);
  g_autoptr (TillShop) settings = till_selling_shop (counter->shop.ledger, NULL);
  counter->spooler = till_spooler_new (counter->shop.ledger, printer_for (queue), settings);
}

/* Whatever becomes of the paper, the money is where it was. */
static void
counter_close (Counter *counter)
{
  g_assert_cmpint (shop_balance (&counter->shop, "drawer"), ==, 700);
  till_spooler_free (counter->spooler);
  shop_close (&counter->shop);
}

/* Works until the only job is in the state, with the problem if one is given. */
static TillPrintJob *
work_until (Counter *counter, TillPrintState state, const char *problem)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  while (g_get_monotonic_time () < until)
    {
      gboolean did;
      int64_t next_at;
      g_autoptr (GError) error = NULL;
      g_autoptr (TillPrintJob) job = NULL;
      g_assert_true (till_spooler_step (counter->spooler, &did, &next_at, &error));
      g_assert_no_error (error);
      g_assert_true (till_print_store_load (counter->shop.ledger, SLIP, &job, NULL));
      if (job->state == state && (!problem || strstr (job->problem, problem)))
        return g_steal_pointer (&job);
      if (!did && next_at)
        till_clock_advance (counter->shop.clock,
                            MAX (0, next_at - till_clock_now (counter->shop.clock)));
      g_usleep (BREATH);
    }
  g_autoptr (TillPrintJob) now = NULL;
  g_assert_true (till_print_store_load (counter->shop.ledger, SLIP, &now, NULL));
  g_error ("the slip is %s (%s), not %s; see %s/log/error", till_print_state_word (now->state),
           now->problem, till_print_state_word (state), dir);
}

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
  g_autoptr (TillPrintJob) waiting = work_until (&counter, TILL_PRINT_HANDED, "paper-out");
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
    { "stopped", TILL_PRINT_HANDED },
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
    { "/cups/stopped-queue-keeps-the-job", test_stopped_queue_keeps_the_job },
    { "/cups/withdrawn", test_withdrawn },
    { "/cups/refused", test_refused },
    { "/cups/list", test_list },
    { "/cups/tried", test_tried },
    { "/cups/finds-among-many", test_finds_among_many },
    { "/cups/environment-chooses-nothing", test_environment_chooses_nothing },
    { "/cups/spooled", test_spooled },
    { "/cups/spooled-without-paper", test_spooled_without_paper },
    { "/cups/spooled-into-trouble", test_spooled_into_trouble },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].test);
}

static void
test_no_scheduler (void)
{
  g_test_skip ("cupsd is not installed (package cups-daemon)");
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder
      = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;
  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_all (child);
    }
  g_remove (path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cupsd = g_file_test ("/usr/sbin/cupsd", G_FILE_TEST_IS_EXECUTABLE)
              ? g_strdup ("/usr/sbin/cupsd")
              : g_find_program_in_path ("cupsd");
  if (cupsd)
    {
      write_scheduler ();
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
  stop_scheduler ();
  if (dir && !g_getenv ("TILL_KEEP"))
    remove_all (dir);
  g_free (dir);
  g_free (server);
  g_free (cupsd);
  return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sixteen ways in which a print server fails a till, each with a scheduler and a queue of its
 * own: a sale is paid, its slip meets the fault, then the fault is mended. Counted is what reached
 * the printer. In every row the money is where it was, the job says in the books how far it got,
 * the screen has words for it, and a second printing is marked as a copy.
 *
 * The scheduler is a real one in all of them. An answer that it never gives (C13: attributes that
 * are missing, huge or of the wrong type) stands in test-cups, bad-server; here C13 is what a
 * driver says through it. */
#include "tests/print/scheduler.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

static const SchedulerQueue our_queues[] = {
  { "c01", "ok" },
  { "c02", "ok" },
  { "c03", "ok", .state = "Stopped" },
  { "c04", "held", .holds = TRUE },
  { "c05", "paper" },
  { "c06", "cover" },
  { "c07", "ok", .holds = TRUE },
  { "c08", "abort" },
  { "c09", "lies" },
  { "c10", "ok" },
  { "c11", "ok" },
  { "c12", "ok", .policy = "locked" },
  { "c13", "garbage" },
  { "c14", "ok" },
  { "c15", "slow" },
  { "c16t", "paper" },
  { "c16s", "paper" },
  { "elsewhere", "ok" },
};

/* One of the scheduler's own tools, for what people do to it. */
static void
tool (const char *name, const char *first, const char *second, const char *third)
{
  g_autofree char *path = g_find_program_in_path (name);
  const char *argv[] = { path ? path : name, "-h", server, first, second, third, NULL };
  int status;
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                               NULL, &said, &status, &error));
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s: %s", name, said);
}

static void
touch (const char *name)
{
  write_file (name, "", 0644);
}

/* How often the printer behind the queue was given this job of the books. */
static guint
printed_of (const char *queue, int64_t slip)
{
  g_autofree char *seen = in_dir ("seen");
  g_autofree char *head = g_strdup_printf ("%s.till-s01t01-%" G_GINT64_FORMAT "-", queue, slip);
  g_autoptr (GDir) folder = g_dir_open (seen, 0, NULL);
  guint n = 0;
  for (const char *name; (name = g_dir_read_name (folder));)
    n += g_str_has_prefix (name, head);
  return n;
}

static void
put_settings (Counter *counter, const char *queue, int timeout_ms)
{
  TillCupsSettings settings = settings_for (queue);
  settings.timeout_ms = timeout_ms;
  g_autoptr (TillShop) shop = till_selling_shop (counter->shop.ledger, NULL);
  till_spooler_free (counter->spooler);
  counter->spooler = till_spooler_new (counter->shop.ledger, till_cups_new (&settings, NULL), shop);
}

/* A till that has promised the slip in the books, and dies when the way has had it in hand. */
static void
die_while_handing (Counter *counter, const char *queue, const char *at, GError **error)
{
  g_autoptr (TillPrintJob) job = NULL;
  int64_t next_at;
  do
    {
      g_clear_pointer (&job, till_print_job_free);
      g_assert_true (till_printing_next (counter->shop.ledger, "", &job, &next_at, NULL));
      g_assert_nonnull (job);
    }
  while (job->id != SLIP);
  TillCupsSettings settings = settings_for (queue);
  settings.server = (char *)at;
  g_autofree char *title = g_strdup_printf ("till-s01t01-%d-%" G_GINT64_FORMAT, SLIP, job->at);
  g_autoptr (TillPrinter) printer = till_cups_new (&settings, NULL);
  g_autoptr (TillDoc) doc = till_printing_doc (counter->shop.ledger, job, NULL);
  g_autoptr (GBytes) bytes = till_escpos_build (doc, &till_paper_80, NULL, NULL);
  g_autofree char *ref = till_printer_submit (printer, title, bytes, 0, error);
  g_assert_cmpint (ref == NULL, ==, error && *error);
}

/* --- what happens, and what ends it --- */

static void
power_off (Counter *counter)
{
  stop_scheduler ();
}

static void
power_on (Counter *counter)
{
  start_scheduler ();
}

static struct sockaddr_un
address_of (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_assert_cmpuint (g_strlcpy (address.sun_path, path, sizeof address.sun_path), <,
                    sizeof address.sun_path);
  return address;
}

/* Passes on what comes from either side; FALSE when one has left. Half of the request with the slip
 * is the last that the scheduler ever hears. */
static gboolean
pass_on (struct pollfd ends[2], gboolean *killed)
{
  char bytes[65536];
  g_assert_cmpint (poll (ends, 2, PATIENCE / 1000), >, 0);
  for (int i = 0; i < 2; i++)
    if (ends[i].revents)
      {
        gssize n = read (ends[i].fd, bytes, sizeof bytes);
        if (n <= 0)
          return FALSE;
        *killed = i == 0 && memmem (bytes, (gsize)n, "document-format", 15);
        gsize goes = *killed ? (gsize)n / 2 : (gsize)n;
        g_assert_cmpint (send (ends[!i].fd, bytes, goes, MSG_NOSIGNAL), ==, goes);
        if (*killed)
          return FALSE;
      }
  return TRUE;
}

/* One conversation after the other, until the scheduler is dead. */
static gpointer
relay (gpointer data)
{
  struct sockaddr_un there = address_of (server);
  for (gboolean killed = FALSE; !killed;)
    {
      struct pollfd ends[] = { { accept (GPOINTER_TO_INT (data), NULL, NULL), POLLIN, 0 },
                               { socket (AF_UNIX, SOCK_STREAM, 0), POLLIN, 0 } };
      g_assert_cmpint (connect (ends[1].fd, (struct sockaddr *)&there, sizeof there), ==, 0);
      while (pass_on (ends, &killed))
        ;
      if (killed)
        kill (scheduler, SIGKILL);
      close (ends[0].fd);
      close (ends[1].fd);
    }
  return NULL;
}

static void
dies_receiving (Counter *counter)
{
  g_autofree char *path = in_dir ("run/relay.sock");
  struct sockaddr_un here = address_of (path);
  int door = socket (AF_UNIX, SOCK_STREAM, 0);
  g_assert_cmpint (bind (door, (struct sockaddr *)&here, sizeof here), ==, 0);
  g_assert_cmpint (listen (door, 8), ==, 0);
  GThread *thread = g_thread_new ("relay", relay, GINT_TO_POINTER (door));
  g_autoptr (GError) error = NULL;
  die_while_handing (counter, "c02", path, &error);
  g_assert_error (error, TILL_ERROR, TILL_ERROR_OFFLINE);
  g_thread_join (thread);
  close (door);
  waitpid (scheduler, NULL, 0);
  scheduler = 0;
}

static void
start_queue (Counter *counter)
{
  tool ("cupsenable", "c03", NULL, NULL);
}

static void
delete_queue (Counter *counter)
{
  g_autoptr (TillPrintJob) handed = work_until (counter, TILL_PRINT_HANDED, NULL);
  tool ("lpadmin", "-x", "c04", NULL);
}

static void
refill (Counter *counter)
{
  touch ("paper");
}

static void
close_cover (Counter *counter)
{
  touch ("cover");
}

static void
release (Counter *counter)
{
  g_autoptr (TillPrintJob) held = work_until (counter, TILL_PRINT_HANDED, NULL);
  g_autofree char *job = g_strdup_printf ("c07-%s", held->way_ref);
  tool ("lp", "-i", job, "-Hresume");
}

/* The till dies when the server has the slip and the books do not say so. */
static void
dies_after_handing (Counter *counter)
{
  die_while_handing (counter, "c10", server, NULL);
}

/* Files of the scheduler end here; it gets the error and not the signal. */
static void
fill_spool (Counter *counter)
{
  struct rlimit none = { 64, RLIM_INFINITY };
  g_assert_cmpint (prlimit (scheduler, RLIMIT_FSIZE, &none, NULL), ==, 0);
}

static void
clear_spool (Counter *counter)
{
  struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
  g_assert_cmpint (prlimit (scheduler, RLIMIT_FSIZE, &all, NULL), ==, 0);
}

static void
change_default (Counter *counter)
{
  tool ("lpadmin", "-d", "elsewhere", NULL);
}

static void
hurry (Counter *counter)
{
  /* A minute of the till's time, in which it keeps asking and sends nothing again. */
  for (int second = 0; second < 60; second++)
    {
      gboolean did;
      int64_t next_at;
      till_clock_advance (counter->shop.clock, TILL_SECOND);
      g_assert_true (till_spooler_step (counter->spooler, &did, &next_at, NULL));
    }
  touch ("slow");
}

/* --- the rows --- */

typedef struct
{
  const char *no, *story;
  void (*trouble) (Counter *counter);
  TillPrintState state; /* … and then the slip is in this state */
  const char *problem;  /* … with this in it, or NULL */
  guint prints;
  void (*mend) (Counter *counter); /* NULL: nothing to mend */
  TillPrintState at_last;
  guint prints_at_last;
} Fault;

static const Fault faults[] = {
  { "c01", "down", power_off, TILL_PRINT_SENDING, "cannot be reached", 0, power_on,
    TILL_PRINT_DELIVERED, 1 },
  { "c02", "dies-receiving", dies_receiving, TILL_PRINT_SENDING, "cannot be reached", 0, power_on,
    TILL_PRINT_DELIVERED, 1 },
  { "c03", "queue-stopped", NULL, TILL_PRINT_SENDING, "stopped", 0, start_queue,
    TILL_PRINT_DELIVERED, 1 },
  { "c04", "queue-deleted", delete_queue, TILL_PRINT_UNKNOWN, NULL, 0, NULL, TILL_PRINT_UNKNOWN,
    0 },
  { "c05", "out-of-paper", NULL, WAITS, "paper-out", 0, refill, TILL_PRINT_DELIVERED, 1 },
  { "c06", "cover-open", NULL, WAITS, "cover-open", 0, close_cover, TILL_PRINT_DELIVERED, 1 },
  { "c07", "held", NULL, TILL_PRINT_HANDED, "stopped", 0, release, TILL_PRINT_DELIVERED, 1 },
  { "c08", "aborted", NULL, TILL_PRINT_UNKNOWN, "cut", 0, NULL, TILL_PRINT_UNKNOWN, 0 },
  { "c09", "says-done-prints-nothing", NULL, TILL_PRINT_DELIVERED, NULL, 0, NULL,
    TILL_PRINT_DELIVERED, 0 },
  { "c10", "handed-and-forgotten", dies_after_handing, TILL_PRINT_DELIVERED, NULL, 1, NULL,
    TILL_PRINT_DELIVERED, 1 },
  { "c11", "spool-full", fill_spool, TILL_PRINT_SENDING, "print server", 0, clear_spool,
    TILL_PRINT_DELIVERED, 1 },
  { "c12", "wants-a-password", NULL, TILL_PRINT_FAILED, "does not let", 0, NULL, TILL_PRINT_FAILED,
    0 },
  { "c13", "says-garbage", NULL, TILL_PRINT_UNKNOWN, "caf", 0, NULL, TILL_PRINT_UNKNOWN, 0 },
  { "c14", "default-elsewhere", change_default, TILL_PRINT_DELIVERED, NULL, 1, NULL,
    TILL_PRINT_DELIVERED, 1 },
  { "c15", "slow", NULL, TILL_PRINT_HANDED, NULL, 0, hurry, TILL_PRINT_DELIVERED, 1 },
};

/* What the cashier reads: of the state in the till's own language, and of the trouble at least
 * something. */
static void
assert_on_screen (const TillPrintJob *job, const Fault *fault)
{
  g_assert_cmpstr (till_print_state_label (job->state), !=, "");
  g_assert_cmpstr (till_print_state_advice (job->state), !=, "");
  const char *label = till_print_problem_label (job->problem);
  if (fault->problem)
    g_assert_cmpstr (label ? label : job->problem, !=, "");
  g_assert_true (g_utf8_validate (job->problem, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (job->problem, -1), <=, 200);
  for (const char *p = job->problem; *p; p++)
    g_assert_true ((guchar)*p >= 0x20);
  g_assert_cmpint (job->state, !=, TILL_PRINT_PRINTED); /* nobody has proof here */
}

/* One more printing of the slip is a copy, and says so on the paper. */
static void
assert_copy_is_marked (Counter *counter)
{
  TillAnswer answer;
  g_autoptr (TillPrintJob) slip = NULL;
  g_autoptr (TillPrintJob) copy = NULL;
  g_assert_true (till_print_store_load (counter->shop.ledger, SLIP, &slip, NULL));
  g_assert_true (till_printing_again (counter->shop.ledger, counter->shop.cashier, slip->kind,
                                      slip->subject_id, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_true (till_print_store_load (counter->shop.ledger, SLIP + 1, &copy, NULL));
  g_assert_cmpint (copy->copy, ==, 2);
  g_autoptr (TillDoc) first = till_printing_doc (counter->shop.ledger, slip, NULL);
  g_autoptr (TillDoc) second = till_printing_doc (counter->shop.ledger, copy, NULL);
  g_autoptr (GBytes) one = till_escpos_build (first, &till_paper_80, NULL, NULL);
  g_autoptr (GBytes) two = till_escpos_build (second, &till_paper_80, NULL, NULL);
  g_assert_false (g_bytes_equal (one, two));
}

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  Counter counter;
  counter_open (&counter, fault->no);
  put_settings (&counter, fault->no, 5000);
  if (fault->trouble)
    fault->trouble (&counter);
  g_autoptr (TillPrintJob) job = work_until (&counter, fault->state, fault->problem);
  assert_on_screen (job, fault);
  g_assert_cmpuint (printed_of (fault->no, SLIP), ==, fault->prints);
  g_assert_cmpint (shop_balance (&counter.shop, "drawer"), ==, 700);
  if (fault->mend)
    fault->mend (&counter);
  g_autoptr (TillPrintJob) last = work_until (&counter, fault->at_last, NULL);
  g_assert_cmpuint (printed_of (fault->no, SLIP), ==, fault->prints_at_last);
  g_assert_cmpuint (printed_of ("elsewhere", SLIP), ==, 0);
  assert_copy_is_marked (&counter);
  counter_close (&counter);
}

/* --- C16: a night without paper --- */

#define NIGHT 200

/* The newest of the night's slips. */
static int64_t
make_night (Counter *counter)
{
  g_autoptr (TillPrintJob) slip = NULL;
  g_assert_true (till_print_store_load (counter->shop.ledger, SLIP, &slip, NULL));
  for (int i = 1; i < NIGHT; i++)
    {
      TillAnswer answer;
      g_assert_true (till_printing_again (counter->shop.ledger, counter->shop.cashier, slip->kind,
                                          slip->subject_id, &answer, NULL));
    }
  return SLIP + NIGHT - 1;
}

static guint
printed_all (const char *queue)
{
  guint n = 0;
  for (int64_t slip = SLIP; slip <= SLIP + NIGHT; slip++)
    n += printed_of (queue, slip);
  return n;
}

static void
step_on (Counter *counter, int steps)
{
  for (int i = 0; i < steps; i++)
    {
      gboolean did;
      int64_t next_at;
      g_assert_true (till_spooler_step (counter->spooler, &did, &next_at, NULL));
    }
}

/* Two hundred slips meet a printer without paper in the evening. In the morning it is filled,
 * before the till is started or after: nothing but what the printer had in hand may come out,
 * nothing goes on waiting, and of the rest comes only what a person asks for. */
static void
test_night (gconstpointer queue)
{
  gboolean server_first = strcmp (queue, "c16s") == 0;
  Counter counter;
  TillAnswer answer;
  g_autofree char *paper = in_dir ("paper");
  g_unlink (paper);
  counter_open (&counter, queue);
  g_autoptr (TillPrintJob) waits = work_until (&counter, WAITS, "paper-out");
  int64_t newest = make_night (&counter);
  step_on (&counter, 3 * NIGHT);
  if (server_first)
    touch ("paper");
  till_clock_advance (counter.shop.clock, 9 * TILL_HOUR);
  g_autoptr (TillPrintJob) last = work_until_slip (&counter, newest, TILL_PRINT_STALE, NULL);
  step_on (&counter, 2 * NIGHT);
  touch ("paper");
  for (int64_t slip = 1; slip <= newest; slip++)
    {
      g_autoptr (TillPrintJob) job = NULL;
      g_assert_true (till_print_store_load (counter.shop.ledger, slip, &job, NULL));
      g_assert_false (till_print_state_is_live (job->state));
    }
  guint before = printed_all (queue);
  g_assert_cmpuint (before, <=, server_first ? 1 : 0);
  g_assert_true (till_printing_settle_backlog (counter.shop.ledger, counter.shop.cashier, newest,
                                               TILL_BACKLOG_LAST, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_autoptr (TillPrintJob) copy
      = work_until_slip (&counter, newest + 1, TILL_PRINT_DELIVERED, NULL);
  g_assert_cmpint (copy->copy, ==, NIGHT + 1);
  g_assert_cmpuint (printed_all (queue), ==, before + 1);
  counter_close (&counter);
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
  signal (SIGXFSZ, SIG_IGN); /* inherited by the scheduler */
  if (!find_scheduler ())
    {
      g_test_add_func ("/cups-faults/scheduler", test_no_scheduler);
      return g_test_run ();
    }
  write_scheduler (our_queues, G_N_ELEMENTS (our_queues));
  start_scheduler ();
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cups-faults/%s-%s", faults[i].no, faults[i].story);
      g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_data_func ("/cups-faults/c16-night-till-first", "c16t", test_night);
  g_test_add_data_func ("/cups-faults/c16-night-server-first", "c16s", test_night);
  int result = g_test_run ();
  end_scheduler ();
  return result;
}

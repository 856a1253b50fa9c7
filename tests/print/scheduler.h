/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real scheduler of a test's own: cupsd with its configuration, spool and one backend in a folder
 * that is thrown away. The backend writes what it is given into out/ and behaves as the queue's URI
 * says. And a counter: a sale in the books whose slip a spooler carries to one of the queues. */
#pragma once
#include "data/core/error.h"
#include "data/ledger/print-store.h"
#include "devices/print/cups.h"
#include "devices/print/spooler.h"
#include "tests/data/shop-fixture.h"

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
      "  */lies) exit 0 ;;\n"
      "  */garbage) printf 'ERROR: \\377\\376 caf\\351 \\033[2J%5000d\\n' 7 >&2; exit 1 ;;\n"
      "  */cover) echo 'STATE: +cover-open-error' >&2\n"
      "    while [ ! -e DIR/cover ]; do sleep 0.05; done\n"
      "    echo 'STATE: -cover-open-error' >&2 ;;\n"
      "  */slow) while [ ! -e DIR/slow ]; do sleep 0.05; done ;;\n"
      "  *=proves|*/forges) end=proven job=$1 ;;\n"
      "  *=other) end=proven job=$(($1+1)) ;;\n"
      "  *=less) end=proven job=$1 bytes=1 ;;\n"
      "  *=breaks) end=proven job=$1 code=1 ;;\n"
      "  *=hands) end=handed job=$1 ;;\n"
      "  *=forgets) end=unknown job=$1 code=5 ;;\n"
      "  *=waits) echo \"WARNING: quittance untouched job $1 bytes $(wc -c < \"$6\")\" >&2; exit 5 "
      ";;\n"
      "esac\n"
      ": > DIR/seen/$PRINTER.$3.$1\n"
      "cat > DIR/out/.new-$1 && mv DIR/out/.new-$1 DIR/out/$1\n"
      "[ -z $end ] || echo \"WARNING: quittance $end job $job bytes ${bytes:-$(wc -c < "
      "DIR/out/$1)}\" "
      ">&2\n"
      "exit ${code:-0}\n";

static inline char *
in_dir (const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static inline void
write_file (const char *name, const char *text, int mode)
{
  g_autofree char *path = in_dir (name);
  g_auto (GStrv) parts = g_strsplit (text, "DIR", -1);
  g_autofree char *placed = g_strjoinv (dir, parts);
  g_assert_true (g_file_set_contents (path, placed, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static inline void
make_dir (const char *name, int mode)
{
  g_autofree char *path = in_dir (name);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

/* A queue of the scheduler. What the backend does stands behind the last "/" or "=" of its URI. */
typedef struct
{
  const char *name;
  const char *does;  /* NULL: as it is named */
  gboolean proves;   /* its address is one of our own backend */
  const char *state; /* NULL: Idle */
  gboolean refuses;
  gboolean holds;     /* every new job */
  const char *policy; /* NULL: default */
} SchedulerQueue;

static inline void
write_queues (const SchedulerQueue *queues, gsize n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (
        text,
        "<Printer %s>\nInfo Queue %s\nDeviceURI %s%s\nState %s\nAccepting %s\nShared No\n"
        "JobSheets none none\nErrorPolicy abort-job\nOpPolicy %s\n%s</Printer>\n",
        queues[i].name, queues[i].name,
        queues[i].proves ? "quittance://usb/04b8:0e28?serial=" : "sink:/",
        queues[i].does ? queues[i].does : queues[i].name,
        queues[i].state ? queues[i].state : "Idle", queues[i].refuses ? "No" : "Yes",
        queues[i].policy ? queues[i].policy : "default",
        queues[i].holds ? "Option job-hold-until indefinite\n" : "");
  write_file ("etc/printers.conf", text->str, 0644);
}

static inline void
write_scheduler (const SchedulerQueue *queues, gsize n)
{
  static const char *const folders[]
      = { "etc",  "run", "cache",       "spool",      "spool/tmp",    "out",
          "seen", "bin", "bin/backend", "bin/filter", "bin/notifier", "log" };
  dir = g_dir_make_tmp ("till-cups-XXXXXX", NULL);
  g_assert_cmpint (g_chmod (dir, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    make_dir (folders[i],
              strcmp (folders[i], "out") == 0 || strcmp (folders[i], "seen") == 0 ? 0777 : 0755);
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
      "<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n"
      "<Policy locked>\n<Limit Print-Job>\nAuthType Basic\nRequire user somebody-else\n</Limit>\n"
      "<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n",
      0644);
  write_file ("bin/backend/sink", backend, 0755);
  write_file ("bin/backend/quittance", backend, 0755);
  write_queues (queues, n);
}

static inline TillCupsSettings
settings_for (const char *queue)
{
  TillCupsSettings settings = { server, (char *)queue, (char *)"till", 20000 };
  return settings;
}

/* A test that dies takes its scheduler along. */
static inline void
die_with_us (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static inline void
start_scheduler (void)
{
  g_autofree char *conf = in_dir ("etc/cupsd.conf"), *files = in_dir ("etc/cups-files.conf");
  char *argv[] = { cupsd, (char *)"-f", (char *)"-c", conf, (char *)"-s", files, NULL };
  g_autoptr (GError) error = NULL;
  /* An emulated bus is for the backends; the scheduler itself has the real machine. */
  g_auto (GStrv) environment = g_environ_unsetenv (g_get_environ (), "LD_PRELOAD");
  g_assert_true (g_spawn_async (NULL, argv, environment,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, die_with_us,
                                NULL, &scheduler, &error));
  TillCupsSettings settings = settings_for ("any");
  gint64 until = g_get_monotonic_time () + PATIENCE;
  while (g_get_monotonic_time () < until)
    {
      guint trouble;
      g_autoptr (GError) no = NULL; /* it answers that there is no such queue */
      if (!till_cups_look (&settings, &trouble, NULL, &no)
          && g_error_matches (no, TILL_ERROR, TILL_ERROR_NOT_FOUND))
        return;
      g_usleep (BREATH);
    }
  g_error ("cupsd did not start; see %s/log/error", dir);
}

static inline void
stop_scheduler (void)
{
  if (scheduler == 0)
    return;
  kill (scheduler, SIGTERM);
  waitpid (scheduler, NULL, 0);
  scheduler = 0;
}

static inline TillPrinter *
printer_for (const char *queue)
{
  TillCupsSettings settings = settings_for (queue);
  g_autoptr (GError) error = NULL;
  TillPrinter *printer = till_cups_new (&settings, &error);
  g_assert_no_error (error);
  return printer;
}

static inline char *
submit (TillPrinter *printer, const char *title, GError **error)
{
  g_autofree char *text = g_strdup_printf ("\x1b@%s\n", title);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return till_printer_submit (printer, title, bytes, 0, error);
}

/* Waits until the job has the state and, if given, the trouble. */
static inline TillJobReport *
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

static inline guint
printed (void)
{
  g_autofree char *out = in_dir ("out");
  g_autoptr (GDir) folder = g_dir_open (out, 0, NULL);
  guint n = 0;
  for (const char *name; (name = g_dir_read_name (folder));)
    n += name[0] != '.';
  return n;
}

/* --- the whole way: a sale in the books, the spooler, the queue, the backend --- */

typedef struct
{
  Shop shop;
  TillSpooler *spooler; /* owned */
} Counter;

/* Behind the kick of the drawer. */
#define SLIP 2

static inline void
counter_open (Counter *counter, const char *queue)
{
  shop_open (&counter->shop, NULL, 1);
  /* The scheduler has the machine's clock, and counts by it how long a slip is good for. */
  till_clock_advance (counter->shop.clock, MAX (0, g_get_real_time () - FIXTURE_NOW));
  g_autoptr (TillBasket) basket = shop_basket (&counter->shop);
  shop_scan (&counter->shop, basket, "6901234567892", 2000);
  g_autoptr (TillSale) sale = shop_pay (&counter->shop, basket, NULL);
  g_autoptr (TillShop) settings = till_selling_shop (counter->shop.ledger, NULL);
  counter->spooler = till_spooler_new (counter->shop.ledger, printer_for (queue), settings);
}

/* Whatever becomes of the paper, the money is where it was. */
static inline void
counter_close (Counter *counter)
{
  g_assert_cmpint (shop_balance (&counter->shop, "drawer"), ==, 700);
  till_spooler_free (counter->spooler);
  shop_close (&counter->shop);
}

/* Works until the slip is in the state, or for WAITS in any that is not over, with the problem if
 * one is given. */
#define WAITS ((TillPrintState)-1)

static inline TillPrintJob *
work_until_slip (Counter *counter, int64_t slip, TillPrintState state, const char *problem)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  g_autoptr (TillPrintJob) job = NULL;
  while (g_get_monotonic_time () < until)
    {
      gboolean did;
      int64_t next_at;
      g_autoptr (GError) error = NULL;
      g_assert_true (till_spooler_step (counter->spooler, &did, &next_at, &error));
      g_assert_no_error (error);
      g_clear_pointer (&job, till_print_job_free);
      g_assert_true (till_print_store_load (counter->shop.ledger, slip, &job, NULL));
      if ((state == WAITS ? till_print_state_is_live (job->state) : job->state == state)
          && (!problem || strstr (job->problem, problem)))
        return g_steal_pointer (&job);
      /* Never faster than the scheduler: a slip gets too old on this clock. */
      if (!did && next_at)
        till_clock_advance (counter->shop.clock,
                            CLAMP (next_at - till_clock_now (counter->shop.clock), 0, TILL_SECOND));
      g_usleep (BREATH);
    }
  g_error ("the slip is %s (%s), not %s (%s); see %s/log/error", till_print_state_word (job->state),
           job->problem, state == WAITS ? "waiting" : till_print_state_word (state), problem, dir);
}

static inline TillPrintJob *
work_until (Counter *counter, TillPrintState state, const char *problem)
{
  return work_until_slip (counter, SLIP, state, problem);
}

static inline void
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

/* FALSE: cupsd is not installed. */
static inline gboolean
find_scheduler (void)
{
  cupsd = g_file_test ("/usr/sbin/cupsd", G_FILE_TEST_IS_EXECUTABLE)
              ? g_strdup ("/usr/sbin/cupsd")
              : g_find_program_in_path ("cupsd");
  return cupsd != NULL;
}

/* With TILL_KEEP in the environment its folder stays. */
static inline void
end_scheduler (void)
{
  stop_scheduler ();
  if (dir && !g_getenv ("TILL_KEEP"))
    remove_all (dir);
  g_clear_pointer (&dir, g_free);
  g_clear_pointer (&server, g_free);
  g_clear_pointer (&cupsd, g_free);
}

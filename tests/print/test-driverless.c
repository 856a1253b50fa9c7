/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue without a driver: a real cupsd, its own "everywhere" model and IPP backend, and behind
 * them ippeveprinter as a receipt printer with an 80 mm roll, on loopback. */
#include "devices/print/printers.h"
#include "devices/print/pwg-raster.h"
#include "tests/print/scheduler.h"

#include <gio/gio.h>

static const SchedulerQueue our_queues[] = { { .name = "ok" } };

static GPid bus, printer;
static char *bus_address, *program;
static guint16 port;

static const char attributes[]
    = "ATTR mimeMediaType document-format-supported \"image/pwg-raster\"\n"
      "ATTR keyword media-supported \"custom_max_80x1000mm\",\"custom_min_58x20mm\","
      "\"custom_roll_80x200mm\"\n"
      "ATTR keyword media-ready \"custom_roll_80x200mm\"\n"
      "ATTR keyword media-default \"custom_roll_80x200mm\"\n"
      "ATTR collection media-size-supported {MEMBER integer x-dimension 8000 MEMBER integer "
      "y-dimension 20000},{MEMBER rangeOfInteger x-dimension 5800-8000 MEMBER rangeOfInteger "
      "y-dimension 2000-100000}\n"
      "ATTR collection media-col-database {MEMBER collection media-size {MEMBER integer "
      "x-dimension 8000 MEMBER integer y-dimension 20000} MEMBER integer media-bottom-margin 0 "
      "MEMBER integer media-left-margin 0 MEMBER integer media-right-margin 0 MEMBER integer "
      "media-top-margin 0},{MEMBER collection media-size {MEMBER rangeOfInteger x-dimension "
      "5800-8000 MEMBER rangeOfInteger y-dimension 2000-100000} MEMBER integer "
      "media-bottom-margin 0 MEMBER integer media-left-margin 0 MEMBER integer "
      "media-right-margin 0 MEMBER integer media-top-margin 0}\n"
      "ATTR collection media-col-default {MEMBER collection media-size {MEMBER integer "
      "x-dimension 8000 MEMBER integer y-dimension 20000} MEMBER integer media-bottom-margin 0 "
      "MEMBER integer media-left-margin 0 MEMBER integer media-right-margin 0 MEMBER integer "
      "media-top-margin 0}\n"
      "ATTR integer media-bottom-margin-supported 0\nATTR integer media-left-margin-supported 0\n"
      "ATTR integer media-right-margin-supported 0\nATTR integer media-top-margin-supported 0\n"
      "ATTR keyword media-col-supported \"media-size\",\"media-bottom-margin\","
      "\"media-left-margin\",\"media-right-margin\",\"media-top-margin\"\n"
      "ATTR keyword print-color-mode-supported \"monochrome\"\n"
      "ATTR keyword print-color-mode-default \"monochrome\"\n"
      "ATTR keyword sides-supported \"one-sided\"\nATTR keyword sides-default \"one-sided\"\n"
      "ATTR resolution printer-resolution-supported 203dpi\n"
      "ATTR resolution printer-resolution-default 203dpi\n"
      "ATTR resolution pwg-raster-document-resolution-supported 203dpi\n"
      "ATTR keyword pwg-raster-document-type-supported \"sgray_8\"\n";

static const char command[]
    = "#!/bin/sh\n"
      "while [ -e DIR/empty ]; do echo 'STATE: +media-empty' >&2; sleep 0.05; done\n"
      "echo 'STATE: -media-empty' >&2\n"
      "for file; do :; done\n"
      "cp \"$file\" DIR/out/.new && mv DIR/out/.new DIR/out/page.$$\n";

/* What says its address on the first line. */
static void
start_bus (void)
{
  char *argv[] = { (char *)"dbus-daemon", (char *)"--session", (char *)"--nofork",
                   (char *)"--print-address=1", NULL };
  int out;
  g_autoptr (GError) error = NULL;
  char line[512] = "";
  g_assert_true (g_spawn_async_with_pipes (NULL, argv, NULL,
                                           G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                                           die_with_us, NULL, &bus, NULL, &out, NULL, &error));
  for (gsize n = 0; n < sizeof line - 1 && read (out, line + n, 1) == 1 && line[n] != '\n'; n++)
    ;
  bus_address = g_strdup (g_strchomp (line));
  g_assert_cmpstr (bus_address, !=, "");
  close (out);
}

static void
start_printer (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_socket_listener_close (listener);
  write_file ("roll.attrs", attributes, 0644);
  write_file ("bin/print-page", command, 0755);
  make_dir ("pages", 0777);
  g_autofree char *attrs = in_dir ("roll.attrs"), *pages = in_dir ("pages"),
                  *page = in_dir ("bin/print-page");
  g_autofree char *number = g_strdup_printf ("%u", port);
  char *argv[] = { program,
                   (char *)"-p",
                   number,
                   (char *)"-a",
                   attrs,
                   (char *)"-c",
                   page,
                   (char *)"-d",
                   pages,
                   (char *)"-r",
                   (char *)"off",
                   (char *)"-n",
                   (char *)"localhost",
                   (char *)"Roll",
                   NULL };
  g_auto (GStrv) environment
      = g_environ_setenv (g_get_environ (), "DBUS_SYSTEM_BUS_ADDRESS", bus_address, TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_spawn_async (NULL, argv, environment,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL
                                    | G_SPAWN_STDERR_TO_DEV_NULL,
                                die_with_us, NULL, &printer, &error));
}

static void
wait_for_printer (void)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  gint64 until = g_get_monotonic_time () + PATIENCE;
  for (;;)
    {
      g_autoptr (GSocketConnection) there
          = g_socket_client_connect_to_host (client, "localhost", port, NULL, NULL);
      if (there)
        return;
      if (g_get_monotonic_time () > until)
        g_error ("ippeveprinter did not start");
      g_usleep (BREATH);
    }
}

static gboolean
is_driverless (const char *name)
{
  TillCupsSettings settings = settings_for (NULL);
  g_autoptr (GPtrArray) list = till_cups_list (&settings, NULL);
  for (guint i = 0; list && i < list->len; i++)
    {
      const TillQueue *queue = g_ptr_array_index (list, i);
      if (g_str_equal (queue->name, name))
        return queue->is_driverless;
    }
  return FALSE;
}

/* As its owner would. The scheduler asks the printer what it can, and that takes its time. */
static void
add_queue (void)
{
  g_autofree char *address = g_strdup_printf ("ipp://localhost:%u/ipp/print", port);
  char *argv[] = { (char *)"lpadmin", (char *)"-h",         server,       (char *)"-p",
                   (char *)"roll",    (char *)"-E",         (char *)"-v", address,
                   (char *)"-m",      (char *)"everywhere", NULL };
  int status;
  g_autofree char *said = NULL;
  g_assert_true (
      g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &said, &status, NULL));
  if (status != 0)
    g_error ("lpadmin: %s; see %s/log/error", said, dir);
  gint64 until = g_get_monotonic_time () + PATIENCE;
  while (!is_driverless ("roll"))
    {
      if (g_get_monotonic_time () > until)
        g_error ("no model for the queue; see %s/log/error", dir);
      g_usleep (BREATH);
    }
}

/* The newest page that the printer was given, and how many it was given. */
static GBytes *
page_of (guint *n)
{
  g_autofree char *out = in_dir ("out");
  g_autoptr (GDir) folder = g_dir_open (out, 0, NULL);
  GBytes *bytes = NULL;
  *n = 0;
  for (const char *name; (name = g_dir_read_name (folder));)
    if (g_str_has_prefix (name, "page."))
      {
        g_autofree char *path = g_build_filename (out, name, NULL);
        char *data;
        gsize size;
        g_assert_true (g_file_get_contents (path, &data, &size, NULL));
        g_clear_pointer (&bytes, g_bytes_unref);
        bytes = g_bytes_new_take (data, size);
        ++*n;
      }
  return bytes;
}

static guint
number_at (GBytes *page, gsize at)
{
  const guint8 *b = g_bytes_get_data (page, NULL);
  return (guint)b[at] << 24 | (guint)b[at + 1] << 16 | (guint)b[at + 2] << 8 | b[at + 3];
}

/* PWG 5102.4, 4.3: after the synchronization word; HWResolution, Width and Height at their places.
 */
static void
assert_page (GBytes *page)
{
  g_assert_cmpuint (g_bytes_get_size (page), >, 4 + 1796);
  g_assert_cmpmem (g_bytes_get_data (page, NULL), 4, "RaS2", 4);
  g_assert_cmpuint (number_at (page, 4 + 276), ==, 203);
  g_assert_cmpuint (number_at (page, 4 + 280), ==, 203);
  g_assert_cmpuint (number_at (page, 4 + 372), ==, 80 * 100 * 203 / 2540);
  g_assert_cmpuint (number_at (page, 4 + 376), >, 300);
  g_assert_cmpuint (number_at (page, 4 + 384), ==, 8);
}

/* Handed over, never proven; the drawer's kick is refused where nothing could obey it. */
static void
test_slip (void)
{
  Counter counter;
  guint n;
  counter_open (&counter, "roll");
  g_autoptr (TillPrintJob) kick = work_until_slip (&counter, 1, TILL_PRINT_FAILED, "no drawer");
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_DELIVERED, NULL);
  g_autoptr (GBytes) page = page_of (&n);
  g_assert_cmpuint (n, ==, 1);
  assert_page (page);
  counter_close (&counter);
}

static void
test_out_of_paper (void)
{
  Counter counter;
  guint n;
  write_file ("empty", "", 0644);
  counter_open (&counter, "roll");
  g_autoptr (TillPrintJob) waits = work_until (&counter, TILL_PRINT_HANDED, "paper-out");
  g_autofree char *empty = in_dir ("empty");
  g_unlink (empty);
  g_autoptr (TillPrintJob) job = work_until (&counter, TILL_PRINT_DELIVERED, NULL);
  g_autoptr (GBytes) page = page_of (&n);
  g_assert_cmpuint (n, ==, 2);
  counter_close (&counter);
}

static void
test_found (void)
{
  Shop books;
  shop_open (&books, NULL, 1);
  g_autoptr (TillShop) shop = till_selling_shop (books.ledger, NULL);
  g_free (shop->paper_server);
  shop->paper_server = g_strdup (server);
  g_autofree char *problem = NULL;
  g_autoptr (GPtrArray) found = till_printers_find (shop, &problem);
  guint driverless = 0;
  for (guint i = 0; i < found->len; i++)
    {
      const TillPrinterFound *one = g_ptr_array_index (found, i);
      g_assert_cmpint (one->is_driverless, ==, g_str_equal (one->name, "roll"));
      driverless += one->is_driverless;
      if (one->is_driverless)
        g_assert_true (g_str_has_prefix (till_printer_found_proof (one), "IPP"));
    }
  g_assert_cmpuint (driverless, ==, 1);
  shop_close (&books);
}

static void
test_pages (void)
{
  static const struct
  {
    const char *bytes;
    int dpi;
    gboolean good;
  } rows[] = {
    { "hello\n", 203, TRUE },  { "hello\n", 600, TRUE }, { "hello\n", 99, FALSE },
    { "hello\n", 601, FALSE }, { "hello\n", 0, FALSE },  { "\x1bp\x30\x19\x19", 203, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int width, length;
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_bytes_new (rows[i].bytes, strlen (rows[i].bytes));
      g_autoptr (GBytes) pages
          = till_pwg_raster (bytes, &till_paper_58, rows[i].dpi, &width, &length, &error);
      g_assert_cmpint (pages != NULL, ==, rows[i].good);
      if (!rows[i].good)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      else
        g_assert_cmpint (width, ==, 58);
    }
  /* As long as a job may be, nothing but lines: longer than a page can be drawn. */
  g_autofree char *endless = g_strnfill (100000, '\n');
  g_autoptr (GBytes) bytes = g_bytes_new (endless, 100000);
  int width, length;
  g_autoptr (GError) error = NULL;
  g_assert_null (till_pwg_raster (bytes, &till_paper_80, 203, &width, &length, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_no_printer (void)
{
  g_test_skip ("cupsd or ippeveprinter is not installed (cups-daemon, cups-ipp-utils)");
}

static void
end (GPid *process)
{
  if (*process == 0)
    return;
  kill (*process, SIGTERM);
  waitpid (*process, NULL, 0);
  *process = 0;
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/driverless/pages", test_pages);
  program = g_find_program_in_path ("ippeveprinter");
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");
  if (!find_scheduler () || !program || !daemon
      || !g_file_test ("/usr/lib/cups/backend/ipp", G_FILE_TEST_EXISTS))
    {
      g_test_add_func ("/driverless/printer", test_no_printer);
      return g_test_run ();
    }
  write_scheduler (our_queues, G_N_ELEMENTS (our_queues));
  g_autofree char *ipp = in_dir ("bin/backend/ipp");
  g_assert_cmpint (symlink ("/usr/lib/cups/backend/ipp", ipp), ==, 0);
  start_bus ();
  start_printer ();
  start_scheduler ();
  wait_for_printer ();
  add_queue ();
  g_test_add_func ("/driverless/found", test_found);
  g_test_add_func ("/driverless/slip", test_slip);
  g_test_add_func ("/driverless/out-of-paper", test_out_of_paper);
  int result = g_test_run ();
  end (&printer);
  end (&bus);
  end_scheduler ();
  g_free (bus_address);
  g_free (program);
  return result;
}

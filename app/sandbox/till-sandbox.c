/* SPDX-License-Identifier: GPL-3.0-or-later */
/* till-sandbox: a payment provider to practise on. Reads its options, puts the parts together and
 * runs until it is told to stop. */
#include "app/sandbox/courier.h"
#include "app/sandbox/provider-book.h"
#include "app/sandbox/server.h"
#include "app/sandbox/setup.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>

#define SPEED_MAX 1000000

typedef struct
{
  char *init_dir; /* owned, like all texts here; NULL when not given */
  char *state_dir;
  char *port_file;
  int port;      /* -1: as the folder says */
  char *notices; /* NULL: nowhere but where a request names a place on this machine */
  int notice_speed;
  gboolean lenient;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->init_dir);
  g_free (options->state_dir);
  g_free (options->port_file);
  g_free (options->notices);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "init", 0, 0, G_OPTION_ARG_FILENAME, &options->init_dir,
      "Make a new practice provider in DIR, and an account for the till in DIR/account", "DIR" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir,
      "Serve the practice provider in DIR", "DIR" },
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port,
      "Listen on this port of 127.0.0.1; 0 takes a free one", "N" },
    { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &options->port_file,
      "Write the port here once it is listening", "FILE" },
    { "notices", 0, 0, G_OPTION_ARG_STRING, &options->notices,
      "Tell the till at this address: http://127.0.0.1:PORT/notices/", "URL" },
    { "notice-speed", 0, 0, G_OPTION_ARG_INT, &options->notice_speed,
      "A notice without a yes comes again N times faster than the provider would", "N" },
    { "lenient", 0, 0, G_OPTION_ARG_NONE, &options->lenient,
      "Accept and execute everything, repeats too: no caps, no memory for numbers", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Show the version", NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- a payment provider to practise on");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  const char *wrong = NULL;
  if (*argc > 1)
    wrong = "it takes options only";
  else if (!options->version && !options->init_dir == !options->state_dir)
    wrong = "give either --init DIR or --state DIR";
  else if (options->port < -1 || options->port > 65535)
    wrong = "--port must be 0–65535";
  else if (options->notices && !till_notice_is_near (options->notices))
    wrong = "--notices must be an http address of this machine, by number";
  else if (options->notice_speed < 1 || options->notice_speed > SPEED_MAX)
    wrong = "--notice-speed must be 1–1000000";
  if (wrong)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", wrong);
  return !wrong;
}

static gboolean
on_stop (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* To whoever started us: the port, in a file that is there whole or not at all, and in words. */
static gboolean
announce (const Options *options, const TillSandboxSetup *setup, int port, GError **error)
{
  if (!till_sandbox_setup_tell_port (setup, port, error))
    return FALSE;
  g_autofree char *text = g_strdup_printf ("%d\n", port);
  if (options->port_file
      && !g_file_set_contents_full (options->port_file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                    0644, error))
    return FALSE;
  g_print ("till-sandbox: %s provider on https://127.0.0.1:%d\n",
           options->lenient ? "lenient" : "honest", port);
  return TRUE;
}

/* The provider's book first, then whoever tells. */
typedef struct
{
  TillProviderBook *book; /* unowned, both */
  TillCourier *courier;   /* NULL until it is there */
} Keeper;

static gboolean
keep (gpointer user, const TillRecord *record, GError **error)
{
  Keeper *keeper = user;
  if (!till_provider_book_keep (keeper->book, record, error))
    return FALSE;
  if (keeper->courier)
    till_courier_hear (keeper->courier, record);
  return TRUE;
}

static gboolean
serve (const Options *options, GError **error)
{
  g_autoptr (TillSandboxSetup) setup = till_sandbox_setup_load (options->state_dir, error);
  if (!setup)
    return FALSE;
  g_autofree char *book_path = g_build_filename (setup->dir, "book.jsonl", NULL);
  g_autoptr (TillProviderBook) book = till_provider_book_open (book_path, error);
  if (!book)
    return FALSE;
  Keeper keeper = { .book = book };
  g_autoptr (TillProvider) provider = till_provider_new (options->lenient, keep, &keeper);
  if (!till_provider_book_replay (book, provider, error))
    return FALSE;

  g_autoptr (TillClock) clock = till_clock_new ();
  TillSpeech speech = till_sandbox_setup_speech (setup, provider, clock);
  g_autoptr (TillProviderRate) rate = till_provider_rate_new ();
  speech.rate = options->lenient ? NULL : rate;
  g_autofree char *base
      = options->notices ? g_strconcat (options->notices,
                                        g_str_has_suffix (options->notices, "/") ? "" : "/", NULL)
                         : NULL;
  g_autofree char *notices_path = g_build_filename (setup->dir, "notices.json", NULL);
  g_autoptr (TillNoticeQueue) queue
      = till_notice_queue_open (notices_path, options->notice_speed, error);
  if (!queue)
    return FALSE;
  g_autoptr (TillCourier) courier = till_courier_new (&speech, queue, base);
  keeper.courier = courier;
  int port = options->port >= 0 ? options->port : setup->port;
  g_autoptr (TillSandboxServer) server
      = till_sandbox_server_new (&speech, courier, setup->control_token, setup->dir, port, error);
  if (!server
      || !till_sandbox_setup_tell_control (setup, till_sandbox_server_control_port (server), error)
      || !announce (options, setup, till_sandbox_server_port (server), error))
    return FALSE;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGINT, on_stop, loop);
  g_unix_signal_add (SIGTERM, on_stop, loop);
  g_main_loop_run (loop);
  /* While the server is there: what is on its way ends on the same loop. */
  keeper.courier = NULL;
  g_clear_pointer (&courier, till_courier_free);
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_auto (Options) options = { .port = -1, .notice_speed = 1 };
  g_autoptr (GError) error = NULL;
  setlocale (LC_ALL, "");
  if (!parse (&options, &argc, &argv, &error))
    {
      g_printerr ("till-sandbox: %s\nTry till-sandbox --help.\n", error->message);
      return 2;
    }
  if (options.version)
    {
      g_print ("till-sandbox %s\n", TILL_VERSION);
      return EXIT_SUCCESS;
    }
  int port = options.port >= 0 ? options.port : TILL_SANDBOX_PORT;
  gboolean done = options.init_dir ? till_sandbox_setup_make (options.init_dir, port, &error)
                                   : serve (&options, &error);
  if (done)
    return EXIT_SUCCESS;
  g_printerr ("till-sandbox: %s\n", error->message);
  return EXIT_FAILURE;
}

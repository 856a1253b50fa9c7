/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shop with a door for notices, and a line to it, for tests that knock. */
#pragma once
#include "data/desk/noticing.h"
#include "devices/gateway/letter.h"
#include "devices/gateway/notice-door.h"

#include <gio/gio.h>
#include <string.h>

static char *top; /* owned; a folder with the accounts below accounts/, made by the test */

typedef struct
{
  char *dir;            /* owned */
  char *books;          /* owned */
  char *accounts;       /* owned */
  TillClock *clock;     /* owned */
  TillLedger *ledger;   /* owned; another connection than the door's */
  TillNoticeDoor *door; /* owned */
  int heard;            /* atomic */
} Shop;

static inline void
run_quietly (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
}

static inline void
on_heard (gpointer user)
{
  Shop *shop = user;
  g_atomic_int_inc (&shop->heard);
}

static inline TillNoticeDoorSetup
setup_of (Shop *shop, int port, int line_ms)
{
  return (TillNoticeDoorSetup){ .books = shop->books,
                                .clock = shop->clock,
                                .accounts = shop->accounts,
                                .port = port,
                                .line_ms = line_ms,
                                .heard = on_heard,
                                .user = shop };
}

static inline Shop *
shop_new (int line_ms)
{
  g_autoptr (GError) error = NULL;
  Shop *shop = g_new0 (Shop, 1);
  shop->dir = g_dir_make_tmp ("till-door-XXXXXX", NULL);
  shop->books = g_build_filename (shop->dir, "books.db", NULL);
  shop->accounts = g_build_filename (top, "accounts", NULL);
  shop->clock = till_clock_new ();
  g_assert_true (till_ledger_create (shop->books, &error));
  shop->ledger = till_ledger_open (shop->books, shop->clock, &error);
  g_assert_no_error (error);
  TillNoticeDoorSetup setup = setup_of (shop, 0, line_ms);
  shop->door = till_notice_door_open (&setup, &error);
  g_assert_no_error (error);
  return shop;
}

static inline void
shop_free (Shop *shop)
{
  till_notice_door_close (shop->door);
  till_ledger_free (shop->ledger);
  till_clock_free (shop->clock);
  const char *argv[] = { "rm", "-r", shop->dir, NULL };
  run_quietly (argv);
  g_free (shop->dir);
  g_free (shop->books);
  g_free (shop->accounts);
  g_free (shop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_free)

static inline GSocketConnection *
call (Shop *shop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_timeout (client, 8);
  GSocketConnection *line = g_socket_client_connect_to_host (
      client, "127.0.0.1", (guint16)till_notice_door_port (shop->door), NULL, &error);
  g_assert_no_error (error);
  return line;
}

static inline void
write_all (GSocketConnection *line, const char *text)
{
  /* It may hang up while we still talk; what it says is looked at, not that. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (line)), text,
                             strlen (text), NULL, NULL, NULL);
}

/* Until it hangs up, at most 8 s; the status, or 0 when nothing was said. */
static inline int
hear (GSocketConnection *line, char **said)
{
  g_autofree char *text = g_malloc0 (64 * 1024);
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (line)), text, 64 * 1024 - 1,
                           &size, NULL, &error);
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  if (said)
    *said = g_strdup (text);
  return g_str_has_prefix (text, "HTTP/1.1 ") ? (int)g_ascii_strtoll (text + 9, NULL, 10) : 0;
}

static inline int
send_raw (Shop *shop, const char *text)
{
  g_autoptr (GSocketConnection) line = call (shop);
  write_all (line, text);
  return hear (line, NULL);
}

static inline int64_t
now_s (Shop *shop)
{
  return till_clock_now (shop->clock) / TILL_SECOND;
}

static inline void
assert_kept (Shop *shop, int kept)
{
  int n;
  g_assert_true (till_noticing_count (shop->ledger, &n, NULL));
  g_assert_cmpint (n, ==, kept);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window's own way to a provider: accounts from a folder, a test on a thread of its own that
 * somebody may stop. Nobody here answers: a port that is closed, and one where the line hangs. */
#include "app/ctl/practice.h"
#include "data/core/error.h"
#include "devices/gateway/certificates.h"
#include "devices/gateway/http.h"
#include "tests/ctl/folder.h"
#include "widgets/provider-probe.h"

#include <string.h>

static char *root; /* owned */

typedef struct
{
  gboolean done;
  TillAccountCheck *check; /* owned */
  TillBalance *balance;    /* owned */
  GError *error;           /* owned */
} Told;

static void
told_clear (Told *told)
{
  g_clear_pointer (&told->check, till_account_check_free);
  g_clear_pointer (&told->balance, till_balance_free);
  g_clear_error (&told->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Told, told_clear)

static void
on_checked (GObject *page, GAsyncResult *result, gpointer user)
{
  Told *told = g_object_get_data (page, "told");
  g_assert_false (told->done);
  told->check = till_probe_finish (result, &told->error);
  told->done = TRUE;
}

static void
on_balance (GObject *page, GAsyncResult *result, gpointer user)
{
  Told *told = g_object_get_data (page, "told");
  g_assert_false (told->done);
  told->balance = till_probe_finish_balance (result, &told->error);
  told->done = TRUE;
}

static gboolean
on_stop (gpointer cancel)
{
  g_cancellable_cancel (cancel);
  return G_SOURCE_REMOVE;
}

static gboolean
on_late (gpointer late)
{
  g_error ("the test of a connection does not end");
  return G_SOURCE_REMOVE;
}

typedef enum
{
  CHECK,
  BALANCE,
} What;

/* Asks, and waits until it was told; stop: somebody stops it at once. */
static void
ask (What what, const char *account, gboolean stop, Told *told)
{
  TillProbe probe = till_probe_of_folder (root);
  g_autoptr (GObject) page = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_object_set_data (page, "told", told);
  if (what == BALANCE)
    probe.balance (probe.self, page, account, cancel, on_balance);
  else
    probe.check (probe.self, page, account, cancel, on_checked);
  g_assert_false (told->done);
  if (stop)
    g_idle_add (on_stop, cancel);
  guint late = g_timeout_add_seconds (5, on_late, NULL);
  while (!told->done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
test_accounts (void)
{
  g_autoptr (GError) error = NULL;
  TillProbe probe = till_probe_of_folder (root);
  g_autoptr (GPtrArray) states = probe.accounts (probe.self, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (states->len, ==, 1);
}

/* A folder that is of a provider which tells no balance: an error, and nobody is asked. */
static void
test_not_told (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ini = g_build_filename (root, "account", "account.ini", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (ini, &text, NULL, &error));
  g_autoptr (GString) other = g_string_new (text);
  g_assert_cmpuint (g_string_replace (other, "provider=sandbox\n", "provider=shengpay\n", 1), ==,
                    1);
  g_string_append (other, "notify_url=https://shop.example/n\n");
  g_assert_true (
      g_file_set_contents_full (ini, other->str, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
  g_auto (Told) told = { 0 };
  ask (BALANCE, "account", FALSE, &told);
  g_assert_null (told.balance);
  g_assert_error (told.error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_nonnull (strstr (told.error->message, "tells no balance"));
  g_assert_true (
      g_file_set_contents_full (ini, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
}

static void
test_unusable (void)
{
  for (What what = CHECK; what <= BALANCE; what++)
    {
      g_auto (Told) told = { 0 };
      ask (what, "nobody", FALSE, &told);
      g_assert_true (!told.check && !told.balance);
      g_assert_error (told.error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
    }
}

static void
test_no_line (void)
{
  g_auto (Told) told = { 0 };
  ask (CHECK, "account", FALSE, &told);
  g_assert_no_error (told.error);
  g_assert_cmpstr (till_check_result_word (told.check->result), ==, "no_line");
  g_auto (Told) untold = { 0 };
  ask (BALANCE, "account", FALSE, &untold);
  g_assert_no_error (untold.error);
  g_assert_cmpstr (till_balance_result_word (untold.balance->result), ==, "no_line");
  g_assert_cmpint (untold.balance->asked_at, >, 0);
}

/* The kernel takes the connection, and nobody ever says a word on it. */
static void
test_stopped (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) ear = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (ear, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *ini = g_build_filename (root, "account", "account.ini", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (ini, &text, NULL, &error));
  g_auto (GStrv) halves = g_strsplit (text, "127.0.0.1:1\n", 2);
  g_autofree char *moved = g_strdup_printf ("%s127.0.0.1:%d\n%s", halves[0], port, halves[1]);
  g_assert_true (
      g_file_set_contents_full (ini, moved, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
  for (What what = CHECK; what <= BALANCE; what++)
    {
      g_auto (Told) told = { 0 };
      ask (what, "account", TRUE, &told);
      g_assert_true (!told.check && !told.balance);
      g_assert_error (told.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_assert_true (
      g_file_set_contents_full (ini, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  till_http_init ();
  root = test_folder_new ();
  g_assert_true (till_practice_make (root, &error));
  g_assert_no_error (error);
  /* An authority, so that the line is really tried. */
  int64_t now = g_get_real_time () / G_USEC_PER_SEC;
  TillValidity validity = { now - 60, now + 3600 };
  g_autofree char *ca = g_build_filename (root, "account", "ca.pem", NULL);
  g_autofree char *ca_key = g_build_filename (root, "ca-key.pem", NULL);
  g_assert_true (till_certificate_make_authority (ca, ca_key, validity, &error));
  g_test_add_func ("/probe/accounts", test_accounts);
  g_test_add_func ("/probe/not-told", test_not_told);
  g_test_add_func ("/probe/unusable", test_unusable);
  g_test_add_func ("/probe/no-line", test_no_line);
  g_test_add_func ("/probe/stopped", test_stopped);
  int result = g_test_run ();
  test_folder_remove (root);
  g_free (root);
  return result;
}

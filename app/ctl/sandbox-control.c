/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/sandbox-control.h"
#include "data/core/error.h"
#include "data/desk/selling.h"
#include "devices/gateway/account.h"
#include "devices/gateway/http.h"
#include "devices/gateway/json.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define START_WAIT_MS 15000
#define LOOK_EVERY_MS 20
#define CONTROL_WAIT_MS 10000

static gboolean
broke (GError **error, int code, const char *what, const char *why)
{
  g_set_error (error, TILL_ERROR, code, "%s: %s", what, why);
  return FALSE;
}

char *
till_program_find (const char *name, GError **error)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *here = self ? g_path_get_dirname (self) : g_strdup (".");
  const char *chosen = g_getenv ("TILL_BINDIR");
  char *places[] = {
    chosen ? g_build_filename (chosen, name, NULL) : g_strdup (""),
    g_build_filename (here, name, NULL),
    /* where they are built, beside and below one another */
    g_build_filename (here, "ctl", name, NULL),
    g_build_filename (here, "sandbox", name, NULL),
    g_build_filename (here, "..", "sandbox", name, NULL),
    g_build_filename (here, "..", "ctl", name, NULL),
    g_find_program_in_path (name),
  };
  char *found = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      if (!found && places[i] && g_file_test (places[i], G_FILE_TEST_IS_EXECUTABLE))
        found = g_steal_pointer (&places[i]);
      g_free (places[i]);
    }
  if (!found)
    broke (error, TILL_ERROR_NOT_FOUND, name,
           "there is no such program; TILL_BINDIR can say where");
  return found;
}

/* The shop believes the practice provider in each of its tongues. */
static gboolean
link_account (const TillShopFolder *folder, const char *name, const char *target, GError **error)
{
  g_autofree char *link = g_build_filename (folder->account_root, name, NULL);
  return symlink (target, link) == 0 || broke (error, TILL_ERROR_STOPPED, link, g_strerror (errno));
}

static gboolean
link_accounts (const TillShopFolder *folder, GError **error)
{
  if (g_mkdir_with_parents (folder->account_root, 0700) != 0)
    return broke (error, TILL_ERROR_STOPPED, folder->account_root, g_strerror (errno));
  if (!link_account (folder, "sandbox", "../sandbox/account", error))
    return FALSE;
  g_autofree char *accounts = g_build_filename (folder->sandbox_dir, "accounts", NULL);
  g_autoptr (GDir) dir = g_dir_open (accounts, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *target = g_build_filename ("..", "sandbox", "accounts", name, NULL);
      if (!link_account (folder, name, target, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_sandbox_make (const TillShopFolder *folder, GError **error)
{
  g_autofree char *program = till_program_find ("till-sandbox", error);
  if (!program)
    return FALSE;
  const char *const argv[] = { program, "--init", folder->sandbox_dir, NULL };
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &trouble);
  if (!process || !g_subprocess_wait_check (process, NULL, &trouble))
    return broke (error, TILL_ERROR_STOPPED, program, trouble->message);
  return link_accounts (folder, error);
}

/* Where faults are set: a port of its own, for the other may be set to refuse. NULL: it was never
 * started. */
static char *
control_url (const TillShopFolder *folder)
{
  g_autofree char *path = g_build_filename (folder->sandbox_dir, "control.port", NULL);
  g_autofree char *text = NULL;
  guint64 port;
  if (!g_file_get_contents (path, &text, NULL, NULL)
      || !g_ascii_string_to_unsigned (g_strstrip (text), 10, 1, 65535, &port, NULL))
    return NULL;
  return g_strdup_printf ("https://127.0.0.1:%d", (int)port);
}

/* One POST with the control token; the answer's body. */
static GBytes *
control (const TillShopFolder *folder, const char *path, const char *body, GError **error)
{
  g_autofree char *account_dir = g_build_filename (folder->sandbox_dir, "account", NULL);
  g_autofree char *token_path = g_build_filename (folder->sandbox_dir, "control.token", NULL);
  g_autofree char *token = NULL;
  g_autoptr (TillAccount) account = till_account_load (account_dir, error);
  if (!account || !g_file_get_contents (token_path, &token, NULL, error))
    return NULL;
  g_autofree char *url = control_url (folder);
  g_autofree char *bearer = g_strconcat ("Bearer ", g_strstrip (token), NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (TillRequest) request = till_request_new (url ? url : account->base_url, path, bytes);
  till_request_add_header (request, "Authorization", bearer);
  g_free (request->ca_file);
  request->ca_file = g_strdup (account->ca_file);
  request->connect_ms = CONTROL_WAIT_MS;
  request->total_ms = CONTROL_WAIT_MS;
  g_autoptr (TillHttp) http = till_http_new ();
  g_autoptr (TillReply) reply = till_http_send (http, request);
  if (reply->fate == TILL_FATE_ANSWERED && reply->status == 200)
    return g_bytes_ref (reply->body);
  broke (error, reply->fate == TILL_FATE_ANSWERED ? TILL_ERROR_INVALID : TILL_ERROR_OFFLINE,
         "the practice provider", reply->detail ? reply->detail : "it refuses");
  return NULL;
}

gboolean
till_sandbox_set_fault (const TillShopFolder *folder, const char *json, GError **error)
{
  g_autoptr (GBytes) said
      = control (folder, json ? "/control/fault" : "/control/clear", json ? json : "{}", error);
  return said != NULL;
}

char *
till_sandbox_statement (const TillShopFolder *folder, GError **error)
{
  g_autoptr (GBytes) said = control (folder, "/statement", "{}", error);
  if (!said)
    return NULL;
  gsize size;
  const char *text = g_bytes_get_data (said, &size);
  return g_strndup (text, size);
}

TillCardSlip *
till_sandbox_terminal_sale (const TillShopFolder *folder, TillMoney amount, GError **error)
{
  g_autofree char *ask = g_strdup_printf ("{\"amount\":%" G_GINT64_FORMAT "}", amount);
  g_autoptr (GBytes) said = control (folder, "/control/terminal-sale", ask, error);
  g_autoptr (json_t) slip = said ? till_json_parse (said, error) : NULL;
  return slip ? till_card_slip_new (till_json_text (slip, "reference_no"),
                                    till_json_text (slip, "log_no"), till_json_text (slip, "card"),
                                    till_json_text (slip, "terminal_no"),
                                    (int)json_integer_value (json_object_get (slip, "day")))
              : NULL;
}

/* A demo that was killed has left its provider running, as the world would. */
static gboolean
answers (const TillShopFolder *folder)
{
  g_autofree char *statement = till_sandbox_statement (folder, NULL);
  return statement != NULL;
}

/* Where the shop listens for notices, or NULL for nowhere. Who cannot say it is told of nothing: a
 * notice is a hint, and what is under way is asked about anyway. */
static char *
notices_url (const TillShopFolder *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) books = till_shop_folder_at (folder->dir, NULL);
  g_autoptr (TillShop) shop
      = till_shop_folder_look (books, &error) ? till_selling_shop (books->ledger, &error) : NULL;
  if (!shop)
    g_message ("the practice provider will tell nothing of its own accord: %s", error->message);
  return shop && shop->notices_port != 0
             ? g_strdup_printf ("http://127.0.0.1:%d/notices/", shop->notices_port)
             : NULL;
}

gboolean
till_sandbox_start (const TillShopFolder *folder, GError **error)
{
  if (answers (folder))
    return TRUE;
  g_autofree char *program = till_program_find ("till-sandbox", error);
  if (!program)
    return FALSE;
  g_autofree char *port_file = g_build_filename (folder->dir, "sandbox.port", NULL);
  g_unlink (port_file);
  g_autofree char *notices = notices_url (folder);
  const char *const argv[]
      = { program,       "--state", folder->sandbox_dir,          "--port", "0",
          "--port-file", port_file, notices ? "--notices" : NULL, notices,  NULL };
  g_autoptr (GError) trouble = NULL;
  /* What it says goes into a file: it lives on when this program and its terminal are gone. */
  g_autofree char *log = g_build_filename (folder->dir, "sandbox.log", NULL);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, argv, &trouble);
  if (!process)
    return broke (error, TILL_ERROR_STOPPED, program, trouble->message);
  for (int waited = 0; waited < START_WAIT_MS; waited += LOOK_EVERY_MS)
    {
      if (g_file_test (port_file, G_FILE_TEST_EXISTS))
        return TRUE;
      g_usleep (LOOK_EVERY_MS * 1000);
    }
  g_subprocess_force_exit (process);
  return broke (error, TILL_ERROR_OFFLINE, program,
                "it does not listen; see sandbox.log in the shop");
}

void
till_sandbox_stop (const TillShopFolder *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) said = control (folder, "/control/quit", "{}", &error);
  /* Gone already is ended too. */
  if (!said && !g_error_matches (error, TILL_ERROR, TILL_ERROR_OFFLINE))
    g_warning ("the practice provider was not ended: %s", error->message);
}

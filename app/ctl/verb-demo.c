/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The promise of this till in a minute, on real parts: a shop on disk, a provider behind HTTPS in
 * its own process, and this program as the till that is killed while the provider has paid and not
 * answered. Ends with 1 unless the refund was paid exactly once and every book agrees. */
#include "app/ctl/ctl.h"
#include "app/ctl/wording.h"
#include "app/ctl/sandbox-control.h"
#include "data/core/error.h"
#include "data/desk/refunding.h"
#include "data/desk/reporting.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"
#include "data/desk/training.h"
#include "data/ledger/verify.h"
#include "devices/print/escpos.h"
#include "devices/print/roll.h"
#include "devices/print/rollfile.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define ROLL_BYTES (256 * 1024)
#define PAID_WAIT_MS 15000
#define LOOK_EVERY_MS 30
/* What people scan, by the training shop's numbers. */
#define TEA "6970000000017"
#define HONEY "6970000000222"
#define UMBRELLA "6970000000529"

typedef struct
{
  TillCtl *ctl;
  char *self; /* owned, like what follows */
  TillShopFolder *folder;
  TillShop *shop;
  gboolean sandbox; /* it listens */
  char *sale_no;
  char *refund_no;
  char *request_no;
  json_t *result; /* for --json */
  int part;
} Demo;

static void
demo_clear (Demo *demo)
{
  g_clear_pointer (&demo->shop, till_shop_free);
  g_clear_pointer (&demo->folder, till_shop_folder_free);
  g_free (demo->self);
  g_free (demo->sale_no);
  g_free (demo->refund_no);
  g_free (demo->request_no);
  json_decref (demo->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, demo_clear)

/* --- telling --- */

static void
headline (Demo *demo, const char *words)
{
  gboolean bold = isatty (STDOUT_FILENO);
  demo->part++;
  if (!demo->ctl->json)
    g_print ("\n%s%d  %s%s\n", bold ? "\033[1m" : "", demo->part, words, bold ? "\033[0m" : "");
}

static void
tell (Demo *demo, const char *text)
{
  if (demo->ctl->json)
    return;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    if (**line || line[1])
      g_print ("   %s\n", *line);
}

static gboolean
broken (GError **error, const char *what)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CORRUPT, what);
  return FALSE;
}

/* --- the till as a process --- */

static GSubprocess *
start_till (Demo *demo, const char *const *words, GSubprocessFlags flags, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *const head[]
      = { demo->self, "--json", "--shop", demo->folder->dir, "--as", "1", "--pin-fd", "0" };
  for (gsize i = 0; i < G_N_ELEMENTS (head); i++)
    g_ptr_array_add (argv, (gpointer)head[i]);
  for (; *words; words++)
    g_ptr_array_add (argv, (gpointer)*words);
  g_ptr_array_add (argv, NULL);
  return g_subprocess_newv ((const char *const *)argv->pdata, flags, error);
}

/* Runs it to its end and reads its one answer. */
static json_t *
ask_till (Demo *demo, const char *const *words, GError **error)
{
  g_autofree char *said = NULL;
  g_autofree char *pin = g_strconcat (till_training_pin ("1"), "\n", NULL);
  g_autoptr (GSubprocess) till = start_till (
      demo, words, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
  if (!till || !g_subprocess_communicate_utf8 (till, pin, NULL, &said, NULL, error))
    return NULL;
  json_t *answer = json_loads (said, JSON_REJECT_DUPLICATES, NULL);
  if (g_subprocess_get_if_exited (till) && g_subprocess_get_exit_status (till) == 0 && answer)
    return answer;
  json_decref (answer);
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "tillctl %s: %s", words[0], said);
  return NULL;
}

/* --- the parts --- */

static gboolean
open_shop (Demo *demo, GError **error)
{
  headline (demo, _ ("A shop and its provider"));
  g_autofree char *dir = g_dir_make_tmp ("till-demo-XXXXXX", error);
  if (!dir)
    return FALSE;
  demo->folder = till_shop_folder_at (dir, NULL);
  const char *const words[] = { "init", "--demo", "--past", "0", NULL };
  json_t *made = ask_till (demo, words, error);
  if (!made)
    return FALSE;
  json_decref (made);
  demo->sandbox = till_sandbox_start (demo->folder, error);
  if (!demo->sandbox || !till_shop_folder_open (demo->folder, error))
    return FALSE;
  demo->shop = till_selling_shop (demo->folder->ledger, error);
  g_autofree char *text = g_strdup_printf (
      _ ("%s, in %s\nThe practice provider listens with HTTPS on this machine only."),
      demo->shop ? demo->shop->name : "", dir);
  tell (demo, text);
  return demo->shop != NULL;
}

static gboolean
sell_three (Demo *demo, GError **error)
{
  headline (demo, _ ("Three things are sold; the customer shows a payment code"));
  const char *const words[]
      = { "sell", TEA, HONEY, UMBRELLA, "--pay", "code=127.60:286012345678901234", NULL };
  json_t *answer = ask_till (demo, words, error);
  if (!answer)
    return FALSE;
  demo->sale_no
      = g_strdup (json_string_value (json_object_get (json_object_get (answer, "sale"), "no")));
  json_decref (answer);
  g_autoptr (TillSale) sale = NULL;
  TillAnswer found;
  if (!till_selling_load (demo->folder->ledger, demo->sale_no, &sale, &found, error))
    return FALSE;
  g_autofree char *text = till_wording_sale_text (sale, demo->shop->zone);
  tell (demo, text);
  return sale->state == TILL_SALE_PAID || broken (error, "the sale was not paid");
}

static gboolean
take_back (Demo *demo, GError **error)
{
  headline (demo, _ ("The honey comes back"));
  const char *const words[] = { "return", demo->sale_no, "2", "--reason", "faulty", NULL };
  json_t *answer = ask_till (demo, words, error);
  if (!answer)
    return FALSE;
  json_t *goods = json_object_get (answer, "return");
  json_t *refund = json_array_get (json_object_get (goods, "refunds"), 0);
  demo->refund_no = g_strdup (json_string_value (json_object_get (refund, "no")));
  demo->request_no = g_strdup (json_string_value (json_object_get (refund, "request_no")));
  g_autoptr (TillReturn) loaded = NULL;
  TillAnswer found;
  gboolean done = till_returning_load (demo->folder->ledger,
                                       json_string_value (json_object_get (goods, "no")), &loaded,
                                       &found, error);
  json_decref (answer);
  if (!done)
    return FALSE;
  g_autofree char *text = till_wording_return_text (loaded, demo->shop->zone);
  tell (demo, text);
  return TRUE;
}

/* How often the provider has paid our refund, by its own book. */
static int
times_paid (Demo *demo, GError **error)
{
  g_autofree char *statement = till_sandbox_statement (demo->folder, error);
  json_t *object = statement ? json_loads (statement, 0, NULL) : NULL;
  json_t *effects = object ? json_object_get (object, "effects") : NULL;
  int times = 0;
  if (!object && error && !*error)
    broken (error, "the provider's statement cannot be read");
  for (gsize i = 0; i < json_array_size (effects); i++)
    {
      json_t *one = json_array_get (effects, i);
      const char *number = json_string_value (json_object_get (one, "request_no"));
      times += g_strcmp0 (number, demo->request_no) == 0;
    }
  json_decref (object);
  return object ? times : -1;
}

static TillRefund *
load_refund (Demo *demo, GError **error)
{
  TillRefund *refund = NULL;
  TillAnswer answer;
  if (!till_refunding_load (demo->folder->ledger, demo->refund_no, &refund, &answer, error))
    return NULL;
  if (!refund)
    broken (error, "the refund is not in the books");
  return refund;
}

static gboolean
kill_till (Demo *demo, GError **error)
{
  headline (demo, _ ("The provider pays and answers nothing; the till is killed"));
  const char *const words[] = { "run", NULL };
  if (!till_sandbox_set_fault (demo->folder,
                               "{\"kind\":\"refund\",\"fault\":\"silent\",\"value\":60000}", error))
    return FALSE;
  g_autoptr (GSubprocess) till = start_till (
      demo, words, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error);
  if (!till)
    return FALSE;
  int paid = 0;
  for (int waited = 0; paid == 0 && waited < PAID_WAIT_MS; waited += LOOK_EVERY_MS)
    {
      g_usleep (LOOK_EVERY_MS * 1000);
      paid = times_paid (demo, error);
    }
  g_subprocess_force_exit (till);
  if (paid < 0 || !g_subprocess_wait (till, NULL, error))
    return FALSE;
  g_autoptr (TillRefund) refund = load_refund (demo, error);
  if (!refund)
    return FALSE;
  g_autofree char *state
      = g_strdup_printf (_ ("kill -9. The provider's book: paid %d time. Our books: %s."), paid,
                         till_refund_state_label (refund->state));
  tell (demo, state);
  return paid == 1 || broken (error, "the provider never paid");
}

static gboolean
start_again (Demo *demo, GError **error)
{
  headline (demo, _ ("The till starts again, asks, and does not pay a second time"));
  const char *const words[] = { "run", "--until-idle", "--patience", "8", NULL };
  json_t *answer = ask_till (demo, words, error);
  if (!answer)
    return FALSE;
  json_decref (answer);
  g_autoptr (TillRefund) refund = load_refund (demo, error);
  g_autoptr (GPtrArray) steps
      = refund ? till_refunding_history (demo->folder->ledger, refund->id, error) : NULL;
  int paid = steps ? times_paid (demo, error) : -1;
  if (paid < 0)
    return FALSE;
  g_autofree char *head = till_wording_refund_text (refund, demo->shop->zone);
  g_autofree char *rows = till_wording_steps_text (steps, demo->shop->zone);
  g_autofree char *count = g_strdup_printf (_ ("The provider's book: paid %d time."), paid);
  tell (demo, head);
  tell (demo, rows);
  tell (demo, count);
  json_object_set_new (demo->result, "paid_times", json_integer (paid));
  json_object_set_new (demo->result, "state", json_string (till_refund_state_word (refund->state)));
  if (refund->state != TILL_REFUND_SUCCEEDED)
    return broken (error, "the refund was not recovered");
  return paid == 1 || broken (error, "the refund was not paid exactly once");
}

static gboolean
show_paper (Demo *demo, GError **error)
{
  headline (demo, _ ("The paper roll"));
  g_autoptr (GBytes) bytes = till_roll_file_tail (demo->folder->roll_dir, ROLL_BYTES, error);
  if (!bytes)
    return FALSE;
  g_autoptr (TillRoll) roll
      = till_roll_read (bytes, till_paper_of (demo->shop->paper_mm, demo->shop->paper_dots));
  g_autofree char *text = till_roll_to_text (roll);
  tell (demo, text);
  json_object_set_new (demo->result, "papers", json_integer (roll->papers->len));
  return roll->papers->len >= 3 || broken (error, "a slip is missing");
}

static gboolean
show_report (Demo *demo, GError **error)
{
  headline (demo, _ ("The report of the day, and the audit of the books"));
  int today = till_clock_day (till_clock_now (demo->folder->clock), demo->shop->zone);
  g_autoptr (TillReport) report = NULL;
  TillAnswer answer;
  TillVerdict verdict = { 0 };
  if (!till_reporting_returns (demo->folder->ledger, 0, today, today, TILL_BY_REASON, &report,
                               &answer, error)
      || !till_verify_books (demo->folder->ledger, &verdict, error))
    return FALSE;
  g_autofree char *text = till_wording_report_text (report, demo->shop->zone);
  tell (demo, text);
  g_autofree char *sound
      = g_strdup_printf (verdict.sound ? _ ("The books are sound: %" PRId64 " entries, chained.")
                                       : _ ("The books are NOT sound after %" PRId64 " entries."),
                         verdict.entries);
  tell (demo, sound);
  gboolean good = verdict.sound;
  till_verdict_clear (&verdict);
  json_object_set_new (demo->result, "sound", json_boolean (good));
  return good || broken (error, "the books are not sound");
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir
      = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *below = g_build_filename (path, name, NULL);
      remove_all (below);
    }
  if (remove (path) != 0)
    g_printerr ("tillctl: %s was not removed\n", path);
}

static gboolean
play (Demo *demo, GError **error)
{
  return open_shop (demo, error) && sell_three (demo, error) && take_back (demo, error)
         && kill_till (demo, error) && start_again (demo, error) && show_paper (demo, error)
         && show_report (demo, error);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  gboolean keep = FALSE;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "keep", 0, 0, G_OPTION_ARG_NONE, &keep, N_ ("Keep the shop of the demonstration"), NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 0, &exit_code))
    return exit_code;
  g_auto (Demo) demo = { .ctl = ctl, .result = json_object () };
  demo.self = g_file_read_link ("/proc/self/exe", &error);
  gboolean held = demo.self && play (&demo, &error);
  g_autofree char *dir = demo.folder ? g_strdup (demo.folder->dir) : NULL;
  if (demo.folder)
    g_clear_pointer (&demo.folder->ledger, till_ledger_free);
  if (demo.sandbox)
    till_sandbox_stop (demo.folder);
  if (dir && !keep)
    remove_all (dir);
  if (!held && !g_error_matches (error, TILL_ERROR, TILL_ERROR_CORRUPT))
    return till_ctl_say_error (ctl, error);
  json_object_set_new (demo.result, "held", json_boolean (held));
  g_autofree char *text
      = held ? g_strdup (_ ("\nPaid once, proven, and in every book the same."))
             : g_strdup_printf (_ ("\nThe promise was broken: %s"), error->message);
  json_t *object = json_pack ("{s:O}", "demo", demo.result);
  return held ? till_ctl_say (ctl, object, text) : till_ctl_say_found (ctl, object, text);
}

const TillVerb till_verb_demo = {
  "demo",
  "",
  N_ ("The whole job in a minute: sale, return, lost answer, kill, recovery, report"),
  "  tillctl demo\n"
  "  LANGUAGE=zh_CN tillctl demo",
  run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every verb as a process on a real shop folder, with a real practice provider behind HTTPS: what
 * it does, what it refuses, what its JSON looks like, how it ends. */
#include "tests/ctl/process.h"
#include "data/core/digest.h"
#include "data/core/ids.h"
#include "data/desk/noticing.h"
#include "devices/gateway/http.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define TEA "6970000000017"
#define UMBRELLA "6970000000529"
#define EARPHONES "6970000000598"
#define CASHIER "--json --as 1 --pin-fd 0 "
#define SUPERVISOR "--json --as 2 --pin-fd 0 "
#define MANAGER "--json --as 3 --pin-fd 0 "

static char *top;
static char *shop;
static TillShopFolder *folder;

static TestSaid
as_cashier (const char *words)
{
  g_autofree char *whole = g_strconcat (CASHIER, words, NULL);
  return test_run (shop, whole, "1111\n");
}

static void
assert_no (const TestSaid *said, int code, const char *word)
{
  g_assert_cmpstr (test_text (said, "error.code"), ==, word);
  g_assert_nonnull (test_text (said, "error.sentence"));
  g_assert_cmpuint (strlen (test_text (said, "error.sentence")), >, 8);
  g_assert_cmpint (said->code, ==, code);
}

static void
test_usage (void)
{
  static const struct
  {
    const char *words;
    int code;
    const char *word;
  } rows[] = {
    { "--json", 2, "invalid" },
    { "--json dance", 2, "invalid" },
    { "--json --frobnicate verify", 2, "invalid" },
    { "--json verify extra", 2, "invalid" },
    { "--json sell", 2, "invalid" },
    { "--json sell " TEA " --pay cash=1", 2, "invalid" }, /* who are you? */
    { CASHIER "sell " TEA " --pay gold=1", 2, "invalid" },
    { CASHIER "sell " TEA " --pay cash=1,50", 2, "invalid" },
    { CASHIER "sell " TEA " --pay cash=-1", 2, "invalid" },
    { CASHIER "sell " TEA " --pay code=39.80", 2, "invalid" },
    { CASHIER "sell " TEA "*0 --pay cash=1", 2, "invalid" },
    { CASHIER "sell " TEA "*1.2345 --pay cash=1", 2, "invalid" },
    { CASHIER "sell 'a b' --pay cash=1", 2, "invalid" },
    { CASHIER "sell " TEA " --wait x --pay cash=50", 2, "invalid" },
    { CASHIER "sell " TEA " --token short --pay cash=50", 2, "invalid" },
    { CASHIER "return 123 1 --reason bored", 2, "invalid" },
    { CASHIER "return 123 1 --reason faulty --to moon", 2, "invalid" },
    { CASHIER "return 123 1 --reason faulty --hold --approve 2", 2, "invalid" },
    { "--json refund dance", 2, "invalid" },
    { "--json refund show", 2, "invalid" },
    { "--json refund list --only some", 2, "invalid" },
    { SUPERVISOR "report returns --by colour", 2, "invalid" },
    { SUPERVISOR "report returns --from 2026-02-30", 2, "invalid" },
    { SUPERVISOR "report sales", 2, "invalid" },
    { SUPERVISOR "report providers --by day", 2, "invalid" },
    { SUPERVISOR "report providers returns", 2, "invalid" },
    { MANAGER "import people x.csv", 2, "invalid" },
    { "--json run --patience -1", 2, "invalid" },
    { "--json printer dance", 2, "invalid" },
    { "--json printer use", 2, "invalid" },
    { "--json printer list all", 2, "invalid" },
    { "--json printer use r80", 2, "invalid" }, /* who are you? */
    { "--json slip dance", 2, "invalid" },
    { "--json slip on-paper", 2, "invalid" },
    { "--json slip again x", 2, "invalid" },
    { "--json slip backlog some", 2, "invalid" },
    { "--json slip none 1", 2, "invalid" }, /* who are you? */
    { "--json device dance", 2, "invalid" },
    { "--json device show", 2, "invalid" },
    { "--json device show x", 2, "invalid" },
    { "--json device show 99", 1, "no_device" },
    { "--json device show 1 --month 2026-13", 2, "invalid" },
    { "--json device show 1 --month november", 2, "invalid" },
    { "--json device add printer Front", 2, "invalid" }, /* who are you? */
    { MANAGER "device add toaster Front", 2, "invalid" },
    { MANAGER "device add printer Front colour=red", 2, "invalid" },
    { MANAGER "device add printer Front serial", 2, "invalid" },
    { MANAGER "device add printer Front price=1,50", 2, "invalid" },
    { MANAGER "device add printer Front warranty=2026-02-30", 2, "invalid" },
    { MANAGER "device add printer Front bought=2999-01-01", 1, "record" },
    { CASHIER "device add printer Front", 1, "no_right" },
    { CASHIER "device check 99 good", 1, "no_device" },
    { CASHIER "device check 99 fine", 2, "invalid" },
    { MANAGER "device service 99 magic", 2, "invalid" },
    { MANAGER "device service 99 repair --cost x", 2, "invalid" },
    { CASHIER "shift dance", 2, "invalid" },
    { CASHIER "shift float", 2, "invalid" },
    { CASHIER "shift float 1,50", 2, "invalid" },
    { CASHIER "shift float -- -1", 2, "invalid" },
    { CASHIER "shift out 5", 2, "invalid" }, /* why? */
    { CASHIER "shift show --counted 5", 2, "invalid" },
    { CASHIER "shift close", 2, "invalid" },
    { CASHIER "shift close --counted 5", 2, "invalid" },
    { CASHIER "shift close --counted 5 --notes 5x1 --leave 0", 2, "invalid" },
    { CASHIER "shift close --notes 7x1 --leave 0", 2, "invalid" },
    { CASHIER "shift close --counted 5 --leave x", 2, "invalid" },
    { "--json shift", 2, "invalid" }, /* who are you? */
    { "--json verify --slip 123", 2, "invalid" },
    { "--json verify --slip 91010126112200000017=xyz", 2, "invalid" },
    { "--json scenario", 2, "invalid" },
    { "--json scenario /nowhere.till", 3, "not_found" },
    { "--json backup", 2, "invalid" },
    { "--json init --past -1 --demo", 2, "invalid" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *pin = strstr (rows[i].words, "--as 2")   ? "2222\n"
                        : strstr (rows[i].words, "--as 3") ? "3333\n"
                                                           : "1111\n";
      g_auto (TestSaid) said = test_run (shop, rows[i].words, pin);
      g_test_message ("%s → %d %s", rows[i].words, said.code, said.out);
      /* “123” is a number nobody knows, once the words are right. */
      assert_no (&said, rows[i].code, rows[i].word);
    }
}

/* A provider that nobody is would refuse one customer after the other. */
static void
test_unknown_provider (void)
{
  static const char *const settings[][2] = { { "provider.code=wechatt", "“wechatt”" },
                                             { "provider.card=x", "“x”" },
                                             { "provider.codes=13=wechatt", "“wechatt”" },
                                             { "provider.card=unionpay", "“unionpay”" },
                                             { "provider.codes=13=stripe", "“stripe”" } };
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *dir = g_dir_make_tmp ("till-provider-XXXXXX", NULL);
      g_autofree char *words = g_strdup_printf ("init --demo --past 0 --set %s", settings[i][0]);
      g_auto (TestSaid) said = test_run (dir, words, "");
      g_assert_cmpint (said.code, !=, 0);
      g_assert_nonnull (strstr (said.err, settings[i][1]));
      g_assert_nonnull (strstr (said.err, "does not take"));
      test_folder_remove (dir);
    }
}

static void
test_help (void)
{
  static const char *const verbs[]
      = { "init",    "import",   "sell",       "return",  "refund", "approve",
          "run",     "report",   "settlement", "account", "verify", "backup",
          "restore", "scenario", "demo",       "shift",   "setting" };
  g_auto (TestSaid) all = test_run (NULL, "--help", "");
  g_assert_cmpint (all.code, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_assert_nonnull (strstr (all.out, verbs[i]));
      g_autofree char *words = g_strdup_printf ("%s --help", verbs[i]);
      g_autofree char *example = g_strdup_printf ("  tillctl ");
      g_auto (TestSaid) one = test_run (NULL, words, "");
      g_assert_cmpint (one.code, ==, 0);
      g_assert_nonnull (strstr (one.out, example));
    }
  g_auto (TestSaid) version = test_run (NULL, "--version", "");
  g_assert_true (g_str_has_prefix (version.out, "tillctl "));
}

static void
test_no_shop (void)
{
  g_autofree char *nowhere = g_build_filename (top, "nowhere", NULL);
  g_auto (TestSaid) said = test_run (nowhere, "--json verify", "");
  assert_no (&said, 3, "not_found");
  g_auto (TestSaid) words = test_run (nowhere, "verify", "");
  g_assert_cmpint (words.code, ==, 3);
  g_assert_cmpstr (words.out, ==, "");
  g_assert_true (g_str_has_prefix (words.err, "tillctl: "));
}

static void
test_pin (void)
{
  g_auto (TestSaid) wrong = test_run (shop, CASHIER "sell " TEA " --pay cash=50", "9999\n");
  assert_no (&wrong, 1, "pin");
  g_auto (TestSaid) none = test_run (shop, CASHIER "sell " TEA " --pay cash=50", "");
  assert_no (&none, 2, "invalid");
  g_auto (TestSaid) nobody
      = test_run (shop, "--json --as 77 --pin-fd 0 sell " TEA " --pay cash=50", "1111\n");
  assert_no (&nobody, 1, "pin");
}

static void
test_sell_cash (void)
{
  g_auto (TestSaid) said = as_cashier ("sell " TEA "*2 " UMBRELLA "-1.50 --pay cash=150");
  g_assert_cmpint (said.code, ==, 0);
  g_assert_cmpstr (test_text (&said, "sale.state"), ==, "PAID");
  g_assert_cmpint (test_number (&said, "sale.total"), ==, 12310);
  g_assert_cmpint (test_number (&said, "sale.payments.0.change"), ==, 2690);
  g_assert_cmpint (test_number (&said, "sale.lines.0.quantity"), ==, 2000);
  g_assert_cmpint (test_number (&said, "sale.lines.1.discount"), ==, 150);
  TillNumberKind kind;
  g_assert_true (till_number_parse (test_text (&said, "sale.no"), &kind));
  g_assert_cmpint (kind, ==, TILL_NUMBER_SALE);
}

/* The books of the shop, by hand: what a printer made of the last slips. */
static void
make_of_slips (const char *state, int n)
{
  sqlite3 *db;
  g_autofree char *path = g_build_filename (shop, "ledger.db", NULL);
  g_autofree char *sql = g_strdup_printf (
      "UPDATE print_job SET state = '%s', next_action_at = NULL WHERE kind <> 'drawer'"
      " AND id IN (SELECT id FROM print_job WHERE kind <> 'drawer' ORDER BY id DESC LIMIT %d)",
      state, n);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static gsize
slips_in (const TestSaid *said)
{
  json_t *slips = test_at (said->json, "slips");
  g_assert_true (json_is_array (slips));
  return json_array_size (slips);
}

/* All that was sold before in this shop is on paper. */
static void
test_slips (void)
{
  make_of_slips ("PRINTED", 1000);
  g_auto (TestSaid) none = test_run (shop, "--json slip list", "");
  g_assert_cmpint (none.code, ==, 0);
  g_assert_cmpuint (slips_in (&none), ==, 0);
  for (int i = 0; i < 3; i++)
    {
      g_auto (TestSaid) sold = as_cashier ("sell " TEA " --pay cash=40");
      g_assert_cmpint (sold.code, ==, 0);
    }
  make_of_slips ("STALE", 3);
  make_of_slips ("UNKNOWN", 1);
  g_auto (TestSaid) three = test_run (shop, "--json slip list", "");
  g_assert_cmpuint (slips_in (&three), ==, 3);
  g_assert_cmpstr (test_text (&three, "slips.2.state"), ==, "UNKNOWN");
  g_assert_cmpstr (test_text (&three, "slips.2.slip"), ==, "sale");
  g_assert_cmpuint (strlen (test_text (&three, "slips.2.no")), ==, 20);
  g_auto (TestSaid) words = test_run (shop, "slip list", "");
  g_assert_nonnull (strstr (words.out, "May be on paper: look"));
  g_autofree char *there
      = g_strdup_printf ("slip on-paper %d", (int)test_number (&three, "slips.2.id"));
  g_auto (TestSaid) said = as_cashier (there);
  g_assert_cmpstr (test_text (&said, "settled.word"), ==, "on-paper");
  g_auto (TestSaid) twice = as_cashier (there);
  assert_no (&twice, 1, "no_slip");
  g_auto (TestSaid) last = as_cashier ("slip backlog last");
  g_assert_cmpint (last.code, ==, 0);
  g_auto (TestSaid) over = as_cashier ("slip backlog none");
  assert_no (&over, 1, "no_slip");
  g_auto (TestSaid) copy = test_run (shop, "--json slip list", "");
  g_assert_cmpuint (slips_in (&copy), ==, 1);
  g_assert_cmpint (test_number (&copy, "slips.0.copy"), ==, 2);
  g_assert_cmpstr (test_text (&copy, "slips.0.state"), ==, "QUEUED");
}

/* The shop prints on its roll; then on a queue of a server that is not there, and back. */
static void
test_printer (void)
{
  g_auto (TestSaid) tried = test_run (shop, "--json printer test", "");
  g_assert_cmpint (tried.code, ==, 0);
  g_assert_cmpstr (test_text (&tried, "test.state"), ==, "completed");
  g_assert_true (json_is_true (test_at (tried.json, "test.proven")));
  g_auto (TestSaid) refused = as_cashier ("printer use r80");
  assert_no (&refused, 1, "no_right");
  g_auto (TestSaid) impossible
      = test_run (shop,
                  MANAGER "printer use 12345678901234567890123456789012345678901234567890"
                          "123456789012345678901234567890123456789012345678901234567890123456789012"
                          "3456789012345678901234567890",
                  "3333\n");
  assert_no (&impossible, 1, "setting");
  g_auto (TestSaid) server
      = test_run (shop, MANAGER "setting set paper.server=/nowhere/cups.sock", "3333\n");
  g_assert_cmpint (server.code, ==, 0);
  g_auto (TestSaid) taken = test_run (shop, MANAGER "printer use r80", "3333\n");
  g_assert_cmpstr (test_text (&taken, "use.setting"), ==, "paper.queue");
  g_auto (TestSaid) list = test_run (shop, "--json printer list", "");
  g_assert_cmpint (list.code, ==, 0);
  g_assert_nonnull (strstr (test_text (&list, "problem"), "/nowhere/cups.sock"));
  g_auto (TestSaid) away = test_run (shop, "--json printer test", "");
  assert_no (&away, 3, "offline");
  g_auto (TestSaid) usb = test_run (shop, MANAGER "printer use 04b8:0e28:J9X1", "3333\n");
  g_assert_cmpstr (test_text (&usb, "use.setting"), ==, "paper.usb");
  g_auto (TestSaid) queue = test_run (shop, "--json setting get paper.queue", "");
  g_assert_cmpstr (test_text (&queue, "settings.0.value"), ==, "");
  g_auto (TestSaid) gone = test_run (shop, "--json printer test", "");
  g_assert_cmpint (gone.code, ==, 1);
  g_assert_true (json_is_true (test_at (gone.json, "test.untouched")));
  g_assert_cmpstr (test_text (&gone, "test.trouble"), ==, "offline");
  g_auto (TestSaid) back
      = test_run (shop, MANAGER "setting set paper.usb= paper.queue= paper.server=", "3333\n");
  g_assert_cmpint (back.code, ==, 0);
  g_auto (TestSaid) dots = test_run (shop, MANAGER "setting set paper.dots=500", "3333\n");
  assert_no (&dots, 1, "setting");
}

static void
test_sell_refused (void)
{
  static const struct
  {
    const char *words, *word;
  } rows[] = {
    { "sell 123 --pay cash=50", "no_item" },
    { "sell " TEA " --pay cash=1", "tender_short" },
    { "sell " TEA, "tender_short" },
    { "sell " TEA " --pay code=50:286012345678901234", "tender_over" },
    { "sell " TEA "@1 --pay cash=50", "no_right" },
    { "sell " TEA "-30 --pay cash=50", "discount_limit" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (TestSaid) said = as_cashier (rows[i].words);
      g_test_message ("%s → %s", rows[i].words, said.out);
      assert_no (&said, 1, rows[i].word);
    }
}

static void
test_sell_once (void)
{
  g_autoptr (TillClock) clock = till_clock_new ();
  g_autofree char *token = till_request_no_new (clock);
  g_autofree char *words = g_strdup_printf ("sell " TEA " --pay cash=40 --token %s", token);
  g_auto (TestSaid) first = as_cashier (words);
  g_auto (TestSaid) second = as_cashier (words);
  g_assert_cmpint (first.code + second.code, ==, 0);
  g_assert_cmpstr (test_text (&first, "sale.no"), ==, test_text (&second, "sale.no"));
}

static void
test_sell_declined (void)
{
  g_autoptr (GError) error = NULL;
  till_sandbox_set_fault (
      folder, "{\"kind\":\"pay\",\"fault\":\"refuse\",\"text\":\"CODE_EXPIRED\"}", &error);
  g_assert_no_error (error);
  g_auto (TestSaid) said = as_cashier ("sell " TEA " --pay code=39.80:286012345678901234");
  g_assert_cmpint (said.code, ==, 1);
  g_assert_cmpstr (test_text (&said, "sale.state"), ==, "ABANDONED");
  g_assert_cmpstr (test_text (&said, "sale.payments.0.state"), ==, "DECLINED");
}

/* Behind the program's back: to read the provider's number of the only payment of a sale, or with
 * `instead` to replace it. */
static char *
reference_of (const char *sale_no, const char *instead)
{
  g_autofree char *path = g_build_filename (shop, "ledger.db", NULL);
  sqlite3 *db;
  sqlite3_stmt *rows;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db,
                      "UPDATE leg SET provider_no = coalesce (?2, provider_no)"
                      " WHERE sale_id = (SELECT id FROM sale WHERE no = ?1) RETURNING provider_no",
                      -1, &rows, NULL);
  sqlite3_bind_text (rows, 1, sale_no, -1, SQLITE_STATIC);
  sqlite3_bind_text (rows, 2, instead, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (rows), ==, SQLITE_ROW);
  char *reference = g_strdup ((const char *)sqlite3_column_text (rows, 0));
  g_assert_cmpint (sqlite3_step (rows), ==, SQLITE_DONE);
  sqlite3_finalize (rows);
  sqlite3_close (db);
  return reference;
}

/* A sale by code, a return, the provider, its history, a second try. */
static void
test_return_by_code (void)
{
  g_auto (TestSaid) sold = as_cashier ("sell " TEA "*3 --pay code=119.40:286012345678901234");
  g_assert_cmpint (sold.code, ==, 0);
  g_autofree char *rehearse
      = g_strdup_printf ("return %s 1*2 --reason faulty --rehearse", test_text (&sold, "sale.no"));
  g_auto (TestSaid) before = as_cashier (rehearse);
  g_assert_cmpint (test_number (&before, "rehearsal.amount"), ==, 7960);
  g_autofree char *words
      = g_strdup_printf ("return %s 1*2 --reason 1", test_text (&sold, "sale.no"));
  g_auto (TestSaid) back = as_cashier (words);
  g_assert_cmpint (back.code, ==, 0);
  g_assert_cmpstr (test_text (&back, "return.state"), ==, "CLOSED");
  g_assert_cmpstr (test_text (&back, "return.reason"), ==, "faulty");
  g_assert_cmpint (test_number (&back, "return.amount"), ==, 7960);
  g_assert_cmpstr (test_text (&back, "return.refunds.0.state"), ==, "QUEUED");
  g_auto (TestSaid) more = as_cashier (words);
  assert_no (&more, 1, "quantity");

  g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 3", "");
  g_assert_cmpint (ran.code, ==, 0);
  g_assert_cmpint (test_number (&ran, "run.unconfirmed"), ==, 0);
  g_autofree char *show
      = g_strdup_printf ("--json refund show %s", test_text (&back, "return.refunds.0.no"));
  g_auto (TestSaid) refund = test_run (shop, show, "");
  g_assert_cmpstr (test_text (&refund, "refund.state"), ==, "SUCCEEDED");
  g_assert_true (json_is_true (test_at (refund.json, "refund.proven")));
  g_assert_cmpstr (test_text (&refund, "refund.history.0.event"), ==, "approve");
  g_autofree char *ask
      = g_strdup_printf ("refund ask %s", test_text (&back, "return.refunds.0.no"));
  g_auto (TestSaid) asked = as_cashier (ask);
  g_assert_cmpstr (test_text (&asked, "refund.state"), ==, "SUCCEEDED"); /* it may be asked again */
  g_auto (TestSaid) again = test_run (shop, "--json run --until-idle --patience 3", "");
  g_assert_cmpint (again.code, ==, 0);
  g_auto (TestSaid) still = test_run (shop, show, "");
  g_assert_cmpstr (test_text (&still, "refund.state"), ==, "SUCCEEDED");
  g_assert_false (json_is_true (test_at (still.json, "refund.in_doubt")));
  g_assert_cmpuint (strlen (test_text (&still, "refund.asked_again_at")), >, 0);

  g_autoptr (GError) error = NULL;
  g_autofree char *statement = till_sandbox_statement (folder, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (statement, test_text (&back, "return.refunds.0.request_no")));
}

/* The merchant's money runs short: the words name where to ask how much there is, until it is over.
 */
static void
test_refund_waits_for_balance (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (TestSaid) sold = as_cashier ("sell " TEA " --pay code=39.80:286012345678901234");
  till_sandbox_set_fault (
      folder, "{\"kind\":\"refund\",\"fault\":\"refuse\",\"text\":\"BALANCE_LOW\"}", &error);
  g_assert_no_error (error);
  g_autofree char *words
      = g_strdup_printf ("return %s 1 --reason faulty", test_text (&sold, "sale.no"));
  g_auto (TestSaid) back = as_cashier (words);
  const char *no = test_text (&back, "return.refunds.0.no");
  g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 3", "");
  g_autofree char *show = g_strdup_printf ("refund show %s", no);
  g_auto (TestSaid) waits = test_run (shop, show, "");
  g_assert_nonnull (strstr (waits.out, "too low"));
  g_assert_nonnull (strstr (waits.out, "tillctl account balance NAME"));
  g_autofree char *ask = g_strdup_printf ("refund ask %s", no);
  g_auto (TestSaid) asked = as_cashier (ask);
  g_assert_cmpint (asked.code, ==, 0);
  g_auto (TestSaid) again = test_run (shop, "--json run --until-idle --patience 3", "");
  g_auto (TestSaid) over = test_run (shop, show, "");
  g_assert_nonnull (strstr (over.out, "has paid"));
  g_assert_null (strstr (over.out, "account balance"));
}

/* The slip is lost: the provider's number finds the sale, unless it means several. */
static void
test_return_by_reference (void)
{
  g_auto (TestSaid) first = as_cashier ("sell " TEA " --pay code=39.80:286012345678901235");
  g_auto (TestSaid) second = as_cashier ("sell " TEA "*2 --pay code=79.60:286012345678901236");
  const char *no = test_text (&second, "sale.no");
  g_autofree char *one = reference_of (test_text (&first, "sale.no"), NULL);
  g_autofree char *other = reference_of (no, NULL);
  g_assert_cmpstr (one, !=, other);
  g_autofree char *words = g_strdup_printf ("return %s 1*2 --reason faulty --rehearse", other);
  g_auto (TestSaid) found = as_cashier (words);
  g_assert_cmpint (found.code, ==, 0);
  g_assert_cmpint (test_number (&found, "rehearsal.amount"), ==, 7960);

  g_autofree char *same = reference_of (no, one);
  g_autofree char *unclear = g_strdup_printf ("return %s 1 --reason faulty", one);
  g_auto (TestSaid) several = as_cashier (unclear);
  g_assert_cmpint (several.code, ==, 1);
  g_assert_cmpuint (json_array_size (test_at (several.json, "sales")), ==, 2);
  g_assert_cmpstr (test_text (&several, "sales.0.no"), ==, no);
  g_assert_cmpint (test_number (&several, "sales.1.total"), ==, 3980);
  g_autofree char *back = reference_of (no, other);
}

static void
test_return_refused (void)
{
  g_auto (TestSaid) nothing = as_cashier ("return 91010126112200000017 1 --reason faulty");
  assert_no (&nothing, 1, "no_sale");
  g_auto (TestSaid) no_reference = as_cashier ("return P9999999999 1 --reason faulty");
  assert_no (&no_reference, 1, "no_sale");
  g_auto (TestSaid) sold = as_cashier ("sell " TEA " --pay cash=50");
  g_autofree char *line
      = g_strdup_printf ("return %s 7 --reason faulty", test_text (&sold, "sale.no"));
  g_auto (TestSaid) no_line = as_cashier (line);
  assert_no (&no_line, 2, "invalid");
  g_autofree char *twice
      = g_strdup_printf ("return %s 1 1 --reason faulty", test_text (&sold, "sale.no"));
  g_auto (TestSaid) named_twice = as_cashier (twice);
  assert_no (&named_twice, 2, "invalid");
  g_autofree char *bare = g_strdup_printf ("return %s 1", test_text (&sold, "sale.no"));
  g_auto (TestSaid) no_reason = as_cashier (bare);
  assert_no (&no_reason, 1, "no_reason");
}

static void
test_second_person (void)
{
  g_auto (TestSaid) sold
      = test_run (shop, SUPERVISOR "sell " EARPHONES "*2 --pay cash=400", "2222\n");
  g_assert_cmpint (sold.code, ==, 0);
  const char *no = test_text (&sold, "sale.no");
  g_autofree char *alone = g_strdup_printf ("return %s 1*2 --reason faulty", no);
  g_auto (TestSaid) refused = as_cashier (alone);
  assert_no (&refused, 1, "limit");
  g_autofree char *wrong
      = g_strdup_printf (CASHIER "return %s 1*2 --reason faulty --approve 2", no);
  g_auto (TestSaid) wrong_pin = test_run (shop, wrong, "1111\n1111\n");
  assert_no (&wrong_pin, 1, "pin");
  g_autofree char *held = g_strdup_printf ("return %s 1*2 --reason faulty --hold", no);
  g_auto (TestSaid) waits = as_cashier (held);
  g_assert_cmpint (waits.code, ==, 0);
  g_assert_cmpstr (test_text (&waits, "return.state"), ==, "WAIT_APPROVAL");
  g_assert_cmpstr (test_text (&waits, "return.held_for"), ==, "limit");
  g_auto (TestSaid) list = test_run (shop, "--json approve", "");
  g_assert_cmpstr (test_text (&list, "waiting.0.no"), ==, test_text (&waits, "return.no"));
  g_autofree char *own
      = g_strdup_printf ("--json --as 1 --pin-fd 0 approve %s", test_text (&waits, "return.no"));
  g_auto (TestSaid) same = test_run (shop, own, "1111\n");
  g_assert_cmpint (same.code, ==, 1);
  g_autofree char *yes
      = g_strdup_printf ("--json --as 2 --pin-fd 0 approve %s", test_text (&waits, "return.no"));
  g_auto (TestSaid) approved = test_run (shop, yes, "2222\n");
  g_assert_cmpint (approved.code, ==, 0);
  g_assert_cmpstr (test_text (&approved, "return.state"), ==, "CLOSED");
  g_assert_cmpstr (test_text (&approved, "return.refunds.0.state"), ==, "SUCCEEDED");
}

static void
test_import (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (top, "goods.csv", NULL);
  g_file_set_contents (path,
                       "barcode,name,price\n4006381333931,Pen,1.50\n,Nameless,2\n"
                       "5901234123457,Ink,9.90\n",
                       -1, &error);
  g_assert_no_error (error);
  g_autofree char *words = g_strdup_printf (MANAGER "import goods %s", path);
  g_auto (TestSaid) said = test_run (shop, words, "3333\n");
  g_test_message ("%s", said.out);
  g_assert_cmpint (said.code, ==, 0);
  g_assert_cmpint (test_number (&said, "import.rows"), ==, 3);
  g_assert_cmpint (test_number (&said, "import.added"), ==, 2);
  g_assert_cmpint (test_number (&said, "import.refused"), ==, 1);
  g_assert_cmpint (test_number (&said, "import.refused_rows.0.line"), ==, 3);
  g_auto (TestSaid) again = test_run (shop, words, "3333\n");
  g_assert_cmpint (test_number (&again, "import.same"), ==, 2);
  g_autofree char *cashier = g_strdup_printf ("import goods %s", path);
  g_auto (TestSaid) refused = as_cashier (cashier);
  assert_no (&refused, 1, "no_right");
  g_auto (TestSaid) missing = test_run (shop, MANAGER "import goods /nowhere.csv", "3333\n");
  g_assert_cmpint (missing.code, ==, 3);
}

static void
test_report (void)
{
  g_auto (TestSaid) sold = as_cashier ("sell " TEA " --pay cash=50");
  g_autofree char *words
      = g_strdup_printf ("return %s 1 --reason expired", test_text (&sold, "sale.no"));
  g_auto (TestSaid) back = as_cashier (words);
  g_assert_cmpint (back.code, ==, 0);
  static const char *const bys[] = { "reason", "cashier", "item", "day", "route" };
  int64_t amount = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (bys); i++)
    {
      g_autofree char *report = g_strdup_printf (SUPERVISOR "report returns --by %s", bys[i]);
      g_auto (TestSaid) said = test_run (shop, report, "2222\n");
      g_assert_cmpint (said.code, ==, 0);
      g_assert_cmpstr (test_text (&said, "report.by"), ==, bys[i]);
      g_assert_cmpint (json_array_size (test_at (said.json, "report.rows")), >, 0);
      g_assert_cmpint (test_number (&said, "report.rows.0.amount"), >, 0);
      if (amount >= 0)
        g_assert_cmpint (test_number (&said, "report.amount"), ==, amount);
      amount = test_number (&said, "report.amount");
    }
  g_auto (TestSaid) refused = as_cashier ("report returns");
  assert_no (&refused, 1, "no_right");
}

/* A provider tells of a number that the shop in dir does not know. */
static void
tell_nobodys (const char *dir)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (dir, "ledger.db", NULL);
  TillClock *clock = till_clock_new ();
  TillLedger *ledger = till_ledger_open (path, clock, &error);
  g_assert_no_error (error);
  const TillNotice notice = {
    .is_refund = TRUE, .request_no = (char *)"NOBODYS", .words = (char *)"SUCCESS", .amount = 1250
  };
  g_autofree char *digest = till_digest_hex ("said", 4);
  TillNoticed noticed;
  g_assert_true (till_noticing_receive (ledger, "sandbox", &notice, digest, &noticed, &error));
  till_ledger_free (ledger);
  till_clock_free (clock);
}

static void
test_report_notices (void)
{
  g_autofree char *dir = g_build_filename (top, "notices", NULL);
  g_auto (TestSaid) made = test_run (dir, "--json --pin-fd 0 init --manager 7", "778899\n");
  g_assert_cmpint (made.code, ==, 0);
  g_auto (TestSaid) none = test_run (dir, "--as 7 --pin-fd 0 report returns", "778899\n");
  g_assert_cmpint (none.code, ==, 0);
  g_assert_null (strstr (none.out, "do not know"));
  tell_nobodys (dir);
  g_auto (TestSaid) text = test_run (dir, "--as 7 --pin-fd 0 report returns", "778899\n");
  g_assert_nonnull (strstr (text.out, "1 notice about a number we do not know"));
  g_auto (TestSaid) said = test_run (dir, "--json --as 7 --pin-fd 0 report returns", "778899\n");
  g_assert_cmpint (test_number (&said, "report.notices"), ==, 1);
  g_assert_cmpint (test_number (&said, "report.notice_refunds"), ==, 1250);
  g_assert_cmpint (test_number (&said, "report.notice_payments"), ==, 0);
  g_assert_cmpint (test_number (&said, "report.notice_unknown"), ==, 0);
  g_assert_nonnull (strstr (text.out, "refunds of ¥12.50 and payments of ¥0.00"));
  g_auto (TestSaid) list = test_run (dir, "--json notice list", "");
  g_assert_cmpint (test_number (&list, "notices.0.amount"), ==, 1250);
  g_assert_true (json_is_null (test_at (list.json, "notices.0.currency")));
  g_auto (TestSaid) table = test_run (dir, "notice list", "");
  g_assert_nonnull (strstr (table.out, "¥12.50"));
  g_auto (TestSaid) closed
      = test_run (dir, "--json --as 7 --pin-fd 0 shift close --counted 0 --leave 0", "778899\n");
  g_assert_cmpint (closed.code, ==, 0);
  g_assert_cmpint (test_number (&closed, "shift.notices"), ==, 1);
}

static void
test_report_providers (void)
{
  g_auto (TestSaid) refused = as_cashier ("report providers");
  assert_no (&refused, 1, "no_right");
  g_auto (TestSaid) said = test_run (shop, SUPERVISOR "report providers", "2222\n");
  g_test_message ("%s", said.out);
  g_assert_cmpint (said.code, ==, 0);
  g_assert_cmpint (json_array_size (test_at (said.json, "providers")), ==, 1);
  g_assert_cmpstr (test_text (&said, "providers.0.provider"), ==, "sandbox");
  /* The past of the shop was yesterday, the stories before this one are today. */
  g_assert_cmpint (test_number (&said, "providers.0.last.answers"), >, 0);
  g_assert_cmpint (test_number (&said, "providers.0.open"), >=, 0);
  g_assert_nonnull (test_at (said.json, "providers.0.silence"));
  g_auto (TestSaid) text = test_run (shop, "--as 2 --pin-fd 0 report providers", "2222\n");
  g_assert_cmpint (text.code, ==, 0);
  g_assert_nonnull (strstr (text.out, "Practice provider"));
}

static void
test_lock (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) other = till_shop_folder_at (shop, NULL);
  g_assert_true (till_shop_folder_lock (other, &error));
  g_auto (TestSaid) said = test_run (shop, "--json run --until-idle --patience 0", "");
  assert_no (&said, 3, "busy");
}

static void
test_backup_and_verify (void)
{
  g_autofree char *copy = g_build_filename (top, "copy.db", NULL);
  g_autofree char *second = g_build_filename (top, "second", NULL);
  g_autofree char *backup = g_strdup_printf ("--json backup %s", copy);
  g_autofree char *check = g_strdup_printf ("--json restore --verify %s", copy);
  g_autofree char *restore = g_strdup_printf ("--json restore %s", copy);
  g_auto (TestSaid) sound = test_run (shop, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
  g_assert_true (json_is_true (test_at (sound.json, "verdict.sound")));
  g_auto (TestSaid) saved = test_run (shop, backup, "");
  g_assert_cmpint (saved.code, ==, 0);
  g_assert_cmpint (test_number (&saved, "backup.entry"), >, 0);
  g_auto (TestSaid) over = test_run (shop, backup, "");
  assert_no (&over, 3, "conflict");
  g_auto (TestSaid) good = test_run (shop, check, "");
  g_assert_cmpint (good.code, ==, 0);
  g_auto (TestSaid) onto = test_run (shop, restore, "");
  assert_no (&onto, 3, "conflict");
  g_assert_cmpint (g_mkdir_with_parents (second, 0700), ==, 0);
  g_auto (TestSaid) restored = test_run (second, restore, "");
  g_assert_cmpint (restored.code, ==, 0);
  g_auto (TestSaid) still = test_run (second, "--json verify", "");
  g_assert_cmpint (still.code, ==, 0);

  /* One fen more on a line, behind the schema's back. */
  g_autofree char *path = g_build_filename (second, "ledger.db", NULL);
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_autofree char *trigger = NULL;
  sqlite3_stmt *rows;
  sqlite3_prepare_v2 (db, "SELECT sql FROM sqlite_schema WHERE name = 'sale_line_facts'", -1, &rows,
                      NULL);
  g_assert_cmpint (sqlite3_step (rows), ==, SQLITE_ROW);
  trigger = g_strdup ((const char *)sqlite3_column_text (rows, 0));
  sqlite3_finalize (rows);
  g_assert_cmpint (sqlite3_exec (db,
                                 "DROP TRIGGER sale_line_facts;"
                                 "UPDATE sale_line SET price = price + 1 WHERE sale_id = 1",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, trigger, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_auto (TestSaid) bad = test_run (second, "--json verify", "");
  g_assert_cmpint (bad.code, ==, 1);
  g_assert_false (json_is_true (test_at (bad.json, "verdict.sound")));
  g_assert_nonnull (strstr (test_text (&bad, "verdict.what"), "sale_line"));
}

static void
test_init_real (void)
{
  g_autofree char *dir = g_build_filename (top, "real", NULL);
  g_auto (TestSaid) weak = test_run (dir, "--json --pin-fd 0 init --manager 7", "12\n");
  assert_no (&weak, 2, "invalid");
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
  g_auto (TestSaid) made = test_run (
      dir, "--json --pin-fd 0 init --manager 7 --manager-name Ada --set shop.name=Corner",
      "778899\n");
  g_assert_cmpint (made.code, ==, 0);
  g_assert_false (json_is_true (test_at (made.json, "shop.training")));
  g_auto (TestSaid) again = test_run (dir, "--json --pin-fd 0 init --manager 7", "778899\n");
  assert_no (&again, 3, "conflict");
  /* A terminal has no card reader. */
  g_auto (TestSaid) empty
      = test_run (dir, "--json --as 7 --pin-fd 0 sell " TEA " --pay cash=1", "778899\n");
  assert_no (&empty, 1, "no_item");
}

/* A real shop begins with its manager alone, who lets others in. */
static void
test_staff (void)
{
  g_autofree char *dir = g_build_filename (top, "people", NULL);
  g_auto (TestSaid) made
      = test_run (dir, "--json --pin-fd 0 init --manager 7 --manager-name Ada", "778899\n");
  g_assert_cmpint (made.code, ==, 0);
  g_auto (TestSaid) role
      = test_run (dir, "--json --as 7 --pin-fd 0 staff add 8 Bo owner", "778899\n4321\n");
  assert_no (&role, 2, "invalid");
  g_auto (TestSaid) added
      = test_run (dir, "--json --as 7 --pin-fd 0 staff add 8 Bo cashier", "778899\n4321\n");
  g_assert_cmpint (added.code, ==, 0);
  g_auto (TestSaid) twice
      = test_run (dir, "--json --as 7 --pin-fd 0 staff add 8 Bo cashier", "778899\n4321\n");
  assert_no (&twice, 3, "conflict");
  g_auto (TestSaid) cashier
      = test_run (dir, "--json --as 8 --pin-fd 0 staff add 9 Cy manager", "4321\n9999\n");
  assert_no (&cashier, 1, "no_right");
  for (int i = 0; i < 5; i++)
    {
      g_auto (TestSaid) wrong
          = test_run (dir, "--json --as 8 --pin-fd 0 sell " TEA " --pay cash=1", "0000\n");
      g_assert_cmpint (wrong.code, ==, 1);
    }
  g_auto (TestSaid) locked
      = test_run (dir, "--json --as 8 --pin-fd 0 sell " TEA " --pay cash=1", "4321\n");
  assert_no (&locked, 1, "locked");
  g_auto (TestSaid) lifted = test_run (dir, "--json --as 7 --pin-fd 0 staff unlock 8", "778899\n");
  g_assert_cmpint (lifted.code, ==, 0);
  g_auto (TestSaid) back
      = test_run (dir, "--json --as 8 --pin-fd 0 sell " TEA " --pay cash=1", "4321\n");
  assert_no (&back, 1, "no_item");
  g_auto (TestSaid) all = test_run (dir, "--json staff", "");
  g_assert_cmpint ((int)json_array_size (test_at (all.json, "staff")), ==, 2);
}

static void
test_languages (void)
{
  g_setenv ("LANGUAGE", "zh_CN", TRUE);
  g_auto (TestSaid) chinese = as_cashier ("sell 123 --pay cash=50");
  g_setenv ("LANGUAGE", "en", TRUE);
  g_auto (TestSaid) english = as_cashier ("sell 123 --pay cash=50");
  g_unsetenv ("LANGUAGE");
  g_assert_cmpstr (test_text (&chinese, "error.code"), ==, test_text (&english, "error.code"));
  g_assert_cmpstr (test_text (&chinese, "error.sentence"), !=,
                   test_text (&english, "error.sentence"));
}

static void
test_demo (void)
{
  g_auto (TestSaid) said = test_run (NULL, "--json demo", "");
  g_test_message ("%s %s", said.out, said.err);
  g_assert_cmpint (said.code, ==, 0);
  g_assert_true (json_is_true (test_at (said.json, "demo.held")));
  g_assert_true (json_is_true (test_at (said.json, "demo.sound")));
  g_assert_cmpint (test_number (&said, "demo.paid_times"), ==, 1);
  g_assert_cmpstr (test_text (&said, "demo.state"), ==, "SUCCEEDED");
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *locales = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "po", NULL);
  g_setenv ("TILL_LOCALEDIR", locales, TRUE);
  g_autofree char *bin = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "sandbox", NULL);
  g_setenv ("TILL_BINDIR", bin, TRUE);
  till_http_init ();
  top = test_folder_new ();
  shop = g_build_filename (top, "shop", NULL);
  g_auto (TestSaid) made = test_run (shop, "--json init --demo --past 1 --set provider.codes=", "");
  g_assert_cmpstr (made.err, ==, "");
  g_assert_cmpint (made.code, ==, 0);
  folder = till_shop_folder_at (shop, NULL);
  gboolean started = till_sandbox_start (folder, &error);
  g_assert_no_error (error);
  g_assert_true (started);
}

/* Looked at by anybody, changed by a manager, all or nothing, and in the journal. */
static void
test_setting (void)
{
  g_autofree char *dir = g_build_filename (top, "settings", NULL);
  g_auto (TestSaid) made = test_run (dir, "--json --pin-fd 0 init --manager 7", "778899\n");
  g_assert_cmpint (made.code, ==, 0);
  static const struct
  {
    const char *words;
    int code;
    const char *word;
  } rows[] = {
    { "--json setting get", 2, "invalid" },
    { "--json setting get shop.names", 2, "invalid" },
    { "--json setting set shop.name", 2, "invalid" },
    { "--json setting put shop.name=X", 2, "invalid" },
    { "--json --as 7 --pin-fd 0 setting set shop.till=4", 1, "setting" },
    { "--json --as 7 --pin-fd 0 setting set paper.mm=57", 1, "setting" },
    { "--json --as 7 --pin-fd 0 setting set nobody.knows=1", 1, "setting" },
    { "--json --as 7 --pin-fd 0 setting set provider.card=unionpay", 1, "no_taker" },
    { "--json --as 7 --pin-fd 0 setting set shop.name=Half provider.codes=13=stripe", 1,
      "no_taker" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (TestSaid) said = test_run (dir, rows[i].words, "778899\n");
      g_test_message ("%s → %d %s", rows[i].words, said.code, said.out);
      assert_no (&said, rows[i].code, rows[i].word);
    }
  g_auto (TestSaid) before = test_run (dir, "--json setting get shop.name", "");
  g_assert_cmpstr (test_text (&before, "settings.0.value"), ==, "Quittance");
  g_auto (TestSaid) set = test_run (
      dir, "--json --as 7 --pin-fd 0 setting set shop.name=Corner paper.mm=58", "778899\n");
  g_assert_cmpint (set.code, ==, 0);
  g_assert_true (json_is_true (test_at (set.json, "at_start")));
  g_auto (TestSaid) after = test_run (dir, "--json setting get shop.name", "");
  g_assert_cmpstr (test_text (&after, "settings.0.value"), ==, "Corner");
  g_assert_true (json_is_true (test_at (after.json, "settings.0.set")));
  g_auto (TestSaid) all = test_run (dir, "setting list", "");
  g_assert_nonnull (strstr (all.out, "policy.window_days"));
  g_auto (TestSaid) sound = test_run (dir, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
}

/* A device from the invoice to the scrap heap. */
static void
test_device (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-device-XXXXXX", NULL);
  g_auto (TestSaid) made = test_run (dir, "--json init --demo --past 0", "");
  g_assert_cmpint (made.code, ==, 0);
  g_auto (TestSaid) none = test_run (dir, "device list", "");
  g_assert_nonnull (strstr (none.out, "The register is empty"));
  g_auto (TestSaid) added = test_run (
      dir,
      MANAGER "device add printer Front serial=J9X1 bought=2026-01-05 price=899 phone=021-5550100",
      "3333\n");
  g_assert_cmpint (test_number (&added, "written.no"), ==, 1);
  g_auto (TestSaid) corrected
      = test_run (dir, MANAGER "device correct 1 invoice=F-77 warranty=2099-01-05", "3333\n");
  g_assert_cmpint (test_number (&corrected, "written.no"), ==, 1);
  g_auto (TestSaid) silent = test_run (dir, CASHIER "device check 1 bad", "1111\n");
  assert_no (&silent, 1, "no_words");
  g_auto (TestSaid) bad
      = test_run (dir, CASHIER "device check 1 bad --because 'half a line'", "1111\n");
  g_assert_cmpint (bad.code, ==, 0);
  g_auto (TestSaid) repair = test_run (dir,
                                       MANAGER "device service 1 repair --because 'new head' "
                                               "--cost 120.50 --by Zhang --firmware 2.0",
                                       "3333\n");
  g_assert_cmpint (repair.code, ==, 0);
  g_auto (TestSaid) whole = test_run (dir, "--json device show 1", "");
  g_assert_cmpstr (test_text (&whole, "device.invoice"), ==, "F-77");
  g_assert_cmpstr (test_text (&whole, "device.warranty"), ==, "runs");
  g_assert_cmpint (test_number (&whole, "device.price"), ==, 89900);
  g_assert_true (json_is_true (test_at (whole.json, "device.overdue")));
  g_assert_cmpstr (test_text (&whole, "device.checks.0.note"), ==, "half a line");
  g_assert_cmpstr (test_text (&whole, "device.checks.0.proof"), ==, "said");
  g_assert_cmpint (test_number (&whole, "device.services.0.cost"), ==, 12050);
  g_assert_cmpstr (test_text (&whole, "device.firmware"), ==, "2.0");
  g_assert_cmpint (test_number (&whole, "device.figures.uses"), ==, 0);
  g_assert_true (json_is_null (test_at (whole.json, "device.figures.p95_ms")));
  g_auto (TestSaid) then = test_run (dir, "--json device show 1 --month 2026-01", "");
  g_assert_cmpint (test_number (&then, "device.figures.month"), ==, 202601);
  g_auto (TestSaid) text = test_run (dir, "device show 1", "");
  g_assert_nonnull (strstr (text.out, "Nothing was counted."));
  g_assert_nonnull (strstr (text.out, "When it is broken call 021-5550100"));
  g_assert_nonnull (strstr (text.out, "It failed its check"));
  g_auto (TestSaid) retired
      = test_run (dir, MANAGER "device retire 1 --because 'broken for good'", "3333\n");
  g_assert_cmpint (retired.code, ==, 0);
  g_auto (TestSaid) gone = test_run (dir, "--json device list", "");
  g_assert_cmpuint (json_array_size (test_at (gone.json, "devices")), ==, 0);
  g_auto (TestSaid) all = test_run (dir, "--json device list --all", "");
  g_assert_cmpstr (test_text (&all, "devices.0.retired_why"), ==, "broken for good");
  g_auto (TestSaid) sound = test_run (dir, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
  test_folder_remove (dir);
}

/* A day in a shop of its own: float, sale, cash out, count, close, slip, paper; and the key. */
static void
test_shift (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-shift-XXXXXX", NULL);
  g_autofree char *key = g_build_filename (dir, "seal.key", NULL);
  g_auto (TestSaid) made = test_run (dir, "--json init --demo --past 0", "");
  g_assert_cmpint (made.code, ==, 0);
  g_assert_true (g_file_test (key, G_FILE_TEST_EXISTS));
  g_auto (TestSaid) in = test_run (dir, CASHIER "shift float 100", "1111\n");
  g_assert_cmpint (test_number (&in, "moved.amount"), ==, 10000);
  g_auto (TestSaid) much = test_run (dir, CASHIER "shift out 100.01 --reason x", "1111\n");
  assert_no (&much, 1, "cash_out");
  g_auto (TestSaid) sold = test_run (dir, CASHIER "sell " TEA " --pay cash=50", "1111\n");
  g_assert_cmpint (sold.code, ==, 0);
  g_auto (TestSaid) so_far = test_run (dir, CASHIER "shift", "1111\n");
  g_assert_cmpint (test_number (&so_far, "now.sales_n"), ==, 1);
  g_assert_true (json_is_null (test_at (so_far.json, "now.sales")));
  g_auto (TestSaid) reader = test_run (dir, MANAGER "shift", "3333\n");
  g_assert_cmpint (test_number (&reader, "now.sales"), ==, 3980);
  g_assert_null (test_at (so_far.json, "now.expected"));
  g_assert_null (strstr (so_far.out, "13980")); /* nor in any other word */
  g_auto (TestSaid) away = test_run (dir, CASHIER "shift close --counted 100 --leave 0", "1111\n");
  assert_no (&away, 1, "over_short");
  g_auto (TestSaid) own
      = test_run (dir, CASHIER "shift close --counted 100 --leave 0 --approve 1", "1111\n1111\n");
  assert_no (&own, 1, "same_person");
  g_auto (TestSaid) closed = test_run (
      dir, CASHIER "shift close --notes 100x1,20x1,10x1,5x1,1x4,0.5x1 --leave 100", "1111\n");
  g_assert_cmpint (closed.code, ==, 0);
  g_assert_cmpint (test_number (&closed, "shift.over_short"), ==, -30);
  g_assert_cmpint (test_number (&closed, "shift.kept"), ==, 10000);
  g_autofree char *again
      = g_strdup_printf (CASHIER "shift print %s", test_text (&closed, "shift.no"));
  g_auto (TestSaid) copy = test_run (dir, again, "1111\n");
  g_assert_cmpint (copy.code, ==, 0);
  g_autofree char *right
      = g_strdup_printf ("--json verify --slip %s=%s", test_text (&closed, "shift.no"),
                         test_text (&closed, "shift.entry"));
  g_auto (TestSaid) paper = test_run (dir, right, "");
  g_assert_cmpint (paper.code, ==, 0);
  g_assert_cmpstr (test_text (&paper, "slip.word"), ==, "right");
  g_autofree char *forged
      = g_strdup_printf ("--json verify --slip %s=00000000", test_text (&closed, "shift.no"));
  g_auto (TestSaid) other = test_run (dir, forged, "");
  g_assert_cmpint (other.code, ==, 1);
  g_assert_cmpstr (test_text (&other, "slip.word"), ==, "wrong");
  g_auto (TestSaid) words = test_run (dir, "--as 1 --pin-fd 0 shift list", "1111\n");
  g_assert_nonnull (strstr (words.out, "-¥0.30"));

  g_unlink (key);
  g_auto (TestSaid) unsigned_
      = test_run (dir, CASHIER "shift close --counted 100 --leave 0", "1111\n");
  assert_no (&unsigned_, 3, "not_found");
  g_auto (TestSaid) not_you = test_run (dir, CASHIER "shift key", "1111\n");
  assert_no (&not_you, 1, "no_right");
  g_auto (TestSaid) new_key = test_run (dir, MANAGER "shift key", "3333\n");
  g_assert_cmpuint (strlen (test_text (&new_key, "key.fingerprint")), ==, 19);
  g_auto (TestSaid) second
      = test_run (dir, CASHIER "shift close --counted 100 --leave 0", "1111\n");
  g_assert_cmpint (second.code, ==, 0);
  g_auto (TestSaid) sound = test_run (dir, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
  test_folder_remove (dir);
}

/* Books from before the last close: not for work, but for looking, and an honest copy may come. */
static void
test_older_books (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-older-XXXXXX", NULL);
  g_autofree char *books = g_build_filename (dir, "ledger.db", NULL);
  g_autofree char *copy = g_build_filename (dir, "copy.db", NULL), *bytes = NULL;
  g_autofree char *backup = g_strdup_printf ("--json backup %s", copy);
  g_autofree char *restore = g_strdup_printf ("--json restore %s", copy);
  g_auto (TestSaid) made = test_run (dir, "--json init --demo --past 0", "");
  g_auto (TestSaid) saved = test_run (dir, backup, "");
  g_assert_cmpint (saved.code, ==, 0);
  g_auto (TestSaid) closed = test_run (dir, CASHIER "shift close --counted 0 --leave 0", "1111\n");
  g_assert_cmpint (closed.code, ==, 0);
  gsize size;
  g_assert_true (g_file_get_contents (copy, &bytes, &size, NULL));
  g_unlink (books);
  g_assert_true (g_file_set_contents (books, bytes, (gssize)size, NULL));
  g_auto (TestSaid) sell = test_run (dir, CASHIER "sell " TEA " --pay cash=50", "1111\n");
  assert_no (&sell, 3, "stopped");
  g_assert_nonnull (strstr (test_text (&sell, "error.sentence"), "older copy"));
  g_auto (TestSaid) verify = test_run (dir, "--json verify", "");
  g_assert_cmpint (verify.code, ==, 1);
  g_assert_false (json_is_true (test_at (verify.json, "verdict.sound")));
  g_unlink (books);
  g_auto (TestSaid) restored = test_run (dir, restore, "");
  g_assert_cmpint (restored.code, ==, 0);
  g_auto (TestSaid) again = test_run (dir, CASHIER "sell " TEA " --pay cash=50", "1111\n");
  g_assert_cmpint (again.code, ==, 0);
  g_auto (TestSaid) sound = test_run (dir, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
  test_folder_remove (dir);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/tillctl/usage", test_usage);
  g_test_add_func ("/tillctl/help", test_help);
  g_test_add_func ("/tillctl/unknown-provider", test_unknown_provider);
  g_test_add_func ("/tillctl/no-shop", test_no_shop);
  g_test_add_func ("/tillctl/pin", test_pin);
  g_test_add_func ("/tillctl/sell/cash", test_sell_cash);
  g_test_add_func ("/tillctl/slips", test_slips);
  g_test_add_func ("/tillctl/printer", test_printer);
  g_test_add_func ("/tillctl/sell/refused", test_sell_refused);
  g_test_add_func ("/tillctl/sell/once", test_sell_once);
  g_test_add_func ("/tillctl/sell/declined", test_sell_declined);
  g_test_add_func ("/tillctl/return/by-code", test_return_by_code);
  g_test_add_func ("/tillctl/refund/waits-for-balance", test_refund_waits_for_balance);
  g_test_add_func ("/tillctl/return/return-by-reference", test_return_by_reference);
  g_test_add_func ("/tillctl/return/refused", test_return_refused);
  g_test_add_func ("/tillctl/return/second-person", test_second_person);
  g_test_add_func ("/tillctl/import", test_import);
  g_test_add_func ("/tillctl/report", test_report);
  g_test_add_func ("/tillctl/device", test_device);
  g_test_add_func ("/tillctl/report-notices", test_report_notices);
  g_test_add_func ("/tillctl/report-providers", test_report_providers);
  g_test_add_func ("/tillctl/lock", test_lock);
  g_test_add_func ("/tillctl/backup-and-verify", test_backup_and_verify);
  g_test_add_func ("/tillctl/init-real", test_init_real);
  g_test_add_func ("/tillctl/staff", test_staff);
  g_test_add_func ("/tillctl/setting", test_setting);
  g_test_add_func ("/tillctl/languages", test_languages);
  g_test_add_func ("/tillctl/shift", test_shift);
  g_test_add_func ("/tillctl/older-books", test_older_books);
  g_test_add_func ("/tillctl/demo", test_demo);
  int result = g_test_run ();
  till_sandbox_stop (folder);
  till_shop_folder_free (folder);
  test_folder_remove (top);
  g_free (top);
  g_free (shop);
  return result;
}

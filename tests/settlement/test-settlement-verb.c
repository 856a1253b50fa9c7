/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tillctl settlement` as a process on a real shop folder, the practice provider behind HTTPS: a
 * day with refunds in parts and a lost answer, first while one refund is not confirmed, then when
 * it is, then with each kind of wrong file. */
#include "data/core/clock.h"
#include "devices/gateway/http.h"
#include "tests/ctl/process.h"

#include <string.h>

#define TEA "6970000000017"
#define CASHIER "--json --as 1 --pin-fd 0 "
#define SUPERVISOR "--json --as 2 --pin-fd 0 "

static char *top;
static char *shop;
static TillShopFolder *folder;

static TestSaid
as_cashier (const char *words)
{
  g_autofree char *whole = g_strconcat (CASHIER, words, NULL);
  return test_run (shop, whole, "1111\n");
}

static TestSaid
settle_with (const char *provider, const char *before, const char *more)
{
  g_autofree char *day = till_clock_format_day (till_clock_day (g_get_real_time (), TILL_CHINA));
  g_autofree char *words = g_strconcat (before, "settlement ", provider, " ", day, " ", more, NULL);
  TestSaid said = test_run (shop, words, "2222\n");
  g_test_message ("%s%s", said.out, said.err);
  return said;
}

static TestSaid
settle (const char *more)
{
  return settle_with ("sandbox", SUPERVISOR, more);
}

static void
set_fault (const char *json)
{
  g_autoptr (GError) error = NULL;
  gboolean set = till_sandbox_set_fault (folder, json, &error);
  g_assert_no_error (error);
  g_assert_true (set);
}

static void
run_once (void)
{
  g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 0", "");
  g_assert_cmpint (ran.code, ==, 0);
}

static int64_t
rows_of (const TestSaid *said, const char *match, const char *side)
{
  size_t i;
  json_t *one;
  json_array_foreach (test_at (said->json, "settlement.classes"), i, one)
  {
    if (strcmp (json_string_value (json_object_get (one, "class")), match) == 0)
      return json_integer_value (json_object_get (json_object_get (one, side), "rows"));
  }
  g_assert_not_reached ();
}

static void
give_back (const char *sale_no)
{
  g_autofree char *words = g_strdup_printf ("return %s 1 --reason faulty", sale_no);
  g_auto (TestSaid) back = as_cashier (words);
  g_assert_cmpint (back.code, ==, 0);
}

/* Two parts of one sale back; the answer to the second is lost, and the question about it too. */
static void
test_day (void)
{
  g_auto (TestSaid) sold = as_cashier ("sell " TEA "*3 --pay code=119.40:286012345678901234");
  g_assert_cmpint (sold.code, ==, 0);
  const char *no = test_text (&sold, "sale.no");
  give_back (no);
  run_once ();
  set_fault ("{\"kind\":\"refund\",\"fault\":\"silent\"}");
  set_fault ("{\"kind\":\"query_refund\",\"fault\":\"silent\",\"times\":9}");
  give_back (no);
  run_once ();

  g_auto (TestSaid) open = settle ("");
  g_assert_cmpint (open.code, ==, 1);
  g_assert_true (json_is_true (test_at (open.json, "settlement.open")));
  g_assert_cmpint (rows_of (&open, "matched", "theirs"), ==, 2);
  g_assert_cmpint (rows_of (&open, "state", "theirs"), ==, 1);
  g_assert_cmpstr (test_text (&open, "settlement.items.0.class"), ==, "state");
  g_assert_cmpstr (test_text (&open, "settlement.items.0.sale"), ==, no);
  g_assert_cmpstr (test_text (&open, "settlement.items.0.ours.state"), ==, "UNKNOWN");
  g_assert_cmpint (test_number (&open, "settlement.items.0.theirs.amount"), ==, 3980);

  set_fault (NULL);
  g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 90", "");
  g_assert_cmpint (test_number (&ran, "run.unconfirmed"), ==, 0);
  g_auto (TestSaid) closed = settle ("");
  g_assert_cmpint (closed.code, ==, 0);
  g_assert_cmpint (rows_of (&closed, "matched", "theirs"), ==, 3);
  g_assert_cmpint (test_number (&closed, "settlement.theirs.paid"), ==, 11940);
  g_assert_cmpint (test_number (&closed, "settlement.theirs.returned"), ==, 7960);
  g_assert_cmpint (test_number (&closed, "settlement.ours.returned"), ==, 7960);
}

static void
test_wrong_files (void)
{
  static const struct
  {
    const char *fault, *file, *match;
  } rows[] = {
    { "missing", "not_yet", NULL },    { "late", "not_yet", NULL },
    { "cut", "broken", NULL },         { "repeated-row", "broken", NULL },
    { "wrong-total", "broken", NULL }, { "unknown-refund", "here", "theirs" },
    { "row-missing", "here", "ours" }, { "other-amount", "here", "amount" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json
          = g_strdup_printf ("{\"kind\":\"file\",\"fault\":\"%s\"}", rows[i].fault);
      set_fault (json);
      g_auto (TestSaid) said = settle ("");
      g_assert_cmpint (said.code, ==, 1);
      g_assert_cmpstr (test_text (&said, "settlement.file"), ==, rows[i].file);
      g_assert_true (json_is_true (test_at (said.json, "settlement.open")));
      if (!rows[i].match)
        continue;
      /* Near midnight in Beijing what only we have may stand in the next file. */
      int64_t n = rows_of (&said, rows[i].match, "theirs") + rows_of (&said, rows[i].match, "ours")
                  + (strcmp (rows[i].match, "ours") == 0 ? rows_of (&said, "edge", "ours") : 0);
      g_assert_cmpint (n, ==, strcmp (rows[i].match, "amount") == 0 ? 2 : 1);
    }
  set_fault (NULL);
  g_auto (TestSaid) words
      = test_run (shop, "--as 2 --pin-fd 0 settlement sandbox 2020-01-01", "2222\n");
  g_assert_cmpint (words.code, ==, 0);
  g_assert_nonnull (strstr (words.out, "Nothing is open."));
}

static void
test_refused (void)
{
  g_autofree char *path = g_build_filename (top, "settlement.csv", NULL);
  g_assert_true (g_file_set_contents (path, "time,kind\n", -1, NULL));
  g_autofree char *file = g_strdup_printf ("--file %s", path);
  g_auto (TestSaid) broken = settle (file);
  g_assert_cmpint (broken.code, ==, 1);
  g_assert_cmpstr (test_text (&broken, "settlement.file"), ==, "broken");
  g_assert_true (g_file_set_contents (path,
                                      "time,kind,request_no,original_no,provider_no,amount,fee\n"
                                      "total,0,,,,0.00,0.00\n",
                                      -1, NULL));
  g_auto (TestSaid) empty = settle (file);
  g_assert_cmpint (empty.code, ==, 1); /* what was sold is missing in it */
  g_assert_cmpint (rows_of (&empty, "ours", "ours") + rows_of (&empty, "edge", "ours"), ==, 3);
  static const struct
  {
    const char *words, *pin;
    int code;
  } rows[] = {
    { SUPERVISOR "settlement", "2222\n", 2 },
    { SUPERVISOR "settlement sandbox", "2222\n", 2 },
    { SUPERVISOR "settlement moon 2026-11-22", "2222\n", 2 },
    { SUPERVISOR "settlement sandbox 2026-02-30", "2222\n", 2 },
    { SUPERVISOR "settlement lakala 2026-11-22", "2222\n", 2 }, /* nobody knows how to ask */
    { SUPERVISOR "settlement sandbox 2026-11-22 --file /nowhere", "2222\n", 3 },
    { CASHIER "settlement sandbox 2026-11-22", "1111\n", 1 }, /* no right */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (TestSaid) said = test_run (shop, rows[i].words, rows[i].pin);
      g_test_message ("%s → %d %s", rows[i].words, said.code, said.out);
      g_assert_cmpint (said.code, ==, rows[i].code);
      g_assert_nonnull (test_text (&said, "error.sentence"));
    }
}

/* A declined payment stands nowhere; one of which no answer came is paid there and not confirmed
 * here. */
static void
test_lost_payment (void)
{
  set_fault ("{\"kind\":\"pay\",\"fault\":\"refuse\",\"text\":\"CODE_EXPIRED\"}");
  g_auto (TestSaid) declined = as_cashier ("sell " TEA " --pay code=39.80:286012345678901235");
  g_assert_cmpint (declined.code, ==, 1);
  set_fault ("{\"kind\":\"pay\",\"fault\":\"silent\"}");
  set_fault ("{\"kind\":\"query_pay\",\"fault\":\"silent\",\"times\":9}");
  g_auto (TestSaid) lost
      = as_cashier ("sell " TEA "*2 --wait 1 --pay code=79.60:286012345678901236");
  g_test_message ("%s%s", lost.out, lost.err);
  g_auto (TestSaid) said = settle ("");
  g_assert_cmpint (said.code, ==, 1);
  g_assert_cmpint (rows_of (&said, "matched", "theirs"), ==, 3);
  g_assert_cmpint (rows_of (&said, "state", "theirs"), ==, 1);
  g_assert_cmpstr (test_text (&said, "settlement.items.0.kind"), ==, "payment");
  set_fault (NULL);
}

/* WeChat Pay's fund flow beside its bill. Nothing was sold that way: both have no rows. */
static void
test_funds (void)
{
  static const struct
  {
    const char *fault, *file, *code;
    int exit_code;
  } rows[] = {
    { "ok", "here", "", 0 },
    { "funds-missing", "not_yet", "NO_STATEMENT_EXIST", 1 },
    { "funds-refused", "refused", "NO_AUTH", 1 },
    { "funds-wrong-total", "broken", "", 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json
          = g_strdup_printf ("{\"kind\":\"file\",\"fault\":\"%s\"}", rows[i].fault);
      set_fault (json);
      g_auto (TestSaid) said = settle_with ("wechat", SUPERVISOR, "");
      g_assert_cmpint (said.code, ==, rows[i].exit_code);
      g_assert_cmpstr (test_text (&said, "settlement.file"), ==, "here");
      g_assert_cmpstr (test_text (&said, "settlement.funds.file"), ==, rows[i].file);
      g_assert_cmpstr (test_text (&said, "settlement.funds.code"), ==, rows[i].code);
      gboolean good = rows[i].exit_code == 0;
      g_assert_true (json_is_true (test_at (said.json, "settlement.funds.agrees")) == good);
      g_assert_true (json_is_true (test_at (said.json, "settlement.open")) == !good);
    }
  set_fault ("{\"kind\":\"file\",\"fault\":\"funds-refused\"}");
  g_auto (TestSaid) refused = settle_with ("wechat", "--as 2 --pin-fd 0 ", "");
  g_assert_nonnull (strstr (refused.out, "Fund flow: The question was not taken (NO_AUTH)."));
  set_fault (NULL);
  g_auto (TestSaid) good = settle_with ("wechat", "--as 2 --pin-fd 0 ", "");
  g_assert_cmpint (good.code, ==, 0);
  g_assert_nonnull (strstr (good.out, "The fund flow agrees with the file."));
  g_auto (TestSaid) other = settle ("");
  g_assert_null (test_at (other.json, "settlement.funds")); /* this one has no such file */
}

/* By hand, a bill and a flow that do not say the same. */
static void
test_funds_by_hand (void)
{
  g_autofree char *files
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "settlement", "files", NULL);
  g_autofree char *words = g_strdup_printf (
      "settlement wechat 2026-11-22 --file %s/wechat-trade.csv --file %s/wechat-funds.csv", files,
      files);
  g_autofree char *as_json = g_strconcat (SUPERVISOR, words, NULL);
  g_auto (TestSaid) said = test_run (shop, as_json, "2222\n");
  g_test_message ("%s%s", said.out, said.err);
  g_assert_cmpint (said.code, ==, 1);
  g_assert_cmpstr (test_text (&said, "settlement.funds.first"), ==, "A2");
  g_assert_cmpint (test_number (&said, "settlement.funds.differing"), ==, 2);
  g_assert_cmpint (test_number (&said, "settlement.funds.paid.bill"), ==, 10250);
  g_assert_cmpint (test_number (&said, "settlement.funds.paid.flow"), ==, 1250);
  g_assert_cmpint (test_number (&said, "settlement.funds.fees.bill"), ==, 62);
  g_assert_cmpint (test_number (&said, "settlement.funds.returned.flow"), ==, 497);
  g_autofree char *as_text = g_strconcat ("--as 2 --pin-fd 0 ", words, NULL);
  g_auto (TestSaid) text = test_run (shop, as_text, "2222\n");
  g_test_message ("%s", text.out);
  g_assert_nonnull (strstr (text.out, "differ in 2 numbers, the first of them A2."));
}

/* Kept once, however often it is read; a row of nobody's refund is closed by two. */
static void
test_kept (void)
{
  set_fault (NULL);
  g_auto (TestSaid) first = settle ("--keep");
  int64_t id = test_number (&first, "settlement.kept.id");
  g_assert_cmpint (id, >, 0);
  g_assert_true (json_is_false (test_at (first.json, "settlement.kept.again")));
  g_auto (TestSaid) second = settle ("--keep");
  g_assert_true (json_is_true (test_at (second.json, "settlement.kept.again")));
  g_assert_cmpint (test_number (&second, "settlement.kept.id"), ==, id);

  set_fault ("{\"kind\":\"file\",\"fault\":\"unknown-refund\"}");
  g_auto (TestSaid) third = settle ("--keep");
  set_fault (NULL);
  g_assert_cmpint (third.code, ==, 1);
  int64_t other = test_number (&third, "settlement.kept.id");
  g_assert_cmpint (other, >, id);

  g_auto (TestSaid) days = test_run (shop, SUPERVISOR "settlement list", "2222\n");
  g_assert_cmpint (days.code, ==, 0);
  g_assert_cmpstr (test_text (&days, "settlements.0.provider"), ==, "sandbox");
  g_assert_cmpint (test_number (&days, "settlements.0.files"), ==, 2);
  g_assert_cmpint (test_number (&days, "settlements.0.id"), ==, other);
  g_auto (TestSaid) rows = settle_with ("list sandbox", SUPERVISOR, "");
  g_assert_cmpint (rows.code, ==, 0);
  g_autofree char *newest = g_strdup_printf ("%" G_GINT64_FORMAT "/1", other);
  g_assert_cmpstr (test_text (&rows, "differences.0.id"), ==, newest);
}

static int64_t
row_of (const TestSaid *rows, const char *match)
{
  size_t i;
  json_t *one;
  json_array_foreach (test_at (rows->json, "differences"), i, one)
  {
    const char *class = json_string_value (json_object_get (one, "class"));
    const char *id = json_string_value (json_object_get (one, "id"));
    if (strcmp (class, match) == 0 && json_is_true (json_object_get (one, "open")))
      return g_ascii_strtoll (strchr (id, '/') + 1, NULL, 10);
  }
  g_assert_not_reached ();
}

static void
test_closing (void)
{
  g_autofree char *day = till_clock_format_day (till_clock_day (g_get_real_time (), TILL_CHINA));
  g_autofree char *list = g_strconcat (SUPERVISOR "settlement list sandbox ", day, NULL);
  g_auto (TestSaid) rows = test_run (shop, list, "2222\n");
  g_test_message ("%s", rows.out);
  g_assert_cmpint (rows.code, ==, 0);
  g_auto (TestSaid) days = test_run (shop, SUPERVISOR "settlement list", "2222\n");
  int64_t id = test_number (&days, "settlements.0.id");
  int n = (int)row_of (&rows, "theirs");
  const struct
  {
    const char *head, *tail, *pins, *word;
  } tries[] = {
    { SUPERVISOR, "--because x", "2222\n", "no_right" },
    { "--json --as 3 --pin-fd 0 ", "", "3333\n", "no_words" },
    { "--json --as 3 --pin-fd 0 ", "--because x", "3333\n", "no_second" },
    { "--json --as 3 --pin-fd 0 ", "--because x --approve 3", "3333\n3333\n", "same_person" },
    { "--json --as 3 --pin-fd 0 ", "--because x --approve 2", "3333\n2222\n", NULL },
    { "--json --as 3 --pin-fd 0 ", "--because x --approve 2", "3333\n2222\n", "no_difference" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_autofree char *words = g_strdup_printf ("%ssettlement close %d/%d %s", tries[i].head,
                                                (int)id, n, tries[i].tail);
      g_auto (TestSaid) said = test_run (shop, words, tries[i].pins);
      g_test_message ("%s → %d %s", words, said.code, said.out);
      g_assert_cmpint (said.code, ==, tries[i].word ? 1 : 0);
      if (tries[i].word)
        g_assert_cmpstr (test_text (&said, "error.code"), ==, tries[i].word);
    }
  const char *const nonsense[] = { "close", "close 1", "close 0/1", "close 1/x", "close 1/2/3" };
  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autofree char *words = g_strconcat (SUPERVISOR "settlement ", nonsense[i], NULL);
      g_auto (TestSaid) said = test_run (shop, words, "2222\n");
      g_assert_cmpint (said.code, ==, 2);
    }
  /* By hand: a manager, and it is another fact than what was fetched. */
  g_autofree char *path = g_build_filename (top, "brought.csv", NULL);
  g_assert_true (g_file_set_contents (path,
                                      "time,kind,request_no,original_no,provider_no,amount,fee\n"
                                      "total,0,,,,0.00,0.00\n",
                                      -1, NULL));
  g_autofree char *brought = g_strdup_printf ("--keep --file %s", path);
  g_auto (TestSaid) no = settle (brought);
  g_assert_cmpint (no.code, ==, 1);
  g_assert_cmpstr (test_text (&no, "error.code"), ==, "no_right");
  g_autofree char *as_manager
      = g_strdup_printf ("--as 3 --pin-fd 0 settlement sandbox %s %s", day, brought);
  g_auto (TestSaid) yes = test_run (shop, as_manager, "3333\n");
  g_assert_nonnull (strstr (yes.out, "Kept as number "));
  g_auto (TestSaid) text = test_run (shop, "--as 3 --pin-fd 0 settlement list", "3333\n");
  g_assert_nonnull (strstr (text.out, "open"));
  g_auto (TestSaid) sound = test_run (shop, "--json verify", "");
  g_assert_cmpint (sound.code, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "sandbox", NULL);
  g_setenv ("TILL_BINDIR", bin, TRUE);
  till_http_init ();
  top = test_folder_new ();
  shop = g_build_filename (top, "shop", NULL);
  g_auto (TestSaid) made = test_run (shop, "--json init --demo --past 0 --set provider.codes=", "");
  g_assert_cmpint (made.code, ==, 0);
  folder = till_shop_folder_at (shop, NULL);
  gboolean started = till_sandbox_start (folder, &error);
  g_assert_no_error (error);
  g_assert_true (started);
  g_test_add_func ("/settlement-verb/day", test_day);
  g_test_add_func ("/settlement-verb/wrong-files", test_wrong_files);
  g_test_add_func ("/settlement-verb/refused", test_refused);
  g_test_add_func ("/settlement-verb/lost-payment", test_lost_payment);
  g_test_add_func ("/settlement-verb/kept", test_kept);
  g_test_add_func ("/settlement-verb/closing", test_closing);
  g_test_add_func ("/settlement-verb/funds", test_funds);
  g_test_add_func ("/settlement-verb/funds-by-hand", test_funds_by_hand);
  int result = g_test_run ();
  till_sandbox_stop (folder);
  till_shop_folder_free (folder);
  test_folder_remove (top);
  g_free (top);
  g_free (shop);
  return result;
}

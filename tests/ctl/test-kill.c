/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kill -9 at random moments of a return: real processes, real files, real HTTPS. In each round one
 * piece of a sale comes back; the program that takes it back and the one that sends are both killed
 * somewhere on their way. Whoever was killed is simply started again, the return under its own
 * number. At the end every piece was paid exactly once, and the auditor finds nothing.
 *
 * TILL_KILLS is the number of rounds (200; each kills twice), TILL_SEED the seed of the moments. */
#include "data/core/clock.h"
#include "data/core/ids.h"
#include "devices/gateway/http.h"
#include "tests/ctl/checker.h"
#include "tests/ctl/process.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 200
/* Longer than either program needs on a busy machine, so that some moments are after its end. */
#define MOMENT_US 80000
#define ASKS_MAX 30

static char *top;
static char *shop;
static TillShopFolder *folder;

static int
number_from (const char *name, int otherwise)
{
  const char *text = g_getenv (name);
  return text ? atoi (text) : otherwise;
}

/* Starts it, gives it its PIN, and ends it without a word after some microseconds. */
static void
run_and_kill (const char *words, const char *input, gulong moment)
{
  g_autoptr (GSubprocess) process = test_start (shop, words);
  GOutputStream *pipe = g_subprocess_get_stdin_pipe (process);
  g_output_stream_write_all (pipe, input, strlen (input), NULL, NULL, NULL);
  g_usleep (moment);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
}

/* What was killed often is on a high rung of its ladder; people do not wait an hour but ask now. */
static void
finish (void)
{
  for (int round = 0; round < ASKS_MAX; round++)
    {
      g_auto (TestSaid) ran = test_run (shop, "--json run --until-idle --patience 15", "");
      g_auto (TestSaid) list = test_run (shop, "--json refund list", "");
      json_t *open = test_at (list.json, "refunds");
      g_test_message ("%s %s", ran.out, list.out);
      if (json_array_size (open) == 0)
        return;
      for (gsize i = 0; i < json_array_size (open); i++)
        {
          const char *no = json_string_value (json_object_get (json_array_get (open, i), "no"));
          g_autofree char *ask = g_strdup_printf ("--json --as 1 --pin-fd 0 refund ask %s", no);
          g_auto (TestSaid) asked = test_run (shop, ask, "1111\n");
          g_assert_cmpint (asked.code, ==, 0);
        }
    }
  g_assert_not_reached ();
}

static void
test_kill (void)
{
  g_autoptr (GError) error = NULL;
  int rounds = number_from ("TILL_KILLS", ROUNDS);
  g_autoptr (TillClock) clock = till_clock_new ();
  g_autoptr (GRand) moments = g_rand_new_with_seed ((guint32)number_from ("TILL_SEED", 1));
  g_autofree char *sell = g_strdup_printf ("--json --as 2 --pin-fd 0 sell 6970000000048*%d --pay "
                                           "code=%d.00:286012345678901234",
                                           rounds, rounds * 2);
  g_auto (TestSaid) sold = test_run (shop, sell, "2222\n");
  g_assert_cmpstr (test_text (&sold, "sale.state"), ==, "PAID");
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < rounds; i++)
    {
      g_autofree char *token = till_request_no_new (clock);
      g_autofree char *words
          = g_strdup_printf ("--json --as 1 --pin-fd 0 return %s 1 --reason faulty --token %s",
                             test_text (&sold, "sale.no"), token);
      run_and_kill (words, "1111\n", (gulong)g_rand_int_range (moments, 0, MOMENT_US));
      g_auto (TestSaid) back = test_run (shop, words, "1111\n");
      if (back.code != 0)
        g_error ("round %d: %s%s", i, back.out, back.err);
      g_hash_table_add (numbers, g_strdup (test_text (&back, "return.no")));
      run_and_kill ("--json run", "", (gulong)g_rand_int_range (moments, 0, MOMENT_US));
    }
  /* Two starts with one number were one return. */
  g_assert_cmpuint (g_hash_table_size (numbers), ==, (guint)rounds);

  finish ();
  g_autofree char *statement = till_sandbox_statement (folder, &error);
  g_assert_no_error (error);
  guint paid = 0;
  for (const char *at = statement; (at = strstr (at, "\"kind\":\"refund\"")); at++)
    paid++;
  g_assert_cmpuint (paid, ==, (guint)rounds);
  g_autoptr (GPtrArray) findings
      = till_check_books_against (folder->ledger_path, statement, 0, &error);
  g_assert_no_error (error);
  g_autofree char *wrong = till_check_words (findings);
  g_assert_cmpstr (wrong, ==, "");
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "sandbox", NULL);
  g_setenv ("TILL_BINDIR", bin, TRUE);
  till_http_init ();
  top = test_folder_new ();
  shop = g_build_filename (top, "shop", NULL);
  /* All by the practice provider: it wants no pause between two refunds of one payment. */
  g_auto (TestSaid) made = test_run (shop, "--json init --demo --past 0 --set provider.codes=", "");
  g_assert_cmpint (made.code, ==, 0);
  folder = till_shop_folder_at (shop, NULL);
  gboolean started = till_sandbox_start (folder, &error);
  g_assert_no_error (error);
  g_assert_true (started);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/kill/random-moments", test_kill);
  int result = g_test_run ();
  till_sandbox_stop (folder);
  till_shop_folder_free (folder);
  test_folder_remove (top);
  g_free (top);
  g_free (shop);
  return result;
}

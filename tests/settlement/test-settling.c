/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the books keep of settlement files: read once, once more, given out anew, brought by hand,
 * by whom a difference may be closed, and that no file moves money. The provider is a script, the
 * file is written line by line, the clock stands still. */
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/refunding.h"
#include "data/desk/settling.h"
#include "data/ledger/refund-store.h"
#include "tests/data/books.h"
#include "tests/data/shop-fixture.h"

typedef struct
{
  GString *text; /* owned */
  TillMoney sum;
  int n;
} File;

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 22);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

/* --- a shop --- */

/* A bag of rice for 31.50, paid by code. */
static TillSale *
sell (Shop *shop)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  TillSale *sale = shop_pay (shop, basket, "281234567890123456");
  shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  return sale;
}

static TillRefund *
again (Shop *shop, int64_t id)
{
  TillRefund *refund = NULL;
  g_assert_true (till_refund_store_load (shop->ledger, id, &refund, NULL));
  return refund;
}

/* … and brought back; its refund is due. */
static TillRefund *
give_back (Shop *shop, const TillSale *sale)
{
  TillAnswer answer;
  g_autoptr (TillReturn) goods = NULL;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return again (shop, ((TillRefund *)g_ptr_array_index (goods->refunds, 0))->id);
}

static void
lose_answer (Shop *shop)
{
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
}

/* --- a file --- */

static File
file_new (void)
{
  return (File){ g_string_new ("time,kind,request_no,original_no,provider_no,amount,fee\n"), 0, 0 };
}

static void
add (File *file, TillLedger *ledger, const char *kind, const char *request_no,
     const char *original_no, TillMoney amount)
{
  g_autofree char *time
      = till_clock_format (till_clock_now (till_ledger_clock (ledger)), TILL_CHINA);
  g_autofree char *money = till_money_format (amount);
  g_string_append_printf (file->text, "%s,%s,%s,%s,N%d,%s,0.00\n", time, kind, request_no,
                          original_no, file->n++, money);
  file->sum += amount;
}

static int
today_of (TillLedger *ledger)
{
  return till_clock_day (till_clock_now (till_ledger_clock (ledger)), TILL_CHINA);
}

/* Closes the file, which stays whole for being read again. */
static TillSettlement *
parse (const File *file, int day, char **digest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *money = till_money_format (file->sum);
  g_autofree char *text
      = g_strdup_printf ("%stotal,%d,,,,%s,0.00\n", file->text->str, file->n, money);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_ptr_array_add (members, till_settlement_member_new ("settlement.csv", bytes));
  *digest = till_digest_hex (text, strlen (text));
  TillSettlement *settlement
      = till_settlement_parse (till_settlement_format ("sandbox"), members, "M1", day, &error);
  g_assert_no_error (error);
  return settlement;
}

typedef struct
{
  int64_t staff_id;
  int day; /* 0: today */
  gboolean by_hand;
} How;

static gboolean
try_keep (TillLedger *ledger, const File *file, How how, TillSettled *settled, TillAnswer *answer,
          GError **error)
{
  g_autofree char *digest = NULL;
  g_autoptr (TillReconciled) reconciled = NULL;
  TillSettlement *settlement = parse (file, how.day ? how.day : today_of (ledger), &digest);
  const TillSettlingFile came
      = { .provider = "sandbox", .digest = digest, .flow_digest = "", .by_hand = how.by_hand };
  gboolean done = till_settling_keep (ledger, how.staff_id, &came, settlement, NULL, &reconciled,
                                      settled, answer, error);
  g_assert_true (!done || (answer->code == TILL_YES) == (reconciled != NULL));
  return done;
}

static TillSettled
keep_as (TillLedger *ledger, const File *file, How how)
{
  g_autoptr (GError) error = NULL;
  TillSettled settled = { 0 };
  TillAnswer answer;
  gboolean done = try_keep (ledger, file, how, &settled, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  return settled;
}

static TillSettled
keep (TillLedger *ledger, const File *file)
{
  return keep_as (ledger, file, (How){ 0 });
}

static void
file_clear (File *file)
{
  g_string_free (file->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (File, file_clear)

/* --- what is kept --- */

static GPtrArray *
rows_of (Shop *shop, int day)
{
  TillAnswer answer;
  GPtrArray *rows
      = till_settling_rows (shop->ledger, shop->manager, "sandbox", day, 100, &answer, NULL);
  g_assert_nonnull (rows);
  return rows;
}

static int
open_now (Shop *shop)
{
  int n;
  g_assert_true (till_settling_count_open (shop->ledger, &n, NULL));
  return n;
}

static int64_t
head (Shop *shop)
{
  int64_t seq;
  g_assert_true (till_ledger_head (shop->ledger, &seq, NULL, NULL));
  return seq;
}

static const char *
close_row (Shop *shop, int64_t staff_id, int64_t id, int n, const char *reason, const char *second,
           const char *pin)
{
  TillAnswer answer;
  g_assert_true (
      till_settling_close (shop->ledger, staff_id, id, n, reason, second, pin, &answer, NULL));
  return till_answer_word (answer.code);
}

/* --- stories --- */

/* No answer came, and the file says that it is done: it is asked about at once, nothing is believed
 * from the file alone, and with the answer the difference is over. */
static void
test_unknown_refund (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  int closed;
  g_autoptr (TillSale) sale = sell (shop);
  const char *paid = till_sale_leg (sale, 1)->request_no;
  g_autoptr (TillRefund) refund = give_back (shop, sale);
  lose_answer (shop);
  add (&file, shop->ledger, "pay", paid, "", 3150);
  add (&file, shop->ledger, "refund", refund->request_no, paid, -3150);
  g_assert_null (shop_due (shop));
  TillSettled settled = keep (shop->ledger, &file);
  g_assert_false (settled.again);
  g_assert_cmpint (settled.open, ==, 1);
  g_assert_cmpint (settled.asks, >=, 1);
  g_autoptr (TillRefund) after = again (shop, refund->id);
  g_assert_cmpstr (till_refund_state_word (after->state), ==, "UNKNOWN");
  g_assert_cmpint (after->next_action_at, <=, till_clock_now (shop->clock));
  g_autoptr (GPtrArray) rows = rows_of (shop, today_of (shop->ledger));
  g_assert_cmpuint (rows->len, ==, 1);
  const TillDifference *row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->match, ==, "state");
  g_assert_cmpstr (row->our_state, ==, "UNKNOWN");
  g_assert_cmpint (row->their_amount, ==, 3150);
  g_assert_cmpint (row->refund_id, ==, refund->id);
  g_assert_true (till_settling_review (shop->ledger, &closed, NULL));
  g_assert_cmpint (closed, ==, 0);

  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (GPtrArray) steps = till_refunding_history (shop->ledger, refund->id, NULL);
  const TillRefundStep *told = g_ptr_array_index (steps, steps->len - 2);
  g_assert_cmpstr (told->event, ==, "settlement");
  g_assert_cmpstr (told->evidence, ==, "2026-11-22 31.50");
  g_assert_cmpint (told->from, ==, TILL_REFUND_UNKNOWN);
  g_assert_cmpint (told->to, ==, TILL_REFUND_UNKNOWN);
  g_assert_true (till_settling_review (shop->ledger, &closed, NULL));
  g_assert_cmpint (closed, ==, 1);
  g_assert_cmpint (open_now (shop), ==, 0);
  g_autoptr (GPtrArray) over = rows_of (shop, today_of (shop->ledger));
  row = g_ptr_array_index (over, 0);
  g_assert_cmpint (row->by_file, ==, settled.id);
  g_assert_cmpstr (row->closed_by, ==, "");
  int64_t before = head (shop);
  g_assert_true (till_settling_review (shop->ledger, &closed, NULL));
  g_assert_cmpint (head (shop), ==, before); /* nothing is no act */
}

/* Read twice it is one fact; once our books agree, reading it again says so. */
static void
test_same_file (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  g_autoptr (TillSale) sale = sell (shop);
  const char *paid = till_sale_leg (sale, 1)->request_no;
  g_autoptr (TillRefund) refund = give_back (shop, sale);
  add (&file, shop->ledger, "pay", paid, "", 3150);
  add (&file, shop->ledger, "refund", refund->request_no, paid, -3150);
  TillSettled first = keep (shop->ledger, &file); /* it is not even sent */
  int64_t before = head (shop);
  TillSettled second = keep (shop->ledger, &file);
  g_assert_true (second.again);
  g_assert_cmpint (second.id, ==, first.id);
  g_assert_cmpint (second.closed, ==, 0);
  g_assert_cmpint (head (shop), ==, before);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  TillSettled third = keep (shop->ledger, &file);
  g_assert_true (third.again);
  g_assert_cmpint (third.closed, ==, 1);
  g_assert_cmpint (open_now (shop), ==, 0);
}

/* Given out anew: another fact, which names the one before and takes its place. */
static void
test_given_out_anew (Shop *shop, gconstpointer data)
{
  g_auto (File) wrong = file_new ();
  g_auto (File) right = file_new ();
  TillAnswer answer;
  g_autoptr (TillSale) sale = sell (shop);
  add (&wrong, shop->ledger, "pay", till_sale_leg (sale, 1)->request_no, "", 3100);
  add (&wrong, shop->ledger, "pay", "NOBODYS", "", 500);
  add (&right, shop->ledger, "pay", till_sale_leg (sale, 1)->request_no, "", 3150);
  TillSettled first = keep (shop->ledger, &wrong);
  g_assert_cmpint (first.open, ==, 2);
  TillSettled second = keep (shop->ledger, &right);
  g_assert_cmpint (second.id, ==, first.id + 1);
  g_assert_cmpint (second.closed, ==, 2);
  g_assert_cmpint (second.open, ==, 0);
  /* And back again: that too is something that the provider said. */
  TillSettled third = keep (shop->ledger, &wrong);
  g_assert_false (third.again);
  g_assert_cmpint (third.id, ==, second.id + 1);
  g_autoptr (GPtrArray) days
      = till_settling_days (shop->ledger, shop->supervisor, 10, &answer, NULL);
  g_assert_cmpuint (days->len, ==, 1);
  const TillSettledDay *day = g_ptr_array_index (days, 0);
  g_assert_cmpint (day->files, ==, 3);
  g_assert_cmpint (day->id, ==, third.id);
  g_assert_cmpint (day->differing, ==, 4);
  g_assert_cmpint (day->open, ==, 2);
  g_assert_cmpint (day->n, ==, 2);
  g_assert_cmpint (day->paid, ==, 3600);
  g_assert_cmpint (day->our_paid, ==, 3150);
  g_assert_null (till_settling_days (shop->ledger, shop->cashier, 10, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
}

/* What was near the day's end stands in the next day's file. */
static void
test_next_day (Shop *shop, gconstpointer data)
{
  g_auto (File) empty = file_new ();
  g_auto (File) next = file_new ();
  till_clock_advance (shop->clock, 13 * TILL_HOUR + 55 * TILL_MINUTE); /* 23:55 */
  g_autoptr (TillSale) sale = sell (shop);
  int day = today_of (shop->ledger);
  keep (shop->ledger, &empty);
  g_autoptr (GPtrArray) rows = rows_of (shop, day);
  g_assert_cmpstr (((TillDifference *)g_ptr_array_index (rows, 0))->match, ==, "edge");
  till_clock_advance (shop->clock, TILL_HOUR);
  add (&next, shop->ledger, "pay", till_sale_leg (sale, 1)->request_no, "", 3150);
  TillSettled brought
      = keep_as (shop->ledger, &next, (How){ .staff_id = shop->manager, .by_hand = TRUE });
  g_assert_cmpint (brought.closed, ==, 0); /* anybody can write a file */
  TillSettled settled = keep (shop->ledger, &next);
  g_assert_false (settled.again); /* fetched, it proves more */
  g_assert_cmpint (settled.closed, ==, 1);
  g_autoptr (GPtrArray) over = rows_of (shop, day);
  g_assert_cmpint (((TillDifference *)g_ptr_array_index (over, 0))->by_file, ==, settled.id);
  g_assert_true (keep (shop->ledger, &next).again);
  g_assert_true (
      keep_as (shop->ledger, &next, (How){ .staff_id = shop->manager, .by_hand = TRUE }).again);
}

/* Neither did it happen here, nor does the file have it. */
static void
test_never_happened (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  int closed;
  g_autoptr (TillSale) sale = sell (shop);
  g_autoptr (TillRefund) refund = give_back (shop, sale);
  lose_answer (shop);
  add (&file, shop->ledger, "pay", till_sale_leg (sale, 1)->request_no, "", 3150);
  g_assert_cmpint (keep (shop->ledger, &file).open, ==, 1); /* waiting */
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL, NULL);
  g_assert_true (till_settling_review (shop->ledger, &closed, NULL));
  g_assert_cmpint (closed, ==, 1);
}

static void
test_who_may (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  TillSettled settled;
  TillAnswer answer;
  const How refused[] = { { .staff_id = shop->cashier },
                          { .staff_id = shop->cashier, .by_hand = TRUE },
                          { .staff_id = shop->supervisor, .by_hand = TRUE } };
  int64_t before = head (shop);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_true (try_keep (shop->ledger, &file, refused[i], &settled, &answer, NULL));
      g_assert_cmpstr (till_answer_word (answer.code), ==, "no_right");
    }
  g_assert_cmpint (head (shop), ==, before);
  keep_as (shop->ledger, &file, (How){ .staff_id = shop->supervisor });
  g_assert_cmpint (head (shop), ==, before + 1);
}

static void
test_closing (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  add (&file, shop->ledger, "pay", "NOBODYS-1", "", 500);
  add (&file, shop->ledger, "refund", "NOBODYS-2", "NOBODYS-1", -400);
  int64_t id = keep (shop->ledger, &file).id;
  g_assert_cmpint (open_now (shop), ==, 2);
  g_assert_cmpstr (close_row (shop, shop->cashier, id, 1, "x", NULL, NULL), ==, "no_right");
  g_assert_cmpstr (close_row (shop, shop->supervisor, id, 1, "x", NULL, NULL), ==, "no_right");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 1, " \n", NULL, NULL), ==, "no_words");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 3, "x", NULL, NULL), ==, "no_difference");
  g_assert_cmpstr (close_row (shop, shop->manager, id + 1, 1, "x", NULL, NULL), ==,
                   "no_difference");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 1, "the other till", NULL, NULL), ==, "yes");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 1, "twice", NULL, NULL), ==,
                   "no_difference");
  /* Money that left, and only the provider knows of it. */
  g_assert_cmpstr (close_row (shop, shop->manager, id, 2, "x", NULL, NULL), ==, "no_second");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 2, "x", "3", "3333"), ==, "same_person");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 2, "x", "1", "1111"), ==, "no_right");
  g_assert_cmpstr (close_row (shop, shop->manager, id, 2, "x", "2", "9999"), ==, "pin");
  g_assert_cmpint (open_now (shop), ==, 1);
  g_assert_cmpstr (close_row (shop, shop->manager, id, 2, "the old till", "2", "2222"), ==, "yes");
  g_assert_cmpint (open_now (shop), ==, 0);
  g_autoptr (GPtrArray) rows = rows_of (shop, today_of (shop->ledger));
  const TillDifference *row = g_ptr_array_index (rows, 1);
  g_assert_cmpstr (row->closed_by, ==, "Chen Jing");
  g_assert_cmpstr (row->approved_by, ==, "Wang Wei");
  g_assert_cmpstr (row->reason, ==, "the old till");
  g_assert_true (till_difference_needs_two (row));
}

/* With the file of the last day everything that still waits for the provider's word is asked about.
 */
static void
test_all_are_asked (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  g_autoptr (TillSale) sale = sell (shop);
  g_autoptr (TillRefund) refund = give_back (shop, sale);
  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE, NULL);
  till_clock_advance (shop->clock, TILL_SECOND);
  g_assert_null (shop_due (shop));
  int yesterday = till_clock_day (till_clock_now (shop->clock) - TILL_DAY, TILL_CHINA);
  TillSettled settled = keep_as (shop->ledger, &file, (How){ .day = yesterday });
  g_assert_cmpint (settled.open, ==, 0);
  g_assert_cmpint (settled.asks, ==, 1);
  shop_carry (shop, TILL_ERRAND_QUERY_REFUND, TILL_OUTCOME_ACCEPTED, TILL_CLASS_NONE, NULL);
  g_assert_null (shop_due (shop));
  g_assert_true (keep_as (shop->ledger, &file, (How){ .day = yesterday }).again);
  g_assert_null (shop_due (shop)); /* reading it again is no news */
  /* Nor is what an older file does not name: ten of them at once would use up the ladder. */
  int before = till_clock_day (till_clock_now (shop->clock) - 2 * TILL_DAY, TILL_CHINA);
  g_assert_cmpint (keep_as (shop->ledger, &file, (How){ .day = before }).asks, ==, 0);
  g_assert_null (shop_due (shop));
}

static void
test_too_many (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (File) file = file_new ();
  TillSettled settled;
  TillAnswer answer;
  for (int i = 0; i <= TILL_SETTLING_ROWS_MAX; i++)
    {
      g_autofree char *number = g_strdup_printf ("NOBODYS-%d", i);
      add (&file, shop->ledger, "pay", number, "", 1);
    }
  int64_t before = head (shop);
  g_assert_false (try_keep (shop->ledger, &file, (How){ 0 }, &settled, &answer, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_cmpint (head (shop), ==, before);
  g_assert_cmpint (open_now (shop), ==, 0);
}

/* Pulled anywhere, there is nothing or all of it; done again, it is there once. */
static void
test_power_cut (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  TillSettled settled;
  TillAnswer answer;
  add (&file, shop->ledger, "pay", "NOBODYS-1", "", 500);
  add (&file, shop->ledger, "refund", "NOBODYS-2", "NOBODYS-1", -400);
  int cuts = 0;
  gboolean whole = FALSE;
  for (guint nth = 1; !whole; nth++)
    {
      g_autoptr (GError) error = NULL;
      till_fault_arm (nth);
      gboolean done = try_keep (shop->ledger, &file, (How){ 0 }, &settled, &answer, &error);
      gboolean cut = till_fault_where () != NULL;
      till_fault_restore ();
      till_fault_arm (0);
      g_assert_true (done || cut);
      int open = open_now (shop);
      g_assert_true (open == 0 || open == 2);
      cuts += cut;
      whole = !cut;
    }
  g_assert_cmpint (cuts, >, 0);
  g_assert_cmpint (open_now (shop), ==, 2);
  g_assert_true (keep (shop->ledger, &file).again);
}

/* --- asking by itself --- */

static const TillSettlingTaker taker = { "sandbox", 9 * 3600 };

static TillSettlingDue
next_due (Shop *shop)
{
  TillSettlingDue due;
  g_assert_true (till_settling_next (shop->ledger, &taker, 1, &due, NULL));
  return due;
}

static void
test_asking (Shop *shop, gconstpointer data)
{
  g_auto (File) file = file_new ();
  TillAnswer answer;
  int64_t ten = till_clock_now (shop->clock); /* 10:00 of the shop's first day */
  TillSettlingDue due = next_due (shop);
  g_assert_cmpint (due.day, ==, 20261122);
  g_assert_cmpint (due.due_at, ==, ten + 23 * TILL_HOUR); /* 9:00 of the next */
  /* What is fetched before the day is over is not the last word. */
  keep (shop->ledger, &file);
  g_assert_cmpint (next_due (shop).due_at, ==, ten + 23 * TILL_HOUR);
  till_clock_advance (shop->clock, 23 * TILL_HOUR);
  int64_t now = till_clock_now (shop->clock);
  g_assert_true (
      till_settling_asked (shop->ledger, "sandbox", 20261122, "not_yet", "none", 0, NULL));
  g_assert_cmpint (next_due (shop).due_at, ==, now + 10 * TILL_MINUTE);
  g_assert_true (till_settling_asked (shop->ledger, "sandbox", 20261122, "not_yet", "none",
                                      now + 5 * TILL_HOUR, NULL));
  g_assert_cmpint (next_due (shop).due_at, ==, now + 5 * TILL_HOUR);
  g_assert_true (
      till_settling_ask_now (shop->ledger, shop->cashier, "sandbox", 20261122, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  g_assert_true (
      till_settling_ask_now (shop->ledger, shop->supervisor, "sandbox", 20261122, &answer, NULL));
  g_assert_cmpint (next_due (shop).due_at, ==, now);
  keep_as (shop->ledger, &file, (How){ .day = 20261122 });
  g_assert_cmpint (next_due (shop).day, ==, 20261123);
  /* Nobody was there for a fortnight: the last days are asked for, no more; in the end it stops. */
  till_clock_advance (shop->clock, 14 * TILL_DAY);
  due = next_due (shop);
  g_assert_cmpint (due.day, ==, 20261127);
  till_clock_advance (shop->clock, TILL_DAY);
  g_assert_true (
      till_settling_asked (shop->ledger, "sandbox", 20261127, "not_yet", "none", 0, NULL));
  g_assert_cmpint (next_due (shop).day, ==, 20261128);
  /* Unless somebody wants it. */
  g_assert_true (
      till_settling_ask_now (shop->ledger, shop->manager, "sandbox", 20261001, &answer, NULL));
  due.provider = NULL;
  g_autoptr (GPtrArray) days = till_settling_days (shop->ledger, shop->manager, 100, &answer, NULL);
  g_assert_cmpint (((TillSettledDay *)g_ptr_array_index (days, days->len - 1))->day, ==, 20261001);
}

/* --- the books keep it --- */

static const struct
{
  const char *name, *deed, *says;
} deeds[] = {
  { "file-away",
    "DELETE FROM settlement_closed; DELETE FROM settlement_row; DELETE FROM settlement",
    "is missing in settlement" },
  { "row-away", "DELETE FROM settlement_closed; DELETE FROM settlement_row WHERE n = 1",
    "is missing in settlement_row" },
  { "other-sum", "UPDATE settlement SET returned = 0", "a row was changed in settlement" },
  { "other-digest", "UPDATE settlement SET digest = replace (digest, substr (digest, 1, 1), 'g')",
    "a row was changed in settlement" },
  { "other-amount", "UPDATE settlement_row SET their_amount = 1 WHERE n = 2",
    "a row was changed in settlement_row" },
  { "opened-again", "DELETE FROM settlement_closed", "is missing in settlement_closed" },
  { "closed-behind",
    "INSERT INTO settlement_closed VALUES (1, 2, 1, 1, 1, NULL, NULL, 'nobody said so')",
    "settlement_closed" },
};

/* A payment and a refund of nobody's; the payment is closed. */
static void
open_books_with_file (Books *books)
{
  TillAnswer answer;
  g_auto (File) file = file_new ();
  books_open (books);
  add (&file, books->ledger, "pay", "NOBODYS-1", "", 500);
  add (&file, books->ledger, "refund", "NOBODYS-2", "NOBODYS-1", -400);
  g_assert_cmpint (keep (books->ledger, &file).id, ==, 1);
  g_assert_true (till_settling_close (books->ledger, books->manager, 1, 1, "a trial", NULL, NULL,
                                      &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
}

static void
test_deed (gconstpointer data)
{
  gsize n = GPOINTER_TO_SIZE (data);
  Books books = { 0 };
  g_auto (TillVerdict) verdict = { 0 };
  open_books_with_file (&books);
  books_tamper (books.path, deeds[n].deed);
  g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
  g_assert_false (verdict.sound);
  g_test_message ("%s", verdict.what);
  g_assert_nonnull (strstr (verdict.what, deeds[n].says));
  books_close (&books);
}

/* Where no entry speaks of a closed row, one is noticed all the same. */
static void
test_closed_behind_all (void)
{
  Books books = { 0 };
  g_auto (File) file = file_new ();
  g_auto (TillVerdict) verdict = { 0 };
  books_open (&books);
  add (&file, books.ledger, "pay", "NOBODYS-1", "", 500);
  keep (books.ledger, &file);
  books_tamper (books.path,
                "INSERT INTO settlement_closed VALUES (1, 1, 1, 1, 1, NULL, NULL, 'so')");
  g_assert_true (till_verify_books (books.ledger, &verdict, NULL));
  g_assert_false (verdict.sound);
  g_assert_nonnull (strstr (verdict.what, "settlement_closed"));
  books_close (&books);
}

#define FILE_OF(id, provider, day, digest, instead)                                                \
  "INSERT INTO settlement SELECT " id ", seq, at, staff_id, " provider ", " day ", " digest        \
  ", flow_digest, by_hand, " instead ", n, paid, returned, settled, fee_exact, our_n, our_paid, "  \
  "our_returned, matched, differing, flow, flow_first FROM settlement WHERE id = 1"

static void
test_laws (void)
{
  static const char *const refused[]
      = { "UPDATE settlement SET day = 20261121",
          "UPDATE settlement SET fee_exact = 1",
          "DELETE FROM settlement",
          "UPDATE settlement_row SET class = 'edge'",
          "DELETE FROM settlement_row",
          "UPDATE settlement_closed SET reason = 'another'",
          "DELETE FROM settlement_closed",
          FILE_OF ("2", "provider", "day", "digest", "1"), /* the same file */
          FILE_OF ("2", "provider", "day", "replace (digest, 'a', 'b')", "NULL"), /* names none */
          FILE_OF ("2", "'wechat'", "day", "digest", "1"), /* names another's */
          "INSERT INTO settlement_row SELECT settlement_id, 3, class, kind, back, request_no, "
          "sale_no, provider_no, line, their_amount, their_state, our_amount, our_state FROM "
          "settlement_row WHERE n = 1", /* more than it was counted with */
          "INSERT INTO settlement_closed VALUES (1, 1, 1, 1, 1, NULL, NULL, 'twice')",
          "INSERT INTO settlement_closed VALUES (1, 2, 1, 1, 1, NULL, NULL, 'alone')",
          "INSERT INTO settlement_closed VALUES (1, 2, 1, 1, 1, 1, NULL, 'with oneself')",
          "INSERT INTO settlement_closed VALUES (1, 2, 1, 1, NULL, NULL, NULL, 'nobody')",
          "INSERT INTO settlement_closed VALUES (1, 2, 1, 1, 1, 3, NULL, '')",
          "INSERT INTO settlement_closed VALUES (1, 2, 1, 1, NULL, NULL, 7, '')",
          "INSERT INTO settlement_closed VALUES (1, 3, 1, 1, 1, NULL, NULL, 'of none')" };
  Books books = { 0 };
  sqlite3 *db;
  open_books_with_file (&books);
  g_assert_cmpint (sqlite3_open (books.path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
    }
  sqlite3_close (db);
  books_close (&books);
}

#define STORY(name, function)                                                                      \
  g_test_add ("/settling/" name, Shop, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  STORY ("who-may", test_who_may);
  STORY ("unknown-refund", test_unknown_refund);
  STORY ("same-file", test_same_file);
  STORY ("given-out-anew", test_given_out_anew);
  STORY ("next-day", test_next_day);
  STORY ("never-happened", test_never_happened);
  STORY ("closing", test_closing);
  STORY ("all-are-asked", test_all_are_asked);
  STORY ("too-many", test_too_many);
  STORY ("power-cut", test_power_cut);
  STORY ("asking", test_asking);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *path = g_strconcat ("/settling/deed/", deeds[i].name, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_deed);
    }
  g_test_add_func ("/settling/closed-behind-all", test_closed_behind_all);
  g_test_add_func ("/settling/laws", test_laws);
  return g_test_run ();
}

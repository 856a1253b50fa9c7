/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file against our books. By hand: one day with one of everything. By chance: thousands of days,
 * of which only laws are known. Each row and each fact ends in exactly one class, and the classes
 * add up to the file and to our side. */
#include "data/settlement/matching.h"

#define DAY_FROM INT64_C (1795276800000000) /* 2026-11-22 00:00 in Shanghai */
#define HOUR (INT64_C (3600) * 1000000)
#define NOON (DAY_FROM + 12 * HOUR)

static const TillMatchDay day = { DAY_FROM, DAY_FROM + 24 * HOUR, HOUR / 6 };

static TillSettlement *
settlement_new (const char *format)
{
  TillSettlement *settlement = g_new0 (TillSettlement, 1);
  settlement->format = g_strdup (format);
  settlement->merchant_no = g_strdup ("M1");
  settlement->day = 20261122;
  settlement->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_row_free);
  return settlement;
}

static TillSettlementRow *
add_row (TillSettlement *settlement, TillSettlementKind kind, const char *request_no,
         const char *provider_no, TillMoney amount)
{
  TillSettlementRow *row = g_new0 (TillSettlementRow, 1);
  row->kind = kind;
  row->back = kind == TILL_SETTLEMENT_REFUND || kind == TILL_SETTLEMENT_REVERSAL;
  row->request_no = g_strdup (request_no);
  row->provider_no = g_strdup (provider_no);
  row->amount = row->settled = amount;
  g_ptr_array_add (settlement->rows, row);
  settlement->totals.rows++;
  *(row->back ? &settlement->totals.returned : &settlement->totals.paid) += amount;
  return row;
}

static TillBookFact *
add_fact (GPtrArray *facts, TillSettlementKind kind, const char *request_no,
          const char *provider_no, TillMoney amount, TillFactState state)
{
  TillBookFact *fact = g_new0 (TillBookFact, 1);
  fact->kind = kind;
  fact->request_no = g_strdup (request_no);
  fact->provider_no = g_strdup (provider_no);
  fact->amount = amount;
  fact->state = state;
  fact->from_at = fact->to_at = NOON;
  g_ptr_array_add (facts, fact);
  return fact;
}

static GPtrArray *
facts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)till_book_fact_free);
}

static TillMatching *
match (const TillSettlement *settlement, const GPtrArray *facts)
{
  g_autoptr (GError) error = NULL;
  TillMatching *matching = till_matching_new (settlement, facts, &day, &error);
  g_assert_no_error (error);
  return matching;
}

static void
assert_sums (const TillMatchSums *sums, int64_t rows, TillMoney paid, TillMoney returned)
{
  g_assert_cmpint (sums->rows, ==, rows);
  g_assert_cmpint (sums->paid, ==, paid);
  g_assert_cmpint (sums->returned, ==, returned);
}

#define PAYMENT TILL_SETTLEMENT_PAYMENT
#define REFUND TILL_SETTLEMENT_REFUND
#define REVERSAL TILL_SETTLEMENT_REVERSAL
#define OTHER TILL_SETTLEMENT_OTHER

/* Figures by hand: what came in there is 100 + 200 + 300 + 400 + 500, what went back 10 + 20 + 20 +
 * 30 + 40. */
static void
test_one_of_everything (void)
{
  g_autoptr (TillSettlement) settlement = settlement_new ("sandbox");
  g_autoptr (GPtrArray) facts = facts_new ();
  add_row (settlement, PAYMENT, "A", "PA", 100);
  add_fact (facts, PAYMENT, "A", "PA", 100, TILL_FACT_DONE);
  add_row (settlement, PAYMENT, "B", "PB", 200); /* paid there, not confirmed here */
  add_fact (facts, PAYMENT, "B", NULL, 200, TILL_FACT_OPEN);
  add_row (settlement, PAYMENT, "C", "PC", 300); /* declined here */
  add_fact (facts, PAYMENT, "C", NULL, 300, TILL_FACT_NO);
  add_row (settlement, PAYMENT, "D", "PD", 400); /* 401 here */
  add_fact (facts, PAYMENT, "D", "PD", 401, TILL_FACT_DONE);
  add_row (settlement, PAYMENT, "E", "PE", 500); /* nobody's */
  add_row (settlement, REFUND, "R1", "F1", 10);
  add_fact (facts, REFUND, "R1", "F1", 10, TILL_FACT_DONE);
  add_row (settlement, REFUND, "R2", "F2", 20); /* twice, and ours is the second */
  add_row (settlement, REFUND, "R2", "F3", 20);
  add_fact (facts, REFUND, "R2", "F3", 20, TILL_FACT_DONE);
  add_row (settlement, REFUND, "R4", "F4", 30)->original_no = g_strdup ("A");
  add_fact (facts, REFUND, "R4", "F4", 30, TILL_FACT_DONE)->original_no = g_strdup ("B");
  add_row (settlement, OTHER, NULL, "X", 40)->back = TRUE;
  settlement->totals.paid -= 40;
  settlement->totals.returned += 40;
  add_fact (facts, REFUND, "R5", "F5", 50, TILL_FACT_DONE);                     /* ours only */
  add_fact (facts, REFUND, "R6", NULL, 60, TILL_FACT_OPEN);                     /* nowhere */
  add_fact (facts, PAYMENT, "G", "PG", 70, TILL_FACT_DONE)->from_at = DAY_FROM; /* near an end */
  add_fact (facts, PAYMENT, "H", "PH", 80, TILL_FACT_DONE)->to_at = DAY_FROM + 25 * HOUR;
  add_fact (facts, PAYMENT, "I", NULL, 90, TILL_FACT_NO); /* says nothing, nor does the file */

  g_autoptr (TillMatching) matching = match (settlement, facts);
  assert_sums (&matching->theirs[TILL_MATCH_MATCHED], 3, 100, 30);
  assert_sums (&matching->ours[TILL_MATCH_MATCHED], 3, 100, 30);
  assert_sums (&matching->theirs[TILL_MATCH_STATE], 2, 500, 0);
  assert_sums (&matching->ours[TILL_MATCH_STATE], 2, 500, 0);
  assert_sums (&matching->theirs[TILL_MATCH_AMOUNT], 2, 400, 30);
  assert_sums (&matching->ours[TILL_MATCH_AMOUNT], 2, 401, 30);
  assert_sums (&matching->theirs[TILL_MATCH_THEIRS], 1, 500, 0);
  assert_sums (&matching->theirs[TILL_MATCH_SECOND], 1, 0, 20);
  assert_sums (&matching->theirs[TILL_MATCH_OTHER], 1, 0, 40);
  assert_sums (&matching->ours[TILL_MATCH_OURS], 1, 0, 50);
  assert_sums (&matching->ours[TILL_MATCH_WAITING], 1, 0, 60);
  assert_sums (&matching->ours[TILL_MATCH_EDGE], 2, 150, 0);
  assert_sums (&matching->their_sum, 10, 1500, 120);
  assert_sums (&matching->our_sum, 11, 1151, 170);
  g_assert_true (matching->open);
  const TillMatch *second = &g_array_index (matching->matches, TillMatch, 6);
  g_assert_cmpint (second->match, ==, TILL_MATCH_SECOND);
  g_assert_cmpstr (second->row->provider_no, ==, "F2");
}

static void
test_nothing_is_open (void)
{
  g_autoptr (TillSettlement) settlement = settlement_new ("sandbox");
  g_autoptr (GPtrArray) facts = facts_new ();
  g_autoptr (TillMatching) empty = match (settlement, facts);
  g_assert_false (empty->open);
  g_assert_cmpuint (empty->matches->len, ==, 0);
  add_row (settlement, PAYMENT, "A", "PA", 100);
  add_fact (facts, PAYMENT, "A", "PA", 100, TILL_FACT_DONE);
  /* A refund may have the number of a payment: they are not confused. */
  add_row (settlement, REFUND, "A", "FA", 40);
  add_fact (facts, REFUND, "A", "FA", 40, TILL_FACT_DONE);
  /* Days later than the calendar says, and matched all the same. */
  add_row (settlement, REFUND, "OLD", "F8", 5);
  add_fact (facts, REFUND, "OLD", "F8", 5, TILL_FACT_DONE)->from_at = DAY_FROM - 72 * HOUR;
  g_autoptr (TillMatching) matching = match (settlement, facts);
  g_assert_false (matching->open);
  assert_sums (&matching->theirs[TILL_MATCH_MATCHED], 3, 100, 45);
}

/* A payment that was taken back stands there with its reversal or not at all. */
static void
test_reversed (void)
{
  static const struct
  {
    gboolean paid, reversed;
    TillMatchClass match;
  } rows[] = { { FALSE, FALSE, TILL_MATCH_MATCHED },
               { TRUE, TRUE, TILL_MATCH_MATCHED },
               { TRUE, FALSE, TILL_MATCH_STATE } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillSettlement) settlement = settlement_new ("sandbox");
      g_autoptr (GPtrArray) facts = facts_new ();
      add_fact (facts, PAYMENT, "A", "PA", 100, TILL_FACT_UNDONE);
      if (rows[i].paid)
        add_row (settlement, PAYMENT, "A", "PA", 100);
      if (rows[i].reversed)
        {
          add_row (settlement, REVERSAL, "A", "PA", 100);
          add_fact (facts, REVERSAL, "A", NULL, 100, TILL_FACT_DONE);
        }
      g_autoptr (TillMatching) matching = match (settlement, facts);
      g_assert_cmpint (matching->open, ==, rows[i].match != TILL_MATCH_MATCHED);
      g_assert_cmpint (matching->their_sum.rows, ==, rows[i].paid + rows[i].reversed);
      g_assert_cmpint (matching->theirs[rows[i].match].rows, ==, rows[i].paid + rows[i].reversed);
    }
  /* Taken back there, and we think it is paid. */
  g_autoptr (TillSettlement) settlement = settlement_new ("sandbox");
  g_autoptr (GPtrArray) facts = facts_new ();
  add_row (settlement, PAYMENT, "A", "PA", 100);
  add_row (settlement, REVERSAL, "A", "PA", 100);
  add_fact (facts, PAYMENT, "A", "PA", 100, TILL_FACT_DONE);
  add_fact (facts, REVERSAL, "A", NULL, 100, TILL_FACT_NO);
  g_autoptr (TillMatching) matching = match (settlement, facts);
  assert_sums (&matching->theirs[TILL_MATCH_STATE], 1, 0, 100);
}

/* WeChat and Stripe list refunds from their beginning. */
static void
test_under_way_there (void)
{
  static const struct
  {
    const char *theirs;
    TillFactState ours;
    TillMatchClass match;
    const char *format; /* NULL: wechat */
  } rows[] = {
    { "succeeded", TILL_FACT_DONE, TILL_MATCH_MATCHED, "stripe" },
    { "succeeded", TILL_FACT_OPEN, TILL_MATCH_STATE, "stripe" },
    { "pending", TILL_FACT_DONE, TILL_MATCH_STATE, "stripe" },
    { "pending", TILL_FACT_OPEN, TILL_MATCH_WAITING, "stripe" },
    { "requires_action", TILL_FACT_OPEN, TILL_MATCH_WAITING, "stripe" },
    { "failed", TILL_FACT_DONE, TILL_MATCH_STATE, "stripe" },
    { "failed", TILL_FACT_NO, TILL_MATCH_MATCHED, "stripe" },
    { "canceled", TILL_FACT_NO, TILL_MATCH_MATCHED, "stripe" },
    { "pending", TILL_FACT_DONE, TILL_MATCH_MATCHED, "sandbox" },
    { "SUCCESS", TILL_FACT_DONE, TILL_MATCH_MATCHED },
    { "SUCCESS", TILL_FACT_OPEN, TILL_MATCH_STATE },
    { "SUCCESS", TILL_FACT_NO, TILL_MATCH_STATE },
    { "PROCESSING", TILL_FACT_DONE, TILL_MATCH_STATE },
    { "PROCESSING", TILL_FACT_OPEN, TILL_MATCH_WAITING },
    { "PROCESSING", TILL_FACT_NO, TILL_MATCH_STATE },
    { "FAIL", TILL_FACT_DONE, TILL_MATCH_STATE },
    { "FAIL", TILL_FACT_OPEN, TILL_MATCH_STATE },
    { "FAIL", TILL_FACT_NO, TILL_MATCH_MATCHED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillSettlement) settlement
          = settlement_new (rows[i].format ? rows[i].format : "wechat");
      g_autoptr (GPtrArray) facts = facts_new ();
      add_row (settlement, REFUND, "R", "F", 10)->state = g_strdup (rows[i].theirs);
      add_fact (facts, REFUND, "R", "F", 10, rows[i].ours);
      g_autoptr (TillMatching) matching = match (settlement, facts);
      g_assert_cmpint (g_array_index (matching->matches, TillMatch, 0).match, ==, rows[i].match);
    }
}

/* UnionPay's day ends at 23:00. */
static void
test_days (void)
{
  TillMatchDay plain = till_match_day ("wechat", 20261122);
  g_assert_cmpint (plain.from, ==, DAY_FROM);
  g_assert_cmpint (plain.to, ==, DAY_FROM + 24 * HOUR);
  TillMatchDay clearing = till_match_day ("unionpay", 20261122);
  g_assert_cmpint (clearing.from, ==, DAY_FROM - HOUR);
  g_assert_cmpint (clearing.to, ==, DAY_FROM + 23 * HOUR);
}

static void
test_too_large (void)
{
  g_autoptr (TillSettlement) settlement = settlement_new ("sandbox");
  g_autoptr (GPtrArray) facts = facts_new ();
  g_autoptr (GError) error = NULL;
  add_row (settlement, PAYMENT, "A", "PA", 1);
  add_row (settlement, PAYMENT, "B", "PB", 1)->amount = G_MAXINT64;
  g_assert_null (till_matching_new (settlement, facts, &day, &error));
  g_assert_nonnull (error);
}

/* --- by chance --- */

static void
add_chance (GRand *chance, TillSettlement *settlement, GPtrArray *facts, int i)
{
  static const TillSettlementKind kinds[] = { PAYMENT, REFUND, REVERSAL, OTHER };
  static const char *const states[] = { NULL, "SUCCESS", "PROCESSING", "FAIL" };
  g_autofree char *no = g_strdup_printf ("N%d", i);
  TillMoney amount = g_rand_int_range (chance, 1, 100);
  TillSettlementKind kind = kinds[g_rand_int_range (chance, 0, 4)];
  if (kind != OTHER && g_rand_boolean (chance))
    {
      TillBookFact *fact = add_fact (facts, kind, no, "F", amount + (g_rand_int (chance) % 8 == 0),
                                     (TillFactState)g_rand_int_range (chance, 0, 4));
      fact->from_at = DAY_FROM + g_rand_int_range (chance, -4, 28) * HOUR;
      fact->to_at = fact->from_at + g_rand_int_range (chance, 0, 4) * HOUR;
    }
  for (int n = g_rand_int_range (chance, 0, 3); n > 0; n--)
    add_row (settlement, kind, kind == OTHER ? NULL : no, n == 1 ? "F" : "G", amount)->state
        = g_strdup (states[g_rand_int_range (chance, 0, 4)]);
}

static void
assert_laws (const TillMatching *matching, const TillSettlement *settlement, const GPtrArray *facts)
{
  TillMatchSums theirs = { 0 }, ours = { 0 };
  for (int i = 0; i < TILL_N_MATCHES; i++)
    {
      theirs.rows += matching->theirs[i].rows;
      theirs.paid += matching->theirs[i].paid;
      theirs.returned += matching->theirs[i].returned;
      ours.rows += matching->ours[i].rows;
      ours.paid += matching->ours[i].paid;
      ours.returned += matching->ours[i].returned;
    }
  assert_sums (&matching->their_sum, theirs.rows, theirs.paid, theirs.returned);
  assert_sums (&matching->our_sum, ours.rows, ours.paid, ours.returned);
  assert_sums (&theirs, settlement->totals.rows, settlement->totals.paid,
               settlement->totals.returned);

  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < matching->matches->len; i++)
    {
      const TillMatch *one = &g_array_index (matching->matches, TillMatch, i);
      g_assert_true (one->row || one->fact);
      g_assert_true (!one->row || g_hash_table_add (seen, (gpointer)one->row));
      g_assert_true (!one->fact || g_hash_table_add (seen, (gpointer)one->fact));
      g_assert_true (!one->row || i < settlement->rows->len);
      if (one->match == TILL_MATCH_MATCHED)
        g_assert_cmpint (one->row->amount, ==, one->fact->amount);
    }
  for (guint i = 0; i < settlement->rows->len; i++)
    g_assert_true (g_hash_table_contains (seen, g_ptr_array_index (settlement->rows, i)));
  for (guint i = 0; i < facts->len; i++)
    {
      const TillBookFact *fact = g_ptr_array_index (facts, i);
      gboolean counts = fact->state == TILL_FACT_DONE || fact->state == TILL_FACT_OPEN;
      g_assert_true (!counts || g_hash_table_contains (seen, fact));
    }
}

static void
test_laws (void)
{
  static const char *const formats[] = { "sandbox", "wechat", "umpay" };
  g_autoptr (GRand) chance = g_rand_new_with_seed (20261122);
  for (int round = 0; round < 3000; round++)
    {
      g_autoptr (TillSettlement) settlement
          = settlement_new (formats[round % G_N_ELEMENTS (formats)]);
      g_autoptr (GPtrArray) facts = facts_new ();
      for (int i = g_rand_int_range (chance, 0, 20); i > 0; i--)
        add_chance (chance, settlement, facts, i);
      g_autoptr (TillMatching) matching = match (settlement, facts);
      assert_laws (matching, settlement, facts);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matching/one-of-everything", test_one_of_everything);
  g_test_add_func ("/matching/nothing-is-open", test_nothing_is_open);
  g_test_add_func ("/matching/reversed", test_reversed);
  g_test_add_func ("/matching/under-way-there", test_under_way_there);
  g_test_add_func ("/matching/days", test_days);
  g_test_add_func ("/matching/too-large", test_too_large);
  g_test_add_func ("/matching/laws", test_laws);
  return g_test_run ();
}

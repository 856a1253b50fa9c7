/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice provider really writes at the end of a day, read by the till: an honest day, an
 * empty one, and one on which a lenient provider paid the same refund twice. */
#include "app/sandbox/day-bill.h"
#include "data/settlement/settlement.h"

#define NOON INT64_C (1795320000000000) /* 2026-11-22 12:00 in Shanghai */
#define DAY 20261122

static void
ask (TillProvider *provider, TillErrandKind kind, const char *request_no, const char *original_no,
     TillMoney amount)
{
  TillProviderAsk ask = { .kind = kind,
                          .request_no = request_no,
                          .original_no = original_no,
                          .amount = amount,
                          .original_amount = original_no ? 1000 : 0,
                          .auth = "28123",
                          .at = NOON };
  TillProviderAnswer answer;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_provider_ask (provider, &ask, &answer, &error));
  g_assert_no_error (error);
}

static TillSettlement *
close_day (TillProvider *provider, int day)
{
  TillSpeech speech = { .provider = provider };
  g_autoptr (GBytes) bytes = till_practice_bill (&speech, day);
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_ptr_array_add (members, till_settlement_member_new ("settlement.csv", bytes));
  g_autoptr (GError) error = NULL;
  TillSettlement *settlement
      = till_settlement_parse (till_settlement_format ("sandbox"), members, "M1", day, &error);
  g_assert_no_error (error);
  return settlement;
}

static void
test_honest (void)
{
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  ask (provider, TILL_ERRAND_PAY, "P1", NULL, 1000);
  ask (provider, TILL_ERRAND_PAY, "P2", NULL, 333);
  ask (provider, TILL_ERRAND_REFUND, "R1", "P1", 250);
  ask (provider, TILL_ERRAND_REFUND, "R1", "P1", 250); /* repeated: paid once */
  ask (provider, TILL_ERRAND_REVERSE, "P2", NULL, 333);
  g_autoptr (TillSettlement) settlement = close_day (provider, DAY);
  g_assert_cmpint (settlement->totals.rows, ==, 4);
  g_assert_cmpint (settlement->totals.paid, ==, 1333);
  g_assert_cmpint (settlement->totals.returned, ==, 583);
  g_assert_cmpint (settlement->totals.settled, ==, 750);
  const TillSettlementRow *refund = g_ptr_array_index (settlement->rows, 2);
  g_assert_cmpint (refund->kind, ==, TILL_SETTLEMENT_REFUND);
  g_assert_cmpstr (refund->request_no, ==, "R1");
  g_assert_cmpstr (refund->original_no, ==, "P1");
  g_assert_cmpint (refund->at, ==, NOON);
  g_autoptr (TillSettlement) next = close_day (provider, DAY + 1);
  g_assert_cmpint (next->totals.rows, ==, 0);
}

/* Paid twice is two movements with one number of ours, and must be seen as that, not refused. */
static void
test_paid_twice (void)
{
  g_autoptr (TillProvider) provider = till_provider_new (TRUE, NULL, NULL);
  ask (provider, TILL_ERRAND_PAY, "P1", NULL, 1000);
  ask (provider, TILL_ERRAND_REFUND, "R1", "P1", 1000);
  ask (provider, TILL_ERRAND_REFUND, "R1", "P1", 1000);
  g_autoptr (TillSettlement) settlement = close_day (provider, DAY);
  g_assert_cmpint (settlement->totals.rows, ==, 3);
  g_assert_cmpint (settlement->totals.returned, ==, 2000);
  const TillSettlementRow *first = g_ptr_array_index (settlement->rows, 1);
  const TillSettlementRow *second = g_ptr_array_index (settlement->rows, 2);
  g_assert_cmpstr (first->request_no, ==, second->request_no);
  g_assert_cmpstr (first->provider_no, !=, second->provider_no);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/honest", test_honest);
  g_test_add_func ("/practice/paid-twice", test_paid_twice);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the practice provider really writes at the end of a day, read by the till: an honest day, an
 * empty one, and one on which a lenient provider paid the same refund twice. */
#include "app/sandbox/day-bill.h"
#include "app/sandbox/tongue.h"
#include "data/core/error.h"
#include "data/settlement/settlement.h"

#define NOON INT64_C (1795320000000000) /* 2026-11-22 12:00 in Shanghai */
#define DAY 20261122

static void
ask_in (TillProvider *provider, const char *tongue, TillErrandKind kind, const char *request_no,
        const char *original_no, TillMoney amount)
{
  TillProviderAsk ask = { .kind = kind,
                          .tongue = tongue,
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

static void
ask (TillProvider *provider, TillErrandKind kind, const char *request_no, const char *original_no,
     TillMoney amount)
{
  ask_in (provider, "sandbox", kind, request_no, original_no, amount);
}

static TillSettlement *
read_bill (const char *format, const char *merchant_no, GBytes *bytes, int day, GError **error)
{
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_ptr_array_add (members, till_settlement_member_new ("settlement.csv", bytes));
  return till_settlement_parse (till_settlement_format (format), members, merchant_no, day, error);
}

static TillSettlement *
close_day (TillProvider *provider, int day)
{
  TillSpeech speech = { .provider = provider };
  g_autoptr (GBytes) bytes = till_practice_bill (&speech, day);
  g_autoptr (GError) error = NULL;
  TillSettlement *settlement = read_bill ("sandbox", "M1", bytes, day, &error);
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

/* What is our own invention on both sides is read as it was written, and refused as any other. */
static void
test_invented (gconstpointer data)
{
  const char *name = data, *merchant_no;
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  TillSpeech speech = { .provider = provider };
  merchant_no = till_tongue_fact (
      g_str_equal (name, "lakala") ? &till_lakala_tongue : &till_shengpay_tongue, "merchant_no");
  ask_in (provider, name, TILL_ERRAND_PAY, "P1", NULL, 1000);
  ask_in (provider, name, TILL_ERRAND_PAY, "P2", NULL, 333);
  ask_in (provider, "sandbox", TILL_ERRAND_PAY, "P3", NULL, 99);
  ask_in (provider, name, TILL_ERRAND_REFUND, "R1", "P1", 250);
  ask_in (provider, name, TILL_ERRAND_REVERSE, "P2", NULL, 333);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = till_invented_bill (&speech, name, DAY);
  g_autoptr (TillSettlement) settlement = read_bill (name, merchant_no, bytes, DAY, &error);
  g_assert_no_error (error);
  g_assert_cmpint (settlement->totals.rows, ==, 4);
  g_assert_cmpint (settlement->totals.paid, ==, 1333);
  g_assert_cmpint (settlement->totals.returned, ==, 583);
  const TillSettlementRow *refund = g_ptr_array_index (settlement->rows, 2);
  g_assert_cmpint (refund->kind, ==, TILL_SETTLEMENT_REFUND);
  g_assert_cmpstr (refund->request_no, ==, "R1");
  g_assert_cmpstr (refund->original_no, ==, "P1");
  g_assert_cmpint (refund->fee, ==, -2); /* 0.6 % of 2.50, given back */

  static const TillBillFault faults[]
      = { TILL_BILL_CUT, TILL_BILL_REPEATED_ROW, TILL_BILL_WRONG_TOTAL };
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) why = NULL;
      speech.bill_fault = faults[i];
      g_autoptr (GBytes) spoilt = till_invented_bill (&speech, name, DAY);
      g_assert_null (read_bill (name, merchant_no, spoilt, DAY, &why));
      g_assert_error (why, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_autoptr (GError) none = NULL;
  speech.bill_fault = TILL_BILL_MISSING;
  g_autoptr (GBytes) missing = till_invented_bill (&speech, name, DAY);
  g_assert_null (read_bill (name, merchant_no, missing, DAY, &none));
  g_assert_error (none, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_assert_null (till_invented_bill (&speech, "wechat", DAY));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/honest", test_honest);
  g_test_add_func ("/practice/paid-twice", test_paid_twice);
  g_test_add_data_func ("/practice/invented/lakala", "lakala", test_invented);
  g_test_add_data_func ("/practice/invented/shengpay", "shengpay", test_invented);
  return g_test_run ();
}

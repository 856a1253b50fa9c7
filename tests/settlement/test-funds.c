/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fund flow against the bill, by tables: each case is a day of a few rows, and what the two
 * must be found to say. */
#include "data/settlement/funds.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "tests/settlement/fixtures.h"

/* 2026-11-22 00:00 in Beijing. */
#define DAY_FROM (G_GINT64_CONSTANT (1795276800) * TILL_SECOND)
#define MINUTE (60 * TILL_SECOND)
#define NOON (12 * 60)
#define FEE "扣除交易手续费"

typedef enum
{
  NONE,
  PAID,     /* of the bill … */
  REFUNDED, /* done */
  PROCESSING,
  FAILED,
  REVERSED,
  IN, /* … and of the flow */
  FEE_OUT,
  OUT,
  PAYOUT,
} Word;

typedef struct
{
  Word word;
  const char *number;
  TillMoney amount;
  TillMoney fee;
  int minute; /* of the day; 0 is noon */
} Row;

#define ROWS_MAX 7
typedef struct
{
  const char *name;
  Row rows[ROWS_MAX];
  int64_t differing;
  const char *first;
  TillMoney bill[TILL_N_FUNDS], flow[TILL_N_FUNDS];
} Case;

#define PAID_A                                                                                     \
  {                                                                                                \
    PAID, "A", 1250, 8                                                                             \
  }
#define IN_A                                                                                       \
  {                                                                                                \
    IN, "A", 1250                                                                                  \
  }
#define FEE_A                                                                                      \
  {                                                                                                \
    FEE_OUT, "A", 8                                                                                \
  }
#define BACK_R                                                                                     \
  {                                                                                                \
    REFUNDED, "R", 500, -3                                                                         \
  }
#define OUT_R                                                                                      \
  {                                                                                                \
    OUT, "R", 497                                                                                  \
  }

static const Case cases[] = {
  { "nothing", { { 0 } }, 0, NULL, { 0 }, { 0 } },
  { "alike", { PAID_A, BACK_R, IN_A, FEE_A, OUT_R }, 0, NULL, { 1250, 8, 497 }, { 1250, 8, 497 } },
  { "payouts-are-nothing",
    { PAID_A, IN_A, FEE_A, { PAYOUT, "P", 900 } },
    0,
    NULL,
    { 1250, 8 },
    { 1250, 8 } },
  { "one-number-two-ways",
    { PAID_A, { REFUNDED, "A", 500, -3 }, IN_A, FEE_A, { OUT, "A", 497 } },
    0,
    NULL,
    { 1250, 8, 497 },
    { 1250, 8, 497 } },
  { "coupon-paid-all", { { PAID, "A", 0, 0 }, { REFUNDED, "R", 0, 0 } }, 0, NULL, { 0 }, { 0 } },
  { "paid-less", { PAID_A, { IN, "A", 1249 }, FEE_A }, 1, "A", { 1250, 8 }, { 1249, 8 } },
  { "other-fee", { PAID_A, IN_A, { FEE_OUT, "A", 9 } }, 1, "A", { 1250, 8 }, { 1250, 9 } },
  { "fee-taken-twice", { PAID_A, IN_A, FEE_A, FEE_A }, 1, "A", { 1250, 8 }, { 1250, 16 } },
  { "fee-kept-on-refund", { BACK_R, { OUT, "R", 500 } }, 1, "R", { 0, 0, 497 }, { 0, 0, 500 } },
  { "paid-out-twice", { BACK_R, OUT_R, OUT_R }, 1, "R", { 0, 0, 497 }, { 0, 0, 994 } },
  { "only-in-the-bill", { PAID_A, BACK_R, IN_A, FEE_A }, 1, "R", { 1250, 8, 497 }, { 1250, 8 } },
  { "only-in-the-flow", { PAID_A, IN_A, FEE_A, OUT_R }, 1, "R", { 1250, 8 }, { 1250, 8, 497 } },
  /* Sums that agree prove nothing of the numbers. */
  { "swapped",
    { PAID_A, { PAID, "B", 1000 }, { IN, "A", 1000 }, { IN, "B", 1250 } },
    2,
    "A",
    { 2250 },
    { 2250 } },
  { "other-number", { PAID_A, { IN, "B", 1250 } }, 2, "A", { 1250 }, { 1250 } },
  /* No fee in the flow: they are taken elsewhere. One is there: all must be. */
  { "fees-elsewhere", { PAID_A, IN_A }, 0, NULL, { 1250 }, { 1250 } },
  { "one-fee-missing",
    { PAID_A, { PAID, "B", 1000, 6 }, IN_A, FEE_A, { IN, "B", 1000 } },
    1,
    "B",
    { 2250, 14 },
    { 2250, 8 } },
  /* The edges of the day: the last ten minutes and the first. */
  { "last-second", { { PAID, "A", 1250, 8, 24 * 60 - 1 } }, 0, NULL, { 0 }, { 0 } },
  { "last-minutes", { { PAID, "A", 1250, 8, 24 * 60 - 10 } }, 0, NULL, { 0 }, { 0 } },
  { "before-the-last-minutes", { { PAID, "A", 1250, 8, 24 * 60 - 11 } }, 1, "A", { 1250 }, { 0 } },
  { "booked-after-midnight", { { OUT, "R", 497, 0, 9 } }, 0, NULL, { 0 }, { 0 } },
  { "booked-too-late", { { OUT, "R", 497, 0, 10 } }, 1, "R", { 0 }, { 0, 0, 497 } },
  { "edge-and-other-amount",
    { { PAID, "A", 1250, 8, 24 * 60 - 1 }, { IN, "A", 1 } },
    1,
    "A",
    { 1250 },
    { 1 } },
  /* What need not have moved, and when it has, must have moved right. */
  { "processing", { { PROCESSING, "R", 500, -3 } }, 0, NULL, { 0 }, { 0 } },
  { "processing-paid",
    { { PROCESSING, "R", 500, -3 }, OUT_R },
    0,
    NULL,
    { 0, 0, 497 },
    { 0, 0, 497 } },
  { "processing-paid-wrong",
    { { PROCESSING, "R", 500, -3 }, { OUT, "R", 500 } },
    1,
    "R",
    { 0, 0, 497 },
    { 0, 0, 500 } },
  { "failed", { { FAILED, "R", 500, -3 } }, 0, NULL, { 0 }, { 0 } },
  { "reversed",
    { PAID_A, { REVERSED, "A", 1250, -8 }, IN_A, FEE_A },
    0,
    NULL,
    { 1250, 8 },
    { 1250, 8 } },
  { "reversed-wrong",
    { { REVERSED, "A", 1250, -8 }, { OUT, "A", 1 } },
    1,
    "A",
    { 0, 0, 1242 },
    { 0, 0, 1 } },
  { "not-done-and-another",
    { { PROCESSING, "R", 500, -3 }, { OUT, "S", 497 } },
    1,
    "S",
    { 0 },
    { 0, 0, 497 } },
};

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

static void
add_row (TillSettlement *bill, TillSettlement *flow, const Row *row)
{
  static const struct
  {
    gboolean flow, back;
    TillSettlementKind kind;
    const char *state;
  } words[] = {
    [PAID] = { FALSE, FALSE, TILL_SETTLEMENT_PAYMENT, "SUCCESS" },
    [REFUNDED] = { FALSE, TRUE, TILL_SETTLEMENT_REFUND, "SUCCESS" },
    [PROCESSING] = { FALSE, TRUE, TILL_SETTLEMENT_REFUND, "PROCESSING" },
    [FAILED] = { FALSE, TRUE, TILL_SETTLEMENT_REFUND, "FAIL" },
    [REVERSED] = { FALSE, TRUE, TILL_SETTLEMENT_REVERSAL, "REVOKED" },
    [IN] = { TRUE, FALSE, TILL_SETTLEMENT_PAYMENT, "交易" },
    [FEE_OUT] = { TRUE, TRUE, TILL_SETTLEMENT_OTHER, FEE },
    [OUT] = { TRUE, TRUE, TILL_SETTLEMENT_REFUND, "退款" },
    [PAYOUT] = { TRUE, TRUE, TILL_SETTLEMENT_OTHER, "提现" },
  };
  TillSettlementRow *made = g_new0 (TillSettlementRow, 1);
  made->kind = words[row->word].kind;
  made->back = words[row->word].back;
  made->state = g_strdup (words[row->word].state);
  made->request_no = g_strdup (row->number);
  made->amount = row->amount + (words[row->word].flow ? 0 : 100); /* a coupon paid a part */
  made->settled = row->amount;
  made->fee = row->fee;
  made->at = DAY_FROM + (row->minute ? row->minute : NOON) * MINUTE;
  g_ptr_array_add ((words[row->word].flow ? flow : bill)->rows, made);
}

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) bill = settlement_new ("wechat");
  g_autoptr (TillSettlement) flow = settlement_new ("wechat-funds");
  for (int i = 0; i < ROWS_MAX && one->rows[i].word != NONE; i++)
    add_row (bill, flow, &one->rows[i]);
  g_autoptr (TillFunds) funds = till_funds_new (bill, flow, &error);
  g_assert_no_error (error);
  g_assert_cmpint (funds->differing, ==, one->differing);
  g_assert_cmpstr (funds->first, ==, one->first);
  for (int i = 0; i < TILL_N_FUNDS; i++)
    {
      g_test_message ("%s", till_funds_figure_word ((TillFundsFigure)i));
      g_assert_cmpint (funds->bill[i], ==, one->bill[i]);
      g_assert_cmpint (funds->flow[i], ==, one->flow[i]);
    }
}

/* The files that the parsers are tested with: of one day, and the flow has two rows too few. */
static void
test_fixtures (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) bill_members = fixture_members (&fixtures[FIXTURE_WECHAT]);
  g_autoptr (GPtrArray) flow_members = fixture_members (&fixtures[FIXTURE_WECHAT_FUNDS]);
  g_autoptr (TillSettlement) bill = fixture_parse (&fixtures[FIXTURE_WECHAT], bill_members, &error);
  g_assert_no_error (error);
  g_autoptr (TillSettlement) flow
      = fixture_parse (&fixtures[FIXTURE_WECHAT_FUNDS], flow_members, &error);
  g_assert_no_error (error);
  g_autoptr (TillFunds) funds = till_funds_new (bill, flow, &error);
  g_assert_no_error (error);
  g_assert_cmpint (funds->differing, ==, 2); /* A2's payment and its fee */
  g_assert_cmpstr (funds->first, ==, "A2");
  g_assert_cmpint (funds->bill[TILL_FUNDS_PAID], ==, 1250 + 9000);
  g_assert_cmpint (funds->flow[TILL_FUNDS_PAID], ==, 1250);
  g_assert_cmpint (funds->bill[TILL_FUNDS_FEES], ==, 8 + 54);
  g_assert_cmpint (funds->flow[TILL_FUNDS_FEES], ==, 8);
  g_assert_cmpint (funds->bill[TILL_FUNDS_RETURNED], ==, 497); /* without the reversal */
  g_assert_cmpint (funds->flow[TILL_FUNDS_RETURNED], ==, 497);
}

static void
test_too_large (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) bill = settlement_new ("wechat");
  g_autoptr (TillSettlement) flow = settlement_new ("wechat-funds");
  const Row row = { IN, "A", G_MAXINT64 };
  add_row (bill, flow, &row);
  add_row (bill, flow, &row);
  g_assert_null (till_funds_new (bill, flow, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/funds/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/funds/fixtures", test_fixtures);
  g_test_add_func ("/funds/too-large", test_too_large);
  return g_test_run ();
}

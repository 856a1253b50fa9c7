/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Providers' settlement files. Each kept file is read into the rows that were written down here by
 * hand. Then each is damaged: once by hand for every way to be wrong, with the reason that must
 * come; and by machine, every line cut out, doubled, cut short, and every byte changed, after which
 * it must be refused or say the same money. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "tests/settlement/fixtures.h"

/* --- reading --- */

static const char *
or_dash (const char *text)
{
  return text ? text : "-";
}

typedef enum
{
  TELL_ALL,
  TELL_MONEY,     /* kinds, directions, amounts, fees, totals */
  TELL_MOVEMENTS, /* the same without kinds */
} Tell;

static void
tell_row (GString *told, const TillSettlementRow *row, Tell how)
{
  g_string_append_printf (told, "%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          how == TELL_MOVEMENTS ? "-" : till_settlement_kind_word (row->kind),
                          row->back ? "out" : "in", row->amount, row->settled, row->fee_exact);
  if (how == TELL_ALL)
    {
      g_autofree char *at = row->at ? till_clock_format (row->at, "Asia/Shanghai") : g_strdup ("-");
      g_string_append_printf (told, " %s<%s %s<%s %s %s %" G_GINT64_FORMAT " fee %" G_GINT64_FORMAT,
                              or_dash (row->request_no), or_dash (row->original_no),
                              or_dash (row->provider_no), or_dash (row->original_provider_no),
                              or_dash (row->state), at, row->line, row->fee);
    }
  g_string_append_c (told, '\n');
}

static char *
tell (const TillSettlement *settlement, Tell how)
{
  GString *told = g_string_new (NULL);
  for (guint i = 0; i < settlement->rows->len; i++)
    tell_row (told, g_ptr_array_index (settlement->rows, i), how);
  g_string_append_printf (told,
                          "%" G_GINT64_FORMAT " in %" G_GINT64_FORMAT " out %" G_GINT64_FORMAT
                          " settled %" G_GINT64_FORMAT " fee %" G_GINT64_FORMAT " states %x",
                          settlement->totals.rows, settlement->totals.paid,
                          settlement->totals.returned, settlement->totals.settled,
                          settlement->totals.fee_exact, (guint)settlement->states);
  return g_string_free (told, FALSE);
}

static const char *const good[N_FIXTURES] = {
  [FIXTURE_SANDBOX]
  = "payment in 1000 1000 6000 A1<- P0000000001<- - 2026-11-22 09:15:00 2 fee 6\n"
    "payment in 2550 2550 15000 A2<- P0000000002<- - 2026-11-22 09:20:31 3 fee 15\n"
    "refund out 250 250 -2000 R1<A1 R0000000003<- - 2026-11-22 11:02:00 4 fee -2\n"
    "reversal out 2550 2550 -15000 A2<- P0000000002<- - 2026-11-22 23:59:59 5 fee -15\n"
    "4 in 3550 out 2800 settled 750 fee 4000 states 19",
  /* 4768.00 838.00 99.00 100.00 4567.00 1422.00 1333.00 100.00 and their fees, as in the sample
   * that UnionPay ships; its clearing day is the one before its times. */
  [FIXTURE_UNIONPAY_SAMPLE]
  = "payment in 476800 476800 2861000 2015090600000001<- 201509061047121002318<- - "
    "2015-09-06 10:47:12 1 fee 2861\n"
    "payment in 83800 83800 503000 2015090600000002<- 201509061050091005488<- - "
    "2015-09-06 10:50:09 2 fee 503\n"
    "payment in 9900 9900 59000 2015090600000003<- 201509061055441008658<- - "
    "2015-09-06 10:55:44 3 fee 59\n"
    "payment in 10000 10000 60000 2015090600000004<- 201509061101011011828<- - "
    "2015-09-06 11:01:01 4 fee 60\n"
    "payment in 456700 456700 2740000 2015090600000005<- 201509061107331014998<- - "
    "2015-09-06 11:07:33 5 fee 2740\n"
    "payment in 142200 142200 853000 2015090600000006<- 201509061122181018168<- - "
    "2015-09-06 11:22:18 6 fee 853\n"
    "payment in 133300 133300 800000 2015090600000007<- 201509061140501021338<- - "
    "2015-09-06 11:40:50 7 fee 800\n"
    "payment in 10000 10000 60000 2015090600000008<- 201509061153261024508<- - "
    "2015-09-06 11:53:26 8 fee 60\n"
    "8 in 1322700 out 0 settled 1322700 fee 7936000 states 1f",
  [FIXTURE_UNIONPAY]
  = "payment in 10000 10000 60000 A1<- 202611212330052000018<- - 2026-11-21 23:30:05 1 fee 60\n"
    "other in 5000 5000 30000 A2<- 202611220910002000028<- 03 2026-11-22 09:10:00 2 fee 30\n"
    "refund out 2500 2500 0 R1<A0 202611221015002000038<202611200900001000018 - "
    "2026-11-22 10:15:00 3 fee 0\n"
    "reversal out 10000 10000 -60000 V1<A1 202611221200002000048<202611212330052000018 - "
    "2026-11-22 12:00:00 4 fee -60\n"
    "other out 1200 1200 0 -<- 300001<100777 4802 2026-11-22 14:00:00 1 fee 0\n"
    "5 in 15000 out 13700 settled 1300 fee 30000 states 1f",
  [FIXTURE_WECHAT] = "payment in 1250 1250 7500 A1<- 4200000001202611220000000001<- SUCCESS "
                     "2026-11-22 09:15:00 2 fee 8\n"
                     "payment in 10000 9000 54000 A2<- 4200000001202611220000000002<- SUCCESS "
                     "2026-11-22 10:00:01 3 fee 54\n"
                     "refund out 500 500 -3000 R1<A0 "
                     "50000000012026112200000000001<4200000001202611200000000009 SUCCESS "
                     "2026-11-22 15:30:00 4 fee -3\n"
                     "reversal out 880 880 0 A3<- -<4200000001202611220000000003 REVOKED "
                     "2026-11-22 18:00:00 5 fee 0\n"
                     "4 in 11250 out 1380 settled 8870 fee 58500 states 1f",
  [FIXTURE_WECHAT_FUNDS]
  = "payment in 1250 1250 0 A1<- 4200000001202611220000000001<- 交易 2026-11-22 09:15:00 2 fee 0\n"
    "other out 8 8 0 A1<- 4200000001202611220000000001<- 扣除交易手续费 "
    "2026-11-22 09:15:00 3 fee 0\n"
    "refund out 497 497 0 R1<- 50000000012026112200000000001<- 退款 2026-11-22 15:30:00 4 fee 0\n"
    "other out 10000 10000 0 -<- 1000000001202611220000000001<- 提现 "
    "2026-11-22 20:00:00 5 fee 0\n"
    "4 in 1250 out 10505 settled -9255 fee 0 states f",
  [FIXTURE_ALIPAY] = "payment in 1800 1800 11000 A1<- 2026112222001400000000000001<- 交易 "
                     "2026-11-22 09:15:00 6 fee 11\n"
                     "payment in 3000 2800 17000 A2<- 2026112222001400000000000002<- 交易 "
                     "2026-11-22 10:00:04 7 fee 17\n"
                     "refund out 500 500 -3000 R1<A0 -<2026111922001400000000000077 退款 "
                     "2026-11-22 16:45:10 8 fee -3\n"
                     "3 in 4800 out 500 settled 4100 fee 25000 states 19",
  [FIXTURE_UMPAY] = "payment in 1800 1800 0 A1<- -<- 1 - 2 fee 0\n"
                    "payment in 2000 2000 0 A2<- -<- 1 - 3 fee 0\n"
                    "payment in 2500 2500 0 A3<- -<- 1 - 4 fee 0\n"
                    "3 in 6300 out 0 settled 6300 fee 0 states b",
#define INVENTED_ROWS                                                                              \
  "payment in 1250 1250 7500 A1<- 66000000000001<- SUCCESS 2026-11-22 09:15:00 2 fee 8\n"          \
  "payment in 10000 10000 60000 A2<- 66000000000002<- SUCCESS 2026-11-22 10:00:01 3 fee 60\n"      \
  "refund out 500 500 -3000 R1<A0 66000000000003<65000000000009 SUCCESS "                          \
  "2026-11-22 15:30:00 4 fee -3\n"                                                                 \
  "reversal out 10000 10000 -60000 A2<- 66000000000004<66000000000002 SUCCESS "                    \
  "2026-11-22 15:31:00 5 fee -60\n"                                                                \
  "other out 300 300 0 -<- 66000000000005<- MONTHLY 2026-11-22 20:00:00 6 fee 0\n"                 \
  "5 in 11250 out 10800 settled 450 fee 4500 states 1f"
  [FIXTURE_LAKALA] = INVENTED_ROWS,
  [FIXTURE_SHENGPAY] = INVENTED_ROWS,
  /* A payout; a refund that failed and what came back of it; a part that somebody gave back at
   * Stripe's pages; a fee of its own; and a payment of somebody else's. */
  [FIXTURE_STRIPE]
  = "other out 5000 5000 0 -<- po_1<- payout 2026-11-22 23:59:59 2 fee 0\n"
    "other in 300 300 0 R3<A0 re_3<pi_0 refund_failure 2026-11-22 20:00:00 3 fee 0\n"
    "refund out 300 300 0 R3<A0 re_3<pi_0 failed 2026-11-22 16:45:10 4 fee 0\n"
    "refund out 100 100 0 re_2<A1 re_2<pi_1 succeeded 2026-11-22 15:00:00 5 fee 0\n"
    "refund out 250 250 0 R1<A1 re_1<pi_1 pending 2026-11-22 11:02:00 6 fee 0\n"
    "other out 40 40 0 -<- txn_4<- stripe_fee 2026-11-22 10:30:00 2 fee 0\n"
    "other in 7700 7700 60000 -<- pi_9<- charge 2026-11-22 10:00:04 3 fee 60\n"
    "payment in 2550 2550 95000 A2<- pi_2<- succeeded 2026-11-22 09:20:31 4 fee 95\n"
    "payment in 1000 1000 37000 A1<- pi_1<- succeeded 2026-11-22 00:00:00 5 fee 37\n"
    "9 in 11550 out 5690 settled 5860 fee 192000 states 19",
};

static void
test_good (gconstpointer data)
{
  const Fixture *fixture = data;
  g_autoptr (GPtrArray) members = fixture_members (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement = fixture_parse (fixture, members, &error);
  g_assert_no_error (error);
  g_autofree char *told = tell (settlement, TELL_ALL);
  g_assert_cmpstr (told, ==, good[fixture - fixtures]);
  g_assert_cmpstr (settlement->format, ==, fixture->format);
  g_assert_cmpstr (settlement->merchant_no, ==, fixture->merchant_no);
  g_assert_cmpint (settlement->day, ==, fixture->day);
}

/* Fee, net and amount of the sample as its own summary says them: 13,227.00, 79.36, 13,147.64. */
static void
test_unionpay_sample (void)
{
  const Fixture *fixture = &fixtures[FIXTURE_UNIONPAY_SAMPLE];
  g_autoptr (GPtrArray) members = fixture_members (fixture);
  const TillSettlementMember *zm = g_ptr_array_index (members, 0);
  g_assert_cmpuint (g_bytes_get_size (zm->bytes), ==, 8 * (607 + 2));
  g_autoptr (TillSettlement) settlement = fixture_parse (fixture, members, NULL);
  g_assert_nonnull (settlement);
  TillMoney fees = 0;
  for (guint i = 0; i < settlement->rows->len; i++)
    fees += ((TillSettlementRow *)settlement->rows->pdata[i])->fee;
  g_assert_cmpint (settlement->totals.paid, ==, 1322700);
  g_assert_cmpint (fees, ==, 7936);
  g_assert_cmpint (settlement->totals.settled - fees, ==, 1314764);
}

/* --- wrong by hand --- */

typedef struct
{
  int fixture, member;
  const char *from, *to; /* the first `from` becomes `to`; to NULL: the file ends there */
  const char *why;       /* stands in the error */
} Wrong;

static const Wrong wrongs[] = {
#define S FIXTURE_SANDBOX, 0
  { S, "total,4", NULL, "cut" },
  { S, "2026-11-22 11:02:00", NULL, "cut" },
  { S, "-0.15\ntotal", NULL, "no amount" },
  { S, "time,", NULL, "cut" },
  { S, "time,kind", "kind,time", "it should be the line that begins" },
  { S, "2026-11-22 09:20:31,pay,A2,,P0000000002,25.50,0.15\n", "", "the rows give 3" },
  { S, "2026-11-22 09:20:31,pay,A2,,P0000000002",
    "2026-11-22 09:15:00,pay,A1,,P0000000001,10.00,0.06\n2026-11-22 09:20:31,pay,A2,,P0000000002",
    "it repeats the row of line 2" },
  { S, "total,4,,,,7.50", "total,4,,,,7.51",
    "line 6: it does not add up: the amount is stated as 751" },
  { S, "total,4", "total,5", "the number of rows is stated as 5" },
  { S, "7.50,0.04", "7.50,0.05", "the fee is stated as" },
  { S, "-0.15\n", "-0.14\n", "the fee is stated as" },
  { S, "2026-11-22 09:15", "2026-11-23 09:15", "it is for 20261123, not for 20261122" },
  { S, "2026-11-22 09:15", "2026-02-30 09:15", "time" },
  { S, "09:15:00", "24:15:00", "time" },
  { S, "10.00,", "10.0\x01,", "no amount" },
  { S, "10.00,", "10.00\x7f,", "no amount" },
  { S, "10.00,", "+10.00,", "no amount" },
  { S, "10.00,", "1e1,", "no amount" },
  { S, "10.00,", "10.001,", "no amount" },
  { S, "10.00,", "１0.00,", "no amount" },
  { S, "10.00,", ".10,", "no amount" },
  { S, "10.00,", ",", "no amount" },
  { S, "10.00,", "10000000000.01,", "no amount" },
  { S, "10.00,", "99999999999999999999.00,", "no amount" },
  { S, "10.00,", "-10.00,", "wrong sign" },
  { S, "-2.50", "2.50", "wrong sign" },
  { S, "10.00,0.06", "0.00,0.06", "its amount is nothing" },
  { S, "R1,A1,", "R1,,", "names its payment" },
  { S, ",pay,", ",gift,", "kind is not known" },
  { S, ",A1,,P0000000001", ",,,P0000000001", "no order or transaction number" },
  { S, ",A1,,P0000000001", ",../A1,,P0000000001", "no order or transaction number" },
  { S, ",A1,,P0000000001", ",A\x02,,P0000000001", "no order or transaction number" },
  { S, "10.00,0.06", "10.00", "it has 6 columns, not 7" },
  { S, "10.00,0.06", "10.00,0.06,", "it has 8 columns, not 7" },
  { S, "0.04\n", "0.04\n\n", "the file should have ended" },
  { S, "0.04\n", "0.04\ntotal,4,,,,7.50,0.04\n", "the file should have ended" },
  { S, "total,4,,", "total,4,A,", "totals cannot be read" },
#undef S
#define Z FIXTURE_UNIONPAY_SAMPLE, 0
#define R FIXTURE_UNIONPAY_SAMPLE, 1
  { Z, "S56 4872", "S56x4872", "column 1 is not followed by a blank" },
  { Z, "000000476800", "000000476801", "do not add up" },
  { Z, "D000000002861", "D000000002862", "do not add up" },
  { Z, "D000000002861", "X000000002861", "no amount" },
  { Z, "D000000002861", " 000000002861", "no amount" },
  { Z, "D000000002861", "D00000000286\x01", "control character" },
  { Z, "C000000473939", "D000000473939", "differ" },
  { Z, "000000476800", "          1e", "no amount" },
  { Z, "\r\n", "\n", "it is cut, or not 607 bytes long" },
  { Z, "\r\nS56 48720000    00049992    100548", "", "not 607 bytes" },
  { Z, "201509061050091005488", "201509061047121002318", "it repeats the row of line 1" },
  { Z, "201509061050091005488", "                     ", "query number is missing" },
  { Z, "700000000000001", "700000000000002", "another merchant" },
  { Z, "0906104712", "1306104712", "time" },
  { Z, "0906104712", "0906106012", "time" },
  { R, "商户代码：700000000000001", "商户代码：700000000000002", "another merchant" },
  { R, "商户代码", "代码", "neither a heading nor a row" },
  { R, "清算日期：2015-09-05", "清算日期：2015-09-06", "it is for 20150906" },
  { R, "清算日期：2015-09-05", "清算日期：2015-09-32", "day" },
  { R, "清算日期：2015-09-05", "", "whose it is" },
  { R, "消费|     8", "消费|     7", "a total is stated as 8" },
  { R, "13,227.00", "13,227.01", "a total is stated" },
  { R, "13,227.00", "132,27.00", "neither a heading nor a row" },
  { R, "79.36", "7936", "a total" },
  { R, "|卡性质", NULL, "the file is cut here" },
  { R, "13,227.00", ",13,227.00", "neither a heading nor a row" },
  { R, "13,227.00", "13227,000.00", "neither a heading nor a row" },
  { R, "13,227.00", "13,227,00", "neither a heading nor a row" },
  { R, "|卡性质", "|总计|0|||||||\r\n|卡性质", "the other table's total" },
  { R, "|贷记卡|", "|贷记卡|  1|", "neither a heading nor a row" },
  { R, "|卡性质",
    "|总计|     8|          0.00|     13,227.00|       79.36|        0.00|"
    "          0.00|     13,147.64|\r\n|卡性质",
    "a total is stated as 8" },
#undef Z
#undef R
#define Z FIXTURE_UNIONPAY, 0
#define R FIXTURE_UNIONPAY, 1
#define E FIXTURE_UNIONPAY, 2
  { Z, "D000000002500", "C000000002500", "differ" },
  { Z, "04 00", "01 00", "wrong sign" },
  { Z, "A0   ", "A,0  ", "no order or transaction number" },
  { Z, "S22", NULL, "the number of rows is stated as 5" }, /* no row at all */
  { E, "D000000001200", "C000000001200", "the amount to the merchant" },
  { E, "898000000000001", "898000000000002", "another merchant" },
  { E, "000000001200 5411", "000000001300 5411", "do not add up" },
  { E, "4802", "差错", "its state is no word" }, /* in GBK, as it stands there */
  { E, "E22", NULL, "the number of rows is stated as 5" },
  { R, "49.70\r\n总计 5 137.00 150.00 0.90 0.60 136.40 149.10\r\n",
    "49.70\r\n总计 5 137.00 150.00 0.90 0.60 136.40 149.10\r\n借记卡 0 0 0 0 0 0 0\r\n",
    "behind the last total" },
  { R, "总计 5 137.00", "总计 4 137.00", "a total is stated as 4" },
#undef Z
#undef R
#undef E
#define W FIXTURE_WECHAT, 0
  { W, "总交易单数", NULL, "cut" },
  { W, "`4,`102.50", NULL, "cut" },
  { W, "`13.80\r\n", NULL, "it has 6 columns, not 7" },
  { W, "交易时间,", "交易时刻,", "it should be the line" },
  { W, ",申请退款金额,费率备注", ",申请退款金额", "it should be the line" },
  { W, "`1900000109", "`1900000110", "another merchant" },
  { W, "`1900000109,`0", "`1900000109,`1900000110", "another merchant" },
  { W, "`2026-11-22 09:15", "`2026-11-21 09:15", "it is for 20261121" },
  { W, "`CNY", "`USD", "currency" },
  { W, "`SUCCESS,`OTHERS", "`SUCCES,`OTHERS", "state is not known" },
  { W, "`4,`102.50", "`3,`102.50", "the number of rows" },
  { W, "`102.50", "`102.51", "the sum of a column" },
  { W, "`0.58500", "`0.58501", "the sum of a column" },
  { W, "`0.58500", "`0.585000", "totals cannot be read" },
  { W, "`0.07500", "`0.075001", "no amount" },
  { W, "`0.07500", "`0.07501", "the sum of a column" },
  { W, "`0.07500", "`-0.07500", "a payment has a negative fee" },
  { W, "`-0.03000", "`0.03000", "a refund has a positive fee" },
  { W, "`12.50,`0.00,`0", "`12.5O,`0.00,`0", "no amount" },
  { W, "`12.50,`0.00,`0", "`13.50,`0.00,`0", "more is settled" },
  { W, "`12.50,`0.00,`0", "`12.5\x1b,`0.00,`0", "no amount" },
  { W, "`12.50,`0.00,`0", "`-12.50,`0.00,`0", "no amount" },
  { W, "`12.50,`0.00,`0", "`12.50,`0.00,`0,`0", "it has 28 columns, not 27" },
  { W, "`苹果, 梨 2kg", "`苹果,`梨 2kg", "it has 28 columns, not 27" },
  { W, "`苹果, 梨 2kg,", "", "it has 26 columns, not 27" },
  { W, "`0,`0,`0.00,`0.00", "`0,`0,`1.00,`0.00", "a payment has a refund's amount" },
  { W, "`REFUND", "`SUCCESS", "a payment has a refund's amount" },
  { W, "`0.00,`0.00,`5000", "`1.00,`0.00,`5000", "a refund has a payment's amount" },
  { W, "`R1,`", "`0,`", "our number is missing" },
  { W, "`50000000012026112200000000001", "`0", "a refund lacks a number" },
  { W, "`4200000001202611220000000002", "`4200000001202611220000000001",
    "repeats the row of line 2" },
  { W, "`4200000001202611220000000002", "`0", "WeChat's order number is missing" },
  { W, "`13.80\r\n", "`13.80\r\n`4\r\n", "should have ended" },
  { W, "苹果", "苹\r\n果", "it has 21 columns" },
  { W, "`2026", "2026", "neither a row nor the totals" },
#undef W
#define F FIXTURE_WECHAT_FUNDS, 0
  { F, "资金流水总笔数", NULL, "cut" },
  { F, "收入,`12.50", "支出,`12.50", "the number of rows out" },
  { F, "`收入", "`收人", "neither in nor out" },
  { F, "`4.97", "`4.96", "what went out" },
  { F, "`4.97", "`4.97\t", "no amount" },
  { F, "`107.45", "`107.456", "no amount" },
  { F, "`4,`1", "`5,`1", "the number of rows" },
  { F, "`4,`1", "`4,`2", "the number of rows in" },
  { F, "`3,`105.05", "`4,`105.05", "the number of rows out" },
  { F, "`12.50,`3", "`12.51,`3", "what came in" },
  { F, "`105.05\r\n", "`105.06\r\n", "what went out" },
  { F, "2026-11-22 15:30", "2026-11-23 15:30", "it is for 20261123" },
  { F, "`1900000001202611220000000003", "`19\x05", "number of the flow" },
  { F, ",`system,`,`0", ",`system,`", "it has 10 columns, not 11" },
#undef F
#define A FIXTURE_ALIPAY, 0
#define B FIXTURE_ALIPAY, 1
  { A, "#支付宝", "支付宝", "it should be the line" },
  { A, "#账号：[2088", "#账号：[2089", "another merchant" },
  { A, "10156]", "10157]", "another merchant" },
  { A, "#账号：[", "#帐号：[", "the account should stand here" },
  { A, "22日 00:00:00]   ", "21日 00:00:00]   ", "beginning and end of one day" },
  { A, "22日 00:00:00]   终止日期：[2026年11月23日", "21日 00:00:00]   终止日期：[2026年11月22日",
    "it is for 20261121" },
  { A, "22日 00:00:00]   ", "22日 00:00:01]   ", "beginning and end of one day" },
  { A, "业务明细列表-", "业务列表-", "the list should begin here" },
  { A, "#-----------------------------------------业务明细列表结束", NULL, "cut" },
  { A, "#退款合计", NULL, "cut" },
  { A, "2笔", "3笔", "the number of rows" },
  { A, "共46.00元", "共46.01元", "the amount" },
  { A, "共2.00元", "共2.01元", "the discount" },
  { A, "共46.00元", "共46.00", "the sums cannot be read" },
  { A, "共-5.00元", "共5.00元", "the amount" },
  { A, ",18.00,18.00", ",18.00,18.01", "does not go with" },
  { A, ",18.00,18.00", ",18.01,18.00", "the sum of a column" },
  { A, ",18.00,18.00", ",18.00,1\x03.00", "no amount" },
  { A, ",18.00,18.00", ",18.00,18.000", "no amount" },
  { A, "-5.00,-5.00", "5.00,5.00", "a refund lacks its sign" },
  { A, "\t,退款\t", "\t,交易\t", "a payment looks like a refund" },
  { A, ",R1\t", ",\t", "our number is missing" },
  { A, "-0.17", "0.17", "its fee has another sign" },
  { A, "-0.17", "-0.16", "the sum of a column" },
  { A, "销售 A1", "销售, A1", "it has 26 columns, not 25" },
  { A, "销售 A1,", "", "it has 24 columns, not 25" },
  { A, "2026-11-22 09:15:00", "2026-11-21 09:15:00", "it is for 20261121" },
  { A, "2026112222001400000000000002", "2026112222001400000000000001",
    "repeats the row of line 6" },
  { A, "#导出时间", "导出时间", "should have ended" },
  { B, "#支付宝业务汇总查询", "#支付宝业务明细查询", "it should be the line" },
  { B, "2,1,43.00", "2,2,43.00", "the sum of the shops" },
  { B, "12.92", "12.93", "the sum of the shops" },
  { B,
    "12.92\r\n002\t,火车站店\t,1,0,30.00,28.00,0.00,2.00,0.00,-0.17,0.00,27.83\r\n合计\t,\t,2,1,43."
    "00,41.00,0.00,2.00,0.00,-0.25,0.00,40.75",
    "13.92\r\n002\t,火车站店\t,1,0,30.00,28.00,0.00,2.00,0.00,-0.17,0.00,27.83\r\n合计\t,\t,2,1,43."
    "00,41.00,0.00,2.00,0.00,-0.25,0.00,41.75",
    "the net amount" },
  { B, "合计", "003", "it has 1 columns" },
  { B, "合计", NULL, "cut" },
  { B, "#----------------------------------------业务汇总列表结束", NULL, "cut" },
  { B, "[2088", "[2089", "another merchant" },
  { B, "22日 00", "20日 00", "beginning and end of one day" },
#undef A
#undef B
#define U FIXTURE_UMPAY, 0
  { U, "TRADEDETAIL-END", NULL, "cut" },
  { U, "9995,20261122,3,6300", NULL, "columns" },
  { U, "TRADEDETAIL-START", "TRADEDETAIL", "no beginning" },
  { U, "3.0", "4.0", "no beginning" },
  { U, "0000", "1112", "went wrong" },
  { U, "0000", "0001", "totals cannot be read" }, /* no file, and yet rows */
  { U, "START,9995", "START,9996", "another merchant" },
  { U, "START,9995,20261122", "START,9995,20261123", "it is for 20261123" },
  { U, "END,9995,20261122", "END,9995,20261123", "it is for 20261123" },
  { U, "\n9995,200", "\n9994,200", "another merchant" },
  { U, "A1,20261122,20261122", "A1,20261122,20261121", "it is for 20261121" },
  { U, "A1,20261122,20261122", "A1,20261122,2026112", "day" },
  { U, ",1800,", ",1801,", "the amount is stated as 6300, the rows give 6301" },
  { U, ",1800,", ",18.00,", "no amount" },
  { U, ",1800,", ",-1800,", "no amount" },
  { U, ",1800,",
    ",18\x1f"
    "00,",
    "no amount" },
  { U, ",1800,", ",1000000000001,", "no amount" },
  { U, ",1800,02", ",1800,01", "currency" },
  { U, "A2,", "A1,", "repeats the row of line 2" },
  { U, ",3,6300", ",2,6300", "the number of rows" },
  { U, ",0,1,731", ",0,1", "it has 12 columns, not 13" },
  { U, ",0,1,731", ",0,1,731,", "it has 14 columns, not 13" },
#undef U
#define L FIXTURE_LAKALA, 0
  { L, "END", NULL, "cut" },
  { L, "END,5,112.50,108.00,0.04500", "END,none", "columns" },
  { L, "START,1", "START,2", "no beginning" },
  { L, "lakala", "shengpay", "no beginning" },
  { L, "822100000000001", "822100000000002", "another merchant" },
  { L, "001,2026-11-22", "001,2026-11-23", "it is for 20261123" },
  { L, "2026-11-22 09", "2026-11-23 09", "it is for 20261123" },
  { L, "payment", "paiment", "kind is not known" },
  { L, "12.50", "-12.50", "no amount" },
  { L, "12.50", "12.51", "what came in" },
  { L, "0.07500", "0.075001", "no amount" },
  { L, "0.07500", "0.07600", "the fee" },
  { L, "66000000000002", "66000000000001", "repeats the row of line 2" },
  { L, "66000000000002", "", "provider's number is missing" },
  { L, "A1,,", "A1,A0,", "names its payment" },
  { L, "END,5", "END,6", "the number of rows" },
  { L, "108.00", "108.01", "what went back" },
  { L, ",SUCCESS", ",SUCCESS\x01", "its state is no word" },
  { L, ",SUCCESS", ",SUCCESSSUCCESSSUCCESSSUCCESSSUCCESS", "its state is too long" },
#undef L
#define P FIXTURE_STRIPE, 0
#define Q FIXTURE_STRIPE, 1
  { P, "stripe,1,", "stripe,2,", "no beginning of a page of version 1" },
  { P, "stripe,1,", "bill,1,", "no beginning of a page of version 1" },
  { P, ",1\n", ",2\n", "line 1: it is not page 1" },
  { Q, ",2\n", ",1\n", "line 1: it is not page 2" },
  { P, "20261122", "20261132", "its day is no day" },
  { P, "end,5", NULL, "cut" },
  { P, "end,5", "end,4", "the number of rows is stated as 4" },
  { P, "-5350", "-5351", "the net is stated as -5351" },
  { P, ",more", ",last", "the pages should have ended here" },
  { Q, ",last", ",more", "there is more than the pages that are here" },
  { Q, ",last\n", ",last\n\n", "the file should have ended" },
  { Q, "cny,2550", "usd,2550", "its money is “usd”, and the shop's is cny" },
  { P, "cny,-5000", "hkd,-5000", "its money is “hkd”" },
  { Q, "2550,95,2455", "2550,95,2456", "its net is not its amount less its fee" },
  { Q, "2550,95,2455", "2550,-95,2455", "its net is not its amount less its fee" },
  { Q, "2550,95,2455", "2550,9x,2455", "no amount" },
  { Q, "2550,95,2455", "--2550,95,2455", "no amount" },
  { Q, "1795276800", "1795276799", "it is not of 20261122" },
  { P, "1795363199", "1795363200", "it is not of 20261122" },
  { P, "1795363199", "yesterday", "its time is no time" },
  { Q, "txn_1", "txn_2", "it repeats the row of line 4" },
  { Q, "txn_2,", "txn 2,", "its number is none" },
  { Q, "txn_2,charge", "txn_2,refund", "its amount has the wrong sign" },
  { P, "txn_5,refund", "txn_5,charge", "its amount has the wrong sign" },
  { Q, "A2,,,2550", "A2,,,2551", "another amount moved than was asked for" },
  { Q, "A2,,,2550", "A2,,,", "what it is about is not told whole" },
  { Q, ",,,7700", ",,,", "what it is about is not told whole" },
  { P, "R1,pi_1,A1,250", "R1,pi_1,A1,251", "another amount moved than was asked for" },
#undef P
#undef Q
};

/* The file with a change; the text is turned into the provider's encoding afterwards. */
static GPtrArray *
damage (const Fixture *fixture, int which, const char *from, const char *to)
{
  GPtrArray *members = fixture_members (fixture);
  TillSettlementMember *member = g_ptr_array_index (members, (guint)which);
  g_autofree char *text = fixture_read (fixture->members[which].file);
  char *at = strstr (text, from);
  if (!at)
    g_error ("“%s” does not stand in %s", from, fixture->members[which].file);
  g_autoptr (GString) wrong = g_string_new_len (text, at - text);
  if (to)
    g_string_append_printf (wrong, "%s%s", to, at + strlen (from));
  g_bytes_unref (member->bytes);
  member->bytes = fixture_encode (fixture->format, wrong->str);
  return members;
}

static void
test_wrong (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      const Wrong *wrong = &wrongs[i];
      const Fixture *fixture = &fixtures[wrong->fixture];
      g_autoptr (GPtrArray) members = damage (fixture, wrong->member, wrong->from, wrong->to);
      g_autoptr (GError) error = NULL;
      g_autoptr (TillSettlement) settlement = fixture_parse (fixture, members, &error);
      if (settlement || !strstr (error->message, wrong->why))
        {
          g_test_message ("%s, “%s” → “%s”: %s, not “%s”", fixture->name, wrong->from,
                          wrong->to ? wrong->to : "(end)", settlement ? "accepted" : error->message,
                          wrong->why);
          g_test_fail ();
        }
      else
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

/* Right in itself, but not what was asked for. */
static void
test_other_merchant_or_day (void)
{
  for (int i = 0; i < N_FIXTURES; i++)
    {
      /* The practice provider's file and the fund flow name no merchant. */
      gboolean nameless = i == FIXTURE_SANDBOX || i == FIXTURE_WECHAT_FUNDS;
      for (int day = 0; day < 2; day++)
        {
          Fixture asked = fixtures[i];
          if (day)
            asked.day = 20261121;
          else
            asked.merchant_no = "600000000000009";
          g_autoptr (GPtrArray) members = fixture_members (&fixtures[i]);
          g_autoptr (GError) error = NULL;
          g_autoptr (TillSettlement) settlement = fixture_parse (&asked, members, &error);
          if (day || !nameless)
            g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
          else
            g_assert_no_error (error);
        }
    }
}

static void
test_members (void)
{
  for (int i = 0; i < N_FIXTURES; i++)
    {
      g_autoptr (GPtrArray) members = fixture_members (&fixtures[i]);
      g_autoptr (GError) error = NULL;
      /* One more, of which nobody knows what it is for. */
      g_autoptr (GBytes) bytes = g_bytes_new_static ("", 0);
      g_ptr_array_add (members, till_settlement_member_new ("README", bytes));
      g_assert_null (fixture_parse (&fixtures[i], members, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_clear_error (&error);
      /* One of them twice. */
      g_free (((TillSettlementMember *)members->pdata[members->len - 1])->name);
      ((TillSettlementMember *)members->pdata[members->len - 1])->name
          = g_strdup (((TillSettlementMember *)members->pdata[0])->name);
      g_assert_null (fixture_parse (&fixtures[i], members, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_clear_error (&error);
      /* None. */
      g_ptr_array_set_size (members, 0);
      g_assert_null (fixture_parse (&fixtures[i], members, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

/* A clearing day in the new year has times of the old one, which are written without a year. */
static void
test_year (void)
{
  static const struct
  {
    const char *from, *to;
  } changes[][3] = {
    { { "1121233005", "1231233005" }, { " 1122", " 0101" } },
    { { "清算日期：20261122", "清算日期：20260101" } },
    { { " 1122", " 0101" } },
  };
  static const char *const names[] = { "INN26010188ZM_898000000000001", "RD2002_898000000000001",
                                       "INN26010188ZME_898000000000001" };
  Fixture fixture = fixtures[FIXTURE_UNIONPAY];
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  fixture.day = 20260101;
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *text = fixture_read (fixture.members[i].file);
      g_autoptr (GString) changed = g_string_new (text);
      for (int k = 0; k < 3 && changes[i][k].from; k++)
        g_assert_cmpuint (g_string_replace (changed, changes[i][k].from, changes[i][k].to, 0), >,
                          0);
      g_autoptr (GBytes) bytes = fixture_encode (fixture.format, changed->str);
      g_ptr_array_add (members, till_settlement_member_new (names[i], bytes));
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement = fixture_parse (&fixture, members, &error);
  g_assert_no_error (error);
  g_autofree char *first
      = till_clock_format (((TillSettlementRow *)settlement->rows->pdata[0])->at, "Asia/Shanghai");
  g_autofree char *second
      = till_clock_format (((TillSettlementRow *)settlement->rows->pdata[1])->at, "Asia/Shanghai");
  g_assert_cmpstr (first, ==, "2025-12-31 23:30:05");
  g_assert_cmpstr (second, ==, "2026-01-01 09:10:00");
}

/* --- what the provider says --- */

static TillSettlement *
parse_text (const char *format, const char *merchant_no, const char *text, gssize size,
            GError **error)
{
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_autoptr (GBytes) bytes = g_bytes_new (text, size < 0 ? strlen (text) : (gsize)size);
  g_ptr_array_add (members, till_settlement_member_new ("file", bytes));
  return till_settlement_parse (till_settlement_format (format), members, merchant_no, 20261122,
                                error);
}

/* "There is no file" is not "there was nothing", and the other way round. */
static void
test_no_file (void)
{
  static const char none[] = "START,1,lakala,M,2026-11-22\nEND,none\n";
  static const char nothing[] = "START,1,lakala,M,2026-11-22\nEND,0,0.00,0.00,0\n";
  g_autofree char *text = fixture_read ("umpay-none.txt");
  g_autofree char *umpay = g_convert (text, -1, "GB2312", "UTF-8", NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (parse_text ("umpay", "9995", umpay, -1, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (parse_text ("umpay", "9996", umpay, -1, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  /* No file, and yet a row. */
  g_autoptr (GString) with_row = g_string_new (umpay);
  g_string_insert (with_row, strstr (umpay, "TRADEDETAIL-END") - umpay,
                   "9995,200,13800000000,A1,20261122,20261122,1800,02,3,20261122,0,1,010\r\n");
  g_assert_null (parse_text ("umpay", "9995", with_row->str, -1, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (parse_text ("lakala", "M", none, -1, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_autoptr (TillSettlement) settlement = parse_text ("lakala", "M", nothing, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (settlement->totals.rows, ==, 0);
}

/* A day without transactions, as each provider would write it; nothing at all is no such day. */
static void
test_empty (void)
{
  static const struct
  {
    const char *format, *text;
  } rows[] = {
    { "sandbox",
      "time,kind,request_no,original_no,provider_no,amount,fee\ntotal,0,,,,0.00,0.00\n" },
    { "umpay", "TRADEDETAIL-START,M,20261122,3.0,0000,ok\r\nTRADEDETAIL-END,M,20261122,0,0\r\n" },
    { "shengpay", "START,1,shengpay,M,2026-11-22\nEND,0,0,0,0" },
    { "stripe", "stripe,1,M,20261122,1\nend,0,0,last\n" },
  };
  guint n;
  const TillSettlementFormat *formats = till_settlement_formats (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (parse_text (formats[i].name, "M", "", 0, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TillSettlement) settlement
          = parse_text (rows[i].format, "M", rows[i].text, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (settlement->rows->len, ==, 0);
    }
}

static void
test_bytes (void)
{
  static const struct
  {
    const char *format, *text;
    gssize size;
    const char *why;
  } rows[] = {
    { "sandbox", "time\0", 5, "NUL" },
    { "sandbox", "\xff\xfe", 2, "not UTF-8" },
    { "umpay", "TRADEDETAIL-START\xff", 18, "not GB18030" },
    { "wechat", "\xb5\xa5", 2, "not UTF-8" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (parse_text (rows[i].format, "M", rows[i].text, rows[i].size, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, rows[i].why));
    }
  g_autofree char *line = g_strnfill (TILL_SETTLEMENT_LINE_MAX + 1, 'x');
  g_autoptr (GError) error = NULL;
  g_assert_null (parse_text ("sandbox", "M", line, -1, &error));
  g_assert_nonnull (strstr (error->message, "it is too long"));
}

/* One row more than may be. */
static void
test_too_many_rows (void)
{
  g_autoptr (GString) text = g_string_new ("START,1,lakala,M,2026-11-22\n");
  for (int i = 0; i <= TILL_SETTLEMENT_ROWS_MAX; i++)
    g_string_append_printf (text, "payment,A,,%d,,0.01,0,,2026-11-22 09:00:00\n", i + 1);
  g_string_append (text, "END,500001,5000.01,0,0\n");
  g_autoptr (GError) error = NULL;
  g_assert_null (parse_text ("lakala", "M", text->str, (gssize)text->len, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "too many rows"));
}

/* A fee that is a fraction of a fen is summed exactly and rounded by the row. */
static void
test_fee (void)
{
  static const char text[] = "START,1,lakala,M,2026-11-22\n"
                             "payment,A,,1,,1.00,0.00500,,2026-11-22 09:00:00\n"
                             "payment,B,,2,,1.00,0.00499,,2026-11-22 09:00:00\n"
                             "refund,C,A,3,1,1.00,-0.00500,,2026-11-22 09:00:00\n"
                             "END,3,2.00,1.00,0.00499\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement = parse_text ("lakala", "M", text, -1, &error);
  g_assert_no_error (error);
  const TillSettlementRow *const *rows = (const TillSettlementRow *const *)settlement->rows->pdata;
  g_assert_cmpint (rows[0]->fee, ==, 1);
  g_assert_cmpint (rows[1]->fee, ==, 0);
  g_assert_cmpint (rows[2]->fee, ==, -1);
  g_assert_cmpint (settlement->totals.fee_exact, ==, 499);
}

static void
test_formats (void)
{
  guint n;
  const TillSettlementFormat *formats = till_settlement_formats (&n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (till_settlement_format (formats[i].name) == &formats[i]);
      g_assert_cmpint (formats[i].ready_at_s, <, 24 * 3600);
      gboolean ours
          = g_str_equal (formats[i].name, "lakala") || g_str_equal (formats[i].name, "shengpay");
      g_assert_cmpint (formats[i].invented, ==, ours);
    }
  g_assert_null (till_settlement_format ("cash"));
}

/* --- wrong by machine --- */

typedef struct
{
  const Fixture *fixture;
  GPtrArray *members; /* owned */
  Tell how;           /* of one changed byte */
  char *same, *money; /* owned; how the good file reads, and its money */
  guint refused, accepted;
} Damage;

/* In these a kind of transaction that is not known is OTHER, and no total speaks of kinds. */
static Tell
what_is_proved (const Fixture *fixture)
{
  gboolean kinds = strcmp (fixture->format, "unionpay") != 0
                   && strcmp (fixture->format, "wechat-funds") != 0
                   && strcmp (fixture->format, "stripe") != 0;
  return kinds ? TELL_MONEY : TELL_MOVEMENTS;
}

/* Where `whole`, the file must read as before or be refused. Else, after one changed byte, its
 * money must: all amounts, what is settled, fees, directions, kinds (but see above) and totals. A
 * byte of a number of an order or transaction, of a state or of a time of day may change what is
 * read, for nothing else in such a file proves them; a byte of a text that is not read changes
 * nothing. */
static void
must_refuse_or_agree (Damage *damage, guint member, const char *bytes, gsize size, gboolean whole,
                      const char *what)
{
  TillSettlementMember *place = g_ptr_array_index (damage->members, member);
  GBytes *before = place->bytes;
  place->bytes = g_bytes_new (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement = fixture_parse (damage->fixture, damage->members, &error);
  g_bytes_unref (place->bytes);
  place->bytes = before;
  if (!settlement)
    {
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      damage->refused++;
      return;
    }
  g_autofree char *told = tell (settlement, whole ? TELL_ALL : damage->how);
  const char *expected = whole ? damage->same : damage->money;
  if (strcmp (told, expected) != 0)
    g_error ("%s, %s:\n%s\ninstead of\n%s", damage->fixture->name, what, told, expected);
  damage->accepted++;
}

static void
damage_lines (Damage *damage, guint member, const char *data, gsize size)
{
  guint number = 1;
  for (gsize start = 0, end; start < size; start = end, number++)
    {
      const char *stop = memchr (data + start, '\n', size - start);
      end = stop ? (gsize)(stop - data) + 1 : size;
      g_autofree char *what = g_strdup_printf ("member %u line %u", member, number);
      g_autoptr (GString) bytes = g_string_new_len (data, (gssize)start);
      g_string_append_len (bytes, data + end, (gssize)(size - end)); /* without it */
      must_refuse_or_agree (damage, member, bytes->str, bytes->len, TRUE, what);
      g_string_truncate (bytes, 0);
      g_string_append_len (bytes, data, (gssize)end); /* twice */
      g_string_append_len (bytes, data + start, (gssize)(size - start));
      must_refuse_or_agree (damage, member, bytes->str, bytes->len, TRUE, what);
    }
}

/* Is it a blank among blanks, or a dash among dashes, that only fills a line up? */
static gboolean
is_filling (const char *data, gsize size, gsize i)
{
  return i > 0 && i + 1 < size && (data[i] == ' ' || data[i] == '-') && data[i - 1] == data[i]
         && data[i + 1] == data[i];
}

static void
damage_bytes (Damage *damage, guint member, const char *data, gsize size)
{
  static const char others[] = { 'A', '0', '9', ' ', ',', '-', '\n', '\x01', '\x80' };
  g_autofree char *bytes = g_memdup2 (data, size);
  for (gsize i = 0; i < size; i++)
    {
      g_autofree char *what = g_strdup_printf ("member %u byte %" G_GSIZE_FORMAT, member, i);
      gboolean filling = is_filling (data, size, i);
      gsize n = filling ? 1 : sizeof others;
      if (!filling)
        must_refuse_or_agree (damage, member, data, i, TRUE, what); /* cut before it */
      for (gsize k = 0; k < n; k++)
        {
          bytes[i] = others[k];
          must_refuse_or_agree (damage, member, bytes, size, FALSE, what);
        }
      bytes[i] = data[i];
    }
}

static void
test_damage (gconstpointer data)
{
  Damage damage
      = { .fixture = data, .members = fixture_members (data), .how = what_is_proved (data) };
  g_autoptr (TillSettlement) settlement = fixture_parse (data, damage.members, NULL);
  damage.same = tell (settlement, TELL_ALL);
  damage.money = tell (settlement, damage.how);
  for (guint i = 0; i < damage.members->len; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (damage.members, i);
      gsize size;
      const char *bytes = g_bytes_get_data (member->bytes, &size);
      damage_lines (&damage, i, bytes, size);
      damage_bytes (&damage, i, bytes, size);
    }
  g_test_message ("%u refused, %u read as before", damage.refused, damage.accepted);
  g_assert_cmpuint (damage.refused, >, 0);
  g_ptr_array_unref (damage.members);
  g_free (damage.same);
  g_free (damage.money);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (int i = 0; i < N_FIXTURES; i++)
    {
      g_autofree char *read = g_strdup_printf ("/settlement/good/%s", fixtures[i].name);
      g_autofree char *damaged = g_strdup_printf ("/settlement/damage/%s", fixtures[i].name);
      g_test_add_data_func (read, &fixtures[i], test_good);
      g_test_add_data_func (damaged, &fixtures[i], test_damage);
    }
  g_test_add_func ("/settlement/unionpay-sample", test_unionpay_sample);
  g_test_add_func ("/settlement/wrong", test_wrong);
  g_test_add_func ("/settlement/other-merchant-or-day", test_other_merchant_or_day);
  g_test_add_func ("/settlement/members", test_members);
  g_test_add_func ("/settlement/year", test_year);
  g_test_add_func ("/settlement/no-file", test_no_file);
  g_test_add_func ("/settlement/empty", test_empty);
  g_test_add_func ("/settlement/bytes", test_bytes);
  g_test_add_func ("/settlement/too-many-rows", test_too_many_rows);
  g_test_add_func ("/settlement/fee", test_fee);
  g_test_add_func ("/settlement/formats", test_formats);
  return g_test_run ();
}

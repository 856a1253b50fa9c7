/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slips from trade facts to paper, in both languages and widths. With TILL_SHOTS=DIR the papers are
 * also written there as pictures, to be looked at. */
#include "data/slips/slip-refund.h"
#include "data/slips/slip-return.h"
#include "data/slips/slip-sale.h"
#include "data/slips/slip-shift.h"
#include "data/slips/slip-test.h"
#include "data/slips/words.h"
#include "devices/print/picture.h"

#include <string.h>

#define AT INT64_C (1795309507000000)

static TillShop
shop_in (const char *language)
{
  TillShop shop = { 0 };
  gboolean english = strcmp (language, "en") == 0;
  shop.name = (char *)(english ? "Morning Light" : "晨光便利店");
  shop.address = (char *)(english ? "138 Wensan Road, Hangzhou" : "杭州市文三路 138 号");
  shop.zone = (char *)"Asia/Shanghai";
  shop.language = (char *)language;
  shop.till = 2;
  shop.paper_draw = TRUE;
  return shop;
}

static void
add_sale_line (TillSale *sale, const char *name, TillQuantity quantity, TillMoney price,
               TillMoney discount)
{
  TillSaleLine *line = g_new0 (TillSaleLine, 1);
  line->pos = (int)sale->lines->len + 1;
  line->code = g_strdup ("6901234567892");
  line->name = g_strdup (name);
  line->quantity = quantity;
  line->price = price;
  g_assert_true (till_money_extend (price, quantity, &line->gross));
  line->discount = discount;
  line->amount = line->gross - discount;
  g_ptr_array_add (sale->lines, line);
}

static void
add_leg (TillSale *sale, TillTender tender, TillMoney amount, TillMoney received,
         TillLegState state)
{
  TillLeg *leg = g_new0 (TillLeg, 1);
  leg->pos = (int)sale->legs->len + 1;
  leg->tender = tender;
  leg->provider = g_strdup ("");
  leg->amount = amount;
  leg->received = received;
  leg->change = received - amount;
  leg->request_no = g_strdup ("");
  leg->masked = g_strdup (tender == TILL_TENDER_CARD ? "…4021" : "");
  leg->provider_no = g_strdup ("");
  leg->failure_code = g_strdup ("");
  leg->failure_words = g_strdup ("");
  leg->state = state;
  g_ptr_array_add (sale->legs, leg);
}

static TillSale *
some_sale (TillSaleState state)
{
  TillSale *sale = till_sale_new ();
  sale->no = g_strdup ("91010126112200000173");
  sale->token = g_strdup ("");
  sale->state = state;
  sale->at = AT;
  sale->staff_name = g_strdup ("李明");
  sale->chain = g_strdup ("5f3a90c1");
  add_sale_line (sale, "农夫山泉饮用天然水 550ml", 2000, 150, 0);
  add_sale_line (sale, "Coca-Cola 330 ml can, six pack", 1000, 1580, 100);
  add_sale_line (sale, "散装苹果", 1350, 998, 0);
  sale->rounding = -7;
  sale->total = 3120;
  sale->vat = 359;
  add_leg (sale, TILL_TENDER_CARD, 2000, 2000,
           state == TILL_SALE_PAID ? TILL_LEG_APPROVED : TILL_LEG_UNKNOWN);
  add_leg (sale, TILL_TENDER_CASH, 1120, 2000, TILL_LEG_APPROVED);
  add_leg (sale, TILL_TENDER_CODE, 4444, 4444, TILL_LEG_DECLINED);
  return sale;
}

static TillRefund *
some_refund (TillRefundState state, TillTender tender)
{
  TillRefund *refund = g_new0 (TillRefund, 1);
  refund->no = g_strdup ("93010126112200000058");
  refund->request_no = g_strdup ("");
  refund->return_no = g_strdup ("92010126112200000041");
  refund->sale_no = g_strdup ("91010126112200000173");
  refund->tender = tender;
  refund->provider = g_strdup ("sandbox");
  refund->original_no = g_strdup ("");
  refund->amount = 1480;
  refund->at = AT;
  refund->staff_name = g_strdup ("李明");
  refund->state = state;
  refund->provider_no = g_strdup ("SB20261122000017");
  refund->failure_code = g_strdup ("");
  refund->failure_words = g_strdup ("");
  return refund;
}

static TillReturn *
some_return (TillReturnState state, TillRefundState card, TillRefundState cash)
{
  TillReturn *goods = till_return_new ();
  goods->no = g_strdup ("92010126112200000041");
  goods->sale_no = g_strdup ("91010126112200000173");
  goods->at = AT;
  goods->staff_name = g_strdup ("李明");
  goods->approver_name = g_strdup ("王店长");
  goods->reason = TILL_REASON_FAULTY;
  goods->note = g_strdup ("customer phoned before");
  goods->held_for = g_strdup ("");
  goods->amount = 1480;
  goods->vat = 170;
  goods->state = state;
  goods->chain = g_strdup ("77aa01f2");
  TillReturnLine *line = g_new0 (TillReturnLine, 1);
  line->sale_pos = 2;
  line->quantity = 1000;
  line->amount = 1480;
  line->name = g_strdup ("Coca-Cola 330 ml can, six pack");
  g_ptr_array_add (goods->lines, line);
  g_ptr_array_add (goods->refunds, some_refund (card, TILL_TENDER_CARD));
  g_ptr_array_add (goods->refunds, some_refund (cash, TILL_TENDER_CASH));
  return goods;
}

/* The paper of a doc as text, after checking that it can be printed at all; takes the doc. */
static char *
paper_of (TillDoc *doc, const char *name, const TillShop *shop, const TillPaper *paper)
{
  g_autoptr (TillDoc) owned = doc;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = till_escpos_build (doc, paper, till_picture_row, &error);
  g_assert_no_error (error);
  g_autoptr (TillRoll) roll = till_roll_read (bytes, paper);
  g_assert_cmpuint (roll->troubles->len, ==, 0);
  const char *shots = g_getenv ("TILL_SHOTS");
  for (guint i = 0; shots && name && i < roll->papers->len; i++)
    {
      g_autofree char *path
          = g_strdup_printf ("%s/%s-%s-%s-%u.png", shots, name, shop->language, paper->name, i);
      g_assert_true (till_roll_write_png (roll, i, path, NULL));
    }
  return till_roll_to_text (roll);
}

static void
assert_holds (const char *text, const char *words)
{
  if (!strstr (text, words))
    g_error ("\"%s\" is missing in:\n%s", words, text);
}

static void
assert_lacks (const char *text, const char *words)
{
  if (strstr (text, words))
    g_error ("\"%s\" must not stand in:\n%s", words, text);
}

typedef void (*Story) (const TillShop *shop, const TillPaper *paper);

static void
in_every_way (Story story)
{
  static const char *const languages[] = { "zh_CN", "en" };
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      TillShop shop = shop_in (languages[i]);
      story (&shop, &till_paper_58);
      story (&shop, &till_paper_80);
      story (&shop, &till_paper_80_512);
    }
}

static void
tell_sale (const TillShop *shop, const TillPaper *paper)
{
  g_autoptr (TillSale) sale = some_sale (TILL_SALE_PAID);
  g_autofree char *first = paper_of (till_slip_sale (sale, shop, 0), "sale", shop, paper);
  assert_holds (first, "9101 0126 1122 0000 0173");
  assert_holds (first, "|| 91010126112200000173 ||");
  assert_holds (first, "￥31.20");
  assert_holds (first, "￥20.00");
  assert_holds (first, "￥8.80");
  assert_holds (first, "-￥1.00");
  assert_holds (first, "-￥0.07");
  assert_holds (first, "￥3.59");
  assert_holds (first, "…4021");
  assert_holds (first, "5f3a90c1");
  assert_holds (first, "李明");
  assert_holds (first, "1.35 x ￥9.98");
  assert_lacks (first, "[drawer]"); /* the kick is no part of a slip */
  assert_lacks (first, "44.44");
  assert_lacks (first, till_slip_word (shop, TILL_WORD_COPY));
  g_autofree char *again = paper_of (till_slip_sale (sale, shop, 2), NULL, shop, paper);
  g_autofree char *mark = g_strdup_printf ("*** %s 2 ***", till_slip_word (shop, TILL_WORD_COPY));
  assert_holds (again, mark);
  assert_lacks (again, "[drawer]");
}

static void
tell_unpaid_sale (const TillShop *shop, const TillPaper *paper)
{
  g_autoptr (TillSale) sale = some_sale (TILL_SALE_TENDERING);
  TillShop training = *shop;
  training.training = TRUE;
  g_autofree char *text = paper_of (till_slip_sale (sale, &training, 0), "unpaid", shop, paper);
  assert_holds (text, till_slip_word (shop, TILL_WORD_NOT_PAID));
  assert_holds (text, till_slip_word (shop, TILL_WORD_LEG_OPEN));
  assert_holds (text, till_slip_word (shop, TILL_WORD_TRAINING));
  assert_lacks (text, "[drawer]");
}

static void
tell_return (const TillShop *shop, const TillPaper *paper)
{
  g_autoptr (TillReturn) goods
      = some_return (TILL_RETURN_CLOSED, TILL_REFUND_QUEUED, TILL_REFUND_SUCCEEDED);
  g_autofree char *text = paper_of (till_slip_return (goods, shop, 0), "return", shop, paper);
  g_auto (GStrv) papers = g_strsplit (text, "8<", 3);
  g_assert_cmpuint (g_strv_length (papers), ==, 3);
  assert_holds (papers[0], till_slip_word (shop, TILL_WORD_CUSTOMER_COPY));
  assert_lacks (papers[0], till_slip_word (shop, TILL_WORD_SIGNATURE));
  assert_lacks (papers[0], "phoned");
  assert_holds (papers[1], till_slip_word (shop, TILL_WORD_MERCHANT_COPY));
  assert_holds (papers[1], till_slip_word (shop, TILL_WORD_SIGNATURE));
  assert_holds (papers[1], "phoned");
  assert_holds (text, "9101 0126 1122 0000 0173");
  assert_holds (text, "9201 0126 1122 0000 0041");
  assert_holds (text, "77aa01f2");
  assert_holds (text, till_slip_word (shop, TILL_WORD_FAULTY));
  assert_holds (text, till_slip_word (shop, TILL_WORD_IN_PROGRESS));
  assert_lacks (text, "[drawer]");
  g_autoptr (TillReturn) held = some_return (TILL_RETURN_WAIT_APPROVAL, TILL_REFUND_WAIT_APPROVAL,
                                             TILL_REFUND_WAIT_APPROVAL);
  g_autofree char *waiting = paper_of (till_slip_return (held, shop, 0), NULL, shop, paper);
  assert_holds (waiting, till_slip_word (shop, TILL_WORD_WAITING));
  assert_lacks (waiting, till_slip_word (shop, TILL_WORD_REFUNDED));
  assert_lacks (waiting, "[drawer]");
}

/* Of all states only the proven one is called refunded; unknown is neither success nor failure. */
static void
tell_refund (const TillShop *shop, const TillPaper *paper)
{
  for (int state = 0; state <= TILL_REFUND_CANCELLED; state++)
    {
      g_autoptr (TillRefund) refund = some_refund ((TillRefundState)state, TILL_TENDER_CARD);
      const char *word = till_refund_state_word (refund->state);
      g_autofree char *name = g_strdup_printf ("refund-%s", word);
      gboolean shown = state == TILL_REFUND_UNKNOWN || state == TILL_REFUND_SUCCEEDED
                       || state == TILL_REFUND_FAILED;
      g_autofree char *text = paper_of (till_slip_refund (refund, shop, "5f3a90c1", 0),
                                        shown ? name : NULL, shop, paper);
      const char *done = till_slip_word (shop, TILL_WORD_REFUNDED);
      const char *failed = till_slip_word (shop, TILL_WORD_FAILED);
      if (till_refund_state_is_proven (refund->state))
        assert_holds (text, done);
      else
        assert_lacks (text, done);
      if (till_refund_state_counts (refund->state))
        assert_lacks (text, failed);
      assert_holds (text, "9301 0126 1122 0000 0058");
    }
  g_autoptr (TillRefund) cash = some_refund (TILL_REFUND_SUCCEEDED, TILL_TENDER_CASH);
  g_assert_cmpint (till_slip_refund_words (cash).says, ==, TILL_WORD_SAYS_CASH);
}

static TillShift *
some_shift (TillMoney over_short, guint open)
{
  TillShift *shift = till_shift_new ();
  shift->no = g_strdup ("96010126112200000016");
  shift->staff_name = g_strdup ("李明");
  shift->approver_name = g_strdup (over_short ? "王芳" : "");
  shift->chain = g_strdup ("5f3a90c1");
  shift->fingerprint = g_strdup ("3f2a 77c0 91be 5d04");
  shift->began_at = AT - 8 * TILL_HOUR;
  shift->at = AT;
  shift->seq = 412;
  shift->sums = (TillShiftSums){ .first_seq = 213,
                                 .sales_n = 61,
                                 .sales = 412350,
                                 .taken_cash = 101230,
                                 .taken_code = 311120,
                                 .returns_n = 3,
                                 .returns = 12990,
                                 .refunds_n = 2,
                                 .refunded_cash = 4990,
                                 .refunded_code = 3000,
                                 .open_n = open,
                                 .open = open * 5000,
                                 .float_in = 50000 };
  shift->expected = 146240;
  shift->counted = 146240 + over_short;
  shift->over_short = over_short;
  shift->kept = 50000;
  shift->total_sales = 99412350;
  shift->total_refunds = 1207990;
  for (guint i = 0; i < open; i++)
    {
      TillShiftOpen *one = g_new0 (TillShiftOpen, 1);
      one->no = g_strdup_printf ("930101261122%08u", i + 58);
      one->state = g_strdup (i % 2 ? "WAIT_APPROVAL" : "UNKNOWN");
      one->amount = 5000;
      g_ptr_array_add (shift->open, one);
    }
  return shift;
}

/* What is handed over: figures, what is still on its way, and where to sign. */
static void
tell_shift (const TillShop *shop, const TillPaper *paper)
{
  g_autoptr (TillShift) even = some_shift (0, 0), out_by = some_shift (-350, 2),
                        over = some_shift (20, 1000);
  g_autofree char *plain = paper_of (till_slip_shift (even, shop, 0), "shift", shop, paper);
  g_autofree char *text = paper_of (till_slip_shift (out_by, shop, 1), "shift-short", shop, paper);
  g_autofree char *endless = paper_of (till_slip_shift (over, shop, 0), NULL, shop, paper);
  assert_holds (plain, till_slip_word (shop, TILL_WORD_SHIFT_SLIP));
  assert_holds (plain, "9601 0126 1122 0000 0016");
  assert_holds (plain, "213 - 412");
  assert_holds (plain, "4,123.50");
  assert_holds (plain, "994,123.50");
  assert_holds (plain, "3f2a 77c0 91be 5d04");
  assert_holds (plain, "5f3a90c1");
  assert_holds (plain, till_slip_word (shop, TILL_WORD_EVEN));
  assert_holds (plain, till_slip_word (shop, TILL_WORD_HANDS_OVER));
  assert_holds (plain, till_slip_word (shop, TILL_WORD_TAKES_OVER));
  assert_lacks (plain, till_slip_word (shop, TILL_WORD_OPEN_REFUNDS));
  assert_lacks (plain, till_slip_word (shop, TILL_WORD_NOTICES));
  assert_lacks (plain, till_slip_word (shop, TILL_WORD_CARD));
  assert_lacks (plain, till_slip_word (shop, TILL_WORD_COPY));
  assert_lacks (plain, "[drawer]");
  assert_holds (text, till_slip_word (shop, TILL_WORD_COPY));
  assert_holds (text, till_slip_word (shop, TILL_WORD_SHORT));
  assert_lacks (text, till_slip_word (shop, TILL_WORD_EVEN));
  assert_holds (text, "3.50");
  assert_holds (text, "王芳");
  assert_holds (text, till_slip_word (shop, TILL_WORD_UNKNOWN));
  assert_holds (text, till_slip_word (shop, TILL_WORD_WAITING));
  assert_holds (text, "9301 0126 1122 0000 0058");
  assert_holds (endless, till_slip_word (shop, TILL_WORD_OPEN_MORE));
  assert_holds (endless, "960");
  over->unsettled = 317;
  over->told = (TillNoticeSums){ 12345, 678900, 0 };
  g_autofree char *told = paper_of (till_slip_shift (over, shop, 0), NULL, shop, paper);
  assert_holds (told, till_slip_word (shop, TILL_WORD_NOTICES));
  assert_holds (told, "317");
  assert_holds (told, till_slip_word (shop, TILL_WORD_NOTICES_REFUNDS));
  assert_holds (told, "123.45");
  assert_holds (told, till_slip_word (shop, TILL_WORD_NOTICES_PAYMENTS));
  assert_holds (told, "6,789.00");
  assert_lacks (told, till_slip_word (shop, TILL_WORD_NOTICES_UNTOLD));
  over->told = (TillNoticeSums){ 0, 0, 29 };
  g_autofree char *untold = paper_of (till_slip_shift (over, shop, 0), NULL, shop, paper);
  assert_lacks (untold, till_slip_word (shop, TILL_WORD_NOTICES_REFUNDS));
  assert_lacks (untold, till_slip_word (shop, TILL_WORD_NOTICES_PAYMENTS));
  assert_holds (untold, till_slip_word (shop, TILL_WORD_NOTICES_UNTOLD));
  assert_holds (untold, "29");
}

static void
test_sale (void)
{
  in_every_way (tell_sale);
}

static void
test_unpaid_sale (void)
{
  in_every_way (tell_unpaid_sale);
}

static void
test_return (void)
{
  in_every_way (tell_return);
}

static void
test_refund (void)
{
  in_every_way (tell_refund);
}

static void
test_shift (void)
{
  in_every_way (tell_shift);
}

/* A line of the paper that is nothing but this. */
static gboolean
has_line (const char *text, const char *wanted)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    if (g_str_equal (g_strchomp (*line), wanted))
      return TRUE;
  return FALSE;
}

/* Ruler and hanzi take one line each on the paper they are made for, and two on a narrower one. */
static void
tell_test (const TillShop *shop, const TillPaper *paper)
{
  g_autoptr (GString) ruler = g_string_new (NULL);
  for (int i = 1; i <= paper->columns; i++)
    g_string_append_c (ruler, (char)('0' + i % 10));
  g_autofree char *text
      = paper_of (till_slip_test (shop, paper->columns, "04b8:0e28:J9X1", AT), "test", shop, paper);
  g_assert_true (has_line (text, ruler->str));
  assert_holds (text, "04b8:0e28:J9X1");
  assert_holds (text, till_slip_word (shop, TILL_WORD_SAYS_NO_VALUE));
  assert_holds (text, "00000000000000000000");
  assert_holds (text, "[QR quittance test");
  assert_lacks (text, "[drawer]");
  g_assert_true (has_line (text, "[picture]"));
  TillShop without = *shop;
  without.paper_draw = FALSE;
  g_autofree char *plain
      = paper_of (till_slip_test (&without, paper->columns, "", AT), NULL, shop, paper);
  assert_lacks (plain, "[picture]");
  const TillPaper *narrow = paper == &till_paper_80 ? &till_paper_80_512 : &till_paper_58;
  if (narrow->columns == paper->columns)
    return;
  g_autofree char *folded
      = paper_of (till_slip_test (shop, paper->columns, "", AT), NULL, shop, narrow);
  g_assert_false (has_line (folded, ruler->str));
}

static void
test_test (void)
{
  in_every_way (tell_test);
}

/* Which paper is meant by the settings. */
static void
test_papers (void)
{
  g_assert_true (till_paper_of (58, 0) == &till_paper_58);
  g_assert_true (till_paper_of (80, 0) == &till_paper_80);
  g_assert_true (till_paper_of (80, 512) == &till_paper_80_512);
  g_assert_true (till_paper_of (80, 384) == &till_paper_58);
  g_assert_true (till_paper_of (58, 576) == &till_paper_80);
  g_assert_true (till_paper_find ("80-512") == &till_paper_80_512);
}

/* No word is missing, none holds what paper cannot show, and no English is left in Chinese. */
static void
test_words (void)
{
  TillShop zh = shop_in ("zh_CN"), en = shop_in ("en");
  for (int i = 0; i < TILL_N_WORDS; i++)
    {
      const char *chinese = till_slip_word (&zh, (TillWord)i);
      const char *english = till_slip_word (&en, (TillWord)i);
      g_assert_true (chinese[0] && english[0]);
      g_assert_true (g_str_is_ascii (english));
      for (const char *p = chinese; *p; p++)
        g_assert_false (g_ascii_isalpha (*p));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slips/sale", test_sale);
  g_test_add_func ("/slips/sale-not-paid", test_unpaid_sale);
  g_test_add_func ("/slips/return", test_return);
  g_test_add_func ("/slips/refund-claims-only-what-is-proven", test_refund);
  g_test_add_func ("/slips/shift", test_shift);
  g_test_add_func ("/slips/test", test_test);
  g_test_add_func ("/slips/papers", test_papers);
  g_test_add_func ("/slips/words", test_words);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards at a terminal beside the till: what is typed from a slip, what of it is refused and in
 * which words, who may say so, and what a refund of it is built from. Wrong slips first. */
#include "data/core/ids.h"
#include "data/desk/asserting.h"
#include "data/ledger/card-slip-store.h"
#include "data/ledger/sql.h"
#include "data/slips/slip-sale.h"
#include "data/trade/advice.h"
#include "tests/data/shop-fixture.h"

#define REFERENCE "126112200031"
#define LOG "26112200000031"
#define CARD "622612******8223"
#define TERMINAL_NO "A1062976"
#define DAY 20261122

static const TillProfile beside = {
  .name = "lakala",
  .words = "Lakala",
  .errands = TILL_CAN (REFUND) | TILL_CAN (QUERY_REFUND) | TILL_CAN (VOID) | TILL_CAN (QUERY_VOID),
  .slip_log_digits = 14,
  .void_until_s = 23 * 3600,
  .answer_within_s = 20,
  .not_found_times = 2,
  .ladder_s = shop_ladder,
  .n_ladder = G_N_ELEMENTS (shop_ladder),
};

static const TillProfile *
beside_of (const char *name, gpointer user)
{
  return g_str_equal (name, "lakala") ? &beside : NULL;
}

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 12);
  shop_set (shop, "provider.slip", "lakala");
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

static TillSale *
begin (Shop *shop, const char *code, TillMoney amount, TillAnswerCode want)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, code, 1000);
  TillTenderWish wish = { .tender = TILL_TENDER_CARD, .amount = amount, .by_slip = TRUE };
  TillTenderWish *wishes[] = { &wish };
  TillSale *sale = NULL;
  TillAnswer answer;
  g_assert_true (
      till_selling_pay (shop->ledger, shop->cashier, basket, wishes, 1, &sale, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, till_answer_word (want));
  return sale;
}

/* What the desk says to it; *sale may be NULL. */
static TillAnswer
type_slip (Shop *shop, int64_t sale_id, const TillCardSlip *slip, const char *no, const char *pin,
           TillSale **sale)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSale) after = NULL;
  TillAnswer answer;
  gboolean ran = till_asserting_slip (shop->ledger, shop->cashier, sale_id, 1, slip, no, pin,
                                      beside_of, &after, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  g_assert_true ((answer.code == TILL_YES) == (after != NULL));
  if (sale)
    *sale = g_steal_pointer (&after);
  return answer;
}

static TillAnswer
type_good (Shop *shop, int64_t sale_id, TillSale **sale)
{
  g_autoptr (TillCardSlip) slip = till_card_slip_new (REFERENCE, LOG, CARD, TERMINAL_NO, DAY);
  return type_slip (shop, sale_id, slip, NULL, NULL, sale);
}

static void
test_wrong_numbers (Shop *shop, gconstpointer data)
{
  static const struct
  {
    const char *reference_no, *log_no, *card, *terminal_no;
    int day;
    const char *wrong;
  } rows[] = {
    { "", LOG, CARD, TERMINAL_NO, DAY, "reference" },
    { "12611220003", LOG, CARD, TERMINAL_NO, DAY, "reference" },
    { "1261122000311", LOG, CARD, TERMINAL_NO, DAY, "reference" },
    { "12611220003A", LOG, CARD, TERMINAL_NO, DAY, "reference" },
    { "000000000000", LOG, CARD, TERMINAL_NO, DAY, "reference" },
    { "１26112200031", LOG, CARD, TERMINAL_NO, DAY, "reference" },
    { REFERENCE, "", CARD, TERMINAL_NO, DAY, "log" },
    { REFERENCE, "2611220000003", CARD, TERMINAL_NO, DAY, "log" },
    { REFERENCE, "25112200000031", CARD, TERMINAL_NO, DAY, "log" },
    { REFERENCE, "66112200000031", CARD, TERMINAL_NO, DAY, "log" }, /* of a payment by code */
    { REFERENCE, LOG, "", TERMINAL_NO, DAY, "card" },
    { REFERENCE, LOG, "8223", TERMINAL_NO, DAY, "card" },
    { REFERENCE, LOG, "622612******82233", TERMINAL_NO, DAY, "card" },
    { REFERENCE, LOG, "62261******8223", TERMINAL_NO, DAY, "card" },
    { REFERENCE, LOG, "622612abcd8223", TERMINAL_NO, DAY, "card" },
    { REFERENCE, LOG, "6226 1234 5678 8223", TERMINAL_NO, DAY, "card_in_clear" },
    { REFERENCE, LOG, "6226123456788", TERMINAL_NO, DAY, "card_in_clear" },
    { REFERENCE, LOG, CARD, "", DAY, "terminal" },
    { REFERENCE, LOG, CARD, "A106297", DAY, "terminal" },
    { REFERENCE, LOG, CARD, "A10629766", DAY, "terminal" },
    { REFERENCE, LOG, CARD, "A106297é", DAY, "terminal" },
    { REFERENCE, LOG, CARD, TERMINAL_NO, DAY - 1, "day" },
    { REFERENCE, LOG, CARD, TERMINAL_NO, DAY + 1, "day" },
    { REFERENCE, LOG, CARD, TERMINAL_NO, 0, "day" },
  };
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillCardSlip) slip = till_card_slip_new (
          rows[i].reference_no, rows[i].log_no, rows[i].card, rows[i].terminal_no, rows[i].day);
      TillAnswer answer = type_slip (shop, sale->id, slip, NULL, NULL, NULL);
      g_assert_cmpint (answer.code, ==, TILL_NO_CARD_SLIP);
      g_assert_cmpstr (answer.ref, ==, rows[i].wrong);
      g_autofree char *sentence = till_answer_sentence (&answer);
      g_assert_cmpint (strlen (sentence), >, 40);
    }
  g_autoptr (TillSale) waits = NULL;
  TillAnswer answer;
  g_assert_true (till_selling_load_id (shop->ledger, sale->id, &waits, &answer, NULL));
  g_assert_cmpint (waits->state, ==, TILL_SALE_TENDERING);
  g_assert_null (till_sale_leg (waits, 1)->slip);
  g_assert_cmpint (shop_balance (shop, "receivable:lakala"), ==, 0);
}

static void
test_typed_as_people_type (void)
{
  static const char *const cards[]
      = { CARD, "6226 12** **** 8223", "6226128223", "622612xxxx8223", "622612-......-8223" };
  for (gsize i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autoptr (TillCardSlip) slip
          = till_card_slip_new (" 1261 1220 0031", "2611-2200-000031", cards[i], "a106 2976", DAY);
      g_assert_cmpint (till_card_slip_check (slip, &beside, DAY, DAY).code, ==, TILL_YES);
      g_assert_cmpstr (slip->reference_no, ==, REFERENCE);
      g_assert_cmpstr (slip->log_no, ==, LOG);
      g_assert_cmpstr (slip->card, ==, CARD);
      g_assert_cmpstr (slip->terminal_no, ==, TERMINAL_NO);
    }
}

static void
test_no_terminal_beside (Shop *shop, gconstpointer data)
{
  shop_set (shop, "provider.slip", "");
  g_assert_null (begin (shop, "6901234567908", 3150, TILL_NO_TAKER));
}

/* Its provider cannot give it back, so nobody begins. */
static void
test_of_another_provider (Shop *shop, gconstpointer data)
{
  shop_set (shop, "provider.slip", "wechat");
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES);
  g_assert_cmpint (type_good (shop, sale->id, NULL).code, ==, TILL_NO_TAKER);
}

/* Nobody is asked about it, and nothing is due, however long it waits. */
static void
test_waits_for_a_person (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES);
  till_clock_advance (shop->clock, 3 * TILL_DAY);
  g_assert_null (shop_due (shop));
  g_autoptr (TillSale) waits = till_selling_unfinished (shop->ledger, shop->cashier, NULL);
  g_assert_cmpint (waits->id, ==, sale->id);
  g_autofree char *sentence = till_advice_leg (till_sale_leg (waits, 1), "Asia/Shanghai");
  g_assert_nonnull (strstr (sentence, "31.50"));
  /* The slip is of the day it was paid, which is not today. */
  g_autoptr (TillCardSlip) late = till_card_slip_new (REFERENCE, LOG, CARD, TERMINAL_NO, DAY + 1);
  g_autoptr (TillSale) paid = NULL;
  g_assert_cmpint (type_slip (shop, sale->id, late, NULL, NULL, &paid).code, ==, TILL_YES);
  g_assert_cmpint (till_sale_leg (paid, 1)->slip->day, ==, DAY + 1);
}

static void
test_paid (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES), paid = NULL;
  g_assert_cmpint (type_good (shop, sale->id, &paid).code, ==, TILL_YES);
  const TillLeg *leg = till_sale_leg (paid, 1);
  g_assert_cmpint (paid->state, ==, TILL_SALE_PAID);
  g_assert_cmpint (leg->state, ==, TILL_LEG_APPROVED);
  g_assert_cmpstr (leg->masked, ==, CARD);
  g_assert_cmpstr (leg->provider_no, ==, LOG);
  g_assert_cmpstr (leg->slip->staff_name, ==, "Li Na");
  g_assert_cmpstr (leg->slip->approver_name, ==, "");
  g_assert_cmpint (leg->slip->confirmed_at, ==, 0);
  g_assert_cmpint (shop_balance (shop, "receivable:lakala"), ==, 3150);

  /* A second click, and another slip. */
  g_assert_cmpint (type_good (shop, sale->id, NULL).code, ==, TILL_YES);
  g_assert_cmpint (shop_balance (shop, "receivable:lakala"), ==, 3150);
  g_autoptr (TillCardSlip) other
      = till_card_slip_new ("126112200032", "26112200000032", CARD, TERMINAL_NO, DAY);
  g_assert_cmpint (type_slip (shop, sale->id, other, NULL, NULL, NULL).code, ==, TILL_NO_STATE);

  g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
  g_autoptr (TillDoc) doc = till_slip_sale (paid, settings, 0);
  g_autofree char *text = till_doc_to_text (doc);
  g_assert_nonnull (strstr (text, REFERENCE));
}

/* One slip pays once: neither of its numbers is taken a second time. */
static void
test_twice (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) first = begin (shop, "6901234567908", 3150, TILL_YES);
  g_assert_cmpint (type_good (shop, first->id, NULL).code, ==, TILL_YES);
  g_autoptr (TillSale) second = begin (shop, "6901234567908", 3150, TILL_YES), paid = NULL;
  g_assert_cmpint (type_good (shop, second->id, NULL).code, ==, TILL_NO_CARD_SLIP_TWICE);
  g_autoptr (TillCardSlip) same_reference
      = till_card_slip_new (REFERENCE, "26112200000099", CARD, TERMINAL_NO, DAY);
  TillAnswer answer = type_slip (shop, second->id, same_reference, NULL, NULL, NULL);
  g_assert_cmpint (answer.code, ==, TILL_NO_CARD_SLIP_TWICE);
  g_assert_cmpstr (answer.ref, ==, REFERENCE);
  g_autoptr (TillCardSlip) same_log
      = till_card_slip_new ("126112200099", LOG, CARD, TERMINAL_NO, DAY);
  answer = type_slip (shop, second->id, same_log, NULL, NULL, NULL);
  g_assert_cmpint (answer.code, ==, TILL_NO_CARD_SLIP_TWICE);
  g_assert_cmpstr (answer.ref, ==, LOG);
  g_autoptr (TillCardSlip) fresh
      = till_card_slip_new ("126112200099", "26112200000099", CARD, TERMINAL_NO, DAY);
  g_assert_cmpint (type_slip (shop, second->id, fresh, NULL, NULL, &paid).code, ==, TILL_YES);
}

/* 4,999.00 is above what a cashier may say and above what a supervisor may approve. */
static void
test_second_person (Shop *shop, gconstpointer data)
{
  static const struct
  {
    const char *no, *pin;
    TillAnswerCode want;
  } rows[] = { { NULL, NULL, TILL_NO_ASSERT },
               { "1", "1111", TILL_NO_SAME_PERSON },
               { "2", "2222", TILL_NO_LIMIT },
               { "3", "1234", TILL_NO_PIN },
               { "3", "3333", TILL_YES } };
  g_autoptr (TillSale) sale = begin (shop, "2", 499900, TILL_YES), paid = NULL;
  g_autoptr (TillCardSlip) slip = till_card_slip_new (REFERENCE, LOG, CARD, TERMINAL_NO, DAY);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_clear_pointer (&paid, till_sale_free);
      TillAnswer answer = type_slip (shop, sale->id, slip, rows[i].no, rows[i].pin, &paid);
      g_assert_cmpstr (till_answer_word (answer.code), ==, till_answer_word (rows[i].want));
    }
  g_assert_cmpstr (till_sale_leg (paid, 1)->slip->approver_name, ==, "Chen Jing");
}

/* "The terminal took nothing": then it is paid another way, and the slip that turns up is no use.
 */
static void
test_took_nothing (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES), now = NULL;
  g_autoptr (TillBasket) back = NULL;
  TillAnswer answer;
  g_assert_true (
      till_selling_cancel_leg (shop->ledger, shop->cashier, sale->id, 1, &now, &answer, NULL));
  g_assert_cmpint (till_sale_leg (now, 1)->state, ==, TILL_LEG_CANCELLED);
  g_assert_cmpint (type_good (shop, sale->id, NULL).code, ==, TILL_NO_STATE);
  g_assert_true (
      till_selling_abandon (shop->ledger, shop->cashier, sale->id, &back, &answer, NULL));
  g_assert_cmpint (back->lines->len, ==, 1);
}

/* What the provider is asked is built from the slip, also on the same day and for the whole. */
static void
test_given_back (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES), after = NULL;
  g_autoptr (TillReturn) goods = NULL;
  g_autoptr (TillTicket) ticket = NULL;
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  int64_t next_at;
  g_assert_cmpint (type_good (shop, sale->id, NULL).code, ==, TILL_YES);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  draft->reason = TILL_REASON_FAULTY;
  till_return_draft_set (draft, 1, 1000);
  TillSecond second = { "2", "2222", FALSE };
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, &second, beside_of,
                                        &goods, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  g_assert_true (till_sending_next (shop->ledger, beside_of, NULL, &ticket, &next_at, &error));
  const TillErrand *errand = ticket->errand;
  g_assert_cmpint (errand->kind, ==, TILL_ERRAND_REFUND);
  g_assert_true (errand->by_card);
  g_assert_cmpstr (errand->original_provider_no, ==, LOG);
  g_assert_cmpstr (errand->slip_reference_no, ==, REFERENCE);
  g_assert_cmpint (errand->slip_day, ==, DAY);
  g_assert_cmpstr (errand->masked, ==, CARD);
  g_assert_cmpint (errand->original_requested_at, ==, FIXTURE_NOW);

  /* That it was given back is the provider's word that it was paid. */
  shop_answer (shop, ticket, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_assert_true (till_selling_load_id (shop->ledger, sale->id, &after, &answer, NULL));
  g_assert_cmpint (till_sale_leg (after, 1)->slip->confirmed_at, ==, FIXTURE_NOW);
}

/* The receipt is lost: the slip's numbers find the sale. */
static void
test_found_by_its_numbers (Shop *shop, gconstpointer data)
{
  static const char *const numbers[] = { REFERENCE, LOG, CARD };
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES);
  g_assert_cmpint (type_good (shop, sale->id, NULL).code, ==, TILL_YES);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (TillSale) found = NULL;
      g_autoptr (GPtrArray) meant = g_ptr_array_new_with_free_func ((GDestroyNotify)till_sale_free);
      TillAnswer answer;
      g_assert_true (till_returning_find (shop->ledger, numbers[i], &found, meant, &answer, NULL));
      g_assert_nonnull (found);
      g_assert_cmpint (found->id, ==, sale->id);
    }
}

static void
test_summed_by_terminal (Shop *shop, gconstpointer data)
{
  static const char *const terminals[] = { "A1062976", "B2000001", "A1062976" };
  for (gsize i = 0; i < G_N_ELEMENTS (terminals); i++)
    {
      g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES);
      g_autofree char *reference_no = g_strdup_printf ("12611220000%d", (int)i + 1);
      g_autofree char *log_no = g_strdup_printf ("2611220000000%d", (int)i + 1);
      g_autoptr (TillCardSlip) slip
          = till_card_slip_new (reference_no, log_no, CARD, terminals[i], DAY);
      g_assert_cmpint (type_slip (shop, sale->id, slip, NULL, NULL, NULL).code, ==, TILL_YES);
    }
  g_autoptr (GPtrArray) sums
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_shift_terminal_free);
  g_assert_true (till_card_slip_store_sum (shop->ledger, 1, 1000, sums, NULL));
  g_assert_cmpuint (sums->len, ==, 2);
  const TillShiftTerminal *one = g_ptr_array_index (sums, 0), *two = g_ptr_array_index (sums, 1);
  g_assert_cmpstr (one->no, ==, "A1062976");
  g_assert_cmpint (one->n, ==, 2);
  g_assert_cmpint (one->amount, ==, 6300);
  g_assert_cmpint (two->amount, ==, 3150);
}

/* Nobody gets round it: what the desk refuses the schema refuses as well. */
static void
test_the_schema_refuses (Shop *shop, gconstpointer data)
{
  static const char *const deeds[] = {
    "UPDATE leg SET state = 'APPROVED' WHERE by_slip = 1",
    "UPDATE leg SET state = 'UNKNOWN', next_action_at = 1 WHERE by_slip = 1",
    "UPDATE leg SET by_slip = 0 WHERE by_slip = 1",
    "INSERT INTO card_slip VALUES (1, 1, 1, 1, 2, 2, 'lakala', 20261122, '126112200031',"
    " '26112200000031', '622612******8223', 'A1062976')",
    "INSERT INTO card_slip VALUES (1, 1, 1, 1, 2, NULL, 'alipay', 20261122, '126112200031',"
    " '26112200000031', '622612******8223', 'A1062976')",
    "INSERT INTO card_slip VALUES (1, 1, 1, 1, 2, NULL, 'lakala', 20261122, '126112200031',"
    " '26112200000031', '6226123456788223', 'A1062976')",
    "INSERT INTO card_slip_confirmed VALUES (1, 1, 1, 1, 1, NULL)",
  };
  g_autoptr (TillSale) sale = begin (shop, "6901234567908", 3150, TILL_YES);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (till_sql_run (shop->ledger, &error, deeds[i], ""));
      g_assert_nonnull (error);
    }
}

#define ADD(name, function) g_test_add ("/asserting/" name, Shop, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("wrong-numbers", test_wrong_numbers);
  g_test_add_func ("/asserting/typed-as-people-type", test_typed_as_people_type);
  ADD ("no-terminal-beside", test_no_terminal_beside);
  ADD ("of-another-provider", test_of_another_provider);
  ADD ("waits-for-a-person", test_waits_for_a_person);
  ADD ("paid", test_paid);
  ADD ("twice", test_twice);
  ADD ("second-person", test_second_person);
  ADD ("took-nothing", test_took_nothing);
  ADD ("given-back", test_given_back);
  ADD ("found-by-its-numbers", test_found_by_its_numbers);
  ADD ("summed-by-terminal", test_summed_by_terminal);
  ADD ("the-schema-refuses", test_the_schema_refuses);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the shop knows, without any books: the two lives as graphs, and small worlds tried whole. */
#include "data/trade/code-route.h"
#include "data/trade/policy.h"
#include "data/trade/provider-limits.h"
#include "data/trade/refund.h"
#include "data/trade/return.h"
#include "data/trade/weight.h"

#define REFUND_STATES (TILL_REFUND_CANCELLED + 1)
#define REFUND_EVENTS (TILL_REFUND_EVENT_TOO_LATE + 1)
#define LEG_STATES (TILL_LEG_DISPUTED + 1)
#define LEG_EVENTS (TILL_LEG_EVENT_ASSERTED + 1)

/* --- the life of a refund --- */

static void
test_refund_words (void)
{
  for (int i = 0; i < REFUND_STATES; i++)
    {
      TillRefundState state = (TillRefundState)i;
      g_assert_cmpint (till_refund_state_from_word (till_refund_state_word (state)), ==, state);
      g_assert_cmpstr (till_refund_state_label (state), !=, "");
    }
  for (int i = 0; i < LEG_STATES; i++)
    g_assert_cmpint (till_leg_state_from_word (till_leg_state_word ((TillLegState)i)), ==, i);
}

/* What no longer counts against the cap is over: no event leads out of it. */
static void
test_refund_final_is_final (void)
{
  for (int i = 0; i < REFUND_STATES; i++)
    for (int event = 0; event < REFUND_EVENTS; event++)
      {
        TillRefundState to;
        if (!till_refund_next ((TillRefundState)i, (TillRefundEvent)event, &to))
          continue;
        g_assert_true (till_refund_state_counts ((TillRefundState)i));
        /* Nothing that was paid becomes unpaid but by coming back. */
        if (i == TILL_REFUND_SUCCEEDED && to != TILL_REFUND_SUCCEEDED)
          g_assert_cmpint (to, ==, TILL_REFUND_BOUNCED);
      }
}

/* Bytes leave only by a promise, and a promise is made only where nothing can be booked already. */
static void
test_refund_leaves_only_by_promise (void)
{
  for (int i = 0; i < REFUND_STATES; i++)
    for (int event = 0; event < REFUND_EVENTS; event++)
      {
        TillRefundState to;
        if (!till_refund_next ((TillRefundState)i, (TillRefundEvent)event, &to))
          continue;
        if (to == TILL_REFUND_SENDING)
          {
            g_assert_cmpint (i, ==, TILL_REFUND_QUEUED);
            g_assert_cmpint (event, ==, TILL_REFUND_EVENT_PROMISE);
          }
        if (to == TILL_REFUND_RECALLING)
          {
            g_assert_cmpint (i, ==, TILL_REFUND_RECALL_DUE);
            g_assert_cmpint (event, ==, TILL_REFUND_EVENT_PROMISE);
          }
        /* What is stuck is neither sent anew nor given up on the word about a recall. */
        if (i == TILL_REFUND_RECALL_DUE || i == TILL_REFUND_RECALLING)
          g_assert_true (to != TILL_REFUND_QUEUED
                         && (till_refund_state_counts (to) || event == TILL_REFUND_EVENT_REFUSE));
        /* Silence, a crash or a dead line never say no. */
        if (event == TILL_REFUND_EVENT_SILENCE || event == TILL_REFUND_EVENT_CRASH
            || event == TILL_REFUND_EVENT_MISMATCH)
          g_assert_true (till_refund_state_counts (to) && to != TILL_REFUND_QUEUED);
        /* From UNKNOWN only "finally not found" leads back to sending. */
        if (i == TILL_REFUND_UNKNOWN && to == TILL_REFUND_QUEUED)
          g_assert_cmpint (event, ==, TILL_REFUND_EVENT_GONE);
        if (to == TILL_REFUND_SUCCEEDED)
          g_assert_true (event == TILL_REFUND_EVENT_DONE || event == TILL_REFUND_EVENT_HAND_OVER);
      }
}

/* From everywhere the end can be reached: nothing waits for ever by design. */
static void
test_refund_ends (void)
{
  gboolean ends[REFUND_STATES] = { FALSE };
  for (int i = 0; i < REFUND_STATES; i++)
    ends[i] = !till_refund_state_counts ((TillRefundState)i) || i == TILL_REFUND_SUCCEEDED;
  for (int round = 0; round < REFUND_STATES; round++)
    for (int i = 0; i < REFUND_STATES; i++)
      for (int event = 0; event < REFUND_EVENTS; event++)
        {
          TillRefundState to;
          if (till_refund_next ((TillRefundState)i, (TillRefundEvent)event, &to) && ends[to])
            ends[i] = TRUE;
        }
  for (int i = 0; i < REFUND_STATES; i++)
    g_assert_true (ends[i]);
}

/* All paths of eight events: a second promise comes only after the provider surely booked nothing.
 */
static guint
walk (TillRefundState state, int left, gboolean in_doubt)
{
  guint paths = 1;
  for (int event = 0; left > 0 && event < REFUND_EVENTS; event++)
    {
      TillRefundState to;
      if (!till_refund_next (state, (TillRefundEvent)event, &to))
        continue;
      gboolean doubt = in_doubt;
      if (event == TILL_REFUND_EVENT_PROMISE && state != TILL_REFUND_RECALL_DUE)
        {
          g_assert_false (in_doubt);
          doubt = TRUE;
        }
      /* What proves that nothing was booked under the number. */
      if (event == TILL_REFUND_EVENT_GONE
          || (state != TILL_REFUND_RECALLING
              && (event == TILL_REFUND_EVENT_WRONG || event == TILL_REFUND_EVENT_NO_ACCOUNT))
          || (state == TILL_REFUND_SENDING
              && (event == TILL_REFUND_EVENT_NOT_SENT || event == TILL_REFUND_EVENT_RETRY
                  || event == TILL_REFUND_EVENT_NO_BALANCE)))
        doubt = FALSE;
      paths += walk (to, left - 1, doubt);
    }
  return paths;
}

static void
test_refund_every_path (void)
{
  g_assert_cmpuint (walk (TILL_REFUND_WAIT_APPROVAL, 7, FALSE), >, 10000);
}

static void
test_outcome_defaults_to_silence (void)
{
  for (int kind = TILL_OUTCOME_DONE; kind <= TILL_OUTCOME_MISMATCH; kind++)
    for (int failure = TILL_CLASS_NONE; failure <= TILL_CLASS_FINAL; failure++)
      {
        TillOutcome outcome
            = { .kind = (TillOutcomeKind)kind, .failure = (TillFailureClass)failure };
        TillRefundEvent event = till_refund_event_of (&outcome, FALSE);
        if (kind == TILL_OUTCOME_REFUSED
            && (failure == TILL_CLASS_NONE || failure == TILL_CLASS_UNKNOWN_OUTCOME))
          g_assert_cmpint (event, ==, TILL_REFUND_EVENT_SILENCE);
        if (event == TILL_REFUND_EVENT_REFUSE)
          g_assert_true (kind == TILL_OUTCOME_REFUSED && failure == TILL_CLASS_FINAL);
        if (event == TILL_REFUND_EVENT_DONE)
          g_assert_cmpint (kind, ==, TILL_OUTCOME_DONE);
      }
}

static void
test_leg_needs_proof (void)
{
  for (int i = 0; i < LEG_STATES; i++)
    for (int event = 0; event < LEG_EVENTS; event++)
      {
        TillLegState to;
        if (!till_leg_next ((TillLegState)i, (TillLegEvent)event, &to))
          continue;
        if (to == TILL_LEG_APPROVED)
          g_assert_true (event == TILL_LEG_EVENT_DONE || event == TILL_LEG_EVENT_ASSERTED);
        /* A person's word stands for what nobody was asked, and for nothing else. */
        if (event == TILL_LEG_EVENT_ASSERTED)
          g_assert_true (i == TILL_LEG_PLANNED && to == TILL_LEG_APPROVED);
        if (to == TILL_LEG_REQUESTED)
          g_assert_true (i == TILL_LEG_PLANNED && event == TILL_LEG_EVENT_PROMISE);
        if (event == TILL_LEG_EVENT_SILENCE || event == TILL_LEG_EVENT_CRASH)
          g_assert_true (till_leg_state_is_waiting (to));
        /* An undecided payment is not given up without asking or reversing. */
        if (i == TILL_LEG_UNKNOWN && event == TILL_LEG_EVENT_CANCEL)
          g_assert_cmpint (to, ==, TILL_LEG_REVERSING);
        /* "Not known" is said of now: a request that is late would charge for what is over. */
        if (event == TILL_LEG_EVENT_NOT_FOUND || event == TILL_LEG_EVENT_GONE)
          g_assert_true (till_leg_state_is_waiting (to));
        /* Over and nothing to pay: nothing was sent, or the provider has said no to it. */
        if (to == TILL_LEG_CANCELLED)
          g_assert_true (i == TILL_LEG_PLANNED || event == TILL_LEG_EVENT_NOT_SENT);
        if (to == TILL_LEG_REVERSED && i != TILL_LEG_APPROVED)
          g_assert_true (i == TILL_LEG_REVERSING && event == TILL_LEG_EVENT_DONE);
      }
}

/* Whatever a provider says while it is asked has a place to go: an answer without one would leave
 * the row due, and the till would ask without a pause. */
static void
test_leg_takes_every_answer (void)
{
  static const TillLegState asked[]
      = { TILL_LEG_REQUESTED, TILL_LEG_UNKNOWN, TILL_LEG_REVERSING, TILL_LEG_DISPUTED };
  static const TillLegEvent answers[]
      = { TILL_LEG_EVENT_DONE,     TILL_LEG_EVENT_ACCEPTED, TILL_LEG_EVENT_REFUSED,
          TILL_LEG_EVENT_NOT_SENT, TILL_LEG_EVENT_SILENCE,  TILL_LEG_EVENT_NOT_FOUND,
          TILL_LEG_EVENT_GONE,     TILL_LEG_EVENT_MISMATCH };
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    for (gsize a = 0; a < G_N_ELEMENTS (answers); a++)
      {
        TillLegState to;
        g_test_message ("%s, %s", till_leg_state_word (asked[i]), till_leg_event_word (answers[a]));
        g_assert_true (till_leg_next (asked[i], answers[a], &to));
      }
}

/* --- small worlds, tried whole --- */

static TillItem
item_at (int64_t id, TillMoney price)
{
  return (TillItem){ .id = id,
                     .code = (char *)"1",
                     .name = (char *)"goods",
                     .name_alt = (char *)"",
                     .unit = (char *)"",
                     .category = (char *)"",
                     .price = price,
                     .vat_ppm = 130000 };
}

/* Takes one line back piece by piece in every way that pieces can be grouped. */
static void
return_in_all_groupings (const TillBasketSum *sum, int pieces)
{
  for (int cuts = 0; cuts < 1 << (pieces - 1); cuts++)
    {
      TillSaleLine line
          = { .quantity = pieces * TILL_QUANTITY_ONE, .amount = sum->amount, .vat = sum->vat };
      TillQuantity group = 0;
      for (int piece = 0; piece < pieces; piece++)
        {
          group += TILL_QUANTITY_ONE;
          if (piece < pieces - 1 && !(cuts & 1 << piece))
            continue;
          TillMoney amount, vat;
          till_return_line_money (&line, group, &amount, &vat);
          g_assert_cmpint (amount, >=, 0);
          g_assert_cmpint (vat, >=, 0);
          g_assert_cmpint (vat, <=, amount);
          line.returned += group;
          line.returned_amount += amount;
          line.returned_vat += vat;
          group = 0;
        }
      g_assert_cmpint (line.returned_amount, ==, sum->amount);
      g_assert_cmpint (line.returned_vat, ==, sum->vat);
    }
}

/* By the gram: whatever comes back, its VAT is a part of it, and in the end all of it is back. */
static void
test_return_by_the_gram (void)
{
  static const TillQuantity steps[] = { 1, 7, 333, 1999 };
  for (TillMoney whole = 0; whole <= 40; whole++)
    for (TillMoney part = 0; part <= whole; part++)
      for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
        {
          TillSaleLine line = { .quantity = 2000, .amount = whole, .vat = part };
          while (line.returned < line.quantity)
            {
              TillQuantity some = MIN (steps[i], line.quantity - line.returned);
              TillMoney amount, vat;
              till_return_line_money (&line, some, &amount, &vat);
              g_assert_cmpint (vat, >=, 0);
              g_assert_cmpint (vat, <=, amount);
              line.returned += some;
              line.returned_amount += amount;
              line.returned_vat += vat;
            }
          g_assert_cmpint (line.returned_amount, ==, whole);
          g_assert_cmpint (line.returned_vat, ==, part);
        }
}

static void
check_world (const TillBasket *basket, const TillPricing *pricing)
{
  g_auto (TillBasketSums) sums = { 0 };
  if (!till_basket_sum (basket, pricing, &sums, NULL))
    return;
  TillMoney total = 0, vat = 0, discount = 0, rounding = 0;
  for (guint i = 0; i < basket->lines->len; i++)
    {
      const TillBasketSum *sum = &sums.lines[i];
      g_assert_cmpint (sum->amount, >=, 0);
      g_assert_cmpint (sum->vat, >=, 0);
      g_assert_cmpint (sum->vat, <=, sum->amount);
      g_assert_cmpint (sum->gross - sum->discount, >=, 0);
      if (pricing->vat_included)
        g_assert_cmpint (sum->gross - sum->discount + sum->rounding, ==, sum->amount);
      total += sum->amount;
      vat += sum->vat;
      discount += sum->discount;
      rounding += sum->rounding;
      return_in_all_groupings (sum,
                               (int)(till_basket_line (basket, i)->quantity / TILL_QUANTITY_ONE));
    }
  g_assert_cmpint (total, ==, sums.total);
  g_assert_cmpint (vat, ==, sums.vat);
  g_assert_cmpint (discount, ==, sums.discount);
  g_assert_cmpint (rounding, ==, sums.rounding);
  g_assert_cmpint (sums.total % pricing->round_to, ==, 0);
}

/* Every basket of one to three lines with prices of 1 to 7 fen, one to three pieces, discounts. */
static void
test_small_worlds (void)
{
  guint worlds = 0;
  for (int included = 0; included <= 1; included++)
    for (TillMoney round_to = 1; round_to <= 5; round_to += 4)
      for (int lines = 1; lines <= 3; lines++)
        for (TillMoney a = 1; a <= 7; a++)
          for (TillMoney b = 1; b <= (lines > 1 ? 7 : 1); b++)
            for (TillMoney c = 1; c <= (lines > 2 ? 7 : 1); c++)
              for (TillMoney discount = 0; discount <= 4; discount += 2)
                for (TillMoney own = 0; own <= 1; own++)
                  {
                    TillPricing pricing = { included, round_to };
                    TillMoney prices[] = { a, b, c };
                    g_autoptr (TillBasket) basket = till_basket_new ("T");
                    for (int i = 0; i < lines; i++)
                      {
                        TillItem item = item_at (i + 1, prices[i]);
                        g_assert_true (till_basket_add (
                            basket, &item, (1 + (a + i) % 3) * TILL_QUANTITY_ONE, NULL));
                      }
                    till_basket_line (basket, 0)->discount = own;
                    basket->discount = discount;
                    check_world (basket, &pricing);
                    worlds++;
                  }
  g_assert_cmpuint (worlds, >, 5000);
}

static void
test_basket_bounds (void)
{
  TillPricing pricing = { TRUE, 1 };
  TillItem item = item_at (1, TILL_MONEY_MAX);
  g_auto (TillBasketSums) sums = { 0 };
  g_autoptr (TillBasket) basket = till_basket_new ("T");
  g_assert_false (till_basket_add (basket, &item, 0, NULL));
  g_assert_false (till_basket_add (basket, &item, -1000, NULL));
  g_assert_true (till_basket_add (basket, &item, TILL_QUANTITY_MAX, NULL));
  g_assert_false (till_basket_add (basket, &item, 1, NULL));
  g_assert_false (till_basket_sum (basket, &pricing, &sums, NULL));
  till_basket_line (basket, 0)->quantity = 1000;
  till_basket_line (basket, 0)->discount = TILL_MONEY_MAX + 1;
  g_assert_false (till_basket_sum (basket, &pricing, &sums, NULL));
  till_basket_line (basket, 0)->discount = -1;
  g_assert_false (till_basket_sum (basket, &pricing, &sums, NULL));
  till_basket_line (basket, 0)->discount = 0;
  basket->discount = TILL_MONEY_MAX + 1;
  g_assert_false (till_basket_sum (basket, &pricing, &sums, NULL));
  for (guint i = 1; i < TILL_BASKET_LINES_MAX; i++)
    {
      TillItem other = item_at (i + 1, 1);
      g_assert_true (till_basket_add (basket, &other, 1000, NULL));
    }
  TillItem last = item_at (9999, 1);
  g_assert_false (till_basket_add (basket, &last, 1000, NULL));
}

static TillLeg *
leg_at (int pos, TillTender tender, TillMoney amount, TillMoney refunded)
{
  TillLeg *leg = g_new0 (TillLeg, 1);
  leg->pos = pos;
  leg->tender = tender;
  leg->state = TILL_LEG_APPROVED;
  leg->amount = amount;
  leg->refunded = refunded;
  return leg;
}

static void
test_split_over_payments (void)
{
  g_autoptr (TillSale) sale = till_sale_new ();
  g_ptr_array_add (sale->legs, leg_at (1, TILL_TENDER_CASH, 850, 0));
  g_ptr_array_add (sale->legs, leg_at (2, TILL_TENDER_CODE, 3000, 200));
  g_ptr_array_add (sale->legs, leg_at (3, TILL_TENDER_CARD, 100, 100));
  TillReturnShare shares[3];
  g_assert_cmpint (till_return_split (sale, 350, TILL_ROUTE_ORIGINAL, shares), ==, 1);
  g_assert_cmpint (shares[0].leg_pos, ==, 2);
  g_assert_cmpint (till_return_split (sale, 3000, TILL_ROUTE_ORIGINAL, shares), ==, 2);
  g_assert_cmpint (shares[0].amount, ==, 2800);
  g_assert_cmpint (shares[1].leg_pos, ==, 1);
  g_assert_cmpint (shares[1].amount, ==, 200);
  g_assert_cmpint (till_return_split (sale, 3000, TILL_ROUTE_CASH, shares), ==, 2);
  g_assert_cmpint (shares[0].tender, ==, TILL_TENDER_CASH);
  g_assert_cmpint (till_return_split (sale, 3651, TILL_ROUTE_ORIGINAL, shares), ==, -1);
  g_assert_cmpint (till_return_split (sale, 0, TILL_ROUTE_ORIGINAL, shares), ==, 0);
}

static void
test_rights (void)
{
  g_assert_true (till_role_may (TILL_ROLE_CASHIER, TILL_RIGHT_SELL));
  g_assert_false (till_role_may (TILL_ROLE_CASHIER, TILL_RIGHT_APPROVE));
  g_assert_false (till_role_may (TILL_ROLE_CASHIER, TILL_RIGHT_PRICE));
  g_assert_false (till_role_may (TILL_ROLE_SUPERVISOR, TILL_RIGHT_MANAGE));
  for (int right = 0; right <= TILL_RIGHT_MANAGE; right++)
    g_assert_true (till_role_may (TILL_ROLE_MANAGER, (TillRight)right));
}

static void
test_answers_have_sentences (void)
{
  static const TillAnswerCode codes[] = {
#define X(code, word) code,
    TILL_ANSWERS (X)
#undef X
  };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      TillAnswer answer
          = till_answer_quantity (codes[i], 2000, 1000, "可乐可乐可乐可乐可乐可乐可乐可乐可乐可乐");
      g_autofree char *sentence = till_answer_sentence (&answer);
      TillAnswerCode back;
      g_assert_true (g_utf8_validate (sentence, -1, NULL));
      g_assert_cmpuint (strlen (sentence), >, 4);
      g_assert_true (till_answer_from_word (till_answer_word (codes[i]), &back));
      g_assert_cmpint (back, ==, codes[i]);
    }
}

static void
test_code_routes (void)
{
  static const char *const bad[]
      = { "13",      "13=",      "=wechat",        "13-=wechat", "13-1=wechat", "15-10=wechat",
          "13=We",   "13=a b",   "13=wechat,",     ",13=wechat", "1x=wechat",   "1234567=wechat",
          "13=a,,b", "13=a;b=c", "13-15-17=wechat" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    if (till_code_routes_are_valid (bad[i]))
      g_error ("“%s” counts as routes", bad[i]);

  static const char routes[] = "10-15=wechat,25-30=alipay,62=unionpay,2=lakala";
  static const struct
  {
    const char *code, *provider;
  } rows[] = {
    { "134567890123456789", "wechat" },
    { "101", "wechat" },
    { "15", "wechat" },
    { "161", NULL },
    { "281234567890123456", "alipay" },
    { "311", NULL },
    { "6212345678901234567", "unionpay" },
    { "241234", "lakala" },
    { "", NULL },
    { "1", NULL },
    { "x13", NULL },
  };
  g_assert_true (till_code_routes_are_valid (routes) && till_code_routes_are_valid (""));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *provider = till_code_route (routes, rows[i].code);
      g_assert_cmpstr (provider, ==, rows[i].provider);
    }
  g_assert_null (till_code_route ("", "13"));
}

/* Milligrams become thousandths of what the goods are priced by. */
static void
test_weight (void)
{
  static const struct
  {
    const char *unit;
    int64_t milligrams;
    TillQuantity quantity;
  } rows[] = {
    { "", 1000000, 0 },
    { "个", 1000000, 0 },
    { "lb", 1000000, 0 },
    { "kg", 0, 0 },
    { "kg", -1000, 0 },
    { "kg", 499, 0 },
    { "kg", 500, 1 },
    { "kg", 1499, 1 },
    { "kg", 1250000, 1250 },
    { "公斤", 1250000, 1250 },
    { "千克", 1250500, 1251 },
    { "斤", 1250000, 2500 },
    { "市斤", 250, 1 },
    { "斤", 249, 0 },
    { "g", 7, 7 },
    { "克", 1250000, 1250000 },
    { "g", TILL_QUANTITY_MAX, TILL_QUANTITY_MAX },
    { "g", TILL_QUANTITY_MAX + 1, 0 },
    { "kg", INT64_MAX, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (till_weight_quantity (rows[i].milligrams, rows[i].unit), ==, rows[i].quantity);
  g_assert_true (till_weight_is_unit ("斤"));
  g_assert_false (till_weight_is_unit (""));
  g_assert_false (till_weight_is_unit ("kgs"));
}

/* --- what a provider still gives back --- */

static int64_t
at (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);
  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * TILL_SECOND + g_date_time_get_microsecond (time);
}

/* By the calendar in China, to the last microsecond. */
static void
test_provider_gives_back (void)
{
  static const struct
  {
    int window_days, refunds_max;
    const char *paid, *now;
    int refunds;
    TillAnswerCode code;
    int quantity;
  } rows[] = {
    /* The first and the last moment of a day belong to the same day 0. */
    { 30, 0, "2026-11-01T00:00:00+08", "2026-12-01T23:59:59.999999+08", 0, TILL_YES, 0 },
    { 30, 0, "2026-11-01T00:00:00+08", "2026-12-02T00:00:00+08", 0, TILL_NO_TOO_OLD, 31 },
    { 30, 0, "2026-11-01T23:59:59.999999+08", "2026-12-01T23:59:59.999999+08", 0, TILL_YES, 0 },
    { 30, 0, "2026-11-01T23:59:59.999999+08", "2026-12-02T00:00:00+08", 0, TILL_NO_TOO_OLD, 31 },
    /* 16:00 in London is midnight in China. */
    { 30, 0, "2026-11-01T15:59:59Z", "2026-12-01T16:00:00Z", 0, TILL_NO_TOO_OLD, 31 },
    { 30, 0, "2026-11-01T16:00:00Z", "2026-12-02T15:59:59Z", 0, TILL_YES, 0 },
    /* A leap day is a day. */
    { 365, 0, "2026-03-01T12:00:00+08", "2027-03-01T23:59:59+08", 0, TILL_YES, 0 },
    { 365, 0, "2027-03-01T12:00:00+08", "2028-02-29T23:59:59+08", 0, TILL_YES, 0 },
    { 365, 0, "2027-03-01T12:00:00+08", "2028-03-01T00:00:00+08", 0, TILL_NO_TOO_OLD, 366 },
    { 365, 0, "2028-02-29T12:00:00+08", "2029-02-28T23:59:59+08", 0, TILL_YES, 0 },
    { 365, 0, "2028-02-29T12:00:00+08", "2029-03-01T00:00:00+08", 0, TILL_NO_TOO_OLD, 366 },
    /* Nobody states a window. */
    { 0, 0, "2001-01-01T00:00:00+08", "2026-11-22T00:00:00+08", 400, TILL_YES, 0 },
    /* When it was paid is not in the books: the provider is to say. */
    { 30, 0, "1970-01-01T00:00:00Z", "2026-11-22T00:00:00+08", 0, TILL_YES, 0 },
    /* A clock set back makes nothing old. */
    { 30, 0, "2026-11-22T00:00:00+08", "2026-01-01T00:00:00+08", 0, TILL_YES, 0 },
    { 365, 50, "2026-11-22T00:00:00+08", "2026-11-22T00:00:00+08", 49, TILL_YES, 0 },
    { 365, 50, "2026-11-22T00:00:00+08", "2026-11-22T00:00:00+08", 50, TILL_NO_TOO_OFTEN, 50 },
    { 0, 1, "2026-11-22T00:00:00+08", "2026-11-22T00:00:00+08", 3, TILL_NO_TOO_OFTEN, 3 },
    /* Both: what no new part could mend is said. */
    { 30, 1, "2026-01-01T00:00:00+08", "2026-11-22T00:00:00+08", 3, TILL_NO_TOO_OLD, 325 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TillProfile profile = { .words = "WeChat Pay",
                                    .window_days = rows[i].window_days,
                                    .refunds_max = rows[i].refunds_max };
      const TillPaymentFacts facts
          = { .paid_at = at (rows[i].paid), .now = at (rows[i].now), .refunds = rows[i].refunds };
      TillAnswer answer = till_provider_limits_refund (&profile, &facts);
      g_test_message ("%s, %s, %d", rows[i].paid, rows[i].now, rows[i].refunds);
      g_assert_cmpstr (till_answer_word (answer.code), ==, till_answer_word (rows[i].code));
      g_assert_cmpint (answer.quantity, ==, rows[i].quantity);
      g_assert_cmpint (till_provider_limits_refund (NULL, &facts).code, ==, TILL_YES);
      if (answer.code == TILL_YES)
        continue;
      g_assert_cmpstr (answer.ref, ==, "WeChat Pay");
      g_assert_false (till_answer_can_be_approved (&answer));
      g_autofree char *sentence = till_answer_sentence (&answer);
      g_assert_true (g_str_has_prefix (sentence, "WeChat Pay gives a payment back"));
      g_assert_nonnull (strstr (sentence, "Choose cash"));
    }
}

/* By class B from the start; of what was taken in only when it takes long. */
static void
test_provider_closes (void)
{
#define AT (100 * TILL_DAY)
#define ENDS (AT + 7 * TILL_DAY)
  static const struct
  {
    TillRefundState state;
    TillFailureClass failure;
    int64_t now, closing;
  } rows[] = {
    { TILL_REFUND_ACCEPTED, TILL_CLASS_NONE, AT, 0 },
    { TILL_REFUND_ACCEPTED, TILL_CLASS_NONE, AT + 4 * TILL_DAY - 1, 0 },
    { TILL_REFUND_ACCEPTED, TILL_CLASS_NONE, AT + 4 * TILL_DAY, ENDS },
    { TILL_REFUND_ACCEPTED, TILL_CLASS_UNKNOWN_OUTCOME, ENDS + 1, ENDS },
    { TILL_REFUND_ACCEPTED, TILL_CLASS_BALANCE, AT, ENDS },
    { TILL_REFUND_QUEUED, TILL_CLASS_BALANCE, AT, ENDS },
    { TILL_REFUND_UNKNOWN, TILL_CLASS_BALANCE, AT, ENDS },
    { TILL_REFUND_QUEUED, TILL_CLASS_RETRY, ENDS, 0 },
    { TILL_REFUND_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, ENDS, 0 },
    { TILL_REFUND_PROVIDER, TILL_CLASS_PROVIDER, ENDS, 0 },
    { TILL_REFUND_CLOSED, TILL_CLASS_BALANCE, ENDS, 0 },
    { TILL_REFUND_SUCCEEDED, TILL_CLASS_NONE, ENDS, 0 },
  };
  const TillProfile closes = { .closes_after_s = 7 * 24 * 3600 }, keeps = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillRefund refund
          = { .state = rows[i].state, .failure = rows[i].failure, .requested_at = AT };
      g_test_message ("row %zu", i);
      g_assert_cmpint (till_provider_limits_closing (&closes, &refund, rows[i].now), ==,
                       rows[i].closing);
      g_assert_cmpint (till_provider_limits_closing (&keeps, &refund, rows[i].now), ==, 0);
      g_assert_cmpint (till_provider_limits_closing (NULL, &refund, rows[i].now), ==, 0);
      refund.requested_at = 0; /* nothing has left */
      g_assert_cmpint (till_provider_limits_closing (&closes, &refund, rows[i].now), ==, 0);
    }
#undef AT
#undef ENDS
}

static void
test_provider_undoes (void)
{
  static const struct
  {
    int within_s;
    int64_t asked_at, age;
    gboolean over;
  } rows[] = {
    { 0, 1, 4000 * TILL_DAY, FALSE },
    { 86400, TILL_DAY, TILL_DAY, FALSE },
    { 86400, TILL_DAY, TILL_DAY + 1, TRUE },
    { 86400, 0, 400 * TILL_DAY, FALSE }, /* not in the books */
    { 86400, TILL_DAY, -TILL_HOUR, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TillProfile profile = { .reverse_within_s = rows[i].within_s };
      int64_t now = rows[i].asked_at + rows[i].age;
      g_assert_cmpint (till_provider_limits_reversal_over (&profile, rows[i].asked_at, now), ==,
                       rows[i].over);
      g_assert_false (till_provider_limits_reversal_over (NULL, rows[i].asked_at, now));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/return/by-the-gram", test_return_by_the_gram);
  g_test_add_func ("/trade/weight", test_weight);
  g_test_add_func ("/trade/words", test_refund_words);
  g_test_add_func ("/trade/refund/final-is-final", test_refund_final_is_final);
  g_test_add_func ("/trade/refund/leaves-only-by-promise", test_refund_leaves_only_by_promise);
  g_test_add_func ("/trade/refund/ends", test_refund_ends);
  g_test_add_func ("/trade/refund/every-path", test_refund_every_path);
  g_test_add_func ("/trade/refund/outcome-defaults-to-silence", test_outcome_defaults_to_silence);
  g_test_add_func ("/trade/payment/needs-proof", test_leg_needs_proof);
  g_test_add_func ("/trade/payment/leg-takes-every-answer", test_leg_takes_every_answer);
  g_test_add_func ("/trade/basket/small-worlds", test_small_worlds);
  g_test_add_func ("/trade/basket/bounds", test_basket_bounds);
  g_test_add_func ("/trade/return/split-over-payments", test_split_over_payments);
  g_test_add_func ("/trade/rights", test_rights);
  g_test_add_func ("/trade/code-routes", test_code_routes);
  g_test_add_func ("/trade/answers-have-sentences", test_answers_have_sentences);
  g_test_add_func ("/trade/provider/gives-back", test_provider_gives_back);
  g_test_add_func ("/trade/provider/undoes", test_provider_undoes);
  g_test_add_func ("/trade/provider/closes", test_provider_closes);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stored words and shown labels by round trips, and the small pure decisions of the trade. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/core/secret.h"
#include "data/trade/policy.h"
#include "data/trade/provider.h"

#include <string.h>

static void
test_return_words (void)
{
  static const int digits[] = { 0, 1, 2, 3, 4, 5, 6, 9 };
  for (int i = TILL_REASON_FAULTY; i <= TILL_REASON_OTHER; i++)
    {
      TillReason reason = (TillReason)i;
      g_assert_cmpint (till_reason_from_word (till_reason_word (reason)), ==, reason);
      g_assert_cmpint (till_reason_digit (reason), ==, digits[i]);
      g_assert_cmpint (till_reason_from_digit (digits[i]), ==, reason);
      g_assert_cmpstr (till_reason_label (reason), !=, "");
    }
  g_assert_cmpint (till_reason_from_digit (7), ==, TILL_REASON_NONE);
  g_assert_cmpint (till_reason_from_digit (0), ==, TILL_REASON_NONE);
  g_assert_cmpint (till_reason_from_word (""), ==, TILL_REASON_NONE);
  g_assert_cmpint (till_reason_from_word (NULL), ==, TILL_REASON_NONE);
  g_assert_cmpstr (till_reason_label (TILL_REASON_NONE), ==, "");
  g_assert_cmpint (till_reason_disposition (TILL_REASON_EXPIRED), ==, TILL_DISPOSITION_WRITE_OFF);
  g_assert_cmpint (till_reason_disposition (TILL_REASON_CHANGED_MIND), ==, TILL_DISPOSITION_SHELF);

  static const char *const conditions[] = { "unopened", "opened", "damaged" };
  static const char *const dispositions[] = { "shelf", "write_off", "vendor" };
  static const char *const states[] = { "WAIT_APPROVAL", "CLOSED", "DENIED", "CANCELLED" };
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (till_condition_from_word (conditions[i]), ==, i);
      g_assert_cmpstr (till_condition_word ((TillCondition)i), ==, conditions[i]);
      g_assert_cmpstr (till_condition_label ((TillCondition)i), ==, conditions[i]);
      g_assert_cmpint (till_disposition_from_word (dispositions[i]), ==, i);
      g_assert_cmpstr (till_disposition_word ((TillDisposition)i), ==, dispositions[i]);
      g_assert_cmpstr (till_disposition_label ((TillDisposition)i), !=, "");
    }
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpint (till_return_state_from_word (states[i]), ==, i);
      g_assert_cmpstr (till_return_state_word ((TillReturnState)i), ==, states[i]);
    }
  TillRoute route = TILL_ROUTE_ORIGINAL;
  g_assert_true (till_route_from_word ("cash", &route));
  g_assert_cmpint (route, ==, TILL_ROUTE_CASH);
  g_assert_false (till_route_from_word ("Cash", &route));
  g_assert_cmpint (route, ==, TILL_ROUTE_CASH);
  g_assert_cmpstr (till_route_word (TILL_ROUTE_ORIGINAL), ==, "original");
}

static void
test_refund_states (void)
{
  static const TillRefundState by_person[]
      = { TILL_REFUND_WAIT_APPROVAL, TILL_REFUND_FIX, TILL_REFUND_CUSTOMER, TILL_REFUND_PROVIDER };
  int needing = 0;
  for (int i = 0; i <= TILL_REFUND_CANCELLED; i++)
    {
      TillRefundState state = (TillRefundState)i;
      g_assert_cmpint (till_refund_state_from_word (till_refund_state_word (state)), ==, state);
      needing += till_refund_state_needs_person (state);
      g_assert_cmpstr (till_refund_state_label (state), !=, "");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (by_person); i++)
    g_assert_true (till_refund_state_needs_person (by_person[i]));
  g_assert_cmpint (needing, ==, (int)G_N_ELEMENTS (by_person));
}

static void
test_errand_words (void)
{
  static const char *const kinds[] = { "pay", "query_pay", "reverse", "refund", "query_refund" };
  for (int i = 0; i < 5; i++)
    g_assert_cmpstr (till_errand_kind_word ((TillErrandKind)i), ==, kinds[i]);
  static const char *const outcomes[]
      = { "done", "accepted", "refused", "not_found", "unknown", "not_sent", "mismatch" };
  for (int i = 0; i < 7; i++)
    g_assert_cmpstr (till_outcome_kind_word ((TillOutcomeKind)i), ==, outcomes[i]);
  for (int i = TILL_CLASS_NONE; i <= TILL_CLASS_DISAGREEMENT; i++)
    g_assert_cmpint (till_failure_from_letter (till_failure_letter ((TillFailureClass)i)), ==, i);
  /* What nobody knows may have been booked. */
  g_assert_cmpint (till_failure_from_letter ("Z"), ==, TILL_CLASS_UNKNOWN_OUTCOME);
  g_autoptr (TillOutcome) outcome
      = till_outcome_new (TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, "time-out");
  g_assert_cmpstr (outcome->detail, ==, "time-out");
  g_assert_cmpint (outcome->amount, ==, 0);
}

/* --- policy --- */

static TillSale *
sale_of (TillSaleState state, TillTender tender)
{
  TillSale *sale = till_sale_new ();
  sale->no = g_strdup ("9101");
  sale->state = state;
  sale->day = 20261122;
  TillSaleLine *line = g_new0 (TillSaleLine, 1);
  line->pos = 1;
  line->name = g_strdup ("Tea");
  line->quantity = 3000;
  line->returned = 1000;
  g_ptr_array_add (sale->lines, line);
  TillLeg *leg = g_new0 (TillLeg, 1);
  leg->pos = 1;
  leg->tender = tender;
  leg->state = TILL_LEG_APPROVED;
  leg->amount = 2997;
  g_ptr_array_add (sale->legs, leg);
  return sale;
}

static void
test_policy_checks (void)
{
  static const struct
  {
    int pos;
    TillQuantity quantity;
    TillReason reason;
    TillAnswerCode code;
  } rows[] = {
    { 1, 2000, TILL_REASON_OTHER, TILL_YES },
    { 1, 2001, TILL_REASON_OTHER, TILL_NO_QUANTITY },
    { 1, -1, TILL_REASON_OTHER, TILL_NO_QUANTITY },
    { 1, 0, TILL_REASON_OTHER, TILL_NO_EMPTY },
    { 2, 1000, TILL_REASON_OTHER, TILL_NO_ITEM },
    { 1, 1000, TILL_REASON_NONE, TILL_NO_REASON },
  };
  g_autoptr (TillSale) paid = sale_of (TILL_SALE_PAID, TILL_TENDER_CODE);
  g_autoptr (TillSale) open = sale_of (TILL_SALE_TENDERING, TILL_TENDER_CODE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillReturnDraft) draft = till_return_draft_new ("0", 1);
      till_return_draft_set (draft, rows[i].pos, rows[i].quantity);
      draft->reason = rows[i].reason;
      TillAnswer answer = till_policy_check (paid, draft);
      g_assert_cmpstr (till_answer_word (answer.code), ==, till_answer_word (rows[i].code));
      g_assert_cmpint (till_policy_check (open, draft).code, ==, TILL_NO_NOT_PAID);
    }
  /* A line named twice would pass by halves. */
  g_autoptr (TillReturnDraft) twice = till_return_draft_new ("0", 1);
  TillReturnWish wish = { 1, 1500 };
  g_array_append_val (twice->lines, wish);
  g_array_append_val (twice->lines, wish);
  twice->reason = TILL_REASON_OTHER;
  g_assert_cmpint (till_policy_check (paid, twice).code, ==, TILL_NO_QUANTITY);
}

static void
test_policy_decides (void)
{
  TillPolicy policy
      = { .window_days = 7, .return_limit = { 100, 200, 300 }, .approve_limit = { 0, 250, 1000 } };
  g_autoptr (TillSale) code = sale_of (TILL_SALE_PAID, TILL_TENDER_CODE);
  g_autoptr (TillSale) cash = sale_of (TILL_SALE_PAID, TILL_TENDER_CASH);
  g_autoptr (TillReturnDraft) draft = till_return_draft_new ("0", 1);
  const struct
  {
    const TillSale *sale;
    TillRoute route;
    TillMoney amount;
    TillRole asker;
    int today;
    TillAnswerCode code;
  } rows[] = {
    { code, TILL_ROUTE_ORIGINAL, 100, TILL_ROLE_CASHIER, 20261129, TILL_YES },
    { code, TILL_ROUTE_ORIGINAL, 100, TILL_ROLE_CASHIER, 20261130, TILL_NO_WINDOW },
    { code, TILL_ROUTE_ORIGINAL, 101, TILL_ROLE_CASHIER, 20261122, TILL_NO_LIMIT },
    { code, TILL_ROUTE_ORIGINAL, 101, TILL_ROLE_SUPERVISOR, 20261122, TILL_YES },
    { code, TILL_ROUTE_CASH, 1, TILL_ROLE_MANAGER, 20261122, TILL_NO_ROUTE },
    { cash, TILL_ROUTE_CASH, 1, TILL_ROLE_CASHIER, 20261122, TILL_YES },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      draft->route = rows[i].route;
      TillAnswer answer = till_policy_decide (&policy, rows[i].sale, draft, rows[i].amount,
                                              rows[i].asker, rows[i].today);
      g_assert_cmpstr (till_answer_word (answer.code), ==, till_answer_word (rows[i].code));
      g_assert_true (rows[i].code == TILL_YES || till_answer_can_be_approved (&answer));
    }
  TillStaff cashier = { .id = 1, .role = TILL_ROLE_CASHIER };
  TillStaff supervisor = { .id = 2, .role = TILL_ROLE_SUPERVISOR };
  TillStaff manager = { .id = 3, .role = TILL_ROLE_MANAGER };
  g_assert_cmpint (till_policy_approve (&policy, 250, 1, &supervisor).code, ==, TILL_YES);
  g_assert_cmpint (till_policy_approve (&policy, 251, 1, &supervisor).code, ==, TILL_NO_LIMIT);
  g_assert_cmpint (till_policy_approve (&policy, 251, 1, &manager).code, ==, TILL_YES);
  g_assert_cmpint (till_policy_approve (&policy, 1, 3, &manager).code, ==, TILL_NO_SAME_PERSON);
  g_assert_cmpint (till_policy_approve (&policy, 1, 3, &cashier).code, ==, TILL_NO_RIGHT);
}

static void
test_ladder (void)
{
  static const int ladder[] = { 10, 60, 5 };
  TillProfile profile = { .ladder_s = ladder, .n_ladder = 3 };
  g_autoptr (TillClock) chance = till_clock_new_fake (0, 3);
  for (int round = 0; round < 500; round++)
    for (int tries = 0; tries < 6; tries++)
      {
        int64_t wait = ladder[MIN (tries, 2)] * TILL_SECOND;
        int64_t at = till_profile_next_at (&profile, tries, 1000, chance) - 1000;
        g_assert_cmpint (at, >=, wait - wait / 10);
        g_assert_cmpint (at, <, wait + wait / 10);
      }
  static const int at_once[] = { 0 };
  TillProfile hasty = { .ladder_s = at_once, .n_ladder = 1 };
  g_assert_cmpint (till_profile_next_at (&hasty, 0, 77, chance), ==, 77);
}

/* --- clock, fault, secret --- */

static void
test_clock (void)
{
  static const char *const wrong[]
      = { "",         "2026",     "2026-11-2",        "2026-13-01", "2026-02-29", "2026/11/22",
          "2026112x", "20261131", "２０２６１１２２", "0000-00-00", "2026-11-22 " };
  int day = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (till_clock_parse_day (wrong[i], &day, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
  g_assert_true (till_clock_parse_day ("2028-02-29", &day, NULL));
  g_assert_cmpint (day, ==, 20280229);
  g_assert_true (till_clock_parse_day ("20261122", &day, NULL));
  g_autofree char *text = till_clock_format_day (day);
  g_assert_cmpstr (text, ==, "2026-11-22");
  g_assert_cmpint (till_clock_days_between (20261231, 20270101), ==, 1);
  g_assert_cmpint (till_clock_days_between (20280301, 20280228), ==, -2);

  /* 16:00 UTC is midnight in Shanghai; nobody knows Atlantis, so it lies on Greenwich. */
  const int64_t midnight = INT64_C (1795276800000000);
  g_assert_cmpint (till_clock_day (midnight, "Asia/Shanghai"), ==, 20261122);
  g_assert_cmpint (till_clock_day (midnight - 1, "Asia/Shanghai"), ==, 20261121);
  g_assert_cmpint (till_clock_day (midnight, "Atlantis/Poseidonis"), ==, 20261121);
  g_autofree char *here = till_clock_format (0, "Asia/Shanghai");
  g_autofree char *nowhere = till_clock_format (0, "Atlantis/Poseidonis");
  g_assert_cmpstr (here, ==, "1970-01-01 08:00:00");
  g_assert_cmpstr (nowhere, ==, "1970-01-01 00:00:00");

  g_autoptr (TillClock) machine = till_clock_new ();
  g_assert_false (till_clock_is_fake (machine));
  int64_t before = g_get_real_time (), now = till_clock_now (machine);
  g_assert_cmpint (now, >=, before);
  gboolean seen[3] = { FALSE };
  for (int i = 0; i < 1000; i++)
    {
      uint64_t drawn = till_clock_random (machine, 3);
      g_assert_cmpuint (drawn, <, 3);
      seen[drawn] = TRUE;
    }
  g_assert_true (seen[0] && seen[1] && seen[2]);
  g_autoptr (TillClock) fake = till_clock_new_fake (5, 1);
  till_clock_advance (fake, -3);
  g_assert_cmpint (till_clock_now (fake), ==, 2);
}

static void
test_fault (void)
{
  g_autoptr (GError) error = NULL;
  till_fault_arm (0); /* only counts */
  for (int i = 0; i < 3; i++)
    g_assert_true (till_fault_pass ("here", &error));
  g_assert_cmpuint (till_fault_count (), ==, 3);
  g_assert_null (till_fault_where ());
  till_fault_arm (2);
  g_assert_true (till_fault_pass ("first", &error));
  g_assert_false (till_fault_pass ("second", &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
  g_assert_cmpstr (till_fault_where (), ==, "second");
  g_clear_error (&error);
  g_assert_false (till_fault_pass ("third", &error)); /* the power stays off */
  g_assert_cmpstr (till_fault_where (), ==, "second");
  till_fault_restore ();
  g_assert_true (till_fault_pass ("fourth", NULL));
}

static void
test_pulled_for_good (void)
{
  if (g_test_subprocess ())
    {
      g_setenv ("TILL_FAULT_EXIT", "3", TRUE);
      for (int i = 0; i < 3; i++)
        if (till_fault_pass ("here", NULL))
          g_print ("passed %d\n", i + 1);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stdout ("*passed 2*");
  g_test_trap_assert_stdout_unmatched ("*passed 3*");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/return", test_return_words);
  g_test_add_func ("/words/refund", test_refund_states);
  g_test_add_func ("/words/errand", test_errand_words);
  g_test_add_func ("/policy/checks", test_policy_checks);
  g_test_add_func ("/policy/decides", test_policy_decides);
  g_test_add_func ("/provider/ladder", test_ladder);
  g_test_add_func ("/clock", test_clock);
  g_test_add_func ("/fault/counts-and-cuts", test_fault);
  g_test_add_func ("/fault/pulled-for-good", test_pulled_for_good);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people are told about refunds and payments. Every state that the tables of their lives let
 * be reached, with every class of failure that an answer can leave there, is told in both
 * languages; and what is told never claims more than is known. */
#include "data/slips/words.h"
#include "data/trade/advice.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#define ZONE "Asia/Shanghai"
#define NOW INT64_C (1795314840000000) /* 10:34 there */

extern int _nl_msg_cat_cntr; /* glibc looks at LANGUAGE again when it has moved */

static void
speak (const char *language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  _nl_msg_cat_cntr++;
}

/* Every answer a provider can give, as codecs make them. */
static TillOutcome *
nth_outcome (int n)
{
  static const TillOutcomeKind plain[]
      = { TILL_OUTCOME_DONE,    TILL_OUTCOME_ACCEPTED, TILL_OUTCOME_NOT_FOUND,
          TILL_OUTCOME_UNKNOWN, TILL_OUTCOME_NOT_SENT, TILL_OUTCOME_MISMATCH,
          TILL_OUTCOME_NOT_SENT };
  static const TillFailureClass classes[] = { TILL_CLASS_NONE,  TILL_CLASS_NONE,
                                              TILL_CLASS_NONE,  TILL_CLASS_UNKNOWN_OUTCOME,
                                              TILL_CLASS_RETRY, TILL_CLASS_UNKNOWN_OUTCOME,
                                              TILL_CLASS_LOCAL };
  int refusals = TILL_CLASS_FINAL - TILL_CLASS_RETRY + 1;
  if (n < refusals)
    return till_outcome_new (TILL_OUTCOME_REFUSED, (TillFailureClass)(TILL_CLASS_RETRY + n), NULL);
  n -= refusals;
  return n < (int)G_N_ELEMENTS (plain) ? till_outcome_new (plain[n], classes[n], NULL) : NULL;
}

static TillRefund
refund_in (TillRefundState state, TillFailureClass failure)
{
  return (TillRefund){ .state = state,
                       .failure = failure,
                       .tender = TILL_TENDER_CODE,
                       .amount = 123456,
                       .requested_at = 1,
                       .next_action_at = NOW };
}

static char *
told (TillRefundState state, TillFailureClass failure)
{
  TillRefund refund = refund_in (state, failure);
  return till_advice_refund (&refund, ZONE);
}

static void
assert_sound (const char *english, const char *chinese)
{
  g_test_message ("%s | %s", english, chinese);
  g_assert_cmpstr (english, !=, chinese);
  for (int i = 0; i < 2; i++)
    {
      const char *text = i ? chinese : english;
      g_assert_nonnull (strstr (text, "1,234.56"));
      g_assert_null (strchr (text, '{'));
      g_assert_null (strstr (text, "(null)"));
    }
  g_assert_true (g_str_has_suffix (english, "."));
  g_assert_true (g_str_has_suffix (chinese, "。"));
  g_assert_cmpint (strstr (english, "10:34") != NULL, ==, strstr (chinese, "10:34") != NULL);
}

static void
test_refunds (void)
{
  int reached = 0;
  for (int from = 0; from <= TILL_REFUND_CANCELLED; from++)
    for (int n = 0;; n++)
      {
        g_autoptr (TillOutcome) outcome = nth_outcome (n);
        TillRefundState to;
        if (!outcome)
          break;
        if (!till_refund_next ((TillRefundState)from, till_refund_event_of (outcome, n % 2), &to))
          continue;
        TillFailureClass kept = till_outcome_class (outcome);
        speak ("en");
        g_autofree char *english = told (to, kept);
        speak ("zh_CN");
        g_autofree char *chinese = told (to, kept);
        assert_sound (english, chinese);
        /* Only proof is called paid. */
        g_assert_cmpint (strstr (english, "has paid") != NULL, ==,
                         till_refund_state_is_proven (to));
        g_assert_cmpint (strstr (chinese, "已将") != NULL, ==, till_refund_state_is_proven (to));
        reached++;
      }
  g_assert_cmpint (reached, >, 40);
}

/* What no answer leads to, and what hangs on more than state and class. */
static void
test_by_persons (void)
{
  static const TillRefundState states[] = { TILL_REFUND_WAIT_APPROVAL, TILL_REFUND_SENDING,
                                            TILL_REFUND_UNKNOWN,       TILL_REFUND_REFUSED,
                                            TILL_REFUND_CANCELLED,     TILL_REFUND_BOUNCED,
                                            TILL_REFUND_QUEUED,        TILL_REFUND_CUSTOMER };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    for (int failure = TILL_CLASS_NONE; failure <= TILL_CLASS_DISAGREEMENT; failure++)
      {
        speak ("en");
        g_autofree char *english = told (states[i], (TillFailureClass)failure);
        speak ("zh_CN");
        g_autofree char *chinese = told (states[i], (TillFailureClass)failure);
        assert_sound (english, chinese);
      }
  speak ("en");
  TillRefund fresh = refund_in (TILL_REFUND_QUEUED, TILL_CLASS_NONE);
  fresh.requested_at = 0;
  TillRefund cash = refund_in (TILL_REFUND_SUCCEEDED, TILL_CLASS_NONE);
  cash.tender = TILL_TENDER_CASH;
  TillRefund refused_void = refund_in (TILL_REFUND_FAILED, TILL_CLASS_FINAL);
  refused_void.why = TILL_WHY_SAME_DAY;
  TillRefund strange = refund_in (TILL_REFUND_UNKNOWN, TILL_CLASS_NONE);
  strange.not_found = 1;
  const struct
  {
    const TillRefund *refund;
    const char *says;
    TillNext next;
  } rows[] = {
    { &fresh, "sent at once", TILL_NEXT_NOTHING },
    { &cash, "handed over in cash", TILL_NEXT_NOTHING },
    { &refused_void, "goes back as a refund by itself", TILL_NEXT_NOTHING },
    { &strange, "does not know it so far", TILL_NEXT_ASK },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = till_advice_refund (rows[i].refund, ZONE);
      g_assert_nonnull (strstr (text, rows[i].says));
      g_assert_cmpint (till_advice_refund_next (rows[i].refund), ==, rows[i].next);
    }
}

/* Where our money runs short, it is said where to look how much there is, and who may. */
static void
test_where_to_look (void)
{
  static const TillRefundState states[]
      = { TILL_REFUND_QUEUED, TILL_REFUND_UNKNOWN, TILL_REFUND_ACCEPTED, TILL_REFUND_PROVIDER };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      speak ("en");
      g_autofree char *english = told (states[i], TILL_CLASS_BALANCE);
      g_assert_nonnull (strstr (english, "A manager sees under Settings, Payment providers"));
      g_assert_nonnull (strstr (english, "topped up"));
      speak ("zh_CN");
      g_autofree char *chinese = told (states[i], TILL_CLASS_BALANCE);
      g_assert_nonnull (strstr (chinese, "店长"));
      g_assert_nonnull (strstr (chinese, "“设置 - 支付机构”"));
      g_assert_nonnull (strstr (chinese, "充值"));
    }
}

/* Where a discount was in the payment both parts are told, and only of what is paid back. */
static void
test_coupon (void)
{
  for (int state = TILL_REFUND_WAIT_APPROVAL; state <= TILL_REFUND_CANCELLED; state++)
    {
      TillRefund refund = refund_in ((TillRefundState)state, TILL_CLASS_NONE);
      refund.coupon = 3400;
      speak ("en");
      g_autofree char *english = till_advice_refund (&refund, ZONE);
      speak ("zh_CN");
      g_autofree char *chinese = till_advice_refund (&refund, ZONE);
      assert_sound (english, chinese);
      gboolean proven = state == TILL_REFUND_SUCCEEDED;
      const char *const texts[] = { english, chinese };
      for (int i = 0; i < 2; i++)
        {
          g_assert_cmpint (strstr (texts[i], "34.00") != NULL, ==, proven);
          g_assert_cmpint (strstr (texts[i], "1,200.56") != NULL, ==, proven);
        }
    }
}

/* The classes are told apart where they ask for something else. */
static void
test_classes (void)
{
  static const struct
  {
    TillRefundState state;
    TillFailureClass failure;
    const char *says, *next;
  } rows[] = {
    { TILL_REFUND_QUEUED, TILL_CLASS_RETRY, "nothing was booked", "ask" },
    { TILL_REFUND_QUEUED, TILL_CLASS_BALANCE, "topped up", "ask" },
    { TILL_REFUND_QUEUED, TILL_CLASS_LOCAL, "did not leave the till", "call_staff" },
    { TILL_REFUND_UNKNOWN, TILL_CLASS_LOCAL, "our account", "call_staff" },
    { TILL_REFUND_QUEUED, TILL_CLASS_FIX, "put right", "ask" },
    { TILL_REFUND_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME, "not be sent twice", "ask" },
    { TILL_REFUND_UNKNOWN, TILL_CLASS_RETRY, "cannot be asked", "ask" },
    { TILL_REFUND_UNKNOWN, TILL_CLASS_BALANCE, "topped up", "ask" },
    { TILL_REFUND_ACCEPTED, TILL_CLASS_NONE, "working on it", "ask" },
    { TILL_REFUND_FIX, TILL_CLASS_FIX, "sends it again", "correct" },
    { TILL_REFUND_CUSTOMER, TILL_CLASS_CUSTOMER, "still owed", "cancel" },
    { TILL_REFUND_CUSTOMER, TILL_CLASS_FINAL, "was not sent", "cancel" },
    { TILL_REFUND_PROVIDER, TILL_CLASS_PROVIDER, "holds up", "call" },
    { TILL_REFUND_PROVIDER, TILL_CLASS_UNKNOWN_OUTCOME, "however often", "call" },
    { TILL_REFUND_PROVIDER, TILL_CLASS_DISAGREEMENT, "contradicts", "call" },
    { TILL_REFUND_FAILED, TILL_CLASS_FINAL, "finally refused", "cash" },
    { TILL_REFUND_CLOSED, TILL_CLASS_FINAL, "without paying", "cash" },
    { TILL_REFUND_WAIT_APPROVAL, TILL_CLASS_NONE, "second person", "approve" },
  };
  g_autoptr (TillOutcome) contradicts
      = till_outcome_new (TILL_OUTCOME_MISMATCH, TILL_CLASS_UNKNOWN_OUTCOME, NULL);
  g_assert_cmpint (till_outcome_class (contradicts), ==, TILL_CLASS_DISAGREEMENT);
  g_assert_cmpstr (till_failure_letter (TILL_CLASS_DISAGREEMENT), ==, "D");
  g_assert_cmpstr (till_failure_letter (TILL_CLASS_LOCAL), ==, "L");
  speak ("en");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillRefund refund = refund_in (rows[i].state, rows[i].failure);
      g_autofree char *text = till_advice_refund (&refund, ZONE);
      g_assert_nonnull (strstr (text, rows[i].says));
      g_assert_cmpstr (till_next_word (till_advice_refund_next (&refund)), ==, rows[i].next);
    }
}

static char *
told_leg (TillLegState state, TillFailureClass failure)
{
  const TillLeg leg = { .state = state,
                        .failure = failure,
                        .tender = TILL_TENDER_CODE,
                        .amount = 123456,
                        .next_action_at = NOW };
  return till_advice_leg (&leg, ZONE);
}

/* Wherever something waits because the account is another merchant's, both are named, and it is
 * said whose turn it is. */
static void
test_other_merchant (void)
{
  static const TillRefundState states[]
      = { TILL_REFUND_QUEUED, TILL_REFUND_UNKNOWN, TILL_REFUND_ACCEPTED, TILL_REFUND_PROVIDER,
          TILL_REFUND_RECALL_DUE };
  for (gsize i = 0; i <= G_N_ELEMENTS (states); i++)
    {
      gboolean unsent = i == G_N_ELEMENTS (states);
      TillRefund refund = refund_in (unsent ? TILL_REFUND_QUEUED : states[i], TILL_CLASS_LOCAL);
      refund.requested_at = unsent ? 0 : 1;
      refund.merchant_no = (char *)(unsent ? "" : "M100");
      refund.original_merchant_no = (char *)"M100";
      refund.other_merchant = (char *)"M200";
      speak ("en");
      g_autofree char *english = till_advice_refund (&refund, ZONE);
      speak ("zh_CN");
      g_autofree char *chinese = till_advice_refund (&refund, ZONE);
      assert_sound (english, chinese);
      g_assert_nonnull (strstr (english, unsent ? "customer paid merchant M100"
                                                : "was sent under merchant M100"));
      g_assert_nonnull (strstr (english, "now names M200"));
      g_assert_nonnull (strstr (english, "A manager puts the account back"));
      g_assert_nonnull (strstr (chinese, "商户号 M100"));
      g_assert_nonnull (strstr (chinese, "商户号是 M200"));
      g_assert_cmpstr (till_next_word (till_advice_refund_next (&refund)), ==, "call_staff");
      refund.other_merchant = (char *)"";
      speak ("en");
      g_autofree char *back = till_advice_refund (&refund, ZONE);
      g_assert_null (strstr (back, "M100"));
    }
}

static void
test_closing (void)
{
  speak ("en");
  g_autofree char *none = till_advice_closing ("WeChat Pay", 0, ZONE);
  g_autofree char *no_report = till_advice_all_closing (0, 0, 0, ZONE);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (no_report, ==, "");
  g_autofree char *english = till_advice_closing ("WeChat Pay", NOW, ZONE);
  g_autofree char *report = till_advice_all_closing (2, 123456, NOW, ZONE);
  speak ("zh_CN");
  g_autofree char *chinese = till_advice_closing ("微信支付", NOW, ZONE);
  const char *said[] = { english, report, chinese };
  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_assert_null (strchr (said[i], '{'));
      g_assert_nonnull (strstr (said[i], "2026-11-22 10:34"));
    }
  g_assert_nonnull (strstr (english, "WeChat Pay"));
  g_assert_nonnull (strstr (chinese, "微信支付"));
  g_assert_nonnull (strstr (report, "1,234.56"));
  g_assert_nonnull (strstr (chinese, "充值"));
}

static void
test_other_merchant_of_a_payment (void)
{
  static const TillLegState states[] = { TILL_LEG_UNKNOWN, TILL_LEG_REVERSING };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      const TillLeg leg = { .state = states[i],
                            .failure = TILL_CLASS_LOCAL,
                            .tender = TILL_TENDER_CODE,
                            .amount = 123456,
                            .merchant_no = (char *)"M100",
                            .other_merchant = (char *)"M200",
                            .next_action_at = NOW };
      speak ("en");
      g_autofree char *english = till_advice_leg (&leg, ZONE);
      speak ("zh_CN");
      g_autofree char *chinese = till_advice_leg (&leg, ZONE);
      assert_sound (english, chinese);
      g_assert_nonnull (strstr (english, "was sent under merchant M100"));
      g_assert_nonnull (strstr (english, "now names M200"));
      g_assert_nonnull (strstr (english, "not charge again"));
      g_assert_nonnull (strstr (chinese, "请勿再次收款"));
      g_assert_nonnull (strstr (chinese, "商户号 M100"));
      g_assert_nonnull (strstr (chinese, "商户号是 M200"));
      g_assert_cmpstr (till_next_word (till_advice_leg_next (&leg)), ==, "call_staff");
    }
}

/* Nobody is told to charge again while money may have moved. */
static void
test_payments (void)
{
  for (int state = 0; state <= TILL_LEG_DISPUTED; state++)
    for (int failure = TILL_CLASS_NONE; failure <= TILL_CLASS_DISAGREEMENT; failure++)
      {
        speak ("en");
        g_autofree char *english = told_leg ((TillLegState)state, (TillFailureClass)failure);
        speak ("zh_CN");
        g_autofree char *chinese = told_leg ((TillLegState)state, (TillFailureClass)failure);
        assert_sound (english, chinese);
        gboolean waits = till_leg_state_is_waiting ((TillLegState)state);
        g_assert_cmpint (strstr (english, "not charge again") != NULL, ==, waits);
        g_assert_cmpint (strstr (chinese, "请勿再次收款") != NULL, ==, waits);
      }
  static const struct
  {
    TillLegState state;
    TillFailureClass failure;
    const char *says;
  } rows[] = {
    { TILL_LEG_DECLINED, TILL_CLASS_RETRY, "once more" },
    { TILL_LEG_DECLINED, TILL_CLASS_FIX, "tell a manager" },
    { TILL_LEG_DECLINED, TILL_CLASS_BALANCE, "not enough money" },
    { TILL_LEG_DECLINED, TILL_CLASS_CUSTOMER, "bank or wallet" },
    { TILL_LEG_DECLINED, TILL_CLASS_PROVIDER, "calls the provider" },
    { TILL_LEG_DECLINED, TILL_CLASS_FINAL, "was declined" },
    { TILL_LEG_UNKNOWN, TILL_CLASS_PROVIDER, "refused to undo" },
    { TILL_LEG_CANCELLED, TILL_CLASS_RETRY, "did not leave the till" },
    { TILL_LEG_DISPUTED, TILL_CLASS_FINAL, "can no longer be reversed" },
    { TILL_LEG_DISPUTED, TILL_CLASS_DISAGREEMENT, "contradicts our books" },
  };
  speak ("en");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = told_leg (rows[i].state, rows[i].failure);
      g_assert_nonnull (strstr (text, rows[i].says));
    }
}

/* The provider's words stand apart from ours, quoted; silence is not quoted. */
static void
test_said (void)
{
  speak ("en");
  g_autofree char *both = till_advice_said ("NOT_ENOUGH", "余额不足");
  g_assert_cmpstr (both, ==, "The provider says: “余额不足” (NOT_ENOUGH)");
  g_autofree char *words = till_advice_said ("", "余额不足");
  g_assert_cmpstr (words, ==, "The provider says: “余额不足”");
  g_autofree char *code = till_advice_said ("51", "");
  g_assert_cmpstr (code, ==, "The provider says: 51");
  g_autofree char *nothing = till_advice_said ("", "");
  g_assert_cmpstr (nothing, ==, "");
}

/* Each step has words of its own in both languages; one nobody knows is shown as it is kept. */
static void
test_steps (void)
{
  for (int event = 0; event <= TILL_REFUND_EVENT_TOO_LATE; event++)
    {
      const char *stored = till_refund_event_word ((TillRefundEvent)event);
      speak ("en");
      g_autofree char *english = g_strdup (till_advice_event (stored));
      speak ("zh_CN");
      g_assert_cmpstr (till_advice_event (stored), !=, english);
      g_assert_cmpstr (till_advice_event (stored), !=, stored);
    }
  speak ("en");
  g_assert_nonnull (strstr (till_advice_event ("anomaly: done"), "does not fit"));
  g_assert_cmpstr (till_advice_event ("of tomorrow"), ==, "of tomorrow");
}

/* Whoever may not do it is not offered it: the same rights as at the desk. */
static void
test_whose (void)
{
  g_assert_true (till_next_is_for (TILL_NEXT_ASK, TILL_ROLE_CASHIER));
  g_assert_true (till_next_is_for (TILL_NEXT_APPROVE, TILL_ROLE_CASHIER));
  static const TillNext theirs[] = { TILL_NEXT_CORRECT, TILL_NEXT_TAKE_BACK, TILL_NEXT_PAY_CASH };
  for (gsize i = 0; i < G_N_ELEMENTS (theirs); i++)
    {
      g_assert_false (till_next_is_for (theirs[i], TILL_ROLE_CASHIER));
      g_assert_true (till_next_is_for (theirs[i], TILL_ROLE_SUPERVISOR));
    }
}

/* The customer's sentence on the slip: both languages for every state; "refunded" with proof. */
static void
test_customers (void)
{
  TillShop chinese = { .language = (char *)"zh_CN" }, english = { .language = (char *)"en" };
  for (int state = 0; state <= TILL_REFUND_CANCELLED; state++)
    {
      TillRefund refund = refund_in ((TillRefundState)state, TILL_CLASS_NONE);
      TillSlipRefund words = till_slip_refund_words (&refund);
      g_assert_cmpint (words.says, !=, 0);
      g_assert_true (g_str_has_suffix (till_slip_word (&chinese, words.says), "。"));
      g_assert_true (g_str_has_suffix (till_slip_word (&english, words.says), "."));
      g_assert_cmpint (words.says == TILL_WORD_SAYS_REFUNDED, ==,
                       till_refund_state_is_proven ((TillRefundState)state));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (setlocale (LC_ALL, "C.UTF-8"));
  g_autofree char *folder = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "po", NULL);
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_add_func ("/advice/refunds", test_refunds);
  g_test_add_func ("/advice/refunds-by-persons", test_by_persons);
  g_test_add_func ("/advice/where-to-look", test_where_to_look);
  g_test_add_func ("/advice/coupon", test_coupon);
  g_test_add_func ("/advice/classes-are-told-apart", test_classes);
  g_test_add_func ("/advice/payments", test_payments);
  g_test_add_func ("/advice/the-provider-s-own-words", test_said);
  g_test_add_func ("/advice/steps", test_steps);
  g_test_add_func ("/advice/whose-it-is", test_whose);
  g_test_add_func ("/advice/other-merchant", test_other_merchant);
  g_test_add_func ("/advice/other-merchant-of-a-payment", test_other_merchant_of_a_payment);
  g_test_add_func ("/advice/closing", test_closing);
  g_test_add_func ("/advice/customers", test_customers);
  return g_test_run ();
}

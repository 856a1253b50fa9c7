/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dispatcher by stories of a shop and a provider that misbehaves.
 *
 * Everything between the books and the provider's own book is what ships: desk, dispatcher, codec,
 * signatures. The provider is the model behind a line that loses nothing unasked, the clock stands
 * still until it is moved, and nothing sleeps.
 *
 * A story says what goes wrong and where it must end. Every story is told twice: once straight,
 * under /dispatcher/refund and /dispatcher/payment, and once under /dispatcher/plug with the plug
 * pulled at every point where the power can fail, and again while starting up after that. However
 * it is told, the provider has paid exactly as often as the books say. */
#include "app/sandbox/provider-speech.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/desk/stopping.h"
#include "data/ledger/verify.h"
#include "data/trade/advice.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/registry.h"
#include "tests/data/shop-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define CODE "28400123456789012345" /* what the customer shows to pay */
#define PATIENCE (12 * TILL_HOUR)   /* nothing in a story takes longer */
#define ROUNDS_MAX 500
/* The plug is pulled at every place; where the sanitizer makes that take minutes, at every third:
 * what it looks for does not hang on the place. */
#ifdef __SANITIZE_ADDRESS__
#define PLACES 3
#else
#define PLACES 1
#endif

static TillKey *provider_key, *provider_public, *till_key, *till_public; /* owned */
static TillAccount account;
static TillAccount anothers; /* the same with another merchant's number */

/* When a payment's request arrives that nobody waits for any more. */
typedef enum
{
  IN_TIME,
  BEFORE_IT_IS_UNDONE, /* just ahead of the reversal */
  WHEN_ALL_IS_OVER,
} Arrival;

typedef struct
{
  Shop shop;
  TillProvider *provider; /* owned */
  TillSpeech speech;
  gboolean line_is_down;   /* not one byte leaves */
  guint asked;             /* how often the line was used */
  int64_t their_clock_off; /* µs that the provider's clock is ahead of the till's */
  int retry_after_s;       /* what its answers say */
  int refuses_with;        /* the status of every answer, or 0 */
  Arrival payment_arrives;
  TillRequest *on_its_way;    /* owned; that payment, or NULL */
  int64_t sale_given_up;      /* given up while its payment is being asked about, or 0 */
  int64_t refund_on_its_way;  /* a refund somebody asks about while its answer is awaited, or 0 */
  GHashTable *accounts;       /* owned */
  TillDispatcher *dispatcher; /* owned */
} Town;

/* --- the town --- */

static TillReply *
delay (Town *town, const TillRequest *request)
{
  town->on_its_way = till_request_new ("", request->path, request->body);
  for (guint i = 0; i < request->headers->len; i++)
    g_ptr_array_add (town->on_its_way->headers, g_strdup (g_ptr_array_index (request->headers, i)));
  return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "time-out");
}

static void
arrive (Town *town)
{
  g_autoptr (TillRequest) late = g_steal_pointer (&town->on_its_way);
  TillTransport provider = till_speech_transport (&town->speech);
  g_autoptr (TillReply) unheard = late ? provider.send (provider.self, late, NULL) : NULL;
}

static TillReply *
send_by_line (gpointer self, const TillRequest *request, GError **error)
{
  Town *town = self;
  town->asked++;
  if (town->line_is_down)
    return till_reply_new (TILL_FATE_NOT_SENT, 0, "no route to the provider");
  if (town->refuses_with != 0)
    return till_reply_new (TILL_FATE_ANSWERED, town->refuses_with, NULL);
  if (town->payment_arrives != IN_TIME && g_str_equal (request->path, "/v1/pay"))
    return delay (town, request);
  if (town->payment_arrives == BEFORE_IT_IS_UNDONE && g_str_equal (request->path, "/v1/reverse"))
    arrive (town);
  if (town->sale_given_up && g_str_equal (request->path, "/v1/query-pay"))
    {
      TillAnswer answer;
      g_autoptr (TillSale) sale = NULL;
      g_assert_true (till_selling_cancel_leg (town->shop.ledger, town->shop.cashier,
                                              town->sale_given_up, 1, &sale, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_YES);
      town->sale_given_up = 0;
    }
  if (town->refund_on_its_way)
    {
      TillAnswer answer;
      g_assert_true (till_refunding_ask_now (town->shop.ledger, town->shop.cashier,
                                             town->refund_on_its_way, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_NO_STATE);
    }
  TillTransport provider = till_speech_transport (&town->speech);
  TillReply *reply = provider.send (provider.self, request, error);
  if (reply && reply->fate == TILL_FATE_ANSWERED)
    {
      reply->date_at = till_clock_now (town->shop.clock) + town->their_clock_off;
      reply->retry_after_s = town->retry_after_s;
    }
  return reply;
}

static void
start_dispatcher (Town *town)
{
  g_clear_pointer (&town->dispatcher, till_dispatcher_free);
  town->dispatcher = till_dispatcher_new (town->shop.ledger, (TillTransport){ send_by_line, town },
                                          town->accounts);
}

/* path NULL: books in memory. */
static Town *
town_new (const char *path)
{
  Town *town = g_new0 (Town, 1);
  shop_open (&town->shop, path, 1);
  town->provider = till_provider_new (FALSE, NULL, NULL);
  town->speech = (TillSpeech){ town->provider, town->shop.clock, "M1", provider_key, till_public };
  town->accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (town->accounts, account.provider, &account);
  start_dispatcher (town);
  return town;
}

static void
town_free (Town *town)
{
  g_auto (TillVerdict) verdict = { 0 };
  g_autoptr (GError) error = NULL;
  g_assert_true (till_verify_books (town->shop.ledger, &verdict, &error));
  g_assert_cmpstr (verdict.what, ==, "");
  till_dispatcher_free (town->dispatcher);
  till_provider_free (town->provider);
  g_clear_pointer (&town->on_its_way, till_request_free);
  g_hash_table_unref (town->accounts);
  shop_close (&town->shop);
  g_free (town);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Town, town_free)

/* The power comes back, and may go again: `cut_again` points later, mostly while starting up. */
static void
restart (Town *town, guint cut_again)
{
  g_autoptr (GError) error = NULL;
  int found;
  till_fault_restore ();
  till_fault_arm (cut_again);
  start_dispatcher (town);
  if (till_dispatcher_recover (town->dispatcher, &found, &error))
    return;
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
  restart (town, 0);
}

/* Works until nothing is due for hours, with the clock going straight to whatever is next. Where
 * the power fails the till is started again. TRUE when it did. */
static gboolean
settle (Town *town, guint cut_again)
{
  gboolean failed = FALSE;
  int64_t deadline = till_clock_now (town->shop.clock) + PATIENCE;
  for (int round = 0; round < ROUNDS_MAX; round++)
    {
      gboolean did;
      int64_t next_at, now = till_clock_now (town->shop.clock);
      g_autoptr (GError) error = NULL;
      if (!till_dispatcher_step (town->dispatcher, &did, &next_at, &error))
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
          failed = TRUE;
          restart (town, cut_again);
          cut_again = 0;
        }
      else if (!did && (next_at == 0 || next_at > deadline))
        return failed;
      else if (!did)
        till_clock_advance (town->shop.clock, next_at - now);
    }
  g_assert_not_reached (); /* it goes round in circles */
}

static void
step (Town *town)
{
  gboolean did;
  int64_t next_at;
  g_autoptr (GError) error = NULL;
  g_assert_true (till_dispatcher_step (town->dispatcher, &did, &next_at, &error));
  g_assert_no_error (error);
  g_assert_true (did);
}

/* --- what is bought, and brought back --- */

static TillSale *
plan_sale (Town *town)
{
  g_autoptr (TillBasket) basket = shop_basket (&town->shop);
  shop_scan (&town->shop, basket, "6901234567908", 2000);
  return shop_pay (&town->shop, basket, CODE);
}

static TillSale *
look_at_sale (Town *town, int64_t id)
{
  TillSale *sale;
  TillAnswer answer;
  g_assert_true (till_selling_load_id (town->shop.ledger, id, &sale, &answer, NULL));
  return sale;
}

/* A bag of rice comes back; its refund is due. */
static int64_t
plan_refund_of (Town *town, int64_t sale_id)
{
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (town->shop.ledger, town->shop.cashier, sale_id, NULL);
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_CHANGED_MIND;
  g_assert_true (till_returning_submit (town->shop.ledger, town->shop.cashier, draft, NULL,
                                        shop_profile_of, &goods, &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  g_assert_cmpuint (goods->refunds->len, ==, 1);
  return ((const TillRefund *)g_ptr_array_index (goods->refunds, 0))->id;
}

static int64_t
plan_refund (Town *town)
{
  g_autoptr (TillSale) sale = plan_sale (town);
  settle (town, 0);
  return plan_refund_of (town, sale->id);
}

static TillRefund *
look_at (Town *town, int64_t id)
{
  TillRefund *refund;
  TillAnswer answer;
  g_assert_true (till_refunding_load_id (town->shop.ledger, id, &refund, &answer, NULL));
  g_assert_nonnull (refund);
  return refund;
}

static void
assert_refund_is (Town *town, int64_t id, TillRefundState state)
{
  g_autoptr (TillRefund) refund = look_at (town, id);
  g_assert_cmpstr (till_refund_state_word (refund->state), ==, till_refund_state_word (state));
}

static guint
times_paid_back (Town *town, int64_t id)
{
  g_autoptr (TillRefund) refund = look_at (town, id);
  return till_provider_count_effects (town->provider, TILL_ERRAND_REFUND, refund->request_no);
}

static guint
times_sent (Town *town, int64_t id)
{
  g_autoptr (TillRefund) refund = look_at (town, id);
  return till_provider_count_asked (town->provider, TILL_ERRAND_REFUND, refund->request_no);
}

static guint
slips_about (Town *town, int64_t refund_id)
{
  g_autoptr (GPtrArray) jobs = till_printing_unprinted (town->shop.ledger, 100, NULL);
  guint n = 0;
  for (guint i = 0; i < jobs->len; i++)
    {
      const TillPrintJob *job = g_ptr_array_index (jobs, i);
      n += job->kind == TILL_PAPER_REFUND && job->subject_id == refund_id;
    }
  return n;
}

/* --- the stories of refunds --- */

typedef struct
{
  TillErrandKind kind;
  TillProviderFault fault; /* OK: no more trouble */
  int times, value;
  const char *reason;
} Trouble;

#define REFUND(fault) TILL_ERRAND_REFUND, TILL_PROVIDER_##fault
#define QUERY(fault) TILL_ERRAND_QUERY_REFUND, TILL_PROVIDER_##fault
#define TROUBLES_MAX 3

/* Where it ends, how often the money moved, and how often the provider was asked to move it. */
typedef struct
{
  const char *name;
  Trouble troubles[TROUBLES_MAX];
  TillRefundState state;
  guint paid, sent;
} RefundStory;

#define DONE TILL_REFUND_SUCCEEDED

static const RefundStory refund_stories[] = {
  { "answered", { { 0 } }, DONE, 1, 1 },

  /* Paid, and the till does not hear of it: asked about, found, never sent again. */
  { "answer-lost", { { REFUND (SILENT), 1 } }, DONE, 1, 1 },
  { "half-an-answer", { { REFUND (HALF), 1 } }, DONE, 1, 1 },
  { "garbage", { { REFUND (GARBAGE), 1 } }, DONE, 1, 1 },
  { "wrong-signature", { { REFUND (BAD_SIGNATURE), 1 } }, DONE, 1, 1 },
  { "error-500-but-done", { { REFUND (ERROR_DONE), 1 } }, DONE, 1, 1 },
  { "answer-too-late", { { REFUND (SLOW), 1, 60 * 1000 } }, DONE, 1, 1 },
  { "answer-lost-and-questions-too",
    { { REFUND (SILENT), 1 }, { QUERY (SILENT), 5 }, { QUERY (GARBAGE), 2 } },
    DONE,
    1,
    1 },

  /* Not paid, and the till does not know: asked twice, not found, sent again under its number. */
  { "dropped-before-doing", { { REFUND (DROP), 1 } }, DONE, 1, 2 },
  { "error-500-not-done", { { REFUND (ERROR_NOT_DONE), 1 } }, DONE, 1, 2 },
  { "sent-elsewhere", { { REFUND (REDIRECT), 1 } }, DONE, 1, 2 },
  { "dropped-twice", { { REFUND (DROP), 2 } }, DONE, 1, 3 },
  { "refused-for-no-known-reason", { { REFUND (REFUSE), 1, 0, "BECAUSE" } }, DONE, 1, 2 },

  { "line-repeats-the-request", { { REFUND (TWICE), 1 } }, DONE, 1, 2 },
  { "processing", { { REFUND (PROCESSING), 1, 3 } }, DONE, 1, 1 },
  { "processing-and-silent", { { REFUND (PROCESSING), 1, 2 }, { QUERY (SILENT), 3 } }, DONE, 1, 1 },
  { "done-but-not-found-for-a-while", { { REFUND (NOT_FOUND), 1, 5 } }, DONE, 1, 1 },

  /* Refused: whose turn it is depends on the class. */
  { "our-balance-is-low", { { REFUND (REFUSE), 3, 0, "BALANCE_LOW" } }, DONE, 1, 4 },
  { "too-soon", { { REFUND (REFUSE), 2, 0, "TOO_SOON" } }, DONE, 1, 3 },
  { "customer-account-closed",
    { { REFUND (REFUSE), 1, 0, "ACCOUNT_CLOSED" } },
    TILL_REFUND_CUSTOMER,
    0,
    1 },
  { "data-refused", { { REFUND (REFUSE), 1, 0, "ORIGINAL_DIFFERS" } }, TILL_REFUND_FIX, 0, 1 },
  { "provider-must-act", { { REFUND (REFUSE), 1, 0, "RISK_HOLD" } }, TILL_REFUND_PROVIDER, 0, 1 },
  { "final-no", { { REFUND (REFUSE), 1, 0, "REFUND_CLOSED" } }, TILL_REFUND_FAILED, 0, 1 },

  /* A signed answer that contradicts us freezes it; asked again the provider sets it right. */
  { "another-amount", { { REFUND (WRONG_AMOUNT), 1 } }, DONE, 1, 1 },
  { "another-amount-for-ever",
    { { REFUND (WRONG_AMOUNT), 1 }, { QUERY (WRONG_AMOUNT), 500 } },
    TILL_REFUND_PROVIDER,
    1,
    1 },
};

static void
bring_trouble (Town *town, const Trouble *troubles)
{
  for (int i = 0; i < TROUBLES_MAX && troubles[i].fault != TILL_PROVIDER_OK; i++)
    g_assert_true (till_provider_set_fault (town->provider, troubles[i].kind, troubles[i].fault,
                                            troubles[i].times, troubles[i].value,
                                            troubles[i].reason, NULL));
}

static void
tell_refund (gconstpointer data)
{
  const RefundStory *story = data;
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  bring_trouble (town, story->troubles);
  settle (town, 0);

  assert_refund_is (town, id, story->state);
  g_assert_cmpuint (times_paid_back (town, id), ==, story->paid);
  g_assert_cmpuint (times_sent (town, id), ==, story->sent);
  gboolean done = story->state == TILL_REFUND_SUCCEEDED;
  g_assert_cmpint (shop_balance (&town->shop, "refunds_due"), ==, done ? 0 : -3150);
  gboolean silent = story->state == TILL_REFUND_FIX || story->state == TILL_REFUND_PROVIDER;
  g_assert_cmpuint (slips_about (town, id), ==, !silent);
}

/* With power failing the provider may meet the troubles in another order, so the refund may end
 * elsewhere; what may not change is that "done" and "paid once" are the same thing. */
static gboolean
tell_refund_with_a_cut (const RefundStory *story, guint at, guint again)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  bring_trouble (town, story->troubles);
  till_fault_arm (at);
  gboolean failed = settle (town, again);
  till_fault_restore ();

  g_autoptr (TillRefund) refund = look_at (town, id);
  guint paid = times_paid_back (town, id);
  if (story->state == TILL_REFUND_SUCCEEDED)
    g_assert_cmpstr (till_refund_state_word (refund->state), ==, "SUCCEEDED");
  if (refund->state == TILL_REFUND_SUCCEEDED)
    g_assert_cmpuint (paid, ==, 1);
  else
    g_assert_cmpuint (paid, ==, story->paid);
  g_assert_cmpint (shop_balance (&town->shop, "refunds_due"), ==,
                   refund->state == TILL_REFUND_SUCCEEDED ? 0 : -3150);
  g_assert_cmpuint (slips_about (town, id), <=, 1);
  return failed;
}

static void
plug_refund (gconstpointer data)
{
  const RefundStory *story = data;
  for (guint again = 0; again <= (g_test_slow () ? 3 : 1); again++)
    for (guint at = 1; tell_refund_with_a_cut (story, at, again ? again + at % 3 : 0); at += PLACES)
      g_assert_cmpuint (at, <, ROUNDS_MAX);
}

/* --- the stories of payments --- */

typedef struct
{
  const char *name;
  Trouble troubles[TROUBLES_MAX];
  gboolean gives_up; /* the cashier, as soon as the first answer did not come */
  TillLegState leg;
  TillMoney held; /* what the provider holds of the customer's money in the end */
  Arrival arrival;
} PaymentStory;

#define PAY(fault) TILL_ERRAND_PAY, TILL_PROVIDER_##fault
#define ASK(fault) TILL_ERRAND_QUERY_PAY, TILL_PROVIDER_##fault
#define UNDO(fault) TILL_ERRAND_REVERSE, TILL_PROVIDER_##fault
#define PAID TILL_LEG_APPROVED, 6300
#define UNDONE TILL_LEG_REVERSED, 0

static const PaymentStory payment_stories[] = {
  { "approved", { { 0 } }, FALSE, PAID },
  { "declined", { { PAY (REFUSE), 1, 0, "CUSTOMER_FUNDS_LOW" } }, FALSE, TILL_LEG_DECLINED, 0 },
  { "answer-lost", { { PAY (SILENT), 1 } }, FALSE, PAID },
  { "garbage", { { PAY (GARBAGE), 1 }, { ASK (BAD_SIGNATURE), 2 } }, FALSE, PAID },
  { "customer-types-a-password", { { PAY (PROCESSING), 1, 3 } }, FALSE, PAID },

  /* Not known to the provider: undone before it is called over, whenever the request arrives. */
  { "never-arrived", { { PAY (DROP), 1 } }, FALSE, UNDONE },
  { "arrived-late", { { 0 } }, FALSE, UNDONE, WHEN_ALL_IS_OVER },
  { "arrived-between", { { 0 } }, FALSE, UNDONE, BEFORE_IT_IS_UNDONE },
  { "arrived-late-and-nobody-answers",
    { { UNDO (SILENT), 2 }, { UNDO (GARBAGE), 1 } },
    FALSE,
    UNDONE,
    WHEN_ALL_IS_OVER },
  { "arrived-late-and-too-soon-to-undo",
    { { UNDO (REFUSE), 2, 0, "TOO_SOON" } },
    FALSE,
    UNDONE,
    WHEN_ALL_IS_OVER },
  { "arrived-late-and-not-undone-at-first",
    { { UNDO (REFUSE), 1, 0, "RISK_HOLD" } },
    FALSE,
    UNDONE,
    WHEN_ALL_IS_OVER },
  { "arrived-between-and-not-undone",
    { { UNDO (REFUSE), 1, 0, "RISK_HOLD" } },
    FALSE,
    PAID,
    BEFORE_IT_IS_UNDONE },
  { "gave-up-and-arrived-late", { { 0 } }, TRUE, UNDONE, WHEN_ALL_IS_OVER },

  { "another-amount-set-right", { { PAY (WRONG_AMOUNT), 1 } }, FALSE, PAID },
  { "another-amount-for-ever",
    { { PAY (WRONG_AMOUNT), 1 }, { ASK (WRONG_AMOUNT), 500 } },
    FALSE,
    TILL_LEG_DISPUTED,
    6300 },

  { "gave-up-after-it-was-paid", { { PAY (SILENT), 1 } }, TRUE, UNDONE },
  { "gave-up-before-it-arrived", { { PAY (DROP), 1 } }, TRUE, UNDONE },
  { "gave-up-and-nobody-answers",
    { { PAY (SILENT), 1 }, { UNDO (SILENT), 3 }, { UNDO (DROP), 2 } },
    TRUE,
    UNDONE },
  { "cannot-be-undone", { { PAY (SILENT), 1 }, { UNDO (REFUSE), 1, 0, "RISK_HOLD" } }, TRUE, PAID },
};

/* Cancelling again is harmless, so the cashier simply presses until it is in the books. TRUE when
 * the power failed meanwhile. */
static gboolean
give_up (Town *town, int64_t sale_id)
{
  for (int tries = 0; tries < 10; tries++)
    {
      g_autoptr (TillSale) sale = NULL;
      g_autoptr (GError) error = NULL;
      TillAnswer answer;
      if (till_selling_cancel_leg (town->shop.ledger, town->shop.cashier, sale_id, 1, &sale,
                                   &answer, &error))
        return tries > 0;
      g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
      restart (town, 0);
    }
  g_assert_not_reached ();
}

static TillMoney
held_by_provider (Town *town, const char *request_no, TillMoney amount)
{
  guint taken = till_provider_count_effects (town->provider, TILL_ERRAND_PAY, request_no);
  guint given = till_provider_count_effects (town->provider, TILL_ERRAND_REVERSE, request_no);
  g_assert_cmpuint (taken, <=, 1);
  return amount * ((TillMoney)taken - (TillMoney)given);
}

static gboolean
tell_payment_with_a_cut (const PaymentStory *story, guint at, guint again)
{
  g_autoptr (Town) town = town_new (NULL);
  g_autoptr (TillSale) sale = plan_sale (town);
  g_autoptr (GError) error = NULL;
  gboolean did, failed = FALSE;
  int64_t next_at;
  bring_trouble (town, story->troubles);
  town->payment_arrives = story->arrival;
  till_fault_arm (at);
  if (story->gives_up)
    {
      failed = !till_dispatcher_step (town->dispatcher, &did, &next_at, &error);
      if (failed)
        restart (town, again);
      failed = give_up (town, sale->id) || failed;
    }
  failed = settle (town, again) || failed;
  till_fault_restore ();
  arrive (town);

  g_autoptr (TillSale) now = look_at_sale (town, sale->id);
  const TillLeg *leg = till_sale_leg (now, 1);
  TillMoney held = held_by_provider (town, leg->request_no, leg->amount);
  if (at == 0)
    {
      g_assert_cmpstr (till_leg_state_word (leg->state), ==, till_leg_state_word (story->leg));
      g_assert_cmpint (held, ==, story->held);
    }
  /* Whatever was cut: the sale is paid exactly when the customer's money is there. */
  gboolean paid = now->state == TILL_SALE_PAID;
  g_assert_true (paid == (leg->state == TILL_LEG_APPROVED));
  if (leg->state != TILL_LEG_DISPUTED)
    g_assert_cmpint (held, ==, paid ? leg->amount : 0);
  g_assert_cmpint (shop_balance (&town->shop, "receivable:sandbox"), ==, paid ? leg->amount : 0);
  return failed;
}

static void
tell_payment (gconstpointer data)
{
  tell_payment_with_a_cut (data, 0, 0);
}

static void
plug_payment (gconstpointer data)
{
  const PaymentStory *story = data;
  for (guint again = 0; again <= (g_test_slow () ? 3 : 1); again++)
    for (guint at = 1; tell_payment_with_a_cut (story, at, again ? again + at % 3 : 0);
         at += PLACES)
      g_assert_cmpuint (at, <, ROUNDS_MAX);
}

static void
remove_books (const char *dir, const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);
      g_remove (name);
    }
  g_rmdir (dir);
}

/* --- stories that need their own words --- */

/* One step of the dispatcher, and if there was nothing to do, straight to when there is. */
static void
go_on (Town *town)
{
  gboolean did;
  int64_t next_at, now = till_clock_now (town->shop.clock);
  g_autoptr (GError) error = NULL;
  g_assert_true (till_dispatcher_step (town->dispatcher, &did, &next_at, &error));
  g_assert_no_error (error);
  if (!did && next_at > now)
    till_clock_advance (town->shop.clock, next_at - now);
}

/* The line is down: nothing left, nothing is asked, and the moment it is back it goes out. */
static void
test_no_line (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  town->line_is_down = TRUE;
  for (int i = 0; i < 20; i++)
    {
      assert_refund_is (town, id, TILL_REFUND_QUEUED);
      go_on (town);
    }
  g_assert_cmpuint (times_sent (town, id), ==, 0);
  town->line_is_down = FALSE;
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpuint (times_sent (town, id), ==, 1);
}

/* A payment is not tried again behind the customer's back. */
static void
test_no_line_for_a_payment (void)
{
  g_autoptr (Town) town = town_new (NULL);
  g_autoptr (TillSale) sale = plan_sale (town);
  town->line_is_down = TRUE;
  step (town);
  town->line_is_down = FALSE;
  settle (town, 0);
  g_autoptr (TillSale) now = look_at_sale (town, sale->id);
  g_assert_cmpint (till_sale_leg (now, 1)->state, ==, TILL_LEG_CANCELLED);
  g_assert_cmpuint (till_provider_n_effects (town->provider), ==, 0);
}

static void
test_no_account (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  g_hash_table_remove (town->accounts, "sandbox");
  for (int i = 0; i < 3; i++)
    {
      step (town);
      till_clock_advance (town->shop.clock, TILL_HOUR);
    }
  assert_refund_is (town, id, TILL_REFUND_QUEUED);
  g_autoptr (TillRefund) waiting = look_at (town, id);
  g_assert_cmpint (waiting->failure, ==, TILL_CLASS_LOCAL);
  g_hash_table_insert (town->accounts, account.provider, &account);
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
}

/* A key is taken in while the till is open: what waited for it goes out without a new start. */
static void
test_account_comes (void)
{
  g_autoptr (Town) town = town_new (NULL);
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  int64_t id = plan_refund (town);
  till_dispatcher_use (town->dispatcher, none);
  step (town);
  assert_refund_is (town, id, TILL_REFUND_QUEUED);
  g_assert_cmpuint (times_sent (town, id), ==, 0);
  till_dispatcher_use (town->dispatcher, town->accounts);
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpuint (times_sent (town, id), ==, 1);
}

/* Somebody writes another merchant's number into the account, or the old one back. */
static void
name_account (Town *town, TillAccount *named)
{
  g_hash_table_replace (town->accounts, named->provider, named);
  till_dispatcher_use (town->dispatcher, town->accounts);
}

/* Hours go by under another merchant's account, with a start in between, and not one byte leaves.
 */
static void
wait_as_another (Town *town)
{
  int found;
  guint asked = town->asked;
  name_account (town, &anothers);
  for (int i = 0; i < 6; i++)
    {
      till_clock_advance (town->shop.clock, TILL_HOUR);
      step (town);
      start_dispatcher (town);
      g_assert_true (till_dispatcher_recover (town->dispatcher, &found, NULL));
      g_assert_cmpint (found, ==, 0);
    }
  g_assert_cmpuint (town->asked, ==, asked);
}

static void
assert_refund_waits (Town *town, int64_t id, TillRefundState state)
{
  g_autoptr (TillRefund) refund = look_at (town, id);
  g_assert_cmpstr (till_refund_state_word (refund->state), ==, till_refund_state_word (state));
  g_assert_cmpint (refund->failure, ==, TILL_CLASS_LOCAL);
  g_assert_cmpstr (till_refund_merchant (refund), ==, "M1");
  g_assert_cmpstr (refund->other_merchant, ==, "M2");
  g_autofree char *sentence = till_advice_refund (refund, "Asia/Shanghai");
  g_assert_nonnull (strstr (sentence, "merchant M1"));
  g_assert_nonnull (strstr (sentence, "now names M2"));
  g_autoptr (GPtrArray) steps = till_refunding_history (town->shop.ledger, id, NULL);
  const TillRefundStep *last = g_ptr_array_index (steps, steps->len - 1);
  g_assert_nonnull (strstr (last->evidence, "belongs to merchant M1"));
}

/* Put back, it ends by itself: paid once, having been sent so often. */
static void
put_account_back (Town *town, int64_t id, guint sent)
{
  name_account (town, &account);
  settle (town, 0);
  g_autoptr (TillRefund) refund = look_at (town, id);
  g_assert_cmpstr (till_refund_state_word (refund->state), ==, "SUCCEEDED");
  g_assert_cmpstr (refund->merchant_no, ==, "M1");
  g_assert_cmpstr (refund->other_merchant, ==, "");
  g_assert_cmpuint (times_paid_back (town, id), ==, 1);
  g_assert_cmpuint (times_sent (town, id), ==, sent);
}

/* The account is edited between the request and the question about it. */
static void
test_another_asks (void)
{
  static const struct
  {
    Trouble troubles[TROUBLES_MAX];
    TillRefundState state;
  } rows[] = {
    { { { REFUND (SILENT), 1 } }, TILL_REFUND_UNKNOWN },
    { { { REFUND (PROCESSING), 1, 2 } }, TILL_REFUND_ACCEPTED },
    { { { REFUND (WRONG_AMOUNT), 1 } }, TILL_REFUND_PROVIDER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Town) town = town_new (NULL);
      int64_t id = plan_refund (town);
      bring_trouble (town, rows[i].troubles);
      step (town);
      assert_refund_is (town, id, rows[i].state);
      wait_as_another (town);
      assert_refund_waits (town, id, rows[i].state);
      put_account_back (town, id, 1);
    }
}

/* What is to go out once more, under its own number, waits as well. */
static void
test_another_repeats (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (REFUSE), 1, 0, "TOO_SOON" } });
  step (town);
  g_autoptr (TillRefund) before = look_at (town, id);
  wait_as_another (town);
  assert_refund_waits (town, id, TILL_REFUND_QUEUED);
  g_autoptr (TillRefund) after = look_at (town, id);
  g_assert_cmpint (after->sent_at, ==, before->sent_at);
  put_account_back (town, id, 2);
}

/* A refund belongs to the merchant that was paid: under another it is not even promised. */
static void
test_another_was_paid (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  wait_as_another (town);
  assert_refund_waits (town, id, TILL_REFUND_QUEUED);
  g_autoptr (TillRefund) refund = look_at (town, id);
  g_assert_cmpint (refund->requested_at, ==, 0);
  g_assert_cmpstr (refund->merchant_no, ==, "");
  g_assert_cmpint (refund->why, ==, TILL_WHY_NONE);
  put_account_back (town, id, 1);
}

/* With no account at all it is promised as that of the merchant who was paid. */
static void
test_another_after_none (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  g_hash_table_remove (town->accounts, "sandbox");
  step (town);
  g_autoptr (TillRefund) refund = look_at (town, id);
  g_assert_cmpstr (refund->merchant_no, ==, "M1");
  wait_as_another (town);
  assert_refund_waits (town, id, TILL_REFUND_QUEUED);
  put_account_back (town, id, 1);
}

/* What is stuck there is not called back either. */
static void
test_another_recalls (void)
{
  static const TillProfile recalls = { .name = "sandbox", .errands = TILL_CAN (RECALL) };
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  TillAnswer answer;
  g_autoptr (TillTicket) sent = shop_due (&town->shop);
  g_autoptr (TillOutcome) stuck
      = till_outcome_new (TILL_OUTCOME_REFUSED, TILL_CLASS_PROVIDER, NULL);
  stuck->provider_no = g_strdup ("P-1");
  g_assert_true (till_sending_record (town->shop.ledger, sent, stuck, &recalls, NULL));
  assert_refund_is (town, id, TILL_REFUND_PROVIDER);
  g_assert_true (till_refunding_recall (town->shop.ledger, town->shop.supervisor, id, &recalls, "3",
                                        "3333", &answer, NULL));
  g_assert_cmpstr (till_answer_word (answer.code), ==, "yes");
  wait_as_another (town);
  assert_refund_waits (town, id, TILL_REFUND_RECALL_DUE);
}

/* A payment in doubt, and one that is to be undone. */
static void
test_another_payment (void)
{
  for (int undone = 0; undone < 2; undone++)
    {
      g_autoptr (Town) town = town_new (NULL);
      g_autoptr (TillSale) sale = plan_sale (town);
      bring_trouble (town, (Trouble[TROUBLES_MAX]){ { PAY (SILENT), 1 } });
      step (town);
      if (undone)
        give_up (town, sale->id);
      wait_as_another (town);
      g_autoptr (TillSale) waiting = look_at_sale (town, sale->id);
      const TillLeg *leg = till_sale_leg (waiting, 1);
      g_assert_cmpint (leg->state, ==, undone ? TILL_LEG_REVERSING : TILL_LEG_UNKNOWN);
      g_assert_cmpint (leg->failure, ==, TILL_CLASS_LOCAL);
      g_assert_cmpstr (leg->merchant_no, ==, "M1");
      g_assert_cmpstr (leg->other_merchant, ==, "M2");
      name_account (town, &account);
      settle (town, 0);
      g_autoptr (TillSale) now = look_at_sale (town, sale->id);
      leg = till_sale_leg (now, 1);
      g_assert_cmpint (leg->state, ==, undone ? TILL_LEG_REVERSED : TILL_LEG_APPROVED);
      g_assert_cmpint (held_by_provider (town, leg->request_no, leg->amount), ==,
                       undone ? 0 : leg->amount);
    }
}

/* Frozen: not sent again by anybody, not cancelled, not paid another way. */
static void
test_mismatch_freezes (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (WRONG_AMOUNT), 1 } });
  step (town);
  assert_refund_is (town, id, TILL_REFUND_PROVIDER);
  g_autoptr (TillRefund) frozen = look_at (town, id);
  g_assert_cmpint (frozen->failure, ==, TILL_CLASS_DISAGREEMENT);

  TillAnswer answer;
  g_autoptr (TillRefund) cash = NULL;
  g_assert_true (
      till_refunding_cancel (town->shop.ledger, town->shop.manager, id, "no", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_STATE);
  g_assert_true (
      till_refunding_correct (town->shop.ledger, town->shop.manager, id, "again", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_STATE);
  g_assert_true (till_refunding_pay_cash (town->shop.ledger, town->shop.manager, id, "2", "2222",
                                          &cash, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_STATE);
  assert_refund_is (town, id, TILL_REFUND_PROVIDER);
  g_assert_cmpuint (times_sent (town, id), ==, 1);
}

/* An answer that is no yes names the clock when that may be why, and says when to come again. */
static void
test_clock_is_named (void)
{
  static const struct
  {
    int64_t off_s;
    const char *words;
  } rows[] = { { 0, NULL },
               { 60, NULL },
               { 412, "clock is 412 s behind the provider's" },
               { -61, "clock is 61 s ahead of the provider's" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Town) town = town_new (NULL);
      int64_t id = plan_refund (town);
      town->their_clock_off = rows[i].off_s * TILL_SECOND;
      town->retry_after_s = 600;
      bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (BAD_SIGNATURE), 1 } });
      step (town);
      g_autoptr (GPtrArray) steps = till_refunding_history (town->shop.ledger, id, NULL);
      const TillRefundStep *last = g_ptr_array_index (steps, steps->len - 1);
      g_assert_true ((strstr (last->evidence, "clock is") != NULL) == (rows[i].words != NULL));
      g_assert_true (!rows[i].words || strstr (last->evidence, rows[i].words));
      g_autoptr (TillRefund) refund = NULL;
      TillAnswer answer;
      g_assert_true (till_refunding_load_id (town->shop.ledger, id, &refund, &answer, NULL));
      g_assert_cmpint (refund->next_action_at, ==,
                       till_clock_now (town->shop.clock) + 10 * TILL_MINUTE);
    }
}

/* Put right by a person it goes out again, under the same number. */
static void
test_corrected (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (REFUSE), 1, 0, "ACCOUNT_FROZEN" } });
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_CUSTOMER);
  TillAnswer answer;
  g_assert_true (till_refunding_correct (town->shop.ledger, town->shop.manager, id, "unfrozen",
                                         &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpuint (times_sent (town, id), ==, 2);
  g_assert_cmpuint (times_paid_back (town, id), ==, 1);
}

static void
test_ask_now (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (SILENT), 1 } });
  town->refund_on_its_way = id; /* asking while it is being sent hurries nothing */
  step (town);
  town->refund_on_its_way = 0;
  assert_refund_is (town, id, TILL_REFUND_UNKNOWN);

  gboolean did;
  int64_t next_at;
  TillAnswer answer;
  g_assert_true (till_dispatcher_step (town->dispatcher, &did, &next_at, NULL));
  g_assert_false (did);
  g_assert_cmpint (next_at, >, till_clock_now (town->shop.clock));
  g_assert_true (till_refunding_ask_now (town->shop.ledger, town->shop.cashier, id, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  step (town);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
}

/* Done, asked about a day later, and it has come back: with the plug pulled at every point it is
 * booked back once, and the provider is never asked to pay again. */
static gboolean
tell_what_came_back (guint at, guint again)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  g_assert_true (till_provider_set_fault (town->provider, TILL_ERRAND_REFUND,
                                          TILL_PROVIDER_COMES_BACK, 1, 1, "ABNORMAL", NULL));
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  till_clock_advance (town->shop.clock, TILL_DAY);
  settle (town, 0); /* this question is the one that still hears "done" */
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  till_clock_advance (town->shop.clock, 2 * TILL_DAY);
  till_fault_arm (at);
  gboolean failed = settle (town, again);
  till_fault_restore ();
  assert_refund_is (town, id, TILL_REFUND_BOUNCED);
  g_assert_cmpint (shop_balance (&town->shop, "refunds_due"), ==, -3150);
  g_assert_cmpint (shop_balance (&town->shop, "receivable:sandbox"), ==, 6300);
  g_assert_cmpuint (times_sent (town, id), ==, 1);
  g_assert_cmpuint (slips_about (town, id), ==, 2);
  return failed;
}

static void
test_came_back (void)
{
  for (guint at = 1; tell_what_came_back (at, at % 3); at++)
    g_assert_cmpuint (at, <, ROUNDS_MAX);
}

/* Done, and then a copy of the provider's book that lags behind answers: with the plug pulled at
 * every point the books do not go back, and the provider is not asked to pay again. */
static gboolean
tell_of_an_old_state (const char *state, guint at, guint again)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t id = plan_refund (town);
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  guint slips = slips_about (town, id);
  g_assert_true (till_provider_set_fault (town->provider, TILL_ERRAND_QUERY_REFUND,
                                          TILL_PROVIDER_OLD_STATE, 2, 0, state, NULL));
  till_clock_advance (town->shop.clock, TILL_DAY);
  till_fault_arm (at);
  gboolean failed = settle (town, again);
  till_fault_restore ();
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  till_clock_advance (town->shop.clock, 7 * TILL_DAY);
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpint (shop_balance (&town->shop, "refunds_due"), ==, 0);
  g_assert_cmpuint (times_sent (town, id), ==, 1);
  g_assert_cmpuint (times_paid_back (town, id), ==, 1);
  g_assert_cmpuint (slips_about (town, id), ==, slips);
  return failed;
}

static void
test_old_state (gconstpointer state)
{
  for (guint at = 1; tell_of_an_old_state (state, at, at % 3); at++)
    g_assert_cmpuint (at, <, ROUNDS_MAX);
}

static const TillProfile *
sandbox_profile (const char *name, gpointer user)
{
  static const int ladder[] = { 10 };
  static const TillProfile slow = { .name = "sandbox",
                                    .repeats_safely = TRUE,
                                    .not_found_times = 2,
                                    .not_found_after_s = 5,
                                    .refund_gap_s = 60,
                                    .reverse_after_s = 15,
                                    .ladder_s = ladder,
                                    .n_ladder = 1 };
  return &slow;
}

static TillTicket *
next_ticket (Town *town, int64_t *next_at)
{
  TillTicket *ticket;
  g_autoptr (GError) error = NULL;
  g_assert_true (
      till_sending_next (town->shop.ledger, sandbox_profile, NULL, &ticket, next_at, &error));
  g_assert_no_error (error);
  return ticket;
}

static void
record (Town *town, const TillTicket *ticket, TillOutcomeKind kind, TillFailureClass failure)
{
  g_autoptr (TillOutcome) outcome = till_outcome_new (kind, failure, NULL);
  g_autoptr (GError) error = NULL;
  outcome->provider_no = g_strdup ("R1");
  g_assert_true (till_sending_record (town->shop.ledger, ticket, outcome,
                                      sandbox_profile ("sandbox", NULL), &error));
  g_assert_no_error (error);
}

/* Two refunds of one payment, at a provider that wants a minute between them. */
static void
test_keep_their_distance (void)
{
  g_autoptr (Town) town = town_new (NULL);
  g_autoptr (TillSale) sale = plan_sale (town);
  settle (town, 0);
  int64_t first = plan_refund_of (town, sale->id), second = plan_refund_of (town, sale->id);
  int64_t next_at, now = till_clock_now (town->shop.clock);
  g_autoptr (TillTicket) one = next_ticket (town, &next_at);
  g_assert_cmpint (one->id, ==, first);
  record (town, one, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  g_assert_null (next_ticket (town, &next_at));
  g_assert_cmpint (next_at, ==, now + TILL_MINUTE);
  till_clock_advance (town->shop.clock, TILL_MINUTE);
  g_autoptr (TillTicket) two = next_ticket (town, &next_at);
  g_assert_cmpint (two->id, ==, second);
}

/* Refunds of payments that are called paid: each is due. */
static void
plan_refunds_due (Town *town, int n)
{
  for (int i = 0; i < n; i++)
    {
      int64_t next_at;
      g_autoptr (TillSale) sale = plan_sale (town);
      g_autoptr (TillTicket) pay = next_ticket (town, &next_at);
      g_assert_true (pay->is_payment && pay->id == sale->id);
      record (town, pay, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
    }
  for (int i = 0; i < n; i++)
    plan_refund_of (town, i + 1);
}

/* A provider that refuses is asked six times in a second and then left alone for the rest of it;
 * the refund that waits is not promised, and a customer who pays does not wait with it. */
static void
test_pace_while_it_refuses (void)
{
  g_autoptr (Town) town = town_new (NULL);
  TillAccount strict = account;
  int allowed = till_codec_profile ("wechat", NULL)->refusals_per_s;
  strict.provider = (char *)"wechat";
  g_hash_table_insert (town->accounts, strict.provider, &strict);
  shop_set (&town->shop, "provider.code", "wechat");
  plan_refunds_due (town, allowed + 1);
  town->refuses_with = 403;
  for (int i = 0; i < allowed; i++)
    step (town);

  gboolean did;
  int64_t next_at, now = till_clock_now (town->shop.clock);
  g_assert_true (till_dispatcher_step (town->dispatcher, &did, &next_at, NULL));
  g_assert_false (did);
  g_assert_cmpint (next_at, ==, now + TILL_SECOND);
  assert_refund_is (town, allowed + 1, TILL_REFUND_QUEUED);

  /* A question is a request like any other. */
  TillAnswer answer;
  guint asked_so_far = town->asked;
  assert_refund_is (town, 1, TILL_REFUND_UNKNOWN);
  g_assert_true (till_refunding_ask_now (town->shop.ledger, town->shop.cashier, 1, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_true (till_dispatcher_step (town->dispatcher, &did, &next_at, NULL));
  g_assert_false (did);
  g_assert_cmpint (next_at, ==, now + TILL_SECOND);
  g_assert_cmpuint (town->asked, ==, asked_so_far);

  g_autoptr (TillSale) sale = plan_sale (town);
  step (town);
  g_autoptr (TillSale) asked = look_at_sale (town, sale->id);
  g_assert_cmpint (till_sale_leg (asked, 1)->state, !=, TILL_LEG_PLANNED);

  till_clock_advance (town->shop.clock, TILL_SECOND);
  step (town);
  step (town);
  g_autoptr (TillRefund) sent = look_at (town, allowed + 1);
  g_assert_cmpint (sent->state, !=, TILL_REFUND_QUEUED);
}

/* A customer leaves at once, and the provider does not undo what is only seconds old. */
static void
test_too_fresh_to_undo (void)
{
  g_autoptr (Town) town = town_new (NULL);
  g_autoptr (TillSale) sale = plan_sale (town), given_up = NULL;
  int64_t next_at, sent_at = till_clock_now (town->shop.clock);
  TillAnswer answer;
  g_autoptr (TillTicket) pay = next_ticket (town, &next_at);
  record (town, pay, TILL_OUTCOME_UNKNOWN, TILL_CLASS_UNKNOWN_OUTCOME);
  till_clock_advance (town->shop.clock, TILL_SECOND);
  g_assert_true (till_selling_cancel_leg (town->shop.ledger, town->shop.cashier, sale->id, 1,
                                          &given_up, &answer, NULL));
  g_assert_null (next_ticket (town, &next_at));
  g_assert_cmpint (next_at, ==, sent_at + 15 * TILL_SECOND);
  till_clock_advance (town->shop.clock, 14 * TILL_SECOND);
  g_autoptr (TillTicket) reverse = next_ticket (town, &next_at);
  g_assert_cmpint (reverse->errand->kind, ==, TILL_ERRAND_REVERSE);
}

/* The same answer again changes nothing, one that contradicts it changes nothing: both are kept. */
static void
test_answered_twice (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t next_at, id = plan_refund (town);
  g_autoptr (TillTicket) ticket = next_ticket (town, &next_at);
  record (town, ticket, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  g_autoptr (GPtrArray) before = till_refunding_history (town->shop.ledger, id, NULL);
  record (town, ticket, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  record (town, ticket, TILL_OUTCOME_REFUSED, TILL_CLASS_FINAL);
  record (town, ticket, TILL_OUTCOME_NOT_FOUND, TILL_CLASS_NONE);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpint (shop_balance (&town->shop, "refunds_due"), ==, 0);
  g_assert_cmpuint (slips_about (town, id), ==, 1);
  g_autoptr (GPtrArray) after = till_refunding_history (town->shop.ledger, id, NULL);
  g_assert_cmpuint (after->len, ==, before->len + 3);
  const TillRefundStep *last = g_ptr_array_index (after, after->len - 1);
  g_assert_true (g_str_has_prefix (last->event, "anomaly"));
}

/* The till stopped while waiting; the answer comes after all, to a till that is asking already. */
static void
test_late_answer_after_a_restart (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t next_at, id = plan_refund (town);
  g_autoptr (TillTicket) sent = next_ticket (town, &next_at);
  restart (town, 0);
  assert_refund_is (town, id, TILL_REFUND_UNKNOWN);
  g_autoptr (TillTicket) asked = next_ticket (town, &next_at);
  g_assert_cmpint (asked->errand->kind, ==, TILL_ERRAND_QUERY_REFUND);
  record (town, sent, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  record (town, asked, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  g_assert_cmpint (shop_balance (&town->shop, "refunds_due"), ==, 0);
}

/* A dispatcher that hangs for minutes: its promise is forgotten, asked about, never sent again. */
static void
test_a_promise_nobody_recorded (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t next_at, id = plan_refund (town);
  g_autoptr (TillTicket) sent = next_ticket (town, &next_at);
  g_assert_null (next_ticket (town, &next_at));
  till_clock_advance (town->shop.clock, TILL_HOUR);
  g_autoptr (TillTicket) asked = next_ticket (town, &next_at);
  g_assert_cmpint (asked->errand->kind, ==, TILL_ERRAND_QUERY_REFUND);
  assert_refund_is (town, id, TILL_REFUND_UNKNOWN);
}

/* The cashier gives up while the provider is asked, and the provider says: paid. That is no answer
 * to a reversal nobody has sent yet. */
static void
test_given_up_while_asked (void)
{
  g_autoptr (Town) town = town_new (NULL);
  g_autoptr (TillSale) sale = plan_sale (town);
  bring_trouble (town, (Trouble[TROUBLES_MAX]){ { PAY (SILENT), 1 } });
  town->sale_given_up = sale->id;
  settle (town, 0);
  g_autoptr (TillSale) now = look_at_sale (town, sale->id);
  const TillLeg *leg = till_sale_leg (now, 1);
  g_assert_cmpstr (till_leg_state_word (leg->state), ==, "REVERSED");
  g_assert_cmpint (held_by_provider (town, leg->request_no, leg->amount), ==, 0);
}

typedef struct
{
  TillLedger *desk; /* another connection */
  int64_t manager, refund_id;
} Hurry;

/* The books ask for the profile between finding a refund due and promising it. */
static const TillProfile *
cancel_meanwhile (const char *name, gpointer user)
{
  Hurry *hurry = user;
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  till_refunding_cancel (hurry->desk, hurry->manager, hurry->refund_id, "not this one", &answer,
                         &error);
  g_assert_no_error (error);
  return sandbox_profile (name, NULL);
}

/* Somebody cancels it at the last moment: then it is cancelled, and not a byte leaves. */
static void
test_cancelled_at_the_last_moment (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-dispatcher-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "books", NULL);
  {
    g_autoptr (Town) town = town_new (path);
    g_autoptr (GError) error = NULL;
    int64_t next_at, id = plan_refund (town);
    g_autoptr (TillLedger) desk = till_ledger_open (path, town->shop.clock, &error);
    g_assert_no_error (error);
    Hurry hurry = { desk, town->shop.manager, id };
    TillTicket *ticket;
    g_assert_true (
        till_sending_next (town->shop.ledger, cancel_meanwhile, &hurry, &ticket, &next_at, &error));
    g_assert_null (ticket);
    assert_refund_is (town, id, TILL_REFUND_CANCELLED);
  }
  remove_books (dir, path);
}

/* A till whose clock ran ahead for a day, or has forgotten the year, still pays back. */
static void
test_clock_set_back (void)
{
  static const int64_t back[] = { TILL_HOUR, 2 * TILL_DAY, 9000 * TILL_DAY };
  for (gsize i = 0; i < G_N_ELEMENTS (back); i++)
    {
      g_autoptr (Town) town = town_new (NULL);
      int64_t first = plan_refund (town);
      till_clock_advance (town->shop.clock, -back[i]);
      int64_t second = plan_refund (town);
      bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (DROP), 1 }, { REFUND (SILENT), 1 } });
      settle (town, 0);
      assert_refund_is (town, first, TILL_REFUND_SUCCEEDED);
      assert_refund_is (town, second, TILL_REFUND_SUCCEEDED);
    }
}

/* A customer is standing there: payments go first. */
static void
test_payments_go_first (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t next_at;
  plan_refund (town);
  g_autoptr (TillSale) sale = plan_sale (town);
  g_autoptr (TillTicket) first = next_ticket (town, &next_at);
  g_assert_true (first->is_payment);
}

/* A provider that takes no payment codes is not asked to: the cashier hears of it at once. */
static void
test_not_for_this_provider (void)
{
  g_autoptr (Town) town = town_new (NULL);
  g_hash_table_insert (town->accounts, (gpointer) "stripe", &account);
  shop_set (&town->shop, "provider.code", "stripe");
  g_autoptr (TillSale) planned = plan_sale (town);
  step (town);
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  g_assert_true (till_selling_load_id (town->shop.ledger, planned->id, &sale, &answer, NULL));
  g_assert_cmpstr (till_leg_state_word (till_sale_leg (sale, 1)->state), ==, "CANCELLED");
  g_assert_cmpuint (till_provider_n_effects (town->provider), ==, 0);
}

/* --- secrets --- */

static gboolean
file_holds (const char *path, const char *suffix, const char *text)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  g_autofree char *bytes = NULL;
  gsize size;
  return g_file_get_contents (name, &bytes, &size, NULL)
         && memmem (bytes, size, text, strlen (text));
}

/* Between planning and the promise the code must be somewhere, or a crash would lose the payment;
 * from then on it is not in the books. The log of the last commits is not the books: it may hold
 * older pages until it is closed or written over. */
static void
test_the_code_is_gone (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-dispatcher-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "books", NULL);
  {
    g_autoptr (Town) town = town_new (path);
    g_autoptr (TillSale) sale = plan_sale (town);
    g_assert_true (file_holds (path, "", CODE) || file_holds (path, "-wal", CODE));
    g_assert_true (till_ledger_checkpoint (town->shop.ledger, NULL));
    g_assert_true (file_holds (path, "", CODE));
    step (town);
    g_assert_true (till_ledger_checkpoint (town->shop.ledger, NULL));
    g_assert_false (file_holds (path, "", CODE));
  }
  g_assert_false (file_holds (path, "", CODE));
  g_assert_false (file_holds (path, "-wal", CODE));
  remove_books (dir, path);
}

/* --- a provider that is stopped --- */

static TillStop *
stop_of (Town *town)
{
  g_autoptr (GPtrArray) stops = till_stopping_list (town->shop.ledger, NULL);
  g_assert_cmpuint (stops->len, <=, 1);
  return stops->len ? g_ptr_array_steal_index (stops, 0) : NULL;
}

static void
assert_stopped_for (Town *town, TillStopCause cause)
{
  g_autoptr (TillStop) stop = stop_of (town);
  g_assert_cmpstr (till_stop_cause_word (stop ? stop->cause : TILL_STOP_NONE), ==,
                   till_stop_cause_word (cause));
}

/* The provider no longer takes our signature; it says so and signs that. */
static void
spoil_keys (Town *town, gboolean spoilt)
{
  town->speech.merchant_key = spoilt ? provider_public : till_public;
}

static TillAnswerCode
try_again (Town *town, int64_t staff_id)
{
  TillAnswer answer;
  g_assert_true (till_stopping_try (town->shop.ledger, staff_id, "sandbox", &answer, NULL));
  return answer.code;
}

#define SEVERAL 4

static void
plan_several (Town *town, int64_t ids[SEVERAL])
{
  int64_t sale_ids[SEVERAL];
  for (int i = 0; i < SEVERAL; i++)
    {
      g_autoptr (TillSale) sale = plan_sale (town);
      sale_ids[i] = sale->id;
    }
  settle (town, 0);
  for (int i = 0; i < SEVERAL; i++)
    ids[i] = plan_refund_of (town, sale_ids[i]);
}

/* One refusal is enough: the others wait, over a restart, until a manager has one let through. */
static void
test_stopped_for_keys (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t ids[SEVERAL];
  plan_several (town, ids);
  spoil_keys (town, TRUE);
  guint asked = town->asked;
  settle (town, 0);
  restart (town, 0);
  settle (town, 0);
  g_assert_cmpuint (town->asked, ==, asked + 1);
  g_autoptr (TillStop) stop = stop_of (town);
  g_assert_cmpint (stop->cause, ==, TILL_STOP_KEYS);
  g_assert_cmpstr (stop->code, ==, "BAD_SIGNATURE");
  g_assert_cmpint (stop->waiting, ==, SEVERAL);
  g_assert_cmpint (stop->amount, ==, SEVERAL * 3150);
  for (int i = 0; i < SEVERAL; i++)
    {
      g_autoptr (TillRefund) refund = look_at (town, ids[i]);
      g_autofree char *said = till_advice_refund (refund, "Asia/Shanghai");
      g_assert_cmpint (refund->state, ==, TILL_REFUND_QUEUED);
      g_assert_nonnull (strstr (said, "Nothing goes to the provider at the moment"));
      g_assert_cmpint (till_advice_refund_next (refund), ==, TILL_NEXT_CALL_STAFF);
    }

  /* Not mended yet: one more is refused, and the door is shut again. */
  g_assert_cmpint (try_again (town, town->shop.cashier), ==, TILL_NO_RIGHT);
  settle (town, 0);
  g_assert_cmpuint (town->asked, ==, asked + 1);
  g_assert_cmpint (try_again (town, town->shop.manager), ==, TILL_YES);
  settle (town, 0);
  g_assert_cmpuint (town->asked, ==, asked + 2);
  assert_stopped_for (town, TILL_STOP_KEYS);

  spoil_keys (town, FALSE);
  settle (town, 0);
  g_assert_cmpuint (town->asked, ==, asked + 2);
  g_assert_cmpint (try_again (town, town->shop.manager), ==, TILL_YES);
  settle (town, 0);
  assert_stopped_for (town, TILL_STOP_NONE);
  g_assert_cmpint (try_again (town, town->shop.manager), ==, TILL_NO_STOP);
  for (int i = 0; i < SEVERAL; i++)
    {
      assert_refund_is (town, ids[i], TILL_REFUND_SUCCEEDED);
      g_assert_cmpuint (times_paid_back (town, ids[i]), ==, 1);
    }
}

/* The same with the plug pulled everywhere: whatever the books have forgotten, each is paid once.
 */
static gboolean
stop_with_a_cut (guint at, guint again)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t ids[SEVERAL];
  TillAnswer answer;
  plan_several (town, ids);
  spoil_keys (town, TRUE);
  till_fault_arm (at);
  gboolean failed = settle (town, again);
  if (!till_stopping_try (town->shop.ledger, town->shop.manager, "sandbox", &answer, NULL))
    {
      failed = TRUE;
      restart (town, again);
    }
  failed = settle (town, again) || failed;
  till_fault_restore ();
  spoil_keys (town, FALSE);
  assert_stopped_for (town, TILL_STOP_KEYS);
  for (int i = 0; i < SEVERAL; i++)
    g_assert_cmpuint (times_paid_back (town, ids[i]), ==, 0);
  g_assert_true (till_stopping_tested (town->shop.ledger, "sandbox", NULL));
  settle (town, 0);
  for (int i = 0; i < SEVERAL; i++)
    {
      assert_refund_is (town, ids[i], TILL_REFUND_SUCCEEDED);
      g_assert_cmpuint (times_paid_back (town, ids[i]), ==, 1);
    }
  return failed;
}

static void
test_stopped_and_plug (void)
{
  guint at = 1;
  while (stop_with_a_cut (at, 0))
    {
      stop_with_a_cut (at, 2);
      at += PLACES;
    }
  g_assert_cmpuint (at, >, 10);
}

/* Where the clocks are apart that is the cause, and it is said by how much. */
static void
test_stopped_for_the_clock (void)
{
  static const struct
  {
    int64_t off_s;
    TillStopCause cause;
    const char *words;
  } rows[] = { { 300, TILL_STOP_KEYS, "does not accept our signature" },
               { -412, TILL_STOP_CLOCK, "the clock of this till is 7 minutes ahead" },
               { 412, TILL_STOP_CLOCK, "the clock of this till is 7 minutes behind" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Town) town = town_new (NULL);
      plan_refund (town);
      spoil_keys (town, TRUE);
      town->their_clock_off = rows[i].off_s * TILL_SECOND;
      settle (town, 0);
      assert_stopped_for (town, rows[i].cause);
      g_autoptr (TillStop) stop = stop_of (town);
      g_autofree char *said = till_stop_sentence (stop, "Practice", "Asia/Shanghai");
      g_assert_nonnull (strstr (said, rows[i].words));
      g_assert_nonnull (strstr (said, "1 refund of ¥31.50 waits"));
    }
}

/* Nobody stands and waits for a provider that is stopped: it is said at once. */
static void
test_stopped_and_a_customer (void)
{
  g_autoptr (Town) town = town_new (NULL);
  TillAnswer answer;
  g_assert_true (
      till_stopping_stop (town->shop.ledger, town->shop.cashier, "sandbox", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
  assert_stopped_for (town, TILL_STOP_NONE);
  g_assert_true (
      till_stopping_stop (town->shop.ledger, town->shop.manager, "sandbox", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_autoptr (TillSale) sale = plan_sale (town);
  gboolean did;
  int64_t next_at;
  g_assert_true (till_dispatcher_step (town->dispatcher, &did, &next_at, NULL));
  g_autoptr (TillSale) now = look_at_sale (town, sale->id);
  const TillLeg *leg = till_sale_leg (now, 1);
  g_assert_cmpint (leg->state, ==, TILL_LEG_CANCELLED);
  g_assert_cmpint (leg->failure, ==, TILL_CLASS_STOPPED);
  g_assert_cmpuint (town->asked, ==, 0);
  g_autofree char *said = till_advice_leg (leg, "Asia/Shanghai");
  g_assert_nonnull (strstr (said, "Take cash or choose another way to pay"));
}

/* What was sent before is asked about only when one is let through; a test that went well does not
 * undo what a manager said. */
static void
test_stopped_and_a_question (void)
{
  g_autoptr (Town) town = town_new (NULL);
  TillAnswer answer;
  int64_t id = plan_refund (town);
  bring_trouble (town, (Trouble[TROUBLES_MAX]){ { REFUND (SILENT), 1 } });
  step (town);
  assert_refund_is (town, id, TILL_REFUND_UNKNOWN);
  g_assert_true (
      till_stopping_stop (town->shop.ledger, town->shop.manager, "sandbox", &answer, NULL));
  guint asked = town->asked;
  settle (town, 0);
  till_clock_advance (town->shop.clock, TILL_DAY);
  g_assert_true (till_stopping_tested (town->shop.ledger, "sandbox", NULL));
  settle (town, 0);
  g_assert_cmpuint (town->asked, ==, asked);
  assert_stopped_for (town, TILL_STOP_HAND);
  g_autoptr (TillRefund) refund = look_at (town, id);
  g_assert_cmpint (refund->next_action_at, >, 0);
  g_assert_cmpint (try_again (town, town->shop.manager), ==, TILL_YES);
  settle (town, 0);
  assert_refund_is (town, id, TILL_REFUND_SUCCEEDED);
  assert_stopped_for (town, TILL_STOP_NONE);
  g_assert_cmpuint (times_paid_back (town, id), ==, 1);
}

/* One that is stopped holds up nobody else, though what waits there is due longer. */
static void
test_stopped_and_another (void)
{
  g_autoptr (Town) town = town_new (NULL);
  TillAnswer answer;
  TillAccount other = account;
  other.provider = (char *)"wechat";
  g_hash_table_insert (town->accounts, other.provider, &other);
  int64_t id = plan_refund (town);
  g_assert_true (
      till_stopping_stop (town->shop.ledger, town->shop.manager, "sandbox", &answer, NULL));
  till_clock_advance (town->shop.clock, TILL_MINUTE);
  shop_set (&town->shop, "provider.code", "wechat");
  g_autoptr (TillSale) sale = plan_sale (town);
  int64_t next_at;
  g_autoptr (TillTicket) pay = next_ticket (town, &next_at);
  record (town, pay, TILL_OUTCOME_DONE, TILL_CLASS_NONE);
  int64_t others = plan_refund_of (town, sale->id);
  town->refuses_with = 403;
  step (town);
  assert_refund_is (town, others, TILL_REFUND_UNKNOWN);
  assert_refund_is (town, id, TILL_REFUND_QUEUED);
  assert_stopped_for (town, TILL_STOP_HAND);
}

/* A dead line is tried by the till itself, one at a time, and when it is back nobody is needed. */
static void
test_stopped_for_the_line (void)
{
  g_autoptr (Town) town = town_new (NULL);
  int64_t ids[SEVERAL];
  plan_several (town, ids);
  town->line_is_down = TRUE;
  guint asked = town->asked;
  for (int i = 0; i < TILL_STOP_SILENCES; i++)
    {
      assert_stopped_for (town, TILL_STOP_NONE);
      step (town);
    }
  assert_stopped_for (town, TILL_STOP_LINE);
  int64_t until = till_clock_now (town->shop.clock) + 10 * TILL_MINUTE;
  while (till_clock_now (town->shop.clock) < until)
    go_on (town);
  g_assert_cmpuint (town->asked, >, asked + TILL_STOP_SILENCES);
  g_assert_cmpuint (town->asked, <=, asked + TILL_STOP_SILENCES + 20);
  restart (town, 0);
  assert_stopped_for (town, TILL_STOP_LINE);
  town->line_is_down = FALSE;
  settle (town, 0);
  assert_stopped_for (town, TILL_STOP_NONE);
  for (int i = 0; i < SEVERAL; i++)
    {
      assert_refund_is (town, ids[i], TILL_REFUND_SUCCEEDED);
      g_assert_cmpuint (times_sent (town, ids[i]), ==, 1);
    }
}

/* --- telling them --- */

static void
load_keys (void)
{
  g_autofree char *dir = g_dir_make_tmp ("till-dispatcher-XXXXXX", NULL);
  g_autofree char *private_path = g_build_filename (dir, "k.pem", NULL);
  g_autofree char *public_path = g_build_filename (dir, "p.pem", NULL);
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  provider_key = till_key_load_private (private_path, NULL);
  provider_public = till_key_load_public (public_path, NULL);
  g_assert_true (till_key_generate (private_path, public_path, NULL));
  till_key = till_key_load_private (private_path, NULL);
  till_public = till_key_load_public (public_path, NULL);
  g_remove (private_path);
  g_remove (public_path);
  g_rmdir (dir);
  account = (TillAccount){ .provider = (char *)"sandbox",
                           .merchant_no = (char *)"M1",
                           .base_url = (char *)"https://127.0.0.1:1",
                           .our_key = till_key,
                           .provider_key = provider_public,
                           .ca_file = (char *)"/none" };
  anothers = account;
  anothers.merchant_no = (char *)"M2";
}

static void
add (const char *room, const char *name, gconstpointer story, GTestDataFunc tell)
{
  g_autofree char *path = g_strdup_printf ("/dispatcher/%s/%s", room, name);
  g_test_add_data_func (path, story, tell);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  load_keys ();
  for (gsize i = 0; i < G_N_ELEMENTS (refund_stories); i++)
    {
      add ("refund", refund_stories[i].name, &refund_stories[i], tell_refund);
      add ("plug", refund_stories[i].name, &refund_stories[i], plug_refund);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (payment_stories); i++)
    {
      add ("payment", payment_stories[i].name, &payment_stories[i], tell_payment);
      add ("plug/payment", payment_stories[i].name, &payment_stories[i], plug_payment);
    }
  g_test_add_func ("/dispatcher/no-line", test_no_line);
  g_test_add_func ("/dispatcher/no-line-for-a-payment", test_no_line_for_a_payment);
  g_test_add_func ("/dispatcher/stopped/keys", test_stopped_for_keys);
  g_test_add_func ("/dispatcher/stopped/clock", test_stopped_for_the_clock);
  g_test_add_func ("/dispatcher/stopped/customer", test_stopped_and_a_customer);
  g_test_add_func ("/dispatcher/stopped/question", test_stopped_and_a_question);
  g_test_add_func ("/dispatcher/stopped/another", test_stopped_and_another);
  g_test_add_func ("/dispatcher/stopped/line", test_stopped_for_the_line);
  g_test_add_func ("/dispatcher/plug/stopped", test_stopped_and_plug);
  g_test_add_func ("/dispatcher/no-account", test_no_account);
  g_test_add_func ("/dispatcher/account-comes", test_account_comes);
  g_test_add_func ("/dispatcher/another/asks", test_another_asks);
  g_test_add_func ("/dispatcher/another/repeats", test_another_repeats);
  g_test_add_func ("/dispatcher/another/was-paid", test_another_was_paid);
  g_test_add_func ("/dispatcher/another/after-none", test_another_after_none);
  g_test_add_func ("/dispatcher/another/recalls", test_another_recalls);
  g_test_add_func ("/dispatcher/another/payment", test_another_payment);
  g_test_add_func ("/dispatcher/mismatch-freezes", test_mismatch_freezes);
  g_test_add_func ("/dispatcher/clock-is-named", test_clock_is_named);
  g_test_add_func ("/dispatcher/corrected", test_corrected);
  g_test_add_func ("/dispatcher/ask-now", test_ask_now);
  g_test_add_func ("/dispatcher/plug/came-back", test_came_back);
  g_test_add_data_func ("/dispatcher/plug/old-state/processing", "PROCESSING", test_old_state);
  g_test_add_data_func ("/dispatcher/plug/old-state/not-found", "NOT_FOUND", test_old_state);
  g_test_add_func ("/dispatcher/keep-their-distance", test_keep_their_distance);
  g_test_add_func ("/dispatcher/pace-while-it-refuses", test_pace_while_it_refuses);
  g_test_add_func ("/dispatcher/too-fresh-to-undo", test_too_fresh_to_undo);
  g_test_add_func ("/dispatcher/answered-twice", test_answered_twice);
  g_test_add_func ("/dispatcher/late-answer-after-a-restart", test_late_answer_after_a_restart);
  g_test_add_func ("/dispatcher/a-promise-nobody-recorded", test_a_promise_nobody_recorded);
  g_test_add_func ("/dispatcher/given-up-while-asked", test_given_up_while_asked);
  g_test_add_func ("/dispatcher/cancelled-at-the-last-moment", test_cancelled_at_the_last_moment);
  g_test_add_func ("/dispatcher/clock-set-back", test_clock_set_back);
  g_test_add_func ("/dispatcher/payments-go-first", test_payments_go_first);
  g_test_add_func ("/dispatcher/not-for-this-provider", test_not_for_this_provider);
  g_test_add_func ("/dispatcher/the-code-is-gone", test_the_code_is_gone);
  int result = g_test_run ();
  till_key_free (provider_key);
  till_key_free (provider_public);
  till_key_free (till_key);
  till_key_free (till_public);
  return result;
}

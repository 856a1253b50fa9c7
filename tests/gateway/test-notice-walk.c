/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A notice from one end to the other, for every provider: the till's codec asks, the practice
 * provider books and writes what became of it, and the codec that reads notices believes that, and
 * no word of it changed. The two halves are written apart from each other. Accounts are those that
 * till-sandbox --init makes. */
#include "app/sandbox/notice-queue.h"
#include "app/sandbox/setup.h"
#include "data/core/error.h"
#include "devices/gateway/registry.h"
#include "tests/ctl/folder.h"

#include <string.h>

#define PAID 10000
#define BACK 2500
#define CODE "134567890123456789"
#define PAYMENT "PAY0000000000001"
#define REFUND "REF0000000000001"
#define BASE "http://127.0.0.1:9/notices/"

static char *dir; /* owned, as is the next */
static TillSandboxSetup *setup;
static int64_t noon; /* 12:00 in China on the day the accounts are made */

typedef struct
{
  const TillTongue *tongue;
  const TillCodec *codec;
  TillAccount *account; /* owned, like all below */
  TillClock *clock;
  TillProvider *provider;
  TillSpeech speech;
  TillTransport line;
  TillNoticeQueue *queue;
} World;

/* As till-sandbox does it: whatever becomes final is queued, where there is a way to it. */
static gboolean
keep (gpointer user, const TillRecord *record, GError **error)
{
  World *world = user;
  const char *named = record->notify_url;
  /* How a refund there would say it is not documented, and the codec does not; as if it did. */
  if (world->tongue == &till_lakala_tongue && record->original_no)
    named = world->account->notice_url;
  g_autofree char *to = till_notice_address (world->tongue, named, BASE);
  int hold_ms;
  if (to && till_notice_is_news (record))
    g_assert_true (till_notice_queue_add (world->queue, record, to, &hold_ms, NULL));
  return TRUE;
}

static void
world_open (World *world, gconstpointer data)
{
  *world = (World){ .tongue = data,
                    .clock = till_clock_new_fake (noon, 1),
                    .queue = till_notice_queue_open (NULL, 1, NULL) };
  g_autofree char *folder = till_sandbox_setup_account (dir, world->tongue);
  g_autoptr (GError) error = NULL;
  world->codec = till_codec_find (world->tongue->name);
  world->account = till_account_load (folder, &error);
  g_assert_no_error (error);
  world->provider = till_provider_new (FALSE, keep, world);
  world->speech = till_sandbox_setup_speech (setup, world->provider, world->clock);
  world->line = till_speech_transport (&world->speech);
}

static void
world_close (World *world, gconstpointer data)
{
  till_provider_free (world->provider);
  till_notice_queue_close (world->queue);
  till_clock_free (world->clock);
  till_account_free (world->account);
}

static void
ask (World *world, TillErrandKind kind, const char *number, TillMoney amount)
{
  gboolean backward = till_errand_kind_is_backward (kind);
  TillProviderAnswer payment;
  till_clock_advance (world->clock, 2 * TILL_SECOND);
  TillErrand errand = { .kind = kind,
                        .provider = (char *)world->tongue->name,
                        .request_no = (char *)number,
                        .amount = amount,
                        .auth = kind == TILL_ERRAND_PAY ? (char *)CODE : NULL,
                        .subject = (char *)"S1",
                        .requested_at = till_clock_now (world->clock),
                        .asked_at = till_clock_now (world->clock),
                        .notice_url = world->account->notice_url };
  if (backward && till_provider_peek (world->provider, TILL_ERRAND_PAY, PAYMENT, NULL, &payment))
    {
      errand.original_no = (char *)PAYMENT;
      errand.original_amount = PAID;
      errand.original_provider_no = (char *)payment.provider_no;
      errand.original_requested_at = noon + 2 * TILL_SECOND;
    }
  g_autoptr (TillRequest) request = world->codec->build (&errand, world->account);
  g_autoptr (TillReply) reply = world->line.send (world->line.self, request, NULL);
  g_autoptr (TillOutcome) outcome = world->codec->interpret (&errand, world->account, reply);
  g_test_message ("%s: %s %s", till_errand_kind_word (kind), till_outcome_kind_word (outcome->kind),
                  outcome->code ? outcome->code : "");
  if (outcome->kind != TILL_OUTCOME_OPENED)
    return;
  /* Its card has yet to be presented. */
  errand.kind = TILL_ERRAND_PRESENT;
  errand.provider_no = outcome->provider_no;
  g_autoptr (TillRequest) present = world->codec->build (&errand, world->account);
  g_autoptr (TillReply) reader = world->line.send (world->line.self, present, NULL);
  g_assert_cmpint (reader->status, ==, 200);
}

static TillLetter *
letter_of (const TillSaid *said, int64_t at)
{
  TillLetter *letter = till_letter_new (said->body, at);
  till_letter_add_field (letter, "Content-Type", said->content_type);
  for (guint i = 0; i < said->headers->len; i++)
    {
      const char *line = g_ptr_array_index (said->headers, i);
      const char *colon = strchr (line, ':');
      g_autofree char *name = g_strndup (line, (gsize)(colon - line));
      till_letter_add_field (letter, name, colon + 2);
    }
  return letter;
}

/* The next notice, or NULL when there is none that this provider tells. */
static TillLetter *
next_letter (World *world)
{
  const TillDueNotice *due;
  till_clock_advance (world->clock, TILL_SECOND);
  while ((due = till_notice_queue_take (world->queue, till_clock_now (world->clock), NULL)))
    {
      g_autoptr (TillSaid) said = till_notice_write (&world->speech, due);
      g_assert_true (till_notice_queue_leave (world->queue, due->no, NULL));
      if (said)
        return letter_of (said, till_clock_now (world->clock));
    }
  return NULL;
}

static gboolean
hears_yes (World *world, const TillLetterAnswer *answer, GBytes *body)
{
  TillSpeech one = world->speech;
  one.tongue = world->tongue;
  return world->tongue->notice->is_yes (&one, answer->status, body);
}

/* The till says yes, and the provider hears it; the till says no, and the provider does not hear a
 * yes. */
static void
expect_heard (World *world, const TillLetter *letter)
{
  const TillNoticeCodec *notice = world->codec->notice;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) yes = notice->sign_yes
                               ? notice->sign_yes (letter, world->account, &error)
                               : g_bytes_new (notice->yes.body, strlen (notice->yes.body));
  g_autoptr (GBytes) no = g_bytes_new (notice->no.body, strlen (notice->no.body));
  g_assert_no_error (error);
  g_assert_true (hears_yes (world, &notice->yes, yes));
  g_assert_false (hears_yes (world, &notice->no, no));
}

/* Alipay sums up what went back of the payment, and whose the amount beside a refund of Lakala's
 * is, no page says. */
static TillMoney
told_of (const World *world, gboolean is_refund, TillMoney amount)
{
  gboolean silent = world->tongue == &till_alipay_tongue || world->tongue == &till_lakala_tongue;
  return is_refund && silent ? 0 : amount;
}

static void
expect_notice (World *world, gboolean is_refund, const char *number, TillMoney amount)
{
  g_autoptr (TillLetter) letter = next_letter (world);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (letter);
  g_autoptr (TillNotice) notice = world->codec->notice->open (letter, world->account, &error);
  g_assert_no_error (error);
  g_assert_cmpint (notice->is_refund, ==, is_refund);
  g_assert_cmpstr (notice->request_no, ==, number);
  g_assert_cmpint (notice->amount, ==, told_of (world, is_refund, amount));
  g_assert_true (!notice->currency || g_str_equal (notice->currency, "CNY"));
  g_test_message ("%s: “%s”", notice->event_no ? notice->event_no : "-", notice->words);
  expect_heard (world, letter);
}

/* A payment by code has no address for its notice there. */
static gboolean
tells_of_payments (const World *world)
{
  return world->tongue != &till_wechat_tongue;
}

static void
test_believed (World *world, gconstpointer data)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  if (tells_of_payments (world))
    expect_notice (world, FALSE, PAYMENT, PAID);
  g_assert_null (next_letter (world));
  ask (world, TILL_ERRAND_REFUND, REFUND, BACK);
  expect_notice (world, TRUE, REFUND, BACK);
  g_assert_null (next_letter (world));
}

static void
test_void (World *world, gconstpointer data)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  expect_notice (world, FALSE, PAYMENT, PAID);
  ask (world, TILL_ERRAND_VOID, REFUND, PAID);
  expect_notice (world, TRUE, REFUND, PAID);
}

/* What failed is told where the provider tells it, and believed as well: the question decides. */
static void
test_failed (World *world, gconstpointer data)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  g_autoptr (TillLetter) of_payment = next_letter (world);
  g_assert_true (till_provider_set_fault (world->provider, TILL_ERRAND_REFUND,
                                          TILL_PROVIDER_PROCESSING, 1, 5, "CLOSED", NULL));
  ask (world, TILL_ERRAND_REFUND, REFUND, BACK);
  g_assert_null (next_letter (world));
  g_assert_true (till_provider_finish (world->provider, TILL_ERRAND_REFUND, REFUND,
                                       till_clock_now (world->clock), NULL));
  if (world->tongue == &till_alipay_tongue)
    g_assert_null (next_letter (world));
  else
    expect_notice (world, TRUE, REFUND, BACK);
}

static void
expect_refused (World *world, TillNoticeFault fault)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (till_notice_queue_set_fault (world->queue, fault, 1, 0, NULL));
  ask (world, TILL_ERRAND_REFUND, REFUND, BACK);
  g_autoptr (TillLetter) letter = next_letter (world);
  g_assert_nonnull (letter);
  g_assert_null (world->codec->notice->open (letter, world->account, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
test_forged (World *world, gconstpointer data)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  g_autoptr (TillLetter) of_payment = next_letter (world);
  expect_refused (world, TILL_NOTICE_BAD_SIGNATURE);
}

static void
test_other_provider (World *world, gconstpointer data)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  g_autoptr (TillLetter) of_payment = next_letter (world);
  expect_refused (world, TILL_NOTICE_OTHER_PROVIDER);
}

static void
test_nobodys_number (World *world, gconstpointer data)
{
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  g_autoptr (TillLetter) of_payment = next_letter (world);
  g_assert_true (
      till_notice_queue_set_fault (world->queue, TILL_NOTICE_UNKNOWN_NUMBER, 1, 0, NULL));
  ask (world, TILL_ERRAND_REFUND, REFUND, BACK);
  g_autoptr (TillLetter) letter = next_letter (world);
  g_autoptr (TillNotice) notice = world->codec->notice->open (letter, world->account, NULL);
  g_assert_nonnull (notice);
  g_assert_true (g_str_has_prefix (notice->request_no, "NOBODYS"));
}

/* Where its request may say where notices go, and does not, none goes anywhere. */
static void
test_not_asked_for (World *world, gconstpointer data)
{
  g_assert_cmpint (world->codec->notice->asked_for, ==, world->tongue->notice->named);
  g_clear_pointer (&world->account->notice_url, g_free);
  ask (world, TILL_ERRAND_PAY, PAYMENT, PAID);
  ask (world, TILL_ERRAND_REFUND, REFUND, BACK);
  g_autoptr (TillLetter) letter = next_letter (world);
  /* Shengpay wants an address with every request. */
  gboolean told = !world->tongue->notice->named || world->tongue == &till_shengpay_tongue;
  g_assert_cmpint (letter != NULL, ==, told);
}

static void
add_stories (const TillTongue *tongue)
{
  static const struct
  {
    const char *story;
    void (*test) (World *world, gconstpointer data);
  } stories[] = { { "believed", test_believed },
                  { "void", test_void },
                  { "failed", test_failed },
                  { "forged", test_forged },
                  { "other-provider", test_other_provider },
                  { "nobodys-number", test_nobodys_number },
                  { "not-asked-for", test_not_asked_for } };
  const TillCodec *codec = till_codec_find (tongue->name);
  for (gsize i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      if (stories[i].test == test_void && !till_profile_can (codec->profile, TILL_ERRAND_VOID))
        continue;
      g_autofree char *path
          = g_strdup_printf ("/notice-walk/%s/%s", tongue->name, stories[i].story);
      g_test_add (path, World, tongue, world_open, stories[i].test, world_close);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *top = test_folder_new ();
  g_autoptr (TillClock) clock = till_clock_new ();
  g_autoptr (GError) error = NULL;
  int64_t now = till_clock_now (clock) + 8 * TILL_HOUR;
  noon = now - now % TILL_DAY + 4 * TILL_HOUR;
  dir = g_build_filename (top, "practice", NULL);
  g_assert_true (till_sandbox_setup_make (dir, 1, &error));
  g_assert_no_error (error);
  setup = till_sandbox_setup_load (dir, &error);
  g_assert_no_error (error);
  const TillTongue *tongue;
  for (guint n = 0; (tongue = till_tongue_nth (n)); n++)
    add_stories (tongue);
  int result = g_test_run ();
  till_sandbox_setup_free (setup);
  test_folder_remove (top);
  g_free (dir);
  return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider holds for the merchant: read from what came, and nothing guessed. */
#include "app/sandbox/provider-speech.h"
#include "devices/gateway/registry.h"

#include <string.h>

#define NOON (INT64_C (1795320000) * TILL_SECOND)
#define SECRET "0123456789abcdef0123456789abcdef"
#define WHOLE(available, pending)                                                                  \
  "{\"object\":\"balance\",\"available\":[" available "],\"pending\":[" pending "]}"
#define CNY(amount) "{\"amount\":" amount ",\"currency\":\"cny\"}"
#define USD(amount) "{\"amount\":" amount ",\"currency\":\"usd\"}"
#define MANY USD ("1") "," USD ("2") "," CNY ("7")

static TillAccount account = { .provider = (char *)"stripe",
                               .base_url = (char *)"https://127.0.0.1",
                               .secret = (char *)SECRET };

static const struct
{
  const char *body;
  int status;
  TillBalanceResult result;
  TillMoney available, pending;
} rows[] = {
  { WHOLE (CNY ("1250"), CNY ("30")), 200, TILL_BALANCE_TOLD, 1250, 30 },
  { WHOLE (CNY ("0"), CNY ("0")), 200, TILL_BALANCE_TOLD, 0, 0 },
  { WHOLE (CNY ("-800"), CNY ("-1")), 200, TILL_BALANCE_TOLD, -800, -1 },
  { WHOLE (MANY, CNY ("3")), 200, TILL_BALANCE_TOLD, 7, 3 },
  { WHOLE (CNY ("1") "," CNY ("1"), CNY ("3")), 200, TILL_BALANCE_UNKNOWN },
  { WHOLE (USD ("1"), CNY ("3")), 200, TILL_BALANCE_UNKNOWN },
  { WHOLE (CNY ("1"), ""), 200, TILL_BALANCE_UNKNOWN },
  { WHOLE (CNY ("1.5"), CNY ("3")), 200, TILL_BALANCE_UNKNOWN },
  { WHOLE (CNY ("\"1\""), CNY ("3")), 200, TILL_BALANCE_UNKNOWN },
  { WHOLE (CNY ("9223372036854775807"), CNY ("3")), 200, TILL_BALANCE_UNKNOWN },
  { "{\"object\":\"list\",\"available\":[" CNY ("1") "],\"pending\":[" CNY ("1") "]}", 200,
    TILL_BALANCE_UNKNOWN },
  { "{\"object\":\"balance\",\"available\":" CNY ("1") ",\"pending\":[]}", 200,
    TILL_BALANCE_UNKNOWN },
  { "{\"object\":\"balance\"", 200, TILL_BALANCE_UNKNOWN },
  { "", 200, TILL_BALANCE_UNKNOWN },
  { WHOLE (CNY ("1250"), CNY ("30")), 500, TILL_BALANCE_UNKNOWN },
  { WHOLE (CNY ("1250"), CNY ("30")), 302, TILL_BALANCE_UNKNOWN },
  { "{\"error\":{\"type\":\"invalid_request_error\"}}", 401, TILL_BALANCE_REFUSED },
  { "{\"error\":{\"type\":\"invalid_request_error\"}}", 403, TILL_BALANCE_REFUSED },
};

static void
test_read (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TillReply) reply = till_reply_new (TILL_FATE_ANSWERED, rows[i].status, NULL);
      g_autoptr (GBytes) body = g_bytes_new_static (rows[i].body, strlen (rows[i].body));
      till_reply_set_body (reply, body);
      g_autoptr (TillBalance) balance
          = till_codec_find ("stripe")->balance->interpret (&account, NOON, reply);
      g_test_message ("%d %s", rows[i].status, rows[i].body);
      g_assert_cmpstr (till_balance_result_word (balance->result), ==,
                       till_balance_result_word (rows[i].result));
      g_assert_cmpint (balance->available, ==, rows[i].available);
      g_assert_cmpint (balance->pending, ==, rows[i].pending);
      g_assert_true ((balance->detail == NULL) == (rows[i].result == TILL_BALANCE_TOLD));
    }
}

static TillReply *
send_nowhere (gpointer self, const TillRequest *request, GError **error)
{
  return till_reply_new (*(const TillFate *)self, 0, "why");
}

static void
test_no_answer (void)
{
  static const struct
  {
    TillFate fate;
    TillBalanceResult result;
  } lines[] = { { TILL_FATE_NOT_SENT, TILL_BALANCE_NO_LINE },
                { TILL_FATE_MAYBE_SENT, TILL_BALANCE_UNKNOWN } };
  g_autoptr (TillClock) clock = till_clock_new_fake (NOON, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      TillFate fate = lines[i].fate;
      g_autoptr (TillBalance) balance
          = till_balance_ask (&account, (TillTransport){ send_nowhere, &fate }, clock, NULL);
      g_assert_cmpint (balance->result, ==, lines[i].result);
      g_assert_cmpint (balance->asked_at, ==, NOON);
      g_autofree char *sentence = till_balance_sentence (balance);
      g_assert_nonnull (strstr (sentence, "(why)"));
    }
}

static void
move (TillProvider *provider, TillErrandKind kind, const char *no, TillMoney amount,
      const char *tongue)
{
  const TillProviderAsk ask = { .kind = kind,
                                .request_no = no,
                                .original_no = kind == TILL_ERRAND_REFUND ? "PAY1" : NULL,
                                .amount = amount,
                                .auth = "pm_1",
                                .tongue = tongue,
                                .at = NOON };
  TillProviderAnswer answer;
  g_assert_true (till_provider_ask (provider, &ask, &answer, NULL));
  g_assert_cmpstr (answer.status, ==, "SUCCESS");
}

static TillMoney
ask_for_available (const TillSpeech *speech)
{
  g_autoptr (TillBalance) balance = till_balance_ask (
      &account, till_speech_transport ((TillSpeech *)speech), speech->clock, NULL);
  g_assert_cmpstr (till_balance_result_word (balance->result), ==, "told");
  return balance->available;
}

/* From the provider's own book: what came in by this tongue and has not gone back. */
static void
test_as_the_book_says (void)
{
  g_autoptr (TillClock) clock = till_clock_new_fake (NOON, 1);
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  const TillSpeech speech = { .provider = provider, .clock = clock, .secret = SECRET };
  g_assert_cmpint (ask_for_available (&speech), ==, 0);
  move (provider, TILL_ERRAND_PAY, "PAY1", 5000, "stripe");
  move (provider, TILL_ERRAND_PAY, "PAY2", 700, "wechat");
  g_assert_cmpint (ask_for_available (&speech), ==, 5000);
  move (provider, TILL_ERRAND_REFUND, "REF1", 1800, "stripe");
  g_assert_cmpint (ask_for_available (&speech), ==, 3200);
  /* Asking moved nothing. */
  g_assert_cmpuint (till_provider_n_effects (provider), ==, 3);
}

/* What is not told is not said to be nothing. */
static void
test_sentences (void)
{
  const TillMoney nothing = 0;
  g_autoptr (TillBalance) both = till_balance_new_told (1250, &nothing);
  g_autoptr (TillBalance) one = till_balance_new_told (1250, NULL);
  g_autofree char *with = till_balance_sentence (both);
  g_autofree char *without = till_balance_sentence (one);
  g_assert_nonnull (strstr (with, "12.50"));
  g_assert_nonnull (strstr (with, "0.00"));
  g_assert_nonnull (strstr (without, "12.50"));
  g_assert_null (strstr (without, "0.00"));
}

/* Whatever a stranger says stays one short line. */
static void
test_words_of_theirs (void)
{
  g_autofree char *long_words = g_strnfill (1000, 'x');
  g_autofree char *dirty = g_strconcat ("a\n\x1b[2J\xff", long_words, NULL);
  g_autoptr (TillBalance) balance = till_balance_new_said (TILL_BALANCE_REFUSED, "CODE", dirty);
  g_assert_true (g_str_has_prefix (balance->detail, "CODE a"));
  g_assert_true (g_utf8_validate (balance->detail, -1, NULL));
  g_assert_null (strpbrk (balance->detail, "\n\x1b"));
  g_assert_cmpint (g_utf8_strlen (balance->detail, -1), <=, 120);
  g_autoptr (TillBalance) mute = till_balance_new_said (TILL_BALANCE_REFUSED, NULL, NULL);
  g_assert_null (mute->detail);
}

static void
test_who_tells (void)
{
  g_assert_true (till_balance_is_told_by ("stripe"));
  g_assert_true (till_balance_is_told_by ("lakala"));
  g_assert_true (till_balance_is_told_by ("sandbox"));
  g_assert_true (till_balance_is_told_by ("wechat"));
  g_assert_true (till_balance_is_told_by ("alipay"));
  g_assert_false (till_balance_is_told_by ("unionpay"));
  g_assert_false (till_balance_is_told_by ("nobody"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/balance/read", test_read);
  g_test_add_func ("/balance/no-answer", test_no_answer);
  g_test_add_func ("/balance/as-the-book-says", test_as_the_book_says);
  g_test_add_func ("/balance/sentences", test_sentences);
  g_test_add_func ("/balance/words-of-theirs", test_words_of_theirs);
  g_test_add_func ("/balance/who-tells", test_who_tells);
  return g_test_run ();
}

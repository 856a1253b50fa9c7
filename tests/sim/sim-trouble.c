/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong with providers and with what they say, for every provider alike. Power fails at
 * any point of a life besides, so each of these meets each of those. What stands for what:
 *
 * - no name, refused, no connection in time, or TLS that is expired, of the wrong host or
 * authority: "no line" (sim-line.c), surely nothing left; what curl makes of each is in test-http.c
 * - the clock is wrong: the till's jumps, the providers' do not
 * - cut before, after, in the answer: drop, silent, half, "cut behind the headers"
 * - a late answer, a late request: slow, "takes six minutes", "held up on the way"
 * - drip, endless, huge, cut: strangers of status 0
 * - the line repeats a request: twice
 * - elsewhere, a portal, a proxy's words: redirect, strangers (200, 302, 400 … 504, gone through or
 *   not)
 * - HTTP 500, done and not done: error-done, error-not-done
 * - no JSON, not UTF-8, NUL, nested, twice: garbage and the ways of spoiling
 * - a wrong signature, another's answer: bad-signature, another_yes () in sim-line.c
 * - another amount: wrong-amount
 * - a word nobody knows: refuse (nothing done), strange (done behind it)
 * - taken in, then closed, stuck, sent on: processing with its endings, send_on ()
 * - done, and taken back later: take_back_done ()
 * - not found for a while: not-found
 * - an old state after a new one: old-state, also behind "done"
 * - a number that is forgotten: the lenient model executes every repeat
 * - balance too low, too old, too soon: refuse; a year and a month go by
 * - notices, late, repeated, of nobody's number: sim-notice.c
 * - settlement files, missing, late, cut, of another amount: sim-settle.c
 *
 * Not here: what is curl's alone (old TLS, proxies of the environment, a kept-alive line that sends
 * again, Expect; HTTP/2 is not spoken) is in test-http.c. Another currency and a yes without a
 * number would have to be signed by the provider: the codecs' own tests. Fifty refunds of one
 * payment: test-wechat-tongue.c. That somebody gives money back
 * at the provider's own counter breaks M5 by its nature. */
#include "tests/sim/sim-world.h"

#include <string.h>

#define NESTED 200000

/* --- strangers on the line --- */

/* status 0: no whole answer. The bodies are nobody's who speaks for a provider. */
static const struct
{
  const char *what;
  int status;
  const char *body;
} strangers[] = {
  { "a portal wants a room number", 200, "<!DOCTYPE html><title>Welcome</title>" },
  { "somewhere else", 302, "" },
  { "a bad request, says a box", 400, "{\"message\":\"bad request\"}" },
  { "a box wants a password", 401, "{\"error\":\"unauthorized\"}" },
  { "a box forbids it", 403, "<html>403 Forbidden</html>" },
  { "a box knows no such page", 404, "<html>404 Not Found</html>" },
  { "a conflict, says a box", 409, "{}" },
  { "too much, says a box", 429, "Too many requests" },
  { "a box is broken", 500, "" },
  { "a bad gateway", 502, "<html>502 Bad Gateway</html>" },
  { "no service", 503, "{\"code\":\"OK\"}" },
  { "a gateway waited too long", 504, "upstream request timeout" },
  { "the line was cut behind the headers", 0, NULL },
  { "one byte a second", 0, NULL },
  { "the answer does not end", 0, NULL },
  { "the answer is larger than anything a provider says", 0, NULL },
};

TillReply *
till_trouble_stranger (World *world, gboolean *reached)
{
  guint which = till_world_draw (world, G_N_ELEMENTS (strangers));
  *reached = till_world_draw (world, 2) == 1;
  if (!till_world_trouble (world, 30, strangers[which].what))
    return NULL;
  till_world_tell (world, "  %s", *reached ? "it went through" : "it did not go through");
  if (strangers[which].status == 0)
    return till_reply_new (TILL_FATE_MAYBE_SENT, 0, strangers[which].what);
  TillReply *reply = till_reply_new (TILL_FATE_ANSWERED, strangers[which].status, NULL);
  reply->date_at = till_clock_now (world->time);
  reply->retry_after_s = strangers[which].status == 429 ? TILL_RETRY_AFTER_MAX_S : 0;
  g_autoptr (GBytes) body
      = g_bytes_new_static (strangers[which].body, strlen (strangers[which].body));
  till_reply_set_body (reply, body);
  return reply;
}

/* --- answers that are changed on their way --- */

typedef enum
{
  SPOIL_FIRST_BYTE,
  SPOIL_LAST_BYTE,
  SPOIL_NUL,
  SPOIL_NO_UTF8,
  SPOIL_SAID_TWICE,
  SPOIL_NESTED,
  SPOIL_EMPTY,
  SPOIL_HEADERS_TWICE,
  N_SPOILS
} Spoil;

static const char *const spoil_words[N_SPOILS] = {
  "the answer's first byte is another one",
  "the answer's last byte is missing",
  "there is a NUL in the answer",
  "the answer is no UTF-8",
  "the answer says its first thing twice",
  "the answer is nested without end",
  "the answer is empty",
  "the answer has every header twice",
};

static void
insert (GByteArray *body, gsize at, const char *bytes, gsize size)
{
  g_autofree guint8 *rest = g_memdup2 (body->data + at, body->len - at);
  gsize left = body->len - at;
  g_byte_array_set_size (body, (guint)at);
  g_byte_array_append (body, (const guint8 *)bytes, (guint)size);
  g_byte_array_append (body, rest, (guint)left);
}

/* {"a":1,… becomes {"a":1,"a":1,…; what is no object becomes nonsense, which does as well. */
static void
say_twice (GByteArray *body)
{
  const guint8 *comma = memchr (body->data, ',', body->len);
  gsize size = comma ? (gsize)(comma - body->data) : 0;
  g_autofree char *first = g_strndup ((const char *)body->data + 1, size);
  insert (body, 1, first, size);
}

static void
change_body (GByteArray *body, Spoil spoil)
{
  switch (spoil)
    {
    case SPOIL_FIRST_BYTE:
      body->data[0] ^= 1;
      break;
    case SPOIL_LAST_BYTE:
      g_byte_array_set_size (body, body->len - 1);
      break;
    case SPOIL_NUL:
      insert (body, body->len / 2, "\0", 1);
      break;
    case SPOIL_NO_UTF8:
      insert (body, body->len / 2, "\xff\xfe", 2);
      break;
    case SPOIL_SAID_TWICE:
      say_twice (body);
      break;
    case SPOIL_NESTED:
      g_byte_array_set_size (body, NESTED);
      memset (body->data, '[', NESTED);
      break;
    case SPOIL_EMPTY:
    default:
      g_byte_array_set_size (body, 0);
    }
}

void
till_trouble_spoil (World *world, TillReply *reply)
{
  Spoil spoil = (Spoil)till_world_draw (world, N_SPOILS);
  gsize size = g_bytes_get_size (reply->body);
  if (reply->fate != TILL_FATE_ANSWERED || size < 2
      || !till_world_trouble (world, 40, spoil_words[spoil]))
    return;
  if (spoil == SPOIL_HEADERS_TWICE)
    {
      g_autoptr (GList) names = g_hash_table_get_keys (reply->fields);
      for (GList *name = names; name; name = name->next)
        g_hash_table_insert (reply->fields, g_strdup (name->data), NULL);
      return;
    }
  GByteArray *body = g_byte_array_new ();
  g_byte_array_append (body, g_bytes_get_data (reply->body, NULL), (guint)size);
  change_body (body, spoil);
  g_autoptr (GBytes) changed = g_byte_array_free_to_bytes (body);
  till_reply_set_body (reply, changed);
}

/* --- providers that misbehave --- */

/* Words that a provider of that name really says, or that nobody knows. */
static const struct
{
  const char *provider; /* NULL: any */
  TillErrandKind kind;
  const char *reason;
} reasons[] = {
  { NULL, TILL_ERRAND_REFUND, "BALANCE_LOW" },
  { NULL, TILL_ERRAND_REFUND, "ACCOUNT_CLOSED" },
  { NULL, TILL_ERRAND_REFUND, "ORIGINAL_DIFFERS" },
  { NULL, TILL_ERRAND_REFUND, "TOO_SOON" },
  { NULL, TILL_ERRAND_REFUND, "RISK_HOLD" },
  { NULL, TILL_ERRAND_REFUND, "REFUND_CLOSED" },
  { NULL, TILL_ERRAND_REFUND, "BECAUSE" },
  { NULL, TILL_ERRAND_REFUND, "ORIGINAL_TOO_OLD" },
  { NULL, TILL_ERRAND_REFUND, "TOO_LATE_TO_VOID" },
  { NULL, TILL_ERRAND_PAY, "CUSTOMER_FUNDS_LOW" },
  { NULL, TILL_ERRAND_PAY, "CODE_EXPIRED" },
  { NULL, TILL_ERRAND_PAY, "BECAUSE" },
  { NULL, TILL_ERRAND_REVERSE, "RISK_HOLD" },
  { NULL, TILL_ERRAND_QUERY_PAY, "BUSY" },
  { NULL, TILL_ERRAND_QUERY_PAY, "SYSTEM_ERROR" },
  { NULL, TILL_ERRAND_QUERY_REFUND, "BUSY" },
  { NULL, TILL_ERRAND_QUERY_REFUND, "SYSTEM_ERROR" },
  { "unionpay", TILL_ERRAND_REFUND, "39" },
  { "unionpay", TILL_ERRAND_REFUND, "90" },
  { "unionpay", TILL_ERRAND_REFUND, "06" },
  { "unionpay", TILL_ERRAND_PAY, "64" },
  { "unionpay", TILL_ERRAND_QUERY_REFUND, "37" },
  { "unionpay", TILL_ERRAND_QUERY_PAY, "37" },
  { "wechat", TILL_ERRAND_REFUND, "NOT_ENOUGH" },
  { "wechat", TILL_ERRAND_REFUND, "FREQUENCY_LIMITED" },
  { "wechat", TILL_ERRAND_REFUND, "USER_ACCOUNT_ABNORMAL" },
  { "wechat", TILL_ERRAND_PAY, "NOT_ENOUGH" },
  { "wechat", TILL_ERRAND_RECALL, "NO_AUTH" },
  { "wechat", TILL_ERRAND_RECALL, "FREQUENCY_LIMITED" },
  { "wechat", TILL_ERRAND_QUERY_PAY, "FREQUENCY_LIMITED" },
  { "alipay", TILL_ERRAND_REFUND, "ACQ.SELLER_BALANCE_NOT_ENOUGH" },
  { "alipay", TILL_ERRAND_REFUND, "ACQ.TRADE_HAS_FINISHED" },
  { "alipay", TILL_ERRAND_PAY, "ACQ.BUYER_BALANCE_NOT_ENOUGH" },
  { "alipay", TILL_ERRAND_QUERY_REFUND, "20000" },
  { "stripe", TILL_ERRAND_REFUND, "balance_insufficient" },
  { "stripe", TILL_ERRAND_REFUND, "rate_limit" },
  { "stripe", TILL_ERRAND_REFUND, "charge_disputed" },
  { "stripe", TILL_ERRAND_PRESENT, "terminal_reader_busy" },
  { "stripe", TILL_ERRAND_PRESENT, "terminal_reader_offline" },
  { "stripe", TILL_ERRAND_PRESENT, "terminal_reader_timeout" },
  { "stripe", TILL_ERRAND_PAY, "rate_limit" },
  { "lakala", TILL_ERRAND_REFUND, "FAIL" },
  { "lakala", TILL_ERRAND_REFUND, "BBS11105" },
  { "lakala", TILL_ERRAND_PAY, "FAIL" },
  { "umpay", TILL_ERRAND_REFUND, "00060761" },
  { "umpay", TILL_ERRAND_PAY, "00060761" },
};

static const char *
reason_for (World *world, const Rail *rail, TillErrandKind kind)
{
  const char *fitting[G_N_ELEMENTS (reasons)];
  guint n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].kind == kind
        && (!reasons[i].provider || strcmp (reasons[i].provider, rail->codec->profile->name) == 0))
      fitting[n++] = reasons[i].reason;
  g_assert (n > 0);
  return fitting[till_world_draw (world, n)];
}

/* Done, and answered with a word nobody told us about, or with one that says nothing. */
static const char *
strange_word (World *world, const Rail *rail)
{
  static const char *const digits[] = { "03", "04", "77", "00060761" };
  static const char *const words[] = { "SYSTEM_ERROR", "MOON_IN_WRONG_PLACE", "20000", "BBS11112" };
  static const char *const in_digits[] = { "unionpay", "umpay", NULL };
  guint which = till_world_draw (world, G_N_ELEMENTS (words));
  return g_strv_contains (in_digits, rail->codec->profile->name) ? digits[which] : words[which];
}

/* Only a refund can end as stuck; of a payment no provider has a word for it. Where it can be
 * recalled it does more often: else too few seeds would come to that. */
static const char *
ending (World *world, const Rail *rail, TillErrandKind kind)
{
  static const char *const ends[] = { NULL, NULL, "CLOSED", "ABNORMAL", "ABNORMAL", "ABNORMAL" };
  gboolean recalls = till_profile_can (rail->codec->profile, TILL_ERRAND_RECALL);
  const char *end = ends[till_world_draw (world, recalls ? 6 : 4)];
  return kind == TILL_ERRAND_PAY && g_strcmp0 (end, "ABNORMAL") == 0 ? "CLOSED" : end;
}

/* TRUE for what this provider can do without lying. A lenient one executes what it gets, so it gets
 * each request once and hides nothing. */
static gboolean
is_possible (const Rail *rail, TillErrandKind kind, TillProviderFault fault)
{
  gboolean bookable = kind == TILL_ERRAND_PAY || kind == TILL_ERRAND_REFUND;
  if (fault == TILL_PROVIDER_PROCESSING && kind == TILL_ERRAND_PRESENT)
    return TRUE;
  if (fault == TILL_PROVIDER_PROCESSING || fault == TILL_PROVIDER_NOT_FOUND)
    return bookable && !(rail->lenient && fault == TILL_PROVIDER_NOT_FOUND);
  if (fault == TILL_PROVIDER_TWICE)
    return !rail->lenient;
  if (fault == TILL_PROVIDER_REFUSE && kind == TILL_ERRAND_REFUND)
    return !rail->long_late;
  return TRUE;
}

/* A refund that was stuck reaches the payer after all: somebody at the provider has sent it on.
 * Only where that is said to happen; elsewhere what is stuck is given up and paid another way. */
static void
send_on (World *world, Rail *rail)
{
  g_autoptr (GPtrArray) payments = till_provider_refunds_of (rail->provider, NULL);
  for (guint i = 0; i < payments->len; i++)
    {
      const char *payment = g_ptr_array_index (payments, i);
      g_autoptr (GPtrArray) refunds = till_provider_refunds_of (rail->provider, payment);
      for (guint j = 0; j < refunds->len; j++)
        {
          TillProviderAnswer stuck;
          const char *no = g_ptr_array_index (refunds, j);
          if (!till_provider_peek (rail->provider, TILL_ERRAND_REFUND, no, NULL, &stuck)
              || strcmp (stuck.status, "ABNORMAL") != 0)
            continue;
          const TillRecord record = { .kind = TILL_RECORD_STATE,
                                      .errand = TILL_ERRAND_REFUND,
                                      .request_no = no,
                                      .tongue = rail->codec->profile->name,
                                      .original_no = payment,
                                      .provider_no = stuck.provider_no,
                                      .status = "SUCCESS",
                                      .moves = TRUE,
                                      .amount = stuck.amount,
                                      .at = till_clock_now (world->time) };
          gboolean booked = till_provider_replay (rail->provider, &record, NULL);
          g_assert (booked);
          till_world_tell (world, "  %s is sent on", no);
          return;
        }
    }
}

/* Young enough that the till will ask about it once more, if its clock was always right. */
static gboolean
will_be_asked_again (const World *world, const Rail *rail, const TillRecord *done)
{
  const TillProfile *profile = rail->codec->profile;
  return !world->jumped && profile->n_recheck > 0
         && till_clock_now (world->time)
                < done->at + profile->recheck_s[profile->n_recheck - 1] * TILL_SECOND;
}

/* What is stuck and goes on under its number, because somebody sends it on or puts it right: then
 * money moves twice under one number and has come back once. A till that has not heard of "done"
 * takes what came back for a refusal. */
static gboolean
is_executed_again (World *world, const Rail *rail, const TillRecord *done)
{
  static const char *const goes_on[] = { "stripe", "wechat", NULL };
  return g_strv_contains (goes_on, rail->codec->profile->name)
         || !till_watch_says_done (world->watch, rail, done->request_no);
}

/* A refund that was done comes back, as when the customer's bank has returned it. */
static void
take_back_done (World *world, Rail *rail)
{
  guint n = till_provider_n_effects (rail->provider);
  guint first = n ? till_world_draw (world, n) : 0;
  for (guint i = 0; i < n; i++)
    {
      TillProviderAnswer answer;
      const TillRecord *done = till_provider_effect (rail->provider, (first + i) % n);
      if (till_record_effect_kind (done) != TILL_ERRAND_REFUND
          || !will_be_asked_again (world, rail, done)
          || !till_provider_peek (rail->provider, done->errand, done->request_no, done->identity,
                                  &answer)
          || strcmp (answer.status, "SUCCESS") != 0
          || till_provider_count_effects (rail->provider, TILL_ERRAND_REFUND, done->request_no) > 1)
        continue;
      TillRecord back = *done;
      back.status = is_executed_again (world, rail, done) || till_world_draw (world, 2)
                        ? "CLOSED"
                        : "ABNORMAL";
      back.ends = NULL;
      back.moves = FALSE;
      back.left = 0;
      back.at = till_clock_now (world->time);
      gboolean booked = till_provider_replay (rail->provider, &back, NULL);
      g_assert (booked);
      world->bounced = TRUE;
      till_world_tell (world, "  %s comes back, %s", done->request_no, back.status);
      return;
    }
}

/* Where it can be recalled, more gets stuck, and recalls go wrong: else few seeds would see one. */
static void
draw_recall (World *world, TillErrandKind *kind, TillProviderFault *fault)
{
  guint what = till_world_draw (world, 4);
  if (what == 0)
    *kind = TILL_ERRAND_RECALL;
  if (what == 1)
    {
      *kind = TILL_ERRAND_REFUND;
      *fault = TILL_PROVIDER_PROCESSING;
    }
}

void
till_world_misbehave (World *world)
{
  static const TillErrandKind kinds[]
      = { TILL_ERRAND_REFUND,       TILL_ERRAND_REFUND,    TILL_ERRAND_REFUND, TILL_ERRAND_PAY,
          TILL_ERRAND_QUERY_REFUND, TILL_ERRAND_QUERY_PAY, TILL_ERRAND_REVERSE };
  if (!till_world_trouble (world, 1, "a provider misbehaves"))
    return;
  Rail *rail = &world->rails[till_world_draw (world, world->n_rails)];
  TillErrandKind kind = kinds[till_world_draw (world, G_N_ELEMENTS (kinds))];
  TillProviderFault fault
      = (TillProviderFault)(1 + till_world_draw (world, TILL_PROVIDER_STRANGE + 1));
  int times = 1 + (int)till_world_draw (world, 3), value = 0;
  const char *text = NULL;
  if (fault > TILL_PROVIDER_STRANGE)
    fault = TILL_PROVIDER_OLD_STATE;
  if (strcmp (rail->codec->profile->name, "wechat") == 0 && till_world_draw (world, 3) == 0)
    send_on (world, rail);
  if (till_profile_can (rail->codec->profile, TILL_ERRAND_RECALL))
    draw_recall (world, &kind, &fault);
  if (till_profile_can (rail->codec->profile, TILL_ERRAND_PRESENT)
      && till_world_draw (world, 3) == 0)
    kind = TILL_ERRAND_PRESENT;
  if (till_world_draw (world, 4) == 0)
    take_back_done (world, rail);
  if (!is_possible (rail, kind, fault))
    return;
  if (fault == TILL_PROVIDER_SLOW || fault == TILL_PROVIDER_SILENT)
    value = (int)till_world_draw (world, 60000);
  else if (fault == TILL_PROVIDER_PROCESSING || fault == TILL_PROVIDER_NOT_FOUND)
    value = 1 + (int)till_world_draw (world, 4);
  if (fault == TILL_PROVIDER_REFUSE)
    text = reason_for (world, rail, kind);
  else if (fault == TILL_PROVIDER_STRANGE)
    text = strange_word (world, rail);
  else if (fault == TILL_PROVIDER_PROCESSING)
    text = ending (world, rail, kind);
  else if (fault == TILL_PROVIDER_OLD_STATE && till_errand_kind_is_query (kind) && !rail->lenient)
    text = till_world_draw (world, 2) ? "NOT_FOUND" : "PROCESSING";
  world->repeated = world->repeated || fault == TILL_PROVIDER_TWICE;
  till_world_tell (world, "  %s, %s: %s %s × %d", rail->codec->profile->name,
                   till_errand_kind_word (kind), till_provider_fault_word (fault), text ? text : "",
                   times);
  g_autoptr (GError) error = NULL;
  if (!till_provider_set_fault (rail->provider, kind, fault, times, value, text, &error))
    till_world_fail (world, "no such trouble: %s", error->message);
}

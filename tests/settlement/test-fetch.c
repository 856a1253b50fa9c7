/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settlement files over the line: till-sandbox as a process, real HTTPS. Something is sold through
 * each provider, parts of it are given back, one answer is lost; then its file is fetched and held
 * against what we know. After that the file is spoiled in each way that can be asked for, and each
 * has its own verdict. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/funds.h"
#include "data/settlement/matching.h"
#include "devices/gateway/file-fetch.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"
#include "tests/settlement/zip.h"

#include <gio/gio.h>
#include <string.h>

#define HALF_A_DAY (12 * 3600 * TILL_SECOND)

typedef struct
{
  const char *name, *account, *auth;
  int day_end_s; /* its clearing day ends so long after midnight; 0: at midnight */
  gboolean payments_only;
  gboolean unsealed; /* nothing of its file is signed */
  int64_t
      asks_after; /* µs; it is asked so much later, for it has no list of a day that is not over */
} Provider;

static const Provider providers[] = {
  { "sandbox", "account", "281234567890123456", 0 },
  { "wechat", "accounts/wechat", "131234567890123456", 0 },
  { "alipay", "accounts/alipay", "281234567890123456", 0 },
  { "umpay", "accounts/umpay", "281234567890123456", 0, TRUE, TRUE },
  { "unionpay", "accounts/unionpay", "6221234567890123456", 23 * 3600 },
  { "stripe", "accounts/stripe", NULL, 0, FALSE, TRUE, 2 * TILL_DAY },
};

typedef struct
{
  char *dir;            /* owned */
  GSubprocess *process; /* owned */
  TillHttp *http;       /* owned */
  char *token;          /* owned */
  /* of the provider that is at work */
  const Provider *provider;
  const TillCodec *codec;
  TillAccount *account; /* owned */
  GPtrArray *facts;     /* owned; of TillBookFact: what we know */
  GPtrArray *numbers;   /* owned; the provider's, of what was made first and then presented */
  int64_t began;        /* µs UTC */
} Shop;

static void
run_quietly (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
}

static Shop *
shop_new (void)
{
  Shop *shop = g_new0 (Shop, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *exe
      = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app/sandbox/till-sandbox", NULL);
  g_autofree char *top = g_dir_make_tmp ("till-fetch-XXXXXX", NULL);
  shop->dir = g_build_filename (top, "shop", NULL);
  const char *init[] = { exe, "--init", shop->dir, NULL };
  run_quietly (init);
  const char *serve[] = { exe, "--state", shop->dir, "--port", "0", NULL };
  shop->process = g_subprocess_newv (serve, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (shop->process));
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  g_assert_nonnull (line);
  g_autofree char *token_path = g_build_filename (shop->dir, "control.token", NULL);
  g_assert_true (g_file_get_contents (token_path, &shop->token, NULL, NULL));
  shop->http = till_http_new ();
  shop->numbers = g_ptr_array_new_with_free_func (g_free);
  return shop;
}

static void
shop_choose (Shop *shop, const Provider *provider)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&shop->account, till_account_free);
  g_clear_pointer (&shop->facts, g_ptr_array_unref);
  g_autofree char *dir = g_build_filename (shop->dir, provider->account, NULL);
  shop->provider = provider;
  shop->codec = till_codec_find (provider->name);
  shop->account = till_account_load (dir, &error);
  g_assert_no_error (error);
  shop->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)till_book_fact_free);
  shop->began = g_get_real_time ();
}

static void
shop_free (Shop *shop)
{
  g_subprocess_force_exit (shop->process);
  g_subprocess_wait (shop->process, NULL, NULL);
  g_object_unref (shop->process);
  g_autofree char *top = g_path_get_dirname (shop->dir);
  const char *argv[] = { "rm", "-r", top, NULL };
  run_quietly (argv);
  g_clear_pointer (&shop->account, till_account_free);
  g_clear_pointer (&shop->facts, g_ptr_array_unref);
  till_http_free (shop->http);
  g_ptr_array_unref (shop->numbers);
  g_free (shop->token);
  g_free (shop->dir);
  g_free (shop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shop, shop_free)

static void
control (Shop *shop, const char *path, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (TillRequest) request = till_request_new (shop->account->base_url, path, body);
  g_autofree char *bearer = g_strconcat ("Bearer ", shop->token, NULL);
  till_request_add_header (request, "Authorization", bearer);
  request->ca_file = g_strdup (shop->account->ca_file);
  request->connect_ms = request->total_ms = 5000;
  g_autoptr (TillReply) answer = till_http_send (shop->http, request);
  g_assert_cmpint (answer->status, ==, 200);
}

static TillOutcome *
ask (Shop *shop, TillErrand errand)
{
  errand.provider = (char *)shop->provider->name;
  errand.asked_at = g_get_real_time ();
  g_autoptr (TillRequest) request = shop->codec->build (&errand, shop->account);
  g_autoptr (TillReply) answer = till_http_send (shop->http, request);
  return shop->codec->interpret (&errand, shop->account, answer);
}

/* Does it and remembers it as a fact; asks after it when the answer does not say that it is done.
 */
static TillBookFact *
carry_out (Shop *shop, TillErrand errand)
{
  errand.requested_at = g_get_real_time ();
  gboolean pays = errand.kind == TILL_ERRAND_PAY;
  g_autoptr (TillOutcome) outcome = ask (shop, errand);
  if (outcome->kind == TILL_OUTCOME_OPENED)
    {
      TillErrand present = errand;
      present.kind = TILL_ERRAND_PRESENT;
      present.provider_no = errand.provider_no = g_strdup (outcome->provider_no);
      g_ptr_array_add (shop->numbers, errand.provider_no);
      g_clear_pointer (&outcome, till_outcome_free);
      outcome = ask (shop, present);
    }
  for (int i = 0; i < 3 && outcome->kind != TILL_OUTCOME_DONE; i++)
    {
      TillErrand query = errand;
      query.kind = pays ? TILL_ERRAND_QUERY_PAY : TILL_ERRAND_QUERY_REFUND;
      query.auth = query.subject = NULL;
      g_clear_pointer (&outcome, till_outcome_free);
      outcome = ask (shop, query);
    }
  g_test_message ("%s %s: %s %s %s", shop->provider->name, errand.request_no,
                  till_outcome_kind_word (outcome->kind), outcome->code ? outcome->code : "",
                  outcome->detail ? outcome->detail : "");
  g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_DONE);
  TillBookFact *fact = g_new0 (TillBookFact, 1);
  fact->kind = pays ? TILL_SETTLEMENT_PAYMENT : TILL_SETTLEMENT_REFUND;
  fact->request_no = g_strdup (errand.request_no);
  fact->original_no = g_strdup (errand.original_no);
  fact->provider_no = g_strdup (outcome->provider_no);
  fact->amount = errand.amount;
  fact->state = TILL_FACT_DONE;
  fact->from_at = fact->to_at = errand.requested_at;
  g_ptr_array_add (shop->facts, fact);
  return fact;
}

static TillBookFact *
sell (Shop *shop, const char *request_no, TillMoney amount)
{
  return carry_out (shop, (TillErrand){ .kind = TILL_ERRAND_PAY,
                                        .request_no = (char *)request_no,
                                        .amount = amount,
                                        .auth = (char *)shop->provider->auth,
                                        .subject = (char *)"Tea" });
}

static void
give_back (Shop *shop, const char *request_no, const TillBookFact *payment, TillMoney amount)
{
  carry_out (shop, (TillErrand){ .kind = TILL_ERRAND_REFUND,
                                 .request_no = (char *)request_no,
                                 .amount = amount,
                                 .subject = (char *)"Tea back",
                                 .original_no = payment->request_no,
                                 .original_amount = payment->amount,
                                 .original_provider_no = payment->provider_no,
                                 .original_requested_at = payment->from_at });
}

/* Three payments, parts of them back, the last answer lost. Of one payment once: some providers
 * want a minute between two refunds. */
static void
trade (Shop *shop)
{
  const TillBookFact *one = sell (shop, "01P1126000000001", 1000);
  const TillBookFact *two = sell (shop, "01P1126000000002", 2599);
  sell (shop, "01P1126000000003", 333);
  give_back (shop, "01R1126000000001", one, 250);
  control (shop, "/control/fault", "{\"kind\":\"refund\",\"fault\":\"silent\"}");
  give_back (shop, "01R1126000000002", two, 599);
  control (shop, "/control/clear", "{}");
}

/* In which of its days all this happened. */
static int
day_of (const Shop *shop)
{
  int end_s = shop->provider->day_end_s;
  int64_t shift = end_s ? (24 * 3600 - end_s) * TILL_SECOND : 0;
  return till_clock_day (shop->began + shift, TILL_CHINA);
}

static TillFileFetch *
fetch (Shop *shop)
{
  g_autoptr (GError) error = NULL;
  int day = day_of (shop);
  TillFileFetch *got
      = till_file_fetch (till_http_transport (shop->http), shop->codec, shop->account, day,
                         g_get_real_time () + shop->provider->asks_after, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %s %s %s", shop->provider->name, till_file_kind_word (got->answer->kind),
                  got->answer->code ? got->answer->code : "",
                  got->answer->detail ? got->answer->detail : "");
  return got;
}

static TillMatching *
match (Shop *shop, const TillFileFetch *got)
{
  g_autoptr (GError) error = NULL;
  TillMatchDay day = { shop->began - HALF_A_DAY, shop->began + HALF_A_DAY, 0 };
  g_assert_nonnull (got->settlement);
  TillMatching *matching = till_matching_new (got->settlement, shop->facts, &day, &error);
  g_assert_no_error (error);
  return matching;
}

static void
check_right_file (Shop *shop)
{
  g_autoptr (TillFileFetch) got = fetch (shop);
  g_assert_cmpint (got->answer->kind, ==, TILL_FILE_HERE);
  g_autoptr (TillMatching) matching = match (shop, got);
  g_assert_false (matching->open);
  gboolean all = !shop->provider->payments_only;
  g_assert_cmpint (matching->theirs[TILL_MATCH_MATCHED].rows, ==, all ? 5 : 3);
  g_assert_cmpint (matching->theirs[TILL_MATCH_MATCHED].paid, ==, 3932);
  g_assert_cmpint (matching->theirs[TILL_MATCH_MATCHED].returned, ==, all ? 849 : 0);
  g_assert_cmpint (matching->ours[TILL_MATCH_UNLISTED].returned, ==, all ? 0 : 849);
  g_assert_cmpint (matching->our_sum.returned, ==, 849);
}

/* MATCHED: nothing is open. */
static const struct
{
  const char *fault;
  TillFileKind kind;
  TillMatchClass match;
  int64_t theirs, ours;
} spoiled[] = {
  { "missing", TILL_FILE_NOT_YET, TILL_MATCH_MATCHED, 0, 0 },
  { "late", TILL_FILE_NOT_YET, TILL_MATCH_MATCHED, 0, 0 },
  { "cut", TILL_FILE_BROKEN, TILL_MATCH_MATCHED, 0, 0 },
  { "repeated-row", TILL_FILE_BROKEN, TILL_MATCH_MATCHED, 0, 0 },
  { "wrong-total", TILL_FILE_BROKEN, TILL_MATCH_MATCHED, 0, 0 },
  { "unknown-refund", TILL_FILE_HERE, TILL_MATCH_THEIRS, 1, 0 },
  { "row-missing", TILL_FILE_HERE, TILL_MATCH_OURS, 0, 1 },
  { "other-amount", TILL_FILE_HERE, TILL_MATCH_AMOUNT, 1, 1 },
};

static void
check_spoiled_files (Shop *shop)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spoiled); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("{\"kind\":\"file\",\"fault\":\"%s\"}", spoiled[i].fault);
      control (shop, "/control/fault", text);
      g_test_message ("%s", spoiled[i].fault);
      g_autoptr (TillFileFetch) got = fetch (shop);
      g_assert_cmpint (got->answer->kind, ==, spoiled[i].kind);
      g_assert_true ((got->settlement != NULL) == (spoiled[i].kind == TILL_FILE_HERE));
      if (spoiled[i].kind == TILL_FILE_NOT_YET)
        g_assert_cmpint (got->answer->ready_at, >, shop->began);
      if (spoiled[i].kind == TILL_FILE_BROKEN)
        g_assert_nonnull (got->answer->detail);
      if (!got->settlement)
        continue;
      g_autoptr (TillMatching) matching = match (shop, got);
      g_assert_true (matching->open);
      g_assert_cmpint (matching->theirs[spoiled[i].match].rows, ==, spoiled[i].theirs);
      g_assert_cmpint (matching->ours[spoiled[i].match].rows, ==, spoiled[i].ours);
      for (int n = 0; n < TILL_N_MATCHES; n++)
        if (n != (int)spoiled[i].match && till_match_class_is_open ((TillMatchClass)n))
          g_assert_cmpint (matching->theirs[n].rows + matching->ours[n].rows, ==, 0);
    }
  control (shop, "/control/clear", "{}");
}

/* --- the fund flow beside the bill --- */

/* The three payments of trade () with fees of 6, 16 and 2, and its two refunds with 2 and 4. */
static void
check_right_funds (Shop *shop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillFileFetch) got = fetch (shop);
  g_assert_cmpint (got->funds_answer->kind, ==, TILL_FILE_HERE);
  g_assert_cmpint (got->funds->rows->len, ==, 3 + 3 + 2);
  g_autoptr (TillFunds) funds = till_funds_new (got->settlement, got->funds, &error);
  g_assert_no_error (error);
  g_assert_null (funds->first);
  g_assert_cmpint (funds->bill[TILL_FUNDS_PAID], ==, 3932);
  g_assert_cmpint (funds->flow[TILL_FUNDS_PAID], ==, 3932);
  g_assert_cmpint (funds->bill[TILL_FUNDS_FEES], ==, 6 + 16 + 2);
  g_assert_cmpint (funds->flow[TILL_FUNDS_FEES], ==, 6 + 16 + 2);
  g_assert_cmpint (funds->bill[TILL_FUNDS_RETURNED], ==, 849 - 2 - 4);
  g_assert_cmpint (funds->flow[TILL_FUNDS_RETURNED], ==, 849 - 2 - 4);
}

/* Whatever is wrong with the flow, the bill is there. */
static void
check_spoiled_funds (Shop *shop)
{
  static const struct
  {
    const char *fault, *code;
    TillFileKind kind;
  } rows[] = {
    { "funds-missing", "NO_STATEMENT_EXIST", TILL_FILE_NOT_YET },
    { "funds-refused", "NO_AUTH", TILL_FILE_REFUSED },
    { "funds-wrong-total", NULL, TILL_FILE_BROKEN },
    { "funds-other-amount", NULL, TILL_FILE_HERE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text
          = g_strdup_printf ("{\"kind\":\"file\",\"fault\":\"%s\"}", rows[i].fault);
      control (shop, "/control/fault", text);
      g_test_message ("%s", rows[i].fault);
      g_autoptr (TillFileFetch) got = fetch (shop);
      g_assert_nonnull (got->settlement);
      g_assert_cmpint (got->funds_answer->kind, ==, rows[i].kind);
      g_assert_cmpstr (got->funds_answer->code, ==, rows[i].code);
      g_assert_true ((got->funds != NULL) == (rows[i].kind == TILL_FILE_HERE));
      if (rows[i].kind == TILL_FILE_NOT_YET)
        g_assert_cmpint (got->funds_answer->ready_at, >, shop->began);
      if (rows[i].kind == TILL_FILE_BROKEN)
        g_assert_nonnull (got->funds_answer->detail);
      if (!got->funds)
        continue;
      g_autoptr (TillFunds) funds = till_funds_new (got->settlement, got->funds, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (funds->first, ==, "01R1126000000002");
      g_assert_cmpint (funds->differing, ==, 1);
    }
  control (shop, "/control/clear", "{}");
}

static void
test_funds (void)
{
  g_autoptr (Shop) shop = shop_new ();
  shop_choose (shop, &providers[1]);
  trade (shop);
  check_right_funds (shop);
  check_spoiled_funds (shop);
  check_right_funds (shop);
  control (shop, "/control/fault", "{\"kind\":\"file\",\"fault\":\"missing\"}");
  g_autoptr (TillFileFetch) none = fetch (shop);
  g_assert_null (none->settlement);
  g_assert_null (none->funds_answer); /* there is nothing to hold it against */
  control (shop, "/control/clear", "{}");
  shop_choose (shop, &providers[0]);
  g_autoptr (TillFileFetch) other = fetch (shop);
  g_assert_nonnull (other->settlement);
  g_assert_null (other->funds_answer); /* this one has no such file */
}

/* By hand: the bill, or the bill and then the flow. */
static void
test_funds_by_hand (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GError) error = NULL;
  shop_choose (shop, &providers[1]);
  trade (shop);
  g_autoptr (TillFileFetch) got = fetch (shop);
  gpointer bill = g_ptr_array_index (got->answer->members, 0);
  gpointer flow = g_ptr_array_index (got->funds_answer->members, 0);
  g_autoptr (GPtrArray) members = g_ptr_array_new ();
  g_ptr_array_add (members, bill);
  g_autoptr (TillFileFetch) alone
      = till_file_fetch_members (shop->codec, shop->account, day_of (shop), members, &error);
  g_assert_no_error (error);
  g_assert_nonnull (alone->settlement);
  g_assert_null (alone->funds_answer);
  g_ptr_array_add (members, flow);
  g_autoptr (TillFileFetch) both
      = till_file_fetch_members (shop->codec, shop->account, day_of (shop), members, &error);
  g_assert_no_error (error);
  g_assert_nonnull (both->settlement);
  g_assert_nonnull (both->funds);
  g_ptr_array_insert (members, 0, flow);
  g_ptr_array_set_size (members, 2);
  g_autoptr (TillFileFetch) swapped
      = till_file_fetch_members (shop->codec, shop->account, day_of (shop), members, &error);
  g_assert_no_error (error);
  g_assert_cmpint (swapped->answer->kind, ==, TILL_FILE_BROKEN);
  g_assert_null (swapped->funds_answer);
}

static void
test_day (gconstpointer provider)
{
  g_autoptr (Shop) shop = shop_new ();
  shop_choose (shop, provider);
  trade (shop);
  check_right_file (shop);
  check_spoiled_files (shop);
  check_right_file (shop);
}

/* Who does not know the merchant's key gets nothing, and a dead line is no answer. */
static void
test_refused (void)
{
  g_autoptr (Shop) shop = shop_new ();
  shop_choose (shop, &providers[0]);
  g_free (shop->account->merchant_no);
  shop->account->merchant_no = g_strdup ("M999999");
  g_autoptr (TillFileFetch) refused = fetch (shop);
  g_assert_cmpint (refused->answer->kind, ==, TILL_FILE_REFUSED);
  g_free (shop->account->base_url);
  shop->account->base_url = g_strdup ("https://127.0.0.1:1");
  g_autoptr (TillFileFetch) dead = fetch (shop);
  g_assert_cmpint (dead->answer->kind, ==, TILL_FILE_UNKNOWN);
}

/* --- a line that lies --- */

typedef enum
{
  LIE_FLIP, /* a byte in the middle of the body is another one */
  LIE_CUT,  /* half of the body, as if it were all */
  LIE_ERROR,
  LIE_EMPTY,
  LIE_GARBAGE,
  N_LIES,
} Lie;

typedef struct
{
  TillHttp *http; /* unowned */
  Lie lie;
  int at;       /* which answer is spoiled, from 0 */
  int n;        /* answers so far */
  gboolean did; /* there was such an answer */
} Liar;

static GBytes *
spoil (Lie lie, GBytes *body)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (body, &size);
  if (lie == LIE_EMPTY || size == 0)
    return g_bytes_new (NULL, 0);
  if (lie == LIE_ERROR)
    return g_bytes_ref (body);
  if (lie == LIE_GARBAGE)
    return g_bytes_new_static ("\x1f\x8b\x08PK\x03\x04<META ", 13);
  if (lie == LIE_CUT)
    return g_bytes_new (data, size / 2);
  guint8 *copy = g_memdup2 (data, size);
  copy[size / 2] ^= 1;
  return g_bytes_new_take (copy, size);
}

static TillReply *
send_by_liar (gpointer self, const TillRequest *request, GError **error)
{
  Liar *liar = self;
  TillReply *reply = till_http_send (liar->http, request);
  if (liar->n++ != liar->at)
    return reply;
  liar->did = TRUE;
  if (liar->lie == LIE_ERROR)
    reply->status = 500;
  g_autoptr (GBytes) body = spoil (liar->lie, reply->body);
  till_reply_set_body (reply, body);
  return reply;
}

/* Whatever is wrong with an answer, no file comes of it that is matched. */
static void
test_liar (gconstpointer data)
{
  g_autoptr (Shop) shop = shop_new ();
  shop_choose (shop, data);
  trade (shop);
  int day = day_of (shop), n_lies = 0;
  for (int at = 0; at < 2 * TILL_FILE_STEPS_MAX; at++)
    for (int lie = 0; lie < N_LIES; lie++)
      {
        g_autoptr (GError) error = NULL;
        Liar liar = { .http = shop->http, .lie = (Lie)lie, .at = at };
        TillTransport transport = { .send = send_by_liar, .self = &liar };
        g_autoptr (TillFileFetch) got = till_file_fetch (transport, shop->codec, shop->account, day,
                                                         g_get_real_time (), &error);
        g_assert_no_error (error);
        g_test_message ("answer %d, lie %d: %s %s", at, lie,
                        till_file_kind_word (got->answer->kind),
                        got->answer->detail ? got->answer->detail : "");
        /* Who came as far as to the flow has a bill that was not spoiled. */
        const TillFileAnswer *spoiled_one = got->funds_answer ? got->funds_answer : got->answer;
        g_assert_true (!got->funds_answer || got->settlement);
        if (liar.did)
          {
            n_lies++;
            g_assert_true (spoiled_one->kind == TILL_FILE_UNKNOWN
                           || spoiled_one->kind == TILL_FILE_BROKEN);
            g_assert_null (got->funds);
          }
      }
  /* The bill's two answers and the flow's two. */
  if (shop->codec->file->funds_format)
    g_assert_cmpint (n_lies, ==, 4 * N_LIES);
}

/* What is asked, and where: the flow's question is another than the bill's, and is signed afresh.
 */
static void
test_questions (void)
{
  g_autoptr (Shop) shop = shop_new ();
  shop_choose (shop, &providers[1]);
  TillFileAsk ask = { .day = 20261122, .asked_at = shop->began };
  g_autoptr (TillRequest) bill = shop->codec->file->build (&ask, shop->account);
  g_autofree char *bill_nonce = till_file_nonce (&ask, shop->account);
  ask.funds = TRUE;
  g_autoptr (TillRequest) flow = shop->codec->file->build (&ask, shop->account);
  g_autofree char *flow_nonce = till_file_nonce (&ask, shop->account);
  g_assert_true (g_str_has_suffix (
      bill->url, "/v3/bill/tradebill?bill_date=2026-11-22&bill_type=ALL&tar_type=GZIP"));
  g_assert_true (g_str_has_suffix (
      flow->url, "/v3/bill/fundflowbill?bill_date=2026-11-22&account_type=BASIC&tar_type=GZIP"));
  g_assert_cmpstr (bill_nonce, !=, flow_nonce);
}

/* The bill of WeChat is not signed: it is believed by its hash. */
static void
test_hash (void)
{
  static const struct
  {
    const char *hash;
    TillFileKind kind;
  } rows[] = {
    { "a9993e364706816aba3e25717850c26c9cd0d89d", TILL_FILE_HERE }, /* of "abc", FIPS 180-2 */
    { "A9993E364706816ABA3E25717850C26C9CD0D89D", TILL_FILE_HERE },
    { "a9993e364706816aba3e25717850c26c9cd0d89e", TILL_FILE_BROKEN },
    { "a9993e36", TILL_FILE_BROKEN },
    { "", TILL_FILE_BROKEN },
  };
  const TillFileCodec *file = till_codec_find ("wechat")->file;
  g_autoptr (TillReply) reply = till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  g_autoptr (GBytes) body = zip_compress (G_ZLIB_COMPRESSOR_FORMAT_GZIP, "abc", 3);
  till_reply_set_body (reply, body);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillFileAsk ask = { .day = 20261122, .step = 1, .path = "/f", .hash = rows[i].hash };
      g_autoptr (TillFileAnswer) answer = file->interpret (&ask, NULL, reply);
      g_assert_cmpint (answer->kind, ==, rows[i].kind);
    }
}

/* An answer that was given to another question is none to this one. */
static TillReply *old_answer;

static TillReply *
send_old (gpointer self, const TillRequest *request, GError **error)
{
  TillReply *reply = till_reply_new (TILL_FATE_ANSWERED, old_answer->status, NULL);
  GHashTableIter fields;
  gpointer name, value;
  g_hash_table_iter_init (&fields, old_answer->fields);
  while (g_hash_table_iter_next (&fields, &name, &value))
    till_reply_add_field (reply, name, value);
  till_reply_set_body (reply, old_answer->body);
  return reply;
}

static TillReply *
send_and_keep (gpointer self, const TillRequest *request, GError **error)
{
  old_answer = till_http_send (self, request);
  return send_old (NULL, request, error);
}

static void
test_old_answer (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GError) error = NULL;
  shop_choose (shop, &providers[0]);
  int64_t now = g_get_real_time ();
  TillTransport keeping = { .send = send_and_keep, .self = shop->http };
  TillTransport replaying = { .send = send_old };
  g_autoptr (TillFileFetch) right
      = till_file_fetch (keeping, shop->codec, shop->account, 20261122, now, &error);
  g_assert_cmpint (right->answer->kind, ==, TILL_FILE_HERE);
  g_autoptr (TillFileFetch) other_day
      = till_file_fetch (replaying, shop->codec, shop->account, 20261123, now, &error);
  g_assert_cmpint (other_day->answer->kind, ==, TILL_FILE_UNKNOWN);
  g_autoptr (TillFileFetch) later
      = till_file_fetch (replaying, shop->codec, shop->account, 20261122, now + 1, &error);
  g_assert_cmpint (later->answer->kind, ==, TILL_FILE_UNKNOWN);
  g_clear_pointer (&old_answer, till_reply_free);
}

/* --- the driver alone --- */

static int n_sent;

static TillReply *
send_nothing (gpointer self, const TillRequest *request, GError **error)
{
  n_sent++;
  if (!self)
    return till_reply_new (TILL_FATE_ANSWERED, 200, NULL);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_STOPPED, "going down");
  return NULL;
}

static TillFileAnswer *
send_on (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  g_assert_true ((ask->path != NULL) == (ask->step > 0));
  return till_file_answer_next ("https://127.0.0.1:8443/more", "https://127.0.0.1:8443", "00");
}

static void
test_on_and_on (void)
{
  g_autoptr (Shop) shop = shop_new ();
  g_autoptr (GError) error = NULL;
  shop_choose (shop, &providers[0]);
  TillFileCodec file = { .build = shop->codec->file->build, .interpret = send_on };
  TillCodec codec = *shop->codec;
  codec.file = &file;
  TillTransport transport = { .send = send_nothing };
  n_sent = 0;
  g_autoptr (TillFileFetch) got
      = till_file_fetch (transport, &codec, shop->account, 20261122, shop->began, &error);
  g_assert_no_error (error);
  g_assert_cmpint (got->answer->kind, ==, TILL_FILE_REFUSED);
  g_assert_cmpint (n_sent, ==, TILL_FILE_STEPS_MAX);
  transport.self = &n_sent;
  g_assert_null (till_file_fetch (transport, &codec, shop->account, 20261122, shop->began, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_STOPPED);
  g_clear_error (&error);
  codec.file = NULL;
  g_assert_null (till_file_fetch (transport, &codec, shop->account, 20261122, shop->began, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* Where a download may lie: at the provider's own host and port, whatever the URL pretends. */
static void
test_addresses (void)
{
  static const struct
  {
    const char *url, *path;
  } rows[] = {
    { "https://api.example.cn/v3/file?token=a%2Fb", "/v3/file?token=a%2Fb" },
    { "https://api.example.cn:443/f", "/f" },
    { "http://api.example.cn/f", "/f" },
    { "http://api.example.cn:80/f", "/f" },
    { "HTTPS://API.example.cn/f", "/f" },
    { "https://api.example.cn.evil.cn/f", NULL },
    { "https://evil.cn/f", NULL },
    { "https://api.example.cn@evil.cn/f", NULL },
    { "https://user@api.example.cn/f", NULL },
    { "https://api.example.cn:8443/f", NULL },
    { "http://api.example.cn:443x/f", NULL },
    { "file:///etc/passwd", NULL },
    { "ftp://api.example.cn/f", NULL },
    { "//api.example.cn/f", NULL },
    { "/f", NULL },
    { "", NULL },
    { "https://api.example.cn", NULL },
    { "https://api.example.cn/f#g", NULL },
    { "https://api.example.cn/f g", NULL },
    { "https://api.example.cn/f\r\nHost: evil.cn", NULL },
    { "https://api.example.cn\\@evil.cn/f", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].url);
      g_autoptr (TillFileAnswer) answer
          = till_file_answer_next (rows[i].url, "https://api.example.cn", "00");
      g_assert_cmpint (answer->kind, ==, rows[i].path ? TILL_FILE_NEXT : TILL_FILE_REFUSED);
      g_assert_cmpstr (answer->path, ==, rows[i].path);
    }
  g_autofree char *tail = g_strnfill (TILL_FILE_PATH_MAX, 'x');
  g_autofree char *endless = g_strconcat ("https://api.example.cn/", tail, NULL);
  g_autoptr (TillFileAnswer) answer
      = till_file_answer_next (endless, "https://api.example.cn", NULL);
  g_assert_cmpint (answer->kind, ==, TILL_FILE_REFUSED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  till_http_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      g_autofree char *path = g_strconcat ("/fetch/day/", providers[i].name, NULL);
      g_test_add_data_func (path, &providers[i], test_day);
    }
  /* Not UMPay's and Stripe's: nothing is signed, and one digit of a number is another payment. */
  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    if (!providers[i].unsealed)
      {
        g_autofree char *path = g_strconcat ("/fetch/liar/", providers[i].name, NULL);
        g_test_add_data_func (path, &providers[i], test_liar);
      }
  g_test_add_func ("/fetch/funds", test_funds);
  g_test_add_func ("/fetch/funds-by-hand", test_funds_by_hand);
  g_test_add_func ("/fetch/questions", test_questions);
  g_test_add_func ("/fetch/hash", test_hash);
  g_test_add_func ("/fetch/old-answer", test_old_answer);
  g_test_add_func ("/fetch/on-and-on", test_on_and_on);
  g_test_add_func ("/fetch/refused", test_refused);
  g_test_add_func ("/fetch/addresses", test_addresses);
  return g_test_run ();
}

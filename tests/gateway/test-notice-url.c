/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where notices go: which requests name the account's address, and that a refund names the same
 * one, and the same merchant, on every attempt, whatever became of the account meanwhile. */
#include "data/core/error.h"
#include "data/ledger/refund-store.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/registry.h"
#include "tests/data/shop-fixture.h"
#include "tests/gateway/request-parts.h"
#include "tests/gateway/vectors.h"

#define FIRST "https://shop.example/notices/a"
#define SECOND "https://shop.example/notices/b"

static TillKey *our_key;                  /* owned */
static const char *fact = "https://fact"; /* what accounts say for every further word */
static const char *merchant_no = "100001";

/* An account with all that building a request asks for. */
static TillAccount *
account_new (const char *provider, const char *notice_url)
{
  const TillCodec *codec = till_codec_find (provider);
  TillAccount *account = g_new0 (TillAccount, 1);
  account->provider = g_strdup (provider);
  account->merchant_no = g_strdup (merchant_no);
  account->base_url = g_strdup ("https://pay.example");
  account->ca_file = g_strdup ("/ca.pem");
  account->secret = g_strdup ("sk_test_1");
  account->notice_url = g_strdup (notice_url);
  account->our_key = our_key; /* lent */
  account->facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; codec->facts && codec->facts[i]; i++)
    g_hash_table_insert (account->facts, g_strdup (codec->facts[i]), g_strdup (fact));
  return account;
}

static void
account_free (gpointer data)
{
  TillAccount *account = data;
  account->our_key = NULL;
  till_account_free (account);
}

/* --- what names it --- */

static const struct
{
  const char *provider;
  TillErrandKind kind;
  const char *with, *without; /* a piece of path or body; NULL: it is not named at all */
} rows[] = {
#define ADDRESS "https%3A%2F%2Fshop.example%2Fnotices%2Fa"
  { "wechat", TILL_ERRAND_PAY, NULL, NULL },
  { "wechat", TILL_ERRAND_REFUND, "\"notify_url\":\"" FIRST "\"", NULL },
  { "alipay", TILL_ERRAND_PAY, "&notify_url=" ADDRESS, NULL },
  { "alipay", TILL_ERRAND_REFUND, NULL, NULL },
  { "unionpay", TILL_ERRAND_PAY, "&backUrl=" ADDRESS, "&backUrl=http%3A%2F%2Fwww.specialUrl.com" },
  { "unionpay", TILL_ERRAND_REFUND, "&backUrl=" ADDRESS,
    "&backUrl=http%3A%2F%2Fwww.specialUrl.com" },
  { "unionpay", TILL_ERRAND_VOID, "&backUrl=" ADDRESS, "&backUrl=http%3A%2F%2Fwww.specialUrl.com" },
  { "lakala", TILL_ERRAND_PAY, "\"notify_url\":\"" FIRST "\"", NULL },
  { "lakala", TILL_ERRAND_REFUND, NULL, NULL },
  { "umpay", TILL_ERRAND_PAY, "&notify_url=" ADDRESS, NULL },
  { "umpay", TILL_ERRAND_REFUND, "&notify_url=" ADDRESS, NULL },
  { "shengpay", TILL_ERRAND_PAY, "\"notifyUrl\":\"" FIRST "\"", "\"notifyUrl\":\"https://fact\"" },
  { "shengpay", TILL_ERRAND_REFUND, "\"notifyUrl\":\"" FIRST "\"",
    "\"notifyUrl\":\"https://fact\"" },
  { "stripe", TILL_ERRAND_REFUND, NULL, NULL },
  { "sandbox", TILL_ERRAND_REFUND, NULL, NULL },
#undef ADDRESS
};

/* Path and body in one. */
static char *
build (gsize i, const char *notice_url, const TillAccount *account)
{
  TillErrand errand = { .kind = rows[i].kind,
                        .provider = (char *)rows[i].provider,
                        .request_no = (char *)"0ABCDEFGHJKMNPQR",
                        .amount = 1250,
                        .subject = (char *)"9101",
                        .notice_url = (char *)notice_url,
                        .requested_at = FIXTURE_NOW,
                        .asked_at = FIXTURE_NOW };
  if (errand.kind == TILL_ERRAND_PAY)
    errand.auth = (char *)"281234567890123456";
  else
    {
      errand.original_no = (char *)"0PAYMENTNUMBERX1";
      errand.original_amount = 5000;
      errand.original_requested_at = FIXTURE_NOW;
    }
  g_autoptr (TillRequest) request = till_codec_find (rows[i].provider)->build (&errand, account);
  g_autofree char *body = request_body (request);
  return g_strconcat (request->path, "\n", body, NULL);
}

static void
test_build (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      /* The address comes with the errand, never from the account of this moment. */
      TillAccount *account = account_new (rows[i].provider, SECOND);
      g_autofree char *with = build (i, FIRST, account);
      g_autofree char *without = build (i, NULL, account);
      g_test_message ("%s %s", rows[i].provider, till_errand_kind_word (rows[i].kind));
      g_assert_true ((strstr (with, "notices") != NULL) == (rows[i].with != NULL));
      g_assert_true (!rows[i].with || strstr (with, rows[i].with));
      g_assert_null (strstr (without, "notices"));
      g_assert_true (rows[i].without ? strstr (without, rows[i].without) != NULL
                                     : strstr (without, "otify") == NULL);
      account_free (account);
    }
}

/* --- what is kept --- */

typedef struct
{
  Shop shop;
  GPtrArray *sent; /* owned; bodies */
} Town;

/* Nothing leaves, so that it is tried again. */
static TillReply *
never_send (gpointer self, const TillRequest *request, GError **error)
{
  Town *town = self;
  g_ptr_array_add (town->sent, request_body (request));
  return till_reply_new (TILL_FATE_NOT_SENT, 0, "no line");
}

/* Steps by a till that has just been started with this account, until something goes out; at most
 * so many. */
static void
work (Town *town, const char *provider, const char *notice_url, int rounds)
{
  guint before = town->sent->len;
  g_autoptr (GHashTable) accounts
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, account_free);
  TillAccount *account = account_new (provider, notice_url);
  g_hash_table_insert (accounts, account->provider, account);
  TillDispatcher *dispatcher
      = till_dispatcher_new (town->shop.ledger, (TillTransport){ never_send, town }, accounts);
  for (int round = 0; round < rounds && town->sent->len == before; round++)
    {
      gboolean did;
      int64_t next_at;
      g_autoptr (GError) error = NULL;
      g_assert_true (till_dispatcher_step (dispatcher, &did, &next_at, &error));
      g_assert_no_error (error);
      int64_t now = till_clock_now (town->shop.clock);
      if (!did && next_at > now)
        till_clock_advance (town->shop.clock, next_at - now);
    }
  till_dispatcher_free (dispatcher);
}

static void
attempt (Town *town, const char *provider, const char *notice_url)
{
  guint before = town->sent->len;
  work (town, provider, notice_url, 10);
  g_assert_cmpuint (town->sent->len, ==, before + 1);
}

/* A bag of rice that was paid by code and comes back; its refund is due. */
static void
bring_back (Shop *shop, const char *provider)
{
  TillAnswer answer;
  shop_set (shop, "provider.code", provider);
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 1000);
  g_autoptr (TillSale) sale = shop_pay (shop, basket, "281234567890123456");
  g_autoptr (TillTicket) pay = shop_due (shop);
  shop_answer (shop, pay, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  g_autoptr (TillReturn) goods = NULL;
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
}

static const char *
sent (const Town *town, guint n)
{
  return g_ptr_array_index (town->sent, n);
}

static void
test_frozen (gconstpointer data)
{
  const char *provider = data;
  for (int named = 0; named < 2; named++)
    {
      Town town = { .sent = g_ptr_array_new_with_free_func (g_free) };
      shop_open (&town.shop, NULL, 1);
      bring_back (&town.shop, provider);
      attempt (&town, provider, named ? FIRST : NULL);
      attempt (&town, provider, SECOND);
      attempt (&town, provider, NULL);
      g_assert_true ((strstr (sent (&town, 0), "notices") != NULL) == named);
      g_assert_cmpstr (sent (&town, 1), ==, sent (&town, 0));
      g_assert_cmpstr (sent (&town, 2), ==, sent (&town, 0));
      g_ptr_array_unref (town.sent);
      shop_close_sound (&town.shop);
    }
}

/* Shengpay cannot do without an address: what it was first told is kept, too. Each attempt has a
 * nonce of its own, so only the address is compared. */
static void
test_frozen_shengpay (void)
{
  static const struct
  {
    const char *first, *then, *kept;
  } stories[] = { { FIRST, NULL, FIRST }, { NULL, SECOND, "https://fact" } };
  for (gsize i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      Town town = { .sent = g_ptr_array_new_with_free_func (g_free) };
      g_autofree char *kept = g_strdup_printf ("\"notifyUrl\":\"%s\"", stories[i].kept);
      shop_open (&town.shop, NULL, 1);
      bring_back (&town.shop, "shengpay");
      attempt (&town, "shengpay", stories[i].first);
      fact = "https://another";
      attempt (&town, "shengpay", stories[i].then);
      fact = "https://fact";
      g_assert_nonnull (strstr (sent (&town, 0), kept));
      g_assert_nonnull (strstr (sent (&town, 1), kept));
      g_ptr_array_unref (town.sent);
      shop_close_sound (&town.shop);
    }
}

/* A void waits while the account names another merchant, and is the same bytes when it is put back.
 * Who was paid is not known here: then it is whom the account named at the first promise. */
static void
test_frozen_merchant (void)
{
  Town town = { .sent = g_ptr_array_new_with_free_func (g_free) };
  shop_open (&town.shop, NULL, 1);
  bring_back (&town.shop, "unionpay");
  attempt (&town, "unionpay", FIRST);
  merchant_no = "200002";
  work (&town, "unionpay", FIRST, 20);
  merchant_no = "100001";
  g_assert_cmpuint (town.sent->len, ==, 1);
  g_autoptr (TillRefund) refund = NULL;
  g_assert_true (till_refund_store_load (town.shop.ledger, 1, &refund, NULL));
  g_assert_cmpint (till_act_of (refund->why), ==, TILL_ACT_VOID);
  g_assert_cmpstr (refund->original_merchant_no, ==, "");
  g_assert_cmpstr (refund->merchant_no, ==, "100001");
  g_assert_cmpstr (refund->other_merchant, ==, "200002");
  attempt (&town, "unionpay", FIRST);
  g_assert_nonnull (strstr (sent (&town, 1), "merId=100001"));
  g_assert_cmpstr (sent (&town, 1), ==, sent (&town, 0));
  g_ptr_array_unref (town.sent);
  shop_close_sound (&town.shop);
}

/* Neither the till nor anybody else changes it afterwards. */
static void
test_books_say_no (void)
{
  Town town = { .sent = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GError) error = NULL;
  shop_open (&town.shop, NULL, 1);
  bring_back (&town.shop, "wechat");
  attempt (&town, "wechat", FIRST);
  g_autoptr (TillRefund) refund = NULL;
  g_assert_true (till_refund_store_load (town.shop.ledger, 1, &refund, &error));
  g_assert_cmpstr (refund->notice_url, ==, FIRST);
  g_autoptr (TillTxn) txn = till_ledger_begin (town.shop.ledger, 0, "send", &error);
  g_assert_no_error (error);
  g_assert_false (till_refund_store_choose (txn, 1, refund->why, SECOND, &error));
  g_assert_nonnull (error);
  g_clear_pointer (&txn, till_txn_free);
  g_ptr_array_unref (town.sent);
  shop_close_sound (&town.shop);
}

/* A provider that takes no address in its requests is given none to keep. */
static void
test_not_asked_for (void)
{
  Town town = { .sent = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (TillRefund) refund = NULL;
  shop_open (&town.shop, NULL, 1);
  bring_back (&town.shop, "stripe");
  attempt (&town, "stripe", FIRST);
  g_assert_true (till_refund_store_load (town.shop.ledger, 1, &refund, NULL));
  g_assert_cmpstr (refund->notice_url, ==, "");
  g_ptr_array_unref (town.sent);
  shop_close_sound (&town.shop);
}

int
main (int argc, char *argv[])
{
  static const char *const repeat_bytes[] = { "wechat", "unionpay", "umpay" };
  g_test_init (&argc, &argv, NULL);
  vectors_unpack ();
  g_autofree char *path = vectors_path ("key.pem");
  our_key = till_key_load_private (path, NULL);
  g_assert_nonnull (our_key);
  g_test_add_func ("/notice-url/build", test_build);
  for (gsize i = 0; i < G_N_ELEMENTS (repeat_bytes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/notice-url/frozen/%s", repeat_bytes[i]);
      g_test_add_data_func (name, repeat_bytes[i], test_frozen);
    }
  g_test_add_func ("/notice-url/frozen/shengpay", test_frozen_shengpay);
  g_test_add_func ("/notice-url/frozen/merchant", test_frozen_merchant);
  g_test_add_func ("/notice-url/books-say-no", test_books_say_no);
  g_test_add_func ("/notice-url/not-asked-for", test_not_asked_for);
  int result = g_test_run ();
  till_key_free (our_key);
  vectors_remove ();
  return result;
}

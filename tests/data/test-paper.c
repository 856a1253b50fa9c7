/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paper that is due: what is on it in both languages, how old it may get, and its copies. */
#include "data/core/error.h"
#include "data/desk/printing.h"
#include "data/slips/slip-return.h"
#include "data/slips/slip-refund.h"
#include "data/slips/words.h"
#include "data/ledger/print-store.h"
#include "tests/ctl/folder.h"
#include "tests/data/books.h"
#include "tests/data/shop-fixture.h"

#include <string.h>

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 11);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

static TillSale *
sell (Shop *shop, const char *auth)
{
  g_autoptr (TillBasket) basket = shop_basket (shop);
  shop_scan (shop, basket, "6901234567908", 2000);
  TillSale *sale = shop_pay (shop, basket, auth);
  if (auth)
    shop_carry (shop, TILL_ERRAND_PAY, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  return sale;
}

static TillReturn *
bring_back (Shop *shop, const TillSale *sale)
{
  TillReturn *goods = NULL;
  TillAnswer answer;
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop->ledger, shop->cashier, sale->id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_free (draft->note);
  draft->note = g_strdup ("smells");
  g_assert_true (till_returning_submit (shop->ledger, shop->cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  return goods;
}

static TillPrintJob *
next_or_drawer (Shop *shop)
{
  TillPrintJob *job = NULL;
  int64_t next_at;
  g_assert_true (till_printing_next (shop->ledger, "", &job, &next_at, NULL));
  return job;
}

static void
record (Shop *shop, const TillPrintJob *job, TillPrintState state)
{
  g_assert_true (till_printing_record (shop->ledger, job->id, state, "way-1", "", 0, NULL));
}

/* The next slip; kicks on the way are given to the drawer. */
static TillPrintJob *
next (Shop *shop)
{
  TillPrintJob *job;
  while ((job = next_or_drawer (shop)) && job->kind == TILL_PAPER_DRAWER)
    {
      record (shop, job, TILL_PRINT_DELIVERED);
      till_print_job_free (job);
    }
  return job;
}

/* The next slip as text, printed. */
static char *
print_next (Shop *shop, TillPaperKind kind)
{
  g_autoptr (TillPrintJob) job = next (shop);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (job);
  g_assert_cmpint (job->kind, ==, kind);
  g_autoptr (TillDoc) doc = till_printing_doc (shop->ledger, job, &error);
  g_assert_no_error (error);
  g_assert_true (
      till_printing_record (shop->ledger, job->id, TILL_PRINT_PRINTED, "way-1", NULL, 0, &error));
  return till_doc_to_text (doc);
}

static void
assert_says (const char *text, const char *words)
{
  if (!strstr (text, words))
    g_error ("“%s” is not on this slip:\n%s", words, text);
}

static int
times (const char *text, const char *words)
{
  int n = 0;
  for (const char *at = text; (at = strstr (at, words)); at += strlen (words))
    n++;
  return n;
}

static gboolean
has_kick (const TillDoc *doc)
{
  for (guint i = 0; i < doc->lines->len; i++)
    if (((TillLine *)doc->lines->pdata[i])->kind == TILL_LINE_KICK)
      return TRUE;
  return FALSE;
}

static void
test_whole_story (Shop *shop, gconstpointer data)
{
  shop_set (shop, "shop.language", "en");
  g_autoptr (TillSale) sale = sell (shop, "281234567890123456");
  g_autofree char *receipt = print_next (shop, TILL_PAPER_SALE);
  assert_says (receipt, "Receipt");
  assert_says (receipt, "63.00");
  assert_says (receipt, "Scan code");
  g_assert_null (next (shop));

  g_autoptr (TillReturn) goods = bring_back (shop, sale);
  g_autofree char *slip = print_next (shop, TILL_PAPER_RETURN);
  g_assert_cmpint (times (slip, "Return slip"), ==, 2); /* the customer's and the shop's */
  g_assert_cmpint (times (slip, "Customer signature"), ==, 1);
  g_assert_cmpint (times (slip, "smells"), ==, 1);
  assert_says (slip, "31.50");
  assert_says (slip, "In progress");
  g_assert_null (strstr (slip, "Refunded"));

  shop_carry (shop, TILL_ERRAND_REFUND, TILL_OUTCOME_DONE, TILL_CLASS_NONE, NULL);
  g_autofree char *proof = print_next (shop, TILL_PAPER_REFUND);
  assert_says (proof, "Refunded");
  assert_says (proof, "P-1");
  assert_says (proof, "31.50");
  g_assert_null (strstr (proof, "COPY"));

  shop_set (shop, "shop.language", "zh_CN");
  const TillRefund *refund = goods->refunds->pdata[0];
  TillAnswer answer;
  for (int copy = 1; copy <= 2; copy++)
    {
      g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_REFUND,
                                          refund->id, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_YES);
      g_autofree char *again = print_next (shop, TILL_PAPER_REFUND);
      g_autofree char *mark = g_strdup_printf ("*** 补打 %d ***", copy);
      assert_says (again, mark);
      assert_says (again, "已退款");
      assert_says (again, "退款凭条");
    }
  g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_RETURN, goods->id,
                                      &answer, NULL));
  g_autofree char *return_again = print_next (shop, TILL_PAPER_RETURN);
  assert_says (return_again, "补打 1");
  assert_says (return_again, "质量问题");
  g_assert_true (
      till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_SALE, sale->id, &answer, NULL));
  g_autofree char *sale_again = print_next (shop, TILL_PAPER_SALE);
  assert_says (sale_again, "扫码");
  static const TillPaperKind kinds[] = { TILL_PAPER_SALE, TILL_PAPER_RETURN, TILL_PAPER_REFUND };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_true (
          till_printing_again (shop->ledger, shop->cashier, kinds[i], 999, &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_NO_SALE);
    }
  g_assert_null (next (shop));
}

static void
assert_kick (Shop *shop)
{
  g_autoptr (TillPrintJob) kick = next_or_drawer (shop);
  g_assert_nonnull (kick);
  g_assert_cmpint (kick->kind, ==, TILL_PAPER_DRAWER);
  g_assert_cmpstr (kick->no, ==, "");
  record (shop, kick, TILL_PRINT_DELIVERED);
}

/* The kick is a job of its own, before its slip; no slip and no copy of one opens the drawer. */
static void
test_cash_opens_the_drawer_once (Shop *shop, gconstpointer data)
{
  g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
  g_autoptr (TillSale) sale = sell (shop, NULL);
  assert_kick (shop);
  g_autofree char *receipt = print_next (shop, TILL_PAPER_SALE);
  g_autoptr (TillReturn) goods = bring_back (shop, sale);
  assert_kick (shop);
  g_autoptr (TillPrintJob) job = next_or_drawer (shop);
  g_assert_cmpint (job->kind, ==, TILL_PAPER_RETURN);
  g_assert_cmpstr (job->no, ==, goods->no);
  g_autoptr (TillDoc) slip = till_printing_doc (shop->ledger, job, NULL);
  g_assert_false (has_kick (slip));
  g_autofree char *text = till_doc_to_text (slip);
  assert_says (text, till_slip_word (settings, TILL_WORD_SAYS_CASH));
  record (shop, job, TILL_PRINT_PRINTED);
  TillAnswer answer;
  g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_RETURN, goods->id,
                                      &answer, NULL));
  g_autoptr (TillPrintJob) copy = next_or_drawer (shop);
  g_assert_cmpint (copy->kind, ==, TILL_PAPER_RETURN);
  g_assert_cmpint (copy->copy, ==, 2);
  record (shop, copy, TILL_PRINT_PRINTED);
  g_assert_null (next_or_drawer (shop));
  g_autoptr (TillSale) by_code = sell (shop, "281234567890123456");
  g_autoptr (TillPrintJob) paid = next_or_drawer (shop);
  g_assert_cmpint (paid->kind, ==, TILL_PAPER_SALE);
}

static void
test_drawer_with_a_reason (Shop *shop, gconstpointer data)
{
  g_assert_true (till_printing_open_drawer (shop->ledger, shop->cashier, "change for a ten", NULL));
  g_autoptr (TillPrintJob) job = next_or_drawer (shop);
  g_assert_cmpint (job->kind, ==, TILL_PAPER_DRAWER);
  g_assert_cmpint (job->good_until, ==, FIXTURE_NOW + TILL_MINUTE);
  g_autoptr (TillDoc) doc = till_printing_doc (shop->ledger, job, NULL);
  g_assert_true (has_kick (doc));
  g_assert_cmpuint (doc->lines->len, ==, 1);
  g_assert_true (
      till_printing_record (shop->ledger, job->id, TILL_PRINT_DELIVERED, NULL, NULL, 0, NULL));

  /* A drawer opens now or never. */
  g_assert_true (till_printing_open_drawer (shop->ledger, shop->cashier, "again", NULL));
  till_clock_advance (shop->clock, TILL_MINUTE + 1);
  g_assert_null (next_or_drawer (shop));
  /* Dropped, recorded, and nothing that anybody is asked about. */
  g_autoptr (TillPrintJob) dropped = NULL;
  g_assert_true (till_print_store_load (shop->ledger, job->id + 1, &dropped, NULL));
  g_assert_cmpint (dropped->state, ==, TILL_PRINT_STALE);
  g_assert_cmpstr (dropped->problem, !=, "");
  g_autoptr (GPtrArray) asks = till_printing_unprinted (shop->ledger, 10, NULL);
  g_assert_cmpuint (asks->len, ==, 0);
}

static void
test_stale_slips (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) evening = sell (shop, NULL);
  till_clock_advance (shop->clock, 15 * TILL_MINUTE);
  g_autoptr (TillPrintJob) job = next (shop); /* just in time */
  g_assert_nonnull (job);
  g_assert_true (
      till_printing_record (shop->ledger, job->id, TILL_PRINT_PRINTED, NULL, NULL, 0, NULL));
  g_autoptr (TillSale) late = sell (shop, NULL), later = sell (shop, NULL);
  till_clock_advance (shop->clock, 15 * TILL_MINUTE + 1);
  g_assert_null (next (shop));
  g_autoptr (GPtrArray) left = till_printing_unprinted (shop->ledger, 10, NULL);
  g_assert_cmpuint (left->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const TillPrintJob *old = left->pdata[i];
      g_assert_cmpint (old->state, ==, TILL_PRINT_STALE);
      g_assert_cmpint (old->subject_id, ==, i == 0 ? late->id : later->id);
      g_assert_cmpint (old->next_action_at, ==, 0);
      g_assert_cmpstr (old->problem, !=, "");
    }
  g_autoptr (GPtrArray) one = till_printing_unprinted (shop->ledger, 0, NULL);
  g_assert_cmpuint (one->len, ==, 1);
  TillAnswer answer; /* somebody asks for it: that is a copy, and it is not stale */
  g_assert_true (
      till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_SALE, late->id, &answer, NULL));
  g_autofree char *text = print_next (shop, TILL_PAPER_SALE);
  assert_says (text, "补打 1");
  g_autoptr (GPtrArray) rest = till_printing_unprinted (shop->ledger, 10, NULL);
  g_assert_cmpuint (rest->len, ==, 1); /* … and nobody is asked about the old one any more */
  g_assert_cmpint (((TillPrintJob *)rest->pdata[0])->subject_id, ==, later->id);

  shop_set (shop, "paper.stale_min", "60");
  g_autoptr (TillSale) patient = sell (shop, NULL);
  till_clock_advance (shop->clock, 60 * TILL_MINUTE);
  g_autoptr (TillPrintJob) in_time = next (shop);
  g_assert_cmpint (in_time->subject_id, ==, patient->id);
}

/* --- what a person says about a slip --- */

static TillAnswerCode
settle (Shop *shop, int64_t staff, int64_t job_id, TillPrintWord word)
{
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  gboolean ran = till_printing_settle (shop->ledger, staff, job_id, word, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return answer.code;
}

static int
unprinted (Shop *shop)
{
  g_autoptr (GPtrArray) jobs = till_printing_unprinted (shop->ledger, 100, NULL);
  return (int)jobs->len;
}

/* A slip that ended in this state, its job. */
static TillPrintJob *
ended (Shop *shop, TillPrintState state)
{
  g_autoptr (TillSale) sale = sell (shop, NULL);
  TillPrintJob *job = next (shop);
  g_assert_cmpstr (job->no, ==, sale->no);
  record (shop, job, state);
  return job;
}

static void
test_settle_refused (Shop *shop, gconstpointer data)
{
  g_assert_cmpint (settle (shop, shop->cashier, 999, TILL_PRINT_ON_PAPER), ==, TILL_NO_SLIP);
  g_autoptr (TillPrintJob) printed = ended (shop, TILL_PRINT_PRINTED);
  g_autoptr (TillPrintJob) handed = ended (shop, TILL_PRINT_HANDED);
  g_autoptr (TillPrintJob) unknown = ended (shop, TILL_PRINT_UNKNOWN);
  g_assert_true (till_printing_open_drawer (shop->ledger, shop->cashier, "change", NULL));
  till_clock_advance (shop->clock, 2 * TILL_MINUTE);
  g_autoptr (TillPrintJob) none = next_or_drawer (shop);
  for (int word = TILL_PRINT_ON_PAPER; word <= TILL_PRINT_NONE; word++)
    {
      g_assert_cmpint (settle (shop, shop->cashier, printed->id, word), ==, TILL_NO_SLIP);
      g_assert_cmpint (settle (shop, shop->cashier, handed->id, word), ==, TILL_NO_SLIP);
      /* The kick that came too late stands behind it. */
      g_assert_cmpint (settle (shop, shop->cashier, unknown->id + 1, word), ==, TILL_NO_SLIP);
      g_assert_cmpint (settle (shop, 0, unknown->id, word), ==, TILL_NO_RIGHT);
    }
  g_assert_cmpint (unprinted (shop), ==, 2);
}

static void
test_settle (Shop *shop, gconstpointer data)
{
  static const TillPrintState states[]
      = { TILL_PRINT_UNKNOWN, TILL_PRINT_FAILED, TILL_PRINT_STALE };
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    for (int word = TILL_PRINT_ON_PAPER; word <= TILL_PRINT_NONE; word++)
      {
        g_autoptr (TillPrintJob) job = ended (shop, states[i]);
        g_assert_true (till_print_state_asks (states[i]));
        g_assert_cmpint (unprinted (shop), ==, 1);
        g_assert_cmpint (settle (shop, shop->supervisor, job->id, word), ==, TILL_YES);
        g_assert_cmpint (settle (shop, shop->cashier, job->id, word), ==, TILL_NO_SLIP);
        g_autoptr (TillPrintJob) copy = next (shop);
        g_assert_true ((copy != NULL) == (word == TILL_PRINT_AGAIN));
        if (copy)
          {
            g_assert_cmpint (copy->copy, ==, 2);
            g_autoptr (TillDoc) doc = till_printing_doc (shop->ledger, copy, NULL);
            g_autofree char *text = till_doc_to_text (doc);
            assert_says (text, "补打 1");
            record (shop, copy, TILL_PRINT_PRINTED);
          }
        g_assert_cmpint (unprinted (shop), ==, 0);
        /* A late word of the way moves nothing that a person has settled. */
        g_assert_false (
            till_printing_record (shop->ledger, job->id, TILL_PRINT_PRINTED, NULL, NULL, 0, NULL));
      }
}

static TillAnswerCode
settle_backlog (Shop *shop, int64_t newest, TillBacklogChoice choice)
{
  TillAnswer answer;
  g_autoptr (GError) error = NULL;
  gboolean ran
      = till_printing_settle_backlog (shop->ledger, shop->cashier, newest, choice, &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return answer.code;
}

/* Three slips waited over night, the second of them twice, and one came after somebody looked. */
static void
test_backlog (Shop *shop, gconstpointer data)
{
  static const int copies[]
      = { [TILL_BACKLOG_ALL] = 3, [TILL_BACKLOG_LAST] = 1, [TILL_BACKLOG_NONE] = 0 };
  for (int choice = TILL_BACKLOG_ALL; choice <= TILL_BACKLOG_NONE; choice++)
    {
      g_assert_cmpint (settle_backlog (shop, G_MAXINT64, choice), ==, TILL_NO_SLIP);
      g_autoptr (TillPrintJob) first = ended (shop, TILL_PRINT_STALE);
      g_autoptr (TillPrintJob) second = ended (shop, TILL_PRINT_UNKNOWN);
      TillAnswer answer;
      g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_SALE,
                                          second->subject_id, &answer, NULL));
      g_autoptr (TillPrintJob) second_again = next (shop);
      record (shop, second_again, TILL_PRINT_STALE);
      g_assert_true (till_printing_again (shop->ledger, shop->cashier, TILL_PAPER_SALE,
                                          first->subject_id, &answer, NULL));
      g_autoptr (TillPrintJob) first_again = next (shop);
      record (shop, first_again, TILL_PRINT_STALE);
      g_autoptr (TillPrintJob) third = ended (shop, TILL_PRINT_STALE);
      g_autoptr (TillPrintJob) lost = ended (shop, TILL_PRINT_UNKNOWN);
      g_autoptr (TillPrintJob) late = ended (shop, TILL_PRINT_STALE);
      g_assert_cmpint (unprinted (shop), ==, 5);
      g_assert_cmpint (settle_backlog (shop, third->id, choice), ==, TILL_YES);
      int made = 0;
      for (g_autoptr (TillPrintJob) copy = NULL; (copy = next (shop)) != NULL; made++)
        {
          g_assert_cmpint (copy->copy, >, 1);
          if (choice == TILL_BACKLOG_LAST)
            g_assert_cmpint (copy->subject_id, ==, third->subject_id);
          record (shop, copy, TILL_PRINT_PRINTED);
          g_clear_pointer (&copy, till_print_job_free);
        }
      g_assert_cmpint (made, ==, copies[choice]);
      g_assert_cmpint (unprinted (shop), ==, 2); /* the lost one and the late one are asked about */
      g_assert_cmpint (settle (shop, shop->cashier, lost->id, TILL_PRINT_NONE), ==, TILL_YES);
      g_assert_cmpint (settle (shop, shop->cashier, late->id, TILL_PRINT_NONE), ==, TILL_YES);
    }
}

/* What a person said stands in the books and in an entry, and cannot be said again behind them. */
static void
test_settled_is_kept (void)
{
  static const char *const refused[] = { "UPDATE print_settled SET word = 'none'",
                                         "DELETE FROM print_settled",
                                         "INSERT INTO print_settled VALUES (2, 1, 1, 1, 'none')",
                                         "INSERT INTO print_settled VALUES (999, 1, 1, 1, 'none')",
                                         "INSERT INTO print_settled VALUES (1, 1, 1, 1, 'none')",
                                         "INSERT INTO print_settled VALUES (4, 1, 1, 1, 'nothing')",
                                         "INSERT INTO print_settled VALUES (6, 1, 1, 1, 'none')",
                                         "UPDATE print_job SET state = 'PRINTED' WHERE id = 2" };
  Shop shop;
  g_autofree char *folder = g_dir_make_tmp ("till-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "books.db", NULL);
  shop_open (&shop, path, 11);
  g_autoptr (TillPrintJob) settled = ended (&shop, TILL_PRINT_UNKNOWN);
  g_autoptr (TillPrintJob) open = ended (&shop, TILL_PRINT_UNKNOWN);
  g_autoptr (TillPrintJob) printed = ended (&shop, TILL_PRINT_PRINTED);
  g_assert_cmpint (settled->id, ==, 2);
  g_assert_cmpint (settle (&shop, shop.cashier, settled->id, TILL_PRINT_ON_PAPER), ==, TILL_YES);
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
    }
  sqlite3_close (db);
  static const char *const deeds[]
      = { "INSERT INTO print_settled VALUES (4, 1, 1, 1, 'none')",
          "DELETE FROM print_settled WHERE job_id = 4; UPDATE print_settled SET word = 'none'",
          "DELETE FROM print_settled" };
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_auto (TillVerdict) verdict = { 0 };
      books_tamper (path, deeds[i]);
      g_assert_true (till_verify_books (shop.ledger, &verdict, NULL));
      g_assert_false (verdict.sound);
      g_assert_nonnull (strstr (verdict.what, "print_settled"));
    }
  shop_close (&shop);
  test_folder_remove (folder);
}

/* The drawer behind a kick: it opened, and closed; or it did not. Only in that order, once, and
 * only behind a kick that left; nobody edits it away unseen. */
static void
test_drawer_seen (void)
{
  static const char *const refused[]
      = { "UPDATE drawer_seen SET is_open = 0",
          "DELETE FROM drawer_seen",
          "INSERT INTO drawer_seen VALUES (1, 0, 1, 1, 1)", /* again */
          "INSERT INTO drawer_seen VALUES (1, 2, 1, 1, 0)",
          "INSERT INTO drawer_seen VALUES (2, 1, 1, 1, 1)", /* opened behind its close */
          "INSERT INTO drawer_seen VALUES (2, 1, 1, 1, 0)", /* it never opened */
          "INSERT INTO drawer_seen VALUES (3, 0, 1, 1, 1)", /* not kicked yet */
          "INSERT INTO drawer_seen VALUES (99, 0, 1, 1, 1)" };
  static const char *const tampered[]
      = { "INSERT INTO drawer_seen VALUES (3, 0, 1, 1, 0)",
          "UPDATE drawer_seen SET is_open = 1 WHERE job_id = 2",
          "UPDATE drawer_seen SET at = at - 1 WHERE job_id = 1 AND n = 1",
          "DELETE FROM drawer_seen" };
  Shop shop;
  TillDrawerSeen seen;
  g_autofree char *folder = g_dir_make_tmp ("till-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "books.db", NULL);
  shop_open (&shop, path, 12);
  g_assert_true (till_printing_drawer (shop.ledger, &seen, NULL));
  g_assert_false (seen.is_known);
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (till_printing_open_drawer (shop.ledger, shop.cashier, "change", NULL));
      g_autoptr (TillPrintJob) kick = next_or_drawer (&shop);
      g_autoptr (GError) early = NULL;
      g_assert_false (till_printing_saw_drawer (shop.ledger, kick->id, TRUE, &early));
      g_assert_nonnull (early);
      record (&shop, kick, TILL_PRINT_PRINTED);
      g_assert_true (till_printing_saw_drawer (shop.ledger, kick->id, i == 0, NULL));
      g_assert_true (till_printing_drawer (shop.ledger, &seen, NULL));
      g_assert_cmpint (seen.job_id, ==, kick->id);
      g_assert_cmpint (seen.is_open, ==, i == 0);
      till_clock_advance (shop.clock, TILL_MINUTE);
    }
  g_assert_true (till_printing_saw_drawer (shop.ledger, 1, FALSE, NULL));
  g_assert_true (till_printing_open_drawer (shop.ledger, shop.cashier, "change", NULL));
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), !=, SQLITE_OK);
  sqlite3_close (db);
  g_auto (TillVerdict) sound = { 0 };
  g_assert_true (till_verify_books (shop.ledger, &sound, NULL));
  g_assert_true (sound.sound);
  for (gsize i = 0; i < G_N_ELEMENTS (tampered); i++)
    {
      g_auto (TillVerdict) verdict = { 0 };
      books_tamper (path, tampered[i]);
      g_assert_true (till_verify_books (shop.ledger, &verdict, NULL));
      g_assert_false (verdict.sound);
      g_assert_nonnull (strstr (verdict.what, "drawer_seen"));
    }
  shop_close (&shop);
  test_folder_remove (folder);
}

static void
test_drawer_stays_open (void)
{
  static const struct
  {
    TillDrawerSeen seen;
    int after_s;
    int64_t now;
    gboolean stays;
  } cases[] = {
    { { FALSE, FALSE, 0, 0 }, 60, TILL_MINUTE, FALSE },
    { { TRUE, FALSE, 0, 1 }, 60, TILL_MINUTE, FALSE },
    { { TRUE, TRUE, 0, 1 }, 60, TILL_MINUTE - 1, FALSE },
    { { TRUE, TRUE, 0, 1 }, 60, TILL_MINUTE, TRUE },
    { { TRUE, TRUE, 0, 1 }, 0, TILL_MINUTE, FALSE },
    { { TRUE, TRUE, 0, 1 }, 60, TILL_DRAWER_WATCHED - 1, TRUE },
    { { TRUE, TRUE, 0, 1 }, 60, TILL_DRAWER_WATCHED, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (till_drawer_stays_open (&cases[i].seen, cases[i].after_s, cases[i].now), ==,
                     cases[i].stays);
}

/* Bytes may have left: it is looked for after half a minute, not sent again. */
static void
test_looked_for (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop, NULL);
  g_autoptr (TillPrintJob) first = next (shop);
  g_assert_cmpint (first->state, ==, TILL_PRINT_QUEUED);
  g_autoptr (TillPrintJob) none = NULL;
  int64_t next_at;
  g_assert_true (till_printing_next (shop->ledger, "", &none, &next_at, NULL));
  g_assert_null (none);
  g_assert_cmpint (next_at, ==, FIXTURE_NOW + 30 * TILL_SECOND);
  till_clock_advance (shop->clock, 30 * TILL_SECOND);
  g_autoptr (TillPrintJob) again = next (shop);
  g_assert_cmpint (again->id, ==, first->id);
  g_assert_cmpint (again->state, ==, TILL_PRINT_SENDING);
  g_assert_true (till_printing_record (shop->ledger, first->id, TILL_PRINT_HANDED, "cups-7",
                                       "paper\nlow", 5, NULL));
  till_clock_advance (shop->clock, 5 * TILL_SECOND);
  g_autoptr (TillPrintJob) handed = next (shop);
  g_assert_cmpint (handed->state, ==, TILL_PRINT_HANDED);
  g_assert_cmpstr (handed->way_ref, ==, "cups-7");
  g_assert_cmpstr (handed->problem, ==, "paper low");
  g_assert_true (
      till_printing_record (shop->ledger, first->id, TILL_PRINT_FAILED, NULL, "no paper", 5, NULL));
  g_assert_null (next (shop));
  g_autoptr (GError) error = NULL;
  g_assert_false (
      till_printing_record (shop->ledger, 999, TILL_PRINT_PRINTED, NULL, NULL, 0, &error));
  g_assert_nonnull (error);
}

/* Its time was written by a clock that ran a day ahead: it is looked at now, not tomorrow. */
static void
test_due_tomorrow (Shop *shop, gconstpointer data)
{
  g_autoptr (TillSale) sale = sell (shop, NULL);
  g_autoptr (TillPrintJob) first = next (shop);
  g_assert_true (till_printing_record (shop->ledger, first->id, TILL_PRINT_HANDED, "cups-7", "",
                                       5 * 60, NULL));
  g_assert_null (next (shop));
  g_assert_true (till_printing_record (shop->ledger, first->id, TILL_PRINT_HANDED, "cups-7", "",
                                       24 * 3600, NULL));
  g_autoptr (TillPrintJob) handed = next (shop);
  g_assert_nonnull (handed);
  g_assert_cmpint (handed->id, ==, first->id);
}

static void
test_for_nothing (Shop *shop, gconstpointer data)
{
  static const TillPaperKind kinds[] = { TILL_PAPER_SALE, TILL_PAPER_RETURN, TILL_PAPER_REFUND };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TillPrintJob job = { .id = 1, .kind = kinds[i], .subject_id = 999, .copy = 1 };
      g_autoptr (GError) error = NULL;
      g_assert_null (till_printing_doc (shop->ledger, &job, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_CORRUPT);
    }
}

/* Every state in both languages: only a proven refund is called refunded, and only money that has
 * gone back is said to be back. */
static void
test_words_of_every_state (Shop *shop, gconstpointer data)
{
  for (int english = 0; english <= 1; english++)
    {
      shop_set (shop, "shop.language", english ? "en" : "zh_CN");
      g_autoptr (TillShop) settings = till_selling_shop (shop->ledger, NULL);
      for (int state = TILL_REFUND_WAIT_APPROVAL; state <= TILL_REFUND_CANCELLED; state++)
        {
          TillRefund refund = { .no = (char *)"91010220261122000017",
                                .return_no = (char *)"91010220261122000017",
                                .sale_no = (char *)"91010220261122000017",
                                .staff_name = (char *)"Li Na",
                                .tender = TILL_TENDER_CARD,
                                .amount = 100,
                                .at = FIXTURE_NOW,
                                .state = (TillRefundState)state };
          g_autoptr (TillDoc) doc = till_slip_refund (&refund, settings, "0123abcd", 2);
          g_autofree char *text = till_doc_to_text (doc);
          TillSlipRefund words = till_slip_refund_words (&refund);
          assert_says (text, till_slip_word (settings, words.state));
          assert_says (text, till_slip_word (settings, words.says));
          assert_says (text, english ? "COPY 2" : "补打 2");
          assert_says (text, english ? "Bank card" : "银行卡");
          gboolean proven = state == TILL_REFUND_SUCCEEDED;
          g_assert_true ((strstr (text, english ? "Refunded" : "已退款") != NULL) == proven);
          g_assert_true ((strstr (text, english ? "has confirmed" : "已确认退款") != NULL)
                         == proven);
        }
      TillRefund part = { .no = (char *)"91010220261122000017",
                          .return_no = (char *)"91010220261122000017",
                          .sale_no = (char *)"91010220261122000017",
                          .staff_name = (char *)"Li Na",
                          .tender = TILL_TENDER_CODE,
                          .amount = 1250,
                          .coupon = 250,
                          .at = FIXTURE_NOW,
                          .state = TILL_REFUND_SUCCEEDED };
      g_autoptr (TillDoc) doc = till_slip_refund (&part, settings, "0123abcd", 0);
      g_autofree char *text = till_doc_to_text (doc);
      assert_says (text, english ? "Paid to customer" : "顾客实收");
      assert_says (text, english ? "Discount taken back" : "优惠收回");
      assert_says (text, "12.50");
      assert_says (text, "10.00");
      g_assert_cmpint (times (text, "2.50"), ==, 2); /* 12.50 and 2.50 */
      part.state = TILL_REFUND_CUSTOMER;
      part.failure = TILL_CLASS_FINAL;
      part.coupon = 0;
      g_autoptr (TillDoc) late = till_slip_refund (&part, settings, "0123abcd", 0);
      g_autofree char *other_way = till_doc_to_text (late);
      assert_says (other_way, till_slip_word (settings, TILL_WORD_SAYS_TOO_LATE));
      g_assert_null (strstr (other_way, english ? "Paid to customer" : "顾客实收"));
      for (int reason = TILL_REASON_NONE; reason <= TILL_REASON_OTHER; reason++)
        g_assert_true ((*till_slip_reason (settings, (TillReason)reason) != '\0')
                       == (reason != TILL_REASON_NONE));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Shop, NULL, set_up, function, tear_down)
  ADD ("/paper/whole-story", test_whole_story);
  ADD ("/paper/cash-opens-the-drawer-once", test_cash_opens_the_drawer_once);
  ADD ("/paper/drawer-with-a-reason", test_drawer_with_a_reason);
  ADD ("/paper/stale", test_stale_slips);
  ADD ("/paper/settle/refused", test_settle_refused);
  ADD ("/paper/settle/slip", test_settle);
  ADD ("/paper/settle/backlog", test_backlog);
  g_test_add_func ("/paper/settle/kept", test_settled_is_kept);
  g_test_add_func ("/paper/drawer/seen", test_drawer_seen);
  g_test_add_func ("/paper/drawer/stays-open", test_drawer_stays_open);
  ADD ("/paper/looked-for", test_looked_for);
  ADD ("/paper/due-tomorrow", test_due_tomorrow);
  ADD ("/paper/for-nothing", test_for_nothing);
  ADD ("/paper/words-of-every-state", test_words_of_every_state);
  return g_test_run ();
}

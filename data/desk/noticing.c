/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/noticing.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/desk/staffing.h"
#include "data/ledger/recheck-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/sale-store.h"

#include <string.h>

/* The row that a notice is about, and whether a question about it is open. */
typedef struct
{
  int64_t refund_id; /* 0: it is no refund's */
  int64_t sale_id;   /* 0: it is no payment's */
  int pos;
  gboolean asks;  /* its next step is a question */
  gboolean again; /* it is done, and stands on the agenda of those that are asked about again */
} Subject;

static gboolean
is_plain (const char *text, gsize most)
{
  gsize length = strlen (text);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length >= 1 && length <= most;
}

static gboolean
is_money (const TillNotice *notice)
{
  const char *currency = notice->currency;
  if (notice->amount < 0 || notice->amount > TILL_MONEY_MAX)
    return FALSE;
  return !currency
         || (notice->amount > 0 && strlen (currency) == 3 && g_ascii_isupper (currency[0])
             && g_ascii_isupper (currency[1]) && g_ascii_isupper (currency[2]));
}

static gboolean
check_notice (const char *provider, const TillNotice *notice, const char *digest, GError **error)
{
  if (is_plain (provider, 40) && is_plain (notice->request_no, TILL_NOTICE_NO_MAX)
      && (!notice->event_no || is_plain (notice->event_no, TILL_NOTICE_NO_MAX))
      && is_plain (digest, 64) && strlen (digest) == 64 && is_money (notice))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                       "a notice with an impossible number or amount; nothing was kept");
  return FALSE;
}

/* A row that waits for its first send is left alone, and so is one whose answer is on its way: the
 * one has nothing to ask about, and of the other the answer comes first. A reversal is not hurried
 * either: its next step is no question. */
static gboolean
find_payment (TillLedger *ledger, const char *provider, const char *request_no, Subject *subject,
              GError **error)
{
  int64_t sale_id;
  int pos;
  g_autoptr (TillSale) sale = NULL;
  if (!till_sale_store_find_request (ledger, request_no, &sale_id, &pos, error))
    return FALSE;
  if (sale_id == 0)
    return TRUE;
  if (!till_sale_store_load (ledger, sale_id, FALSE, &sale, error))
    return FALSE;
  const TillLeg *leg = till_sale_leg (sale, pos);
  if (strcmp (leg->provider, provider) != 0)
    return TRUE;
  subject->sale_id = sale_id;
  subject->pos = pos;
  subject->asks = leg->next_action_at != 0
                  && (leg->state == TILL_LEG_UNKNOWN || leg->state == TILL_LEG_DISPUTED);
  return TRUE;
}

static gboolean
find_refund (TillLedger *ledger, const char *provider, const char *request_no, Subject *subject,
             GError **error)
{
  int64_t id;
  g_autoptr (TillRefund) refund = NULL;
  if (!till_refund_store_find (ledger, request_no, &id, error)
      || (id != 0 && !till_refund_store_load (ledger, id, &refund, error)))
    return FALSE;
  if (!refund || strcmp (refund->provider, provider) != 0
      || strcmp (refund->request_no, request_no) != 0)
    return TRUE;
  subject->refund_id = id;
  subject->asks = refund->state == TILL_REFUND_UNKNOWN || refund->state == TILL_REFUND_ACCEPTED
                  || refund->state == TILL_REFUND_PROVIDER;
  subject->again = refund->state == TILL_REFUND_SUCCEEDED;
  return TRUE;
}

/* No number is both; what a provider calls it is only where we look first. */
static gboolean
find_subject (TillLedger *ledger, const char *provider, const TillNotice *notice, Subject *subject,
              GError **error)
{
  *subject = (Subject){ 0 };
  if (!find_payment (ledger, provider, notice->request_no, subject, error))
    return FALSE;
  return subject->sale_id != 0
         || find_refund (ledger, provider, notice->request_no, subject, error);
}

static gboolean
hurry_again (TillTxn *txn, Subject *subject, GError **error)
{
  TillRecheck recheck;
  if (!till_recheck_store_load (till_txn_ledger (txn), subject->refund_id, &recheck, error))
    return FALSE;
  subject->asks = recheck.due_at != 0;
  return !subject->asks
         || till_recheck_store_note (txn, subject->refund_id,
                                     MIN (recheck.due_at, till_txn_now (txn)), recheck.silent,
                                     recheck.in_doubt, error);
}

static gboolean
hurry (TillTxn *txn, Subject *subject, GError **error)
{
  if (subject->again)
    return hurry_again (txn, subject, error);
  if (!subject->asks)
    return TRUE;
  return subject->sale_id ? till_sale_store_hurry (txn, subject->sale_id, subject->pos, error)
                          : till_refund_store_hurry (txn, subject->refund_id, error);
}

static gboolean
may_stray (TillLedger *ledger, const char *provider, GError **error)
{
  int n;
  if (!till_notice_store_count_strays (ledger, provider, &n, error))
    return FALSE;
  if (n < TILL_NOTICE_STRAYS_MAX)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY,
               "%d notices of %s about numbers we do not know are unsettled; no more are kept "
               "until a manager settles some",
               n, provider);
  return FALSE;
}

/* It is no act of the shop's: nothing new was said. */
static gboolean
count_repeat (TillLedger *ledger, int64_t id, TillNoticed *noticed, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  *noticed = TILL_NOTICED_REPEATED;
  return txn && till_notice_store_repeat (txn, id, error) && till_txn_commit (txn, error);
}

/* 0 in *id: it says something new. */
static gboolean
find_repeat (TillLedger *ledger, const char *provider, const TillNotice *notice, const char *digest,
             int64_t *id, GError **error)
{
  int n;
  int64_t last;
  if (!till_notice_store_told (ledger, provider, notice, digest, id, error))
    return FALSE;
  if (*id != 0)
    return TRUE;
  if (!till_notice_store_of_number (ledger, provider, notice->request_no, &n, &last, error))
    return FALSE;
  *id = n >= TILL_NOTICE_OF_NUMBER_MAX ? last : 0;
  return TRUE;
}

gboolean
till_noticing_receive (TillLedger *ledger, const char *provider, const TillNotice *notice,
                       const char *digest, TillNoticed *noticed, GError **error)
{
  int64_t repeated;
  Subject subject;
  if (!check_notice (provider, notice, digest, error)
      || !find_repeat (ledger, provider, notice, digest, &repeated, error))
    return FALSE;
  if (repeated != 0)
    return count_repeat (ledger, repeated, noticed, error);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "notice", error);
  if (!txn || !find_subject (ledger, provider, notice, &subject, error))
    return FALSE;
  gboolean known = subject.sale_id != 0 || subject.refund_id != 0;
  g_autofree char *words = till_text_clean (notice->words, 64);
  TillNotice kept = *notice;
  kept.words = words;
  if ((!known && !may_stray (ledger, provider, error)) || !hurry (txn, &subject, error)
      || !till_notice_store_add (txn, provider, &kept, digest, known, error))
    return FALSE;
  *noticed = !known ? TILL_NOTICED_STRAY : subject.asks ? TILL_NOTICED_ASKS : TILL_NOTICED_KEPT;
  return till_txn_commit (txn, error);
}

gboolean
till_noticing_count (TillLedger *ledger, int *unsettled, GError **error)
{
  return till_notice_store_count_strays (ledger, NULL, unsettled, error);
}

GPtrArray *
till_noticing_list (TillLedger *ledger, int limit, GError **error)
{
  g_autoptr (GPtrArray) notices
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_kept_notice_free);
  return till_notice_store_strays (ledger, limit, notices, error) ? g_steal_pointer (&notices)
                                                                  : NULL;
}

GPtrArray *
till_noticing_kept (TillLedger *ledger, int limit, GError **error)
{
  /* One look, so that one that is settled meanwhile stands there once. */
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  g_autoptr (GPtrArray) notices = txn ? till_noticing_list (ledger, limit, error) : NULL;
  if (!notices
      || ((int)notices->len < limit
          && !till_notice_store_others (ledger, limit - (int)notices->len, notices, error)))
    return NULL;
  return g_steal_pointer (&notices);
}

gboolean
till_noticing_settle (TillLedger *ledger, int64_t staff_id, int64_t id, const char *reason,
                      TillAnswer *answer, GError **error)
{
  gboolean stray;
  g_autofree char *clean = till_text_clean (reason, TILL_TEXT_MAX);
  g_autofree char *no = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "notice_settled", error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error)
      || !till_notice_store_is_stray (ledger, id, &stray, error))
    return FALSE;
  if (answer->code == TILL_YES && !stray)
    *answer = till_answer_ref (TILL_NO_NOTICE, no);
  if (answer->code == TILL_YES && !*clean)
    *answer = till_answer (TILL_NO_WORDS);
  if (answer->code != TILL_YES)
    return TRUE;
  return till_notice_store_settle (txn, id, clean, error) && till_txn_commit (txn, error);
}

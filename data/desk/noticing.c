/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/noticing.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/desk/hurrying.h"
#include "data/desk/staffing.h"

#include <string.h>

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
  TillHurried hurried;
  if (!check_notice (provider, notice, digest, error)
      || !find_repeat (ledger, provider, notice, digest, &repeated, error))
    return FALSE;
  if (repeated != 0)
    return count_repeat (ledger, repeated, noticed, error);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "notice", error);
  if (!txn || !till_hurrying_do (txn, provider, notice->request_no, &hurried, error))
    return FALSE;
  g_autofree char *words = till_text_clean (notice->words, 64);
  TillNotice kept = *notice;
  kept.words = words;
  if ((!hurried.known && !may_stray (ledger, provider, error))
      || !till_notice_store_add (txn, provider, &kept, digest, hurried.known, error))
    return FALSE;
  *noticed = !hurried.known ? TILL_NOTICED_STRAY
             : hurried.asks ? TILL_NOTICED_ASKS
                            : TILL_NOTICED_KEPT;
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

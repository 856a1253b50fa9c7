/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/printing.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/ledger/print-store.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/return-store.h"
#include "data/ledger/sale-store.h"
#include "data/ledger/setting-store.h"
#include "data/ledger/shift-store.h"
#include "data/slips/slip-refund.h"
#include "data/slips/slip-return.h"
#include "data/slips/slip-sale.h"
#include "data/slips/slip-shift.h"

/* Paper older than this is asked about in the morning, not spat out; a drawer opens now or never.
 */
#define STALE_AFTER (12 * TILL_HOUR)
#define DRAWER_STALE_AFTER (1 * TILL_MINUTE)
/* A job that is SENDING becomes due again, to be looked for, after this. */
#define LOOK_AFTER_S 30
/* Nobody waits longer for paper. What is due later than this was written while the books ran ahead:
 * the machine's clock had been set back, was set half right, and then the till was started again.
 * Paper leaves no entry in the journal that would have kept that time. */
#define WAIT_MAX (5 * TILL_MINUTE)

gboolean
till_printing_add (TillTxn *txn, TillPaperKind kind, int64_t subject_id, GError **error)
{
  return till_print_store_add (txn, kind, subject_id, error);
}

static gboolean
subject_exists (TillLedger *ledger, TillPaperKind kind, int64_t id, gboolean *exists,
                GError **error)
{
  g_autoptr (TillSale) sale = NULL;
  g_autoptr (TillReturn) goods = NULL;
  g_autoptr (TillRefund) refund = NULL;
  g_autoptr (TillShift) shift = NULL;
  gboolean good = kind == TILL_PAPER_SALE ? till_sale_store_load (ledger, id, FALSE, &sale, error)
                  : kind == TILL_PAPER_RETURN ? till_return_store_load (ledger, id, &goods, error)
                  : kind == TILL_PAPER_SHIFT  ? till_shift_store_load (ledger, id, &shift, error)
                                              : till_refund_store_load (ledger, id, &refund, error);
  *exists = sale || goods || refund || shift;
  return good;
}

gboolean
till_printing_again (TillLedger *ledger, int64_t staff_id, TillPaperKind kind, int64_t subject_id,
                     TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "reprint", error);
  gboolean exists;
  if (!txn || !subject_exists (ledger, kind, subject_id, &exists, error))
    return FALSE;
  *answer = exists ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, "");
  if (!exists)
    return TRUE;
  g_autofree char *note
      = g_strdup_printf ("reprint %s %" G_GINT64_FORMAT, till_paper_kind_word (kind), subject_id);
  till_txn_note (txn, note);
  return till_print_store_add (txn, kind, subject_id, error) && till_txn_commit (txn, error);
}

gboolean
till_printing_open_drawer (TillLedger *ledger, int64_t staff_id, const char *reason, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "drawer", error);
  if (!txn)
    return FALSE;
  till_txn_note (txn, reason);
  return till_print_store_add (txn, TILL_PAPER_DRAWER, till_txn_seq (txn), error)
         && till_txn_commit (txn, error);
}

static gboolean
record (TillLedger *ledger, const TillPrintJob *job, TillPrintState state, const char *problem,
        int64_t wait, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  return txn
         && till_print_store_record (txn, job->id, state, NULL, problem, till_txn_now (txn) + wait,
                                     error)
         && till_txn_commit (txn, error);
}

gboolean
till_printing_next (TillLedger *ledger, TillPrintJob **job, int64_t *next_at, GError **error)
{
  /* Every round without a job has put one away as stale. */
  for (;;)
    {
      int64_t now;
      g_autoptr (TillPrintJob) due = NULL;
      *job = NULL;
      if (!till_ledger_now (ledger, &now, error)
          || !till_print_store_due (ledger, now, &due, next_at, error)
          || (*next_at > now + WAIT_MAX
              && !till_print_store_due (ledger, *next_at, &due, next_at, error)))
        return FALSE;
      *next_at = till_ledger_on_clock (ledger, *next_at);
      if (!due)
        return TRUE;
      int64_t lasts = due->kind == TILL_PAPER_DRAWER ? DRAWER_STALE_AFTER : STALE_AFTER;
      if (due->state == TILL_PRINT_QUEUED && now - due->at > lasts)
        {
          if (!record (ledger, due, TILL_PRINT_STALE, "too old to print unasked", 0, error))
            return FALSE;
          continue;
        }
      if (due->state == TILL_PRINT_QUEUED
          && !record (ledger, due, TILL_PRINT_SENDING, "", LOOK_AFTER_S * TILL_SECOND, error))
        return FALSE;
      *job = g_steal_pointer (&due);
      return TRUE;
    }
}

/* Nothing on it but the pulse that opens the drawer. */
static TillDoc *
drawer_doc (void)
{
  TillDoc *doc = till_doc_new ();
  till_doc_kick (doc);
  return doc;
}

static TillDoc *
missing (const TillPrintJob *job, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT,
               "print job %" G_GINT64_FORMAT " is for a %s that is not there", job->id,
               till_paper_kind_word (job->kind));
  return NULL;
}

static TillDoc *
refund_doc (TillLedger *ledger, const TillPrintJob *job, const TillShop *shop, GError **error)
{
  g_autoptr (TillRefund) refund = NULL;
  int64_t head;
  if (!till_refund_store_load (ledger, job->subject_id, &refund, error)
      || !till_ledger_head (ledger, &head, NULL, error))
    return NULL;
  g_autofree char *anchor = till_ledger_anchor (ledger, head, error);
  if (!anchor)
    return NULL;
  return refund ? till_slip_refund (refund, shop, anchor, job->copy - 1) : missing (job, error);
}

static TillDoc *
shift_doc (TillLedger *ledger, const TillPrintJob *job, const TillShop *shop, GError **error)
{
  g_autoptr (TillShift) shift = NULL;
  if (!till_shift_store_load (ledger, job->subject_id, &shift, error))
    return NULL;
  return shift ? till_slip_shift (shift, shop, job->copy - 1) : missing (job, error);
}

TillDoc *
till_printing_doc (TillLedger *ledger, const TillPrintJob *job, GError **error)
{
  g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
  g_autoptr (TillSale) sale = NULL;
  g_autoptr (TillReturn) goods = NULL;
  if (!shop)
    return NULL;
  switch (job->kind)
    {
    case TILL_PAPER_SALE:
      if (!till_sale_store_load (ledger, job->subject_id, TRUE, &sale, error))
        return NULL;
      return sale ? till_slip_sale (sale, shop, job->copy - 1) : missing (job, error);
    case TILL_PAPER_RETURN:
      if (!till_return_store_load (ledger, job->subject_id, &goods, error))
        return NULL;
      return goods ? till_slip_return (goods, shop, job->copy - 1) : missing (job, error);
    case TILL_PAPER_REFUND:
      return refund_doc (ledger, job, shop, error);
    case TILL_PAPER_DRAWER:
      return drawer_doc ();
    case TILL_PAPER_SHIFT:
      return shift_doc (ledger, job, shop, error);
    default:
      g_assert_not_reached ();
    }
}

gboolean
till_printing_record (TillLedger *ledger, int64_t job_id, TillPrintState state, const char *way_ref,
                      const char *problem, int next_in_s, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  g_autofree char *clean = till_text_clean (problem, TILL_TEXT_MAX);
  return txn
         && till_print_store_record (txn, job_id, state, way_ref, clean,
                                     till_txn_now (txn) + MAX (next_in_s, 1) * TILL_SECOND, error)
         && till_txn_commit (txn, error);
}

GPtrArray *
till_printing_unprinted (TillLedger *ledger, int limit, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify)till_print_job_free);
  return till_print_store_unprinted (ledger, CLAMP (limit, 1, 1000), jobs, error)
             ? g_steal_pointer (&jobs)
             : NULL;
}

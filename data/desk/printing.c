/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/printing.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/desk/staffing.h"
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

/* A drawer opens now or never: it must not open hours later when a printer is switched on. */
#define DRAWER_LASTS (1 * TILL_MINUTE)
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
settle_all (TillTxn *txn, const GArray *ids, TillPrintWord word, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    if (!till_print_store_settle (txn, g_array_index (ids, int64_t, i), word, error))
      return FALSE;
  return TRUE;
}

/* One more copy; whatever was asked about earlier printings of this slip is answered by it. */
static gboolean
add_copy (TillTxn *txn, TillPaperKind kind, int64_t subject_id, GError **error)
{
  g_autoptr (GArray) asking = g_array_new (FALSE, FALSE, sizeof (int64_t));
  return till_print_store_asking (till_txn_ledger (txn), kind, subject_id, asking, error)
         && settle_all (txn, asking, TILL_PRINT_AGAIN, error)
         && till_print_store_add (txn, kind, subject_id, error);
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
  return add_copy (txn, kind, subject_id, error) && till_txn_commit (txn, error);
}

/* Whoever works here; the program itself sees no paper. */
static gboolean
person_may (TillTxn *txn, int64_t staff_id, TillAnswer *answer, GError **error)
{
  if (staff_id != 0)
    return till_staffing_may (txn, staff_id, TILL_RIGHT_SELL, NULL, answer, error);
  *answer = till_answer (TILL_NO_RIGHT);
  return TRUE;
}

/* NULL in *job: no such slip, or none that asks for a person, or somebody was faster. */
static gboolean
find_asking (TillTxn *txn, int64_t job_id, TillPrintJob **job, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_autoptr (TillPrintJob) found = NULL;
  g_autoptr (GArray) asking = g_array_new (FALSE, FALSE, sizeof (int64_t));
  *job = NULL;
  if (!till_print_store_load (ledger, job_id, &found, error))
    return FALSE;
  if (!found || found->kind == TILL_PAPER_DRAWER)
    return TRUE;
  if (!till_print_store_asking (ledger, found->kind, found->subject_id, asking, error))
    return FALSE;
  for (guint i = 0; i < asking->len && !*job; i++)
    if (g_array_index (asking, int64_t, i) == job_id)
      *job = g_steal_pointer (&found);
  return TRUE;
}

gboolean
till_printing_settle (TillLedger *ledger, int64_t staff_id, int64_t job_id, TillPrintWord word,
                      TillAnswer *answer, GError **error)
{
  g_autoptr (TillPrintJob) job = NULL;
  g_autofree char *no = g_strdup_printf ("%" G_GINT64_FORMAT, job_id);
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "slip_settled", error);
  if (!txn || !person_may (txn, staff_id, answer, error) || !find_asking (txn, job_id, &job, error))
    return FALSE;
  if (answer->code == TILL_YES && !job)
    *answer = till_answer_ref (TILL_NO_SLIP, no);
  if (answer->code != TILL_YES)
    return TRUE;
  return (word == TILL_PRINT_AGAIN ? add_copy (txn, job->kind, job->subject_id, error)
                                   : till_print_store_settle (txn, job_id, word, error))
         && till_txn_commit (txn, error);
}

/* A slip may be in the backlog several times; the first copy of it settles all of them. */
static gboolean
copy_once (TillTxn *txn, int64_t job_id, GError **error)
{
  g_autoptr (TillPrintJob) job = NULL;
  return find_asking (txn, job_id, &job, error)
         && (!job || add_copy (txn, job->kind, job->subject_id, error));
}

gboolean
till_printing_settle_backlog (TillLedger *ledger, int64_t staff_id, int64_t newest,
                              TillBacklogChoice choice, TillAnswer *answer, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "slip_settled", error);
  if (!txn || !person_may (txn, staff_id, answer, error)
      || !till_print_store_backlog (ledger, newest, ids, error))
    return FALSE;
  if (answer->code == TILL_YES && ids->len == 0)
    *answer = till_answer_ref (TILL_NO_SLIP, "");
  if (answer->code != TILL_YES)
    return TRUE;
  int64_t last = g_array_index (ids, int64_t, ids->len - 1);
  if (choice == TILL_BACKLOG_LAST && !copy_once (txn, last, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (TillPrintJob) job = NULL;
      int64_t id = g_array_index (ids, int64_t, i);
      if (choice == TILL_BACKLOG_ALL
              ? !copy_once (txn, id, error)
              : !find_asking (txn, id, &job, error)
                    || (job && !till_print_store_settle (txn, id, TILL_PRINT_NONE, error)))
        return FALSE;
    }
  return till_txn_commit (txn, error);
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
        int64_t wait, const char *printer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, NULL, error);
  return txn
         && till_print_store_record (txn, job->id, state, NULL, problem, till_txn_now (txn) + wait,
                                     printer, error)
         && till_txn_commit (txn, error);
}

static gboolean
set_good_until (TillLedger *ledger, TillPrintJob *job, GError **error)
{
  g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
  if (shop)
    job->good_until
        = job->at
          + (job->kind == TILL_PAPER_DRAWER ? DRAWER_LASTS : shop->paper_stale_min * TILL_MINUTE);
  return shop != NULL;
}

gboolean
till_printing_next (TillLedger *ledger, const char *printer, TillPrintJob **job, int64_t *next_at,
                    GError **error)
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
      if (!set_good_until (ledger, due, error))
        return FALSE;
      if (due->state == TILL_PRINT_QUEUED && now > due->good_until)
        {
          if (!record (ledger, due, TILL_PRINT_STALE, "too old to print unasked", 0, NULL, error))
            return FALSE;
          continue;
        }
      if (due->state == TILL_PRINT_QUEUED
          && !record (ledger, due, TILL_PRINT_SENDING, "", LOOK_AFTER_S * TILL_SECOND, printer,
                      error))
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
                                     till_txn_now (txn) + MAX (next_in_s, 1) * TILL_SECOND, NULL,
                                     error)
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

gboolean
till_printing_saw_drawer (TillLedger *ledger, int64_t job_id, gboolean is_open, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "drawer_seen", error);
  return txn && till_print_store_add_drawer (txn, job_id, is_open, error)
         && till_txn_commit (txn, error);
}

gboolean
till_printing_drawer (TillLedger *ledger, TillDrawerSeen *seen, GError **error)
{
  return till_print_store_drawer (ledger, seen, error);
}

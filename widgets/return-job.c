/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-job.h"

void
till_return_job_init (TillReturnJob *job)
{
  *job = (TillReturnJob){ 0 };
  till_undo_init (&job->undo, (GDestroyNotify)till_return_draft_free);
}

void
till_return_job_clear (TillReturnJob *job)
{
  if (job->undo.back)
    till_return_job_forget (job);
  till_undo_clear (&job->undo);
}

void
till_return_job_forget (TillReturnJob *job)
{
  g_clear_pointer (&job->sale, till_sale_free);
  g_clear_pointer (&job->draft, till_return_draft_free);
  g_clear_pointer (&job->goods, till_return_free);
  till_rehearsal_clear (&job->rehearsal);
  job->rehearsed = FALSE;
  till_undo_forget (&job->undo);
}

void
till_return_job_open (TillReturnJob *job, TillSale *sale, TillReturnDraft *draft)
{
  till_return_job_forget (job);
  job->sale = sale;
  job->draft = draft;
}

void
till_return_job_rehearsed (TillReturnJob *job, TillRehearsal *rehearsal)
{
  till_rehearsal_clear (&job->rehearsal);
  job->rehearsal = *rehearsal;
  *rehearsal = (TillRehearsal){ 0 };
  job->rehearsed = TRUE;
}

void
till_return_job_done (TillReturnJob *job, TillReturn *goods)
{
  till_return_job_forget (job);
  job->goods = goods;
}

void
till_return_job_keep (TillReturnJob *job)
{
  till_undo_keep (&job->undo, till_return_draft_copy (job->draft));
  job->rehearsed = FALSE;
}

gboolean
till_return_job_step (TillReturnJob *job, gboolean back)
{
  TillReturnDraft *state
      = back ? till_undo_back (&job->undo, job->draft) : till_undo_forth (&job->undo, job->draft);
  if (!state)
    return FALSE;
  job->draft = state; /* the undo took the other one */
  return TRUE;
}

TillMoney
till_return_job_worth (const TillSaleLine *line, TillQuantity quantity)
{
  TillMoney amount = 0, vat = 0;
  if (quantity > 0 && quantity <= line->quantity - line->returned)
    till_return_line_money (line, quantity, &amount, &vat);
  return amount;
}

TillMoney
till_return_job_sum (const TillReturnJob *job)
{
  if (job->rehearsed)
    return job->rehearsal.amount;
  TillMoney sum = 0;
  for (guint i = 0; job->sale && i < job->sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (job->sale->lines, i);
      sum += till_return_job_worth (line, till_return_draft_get (job->draft, line->pos));
    }
  return sum;
}

gboolean
till_return_job_needs_second (const TillReturnJob *job)
{
  return job->stage == TILL_RETURN_AT_MONEY && job->rehearsed
         && till_answer_can_be_approved (&job->rehearsal.answer);
}

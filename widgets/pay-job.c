/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-job.h"
#include "data/desk/selling.h"

#include <string.h>

void
till_pay_job_init (TillPayJob *job)
{
  job->wishes = g_ptr_array_new_with_free_func ((GDestroyNotify)till_tender_wish_free);
}

void
till_pay_job_clear (TillPayJob *job)
{
  g_clear_pointer (&job->wishes, g_ptr_array_unref);
  g_clear_pointer (&job->token, g_free);
  explicit_bzero (&job->line, sizeof job->line);
}

gboolean
till_pay_job_turn_to (TillPayJob *job, const char *token)
{
  if (g_strcmp0 (job->token, token) == 0)
    return FALSE;
  gboolean dropped = job->wishes->len > 0;
  g_ptr_array_set_size (job->wishes, 0);
  g_free (job->token);
  job->token = g_strdup (token);
  return dropped;
}

static gboolean
leg_pays (const TillLeg *leg)
{
  return leg->state == TILL_LEG_APPROVED || till_leg_state_is_waiting (leg->state);
}

TillMoney
till_pay_job_due (const TillPayJob *job)
{
  TillMoney due = job->total;
  for (guint i = 0; i < job->wishes->len; i++)
    due -= ((const TillTenderWish *)g_ptr_array_index (job->wishes, i))->amount;
  const TillSale *sale = *job->sale;
  for (guint i = 0; sale && i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg_pays (leg))
        due -= leg->amount;
    }
  return due;
}

TillMoney
till_pay_job_typed (const TillPayJob *job)
{
  TillMoney amount = till_pay_job_due (job);
  if (!*job->line.text)
    return amount;
  g_autofree char *text = g_strdup (job->line.text);
  gsize n = strlen (text);
  if (n > 1 && text[n - 1] == '.')
    text[n - 1] = '\0';
  return till_money_parse (text, &amount, NULL) ? amount : -1;
}

const TillLeg *
till_pay_job_waiting (const TillPayJob *job)
{
  const TillSale *sale = *job->sale;
  for (guint i = 0; sale && i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (till_leg_state_is_waiting (leg->state))
        return leg;
    }
  return NULL;
}

void
till_pay_job_agree (TillPayJob *job, TillTender tender, TillMoney amount, TillMoney received,
                    const char *auth, const char *masked)
{
  TillTenderWish *wish = g_new0 (TillTenderWish, 1);
  wish->tender = tender;
  wish->amount = amount;
  wish->received = received;
  wish->auth = g_strdup (auth);
  wish->masked = g_strdup (masked);
  wish->at_terminal = tender == TILL_TENDER_CARD && !auth;
  g_ptr_array_add (job->wishes, wish);
}

void
till_pay_job_agree_slip (TillPayJob *job, TillMoney amount)
{
  TillTenderWish *wish = g_new0 (TillTenderWish, 1);
  wish->tender = TILL_TENDER_CARD;
  wish->amount = amount;
  wish->by_slip = TRUE;
  g_ptr_array_add (job->wishes, wish);
}

GPtrArray *
till_pay_job_take_wishes (TillPayJob *job)
{
  GPtrArray *wishes = g_steal_pointer (&job->wishes);
  till_pay_job_init (job);
  return wishes;
}

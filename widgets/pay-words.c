/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-words.h"
#include "widgets/state-face.h"

#include <glib/gi18n-lib.h>

char *
till_pay_words_leg (const TillLeg *leg, TillCounter *counter)
{
  g_autofree char *amount = till_money_format_screen (leg->amount);
  g_autofree char *time = till_counter_time (counter, leg->next_action_at);
  switch (leg->state)
    {
    case TILL_LEG_PLANNED:
    case TILL_LEG_REQUESTED:
      return g_strdup_printf (_ ("Asking the provider for %s. Wait for the answer; do not charge "
                                 "again."),
                              amount);
    case TILL_LEG_UNKNOWN:
      return g_strdup_printf (
          _ ("The payment of %s is not confirmed yet. The provider did not answer. "
             "Do not charge again; the till asks again at %s."),
          amount, time);
    case TILL_LEG_REVERSING:
      return g_strdup_printf (
          _ ("The payment of %s is being reversed. Do not charge again; another way to pay is "
             "possible as soon as the provider confirms that nothing is taken."),
          amount);
    case TILL_LEG_DECLINED:
      return g_strdup_printf (
          _ ("The payment of %s was declined. Nothing was taken. Choose another way "
             "to pay. (%s)"),
          amount, *leg->failure_words ? leg->failure_words : leg->failure_code);
    case TILL_LEG_DISPUTED:
      return g_strdup_printf (_ ("The answer about the payment of %s contradicts our books. It is "
                                 "frozen. Call the person in charge."),
                              amount);
    default:
      return NULL;
    }
}

static void
prompt (AdwStatusPage *page, TillFace face, const char *words)
{
  g_autofree char *sentence = g_markup_escape_text (words, -1); /* a description is markup */
  adw_status_page_set_icon_name (page, face.icon);
  adw_status_page_set_title (page, face.word);
  adw_status_page_set_description (page, sentence);
}

void
till_pay_words_prompt (AdwStatusPage *page, const TillPayJob *job, TillCounter *counter)
{
  const TillLeg *leg = till_pay_job_waiting (job);
  TillFace card = { "auth-smartcard-symbolic", _ ("Insert, tap or swipe the card"), NULL };
  TillFace code = { "view-grid-symbolic", _ ("Scan the customer's payment code"), NULL };
  g_autofree char *words = leg ? till_pay_words_leg (leg, counter) : NULL;
  if (leg)
    prompt (page, till_face_of_leg (leg->state), words);
  else if (job->tender == TILL_TENDER_CARD)
    prompt (page, card, _ ("The till charges as soon as the reader has read it."));
  else if (job->tender == TILL_TENDER_CODE)
    prompt (page, code, _ ("The till charges as soon as the code is scanned."));
}

const char *
till_pay_words_advice (const TillPayJob *job)
{
  if (till_pay_job_waiting (job))
    return _ ("Delete: give this payment up. Another customer can be served meanwhile.");
  if (job->tender != TILL_TENDER_CASH)
    return _ ("1 goes back to cash. Esc goes back, nothing is lost.");
  return _ ("Enter: exact cash, print, next customer. Or type what the customer gives. "
            "A smaller amount pays a part. Esc goes back, nothing is lost.");
}

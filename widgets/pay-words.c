/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-words.h"
#include "widgets/state-face.h"
#include "data/trade/advice.h"

#include <glib/gi18n-lib.h>

char *
till_pay_words_leg (const TillLeg *leg, TillCounter *counter)
{
  if (leg->state == TILL_LEG_APPROVED)
    return NULL;
  g_autofree char *sentence = till_advice_leg (leg, counter->shop->zone);
  g_autofree char *said = till_advice_said (leg->failure_code, leg->failure_words);
  return *said ? g_strconcat (sentence, "\n", said, NULL) : g_steal_pointer (&sentence);
}

/* said: the provider's words, "" for none. */
static void
prompt (AdwStatusPage *page, TillFace face, const char *words, const char *said)
{
  /* A description is markup. */
  g_autofree char *sentence = *said ? g_markup_printf_escaped ("%s\n<small>%s</small>", words, said)
                                    : g_markup_escape_text (words, -1);
  adw_status_page_set_icon_name (page, face.icon);
  adw_status_page_set_title (page, face.word);
  adw_status_page_set_description (page, sentence);
}

static void
prompt_leg (AdwStatusPage *page, const TillLeg *leg, const char *zone)
{
  g_autofree char *words = till_advice_leg (leg, zone);
  g_autofree char *said = till_advice_said (leg->failure_code, leg->failure_words);
  prompt (page, till_face_of_leg (leg->state), words, said);
}

void
till_pay_words_prompt (AdwStatusPage *page, const TillPayJob *job, TillCounter *counter)
{
  const TillLeg *leg = till_pay_job_waiting (job);
  TillFace card = { "auth-smartcard-symbolic", _ ("Insert, tap or swipe the card"), NULL };
  TillFace terminal = { "auth-smartcard-symbolic", _ ("Card at the terminal"), NULL };
  TillFace beside = { "auth-smartcard-symbolic", _ ("Card on the terminal beside the till"), NULL };
  TillFace code = { "view-grid-symbolic", _ ("Scan the customer's payment code"), NULL };
  if (leg && leg->tender == TILL_TENDER_CARD && job->at_terminal && leg->state == TILL_LEG_UNKNOWN
      && leg->failure == TILL_CLASS_NONE)
    prompt (
        page, terminal,
        _ ("The customer presents the card at the terminal. The payment is saved. Do not charge "
           "again; the till sees by itself when it is paid."),
        "");
  else if (leg)
    prompt_leg (page, leg, counter->shop->zone);
  else if (job->tender == TILL_TENDER_CARD && job->by_slip)
    prompt (
        page, beside,
        _ ("Enter saves the sale and shows what to key into the terminal. Then type what its slip "
           "says."),
        "");
  else if (job->tender == TILL_TENDER_CARD && job->at_terminal)
    prompt (page, terminal,
            _ ("Enter sends the amount to the terminal; there the customer presents the card."),
            "");
  else if (job->tender == TILL_TENDER_CARD)
    prompt (page, card, _ ("The till charges as soon as the reader has read it."), "");
  else if (job->tender == TILL_TENDER_CODE)
    prompt (page, code, _ ("The till charges as soon as the code is scanned."), "");
}

const char *
till_pay_words_advice (const TillPayJob *job)
{
  if (*job->sale && till_sale_leg_by_slip (*job->sale))
    return _ ("Enter: the next number. Esc: one number back. Delete: the terminal took nothing.");
  if (till_pay_job_waiting (job))
    return _ ("Delete: give this payment up. Another customer can be served meanwhile.");
  if (job->tender == TILL_TENDER_CARD && job->at_terminal && !job->by_slip)
    return _ (
        "Enter: charge at the terminal. 1 goes back to cash. Esc goes back, nothing is lost.");
  if (job->tender != TILL_TENDER_CASH)
    return _ ("1 goes back to cash. Esc goes back, nothing is lost.");
  return _ ("Enter: exact cash, print, next customer. Or type what the customer gives. "
            "A smaller amount pays a part. Esc goes back, nothing is lost.");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Stripe's tongue and its reader share. Answers and objects are the caller's. */
#pragma once
#include "app/sandbox/tongue-parts.h"

G_BEGIN_DECLS

#define TILL_STRIPE_READERS "/v1/terminal/readers/"

/* What Stripe's own test card declines by the last two digits of the amount (its documentation:
 * Terminal, "Physical test cards"). */
typedef struct
{
  int ends;
  const char *code, *words;
} TillStripeDecline;
/* NULL: such an amount is paid. */
const TillStripeDecline *till_stripe_decline (TillMoney amount);

TillSaid *till_stripe_say (const TillHeard *heard, int status, const json_t *object,
                           TillDelivery delivery);
TillSaid *till_stripe_say_code (const TillHeard *heard, const char *code, const char *param,
                                const char *message);
TillSaid *till_stripe_say_missing (const TillHeard *heard, const char *what, const char *param,
                                   const char *id);
/* That it is in no state for this; the error shows it. */
TillSaid *till_stripe_say_unexpected (const TillSpeech *speech, const TillHeard *heard,
                                      const TillProviderAnswer *answer);
/* NULL with form, or what is wrong with the parameters. */
TillSaid *till_stripe_read_form (const TillHeard *heard, GBytes *bytes, const char *const *known,
                                 TillForm **form);

/* GET and POST below TILL_STRIPE_READERS. */
TillSaid *till_stripe_answer_reader (const TillSpeech *speech, const TillHeard *heard,
                                     gboolean get);

G_END_DECLS

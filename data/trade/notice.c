/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/notice.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

void
till_notice_free (TillNotice *notice)
{
  if (!notice)
    return;
  g_free (notice->request_no);
  g_free (notice->event_no);
  g_free (notice->words);
  g_free (notice->currency);
  g_free (notice);
}

void
till_kept_notice_free (TillKeptNotice *kept)
{
  if (!kept)
    return;
  g_free (kept->provider);
  g_free (kept->request_no);
  g_free (kept->words);
  g_free (kept->no);
  g_free (kept->currency);
  g_free (kept->settled_by);
  g_free (kept->reason);
  g_free (kept);
}

char *
till_kept_notice_told (const TillKeptNotice *kept)
{
  if (kept->told == 0)
    return g_strdup ("");
  if (!*kept->currency || strcmp (kept->currency, "CNY") == 0)
    return till_money_format_screen (kept->told);
  /* Translators: a currency as USD or JPY, and how many of its cents or whatever is smallest */
  return g_strdup_printf (_ ("%s %" PRId64 " (smallest unit)"), kept->currency, kept->told);
}

char *
till_notice_sums_sentence (const TillNoticeSums *sums)
{
  g_autofree char *refunds = till_money_format_screen (sums->refunds);
  g_autofree char *payments = till_money_format_screen (sums->payments);
  return g_strdup_printf (_ ("They tell of refunds of %s and payments of %s; numbers without an "
                             "amount in yuan: %d."),
                          refunds, payments, sums->unknown);
}

/* No guess which of the two it is: only the provider can say that. */
static char *
unsettled_sentence (gboolean is_refund, const char *provider)
{
  return g_strdup_printf (
      is_refund ? _ ("%s told of a refund under a number that this shop never sent there. Either "
                     "something else uses the same account, or somebody pays money back in the "
                     "shop's name. Nothing in the books was changed by it.")
                : _ ("%s told of a payment under a number that this shop never sent there. Either "
                     "something else uses the same account, or a customer has paid for a sale that "
                     "is not in the books. Nothing in the books was changed by it."),
      provider);
}

char *
till_kept_notice_sentence (const TillKeptNotice *kept, const char *provider)
{
  switch (kept->state)
    {
    case TILL_NOTICE_UNSETTLED:
      return unsettled_sentence (kept->is_refund, provider);
    case TILL_NOTICE_SETTLED:
      return g_strdup_printf (_ ("It was about no number of this shop. %s settled it: “%s”"),
                              kept->settled_by, kept->reason);
    case TILL_NOTICE_KNOWN:
      return g_strdup (
          kept->refund_id ? _ ("It is about a refund of this shop. A notice decides nothing: what "
                               "the provider answers when the till asks does.")
                          : _ ("It is about a payment of this shop. A notice decides nothing: what "
                               "the provider answers when the till asks does."));
    default:
      g_assert_not_reached ();
    }
}

const char *
till_kept_notice_next (const TillKeptNotice *kept)
{
  if (kept->state == TILL_NOTICE_UNSETTLED)
    return _ ("Look the number up at the provider: there it says how much it is and for whom. Then "
              "settle it here with what it was.");
  return _ ("Nothing is to be done.");
}

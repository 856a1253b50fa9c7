/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any sequence of events in a refund's life, a byte each. Beside it runs the question that matters:
 * may money be on its way already? While it may, nothing is sent and no cash handed over. */
#include "data/trade/refund.h"
#include "tests/fuzz/fuzz.h"

#define N_EVENTS (TILL_REFUND_EVENT_TOO_LATE + 1)

/* What an event that was possible says about money that may have been booked. */
static gboolean
may_be_booked (gboolean before, TillRefundState from, TillRefundEvent event)
{
  switch ((int)event)
    {
    case TILL_REFUND_EVENT_PROMISE:
    case TILL_REFUND_EVENT_HAND_OVER:
    case TILL_REFUND_EVENT_DONE:
      return TRUE;
    case TILL_REFUND_EVENT_NOT_SENT: /* said of this attempt: of a question it says nothing */
    case TILL_REFUND_EVENT_RETRY:
    case TILL_REFUND_EVENT_NO_BALANCE:
      return from == TILL_REFUND_SENDING ? FALSE : before;
    case TILL_REFUND_EVENT_GONE:
      return from == TILL_REFUND_UNKNOWN ? FALSE : before;
    case TILL_REFUND_EVENT_WRONG: /* said of a recall, it says nothing of the money either */
    case TILL_REFUND_EVENT_NO_ACCOUNT:
      return from == TILL_REFUND_RECALLING ? before : FALSE;
    case TILL_REFUND_EVENT_REFUSE:
    case TILL_REFUND_EVENT_BOUNCE:
      return FALSE;
    default:
      return before;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  TillRefundState state = TILL_REFUND_WAIT_APPROVAL;
  gboolean booked = FALSE, approved = FALSE;
  for (size_t i = 0; i < size; i++)
    {
      TillRefundEvent event = (TillRefundEvent)(data[i] % N_EVENTS);
      TillRefundState to = TILL_REFUND_CANCELLED;
      if (!till_refund_next (state, event, &to))
        continue;
      /* A recall asks for money that is stuck, under the same number: it pays nobody. */
      gboolean recall = state == TILL_REFUND_RECALL_DUE && event == TILL_REFUND_EVENT_PROMISE;
      gboolean leaves
          = !recall && (event == TILL_REFUND_EVENT_PROMISE || event == TILL_REFUND_EVENT_HAND_OVER);
      g_assert_false (leaves && booked); /* never twice */
      g_assert_false (leaves && !approved);
      g_assert_true (till_refund_state_has_left (to) == (event == TILL_REFUND_EVENT_PROMISE));
      approved = approved || event == TILL_REFUND_EVENT_APPROVE;
      booked = may_be_booked (booked, state, event);

      /* An end is an end; only proven money can still come back. */
      g_assert_true (till_refund_state_counts (state));
      g_assert_true (state != TILL_REFUND_SUCCEEDED || to == TILL_REFUND_SUCCEEDED
                     || to == TILL_REFUND_BOUNCED);
      /* What may be booked counts against the cap, and somebody looks after it. */
      g_assert_false (booked && !till_refund_state_counts (to));
      g_assert_true (!booked || till_refund_state_is_proven (to) || till_refund_state_is_due (to));
      g_assert_true (!till_refund_state_is_proven (to) || event == TILL_REFUND_EVENT_DONE
                     || event == TILL_REFUND_EVENT_HAND_OVER);
      state = to;
    }
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stage-notice.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "data/desk/noticing.h"
#include "data/desk/refunding.h"

#include <string.h>

#define REFUNDS_MAX 100

TillRefund *
till_stage_latest_refund (TillLedger *ledger, GError **error)
{
  int latest = -1;
  g_autoptr (GPtrArray) list = till_refunding_list (ledger, TILL_REFUNDS_TODAY, REFUNDS_MAX, error);
  if (!list)
    return NULL;
  for (guint i = 0; i < list->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (list, i);
      const TillRefund *best = latest < 0 ? NULL : g_ptr_array_index (list, latest);
      if (refund->sent_at > 0 && (!best || refund->id > best->id))
        latest = (int)i;
    }
  if (latest < 0)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no refund was sent today");
      return NULL;
    }
  return g_ptr_array_steal_index (list, (guint)latest);
}

gboolean
till_stage_tell (TillLedger *ledger, const TillTelling *telling, GError **error)
{
  g_autoptr (TillRefund) latest = telling->number ? NULL : till_stage_latest_refund (ledger, error);
  if (!telling->number && !latest)
    return FALSE;
  char *number = latest ? latest->request_no : (char *)telling->number;
  g_autofree char *said = g_strjoin (" ", telling->provider, number, telling->words, NULL);
  g_autofree char *digest = till_digest_hex (said, strlen (said));
  const TillNotice notice = { .is_refund = telling->is_refund,
                              .request_no = number,
                              .words = (char *)telling->words,
                              .amount = telling->amount };
  TillNoticed noticed;
  return till_noticing_receive (ledger, telling->provider, &notice, digest, &noticed, error);
}

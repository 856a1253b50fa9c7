/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/notice.h"

void
till_notice_free (TillNotice *notice)
{
  if (!notice)
    return;
  g_free (notice->request_no);
  g_free (notice->event_no);
  g_free (notice->words);
  g_free (notice);
}

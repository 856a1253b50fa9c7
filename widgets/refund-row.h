/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A refund as a row of the list: the words for it. Main thread only. */
#pragma once
#include "widgets/counter.h"
#include "widgets/sheet.h"
#include "data/trade/refund.h"

G_BEGIN_DECLS

#define TILL_REFUND_COLUMNS 7
extern const TillColumn till_refund_columns[TILL_REFUND_COLUMNS];

/* Its id is the refund's. */
TillSheetRow *till_refund_row_new (TillCounter *counter, const TillRefund *refund);

G_END_DECLS

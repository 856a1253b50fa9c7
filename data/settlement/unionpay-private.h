/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary (RD) that comes with UnionPay's rows. */
#pragma once
#include "data/settlement/reading-private.h"

G_BEGIN_DECLS

/* Debit (借) and credit (贷) as the merchant's account sees them; fen. */
typedef struct
{
  int64_t rows;
  int64_t amount_debit, amount_credit;
  int64_t fee_debit, fee_credit;
  int64_t net_debit, net_credit;
} TillUnionpaySums;

/* Reads the member, which must be for this reading's merchant and day and agree with itself. */
gboolean till_unionpay_read_summary (const TillReading *reading, const TillSettlementMember *member,
                                     TillUnionpaySums *sums, GError **error);

G_END_DECLS

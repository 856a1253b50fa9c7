/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May these goods come back, and does one person suffice? Pure decisions over facts that the caller
 * read in its own transaction. */
#pragma once
#include "data/trade/answer.h"
#include "data/trade/return.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

/* Can the draft be done at all: paid sale, known lines, quantities that are left, a reason. Yes, or
 * a no that nobody can approve. */
TillAnswer till_policy_check (const TillSale *sale, const TillReturnDraft *draft);

/* Does it need a second person: window, route, limit of the asker's role. Yes, or the first no that
 * can be approved. today is a business day. */
TillAnswer till_policy_decide (const TillPolicy *policy, const TillSale *sale,
                               const TillReturnDraft *draft, TillMoney amount, TillRole asker,
                               int today);

/* May this person approve that: right, not the asker, limit. */
TillAnswer till_policy_approve (const TillPolicy *policy, TillMoney amount, int64_t asker_id,
                                const TillStaff *approver);

/* Is a count so far from the books that a second person must look at it (over_short: above 0 too
 * much); and may this person be the one: right, not the closer. */
TillAnswer till_policy_count (const TillPolicy *policy, TillMoney over_short);
TillAnswer till_policy_look (int64_t closer_id, const TillStaff *approver);

G_END_DECLS

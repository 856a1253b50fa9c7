/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifts at the desk: cash between safe and drawer, the count, the close. There is always one shift
 * that is not closed; nothing has to be opened before somebody may sell.
 *
 * Whoever counts does not know what the books expect: only a count tells, and every count is an
 * entry of the journal, whether a close follows or not. A close is signed with the key beside the
 * books (data/ledger/seal-store.h) or does not happen. Each function is one transaction on the
 * ledger's thread; TRUE means that it ran and *answer holds the trade's answer. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/shift.h"

G_BEGIN_DECLS

/* The shift so far: nothing of what the drawer should hold. */
typedef struct
{
  TillShiftSums sums; /* without float_in and cash_out, from which it could be reckoned */
  int64_t entries;
  int64_t began_at; /* 0 when nothing has happened yet */
} TillShiftNow;
gboolean till_shifting_now (TillLedger *ledger, int64_t staff_id, TillShiftNow *now,
                            TillAnswer *answer, GError **error);

/* From the safe into the drawer, and back with a reason; the drawer opens. The same token twice is
 * one move. */
gboolean till_shifting_float (TillLedger *ledger, int64_t staff_id, const char *token,
                              TillMoney amount, TillAnswer *answer, GError **error);
gboolean till_shifting_out (TillLedger *ledger, int64_t staff_id, const char *token,
                            TillMoney amount, const char *reason, TillAnswer *answer,
                            GError **error);

/* What a count showed. */
typedef struct
{
  TillMoney expected;
  TillMoney over_short; /* below 0: too little */
  gboolean needs_second;
} TillCounted;
/* An empty drawer counts as 0. */
gboolean till_shifting_count (TillLedger *ledger, int64_t staff_id, const TillCount *count,
                              TillCounted *counted, TillAnswer *answer, GError **error);

typedef struct
{
  char *token; /* owned; a request number: two clicks are one close */
  TillCount count;
  TillMoney expected; /* as the count showed it; when it moved since: TILL_NO_STALE, count again */
  TillMoney keep;     /* what stays in the drawer as the next float; the rest goes to the safe */
} TillShiftDraft;
TillShiftDraft *till_shifting_draft (TillLedger *ledger) G_GNUC_WARN_UNUSED_RESULT;
void till_shift_draft_free (TillShiftDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShiftDraft, till_shift_draft_free)

/* TILL_NO_OVER_SHORT when a second person must look; then again with number and PIN of one, NULL
 * otherwise. Its slip is due with it. NOT_FOUND or CORRUPT when the key to sign with is missing or
 * another one: nothing is closed. */
gboolean till_shifting_close (TillLedger *ledger, int64_t staff_id, const TillShiftDraft *draft,
                              const char *second_no, const char *second_pin, TillShift **shift,
                              TillAnswer *answer, GError **error);

/* The latest closes, newest first, at most limit: one's own, with TILL_RIGHT_REPORT everybody's; of
 * TillShift. */
gboolean till_shifting_list (TillLedger *ledger, int64_t staff_id, int limit, GPtrArray **shifts,
                             TillAnswer *answer, GError **error);

/* By the number on its slip; 0 when there is none. */
gboolean till_shifting_find (TillLedger *ledger, const char *no, int64_t *id, GError **error);

/* A new key to sign closes with; needs TILL_RIGHT_MANAGE. staff_id 0: the shop is being made.
 * fingerprint as it stands on slips. */
gboolean till_shifting_make_key (TillLedger *ledger, int64_t staff_id, char **fingerprint,
                                 TillAnswer *answer, GError **error);

G_END_DECLS

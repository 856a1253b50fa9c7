/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returning: take goods back and owe the money. One transaction each, on the ledger's thread. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/provider.h"
#include "data/trade/return.h"

G_BEGIN_DECLS

/* The second person. NULL no and hold FALSE: there is none; a return that needs one is refused with
 * the reason and nothing is written. hold: write it as WAIT_APPROVAL and let somebody decide later.
 */
typedef struct
{
  const char *no;
  const char *pin;
  gboolean hold;
} TillSecond;

/* Exactly what submitting would do, figure for figure, without doing it. */
typedef struct
{
  TillMoney amount, vat;
  int n_shares;
  TillReturnShare *shares; /* owned */
  TillAnswer answer;       /* YES, a plain no, or a no that a second person can approve */
} TillRehearsal;
void till_rehearsal_clear (TillRehearsal *rehearsal);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillRehearsal, till_rehearsal_clear)

/* Sales that one reference may mean at once; beyond it the newest are listed. */
#define TILL_RETURNING_MEANT_MAX 50

/* The sale that goods came from, by what a person typed or scanned: the receipt's number, the
 * provider's own number of a payment or a refund, or the masked number of a card that paid, which
 * many cards share and which therefore proves nothing; blanks do not count. One sale: YES, loaded
 * whole. Several: TILL_NO_ONE_SALE, *sale is NULL and meant has them without lines, newest first.
 * None: TILL_NO_SALE. meant frees TillSale. */
gboolean till_returning_find (TillLedger *ledger, const char *text, TillSale **sale,
                              GPtrArray *meant, TillAnswer *answer, GError **error);

/* A new draft for a sale, with its request number drawn. Kept in the books by till_returning_keep.
 */
TillReturnDraft *till_returning_draft (TillLedger *ledger, int64_t staff_id, int64_t sale_id,
                                       GError **error);
gboolean till_returning_keep (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                              GError **error);
/* The draft this person was working on before a crash, or NULL without error. */
TillReturnDraft *till_returning_unfinished (TillLedger *ledger, int64_t staff_id, GError **error);
gboolean till_returning_discard (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                                 GError **error);

gboolean till_returning_rehearse (TillLedger *ledger, int64_t staff_id,
                                  const TillReturnDraft *draft, TillProfileOf profile_of,
                                  TillRehearsal *rehearsal, GError **error);

/* Writes the return, its refunds (cash ones are handed over, others QUEUED, or all WAIT_APPROVAL),
 * histories, postings, journal entry and print jobs, and removes the draft: all or nothing.
 * Submitting a token again answers with the return it already became. second may be NULL.
 *
 * profile_of, here and in the others: what each provider still gives back is looked up in it, with
 * NULL as its user. What a provider no longer takes is refused before anything is promised. */
gboolean till_returning_submit (TillLedger *ledger, int64_t staff_id, const TillReturnDraft *draft,
                                const TillSecond *second, TillProfileOf profile_of,
                                TillReturn **goods, TillAnswer *answer, GError **error);

gboolean till_returning_load (TillLedger *ledger, const char *no, TillReturn **goods,
                              TillAnswer *answer, GError **error);
gboolean till_returning_load_id (TillLedger *ledger, int64_t id, TillReturn **goods,
                                 TillAnswer *answer, GError **error);
/* Returns of one sale, oldest first; of TillReturn without lines. */
GPtrArray *till_returning_of_sale (TillLedger *ledger, int64_t sale_id, GError **error);

/* Returns that wait for a second person, oldest first; of TillReturn. */
GPtrArray *till_returning_waiting (TillLedger *ledger, GError **error);
/* The second person decides: second->no and ->pin. reason is kept when it is a no. */
gboolean till_returning_decide (TillLedger *ledger, int64_t return_id, const TillSecond *second,
                                gboolean approve, const char *reason, TillProfileOf profile_of,
                                TillReturn **goods, TillAnswer *answer, GError **error);
/* Binds an approval to what was seen: sale, lines, quantities, amount, route and reason. */
char *till_returning_digest (const TillReturn *goods) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

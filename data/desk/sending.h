/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The books' side of talking to providers: what is due, the promise before, the record after.
 * Called by devices/gateway/dispatcher on its own connection.
 *
 *   till_sending_recover ()   once at start: whatever was found in the middle is UNKNOWN
 *   till_sending_next ()      takes the most urgent due row; a request is promised (committed)
 *   … the world …
 *   till_sending_record ()    what came of it, committed
 *
 * Payments go before refunds; a customer is standing there. Nothing is promised to a provider that
 * is stopped (data/desk/stopping): what is due there stays as it is, and a new payment is given up.
 */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/errand.h"
#include "data/trade/provider.h"

G_BEGIN_DECLS

/* When that provider may be asked next, at most moments after now; both on the ledger's clock. */
typedef int64_t (*TillEarliest) (const TillProfile *profile, int64_t now, gpointer user);

/* Who we are to a provider at this moment. A payment and a refund keep whom they were first
 * promised under, a refund also its address. */
typedef struct
{
  const char *merchant_no; /* NULL: no account can be used */
  const char *notice_url;  /* where notices of what is asked for now are to go, or NULL */
} TillWho;
typedef TillWho (*TillWhoOf) (const char *provider, gpointer user);

typedef struct
{
  gboolean is_payment;
  int64_t id;         /* sale id of a payment, refund id of a refund */
  int pos;            /* leg of a payment */
  int tries;          /* questions asked since the last send */
  gboolean again;     /* a question about a refund that is done; its answer may bounce it */
  TillErrand *errand; /* owned */
} TillTicket;
void till_ticket_free (TillTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillTicket, till_ticket_free)

gboolean till_sending_recover (TillLedger *ledger, int *found, GError **error);

/* *ticket is NULL when nothing is due; then *next_at says when something will be (0: nothing at
 * all). A ticket for a request means: SENDING (REQUESTED) is committed and its bytes may leave,
 * unless its merchant_no is another than the account's. Then nothing was promised, and what is to
 * be recorded is NOT_SENT. */
gboolean till_sending_next (TillLedger *ledger, TillProfileOf profile_of, gpointer user,
                            TillTicket **ticket, int64_t *next_at, GError **error);

/* The same as somebody (identity_of may be NULL) and at the providers' pace: a
 * refund whose provider has been asked as often as it allows keeps its place, nothing is promised,
 * and *next_at says when there is room again. A payment never waits for that. */
gboolean till_sending_next_paced (TillLedger *ledger, TillProfileOf profile_of,
                                  TillEarliest earliest_of, TillWhoOf identity_of, gpointer user,
                                  TillTicket **ticket, int64_t *next_at, GError **error);

/* Applies the outcome to the row by the one transition table. Late, repeated and contradicting
 * outcomes are stored, never dropped, and never move a row along an edge that is not there. */
gboolean till_sending_record (TillLedger *ledger, const TillTicket *ticket,
                              const TillOutcome *outcome, const TillProfile *profile,
                              GError **error);

G_END_DECLS

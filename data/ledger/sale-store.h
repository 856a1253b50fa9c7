/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales, their lines and their payment legs. Only these functions change a sale's or a leg's state,
 * and each writes the history in the same transaction. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

/* Writes the sale with its lines, without legs, as TENDERING. Sets id, no, day, at, till, staff_id.
 */
gboolean till_sale_store_add (TillTxn *txn, TillSale *sale, GError **error);
/* Writes a leg as PLANNED; auth (may be NULL) is kept apart until the promise. A leg that is
 * neither cash nor by card slip is due at once. */
gboolean till_sale_store_add_leg (TillTxn *txn, const TillLeg *leg, const char *auth,
                                  GError **error);
gboolean till_sale_store_set_state (TillTxn *txn, int64_t sale_id, TillSaleState state,
                                    GError **error);

/* Cash, approved as it is counted: the leg and its history at once. */
gboolean till_sale_store_add_counted (TillTxn *txn, const TillLeg *leg, const char *evidence,
                                      GError **error);
/* Moves a leg along the table and writes history. An event that is not possible in its state is
 * stored as an anomaly and the state stays; *state is what it is afterwards. outcome may be NULL.
 * next_action_at is used while the new state waits. */
gboolean till_sale_store_apply (TillTxn *txn, int64_t sale_id, int pos, TillLegEvent event,
                                const TillOutcome *outcome, const char *evidence,
                                int64_t next_action_at, TillLegState *state, GError **error);
/* Takes the customer's code out of the books (it is not there twice). NULL without error when there
 * is none. The caller wipes it. */
gboolean till_sale_store_take_auth (TillTxn *txn, int64_t sale_id, int pos, char **auth,
                                    GError **error);
/* Under whose number it goes out; once it has one, another is refused by the schema. */
gboolean till_sale_store_name_merchant (TillTxn *txn, int64_t sale_id, int pos,
                                        const char *merchant_no, GError **error);

/* The leg that is due longest; sale_id 0 when none is due by now, then *next_at says when one will
 * be (0: never). */
gboolean till_sale_store_due (TillLedger *ledger, int64_t now, int64_t *sale_id, int *pos,
                              int64_t *next_at, GError **error);
/* Legs found REQUESTED or OPENED: appends sale id and pos, alternating, as int64_t. */
gboolean till_sale_store_requested (TillLedger *ledger, GArray *pairs, GError **error);
/* Something is due then rather than now. */
gboolean till_sale_store_delay (TillTxn *txn, int64_t sale_id, int pos, int64_t until,
                                GError **error);
/* Something that is due is due now rather than later. */
gboolean till_sale_store_hurry (TillTxn *txn, int64_t sale_id, int pos, GError **error);
/* The leg that was sent, or is to be, under this number; sale_id 0 when there is none. */
gboolean till_sale_store_find_request (TillLedger *ledger, const char *request_no, int64_t *sale_id,
                                       int *pos, GError **error);
/* What the conversation about a leg has come to, for the next question. */
gboolean till_sale_store_pace (TillLedger *ledger, int64_t sale_id, int pos, int64_t *sent_at,
                               int *not_found, GError **error);

/* How far a sale is paid. */
typedef struct
{
  TillSaleState state; /* ABANDONED when there is no such sale */
  TillMoney total, vat;
  TillMoney approved; /* by its legs */
  gboolean waiting;   /* some leg may still be paying */
} TillSaleSums;
gboolean till_sale_store_sums (TillLedger *ledger, int64_t sale_id, TillSaleSums *sums,
                               GError **error);

/* NULL in *sale when there is none. with_lines: lines with what was returned, legs with what was
 * given back; without: only the head and the legs. */
gboolean till_sale_store_load (TillLedger *ledger, int64_t id, gboolean with_lines, TillSale **sale,
                               GError **error);
gboolean till_sale_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error);
/* Appends the sales that a payment or a refund of this provider's number belongs to, newest first,
 * at most limit. Providers do not share their numbers, so there may be several. */
gboolean till_sale_store_find_reference (TillLedger *ledger, const char *provider_no, int limit,
                                         GArray *ids, GError **error);
/* Appends the sales of which a card that fits the masked number paid a part, newest first, at most
 * limit; of the newest TILL_SALE_STORE_CARDS_BACK sales. A masked number has no index. */
#define TILL_SALE_STORE_CARDS_BACK 100000
gboolean till_sale_store_find_card (TillLedger *ledger, const char *masked, guint limit,
                                    GArray *ids, GError **error);
gboolean till_sale_store_find_token (TillLedger *ledger, const char *token, int64_t *id,
                                     GError **error);
/* Appends the newest paid sales to sales (which frees TillSale), without lines. */
gboolean till_sale_store_recent (TillLedger *ledger, int limit, GPtrArray *sales, GError **error);
/* The newest TENDERING sale of this person; 0 when there is none. */
gboolean till_sale_store_unfinished (TillLedger *ledger, int64_t staff_id, int64_t *id,
                                     GError **error);

G_END_DECLS

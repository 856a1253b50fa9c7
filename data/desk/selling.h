/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selling: find goods, keep the draft, take the money. Each function is one transaction on the
 * ledger's thread; TRUE means that it ran and *answer holds the trade's answer. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

/* One way the customer wants to pay. */
typedef struct
{
  TillTender tender;
  TillMoney amount;   /* what this leg pays of the sale */
  TillMoney received; /* cash: what was handed over, ≥ amount; else ignored */
  char *auth;         /* owned; code or card token, else NULL. A secret: wiped when freed */
  char *masked;       /* owned; "…4021", or NULL */
  gboolean
      at_terminal;  /* card: presented at the provider's own terminal; auth and masked are NULL */
  gboolean by_slip; /* card: at a terminal that knows nothing of the till; auth and masked are NULL,
                       and the leg waits for data/desk/asserting.h */
} TillTenderWish;

void till_tender_wish_free (TillTenderWish *wish);

/* NULL item with TILL_NO_ITEM when nobody knows the code. */
gboolean till_selling_find (TillLedger *ledger, const char *code, TillItem **item,
                            TillAnswer *answer, GError **error);
/* At most limit items whose code begins with or whose name contains the text; of TillItem. */
GPtrArray *till_selling_search (TillLedger *ledger, const char *text, int limit, GError **error);

/* The draft at hand of this person, or a new one with a new token. */
TillBasket *till_selling_draft (TillLedger *ledger, int64_t staff_id, GError **error);
/* Keeps the draft as it is now; an empty one is taken out. Nothing else remembers it. */
gboolean till_selling_keep (TillLedger *ledger, int64_t staff_id, const TillBasket *basket,
                            GError **error);
gboolean till_selling_park (TillLedger *ledger, int64_t staff_id, const TillBasket *basket,
                            GError **error);

typedef struct
{
  int64_t id;
  char *token; /* owned */
  int64_t at;
  int lines;
  TillMoney total;
} TillParked;
void till_parked_free (TillParked *parked);
/* Parked drafts of everybody, oldest first; of TillParked. */
GPtrArray *till_selling_parked (TillLedger *ledger, GError **error);
/* Takes a parked draft up again; the draft at hand must be empty (CONFLICT). */
TillBasket *till_selling_resume (TillLedger *ledger, int64_t staff_id, int64_t parked_id,
                                 GError **error);

/* The basket becomes a sale and its draft is gone, in one transaction. Cash legs are approved at
 * once; card and code legs are planned and due at once. When every leg is approved the sale is PAID
 * and its receipt is due. Submitting a token again answers with the sale it already became. */
gboolean till_selling_pay (TillLedger *ledger, int64_t staff_id, const TillBasket *basket,
                           TillTenderWish *const *wishes, gsize n_wishes, TillSale **sale,
                           TillAnswer *answer, GError **error);

/* Another leg for a sale that is still TENDERING, for what its live legs leave open. */
gboolean till_selling_pay_rest (TillLedger *ledger, int64_t staff_id, int64_t sale_id,
                                const TillTenderWish *wish, TillSale **sale, TillAnswer *answer,
                                GError **error);
/* The cashier gives up waiting for a leg: cancelled when nothing was sent, else reversed. Cash is
 * given back, if the drawer still holds as much. */
gboolean till_selling_cancel_leg (TillLedger *ledger, int64_t staff_id, int64_t sale_id, int pos,
                                  TillSale **sale, TillAnswer *answer, GError **error);
/* No leg took or may still take money: the sale ends as ABANDONED and its basket is the draft
 * again. */
gboolean till_selling_abandon (TillLedger *ledger, int64_t staff_id, int64_t sale_id,
                               TillBasket **basket, TillAnswer *answer, GError **error);

/* By number (20 digits) or by id. TILL_NO_SALE when there is none. */
gboolean till_selling_load (TillLedger *ledger, const char *no, TillSale **sale, TillAnswer *answer,
                            GError **error);
gboolean till_selling_load_id (TillLedger *ledger, int64_t id, TillSale **sale, TillAnswer *answer,
                               GError **error);
/* The latest sales that are paid, newest first, without lines; of TillSale. */
GPtrArray *till_selling_recent (TillLedger *ledger, int limit, GError **error);
/* A sale of this person that is still TENDERING (after a crash), or NULL without error. */
TillSale *till_selling_unfinished (TillLedger *ledger, int64_t staff_id, GError **error);

/* Within another transaction (recording an answer): PAID when all legs say so. */
gboolean till_selling_settle (TillTxn *txn, int64_t sale_id, GError **error);

/* The shop's settings. */
TillShop *till_selling_shop (TillLedger *ledger, GError **error);

G_END_DECLS

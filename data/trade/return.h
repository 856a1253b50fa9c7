/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods coming back: which, why, and how much money that is. Plain structs, pure arithmetic. */
#pragma once
#include "data/trade/refund.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

/* reason code, digit on the keyboard, msgid; the goods go … by default */
#define TILL_REASONS(X)                                                                            \
  X (FAULTY, "faulty", 1, "Faulty", WRITE_OFF)                                                     \
  X (WRONG_ITEM, "wrong_item", 2, "Wrong item", SHELF)                                             \
  X (CHANGED_MIND, "changed_mind", 3, "Changed mind", SHELF)                                       \
  X (DOUBLE_CHARGE, "double_charge", 4, "Double charge", SHELF)                                    \
  X (PRICE_ERROR, "price_error", 5, "Price error", SHELF)                                          \
  X (EXPIRED, "expired", 6, "Expired", WRITE_OFF)                                                  \
  X (OTHER, "other", 9, "Other", SHELF)

typedef enum
{
  TILL_REASON_NONE = 0,
#define X(name, word, digit, label, disposition) TILL_REASON_##name,
  TILL_REASONS (X)
#undef X
} TillReason;

typedef enum
{
  TILL_CONDITION_UNOPENED,
  TILL_CONDITION_OPENED,
  TILL_CONDITION_DAMAGED,
} TillCondition;

typedef enum
{
  TILL_DISPOSITION_SHELF,
  TILL_DISPOSITION_WRITE_OFF,
  TILL_DISPOSITION_VENDOR,
} TillDisposition;

typedef enum
{
  TILL_ROUTE_ORIGINAL, /* the way it was paid */
  TILL_ROUTE_CASH,     /* from the drawer, whatever it was paid with */
} TillRoute;

typedef enum
{
  TILL_RETURN_WAIT_APPROVAL,
  TILL_RETURN_CLOSED, /* goods are here, refunds are on their way or over */
  TILL_RETURN_DENIED,
  TILL_RETURN_CANCELLED,
} TillReturnState;

typedef struct
{
  int sale_pos;
  TillQuantity quantity;
} TillReturnWish;

/* What a page, a verb or a script hands in. Drawn and filled before anything is written. */
typedef struct
{
  char *token; /* owned; a request number: two submits of one token are one return */
  int64_t sale_id;
  GArray *lines; /* owned; of TillReturnWish, each sale_pos at most once */
  TillReason reason;
  TillCondition condition;
  TillDisposition disposition;
  TillRoute route;
  char *note; /* owned; "" */
} TillReturnDraft;

typedef struct
{
  int sale_pos;
  TillQuantity quantity;
  TillMoney amount; /* what goes back for it, VAT included */
  TillMoney vat;
  char *name; /* owned */
  int64_t item_id;
} TillReturnLine;

typedef struct
{
  int64_t id;
  char *no; /* owned; 20 digits */
  int64_t sale_id;
  char *sale_no; /* owned */
  int day;
  int64_t at;
  int64_t staff_id;
  char *staff_name;    /* owned */
  char *approver_name; /* owned; "" when nobody had to */
  TillReason reason;
  TillCondition condition;
  TillDisposition disposition;
  TillRoute route;
  char *note;     /* owned */
  char *held_for; /* owned; word of the answer that asked for a second person, or "" */
  TillMoney amount, vat;
  TillReturnState state;
  char *chain;        /* owned; first 8 hexadecimal digits of its journal entry */
  GPtrArray *lines;   /* owned; of TillReturnLine */
  GPtrArray *refunds; /* owned; of TillRefund */
} TillReturn;

/* What one payment leg gives back. */
typedef struct
{
  int leg_pos;
  TillTender tender;
  TillMoney amount;
} TillReturnShare;

TillReturnDraft *till_return_draft_new (const char *token,
                                        int64_t sale_id) G_GNUC_WARN_UNUSED_RESULT;
TillReturnDraft *till_return_draft_copy (const TillReturnDraft *draft) G_GNUC_WARN_UNUSED_RESULT;
void till_return_draft_free (TillReturnDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillReturnDraft, till_return_draft_free)
/* Sets the quantity for a line; 0 takes the line out. */
void till_return_draft_set (TillReturnDraft *draft, int sale_pos, TillQuantity quantity);
TillQuantity till_return_draft_get (const TillReturnDraft *draft, int sale_pos);

TillReturn *till_return_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_return_free (TillReturn *goods);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillReturn, till_return_free)
void till_return_line_free (TillReturnLine *line);

/* Money for `quantity` more of a sale line: its stored amount in proportion to everything returned
 * including this, less what already went back. The last piece takes the rest, so any order of
 * partial returns gives back exactly what was paid. Asserts that the quantity can be returned. */
void till_return_line_money (const TillSaleLine *line, TillQuantity quantity, TillMoney *amount,
                             TillMoney *vat);

/* Splits amount over the payments of the sale: electronic ones first, in the order they were made,
 * then cash, each up to what it can still give back. With TILL_ROUTE_CASH the same shares are taken
 * from the same legs but go back as cash. shares has room for sale->legs->len entries; returns how
 * many were used, or -1 when all legs together cannot give the amount. */
int till_return_split (const TillSale *sale, TillMoney amount, TillRoute route,
                       TillReturnShare *shares);

const char *till_reason_word (TillReason reason);
TillReason till_reason_from_word (const char *word); /* NONE when unknown */
TillReason till_reason_from_digit (int digit);       /* NONE when unknown */
int till_reason_digit (TillReason reason);
const char *till_reason_label (TillReason reason); /* in the current language */
TillDisposition till_reason_disposition (TillReason reason);
const char *till_condition_word (TillCondition condition);
TillCondition till_condition_from_word (const char *word);
const char *till_condition_label (TillCondition condition);
const char *till_disposition_word (TillDisposition disposition);
TillDisposition till_disposition_from_word (const char *word);
const char *till_disposition_label (TillDisposition disposition);
const char *till_route_word (TillRoute route);
gboolean till_route_from_word (const char *word, TillRoute *route);
const char *till_return_state_word (TillReturnState state);
TillReturnState till_return_state_from_word (const char *word);

G_END_DECLS

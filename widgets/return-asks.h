/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of returns asks the desk: one struct for all questions, and for each question the
 * work that runs on the ledger's thread (its ward is a TillLedger, its data a TillReturnAsk, which
 * it hands back, or NULL with an error). Plain structs cross the threads; nothing here knows a
 * widget. */
#pragma once
#include "data/desk/returning.h"
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t staff_id;
  int64_t id;
  char *no;  /* owned; of a sale, or of the second person */
  char *pin; /* owned; wiped */
  gboolean hold;
  TillReturnDraft *draft; /* owned */
  TillSale *sale;         /* owned */
  TillReturn *goods;      /* owned */
  GPtrArray *rows;        /* owned; of TillSale */
  TillRehearsal rehearsal;
  TillAnswer answer;
} TillReturnAsk;

/* draft is copied; may be NULL. */
TillReturnAsk *till_return_ask_new (int64_t staff_id, const TillReturnDraft *draft);
void till_return_ask_free (gpointer ask);

/* no → sale, and the draft this person was making of it, or a new one; or rows: the sales that no
 * may mean. */
gpointer till_return_ask_open (gpointer ledger, gpointer ask, GError **error);
/* The draft this person was making, with its sale; neither when there is none. */
gpointer till_return_ask_unfinished (gpointer ledger, gpointer ask, GError **error);
gpointer till_return_ask_keep (gpointer ledger, gpointer ask, GError **error);
gpointer till_return_ask_discard (gpointer ledger, gpointer ask, GError **error);
/* draft → rehearsal. */
gpointer till_return_ask_rehearse (gpointer ledger, gpointer ask, GError **error);
/* draft, and no and pin of a second person or hold → goods, or an answer why not. */
gpointer till_return_ask_submit (gpointer ledger, gpointer ask, GError **error);
/* id → goods. */
gpointer till_return_ask_look (gpointer ledger, gpointer ask, GError **error);
/* → rows: the latest sales. */
gpointer till_return_ask_recent (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS

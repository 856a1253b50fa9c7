/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of shifts asks the desk: one struct for all questions, and for each question the
 * work that runs on the ledger's thread (its ward is a TillLedger, its data a TillShiftAsk, which
 * it hands back, or NULL with an error). Plain structs cross the threads; nothing here knows a
 * widget.
 */
#pragma once
#include "data/desk/shifting.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t staff_id;
  int64_t id;
  TillMoney amount;
  char *text; /* owned; why, or the number of the second person */
  char *pin;  /* owned; wiped */
  TillCount count;
  TillShiftDraft *draft; /* owned */
  TillShiftNow now;
  TillCounted counted;
  GPtrArray *shifts; /* owned; of TillShift */
  TillShift *shift;  /* owned */
  int checks_due;    /* devices that are to be checked */
  TillAnswer answer;
} TillShiftAsk;

void till_shift_ask_free (gpointer ask);

/* → now, shifts */
gpointer till_shift_ask_read (gpointer ledger, gpointer ask, GError **error);
/* amount: into the drawer → checks_due; amount, text: out of it */
gpointer till_shift_ask_float (gpointer ledger, gpointer ask, GError **error);
gpointer till_shift_ask_out (gpointer ledger, gpointer ask, GError **error);
/* count → counted, and the draft of a close with it */
gpointer till_shift_ask_count (gpointer ledger, gpointer ask, GError **error);
/* draft, text and pin of a second person or NULL → shift */
gpointer till_shift_ask_close (gpointer ledger, gpointer ask, GError **error);
/* id: one more copy of its slip */
gpointer till_shift_ask_slip (gpointer ledger, gpointer ask, GError **error);

G_END_DECLS

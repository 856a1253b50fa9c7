/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The return that is being made at this till: the sale it is of, the draft with its steps back,
 * what the desk would make of it, and what it became. The page owns it; its stages show and change
 * it.
 *
 * Plain struct, main thread. No rule of the trade lives here: figures are sums of what the sale has
 * stored. */
#pragma once
#include "widgets/undo.h"
#include "data/desk/returning.h"

G_BEGIN_DECLS

typedef enum
{
  TILL_RETURN_AT_FIND,  /* no sale yet */
  TILL_RETURN_AT_LINES, /* which goods */
  TILL_RETURN_AT_WHY,
  TILL_RETURN_AT_MONEY, /* what goes back and how; a second person where one is needed */
  TILL_RETURN_AT_DONE,  /* it is in the books */
} TillReturnStage;

typedef struct
{
  TillReturnStage stage;
  TillSale *sale;          /* owned; NULL while none is open */
  TillReturnDraft *draft;  /* owned; with the sale */
  TillUndo undo;           /* of TillReturnDraft */
  TillRehearsal rehearsal; /* of the draft as it is, while rehearsed */
  gboolean rehearsed;
  TillReturn *goods; /* owned; what was submitted; then there is no draft any more */
} TillReturnJob;

void till_return_job_init (TillReturnJob *job);
/* May be called twice. */
void till_return_job_clear (TillReturnJob *job);
/* Nothing is open any more. */
void till_return_job_forget (TillReturnJob *job);
/* Takes both: a draft to work on. */
void till_return_job_open (TillReturnJob *job, TillSale *sale, TillReturnDraft *draft);

/* Takes both over: what the desk would make of the draft, and what it made of it. */
void till_return_job_rehearsed (TillReturnJob *job, TillRehearsal *rehearsal);
void till_return_job_done (TillReturnJob *job, TillReturn *goods);

/* Before every change of the draft: it is what undo comes back to, and a rehearsal is void. */
void till_return_job_keep (TillReturnJob *job);
/* Undo or redo; FALSE when there is nothing to go back (forth) to. */
gboolean till_return_job_step (TillReturnJob *job, gboolean back);

/* What so much of a line is worth; 0 when there is not so much left of it. */
TillMoney till_return_job_worth (const TillSaleLine *line, TillQuantity quantity);
/* What the customer would get: the rehearsal's figure, or the sum of the lines. */
TillMoney till_return_job_sum (const TillReturnJob *job);
/* On the money stage the rehearsal says: yes, if somebody else agrees. */
gboolean till_return_job_needs_second (const TillReturnJob *job);

G_END_DECLS

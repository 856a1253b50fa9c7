/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the shop keeps of settlement files: the days with their verdict, the rows of one that do not
 * agree, closing one, asking for a file now, and reading one that a person has. Part of the reports
 * page, which hands it the keys. Main thread only; waits for nothing. */
#pragma once
#include "widgets/counter.h"
#include "widgets/who-part.h"

G_BEGIN_DECLS

#define TILL_TYPE_SETTLEMENT_PART (till_settlement_part_get_type ())
G_DECLARE_FINAL_TYPE (TillSettlementPart, till_settlement_part, TILL, SETTLEMENT_PART, GtkBox)

/* Signals: "denied" (this person may not see it), "changed" (the keys mean something else). counter
 * outlives the part. */
void till_settlement_part_set_up (TillSettlementPart *part, TillCounter *counter);
void till_settlement_part_read (TillSettlementPart *part);
/* Shows the rows of the day that is chosen. */
void till_settlement_part_open (TillSettlementPart *part);
/* TRUE: it went a step back, from a second person or from the rows of a day. */
gboolean till_settlement_part_back (TillSettlementPart *part);
/* F fetches, R reads a file, C closes, the arrows choose. TRUE: it was used. */
gboolean till_settlement_part_key (TillSettlementPart *part, guint keyval);
/* Who is typed into while a second person is asked for; else NULL. */
TillWhoPart *till_settlement_part_who (TillSettlementPart *part);
gboolean till_settlement_part_shows_rows (TillSettlementPart *part);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slips that are not printed: which wait and print by themselves, and which ask for a person,
 * who looks and says what is so. Part of the devices page, which hands it the keys. Main thread
 * only; waits for nothing. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_SLIPS_PART (till_slips_part_get_type ())
G_DECLARE_FINAL_TYPE (TillSlipsPart, till_slips_part, TILL, SLIPS_PART, GtkBox)

/* Signal "changed": how many ask for a person may be another number. counter outlives the part. */
void till_slips_part_set_up (TillSlipsPart *part, TillCounter *counter);
void till_slips_part_read (TillSlipsPart *part);
/* Of those that were read last. */
guint till_slips_part_asking (TillSlipsPart *part);
/* Moves the choice, or says something about the chosen slip. TRUE: it was used. */
gboolean till_slips_part_key (TillSlipsPart *part, guint keyval);

extern const TillLegendKey till_slips_legend[];

G_END_DECLS

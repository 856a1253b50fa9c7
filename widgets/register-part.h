/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register of devices: when each is to be checked, when its warranty ends, whom to call, and
 * what was done to it; also what is plugged in and not in it. Part of the devices page, which hands
 * it the keys and the cards. Main thread only; waits for nothing. */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_REGISTER_PART (till_register_part_get_type ())
G_DECLARE_FINAL_TYPE (TillRegisterPart, till_register_part, TILL, REGISTER_PART, GtkBox)

/* Signal "changed": how many checks are due may be another number. counter outlives the part. */
void till_register_part_set_up (TillRegisterPart *part, TillCounter *counter);
void till_register_part_read (TillRegisterPart *part);
/* Of those that were read last. */
guint till_register_part_due (TillRegisterPart *part);
/* Moves the choice, or does something with the chosen device. TRUE: it was used. */
gboolean till_register_part_key (TillRegisterPart *part, guint keyval);
/* A card was read. TRUE: the only reader that is plugged in is being checked: it is the proof. */
gboolean till_register_part_card (TillRegisterPart *part);

extern const TillLegendKey till_register_legend[];

G_END_DECLS

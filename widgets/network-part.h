/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The watch over the network: per provider when it answered last, how fast, how often it did not
 * within 24 hours, and what failed by each silence. From the books alone: nothing is asked of
 * anybody. Part of the devices page, which hands it the keys. Main thread only; waits for nothing.
 */
#pragma once
#include "widgets/page.h"

G_BEGIN_DECLS

#define TILL_TYPE_NETWORK_PART (till_network_part_get_type ())
G_DECLARE_FINAL_TYPE (TillNetworkPart, till_network_part, TILL, NETWORK_PART, GtkBox)

/* counter outlives the part. */
void till_network_part_set_up (TillNetworkPart *part, TillCounter *counter);
void till_network_part_read (TillNetworkPart *part);
/* Moves the choice. TRUE: it was used. */
gboolean till_network_part_key (TillNetworkPart *part, guint keyval);

G_END_DECLS

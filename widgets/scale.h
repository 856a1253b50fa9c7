/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scale beside the till, as the window knows it: what it says now, in words, and its weight for
 * goods that are sold by weight. A weight is taken once: until the scale says something else it
 * belongs to the line it made. Plain struct; main thread only. */
#pragma once
#include "data/trade/item.h"
#include "devices/usb/finding.h"

G_BEGIN_DECLS

typedef struct
{
  TillWeighing weighing; /* NONE while there is no scale */
  int64_t milligrams;    /* of a stable weight */
  gboolean is_taken;
} TillScale;

/* The scale says something else; NONE: it is gone. */
void till_scale_say (TillScale *scale, TillWeighing weighing, int64_t milligrams);
/* A sentence for people. */
char *till_scale_words (const TillScale *scale) G_GNUC_WARN_UNUSED_RESULT;

/* How much of the item there is: for goods by the piece one. FALSE: what lies on the scale cannot
 * be taken, and till_scale_no () says what to do. Without a scale, or with one that is broken,
 * goods by weight are one unit too, and the quantity is typed. */
gboolean till_scale_take (TillScale *scale, const TillItem *item, TillQuantity *quantity);
/* There is a scale and it cannot weigh these goods: one unit was assumed. */
gboolean till_scale_is_broken_for (const TillScale *scale, const TillItem *item);
/* Why not, and what to do now; a constant. */
const char *till_scale_no (const TillScale *scale);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The face of a state: an icon, a word and a colour, never a colour alone. */
#pragma once
#include "data/trade/refund.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *icon;  /* a constant; NULL: no face */
  const char *word;  /* in the current language; a constant or a catalogue's text */
  const char *style; /* class of style.css: "good", "warn", "bad", "plain" */
} TillFace;

TillFace till_face_of_refund (TillRefundState state);
TillFace till_face_of_leg (TillLegState state);
/* The same, and what only a person says is told apart from what the provider has confirmed. */
TillFace till_face_of_payment (const TillLeg *leg);
const char *till_tender_label (TillTender tender); /* in the current language */

#define TILL_TYPE_STATE_PILL (till_state_pill_get_type ())
G_DECLARE_FINAL_TYPE (TillStatePill, till_state_pill, TILL, STATE_PILL, GtkBox)

GtkWidget *till_state_pill_new (void);
void till_state_pill_set (TillStatePill *pill, TillFace face);

G_END_DECLS

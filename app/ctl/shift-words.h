/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifts as JSON objects and as text for a terminal; as wording.h. */
#pragma once
#include "app/ctl/ctl.h"
#include "data/desk/shifting.h"

G_BEGIN_DECLS

json_t *till_shift_words_now (const TillShiftNow *now, const char *zone);
char *till_shift_words_now_text (const TillShiftNow *now, const char *zone);
json_t *till_shift_words_shift (const TillShift *shift, const char *zone);
char *till_shift_words_shift_text (const TillShift *shift, const char *zone);
/* shifts: of TillShift; a line each */
char *till_shift_words_list_text (GPtrArray *shifts, const char *zone);
/* "3.00 over", "0.50 short", "count agrees". */
char *till_shift_words_over_short (TillMoney over_short);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider's day and a row that does not agree, as rows of a table and in words. Main thread
 * only.
 */
#pragma once
#include "data/trade/settled.h"
#include "widgets/counter.h"
#include "widgets/sheet.h"

G_BEGIN_DECLS

#define TILL_SETTLED_DAY_COLUMNS 7
extern const TillColumn till_settled_day_columns[TILL_SETTLED_DAY_COLUMNS];
#define TILL_DIFFERENCE_COLUMNS 7
extern const TillColumn till_difference_columns[TILL_DIFFERENCE_COLUMNS];

/* The nth, from 0. */
TillSheetRow *till_settled_day_row_new (TillCounter *counter, guint n, const TillSettledDay *day);
TillSheetRow *till_difference_row_new (TillCounter *counter, guint n,
                                       const TillDifference *difference);

/* The provider's name for people; unowned. */
const char *till_settled_provider (const char *provider);
/* Which it is; what it means; both sides' figures and who read it when. */
char *till_settled_day_title (const TillSettledDay *day) G_GNUC_WARN_UNUSED_RESULT;
char *till_settled_day_sentence (TillCounter *counter,
                                 const TillSettledDay *day) G_GNUC_WARN_UNUSED_RESULT;
char *till_settled_day_figures (TillCounter *counter,
                                const TillSettledDay *day) G_GNUC_WARN_UNUSED_RESULT;
char *till_difference_title (const TillDifference *difference) G_GNUC_WARN_UNUSED_RESULT;
char *till_difference_sentence (const TillDifference *difference) G_GNUC_WARN_UNUSED_RESULT;
char *till_difference_figures (TillCounter *counter,
                               const TillDifference *difference) G_GNUC_WARN_UNUSED_RESULT;
/* It may close by itself, when the provider has answered or another file has come. */
gboolean till_difference_waits (const TillDifference *difference);
/* The one thing to do next. A constant of the catalogue. */
const char *till_difference_next (const TillDifference *difference);

G_END_DECLS

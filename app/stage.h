/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The till on a stage: an invented shop with a past, a clock that stands still, and a window that
 * is played by keys and scans. For the pictures of the README, the golden pictures and the journeys
 * of the tests; never for a shop. Nothing leaves it: what a provider would answer stands in the
 * play.
 *
 * Belongs to the main thread. Same play, same books, same pixels. */
#pragma once
#include "app/stage-file.h"
#include "app/window.h"
#include "data/trade/paper.h"

G_BEGIN_DECLS

typedef struct _TillStage TillStage;

/* path: where the books are, made if they are not there; NULL: in memory. past: days lived. */
TillStage *till_stage_new (const char *path, int past, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As a power cut: the window goes, nothing is said to the books. */
void till_stage_free (TillStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillStage, till_stage_free)

TillWindow *till_stage_window (TillStage *stage);
/* Until nothing is asked and nothing is left to draw. */
void till_stage_settle (TillStage *stage);

/* One key of a person; a code as a scanner types it, with Enter; then settles. Both are counted. */
void till_stage_key (TillStage *stage, guint keyval, GdkModifierType state);
void till_stage_scan (TillStage *stage, const char *code);
void till_stage_type (TillStage *stage, const char *text);
int till_stage_keys (TillStage *stage);
int till_stage_scans (TillStage *stage);
void till_stage_count_from_here (TillStage *stage);

/* What the play needs to know: the code of the nth invented item (from 0), the number of the latest
 * paid sale. */
char *till_stage_item_code (TillStage *stage, int n) G_GNUC_WARN_UNUSED_RESULT;
char *till_stage_last_sale (TillStage *stage) G_GNUC_WARN_UNUSED_RESULT;

/* What the books say of a setting. */
char *till_stage_setting (TillStage *stage, const char *key) G_GNUC_WARN_UNUSED_RESULT;
/* Puts words into the text that has the keyboard, as an input method does. */
void till_stage_text (TillStage *stage, const char *text);

/* The provider's part: answers everything that is due, or says nothing at all. */
void till_stage_provider (TillStage *stage, gboolean answers);
/* It refuses the next request, for the till's clock is seven minutes ahead: it is stopped. */
void till_stage_provider_refuses (TillStage *stage);
/* It tells something of its own accord; number: as we would have sent it. NULL: of the latest
 * refund that was sent. amount 0: it does not say. */
void till_stage_notice (TillStage *stage, const char *provider, const char *number,
                        gboolean is_refund, const char *words, TillMoney amount);
/* Its settlement file of that day has come. */
void till_stage_file (TillStage *stage, int day, const TillFileRow *rows, gsize n);
/* The printer's part: everything that is due and not too old ends like this. */
void till_stage_printer (TillStage *stage, TillPrintState state);
/* The drawer opens behind a kick, and the printer tells of it; or it is closed. */
void till_stage_drawer (TillStage *stage, gboolean opens);
/* A customer display stands beside the till from now on, and shows what the till has for it. */
void till_stage_customer (TillStage *stage);
/* The play's clock goes on; nobody is told. */
void till_stage_wait (TillStage *stage, int64_t microseconds);

G_END_DECLS

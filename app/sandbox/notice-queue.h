/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the provider still has to tell: its notices, when each is due, how often it was sent and
 * what was said to it. Decides and remembers; the courier (courier.h) carries.
 *
 * A bounded list in one file that is replaced with every change, so that a restart goes on where
 * the last one ended. A sending is written down before it is made: what may have gone out counts as
 * sent. When the file cannot be written, nothing has changed. Time is handed in. One thread. */
#pragma once
#include "app/sandbox/due-notice.h"

G_BEGIN_DECLS

/* The most that are kept, those that are over among them; the oldest of those make room. */
#define TILL_NOTICES_MAX 256
/* From when something is so to when it is first told: the answer to the request goes first. */
#define TILL_NOTICE_FIRST_MS 100

typedef struct _TillNoticeQueue TillNoticeQueue;

/* path NULL: in memory only. speed: how many times faster than documented the provider comes again.
 * CORRUPT when the file cannot be read. */
TillNoticeQueue *till_notice_queue_open (const char *path, int speed,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_notice_queue_close (TillNoticeQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillNoticeQueue, till_notice_queue_close)

/* The next `times` notices go wrong in this way, after those already waiting. INVALID as for
 * till_provider_set_fault (). */
gboolean till_notice_queue_set_fault (TillNoticeQueue *queue, TillNoticeFault fault, int times,
                                      int value, GError **error);
void till_notice_queue_clear_faults (TillNoticeQueue *queue);

/* Takes in what a record of the book makes known; to is where it goes. Milliseconds for which the
 * answer to the request has to wait in *hold_ms, else 0. BUSY when too much is still to be told. */
gboolean till_notice_queue_add (TillNoticeQueue *queue, const TillRecord *record, const char *to,
                                int *hold_ms, GError **error);
/* When the next is due that is not on its way; G_MAXINT64: none. */
int64_t till_notice_queue_next (const TillNoticeQueue *queue);
/* One that is due now, counted as sent once more and on its way from here; NULL with no error when
 * there is none. Valid until it is recorded. */
const TillDueNotice *till_notice_queue_take (TillNoticeQueue *queue, int64_t now, GError **error);
/* What was said to number no: yes ends it, anything else brings it again as documented. */
gboolean till_notice_queue_record (TillNoticeQueue *queue, guint no, gboolean yes, int answered,
                                   int64_t now, GError **error);
/* Number no was not sent, and will not be. */
gboolean till_notice_queue_leave (TillNoticeQueue *queue, guint no, GError **error);
/* The list, oldest first, as JSON: {"notices":[…]}. */
GBytes *till_notice_queue_list (const TillNoticeQueue *queue) G_GNUC_WARN_UNUSED_RESULT;

/* The notice as it travels, with the faults that are a matter of bytes; NULL when its provider does
 * not tell that. */
TillSaid *till_notice_write (const TillSpeech *speech,
                             const TillDueNotice *due) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a record is news at all: something became final, or what was final changed. */
gboolean till_notice_is_news (const TillRecord *record);
/* Where a notice goes, or NULL for nowhere. base (or NULL) ends with a slash: an address that is
 * not near stands for the way into the shop, and base is what lies at its end. */
char *till_notice_address (const TillTongue *tongue, const char *named,
                           const char *base) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

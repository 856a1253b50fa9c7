/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The provider's own book on disk: one JSON object a line, only ever added to, each line that moves
 * money synced before it counts. A last line without its end was being written when the power went:
 * nobody was told of it, and it is cut off. Any other line that cannot be read is CORRUPT.
 *
 * Shares no code and no format with the till's books on purpose: it is what they are checked
 * against. One process at a time (a lock on the file; else BUSY). One thread. */
#pragma once
#include "app/sandbox/provider-model.h"

G_BEGIN_DECLS

/* The longest line. */
#define TILL_BOOK_LINE_MAX 4096

typedef struct _TillProviderBook TillProviderBook;

TillProviderBook *till_provider_book_open (const char *path,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_provider_book_close (TillProviderBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillProviderBook, till_provider_book_close)

/* Tells the provider everything that is in the book; once, after opening. */
gboolean till_provider_book_replay (TillProviderBook *book, TillProvider *provider, GError **error);
/* A TillRecordKeep whose user is the book. */
gboolean till_provider_book_keep (gpointer book, const TillRecord *record, GError **error);

G_END_DECLS

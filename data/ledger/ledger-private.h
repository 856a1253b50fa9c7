/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a connection is, for the three files that make it up: ledger.c opens and asks, sql.c keeps
 * the statements, txn.c writes entries. Nobody else looks inside. */
#pragma once
#include "data/ledger/sql.h"

#include <sqlite3.h>
#include <stdarg.h>

G_BEGIN_DECLS

struct _TillLedger
{
  sqlite3 *db;            /* owned */
  char *path;             /* owned */
  TillClock *clock;       /* unowned */
  int64_t behind;         /* how far the machine's clock is behind the books, µs */
  GHashTable *statements; /* owned; constant text → sqlite3_stmt */
  TillDigest *digest;     /* owned */
  TillTxn *txn;           /* unowned; the open transaction */
  int wal_pages;
  TillCommitted committed;
  gpointer committed_user; /* unowned */
};

/* The time now, never before the last entry's. */
int64_t till_ledger_keep_time (TillLedger *ledger, int64_t last_entry_at);

/* An empty cache of statements by the address of their text; freeing it finalizes them. */
GHashTable *till_sql_cache_new (void);
/* Ends whatever transaction SQLite is in. */
void till_sql_roll_back (TillLedger *ledger);
gboolean till_sql_run_va (TillLedger *ledger, GError **error, const char *sql, const char *types,
                          va_list values);

G_END_DECLS

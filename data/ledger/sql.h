/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements beside their values, for the stores of this room (and nobody else).
 *
 * types has a letter a value: i int, l int64_t, s text (NULL is NULL), b GBytes. The statement text
 * must be a constant: it is the key of the statement cache. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

gboolean till_sql_run (TillLedger *ledger, GError **error, const char *sql, const char *types, ...);
/* Runs an UPDATE or DELETE that must hit exactly one row; CONFLICT when it did not. */
gboolean till_sql_run_one (TillLedger *ledger, GError **error, const char *sql, const char *types,
                           ...);

typedef struct
{
  TillLedger *ledger; /* unowned */
  void *statement;    /* sqlite3_stmt; back to the cache when cleared */
  gboolean cached;
  int status;
} TillRows;

/*   g_auto (TillRows) rows = { 0 };
 *   if (!till_rows_open (&rows, ledger, error, "SELECT …", "l", id))
 *     return FALSE;
 *   while (till_rows_next (&rows))
 *     …
 *   return till_rows_end (&rows, error); */
gboolean till_rows_open (TillRows *rows, TillLedger *ledger, GError **error, const char *sql,
                         const char *types, ...);
gboolean till_rows_next (TillRows *rows);
gboolean till_rows_end (TillRows *rows, GError **error);
void till_rows_clear (TillRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillRows, till_rows_clear)

int till_rows_int (TillRows *rows, int column);
int64_t till_rows_int64 (TillRows *rows, int column);    /* NULL reads as 0 */
const char *till_rows_text (TillRows *rows, int column); /* until the next step; NULL reads as "" */
char *till_rows_dup (TillRows *rows, int column);
gconstpointer till_rows_blob (TillRows *rows, int column, gsize *size);

/* Several reads of one moment, for what is loaded in parts: one lock instead of one for each, and
 * no commit of another connection between them. Inside a transaction it is that one's moment
 * already. */
typedef struct
{
  TillLedger *ledger; /* unowned; NULL: there is nothing to end */
} TillMoment;

gboolean till_moment_open (TillMoment *moment, TillLedger *ledger, GError **error);
void till_moment_clear (TillMoment *moment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillMoment, till_moment_clear)

/* The first column of the first row, 0 when there is none; ends the rows. */
gboolean till_rows_one (TillRows *rows, int64_t *value, GError **error);
/* Appends the first column of every row (int64_t); ends the rows. */
gboolean till_rows_all (TillRows *rows, GArray *values, GError **error);

/* Writes a fact: a row into table, values for its first columns in order, and the same values as a
 * line of the journal entry. The remaining columns get their defaults; they are the ones that may
 * change. Only in a transaction with an act. */
gboolean till_txn_add (TillTxn *txn, GError **error, const char *table, const char *types, ...);

/* The same by a statement of the caller, for a row whose changing columns do not begin with their
 * defaults. Its parameters are the values in order. */
gboolean till_txn_add_by (TillTxn *txn, GError **error, const char *sql, const char *table,
                          const char *types, ...);

/* The next id of a table with an INTEGER PRIMARY KEY, inside a transaction. */
gboolean till_txn_next_id (TillTxn *txn, const char *table, int64_t *id, GError **error);

/* Appends one value as the journal spells it: tab first, then text with \\ \t \n escaped, \N for
 * NULL. Shared by writing and by verifying. */
void till_journal_spell_text (GString *body, const char *text);
void till_journal_spell_int (GString *body, int64_t value);
void till_journal_hash (TillDigest *digest, const guint8 previous[TILL_DIGEST_SIZE], int64_t seq,
                        int64_t at, int day, int till, int64_t staff, const char *act,
                        const char *body, gsize size, guint8 hash[TILL_DIGEST_SIZE]);

/* Room-private access to the connection (void so that sqlite3.h stays in this room's .c files). */
void *till_ledger_handle (TillLedger *ledger);
gboolean till_ledger_fail (TillLedger *ledger, int code, GError **error);

G_END_DECLS

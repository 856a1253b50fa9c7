/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements: kept prepared by the address of their text, bound to their values, read row by row.
 */
#include "data/ledger/sql.h"
#include "data/core/error.h"
#include "data/ledger/ledger-private.h"

/* A statement that is in use further up the stack gets a twin that is not cached. */
static sqlite3_stmt *
statement_for (TillLedger *ledger, const char *sql, gboolean *cached, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (ledger->statements, sql);
  *cached = TRUE;
  if (statement && !sqlite3_stmt_busy (statement))
    return statement;
  gboolean twin = statement != NULL;
  int code = sqlite3_prepare_v3 (ledger->db, sql, -1, twin ? 0 : SQLITE_PREPARE_PERSISTENT,
                                 &statement, NULL);
  if (code != SQLITE_OK)
    {
      till_ledger_fail (ledger, code, error);
      return NULL;
    }
  if (twin)
    *cached = FALSE;
  else
    g_hash_table_insert (ledger->statements, (gpointer)sql, statement);
  return statement;
}

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

GHashTable *
till_sql_cache_new (void)
{
  return g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize);
}

static void
release (sqlite3_stmt *statement, gboolean cached)
{
  if (!cached)
    {
      sqlite3_finalize (statement);
      return;
    }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

/* life: SQLITE_STATIC when the statement is over before the values are. */
static int
bind (sqlite3_stmt *statement, sqlite3_destructor_type life, const char *types, va_list values)
{
  int code = SQLITE_OK;
  for (int i = 0; types[i] && code == SQLITE_OK; i++)
    switch (types[i])
      {
      case 'i':
        code = sqlite3_bind_int64 (statement, i + 1, va_arg (values, int));
        break;
      case 'l':
        code = sqlite3_bind_int64 (statement, i + 1, va_arg (values, int64_t));
        break;
      case 's':
        code = sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1, life);
        break;
      case 'b':
        {
          GBytes *bytes = va_arg (values, GBytes *);
          gsize size;
          gconstpointer data = g_bytes_get_data (bytes, &size);
          code = sqlite3_bind_blob64 (statement, i + 1, data, size, life);
          break;
        }
      default:
        g_assert_not_reached ();
      }
  return code;
}

gboolean
till_sql_run_va (TillLedger *ledger, GError **error, const char *sql, const char *types,
                 va_list values)
{
  gboolean cached;
  sqlite3_stmt *statement = statement_for (ledger, sql, &cached, error);
  if (!statement)
    return FALSE;
  int code = bind (statement, SQLITE_STATIC, types, values);
  if (code == SQLITE_OK)
    do
      code = sqlite3_step (statement);
    while (code == SQLITE_ROW);
  gboolean good = code == SQLITE_DONE || till_ledger_fail (ledger, code, error);
  release (statement, cached);
  return good;
}

gboolean
till_sql_run (TillLedger *ledger, GError **error, const char *sql, const char *types, ...)
{
  va_list values;
  va_start (values, types);
  gboolean good = till_sql_run_va (ledger, error, sql, types, values);
  va_end (values);
  return good;
}

gboolean
till_sql_run_one (TillLedger *ledger, GError **error, const char *sql, const char *types, ...)
{
  va_list values;
  va_start (values, types);
  gboolean good = till_sql_run_va (ledger, error, sql, types, values);
  va_end (values);
  if (!good)
    return FALSE;
  if (sqlite3_changes (ledger->db) == 1)
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                       "the row is not there or was changed meanwhile");
  return FALSE;
}

/* SQLite has rolled back by itself after some errors; then there is nothing left to do. */
void
till_sql_roll_back (TillLedger *ledger)
{
  g_autoptr (GError) error = NULL;
  if (!sqlite3_get_autocommit (ledger->db) && !till_sql_run (ledger, &error, "ROLLBACK", ""))
    g_critical ("cannot roll back: %s", error->message);
}

gboolean
till_moment_open (TillMoment *moment, TillLedger *ledger, GError **error)
{
  if (!sqlite3_get_autocommit (ledger->db))
    return TRUE;
  if (!till_sql_run (ledger, error, "BEGIN DEFERRED", ""))
    return FALSE;
  moment->ledger = ledger;
  return TRUE;
}

void
till_moment_clear (TillMoment *moment)
{
  if (moment->ledger)
    till_sql_roll_back (moment->ledger);
  moment->ledger = NULL;
}

gboolean
till_rows_open (TillRows *rows, TillLedger *ledger, GError **error, const char *sql,
                const char *types, ...)
{
  till_rows_clear (rows);
  rows->ledger = ledger;
  rows->statement = statement_for (ledger, sql, &rows->cached, error);
  if (!rows->statement)
    return FALSE;
  va_list values;
  va_start (values, types);
  int code = bind (rows->statement, SQLITE_TRANSIENT, types, values);
  va_end (values);
  rows->status = SQLITE_ROW;
  return code == SQLITE_OK || till_ledger_fail (ledger, code, error);
}

gboolean
till_rows_next (TillRows *rows)
{
  if (rows->status == SQLITE_ROW)
    rows->status = sqlite3_step (rows->statement);
  return rows->status == SQLITE_ROW;
}

gboolean
till_rows_end (TillRows *rows, GError **error)
{
  gboolean good = rows->status == SQLITE_DONE || rows->status == SQLITE_ROW
                  || till_ledger_fail (rows->ledger, rows->status, error);
  till_rows_clear (rows);
  return good;
}

void
till_rows_clear (TillRows *rows)
{
  if (rows->statement)
    release (rows->statement, rows->cached);
  rows->statement = NULL;
}

gboolean
till_rows_one (TillRows *rows, int64_t *value, GError **error)
{
  *value = till_rows_next (rows) ? till_rows_int64 (rows, 0) : 0;
  return till_rows_end (rows, error);
}

gboolean
till_rows_all (TillRows *rows, GArray *values, GError **error)
{
  while (till_rows_next (rows))
    {
      int64_t value = till_rows_int64 (rows, 0);
      g_array_append_val (values, value);
    }
  return till_rows_end (rows, error);
}

int
till_rows_int (TillRows *rows, int column)
{
  return sqlite3_column_int (rows->statement, column);
}

int64_t
till_rows_int64 (TillRows *rows, int column)
{
  return sqlite3_column_int64 (rows->statement, column);
}

const char *
till_rows_text (TillRows *rows, int column)
{
  const char *text = (const char *)sqlite3_column_text (rows->statement, column);
  return text ? text : "";
}

char *
till_rows_dup (TillRows *rows, int column)
{
  return g_strdup (till_rows_text (rows, column));
}

gconstpointer
till_rows_blob (TillRows *rows, int column, gsize *size)
{
  gconstpointer data = sqlite3_column_blob (rows->statement, column);
  *size = (gsize)sqlite3_column_bytes (rows->statement, column);
  return data;
}

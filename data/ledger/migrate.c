/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/migrate.h"
#include "data/core/error.h"
#include "data/ledger/sql.h"
#include "ledger-sql.h"

#include <sqlite3.h>
#include <string.h>

static const char *const steps[] = { "001-books.sql" };

int
till_migrate_version (void)
{
  return (int)G_N_ELEMENTS (steps);
}

static gboolean
exec (sqlite3 *db, const char *sql, GError **error)
{
  int code = sqlite3_exec (db, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    return TRUE;
  g_set_error (error, TILL_ERROR,
               (code & 0xff) == SQLITE_BUSY ? TILL_ERROR_BUSY : TILL_ERROR_CORRUPT,
               "schema step: %s", sqlite3_errmsg (db));
  return FALSE;
}

static gboolean
run_step (sqlite3 *db, int number, GError **error)
{
  g_autofree char *path = g_strconcat ("/org/quittance/ledger/", steps[number], NULL);
  g_autoptr (GBytes) file = g_resource_lookup_data (ledger_sql_get_resource (), path,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (!file)
    return FALSE;
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version = %d; COMMIT;", number + 1);
  if (exec (db, "BEGIN IMMEDIATE", error) && exec (db, g_bytes_get_data (file, NULL), error)
      && exec (db, version, error))
    return TRUE;
  if (!sqlite3_get_autocommit (db))
    exec (db, "ROLLBACK", NULL);
  return FALSE;
}

static gboolean
read_version (TillLedger *ledger, int *version, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "PRAGMA user_version", ""))
    return FALSE;
  *version = till_rows_next (&rows) ? till_rows_int (&rows, 0) : 0;
  return till_rows_end (&rows, error);
}

gboolean
till_migrate_run (TillLedger *ledger, GError **error)
{
  int version;
  if (!read_version (ledger, &version, error))
    return FALSE;
  if (version > (int)G_N_ELEMENTS (steps))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "the books were written by a newer program (step %d, this one knows %d)",
                   version, (int)G_N_ELEMENTS (steps));
      return FALSE;
    }
  for (int i = version; i < (int)G_N_ELEMENTS (steps); i++)
    if (!run_step (till_ledger_handle (ledger), i, error))
      return FALSE;
  return TRUE;
}

/* Every object of a schema as one text, in a fixed order. */
static char *
describe (sqlite3 *db, GError **error)
{
  GString *text = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;
  int code
      = sqlite3_prepare_v2 (db,
                            "SELECT type, name, tbl_name, coalesce (sql, '') FROM sqlite_schema"
                            " ORDER BY type, name",
                            -1, &statement, NULL);
  while (code == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (text, "%s\x1f%s\x1f%s\x1f%s\x1e", sqlite3_column_text (statement, 0),
                            sqlite3_column_text (statement, 1), sqlite3_column_text (statement, 2),
                            sqlite3_column_text (statement, 3));
  code = sqlite3_finalize (statement);
  if (code == SQLITE_OK)
    return g_string_free (text, FALSE);
  g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "cannot read the schema: %s",
               sqlite3_errmsg (db));
  g_string_free (text, TRUE);
  return NULL;
}

/* Names the first object in which the two texts differ. */
static char *
first_difference (const char *found, const char *expected)
{
  g_auto (GStrv) have = g_strsplit (found, "\x1e", -1);
  g_auto (GStrv) want = g_strsplit (expected, "\x1e", -1);
  const char *name = "";
  for (guint i = 0; have[i] || want[i]; i++)
    if (!have[i] || !want[i] || !g_str_equal (have[i], want[i]))
      {
        /* Both are in order, so the smaller one is what the other lacks: foreign or missing. */
        gboolean is_missing
            = !have[i] || !*have[i] || (want[i] && *want[i] && strcmp (want[i], have[i]) < 0);
        name = is_missing ? want[i] : have[i];
        break;
      }
  g_auto (GStrv) parts = g_strsplit (name, "\x1f", 4);
  return g_strdup_printf ("%s %s", parts[0] ? parts[0] : "", parts[0] && parts[1] ? parts[1] : "");
}

/* What books made by this program look like. Made once for all connections: it takes longer than
 * everything else that opening does. */
static const char *
expected_schema (TillClock *clock, GError **error)
{
  static GMutex lock;
  static char *known; /* for the life of the process */
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (known)
    return known;
  g_autoptr (TillLedger) model = till_ledger_open_memory (clock, error);
  if (model)
    known = describe (till_ledger_handle (model), error);
  return known;
}

gboolean
till_migrate_check (TillLedger *ledger, GError **error)
{
  const char *expected = expected_schema (till_ledger_clock (ledger), error);
  g_autofree char *found = expected ? describe (till_ledger_handle (ledger), error) : NULL;
  if (!found)
    return FALSE;
  if (g_str_equal (found, expected))
    return TRUE;
  g_autofree char *difference = first_difference (found, expected);
  g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT,
               "the books have a foreign or changed part: %s; nothing was opened", difference);
  return FALSE;
}

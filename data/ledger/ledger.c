/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection: opening the books, their time, their head, and what an account holds. */
#include "data/ledger/ledger.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/ledger/ledger-private.h"
#include "data/ledger/migrate.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long a writer waits for another connection. */
#define BUSY_TIMEOUT_MS 5000
/* Books up to this size, in bytes, are read through at every open. */
#define PAGES_CHECKED (8 * 1024 * 1024)
/* Entries whose chain is checked at every open; the whole chain is verify's work. */
#define TAIL_CHECKED 256

gboolean
till_ledger_fail (TillLedger *ledger, int code, GError **error)
{
  TillErrorCode kind;
  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      kind = TILL_ERROR_BUSY;
      break;
    case SQLITE_CONSTRAINT:
      kind = TILL_ERROR_CONFLICT;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
      kind = TILL_ERROR_CORRUPT;
      break;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      kind = TILL_ERROR_STOPPED;
      break;
    default:
      kind = TILL_ERROR_INVALID;
    }
  g_set_error (error, TILL_ERROR, kind, "the books say: %s",
               ledger->db ? sqlite3_errmsg (ledger->db) : sqlite3_errstr (code));
  return FALSE;
}

void *
till_ledger_handle (TillLedger *ledger)
{
  return ledger->db;
}

/* --- opening --- */

static int
on_wal (void *data, sqlite3 *db, const char *name, int pages)
{
  TillLedger *ledger = data;
  ledger->wal_pages = pages;
  return SQLITE_OK;
}

/* SQLite counts every byte it takes under one lock for the whole process, unless it is told not to
 * before it wakes up; nobody here reads the count. */
static void
wake_sqlite (void)
{
  static gsize once;
  if (g_once_init_enter (&once))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&once, 1);
    }
}

static TillLedger *
connect_to (const char *path, gboolean create, TillClock *clock, GError **error)
{
  g_autoptr (TillLedger) ledger = g_new0 (TillLedger, 1);
  ledger->path = g_strdup (path);
  ledger->clock = clock;
  ledger->digest = till_digest_new ();
  ledger->statements = till_sql_cache_new ();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
              | (create ? SQLITE_OPEN_CREATE : 0);
  wake_sqlite ();
  int code = sqlite3_open_v2 (path, &ledger->db, flags, NULL);
  if (code != SQLITE_OK)
    {
      till_ledger_fail (ledger, code, error);
      return NULL;
    }
  sqlite3_busy_timeout (ledger->db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (ledger->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (ledger->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (ledger->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_db_config (ledger->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (ledger->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_limit (ledger->db, SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024);
  sqlite3_limit (ledger->db, SQLITE_LIMIT_ATTACHED, 1);
  /* FULL, not NORMAL: in WAL mode NORMAL may forget the last commits when the power fails.
   * No automatic checkpoint: it would land in the middle of somebody's sale. */
  code = sqlite3_exec (ledger->db,
                       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
                       "PRAGMA mmap_size = 0; PRAGMA secure_delete = ON;"
                       "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;",
                       NULL, NULL, NULL);
  if (code != SQLITE_OK)
    {
      till_ledger_fail (ledger, code, error);
      return NULL;
    }
  sqlite3_wal_hook (ledger->db, on_wal, ledger);
  return g_steal_pointer (&ledger);
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int fd = open (path, flags | O_CLOEXEC);
  gboolean good = fd >= 0 && fsync (fd) == 0;
  if (!good)
    g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "cannot sync %s: %s", path,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return good;
}

static gboolean
build_beside (const char *path, GError **error)
{
  g_autoptr (TillClock) clock = till_clock_new ();
  g_autoptr (TillLedger) ledger = connect_to (path, TRUE, clock, error);
  return ledger && till_migrate_run (ledger, error) && till_ledger_checkpoint (ledger, error);
}

gboolean
till_ledger_create (const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "there are books already: %s", path);
      return FALSE;
    }
  g_autofree char *beside = g_strconcat (path, ".new", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  mode_t mask = umask (0077);
  unlink (beside); /* what a power cut left of an earlier try */
  gboolean built = build_beside (beside, error);
  umask (mask);
  if (!built || !sync_path (beside, O_RDWR, error)
      || !till_fault_pass ("ledger.built-beside", error))
    return FALSE;
  /* link, not rename: it fails when somebody else was faster. */
  if (link (beside, path) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "cannot put the books at %s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  unlink (beside);
  return till_fault_pass ("ledger.linked", error)
         && sync_path (folder, O_RDONLY | O_DIRECTORY, error);
}

/* The last entries must chain; that finds a torn or edited end of the books at once. */
static gboolean
check_tail (TillLedger *ledger, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT seq, at, day, till, staff, act, body, hash FROM journal"
                       " WHERE seq >= (SELECT max (seq) FROM journal) - ? ORDER BY seq",
                       "i", TAIL_CHECKED))
    return FALSE;
  guint8 previous[TILL_DIGEST_SIZE] = { 0 };
  gboolean known = FALSE;
  while (till_rows_next (&rows))
    {
      int64_t seq = till_rows_int64 (&rows, 0);
      const char *body = till_rows_text (&rows, 6);
      gsize size;
      const guint8 *stored = till_rows_blob (&rows, 7, &size);
      guint8 hash[TILL_DIGEST_SIZE];
      till_journal_hash (ledger->digest, previous, seq, till_rows_int64 (&rows, 1),
                         till_rows_int (&rows, 2), till_rows_int (&rows, 3),
                         till_rows_int64 (&rows, 4), till_rows_text (&rows, 5), body, strlen (body),
                         hash);
      if (size != sizeof hash || ((known || seq == 1) && memcmp (hash, stored, sizeof hash) != 0))
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT,
                       "journal entry %" G_GINT64_FORMAT " was altered", seq);
          return FALSE;
        }
      memcpy (previous, stored, sizeof previous);
      known = TRUE;
    }
  return till_rows_end (&rows, error);
}

/* Torn or mixed-up pages, in books small enough to be read through at every start; larger ones are
 * read through by verify and by every backup. */
static gboolean
check_pages (TillLedger *ledger, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t size;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", "")
      || !till_rows_one (&rows, &size, error))
    return FALSE;
  if (size > PAGES_CHECKED)
    return TRUE;
  if (!till_rows_open (&rows, ledger, error, "PRAGMA quick_check (1)", ""))
    return FALSE;
  gboolean good = till_rows_next (&rows) && g_str_equal (till_rows_text (&rows, 0), "ok");
  if (!good)
    g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "the books' file is damaged: %s",
                 till_rows_text (&rows, 0));
  return good && till_rows_end (&rows, error);
}

TillLedger *
till_ledger_open (const char *path, TillClock *clock, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "there are no books at %s", path);
      return NULL;
    }
  g_autoptr (TillLedger) ledger = connect_to (path, FALSE, clock, error);
  if (!ledger || !till_migrate_run (ledger, error) || !till_migrate_check (ledger, error)
      || !check_pages (ledger, error) || !check_tail (ledger, error))
    return NULL;
  return g_steal_pointer (&ledger);
}

TillLedger *
till_ledger_open_memory (TillClock *clock, GError **error)
{
  g_autoptr (TillLedger) ledger = connect_to (":memory:", TRUE, clock, error);
  if (!ledger || !till_migrate_run (ledger, error))
    return NULL;
  return g_steal_pointer (&ledger);
}

void
till_ledger_free (TillLedger *ledger)
{
  g_assert (!ledger->txn);
  g_clear_pointer (&ledger->statements, g_hash_table_unref);
  if (ledger->db)
    {
      int code = sqlite3_close (ledger->db);
      g_assert (code == SQLITE_OK);
    }
  g_clear_pointer (&ledger->digest, till_digest_free);
  g_free (ledger->path);
  g_free (ledger);
}

void
till_ledger_on_commit (TillLedger *ledger, TillCommitted committed, gpointer user)
{
  ledger->committed = committed;
  ledger->committed_user = user;
}

TillClock *
till_ledger_clock (TillLedger *ledger)
{
  return ledger->clock;
}

const char *
till_ledger_path (TillLedger *ledger)
{
  return ledger->path;
}

gboolean
till_ledger_checkpoint (TillLedger *ledger, GError **error)
{
  int code = sqlite3_wal_checkpoint_v2 (ledger->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  ledger->wal_pages = 0;
  return code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY
         || till_ledger_fail (ledger, code, error);
}

int
till_ledger_wal_pages (TillLedger *ledger)
{
  return ledger->wal_pages;
}

/* --- asking --- */

gboolean
till_ledger_head (TillLedger *ledger, int64_t *seq, guint8 hash[TILL_DIGEST_SIZE], GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", ""))
    return FALSE;
  *seq = 0;
  if (hash)
    memset (hash, 0, TILL_DIGEST_SIZE);
  if (till_rows_next (&rows))
    {
      gsize size;
      const guint8 *stored = till_rows_blob (&rows, 1, &size);
      *seq = till_rows_int64 (&rows, 0);
      if (hash && size == TILL_DIGEST_SIZE)
        memcpy (hash, stored, size);
    }
  return till_rows_end (&rows, error);
}

char *
till_ledger_anchor (TillLedger *ledger, int64_t seq, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT lower (hex (substr (hash, 1, 4))) FROM journal WHERE seq = ?", "l",
                       seq))
    return NULL;
  char *anchor = till_rows_next (&rows) ? till_rows_dup (&rows, 0) : g_strdup ("");
  if (till_rows_end (&rows, error))
    return anchor;
  g_free (anchor);
  return NULL;
}

gboolean
till_ledger_balance (TillLedger *ledger, const char *account, TillMoney *balance, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT amount FROM balance WHERE account = ?", "s",
                       account))
    return FALSE;
  *balance = till_rows_next (&rows) ? till_rows_int64 (&rows, 0) : 0;
  return till_rows_end (&rows, error);
}

/* A clock that was set back does not reopen a window or reorder the books. From the last entry time
 * goes on at the machine's pace: if it stood still, whatever is due in five seconds would be due in
 * five seconds for as long as the clock is behind. */
int64_t
till_ledger_keep_time (TillLedger *ledger, int64_t last_entry_at)
{
  int64_t machine = till_clock_now (ledger->clock);
  if (machine >= last_entry_at)
    ledger->behind = 0;
  else if (machine + ledger->behind < last_entry_at)
    ledger->behind = last_entry_at - machine;
  return machine + ledger->behind;
}

gboolean
till_ledger_now (TillLedger *ledger, int64_t *now, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t last;
  if (!till_rows_open (&rows, ledger, error, "SELECT at FROM journal ORDER BY seq DESC LIMIT 1", "")
      || !till_rows_one (&rows, &last, error))
    return FALSE;
  *now = till_ledger_keep_time (ledger, last);
  return TRUE;
}

int64_t
till_ledger_on_clock (TillLedger *ledger, int64_t at)
{
  return at == 0 ? 0 : at - ledger->behind;
}

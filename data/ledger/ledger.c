/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection, its statement cache and the scope of a transaction. */
#include "data/ledger/ledger.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/core/text.h"
#include "data/ledger/migrate.h"
#include "data/ledger/setting-store.h"
#include "data/ledger/sql.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long a writer waits for another connection. */
#define BUSY_TIMEOUT_MS 5000
/* The log is moved into the file when nobody waits; beyond this it is moved whoever waits. */
#define WAL_PAGES_MAX 16384
/* Entries whose chain is checked at every open; the whole chain is verify's work. */
#define TAIL_CHECKED 256

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

/* What an act moves on one account. */
typedef struct
{
  char *account; /* owned */
  TillMoney amount;
} Posting;

struct _TillTxn
{
  TillLedger *ledger; /* unowned */
  const char *act;    /* constant; NULL: no business act */
  int64_t staff_id;
  int64_t seq;
  int64_t now;
  int day;
  GArray *postings; /* owned; of Posting, an account once */
  TillMoney posted;
  guint8 previous[TILL_DIGEST_SIZE];
  GString *body;  /* owned */
  TillShop *shop; /* owned */
  gboolean done;
};

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

/* --- statements ---------------------------------------------------------------------------------- */

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

static int
bind (sqlite3_stmt *statement, const char *types, va_list values)
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
        code = sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1,
                                  SQLITE_TRANSIENT);
        break;
      case 'b':
        {
          GBytes *bytes = va_arg (values, GBytes *);
          gsize size;
          gconstpointer data = g_bytes_get_data (bytes, &size);
          code = sqlite3_bind_blob64 (statement, i + 1, data, size, SQLITE_TRANSIENT);
          break;
        }
      default:
        g_assert_not_reached ();
      }
  return code;
}

static gboolean
run_va (TillLedger *ledger, GError **error, const char *sql, const char *types, va_list values)
{
  gboolean cached;
  sqlite3_stmt *statement = statement_for (ledger, sql, &cached, error);
  if (!statement)
    return FALSE;
  int code = bind (statement, types, values);
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
  gboolean good = run_va (ledger, error, sql, types, values);
  va_end (values);
  return good;
}

gboolean
till_sql_run_one (TillLedger *ledger, GError **error, const char *sql, const char *types, ...)
{
  va_list values;
  va_start (values, types);
  gboolean good = run_va (ledger, error, sql, types, values);
  va_end (values);
  if (!good)
    return FALSE;
  if (sqlite3_changes (ledger->db) == 1)
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                       "the row is not there or was changed meanwhile");
  return FALSE;
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
  int code = bind (rows->statement, types, values);
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

/* --- opening ---------------------------------------------------------------------------------------- */

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
  ledger->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize);
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
                         till_rows_int64 (&rows, 4), till_rows_text (&rows, 5), body,
                         strlen (body), hash);
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
      || !check_tail (ledger, error))
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

/* --- journal entries --------------------------------------------------------------------------------- */

void
till_journal_spell_text (GString *body, const char *text)
{
  g_string_append_c (body, '\t');
  if (!text)
    {
      g_string_append (body, "\\N");
      return;
    }
  for (const char *p = text; *p; p++)
    switch (*p)
      {
      case '\\':
        g_string_append (body, "\\\\");
        break;
      case '\t':
        g_string_append (body, "\\t");
        break;
      case '\n':
        g_string_append (body, "\\n");
        break;
      default:
        g_string_append_c (body, *p);
      }
}

/* Writes the value and what ends it, and returns where the next begins. By hand, for an audit spells
 * millions of numbers and printf takes ten times as long. */
static char *
put_int (char *at, int64_t value, char end)
{
  char digits[20];
  int n = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do
    digits[n++] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    *at++ = '-';
  while (n > 0)
    *at++ = digits[--n];
  *at++ = end;
  return at;
}

void
till_journal_spell_int (GString *body, int64_t value)
{
  char text[24] = "\t";
  char *end = put_int (text + 1, value, '\0');
  g_string_append_len (body, text, end - text - 1);
}

void
till_journal_hash (TillDigest *digest, const guint8 previous[TILL_DIGEST_SIZE], int64_t seq,
                   int64_t at, int day, int till, int64_t staff, const char *act, const char *body,
                   gsize size, guint8 hash[TILL_DIGEST_SIZE])
{
  char head[TILL_DIGEST_SIZE + 5 * 24 + 44];
  gsize length = strnlen (act, 40);
  memcpy (head, previous, TILL_DIGEST_SIZE);
  char *p = put_int (head + TILL_DIGEST_SIZE, seq, '\t');
  p = put_int (p, at, '\t');
  p = put_int (p, day, '\t');
  p = put_int (p, till, '\t');
  p = put_int (p, staff, '\t');
  memcpy (p, act, length);
  p[length] = '\n';
  till_digest_add (digest, head, (gsize)(p - head) + length + 1);
  till_digest_add (digest, body, size);
  till_digest_finish (digest, hash);
}

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

/* --- transactions -------------------------------------------------------------------------------------- */

/* A clock that was set back does not reopen a window or reorder the books. From the last entry time
 * goes on at the machine's pace: if it stood still, whatever is due in five seconds would be due in
 * five seconds for as long as the clock is behind. */
static int64_t
keep_time (TillLedger *ledger, int64_t last_entry_at)
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
  *now = keep_time (ledger, last);
  return TRUE;
}

int64_t
till_ledger_on_clock (TillLedger *ledger, int64_t at)
{
  return at == 0 ? 0 : at - ledger->behind;
}

static gboolean
read_head (TillTxn *txn, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, txn->ledger, error,
                       "SELECT seq, at, hash FROM journal ORDER BY seq DESC LIMIT 1", ""))
    return FALSE;
  int64_t last = 0, last_at = 0;
  if (till_rows_next (&rows))
    {
      gsize size;
      const guint8 *hash = till_rows_blob (&rows, 2, &size);
      last = till_rows_int64 (&rows, 0);
      last_at = till_rows_int64 (&rows, 1);
      if (size == TILL_DIGEST_SIZE)
        memcpy (txn->previous, hash, size);
    }
  txn->now = keep_time (txn->ledger, last_at);
  txn->seq = txn->act ? last + 1 : 0;
  return till_rows_end (&rows, error);
}

static void
posting_clear (gpointer data)
{
  Posting *posting = data;
  g_free (posting->account);
}

TillTxn *
till_ledger_begin (TillLedger *ledger, int64_t staff_id, const char *act, GError **error)
{
  g_assert (!ledger->txn);
  if (!till_fault_pass ("ledger.begin", error)
      || !till_sql_run (ledger, error, "BEGIN IMMEDIATE", ""))
    return NULL;
  g_autoptr (TillTxn) txn = g_new0 (TillTxn, 1);
  ledger->txn = txn;
  txn->ledger = ledger;
  txn->act = act;
  txn->staff_id = staff_id;
  txn->body = g_string_new (NULL);
  txn->postings = g_array_new (FALSE, FALSE, sizeof (Posting));
  g_array_set_clear_func (txn->postings, posting_clear);
  if (!read_head (txn, error))
    return NULL;
  txn->shop = till_setting_store_shop (ledger, error);
  if (!txn->shop)
    return NULL;
  txn->day = till_clock_day (txn->now, txn->shop->zone);
  return g_steal_pointer (&txn);
}

/* An account that was only passed through has none. */
static gboolean
write_postings (TillTxn *txn, GError **error)
{
  int pos = 0;
  for (guint i = 0; i < txn->postings->len; i++)
    {
      const Posting *posting = &g_array_index (txn->postings, Posting, i);
      if (posting->amount != 0
          && !till_txn_add (txn, error, "posting", "lisl", txn->seq, ++pos, posting->account,
                            posting->amount))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_entry (TillTxn *txn, GError **error)
{
  guint8 hash[TILL_DIGEST_SIZE];
  till_journal_hash (txn->ledger->digest, txn->previous, txn->seq, txn->now, txn->day,
                     txn->shop->till, txn->staff_id, txn->act, txn->body->str, txn->body->len, hash);
  g_autoptr (GBytes) bytes = g_bytes_new (hash, sizeof hash);
  return till_sql_run (txn->ledger, error, "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)",
                       "lliilssb", txn->seq, txn->now, txn->day, txn->shop->till, txn->staff_id,
                       txn->act, txn->body->str, bytes);
}

gboolean
till_txn_commit (TillTxn *txn, GError **error)
{
  TillLedger *ledger = txn->ledger;
  if (txn->act)
    {
      g_assert (txn->posted == 0);
      if (!write_postings (txn, error) || !write_entry (txn, error))
        return FALSE;
    }
  if (!till_fault_pass ("ledger.before-commit", error)
      || !till_sql_run (ledger, error, "COMMIT", ""))
    return FALSE;
  txn->done = TRUE;
  ledger->txn = NULL;
  /* Committed and durable, but whoever asked may never hear of it. */
  if (!till_fault_pass ("ledger.after-commit", error))
    return FALSE;
  if (ledger->committed)
    ledger->committed (ledger->committed_user);
  if (ledger->wal_pages > WAL_PAGES_MAX)
    return till_ledger_checkpoint (ledger, error);
  return TRUE;
}

void
till_txn_free (TillTxn *txn)
{
  if (!txn->done)
    {
      g_autoptr (GError) error = NULL;
      txn->ledger->txn = NULL;
      /* SQLite has rolled back by itself after some errors; then there is nothing left to do. */
      if (!sqlite3_get_autocommit (txn->ledger->db)
          && !till_sql_run (txn->ledger, &error, "ROLLBACK", ""))
        g_critical ("cannot roll back: %s", error->message);
    }
  g_string_free (txn->body, TRUE);
  g_array_unref (txn->postings);
  g_clear_pointer (&txn->shop, till_shop_free);
  g_free (txn);
}

TillLedger *
till_txn_ledger (TillTxn *txn)
{
  return txn->ledger;
}

int64_t
till_txn_now (TillTxn *txn)
{
  return txn->now;
}

int
till_txn_day (TillTxn *txn)
{
  return txn->day;
}

int64_t
till_txn_staff (TillTxn *txn)
{
  return txn->staff_id;
}

int64_t
till_txn_seq (TillTxn *txn)
{
  return txn->seq;
}

const TillShop *
till_txn_shop (TillTxn *txn)
{
  return txn->shop;
}

/* INSERT INTO table (its first n columns) VALUES (…), made once for a table and a count and kept,
 * so that the statement cache can go by address. */
static const char *
insert_text (TillLedger *ledger, const char *table, gsize n, GError **error)
{
  static GMutex lock;
  static GHashTable *texts; /* "table/n" → text; a handful for the life of the process */
  g_autofree char *key = g_strdup_printf ("%s/%" G_GSIZE_FORMAT, table, n);
  g_mutex_lock (&lock);
  if (!texts)
    texts = g_hash_table_new (g_str_hash, g_str_equal);
  const char *known = g_hash_table_lookup (texts, key);
  g_mutex_unlock (&lock);
  if (known)
    return known;

  GString *columns = g_string_new (NULL), *marks = g_string_new (NULL);
  g_auto (TillRows) rows = { 0 };
  gboolean good = till_rows_open (&rows, ledger, error,
                                  "SELECT name FROM pragma_table_info (?) ORDER BY cid LIMIT ?",
                                  "sl", table, (int64_t)n);
  gsize found = 0;
  while (good && till_rows_next (&rows))
    {
      g_string_append_printf (columns, "%s\"%s\"", found ? "," : "", till_rows_text (&rows, 0));
      g_string_append (marks, found ? ",?" : "?");
      found++;
    }
  good = good && till_rows_end (&rows, error);
  g_assert (!good || found == n);
  char *text = g_strdup_printf ("INSERT INTO \"%s\" (%s) VALUES (%s)", table, columns->str,
                                marks->str);
  g_string_free (columns, TRUE);
  g_string_free (marks, TRUE);
  if (!good)
    {
      g_free (text);
      return NULL;
    }
  g_mutex_lock (&lock);
  const char *first = g_hash_table_lookup (texts, key);
  if (first)
    g_free (text);
  else
    g_hash_table_insert (texts, g_steal_pointer (&key), text);
  g_mutex_unlock (&lock);
  return first ? first : text;
}

gboolean
till_txn_add (TillTxn *txn, GError **error, const char *table, const char *types, ...)
{
  g_assert (txn->act);
  const char *sql = insert_text (txn->ledger, table, strlen (types), error);
  if (!sql)
    return FALSE;

  va_list values;
  va_start (values, types);
  gboolean good = run_va (txn->ledger, error, sql, types, values);
  va_end (values);
  if (!good)
    return FALSE;

  g_string_append (txn->body, table);
  va_start (values, types);
  for (const char *type = types; *type; type++)
    switch (*type)
      {
      case 'i':
        till_journal_spell_int (txn->body, va_arg (values, int));
        break;
      case 'l':
        till_journal_spell_int (txn->body, va_arg (values, int64_t));
        break;
      case 's':
        till_journal_spell_text (txn->body, va_arg (values, const char *));
        break;
      default:
        g_assert_not_reached ();
      }
  va_end (values);
  g_string_append_c (txn->body, '\n');
  return TRUE;
}

gboolean
till_txn_next_id (TillTxn *txn, const char *table, int64_t *id, GError **error)
{
  static const struct { const char *table, *sql; } known[] = {
    { "sale", "SELECT coalesce (max (id), 0) + 1 FROM sale" },
    { "return", "SELECT coalesce (max (id), 0) + 1 FROM \"return\"" },
    { "refund", "SELECT coalesce (max (id), 0) + 1 FROM refund" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (table, known[i].table))
      {
        g_auto (TillRows) rows = { 0 };
        if (!till_rows_open (&rows, txn->ledger, error, known[i].sql, ""))
          return FALSE;
        if (till_rows_next (&rows))
          *id = till_rows_int64 (&rows, 0);
        return till_rows_end (&rows, error);
      }
  g_assert_not_reached ();
}

static Posting *
posting_on (TillTxn *txn, const char *account)
{
  for (guint i = 0; i < txn->postings->len; i++)
    {
      Posting *posting = &g_array_index (txn->postings, Posting, i);
      if (g_str_equal (posting->account, account))
        return posting;
    }
  Posting fresh = { g_strdup (account), 0 };
  g_array_append_val (txn->postings, fresh);
  return &g_array_index (txn->postings, Posting, txn->postings->len - 1);
}

gboolean
till_txn_post (TillTxn *txn, const char *account, TillMoney amount, GError **error)
{
  g_assert (txn->act);
  Posting *posting = posting_on (txn, account);
  if (till_money_add (txn->posted, amount, &txn->posted)
      && till_money_add (posting->amount, amount, &posting->amount))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "the postings do not fit");
  return FALSE;
}

void
till_txn_note (TillTxn *txn, const char *text)
{
  g_autofree char *clean = till_text_clean (text, 1000);
  g_autofree char *masked = till_text_mask_cards (clean);
  g_string_append (txn->body, "note");
  till_journal_spell_text (txn->body, masked);
  g_string_append_c (txn->body, '\n');
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scope of a transaction, and the entry of the journal that a business act ends as. */
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/core/text.h"
#include "data/ledger/ledger-private.h"
#include "data/ledger/seal-store.h"
#include "data/ledger/setting-store.h"

#include <string.h>

/* Beyond this the log is moved into the file whoever waits; else only when nobody does. */
#define WAL_PAGES_MAX 16384

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
  gboolean looks;     /* reads only */
  int64_t staff_id;
  int64_t seq;
  int64_t now;
  int day;
  GArray *postings; /* owned; of Posting, an account once */
  TillMoney posted;
  guint8 previous[TILL_DIGEST_SIZE];
  GString *body;           /* owned */
  TillShop *shop;          /* owned */
  const TillSealKey *seal; /* unowned; NULL: the entry is not signed */
  char *sealed_no;         /* owned; of the shift it closes */
  gboolean done;
};

/* --- the entry --- */

void
till_journal_spell_text (GString *body, const char *text)
{
  g_string_append_c (body, '\t');
  if (!text)
    {
      g_string_append (body, "\\N");
      return;
    }
  for (;;)
    {
      gsize plain = strcspn (text, "\\\t\n");
      g_string_append_len (body, text, (gssize)plain);
      text += plain;
      if (!*text)
        return;
      g_string_append_c (body, '\\');
      g_string_append_c (body, *text == '\t' ? 't' : *text == '\n' ? 'n' : '\\');
      text++;
    }
}

/* Writes the value and what ends it, and returns where the next begins. By hand and two digits at a
 * time, for an audit spells millions of numbers and printf takes ten times as long. */
static char *
put_int (char *at, int64_t value, char end)
{
  static const char pairs[]
      = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
  char digits[20];
  char *first = digits + sizeof digits;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  for (; rest >= 100; rest /= 100)
    memcpy (first -= 2, pairs + 2 * (rest % 100), 2);
  if (rest >= 10)
    memcpy (first -= 2, pairs + 2 * rest, 2);
  else
    *--first = (char)('0' + rest);
  if (value < 0)
    *at++ = '-';
  gsize n = (gsize)(digits + sizeof digits - first);
  memcpy (at, first, n);
  at[n] = end;
  return at + n + 1;
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

/* --- the scope --- */

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
  txn->now = till_ledger_keep_time (txn->ledger, last_at);
  txn->seq = txn->act ? last + 1 : 0;
  return till_rows_end (&rows, error);
}

static void
posting_clear (gpointer data)
{
  Posting *posting = data;
  g_free (posting->account);
}

/* The first read takes the moment, so the head is read first and all else belongs to it. */
static TillTxn *
open_scope (TillLedger *ledger, const char *begin, int64_t staff_id, const char *act,
            GError **error)
{
  g_assert (!ledger->txn);
  if (!till_sql_run (ledger, error, begin, ""))
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

TillTxn *
till_ledger_begin (TillLedger *ledger, int64_t staff_id, const char *act, GError **error)
{
  if (!till_fault_pass ("ledger.begin", error))
    return NULL;
  return open_scope (ledger, "BEGIN IMMEDIATE", staff_id, act, error);
}

TillTxn *
till_ledger_look (TillLedger *ledger, GError **error)
{
  TillTxn *txn = open_scope (ledger, "BEGIN DEFERRED", 0, NULL, error);
  if (txn)
    txn->looks = TRUE;
  return txn;
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
                     txn->shop->till, txn->staff_id, txn->act, txn->body->str, txn->body->len,
                     hash);
  g_autoptr (GBytes) bytes = g_bytes_new (hash, sizeof hash);
  return till_sql_run (txn->ledger, error, "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)",
                       "lliilssb", txn->seq, txn->now, txn->day, txn->shop->till, txn->staff_id,
                       txn->act, txn->body->str, bytes)
         && (!txn->seal
             || till_seal_store_add (txn->ledger, txn->seal, txn->sealed_no, txn->seq, hash,
                                     error));
}

gboolean
till_txn_commit (TillTxn *txn, GError **error)
{
  TillLedger *ledger = txn->ledger;
  g_assert (!txn->looks);
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
      txn->ledger->txn = NULL;
      till_sql_roll_back (txn->ledger);
    }
  g_string_free (txn->body, TRUE);
  g_array_unref (txn->postings);
  g_clear_pointer (&txn->shop, till_shop_free);
  g_free (txn->sealed_no);
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

/* INSERT INTO table (its first n columns) VALUES (…). */
static char *
compose_insert (TillLedger *ledger, const char *table, gsize n, GError **error)
{
  g_autoptr (GString) columns = g_string_new (NULL), marks = g_string_new (NULL);
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT name FROM pragma_table_info (?) ORDER BY cid LIMIT ?", "sl", table,
                       (int64_t)n))
    return NULL;
  gsize found = 0;
  while (till_rows_next (&rows))
    {
      g_string_append_printf (columns, "%s\"%s\"", found ? "," : "", till_rows_text (&rows, 0));
      g_string_append (marks, found ? ",?" : "?");
      found++;
    }
  if (!till_rows_end (&rows, error))
    return NULL;
  g_assert (found == n);
  return g_strdup_printf ("INSERT INTO \"%s\" (%s) VALUES (%s)", table, columns->str, marks->str);
}

typedef struct
{
  const char *table; /* owned, in the table of texts */
  gsize n;
} InsertKey;

static guint
insert_hash (gconstpointer data)
{
  const InsertKey *key = data;
  return g_str_hash (key->table) + (guint)key->n;
}

static gboolean
insert_equal (gconstpointer a, gconstpointer b)
{
  const InsertKey *x = a, *y = b;
  return x->n == y->n && g_str_equal (x->table, y->table);
}

/* Composed once for a table and a count and kept for the life of the process, a handful, so that
 * the statement caches can go by address. */
static const char *
insert_text (TillLedger *ledger, const char *table, gsize n, GError **error)
{
  static GMutex lock;
  static GHashTable *texts; /* InsertKey → text */
  InsertKey key = { table, n };
  g_mutex_lock (&lock);
  if (!texts)
    texts = g_hash_table_new (insert_hash, insert_equal);
  const char *known = g_hash_table_lookup (texts, &key);
  g_mutex_unlock (&lock);
  if (known)
    return known;

  g_autofree char *text = compose_insert (ledger, table, n, error);
  if (!text)
    return NULL;
  g_mutex_lock (&lock);
  known = g_hash_table_lookup (texts, &key);
  if (!known)
    {
      InsertKey *kept = g_new (InsertKey, 1);
      *kept = (InsertKey){ g_strdup (table), n };
      known = g_steal_pointer (&text);
      g_hash_table_insert (texts, kept, (gpointer)known);
    }
  g_mutex_unlock (&lock);
  return known;
}

static void
spell_line (TillTxn *txn, const char *table, const char *types, va_list values)
{
  g_string_append (txn->body, table);
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
  g_string_append_c (txn->body, '\n');
}

/* The values are read twice: for the row and for the line. */
static gboolean
add_row (TillTxn *txn, GError **error, const char *sql, const char *table, const char *types,
         va_list values)
{
  g_assert (txn->act);
  va_list again;
  va_copy (again, values);
  gboolean good = till_sql_run_va (txn->ledger, error, sql, types, values);
  if (good)
    spell_line (txn, table, types, again);
  va_end (again);
  return good;
}

gboolean
till_txn_add (TillTxn *txn, GError **error, const char *table, const char *types, ...)
{
  const char *sql = insert_text (txn->ledger, table, strlen (types), error);
  if (!sql)
    return FALSE;
  va_list values;
  va_start (values, types);
  gboolean good = add_row (txn, error, sql, table, types, values);
  va_end (values);
  return good;
}

gboolean
till_txn_add_by (TillTxn *txn, GError **error, const char *sql, const char *table,
                 const char *types, ...)
{
  va_list values;
  va_start (values, types);
  gboolean good = add_row (txn, error, sql, table, types, values);
  va_end (values);
  return good;
}

gboolean
till_txn_next_id (TillTxn *txn, const char *table, int64_t *id, GError **error)
{
  static const struct
  {
    const char *table, *sql;
  } known[] = {
    { "sale", "SELECT coalesce (max (id), 0) + 1 FROM sale" },
    { "return", "SELECT coalesce (max (id), 0) + 1 FROM \"return\"" },
    { "refund", "SELECT coalesce (max (id), 0) + 1 FROM refund" },
    { "cash_move", "SELECT coalesce (max (id), 0) + 1 FROM cash_move" },
    { "shift", "SELECT coalesce (max (id), 0) + 1 FROM shift" },
    { "notice", "SELECT coalesce (max (id), 0) + 1 FROM notice" },
    { "settlement", "SELECT coalesce (max (id), 0) + 1 FROM settlement" },
    { "provider_stop", "SELECT coalesce (max (id), 0) + 1 FROM provider_stop" },
    { "device", "SELECT coalesce (max (id), 0) + 1 FROM device" },
    { "device_check", "SELECT coalesce (max (id), 0) + 1 FROM device_check" },
    { "device_service", "SELECT coalesce (max (id), 0) + 1 FROM device_service" },
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
till_txn_seal (TillTxn *txn, const TillSealKey *key, const char *shift_no)
{
  g_assert (txn->act && !txn->seal);
  txn->seal = key;
  txn->sealed_no = g_strdup (shift_no);
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

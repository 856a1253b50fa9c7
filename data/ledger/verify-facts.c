/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts against entries, both ways. Every line of an entry is spelled again from the row it names
 * and must come out the same to the byte; a table with more rows than lines has one that was
 * added, which is then looked for. What may change and has no history of its own (state of a sale,
 * settings, wrong PINs) is compared with the last note about it. */
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/ledger/sql.h"
#include "data/ledger/verify-private.h"

#include <sqlite3.h>
#include <string.h>

#define KEY_COLUMNS_MAX 4
#define COLUMNS_MAX 64

/* Rows of these are facts, even when no entry speaks of any. */
static const char *const fact_tables[] = { "staff",
                                           "posting",
                                           "sale",
                                           "sale_line",
                                           "leg",
                                           "leg_history",
                                           "return",
                                           "return_line",
                                           "return_history",
                                           "approval",
                                           "refund",
                                           "refund_history",
                                           "shift",
                                           "shift_open",
                                           "cash_move",
                                           "notice",
                                           "notice_settled",
                                           "print_settled",
                                           "drawer_seen",
                                           "settlement",
                                           "settlement_row",
                                           "settlement_closed",
                                           "refund_coupon",
                                           "provider_stop",
                                           "provider_try",
                                           "provider_lift",
                                           "card_slip",
                                           "card_slip_confirmed",
                                           "device",
                                           "device_retired",
                                           "device_check",
                                           "device_service",
                                           "device_use" };

typedef struct
{
  char *table;          /* owned */
  guint n;              /* values in the line */
  sqlite3_stmt *select; /* owned; the first n columns by primary key */
  guint n_key;
  guint key[KEY_COLUMNS_MAX]; /* columns of the primary key */
  gboolean key_is_text[KEY_COLUMNS_MAX];
  int64_t lines;
} Plan;

typedef struct
{
  TillLedger *ledger;   /* unowned */
  TillVerdict *verdict; /* unowned */
  GPtrArray *plans;     /* owned; of Plan */
  GString *spelled;     /* owned; scratch */
  GByteArray *sales;    /* owned; state of sale id, by the last note */
  GHashTable *words;    /* owned; "setting x", "staff 3" → last word about it */
  int64_t sales_most;   /* no id can be above it */
  gboolean by_hand;     /* this entry's notes are words a person typed: no testimony */
} Facts;

static void
plan_free (Plan *plan)
{
  g_free (plan->table);
  sqlite3_finalize (plan->select);
  g_free (plan);
}

static void
facts_clear (Facts *facts)
{
  g_ptr_array_unref (facts->plans);
  g_string_free (facts->spelled, TRUE);
  g_byte_array_unref (facts->sales);
  g_hash_table_unref (facts->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

static sqlite3_stmt *
prepare (TillLedger *ledger, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (till_ledger_handle (ledger), sql, -1, &statement, NULL);
  if (code != SQLITE_OK)
    till_ledger_fail (ledger, code, error);
  return statement;
}

/* Ends the reading of rows: TRUE when it came to its end. */
static gboolean
finish (TillLedger *ledger, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_reset (statement);
  return code == SQLITE_OK || till_ledger_fail (ledger, code, error);
}

/* Fills in columns and key; *found is how many columns the table has, 0 when it is none of ours. */
static gboolean
plan_columns (Plan *plan, TillLedger *ledger, GString *columns, GString *where, guint *found,
              GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT name, type, pk FROM pragma_table_info (?) ORDER BY cid", "s",
                       plan->table))
    return FALSE;
  guint i = 0;
  for (; till_rows_next (&rows); i++)
    {
      const char *name = till_rows_text (&rows, 0);
      if (i < plan->n)
        g_string_append_printf (columns, "%s\"%s\"", i ? ", " : "", name);
      if (till_rows_int (&rows, 2) == 0)
        continue;
      g_assert (plan->n_key < KEY_COLUMNS_MAX);
      g_string_append_printf (where, "%s\"%s\" = ?", plan->n_key ? " AND " : "", name);
      plan->key_is_text[plan->n_key] = g_str_equal (till_rows_text (&rows, 1), "TEXT");
      plan->key[plan->n_key++] = i;
    }
  *found = i;
  return till_rows_end (&rows, error);
}

static Plan *
plan_new (Facts *facts, const char *table, gsize length, guint n, GError **error)
{
  g_autoptr (GString) columns = g_string_new (NULL), where = g_string_new (NULL);
  Plan *plan = g_new0 (Plan, 1);
  plan->table = g_strndup (table, length);
  plan->n = n;
  g_ptr_array_add (facts->plans, plan);
  guint found;
  if (!plan_columns (plan, facts->ledger, columns, where, &found, error))
    return NULL;
  /* A line that names no table, no row or no such column is reported by the caller. */
  if (plan->n_key == 0 || found < n || plan->key[plan->n_key - 1] >= n)
    {
      plan->n_key = 0;
      return plan;
    }
  g_autofree char *sql
      = g_strdup_printf ("SELECT %s FROM \"%s\" WHERE %s", columns->str, plan->table, where->str);
  plan->select = prepare (facts->ledger, sql, error);
  return plan->select ? plan : NULL;
}

/* There are a dozen, so looking is faster than hashing. */
static Plan *
plan_for (Facts *facts, const char *table, gsize length, guint n, GError **error)
{
  for (guint i = 0; i < facts->plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (facts->plans, i);
      if (plan->n == n && strncmp (plan->table, table, length) == 0 && !plan->table[length])
        return plan;
    }
  return plan_new (facts, table, length, n, error);
}

/* Spells a column as the journal does. FALSE for what the journal never holds. */
static gboolean
spell_column (GString *line, sqlite3_stmt *row, int column)
{
  const char *text;
  switch (sqlite3_column_type (row, column))
    {
    case SQLITE_INTEGER:
      till_journal_spell_int (line, sqlite3_column_int64 (row, column));
      return TRUE;
    case SQLITE_NULL:
      till_journal_spell_text (line, NULL);
      return TRUE;
    case SQLITE_TEXT:
      text = (const char *)sqlite3_column_text (row, column);
      till_journal_spell_text (line, text);
      /* What stands behind a NUL would not be seen. */
      return strlen (text) == (gsize)sqlite3_column_bytes (row, column);
    default:
      return FALSE;
    }
}

static char *
unspell (const char *text, gsize length)
{
  GString *plain = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    if (text[i] != '\\' || i + 1 == length)
      g_string_append_c (plain, text[i]);
    else if (text[++i] == 't')
      g_string_append_c (plain, '\t');
    else
      g_string_append_c (plain, text[i] == 'n' ? '\n' : text[i]);
  return g_string_free (plain, FALSE);
}

static int
bind_key (Plan *plan, guint i, const char *value, gsize length)
{
  g_autofree char *plain = unspell (value, length);
  if (plan->key_is_text[i])
    return sqlite3_bind_text (plan->select, (int)i + 1, plain, -1, SQLITE_TRANSIENT);
  return sqlite3_bind_int64 (plan->select, (int)i + 1, g_ascii_strtoll (plain, NULL, 10));
}

/* values[i] is where the ith value begins; values[n] is behind the end of the line. */
static gboolean
check_row (Facts *facts, Plan *plan, int64_t seq, const char *line, const char *const *values,
           GError **error)
{
  int code = SQLITE_OK;
  for (guint i = 0; i < plan->n_key && code == SQLITE_OK; i++)
    {
      const char *value = values[plan->key[i]];
      code = bind_key (plan, i, value, (gsize)(values[plan->key[i] + 1] - 1 - value));
    }
  if (code != SQLITE_OK)
    return till_ledger_fail (facts->ledger, code, error);

  gsize length = (gsize)(values[plan->n] - 1 - line);
  gboolean there = sqlite3_step (plan->select) == SQLITE_ROW, same = TRUE;
  g_string_assign (facts->spelled, plan->table);
  for (guint i = 0; there && same && i < plan->n; i++)
    same = spell_column (facts->spelled, plan->select, (int)i);
  same = same && facts->spelled->len == length && memcmp (facts->spelled->str, line, length) == 0;
  if (!finish (facts->ledger, plan->select, error))
    return FALSE;
  if (!there || !same)
    till_verdict_say (facts->verdict, seq, "%s in %s: the entry says “%.*s”%s%s",
                      there ? "a row was changed" : "a row is missing", plan->table,
                      (int)MIN (length, 200), line, there ? ", the row says " : "",
                      there ? facts->spelled->str : "");
  plan->lines++;
  facts->verdict->facts++;
  return TRUE;
}

/* --- notes: the last word about something --- */

static void
take_sale_note (Facts *facts, const char *words)
{
  char *end;
  int64_t id = g_ascii_strtoll (words, &end, 10);
  guint8 state = g_str_equal (end, " PAID") ? 'P' : g_str_equal (end, " ABANDONED") ? 'A' : 0;
  if (!state || id < 1 || id > facts->sales_most)
    return;
  guint old = facts->sales->len;
  if (id >= old)
    {
      g_byte_array_set_size (facts->sales, (guint)id + 1);
      memset (facts->sales->data + old, 0, (guint)id + 1 - old);
    }
  facts->sales->data[id] = state;
}

static void
take_note (Facts *facts, const char *text, gsize length)
{
  g_autofree char *note = unspell (text, length);
  if (g_str_has_prefix (note, "sale "))
    take_sale_note (facts, note + 5);
  /* A setting that was emptied ends with the sign. */
  const char *behind = g_str_has_prefix (note, "setting ") ? strstr (note, " =")
                       : g_str_has_prefix (note, "staff ") ? strstr (note, " wrong ")
                                                           : NULL;
  if (behind)
    g_hash_table_replace (facts->words, g_strndup (note, (gsize)(behind - note)),
                          g_strdup (behind));
}

/* --- entries --- */

static gboolean
check_line (Facts *facts, int64_t seq, const char *line, gsize length, GError **error)
{
  const char *values[COLUMNS_MAX + 1];
  guint n = 0;
  for (gsize i = 0; i < length && n < COLUMNS_MAX; i++)
    if (line[i] == '\t')
      values[n++] = line + i + 1;
  values[n] = line + length + 1;
  gsize name = n ? (gsize)(values[0] - 1 - line) : 0;
  if (name == 4 && n == 1 && memcmp (line, "note", 4) == 0)
    {
      if (!facts->by_hand)
        take_note (facts, values[0], length - 5);
      return TRUE;
    }
  Plan *plan = n ? plan_for (facts, line, name, n, error) : NULL;
  if (n && !plan)
    return FALSE;
  if (plan && plan->n_key)
    return check_row (facts, plan, seq, line, values, error);
  till_verdict_say (facts->verdict, seq, "the entry speaks of no table of ours: “%.*s”",
                    (int)MIN (length, 80), line);
  return TRUE;
}

static gboolean
check_body (Facts *facts, int64_t seq, const char *body, GError **error)
{
  while (*body && facts->verdict->sound)
    {
      const char *end = strchr (body, '\n');
      if (!end)
        {
          till_verdict_say (facts->verdict, seq, "the entry breaks off");
          return TRUE;
        }
      if (!check_line (facts, seq, body, (gsize)(end - body), error))
        return FALSE;
      body = end + 1;
    }
  return TRUE;
}

static gboolean
check_entries (Facts *facts, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, facts->ledger, error,
                       "SELECT seq, body, act = 'drawer' FROM journal ORDER BY seq", ""))
    return FALSE;
  while (facts->verdict->sound && till_rows_next (&rows))
    {
      facts->by_hand = till_rows_int (&rows, 2);
      if (!check_body (facts, till_rows_int64 (&rows, 0), till_rows_text (&rows, 1), error))
        return FALSE;
    }
  return till_rows_end (&rows, error);
}

/* --- rows that no entry knows --- */

static guint64
hash_key (const char *text)
{
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);
  for (; *text; text++)
    hash = (hash ^ (guchar)*text) * G_GUINT64_CONSTANT (1099511628211);
  return hash;
}

static int
compare_hashes (const void *a, const void *b)
{
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
  return x < y ? -1 : x > y;
}

/* Hashes of the lines of one table, each cut behind its key columns, which always come first. */
static gboolean
collect_keys (TillLedger *ledger, const char *table, guint n_key, GArray *hashes, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  g_autofree char *prefix = g_strconcat (table, "\t", NULL);
  if (!till_rows_open (&rows, ledger, error, "SELECT body FROM journal", ""))
    return FALSE;
  while (till_rows_next (&rows))
    for (const char *line = till_rows_text (&rows, 0); *line; line = strchr (line, '\n') + 1)
      {
        if (!g_str_has_prefix (line, prefix))
          continue;
        const char *end = line + strlen (prefix);
        for (guint i = 0; i < n_key; i++)
          end += strcspn (end, "\t\n") + (i + 1 < n_key);
        g_autofree char *key = g_strndup (line, (gsize)(end - line));
        guint64 hash = hash_key (key);
        g_array_append_val (hashes, hash);
      }
  return till_rows_end (&rows, error);
}

static gboolean
name_added_row (Facts *facts, const char *table, GError **error)
{
  TillLedger *ledger = facts->ledger;
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GString) key = g_string_new (NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", table);
  Plan probe = { .table = (char *)table };
  g_autoptr (GString) columns = g_string_new (NULL), where = g_string_new (NULL);
  guint found;
  if (!plan_columns (&probe, ledger, columns, where, &found, error)
      || !collect_keys (ledger, table, probe.n_key, hashes, error))
    return FALSE;
  g_array_sort (hashes, compare_hashes);
  sqlite3_stmt *rows = prepare (ledger, sql, error);
  if (!rows)
    return FALSE;
  while (facts->verdict->sound && sqlite3_step (rows) == SQLITE_ROW)
    {
      g_string_assign (key, table);
      for (guint i = 0; i < probe.n_key; i++)
        spell_column (key, rows, (int)i);
      guint64 hash = hash_key (key->str);
      if (!hashes->len || !bsearch (&hash, hashes->data, hashes->len, sizeof hash, compare_hashes))
        till_verdict_say (facts->verdict, 0, "a row was added that no entry knows: “%s”", key->str);
    }
  gboolean good = finish (ledger, rows, error);
  sqlite3_finalize (rows);
  till_verdict_say (facts->verdict, 0, "%s has rows that no entry knows", table);
  return good;
}

static gboolean
check_count (Facts *facts, const char *table, GError **error)
{
  int64_t lines = 0;
  for (guint i = 0; i < facts->plans->len; i++)
    {
      Plan *plan = g_ptr_array_index (facts->plans, i);
      lines += g_str_equal (plan->table, table) ? plan->lines : 0;
    }
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM \"%s\"", table);
  sqlite3_stmt *count = prepare (facts->ledger, sql, error);
  if (!count)
    return FALSE;
  int64_t found = sqlite3_step (count) == SQLITE_ROW ? sqlite3_column_int64 (count, 0) : -1;
  gboolean good = finish (facts->ledger, count, error);
  sqlite3_finalize (count);
  if (!good || found == lines)
    return good;
  if (found > lines)
    return name_added_row (facts, table, error);
  till_verdict_say (facts->verdict, 0, "%s has fewer rows than entries", table);
  return TRUE;
}

static gboolean
check_counts (Facts *facts, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fact_tables) && facts->verdict->sound; i++)
    if (!check_count (facts, fact_tables[i], error))
      return FALSE;
  for (guint i = 0; i < facts->plans->len && facts->verdict->sound; i++)
    if (!check_count (facts, ((Plan *)g_ptr_array_index (facts->plans, i))->table, error))
      return FALSE;
  return TRUE;
}

/* --- what the notes say --- */

static gboolean
check_sale_states (Facts *facts, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, facts->ledger, error, "SELECT id, state FROM sale ORDER BY id", ""))
    return FALSE;
  while (facts->verdict->sound && till_rows_next (&rows))
    {
      int64_t id = till_rows_int64 (&rows, 0);
      const char *state = till_rows_text (&rows, 1);
      guint8 noted = id < facts->sales->len ? facts->sales->data[id] : 0;
      if ((noted ? noted : 'T') != state[0])
        till_verdict_say (facts->verdict, 0,
                          "sale %" G_GINT64_FORMAT " is %s, but no entry says so", id, state);
    }
  return till_rows_end (&rows, error);
}

static void
check_word (Facts *facts, const char *key, const char *now, const char *at_first)
{
  g_autofree char *clean = till_text_clean (now, 1000);
  g_autofree char *masked = till_text_mask_cards (clean);
  const char *noted = g_hash_table_lookup (facts->words, key);
  g_autofree char *said = till_text_clean (noted ? noted : at_first, 1000);
  if (g_strcmp0 (said, masked) != 0)
    till_verdict_say (facts->verdict, 0, "%s is “%s”, the last entry says “%s”", key, masked, said);
  g_hash_table_remove (facts->words, key);
}

static gboolean
check_words (Facts *facts, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, facts->ledger, error,
                       "SELECT 'setting ' || key, '= ' || value, '' FROM setting UNION ALL"
                       " SELECT 'staff ' || id, 'wrong ' || wrong_pins || ' locked ' ||"
                       "  (locked_until / 1000000) || iif (locked_until % 1000000 <> 0, '?', '') ||"
                       "  iif (active, '', ' inactive'), 'wrong 0 locked 0' FROM staff",
                       ""))
    return FALSE;
  while (facts->verdict->sound && till_rows_next (&rows))
    check_word (facts, till_rows_text (&rows, 0), till_rows_text (&rows, 1),
                till_rows_text (&rows, 2));
  if (!till_rows_end (&rows, error))
    return FALSE;
  GHashTableIter left;
  gpointer key;
  g_hash_table_iter_init (&left, facts->words);
  if (facts->verdict->sound && g_hash_table_iter_next (&left, &key, NULL))
    till_verdict_say (facts->verdict, 0, "%s was taken out of the books", (char *)key);
  return TRUE;
}

static gboolean
read_sales_most (Facts *facts, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, facts->ledger, error, "SELECT 2 * count (*) + 1000 FROM sale", ""))
    return FALSE;
  facts->sales_most = till_rows_next (&rows) ? till_rows_int64 (&rows, 0) : 0;
  return till_rows_end (&rows, error);
}

gboolean
till_verify_facts (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  g_auto (Facts) facts = { .ledger = ledger, .verdict = verdict };
  facts.plans = g_ptr_array_new_with_free_func ((GDestroyNotify)plan_free);
  facts.spelled = g_string_new (NULL);
  facts.sales = g_byte_array_new ();
  facts.words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!read_sales_most (&facts, error) || !check_entries (&facts, error))
    return FALSE;
  if (verdict->sound && !check_counts (&facts, error))
    return FALSE;
  if (verdict->sound && !check_sale_states (&facts, error))
    return FALSE;
  return !verdict->sound || check_words (&facts, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes books of many years in a minute: legal to the last byte, as test-fill.py proves on small
 * ones, but written without laws, indices and syncs, which are put back at the end.
 *
 *   fill BOOKS LINES
 *
 * Every sale has six lines; every second one is paid by code, every twelfth sends two lines back.
 */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"
#include "data/core/ids.h"
#include "data/ledger/sql.h"
#include "data/trade/return.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#define YEARS 2
#define STAFF 20
#define SPAN (YEARS * 365 * TILL_DAY)
#define RETURN_EVERY 12
#define RETURN_LINES 2

typedef enum
{
  SALE,
  LINE,
  LEG,
  LEG_HISTORY,
  RETURN,
  RETURN_LINE,
  RETURN_HISTORY,
  REFUND,
  REFUND_HISTORY,
  POSTING,
  PAPER,
  JOURNAL,
  N_TABLES
} Table;

/* The marks are facts and go into the entry; what stands after them may change. */
static const struct
{
  const char *table, *columns, *rest;
} texts[N_TABLES] = {
  [SALE] = { "sale", "?,?,?,?,?,?,?,?,?,?,?,?", ",'PAID'" },
  [LINE] = { "sale_line", "?,?,?,?,?,?,?,?,?,?,?,?,?", "" },
  [LEG] = { "leg", "?1,?2,?3,?4,?5,?6,?7,?8",
            ",0,'APPROVED',iif(?7 IS NULL,'','practice'),iif(?7 IS NULL,'','P' || "
            "?7),'','','','','',?9,?9,1,0,NULL" },
  [LEG_HISTORY] = { "leg_history", "?,?,?,?,?,?,?,?,?,?", "" },
  [RETURN] = { "return", "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?", ",'CLOSED'" },
  [RETURN_LINE] = { "return_line", "?,?,?,?,?,?", "" },
  [RETURN_HISTORY] = { "return_history", "?,?,?,?,?,?,?,?,?", "" },
  [REFUND] = { "refund", "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16",
               ",'SUCCEEDED',iif(?11='cash','','no_voids'),'',iif(?11='cash','','practice'),"
               "iif(?11='cash','','R' || ?14),'','','','',?17,?17,1,0,NULL" },
  [REFUND_HISTORY] = { "refund_history", "?,?,?,?,?,?,?,?,?", "" },
  [POSTING] = { "posting", "?,?,?,?", "" },
  [PAPER] = { "print_job", "NULL,?,?,1,?,?", ",'PRINTED','','',1,NULL,'',?3" },
  [JOURNAL] = { "journal", "?,?,?,?,?,?,?,?", "" },
};

typedef struct
{
  sqlite3 *db;
  sqlite3_stmt *insert[N_TABLES];
  TillDigest *digest;
  GString *body;
  GString *laws; /* triggers and indices, to be put back */
  guint8 hash[TILL_DIGEST_SIZE];
  int64_t seq, at, staff;
  int day, postings;
  uint64_t chance;
} Fill;

static void
run (Fill *fill, const char *sql)
{
  char *message = NULL;
  if (sqlite3_exec (fill->db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %.200s", message, sql);
}

/* The token of something: sixteen digits that are in no order, as real ones are. */
static const char *
token (Fill *fill, char text[20])
{
  uint64_t z = fill->chance += UINT64_C (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  g_snprintf (text, 20, "%016" G_GUINT64_FORMAT, (z ^ (z >> 31)) % UINT64_C (10000000000000000));
  return text;
}

/* Types as in sql.h; after a bar come values that are no facts. */
static void
add (Fill *fill, Table table, const char *types, ...)
{
  sqlite3_stmt *insert = fill->insert[table];
  gboolean fact = table != PAPER && table != JOURNAL;
  va_list values;
  if (fact)
    g_string_append (fill->body, texts[table].table);
  va_start (values, types);
  for (int i = 1; *types; types++)
    if (*types == '|')
      {
        g_string_append_c (fill->body, '\n');
        fact = FALSE;
      }
    else if (*types == 's')
      {
        const char *text = va_arg (values, const char *);
        sqlite3_bind_text (insert, i++, text, -1, SQLITE_STATIC);
        if (fact)
          till_journal_spell_text (fill->body, text);
      }
    else
      {
        int64_t value = *types == 'i' ? va_arg (values, int) : va_arg (values, int64_t);
        sqlite3_bind_int64 (insert, i++, value);
        if (fact)
          till_journal_spell_int (fill->body, value);
      }
  va_end (values);
  if (fact)
    g_string_append_c (fill->body, '\n');
  if (table == JOURNAL)
    sqlite3_bind_blob (insert, 8, fill->hash, sizeof fill->hash, SQLITE_STATIC);
  if (sqlite3_step (insert) != SQLITE_DONE)
    g_error ("%s: %s", texts[table].table, sqlite3_errmsg (fill->db));
  sqlite3_reset (insert);
}

static void
post (Fill *fill, const char *account, int64_t amount)
{
  if (amount != 0)
    add (fill, POSTING, "lisl", fill->seq, ++fill->postings, account, amount);
}

static void
begin_act (Fill *fill, int64_t at, int64_t staff)
{
  g_string_truncate (fill->body, 0);
  fill->seq++;
  fill->at = at;
  fill->day = till_clock_day (at, "Asia/Shanghai");
  fill->staff = staff;
  fill->postings = 0;
}

static void
end_act (Fill *fill, const char *act)
{
  till_journal_hash (fill->digest, fill->hash, fill->seq, fill->at, fill->day, 1, fill->staff, act,
                     fill->body->str, fill->body->len, fill->hash);
  add (fill, JOURNAL, "lliilss", fill->seq, fill->at, fill->day, 1, fill->staff, act,
       fill->body->str);
}

/* What a line costs follows from sale and place alone, so that a return can say it again. */
static TillMoney
price_of (int64_t sale, int pos)
{
  return 100 + (sale * 7 + pos * 331) % 900;
}

static TillMoney
vat_of (TillMoney amount)
{
  TillMoney vat = 0;
  gboolean fits = till_money_vat_inside (amount, 130000, &vat);
  g_assert (fits);
  return vat;
}

static void
sell_line (Fill *fill, int64_t sale, int pos)
{
  char code[16], name[32];
  int64_t item = (sale * 13 + pos * 331) % BENCH_ITEMS;
  TillMoney price = price_of (sale, pos);
  g_snprintf (code, sizeof code, "69%011d", (int)item);
  g_snprintf (name, sizeof name, "商品 %d", (int)item);
  add (fill, LINE, "lilssllllllll", sale, pos, item + 1, code, name, INT64_C (1000), price, price,
       INT64_C (0), INT64_C (0), price, vat_of (price), INT64_C (130000));
}

static void
pay (Fill *fill, int64_t sale, TillMoney total)
{
  char no[20];
  gboolean code = sale % 2 == 0;
  int64_t at = fill->at, zero = 0;
  g_snprintf (no, sizeof no, "8%015d", (int)sale);
  add (fill, LEG, "lissllss|l", sale, 1, code ? "code" : "cash", code ? "sandbox" : "", total,
       total, code ? no : NULL, "", code ? at : zero);
  if (code)
    add (fill, LEG_HISTORY, "liilllssss", sale, 1, 1, fill->seq, at, fill->staff, "PLANNED",
         "REQUESTED", "promise", "");
  add (fill, LEG_HISTORY, "liilllssss", sale, 1, code ? 2 : 1, fill->seq, at, fill->staff,
       code ? "REQUESTED" : "PLANNED", "APPROVED", "done", code ? "answered" : "counted");
  post (fill, code ? "receivable:sandbox" : "drawer", total);
}

static void
sell (Fill *fill, int64_t sale, int64_t at)
{
  char text[20], note[60];
  TillMoney total = 0, vat = 0;
  begin_act (fill, at, 1 + sale % STAFF);
  for (int pos = 1; pos <= BENCH_LINES; pos++)
    {
      total += price_of (sale, pos);
      vat += vat_of (price_of (sale, pos));
    }
  g_autofree char *no = till_number_format (TILL_NUMBER_SALE, 1, 1, fill->day, sale);
  add (fill, SALE, "lslilllsllll", sale, no, fill->seq, fill->day, at, INT64_C (1), fill->staff,
       token (fill, text), INT64_C (0), INT64_C (0), vat, total);
  for (int pos = 1; pos <= BENCH_LINES; pos++)
    sell_line (fill, sale, pos);
  pay (fill, sale, total);
  g_snprintf (note, sizeof note, "\nnote\tsale %" G_GINT64_FORMAT " PAID\n" + 1, sale);
  g_string_append (fill->body, note);
  post (fill, "sales", vat - total);
  post (fill, "vat", -vat);
  add (fill, PAPER, "slll", "sale", sale, at, fill->staff);
  end_act (fill, "sale");
}

static void
give_back (Fill *fill, int64_t id, int64_t sale, TillMoney amount)
{
  char text[20], original[20];
  gboolean code = sale % 2 == 0;
  int64_t at = fill->at, zero = 0;
  g_autofree char *no = till_number_format (TILL_NUMBER_REFUND, 1, 1, fill->day, id);
  g_snprintf (original, sizeof original, "8%015d", (int)sale);
  add (fill, REFUND, "lslilllllisslsss|l", id, no, fill->seq, fill->day, at, INT64_C (1),
       fill->staff, id, sale, 1, code ? "code" : "cash", code ? "sandbox" : "", amount,
       token (fill, text), code ? original : "", NULL, code ? at : zero);
  add (fill, REFUND_HISTORY, "lilllssss", id, 1, fill->seq, at, fill->staff, "WAIT_APPROVAL",
       "QUEUED", "approve", "policy 2026-1");
  if (code)
    add (fill, REFUND_HISTORY, "lilllssss", id, 2, fill->seq, at, fill->staff, "QUEUED", "SENDING",
         "promise", "");
  add (fill, REFUND_HISTORY, "lilllssss", id, code ? 3 : 2, fill->seq, at, fill->staff,
       code ? "SENDING" : "QUEUED", "SUCCEEDED", code ? "done" : "hand_over", "");
  post (fill, code ? "receivable:sandbox" : "drawer", -amount);
}

static void
take_back (Fill *fill, int64_t id, int64_t sale, int64_t at)
{
  static const char *const reasons[]
      = { "faulty", "wrong_item", "changed_mind", "price_error", "other" };
  char text[20];
  TillMoney amount = 0, vat = 0;
  begin_act (fill, at, 1 + sale % STAFF);
  for (int pos = 1; pos <= RETURN_LINES; pos++)
    {
      amount += price_of (sale, pos);
      vat += vat_of (price_of (sale, pos));
    }
  g_autofree char *no = till_number_format (TILL_NUMBER_RETURN, 1, 1, fill->day, id);
  add (fill, RETURN, "lslilllslsssssssll", id, no, fill->seq, fill->day, at, INT64_C (1),
       fill->staff, token (fill, text), sale, reasons[id % 5], "opened", "shelf", "original", "",
       "", "2026-1", amount, vat);
  for (int pos = 1; pos <= RETURN_LINES; pos++)
    add (fill, RETURN_LINE, "lillll", sale, pos, id, INT64_C (1000), price_of (sale, pos),
         vat_of (price_of (sale, pos)));
  give_back (fill, id, sale, amount);
  add (fill, RETURN_HISTORY, "lilllssss", id, 1, fill->seq, at, fill->staff, "WAIT_APPROVAL",
       "CLOSED", "closed", "policy 2026-1");
  post (fill, "sales", amount - vat);
  post (fill, "vat", vat);
  add (fill, PAPER, "slll", "return", id, at, fill->staff);
  end_act (fill, "return");
}

/* Takes triggers and indices away and remembers them to the byte. */
static void
lift_laws (Fill *fill)
{
  g_autoptr (GString) drop = g_string_new (NULL);
  sqlite3_stmt *rows;
  fill->laws = g_string_new (NULL);
  sqlite3_prepare_v2 (fill->db,
                      "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index')"
                      " AND sql IS NOT NULL ORDER BY rowid",
                      -1, &rows, NULL);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      g_string_append_printf (drop, "DROP %s %s;", sqlite3_column_text (rows, 0),
                              sqlite3_column_text (rows, 1));
      g_string_append_printf (fill->laws, "%s;", sqlite3_column_text (rows, 2));
    }
  sqlite3_finalize (rows);
  run (fill, drop->str);
}

static void
read_head (Fill *fill)
{
  sqlite3_stmt *row;
  sqlite3_prepare_v2 (fill->db, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", -1, &row,
                      NULL);
  g_assert (sqlite3_step (row) == SQLITE_ROW);
  fill->seq = sqlite3_column_int64 (row, 0);
  memcpy (fill->hash, sqlite3_column_blob (row, 1), sizeof fill->hash);
  sqlite3_finalize (row);
}

static void
open_for_filling (Fill *fill, const char *path)
{
  int code = sqlite3_open (path, &fill->db);
  g_assert (code == SQLITE_OK);
  run (fill,
       "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;"
       "PRAGMA cache_size = -400000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = FILE;");
  lift_laws (fill);
  read_head (fill);
  fill->digest = till_digest_new ();
  fill->body = g_string_new (NULL);
  fill->chance = 1;
  for (int i = 0; i < N_TABLES; i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO \"%s\" VALUES (%s%s)", texts[i].table,
                                              texts[i].columns, texts[i].rest);
      if (sqlite3_prepare_v2 (fill->db, sql, -1, &fill->insert[i], NULL) != SQLITE_OK)
        g_error ("%s: %s", texts[i].table, sqlite3_errmsg (fill->db));
    }
}

static void
finish (Fill *fill)
{
  for (int i = 0; i < N_TABLES; i++)
    sqlite3_finalize (fill->insert[i]);
  run (
      fill,
      "INSERT INTO balance SELECT account, sum (amount) FROM posting GROUP BY 1;"
      "INSERT INTO sum_sale_staff SELECT day, staff_id, count (*), sum (total) FROM sale GROUP BY "
      "1, 2;"
      "INSERT INTO sum_return_route SELECT day, tender, count (*), sum (amount) FROM refund"
      " GROUP BY 1, 2;"
      "CREATE TEMP TABLE back AS SELECT r.day, r.reason, r.staff_id, r.amount,"
      "  sum (l.quantity) AS q FROM \"return\" r JOIN return_line l ON l.return_id = r.id GROUP BY "
      "r.id;"
      "INSERT INTO sum_return_reason SELECT day, reason, count (*), sum (q), sum (amount) FROM back"
      " GROUP BY 1, 2;"
      "INSERT INTO sum_return_staff SELECT day, staff_id, count (*), sum (q), sum (amount) FROM "
      "back"
      " GROUP BY 1, 2;"
      "INSERT INTO sum_return_item SELECT r.day, s.item_id, count (*), sum (l.quantity),"
      "  sum (l.amount) FROM return_line l JOIN \"return\" r ON r.id = l.return_id"
      "  JOIN sale_line s ON s.sale_id = l.sale_id AND s.pos = l.sale_pos GROUP BY 1, 2;");
  run (fill, fill->laws->str);
  run (fill, "COMMIT; PRAGMA journal_mode = WAL;");
  till_digest_free (fill->digest);
  g_string_free (fill->body, TRUE);
  g_string_free (fill->laws, TRUE);
  sqlite3_close (fill->db);
}

/* More people than the shop of the short benchmarks has. */
static void
make_books (const char *path, int64_t at)
{
  BenchShop shop = { .clock = till_clock_new_fake (at, 1) };
  GError *error = NULL;
  TillAnswer answer;
  bench_shop_open (&shop, path);
  for (int64_t id = 3; id <= STAFF; id++)
    {
      g_autofree char *no = g_strdup_printf ("%d", (int)id + 100);
      bench_must (till_staffing_add (shop.ledger, 1, no, "Cashier", TILL_ROLE_CASHIER, "1111",
                                     &(int64_t){ 0 }, &answer, &error),
                  error);
    }
  bench_shop_close (&shop);
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    g_error ("usage: fill BOOKS LINES");
  int64_t sales = atoi (argv[2]) / BENCH_LINES, returns = 0;
  int64_t start = g_get_real_time () - SPAN;
  Fill fill = { 0 };
  make_books (argv[1], start);
  open_for_filling (&fill, argv[1]);
  run (&fill, "BEGIN");
  for (int64_t sale = 1; sale <= sales; sale++)
    {
      int64_t at = start + SPAN / sales * sale;
      sell (&fill, sale, at);
      /* Bought some days ago; every turn another place of twelve, so that both tenders come back.
       */
      if (sale % RETURN_EVERY != 0 || sale < 700)
        continue;
      returns++;
      take_back (&fill, returns, sale - 600 - returns % RETURN_EVERY, at);
    }
  finish (&fill);
  return 0;
}

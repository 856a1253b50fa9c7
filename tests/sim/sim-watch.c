/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the books with its own connection and its own SQL, and at the provider's own book. The
 * letters are those of tests/ctl/checker.h, which has the last word when everything is at rest. */
#include "data/desk/noticing.h"
#include "data/ledger/verify.h"
#include "tests/ctl/checker.h"
#include "tests/sim/sim-world.h"

#include <sqlite3.h>
#include <string.h>

#define ENDED "('BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')"

/* Every account beside the documents it is the sum of: that a posting has its counterpart does not
 * say that it was made once, or for this amount. */
#define ACCOUNTS                                                                                   \
  "WITH want (account, amount) AS ("                                                               \
  "SELECT iif (tender = 'cash', 'drawer', 'receivable:' || provider), amount FROM leg"             \
  " WHERE state = 'APPROVED'"                                                                      \
  " UNION ALL SELECT 'tendered', -l.amount FROM leg l JOIN sale s ON s.id = l.sale_id"             \
  " WHERE l.state = 'APPROVED' AND s.state <> 'PAID'"                                              \
  " UNION ALL SELECT 'sales', vat - total FROM sale WHERE state = 'PAID'"                          \
  " UNION ALL SELECT 'vat', -vat FROM sale WHERE state = 'PAID'"                                   \
  " UNION ALL SELECT 'sales', amount - vat FROM \"return\" WHERE state = 'CLOSED'"                 \
  " UNION ALL SELECT 'vat', vat FROM \"return\" WHERE state = 'CLOSED'"                            \
  " UNION ALL SELECT 'refunds_due', -amount FROM \"return\" WHERE state = 'CLOSED'"                \
  " UNION ALL SELECT 'refunds_due', amount FROM refund WHERE state = 'SUCCEEDED'"                  \
  " UNION ALL SELECT iif (tender = 'cash', 'drawer', 'receivable:' || provider), -amount"          \
  " FROM refund WHERE state = 'SUCCEEDED'"                                                         \
  " UNION ALL SELECT 'drawer', iif (way = 'float', amount, -amount) FROM cash_move"                \
  " UNION ALL SELECT 'safe', iif (way = 'float', -amount, amount) FROM cash_move"                  \
  " UNION ALL SELECT 'drawer', over_short + kept - counted FROM shift"                             \
  " UNION ALL SELECT 'over_short', -over_short FROM shift"                                         \
  " UNION ALL SELECT 'safe', counted - kept FROM shift)"                                           \
  " SELECT account || ' should hold ' || sum (want) || ' and holds ' || sum (has) FROM"            \
  " (SELECT account, amount want, 0 has FROM want UNION ALL SELECT account, 0, amount"             \
  "  FROM balance) GROUP BY account HAVING sum (want) <> sum (has)"                                \
  "   OR account = 'drawer' AND sum (has) < 0"

/* Each row is a broken promise. */
static const struct
{
  const char *name, *sql;
} rules[] = {
  { "M1", "SELECT 'leg ' || l.sale_id || '/' || l.pos FROM leg l JOIN refund r ON r.sale_id ="
          " l.sale_id AND r.leg_pos = l.pos WHERE r.state NOT IN " ENDED
          " GROUP BY l.sale_id, l.pos HAVING sum (r.amount) > l.amount OR l.state <> 'APPROVED'" },
  { "M2", "SELECT 'line ' || s.sale_id || '/' || s.pos FROM return_line l"
          " JOIN \"return\" r ON r.id = l.return_id AND r.state IN ('WAIT_APPROVAL', 'CLOSED')"
          " JOIN sale_line s ON s.sale_id = l.sale_id AND s.pos = l.sale_pos"
          " GROUP BY s.sale_id, s.pos"
          " HAVING sum (l.quantity) > s.quantity OR sum (l.amount) > s.amount" },
  { "M3", "SELECT 'return ' || id FROM \"return\" r WHERE amount <> (SELECT coalesce (sum (amount),"
          " 0) FROM refund WHERE return_id = r.id AND supersedes IS NULL)" },
  { "M4", "SELECT 'balance ' || sum (amount) FROM balance HAVING sum (amount) <> 0" },
  { "M7", ACCOUNTS },
  { "L3", "SELECT 'refund ' || id || ' ' || state FROM refund WHERE (state IN ('QUEUED',"
          " 'SENDING', 'UNKNOWN', 'ACCEPTED', 'PROVIDER', 'RECALL_DUE', 'RECALLING'))"
          " <> (next_action_at IS NOT NULL)" },
  { "L3",
    "SELECT 'leg ' || sale_id || '/' || pos || ' ' || state FROM leg WHERE (state IN"
    " ('PLANNED', 'REQUESTED', 'OPENED', 'UNKNOWN', 'REVERSING')) AND next_action_at IS NULL" },
};

/* What may not be left when the till has started. Without the recovery everything else still holds,
 * for a promise nobody recorded is forgotten after five minutes anyway; but a customer whose
 * payment was cut off would wait for them. */
static const char in_the_middle[]
    = "SELECT 'refund ' || id || ' is still ' || state || ' after the start' FROM refund WHERE"
      " state IN ('SENDING', 'RECALLING') UNION ALL SELECT 'leg ' || sale_id || '/' || pos || ' is "
      "still REQUESTED after"
      " the start' FROM leg WHERE state IN ('REQUESTED', 'OPENED')";

/* What may not be left when nothing goes wrong any more. */
static const struct
{
  const char *name, *sql;
} rest[] = {
  { "L3", "SELECT provider || ' refund ' || id || ' is still ' || state || ' after ' ||"
          " coalesce ((SELECT evidence FROM refund_history h WHERE h.refund_id = r.id"
          " ORDER BY n DESC LIMIT 1), 'nothing') FROM refund r"
          " WHERE state IN ('QUEUED', 'SENDING', 'UNKNOWN', 'ACCEPTED', 'RECALL_DUE',"
          " 'RECALLING')" },
  { "L3", "SELECT provider || ' leg ' || l.sale_id || '/' || l.pos || ' is still ' || state"
          " || ' after ' || coalesce ((SELECT evidence FROM leg_history h WHERE h.sale_id ="
          " l.sale_id AND h.pos = l.pos ORDER BY n DESC LIMIT 1), 'nothing') FROM leg l"
          " WHERE state IN ('PLANNED', 'REQUESTED', 'OPENED', 'UNKNOWN', 'REVERSING')" },
  { "L3", "SELECT 'slip ' || id || ' is still ' || state FROM print_job"
          " WHERE state IN ('QUEUED', 'SENDING', 'HANDED')" },
};

struct _Watch
{
  World *world;                              /* unowned */
  sqlite3 *db;                               /* owned */
  sqlite3_stmt *rules[G_N_ELEMENTS (rules)]; /* owned */
};

static sqlite3_stmt *
prepare (Watch *watch, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2 (watch->db, sql, -1, &statement, NULL) != SQLITE_OK)
    till_world_fail (watch->world, "cannot ask: %s", sqlite3_errmsg (watch->db));
  return statement;
}

Watch *
till_watch_new (World *world)
{
  Watch *watch = g_new0 (Watch, 1);
  watch->world = world;
  if (sqlite3_open_v2 (world->path, &watch->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    till_world_fail (world, "cannot look at the books");
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    watch->rules[i] = prepare (watch, rules[i].sql);
  return watch;
}

void
till_watch_free (Watch *watch)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    sqlite3_finalize (watch->rules[i]);
  sqlite3_close (watch->db);
  g_free (watch);
}

/* Fails with the first row, if there is one. */
static void
want_none (Watch *watch, sqlite3_stmt *rows, const char *name)
{
  int code = sqlite3_step (rows);
  if (code == SQLITE_ROW)
    till_world_fail (watch->world, "%s: %s", name, sqlite3_column_text (rows, 0));
  if (code != SQLITE_DONE)
    till_world_fail (watch->world, "%s: %s", name, sqlite3_errmsg (watch->db));
  sqlite3_reset (rows);
}

int64_t
till_watch_ask (Watch *watch, const char *sql, int64_t id)
{
  sqlite3_stmt *rows = prepare (watch, sql);
  sqlite3_bind_int64 (rows, 1, id);
  int64_t answer = sqlite3_step (rows) == SQLITE_ROW ? sqlite3_column_int64 (rows, 0) : 0;
  sqlite3_finalize (rows);
  return answer;
}

char *
till_watch_text (Watch *watch, const char *sql, int64_t id)
{
  sqlite3_stmt *rows = prepare (watch, sql);
  sqlite3_bind_int64 (rows, 1, id);
  char *answer = sqlite3_step (rows) == SQLITE_ROW
                     ? g_strdup ((const char *)sqlite3_column_text (rows, 0))
                     : NULL;
  sqlite3_finalize (rows);
  return answer;
}

/* ?1 is the number, ?2 the provider, ?3 the amount where it is asked for. */
static gboolean
is_there (Watch *watch, const char *sql, const char *request_no, const Rail *rail, TillMoney amount)
{
  sqlite3_stmt *rows = prepare (watch, sql);
  sqlite3_bind_text (rows, 1, request_no, -1, SQLITE_STATIC);
  sqlite3_bind_text (rows, 2, rail->codec->profile->name, -1, SQLITE_STATIC);
  if (sqlite3_bind_parameter_count (rows) > 2)
    sqlite3_bind_int64 (rows, 3, amount);
  gboolean found = sqlite3_step (rows) == SQLITE_ROW;
  sqlite3_finalize (rows);
  return found;
}

void
till_watch_promise (Watch *watch, const Rail *rail, TillErrandKind kind, const char *request_no)
{
  const char *sql
      = kind == TILL_ERRAND_RECALL ? "SELECT 1 FROM refund WHERE request_no = ?1 AND provider = ?2"
                                     " AND state = 'RECALLING'"
        /* The card is asked for once the payment's id is in the books. */
        : kind == TILL_ERRAND_PRESENT
            ? "SELECT 1 FROM leg WHERE request_no = ?1 AND provider = ?2 AND provider_no <> ''"
              " AND state = 'UNKNOWN'"
        : kind != TILL_ERRAND_PAY ? "SELECT 1 FROM refund WHERE request_no = ?1 AND provider = ?2"
                                    " AND state = 'SENDING' AND requested_at > 0 AND sent_at > 0"
                                  : "SELECT 1 FROM leg WHERE request_no = ?1 AND provider = ?2"
                                    " AND (state = 'REQUESTED'"
                                    /* Nothing is taken by it; what is undone is looked for so. */
                                    "   OR (state = 'REVERSING' AND provider = 'stripe'))"
                                    " AND requested_at > 0";
  if (!is_there (watch, sql, request_no, rail, 0))
    till_world_fail (watch->world, "M5: %s leaves for %s and is not promised", request_no,
                     rail->codec->profile->name);
}

/* No leg that has ended without money may be paid behind its back, however late a request comes. */
#define ENDED_UNPAID                                                                               \
  "SELECT 1 FROM leg WHERE request_no = ?1 AND provider = ?2"                                      \
  " AND state IN ('DECLINED', 'CANCELLED', 'REVERSED')"

/* Promised before, to this provider, and done once. */
static void
look_at_effect (Watch *watch, const Rail *rail, const TillRecord *effect)
{
  World *world = watch->world;
  TillErrandKind kind = till_record_effect_kind (effect);
  const char *no = effect->request_no, *name = rail->codec->profile->name;
  const char *promised
      = kind == TILL_ERRAND_REFUND
            ? "SELECT 1 FROM refund WHERE request_no = ?1 AND provider = ?2 AND amount = ?3"
              " AND requested_at > 0"
            : "SELECT 1 FROM leg WHERE request_no = ?1 AND provider = ?2 AND amount = ?3"
              " AND requested_at > 0";
  if (!is_there (watch, promised, no, rail, effect->amount))
    till_world_fail (world, "M5: %s moved money for %s, which nobody promised", name, no);
  if (till_provider_count_effects (rail->provider, kind, no) > 1)
    till_world_fail (world, "A2: %s was done twice by %s", no, name);
  guint back = till_provider_count_effects (rail->provider, TILL_ERRAND_REVERSE, no);
  if (kind == TILL_ERRAND_PAY && back == 0 && is_there (watch, ENDED_UNPAID, no, rail, 0))
    till_world_fail (world, "M6: %s was charged by %s and the books had called it over", no, name);
}

/* New movements at the providers. */
static void
look_at_effects (Watch *watch)
{
  World *world = watch->world;
  for (guint i = 0; i < world->n_rails; i++)
    {
      Rail *rail = &world->rails[i];
      for (; rail->effects < till_provider_n_effects (rail->provider); rail->effects++)
        look_at_effect (watch, rail, till_provider_effect (rail->provider, rail->effects));
    }
}

void
till_watch_step (Watch *watch)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    want_none (watch, watch->rules[i], rules[i].name);
  look_at_effects (watch);
}

void
till_watch_started (Watch *watch)
{
  sqlite3_stmt *rows = prepare (watch, in_the_middle);
  want_none (watch, rows, "L3");
  sqlite3_finalize (rows);
}

gboolean
till_watch_says_done (Watch *watch, const Rail *rail, const char *request_no)
{
  return is_there (watch,
                   "SELECT 1 FROM refund WHERE request_no = ?1 AND provider = ?2"
                   " AND state = 'SUCCEEDED'",
                   request_no, rail, 0);
}

/* Money that moved and stayed, and money that is called moved, are the same, to the row. */
static void
compare_with_provider (Watch *watch, const Rail *rail)
{
  for (guint i = 0; i < till_provider_n_effects (rail->provider); i++)
    {
      const TillRecord *effect = till_provider_effect (rail->provider, i);
      const char *no = effect->request_no, *name = rail->codec->profile->name;
      TillProviderAnswer answer;
      if (till_record_effect_kind (effect) != TILL_ERRAND_REFUND)
        continue;
      gboolean came_back
          = till_provider_peek (rail->provider, effect->errand, no, effect->identity, &answer)
            && strcmp (answer.status, "SUCCESS") != 0;
      gboolean is_done = till_watch_says_done (watch, rail, no);
      if (!came_back && !is_done)
        till_world_fail (watch->world, "M6: %s was paid by %s and the books do not say so", no,
                         name);
      if (came_back && is_done)
        till_world_fail (watch->world, "M6: %s came back from %s and the books call it done", no,
                         name);
    }
}

static void
want_there (Watch *watch, GArray *ids, const char *sql, const char *what)
{
  for (guint i = 0; i < ids->len; i++)
    if (till_watch_ask (watch, sql, g_array_index (ids, int64_t, i)) != 1)
      till_world_fail (watch->world, "L1: %s %" G_GINT64_FORMAT " was acknowledged and is gone",
                       what, g_array_index (ids, int64_t, i));
}

/* L6: what was taken for nobody's is still on the manager's list, and the alarm counts it. */
static void
want_strays (Watch *watch)
{
  World *world = watch->world;
  GHashTableIter each;
  gpointer digest;
  int told = 0;
  g_hash_table_iter_init (&each, world->strays);
  while (g_hash_table_iter_next (&each, &digest, NULL))
    {
      g_autofree char *sql = g_strdup_printf (
          "SELECT id FROM notice WHERE known = 0 AND digest = '%s' AND NOT EXISTS"
          " (SELECT 1 FROM notice_settled WHERE notice_id = id)",
          (const char *)digest);
      if (till_watch_ask (watch, sql, 0) == 0)
        till_world_fail (world, "L6: a notice of an unknown number was told and is gone");
    }
  if (!till_noticing_count (world->desk, &told, NULL)
      || told < (int)g_hash_table_size (world->strays))
    till_world_fail (world, "L6: the alarm counts %d notices of unknown numbers, not %u", told,
                     g_hash_table_size (world->strays));
}

static void
audit (Watch *watch)
{
  World *world = watch->world;
  g_autoptr (GError) error = NULL;
  g_autofree char *statement = till_rails_statement (world);
  g_autoptr (GPtrArray) findings = till_check_books_against (
      world->path, statement, world->repeated ? TILL_CHECK_LINE_REPEATS : 0, &error);
  if (!findings)
    till_world_fail (world, "the audit could not be made: %s", error->message);
  g_autofree char *words = till_check_words (findings);
  if (findings->len)
    till_world_fail (world, "%s", words);

  g_auto (TillVerdict) verdict = { 0 };
  if (!till_verify_books (world->desk, &verdict, &error))
    till_world_fail (world, "the books cannot be verified: %s", error->message);
  if (!verdict.sound)
    till_world_fail (world, "verify: %s", verdict.what);
}

void
till_watch_end (Watch *watch)
{
  till_watch_step (watch);
  for (gsize i = 0; i < G_N_ELEMENTS (rest); i++)
    {
      sqlite3_stmt *rows = prepare (watch, rest[i].sql);
      want_none (watch, rows, rest[i].name);
      sqlite3_finalize (rows);
    }
  want_there (watch, watch->world->sales, "SELECT count (*) FROM sale WHERE id = ?", "sale");
  want_there (watch, watch->world->returns, "SELECT count (*) FROM \"return\" WHERE id = ?",
              "return");
  want_there (watch, watch->world->shifts, "SELECT count (*) FROM shift WHERE id = ?", "shift");
  want_strays (watch);
  for (guint i = 0; i < watch->world->n_rails; i++)
    compare_with_provider (watch, &watch->world->rails[i]);
  audit (watch);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/settlement/matching.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/listing-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *word;
  gboolean open;
} classes[TILL_N_MATCHES] = {
#define X(name, word, open) { word, open },
  TILL_MATCH_CLASSES (X)
#undef X
};

const char *
till_match_class_word (TillMatchClass match)
{
  return classes[match].word;
}

gboolean
till_match_class_from_word (const char *word, TillMatchClass *match)
{
  for (int i = 0; i < TILL_N_MATCHES; i++)
    if (strcmp (classes[i].word, word) == 0)
      {
        *match = (TillMatchClass)i;
        return TRUE;
      }
  return FALSE;
}

const char *
till_match_class_label (TillMatchClass match)
{
  static const char *const labels[TILL_N_MATCHES] = { N_ ("Matched"),
                                                      N_ ("Amount or payment differs"),
                                                      N_ ("State differs"),
                                                      N_ ("Moved a second time"),
                                                      N_ ("Only in the file"),
                                                      N_ ("Only in the books"),
                                                      N_ ("Only in the books, near the day's end"),
                                                      N_ ("Not confirmed by either"),
                                                      N_ ("Done, but no part of this kind of file"),
                                                      N_ ("Not ours") };
  return _ (labels[match]);
}

gboolean
till_match_class_is_open (TillMatchClass match)
{
  return classes[match].open;
}

void
till_book_fact_free (TillBookFact *fact)
{
  g_free (fact->request_no);
  g_free (fact->original_no);
  g_free (fact->provider_no);
  g_free (fact->sale_no);
  g_free (fact->word);
  g_free (fact);
}

void
till_matching_free (TillMatching *matching)
{
  g_array_unref (matching->matches);
  g_free (matching);
}

/* --- what a format is like --- */

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

/* Where a day does not end at midnight, and whose file names payments only (as far as is known).
 * How far UnionPay's clearing runs past its cut-off is not known. */
static const struct
{
  const char *format;
  int end_s, edge_s;
  gboolean payments_only;
} habits[] = {
  { "unionpay", 23 * HOUR_S, HOUR_S, FALSE },
  { "umpay", DAY_S, 10 * MINUTE_S, TRUE },
};

static gboolean
names_payments_only (const char *format)
{
  for (gsize i = 0; i < G_N_ELEMENTS (habits); i++)
    if (g_str_equal (habits[i].format, format))
      return habits[i].payments_only;
  return FALSE;
}

TillMatchDay
till_match_day (const char *format, int day)
{
  int end_s = DAY_S, edge_s = 10 * MINUTE_S;
  for (gsize i = 0; i < G_N_ELEMENTS (habits); i++)
    if (g_str_equal (habits[i].format, format))
      {
        end_s = habits[i].end_s;
        edge_s = habits[i].edge_s;
      }
  int64_t midnight = 0;
  gboolean is_day = till_piece_day_time (day, "000000", &midnight);
  g_assert (is_day);
  int64_t to = midnight + end_s * TILL_SECOND;
  return (TillMatchDay){ to - DAY_S * TILL_SECOND, to, edge_s * TILL_SECOND };
}

/* --- what is joined by --- */

/* Our number and the direction, as a key that is borrowed from a row or a fact. */
typedef struct
{
  gboolean back;
  const char *request_no;
} Key;

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;
  return g_str_hash (key->request_no) ^ (guint)key->back;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const Key *one = a, *two = b;
  return one->back == two->back && strcmp (one->request_no, two->request_no) == 0;
}

static Key *
key_new (gboolean back, const char *request_no)
{
  Key *key = g_new (Key, 1);
  *key = (Key){ back, request_no };
  return key;
}

static gboolean
is_ours (const TillSettlementRow *row)
{
  return row->kind != TILL_SETTLEMENT_OTHER && row->request_no;
}

typedef struct
{
  const TillSettlement *settlement; /* unowned */
  const TillMatchDay *day;          /* unowned */
  GHashTable *facts;                /* owned; Key → TillBookFact */
  GHashTable *rows;                 /* owned; Key → the row that counts for it */
  GHashTable *undone;               /* owned; numbers of payments that the file takes back */
  GHashTable *joined;               /* owned; facts that have a row */
  TillMatching *matching;           /* grows */
} Join;

static void
join_clear (Join *join)
{
  g_clear_pointer (&join->facts, g_hash_table_unref);
  g_clear_pointer (&join->rows, g_hash_table_unref);
  g_clear_pointer (&join->undone, g_hash_table_unref);
  g_clear_pointer (&join->joined, g_hash_table_unref);
  g_clear_pointer (&join->matching, till_matching_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Join, join_clear)

/* Of several rows under one number the one that our books name by the provider's number, else the
 * first. */
static void
choose_row (Join *join, const TillSettlementRow *row)
{
  Key key = { row->back, row->request_no };
  const TillSettlementRow *chosen = g_hash_table_lookup (join->rows, &key);
  const TillBookFact *fact = g_hash_table_lookup (join->facts, &key);
  gboolean named = fact && fact->provider_no && g_strcmp0 (fact->provider_no, row->provider_no) == 0
                   && chosen && g_strcmp0 (fact->provider_no, chosen->provider_no) != 0;
  if (!chosen || named)
    g_hash_table_replace (join->rows, key_new (row->back, row->request_no), (gpointer)row);
  gboolean reversal
      = row->kind == TILL_SETTLEMENT_REVERSAL || g_strcmp0 (row->request_no, row->original_no) == 0;
  if (!reversal)
    return;
  g_hash_table_add (join->undone, row->request_no);
  if (row->original_no)
    g_hash_table_add (join->undone, row->original_no);
}

static void
prepare (Join *join, const GPtrArray *facts)
{
  join->facts = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
  join->rows = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
  join->undone = g_hash_table_new (g_str_hash, g_str_equal);
  join->joined = g_hash_table_new (NULL, NULL);
  join->matching = g_new0 (TillMatching, 1);
  join->matching->matches = g_array_new (FALSE, FALSE, sizeof (TillMatch));
  for (guint i = 0; i < facts->len; i++)
    {
      TillBookFact *fact = g_ptr_array_index (facts, i);
      g_assert (fact->kind != TILL_SETTLEMENT_OTHER && fact->amount >= 0);
      gboolean back = fact->kind != TILL_SETTLEMENT_PAYMENT;
      gboolean fresh = g_hash_table_insert (join->facts, key_new (back, fact->request_no), fact);
      g_assert (fresh);
    }
  for (guint i = 0; i < join->settlement->rows->len; i++)
    {
      const TillSettlementRow *row = g_ptr_array_index (join->settlement->rows, i);
      if (is_ours (row))
        choose_row (join, row);
    }
}

/* --- what both sides say --- */

TillFactState
till_match_row_says (const char *format, TillSettlementKind kind, const char *state)
{
  static const struct
  {
    const char *format, *done, *open[2];
  } words[] = {
    { "wechat", "SUCCESS", { "PROCESSING", NULL } },
    { "stripe", "succeeded", { "pending", "requires_action" } },
  };
  if (kind != TILL_SETTLEMENT_REFUND || !state)
    return TILL_FACT_DONE;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (!g_str_equal (format, words[i].format))
        continue;
      if (g_str_equal (state, words[i].done))
        return TILL_FACT_DONE;
      gboolean open
          = g_strcmp0 (state, words[i].open[0]) == 0 || g_strcmp0 (state, words[i].open[1]) == 0;
      return open ? TILL_FACT_OPEN : TILL_FACT_NO;
    }
  return TILL_FACT_DONE;
}

/* The row says, down; our books say, across. */
static const TillMatchClass verdicts[3][3] = {
  /* DONE */ { TILL_MATCH_MATCHED, TILL_MATCH_STATE, TILL_MATCH_STATE },
  /* OPEN */ { TILL_MATCH_STATE, TILL_MATCH_WAITING, TILL_MATCH_STATE },
  /* NO */ { TILL_MATCH_STATE, TILL_MATCH_STATE, TILL_MATCH_MATCHED },
};

static TillMatchClass
compare (const Join *join, const TillSettlementRow *row, const TillBookFact *fact)
{
  if (row->amount != fact->amount
      || (row->original_no && fact->original_no
          && strcmp (row->original_no, fact->original_no) != 0))
    return TILL_MATCH_AMOUNT;
  TillFactState ours = fact->state;
  if (ours == TILL_FACT_UNDONE)
    ours = g_hash_table_contains (join->undone, fact->request_no) ? TILL_FACT_DONE : TILL_FACT_NO;
  return verdicts[till_match_row_says (join->settlement->format, row->kind, row->state)][ours];
}

static TillMatch
match_row (Join *join, const TillSettlementRow *row)
{
  if (!is_ours (row))
    return (TillMatch){ TILL_MATCH_OTHER, row, NULL };
  Key key = { row->back, row->request_no };
  if (g_hash_table_lookup (join->rows, &key) != row)
    return (TillMatch){ TILL_MATCH_SECOND, row, NULL };
  TillBookFact *fact = g_hash_table_lookup (join->facts, &key);
  if (!fact)
    return (TillMatch){ TILL_MATCH_THEIRS, row, NULL };
  g_hash_table_add (join->joined, fact);
  return (TillMatch){ compare (join, row, fact), row, fact };
}

static TillMatchClass
match_alone (const Join *join, const TillBookFact *fact)
{
  const TillMatchDay *day = join->day;
  if (fact->state == TILL_FACT_OPEN)
    return TILL_MATCH_WAITING;
  if (fact->kind != TILL_SETTLEMENT_PAYMENT && names_payments_only (join->settlement->format))
    return TILL_MATCH_UNLISTED;
  gboolean inside = fact->from_at >= day->from + day->edge
                    && MAX (fact->from_at, fact->to_at) < day->to - day->edge;
  return inside ? TILL_MATCH_OURS : TILL_MATCH_EDGE;
}

/* --- adding up --- */

static gboolean
add_up (TillMatchSums *sums, gboolean back, TillMoney amount)
{
  TillMoney *sum = back ? &sums->returned : &sums->paid;
  sums->rows++;
  return till_money_add (*sum, amount, sum);
}

static gboolean
take (TillMatching *matching, const TillMatch *match, GError **error)
{
  const TillSettlementRow *row = match->row;
  const TillBookFact *fact = match->fact;
  gboolean back = fact && fact->kind != TILL_SETTLEMENT_PAYMENT;
  g_array_append_val (matching->matches, *match);
  matching->open |= till_match_class_is_open (match->match);
  if ((!row
       || (add_up (&matching->theirs[match->match], row->back, row->amount)
           && add_up (&matching->their_sum, row->back, row->amount)))
      && (!fact
          || (add_up (&matching->ours[match->match], back, fact->amount)
              && add_up (&matching->our_sum, back, fact->amount))))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "the sums grow too large");
  return FALSE;
}

TillMatching *
till_matching_new (const TillSettlement *settlement, const GPtrArray *facts,
                   const TillMatchDay *day, GError **error)
{
  g_auto (Join) join = { .settlement = settlement, .day = day };
  prepare (&join, facts);
  for (guint i = 0; i < settlement->rows->len; i++)
    {
      TillMatch match = match_row (&join, g_ptr_array_index (settlement->rows, i));
      if (!take (join.matching, &match, error))
        return NULL;
    }
  for (guint i = 0; i < facts->len; i++)
    {
      const TillBookFact *fact = g_ptr_array_index (facts, i);
      gboolean counts = fact->state == TILL_FACT_DONE || fact->state == TILL_FACT_OPEN;
      if (!counts || g_hash_table_contains (join.joined, fact))
        continue;
      TillMatch match = { match_alone (&join, fact), NULL, fact };
      if (!take (join.matching, &match, error))
        return NULL;
    }
  return g_steal_pointer (&join.matching);
}

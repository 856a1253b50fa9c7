/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The morning after: a provider's file of a day that is over is had in its own language, read, held
 * against the books and kept, as data/desk does it. Some files are late, missing, cut or say
 * another amount.
 *
 * What must hold (L7): every row and every payment and refund of ours is in exactly one class; the
 * file has each refund that moved that day; nothing is called the provider's alone; what is called
 * ours alone moved on another day; a file that is not believed keeps nothing; and none of it moves
 * money. When all is at rest, what both say is called the same. */
#include "app/sandbox/day-bill.h"
#include "data/desk/settling.h"
#include "devices/gateway/file-fetch.h"
#include "tests/sim/sim-world.h"

#include <string.h>

/* All files are ready by then. */
#define MORNING (12 * TILL_HOUR)
/* UnionPay is asked by month and day: what is older would be another year's. */
#define ASKED_FOR_DAYS 200
#define UNIONPAY "unionpay"

#define MOVED                                                                                      \
  "SELECT coalesce (group_concat (x, ' '), '') FROM ("                                             \
  "SELECT 'refund ' || id || state AS x FROM refund"                                               \
  " UNION ALL SELECT 'leg ' || sale_id || '/' || pos || state FROM leg"                            \
  " UNION ALL SELECT account || amount FROM balance)"

/* Whose file, of which day, and what is wrong with it. */
typedef struct
{
  Rail *rail; /* unowned */
  int day;
  TillBillFault fault;
  gboolean at_rest;
} Look;

static const char *
name_of (const Look *look)
{
  return look->rail->codec->profile->name;
}

static int
day_of (const Rail *rail, int64_t at)
{
  gboolean early = strcmp (rail->codec->profile->name, UNIONPAY) == 0;
  return till_clock_day (at + (early ? TILL_DAY - TILL_UNIONPAY_DAY_END_S * TILL_SECOND : 0),
                         TILL_CHINA);
}

/* By hand where it is not known how to ask. NULL with STOPPED. */
static TillFileFetch *
get_file (World *world, const Look *look, GError **error)
{
  Rail *rail = look->rail;
  rail->speech.bill_fault = look->fault;
  TillFileFetch *fetch;
  if (rail->codec->file)
    fetch = till_file_fetch (till_speech_transport (&rail->speech), rail->codec, rail->account,
                             look->day, till_clock_now (world->clock), error);
  else
    {
      g_autoptr (GBytes) bytes = till_invented_bill (&rail->speech, name_of (look), look->day);
      g_autoptr (GPtrArray) members
          = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
      g_ptr_array_add (members, till_settlement_member_new ("file", bytes));
      fetch = till_file_fetch_members (rail->codec, rail->account, look->day, members, error);
    }
  rail->speech.bill_fault = TILL_BILL_OK;
  return fetch;
}

/* On which day money moved under that number, or FALSE; kind is REFUND for voids too. */
static gboolean
moved_on (const Look *look, TillErrandKind kind, const char *request_no, int *day)
{
  TillProvider *provider = look->rail->provider;
  for (guint i = 0; i < till_provider_n_effects (provider); i++)
    {
      const TillRecord *effect = till_provider_effect (provider, i);
      if (till_record_effect_kind (effect) != kind || strcmp (effect->request_no, request_no) != 0)
        continue;
      *day = day_of (look->rail, effect->at);
      return TRUE;
    }
  return FALSE;
}

/* Every row and every fact once, and the sums of the classes are those of the two sides. */
static void
look_at_classes (World *world, const Look *look, const TillReconciled *held)
{
  const TillMatching *matching = held->matching;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  int64_t theirs = 0, ours = 0;
  guint rows = 0;
  for (guint i = 0; i < matching->matches->len; i++)
    {
      const TillMatch *match = &g_array_index (matching->matches, TillMatch, i);
      rows += match->row != NULL;
      if ((match->row && !g_hash_table_add (seen, (gpointer)match->row))
          || (match->fact && !g_hash_table_add (seen, (gpointer)match->fact)))
        till_world_fail (world, "L7: something is in two classes of %s", name_of (look));
    }
  for (int i = 0; i < TILL_N_MATCHES; i++)
    {
      theirs += matching->theirs[i].paid - matching->theirs[i].returned;
      ours += matching->ours[i].paid - matching->ours[i].returned;
    }
  if (rows != held->settlement->rows->len
      || theirs != held->settlement->totals.paid - held->settlement->totals.returned
      || ours != matching->our_sum.paid - matching->our_sum.returned)
    till_world_fail (world, "L7: the classes of %s do not add up", name_of (look));
  for (guint i = 0; i < held->facts->len; i++)
    {
      const TillBookFact *fact = g_ptr_array_index (held->facts, i);
      gboolean counts = fact->state == TILL_FACT_DONE || fact->state == TILL_FACT_OPEN;
      if (counts && !g_hash_table_contains (seen, fact))
        till_world_fail (world, "L7: %s of ours is in no class of %s", fact->request_no,
                         name_of (look));
    }
}

static void
look_at_match (World *world, const Look *look, const TillMatch *match)
{
  const char *no = match->fact ? match->fact->request_no : match->row->request_no;
  gboolean refund = match->fact && match->fact->kind == TILL_SETTLEMENT_REFUND;
  TillErrandKind kind = refund ? TILL_ERRAND_REFUND : TILL_ERRAND_PAY;
  TillProviderAnswer answer;
  int day = 0;
  switch ((int)match->match)
    {
    case TILL_MATCH_THEIRS:
    case TILL_MATCH_SECOND:
      till_world_fail (world, "L7: %s of %s is called the provider's alone", no, name_of (look));
    case TILL_MATCH_AMOUNT:
      if (look->fault != TILL_BILL_OTHER_AMOUNT)
        till_world_fail (world, "L7: %s of %s is called another amount", no, name_of (look));
      break;
    case TILL_MATCH_OURS:
    case TILL_MATCH_EDGE:
      if (!moved_on (look, kind, no, &day) || day == look->day)
        till_world_fail (world, "L7: %s of %s is called ours alone", no, name_of (look));
      break;
    case TILL_MATCH_STATE:
      if (look->at_rest && match->fact->state == TILL_FACT_DONE
          && till_provider_peek (look->rail->provider, kind, no, NULL, &answer)
          && strcmp (answer.status, "SUCCESS") == 0)
        till_world_fail (world, "L7: %s is done there and here, and said to differ by %s", no,
                         name_of (look));
      break;
    default:
      break;
    }
}

/* Each refund that moved that day stands there and is known to be ours. */
static void
look_for_refunds (World *world, const Look *look, const TillMatching *matching)
{
  g_autoptr (GHashTable) named = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean listed = strcmp (name_of (look), "umpay") != 0;
  for (guint i = 0; i < matching->matches->len; i++)
    {
      const TillMatch *match = &g_array_index (matching->matches, TillMatch, i);
      if (match->fact && match->fact->kind == TILL_SETTLEMENT_REFUND && match->row)
        g_hash_table_add (named, match->fact->request_no);
    }
  for (guint i = 0; listed && i < till_provider_n_effects (look->rail->provider); i++)
    {
      const TillRecord *effect = till_provider_effect (look->rail->provider, i);
      if (till_record_effect_kind (effect) == TILL_ERRAND_REFUND
          && day_of (look->rail, effect->at) == look->day
          && !g_hash_table_contains (named, effect->request_no))
        till_world_fail (world, "L7: %s moved and is missing in what %s is held to say",
                         effect->request_no, name_of (look));
    }
}

static gboolean
keep (World *world, const Look *look, TillFileFetch *fetch, GError **error)
{
  g_autoptr (TillReconciled) held = NULL;
  gboolean by_hand = !look->rail->codec->file;
  const TillSettlingFile file = { .provider = name_of (look),
                                  .digest = fetch->digest,
                                  .flow_digest = fetch->funds_digest,
                                  .flow_missing = fetch->funds_answer && !fetch->funds,
                                  .by_hand = by_hand };
  TillSettled settled;
  TillAnswer answer;
  if (!till_settling_keep (world->desk, by_hand ? world->staff[2] : 0, &file,
                           g_steal_pointer (&fetch->settlement), fetch->funds, &held, &settled,
                           &answer, error))
    return FALSE;
  if (answer.code != TILL_YES)
    till_world_fail (world, "L7: a file of %s may not be kept: %s", name_of (look),
                     till_answer_word (answer.code));
  till_world_tell (world, "the file of %s of %d: %u rows, %d open", name_of (look), look->day,
                   held->settlement->rows->len, settled.open);
  look_at_classes (world, look, held);
  for (guint i = 0; i < held->matching->matches->len; i++)
    look_at_match (world, look, &g_array_index (held->matching->matches, TillMatch, i));
  look_for_refunds (world, look, held->matching);
  return TRUE;
}

static gboolean
clocks_agree (const World *world)
{
  int64_t ahead = till_clock_now (world->clock) - till_clock_now (world->time);
  return ahead < TILL_MINUTE && ahead > -TILL_MINUTE;
}

static gboolean
settle (World *world, const Look *look, GError **error)
{
  gboolean good_file = look->fault == TILL_BILL_OK || look->fault == TILL_BILL_OTHER_AMOUNT;
  g_autofree char *before = till_watch_text (world->watch, MOVED, 0);
  g_autoptr (TillFileFetch) fetch = get_file (world, look, error);
  if (!fetch)
    return FALSE;
  /* UnionPay's file of a day without rows is empty: there is nothing to cut. */
  if (fetch->settlement && fetch->settlement->rows->len > 0 && look->fault == TILL_BILL_CUT)
    till_world_fail (world, "L7: a file of %s that is cut is believed", name_of (look));
  if (!fetch->settlement && good_file && clocks_agree (world))
    till_world_fail (world, "L7: no file of %s: %s", name_of (look),
                     fetch->answer->detail ? fetch->answer->detail : "it is not there");
  if (fetch->settlement && !keep (world, look, fetch, error))
    return FALSE;
  g_autofree char *after = till_watch_text (world->watch, MOVED, 0);
  if (strcmp (before, after) != 0)
    till_world_fail (world, "L7: a file of %s moved something", name_of (look));
  return TRUE;
}

gboolean
till_world_settle (World *world, GError **error)
{
  static const struct
  {
    TillBillFault fault;
    const char *what;
  } faults[] = { { TILL_BILL_MISSING, "a settlement file is missing" },
                 { TILL_BILL_LATE, "a settlement file is late" },
                 { TILL_BILL_CUT, "a settlement file is cut" },
                 { TILL_BILL_OTHER_AMOUNT, "a settlement file says another amount" } };
  int day = world->file_day;
  int64_t now = till_clock_now (world->time);
  if (now < till_file_day_end (day) + MORNING)
    return TRUE;
  world->file_day = till_clock_day (now, TILL_CHINA);
  if (till_clock_days_between (day, world->file_day) > ASKED_FOR_DAYS)
    return TRUE;
  Look look = { .rail = &world->rails[till_world_draw (world, world->n_rails)], .day = day };
  guint which = till_world_draw (world, G_N_ELEMENTS (faults));
  if (till_world_trouble (world, 2, faults[which].what))
    look.fault = faults[which].fault;
  return settle (world, &look, error);
}

void
till_world_settle_end (World *world)
{
  for (guint i = 0; i < world->n_rails; i++)
    {
      g_autoptr (GError) error = NULL;
      Rail *rail = &world->rails[i];
      guint n = till_provider_n_effects (rail->provider);
      int64_t now = till_clock_now (world->time);
      if (n == 0)
        continue;
      Look look = { rail, day_of (rail, till_provider_effect (rail->provider, n - 1)->at),
                    TILL_BILL_OK, TRUE };
      if (till_clock_days_between (look.day, till_clock_day (now, TILL_CHINA)) > ASKED_FOR_DAYS)
        continue;
      till_world_pass (world, MAX (till_file_day_end (look.day) + MORNING - now, 1));
      if (!settle (world, &look, &error))
        till_world_fail (world, "unexpected: %s", error->message);
    }
}

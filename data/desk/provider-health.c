/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/provider-health.h"
#include "data/desk/staffing.h"
#include "data/desk/stopping.h"
#include "data/ledger/report-store.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Two answers for each of the sales and refunds that are looked at. */
#define ANSWERS_MAX 40000

static const char *const state_words[] = {
#define X(state, word) word,
  TILL_HEALTHS (X)
#undef X
};

/* One span while it is counted. */
typedef struct
{
  int n, silent;
  GArray *took;        /* owned; of int64_t */
  GHashTable *refused; /* owned; what the provider says → how often */
} Count;

typedef struct
{
  TillHealth *health; /* owned until it is told */
  Count day, last;
  int in_a_row; /* the latest were silent; until `spoke` */
  gboolean spoke;
  gboolean in_silence;            /* the answer that was met before this one was none */
  GHashTable *payments, *refunds; /* owned; that were met with that silence; of int64_t */
} Patient;

typedef struct
{
  GHashTable *patients; /* owned; provider → Patient */
  int64_t day_ago;
} Ward;

void
till_health_free (TillHealth *health)
{
  g_free (health->provider);
  g_free (health->day.refused);
  g_free (health->last.refused);
  g_clear_pointer (&health->stop, till_stop_free);
  g_free (health);
}

const char *
till_health_word (TillHealthState state)
{
  return state_words[state];
}

const char *
till_health_label (TillHealthState state)
{
  static const char *const labels[] = {
    [TILL_HEALTH_QUIET] = N_ ("Not asked"),   [TILL_HEALTH_WORKING] = N_ ("Answers"),
    [TILL_HEALTH_UNSTEADY] = N_ ("Unsteady"), [TILL_HEALTH_SILENT] = N_ ("No answer"),
    [TILL_HEALTH_STOPPED] = N_ ("Stopped"),
  };
  return _ (labels[state]);
}

char *
till_health_silence_sentence (const TillHealthSilence *silence, const char *from, const char *to)
{
  if (silence->calls == 0)
    return NULL;
  return g_strdup_printf (_ ("The line was silent from %s to %s: calls without an answer: %d, "
                             "payments: %d, refunds: %d."),
                          from, to, silence->calls, silence->payments, silence->refunds);
}

static void
count_begin (Count *count)
{
  count->took = g_array_new (FALSE, FALSE, sizeof (int64_t));
  count->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
patient_free (gpointer data)
{
  Patient *patient = data;
  g_clear_pointer (&patient->health, till_health_free);
  g_array_unref (patient->day.took);
  g_array_unref (patient->last.took);
  g_hash_table_unref (patient->day.refused);
  g_hash_table_unref (patient->last.refused);
  g_hash_table_unref (patient->payments);
  g_hash_table_unref (patient->refunds);
  g_free (patient);
}

static Patient *
patient_of (Ward *ward, const char *provider)
{
  Patient *patient = g_hash_table_lookup (ward->patients, provider);
  if (patient)
    return patient;
  patient = g_new0 (Patient, 1);
  patient->health = g_new0 (TillHealth, 1);
  patient->health->provider = g_strdup (provider);
  count_begin (&patient->day);
  count_begin (&patient->last);
  patient->payments = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  patient->refunds = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_hash_table_insert (ward->patients, patient->health->provider, patient);
  return patient;
}

/* --- counting --- */

static gboolean
is_silence (const char *event)
{
  return g_str_equal (event, "silence") || g_str_equal (event, "not_sent");
}

/* data/desk/sending.c keeps an answer as "refund: refused [B] no … code CODE “words” (…)". */
static char *
said_in (const char *evidence)
{
  const char *code = strstr (evidence, " code ");
  const char *words = strstr (evidence, " “");
  if (code && words && code > words)
    code = NULL;
  if (!code && !words)
    return NULL;
  const char *from = code ? code + strlen (" code ") : words + 1;
  const char *end = words ? strstr (words, "”") : strstr (from, " (");
  if (words && end)
    end += strlen ("”");
  return end ? g_strndup (from, (gsize)(end - from)) : g_strdup (from);
}

static void
count_refusal (Count *count, const char *evidence)
{
  char *said = said_in (evidence);
  if (!said)
    return;
  int n = GPOINTER_TO_INT (g_hash_table_lookup (count->refused, said));
  g_hash_table_replace (count->refused, said, GINT_TO_POINTER (n + 1));
}

static void
count_answer (Count *count, const TillProviderAnswer *answer)
{
  count->n++;
  if (is_silence (answer->event))
    {
      count->silent++;
      return;
    }
  /* The books' clock does not go back, so a time is never negative but where there is none. */
  if (answer->took >= 0)
    g_array_append_val (count->took, answer->took);
  if (g_str_has_prefix (answer->event, "refused"))
    count_refusal (count, answer->evidence);
}

static void
begin_silence (Patient *patient)
{
  patient->in_silence = TRUE;
  patient->health->n_silences++;
  g_hash_table_remove_all (patient->payments);
  g_hash_table_remove_all (patient->refunds);
}

/* The newest comes first, so a silence is met at its end. */
static void
count_silence (Patient *patient, const TillProviderAnswer *answer)
{
  if (!is_silence (answer->event))
    {
      patient->in_silence = FALSE;
      return;
    }
  if (!patient->in_silence)
    begin_silence (patient);
  if (patient->health->n_silences > TILL_HEALTH_SILENCES)
    return;
  TillHealthSilence *silence = &patient->health->silences[patient->health->n_silences - 1];
  g_hash_table_add (answer->is_refund ? patient->refunds : patient->payments,
                    g_memdup2 (&answer->subject, sizeof answer->subject));
  silence->to = silence->calls ? silence->to : answer->at;
  silence->from = answer->at;
  silence->calls++;
  silence->payments = (int)g_hash_table_size (patient->payments);
  silence->refunds = (int)g_hash_table_size (patient->refunds);
}

/* The newest comes first. */
static void
on_answer (const TillProviderAnswer *answer, gpointer user)
{
  Ward *ward = user;
  Patient *patient = patient_of (ward, answer->provider);
  gboolean silent = is_silence (answer->event);
  patient->spoke = patient->spoke || !silent;
  if (!patient->spoke)
    patient->in_a_row++;
  if (patient->health->last_done_at == 0 && g_str_equal (answer->event, "done"))
    patient->health->last_done_at = answer->at;
  if (patient->health->last_answer_at == 0 && !silent)
    patient->health->last_answer_at = answer->at;
  if (answer->at >= ward->day_ago)
    {
      count_answer (&patient->day, answer);
      count_silence (patient, answer);
    }
  if (patient->last.n < TILL_HEALTH_LAST)
    count_answer (&patient->last, answer);
}

static void
on_open (const char *provider, int n, TillMoney amount, gpointer user)
{
  TillHealth *health = patient_of (user, provider)->health;
  health->open = n;
  health->open_amount = amount;
}

/* Takes the stops. */
static void
take_stops (Ward *ward, GPtrArray *stops)
{
  while (stops->len > 0)
    {
      TillStop *stop = g_ptr_array_steal_index (stops, stops->len - 1);
      patient_of (ward, stop->provider)->health->stop = stop;
    }
}

/* --- telling --- */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void
tell_span (TillHealthSpan *span, Count *count)
{
  GHashTableIter iter;
  gpointer said, n;
  span->n = count->n;
  span->silent = count->silent;
  g_array_sort (count->took, compare_times);
  if (count->took->len > 0)
    {
      span->median = g_array_index (count->took, int64_t, (count->took->len - 1) / 2);
      span->worst = g_array_index (count->took, int64_t, count->took->len - 1);
    }
  g_hash_table_iter_init (&iter, count->refused);
  while (g_hash_table_iter_next (&iter, &said, &n))
    {
      int times = GPOINTER_TO_INT (n);
      /* Of equals the first by its words, so that the same books say the same. */
      if (times < span->refused_n || (times == span->refused_n && strcmp (said, span->refused) > 0))
        continue;
      g_free (span->refused);
      span->refused = g_strdup (said);
      span->refused_n = times;
    }
}

static TillHealthState
state_of (const Patient *patient)
{
  const TillHealthSpan *day = &patient->health->day;
  if (patient->health->stop)
    return TILL_HEALTH_STOPPED;
  if (day->n == 0)
    return TILL_HEALTH_QUIET;
  if (patient->in_a_row >= TILL_HEALTH_SILENT_IN_A_ROW || day->silent == day->n)
    return TILL_HEALTH_SILENT;
  return day->silent * 100 >= day->n * TILL_HEALTH_UNSTEADY_PERCENT ? TILL_HEALTH_UNSTEADY
                                                                    : TILL_HEALTH_WORKING;
}

static int
compare_healths (gconstpointer a, gconstpointer b)
{
  const TillHealth *x = *(TillHealth *const *)a, *y = *(TillHealth *const *)b;
  return strcmp (x->provider, y->provider);
}

static GPtrArray *
tell (Ward *ward)
{
  GPtrArray *healths = g_ptr_array_new_with_free_func ((GDestroyNotify)till_health_free);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, ward->patients);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Patient *patient = value;
      tell_span (&patient->health->day, &patient->day);
      tell_span (&patient->health->last, &patient->last);
      patient->health->state = state_of (patient);
      g_ptr_array_add (healths, patient->health);
    }
  /* The names go with the healths; the patients are let go of first. */
  g_hash_table_iter_init (&iter, ward->patients);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Patient *)value)->health = NULL;
  g_hash_table_remove_all (ward->patients);
  g_ptr_array_sort (healths, compare_healths);
  return healths;
}

gboolean
till_reporting_providers (TillLedger *ledger, int64_t staff_id, GPtrArray **healths,
                          TillAnswer *answer, GError **error)
{
  *healths = NULL;
  /* One look, so that what was answered and what is open belong together. */
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_REPORT, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  g_autoptr (GHashTable) patients
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, patient_free);
  Ward ward = { .patients = patients, .day_ago = till_txn_now (txn) - TILL_DAY };
  if (!till_report_store_answers (ledger, ANSWERS_MAX, on_answer, &ward, error)
      || !till_report_store_open_by_provider (ledger, on_open, &ward, error))
    return FALSE;
  g_autoptr (GPtrArray) stops = till_stopping_list (ledger, error);
  if (!stops)
    return FALSE;
  take_stops (&ward, stops);
  *healths = tell (&ward);
  return TRUE;
}

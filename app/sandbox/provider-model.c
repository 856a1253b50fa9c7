/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/provider-model.h"
#include "data/core/error.h"

#include <string.h>

#define N_KINDS 5
/* Some values of faults are counts of queries, some are milliseconds; none is sensible above this.
 */
#define VALUE_MAX (10 * 60 * 1000)

/* One payment or refund under its number. Texts are in the provider's chunk. */
typedef struct
{
  TillErrandKind kind; /* PAY or REFUND */
  const char *request_no;
  const char *original_no; /* REFUND, else NULL */
  const char *provider_no;
  const char *status;
  TillMoney amount;
  TillMoney refunded; /* PAY: what is going or gone back */
  int left;
  guint moved; /* how often its money moved */
} Entry;

typedef struct
{
  TillProviderFault fault;
  int value;
  const char *text; /* in the provider's chunk, or NULL */
} Fault;

struct _TillProvider
{
  gboolean lenient;
  TillRecordKeep keep;
  gpointer user;          /* unowned */
  GHashTable *entries;    /* owned; "pay/NUMBER" → Entry */
  GHashTable *asked;      /* owned; "query_pay/NUMBER" → count */
  GPtrArray *effects;     /* owned; of TillRecord */
  GStringChunk *texts;    /* owned; every text that is remembered */
  GQueue faults[N_KINDS]; /* owned; of Fault */
};

static const char *const fault_words[]
    = { "ok",        "refuse",       "slow",          "silent",     "drop",
        "half",      "garbage",      "bad-signature", "twice",      "processing",
        "not-found", "wrong-amount", "redirect",      "error-done", "error-not-done" };

const char *
till_provider_fault_word (TillProviderFault fault)
{
  return fault_words[fault];
}

gboolean
till_provider_fault_from_word (const char *word, TillProviderFault *fault)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fault_words); i++)
    if (g_strcmp0 (word, fault_words[i]) == 0)
      {
        *fault = (TillProviderFault)i;
        return TRUE;
      }
  return FALSE;
}

TillProvider *
till_provider_new (gboolean lenient, TillRecordKeep keep, gpointer user)
{
  TillProvider *provider = g_new0 (TillProvider, 1);
  provider->lenient = lenient;
  provider->keep = keep;
  provider->user = user;
  provider->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  provider->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  provider->effects = g_ptr_array_new_with_free_func (g_free);
  provider->texts = g_string_chunk_new (4096);
  return provider;
}

void
till_provider_clear_faults (TillProvider *provider)
{
  for (int kind = 0; kind < N_KINDS; kind++)
    g_queue_clear_full (&provider->faults[kind], g_free);
}

void
till_provider_free (TillProvider *provider)
{
  till_provider_clear_faults (provider);
  g_hash_table_unref (provider->entries);
  g_hash_table_unref (provider->asked);
  g_ptr_array_unref (provider->effects);
  g_string_chunk_free (provider->texts);
  g_free (provider);
}

static char *
make_key (TillErrandKind kind, const char *request_no)
{
  return g_strconcat (till_errand_kind_word (kind), "/", request_no, NULL);
}

static Entry *
find (TillProvider *provider, TillErrandKind kind, const char *request_no)
{
  g_autofree char *key = make_key (kind, request_no);
  return g_hash_table_lookup (provider->entries, key);
}

static void
book_asked (TillProvider *provider, const TillRecord *record)
{
  char *key = make_key (record->errand, record->request_no);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (provider->asked, key));
  g_hash_table_replace (provider->asked, key, GUINT_TO_POINTER (n + 1));
}

static const char *
remember (TillProvider *provider, const char *text)
{
  return text ? g_string_chunk_insert_const (provider->texts, text) : NULL;
}

static void
book_state (TillProvider *provider, const TillRecord *record)
{
  TillRecord *kept = g_memdup2 (record, sizeof *record);
  kept->request_no = remember (provider, record->request_no);
  kept->original_no = remember (provider, record->original_no);
  kept->provider_no = remember (provider, record->provider_no);
  kept->status = remember (provider, record->status);
  Entry *entry = find (provider, record->errand, record->request_no);
  Entry *payment = find (provider, TILL_ERRAND_PAY, record->original_no ? record->original_no : "");
  if (!entry && payment && record->errand == TILL_ERRAND_REFUND
      && !till_money_add (payment->refunded, record->amount, &payment->refunded))
    payment->refunded = TILL_MONEY_MAX;
  if (!entry)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (provider->entries, make_key (record->errand, record->request_no), entry);
    }
  entry->kind = kept->errand;
  entry->request_no = kept->request_no;
  entry->original_no = kept->original_no;
  entry->provider_no = kept->provider_no;
  entry->status = kept->status;
  entry->amount = kept->amount;
  entry->left = kept->left;
  entry->moved += kept->moves && till_record_effect_kind (kept) != TILL_ERRAND_REVERSE;
  if (kept->moves)
    g_ptr_array_add (provider->effects, kept);
  else
    g_free (kept);
}

gboolean
till_provider_replay (TillProvider *provider, const TillRecord *record, GError **error)
{
  gboolean state = record->kind == TILL_RECORD_STATE;
  gboolean bookable = record->errand == TILL_ERRAND_PAY || record->errand == TILL_ERRAND_REFUND;
  if (!record->request_no || record->amount < 0 || record->amount > TILL_MONEY_MAX
      || record->left < 0 || (state && !(bookable && record->status && record->provider_no)))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "a record that cannot be");
      return FALSE;
    }
  if (state)
    book_state (provider, record);
  else
    book_asked (provider, record);
  return TRUE;
}

/* Kept first, believed afterwards. */
static gboolean
record_it (TillProvider *provider, const TillRecord *record, GError **error)
{
  if (provider->keep && !provider->keep (provider->user, record, error))
    return FALSE;
  return till_provider_replay (provider, record, error);
}

/* A number of our own for a new entry; the books only grow, so it is never given out twice. */
static char *
new_provider_no (TillProvider *provider, char letter)
{
  return g_strdup_printf ("%c%010u", letter,
                          g_hash_table_size (provider->entries) + provider->effects->len + 1);
}

gboolean
till_provider_set_fault (TillProvider *provider, TillErrandKind kind, TillProviderFault fault,
                         int times, int value, const char *text, GError **error)
{
  GQueue *queue = &provider->faults[kind];
  gboolean bookable = kind == TILL_ERRAND_PAY || kind == TILL_ERRAND_REFUND;
  gboolean needs_bookable = fault == TILL_PROVIDER_PROCESSING || fault == TILL_PROVIDER_NOT_FOUND;
  const char *wrong = NULL;
  if (times < 1 || times + (gint64)queue->length > TILL_FAULTS_MAX)
    wrong = "times must be at least 1, and no more than 1000 may wait";
  else if (value < 0 || value > VALUE_MAX)
    wrong = "value must be 0–600000";
  else if (fault == TILL_PROVIDER_REFUSE && !(text && *text && strlen (text) <= 64))
    wrong = "refuse needs the reason as text";
  else if (needs_bookable && (!bookable || value < 1))
    wrong = "processing and not-found are for pay and refund and need a value of at least 1";
  if (wrong)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s", wrong);
      return FALSE;
    }
  for (int i = 0; i < times; i++)
    {
      Fault *one = g_new0 (Fault, 1);
      *one = (Fault){ .fault = fault, .value = value, .text = remember (provider, text) };
      g_queue_push_tail (queue, one);
    }
  return TRUE;
}

static Fault
next_fault (TillProvider *provider, TillErrandKind kind)
{
  g_autofree Fault *fault = g_queue_pop_head (&provider->faults[kind]);
  return fault ? *fault : (Fault){ .fault = TILL_PROVIDER_OK };
}

static void
say_code (TillProviderAnswer *answer, const char *code)
{
  answer->code = code;
  answer->status = NULL;
}

static void
say_entry (TillProviderAnswer *answer, const Entry *entry)
{
  answer->code = "OK";
  answer->status = entry->status;
  answer->original_no = entry->original_no;
  answer->provider_no = entry->provider_no;
  answer->amount = entry->amount;
  answer->has_amount = TRUE;
}

static void
say_refused (TillProviderAnswer *answer, const TillProviderAsk *ask, const char *reason)
{
  answer->code = "OK";
  answer->status = "REFUSED";
  answer->reason = reason;
  answer->amount = ask->amount;
  answer->has_amount = TRUE;
}

/* Why an honest provider would not give this back, or NULL. */
static const char *
refund_objection (TillProvider *provider, const TillProviderAsk *ask)
{
  const Entry *payment = find (provider, TILL_ERRAND_PAY, ask->original_no);
  if (!payment || strcmp (payment->status, "SUCCESS") != 0)
    return "ORIGINAL_NOT_FOUND";
  if (payment->amount != ask->original_amount)
    return "ORIGINAL_DIFFERS";
  TillMoney left = payment->amount - payment->refunded;
  if (left == 0)
    return "ALREADY_REFUNDED";
  return ask->amount > left ? "AMOUNT_ABOVE_REFUNDABLE" : NULL;
}

/* Under a number that is known, an honest provider only repeats itself. */
static void
repeat_entry (const TillProviderAsk *ask, const Entry *entry, TillProviderAnswer *answer)
{
  gboolean same
      = entry->amount == ask->amount
        && (ask->kind == TILL_ERRAND_PAY || g_strcmp0 (entry->original_no, ask->original_no) == 0);
  if (same || strcmp (entry->status, "REVERSED") == 0)
    say_entry (answer, entry);
  else
    say_code (answer, "NUMBER_USED");
}

/* PAY and REFUND: books it under its number, with the money at once or after some queries. */
static gboolean
execute (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
         TillProviderAnswer *answer, GError **error)
{
  Entry *known = find (provider, ask->kind, ask->request_no);
  if (known && !provider->lenient)
    {
      repeat_entry (ask, known, answer);
      return TRUE;
    }
  const char *objection = NULL;
  if (fault->fault == TILL_PROVIDER_REFUSE)
    objection = fault->text;
  else if (ask->kind == TILL_ERRAND_REFUND && !provider->lenient)
    objection = refund_objection (provider, ask);
  if (objection)
    {
      /* A refusal is not booked: corrected, the same number may come again. */
      say_refused (answer, ask, objection);
      return TRUE;
    }
  gboolean later = fault->fault == TILL_PROVIDER_PROCESSING;
  gboolean hidden = fault->fault == TILL_PROVIDER_NOT_FOUND;
  g_autofree char *provider_no
      = new_provider_no (provider, ask->kind == TILL_ERRAND_PAY ? 'P' : 'R');
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = ask->kind,
    .request_no = ask->request_no,
    .original_no = ask->kind == TILL_ERRAND_REFUND ? ask->original_no : NULL,
    .provider_no = provider_no,
    .status = later ? "PROCESSING" : "SUCCESS",
    .moves = !later,
    .amount = ask->amount,
    .left = later || hidden ? fault->value : 0,
    .at = ask->at,
  };
  if (!record_it (provider, &record, error))
    return FALSE;
  say_entry (answer, find (provider, ask->kind, ask->request_no));
  return TRUE;
}

/* REVERSE: the payment will not have happened, also when its request is still on the way. */
static gboolean
reverse (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
         TillProviderAnswer *answer, GError **error)
{
  const Entry *payment = find (provider, TILL_ERRAND_PAY, ask->request_no);
  if (fault->fault == TILL_PROVIDER_REFUSE)
    {
      say_refused (answer, ask, fault->text);
      return TRUE;
    }
  if (payment && payment->amount != ask->amount && !provider->lenient)
    {
      say_code (answer, "NUMBER_USED");
      return TRUE;
    }
  if (payment && payment->refunded > 0 && !provider->lenient)
    {
      say_refused (answer, ask, "ALREADY_REFUNDED");
      return TRUE;
    }
  if (!payment || strcmp (payment->status, "REVERSED") != 0)
    {
      g_autofree char *provider_no
          = payment ? g_strdup (payment->provider_no) : new_provider_no (provider, 'V');
      TillRecord record = {
        .kind = TILL_RECORD_STATE,
        .errand = TILL_ERRAND_PAY,
        .request_no = ask->request_no,
        .provider_no = provider_no,
        .status = "REVERSED",
        .moves = payment && payment->moved > 0,
        .amount = payment ? payment->amount : ask->amount,
        .at = ask->at,
      };
      if (!record_it (provider, &record, error))
        return FALSE;
    }
  say_entry (answer, find (provider, TILL_ERRAND_PAY, ask->request_no));
  return TRUE;
}

/* One query less until it is found or done. */
static gboolean
count_down (TillProvider *provider, const Entry *entry, int64_t at, GError **error)
{
  gboolean settles = entry->left == 1 && strcmp (entry->status, "PROCESSING") == 0;
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = entry->kind,
    .request_no = entry->request_no,
    .original_no = entry->original_no,
    .provider_no = entry->provider_no,
    .status = settles ? "SUCCESS" : entry->status,
    .moves = settles,
    .amount = entry->amount,
    .left = entry->left - 1,
    .at = at,
  };
  return record_it (provider, &record, error);
}

static gboolean
query (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
       TillProviderAnswer *answer, GError **error)
{
  TillErrandKind of = ask->kind == TILL_ERRAND_QUERY_PAY ? TILL_ERRAND_PAY : TILL_ERRAND_REFUND;
  const Entry *entry = find (provider, of, ask->request_no);
  if (fault->fault == TILL_PROVIDER_REFUSE)
    {
      say_code (answer, fault->text);
      return TRUE;
    }
  gboolean hidden = entry && entry->left > 0 && strcmp (entry->status, "SUCCESS") == 0;
  if (!entry || hidden)
    {
      answer->code = "OK";
      answer->status = "NOT_FOUND";
    }
  else
    say_entry (answer, entry);
  return !entry || entry->left == 0 || count_down (provider, entry, ask->at, error);
}

static gboolean
act (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
     TillProviderAnswer *answer, GError **error)
{
  TillRecord asked = {
    .kind = TILL_RECORD_ASKED, .errand = ask->kind, .request_no = ask->request_no, .at = ask->at
  };
  if (!record_it (provider, &asked, error))
    return FALSE;
  if (fault->fault == TILL_PROVIDER_DROP || fault->fault == TILL_PROVIDER_REDIRECT
      || fault->fault == TILL_PROVIDER_ERROR_NOT_DONE)
    {
      say_code (answer, "SYSTEM_ERROR");
      return TRUE;
    }
  if (ask->kind == TILL_ERRAND_REVERSE)
    return reverse (provider, ask, fault, answer, error);
  if (ask->kind == TILL_ERRAND_QUERY_PAY || ask->kind == TILL_ERRAND_QUERY_REFUND)
    return query (provider, ask, fault, answer, error);
  return execute (provider, ask, fault, answer, error);
}

static TillDelivery
delivery_of (TillProviderFault fault)
{
  switch (fault)
    {
    case TILL_PROVIDER_SILENT:
    case TILL_PROVIDER_DROP:
      return TILL_DELIVERY_NONE;
    case TILL_PROVIDER_HALF:
      return TILL_DELIVERY_HALF;
    case TILL_PROVIDER_GARBAGE:
      return TILL_DELIVERY_GARBAGE;
    case TILL_PROVIDER_BAD_SIGNATURE:
      return TILL_DELIVERY_BAD_SIGNATURE;
    case TILL_PROVIDER_REDIRECT:
      return TILL_DELIVERY_REDIRECT;
    case TILL_PROVIDER_ERROR_DONE:
    case TILL_PROVIDER_ERROR_NOT_DONE:
      return TILL_DELIVERY_ERROR;
    default:
      return TILL_DELIVERY_WHOLE;
    }
}

gboolean
till_provider_ask (TillProvider *provider, const TillProviderAsk *ask, TillProviderAnswer *answer,
                   GError **error)
{
  Fault fault = next_fault (provider, ask->kind);
  *answer = (TillProviderAnswer){ .request_no = ask->request_no };
  if (!act (provider, ask, &fault, answer, error))
    return FALSE;
  if (fault.fault == TILL_PROVIDER_TWICE)
    {
      *answer = (TillProviderAnswer){ .request_no = ask->request_no };
      if (!act (provider, ask, &fault, answer, error))
        return FALSE;
    }
  answer->delivery = delivery_of (fault.fault);
  if (fault.fault == TILL_PROVIDER_SLOW || fault.fault == TILL_PROVIDER_SILENT)
    answer->delay_ms = fault.value;
  if (fault.fault == TILL_PROVIDER_WRONG_AMOUNT && answer->has_amount)
    answer->amount++;
  return TRUE;
}

guint
till_provider_n_effects (TillProvider *provider)
{
  return provider->effects->len;
}

const TillRecord *
till_provider_effect (TillProvider *provider, guint n)
{
  g_assert (n < provider->effects->len);
  return g_ptr_array_index (provider->effects, n);
}

TillErrandKind
till_record_effect_kind (const TillRecord *record)
{
  return strcmp (record->status, "REVERSED") == 0 ? TILL_ERRAND_REVERSE : record->errand;
}

guint
till_provider_count_effects (TillProvider *provider, TillErrandKind kind, const char *request_no)
{
  gboolean back = kind == TILL_ERRAND_REVERSE;
  const Entry *entry = find (provider, back ? TILL_ERRAND_PAY : kind, request_no);
  if (!entry || !back)
    return entry ? entry->moved : 0;
  return entry->moved > 0 && strcmp (entry->status, "REVERSED") == 0;
}

guint
till_provider_count_asked (TillProvider *provider, TillErrandKind kind, const char *request_no)
{
  g_autofree char *key = make_key (kind, request_no);
  return GPOINTER_TO_UINT (g_hash_table_lookup (provider->asked, key));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/provider-model.h"
#include "app/sandbox/fault-table.h"
#include "data/core/clock.h"
#include "data/core/error.h"

#include <string.h>

/* Some values of faults are counts of queries, some are milliseconds; none is sensible above this.
 */
#define VALUE_MAX (10 * 60 * 1000)

#define ZONE TILL_CHINA

/* Of a refund that recovers: what it becomes first, and for how many queries it is that. */
#define RECOVERS "RECOVERS"
#define RECOVERS_LEFT 3
#define FORGETS_AFTER TILL_DAY

/* One payment, refund or void under its number. Texts are in the provider's chunk. */
typedef struct
{
  TillErrandKind kind; /* PAY, REFUND or VOID */
  const char *request_no;
  const char *identity;    /* or NULL */
  const char *tongue;      /* or NULL */
  const char *original_no; /* REFUND and VOID, else NULL */
  const char *provider_no;
  const char *status;
  const char *ends;
  const char *notify_url; /* or NULL */
  TillMoney amount;
  TillMoney refunded; /* PAY: what is going or gone back … */
  int n_refunds;      /* … in how many pieces … */
  int64_t refund_at;  /* … and when the last came */
  int64_t at;         /* when it was booked first */
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
  gpointer user;                 /* unowned */
  GHashTable *entries;           /* owned; "pay/NUMBER/IDENTITY" → Entry */
  GHashTable *newest;            /* owned; "pay/NUMBER" → Entry (unowned) */
  GHashTable *provider_nos;      /* owned; provider_no → Entry (both unowned) */
  const char *presented;         /* in texts: the payment that PRESENT last came for, or NULL */
  GPtrArray *in_order;           /* owned; of Entry (unowned), as they were booked first */
  GHashTable *moved;             /* owned; "pay/NUMBER" → how often */
  GHashTable *asked;             /* owned; "query_pay/NUMBER" → count */
  GPtrArray *effects;            /* owned; of TillRecord */
  GStringChunk *texts;           /* owned; every text that is remembered */
  GQueue faults[TILL_N_ERRANDS]; /* owned; of Fault */
};

static const TillFaultRow *
row_of (TillProviderFault fault)
{
  return till_fault_table_of (TILL_PLAYED_BY_MODEL, fault);
}

const char *
till_provider_fault_word (TillProviderFault fault)
{
  return row_of (fault)->word;
}

gboolean
till_provider_fault_from_word (const char *word, TillProviderFault *fault)
{
  const TillFaultRow *row = till_fault_table_find (TILL_PLAYED_BY_MODEL, word);
  if (row)
    *fault = (TillProviderFault)row->fault;
  return row != NULL;
}

TillProvider *
till_provider_new (gboolean lenient, TillRecordKeep keep, gpointer user)
{
  TillProvider *provider = g_new0 (TillProvider, 1);
  provider->lenient = lenient;
  provider->keep = keep;
  provider->user = user;
  provider->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  provider->newest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  provider->provider_nos = g_hash_table_new (g_str_hash, g_str_equal);
  provider->in_order = g_ptr_array_new ();
  provider->moved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  provider->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  provider->effects = g_ptr_array_new_with_free_func (g_free);
  provider->texts = g_string_chunk_new (4096);
  return provider;
}

void
till_provider_clear_faults (TillProvider *provider)
{
  for (int kind = 0; kind < TILL_N_ERRANDS; kind++)
    g_queue_clear_full (&provider->faults[kind], g_free);
}

void
till_provider_free (TillProvider *provider)
{
  till_provider_clear_faults (provider);
  g_hash_table_unref (provider->newest);
  g_hash_table_unref (provider->provider_nos);
  g_ptr_array_unref (provider->in_order);
  g_hash_table_unref (provider->moved);
  g_hash_table_unref (provider->entries);
  g_hash_table_unref (provider->asked);
  g_ptr_array_unref (provider->effects);
  g_string_chunk_free (provider->texts);
  g_free (provider);
}

static char *
make_key (TillErrandKind kind, const char *request_no, const char *identity)
{
  return g_strconcat (till_errand_kind_word (kind), "/", request_no, identity ? "/" : NULL,
                      identity, NULL);
}

/* identity NULL: the newest of that number. */
static Entry *
find (TillProvider *provider, TillErrandKind kind, const char *request_no, const char *identity)
{
  g_autofree char *key = make_key (kind, request_no, identity);
  return g_hash_table_lookup (identity ? provider->entries : provider->newest, key);
}

/* The payment that a refund or void points to, or NULL. */
static Entry *
payment_of (TillProvider *provider, const TillProviderAsk *ask)
{
  if (ask->original_no)
    return find (provider, TILL_ERRAND_PAY, ask->original_no, NULL);
  Entry *entry = ask->original_provider_no
                     ? g_hash_table_lookup (provider->provider_nos, ask->original_provider_no)
                     : NULL;
  return entry && entry->kind == TILL_ERRAND_PAY ? entry : NULL;
}

/* A void is a refund to whoever watches the money: what is counted and what goes wrong are theirs
 * together. */
static TillErrandKind
refund_like (TillErrandKind kind)
{
  return kind == TILL_ERRAND_VOID         ? TILL_ERRAND_REFUND
         : kind == TILL_ERRAND_QUERY_VOID ? TILL_ERRAND_QUERY_REFUND
                                          : kind;
}

static void
count (GHashTable *counts, TillErrandKind kind, const char *request_no)
{
  char *key = make_key (refund_like (kind), request_no, NULL);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));
  g_hash_table_replace (counts, key, GUINT_TO_POINTER (n + 1));
}

static guint
count_of (GHashTable *counts, TillErrandKind kind, const char *request_no)
{
  g_autofree char *key = make_key (refund_like (kind), request_no, NULL);
  return GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));
}

static const char *
remember (TillProvider *provider, const char *text)
{
  return text ? g_string_chunk_insert_const (provider->texts, text) : NULL;
}

static TillRecord *
keep_texts (TillProvider *provider, const TillRecord *record)
{
  TillRecord *kept = g_memdup2 (record, sizeof *record);
  kept->request_no = remember (provider, record->request_no);
  kept->identity = remember (provider, record->identity);
  kept->tongue = remember (provider, record->tongue);
  kept->original_no = remember (provider, record->original_no);
  kept->provider_no = remember (provider, record->provider_no);
  kept->status = remember (provider, record->status);
  kept->ends = remember (provider, record->ends);
  kept->notify_url = remember (provider, record->notify_url);
  return kept;
}

/* What a new refund or void does to its payment. */
static void
take_from_payment (TillProvider *provider, const TillRecord *record)
{
  Entry *payment = find (provider, TILL_ERRAND_PAY, record->original_no, NULL);
  if (!payment)
    return;
  if (!till_money_add (payment->refunded, record->amount, &payment->refunded))
    payment->refunded = TILL_MONEY_MAX;
  payment->n_refunds++;
  payment->refund_at = record->at;
}

/* Closed without paying: the payment has its money back. */
static void
give_to_payment (TillProvider *provider, const TillRecord *record)
{
  Entry *payment = find (provider, TILL_ERRAND_PAY, record->original_no, NULL);
  if (payment && till_money_sub (payment->refunded, record->amount, &payment->refunded))
    payment->n_refunds--;
}

static Entry *
new_entry (TillProvider *provider, const TillRecord *record)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->at = record->at;
  g_ptr_array_add (provider->in_order, entry);
  g_hash_table_insert (
      provider->entries,
      make_key (record->errand, record->request_no, record->identity ? record->identity : ""),
      entry);
  g_hash_table_replace (provider->newest, make_key (record->errand, record->request_no, NULL),
                        entry);
  if (record->original_no)
    take_from_payment (provider, record);
  return entry;
}

static void
book_state (TillProvider *provider, const TillRecord *record)
{
  TillRecord *kept = keep_texts (provider, record);
  Entry *entry = find (provider, record->errand, record->request_no,
                       record->identity ? record->identity : "");
  if (!entry)
    entry = new_entry (provider, kept);
  if (kept->original_no && strcmp (kept->status, "CLOSED") == 0)
    give_to_payment (provider, kept);
  entry->kind = kept->errand;
  entry->request_no = kept->request_no;
  entry->identity = kept->identity;
  entry->tongue = kept->tongue;
  entry->original_no = kept->original_no;
  entry->provider_no = kept->provider_no;
  entry->status = kept->status;
  entry->ends = kept->ends;
  entry->notify_url = kept->notify_url;
  entry->amount = kept->amount;
  entry->left = kept->left;
  g_hash_table_replace (provider->provider_nos, (gpointer)kept->provider_no, entry);
  if (kept->moves && till_record_effect_kind (kept) != TILL_ERRAND_REVERSE)
    {
      entry->moved++;
      count (provider->moved, kept->errand, kept->request_no);
    }
  if (kept->moves)
    g_ptr_array_add (provider->effects, kept);
  else
    g_free (kept);
}

/* What can be booked under a number. */
static gboolean
is_bookable (TillErrandKind kind)
{
  return kind == TILL_ERRAND_PAY || kind == TILL_ERRAND_REFUND || kind == TILL_ERRAND_VOID;
}

gboolean
till_provider_replay (TillProvider *provider, const TillRecord *record, GError **error)
{
  gboolean state = record->kind == TILL_RECORD_STATE;
  gboolean bookable
      = is_bookable (record->errand) && !record->original_no == (record->errand == TILL_ERRAND_PAY);
  if (!record->request_no || record->amount < 0 || record->amount > TILL_MONEY_MAX
      || record->left < 0 || (state && !(bookable && record->status && record->provider_no)))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "a record that cannot be");
      return FALSE;
    }
  if (state)
    book_state (provider, record);
  else
    count (provider->asked, record->errand, record->request_no);
  if (!state && record->errand == TILL_ERRAND_PRESENT)
    provider->presented = remember (provider, record->request_no);
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

/* What a header can hold: one line of plain characters. */
static gboolean
is_plain (const char *text)
{
  for (; *text; text++)
    if (!g_ascii_isprint (*text))
      return FALSE;
  return TRUE;
}

/* What a refund under way may become other than done. */
static gboolean
can_end (const char *text)
{
  return strcmp (text, "CLOSED") == 0 || strcmp (text, "ABNORMAL") == 0;
}

/* What was said of a thing before it was done. That it is not there no answer to a request says. */
static gboolean
is_old_state (TillErrandKind kind, const char *text)
{
  return !text || !*text || strcmp (text, "PROCESSING") == 0
         || (till_errand_kind_is_query (kind) && strcmp (text, "NOT_FOUND") == 0);
}

gboolean
till_provider_set_fault (TillProvider *provider, TillErrandKind kind, TillProviderFault fault,
                         int times, int value, const char *text, GError **error)
{
  GQueue *queue = &provider->faults[refund_like (kind)];
  gboolean bookable = is_bookable (kind);
  gboolean counts = fault == TILL_PROVIDER_PROCESSING || fault == TILL_PROVIDER_NOT_FOUND
                    || fault == TILL_PROVIDER_RECOVERS;
  gboolean unbooked = kind == TILL_ERRAND_RECALL || kind == TILL_ERRAND_PRESENT;
  gboolean needs_bookable = fault == TILL_PROVIDER_FORGETS
                            || (counts && !(fault == TILL_PROVIDER_PROCESSING && unbooked));
  const char *wrong = NULL;
  if (times < 1 || times + (gint64)queue->length > TILL_FAULTS_MAX)
    wrong = "times must be at least 1, and no more than 1000 may wait";
  else if (value < 0 || value > VALUE_MAX)
    wrong = "value must be 0–600000";
  else if ((fault == TILL_PROVIDER_REFUSE || fault == TILL_PROVIDER_STRANGE)
           && !(text && *text && strlen (text) <= 64))
    wrong = "refuse needs the reason as text, and strange the word";
  else if ((needs_bookable && !bookable) || (counts && value < 1))
    wrong = "processing, recovers, not-found and forgets are for pay, refund and void (processing "
            "for recall and present, too), and all but forgets need a value of at least 1";
  else if (fault == TILL_PROVIDER_HTTP_429 && text && (!is_plain (text) || strlen (text) > 64))
    wrong = "http-429 takes a text of at most 64 plain characters";
  else if (fault == TILL_PROVIDER_PROCESSING && text && *text && !can_end (text))
    wrong = "processing ends as CLOSED or ABNORMAL, or without a text well";
  else if (fault == TILL_PROVIDER_COMES_BACK
           && (kind != TILL_ERRAND_REFUND || value < 1 || !text || !can_end (text)))
    wrong = "comes-back is for refunds and needs a value of at least 1 and CLOSED or ABNORMAL";
  else if (fault == TILL_PROVIDER_OLD_STATE && !is_old_state (kind, text))
    wrong = "old-state is PROCESSING, or for a query NOT_FOUND";
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
  g_autofree Fault *fault = g_queue_pop_head (&provider->faults[refund_like (kind)]);
  return fault ? *fault : (Fault){ .fault = TILL_PROVIDER_OK };
}

static void
say_code (TillProviderAnswer *answer, const char *code)
{
  answer->code = code;
  answer->status = NULL;
}

static void
say_entry (TillProvider *provider, TillProviderAnswer *answer, const Entry *entry)
{
  const Entry *payment
      = entry->original_no ? find (provider, TILL_ERRAND_PAY, entry->original_no, NULL) : entry;
  answer->code = "OK";
  answer->status = entry->status;
  answer->request_no = entry->request_no;
  answer->original_no = entry->original_no;
  answer->provider_no = entry->provider_no;
  answer->amount = entry->amount;
  answer->has_amount = TRUE;
  answer->booked_at = entry->at;
  answer->refunded = payment ? payment->refunded : 0;
  answer->identity = entry->identity;
  answer->notify_url = entry->notify_url;
  if (!entry->original_no || !payment)
    return;
  answer->original_provider_no = payment->provider_no;
  answer->original_identity = payment->identity;
  answer->original_amount = payment->amount;
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

static int
clearing_day (int64_t at, int ends_s)
{
  return till_clock_day (at + TILL_DAY - ends_s * TILL_SECOND, ZONE);
}

/* What this provider's rules say against giving back, or NULL. */
static const char *
rule_objection (const TillProviderAsk *ask, const Entry *payment)
{
  static const TillProviderRules none = { 0 };
  const TillProviderRules *rules = ask->rules ? ask->rules : &none;
  if (ask->kind == TILL_ERRAND_VOID)
    return rules->void_until_s > 0
                   && clearing_day (payment->at, rules->void_until_s)
                          != clearing_day (ask->at, rules->void_until_s)
               ? "TOO_LATE_TO_VOID"
               : NULL;
  int age = till_clock_days_between (till_clock_day (payment->at, ZONE),
                                     till_clock_day (ask->at, ZONE));
  if (rules->window_days > 0 && age > rules->window_days)
    return "ORIGINAL_TOO_OLD";
  if (rules->refunds_max > 0 && payment->n_refunds >= rules->refunds_max)
    return "TOO_MANY_REFUNDS";
  if (rules->refund_gap_s > 0 && payment->n_refunds > 0
      && ask->at - payment->refund_at < rules->refund_gap_s * TILL_SECOND)
    return "TOO_SOON";
  return NULL;
}

/* Why an honest provider would not give this back, or NULL. */
static const char *
refund_objection (const TillProviderAsk *ask, const Entry *payment)
{
  if (!payment || strcmp (payment->status, "SUCCESS") != 0)
    return "ORIGINAL_NOT_FOUND";
  if (ask->original_amount != 0 && payment->amount != ask->original_amount)
    return "ORIGINAL_DIFFERS";
  TillMoney left = payment->amount - payment->refunded;
  if (left == 0 || (ask->kind == TILL_ERRAND_VOID && payment->refunded > 0))
    return "ALREADY_REFUNDED";
  if (ask->amount > left)
    return "AMOUNT_ABOVE_REFUNDABLE";
  if (ask->kind == TILL_ERRAND_VOID && ask->amount != payment->amount)
    return "ORIGINAL_DIFFERS";
  return rule_objection (ask, payment);
}

/* Under a number that is known, an honest provider only repeats itself. */
static void
repeat_entry (TillProvider *provider, const TillProviderAsk *ask, const Entry *entry,
              TillProviderAnswer *answer)
{
  const Entry *payment = payment_of (provider, ask);
  gboolean same = entry->amount == ask->amount
                  && (ask->kind == TILL_ERRAND_PAY
                      || g_strcmp0 (entry->original_no, payment ? payment->request_no : NULL) == 0);
  if (same || strcmp (entry->status, "REVERSED") == 0)
    say_entry (provider, answer, entry);
  else
    say_code (answer, "NUMBER_USED");
}

/* What is older than a day, and is forgotten now. */
static gboolean
is_forgotten (const Fault *fault, const TillProviderAsk *ask, const Entry *known)
{
  return fault->fault == TILL_PROVIDER_FORGETS && ask->at - known->at > FORGETS_AFTER;
}

/* Where a refund goes whose payment a lenient provider does not know. */
#define NOBODY "nobody"

/* PAY, REFUND and VOID: books it under its number, with the money at once or after some queries. */
static gboolean
execute (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
         TillProviderAnswer *answer, GError **error)
{
  const char *identity = ask->identity ? ask->identity : "";
  Entry *known = find (provider, ask->kind, ask->request_no, identity);
  if (known && (!provider->lenient || ask->opens) && !is_forgotten (fault, ask, known))
    {
      repeat_entry (provider, ask, known, answer);
      return TRUE;
    }
  gboolean backward = ask->kind != TILL_ERRAND_PAY;
  const Entry *payment = backward ? payment_of (provider, ask) : NULL;
  const char *objection = NULL;
  if (fault->fault == TILL_PROVIDER_REFUSE || row_of (fault->fault)->reason)
    objection = row_of (fault->fault)->reason ? row_of (fault->fault)->reason : fault->text;
  else if (backward && !provider->lenient)
    objection = refund_objection (ask, payment);
  if (objection)
    {
      /* A refusal is not booked: corrected, the same number may come again. */
      say_refused (answer, ask, objection);
      return TRUE;
    }
  gboolean opens = ask->kind == TILL_ERRAND_PAY && ask->opens;
  gboolean recovers = fault->fault == TILL_PROVIDER_RECOVERS && !opens;
  gboolean later = recovers || (fault->fault == TILL_PROVIDER_PROCESSING && !opens);
  gboolean hidden = fault->fault == TILL_PROVIDER_NOT_FOUND && !opens;
  gboolean back = fault->fault == TILL_PROVIDER_COMES_BACK;
  const char *original_no = payment            ? payment->request_no
                            : ask->original_no ? ask->original_no
                                               : NOBODY;
  g_autofree char *provider_no = new_provider_no (provider, backward ? 'R' : 'P');
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = ask->kind,
    .request_no = ask->request_no,
    .identity = ask->identity,
    .tongue = ask->tongue,
    .original_no = backward ? original_no : NULL,
    .provider_no = provider_no,
    .status = opens   ? "OPENED"
              : later ? "PROCESSING"
                      : "SUCCESS",
    .ends = recovers                                         ? RECOVERS
            : (later || back) && fault->text && *fault->text ? fault->text
                                                             : NULL,
    .notify_url = ask->notify_url,
    .moves = !later && !opens,
    .amount = ask->amount,
    .left = later || hidden || back ? fault->value : 0,
    .at = ask->at,
  };
  if (!record_it (provider, &record, error))
    return FALSE;
  say_entry (provider, answer, find (provider, ask->kind, ask->request_no, identity));
  return TRUE;
}

/* Why an honest provider would not undo this payment, or NULL. */
static const char *
reverse_objection (const TillProviderAsk *ask, const Entry *payment)
{
  if (payment->refunded > 0)
    return "ALREADY_REFUNDED";
  int64_t age = ask->at - payment->at;
  if (!ask->rules)
    return NULL;
  if (age < ask->rules->reverse_after_s * TILL_SECOND)
    return "TOO_SOON";
  gboolean late
      = ask->rules->reverse_within_s > 0 && age > ask->rules->reverse_within_s * TILL_SECOND;
  return late ? "TOO_LATE_TO_REVERSE" : NULL;
}

static gboolean
book_reversal (TillProvider *provider, const TillProviderAsk *ask, const Entry *payment,
               GError **error)
{
  g_autofree char *provider_no
      = payment ? g_strdup (payment->provider_no) : new_provider_no (provider, 'V');
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = TILL_ERRAND_PAY,
    .request_no = ask->request_no,
    .identity = payment ? payment->identity : ask->identity,
    .tongue = payment ? payment->tongue : ask->tongue,
    .provider_no = provider_no,
    .status = "REVERSED",
    .notify_url = payment ? payment->notify_url : NULL,
    .moves = payment && payment->moved > 0,
    .amount = payment ? payment->amount : ask->amount,
    .at = ask->at,
  };
  return record_it (provider, &record, error);
}

/* REVERSE: the payment will not have happened, also when its request is still on the way. */
static gboolean
reverse (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
         TillProviderAnswer *answer, GError **error)
{
  const Entry *payment = find (provider, TILL_ERRAND_PAY, ask->request_no, ask->identity);
  gboolean undone = payment && strcmp (payment->status, "REVERSED") == 0;
  gboolean other = payment && ask->amount != 0 && payment->amount != ask->amount;
  const char *objection = NULL;
  if (fault->fault == TILL_PROVIDER_REFUSE)
    objection = fault->text;
  else if (payment && !undone && !other && !provider->lenient)
    objection = reverse_objection (ask, payment);
  if (objection)
    {
      say_refused (answer, ask, objection);
      return TRUE;
    }
  if (other && !provider->lenient)
    {
      say_code (answer, "NUMBER_USED");
      return TRUE;
    }
  if (!undone && !book_reversal (provider, ask, payment, error))
    return FALSE;
  say_entry (provider, answer, find (provider, TILL_ERRAND_PAY, ask->request_no, ask->identity));
  return TRUE;
}

/* RECALL: what is stuck goes back to the merchant, at once or after some queries. The payment does
 * not get it back: it can be refunded no second time. */
static gboolean
recall (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
        TillProviderAnswer *answer, GError **error)
{
  const Entry *entry = find (provider, TILL_ERRAND_REFUND, ask->request_no, ask->identity);
  gboolean stuck = entry && strcmp (entry->status, "ABNORMAL") == 0;
  gboolean known
      = entry
        && (strcmp (entry->status, "RECALLED") == 0 || g_strcmp0 (entry->ends, "RECALLED") == 0);
  if (fault->fault == TILL_PROVIDER_REFUSE || !(stuck || known))
    {
      say_refused (answer, ask, fault->fault == TILL_PROVIDER_REFUSE ? fault->text : "NOT_STUCK");
      return TRUE;
    }
  gboolean later = fault->fault == TILL_PROVIDER_PROCESSING;
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = TILL_ERRAND_REFUND,
    .request_no = entry->request_no,
    .identity = entry->identity,
    .tongue = entry->tongue,
    .original_no = entry->original_no,
    .provider_no = entry->provider_no,
    .status = later ? "PROCESSING" : "RECALLED",
    .ends = later ? "RECALLED" : NULL,
    .notify_url = entry->notify_url,
    .amount = entry->amount,
    .left = later ? fault->value : 0,
    .at = ask->at,
  };
  if (stuck && !record_it (provider, &record, error))
    return FALSE;
  say_entry (provider, answer, find (provider, TILL_ERRAND_REFUND, ask->request_no, ask->identity));
  return TRUE;
}

/* PRESENT: the customer's card pays what was opened, at once or after some queries; or is declined,
 * as the asker knows (ask->amount 0). With `opens` no card is asked for any more. */
static gboolean
present (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
         TillProviderAnswer *answer, GError **error)
{
  const Entry *entry = find (provider, TILL_ERRAND_PAY, ask->request_no, NULL);
  const char *from = ask->opens ? "PROCESSING" : "OPENED";
  if (fault->fault == TILL_PROVIDER_REFUSE || !entry || strcmp (entry->status, from) != 0)
    {
      say_refused (answer, ask, fault->fault == TILL_PROVIDER_REFUSE ? fault->text : "NOT_OPENED");
      return TRUE;
    }
  gboolean later = fault->fault == TILL_PROVIDER_PROCESSING && !ask->opens;
  gboolean declined = !later && ask->amount == 0;
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = TILL_ERRAND_PAY,
    .request_no = entry->request_no,
    .identity = entry->identity,
    .tongue = entry->tongue,
    .provider_no = entry->provider_no,
    .status = ask->opens ? "OPENED"
              : later    ? "PROCESSING"
              : declined ? "ABNORMAL"
                         : "SUCCESS",
    .ends = later && fault->text && *fault->text ? fault->text : NULL,
    .notify_url = entry->notify_url,
    .moves = !later && !declined,
    .amount = entry->amount,
    .left = later ? fault->value : 0,
    .at = ask->at,
  };
  if (!record_it (provider, &record, error))
    return FALSE;
  say_entry (provider, answer, find (provider, TILL_ERRAND_PAY, ask->request_no, NULL));
  return TRUE;
}

/* So many queries are left until it is found or done. */
static gboolean
count_down (TillProvider *provider, const Entry *entry, int left, int64_t at, GError **error)
{
  gboolean settles = left == 0 && (entry->ends || strcmp (entry->status, "PROCESSING") == 0);
  const char *ends = entry->ends ? entry->ends : "SUCCESS";
  gboolean recovers = settles && strcmp (ends, RECOVERS) == 0;
  TillRecord record = {
    .kind = TILL_RECORD_STATE,
    .errand = entry->kind,
    .request_no = entry->request_no,
    .identity = entry->identity,
    .tongue = entry->tongue,
    .original_no = entry->original_no,
    .provider_no = entry->provider_no,
    .status = recovers  ? "ABNORMAL"
              : settles ? ends
                        : entry->status,
    .ends = recovers ? "SUCCESS" : entry->ends,
    .notify_url = entry->notify_url,
    .moves = settles && strcmp (ends, "SUCCESS") == 0,
    .amount = entry->amount,
    .left = recovers ? RECOVERS_LEFT : left,
    .at = at,
  };
  return record_it (provider, &record, error);
}

/* What a query asks after. */
static TillErrandKind
asked_after (TillErrandKind kind)
{
  return kind == TILL_ERRAND_QUERY_PAY    ? TILL_ERRAND_PAY
         : kind == TILL_ERRAND_QUERY_VOID ? TILL_ERRAND_VOID
                                          : TILL_ERRAND_REFUND;
}

static gboolean
query (TillProvider *provider, const TillProviderAsk *ask, const Fault *fault,
       TillProviderAnswer *answer, GError **error)
{
  const Entry *entry = find (provider, asked_after (ask->kind), ask->request_no, ask->identity);
  if (fault->fault == TILL_PROVIDER_REFUSE)
    {
      say_code (answer, fault->text);
      return TRUE;
    }
  gboolean hidden
      = entry && entry->left > 0 && !entry->ends && strcmp (entry->status, "SUCCESS") == 0;
  if (!entry || hidden)
    {
      answer->code = "OK";
      answer->status = "NOT_FOUND";
    }
  else
    say_entry (provider, answer, entry);
  return !entry || entry->left == 0
         || count_down (provider, entry, entry->left - 1, ask->at, error);
}

gboolean
till_provider_finish (TillProvider *provider, TillErrandKind kind, const char *request_no,
                      int64_t at, GError **error)
{
  const Entry *entry = find (provider, kind, request_no, NULL);
  if (!entry && kind == TILL_ERRAND_REFUND)
    entry = find (provider, TILL_ERRAND_VOID, request_no, NULL);
  if (entry && entry->left > 0)
    return count_down (provider, entry, 0, at, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "nothing is under way under that number");
  return FALSE;
}

gboolean
till_provider_sell_at_terminal (TillProvider *provider, const char *log_no, TillMoney amount,
                                int64_t at, GError **error)
{
  const Entry *entry = find (provider, TILL_ERRAND_PAY, log_no, NULL);
  if (entry && entry->amount == amount)
    return TRUE;
  if (entry || g_hash_table_contains (provider->provider_nos, log_no))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "that number is another payment's");
      return FALSE;
    }
  TillRecord record = { .kind = TILL_RECORD_STATE,
                        .errand = TILL_ERRAND_PAY,
                        .request_no = log_no,
                        .provider_no = log_no,
                        .status = "SUCCESS",
                        .moves = TRUE,
                        .amount = amount,
                        .at = at };
  return record_it (provider, &record, error);
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
  if (row_of (fault->fault)->not_done)
    {
      say_code (answer, "SYSTEM_ERROR");
      return TRUE;
    }
  if (ask->kind == TILL_ERRAND_REVERSE)
    return reverse (provider, ask, fault, answer, error);
  if (ask->kind == TILL_ERRAND_RECALL)
    return recall (provider, ask, fault, answer, error);
  if (ask->kind == TILL_ERRAND_PRESENT)
    return present (provider, ask, fault, answer, error);
  if (till_errand_kind_is_query (ask->kind))
    return query (provider, ask, fault, answer, error);
  return execute (provider, ask, fault, answer, error);
}

/* Of no request of ours. */
#define OTHER_NUMBER "OTHERNUMBER00001"

/* A copy of the provider's book that lags behind answers. What is not done there has no provider's
 * number to name either, nor a time or an amount. */
static void
say_old_state (TillProviderAnswer *answer, const char *state)
{
  if (g_strcmp0 (answer->status, "SUCCESS") != 0)
    return;
  if (g_strcmp0 (state, "NOT_FOUND") == 0)
    *answer = (TillProviderAnswer){ .code = answer->code,
                                    .status = "NOT_FOUND",
                                    .request_no = answer->request_no };
  else
    answer->status = "PROCESSING";
}

/* What the fault does to an answer that is right. */
static void
twist (const Fault *fault, TillProviderAnswer *answer)
{
  const TillFaultRow *row = row_of (fault->fault);
  if (fault->fault == TILL_PROVIDER_OLD_STATE)
    say_old_state (answer, fault->text);
  answer->delivery = row->delivery;
  answer->http_status = row->status;
  if (fault->fault == TILL_PROVIDER_SLOW || fault->fault == TILL_PROVIDER_SILENT
      || fault->fault == TILL_PROVIDER_DRIP)
    answer->delay_ms = fault->value;
  if (fault->fault == TILL_PROVIDER_STRANGE)
    say_code (answer, fault->text);
  if (fault->fault == TILL_PROVIDER_WRONG_AMOUNT && answer->has_amount)
    answer->amount++;
  if (fault->fault == TILL_PROVIDER_OTHER_CURRENCY)
    answer->in_dollars = TRUE;
  if (fault->fault == TILL_PROVIDER_OTHER_NUMBER)
    answer->request_no = OTHER_NUMBER;
  if (fault->fault == TILL_PROVIDER_NO_NUMBER)
    answer->provider_no = NULL;
  if (fault->fault != TILL_PROVIDER_HTTP_429)
    return;
  answer->retry_after_s = fault->value;
  answer->retry_at = fault->text && *fault->text ? fault->text : NULL;
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
  twist (&fault, answer);
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
  return strcmp (record->status, "REVERSED") == 0 ? TILL_ERRAND_REVERSE
                                                  : refund_like (record->errand);
}

guint
till_provider_count_effects (TillProvider *provider, TillErrandKind kind, const char *request_no)
{
  if (kind != TILL_ERRAND_REVERSE)
    return count_of (provider->moved, kind, request_no);
  const Entry *entry = find (provider, TILL_ERRAND_PAY, request_no, NULL);
  return entry && entry->moved > 0 && strcmp (entry->status, "REVERSED") == 0;
}

guint
till_provider_count_asked (TillProvider *provider, TillErrandKind kind, const char *request_no)
{
  return count_of (provider->asked, kind, request_no);
}

const char *
till_provider_presented (TillProvider *provider)
{
  return provider->presented;
}

gboolean
till_provider_peek (TillProvider *provider, TillErrandKind kind, const char *request_no,
                    const char *identity, TillProviderAnswer *answer)
{
  const Entry *entry = find (provider, kind, request_no, identity);
  *answer = (TillProviderAnswer){ .request_no = request_no };
  if (entry)
    say_entry (provider, answer, entry);
  return entry != NULL;
}

const char *
till_provider_number_of (TillProvider *provider, const char *provider_no, TillErrandKind *kind)
{
  const Entry *entry
      = provider_no ? g_hash_table_lookup (provider->provider_nos, provider_no) : NULL;
  if (!entry)
    return NULL;
  *kind = entry->kind;
  return entry->request_no;
}

GPtrArray *
till_provider_refunds_of (TillProvider *provider, const char *original_no)
{
  GPtrArray *numbers = g_ptr_array_new ();
  for (guint i = 0; i < provider->in_order->len; i++)
    {
      const Entry *entry = g_ptr_array_index (provider->in_order, i);
      if (g_strcmp0 (entry->original_no, original_no) == 0)
        g_ptr_array_add (numbers, (gpointer)entry->request_no);
    }
  return numbers;
}

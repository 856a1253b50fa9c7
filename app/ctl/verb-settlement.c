/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider's file of one day held against the books, as a table of classes and a list of what is
 * open, and the fund flow of that day, where there is one, against the file. Kept where that is
 * asked for; else it changes nothing. */
#include "app/ctl/ctl.h"
#include "app/ctl/settlement-kept.h"
#include "app/ctl/table.h"
#include "data/core/error.h"
#include "data/desk/settling.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/file-fetch.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

/* The most of what is open that is written out; the classes count all of it. */
#define LISTED_MAX 1000

/* --- what is said of a file that is not there --- */

static int
say_absent (TillCtl *ctl, const char *provider, const char *day, const TillFileAnswer *answer)
{
  g_autofree char *text = till_file_fetch_absence (answer);
  g_autofree char *ready
      = answer->ready_at ? till_clock_format (answer->ready_at, TILL_CHINA) : NULL;
  json_t *object = json_pack (
      "{s:{s:s,s:s,s:s,s:s,s:s,s:s,s:b}}", "settlement", "provider", provider, "day", day, "file",
      till_file_kind_word (answer->kind), "code", answer->code ? answer->code : "", "detail",
      answer->detail ? answer->detail : "", "ready_at", ready ? ready : "", "open", TRUE);
  return till_ctl_say_found (ctl, object, text);
}

/* --- the fund flow --- */

/* In the order of TillFundsFigure. */
static const char *const funds_labels[TILL_N_FUNDS]
    = { N_ ("Came in"), N_ ("Fees taken"), N_ ("Went back, less fees given back") };

static gboolean
is_open (const TillReconciled *reconciled, const TillFileFetch *fetch)
{
  return reconciled->open || (fetch->funds_answer && !reconciled->funds);
}

static json_t *
funds_object (const TillFunds *funds, const TillFileAnswer *answer)
{
  g_autofree char *ready
      = answer->ready_at ? till_clock_format (answer->ready_at, TILL_CHINA) : NULL;
  json_t *object
      = json_pack ("{s:s,s:s,s:s,s:s,s:b}", "file", till_file_kind_word (answer->kind), "code",
                   answer->code ? answer->code : "", "detail", answer->detail ? answer->detail : "",
                   "ready_at", ready ? ready : "", "agrees", funds && !funds->first);
  if (!funds)
    return object;
  json_object_set_new (object, "differing", json_integer (funds->differing));
  json_object_set_new (object, "first", json_string (funds->first ? funds->first : ""));
  for (int i = 0; i < TILL_N_FUNDS; i++)
    json_object_set_new (object, till_funds_figure_word ((TillFundsFigure)i),
                         json_pack ("{s:I,s:I}", "bill", (json_int_t)funds->bill[i], "flow",
                                    (json_int_t)funds->flow[i]));
  return object;
}

static char *
funds_text (const TillFunds *funds, const TillFileAnswer *answer)
{
  if (!funds)
    {
      g_autofree char *absence = till_file_fetch_absence (answer);
      return g_strdup_printf (_ ("Fund flow: %s"), absence);
    }
  g_autoptr (TillTable) table = till_table_new ("lrr");
  till_table_row (table, _ ("Fund flow"), _ ("file"), _ ("account"));
  till_table_rule (table);
  for (int i = 0; i < TILL_N_FUNDS; i++)
    {
      g_autofree char *bill = till_money_format (funds->bill[i]);
      g_autofree char *flow = till_money_format (funds->flow[i]);
      till_table_row (table, _ (funds_labels[i]), bill, flow);
    }
  g_autofree char *sums = till_table_text (table, 0);
  g_autofree char *verdict
      = funds->first
            ? g_strdup_printf (ngettext ("The fund flow and the file differ in %ld number: %s.",
                                         "The fund flow and the file differ in %ld numbers, the "
                                         "first of them %s.",
                                         (unsigned long)funds->differing),
                               (long)funds->differing, funds->first)
            : g_strdup (_ ("The fund flow agrees with the file."));
  return g_strdup_printf ("%s\n%s", sums, verdict);
}

/* --- the verdict --- */

static json_t *
sums_object (const TillMatchSums *sums)
{
  return json_pack ("{s:I,s:I,s:I}", "rows", (json_int_t)sums->rows, "paid", (json_int_t)sums->paid,
                    "returned", (json_int_t)sums->returned);
}

static json_t *
classes_object (const TillMatching *matching)
{
  json_t *classes = json_array ();
  for (int i = 0; i < TILL_N_MATCHES; i++)
    json_array_append_new (classes, json_pack ("{s:s,s:b,s:o,s:o}", "class",
                                               till_match_class_word ((TillMatchClass)i), "open",
                                               till_match_class_is_open ((TillMatchClass)i),
                                               "theirs", sums_object (&matching->theirs[i]), "ours",
                                               sums_object (&matching->ours[i])));
  return classes;
}

static json_t *
item_object (const TillMatch *match)
{
  const TillSettlementRow *row = match->row;
  const TillBookFact *fact = match->fact;
  const char *number = fact ? fact->request_no : row->request_no;
  json_t *object
      = json_pack ("{s:s,s:s,s:s,s:s}", "class", till_match_class_word (match->match), "kind",
                   till_settlement_kind_word (fact ? fact->kind : row->kind), "request_no",
                   number ? number : "", "sale", fact ? fact->sale_no : "");
  if (row)
    json_object_set_new (object, "theirs",
                         json_pack ("{s:I,s:s,s:s,s:I}", "amount", (json_int_t)row->amount,
                                    "provider_no", row->provider_no ? row->provider_no : "",
                                    "state", row->state ? row->state : "", "line",
                                    (json_int_t)row->line));
  if (fact)
    json_object_set_new (object, "ours",
                         json_pack ("{s:I,s:s,s:s}", "amount", (json_int_t)fact->amount,
                                    "provider_no", fact->provider_no ? fact->provider_no : "",
                                    "state", fact->word));
  return object;
}

static json_t *
verdict_object (const char *provider, const char *day, const TillReconciled *reconciled,
                const TillFileFetch *fetch)
{
  const TillMatching *matching = reconciled->matching;
  json_t *items = json_array ();
  for (guint i = 0; i < matching->matches->len && json_array_size (items) < LISTED_MAX; i++)
    {
      const TillMatch *match = &g_array_index (matching->matches, TillMatch, i);
      if (till_match_class_is_open (match->match))
        json_array_append_new (items, item_object (match));
    }
  json_t *funds
      = fetch->funds_answer ? funds_object (reconciled->funds, fetch->funds_answer) : NULL;
  return json_pack ("{s:{s:s,s:s,s:s,s:b,s:o,s:o,s:o,s:o,s:o*}}", "settlement", "provider",
                    provider, "day", day, "file", till_file_kind_word (TILL_FILE_HERE), "open",
                    is_open (reconciled, fetch), "theirs", sums_object (&matching->their_sum),
                    "ours", sums_object (&matching->our_sum), "classes", classes_object (matching),
                    "items", items, "funds", funds);
}

static void
add_sums (TillTable *table, const char *label, const TillMatchSums *theirs,
          const TillMatchSums *ours)
{
  g_autofree char *their_rows = g_strdup_printf ("%" G_GINT64_FORMAT, theirs->rows);
  g_autofree char *our_rows = g_strdup_printf ("%" G_GINT64_FORMAT, ours->rows);
  g_autofree char *their_paid = till_money_format (theirs->paid);
  g_autofree char *our_paid = till_money_format (ours->paid);
  g_autofree char *their_returned = till_money_format (theirs->returned);
  g_autofree char *our_returned = till_money_format (ours->returned);
  till_table_row (table, label, their_rows, their_paid, their_returned, our_rows, our_paid,
                  our_returned);
}

static char *
classes_text (const TillMatching *matching)
{
  g_autoptr (TillTable) table = till_table_new ("lrrrrrr");
  till_table_row (table, "", _ ("file"), _ ("came in"), _ ("went back"), _ ("books"), _ ("came in"),
                  _ ("went back"));
  till_table_rule (table);
  for (int i = 0; i < TILL_N_MATCHES; i++)
    if (i == TILL_MATCH_MATCHED || matching->theirs[i].rows || matching->ours[i].rows)
      add_sums (table, till_match_class_label ((TillMatchClass)i), &matching->theirs[i],
                &matching->ours[i]);
  till_table_rule (table);
  add_sums (table, _ ("Together"), &matching->their_sum, &matching->our_sum);
  return till_table_text (table, 0);
}

static void
add_item (TillTable *table, const TillMatch *match)
{
  const TillSettlementRow *row = match->row;
  const TillBookFact *fact = match->fact;
  g_autofree char *theirs = row ? till_money_format (row->amount) : NULL;
  g_autofree char *ours = fact ? till_money_format (fact->amount) : NULL;
  till_table_row (table, till_match_class_label (match->match),
                  till_settlement_kind_label (fact ? fact->kind : row->kind),
                  fact ? fact->request_no : row->request_no, theirs, ours, fact ? fact->word : NULL,
                  fact ? fact->sale_no : NULL);
}

static char *
verdict_text (const TillReconciled *reconciled)
{
  const TillMatching *matching = reconciled->matching;
  g_autofree char *classes = classes_text (matching);
  if (!matching->open)
    return g_strdup_printf ("%s\n%s", classes, _ ("Nothing is open."));
  g_autoptr (TillTable) table = till_table_new ("lllrrll");
  int n = 0;
  till_table_row (table, _ ("Open"), "", _ ("number"), _ ("file"), _ ("books"), _ ("state"),
                  _ ("sale"));
  till_table_rule (table);
  for (guint i = 0; i < matching->matches->len && n < LISTED_MAX; i++)
    {
      const TillMatch *match = &g_array_index (matching->matches, TillMatch, i);
      if (!till_match_class_is_open (match->match))
        continue;
      add_item (table, match);
      n++;
    }
  g_autofree char *items = till_table_text (table, 0);
  return g_strdup_printf ("%s\n%s", classes, items);
}

static char *
kept_text (const TillSettled *settled)
{
  g_autofree char *closed
      = g_strdup_printf (ngettext ("%d earlier difference agrees now.",
                                   "%d earlier differences agree now.", (gulong)settled->closed),
                         settled->closed);
  g_autofree char *head = g_strdup_printf (
      settled->again ? _ ("The books had this file already, as number %" PRId64 ".")
                     : _ ("Kept as number %" PRId64 "."),
      settled->id);
  return g_strjoin (" ", head, settled->closed ? closed : NULL, NULL);
}

/* settled NULL: it was not to be kept. */
static int
say_verdict (TillCtl *ctl, const char *provider, const char *day, const TillReconciled *reconciled,
             const TillFileFetch *fetch, const TillSettled *settled)
{
  g_autofree char *text = verdict_text (reconciled);
  if (fetch->funds_answer)
    {
      g_autofree char *funds = funds_text (reconciled->funds, fetch->funds_answer);
      g_autofree char *alone = g_steal_pointer (&text);
      text = g_strdup_printf ("%s\n\n%s", g_strchomp (alone), funds);
    }
  json_t *object = verdict_object (provider, day, reconciled, fetch);
  if (settled)
    {
      g_autofree char *kept = kept_text (settled);
      g_autofree char *alone = g_steal_pointer (&text);
      text = g_strdup_printf ("%s\n\n%s", g_strchomp (alone), kept);
      json_object_set_new (json_object_get (object, "settlement"), "kept",
                           json_pack ("{s:I,s:b,s:i,s:i}", "id", (json_int_t)settled->id, "again",
                                      settled->again, "closed", settled->closed, "asks",
                                      settled->asks));
    }
  return is_open (reconciled, fetch) ? till_ctl_say_found (ctl, object, text)
                                     : till_ctl_say (ctl, object, text);
}

/* --- the file --- */

static TillFileFetch *
get_file (TillShopFolder *folder, const TillCodec *codec, int day, char **paths, GError **error)
{
  g_autoptr (GHashTable) accounts = till_dispatcher_load_accounts (folder->account_root);
  const TillAccount *account = g_hash_table_lookup (accounts, codec->profile->name);
  if (!account)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, _ ("This shop has no account with %s."),
                   codec->profile->name);
      return NULL;
    }
  if (paths)
    {
      g_autoptr (GPtrArray) members = till_file_fetch_open ((const char *const *)paths, error);
      return members ? till_file_fetch_members (codec, account, day, members, error) : NULL;
    }
  TillHttp *http = till_http_new ();
  TillFileFetch *fetch = till_file_fetch (till_http_transport (http), codec, account, day,
                                          till_clock_now (folder->clock), error);
  till_http_free (http);
  return fetch;
}

typedef struct
{
  char **paths; /* owned */
  gboolean keep;
  char *because, *approve; /* owned */
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->paths);
  g_free (options->because);
  g_free (options->approve);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
hold (TillShopFolder *folder, int64_t staff_id, const char *provider, TillFileFetch *fetch,
      const Options *options, TillReconciled **reconciled, TillSettled *settled, TillAnswer *answer,
      GError **error)
{
  TillSettlement *settlement = g_steal_pointer (&fetch->settlement);
  const TillSettlingFile file = { .provider = provider,
                                  .digest = fetch->digest,
                                  .flow_digest = fetch->funds_digest,
                                  .flow_missing = fetch->funds_answer && !fetch->funds,
                                  .by_hand = options->paths != NULL };
  if (options->keep)
    return till_settling_keep (folder->ledger, staff_id, &file, settlement, fetch->funds,
                               reconciled, settled, answer, error);
  return till_reconciling_compare (folder->ledger, staff_id, provider, settlement, fetch->funds,
                                   reconciled, answer, error);
}

static gboolean
may (TillLedger *ledger, int64_t staff_id, const Options *options, TillAnswer *answer,
     GError **error)
{
  return options->keep && options->paths ? till_settling_may_bring (ledger, staff_id, answer, error)
                                         : till_reconciling_may (ledger, staff_id, answer, error);
}

static int
compare (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, const TillCodec *codec, int day,
         const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *day_text = till_clock_format_day (day);
  const char *provider = codec->profile->name;
  TillAnswer answer;
  if (!may (folder->ledger, staff_id, options, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autoptr (TillFileFetch) fetch = get_file (folder, codec, day, options->paths, &error);
  if (!fetch)
    return till_ctl_say_error (ctl, error);
  if (!fetch->settlement)
    return say_absent (ctl, provider, day_text, fetch->answer);
  g_autoptr (TillReconciled) reconciled = NULL;
  TillSettled settled = { 0 };
  if (!hold (folder, staff_id, provider, fetch, options, &reconciled, &settled, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  return say_verdict (ctl, provider, day_text, reconciled, fetch, options->keep ? &settled : NULL);
}

/* What the words want done. */
typedef struct
{
  enum
  {
    LIST,
    ROWS,
    CLOSE,
    COMPARE
  } what;
  const TillCodec *codec;
  int day;
  int64_t id;
  int n;
} Wish;

static gboolean
parse_row (const char *text, Wish *wish)
{
  int64_t n;
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);
  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_signed (parts[0], 10, 1, G_MAXINT64, &wish->id, NULL)
      || !g_ascii_string_to_signed (parts[1], 10, 1, TILL_SETTLING_ROWS_MAX, &n, NULL))
    return FALSE;
  wish->n = (int)n;
  return TRUE;
}

/* FALSE: *exit_code says what is wrong with the words. */
static gboolean
read_wish (TillCtl *ctl, int argc, char **argv, Wish *wish, int *exit_code)
{
  g_autoptr (GError) error = NULL;
  gboolean lists = strcmp (argv[1], "list") == 0, closes = strcmp (argv[1], "close") == 0;
  wish->what = lists ? (argc == 2 ? LIST : ROWS) : closes ? CLOSE : COMPARE;
  int words = lists ? (argc == 2 ? 1 : 3) : 2;
  if (argc - 1 != words || (closes && !parse_row (argv[2], wish)))
    {
      *exit_code = till_ctl_say_usage (
          ctl, "%s", _ ("Say PROVIDER DAY, list, list PROVIDER DAY, or close FILE/ROW."));
      return FALSE;
    }
  if (wish->what == LIST || wish->what == CLOSE)
    return TRUE;
  const char *provider = argv[words - 1], *day = argv[words];
  wish->codec = till_codec_find (provider);
  if (!wish->codec)
    *exit_code = till_ctl_say_usage (ctl, _ ("There is no provider “%.40s”."), provider);
  else if (!till_clock_parse_day (day, &wish->day, &error))
    *exit_code = till_ctl_say_error (ctl, error);
  else
    return TRUE;
  return FALSE;
}

static int
fulfil (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, const Wish *wish,
        const Options *options)
{
  switch (wish->what)
    {
    case LIST:
      return till_settlement_kept_days (ctl, folder, staff_id);
    case ROWS:
      return till_settlement_kept_rows (ctl, folder, staff_id, wish->codec->profile->name,
                                        wish->day);
    case CLOSE:
      return till_settlement_kept_close (ctl, folder, staff_id, wish->id, wish->n,
                                         options->because ? options->because : "",
                                         options->approve);
    default:
      return compare (ctl, folder, staff_id, wish->codec, wish->day, options);
    }
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code = TILL_EXIT_DONE;
  g_auto (Options) options = { 0 };
  Wish wish = { 0 };
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths,
      N_ ("A file that is here already, instead of asking; may be given again"), N_ ("PATH") },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &options.keep, N_ ("Write into the books what it says"),
      NULL },
    { "because", 0, 0, G_OPTION_ARG_STRING, &options.because, N_ ("What it was"), N_ ("TEXT") },
    { "approve", 0, 0, G_OPTION_ARG_STRING, &options.approve,
      N_ ("The second person; the PIN is asked for after yours"), N_ ("STAFF") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, 3, &exit_code)
      || !read_wish (ctl, argc, argv, &wish, &exit_code))
    return exit_code;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  return staff_id ? fulfil (ctl, folder, staff_id, &wish, &options) : exit_code;
}

const TillVerb till_verb_settlement = {
  "settlement",
  "PROVIDER DAY | list [PROVIDER DAY] | close FILE/ROW",
  N_ ("Hold a provider's file of a day against the books; what the books keep of that"),
  "  tillctl --as 2 settlement wechat 2026-11-22\n"
  "  tillctl --as 2 settlement wechat 2026-11-22 --keep\n"
  "  tillctl --as 2 settlement alipay 2026-11-22 --file detail.csv --file sums.csv\n"
  "  tillctl --as 2 settlement wechat 2026-11-22 --file bill.csv.gz --file funds.csv.gz\n"
  "  tillctl --as 2 settlement list wechat 2026-11-22\n"
  "  tillctl --as 3 settlement close 12/1 --because \"in the file of the 24th\" --approve 2",
  run,
};

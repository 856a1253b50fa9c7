/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider's file of one day held against the books, as a table of classes and a list of what is
 * open, and the fund flow of that day, where there is one, against the file. Changes nothing. */
#include "app/ctl/ctl.h"
#include "app/ctl/table.h"
#include "data/core/error.h"
#include "data/desk/reconciling.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/file-fetch.h"
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/unpack.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* The most of what is open that is written out; the classes count all of it. */
#define LISTED_MAX 1000

/* In the order of TillMatchClass. */
static const char *const class_labels[TILL_N_MATCHES]
    = { N_ ("Matched"),
        N_ ("Amount or payment differs"),
        N_ ("State differs"),
        N_ ("Moved a second time"),
        N_ ("Only in the file"),
        N_ ("Only in the books"),
        N_ ("Only in the books, near the day's end"),
        N_ ("Not confirmed by either"),
        N_ ("Done, but no part of this kind of file"),
        N_ ("Not ours") };

static const char *
kind_label (TillSettlementKind kind)
{
  static const char *const labels[]
      = { N_ ("Payment"), N_ ("Refund"), N_ ("Reversal"), N_ ("Other") };
  return _ (labels[kind]);
}

/* --- what is said of a file that is not there --- */

static char *
absence_text (const TillFileAnswer *answer)
{
  g_autofree char *code = answer->code ? g_strdup_printf (" (%s)", answer->code) : g_strdup ("");
  const char *detail = answer->detail ? answer->detail : "";
  g_autofree char *ready = till_clock_format (answer->ready_at, TILL_CHINA);
  switch ((int)answer->kind)
    {
    case TILL_FILE_NOT_YET:
      return g_strdup_printf (_ ("The provider has no file of that day yet%s. That is never “there "
                                 "was nothing”. Ask again from %s, Beijing time."),
                              code, ready);
    case TILL_FILE_REFUSED:
      return g_strdup_printf (_ ("The question was not taken%s. %s"), code, detail);
    case TILL_FILE_BROKEN:
      return g_strdup_printf (
          _ ("A file came and is not believed, none of it: %s. Fetch it again, or ask the "
             "provider."),
          detail);
    default:
      return g_strdup_printf (_ ("No believable answer came%s. %s"), code, detail);
    }
}

static int
say_absent (TillCtl *ctl, const char *provider, const char *day, const TillFileAnswer *answer)
{
  g_autofree char *text = absence_text (answer);
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
      g_autofree char *absence = absence_text (answer);
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
  const TillFact *fact = match->fact;
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
      add_sums (table, _ (class_labels[i]), &matching->theirs[i], &matching->ours[i]);
  till_table_rule (table);
  add_sums (table, _ ("Together"), &matching->their_sum, &matching->our_sum);
  return till_table_text (table, 0);
}

static void
add_item (TillTable *table, const TillMatch *match)
{
  const TillSettlementRow *row = match->row;
  const TillFact *fact = match->fact;
  g_autofree char *theirs = row ? till_money_format (row->amount) : NULL;
  g_autofree char *ours = fact ? till_money_format (fact->amount) : NULL;
  till_table_row (table, _ (class_labels[match->match]), kind_label (fact ? fact->kind : row->kind),
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

static int
say_verdict (TillCtl *ctl, const char *provider, const char *day, const TillReconciled *reconciled,
             const TillFileFetch *fetch)
{
  g_autofree char *text = verdict_text (reconciled);
  if (fetch->funds_answer)
    {
      g_autofree char *funds = funds_text (reconciled->funds, fetch->funds_answer);
      g_autofree char *alone = g_steal_pointer (&text);
      text = g_strdup_printf ("%s\n\n%s", g_strchomp (alone), funds);
    }
  json_t *object = verdict_object (provider, day, reconciled, fetch);
  return is_open (reconciled, fetch) ? till_ctl_say_found (ctl, object, text)
                                     : till_ctl_say (ctl, object, text);
}

/* --- the file --- */

/* "x.csv.gz" is unpacked into "x.csv", "x.zip" into what is in it. */
static gboolean
read_file (const char *path, GPtrArray *members, GError **error)
{
  GStatBuf facts;
  g_autofree char *name = g_path_get_basename (path);
  char *text = NULL;
  gsize size = 0;
  if (g_stat (path, &facts) == 0 && facts.st_size > TILL_UNPACK_PACKED_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, _ ("%s is too large."), path);
      return FALSE;
    }
  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, size);
  gboolean gzip = g_str_has_suffix (name, ".gz"), zip = g_str_has_suffix (name, ".zip");
  if (gzip)
    name[strlen (name) - strlen (".gz")] = '\0';
  g_autoptr (GPtrArray) inside = till_unpack (bytes,
                                              gzip  ? TILL_PACKING_GZIP
                                              : zip ? TILL_PACKING_ZIP
                                                    : TILL_PACKING_PLAIN,
                                              name, error);
  if (!inside)
    return FALSE;
  g_ptr_array_extend_and_steal (members, g_steal_pointer (&inside));
  return TRUE;
}

static GPtrArray *
read_files (char **paths, GError **error)
{
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  for (char **path = paths; *path; path++)
    if (!read_file (*path, members, error))
      return NULL;
  return g_steal_pointer (&members);
}

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
      g_autoptr (GPtrArray) members = read_files (paths, error);
      return members ? till_file_fetch_members (codec, account, day, members, error) : NULL;
    }
  TillHttp *http = till_http_new ();
  TillFileFetch *fetch = till_file_fetch (till_http_transport (http), codec, account, day,
                                          till_clock_now (folder->clock), error);
  till_http_free (http);
  return fetch;
}

static int
compare (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, const TillCodec *codec, int day,
         char **paths)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *day_text = till_clock_format_day (day);
  const char *provider = codec->profile->name;
  TillAnswer answer;
  if (!till_reconciling_may (folder->ledger, staff_id, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autoptr (TillFileFetch) fetch = get_file (folder, codec, day, paths, &error);
  if (!fetch)
    return till_ctl_say_error (ctl, error);
  if (!fetch->settlement)
    return say_absent (ctl, provider, day_text, fetch->answer);
  g_autoptr (TillReconciled) reconciled = NULL;
  if (!till_reconciling_compare (folder->ledger, staff_id, provider,
                                 g_steal_pointer (&fetch->settlement), fetch->funds, &reconciled,
                                 &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  return say_verdict (ctl, provider, day_text, reconciled, fetch);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code = TILL_EXIT_DONE, day;
  g_auto (GStrv) paths = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths,
      N_ ("A file that is here already, instead of asking; may be given again"), N_ ("PATH") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 2, 2, &exit_code))
    return exit_code;
  const TillCodec *codec = till_codec_find (argv[1]);
  if (!codec)
    return till_ctl_say_usage (ctl, _ ("There is no provider “%.40s”."), argv[1]);
  if (!till_clock_parse_day (argv[2], &day, &error))
    return till_ctl_say_error (ctl, error);
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  return staff_id ? compare (ctl, folder, staff_id, codec, day, paths) : exit_code;
}

const TillVerb till_verb_settlement = {
  "settlement",
  "PROVIDER DAY",
  N_ ("Hold a provider's file of a day against the books"),
  "  tillctl --as 2 settlement wechat 2026-11-22\n"
  "  tillctl --as 2 settlement alipay 2026-11-22 --file detail.csv --file sums.csv\n"
  "  tillctl --as 2 settlement wechat 2026-11-22 --file bill.csv.gz --file funds.csv.gz",
  run,
};

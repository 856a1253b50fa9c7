/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/wording.h"
#include "app/ctl/table.h"
#include "data/desk/provider-health.h"
#include "data/desk/selling.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

typedef struct
{
  char *from, *to, *by; /* owned */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->from);
  g_free (options->to);
  g_free (options->by);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
report (TillCtl *ctl, const Options *options, TillReportBy by)
{
  int exit_code = TILL_EXIT_DONE, from, to;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  from = to = till_clock_day (till_clock_now (folder->clock), shop->zone);
  if ((options->from && !till_clock_parse_day (options->from, &from, &error))
      || (options->to && !till_clock_parse_day (options->to, &to, &error)))
    return till_ctl_say_error (ctl, error);
  if (from > to)
    return till_ctl_say_usage (ctl, "%s", _ ("The first day is after the last."));
  g_autoptr (TillReport) found = NULL;
  TillAnswer answer;
  if (!till_reporting_returns (folder->ledger, staff_id, from, to, by, &found, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  if (!till_reporting_closing (folder->ledger, till_codec_profile, NULL, found, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text = till_wording_report_text (found, shop->zone);
  return till_ctl_say (ctl, json_pack ("{s:o}", "report", till_wording_report (found, shop->zone)),
                       text);
}

/* --- how the providers have been answering --- */

static json_t *
span_object (const TillHealthSpan *span)
{
  return json_pack ("{s:i,s:i,s:I,s:I,s:s,s:i}", "answers", span->n, "silent", span->silent,
                    "median_ms", (json_int_t)(span->median / 1000), "worst_ms",
                    (json_int_t)(span->worst / 1000), "refused", span->refused ? span->refused : "",
                    "refused_n", span->refused_n);
}

static json_t *
silence_object (const TillHealthSilence *silence, const char *zone)
{
  if (silence->calls == 0)
    return json_null ();
  g_autofree char *from = till_clock_format (silence->from, zone);
  g_autofree char *to = till_clock_format (silence->to, zone);
  return json_pack ("{s:s,s:s,s:i,s:i,s:i}", "from", from, "to", to, "calls", silence->calls,
                    "payments", silence->payments, "refunds", silence->refunds);
}

static json_t *
silences_array (const TillHealth *health, const char *zone)
{
  json_t *array = json_array ();
  for (int i = 0; i < MIN (health->n_silences, TILL_HEALTH_SILENCES); i++)
    json_array_append_new (array, silence_object (&health->silences[i], zone));
  return array;
}

static json_t *
health_object (const TillHealth *health, const char *zone)
{
  g_autofree char *done
      = health->last_done_at ? till_clock_format (health->last_done_at, zone) : g_strdup ("");
  g_autofree char *answered
      = health->last_answer_at ? till_clock_format (health->last_answer_at, zone) : g_strdup ("");
  return json_pack (
      "{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:i,s:o,s:i,s:I}", "provider", health->provider, "stopped",
      till_stop_cause_word (health->stop ? health->stop->cause : TILL_STOP_NONE), "state",
      till_health_word (health->state), "last_done_at", done, "last_answer_at", answered, "day",
      span_object (&health->day), "last", span_object (&health->last), "silence",
      silence_object (&health->silences[0], zone), "silences_n", health->n_silences, "silences",
      silences_array (health, zone), "open", health->open, "open_amount",
      (json_int_t)health->open_amount);
}

/* "0.2 s / 9.0 s" by integers. */
static char *
times_text (const TillHealthSpan *span)
{
  if (span->n == span->silent)
    return g_strdup ("–");
  int64_t median = span->median / 100000, worst = span->worst / 100000;
  return g_strdup_printf ("%" PRId64 ".%d s / %" PRId64 ".%d s", median / 10, (int)(median % 10),
                          worst / 10, (int)(worst % 10));
}

static void
add_span (TillTable *table, const char *name, const TillHealthSpan *span)
{
  g_autofree char *silent = g_strdup_printf (_ ("%d of %d"), span->silent, span->n);
  g_autofree char *times = times_text (span);
  g_autofree char *refused
      = span->refused ? g_strdup_printf ("%d× %s", span->refused_n, span->refused) : g_strdup ("");
  till_table_row (table, name, silent, times, refused);
}

static char *
health_text (const TillHealth *health, const char *zone)
{
  const TillCodec *codec = till_codec_find (health->provider);
  g_autofree char *done
      = health->last_done_at ? till_clock_format (health->last_done_at, zone) : g_strdup ("–");
  g_autofree char *amount = till_money_format_screen (health->open_amount);
  g_autoptr (TillTable) table = till_table_new ("lrrl");
  till_table_row (table, "", _ ("not answered"), _ ("median / worst"), _ ("refused most"));
  add_span (table, _ ("24 hours"), &health->day);
  add_span (table, _ ("last 100"), &health->last);
  g_autofree char *rows = till_table_text (table, 4);
  /* Translators: provider, state, time of the last success, open refunds and their money. */
  g_autofree char *head
      = g_strdup_printf (_ ("%s: %s; last success %s; open refunds: %d, %s\n%s"),
                         codec ? _ (codec->profile->words) : health->provider,
                         till_health_label (health->state), done, health->open, amount, rows);
  GString *text = g_string_new (head);
  for (int i = 0; i < MIN (health->n_silences, TILL_HEALTH_SILENCES); i++)
    {
      g_autofree char *from = till_clock_format (health->silences[i].from, zone);
      g_autofree char *to = till_clock_format (health->silences[i].to, zone);
      g_autofree char *silence = till_health_silence_sentence (&health->silences[i], from, to);
      g_string_append_printf (text, "    %s\n", silence);
    }
  return g_string_free (text, FALSE);
}

static int
report_providers (TillCtl *ctl)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  g_autoptr (GPtrArray) healths = NULL;
  TillAnswer answer;
  if (!shop || !till_reporting_providers (folder->ledger, staff_id, &healths, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  json_t *array = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < healths->len; i++)
    {
      const TillHealth *health = g_ptr_array_index (healths, i);
      g_autofree char *one = health_text (health, shop->zone);
      json_array_append_new (array, health_object (health, shop->zone));
      g_string_append (text, one);
      if (health->stop)
        {
          const TillCodec *codec = till_codec_find (health->provider);
          g_autofree char *why = till_stop_sentence (
              health->stop, codec ? _ (codec->profile->words) : health->provider, shop->zone);
          g_string_append_printf (text, "%s\n", why);
        }
    }
  if (healths->len == 0)
    g_string_append (text, _ ("No provider was asked yet."));
  return till_ctl_say (ctl, json_pack ("{s:o}", "providers", array), text->str);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_auto (Options) options = { 0 };
  TillReportBy by = TILL_BY_REASON;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("First day; today if left out"),
      N_ ("DAY") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Last day; today if left out"),
      N_ ("DAY") },
    { "by", 0, 0, G_OPTION_ARG_STRING, &options.by, N_ ("reason, cashier, item, day or route"),
      N_ ("WHAT") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, 1, &exit_code))
    return exit_code;
  gboolean providers = strcmp (argv[1], "providers") == 0;
  if (!providers && strcmp (argv[1], "returns") != 0)
    return till_ctl_say_usage (
        ctl, _ ("There is no report “%.40s”; there are those of returns and of providers."),
        argv[1]);
  if (providers && (options.from || options.to || options.by))
    return till_ctl_say_usage (
        ctl, "%s",
        _ ("The report of providers is of the last 24 hours and the last 100 "
           "answers; it takes no days."));
  if (providers)
    return report_providers (ctl);
  if (options.by && !till_report_by_from_word (options.by, &by))
    return till_ctl_say_usage (ctl, _ ("“%.40s” is none of reason, cashier, item, day, route."),
                               options.by);
  return report (ctl, &options, by);
}

const TillVerb till_verb_report = {
  "report",
  "returns | providers",
  N_ ("Returns and refunds of some days; how the providers have been answering"),
  "  tillctl --as 2 report returns --from 2026-11-01 --to 2026-11-30 --by reason\n"
  "  tillctl --as 2 report providers",
  run,
};

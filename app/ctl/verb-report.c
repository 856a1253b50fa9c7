/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/wording.h"
#include "data/desk/selling.h"

#include <glib/gi18n.h>
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
  g_autofree char *text = till_wording_report_text (found);
  return till_ctl_say (ctl, json_pack ("{s:o}", "report", till_wording_report (found)), text);
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
  if (strcmp (argv[1], "returns") != 0)
    return till_ctl_say_usage (ctl, _ ("There is no report “%.40s”; there is one of returns."),
                               argv[1]);
  if (options.by && !till_report_by_from_word (options.by, &by))
    return till_ctl_say_usage (ctl, _ ("“%.40s” is none of reason, cashier, item, day, route."),
                               options.by);
  return report (ctl, &options, by);
}

const TillVerb till_verb_report = {
  "report",
  "returns",
  N_ ("Returns and refunds of some days"),
  "  tillctl --as 2 report returns --from 2026-11-01 --to 2026-11-30 --by reason",
  run,
};

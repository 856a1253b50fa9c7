/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register of devices: what there is, a check, work, and the end of one. */
#include "app/ctl/device-words.h"
#include "data/desk/tending.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

/* What stands behind the verb. */
typedef struct
{
  TillCtl *ctl;           /* unowned */
  TillShopFolder *folder; /* unowned */
  int64_t actor;
  int64_t no;   /* of the device that is meant; 0: none */
  char **words; /* unowned; what follows the number, or what is added */
  gboolean all;
  int month;                                        /* yyyymm; 0: this one */
  const char *because, *day, *cost, *by, *firmware; /* unowned; options, or NULL */
} Said;

static int
today_of (TillShopFolder *folder, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_look (folder->ledger, error);
  return txn ? till_txn_day (txn) : 0;
}

static int
list (Said *said)
{
  g_autoptr (GError) error = NULL;
  int today = today_of (said->folder, &error);
  g_autoptr (GPtrArray) records
      = today ? till_tending_list (said->folder->ledger, said->all, &error) : NULL;
  if (!records)
    return till_ctl_say_error (said->ctl, error);
  json_t *array = json_array ();
  for (guint i = 0; i < records->len; i++)
    json_array_append_new (array, till_device_words_record (g_ptr_array_index (records, i), today));
  g_autofree char *text = records->len
                              ? till_device_words_list (records, today)
                              : g_strdup (_ ("The register is empty. Take a device in: tillctl "
                                             "device add KIND NAME."));
  return till_ctl_say (said->ctl, json_pack ("{s:o}", "devices", array), text);
}

static int
show (Said *said)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillDeviceRecord) record = NULL;
  TillAnswer answer;
  TillLedger *ledger = said->folder->ledger;
  int today = today_of (said->folder, &error);
  if (!today || !till_tending_load (ledger, said->no, &record, &answer, &error))
    return till_ctl_say_error (said->ctl, error);
  if (!record)
    return till_ctl_say_no (said->ctl, &answer);
  g_autoptr (GPtrArray) checks = till_tending_checks (ledger, said->no, &error);
  g_autoptr (GPtrArray) services = checks ? till_tending_services (ledger, said->no, &error) : NULL;
  if (!services)
    return till_ctl_say_error (said->ctl, error);
  g_autoptr (TillDeviceFigures) figures = NULL;
  if (!till_device_figures_read (ledger, said->no, said->month, &figures, &error))
    return till_ctl_say_error (said->ctl, error);
  json_t *object = till_device_words_record (record, today);
  json_t *found = json_array (), *done = json_array ();
  for (guint i = 0; i < checks->len; i++)
    json_array_append_new (found, till_device_words_check (g_ptr_array_index (checks, i)));
  for (guint i = 0; i < services->len; i++)
    json_array_append_new (done, till_device_words_service (g_ptr_array_index (services, i)));
  json_object_set_new (object, "checks", found);
  json_object_set_new (object, "services", done);
  json_object_set_new (object, "figures", till_device_words_figures (figures));
  g_autofree char *text = till_device_words_whole (record, figures, checks, services, today);
  return till_ctl_say (said->ctl, json_pack ("{s:o}", "device", object), text);
}

/* --- deeds --- */

static int
say_written (Said *said, gboolean ran, int64_t no, const TillAnswer *answer, const GError *error)
{
  if (!ran)
    return till_ctl_say_error (said->ctl, error);
  if (answer->code != TILL_YES)
    return till_ctl_say_no (said->ctl, answer);
  g_autofree char *text = g_strdup_printf (_ ("Device %" PRId64 ": written into the journal."), no);
  return till_ctl_say (said->ctl, json_pack ("{s:{s:I}}", "written", "no", (json_int_t)no), text);
}

static int
put (Said *said, TillDeviceRecord *record, char **fields)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  int64_t no = 0;
  for (int i = 0; fields[i]; i++)
    if (!till_device_words_take (record, fields[i], &error))
      return till_ctl_say_error (said->ctl, error);
  gboolean ran = till_tending_put (said->folder->ledger, said->actor, record, &no, &answer, &error);
  return say_written (said, ran, no, &answer, error);
}

static int
add (Said *said)
{
  TillDeviceRecordKind kind;
  if (!till_device_record_kind_from_word (said->words[0], &kind))
    return till_ctl_say_usage (said->ctl,
                               _ ("“%.20s” is no kind of device: reader, printer, scanner, scale, "
                                  "display, drawer, computer or terminal."),
                               said->words[0]);
  g_autoptr (TillDeviceRecord) record = till_device_record_new (kind, said->words[1]);
  return put (said, record, said->words + 2);
}

static int
correct (Said *said)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillDeviceRecord) record = NULL;
  TillAnswer answer;
  if (!till_tending_load (said->folder->ledger, said->no, &record, &answer, &error))
    return till_ctl_say_error (said->ctl, error);
  return record ? put (said, record, said->words) : till_ctl_say_no (said->ctl, &answer);
}

static int
check (Said *said)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean good = strcmp (said->words[0], "good") == 0;
  if (!good && strcmp (said->words[0], "bad") != 0)
    return till_ctl_say_usage (said->ctl, "%s", _ ("How was it? Say good or bad."));
  gboolean ran = till_tending_check (said->folder->ledger, said->actor, said->no, good,
                                     TILL_CHECK_SAID, said->because, &answer, &error);
  return say_written (said, ran, said->no, &answer, error);
}

static int
service (Said *said)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillDeviceService done = { .words = (char *)said->because,
                             .before = (char *)"",
                             .after = (char *)said->firmware,
                             .done_by = (char *)said->by,
                             .cost = -1 };
  if (!till_service_deed_from_word (said->words[0], &done.deed))
    return till_ctl_say_usage (said->ctl,
                               _ ("“%.20s” is no kind of work: repair, upgrade, cleaning or part."),
                               said->words[0]);
  if ((said->day && !till_clock_parse_day (said->day, &done.day, &error))
      || (said->cost && !till_money_parse (said->cost, &done.cost, &error)))
    return till_ctl_say_error (said->ctl, error);
  if (!said->day)
    done.day = today_of (said->folder, &error);
  gboolean ran
      = done.day
        && till_tending_serve (said->folder->ledger, said->actor, said->no, &done, &answer, &error);
  return say_written (said, ran, said->no, &answer, error);
}

static int
retire (Said *said)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  gboolean ran = till_tending_retire (said->folder->ledger, said->actor, said->no, said->because,
                                      &answer, &error);
  return say_written (said, ran, said->no, &answer, error);
}

/* least, most: words behind the deed, the number included. */
static const struct
{
  const char *word;
  int least, most;
  gboolean has_no, acts;
  int (*run) (Said *said);
} deeds[] = {
  { "list", 0, 0, FALSE, FALSE, list },   { "show", 1, 1, TRUE, FALSE, show },
  { "add", 2, 16, FALSE, TRUE, add },     { "correct", 2, 16, TRUE, TRUE, correct },
  { "check", 2, 2, TRUE, TRUE, check },   { "service", 2, 2, TRUE, TRUE, service },
  { "retire", 1, 1, TRUE, TRUE, retire },
};

static int
find_deed (int argc, char **argv, Said *said)
{
  const char *word = argc > 1 ? argv[1] : "list";
  int n = MAX (argc - 2, 0);
  for (int i = 0; i < (int)G_N_ELEMENTS (deeds); i++)
    {
      if (strcmp (word, deeds[i].word) != 0 || n < deeds[i].least || n > deeds[i].most)
        continue;
      said->words = argv + (argc > 1 ? 2 : 1);
      if (!deeds[i].has_no)
        return i;
      said->words++;
      return g_ascii_string_to_signed (argv[2], 10, 1, G_MAXINT64, &said->no, NULL) ? i : -1;
    }
  return -1;
}

static int
run_deed (Said *said, int deed)
{
  int exit_code;
  g_autoptr (TillShopFolder) folder = till_ctl_open (said->ctl, &exit_code);
  if (!folder)
    return exit_code;
  said->folder = folder;
  said->actor = deeds[deed].acts ? till_ctl_sign_in (said->ctl, folder, &exit_code) : 0;
  return deeds[deed].acts && said->actor == 0 ? exit_code : deeds[deed].run (said);
}

/* "2026-11" */
static gboolean
read_month (const char *text, int *month)
{
  int day;
  g_autofree char *first = g_strdup_printf ("%s-01", text);
  gboolean good = till_clock_parse_day (first, &day, NULL);
  *month = good ? day / 100 : 0;
  return good;
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  gboolean all = FALSE;
  g_autofree char *month = NULL, *because = NULL, *day = NULL, *cost = NULL, *by = NULL,
                  *firmware = NULL;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("Also what is retired"), NULL },
    { "month", 0, 0, G_OPTION_ARG_STRING, &month, N_ ("How it worked then; else this month"),
      N_ ("MONTH") },
    { "because", 0, 0, G_OPTION_ARG_STRING, &because, N_ ("What was found, done, or why"),
      N_ ("TEXT") },
    { "day", 0, 0, G_OPTION_ARG_STRING, &day, N_ ("When it was done; else today"), N_ ("DAY") },
    { "cost", 0, 0, G_OPTION_ARG_STRING, &cost, N_ ("What it cost"), N_ ("AMOUNT") },
    { "by", 0, 0, G_OPTION_ARG_STRING, &by, N_ ("Who did it"), N_ ("NAME") },
    { "firmware", 0, 0, G_OPTION_ARG_STRING, &firmware, N_ ("The firmware it has now"),
      N_ ("VERSION") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, -1, &exit_code))
    return exit_code;
  Said said = { .ctl = ctl,
                .all = all,
                .because = because,
                .day = day,
                .cost = cost,
                .by = by,
                .firmware = firmware };
  if (month && !read_month (month, &said.month))
    return till_ctl_say_usage (ctl, _ ("“%.20s” is no month. Write it as 2026-11."), month);
  int deed = find_deed (argc, argv, &said);
  if (deed < 0)
    return till_ctl_say_usage (ctl, "%s",
                               _ ("Say list, show NO, add KIND NAME, correct NO WHAT=VALUE, check "
                                  "NO good or bad, service NO WORK, or retire NO."));
  return run_deed (&said, deed);
}

const TillVerb till_verb_device = {
  "device",
  "[list | show NO | add KIND NAME [WHAT=VALUE …] | correct NO WHAT=VALUE … | check NO good|bad | "
  "service NO WORK | retire NO]",
  N_ ("The register of devices: warranty, checks, repairs"),
  "  tillctl --as 3 device add printer \"Front printer\" serial=J9X1 warranty=2027-03-01\n"
  "  tillctl --as 1 device check 1 good\n"
  "  tillctl --as 3 device service 1 repair --because \"new knife\" --cost 120 --by \"Zhang\"\n"
  "  tillctl --as 3 device retire 1 --because \"broken for good\"",
  run,
};

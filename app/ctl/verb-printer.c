/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to paper: which there are, which one is taken, and a test slip. */
#include "app/ctl/ctl.h"
#include "app/ctl/table.h"
#include "data/desk/arranging.h"
#include "data/desk/selling.h"
#include "data/desk/tending.h"
#include "devices/gateway/registry.h"
#include "devices/print/printers.h"
#include "devices/print/trial.h"

#include <glib/gi18n.h>
#include <string.h>

/* "paper-out cover-open", "" for no trouble. */
static char *
trouble_of (guint trouble)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint one = 1; one <= TILL_PRINTER_OTHER; one <<= 1)
    if (trouble & one)
      g_string_append_printf (words, "%s%s", words->len ? " " : "",
                              till_printer_trouble_word (one));
  return g_strdup (words->str);
}

static int
list (TillCtl *ctl, const TillShop *shop)
{
  g_autofree char *problem = NULL;
  g_autoptr (GPtrArray) found = till_printers_find (shop, &problem);
  json_t *array = json_array ();
  g_autoptr (TillTable) table = till_table_new ("llllll");
  for (guint i = 0; i < found->len; i++)
    {
      const TillPrinterFound *one = g_ptr_array_index (found, i);
      g_autofree char *trouble = trouble_of (one->trouble);
      const char *setting = one->on_usb ? "paper.usb" : "paper.queue";
      json_array_append_new (array, json_pack ("{s:s,s:s,s:s,s:b,s:b,s:b,s:s}", "setting", setting,
                                               "name", one->name, "words", one->words, "can_tell",
                                               one->can_tell, "driverless", one->is_driverless,
                                               "chosen", one->chosen, "trouble", trouble));
      till_table_row (table, one->chosen ? "*" : "", setting, one->name, one->words,
                      till_printer_found_proof (one), trouble);
    }
  g_autofree char *rows = found->len ? till_table_text (table, 0)
                                     : g_strdup (_ ("No printer and no queue was found."));
  g_autofree char *text = problem ? g_strdup_printf ("%s\n%s", rows, problem) : g_strdup (rows);
  return till_ctl_say (
      ctl, json_pack ("{s:o,s:s}", "printers", array, "problem", problem ? problem : ""), text);
}

/* One that is not there can be taken, too: it may be switched off. */
static int
use (TillCtl *ctl, TillShopFolder *folder, int64_t actor, const char *name)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  till_printers_choose (shop, name);
  const TillSettingChange changes[]
      = { { "paper.usb", shop->paper_usb }, { "paper.queue", shop->paper_queue } };
  if (!till_arranging_change (folder->ledger, actor, changes, G_N_ELEMENTS (changes),
                              till_codec_profile, NULL, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  return till_ctl_say (ctl,
                       json_pack ("{s:{s:s,s:s}}", "use", "setting",
                                  *shop->paper_usb ? "paper.usb" : "paper.queue", "name", name),
                       _ ("Saved. It holds when the till is started again."));
}

/* actor 0: nobody has signed in who could have checked it. */
static int
test (TillCtl *ctl, TillShopFolder *folder, const TillShop *shop, int64_t actor)
{
  g_autoptr (GError) error = NULL;
  int64_t checked = 0;
  TillAnswer answer;
  g_autoptr (TillJobReport) report = till_trial_print (
      shop, folder->roll_dir, till_clock_now (folder->clock), TILL_TRIAL_SECONDS, &error);
  if (!report)
    return till_ctl_say_error (ctl, error);
  gboolean good = report->state == TILL_JOB_COMPLETED;
  if (good && report->proven && actor
      && !till_tending_proved (folder->ledger, actor, shop->paper_usb, &checked, &answer, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *trouble = trouble_of (report->trouble);
  g_autofree char *said = till_trial_sentence (report);
  g_autofree char *text
      = checked ? g_strdup_printf ("%s %s", said, _ ("The register has it as the printer's check."))
                : g_strdup (said);
  json_t *object = json_pack (
      "{s:{s:s,s:b,s:b,s:s,s:s,s:o}}", "test", "state", till_job_state_word (report->state),
      "proven", good && report->proven, "untouched", report->untouched, "trouble", trouble, "words",
      report->words, "checked", checked ? json_integer (checked) : json_null ());
  return good ? till_ctl_say (ctl, object, text) : till_ctl_say_found (ctl, object, text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  if (!till_ctl_parse (ctl, context, NULL, &argc, &argv, 0, 2, &exit_code))
    return exit_code;
  const char *what = argc > 1 ? argv[1] : "list";
  gboolean lists = strcmp (what, "list") == 0 && argc <= 2;
  gboolean tests = strcmp (what, "test") == 0;
  gboolean uses = strcmp (what, "use") == 0 && argc == 3;
  if (!lists && !tests && !uses)
    return till_ctl_say_usage (ctl, "%s", _ ("Say list, test [NAME], or use NAME."));
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  int64_t actor = uses || (tests && ctl->as) ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (actor == 0 && (uses || (tests && ctl->as)))
    return exit_code;
  if (uses)
    return use (ctl, folder, actor, argv[2]);
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  if (argc == 3)
    till_printers_choose (shop, argv[2]);
  return lists ? list (ctl, shop) : test (ctl, folder, shop, actor);
}

const TillVerb till_verb_printer = {
  "printer",
  "[list | test [NAME] | use NAME]",
  N_ ("Receipt printers and print queues: find, try, take one"),
  "  tillctl printer list\n"
  "  tillctl printer test 04b8:0e28:J9X1\n"
  "  tillctl --as 3 printer use r80",
  run,
};

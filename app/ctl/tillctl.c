/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillctl: reads what stands before the verb, finds the verb, runs it. */
#include "app/ctl/ctl.h"
#include "data/core/secret.h"
#include "devices/gateway/http.h"
#include "widgets/language.h"

#include <glib/gi18n.h>
#include <string.h>

static const TillVerb *const verbs[] = {
  &till_verb_init,    &till_verb_import,  &till_verb_sell,       &till_verb_return,
  &till_verb_refund,  &till_verb_approve, &till_verb_shift,      &till_verb_staff,
  &till_verb_run,     &till_verb_report,  &till_verb_settlement, &till_verb_account,
  &till_verb_verify,  &till_verb_backup,  &till_verb_restore,    &till_verb_scenario,
  &till_verb_demo,    &till_verb_setting, &till_verb_notice,     &till_verb_slip,
  &till_verb_printer, &till_verb_device,  &till_verb_card_slip,
};

static void
ctl_clear (TillCtl *ctl)
{
  g_free (ctl->shop);
  g_free (ctl->as);
  g_free (ctl->program);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillCtl, ctl_clear)

static char *
describe_verbs (void)
{
  GString *text = g_string_new (_ ("Verbs:"));
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_string_append_printf (text, "\n  %-10s %s", verbs[i]->name, _ (verbs[i]->summary));
  g_string_append_printf (text, "\n\n%s", _ ("Each verb has its own help: tillctl VERB --help"));
  return g_string_free (text, FALSE);
}

static const TillVerb *
find_verb (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i]->name, name) == 0)
      return verbs[i];
  return NULL;
}

static int
run_verb (TillCtl *ctl, const TillVerb *verb, int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (verb->arguments);
  g_option_context_set_summary (context, _ (verb->summary));
  g_autofree char *examples = g_strdup_printf ("%s\n%s", _ ("Examples:"), verb->examples);
  g_option_context_set_description (context, examples);
  g_autofree char *name = g_strdup_printf ("tillctl %s", verb->name);
  g_set_prgname (name);
  return verb->run (ctl, context, argc, argv);
}

static gboolean
parse (TillCtl *ctl, gboolean *version, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "shop", 0, 0, G_OPTION_ARG_FILENAME, &ctl->shop, N_ ("The folder of the shop"), N_ ("DIR") },
    { "as", 0, 0, G_OPTION_ARG_STRING, &ctl->as, N_ ("Who acts: a staff number"), N_ ("STAFF") },
    { "pin-fd", 0, 0, G_OPTION_ARG_INT, &ctl->pin_fd,
      N_ ("Read PINs from this file descriptor, a line each"), N_ ("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_ ("Answer with one JSON object"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_ ("Show the version"), NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("VERB …"));
  g_autofree char *described = describe_verbs ();
  g_option_context_set_summary (context, _ ("The till in the terminal."));
  g_option_context_set_description (context, described);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  /* What follows the verb belongs to the verb. */
  g_option_context_set_strict_posix (context, TRUE);
  return g_option_context_parse (context, argc, argv, error);
}

int
main (int argc, char *argv[])
{
  g_auto (TillCtl) ctl = { .pin_fd = -1 };
  g_autoptr (GError) error = NULL;
  gboolean version = FALSE;
  if (!till_language_set (till_language_get (), &error))
    return till_ctl_say_error (&ctl, error);
  till_secret_init ();
  till_http_init ();
  ctl.program = g_strdup (argv[0]);
  g_set_prgname ("tillctl");

  /* A failed parse takes back what it had set, and whoever asked for JSON gets JSON. */
  gboolean json = g_strv_contains ((const char *const *)argv, "--json");
  if (!parse (&ctl, &version, &argc, &argv, &error))
    {
      ctl.json = json;
      return till_ctl_say_error (&ctl, error);
    }
  if (version)
    {
      g_print ("tillctl %s\n", TILL_VERSION);
      return TILL_EXIT_DONE;
    }
  if (argc < 2)
    return till_ctl_say_usage (&ctl, "%s", _ ("Which verb? See tillctl --help."));
  const TillVerb *verb = find_verb (argv[1]);
  if (!verb)
    return till_ctl_say_usage (&ctl, _ ("There is no verb “%.40s”. See tillctl --help."), argv[1]);
  return run_verb (&ctl, verb, argc - 1, argv + 1);
}

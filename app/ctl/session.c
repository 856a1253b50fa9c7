/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What most verbs begin with: options, the shop, who is there. */
#include "app/ctl/ctl.h"
#include "data/core/secret.h"
#include "data/desk/staffing.h"

#include <glib/gi18n.h>

gboolean
till_ctl_parse (TillCtl *ctl, GOptionContext *context, const GOptionEntry *entries, int *argc,
                char ***argv, int least, int most, int *exit_code)
{
  g_autoptr (GError) error = NULL;
  if (entries)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *exit_code = till_ctl_say_error (ctl, error);
      return FALSE;
    }
  int words = *argc - 1;
  /* "--" only says that what follows is no option. */
  if (words > 0 && g_strcmp0 ((*argv)[1], "--") == 0)
    {
      for (int i = 1; i < *argc; i++)
        (*argv)[i] = (*argv)[i + 1];
      *argc -= 1;
      words -= 1;
    }
  if (words >= least && (most < 0 || words <= most))
    return TRUE;
  *exit_code
      = till_ctl_say_usage (ctl, _ ("%s words after the verb. See %s --help."),
                            words < least ? _ ("Too few") : _ ("Too many"), g_get_prgname ());
  return FALSE;
}

static TillShopFolder *
open_by (TillCtl *ctl, gboolean (*opens) (TillShopFolder *, GError **), int *exit_code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = ctl->shop ? g_strdup (ctl->shop) : till_shop_folder_default ();
  g_autoptr (TillShopFolder) folder = till_shop_folder_at (dir, NULL);
  if (opens (folder, &error))
    return g_steal_pointer (&folder);
  *exit_code = till_ctl_say_error (ctl, error);
  return NULL;
}

TillShopFolder *
till_ctl_open (TillCtl *ctl, int *exit_code)
{
  return open_by (ctl, till_shop_folder_open, exit_code);
}

TillShopFolder *
till_ctl_look (TillCtl *ctl, int *exit_code)
{
  return open_by (ctl, till_shop_folder_look, exit_code);
}

int64_t
till_ctl_sign_in (TillCtl *ctl, TillShopFolder *folder, int *exit_code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillStaff) staff = NULL;
  TillAnswer answer;
  if (!ctl->as)
    {
      *exit_code = till_ctl_say_usage (ctl, "%s", _ ("Who are you? Say so with --as STAFF."));
      return 0;
    }
  char *pin = till_pin_read (ctl, _ ("PIN: "), &error);
  gboolean asked
      = pin && till_staffing_sign_in (folder->ledger, ctl->as, pin, &staff, &answer, &error);
  till_secret_free (pin);
  if (!asked)
    *exit_code = till_ctl_say_error (ctl, error);
  else if (answer.code != TILL_YES)
    *exit_code = till_ctl_say_no (ctl, &answer);
  return asked && answer.code == TILL_YES ? staff->id : 0;
}

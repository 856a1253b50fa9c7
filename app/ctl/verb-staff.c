/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who works here: list, add, unlock. */
#include "app/ctl/ctl.h"
#include "data/core/secret.h"
#include "data/desk/staffing.h"

#include <glib/gi18n.h>

static int
list (TillCtl *ctl, TillShopFolder *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = till_staffing_list (folder->ledger, &error);
  if (!people)
    return till_ctl_say_error (ctl, error);
  json_t *array = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < people->len; i++)
    {
      const TillStaff *staff = g_ptr_array_index (people, i);
      const char *role = till_role_word (staff->role);
      g_string_append_printf (text, "%-8s  %-10s  %s\n", staff->no, role, staff->name);
      json_array_append_new (
          array, json_pack ("{s:s,s:s,s:s}", "no", staff->no, "role", role, "name", staff->name));
    }
  return till_ctl_say (ctl, json_pack ("{s:o}", "staff", array), text->str);
}

static int
say_done (TillCtl *ctl, const TillAnswer *answer, const char *no, const char *text)
{
  if (answer->code != TILL_YES)
    return till_ctl_say_no (ctl, answer);
  return till_ctl_say (ctl, json_pack ("{s:{s:s}}", "staff", "no", no), text);
}

/* The PIN of the new person follows that of whoever adds them. */
static int
add (TillCtl *ctl, TillShopFolder *folder, int64_t actor, char **words)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillRole role;
  int64_t id;
  if (!till_role_from_word (words[2], &role))
    return till_ctl_say_usage (ctl, _ ("“%.20s” is no role: cashier, supervisor or manager."),
                               words[2]);
  g_autofree char *prompt = g_strdup_printf (_ ("New PIN of %s: "), words[0]);
  char *pin = till_pin_read (ctl, prompt, &error);
  gboolean done = pin
                  && till_staffing_add (folder->ledger, actor, words[0], words[1], role, pin, &id,
                                        &answer, &error);
  till_secret_free (pin);
  if (!done)
    return till_ctl_say_error (ctl, error);
  g_autofree char *text = g_strdup_printf (_ ("%s can sign in as %s."), words[1], words[0]);
  return say_done (ctl, &answer, words[0], text);
}

static int
unlock (TillCtl *ctl, TillShopFolder *folder, int64_t actor, const char *no)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  if (!till_staffing_unlock (folder->ledger, actor, no, &answer, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text = g_strdup_printf (_ ("%s can sign in again."), no);
  return say_done (ctl, &answer, no, text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  if (!till_ctl_parse (ctl, context, NULL, &argc, &argv, 0, 4, &exit_code))
    return exit_code;
  const char *what = argc > 1 ? argv[1] : "list";
  gboolean adds = g_str_equal (what, "add") && argc == 5;
  gboolean unlocks = g_str_equal (what, "unlock") && argc == 3;
  gboolean lists = g_str_equal (what, "list") && argc <= 2;
  if (!adds && !unlocks && !lists)
    return till_ctl_say_usage (ctl, "%s", _ ("Say list, add NO NAME ROLE, or unlock NO."));
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  if (lists)
    return list (ctl, folder);
  int64_t actor = till_ctl_sign_in (ctl, folder, &exit_code);
  if (actor == 0)
    return exit_code;
  return adds ? add (ctl, folder, actor, argv + 2) : unlock (ctl, folder, actor, argv[2]);
}

const TillVerb till_verb_staff = {
  "staff",
  "[list | add NO NAME ROLE | unlock NO]",
  N_ ("Who works here: list, add, unlock"),
  "  tillctl staff\n"
  "  tillctl --as 1 staff add 2 \"Wang Wei\" supervisor\n"
  "  tillctl --as 1 staff unlock 2",
  run,
};

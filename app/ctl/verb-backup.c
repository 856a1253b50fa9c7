/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the books while they are in use, and back. Whoever may read the folder may copy it, so
 * neither verb asks for a PIN. */
#include "app/ctl/ctl.h"
#include "data/ledger/backup.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static int
run_backup (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_autoptr (GError) error = NULL;
  if (!till_ctl_parse (ctl, context, NULL, &argc, &argv, 1, 1, &exit_code))
    return exit_code;
  g_autoptr (TillShopFolder) folder = till_ctl_look (ctl, &exit_code);
  if (!folder)
    return exit_code;
  int64_t seq = 0;
  if (!till_backup_write (folder->ledger, argv[1], &error)
      || !till_backup_check (argv[1], &seq, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text = g_strdup_printf (
      _ ("Copied to %s and checked; the last entry in it is %" PRId64 "."), argv[1], seq);
  return till_ctl_say (
      ctl, json_pack ("{s:{s:s,s:I}}", "backup", "path", argv[1], "entry", (json_int_t)seq), text);
}

static int
run_restore (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  gboolean verify = FALSE;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "verify", 0, 0, G_OPTION_ARG_NONE, &verify, N_ ("Only check that the copy can be used"),
      NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, 1, &exit_code))
    return exit_code;
  int64_t seq = 0;
  g_autofree char *dir = ctl->shop ? g_strdup (ctl->shop) : till_shop_folder_default ();
  g_autoptr (TillShopFolder) folder = till_shop_folder_at (dir, NULL);
  if (!till_backup_check (argv[1], &seq, &error)
      || (!verify && !till_backup_restore (argv[1], folder->ledger_path, folder->clock, &error)))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text
      = verify
            ? g_strdup_printf (_ ("The copy is whole; its last entry is %" PRId64 "."), seq)
            : g_strdup_printf (_ ("Restored up to entry %" PRId64
                                  ". Whatever was under way will be asked about, not sent again."),
                               seq);
  return till_ctl_say (ctl,
                       json_pack ("{s:{s:s,s:I,s:b}}", "restore", "path", argv[1], "entry",
                                  (json_int_t)seq, "restored", !verify),
                       text);
}

const TillVerb till_verb_backup = {
  "backup",
  "FILE",
  N_ ("Copy the books while they are in use, and check the copy"),
  "  tillctl backup /media/stick/till-2026-11-22.db",
  run_backup,
};

const TillVerb till_verb_restore = {
  "restore",
  "FILE",
  N_ ("Put a copy in place of missing books, or only check it"),
  "  tillctl restore --verify /media/stick/till-2026-11-22.db\n"
  "  tillctl --shop ~/shop restore /media/stick/till-2026-11-22.db",
  run_restore,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the shop is set up: list, look at one, change. */
#include "app/ctl/ctl.h"
#include "app/ctl/table.h"
#include "data/desk/arranging.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <string.h>

static json_t *
words_of (const TillSetting *setting)
{
  return json_pack ("{s:s,s:s,s:b,s:b,s:b}", "key", setting->key, "value", setting->value, "set",
                    setting->is_set, "fixed", (setting->traits & TILL_SETTING_FIXED) != 0,
                    "at_start", (setting->traits & TILL_SETTING_AT_START) != 0);
}

static const char *
remark_on (const TillSetting *setting)
{
  if (setting->traits & TILL_SETTING_FIXED)
    return _ ("fixed");
  return setting->is_set ? "" : _ ("as it comes");
}

/* key: NULL for all of them. */
static int
show (TillCtl *ctl, TillShopFolder *folder, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = till_arranging_list (folder->ledger, &error);
  if (!list)
    return till_ctl_say_error (ctl, error);
  json_t *array = json_array ();
  g_autoptr (TillTable) table = till_table_new ("lll");
  for (guint i = 0; i < list->len; i++)
    {
      const TillSetting *setting = g_ptr_array_index (list, i);
      if (key && strcmp (key, setting->key) != 0)
        continue;
      json_array_append_new (array, words_of (setting));
      till_table_row (table, setting->key, setting->value, remark_on (setting));
    }
  if (json_array_size (array) == 0)
    {
      json_decref (array);
      return till_ctl_say_usage (ctl, _ ("There is no setting “%.40s”. See tillctl setting list."),
                                 key);
    }
  g_autofree char *text = till_table_text (table, 0);
  return till_ctl_say (ctl, json_pack ("{s:o}", "settings", array), text);
}

/* Several at once, so that what only fits together can be set together. */
static int
set (TillCtl *ctl, TillShopFolder *folder, int64_t actor, char **words)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  TillSettingChange changes[TILL_SETTING_CHANGES_MAX];
  guint n = 0;
  for (; words[n]; n++)
    {
      char *sign = strchr (words[n], '=');
      *sign = '\0';
      changes[n] = (TillSettingChange){ words[n], sign + 1 };
    }
  if (!till_arranging_change (folder->ledger, actor, changes, n, till_codec_profile, NULL, &answer,
                              &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  gboolean at_start = FALSE;
  json_t *array = json_array ();
  for (guint i = 0; i < n; i++)
    {
      json_array_append_new (array, json_string (changes[i].key));
      at_start
          = at_start || (till_setting_store_traits (changes[i].key) & TILL_SETTING_AT_START) != 0;
    }
  return till_ctl_say (ctl, json_pack ("{s:o,s:b}", "set", array, "at_start", at_start),
                       at_start ? _ ("Saved. It holds when the till is started again.")
                                : _ ("Saved. It holds from now on."));
}

static gboolean
are_pairs (char **words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!strchr (words[i], '='))
      return FALSE;
  return n > 0;
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  if (!till_ctl_parse (ctl, context, NULL, &argc, &argv, 0, TILL_SETTING_CHANGES_MAX, &exit_code))
    return exit_code;
  const char *what = argc > 1 ? argv[1] : "list";
  gboolean lists = strcmp (what, "list") == 0 && argc <= 2;
  gboolean gets = strcmp (what, "get") == 0 && argc == 3;
  gboolean sets = strcmp (what, "set") == 0 && are_pairs (argv + 2, (guint)MAX (argc - 2, 0));
  if (!lists && !gets && !sets)
    return till_ctl_say_usage (ctl, "%s", _ ("Say list, get KEY, or set KEY=VALUE …."));
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  if (!sets)
    return show (ctl, folder, gets ? argv[2] : NULL);
  int64_t actor = till_ctl_sign_in (ctl, folder, &exit_code);
  return actor == 0 ? exit_code : set (ctl, folder, actor, argv + 2);
}

const TillVerb till_verb_setting = {
  "setting",
  "[list | get KEY | set KEY=VALUE …]",
  N_ ("How the shop is set up: list, look, change"),
  "  tillctl setting list\n"
  "  tillctl setting get provider.codes\n"
  "  tillctl --as 3 setting set provider.card=unionpay provider.codes=10-15=wechat",
  run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Providers' notices about numbers the books do not know: which, and a manager's word about one. */
#include "app/ctl/ctl.h"
#include "app/ctl/table.h"
#include "data/desk/noticing.h"
#include "data/desk/selling.h"

#include <glib/gi18n.h>
#include <string.h>

/* As the provider says it: an amount without a currency is in yuan, null is not said. */
static json_t *
words_of (const TillKeptNotice *stray, const char *at)
{
  json_t *amount = stray->told ? json_integer (stray->told) : json_null ();
  return json_pack ("{s:I,s:s,s:s,s:s,s:b,s:s,s:i,s:o,s:s?}", "id", (json_int_t)stray->id, "at", at,
                    "provider", stray->provider, "request_no", stray->request_no, "refund",
                    stray->is_refund, "words", stray->words, "repeats", stray->repeats, "amount",
                    amount, "currency", *stray->currency ? stray->currency : NULL);
}

static int
list (TillCtl *ctl, TillShopFolder *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  g_autoptr (GPtrArray) strays
      = shop ? till_noticing_list (folder->ledger, TILL_NOTICE_STRAYS_MAX, &error) : NULL;
  if (!strays)
    return till_ctl_say_error (ctl, error);
  json_t *array = json_array ();
  g_autoptr (TillTable) table = till_table_new ("rllllrl");
  for (guint i = 0; i < strays->len; i++)
    {
      const TillKeptNotice *stray = g_ptr_array_index (strays, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, stray->id);
      g_autofree char *at = till_clock_format (stray->at, shop->zone);
      g_autofree char *amount = till_kept_notice_told (stray);
      json_array_append_new (array, words_of (stray, at));
      till_table_row (table, id, at, stray->provider,
                      stray->is_refund ? _ ("refund") : _ ("payment"), stray->request_no,
                      *amount ? amount : "–", stray->words);
    }
  g_autofree char *text = strays->len
                              ? till_table_text (table, 0)
                              : g_strdup (_ ("Every notice was about a number of this shop."));
  return till_ctl_say (ctl, json_pack ("{s:o}", "notices", array), text);
}

static int
settle (TillCtl *ctl, TillShopFolder *folder, int64_t actor, int64_t id, const char *because)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  if (!till_noticing_settle (folder->ledger, actor, id, because, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  return till_ctl_say (ctl, json_pack ("{s:{s:I}}", "settled", "id", (json_int_t)id),
                       _ ("Settled, and written into the journal."));
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  int64_t id = 0;
  g_autofree char *because = NULL;
  const GOptionEntry entries[] = {
    { "because", 0, 0, G_OPTION_ARG_STRING, &because, N_ ("What it was"), N_ ("TEXT") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 2, &exit_code))
    return exit_code;
  gboolean settles = argc == 3 && strcmp (argv[1], "settle") == 0
                     && g_ascii_string_to_signed (argv[2], 10, 1, G_MAXINT64, &id, NULL);
  gboolean lists = argc == 1 || (argc == 2 && strcmp (argv[1], "list") == 0);
  if (!settles && !lists)
    return till_ctl_say_usage (ctl, "%s", _ ("Say list, or settle ID --because TEXT."));
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  if (lists)
    return list (ctl, folder);
  int64_t actor = till_ctl_sign_in (ctl, folder, &exit_code);
  return actor == 0 ? exit_code : settle (ctl, folder, actor, id, because);
}

const TillVerb till_verb_notice = {
  "notice",
  "[list | settle ID]",
  N_ ("What providers told about numbers this shop does not know"),
  "  tillctl notice list\n"
  "  tillctl --as 3 notice settle 12 --because \"the till at the back door\"",
  run,
};

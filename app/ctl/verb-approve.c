/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returns that wait for a second person: which, and that person's word. */
#include "app/ctl/wording.h"
#include "data/core/secret.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>

static int
list (TillCtl *ctl, TillShopFolder *folder, const char *zone)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waiting = till_returning_waiting (folder->ledger, &error);
  if (!waiting)
    return till_ctl_say_error (ctl, error);
  json_t *array = json_array ();
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < waiting->len; i++)
    {
      const TillReturn *goods = g_ptr_array_index (waiting, i);
      g_autofree char *one = till_wording_return_text (goods, zone);
      g_string_append (text, one);
      json_array_append_new (array, till_wording_return (goods, zone));
    }
  if (waiting->len == 0)
    g_string_append (text, _ ("Nothing waits for a second person."));
  int exit_code = till_ctl_say (ctl, json_pack ("{s:o}", "waiting", array), text->str);
  g_string_free (text, TRUE);
  return exit_code;
}

/* --as names the second person here: the one who decides. */
static int
decide (TillCtl *ctl, TillShopFolder *folder, const char *no, const char *reject, const char *zone)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillReturn) asked = NULL, goods = NULL;
  TillAnswer answer;
  if (!ctl->as)
    return till_ctl_say_usage (ctl, "%s", _ ("Who are you? Say so with --as STAFF."));
  if (!till_returning_load (folder->ledger, no, &asked, &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  char *pin = till_pin_read (ctl, _ ("PIN: "), &error);
  TillSecond second = { ctl->as, pin, FALSE };
  gboolean done = pin
                  && till_returning_decide (folder->ledger, asked->id, &second, reject == NULL,
                                            reject ? reject : "", till_codec_profile, &goods,
                                            &answer, &error);
  till_secret_free (pin);
  if (!done)
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autofree char *text = till_wording_return_text (goods, zone);
  return till_ctl_say (ctl, json_pack ("{s:o}", "return", till_wording_return (goods, zone)), text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_autofree char *reject = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "reject", 0, 0, G_OPTION_ARG_STRING, &reject, N_ ("Say no, and why"), N_ ("REASON") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 1, &exit_code))
    return exit_code;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  return argc == 1 ? list (ctl, folder, shop->zone)
                   : decide (ctl, folder, argv[1], reject, shop->zone);
}

const TillVerb till_verb_approve = {
  "approve",
  "[RETURN]",
  N_ ("Returns that wait for a second person: list, approve, reject"),
  "  tillctl approve\n"
  "  tillctl --as 2 approve 92010126112200000025\n"
  "  tillctl --as 2 approve 92010126112200000025 --reject \"no receipt\"",
  run,
};

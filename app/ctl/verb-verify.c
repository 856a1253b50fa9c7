/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/ctl.h"
#include "data/ledger/verify.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static json_t *
verdict_object (const TillVerdict *verdict)
{
  return json_pack ("{s:{s:b,s:I,s:I,s:I,s:s}}", "verdict", "sound", verdict->sound, "entries",
                    (json_int_t)verdict->entries, "facts", (json_int_t)verdict->facts, "bad_entry",
                    (json_int_t)verdict->bad_seq, "what", verdict->what ? verdict->what : "");
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  gboolean chain = FALSE;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "chain", 0, 0, G_OPTION_ARG_NONE, &chain, N_ ("Only walk the chain of entries"), NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 0, &exit_code))
    return exit_code;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  TillVerdict verdict = { 0 };
  if (!(chain ? till_verify_chain (folder->ledger, &verdict, &error)
              : till_verify_books (folder->ledger, &verdict, &error)))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text
      = verdict.sound ? g_strdup_printf (
            _ ("The books are sound: %" PRId64 " entries chain, %" PRId64 " facts are as written."),
            verdict.entries, verdict.facts)
                      : g_strdup_printf (_ ("The books are NOT sound, first at entry %" PRId64
                                            ": %s\nChange nothing, keep a copy and call somebody."),
                                         verdict.bad_seq, verdict.what);
  json_t *object = verdict_object (&verdict);
  exit_code
      = verdict.sound ? till_ctl_say (ctl, object, text) : till_ctl_say_found (ctl, object, text);
  till_verdict_clear (&verdict);
  return exit_code;
}

const TillVerb till_verb_verify = {
  "verify",
  "",
  N_ ("Check chain, postings and caps; name the first bad row"),
  "  tillctl --shop ~/shop verify\n"
  "  tillctl verify --chain",
  run,
};

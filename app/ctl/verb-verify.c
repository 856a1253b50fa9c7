/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/ctl.h"
#include "data/core/error.h"
#include "data/desk/noticing.h"
#include "data/ledger/anchor.h"
#include "data/ledger/slip-store.h"
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

/* The books may be sound in themselves and yet not the newest. */
static gboolean
check_anchors (TillLedger *ledger, TillVerdict *verdict, GError **error)
{
  g_autoptr (GError) found = NULL;
  if (!verdict->sound || till_anchors_compare (ledger, &found))
    return TRUE;
  if (!g_error_matches (found, TILL_ERROR, TILL_ERROR_STOPPED)
      && !g_error_matches (found, TILL_ERROR, TILL_ERROR_INVALID))
    {
      g_propagate_error (error, g_steal_pointer (&found));
      return FALSE;
    }
  verdict->sound = FALSE;
  g_free (verdict->what);
  verdict->what = g_strdup (found->message);
  return TRUE;
}

static int
check_slip (TillCtl *ctl, TillLedger *ledger, const char *slip)
{
  static const char *const words[] = { "right", "wrong", "unknown" };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) parts = g_strsplit (slip, "=", 2);
  g_autofree char *head = g_ascii_strdown (parts[0] && parts[1] ? parts[1] : "", -1);
  TillSlipWord word;
  if (!till_slip_store_check (ledger, parts[0] ? parts[0] : "", head, &word, &error))
    return till_ctl_say_error (ctl, error);
  json_t *object
      = json_pack ("{s:{s:s,s:s,s:s}}", "slip", "no", parts[0], "head", head, "word", words[word]);
  if (word == TILL_SLIP_RIGHT)
    return till_ctl_say (ctl, object, _ ("The slip is of these books."));
  return till_ctl_say_found (
      ctl, object,
      word == TILL_SLIP_WRONG
          ? _ ("The books know this number, but with other digits. Keep slip and books as they "
               "are and call somebody: one of the two was altered, or the books are a copy.")
          : _ ("The books know no such number. Keep the slip and call somebody: the books may be "
               "an older copy."));
}

/* What says nothing against the books and yet wants somebody's eyes. */
static gboolean
add_strays (TillLedger *ledger, json_t *object, char **text, GError **error)
{
  int strays;
  if (!till_noticing_count (ledger, &strays, error))
    return FALSE;
  json_object_set_new (object, "notices", json_integer (strays));
  if (strays == 0)
    return TRUE;
  g_autofree char *verdict = *text;
  *text = g_strdup_printf (
      ngettext ("%s\n%d notice about a number we do not know; see tillctl notice.",
                "%s\n%d notices about numbers we do not know; see tillctl notice.", (gulong)strays),
      verdict, strays);
  return TRUE;
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  gboolean chain = FALSE;
  g_autofree char *slip = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "chain", 0, 0, G_OPTION_ARG_NONE, &chain, N_ ("Only walk the chain of entries"), NULL },
    { "slip", 0, 0, G_OPTION_ARG_STRING, &slip,
      N_ ("Only compare a paper slip: its number and the eight digits below it"),
      N_ ("NO=DIGITS") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 0, &exit_code))
    return exit_code;
  g_autoptr (TillShopFolder) folder = till_ctl_look (ctl, &exit_code);
  if (!folder)
    return exit_code;
  if (slip)
    return check_slip (ctl, folder->ledger, slip);
  TillVerdict verdict = { 0 };
  if (!(chain ? till_verify_chain (folder->ledger, &verdict, &error)
              : till_verify_books (folder->ledger, &verdict, &error))
      || !check_anchors (folder->ledger, &verdict, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text
      = verdict.sound ? g_strdup_printf (
            _ ("The books are sound: %" PRId64 " entries chain, %" PRId64 " facts are as written."),
            verdict.entries, verdict.facts)
                      : g_strdup_printf (_ ("The books are NOT sound, first at entry %" PRId64
                                            ": %s\nChange nothing, keep a copy and call somebody."),
                                         verdict.bad_seq, verdict.what);
  json_t *object = verdict_object (&verdict);
  if (verdict.sound && !chain && !add_strays (folder->ledger, object, &text, &error))
    {
      json_decref (object);
      till_verdict_clear (&verdict);
      return till_ctl_say_error (ctl, error);
    }
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
  "  tillctl verify --chain\n"
  "  tillctl verify --slip 91010126112200000017=3fa4c091",
  run,
};

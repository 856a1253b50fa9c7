/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/file-hand.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/desk/settling.h"
#include "devices/gateway/file-fetch.h"
#include "devices/gateway/registry.h"

#include <string.h>

struct _TillFileHand
{
  TillLedger *ledger; /* unowned */
  TillTransport transport;
  GHashTable *accounts; /* owned reference */
};

TillFileHand *
till_file_hand_new (TillLedger *ledger, TillTransport transport, GHashTable *accounts)
{
  TillFileHand *hand = g_new0 (TillFileHand, 1);
  *hand = (TillFileHand){ ledger, transport, g_hash_table_ref (accounts) };
  return hand;
}

void
till_file_hand_free (TillFileHand *hand)
{
  g_hash_table_unref (hand->accounts);
  g_free (hand);
}

void
till_file_hand_use (TillFileHand *hand, GHashTable *accounts)
{
  g_hash_table_ref (accounts);
  g_hash_table_unref (hand->accounts);
  hand->accounts = accounts;
}

/* Of TillSettlingTaker: whose file can be had by asking, with an account that can be used. */
static GArray *
takers_of (TillFileHand *hand)
{
  GArray *takers = g_array_new (FALSE, FALSE, sizeof (TillSettlingTaker));
  const TillCodec *codec;
  for (guint i = 0; (codec = till_codec_nth (i)) != NULL; i++)
    {
      TillSettlingTaker taker = { codec->profile->name, codec->profile->file_ready_s };
      if (codec->file && taker.ready_s != 0
          && g_hash_table_contains (hand->accounts, taker.provider))
        g_array_append_val (takers, taker);
    }
  return takers;
}

static gboolean
note_absent (TillFileHand *hand, const TillSettlingDue *due, const TillFileAnswer *answer,
             GError **error)
{
  const char *code = answer->code ? answer->code : "";
  const char *detail = answer->detail ? answer->detail : "";
  g_autofree char *said = g_strconcat (code, *code && *detail ? ": " : "", detail, NULL);
  return till_settling_asked (hand->ledger, due->provider, due->day,
                              till_file_kind_word (answer->kind), said, answer->ready_at, error);
}

/* One that came and cannot be kept is noted like one that did not come; what is wrong with the
 * books is not the file's fault. */
static gboolean
keep (TillFileHand *hand, const TillSettlingDue *due, TillFileFetch *fetch, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (TillReconciled) reconciled = NULL;
  TillSettled settled;
  TillAnswer answer;
  const TillSettlingFile file = { .provider = due->provider,
                                  .digest = fetch->digest,
                                  .flow_digest = fetch->funds_digest,
                                  .flow_missing = fetch->funds_answer && !fetch->funds };
  if (till_settling_keep (hand->ledger, 0, &file, g_steal_pointer (&fetch->settlement),
                          fetch->funds, &reconciled, &settled, &answer, &why))
    return TRUE;
  if (g_error_matches (why, TILL_ERROR, TILL_ERROR_INVALID))
    return till_settling_asked (hand->ledger, due->provider, due->day,
                                till_file_kind_word (TILL_FILE_BROKEN), why->message, 0, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

static gboolean
fetch (TillFileHand *hand, const TillSettlingDue *due, GError **error)
{
  const TillCodec *codec = till_codec_find (due->provider);
  const TillAccount *account = g_hash_table_lookup (hand->accounts, due->provider);
  int64_t now = till_clock_now (till_ledger_clock (hand->ledger));
  g_autoptr (TillFileFetch) fetched
      = till_file_fetch (hand->transport, codec, account, due->day, now, error);
  if (!fetched || !till_fault_pass ("file.fetched", error))
    return FALSE;
  return fetched->settlement ? keep (hand, due, fetched, error)
                             : note_absent (hand, due, fetched->answer, error);
}

gboolean
till_file_hand_step (TillFileHand *hand, gboolean *did, int64_t *next_at, GError **error)
{
  int closed;
  int64_t now;
  TillSettlingDue due;
  g_autoptr (GArray) takers = takers_of (hand);
  *did = FALSE;
  *next_at = 0;
  if (!till_settling_review (hand->ledger, &closed, error)
      || !till_settling_next (hand->ledger, (const TillSettlingTaker *)takers->data, takers->len,
                              &due, error)
      || !till_ledger_now (hand->ledger, &now, error))
    return FALSE;
  *did = closed > 0;
  if (*did || !due.provider)
    return TRUE;
  if (due.due_at > now)
    {
      *next_at = till_ledger_on_clock (hand->ledger, due.due_at);
      return TRUE;
    }
  *did = TRUE;
  return fetch (hand, &due, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/hands.h"
#include "data/desk/selling.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/file-hand.h"
#include "devices/print/printers.h"
#include "devices/print/spooler.h"

/* More steps at one moment than any shop has rows due: then a row is due for ever. */
#define STEPS_MAX 1000000

struct _TillHands
{
  TillDispatcher *dispatcher; /* owned */
  TillSpooler *spooler;       /* owned */
  TillFileHand *files;        /* owned; NULL: none are brought */
  TillLedger *ledger;         /* unowned */
  TillTransport transport;
  GHashTable *accounts; /* owned reference */
};

TillHands *
till_hands_new (TillLedger *ledger, TillTransport transport, GHashTable *accounts,
                const char *roll_dir, GError **error)
{
  g_autoptr (TillHands) hands = g_new0 (TillHands, 1);
  g_autoptr (TillShop) shop = till_selling_shop (ledger, error);
  int found;
  if (!shop)
    return NULL;
  hands->ledger = ledger;
  hands->transport = transport;
  hands->accounts = g_hash_table_ref (accounts);
  hands->dispatcher = till_dispatcher_new (ledger, transport, accounts);
  if (!till_dispatcher_recover (hands->dispatcher, &found, error))
    return NULL;
  TillPrinter *printer = till_printers_open (shop, roll_dir, error);
  if (!printer)
    return NULL;
  hands->spooler = till_spooler_new (ledger, printer, shop);
  return g_steal_pointer (&hands);
}

void
till_hands_bring_files (TillHands *hands)
{
  g_assert (!hands->files);
  hands->files = till_file_hand_new (hands->ledger, hands->transport, hands->accounts);
}

void
till_hands_free (TillHands *hands)
{
  g_clear_pointer (&hands->files, till_file_hand_free);
  g_clear_pointer (&hands->accounts, g_hash_table_unref);
  g_clear_pointer (&hands->spooler, till_spooler_free);
  g_clear_pointer (&hands->dispatcher, till_dispatcher_free);
  g_free (hands);
}

static int64_t
earlier (int64_t a, int64_t b)
{
  return a == 0 || (b != 0 && b < a) ? b : a;
}

gboolean
till_hands_step (TillHands *hands, gboolean *did, int64_t *next_at, GError **error)
{
  int64_t paper_at = 0, file_at = 0;
  /* Money before paper; paper between two moves of money, so that it is not starved. */
  gboolean moved = FALSE, printed = FALSE;
  if (!till_dispatcher_step (hands->dispatcher, &moved, next_at, error)
      || !till_spooler_step (hands->spooler, &printed, &paper_at, error))
    return FALSE;
  *did = moved || printed;
  *next_at = earlier (*next_at, paper_at);
  /* Files last of all: nobody waits for one. */
  if (*did || !hands->files)
    return TRUE;
  if (!till_file_hand_step (hands->files, did, &file_at, error))
    return FALSE;
  *next_at = earlier (*next_at, file_at);
  return TRUE;
}

gboolean
till_hands_run (TillHands *hands, int64_t *next_at, GError **error)
{
  gboolean did = TRUE;
  for (int step = 0; did; step++)
    {
      g_assert (step < STEPS_MAX);
      if (!till_hands_step (hands, &did, next_at, error))
        return FALSE;
    }
  return TRUE;
}

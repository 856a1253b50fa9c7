/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shop on disk:
 *
 *   DIR/ledger.db            the books
 *   DIR/account/PROVIDER/    who we are to a provider (devices/gateway/account.h)
 *   DIR/roll/                paper, where there is no printer (devices/print/rollfile.h)
 *   DIR/sandbox/             the practice provider of a training shop (till-sandbox(1))
 *   DIR/seal.key             what closes of shifts are signed with (data/ledger/seal-store.h)
 *   DIR/anchors              which entries closed a shift (data/ledger/anchor.h)
 *   DIR/lock                 held by whoever sends and prints: one program at a time
 *
 * The folder is made 0700. Selling and returning need no lock, the books settle that; but two
 * programs that drain them would ask a provider twice. Plain struct, one thread. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

typedef struct
{
  char *dir; /* owned; absolute; so are all paths */
  char *ledger_path;
  char *account_root; /* DIR/account */
  char *roll_dir;
  char *sandbox_dir;
  char *lock_path;
  int lock_fd;        /* -1 unless this program drains the books */
  TillClock *clock;   /* owned */
  TillLedger *ledger; /* owned; NULL until opened */
} TillShopFolder;

/* What is used without --shop: $TILL_SHOP, else "quittance" in the user's data folder. */
char *till_shop_folder_default (void) G_GNUC_WARN_UNUSED_RESULT;

/* Paths only; nothing is made or opened. Takes clock, or makes the machine's when it is NULL. */
TillShopFolder *till_shop_folder_at (const char *dir, TillClock *clock) G_GNUC_WARN_UNUSED_RESULT;
/* Makes DIR and new, empty books in it and opens them. CONFLICT when there are books. */
gboolean till_shop_folder_make (TillShopFolder *folder, GError **error);
/* For work: STOPPED when the books are older than the closes anchored beside them. */
gboolean till_shop_folder_open (TillShopFolder *folder, GError **error);
/* For examining and copying books that may be anything. */
gboolean till_shop_folder_look (TillShopFolder *folder, GError **error);
/* BUSY when another program holds it; kept until the struct is freed or the process ends. */
gboolean till_shop_folder_lock (TillShopFolder *folder, GError **error);
void till_shop_folder_unlock (TillShopFolder *folder);
void till_shop_folder_free (TillShopFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShopFolder, till_shop_folder_free)

G_END_DECLS

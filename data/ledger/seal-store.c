/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/seal-store.h"
#include "data/core/error.h"
#include "data/ledger/anchor.h"
#include "data/ledger/setting-store.h"
#include "data/ledger/sql.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEY_FILE "seal.key"
#define KEY_SETTING "seal.key"

char *
till_seal_words (const char *shift_no, int64_t seq, const guint8 hash[TILL_DIGEST_SIZE])
{
  g_autofree char *hex = till_digest_to_hex (hash);
  return g_strdup_printf ("quittance seal 1\n%s\t%" G_GINT64_FORMAT "\t%s\n", shift_no, seq, hex);
}

gboolean
till_seal_store_add (TillLedger *ledger, const TillSealKey *key, const char *shift_no, int64_t seq,
                     const guint8 hash[TILL_DIGEST_SIZE], GError **error)
{
  guint8 seal[TILL_SEAL_SIZE];
  g_autofree char *words = till_seal_words (shift_no, seq, hash);
  till_seal_sign (key, words, strlen (words), seal);
  g_autoptr (GBytes) entry = g_bytes_new (hash, TILL_DIGEST_SIZE);
  g_autoptr (GBytes) known = g_bytes_new (till_seal_key_public (key), TILL_SEAL_PUBLIC_SIZE);
  g_autoptr (GBytes) signature = g_bytes_new (seal, sizeof seal);
  return till_sql_run (ledger, error, "INSERT INTO seal VALUES (?,?,?,?)", "lbbb", seq, entry,
                       known, signature);
}

/* --- the key --- */

/* What to do is the same whatever is wrong with the file. */
#define REMEDY                                                                                     \
  "Nothing was closed; the count can be made again. Put the key back from where its copy is kept," \
  " or, when it is lost, let a manager make a new one: tillctl --as STAFF shift key"

static void
explain (GError **error, TillErrorCode code, const GError *found)
{
  g_set_error (error, TILL_ERROR, code, "%s. %s", found->message, REMEDY);
}

TillSealKey *
till_seal_store_key (TillLedger *ledger, const TillShop *shop, GError **error)
{
  g_autofree char *path = till_ledger_beside (ledger, KEY_FILE);
  g_autoptr (GError) found = NULL;
  g_autoptr (TillSealKey) key = till_seal_key_load (path, &found);
  if (!key)
    {
      explain (error, (TillErrorCode)found->code, found);
      return NULL;
    }
  g_autofree char *text = till_seal_public_to_text (till_seal_key_public (key));
  if (g_str_equal (text, shop->seal_key))
    return g_steal_pointer (&key);
  g_set_error (&found, TILL_ERROR, TILL_ERROR_CORRUPT, "%s is not the key of these books", path);
  explain (error, TILL_ERROR_CORRUPT, found);
  return NULL;
}

/* A key that is there is never deleted. */
static gboolean
put_old_key_aside (const char *path, int64_t now, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  g_autofree char *aside = g_strdup_printf ("%s.%" G_GINT64_FORMAT, path, now);
  if (!g_file_test (aside, G_FILE_TEST_EXISTS) && g_rename (path, aside) == 0)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED,
               "the old key %s cannot be put aside: %s; nothing was changed", path,
               g_strerror (errno));
  return FALSE;
}

gboolean
till_seal_store_make_key (TillTxn *txn, GError **error)
{
  g_autofree char *path = till_ledger_beside (till_txn_ledger (txn), KEY_FILE);
  g_assert (!g_str_equal (till_ledger_path (till_txn_ledger (txn)), ":memory:"));
  if (!put_old_key_aside (path, till_txn_now (txn), error))
    return FALSE;
  g_autoptr (TillSealKey) key = till_seal_key_make (path, error);
  if (!key)
    return FALSE;
  g_autofree char *text = till_seal_public_to_text (till_seal_key_public (key));
  return till_setting_store_set (txn, KEY_SETTING, text, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Books in which somebody wrote: small ones, made once, with bytes exchanged. Five bytes an edit:
 * where (four, wrapped to the file), what. They are refused or judged; nothing crashes, and a
 * verdict always says what is wrong. */
#include "tests/data/shop-fixture.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static guint8 *whole; /* for the life of the process */
static gsize whole_size;
static char *path;

static void
make_books (void)
{
  Shop shop = { 0 };
  path = g_strdup_printf ("%s/fuzz-books-%d.db", g_get_tmp_dir (), (int)getpid ());
  g_unlink (path);
  shop_open (&shop, path, 1);
  g_autoptr (TillBasket) basket = shop_basket (&shop);
  shop_scan (&shop, basket, "6901234567892", 2000);
  g_autoptr (TillSale) sale = shop_pay (&shop, basket, NULL);
  g_autoptr (TillReturnDraft) draft
      = till_returning_draft (shop.ledger, shop.cashier, sale->id, NULL);
  till_return_draft_set (draft, 1, 1000);
  draft->reason = TILL_REASON_FAULTY;
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  g_assert_true (till_returning_submit (shop.ledger, shop.cashier, draft, NULL, shop_profile_of,
                                        &goods, &answer, NULL));
  g_assert_true (till_ledger_checkpoint (shop.ledger, NULL));
  shop_close (&shop);
  char *text;
  g_assert_true (g_file_get_contents (path, &text, &whole_size, NULL));
  whole = (guint8 *)text;
}

static void
forget (const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  g_unlink (name);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (!whole)
    make_books ();
  g_autofree guint8 *bytes = g_memdup2 (whole, whole_size);
  for (size_t i = 0; i + 5 <= size; i += 5)
    {
      guint32 where;
      memcpy (&where, data + i, sizeof where);
      bytes[GUINT32_FROM_LE (where) % whole_size] = data[i + 4];
    }
  FILE *file = fopen (path, "wb");
  g_assert_cmpuint (fwrite (bytes, 1, whole_size, file), ==, whole_size);
  fclose (file);
  gboolean same = memcmp (bytes, whole, whole_size) == 0;

  g_autoptr (TillClock) clock = till_clock_new_fake (FIXTURE_NOW, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillLedger) ledger = till_ledger_open (path, clock, &error);
  g_assert_true ((ledger != NULL) == (error == NULL));
  g_auto (TillVerdict) verdict = { 0 };
  g_autoptr (GError) problem = NULL;
  gboolean read = ledger && till_verify_books (ledger, &verdict, &problem);
  if (read)
    g_assert_true (verdict.sound == (*verdict.what == '\0'));
  g_assert_true (!same || (read && verdict.sound));
  g_clear_pointer (&ledger, till_ledger_free);
  forget ("");
  forget ("-wal");
  forget ("-shm");
  return 0;
}

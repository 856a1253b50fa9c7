/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit's walk over the chain beside bare SHA-256 over as many bytes in as many pieces.
 *
 *   chain BOOKS [ROUNDS] [all]      all: the whole audit once, as a proof that the books are sound
 */
#include "tests/bench/bench.h"
#include "tests/bench/shop.h"
#include "data/ledger/sql.h"
#include "data/ledger/verify.h"

static void
walk (TillLedger *ledger, gboolean (*audit) (TillLedger *, TillVerdict *, GError **),
      TillVerdict *verdict)
{
  GError *error = NULL;
  till_verdict_clear (verdict);
  bench_must (audit (ledger, verdict, &error), error);
  if (!verdict->sound)
    g_error ("not sound: %s", verdict->what);
}

/* Bytes an entry has on average, its head and the hash before it included. */
static gsize
piece_size (TillLedger *ledger, int64_t entries)
{
  GError *error = NULL;
  g_auto (TillRows) rows = { 0 };
  bench_must (till_rows_open (&rows, ledger, &error,
                              "SELECT avg (length (CAST (body AS BLOB))) FROM journal"
                              " WHERE seq % 100 = 0 OR ? < 1000",
                              "l", entries),
              error);
  g_assert (till_rows_next (&rows));
  return (gsize)till_rows_int64 (&rows, 0) + 80;
}

static double
hash_bare (gsize piece, int64_t entries)
{
  g_autoptr (TillDigest) digest = till_digest_new ();
  g_autofree char *bytes = g_malloc0 (piece);
  guint8 hash[TILL_DIGEST_SIZE];
  double start = bench_now ();
  for (int64_t i = 0; i < entries; i++)
    {
      till_digest_add (digest, bytes, piece);
      till_digest_finish (digest, hash);
    }
  return bench_now () - start;
}

int
main (int argc, char **argv)
{
  BenchShop shop = { 0 };
  g_auto (TillVerdict) verdict = { 0 };
  bench_shop_open (&shop, argv[1]);
  if (argc > 3)
    walk (shop.ledger, till_verify_books, &verdict);
  walk (shop.ledger, till_verify_chain, &verdict);
  gsize piece = piece_size (shop.ledger, verdict.entries);
  for (int round = 0; round < bench_number (argc, argv, 2, 5); round++)
    {
      double start = bench_now ();
      walk (shop.ledger, till_verify_chain, &verdict);
      double took = bench_now () - start, bare = hash_bare (piece, verdict.entries);
      bench_say ("chain", (double)verdict.entries / took * 1e6,
                 (double)verdict.entries / bare * 1e6);
    }
  bench_shop_close (&shop);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/shift-store.h"
#include "data/ledger/card-slip-store.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/seal.h"
#include "data/ledger/notice-store.h"
#include "data/ledger/sql.h"

#include <string.h>

#define FINAL "('SUCCEEDED', 'BOUNCED', 'CLOSED', 'FAILED', 'REFUSED', 'CANCELLED')"

gboolean
till_shift_store_end (TillLedger *ledger, TillShiftEnd *end, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *end = (TillShiftEnd){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT id, seq, total_sales, total_refunds FROM shift"
                       " ORDER BY id DESC LIMIT 1",
                       ""))
    return FALSE;
  if (till_rows_next (&rows))
    {
      end->id = till_rows_int64 (&rows, 0);
      end->seq = till_rows_int64 (&rows, 1);
      end->total_sales = till_rows_int64 (&rows, 2);
      end->total_refunds = till_rows_int64 (&rows, 3);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_shift_store_began (TillLedger *ledger, int64_t seq, int64_t *at, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT at FROM journal WHERE seq = ?", "l", seq)
         && till_rows_one (&rows, at, error);
}

/* --- shifts --- */

static gboolean
write_open (TillTxn *txn, const TillShift *shift, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (
          &rows, till_txn_ledger (txn), error,
          "SELECT id, state, amount FROM refund WHERE state NOT IN " FINAL " ORDER BY id", ""))
    return FALSE;
  while (till_rows_next (&rows))
    if (!till_txn_add (txn, error, "shift_open", "llsl", shift->id, till_rows_int64 (&rows, 0),
                       till_rows_text (&rows, 1), till_rows_int64 (&rows, 2)))
      return FALSE;
  return till_rows_end (&rows, error);
}

/* The approver as text, which a column of whole numbers takes: only text can be NULL here. */
static gboolean
write_shift (TillTxn *txn, const TillShift *shift, GError **error)
{
  const TillShiftSums *sums = &shift->sums;
  g_autofree char *approver
      = shift->approver_id ? g_strdup_printf ("%" G_GINT64_FORMAT, shift->approver_id) : NULL;
  return till_txn_add (txn, error, "shift", "lsllllllssllllllllllllllllllllll", shift->id,
                       shift->no, sums->first_seq, shift->seq, (int64_t)shift->day, shift->at,
                       (int64_t)shift->till, shift->staff_id, approver, shift->token, sums->sales_n,
                       sums->sales, sums->taken_cash, sums->taken_card, sums->taken_code,
                       sums->returns_n, sums->returns, sums->refunds_n, sums->refunded_cash,
                       sums->refunded_card, sums->refunded_code, sums->bounced, sums->open_n,
                       sums->open, sums->float_in, sums->cash_out, shift->expected, shift->counted,
                       shift->over_short, shift->kept, shift->total_sales, shift->total_refunds);
}

gboolean
till_shift_store_add (TillTxn *txn, TillShift *shift, GError **error)
{
  const TillShop *shop = till_txn_shop (txn);
  if (!till_txn_next_id (txn, "shift", &shift->id, error))
    return FALSE;
  shift->no = till_number_format (TILL_NUMBER_SHIFT, shop->store, shop->till, till_txn_day (txn),
                                  shift->id % 10000000);
  shift->seq = till_txn_seq (txn);
  shift->day = till_txn_day (txn);
  shift->at = till_txn_now (txn);
  shift->till = shop->till;
  shift->staff_id = till_txn_staff (txn);
  return write_shift (txn, shift, error) && write_open (txn, shift, error);
}

static gboolean
load_open (TillLedger *ledger, TillShift *shift, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT o.refund_id, r.no, o.state, o.amount FROM shift_open o"
                       " JOIN refund r ON r.id = o.refund_id WHERE o.shift_id = ?"
                       " ORDER BY o.refund_id",
                       "l", shift->id))
    return FALSE;
  while (till_rows_next (&rows))
    {
      TillShiftOpen *open = g_new0 (TillShiftOpen, 1);
      open->refund_id = till_rows_int64 (&rows, 0);
      open->no = till_rows_dup (&rows, 1);
      open->state = till_rows_dup (&rows, 2);
      open->amount = till_rows_int64 (&rows, 3);
      g_ptr_array_add (shift->open, open);
    }
  return till_rows_end (&rows, error);
}

/* Nothing is kept for it at the close: the entries say what came before it and was settled before
 * it. */
static gboolean
load_unsettled (TillLedger *ledger, TillShift *shift, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t n = 0;
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT count (*) FROM notice o WHERE known = 0 AND seq < ?1 AND NOT EXISTS"
                       " (SELECT 1 FROM notice_settled WHERE notice_id = o.id AND seq < ?1)",
                       "l", shift->seq)
      || !till_rows_one (&rows, &n, error))
    return FALSE;
  shift->unsettled = (int)n;
  return till_notice_store_sum_strays (ledger, shift->seq, &shift->told, error);
}

static const char load_text[]
    = "SELECT s.first_seq, sales_n, sales, taken_cash, taken_card, taken_code, returns_n, returns,"
      " refunds_n, refunded_cash, refunded_card, refunded_code, bounced, open_n, open, float_in,"
      " cash_out, expected, counted, over_short, kept, total_sales, total_refunds,"
      " s.no, token, s.seq, s.day, s.at, s.till, s.staff_id, p.name, coalesce (a.id, 0), a.name,"
      " lower (hex (substr (j.hash, 1, 4))), e.public_key,"
      " (SELECT at FROM journal WHERE seq = s.first_seq)"
      " FROM shift s JOIN staff p ON p.id = s.staff_id JOIN journal j ON j.seq = s.seq"
      " LEFT JOIN staff a ON a.id = s.approver_id LEFT JOIN seal e ON e.seq = s.seq"
      " WHERE s.id = ?";

static void
read_figures (TillRows *rows, TillShift *shift)
{
  TillShiftSums *sums = &shift->sums;
  int64_t *const places[]
      = { &sums->first_seq,  &sums->sales_n,       &sums->sales,         &sums->taken_cash,
          &sums->taken_card, &sums->taken_code,    &sums->returns_n,     &sums->returns,
          &sums->refunds_n,  &sums->refunded_cash, &sums->refunded_card, &sums->refunded_code,
          &sums->bounced,    &sums->open_n,        &sums->open,          &sums->float_in,
          &sums->cash_out,   &shift->expected,     &shift->counted,      &shift->over_short,
          &shift->kept,      &shift->total_sales,  &shift->total_refunds };
  G_STATIC_ASSERT (G_N_ELEMENTS (places) == 23);
  for (int i = 0; i < (int)G_N_ELEMENTS (places); i++)
    *places[i] = till_rows_int64 (rows, i);
}

static TillShift *
read_shift (TillRows *rows, int64_t id)
{
  TillShift *shift = till_shift_new ();
  gsize size;
  read_figures (rows, shift);
  shift->id = id;
  shift->no = till_rows_dup (rows, 23);
  shift->token = till_rows_dup (rows, 24);
  shift->seq = till_rows_int64 (rows, 25);
  shift->day = till_rows_int (rows, 26);
  shift->at = till_rows_int64 (rows, 27);
  shift->till = till_rows_int (rows, 28);
  shift->staff_id = till_rows_int64 (rows, 29);
  shift->staff_name = till_rows_dup (rows, 30);
  shift->approver_id = till_rows_int64 (rows, 31);
  shift->approver_name = till_rows_dup (rows, 32);
  shift->chain = till_rows_dup (rows, 33);
  const guint8 *key = till_rows_blob (rows, 34, &size);
  shift->fingerprint = size == TILL_SEAL_PUBLIC_SIZE ? till_seal_fingerprint (key) : g_strdup ("");
  shift->began_at = till_rows_int64 (rows, 35);
  return shift;
}

gboolean
till_shift_store_load (TillLedger *ledger, int64_t id, TillShift **shift, GError **error)
{
  g_auto (TillMoment) moment = { 0 };
  g_auto (TillRows) rows = { 0 };
  *shift = NULL;
  if (!till_moment_open (&moment, ledger, error)
      || !till_rows_open (&rows, ledger, error, load_text, "l", id))
    return FALSE;
  if (!till_rows_next (&rows))
    return till_rows_end (&rows, error);
  g_autoptr (TillShift) loaded = read_shift (&rows, id);
  if (!till_rows_end (&rows, error) || !load_open (ledger, loaded, error)
      || !load_unsettled (ledger, loaded, error)
      || !till_card_slip_store_sum (ledger, loaded->sums.first_seq, loaded->seq, loaded->terminals,
                                    error))
    return FALSE;
  *shift = g_steal_pointer (&loaded);
  return TRUE;
}

gboolean
till_shift_store_find (TillLedger *ledger, const char *no, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT id FROM shift WHERE no = ?", "s", no)
         && till_rows_one (&rows, id, error);
}

gboolean
till_shift_store_find_token (TillLedger *ledger, const char *token, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error, "SELECT id FROM shift WHERE token = ?", "s", token)
         && till_rows_one (&rows, id, error);
}

gboolean
till_shift_store_latest (TillLedger *ledger, int64_t staff_id, int limit, GArray *ids,
                         GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         "SELECT id FROM shift WHERE ?1 IN (0, staff_id) ORDER BY id DESC LIMIT ?2",
                         "li", staff_id, limit)
         && till_rows_all (&rows, ids, error);
}

/* --- cash between safe and drawer --- */

gboolean
till_shift_store_move (TillTxn *txn, const char *token, const char *way, TillMoney amount,
                       const char *reason, GError **error)
{
  int64_t id;
  return till_txn_next_id (txn, "cash_move", &id, error)
         && till_txn_add (txn, error, "cash_move", "llllllssls", id, till_txn_seq (txn),
                          (int64_t)till_txn_day (txn), till_txn_now (txn),
                          (int64_t)till_txn_shop (txn)->till, till_txn_staff (txn), token, way,
                          amount, reason);
}

gboolean
till_shift_store_moved (TillLedger *ledger, const char *token, gboolean *moved, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  int64_t n;
  if (!till_rows_open (&rows, ledger, error, "SELECT count (*) FROM cash_move WHERE token = ?", "s",
                       token)
      || !till_rows_one (&rows, &n, error))
    return FALSE;
  *moved = n > 0;
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/moved-store.h"
#include "data/ledger/sql.h"

/* A payment by card slip is known to its provider by the log number alone, so that is its number.
 */
#define PAYMENTS                                                                                   \
  "SELECT 0, iif (l.by_slip = 1, l.provider_no, l.request_no), '', l.provider_no, s.no, l.state,"  \
  " l.amount, iif (l.by_slip = 1, c.at, l.requested_at),"                                          \
  " (SELECT max (h.at) FROM leg_history h WHERE h.sale_id = l.sale_id AND h.pos = l.pos"           \
  "   AND h.to_state = l.state)"                                                                   \
  " FROM leg l JOIN sale s ON s.id = l.sale_id"                                                    \
  " LEFT JOIN card_slip c ON c.sale_id = l.sale_id AND c.pos = l.pos WHERE l.provider = ?1"
#define REFUNDS                                                                                    \
  "SELECT 1, r.request_no, iif (l.by_slip = 1, l.provider_no, r.original_no), r.provider_no, "     \
  "s.no,"                                                                                          \
  " r.state, r.amount, r.requested_at,"                                                            \
  " (SELECT max (h.at) FROM refund_history h WHERE h.refund_id = r.id AND h.to_state = r.state)"   \
  " FROM refund r JOIN sale s ON s.id = r.sale_id"                                                 \
  " JOIN leg l ON l.sale_id = r.sale_id AND l.pos = r.leg_pos WHERE r.provider = ?1"

static gboolean
read_all (TillRows *rows, TillOnMoved on_moved, gpointer user, GError **error)
{
  while (till_rows_next (rows))
    {
      TillMoved moved = {
        .refund = till_rows_int (rows, 0),
        .request_no = till_rows_text (rows, 1),
        .original_no = till_rows_text (rows, 2),
        .provider_no = till_rows_text (rows, 3),
        .sale_no = till_rows_text (rows, 4),
        .state = till_rows_text (rows, 5),
        .amount = till_rows_int64 (rows, 6),
        .requested_at = till_rows_int64 (rows, 7),
        .heard_at = till_rows_int64 (rows, 8),
      };
      on_moved (&moved, user);
    }
  return till_rows_end (rows, error);
}

gboolean
till_moved_store_between (TillLedger *ledger, const char *provider, int64_t from, int64_t to,
                          TillOnMoved on_moved, gpointer user, GError **error)
{
  static const char *const texts[]
      = { PAYMENTS " AND l.requested_at >= ?2 AND l.requested_at < ?3 ORDER BY l.sale_id, l.pos",
          PAYMENTS " AND c.at >= ?2 AND c.at < ?3 ORDER BY l.sale_id, l.pos",
          REFUNDS " AND r.requested_at >= ?2 AND r.requested_at < ?3 ORDER BY r.id" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (TillRows) rows = { 0 };
      if (!till_rows_open (&rows, ledger, error, texts[i], "sll", provider, from, to)
          || !read_all (&rows, on_moved, user, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_moved_store_find (TillLedger *ledger, const char *provider, gboolean refund,
                       const char *request_no, TillOnMoved on_moved, gpointer user, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  return till_rows_open (&rows, ledger, error,
                         refund ? REFUNDS " AND r.request_no = ?2"
                                : PAYMENTS " AND ((l.by_slip = 0 AND l.request_no = ?2)"
                                           " OR (l.by_slip = 1 AND l.provider_no = ?2))",
                         "ss", provider, request_no)
         && read_all (&rows, on_moved, user, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What moved on an account with Stripe, as devices/gateway/stripe-file.c writes down the pages it
 * was told: a member a page. The layout is ours, every figure and word in it Stripe's (API
 * reference, "The Balance Transaction object"; Reports, "Balance transaction types").
 *
 * A page begins "stripe,1,ACCOUNT,YYYYMMDD,PAGE" and ends "end,ROWS,NET,more" or "…,last"; between
 * them stands a line for each movement, in minor units, negative what left the account. Stripe
 * states no totals: what holds the list together is that the pages are numbered and the last one
 * says so, that the net of every movement is its amount less its fee, and that what a movement of
 * ours is about was asked for in just that amount.
 *
 * A charge is a payment, a refund a refund. One without a number of ours belongs to somebody else
 * who uses the account, and is kept apart with payouts, disputes and fees of their own; but money
 * that went back for a payment of ours without a number of ours (at Stripe's own pages) is known by
 * Stripe's number for it, so that somebody looks. What came back of a refund (refund_failure) is
 * kept apart as well: that the refund failed stands in its state.
 *
 * One currency: what moved in another is named and the whole refused, for it cannot be added up. */
#include "data/core/clock.h"
#include "data/core/text.h"
#include "data/settlement/reading-private.h"

#include <string.h>

#define CURRENCY "cny"
#define WORD_MAX 8

enum
{
  HEAD_WORD,
  HEAD_VERSION,
  HEAD_ACCOUNT,
  HEAD_DAY,
  HEAD_PAGE,
  N_HEAD,
};

enum
{
  ID,
  TYPE,
  CREATED,
  MONEY,
  AMOUNT,
  FEE,
  NET,
  STATE,
  PROVIDER_NO,
  REQUEST_NO,
  ORIGINAL_PROVIDER_NO,
  ORIGINAL_NO,
  ASKED,
  N_COLUMNS,
};

enum
{
  END_WORD,
  END_ROWS,
  END_NET,
  END_MORE,
  N_END,
};

/* Every other one is OTHER. "payment" is what is not paid by card. */
static const struct
{
  const char *type;
  TillSettlementKind kind;
} types[] = {
  { "charge", TILL_SETTLEMENT_PAYMENT },
  { "payment", TILL_SETTLEMENT_PAYMENT },
  { "refund", TILL_SETTLEMENT_REFUND },
  { "payment_refund", TILL_SETTLEMENT_REFUND },
};

static TillSettlementKind
kind_of (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].type, type))
      return types[i].kind;
  return TILL_SETTLEMENT_OTHER;
}

/* "-250" */
static gboolean
read_signed (const char *text, int64_t *value)
{
  gboolean negative = *text == '-';
  if (!till_piece_whole (negative ? text + 1 : text, value))
    return FALSE;
  *value = negative ? -*value : *value;
  return TRUE;
}

typedef struct
{
  int64_t created, amount, fee, net;
} Figures;

static gboolean
read_figures (const TillReading *reading, const TillListing *listing, char *cells[],
              Figures *figures, GError **error)
{
  int64_t midnight = 0;
  if (!g_str_equal (cells[MONEY], CURRENCY))
    {
      g_autofree char *name = till_text_clean (cells[MONEY], WORD_MAX);
      return till_listing_refuse (listing, error, "its money is “%s”, and the shop's is " CURRENCY,
                                  name);
    }
  if (!read_signed (cells[AMOUNT], &figures->amount) || !read_signed (cells[FEE], &figures->fee)
      || !read_signed (cells[NET], &figures->net))
    return till_listing_refuse (listing, error, "one of its amounts is no amount");
  if (figures->net != figures->amount - figures->fee)
    return till_listing_refuse (listing, error, "its net is not its amount less its fee");
  gboolean is_time = till_piece_whole (cells[CREATED], &figures->created)
                     && till_piece_day_time (reading->day, "000000", &midnight);
  if (!is_time)
    return till_listing_refuse (listing, error, "its time is no time");
  int64_t since = figures->created - midnight / TILL_SECOND;
  return (since >= 0 && since < TILL_DAY / TILL_SECOND)
         || till_listing_refuse (listing, error, "it is not of %d", reading->day);
}

/* Whether it has to do with us, and with which numbers. Why not, or NULL. */
static const char *
read_row (char *cells[], const Figures *figures, TillSettlementRow *row)
{
  TillSettlementKind kind = kind_of (cells[TYPE]);
  gboolean ours = *cells[REQUEST_NO]
                  || (kind == TILL_SETTLEMENT_REFUND && *cells[ORIGINAL_NO] && *cells[PROVIDER_NO]);
  int64_t asked;
  row->back = figures->amount < 0;
  row->amount = row->settled = ABS (figures->amount);
  row->fee_exact = figures->fee * 1000;
  row->at = figures->created * TILL_SECOND;
  row->provider_no = g_strdup (*cells[PROVIDER_NO] ? cells[PROVIDER_NO] : cells[ID]);
  row->request_no = till_reading_number (cells[REQUEST_NO]);
  row->original_no = till_reading_number (cells[ORIGINAL_NO]);
  row->original_provider_no = till_reading_number (cells[ORIGINAL_PROVIDER_NO]);
  row->kind = TILL_SETTLEMENT_OTHER;
  row->state = g_strdup (cells[TYPE]);
  if (kind == TILL_SETTLEMENT_OTHER)
    return NULL;
  if (row->back != (kind == TILL_SETTLEMENT_REFUND))
    return "its amount has the wrong sign";
  if (!till_piece_whole (cells[ASKED], &asked))
    return "what it is about is not told whole";
  if (!ours)
    return NULL;
  row->kind = kind;
  g_free (row->state);
  row->state = till_reading_number (cells[STATE]);
  if (!row->request_no)
    row->request_no = g_strdup (cells[PROVIDER_NO]);
  return asked == row->amount ? NULL : "another amount moved than was asked for";
}

static gboolean
take_row (TillReading *reading, const TillListing *listing, char *cells[], TillMoney *net,
          GError **error)
{
  Figures figures;
  if (!read_figures (reading, listing, cells, &figures, error))
    return FALSE;
  if (!till_piece_is_number (cells[ID]))
    return till_listing_refuse (listing, error, "its number is none");
  if (!till_money_add (*net, figures.net, net))
    return till_listing_refuse (listing, error, "the sums grow too large");
  g_autoptr (TillSettlementRow) row = g_new0 (TillSettlementRow, 1);
  const char *why = read_row (cells, &figures, row);
  if (why)
    return till_listing_refuse (listing, error, "%s", why);
  return till_reading_take (reading, listing, g_steal_pointer (&row), cells[ID], error);
}

static gboolean
read_head (const TillReading *reading, TillListing *listing, guint page, GError **error)
{
  char *line, *cells[N_HEAD];
  int day;
  int64_t number;
  if (!till_listing_expect (listing, NULL, &line, error)
      || !till_listing_split (listing, line, ",", N_HEAD, cells, error))
    return FALSE;
  if (!g_str_equal (cells[HEAD_WORD], "stripe") || !g_str_equal (cells[HEAD_VERSION], "1"))
    return till_listing_refuse (listing, error, "it is no beginning of a page of version 1");
  if (!till_reading_parse_day (cells[HEAD_DAY], &day))
    return till_listing_refuse (listing, error, "its day is no day");
  if (!till_piece_whole (cells[HEAD_PAGE], &number) || number != page)
    return till_listing_refuse (listing, error, "it is not page %u", page);
  return till_reading_check_merchant (reading, listing, cells[HEAD_ACCOUNT], error)
         && till_reading_check_day (reading, listing, day, error);
}

static gboolean
read_end (TillListing *listing, char *cells[], gboolean last, int64_t n, TillMoney net,
          GError **error)
{
  int64_t rows, stated;
  if (!till_piece_whole (cells[END_ROWS], &rows) || !read_signed (cells[END_NET], &stated))
    return till_listing_refuse (listing, error, "the end of the page cannot be read");
  if (!g_str_equal (cells[END_MORE], last ? "last" : "more"))
    return till_listing_refuse (listing, error,
                                last ? "there is more than the pages that are here"
                                     : "the pages should have ended here");
  return till_reading_compare (listing, "the number of rows", rows, n, error)
         && till_reading_compare (listing, "the net", stated, net, error)
         && till_listing_end (listing, error);
}

static gboolean
read_page (TillReading *reading, guint page, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  TillMoney net = 0;
  const TillSettlementMember *member = g_ptr_array_index (reading->members, page - 1);
  if (!till_listing_open (&listing, member, reading->format->encoding, error)
      || !read_head (reading, &listing, page, error))
    return FALSE;
  for (int64_t n = 0;; n++)
    {
      char *line, *cells[N_COLUMNS];
      if (!till_listing_expect (&listing, NULL, &line, error))
        return FALSE;
      gboolean end = g_str_has_prefix (line, "end,");
      if (!till_listing_split (&listing, line, ",", end ? N_END : N_COLUMNS, cells, error))
        return FALSE;
      if (end)
        return read_end (&listing, cells, page == reading->members->len, n, net, error);
      if (!take_row (reading, &listing, cells, &net, error))
        return FALSE;
    }
}

gboolean
till_parse_stripe (TillReading *reading, GError **error)
{
  if (reading->members->len == 0)
    return till_reading_only_member (reading, error) != NULL;
  for (guint page = 1; page <= reading->members->len; page++)
    if (!read_page (reading, page, error))
      return FALSE;
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_SETTLED | TILL_STATES_FEE;
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's day: ZM (the transactions), perhaps ZME (disputes, 差错), and RD (a summary, see
 * unionpay-rd.c) that the others must add up to. ZM and ZME are columns of fixed width in GBK, one
 * blank between two, CR LF behind every line. They are cut as bytes; only what the till keeps is
 * looked at, and all of that is ASCII.
 *
 * The day is the clearing day, by the members' names and RD; it changes at 23:00, so the times of a
 * file are often of the day before or after. They have no year: the one that brings them nearest to
 * the clearing day is taken. An amount with a sign is C (to the merchant) or D (from the merchant)
 * and twelve digits of fen, or a blank and zeros. In every row
 *
 *   settled amount (17) = ± amount (7) - fee (16)
 *
 * is checked, unless a discount (36) took part: how it counts is not known. What the columns of ZME
 * mean is from memory, only their widths are known; whether RD counts disputes is not known either,
 * so with and without them are both taken. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/unionpay-private.h"

#include <string.h>

/* Columns are called by the numbers of UnionPay's own description. */
enum
{
  ZM_TIME = 5,
  ZM_AMOUNT = 7,
  ZM_QUERY_ID = 10,
  ZM_ORDER = 12,
  ZM_FEE = 16,
  ZM_SETTLED = 17,
  ZM_TYPE = 20,
  ZM_ORIGINAL_QUERY_ID = 27,
  ZM_MERCHANT = 28,
  ZM_SPLIT = 32,
  ZM_NET = 33,
  ZM_DISCOUNT = 36,
  ZM_ORIGINAL_ORDER = 41,
  ZM_COLUMNS = 42,
};

enum
{
  ZME_CODE = 1,
  ZME_TRACE = 4,
  ZME_TIME = 5,
  ZME_AMOUNT = 7,
  ZME_ORIGINAL_TRACE = 11,
  ZME_REASON = 13,
  ZME_FEE = 15,
  ZME_SETTLED = 16,
  ZME_MERCHANT = 17, /* or the one after it, which is as wide */
  ZME_COLUMNS = 22,
};

/* In the layout of 2015 the last two were one reserve of 131, which is as long. */
static const guint8 zm_widths[ZM_COLUMNS]
    = { 3, 11, 11, 6,  10, 19, 12, 4, 2,  21, 2,  32, 2, 6,  10, 13, 13, 4, 15, 2,  2,
        6, 2,  4,  32, 1,  21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1,  32, 98 };
static const guint8 zme_widths[ZME_COLUMNS]
    = { 3, 11, 11, 6, 10, 19, 12, 4, 2, 2, 6, 10, 4, 12, 13, 13, 15, 15, 1, 12, 2, 135 };

#define ZM_LENGTH 607
#define ZME_LENGTH 339
#define LENGTH_MAX ZM_LENGTH

typedef struct
{
  const guint8 *widths;
  guint n, length;
} Layout;
static const Layout zm = { zm_widths, ZM_COLUMNS, ZM_LENGTH };
static const Layout zme = { zme_widths, ZME_COLUMNS, ZME_LENGTH };

typedef struct
{
  char bytes[LENGTH_MAX + 1];
  const char *columns[ZM_COLUMNS + 1]; /* from 1, without the blanks that fill them up */
} Line;

/* --- cutting --- */

static gboolean
cut_line (const TillListing *listing, const Layout *layout, const guint8 *bytes, Line *line,
          GError **error)
{
  memcpy (line->bytes, bytes, layout->length);
  line->bytes[layout->length] = '\0';
  for (guint i = 0; i < layout->length; i++)
    if (bytes[i] < 0x20 || bytes[i] == 0x7F)
      return till_listing_refuse (listing, error, "it has a control character");
  char *at = line->bytes;
  for (guint i = 0; i < layout->n; i++)
    {
      char *end = at + layout->widths[i];
      if (i + 1 < layout->n && *end != ' ')
        return till_listing_refuse (listing, error, "column %u is not followed by a blank", i + 1);
      line->columns[i + 1] = at;
      at = end + 1;
      while (end > line->columns[i + 1] && end[-1] == ' ')
        end--;
      *end = '\0';
    }
  return TRUE;
}

typedef gboolean (*TakeLine) (TillReading *reading, const TillListing *listing, const Line *line,
                              GError **error);

static gboolean
read_lines (TillReading *reading, const TillSettlementMember *member, const Layout *layout,
            TakeLine take, GError **error)
{
  TillListing listing = { .name = member->name };
  gsize size, whole = layout->length + 2;
  const guint8 *data = g_bytes_get_data (member->bytes, &size);
  Line line;
  for (gsize at = 0; at < size; at += whole)
    {
      listing.line++;
      if (size - at < whole || memcmp (data + at + layout->length, "\r\n", 2) != 0)
        return till_listing_refuse (&listing, error, "it is cut, or not %u bytes long",
                                    layout->length);
      if (!cut_line (&listing, layout, data + at, &line, error)
          || !take (reading, &listing, &line, error))
        return FALSE;
    }
  return TRUE;
}

/* --- reading --- */

/* C and D against the merchant's account: C is above zero. */
static gboolean
read_signed (const char *text, int64_t *value)
{
  *value = 0;
  if (*text == '\0')
    return TRUE;
  if (strlen (text) != 13 || !strchr ("CD ", *text) || !till_piece_whole (text + 1, value))
    return FALSE;
  if (*text == 'D')
    *value = -*value;
  return *text != ' ' || *value == 0;
}

/* "0905231107", in the year that brings it nearest to the clearing day. */
static gboolean
read_time (const char *text, int clearing_day, int64_t *at)
{
  int nearest = 0, distance = 0;
  if (strlen (text) != 10)
    return FALSE;
  for (int year = clearing_day / 10000 - 1; year <= clearing_day / 10000 + 1; year++)
    {
      int day;
      g_autofree char *date = g_strdup_printf ("%04d%.4s", year, text);
      if (!till_reading_parse_day (date, &day))
        continue;
      int away = ABS (till_clock_days_between (clearing_day, day));
      if (nearest == 0 || away < distance)
        {
          nearest = day;
          distance = away;
        }
    }
  return nearest != 0 && till_piece_day_time (nearest, text + 4, at);
}

static char *
number_or_null (const char *text)
{
  return *text ? g_strdup (text) : NULL;
}

static TillSettlementKind
kind_of (const char *type)
{
  static const struct
  {
    const char *type;
    TillSettlementKind kind;
  } kinds[] = {
    { "01", TILL_SETTLEMENT_PAYMENT },
    { "04", TILL_SETTLEMENT_REFUND },
    { "31", TILL_SETTLEMENT_REVERSAL },
    { "99", TILL_SETTLEMENT_REVERSAL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (type, kinds[i].type))
      return kinds[i].kind;
  return TILL_SETTLEMENT_OTHER;
}

/* Puts what is settled and the fee into the row. Amounts come with C above zero, D below. NULL when
 * they agree with the row's amount and kind, else why not; `exact` where the sum of the row holds.
 */
static const char *
settle (TillSettlementRow *row, int64_t fee, int64_t settled, int64_t net, gboolean exact)
{
  int64_t principal = net - fee;
  row->back
      = row->kind == TILL_SETTLEMENT_OTHER ? principal < 0 : row->kind != TILL_SETTLEMENT_PAYMENT;
  row->settled = row->back ? -principal : principal;
  row->fee_exact = -fee * 1000;
  if (row->settled < 0)
    return "its net amount has the wrong sign";
  if (exact && settled != (row->back ? -row->amount : row->amount) + fee)
    return "its amount, fee and settled amount do not add up";
  return NULL;
}

static gboolean
take_transaction (TillReading *reading, const TillListing *listing, const Line *line,
                  GError **error)
{
  const char *const *cells = line->columns;
  int64_t fee, settled, split, net, discount;
  if (!till_reading_check_merchant (reading, listing, cells[ZM_MERCHANT], error))
    return FALSE;
  g_autoptr (TillSettlementRow) row = g_new0 (TillSettlementRow, 1);
  row->kind = kind_of (cells[ZM_TYPE]);
  if (strlen (cells[ZM_AMOUNT]) != 12 || !till_piece_whole (cells[ZM_AMOUNT], &row->amount)
      || !read_signed (cells[ZM_FEE], &fee) || !read_signed (cells[ZM_SETTLED], &settled)
      || !read_signed (cells[ZM_SPLIT], &split) || !read_signed (cells[ZM_NET], &net)
      || !read_signed (cells[ZM_DISCOUNT], &discount))
    return till_listing_refuse (listing, error, "one of its amounts is no amount");
  if (split == 0 && net != settled)
    return till_listing_refuse (listing, error, "its settled and its net amount differ");
  const char *why = settle (row, fee, settled, net, discount == 0);
  if (why)
    return till_listing_refuse (listing, error, "%s", why);
  if (!read_time (cells[ZM_TIME], reading->day, &row->at))
    return till_listing_refuse (listing, error, "its time is no time");
  row->request_no = number_or_null (cells[ZM_ORDER]);
  row->original_no = number_or_null (cells[ZM_ORIGINAL_ORDER]);
  row->provider_no = number_or_null (cells[ZM_QUERY_ID]);
  row->original_provider_no = number_or_null (cells[ZM_ORIGINAL_QUERY_ID]);
  row->state = row->kind == TILL_SETTLEMENT_OTHER ? g_strdup (cells[ZM_TYPE]) : NULL;
  if (!row->provider_no)
    return till_listing_refuse (listing, error, "its query number is missing");
  return till_reading_take (reading, listing, g_steal_pointer (&row), cells[ZM_QUERY_ID], error);
}

static gboolean
take_dispute (TillReading *reading, const TillListing *listing, const Line *line, GError **error)
{
  const char *const *cells = line->columns;
  const char *merchant = cells[ZME_MERCHANT];
  int64_t fee, settled;
  if (!g_str_equal (merchant, reading->merchant_no))
    merchant = cells[ZME_MERCHANT + 1];
  if (!till_reading_check_merchant (reading, listing, merchant, error))
    return FALSE;
  g_autoptr (TillSettlementRow) row = g_new0 (TillSettlementRow, 1);
  row->kind = TILL_SETTLEMENT_OTHER;
  if (strlen (cells[ZME_AMOUNT]) != 12 || !till_piece_whole (cells[ZME_AMOUNT], &row->amount)
      || !read_signed (cells[ZME_FEE], &fee) || !read_signed (cells[ZME_SETTLED], &settled))
    return till_listing_refuse (listing, error, "one of its amounts is no amount");
  const char *why = settle (row, fee, settled, settled, TRUE);
  if (why)
    return till_listing_refuse (listing, error, "%s", why);
  if (!read_time (cells[ZME_TIME], reading->day, &row->at))
    return till_listing_refuse (listing, error, "its time is no time");
  row->provider_no = number_or_null (cells[ZME_TRACE]);
  row->original_provider_no = number_or_null (cells[ZME_ORIGINAL_TRACE]);
  row->state = g_strdup (cells[ZME_REASON]);
  g_autofree char *key = g_strdup_printf ("dispute %s %s %s %s", cells[ZME_CODE], cells[ZME_TRACE],
                                          cells[ZME_TIME], cells[ZME_REASON]);
  return till_reading_take (reading, listing, g_steal_pointer (&row), key, error);
}

/* --- the members together --- */

typedef struct
{
  const TillSettlementMember *zm, *zme, *rd;
} Members;

static gboolean
find_members (const TillReading *reading, Members *members, GError **error)
{
  g_autofree char *zm_name
      = g_strdup_printf ("INN%06d88ZM_%s", reading->day % 1000000, reading->merchant_no);
  g_autofree char *zme_name
      = g_strdup_printf ("INN%06d88ZME_%s", reading->day % 1000000, reading->merchant_no);
  for (guint i = 0; i < reading->members->len; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (reading->members, i);
      const TillSettlementMember **place = NULL;
      if (g_str_equal (member->name, zm_name))
        place = &members->zm;
      else if (g_str_equal (member->name, zme_name))
        place = &members->zme;
      else if (g_str_has_prefix (member->name, "RD20"))
        place = &members->rd;
      if (!place || *place)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", member->name,
                       place ? "it is there twice"
                             : "no file of this merchant and day is called so");
          return FALSE;
        }
      *place = member;
    }
  if (members->zm && members->rd)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the file lacks its %s",
               members->rd ? "transactions (ZM)" : "summary (RD)");
  return FALSE;
}

/* What the rows that were read so far look like in a summary. */
static TillUnionpaySums
sum_rows (const TillSettlement *settlement)
{
  TillUnionpaySums sums = { .rows = settlement->totals.rows,
                            .amount_debit = settlement->totals.returned,
                            .amount_credit = settlement->totals.paid };
  for (guint i = 0; i < settlement->rows->len; i++)
    {
      const TillSettlementRow *row = g_ptr_array_index (settlement->rows, i);
      *(row->fee > 0 ? &sums.fee_debit : &sums.fee_credit) += ABS (row->fee);
    }
  sums.net_credit = settlement->totals.settled - sums.fee_debit + sums.fee_credit;
  return sums;
}

static gboolean
compare (const TillSettlementMember *rd, const TillUnionpaySums *stated,
         const TillUnionpaySums *computed, GError **error)
{
  TillListing listing = { .name = rd->name };
  const struct
  {
    const char *what;
    int64_t stated, computed;
  } figures[] = {
    { "the number of rows", stated->rows, computed->rows },
    { "the amount to the merchant", stated->amount_credit, computed->amount_credit },
    { "the amount from the merchant", stated->amount_debit, computed->amount_debit },
    { "the fee", stated->fee_debit, computed->fee_debit },
    { "the fee given back", stated->fee_credit, computed->fee_credit },
    { "the net amount", stated->net_credit - stated->net_debit, computed->net_credit },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    if (!till_reading_compare (&listing, figures[i].what, figures[i].stated, figures[i].computed,
                               error))
      return FALSE;
  return TRUE;
}

gboolean
till_parse_unionpay (TillReading *reading, GError **error)
{
  Members members = { 0 };
  TillUnionpaySums stated;
  if (!find_members (reading, &members, error)
      || !till_unionpay_read_summary (reading, members.rd, &stated, error)
      || !read_lines (reading, members.zm, &zm, take_transaction, error))
    return FALSE;
  TillUnionpaySums alone = sum_rows (reading->settlement);
  if (members.zme && !read_lines (reading, members.zme, &zme, take_dispute, error))
    return FALSE;
  TillUnionpaySums with = sum_rows (reading->settlement);
  reading->settlement->states = TILL_STATES_ROWS | TILL_STATES_PAID | TILL_STATES_RETURNED
                                | TILL_STATES_SETTLED | TILL_STATES_FEE;
  return compare (members.rd, &stated, &alone, NULL) || compare (members.rd, &stated, &with, error);
}

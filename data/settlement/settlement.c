/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows no format: what holds for every settlement, and the table of formats. */
#include "data/settlement/settlement.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/settlement/reading-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HOUR 3600
#define FEE_UNITS 1000 /* thousandths in a fen */

/* When a file is ready: WeChat's documentation says after 10:00; UMPay's is said by that of a
 * sibling product; Stripe's hour is assumed (its list says nothing of being whole); the others are
 * from experience, unconfirmed. The practice provider writes its
 * file whenever it is asked. */
static const TillSettlementFormat formats[] = {
  { "sandbox", "UTF-8", 0, FALSE, till_parse_practice },
  { "unionpay", "GB18030", 9 * HOUR, FALSE, till_parse_unionpay },
  { "wechat", "UTF-8", 10 * HOUR, FALSE, till_parse_wechat_bill },
  { "wechat-funds", "UTF-8", 10 * HOUR, FALSE, till_parse_wechat_flow },
  { "alipay", "GB18030", 9 * HOUR, FALSE, till_parse_alipay },
  { "umpay", "GB18030", 7 * HOUR, FALSE, till_parse_umpay },
  { "stripe", "UTF-8", HOUR, FALSE, till_parse_stripe },
  { "lakala", "UTF-8", 9 * HOUR, TRUE, till_parse_invented },
  { "shengpay", "UTF-8", 9 * HOUR, TRUE, till_parse_invented },
};

const TillSettlementFormat *
till_settlement_formats (guint *n)
{
  *n = G_N_ELEMENTS (formats);
  return formats;
}

const TillSettlementFormat *
till_settlement_format (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, name))
      return &formats[i];
  return NULL;
}

static const char *const kinds[] = { "payment", "refund", "reversal", "other" };

const char *
till_settlement_kind_word (TillSettlementKind kind)
{
  g_assert ((gsize)kind < G_N_ELEMENTS (kinds));
  return kinds[kind];
}

TillSettlementKind
till_settlement_kind_from_word (const char *word)
{
  for (int i = 0; i < TILL_SETTLEMENT_OTHER; i++)
    if (g_str_equal (kinds[i], word))
      return (TillSettlementKind)i;
  return TILL_SETTLEMENT_OTHER;
}

const char *
till_settlement_kind_label (TillSettlementKind kind)
{
  static const char *const labels[]
      = { N_ ("Payment"), N_ ("Refund"), N_ ("Reversal"), N_ ("Other") };
  return _ (labels[kind]);
}

/* --- structs --- */

void
till_settlement_row_free (TillSettlementRow *row)
{
  g_free (row->request_no);
  g_free (row->original_no);
  g_free (row->provider_no);
  g_free (row->original_provider_no);
  g_free (row->state);
  g_free (row);
}

void
till_settlement_free (TillSettlement *settlement)
{
  g_free (settlement->format);
  g_free (settlement->merchant_no);
  g_ptr_array_unref (settlement->rows);
  g_free (settlement);
}

TillSettlementMember *
till_settlement_member_new (const char *name, GBytes *bytes)
{
  TillSettlementMember *member = g_new0 (TillSettlementMember, 1);
  member->name = g_strdup (name);
  member->bytes = g_bytes_ref (bytes);
  return member;
}

void
till_settlement_member_free (TillSettlementMember *member)
{
  g_free (member->name);
  g_bytes_unref (member->bytes);
  g_free (member);
}

/* --- what parsers share --- */

const TillSettlementMember *
till_reading_only_member (const TillReading *reading, GError **error)
{
  if (reading->members->len == 1)
    return g_ptr_array_index (reading->members, 0);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%u files came where there should be one",
               reading->members->len);
  return NULL;
}

static int64_t
round_fee (int64_t exact)
{
  int64_t half = exact < 0 ? -FEE_UNITS / 2 : FEE_UNITS / 2;
  return (exact + half) / FEE_UNITS;
}

static gboolean
add_up (TillSettlementTotals *totals, const TillSettlementRow *row)
{
  TillMoney *gross = row->back ? &totals->returned : &totals->paid;
  TillMoney settled = row->back ? -row->settled : row->settled;
  totals->rows++;
  return till_money_add (*gross, row->amount, gross)
         && till_money_add (totals->settled, settled, &totals->settled)
         && till_money_add (totals->fee_exact, row->fee_exact, &totals->fee_exact);
}

/* Why no such row can be, or NULL. */
static const char *
objection (const TillSettlementRow *row)
{
  gboolean ours = row->kind == TILL_SETTLEMENT_PAYMENT || row->kind == TILL_SETTLEMENT_REFUND;
  const char *const numbers[]
      = { row->request_no, row->original_no, row->provider_no, row->original_provider_no };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i] && !till_piece_is_number (numbers[i]))
      return "one of its numbers is no order or transaction number";
  if (ours && !row->request_no)
    return "our number is missing";
  if (ours && row->amount == 0)
    return "its amount is nothing";
  /* UnionPay's columns are cut as bytes and come as they are. */
  if (row->state && !g_utf8_validate (row->state, -1, NULL))
    return "its state is no word";
  if (row->state && g_utf8_strlen (row->state, -1) > TILL_SETTLEMENT_STATE_MAX)
    return "its state is too long";
  for (const char *at = row->state; at && *at; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return "its state is no word";
  return NULL;
}

gboolean
till_reading_take (TillReading *reading, const TillListing *listing, TillSettlementRow *row,
                   const char *key, GError **error)
{
  g_autoptr (TillSettlementRow) taken = row;
  TillSettlement *settlement = reading->settlement;
  g_assert (row->amount >= 0 && row->settled >= 0);
  g_assert (row->back ? row->kind != TILL_SETTLEMENT_PAYMENT
                      : row->kind == TILL_SETTLEMENT_PAYMENT || row->kind == TILL_SETTLEMENT_OTHER);
  const char *why = objection (row);
  if (why)
    return till_listing_refuse (listing, error, "%s", why);
  if (settlement->rows->len == TILL_SETTLEMENT_ROWS_MAX)
    return till_listing_refuse (listing, error, "the file has too many rows");
  g_autofree char *kept = g_strdup_printf ("%s %s", till_settlement_kind_word (row->kind), key);
  int64_t *before = g_hash_table_lookup (reading->seen, kept);
  if (before)
    return till_listing_refuse (listing, error, "it repeats the row of line %" G_GINT64_FORMAT,
                                *before);
  row->line = listing->line;
  row->fee = round_fee (row->fee_exact);
  if (!add_up (&settlement->totals, row))
    return till_listing_refuse (listing, error, "the sums grow too large");
  g_hash_table_insert (reading->seen, g_steal_pointer (&kept),
                       g_memdup2 (&row->line, sizeof row->line));
  g_ptr_array_add (settlement->rows, g_steal_pointer (&taken));
  return TRUE;
}

gboolean
till_reading_check_merchant (const TillReading *reading, const TillListing *listing,
                             const char *merchant_no, GError **error)
{
  return g_str_equal (merchant_no, reading->merchant_no)
         || till_listing_refuse (listing, error, "it is for another merchant than %s",
                                 reading->merchant_no);
}

gboolean
till_reading_check_day (const TillReading *reading, const TillListing *listing, int day,
                        GError **error)
{
  return day == reading->day
         || till_listing_refuse (listing, error, "it is for %d, not for %d", day, reading->day);
}

gboolean
till_reading_compare (const TillListing *listing, const char *what, int64_t stated,
                      int64_t computed, GError **error)
{
  return stated == computed
         || till_listing_refuse (listing, error,
                                 "it does not add up: %s is stated as %" G_GINT64_FORMAT
                                 ", the rows give %" G_GINT64_FORMAT,
                                 what, stated, computed);
}

gboolean
till_reading_is_none (const char *text)
{
  return *text == '\0' || g_str_equal (text, "0");
}

char *
till_reading_number (const char *text)
{
  return till_reading_is_none (text) ? NULL : g_strdup (text);
}

gboolean
till_reading_parse_day (const char *text, int *day)
{
  return strlen (text) == 8 && till_clock_parse_day (text, day, NULL);
}

/* --- the door --- */

static gboolean
check_size (GPtrArray *members, GError **error)
{
  gsize size = 0;
  for (guint i = 0; i < members->len; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (members, i);
      size += MIN (g_bytes_get_size (member->bytes), TILL_SETTLEMENT_BYTES_MAX + 1);
      if (size > TILL_SETTLEMENT_BYTES_MAX)
        {
          g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "the file is too large");
          return FALSE;
        }
    }
  return TRUE;
}

TillSettlement *
till_settlement_parse (const TillSettlementFormat *format, GPtrArray *members,
                       const char *merchant_no, int day, GError **error)
{
  if (!check_size (members, error))
    return NULL;
  g_autoptr (TillSettlement) settlement = g_new0 (TillSettlement, 1);
  settlement->format = g_strdup (format->name);
  settlement->merchant_no = g_strdup (merchant_no);
  settlement->day = day;
  settlement->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_row_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TillReading reading = {
    .format = format,
    .members = members,
    .merchant_no = merchant_no,
    .day = day,
    .settlement = settlement,
    .seen = seen,
  };
  if (!format->parse (&reading, error))
    return NULL;
  return g_steal_pointer (&settlement);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UnionPay's RD: a report to be read by people. What it says is known, how its lines are ruled is
 * not, so it is read by its words: 商户代码 and 清算日期 wherever they stand, and every line that
 * is a name, a number of transactions, and six amounts, between bars or blanks; an empty cell
 * between bars is nothing. There are two tables, by kind of transaction and by kind of card, and
 * each ends with 总计. A line without any digit is decoration; any other line is refused. */
#include "data/core/clock.h"
#include "data/settlement/unionpay-private.h"

#include <string.h>

#define N_FIGURES 7
#define N_TABLES 2

typedef struct
{
  gboolean merchant, day; /* seen, and right */
  guint table;            /* the one being read; N_TABLES after the last */
  int64_t sums[N_FIGURES];
  int64_t totals[N_FIGURES];
} Summary;

/* "13,227.00": commas, if any, stand before every three digits and nowhere else. */
static gboolean
read_amount (const char *text, int64_t *value)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  const char *end = text + strcspn (text, ".");
  gboolean grouped = strchr (text, ',') != NULL;
  for (const char *at = text; *at; at++)
    {
      gboolean place = grouped && at < end && (end - at) % 4 == 0;
      if ((*at == ',') != place || (place && at == text))
        return FALSE;
      if (!place)
        g_string_append_c (plain, *at);
    }
  return till_piece_decimal (plain->str, 2, FALSE, value);
}

static gboolean
is_bar (gunichar c)
{
  return c == '|' || c == 0x2502 || c == 0x2503 || c == 0xFF5C; /* | │ ┃ ｜ */
}

/* The cells of the line. Between bars a cell may be empty and hold blanks. */
static GPtrArray *
split (const char *line, gboolean bars)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) cell = g_string_new (NULL);
  for (const char *at = line;; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean blank = c && g_unichar_isspace (c);
      gboolean ends = !c || (bars ? is_bar (c) : blank);
      if (ends && (bars || cell->len > 0))
        {
          g_ptr_array_add (cells, g_strdup (cell->str));
          g_string_truncate (cell, 0);
        }
      else if (!ends && !blank)
        g_string_append_unichar (cell, c);
      if (!c)
        break;
    }
  /* What stands outside the outer bars. */
  if (bars && cells->len > 0 && !*(char *)cells->pdata[cells->len - 1])
    g_ptr_array_set_size (cells, (int)cells->len - 1);
  if (bars && cells->len > 0 && !*(char *)cells->pdata[0])
    g_ptr_array_remove_index (cells, 0);
  return cells;
}

/* A name and seven figures; FALSE when the line is no such row. */
static gboolean
read_figures (const GPtrArray *cells, gboolean bars, int64_t figures[])
{
  if (cells->len != 1 + N_FIGURES || !till_piece_whole (cells->pdata[1], &figures[0]))
    return FALSE;
  for (guint i = 1; i < N_FIGURES; i++)
    {
      const char *text = cells->pdata[1 + i];
      figures[i] = 0;
      if (!(bars && *text == '\0') && !read_amount (text, &figures[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
end_table (const TillListing *listing, Summary *summary, const int64_t figures[], GError **error)
{
  for (int i = 0; i < N_FIGURES; i++)
    if (!till_reading_compare (listing, "a total", figures[i], summary->sums[i], error)
        || (summary->table > 0
            && !till_reading_compare (listing, "the other table's total", summary->totals[i],
                                      figures[i], error)))
      return FALSE;
  memcpy (summary->totals, figures, sizeof summary->totals);
  memset (summary->sums, 0, sizeof summary->sums);
  summary->table++;
  return TRUE;
}

static gboolean
take_row (const TillListing *listing, Summary *summary, const char *name, const int64_t figures[],
          GError **error)
{
  if (summary->table == N_TABLES)
    return till_listing_refuse (listing, error, "a row stands behind the last total");
  if (g_str_equal (name, "总计"))
    return end_table (listing, summary, figures, error);
  for (int i = 0; i < N_FIGURES; i++)
    if (!till_money_add (summary->sums[i], figures[i], &summary->sums[i]))
      return till_listing_refuse (listing, error, "the sums grow too large");
  return TRUE;
}

/* What stands behind "商户代码：" in the line, up to the next blank; NULL when it does not. */
static char *
find_field (const char *line, const char *name)
{
  const char *at = strstr (line, name);
  if (!at)
    return NULL;
  at += strlen (name);
  if (g_str_has_prefix (at, "："))
    at += strlen ("：");
  else if (*at == ':')
    at++;
  else
    return NULL;
  at += strspn (at, " ");
  return g_strndup (at, strcspn (at, " \t|"));
}

static gboolean
read_heading (const TillReading *reading, const TillListing *listing, const char *line,
              Summary *summary, gboolean *found, GError **error)
{
  g_autofree char *merchant = find_field (line, "商户代码");
  g_autofree char *day_text = find_field (line, "清算日期");
  int day;
  *found = merchant || day_text || strstr (line, "收单机构") || strstr (line, "生成日期");
  if (merchant && !till_reading_check_merchant (reading, listing, merchant, error))
    return FALSE;
  if (day_text && !till_clock_parse_day (day_text, &day, NULL))
    return till_listing_refuse (listing, error, "its day is no day");
  if (day_text && !till_reading_check_day (reading, listing, day, error))
    return FALSE;
  summary->merchant |= merchant != NULL;
  summary->day |= day_text != NULL;
  return TRUE;
}

static gboolean
read_line (const TillReading *reading, const TillListing *listing, const char *line,
           Summary *summary, GError **error)
{
  int64_t figures[N_FIGURES];
  gboolean heading, bars = FALSE;
  for (const char *at = line; *at; at = g_utf8_next_char (at))
    bars |= is_bar (g_utf8_get_char (at));
  g_autoptr (GPtrArray) cells = split (line, bars);
  if (read_figures (cells, bars, figures))
    return take_row (listing, summary, cells->pdata[0], figures, error);
  if (!read_heading (reading, listing, line, summary, &heading, error))
    return FALSE;
  return heading || !line[strcspn (line, "0123456789")]
         || till_listing_refuse (listing, error, "it is neither a heading nor a row");
}

gboolean
till_unionpay_read_summary (const TillReading *reading, const TillSettlementMember *member,
                            TillUnionpaySums *sums, GError **error)
{
  g_auto (TillListing) listing = { 0 };
  Summary summary = { 0 };
  char *line;
  if (!till_listing_open (&listing, member, reading->format->encoding, error))
    return FALSE;
  for (;;)
    {
      if (!till_listing_next (&listing, &line, error))
        return FALSE;
      if (!line)
        break;
      if (!read_line (reading, &listing, line, &summary, error))
        return FALSE;
    }
  if (!summary.merchant || !summary.day)
    return till_listing_refuse (&listing, error, "it has not said whose it is and of which day");
  if (summary.table < N_TABLES)
    return till_listing_refuse (&listing, error, "the file is cut here");
  const int64_t *total = summary.totals;
  *sums
      = (TillUnionpaySums){ total[0], total[1], total[2], total[3], total[4], total[5], total[6] };
  return till_reading_compare (
      &listing, "the net amount", sums->net_credit - sums->net_debit,
      sums->amount_credit - sums->amount_debit + sums->fee_credit - sums->fee_debit, error);
}

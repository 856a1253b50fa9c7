/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/settlement/listing-private.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/core/text.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"
#define BEIJING (8 * TILL_HOUR)
/* Characters of a line of ours that an error quotes. */
#define QUOTED_MAX 12

/* --- lines --- */

static gboolean
refuse_member (const TillListing *listing, const char *why, GError **error)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", listing->name, why);
  return FALSE;
}

gboolean
till_listing_open (TillListing *listing, const TillSettlementMember *member, const char *encoding,
                   GError **error)
{
  gsize size, length;
  const char *data = g_bytes_get_data (member->bytes, &size);
  gboolean utf8 = g_str_equal (encoding, "UTF-8");
  *listing = (TillListing){ .name = member->name };
  data = size > 0 ? data : "";
  if (size > TILL_SETTLEMENT_BYTES_MAX)
    return refuse_member (listing, "it is too large", error);
  if (memchr (data, '\0', size))
    return refuse_member (listing, "it has a NUL byte", error);
  if (utf8 && size >= 3 && memcmp (data, BOM, 3) == 0)
    {
      data += 3;
      size -= 3;
    }
  if (utf8 && !g_utf8_validate_len (data, size, NULL))
    return refuse_member (listing, "it is not UTF-8 throughout", error);
  listing->text = utf8 ? g_strndup (data, size)
                       : g_convert (data, (gssize)size, "UTF-8", encoding, NULL, &length, NULL);
  if (!listing->text)
    return refuse_member (listing, "it is not GB18030 throughout", error);
  listing->at = listing->text;
  listing->end = listing->text + (utf8 ? size : length);
  return TRUE;
}

void
till_listing_clear (TillListing *listing)
{
  g_clear_pointer (&listing->text, g_free);
}

gboolean
till_listing_next (TillListing *listing, char **line, GError **error)
{
  *line = NULL;
  if (listing->at == listing->end)
    return TRUE;
  char *start = listing->at;
  char *stop = memchr (start, '\n', (gsize)(listing->end - start));
  listing->at = stop ? stop + 1 : listing->end;
  stop = stop ? stop : listing->end;
  listing->line++;
  if (stop - start > TILL_SETTLEMENT_LINE_MAX)
    return till_listing_refuse (listing, error, "it is too long");
  if (stop > start && stop[-1] == '\r')
    stop--;
  *stop = '\0';
  *line = start;
  return TRUE;
}

gboolean
till_listing_expect (TillListing *listing, const char *words, char **line, GError **error)
{
  char *found;
  if (!till_listing_next (listing, &found, error))
    return FALSE;
  if (!found)
    {
      listing->line++;
      return till_listing_refuse (listing, error, "the file is cut here");
    }
  if (words && !g_str_equal (found, words))
    {
      g_autofree char *begins = till_text_clean (words, QUOTED_MAX);
      return till_listing_refuse (listing, error, "it should be the line that begins “%s”", begins);
    }
  if (line)
    *line = found;
  return TRUE;
}

gboolean
till_listing_end (TillListing *listing, GError **error)
{
  char *line;
  if (!till_listing_next (listing, &line, error))
    return FALSE;
  return !line || till_listing_refuse (listing, error, "the file should have ended");
}

gboolean
till_listing_split (const TillListing *listing, char *line, const char *separator, guint n,
                    char *cells[], GError **error)
{
  gsize step = strlen (separator);
  guint found = 0;
  g_assert (n <= TILL_SETTLEMENT_COLUMNS_MAX);
  for (char *cell = line, *next; cell; cell = next)
    {
      next = strstr (cell, separator);
      if (next)
        {
          *next = '\0';
          next += step;
        }
      if (found < n)
        cells[found] = cell;
      found++;
    }
  return found == n || till_listing_refuse (listing, error, "it has %u columns, not %u", found, n);
}

gboolean
till_listing_refuse (const TillListing *listing, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *why = g_strdup_vprintf (format, args);
  va_end (args);
  if (listing->line == 0)
    return refuse_member (listing, why, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s, line %" G_GINT64_FORMAT ": %s",
               listing->name, listing->line, why);
  return FALSE;
}

/* --- pieces --- */

static const int64_t tens[] = { 1, 10, 100, 1000, 10000, 100000 };

gboolean
till_piece_decimal (const char *text, int decimals, gboolean sign, int64_t *value)
{
  g_assert (decimals >= 2 && decimals < (int)G_N_ELEMENTS (tens));
  gboolean negative = sign && *text == '-';
  const char *digits = negative ? text + 1 : text;
  gsize whole = strspn (digits, "0123456789");
  const char *point = digits + whole;
  gsize places = *point == '.' ? strspn (point + 1, "0123456789") : 0;
  /* Money above TILL_MONEY_MAX has eleven digits before the point; nineteen could overflow. */
  if (whole == 0 || whole > 12 || (*point == '.' && places == 0) || places > (gsize)decimals
      || point[*point == '.' ? places + 1 : 0] != '\0')
    return FALSE;
  int64_t result = 0;
  for (gsize i = 0; i < whole; i++)
    result = result * 10 + (digits[i] - '0');
  for (gsize i = 0; i < (gsize)decimals; i++)
    result = result * 10 + (i < places ? point[1 + i] - '0' : 0);
  if (result > TILL_MONEY_MAX * tens[decimals - 2])
    return FALSE;
  *value = negative ? -result : result;
  return TRUE;
}

gboolean
till_piece_whole (const char *text, int64_t *value)
{
  gsize length = strspn (text, "0123456789");
  if (length == 0 || length > 15 || text[length] != '\0')
    return FALSE;
  int64_t result = 0;
  for (gsize i = 0; i < length; i++)
    result = result * 10 + (text[i] - '0');
  if (result > TILL_MONEY_MAX)
    return FALSE;
  *value = result;
  return TRUE;
}

gboolean
till_piece_is_number (const char *text)
{
  gsize length
      = strspn (text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*@");
  return length > 0 && length <= TILL_SETTLEMENT_NUMBER_MAX && text[length] == '\0';
}

/* Two digits below `limit`, or -1. */
static int
two_digits (const char *text, int limit)
{
  if (!g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]))
    return -1;
  int value = (text[0] - '0') * 10 + (text[1] - '0');
  return value < limit ? value : -1;
}

gboolean
till_piece_day_time (int day, const char *hhmmss, int64_t *at)
{
  if (strlen (hhmmss) != 6)
    return FALSE;
  int hour = two_digits (hhmmss, 24);
  int minute = two_digits (hhmmss + 2, 60);
  int second = two_digits (hhmmss + 4, 60);
  if (hour < 0 || minute < 0 || second < 0)
    return FALSE;
  *at = till_clock_days_between (19700101, day) * TILL_DAY - BEIJING + hour * TILL_HOUR
        + minute * TILL_MINUTE + second * TILL_SECOND;
  return TRUE;
}

gboolean
till_piece_time (const char *text, int64_t *at, int *day)
{
  if (strlen (text) != 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':')
    return FALSE;
  char date[11], clock[7];
  g_strlcpy (date, text, sizeof date);
  g_snprintf (clock, sizeof clock, "%.2s%.2s%.2s", text + 11, text + 14, text + 17);
  return till_clock_parse_day (date, day, NULL) && till_piece_day_time (*day, clock, at);
}

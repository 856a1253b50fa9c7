/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/letter.h"
#include "data/core/clock.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "data/core/text.h"

#include <string.h>

#define WORDS_MAX 64
/* Of the longest id that a provider gives its notices: Alipay's has at most 128 characters. */
#define EVENT_NO_MAX 255

TillLetter *
till_letter_new (GBytes *body, int64_t arrived_at)
{
  TillLetter *letter = g_new0 (TillLetter, 1);
  letter->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  letter->body = g_bytes_ref (body);
  letter->arrived_at = arrived_at;
  return letter;
}

void
till_letter_add_field (TillLetter *letter, const char *name, const char *value)
{
  char *small = g_ascii_strdown (name, -1);
  gboolean twice = g_hash_table_contains (letter->fields, small);
  g_hash_table_replace (letter->fields, small, twice ? NULL : g_strdup (value));
}

const char *
till_letter_field (const TillLetter *letter, const char *name)
{
  return g_hash_table_lookup (letter->fields, name);
}

void
till_letter_free (TillLetter *letter)
{
  if (!letter)
    return;
  g_hash_table_unref (letter->fields);
  g_bytes_unref (letter->body);
  g_free (letter);
}

TillNotice *
till_letter_not_believed (GError **error, const char *words)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, words);
  return NULL;
}

TillNotice *
till_letter_aside (GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "a letter about nothing of ours");
  return NULL;
}

/* An id or a number as it may stand in the books. */
static gboolean
is_number (const char *text, gsize most)
{
  gsize length = text ? strlen (text) : 0;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length >= 1 && length <= most;
}

TillNotice *
till_letter_notice (gboolean is_refund, const char *request_no, const char *event_no,
                    const char *words, GError **error)
{
  if (!is_number (request_no, TILL_NOTICE_NO_MAX))
    return till_letter_not_believed (error, "a letter without a number");
  if (event_no && !is_number (event_no, EVENT_NO_MAX))
    return till_letter_not_believed (error, "a letter whose own number cannot be one");
  TillNotice *notice = g_new0 (TillNotice, 1);
  notice->is_refund = is_refund;
  notice->request_no = g_strdup (request_no);
  if (event_no)
    notice->event_no = strlen (event_no) > TILL_NOTICE_NO_MAX
                           ? till_digest_hex (event_no, strlen (event_no))
                           : g_strdup (event_no);
  notice->words = till_text_clean (words, WORDS_MAX);
  return notice;
}

TillNotice *
till_letter_add_amount (TillNotice *notice, TillMoney amount, const char *currency)
{
  if (!notice || amount <= 0 || amount > TILL_MONEY_MAX)
    return notice;
  gboolean named = currency && strlen (currency) == 3 && g_ascii_isalpha (currency[0])
                   && g_ascii_isalpha (currency[1]) && g_ascii_isalpha (currency[2]);
  if (currency && !named)
    return notice;
  notice->amount = amount;
  notice->currency = named ? g_ascii_strup (currency, 3) : NULL;
  return notice;
}

gboolean
till_letter_is_near (const TillLetter *letter, int64_t at)
{
  int64_t apart = letter->arrived_at / TILL_SECOND - at / TILL_SECOND;
  return -TILL_LETTER_APART_S <= apart && apart <= TILL_LETTER_APART_S;
}

gboolean
till_letter_is_fresh (const TillLetter *letter, const char *seconds)
{
  gint64 at;
  return seconds && g_ascii_string_to_signed (seconds, 10, 0, G_MAXINT64 / TILL_SECOND, &at, NULL)
         && till_letter_is_near (letter, at * TILL_SECOND);
}

GString *
till_letter_text (const TillLetter *letter, const char *head)
{
  gsize size;
  const char *data = g_bytes_get_data (letter->body, &size);
  GString *text = g_string_new (head);
  return size > 0 ? g_string_append_len (text, data, (gssize)size) : text;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe's list of what moved on the account, a page of it: of one day, the newest first.
 *
 * The fee is taken from a payment and never given back. Sandbox inventions: the numbers of
 * movements and charges; one day (in China) at a time; nothing but payments and refunds moves; a
 * refund that came back is `failed` where it stands, and what came back is no movement of its own.
 */
#include "app/sandbox/day-bill.h"
#include "devices/gateway/json.h"

#include <string.h>

static json_t *
write_intent (const char *id, const char *no, TillMoney amount)
{
  json_t *intent = json_object (), *metadata = json_object ();
  till_json_set_text (intent, "id", id);
  till_json_set_text (intent, "object", "payment_intent");
  if (amount)
    till_json_set_int (intent, "amount", amount);
  till_json_set_text (metadata, "request_no", no);
  till_json_set (intent, "metadata", metadata);
  return intent;
}

static const char *
status_of_refund (const TillSpeech *speech, const char *no)
{
  TillProviderAnswer answer;
  gboolean known = till_provider_peek (speech->provider, TILL_ERRAND_REFUND, no, NULL, &answer);
  if (known && strcmp (answer.status, "PROCESSING") == 0)
    return "pending";
  return known && strcmp (answer.status, "ABNORMAL") == 0 ? "failed" : "succeeded";
}

static void
set_charge (json_t *source, const TillBillRow *row, gboolean whole)
{
  g_autofree char *id = g_strconcat ("ch_", row->provider_no, NULL);
  till_json_set_text (source, "id", id);
  till_json_set_text (source, "object", "charge");
  till_json_set_int (source, "amount_captured", row->amount);
  till_json_set (source, "payment_intent",
                 whole ? write_intent (row->provider_no, row->request_no, row->amount)
                       : json_string (row->provider_no));
  till_json_set_text (source, "status", "succeeded");
}

static void
set_refund (json_t *source, const TillSpeech *speech, const TillBillRow *row, gboolean whole)
{
  json_t *metadata = json_object ();
  till_json_set_text (source, "id", row->provider_no);
  till_json_set_text (source, "object", "refund");
  till_json_set_text (metadata, "request_no", row->request_no);
  till_json_set (source, "metadata", metadata);
  till_json_set (source, "payment_intent",
                 whole ? write_intent (row->original_provider_no, row->original_no, 0)
                       : json_string (row->original_provider_no));
  till_json_set_text (source, "status", status_of_refund (speech, row->request_no));
}

static json_t *
write_source (const TillSpeech *speech, const TillBillRow *row, const TillStripePage *page)
{
  gboolean back = till_bill_row_is_back (row);
  g_autofree char *charge = g_strconcat ("ch_", row->provider_no, NULL);
  if (!page->sources)
    return json_string (back ? row->provider_no : charge);
  json_t *source = json_object ();
  till_json_set_int (source, "amount", row->amount);
  till_json_set_text (source, "currency", "cny");
  if (back)
    set_refund (source, speech, row, page->payments);
  else
    set_charge (source, row, page->payments);
  return source;
}

static json_t *
write_fees (TillMoney fee)
{
  json_t *details = json_array ();
  if (!fee)
    return details;
  json_t *detail = json_object ();
  till_json_set_int (detail, "amount", fee);
  till_json_set_text (detail, "currency", "cny");
  till_json_set_text (detail, "description", "Stripe processing fees");
  till_json_set_text (detail, "type", "stripe_fee");
  json_array_append_new (details, detail);
  return details;
}

static json_t *
write_movement (const TillSpeech *speech, const TillBillRow *row, const char *id, TillMoney wrong,
                const TillStripePage *page)
{
  gboolean back = till_bill_row_is_back (row);
  TillMoney amount = back ? -row->amount : row->amount, fee = back ? 0 : row->fee;
  json_t *object = json_object ();
  till_json_set_text (object, "id", id);
  till_json_set_text (object, "object", "balance_transaction");
  till_json_set_int (object, "amount", amount);
  till_json_set_int (object, "available_on", row->at / TILL_SECOND);
  till_json_set_int (object, "created", row->at / TILL_SECOND);
  till_json_set_text (object, "currency", "cny");
  till_json_set (object, "description", json_null ());
  till_json_set (object, "exchange_rate", json_null ());
  till_json_set_int (object, "fee", fee);
  till_json_set (object, "fee_details", write_fees (fee));
  till_json_set_int (object, "net", amount - fee + wrong);
  till_json_set_text (object, "reporting_category", back ? "refund" : "charge");
  till_json_set (object, "source", write_source (speech, row, page));
  till_json_set_text (object, "status", "available");
  till_json_set_text (object, "type", back ? "refund" : "charge");
  return object;
}

/* The same for both where a row stands twice. */
static char *
number_of (const TillDayBill *bill, guint i)
{
  gboolean again = bill->fault == TILL_BILL_REPEATED_ROW && i + 1 == bill->rows->len && i > 0;
  return g_strdup_printf ("txn_%d%06u", bill->day, again ? i : i + 1);
}

GBytes *
till_stripe_bill (const TillSpeech *speech, int day, const TillStripePage *page)
{
  g_autoptr (TillDayBill) bill = till_day_bill_new (speech, "stripe", day, 0);
  g_autoptr (json_t) list = json_object ();
  json_t *data = json_array ();
  gboolean begun = !page->after, more = FALSE;
  for (guint i = bill->rows->len; i-- > 0 && !more;)
    {
      const TillBillRow *row = &g_array_index (bill->rows, TillBillRow, i);
      g_autofree char *id = number_of (bill, i);
      more = begun && json_array_size (data) == page->limit;
      if (begun && !more)
        json_array_append_new (
            data,
            write_movement (speech, row, id, i + 1 == bill->rows->len ? bill->wrong : 0, page));
      begun = begun || strcmp (id, page->after) == 0;
    }
  till_json_set_text (list, "object", "list");
  till_json_set (list, "data", data);
  till_json_set (list, "has_more", json_boolean (more));
  till_json_set_text (list, "url", "/v1/balance_transactions");
  if (!begun)
    return NULL;
  g_autoptr (GBytes) whole = till_json_write (list);
  gsize size;
  const char *text = g_bytes_get_data (whole, &size);
  return till_day_bill_finish (bill, g_string_new_len (text, (gssize)size));
}

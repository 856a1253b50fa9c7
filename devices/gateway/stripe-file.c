/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stripe has no settlement file. What moved on the account is GET /v1/balance_transactions (API
 * reference, "List all balance transactions"), by when it was made, in pages of a hundred, the
 * newest first. Each page becomes a transcript, a member of the file, which data/settlement reads
 * like what others send (stripe-list.c there says how it looks): JSON has its keeper here, and what
 * a movement means is judged where all files are. The transcript is the same whenever the same is
 * told, so that its digest can be kept.
 *
 * Asked for is what stands behind each movement (expand: data.source), and the payment behind that,
 * for our numbers are in the metadata of PaymentIntents and Refunds. What is not told whole is
 * written down as such and refused by the reader.
 *
 * A list that is asked for too early is no list of a day: nobody says that there will be more.
 * Stripe makes a movement "in the background" (Expanding responses, "See the Stripe fee for a given
 * payment"); that an hour after midnight is late enough is assumed, as is that expanding what a
 * source does not have does no harm. Nothing is signed; see stripe-codec.c. A page of more than
 * TILL_JSON_SIZE_MAX is not read. */
#include "data/core/clock.h"
#include "devices/gateway/form.h"
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"
#include "devices/gateway/stripe-private.h"

#include <string.h>

#define MOVEMENTS "/v1/balance_transactions"
#define PAGE_MAX 100
#define CELL_MAX 64

/* --- the question --- */

static char *
path_of_page (int day, const char *after)
{
  int64_t end_s = till_file_day_end (day) / TILL_SECOND;
  g_autoptr (TillForm) form = till_form_new ();
  till_form_add_int (form, "created[gte]", end_s - TILL_DAY / TILL_SECOND);
  till_form_add_int (form, "created[lt]", end_s);
  till_form_add_int (form, "limit", PAGE_MAX);
  till_form_add (form, "expand[0]", "data.source");
  till_form_add (form, "expand[1]", "data.source.payment_intent");
  till_form_add (form, "starting_after", after);
  g_autoptr (GBytes) bytes = till_form_encode (form);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *query = g_strndup (data, size);
  return g_strconcat (MOVEMENTS, "?", query, NULL);
}

static TillRequest *
build (const TillFileAsk *ask, const TillAccount *account)
{
  g_autofree char *first = ask->path ? NULL : path_of_page (ask->day, NULL);
  return till_stripe_request_new (account, first ? first : ask->path, NULL);
}

/* --- a page into its transcript --- */

/* What may stand between two commas. */
static gboolean
is_cell (const char *text)
{
  gsize length
      = text ? strspn (text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-")
             : 0;
  return length > 0 && length <= CELL_MAX && text[length] == '\0';
}

/* A number that cannot be ours is none. */
static const char *
number_in (const json_t *thing)
{
  const char *no = till_json_text (json_object_get (thing, "metadata"), "request_no");
  return is_cell (no) ? no : "";
}

static const char *
id_of (const json_t *thing)
{
  const char *id
      = json_is_string (thing) ? json_string_value (thing) : till_json_text (thing, "id");
  return is_cell (id) ? id : "";
}

/* What stands behind a movement. Texts are the movement's; "" where there is no such thing. */
typedef struct
{
  const char *state, *provider_no, *request_no, *original_provider_no, *original_no;
  int64_t asked; /* fen; -1: it is not told whole */
} Source;

static Source
read_source (const json_t *movement)
{
  const json_t *thing = json_object_get (movement, "source");
  const json_t *intent = json_object_get (thing, "payment_intent");
  const char *object = till_json_text (thing, "object"), *state = till_json_text (thing, "status");
  gboolean charge = g_strcmp0 (object, "charge") == 0, refund = g_strcmp0 (object, "refund") == 0;
  Source source = { .state = is_cell (state) ? state : "",
                    .provider_no = id_of (thing),
                    .request_no = refund ? number_in (thing) : "",
                    .original_provider_no = "",
                    .original_no = "",
                    .asked = -1 };
  TillMoney amount;
  gboolean whole = json_is_object (intent) || json_is_null (intent);
  if ((charge || refund) && whole && till_json_money (thing, "amount", &amount))
    source.asked = amount;
  if (!json_is_object (intent))
    return source;
  if (charge)
    {
      source.provider_no = id_of (intent);
      source.request_no = number_in (intent);
    }
  else if (refund)
    {
      source.original_provider_no = id_of (intent);
      source.original_no = number_in (intent);
    }
  return source;
}

/* Adds one line, and its net to *net. Why not, or NULL. */
static const char *
write_movement (GString *page, const json_t *movement, TillMoney *net_sum)
{
  const char *id = till_json_text (movement, "id"), *type = till_json_text (movement, "type");
  const char *currency = till_json_text (movement, "currency");
  const json_t *created = json_object_get (movement, "created");
  TillMoney amount, fee, net;
  if (g_strcmp0 (till_json_text (movement, "object"), "balance_transaction") != 0)
    return "something in the list is no movement of money";
  if (!is_cell (id) || !is_cell (type) || !is_cell (currency) || !json_is_integer (created))
    return "a movement does not say what it is";
  if (!till_json_signed_money (movement, "amount", &amount)
      || !till_json_signed_money (movement, "fee", &fee)
      || !till_json_signed_money (movement, "net", &net)
      || !till_money_add (*net_sum, net, net_sum))
    return "a movement has an amount that is none";
  Source source = read_source (movement);
  g_string_append_printf (page,
                          "%s,%s,%" G_GINT64_FORMAT ",%s,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT
                          ",%" G_GINT64_FORMAT ",%s,%s,%s,%s,%s,",
                          id, type, (gint64)json_integer_value (created), currency, amount, fee,
                          net, source.state, source.provider_no, source.request_no,
                          source.original_provider_no, source.original_no);
  if (source.asked >= 0)
    g_string_append_printf (page, "%" G_GINT64_FORMAT, source.asked);
  g_string_append_c (page, '\n');
  return NULL;
}

static TillFileAnswer *
write_page (const TillFileAsk *ask, const TillAccount *account, const json_t *data, gboolean more)
{
  g_autoptr (GString) page = g_string_new (NULL);
  gsize n = json_array_size (data);
  TillMoney net = 0;
  g_string_append_printf (page, "stripe,1,%s,%d,%d\n", account->merchant_no, ask->day,
                          ask->step + 1);
  for (gsize i = 0; i < n; i++)
    {
      const char *wrong = write_movement (page, json_array_get (data, i), &net);
      if (wrong)
        return till_file_answer_new (TILL_FILE_BROKEN, wrong);
    }
  g_string_append_printf (page, "end,%" G_GSIZE_FORMAT ",%" G_GINT64_FORMAT ",%s\n", n, net,
                          more ? "more" : "last");
  g_autofree char *name = g_strdup_printf ("%d-%03d.txt", ask->day, ask->step + 1);
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (g_steal_pointer (&page));
  TillFileAnswer *answer = till_file_answer_new (more ? TILL_FILE_NEXT : TILL_FILE_HERE, NULL);
  answer->members = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  g_ptr_array_add (answer->members, till_settlement_member_new (name, bytes));
  if (more)
    answer->path = path_of_page (ask->day, till_json_text (json_array_get (data, n - 1), "id"));
  return answer;
}

static TillFileAnswer *
interpret_page (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (reply->body, &error);
  if (!object)
    return till_file_answer_new (TILL_FILE_BROKEN, error->message);
  const json_t *data = json_object_get (object, "data");
  const json_t *more = json_object_get (object, "has_more");
  if (g_strcmp0 (till_json_text (object, "object"), "list") != 0 || !json_is_array (data)
      || !json_is_boolean (more))
    return till_file_answer_new (TILL_FILE_UNKNOWN, "a list was asked for, and this is none");
  gsize n = json_array_size (data);
  if (n > PAGE_MAX || (n == 0 && json_is_true (more)))
    return till_file_answer_new (TILL_FILE_BROKEN, "a page has more movements than were asked for, "
                                                   "or none and more to come");
  return write_page (ask, account, data, json_is_true (more));
}

static TillFileAnswer *
interpret_error (const TillFileAsk *ask, const TillReply *reply)
{
  g_autoptr (json_t) object = till_json_parse (reply->body, NULL);
  const json_t *error = json_object_get (object, "error");
  const char *code = till_json_text (error, "code");
  if (!code)
    code = till_json_text (error, "type");
  if (reply->status == 429)
    return till_file_answer_not_yet (ask, till_stripe_codec.profile->file_ready_s, code);
  gboolean refused = reply->status >= 400 && reply->status < 500 && json_is_object (error);
  g_autofree char *detail = g_strdup_printf ("HTTP %d", reply->status);
  TillFileAnswer *answer
      = till_file_answer_new (refused ? TILL_FILE_REFUSED : TILL_FILE_UNKNOWN, detail);
  till_file_answer_add_code (answer, code);
  return answer;
}

static TillFileAnswer *
interpret (const TillFileAsk *ask, const TillAccount *account, const TillReply *reply)
{
  TillFileAnswer *no_answer = till_file_answer_of_line (reply);
  int ready_s = till_stripe_codec.profile->file_ready_s;
  if (no_answer)
    return no_answer;
  if (reply->status != 200)
    return interpret_error (ask, reply);
  if (ask->asked_at < till_file_day_end (ask->day) + ready_s * TILL_SECOND)
    return till_file_answer_not_yet (ask, ready_s, NULL);
  return interpret_page (ask, account, reply);
}

const TillFileCodec till_stripe_file
    = { .build = build, .interpret = interpret, .steps_max = TILL_FILE_PAGES_MAX };

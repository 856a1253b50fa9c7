/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line between the dispatcher and the providers. Knows of each language just enough to hear
 * from outside which requests move money and under which number; nothing of it is the codecs'. */
#include "data/core/error.h"
#include "tests/sim/sim-world.h"

#include <string.h>

/* Where one may be on its way for hours; elsewhere no request arrives later than the provider's
 * "not found" is final. */
#define LONG_LATE_MAX_S 36000

/* --- what is heard --- */

/* A request says `mark` somewhere in its first line, headers or body, and its number behind
 * `number`. What is not here moves no money. */
static const struct
{
  const char *provider, *mark;
  TillErrandKind kind;
  const char *number;
} ears[] = {
  { "sandbox", "POST /v1/pay\n", TILL_ERRAND_PAY, "\"request_no\":\"" },
  { "sandbox", "POST /v1/refund\n", TILL_ERRAND_REFUND, "\"request_no\":\"" },
  { "sandbox", "POST /v1/void\n", TILL_ERRAND_VOID, "\"request_no\":\"" },
  { "sandbox", "POST /v1/reverse\n", TILL_ERRAND_REVERSE, "\"request_no\":\"" },
  { "unionpay", "&txnType=01&", TILL_ERRAND_PAY, "&orderId=" },
  { "unionpay", "&txnType=04&", TILL_ERRAND_REFUND, "&orderId=" },
  { "unionpay", "&txnType=31&", TILL_ERRAND_VOID, "&orderId=" },
  { "unionpay", "&txnType=99&", TILL_ERRAND_REVERSE, "&orderId=" },
  { "stripe", "POST /v1/payment_intents\n", TILL_ERRAND_PAY, "Idempotency-Key: " },
  { "stripe", "/process_payment_intent\n", TILL_ERRAND_PRESENT, "Idempotency-Key: " },
  { "stripe", "POST /v1/refunds\n", TILL_ERRAND_REFUND, "Idempotency-Key: " },
  { "wechat", "POST /v3/pay/transactions/codepay\n", TILL_ERRAND_PAY, "\"out_trade_no\":\"" },
  { "wechat", "POST /v3/refund/domestic/refunds\n", TILL_ERRAND_REFUND, "\"out_refund_no\":\"" },
  { "wechat", "/apply-abnormal-refund\n", TILL_ERRAND_RECALL, "\"out_refund_no\":\"" },
  { "wechat", "/reverse\n", TILL_ERRAND_REVERSE, "/out-trade-no/" },
  { "alipay", "method=alipay.trade.pay&", TILL_ERRAND_PAY, "out_trade_no%22%3A%22" },
  { "alipay", "method=alipay.trade.refund&", TILL_ERRAND_REFUND, "out_request_no%22%3A%22" },
  { "alipay", "method=alipay.trade.cancel&", TILL_ERRAND_REVERSE, "out_trade_no%22%3A%22" },
  { "umpay", "service=passive_scancode_pay&", TILL_ERRAND_PAY, "&order_id=" },
  { "umpay", "service=mer_refund&", TILL_ERRAND_REFUND, "&refund_no=" },
  { "umpay", "service=mer_cancel&", TILL_ERRAND_REVERSE, "&order_id=" },
  { "lakala", "/labs/trans/micropay\n", TILL_ERRAND_PAY, "\"out_trade_no\":\"" },
  { "lakala", "/labs/relation/idmrefund\n", TILL_ERRAND_REFUND, "\"out_refund_order_no\":\"" },
  { "lakala", "/labs/relation/revoked\n", TILL_ERRAND_VOID, "\"out_trade_no\":\"" },
  { "shengpay", "/pay/unifiedorderOffline\n", TILL_ERRAND_PAY, "\"outTradeNo\":\"" },
  { "shengpay", "/pay/refund\n", TILL_ERRAND_REFUND, "\"outRefundNo\":\"" },
  { "shengpay", "/pay/reverseOrder\n", TILL_ERRAND_REVERSE, "\"outTradeNo\":\"" },
};

/* What a provider wants fresh in every request, up to one of the letters. */
static const struct
{
  const char *provider, *mark, *until;
} fresh[] = {
  { "wechat", "\nAuthorization: ", "\n" }, { "lakala", "\nAuthorization: ", "\n" },
  { "alipay", "&timestamp=", "&\n" },      { "alipay", "&sign=", "&\n" },
  { "shengpay", "\"nonceStr\":\"", "\"" }, { "shengpay", "\"sign\":\"", "\"" },
};

typedef struct
{
  char *text; /* owned; the request as it leaves, without what must be fresh */
  TillErrandKind kind;
  char *request_no; /* owned; NULL for what moves no money */
} Heard;

static void
heard_clear (Heard *heard)
{
  g_free (heard->text);
  g_free (heard->request_no);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Heard, heard_clear)

static gboolean
moves (const Heard *heard)
{
  return heard->request_no != NULL;
}

/* A reversal asks for no promise: it takes back what was promised. */
static gboolean
wants_promise (const Heard *heard)
{
  return moves (heard) && heard->kind != TILL_ERRAND_REVERSE;
}

static void
blot (GString *text, const char *mark, const char *until)
{
  const char *at = strstr (text->str, mark);
  if (!at)
    return;
  at += strlen (mark);
  g_string_erase (text, at - text->str, (gssize)strcspn (at, until));
}

static char *
number_behind (const char *text, const char *mark)
{
  const char *at = strstr (text, mark);
  at = at ? at + strlen (mark) : "";
  return g_strndup (at, strspn (at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
}

static Heard
hear (const Rail *rail, const TillRequest *request)
{
  const char *provider = rail->codec->profile->name;
  Heard heard = { 0 };
  GString *text = g_string_new (NULL);
  gsize size;
  const char *body = g_bytes_get_data (request->body, &size);
  g_string_printf (text, "%s %s\n", request->method, request->path);
  for (guint i = 0; i < request->headers->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)g_ptr_array_index (request->headers, i));
  g_string_append_len (text, body, (gssize)size);
  for (gsize i = 0; i < G_N_ELEMENTS (fresh); i++)
    if (strcmp (fresh[i].provider, provider) == 0)
      blot (text, fresh[i].mark, fresh[i].until);
  for (gsize i = 0; i < G_N_ELEMENTS (ears); i++)
    if (strcmp (ears[i].provider, provider) == 0 && strstr (text->str, ears[i].mark))
      {
        heard.kind = ears[i].kind;
        heard.request_no = number_behind (text->str, ears[i].number);
      }
  heard.text = g_string_free (text, FALSE);
  /* Lakala cancels by one request what goes back under a number of its own and what shall not have
   * happened; the latter's number has a letter more than ours. */
  if (heard.request_no && strlen (heard.request_no) == 17)
    {
      heard.kind = TILL_ERRAND_REVERSE;
      memmove (heard.request_no, heard.request_no + 1, 17);
    }
  return heard;
}

/* A5: what goes out again under a number is what went out first, byte for byte. */
static void
compare_with_first (World *world, const Heard *heard)
{
  if (!moves (heard))
    return;
  g_autofree char *key
      = g_strdup_printf ("%s %s", till_errand_kind_word (heard->kind), heard->request_no);
  const Sent *first = g_hash_table_lookup (world->sent, key);
  if (first && strcmp (first->body, heard->text) != 0)
    till_world_fail (world, "A5: %s went out in other words: %s", key, heard->text);
  if (first)
    return;
  Sent *sent = g_new0 (Sent, 1);
  sent->body = g_strdup (heard->text);
  g_hash_table_insert (world->sent, g_steal_pointer (&key), sent);
}

/* --- what is late --- */

static void
sent_free (gpointer data)
{
  Sent *sent = data;
  g_clear_pointer (&sent->request, till_request_free);
  g_free (sent->body);
  g_free (sent);
}

static TillRequest *
copy_request (const TillRequest *request)
{
  TillRequest *copy = till_request_new ("", request->path, request->body);
  copy->method = request->method;
  g_free (copy->url);
  copy->url = g_strdup (request->url);
  for (guint i = 0; i < request->headers->len; i++)
    g_ptr_array_add (copy->headers, g_strdup (g_ptr_array_index (request->headers, i)));
  copy->total_ms = request->total_ms;
  return copy;
}

static void
hold_up (World *world, const Rail *rail, const TillRequest *request)
{
  Sent *late = g_new0 (Sent, 1);
  guint most
      = rail->long_late ? LONG_LATE_MAX_S : (guint)(rail->codec->profile->not_found_after_s - 1);
  guint seconds = 1 + till_world_draw (world, most);
  late->at = till_clock_now (world->time) + seconds * TILL_SECOND;
  late->request = copy_request (request);
  g_ptr_array_add (world->held_up, late);
}

void
till_line_deliver (World *world, gboolean all)
{
  for (guint i = 0; i < world->held_up->len;)
    {
      Sent *late = g_ptr_array_index (world->held_up, i);
      if (!all && late->at > till_clock_now (world->time))
        {
          i++;
          continue;
        }
      TillTransport line = till_speech_transport (&till_rail_of (world, late->request)->speech);
      g_autoptr (TillReply) reply = line.send (line.self, late->request, NULL);
      till_world_tell (world, "a late %s arrives", late->request->path);
      g_ptr_array_remove_index (world->held_up, i);
    }
}

/* --- what comes back --- */

static TillReply *
copy_reply (const TillReply *reply)
{
  TillReply *copy = till_reply_new (reply->fate, reply->status, reply->detail);
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init (&iter, reply->fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (copy->fields, g_strdup (name), g_strdup (value));
  till_reply_set_body (copy, reply->body);
  copy->date_at = reply->date_at;
  return copy;
}

static void
remember_yes (Rail *rail, const Heard *heard, const TillReply *reply)
{
  g_clear_pointer (&rail->yes[heard->kind], till_reply_free);
  g_free (rail->yes_no[heard->kind]);
  rail->yes[heard->kind] = copy_reply (reply);
  rail->yes_no[heard->kind] = g_strdup (heard->request_no);
}

/* The provider hears it and answers. */
static TillReply *
reach (World *world, Rail *rail, const TillRequest *request, const Heard *heard)
{
  guint before = till_provider_n_effects (rail->provider);
  TillTransport line = till_speech_transport (&rail->speech);
  TillReply *reply = line.send (line.self, request, NULL);
  reply->date_at = reply->fate == TILL_FATE_ANSWERED ? till_clock_now (world->time) : 0;
  till_world_tell (world, "%s %s: %s", rail->codec->profile->name,
                   moves (heard) ? heard->request_no : request->path,
                   reply->fate == TILL_FATE_ANSWERED ? "answered" : reply->detail);
  if (moves (heard) && reply->fate == TILL_FATE_ANSWERED && reply->status == 200
      && till_provider_n_effects (rail->provider) > before)
    remember_yes (rail, heard, reply);
  return reply;
}

/* The yes to another request of the same kind, rightly signed. Only a language whose answers say
 * what they are about can tell: Stripe's is believed for its line alone, and Alipay's answer to a
 * refund names the payment and not the refund; there it comes only where the yes is true. */
static TillReply *
another_yes (World *world, Rail *rail, const TillRequest *request, const Heard *heard)
{
  const char *provider = rail->codec->profile->name;
  gboolean blind = strcmp (provider, "stripe") == 0
                   || (strcmp (provider, "alipay") == 0 && heard->kind == TILL_ERRAND_REFUND);
  const TillReply *yes = rail->yes[heard->kind];
  if (!yes || strcmp (rail->yes_no[heard->kind], heard->request_no) == 0 || rail->lenient
      || !till_world_trouble (world, 10, "the answer to another request comes"))
    return NULL;
  g_autoptr (TillReply) other = copy_reply (yes);
  gboolean reached = blind || till_world_draw (world, 2);
  if (!reached)
    return g_steal_pointer (&other);
  guint before = till_provider_n_effects (rail->provider);
  TillReply *own = reach (world, rail, request, heard);
  if (blind && till_provider_n_effects (rail->provider) == before)
    return own;
  till_reply_free (own);
  return g_steal_pointer (&other);
}

/* --- the line --- */

/* The shop goes on while somebody waits for the provider, until everything is to come to rest: what
 * is sold in the last minute could not. */
static gboolean
meanwhile (World *world, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  if (!world->calm && !till_world_draw (world, 4) && !till_world_act (world, &trouble)
      && !g_error_matches (trouble, TILL_ERROR, TILL_ERROR_STOPPED))
    till_world_fail (world, "while waiting: %s", trouble->message);
  if (!trouble)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

/* The provider has acted and its answer takes longer than a promise lasts. Another program at the
 * same books forgets the promise and asks, and in the end both are told. */
static gboolean
another_hand (World *world, GError **error)
{
  gboolean did;
  int64_t next_at;
  if (world->asking || !till_world_trouble (world, 25, "the answer takes six minutes"))
    return TRUE;
  world->asking = TRUE;
  till_world_pass (world, 6 * TILL_MINUTE);
  till_line_deliver (world, FALSE);
  TillDispatcher *other = till_dispatcher_new (world->desk, till_line (world), world->accounts);
  gboolean good = till_dispatcher_step (other, &did, &next_at, error);
  till_dispatcher_free (other);
  world->asking = FALSE;
  return good;
}

static TillReply *
no_line (World *world)
{
  static const char *const whys[] = {
    "no such name",
    "connection refused",
    "time-out while connecting",
    "an unknown authority",
    "the provider's certificate is not yet valid: check the clock",
  };
  return till_reply_new (TILL_FATE_NOT_SENT, 0, whys[till_world_draw (world, G_N_ELEMENTS (whys))]);
}

/* What the dispatcher is told; never NULL. */
static TillReply *
pass_on (World *world, Rail *rail, const TillRequest *request, const Heard *heard)
{
  gboolean reached;
  if (till_world_trouble (world, 15, "no line"))
    return no_line (world);
  if (wants_promise (heard) && !rail->lenient
      && till_world_trouble (world, 15, "held up on the way"))
    {
      hold_up (world, rail, request);
      return till_reply_new (TILL_FATE_MAYBE_SENT, 0, "time-out");
    }
  g_autoptr (TillReply) stranger = till_trouble_stranger (world, &reached);
  if (stranger)
    {
      g_autoptr (TillReply) unheard = reached ? reach (world, rail, request, heard) : NULL;
      return g_steal_pointer (&stranger);
    }
  g_autoptr (TillReply) reply
      = wants_promise (heard) ? another_yes (world, rail, request, heard) : NULL;
  if (!reply)
    reply = reach (world, rail, request, heard);
  till_trouble_spoil (world, reply);
  return g_steal_pointer (&reply);
}

static TillReply *
send_by_line (gpointer self, const TillRequest *request, GError **error)
{
  World *world = self;
  Rail *rail = till_rail_of (world, request);
  g_auto (Heard) heard = hear (rail, request);
  if (wants_promise (&heard))
    till_watch_promise (world->watch, rail, heard.kind, heard.request_no);
  compare_with_first (world, &heard);
  if (!meanwhile (world, error))
    return NULL;
  g_autoptr (TillReply) reply = pass_on (world, rail, request, &heard);
  gboolean came = reply->fate != TILL_FATE_NOT_SENT;
  return !came || (meanwhile (world, error) && another_hand (world, error))
             ? g_steal_pointer (&reply)
             : NULL;
}

TillTransport
till_line (World *world)
{
  if (!world->sent)
    {
      world->sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, sent_free);
      world->held_up = g_ptr_array_new_with_free_func (sent_free);
    }
  return (TillTransport){ send_by_line, world };
}

void
till_line_free (World *world)
{
  g_hash_table_unref (world->sent);
  g_ptr_array_unref (world->held_up);
}

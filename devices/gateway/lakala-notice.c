/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Lakala tells at the notify_url of a payment (交易通知): flat JSON, signed in
 *   Authorization: LKLAPI-SHA256withRSA timestamp="…",nonce_str="…",signature="…"
 * over time, nonce and body, each with a line feed behind it; the names in any order.
 *
 * The key is one of its own (notice_key); whether it may also be the one of the answers is said in
 * both ways, so where the account names none, that is what is believed. Documented are the fields
 * of a payment's. Assumed: that one with an out_refund_order_no, with the payment beside it in
 * origin_out_trade_no or with trade_main_type REFUND or CANCEL is about what goes back, that the
 * state may be called trade_state as in an answer, and that what names no trade at all is about
 * something else (contracts, merchants). Whose total_amount is beside a refund is not known: how
 * much goes back is what refund_amount says, or nothing. */
#include "devices/gateway/json.h"
#include "devices/gateway/lakala-private.h"
#include "devices/gateway/meaning.h"

#include <string.h>

#define SCHEME "LKLAPI-SHA256withRSA "
/* Of the head. */
#define PARTS_MAX 16

typedef struct
{
  char *time, *nonce, *signature; /* owned; NULL until it is said */
} Stamp;

static void
stamp_clear (Stamp *stamp)
{
  g_free (stamp->time);
  g_free (stamp->nonce);
  g_free (stamp->signature);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stamp, stamp_clear)

/* FALSE when it is not written as name="value", or says something of ours twice. */
static gboolean
take_part (Stamp *stamp, const char *part)
{
  const char *equals = strchr (part, '=');
  gsize length = equals ? strlen (equals) : 0;
  if (length < 3 || equals[1] != '"' || equals[length - 1] != '"')
    return FALSE;
  const struct
  {
    const char *name;
    char **value;
  } ours[] = { { "timestamp", &stamp->time },
               { "nonce_str", &stamp->nonce },
               { "signature", &stamp->signature } };
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    if (strlen (ours[i].name) == (gsize)(equals - part)
        && strncmp (part, ours[i].name, strlen (ours[i].name)) == 0)
      {
        if (*ours[i].value)
          return FALSE;
        *ours[i].value = g_strndup (equals + 2, length - 3);
      }
  return TRUE;
}

static gboolean
read_stamp (const char *head, Stamp *stamp)
{
  if (!head || !g_str_has_prefix (head, SCHEME))
    return FALSE;
  g_auto (GStrv) parts = g_strsplit (head + strlen (SCHEME), ",", PARTS_MAX + 1);
  if (g_strv_length (parts) > PARTS_MAX)
    return FALSE;
  for (gsize i = 0; parts[i]; i++)
    if (!take_part (stamp, g_strstrip (parts[i])))
      return FALSE;
  return stamp->time && stamp->nonce && stamp->signature;
}

static gboolean
is_signed (const TillLetter *letter, const TillAccount *account, const Stamp *stamp)
{
  const TillKey *keys[] = { account->notice_key ? account->notice_key : account->provider_key,
                            account->notice_key ? NULL : account->next_provider_key };
  g_autofree char *head = g_strdup_printf ("%s\n%s\n", stamp->time, stamp->nonce);
  GString *text = till_letter_text (letter, head);
  g_string_append_c (text, '\n');
  gboolean right = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (keys) && !right; i++)
    right = keys[i] && till_key_verifies (keys[i], text->str, text->len, stamp->signature);
  g_string_free (text, TRUE);
  return right;
}

/* NULL when the letter is to be believed. */
static const char *
doubt (const TillLetter *letter, const TillAccount *account)
{
  g_auto (Stamp) stamp = { 0 };
  if (!read_stamp (till_letter_field (letter, "authorization"), &stamp)
      || !is_signed (letter, account, &stamp))
    return "a letter without the provider's signature on it";
  return till_letter_is_fresh (letter, stamp.time) ? NULL : "a letter from another time";
}

static gboolean
is_about_trade (const json_t *object)
{
  static const char *const names[]
      = { "out_trade_no", "out_refund_order_no", "trade_no", "trade_status", "trade_state" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_get (object, names[i]))
      return TRUE;
  return FALSE;
}

/* What it says must be for us, and of money what can be money. No currency is named. */
static const char *
contradiction (const json_t *object, const TillAccount *account)
{
  static const char *const amounts[] = { "total_amount", "refund_amount", "payer_amount" };
  if (g_strcmp0 (till_json_text (object, "merchant_no"), account->merchant_no) != 0)
    return "a letter to another merchant";
  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      TillMoney money;
      if (json_object_get (object, amounts[i])
          && !till_meaning_fen_of_text (till_json_text (object, amounts[i]), &money))
        return "a letter about an amount that is none";
    }
  return NULL;
}

static TillNotice *
read_notice (const json_t *object, GError **error)
{
  TillMoney amount = 0;
  const char *refund = till_json_text (object, "out_refund_order_no");
  const char *type = till_json_text (object, "trade_main_type");
  const char *state = till_json_text (object, "trade_status");
  gboolean back = refund || json_object_get (object, "origin_out_trade_no")
                  || g_strcmp0 (type, "REFUND") == 0 || g_strcmp0 (type, "CANCEL") == 0;
  TillNotice *notice
      = till_letter_notice (back, refund ? refund : till_json_text (object, "out_trade_no"), NULL,
                            state ? state : till_json_text (object, "trade_state"), error);
  const char *said = till_json_text (object, back ? "refund_amount" : "total_amount");
  return till_meaning_fen_of_text (said, &amount) ? till_letter_add_amount (notice, amount, NULL)
                                                  : notice;
}

static TillNotice *
open_letter (const TillLetter *letter, const TillAccount *account, GError **error)
{
  const char *why = doubt (letter, account);
  if (why)
    return till_letter_not_believed (error, why);
  g_autoptr (json_t) object = till_json_parse (letter->body, error);
  if (!object)
    return NULL;
  if (!is_about_trade (object))
    return till_letter_aside (error);
  const char *against = contradiction (object, account);
  return against ? till_letter_not_believed (error, against) : read_notice (object, error);
}

const TillNoticeCodec till_lakala_notices = {
  .open = open_letter,
  .yes = { 200, "application/json", "{\"code\":\"SUCCESS\",\"message\":\"ok\"}" },
  .no = { 400, "application/json", "{\"code\":\"FAIL\",\"message\":\"not believed\"}" },
  .asked_for = TRUE,
};

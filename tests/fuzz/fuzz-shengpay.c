/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shengpay, both ways. First byte: signed or not (0x80), to the provider (0x40) or from it, the
 * errand (low three bits); second: the path of a request, the HTTP status of an answer; the rest: a
 * body, whose sign is put right when it is a JSON object that can be signed. */
#include "devices/gateway/json.h"
#include "tests/fuzz/fuzz-account.h"

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The input's object with a signature over its texts and whole numbers, or NULL when it is none. */
static GBytes *
sign_object (GBytes *input, const TillKey *key, gboolean rightly)
{
  g_autoptr (json_t) object = till_json_parse (input, NULL);
  if (!object)
    return NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;
  json_t *value;
  json_object_foreach (object, name, value) if (strcmp (name, "sign") != 0)
      g_ptr_array_add (names, (gpointer)name);
  g_ptr_array_sort (names, by_name);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++)
    {
      value = json_object_get (object, g_ptr_array_index (names, i));
      g_autofree char *digits
          = json_is_integer (value)
                ? g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value))
                : NULL;
      const char *as_text = digits ? digits : json_string_value (value);
      if (as_text && *as_text)
        g_string_append_printf (text, "%s%s=%s", text->len ? "&" : "",
                                (const char *)g_ptr_array_index (names, i), as_text);
    }
  if (!rightly)
    g_string_append_c (text, '&');
  g_autofree char *sign = till_key_sign_with (key, TILL_HASH_SHA1, text->str, text->len);
  till_json_set_text (object, "sign", sign);
  return till_json_write (object);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const int statuses[] = { 200, 200, 200, 400, 401, 500, 0, 302 };
  static const char *const paths[] = { "/pay/unifiedorderOffline",
                                       "/pay/reverseOrder",
                                       "/pay/refund",
                                       "/sandbox/shengpay/queryOrder",
                                       "/sandbox/shengpay/queryRefund",
                                       "/sandbox/shengpay/elsewhere" };
  if (size < 2)
    return 0;
  if (!fuzz_account.our_key)
    fuzz_open (&till_shengpay_tongue);
  gboolean is_signed = (data[0] & 0x80) != 0, to_provider = (data[0] & 0x40) != 0;
  g_autoptr (GBytes) input = g_bytes_new (data + 2, size - 2);
  g_autoptr (GBytes) signed_input
      = sign_object (input, to_provider ? fuzz_account.our_key : fuzz_speech.our_key, is_signed);
  GBytes *body = signed_input ? signed_input : input;
  if (to_provider)
    {
      g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
      fuzz_hear (&till_shengpay_tongue, paths[data[1] % G_N_ELEMENTS (paths)], headers, body,
                 is_signed);
      return 0;
    }
  TillErrand errand = fuzz_errand ((TillErrandKind)((data[0] & 7) % TILL_ERRAND_VOID), FALSE);
  g_autoptr (TillReply) answer
      = till_reply_new (TILL_FATE_ANSWERED, statuses[data[1] % G_N_ELEMENTS (statuses)], NULL);
  till_reply_set_body (answer, body);
  g_autoptr (TillOutcome) outcome
      = till_codec_find ("shengpay")->interpret (&errand, &fuzz_account, answer);
  fuzz_check_outcome (&errand, outcome, is_signed);
  return 0;
}

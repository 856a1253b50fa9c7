/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON from a stranger: what is accepted can be written, and read back as the same bytes. */
#include "devices/gateway/json.h"
#include "data/core/money.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (bytes, &error);
  g_assert_true ((object != NULL) == (error == NULL));
  if (!object)
    {
      fuzz_assert_clean (error->message, 200);
      return 0;
    }
  g_assert_true (json_is_object (object));
  int64_t amount;
  if (till_json_money (object, "amount", &amount))
    g_assert_true (amount >= 0 && amount <= TILL_MONEY_MAX);
  const char *text = till_json_text (object, "status");
  g_assert_true (!text || g_utf8_validate (text, -1, NULL));
  g_autoptr (GBytes) once = till_json_write (object);
  g_autoptr (json_t) again = till_json_parse (once, NULL);
  /* Escapes may grow what is written past the size we read. */
  if (!again)
    {
      g_assert_cmpuint (g_bytes_get_size (once), >, TILL_JSON_SIZE_MAX);
      return 0;
    }
  g_autoptr (GBytes) twice = till_json_write (again);
  g_assert_true (g_bytes_equal (once, twice));
  return 0;
}

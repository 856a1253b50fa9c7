/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signed part of an answer, whose name is "a". Where the whole is JSON, what is found is what
 * the parser says stands there, and nothing is missed but a name with escapes. */
#include "devices/gateway/raw-member.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize length = 0;
  const char *json = (const char *)data;
  const char *found = till_raw_member (json, size, "a", &length);
  if (found)
    g_assert_true (found > json && found + length < json + size && *found == '{'
                   && found[length - 1] == '}');
  g_autoptr (GBytes) whole = g_bytes_new (data, size);
  g_autoptr (json_t) object = till_json_parse (whole, NULL);
  const json_t *member = json_object_get (object, "a");
  if (!object)
    return 0;
  if (!found)
    {
      g_assert_true (!json_is_object (member) || memmem (data, size, "\\u0061", 6));
      return 0;
    }
  g_autoptr (GBytes) part = g_bytes_new (found, length);
  g_autoptr (json_t) parsed = till_json_parse (part, NULL);
  g_assert_true (json_equal (parsed, member));
  return 0;
}

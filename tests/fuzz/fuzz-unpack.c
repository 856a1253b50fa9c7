/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something packed. First byte: how. What comes out is within its bounds and has plain names. */
#include "devices/gateway/unpack.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  g_autoptr (GBytes) packed = g_bytes_new (data + 1, size - 1);
  TillPacking packing = (TillPacking)(data[0] % (TILL_PACKING_ZLIB_ZIP + 1));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = till_unpack (packed, packing, "file", &error);
  g_assert_true ((members != NULL) == (error == NULL));
  if (!members)
    return 0;
  g_assert_cmpuint (members->len, >=, 1);
  g_assert_cmpuint (members->len, <=, TILL_UNPACK_MEMBERS_MAX);
  gsize unpacked = 0;
  for (guint i = 0; i < members->len; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (members, i);
      fuzz_assert_clean (member->name, TILL_UNPACK_NAME_MAX);
      g_assert_null (strpbrk (member->name, "/\\"));
      g_assert_true (*member->name && *member->name != '.');
      unpacked += g_bytes_get_size (member->bytes);
    }
  g_assert_cmpuint (unpacked, <=, TILL_UNPACK_SIZE_MAX);
  g_assert_true (unpacked <= TILL_UNPACK_RATIO_FROM || unpacked / TILL_UNPACK_RATIO_MAX < size);
  return 0;
}

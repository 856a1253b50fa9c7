/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any page: what is found stands in it between quotes, and once. */
#include "devices/gateway/meta-page.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) page = g_bytes_new (data, size);
  g_autofree char *content = till_meta_page_content (page, "P");
  if (!content)
    return 0;
  g_assert_true (strlen (content) < size && !strpbrk (content, "\"<>"));
  g_autofree char *quoted = g_strdup_printf ("=\"%s\"", content);
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_assert_nonnull (strstr (text, quoted));
  return 0;
}

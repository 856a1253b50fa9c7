/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One function a target, called with any bytes at all; it must return 0 and may only assert what
 * holds for every input. libFuzzer drives it when the option `fuzzers` is on; otherwise
 * corpus-main.c runs it over the kept inputs as a test. Protocol: LLVM, "libFuzzer". */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Clean text, as it may stand on a screen, on paper and in the books. */
static inline void
fuzz_assert_clean (const char *text, glong max)
{
  if (!text)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, max);
  for (const char *at = text; *at; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
}

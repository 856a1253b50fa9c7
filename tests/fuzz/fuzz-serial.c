/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A serial line: first the descriptors of its control interface (their length before them), then a
 * byte of quirks, then pieces, each with its length before it; a piece of no bytes is a pause. */
#include "devices/usb/acm.h"
#include "devices/usb/serial-scanner.h"
#include "tests/fuzz/fuzz.h"

static void
check (const TillFinding *finding, gpointer user)
{
  g_assert_true (finding->kind == TILL_FINDING_CODE || finding->kind == TILL_FINDING_REFUSED);
  if (finding->kind != TILL_FINDING_CODE)
    return;
  g_assert_cmpuint (strlen (finding->code), >, 0);
  fuzz_assert_clean (finding->code, TILL_CODE_MAX);
  fuzz_assert_clean (finding->symbology, 3);
  g_assert_false (
      till_finding_is_card_data ((const guint8 *)finding->code, strlen (finding->code)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  size_t extra = MIN (data[0], size - 2);
  g_autofree guint8 *bytes = extra ? g_memdup2 (data + 1, extra) : NULL;
  int face = till_acm_data_of (bytes, extra);
  g_assert_true (face >= -1 && face <= 255);
  const TillTerms terms = { .quirks = data[1 + extra] };
  gpointer state = till_serial_scanner.start (NULL, &terms, NULL);
  for (size_t at = 2 + extra; at < size;)
    {
      size_t length = MIN (data[at], size - at - 1);
      g_autofree guint8 *piece = length ? g_memdup2 (data + at + 1, length) : NULL;
      if (piece)
        till_serial_scanner.take (state, piece, length, check, NULL);
      else
        till_serial_scanner.pause (state, check, NULL);
      at += 1 + length;
    }
  till_serial_scanner.stop (state);
  return 0;
}

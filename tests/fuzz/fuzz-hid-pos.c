/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of a bar-code scanner, each with its length before it. */
#include "devices/usb/hid-pos.h"
#include "tests/fuzz/fuzz.h"
#include "tests/usb/samples.h"

static void
check (const TillFinding *finding, gpointer user)
{
  g_assert_true (finding->kind == TILL_FINDING_CODE || finding->kind == TILL_FINDING_REFUSED);
  if (finding->kind != TILL_FINDING_CODE)
    return;
  g_assert_cmpuint (strlen (finding->code), >, 0);
  fuzz_assert_clean (finding->code, 4096);
  fuzz_assert_clean (finding->symbology, 8);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static TillHidLayout layout;
  if (layout.n_fields == 0)
    g_assert_true (
        till_hid_layout_parse (sample_pos_descriptor, sizeof sample_pos_descriptor, &layout, NULL));
  gpointer state = till_hid_pos.start (&layout, &(TillTerms){ 0 }, NULL);
  for (size_t at = 0; at < size;)
    {
      size_t length = MIN (data[at], size - at - 1);
      g_autofree guint8 *report = length ? g_memdup2 (data + at + 1, length) : g_new0 (guint8, 1);
      till_hid_pos.take (state, report, length, check, NULL);
      at += 1 + length;
    }
  till_hid_pos.stop (state);
  return 0;
}

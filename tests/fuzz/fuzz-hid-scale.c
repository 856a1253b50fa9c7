/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scale: the first byte says how many bytes of report descriptor follow (0: the sample's), then
 * its reports, each with its length before it. */
#include "devices/usb/hid-scale.h"
#include "tests/fuzz/fuzz.h"
#include "tests/usb/scales.h"

static void
check (const TillFinding *finding, gpointer user)
{
  if (finding->kind == TILL_FINDING_REFUSED)
    return;
  g_assert_cmpint (finding->kind, ==, TILL_FINDING_WEIGHT);
  g_assert_cmpint (finding->weighing, >, TILL_WEIGHING_NONE);
  g_assert_cmpint (finding->weighing, <=, TILL_WEIGHING_FAULT);
  g_assert_cmpint (finding->milligrams, <=, TILL_SCALE_MG_MAX);
  g_assert_true ((finding->milligrams > 0) == (finding->weighing == TILL_WEIGHING_STABLE));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static TillHidLayout layout;
  size_t described = size ? MIN (data[0], size - 1) : 0;
  gboolean is_known = described ? till_hid_layout_parse (data + 1, described, &layout, NULL)
                                : till_hid_layout_parse (scale_descriptor, sizeof scale_descriptor,
                                                         &layout, NULL);
  gpointer state = is_known ? till_hid_scale.start (&layout, &(TillTerms){ 0 }, NULL) : NULL;
  if (!state)
    return 0;
  for (size_t at = 1 + described; at < size;)
    {
      size_t length = MIN (data[at], size - at - 1);
      g_autofree guint8 *report = length ? g_memdup2 (data + at + 1, length) : g_new0 (guint8, 1);
      till_hid_scale.take (state, report, length, check, NULL);
      at += 1 + length;
    }
  till_hid_scale.stop (state);
  return 0;
}

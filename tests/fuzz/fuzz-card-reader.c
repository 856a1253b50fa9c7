/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of card readers, each with its length in two bytes before it. The first byte of all says
 * whose they are, and whether cards in clear may become tokens. */
#include "devices/usb/hid-msr.h"
#include "devices/usb/idtech.h"
#include "devices/usb/magtek.h"
#include "tests/fuzz/fuzz.h"
#include "tests/usb/swipes.h"

static const struct
{
  const TillDriver *driver;
  const guint8 *descriptor;
  size_t size;
} readers[] = {
  { &till_hid_msr, swipe_msr_descriptor, sizeof swipe_msr_descriptor },
  { &till_magtek, swipe_magtek_descriptor, sizeof swipe_magtek_descriptor },
  { &till_magtek, swipe_old_magtek_descriptor, sizeof swipe_old_magtek_descriptor },
  { &till_idtech, swipe_idtech_descriptor, sizeof swipe_idtech_descriptor },
};

/* However it was made: no more of a card's number than its first six and last four digits. */
static void
check_masked (const TillFinding *finding)
{
  size_t size = strlen (finding->masked);
  g_assert_true (size >= 12 && size <= 19);
  for (size_t i = 6; i < size - 4; i++)
    g_assert_true (finding->masked[i] == '*');
  g_assert_true (finding->use != TILL_CARD_CHARGE);
  g_assert_true (strlen (finding->token) == 32);
  g_assert_true (finding->swipe.size[0] + finding->swipe.size[1] <= TILL_SWIPE_MAX);
  g_assert_true ((finding->use == TILL_CARD_SEALED)
                 == (finding->swipe.size[0] + finding->swipe.size[1] > 0));
}

static void
check (const TillFinding *finding, gpointer user)
{
  const gboolean *may_match = user;
  if (finding->kind == TILL_FINDING_CODE)
    fuzz_assert_clean (finding->code, TILL_CODE_MAX);
  else if (finding->kind == TILL_FINDING_CARD)
    {
      check_masked (finding);
      g_assert_true (*may_match || finding->use == TILL_CARD_SEALED);
    }
  else
    g_assert_cmpint (finding->kind, ==, TILL_FINDING_REFUSED);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static TillHidLayout layout;
  if (size == 0)
    return 0;
  guint nth = (data[0] & 0x7F) % G_N_ELEMENTS (readers);
  gboolean may_match = data[0] >> 7;
  const TillCardRule rule = { .key = { 1 }, .matches_clear = may_match };
  g_assert_true (till_hid_layout_parse (readers[nth].descriptor, readers[nth].size, &layout, NULL));
  gpointer state = readers[nth].driver->start (&layout, &(TillTerms){ .cards = &rule }, NULL);
  for (size_t at = 1; at + 2 <= size;)
    {
      size_t length = MIN ((size_t)(data[at] | data[at + 1] << 8), size - at - 2);
      g_autofree guint8 *report = length ? g_memdup2 (data + at + 2, length) : g_new0 (guint8, 1);
      readers[nth].driver->take (state, report, length, check, &may_match);
      if (readers[nth].driver->pause)
        readers[nth].driver->pause (state, check, &may_match);
      at += 2 + length;
    }
  readers[nth].driver->stop (state);
  return 0;
}

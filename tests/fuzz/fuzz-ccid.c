/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader of chip cards says. The first byte of all says which kind of reader it is and
 * whether cards in clear may become tokens. Then frames: a byte that says what is to be put right
 * in it, two bytes of length, the message. One of no length is silence. */
#include "devices/usb/ccid-reader.h"
#include "tests/fuzz/fuzz.h"
#include "tests/usb/chip.h"

enum
{
  MAY_MATCH = 0x80,
  TELLS = 0x40,
  WHOLE_APDU = 0x20,
  FIX_NUMBER = 0x01, /* of the message that is answered */
  FIX_LENGTH = 0x02,
};

static void
check (const TillFinding *finding, gpointer user)
{
  const gboolean *may_match = user;
  if (finding->kind == TILL_FINDING_CARD)
    {
      size_t size = strlen (finding->masked);
      g_assert_true (*may_match && finding->use == TILL_CARD_MATCH);
      g_assert_true (size >= 12 && size <= 19 && strlen (finding->token) == 32);
      for (size_t i = 6; i < size - 4; i++)
        g_assert_true (finding->masked[i] == '*');
    }
  else
    g_assert_true (finding->kind == TILL_FINDING_CARD_EARLY
                   || finding->kind == TILL_FINDING_REFUSED);
}

/* FALSE when the reader is given up. Whatever was heard, nothing but what reads is said. */
static gboolean
speak (gpointer state, TillMessage *last)
{
  TillMessage message = { 0 };
  if (!till_ccid_reader.speak (state, &message, NULL))
    return FALSE;
  if (message.size == 0)
    return TRUE;
  g_assert_true (message.size >= 10 && message.size <= TILL_DRIVER_MESSAGE_MAX);
  g_assert_true (strchr ("\x61\x62\x63\x65\x6c\x6f\x72", message.bytes[0]) != NULL);
  *last = message;
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint32 levels[] = { CHIP_TPDU, CHIP_TPDU | 0xC2, CHIP_SHORT, CHIP_EXTENDED };
  guint8 descriptor[54];
  TillMessage last = { 0 };
  if (size == 0)
    return 0;
  gboolean may_match = (data[0] & MAY_MATCH) != 0;
  const TillCardRule rule = { .key = { 1 }, .matches_clear = may_match };
  chip_descriptor (levels[data[0] & 3], 271, descriptor);
  const TillTerms terms = { .quirks = data[0] & WHOLE_APDU ? TILL_QUIRK_WHOLE_APDU : 0,
                            .cards = &rule,
                            .descriptor = descriptor,
                            .descriptor_size = sizeof descriptor,
                            .tells = (data[0] & TELLS) != 0 };
  gpointer state = till_ccid_reader.start (NULL, &terms, NULL);
  gboolean goes_on = speak (state, &last);
  for (size_t at = 1; at + 3 <= size && goes_on;)
    {
      size_t length = MIN ((size_t)(data[at + 1] | data[at + 2] << 8), size - at - 3);
      g_autofree guint8 *frame = length ? g_memdup2 (data + at + 3, length) : g_new0 (guint8, 1);
      if ((data[at] & FIX_NUMBER) && length > 6)
        frame[6] = last.bytes[6];
      for (guint i = 0; (data[at] & FIX_LENGTH) && length >= 10 && i < 4; i++)
        frame[1 + i] = (guint8)((length - 10) >> 8 * i);
      if (length > 0)
        till_ccid_reader.take (state, frame, length, check, &may_match);
      else
        till_ccid_reader.pause (state, check, &may_match);
      goes_on = speak (state, &last);
      at += 3 + length;
    }
  till_ccid_reader.stop (state);
  return 0;
}

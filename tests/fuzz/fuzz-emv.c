/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a chip card answers, each answer with its length in two bytes before it. The first byte of
 * all says how it is spoken to, and whether it was held at the reader. The same bytes are also
 * taken for tags, and for the first answer of a card. */
#include "devices/usb/apdu.h"
#include "devices/usb/atr.h"
#include "devices/usb/emv.h"
#include "devices/usb/tlv.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define IS_TAPPED 0x80

static void
check_bytes (const uint8_t *data, size_t size)
{
  static const guint32 tags[] = { 0x4F, 0x57, 0x5A, 0x61, 0x94, 0x9F38 };
  TillAtr atr;
  TillTlv tlv;
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    for (guint nth = 0; nth < 3; nth++)
      if (till_tlv_find (data, size, tags[i], nth, &tlv))
        {
          g_assert_true (tlv.bytes >= data && tlv.bytes + tlv.size <= data + size);
          g_assert_true (till_tlv_is_whole (data, size));
        }
  if (till_atr_parse (data, size, &atr, NULL))
    g_assert_true (atr.protocol <= 1 && atr.ifsc >= 1 && atr.ifsc <= 254);
}

static void
check_number (const TillEmv *emv)
{
  size_t n = strlen (emv->number);
  g_assert_true (n >= 12 && n <= TILL_EMV_NUMBER_MAX);
  g_assert_true (strspn (emv->number, "0123456789") == n);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static TillApdu apdu;
  static TillEmv emv;
  check_bytes (data, size);
  if (size == 0)
    return 0;
  memset (&apdu, 0, sizeof apdu);
  apdu.manner = (TillApduManner)(data[0] % 3);
  till_t1_begin (&apdu.t1, 32, 254, (data[0] & 4) != 0);
  TillEmvStep step = till_emv_begin (&emv, (data[0] & IS_TAPPED) != 0);
  TillApduStep talk = till_apdu_command (&apdu, emv.command, emv.command_size);
  for (size_t at = 1; at + 2 <= size && step == TILL_EMV_SEND && talk == TILL_APDU_SEND;)
    {
      size_t length = MIN ((size_t)(data[at] | data[at + 1] << 8), size - at - 2);
      g_autofree guint8 *answer = length ? g_memdup2 (data + at + 2, length) : g_new0 (guint8, 1);
      g_assert_true (apdu.out_size > 0 && apdu.out_size <= TILL_APDU_COMMAND_MAX);
      talk = till_apdu_take (&apdu, answer, length);
      if (talk == TILL_APDU_DONE)
        {
          step = till_emv_take (&emv, apdu.answer, apdu.answer_size, apdu.status);
          if (step == TILL_EMV_SEND)
            talk = till_apdu_command (&apdu, emv.command, emv.command_size);
        }
      at += 2 + length;
    }
  if (step == TILL_EMV_DONE)
    check_number (&emv);
  else
    g_assert_true (emv.number[0] == 0);
  return 0;
}

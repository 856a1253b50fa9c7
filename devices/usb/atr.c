/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/atr.h"
#include "data/core/error.h"

enum
{
  DIRECT = 0x3B,
  INVERSE = 0x3F,
};

static gboolean
refuse (GError **error, const char *words)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the card's first answer: %s", words);
  return FALSE;
}

/* The bytes of one round; level counts from 1, protocol is the one they are about. */
static void
take_round (TillAtr *atr, guint level, guint8 protocol, gboolean first_of_t1, const int round[3])
{
  if (level == 1 && round[0] >= 0)
    atr->speed = (guint8)round[0];
  if (level == 1 && round[2] >= 0)
    atr->guard = (guint8)round[2];
  if (level == 2 && round[2] >= 0)
    atr->waiting_0 = (guint8)round[2];
  if (level < 3 || protocol != 1 || !first_of_t1)
    return;
  if (round[0] > 0 && round[0] < 255)
    atr->ifsc = (guint8)round[0];
  if (round[1] >= 0)
    atr->waiting_1 = (guint8)round[1];
  if (round[2] >= 0)
    atr->has_crc = round[2] & 1;
}

gboolean
till_atr_parse (const guint8 *bytes, gsize size, TillAtr *atr, GError **error)
{
  if (size < 2 || size > TILL_ATR_MAX)
    return refuse (error, size < 2 ? "too short" : "too long");
  if (bytes[0] != DIRECT && bytes[0] != INVERSE)
    return refuse (error, "not a card's");
  *atr = (TillAtr){
    .is_inverse = bytes[0] == INVERSE, .speed = 0x11, .waiting_0 = 10, .waiting_1 = 0x4D, .ifsc = 32
  };
  gsize at = 2;
  guint8 follows = bytes[1] >> 4, protocol = 0;
  int first = -1, specific = -1;
  gboolean has_check = FALSE, seen_t1 = FALSE;
  for (guint level = 1; follows; level++)
    {
      int round[4] = { -1, -1, -1, -1 };
      for (guint i = 0; i < 4; i++)
        if (follows & 1 << i)
          {
            if (at == size)
              return refuse (error, "it ends too early");
            round[i] = bytes[at++];
          }
      if (level == 2 && round[0] >= 0)
        specific = round[0] & 0x0F;
      take_round (atr, level, protocol, protocol == 1 && !seen_t1, round);
      seen_t1 |= level >= 3 && protocol == 1;
      follows = 0;
      if (round[3] < 0)
        break;
      protocol = round[3] & 0x0F;
      follows = (guint8)(round[3] >> 4);
      first = first < 0 ? protocol : first;
      has_check |= protocol != 0;
    }
  gsize whole = at + (bytes[1] & 0x0F) + has_check;
  if (whole != size)
    return refuse (error, size < whole ? "it ends too early" : "there is more than it says");
  guint8 check = 0;
  for (gsize i = 1; i < size && has_check; i++)
    check ^= bytes[i];
  if (check != 0)
    return refuse (error, "its check byte is wrong");
  atr->protocol = (guint8)(specific >= 0 ? specific : MAX (first, 0));
  if (atr->protocol > 1)
    return refuse (error, "it speaks neither T=0 nor T=1");
  if (specific < 0) /* without a negotiation the card stays at the speed of the start */
    atr->speed = 0x11;
  atr->is_tapped = !atr->is_inverse && (bytes[1] & 0xF0) == 0x80 && size >= 4 && bytes[2] == 0x80
                   && bytes[3] == 0x01;
  return TRUE;
}

gsize
till_atr_parameters (const TillAtr *atr, guint8 bytes[7])
{
  guint8 convention = atr->is_inverse ? 0x02 : 0;
  bytes[0] = atr->speed;
  bytes[1] = (guint8)((atr->protocol ? 0x10 : 0) | convention);
  bytes[2] = atr->guard;
  bytes[3] = atr->protocol ? atr->waiting_1 : atr->waiting_0;
  bytes[4] = 0; /* the clock is never stopped */
  bytes[5] = atr->ifsc;
  bytes[6] = 0; /* node address */
  return atr->protocol ? 7 : 5;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/apdu.h"

#include <string.h>

enum
{
  AT_LENGTH = 4,
  MORE = 0x61,
  WRONG_LENGTH = 0x6C,
  GET_RESPONSE = 0xC0,
};

static TillApduStep
put (TillApdu *apdu)
{
  gsize size = apdu->command_size;
  if (apdu->manner == TILL_APDU_T1)
    {
      TillT1Step step = till_t1_command (&apdu->t1, apdu->command, size);
      apdu->out = apdu->t1.block;
      apdu->out_size = apdu->t1.block_size;
      apdu->waits = 0;
      return step == TILL_T1_SEND ? TILL_APDU_SEND : TILL_APDU_FAILED;
    }
  /* T=0 has data in one direction only: the length wanted behind data is left out. */
  gboolean has_both
      = size > AT_LENGTH + 1 && size == (gsize)AT_LENGTH + 2 + apdu->command[AT_LENGTH];
  apdu->out = apdu->command;
  apdu->out_size = apdu->manner == TILL_APDU_T0 && has_both ? size - 1 : size;
  return TILL_APDU_SEND;
}

TillApduStep
till_apdu_command (TillApdu *apdu, const guint8 *command, gsize size)
{
  g_assert (size > AT_LENGTH && size <= TILL_APDU_COMMAND_MAX);
  memcpy (apdu->command, command, size);
  apdu->command_size = size;
  explicit_bzero (apdu->answer, sizeof apdu->answer);
  apdu->answer_size = apdu->rounds = 0;
  apdu->status = 0;
  return put (apdu);
}

static TillApduStep
ask_for (TillApdu *apdu, guint8 length)
{
  if (++apdu->rounds > TILL_APDU_ROUNDS_MAX)
    return TILL_APDU_FAILED;
  apdu->command[apdu->command_size - 1] = length;
  return put (apdu);
}

static TillApduStep
take_answer (TillApdu *apdu, const guint8 *bytes, gsize size)
{
  if (size < 2 || size - 2 > sizeof apdu->answer - apdu->answer_size)
    return TILL_APDU_FAILED;
  guint8 first = bytes[size - 2], second = bytes[size - 1];
  memcpy (apdu->answer + apdu->answer_size, bytes, size - 2);
  apdu->answer_size += size - 2;
  apdu->status = (guint16)(first << 8 | second);
  if (first == MORE)
    {
      const guint8 more[] = { 0x00, GET_RESPONSE, 0x00, 0x00, second };
      memcpy (apdu->command, more, sizeof more);
      apdu->command_size = sizeof more;
      return ask_for (apdu, second);
    }
  if (first == WRONG_LENGTH && size == 2)
    return ask_for (apdu, second);
  return TILL_APDU_DONE;
}

TillApduStep
till_apdu_take (TillApdu *apdu, const guint8 *bytes, gsize size)
{
  if (apdu->manner != TILL_APDU_T1)
    return take_answer (apdu, bytes, size);
  TillT1Step step = till_t1_take (&apdu->t1, bytes, size);
  if (step == TILL_T1_DONE)
    return take_answer (apdu, apdu->t1.answer, apdu->t1.answer_size);
  apdu->out_size = apdu->t1.block_size;
  apdu->waits = apdu->t1.waits;
  return step == TILL_T1_SEND ? TILL_APDU_SEND : TILL_APDU_FAILED;
}

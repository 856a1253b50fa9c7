/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/t1.h"

#include <string.h>

#define ERRORS_MAX 3

enum
{
  I_NUMBER = 0x40,
  I_MORE = 0x20,
  R_BLOCK = 0x80,
  R_NUMBER = 0x10,
  R_ERROR_CHECK = 0x01,
  R_ERROR_OTHER = 0x02,
  S_BLOCK = 0xC0,
  S_ANSWER = 0x20,
  S_RESYNC = 0x00,
  S_IFS = 0x01,
  S_ABORT = 0x02,
  S_WAIT = 0x03,
};

static TillT1Step
put (TillT1 *t1, guint8 control, const guint8 *data, gsize size)
{
  guint8 check = 0;
  if (++t1->blocks > TILL_T1_BLOCKS_MAX)
    return TILL_T1_FAILED;
  t1->waits = 0;
  t1->block[0] = 0; /* node address: ours and the card's */
  t1->block[1] = control;
  t1->block[2] = (guint8)size;
  if (size > 0)
    memmove (t1->block + 3, data, size);
  for (gsize i = 0; i < 3 + size; i++)
    check ^= t1->block[i];
  t1->block[3 + size] = check;
  t1->block_size = 3 + size + 1;
  return TILL_T1_SEND;
}

static TillT1Step
put_piece (TillT1 *t1)
{
  gsize left = t1->command_size - t1->sent;
  t1->piece = MIN (left, t1->ifsc);
  guint8 control = (guint8)((t1->ours ? I_NUMBER : 0) | (t1->piece < left ? I_MORE : 0));
  return put (t1, control, t1->command + t1->sent, t1->piece);
}

static TillT1Step
put_receipt (TillT1 *t1, guint8 error)
{
  return put (t1, (guint8)(R_BLOCK | (t1->theirs ? R_NUMBER : 0) | error), NULL, 0);
}

void
till_t1_begin (TillT1 *t1, guint8 ifsc, guint8 ifsd, gboolean says_ifs)
{
  explicit_bzero (t1, sizeof *t1);
  t1->ifsc = ifsc;
  t1->ifsd = MIN (ifsd, TILL_T1_DATA_MAX);
  t1->says_ifs = says_ifs;
}

TillT1Step
till_t1_command (TillT1 *t1, const guint8 *command, gsize size)
{
  g_assert (size <= TILL_T1_COMMAND_MAX);
  memcpy (t1->command, command, size);
  t1->command_size = size;
  t1->sent = t1->piece = t1->answer_size = 0;
  t1->errors = t1->blocks = 0;
  t1->is_resyncing = t1->has_resynced = FALSE;
  t1->is_telling = t1->says_ifs;
  t1->says_ifs = FALSE;
  return t1->is_telling ? put (t1, S_BLOCK | S_IFS, &t1->ifsd, 1) : put_piece (t1);
}

/* What did not come through is asked for again, then everything is begun anew, then it is over. */
static TillT1Step
stumble (TillT1 *t1, guint8 error)
{
  if (++t1->errors <= ERRORS_MAX)
    {
      if (t1->is_telling || t1->is_resyncing) /* our own question is simply asked again */
        return ++t1->blocks > TILL_T1_BLOCKS_MAX ? TILL_T1_FAILED : TILL_T1_SEND;
      return put_receipt (t1, error);
    }
  if (t1->has_resynced)
    return TILL_T1_FAILED;
  t1->has_resynced = t1->is_resyncing = TRUE;
  t1->is_telling = FALSE;
  t1->errors = 0;
  return put (t1, S_BLOCK | S_RESYNC, NULL, 0);
}

static TillT1Step
take_piece (TillT1 *t1, guint8 control, const guint8 *data, gsize size)
{
  guint8 number = (control & I_NUMBER) != 0;
  gboolean is_whole_sent = t1->sent + t1->piece == t1->command_size;
  if (number != t1->theirs || !is_whole_sent || t1->is_telling || t1->is_resyncing)
    return stumble (t1, R_ERROR_OTHER);
  if (size > TILL_T1_ANSWER_MAX - t1->answer_size)
    return TILL_T1_FAILED;
  /* The first piece of the answer is the receipt for the last one of the command. */
  if (t1->piece > 0)
    {
      t1->sent += t1->piece;
      t1->piece = 0;
      t1->ours ^= 1;
    }
  memcpy (t1->answer + t1->answer_size, data, size);
  t1->answer_size += size;
  t1->theirs ^= 1;
  t1->errors = 0;
  return control & I_MORE ? put_receipt (t1, 0) : TILL_T1_DONE;
}

static TillT1Step
take_receipt (TillT1 *t1, guint8 control)
{
  guint8 wanted = (control & R_NUMBER) != 0;
  if (t1->is_telling || t1->is_resyncing)
    return stumble (t1, R_ERROR_OTHER);
  if (t1->piece == 0) /* it has not had our receipt for a piece of its answer */
    return ++t1->errors > ERRORS_MAX ? stumble (t1, 0) : put_receipt (t1, 0);
  gboolean is_last = t1->sent + t1->piece == t1->command_size;
  if (wanted == t1->ours || is_last) /* once more the same */
    return ++t1->errors > ERRORS_MAX ? stumble (t1, 0) : put_piece (t1);
  t1->sent += t1->piece;
  t1->ours ^= 1;
  t1->errors = 0;
  return put_piece (t1);
}

static TillT1Step
take_answer_to_question (TillT1 *t1, guint8 kind, const guint8 *data, gsize size)
{
  if (t1->is_telling && kind == S_IFS && size == 1 && data[0] == t1->ifsd)
    {
      t1->is_telling = FALSE;
      t1->errors = 0;
      return put_piece (t1);
    }
  if (t1->is_resyncing && kind == S_RESYNC && size == 0)
    {
      t1->is_resyncing = FALSE;
      t1->ours = t1->theirs = 0;
      t1->sent = t1->piece = t1->answer_size = 0;
      t1->errors = 0;
      return put_piece (t1);
    }
  return stumble (t1, R_ERROR_OTHER);
}

static TillT1Step
take_question (TillT1 *t1, guint8 kind, const guint8 *data, gsize size)
{
  TillT1Step step = TILL_T1_FAILED;
  if (kind == S_WAIT && size == 1)
    {
      step = put (t1, S_BLOCK | S_ANSWER | S_WAIT, data, 1);
      t1->waits = data[0];
    }
  else if (kind == S_IFS && size == 1 && data[0] > 0 && data[0] <= TILL_T1_DATA_MAX)
    {
      t1->ifsc = data[0];
      step = put (t1, S_BLOCK | S_ANSWER | S_IFS, data, 1);
    }
  return step; /* a card that gives up (S_ABORT) is taken at its word */
}

TillT1Step
till_t1_take (TillT1 *t1, const guint8 *block, gsize size)
{
  guint8 check = 0;
  for (gsize i = 0; i < size; i++)
    check ^= block[i];
  if (size < 4 || size > TILL_T1_BLOCK_MAX || block[2] != size - 4 || check != 0)
    return stumble (t1, R_ERROR_CHECK);
  guint8 control = block[1];
  const guint8 *data = block + 3;
  if (!(control & R_BLOCK))
    return take_piece (t1, control, data, block[2]);
  if ((control & S_BLOCK) == R_BLOCK)
    return block[2] == 0 ? take_receipt (t1, control) : stumble (t1, R_ERROR_OTHER);
  if (control & S_ANSWER)
    return take_answer_to_question (t1, control & 0x1F, data, block[2]);
  return take_question (t1, control & 0x1F, data, block[2]);
}

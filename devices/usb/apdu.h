/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command to a smart card and its answer, over whatever the reader leaves to the till: whole
 * commands, T=0 or T=1. "There is more" (61xx) and "ask for so many" (6Cxx) are followed, at most
 * TILL_APDU_ROUNDS_MAX times a command. Pure; any thread. The state lies in secret memory of its
 * owner. Source: ISO/IEC 7816-3:2006 clauses 10.3.2 and 12; ISO/IEC 7816-4 section 5.3. */
#pragma once
#include "devices/usb/t1.h"

G_BEGIN_DECLS

#define TILL_APDU_COMMAND_MAX 261
#define TILL_APDU_ANSWER_MAX 258 /* 256 bytes and the status */
#define TILL_APDU_ROUNDS_MAX 8

typedef enum
{
  TILL_APDU_WHOLE,
  TILL_APDU_T0,
  TILL_APDU_T1,
} TillApduManner;

typedef enum
{
  TILL_APDU_SEND, /* what out holds */
  TILL_APDU_DONE, /* answer, and its status */
  TILL_APDU_FAILED,
} TillApduStep;

typedef struct
{
  const guint8 *out; /* in this struct */
  gsize out_size;
  guint8 waits; /* factor of the waiting time, of T=1 alone */
  guint8 answer[TILL_APDU_ANSWER_MAX];
  gsize answer_size; /* without the status */
  guint16 status;    /* 0x9000 */

  TillApduManner manner;
  TillT1 t1; /* begun by the owner where the manner is T=1 */
  guint8 command[TILL_APDU_COMMAND_MAX];
  gsize command_size;
  guint rounds;
} TillApdu;

TillApduStep till_apdu_command (TillApdu *apdu, const guint8 *command, gsize size);
/* What came back for out. */
TillApduStep till_apdu_take (TillApdu *apdu, const guint8 *bytes, gsize size);

G_END_DECLS

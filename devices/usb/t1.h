/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block protocol T=1 from the reader's side: a command goes out in numbered blocks, the card's
 * answer comes back in some, and either may say that a block was not understood, that it needs more
 * time, or how long blocks may be. Pure; any thread. A state lies in secret memory of its owner,
 * because the blocks hold what the card says. Blocks are closed by an LRC. Every loop ends:
 * TILL_T1_BLOCKS_MAX for a command, three errors for a block, one resynchronization. Source:
 * ISO/IEC 7816-3:2006 clause 11. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_T1_DATA_MAX 254
#define TILL_T1_BLOCK_MAX (3 + TILL_T1_DATA_MAX + 1)
#define TILL_T1_COMMAND_MAX 261
#define TILL_T1_ANSWER_MAX 258
#define TILL_T1_BLOCKS_MAX 64

typedef enum
{
  TILL_T1_SEND, /* what stands in block; waits is the factor of its waiting time, 0: none */
  TILL_T1_DONE, /* the answer is whole */
  TILL_T1_FAILED,
} TillT1Step;

typedef struct
{
  guint8 block[TILL_T1_BLOCK_MAX]; /* to be sent */
  gsize block_size;
  guint8 waits;
  guint8 answer[TILL_T1_ANSWER_MAX];
  gsize answer_size;

  guint8 command[TILL_T1_COMMAND_MAX];
  gsize command_size;
  gsize sent;          /* of the command, and known to have arrived */
  gsize piece;         /* that is under way */
  guint8 ours, theirs; /* number of the next block: 0 or 1 */
  guint8 ifsc, ifsd;
  gboolean says_ifs; /* ours is told before the first command */
  gboolean is_telling, is_resyncing, has_resynced;
  guint errors, blocks;
} TillT1;

/* A card that has just been powered. says_ifs: the reader does not tell it how long our blocks may
 * be. */
void till_t1_begin (TillT1 *t1, guint8 ifsc, guint8 ifsd, gboolean says_ifs);
/* The first block of a command of at most TILL_T1_COMMAND_MAX bytes. */
TillT1Step till_t1_command (TillT1 *t1, const guint8 *command, gsize size);
TillT1Step till_t1_take (TillT1 *t1, const guint8 *block, gsize size);

G_END_DECLS

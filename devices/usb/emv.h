/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the number of a payment card from its chip: which applications it has, then one of them,
 * what it wants to be told, and its records until the number has come; nothing behind it is read.
 * Asks for no cryptogram (there is no GENERATE AC in here) and for no PIN. A contactless card may
 * make a cryptogram of its own accord when it is told of the terminal; it is wiped with the rest.
 *
 * Pure; any thread. The state lies in secret memory of its owner, who wipes it. At most
 * TILL_EMV_COMMANDS_MAX commands a card. Sources: EMV 4.3 book 1 sections 11.3 and 12, book 3
 * sections 5.4, 6.5.8, 6.5.11, 10.1, 10.2 and annexes A and B; EMV contactless book B section 3;
 * ISO/IEC 7813 for what track 2 holds.
 *
 * Assumed, for want of cards to try: what is told of the terminal (a shop in China, no amount, no
 * date) is enough for a card to name its records. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_EMV_COMMANDS_MAX 64
#define TILL_EMV_COMMAND_MAX 261
#define TILL_EMV_NAMES_MAX 8 /* applications of a card that are tried */
#define TILL_EMV_NAME_MAX 16
#define TILL_EMV_NUMBER_MAX 19

typedef struct
{
  guint8 bytes[TILL_EMV_NAME_MAX];
  gsize size;
  guint8 priority; /* 1 is the first; 15: it has none */
} TillEmvName;

typedef enum
{
  TILL_EMV_AT_DIRECTORY,
  TILL_EMV_AT_DIRECTORY_RECORD,
  TILL_EMV_AT_APPLICATION,
  TILL_EMV_AT_OPTIONS,
  TILL_EMV_AT_RECORD,
} TillEmvStage;

typedef enum
{
  TILL_EMV_SEND,    /* what command holds */
  TILL_EMV_DONE,    /* number holds the card's */
  TILL_EMV_NOTHING, /* no payment card, or one that does not tell */
  TILL_EMV_FAILED,  /* what it says makes no sense */
} TillEmvStep;

typedef struct
{
  guint8 command[TILL_EMV_COMMAND_MAX];
  gsize command_size;
  char number[TILL_EMV_NUMBER_MAX + 1];

  TillEmvStage stage;
  gboolean is_tapped;
  TillEmvName names[TILL_EMV_NAMES_MAX];
  guint n_names, nth_name;
  guint8 directory;  /* the file that lists the applications */
  guint8 files[252]; /* where the records are: four bytes each */
  gsize files_size, file;
  guint8 record;
  guint commands;
} TillEmv;

/* Wipes and begins anew. */
TillEmvStep till_emv_begin (TillEmv *emv, gboolean is_tapped);
/* The answer, without its status. */
TillEmvStep till_emv_take (TillEmv *emv, const guint8 *answer, gsize size, guint16 status);

G_END_DECLS

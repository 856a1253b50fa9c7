/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said between the till and a reader of smart cards: one message a command, one an answer.
 * Pure; any thread; what is parsed points into the caller's bytes. One slot, the first, is used of
 * a reader that has more. Source: USB CCID 1.1, sections 5.1 (descriptor), 6.1 (commands), 6.2
 * (answers), 6.3 (notices). */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_CCID_CLASS 0x0B
#define TILL_CCID_DESCRIPTOR 54 /* bytes of the class descriptor */
#define TILL_CCID_HEADER 10
#define TILL_CCID_DATA_MAX 261 /* a command of five bytes, 255 of data and the length wanted */
#define TILL_CCID_MESSAGE_MAX (TILL_CCID_HEADER + TILL_CCID_DATA_MAX)
#define TILL_CCID_REQUEST_ABORT 0x01 /* of the control endpoint, 5.3.1 */

typedef enum
{
  TILL_CCID_SET_PARAMETERS = 0x61,
  TILL_CCID_POWER_ON = 0x62,
  TILL_CCID_POWER_OFF = 0x63,
  TILL_CCID_GET_STATUS = 0x65,
  TILL_CCID_GET_PARAMETERS = 0x6C,
  TILL_CCID_XFR_BLOCK = 0x6F,
  TILL_CCID_ABORT = 0x72,
  TILL_CCID_DATA_BLOCK = 0x80,
  TILL_CCID_STATUS = 0x81,
  TILL_CCID_PARAMETERS = 0x82,
  TILL_CCID_NOTICE_SLOT = 0x50,
} TillCcidType;

typedef enum
{
  TILL_CCID_TPDU,       /* the till speaks T=0 or T=1 itself */
  TILL_CCID_SHORT_APDU, /* the reader does */
  TILL_CCID_EXTENDED_APDU,
} TillCcidLevel;

typedef struct
{
  TillCcidLevel level;
  gboolean chooses_voltage;
  gboolean chooses_protocol; /* and sets the parameters for it */
  gboolean says_ifs;         /* tells a T=1 card itself how long a block may be */
  guint8 ifsd;               /* bytes of data in a T=1 block that it takes, at most 254 */
  gsize message_max;
} TillCcidClass;

/* The class descriptor among the bytes behind an interface or an endpoint; NULL when none is
 * there. */
const guint8 *till_ccid_class_find (const guint8 *extra, gsize size);
/* INVALID for what the till cannot talk to: single characters, messages too short. */
gboolean till_ccid_class_parse (const guint8 *bytes, gsize size, TillCcidClass *class,
                                GError **error);

/* Puts a command for slot 0 together and tells its size. three: the last of the header; NULL:
 * zeros. size at most TILL_CCID_DATA_MAX. */
gsize till_ccid_message (TillCcidType type, guint8 seq, const guint8 three[3], const guint8 *data,
                         gsize size, guint8 message[TILL_CCID_MESSAGE_MAX]);

typedef enum
{
  TILL_CCID_BROKEN, /* its lengths do not agree: nothing that follows can be believed */
  TILL_CCID_STALE,  /* the answer to something else */
  TILL_CCID_LATER,  /* the card wants more time */
  TILL_CCID_FAILED, /* why stands in error */
  TILL_CCID_ABSENT, /* there is no card */
  TILL_CCID_DONE,
} TillCcidHeard;

typedef struct
{
  guint8 error;    /* bError, 6.2.6 */
  guint8 specific; /* the last byte of the header */
  const guint8 *data;
  gsize size;
} TillCcidAnswer;

/* type is the answer that the command has. */
TillCcidHeard till_ccid_answer_parse (const guint8 *message, gsize size, TillCcidType type,
                                      guint8 seq, TillCcidAnswer *answer);

/* FALSE when it is no notice of slots, or tells nothing of the first. */
gboolean till_ccid_notice_parse (const guint8 *message, gsize size, gboolean *is_present);

G_END_DECLS

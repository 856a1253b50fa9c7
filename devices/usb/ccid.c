/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/ccid.h"
#include "data/core/error.h"

#include <string.h>

enum
{
  CLASS_TYPE = 0x21,
  AT_MAX_IFSD = 28,
  AT_FEATURES = 40,
  AT_MAX_MESSAGE = 44,
};

enum
{
  FEATURE_PARAMETERS = 0x02,
  FEATURE_VOLTAGE = 0x08,
  FEATURE_NEGOTIATION = 0x40,
  FEATURE_PPS = 0x80,
  FEATURE_IFSD = 0x400,
  LEVEL_MASK = 0x70000,
  LEVEL_TPDU = 0x10000,
  LEVEL_SHORT_APDU = 0x20000,
  LEVEL_EXTENDED_APDU = 0x40000,
};

enum
{
  ICC_ABSENT = 2,
  STATUS_FAILED = 0x40,
  STATUS_EXTENSION = 0x80,
};

static guint32
read_32 (const guint8 *at)
{
  return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

const guint8 *
till_ccid_class_find (const guint8 *extra, gsize size)
{
  for (gsize at = 0; at + 2 <= size; at += extra[at])
    {
      gsize length = extra[at];
      if (length < 2 || length > size - at)
        return NULL;
      if (length == TILL_CCID_DESCRIPTOR && extra[at + 1] == CLASS_TYPE)
        return extra + at;
    }
  return NULL;
}

gboolean
till_ccid_class_parse (const guint8 *bytes, gsize size, TillCcidClass *class, GError **error)
{
  if (size != TILL_CCID_DESCRIPTOR || bytes[0] != TILL_CCID_DESCRIPTOR || bytes[1] != CLASS_TYPE)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "its descriptors are wrong: it does not say what kind of reader it is");
      return FALSE;
    }
  guint32 features = read_32 (bytes + AT_FEATURES);
  guint32 level = features & LEVEL_MASK;
  guint32 message = read_32 (bytes + AT_MAX_MESSAGE);
  guint32 ifsd = read_32 (bytes + AT_MAX_IFSD);
  if (level != LEVEL_TPDU && level != LEVEL_SHORT_APDU && level != LEVEL_EXTENDED_APDU)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "this kind of card reader hands over single characters: the till does "
                           "not speak with it");
      return FALSE;
    }
  /* Room for the longest command that is sent: a choice by name with sixteen bytes of it. */
  if (message < TILL_CCID_HEADER + 22)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "its descriptors are wrong: no command is short enough for it");
      return FALSE;
    }
  *class = (TillCcidClass){
    .level = level == LEVEL_TPDU         ? TILL_CCID_TPDU
             : level == LEVEL_SHORT_APDU ? TILL_CCID_SHORT_APDU
                                         : TILL_CCID_EXTENDED_APDU,
    .chooses_voltage = (features & FEATURE_VOLTAGE) != 0,
    .chooses_protocol = (features & (FEATURE_PARAMETERS | FEATURE_NEGOTIATION | FEATURE_PPS)) != 0,
    .says_ifs = (features & FEATURE_IFSD) != 0,
    .ifsd = (guint8)CLAMP (ifsd, 32, 254),
    .message_max = MIN (message, TILL_CCID_MESSAGE_MAX),
  };
  return TRUE;
}

gsize
till_ccid_message (TillCcidType type, guint8 seq, const guint8 three[3], const guint8 *data,
                   gsize size, guint8 message[TILL_CCID_MESSAGE_MAX])
{
  g_assert (size <= TILL_CCID_DATA_MAX);
  memset (message, 0, TILL_CCID_HEADER);
  message[0] = (guint8)type;
  message[1] = size & 0xFF;
  message[2] = (guint8)(size >> 8);
  message[6] = seq;
  if (three)
    memcpy (message + 7, three, 3);
  if (size > 0)
    memcpy (message + TILL_CCID_HEADER, data, size);
  return TILL_CCID_HEADER + size;
}

TillCcidHeard
till_ccid_answer_parse (const guint8 *message, gsize size, TillCcidType type, guint8 seq,
                        TillCcidAnswer *answer)
{
  memset (answer, 0, sizeof *answer);
  if (size < TILL_CCID_HEADER || read_32 (message + 1) != size - TILL_CCID_HEADER)
    return TILL_CCID_BROKEN;
  if (message[5] != 0 || message[6] != seq)
    return TILL_CCID_STALE;
  guint8 status = message[7] & 0xC0;
  guint8 icc = message[7] & 0x03;
  answer->error = message[8];
  answer->specific = message[9];
  if (status == STATUS_EXTENSION)
    return TILL_CCID_LATER;
  if (icc == ICC_ABSENT)
    return TILL_CCID_ABSENT;
  if (status == STATUS_FAILED)
    return TILL_CCID_FAILED;
  if (status != 0 || message[0] != type)
    return TILL_CCID_BROKEN;
  answer->data = message + TILL_CCID_HEADER;
  answer->size = size - TILL_CCID_HEADER;
  return TILL_CCID_DONE;
}

gboolean
till_ccid_notice_parse (const guint8 *message, gsize size, gboolean *is_present)
{
  if (size < 2 || message[0] != TILL_CCID_NOTICE_SLOT)
    return FALSE;
  *is_present = message[1] & 1;
  return TRUE;
}

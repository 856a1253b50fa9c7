/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/acm.h"

enum
{
  CS_INTERFACE = 0x24,
  UNION = 0x06,
  SET_LINE_CODING = 0x20,
  SET_CONTROL_LINE_STATE = 0x22,
  DTR_AND_RTS = 0x03,
};

const TillAcmRequest till_acm_greeting[TILL_ACM_GREETING] = {
  { SET_LINE_CODING, 0, 7, { 0x80, 0x25, 0, 0, 0, 0, 8 } }, /* 9600, one stop bit, no parity, 8 */
  { SET_CONTROL_LINE_STATE, DTR_AND_RTS, 0, { 0 } },
};

int
till_acm_data_of (const guint8 *extra, gsize size)
{
  for (gsize at = 0; at + 3 <= size; at += extra[at])
    {
      gsize length = extra[at];
      if (length < 3 || at + length > size)
        return -1;
      /* Length, type, subtype, the controlling interface, the first one below it. */
      if (extra[at + 1] == CS_INTERFACE && extra[at + 2] == UNION)
        return length >= 5 && extra[at + 3] != extra[at + 4] ? extra[at + 4] : -1;
    }
  return -1;
}

const TillWireFace *
till_acm_control_of (const TillWireDescription *description, guint8 data_face)
{
  for (guint i = 0; i < description->n_faces; i++)
    {
      const TillWireFace *face = &description->faces[i];
      if (face->class == TILL_ACM_CLASS_CONTROL && face->subclass == TILL_ACM_SUBCLASS
          && face->number != data_face && face->data_face == data_face)
        return face;
    }
  return NULL;
}

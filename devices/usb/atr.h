/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first thing a smart card says: how it wants to be spoken to. Pure; any thread. Sources:
 * ISO/IEC 7816-3:2006 clause 8.2; for contactless cards, whose reader makes the answer up, PC/SC
 * part 3 (2.01.09) section 3.1.3.2.3. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_ATR_MAX 33

typedef struct
{
  guint8 protocol;     /* T=0 or T=1: the first it offers, or the only one it is set to */
  gboolean is_tapped;  /* contactless */
  gboolean is_inverse; /* its convention for bits */
  gboolean has_crc;    /* closes T=1 blocks with a CRC: the till speaks LRC alone */
  guint8 speed;        /* Fi and Di that hold without a negotiation; 0x11: those of the start */
  guint8 guard;        /* extra guard time */
  guint8 waiting_0;    /* of T=0 */
  guint8 waiting_1;    /* of T=1: block and character */
  guint8 ifsc;         /* bytes of data in a T=1 block that the card takes */
} TillAtr;

/* INVALID for anything but a whole one of at most TILL_ATR_MAX bytes with a right check byte. */
gboolean till_atr_parse (const guint8 *bytes, gsize size, TillAtr *atr, GError **error);

/* The data of a SetParameters message for it (CCID 1.1, 6.1.7); the size, 5 or 7. */
gsize till_atr_parameters (const TillAtr *atr, guint8 bytes[7]);

G_END_DECLS

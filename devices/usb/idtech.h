/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ID TECH readers (SecureMag, Augusta) in HID mode: a frame of bytes over as many reports as it
 * needs,
 *   STX, length in two bytes, the card, exclusive-or and sum of the card's bytes, ETX
 * A frame that is not right in all of these is refused whole, and what follows it is left out until
 * the reader pauses. Of the card the enhanced format is read (high bit of the encode type), and the
 * plain one where it holds tracks and nothing else. The reader's hashes make tokens and go no
 * further.
 *
 * Source: "SecureMag User Manual", ID TECH, decrypted card data output. Where a session id stands
 * in it is not told there; before the serial number is assumed. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_idtech;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader of chip cards, put in or held at it (CCID over USB): waits for a card, reads its number
 * as emv.h says, gives a token for telling cards apart, and switches the card off. One card is read
 * once; it must go before it, or another, is read.
 *
 * What a chip says is a payment card's data in clear. In a shop that does not match such cards the
 * card is not even switched on: it is refused as TILL_REFUSED_CHIP and was asked nothing. The
 * serial number of a contactless card (FF CA) is never asked for: it is no card number, and tells
 * nobody who paid. The number lies in the driver's secret memory until the token is made.
 *
 * A command that is not answered in TILL_CCID_PATIENCE_MS is aborted; one that is not even aborted
 * makes the reader be opened anew, and a card that lies in it then must go first. A reader without
 * an endpoint for notices is asked every TILL_CCID_LOOK_MS. Sources: ccid.h, emv.h; for ACR122U its
 * maker's API 2.04, section 4.
 *
 * Assumed: a reader that chooses its own parameters says by GetParameters which protocol it chose;
 * a card whose reader does not negotiate stays at the speed of the start; readers that cannot
 * choose a voltage are told 5 V, which every payment card takes. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

#define TILL_CCID_DRIVER "ccid"
#define TILL_CCID_PATIENCE_MS 3000
#define TILL_CCID_FACTOR_MAX 10 /* times that, where a T=1 card asks for so much time */
#define TILL_CCID_LOOK_MS 500
#define TILL_CCID_EXTENSIONS_MAX 20 /* times that a card may ask for more time, a command */
#define TILL_CCID_NOISE_MAX 64      /* messages that answer nothing, a command */

extern const TillDriver till_ccid_reader;

G_END_DECLS

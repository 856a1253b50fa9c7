/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card reader of the demo and of training: the driver on our side of the socket, and the lines
 * that the pane with the sample cards sends.
 *
 * One report is one line of words:
 *   card insert|tap|swipe SCHEME MASKED TOKEN
 *   early
 * MASKED shows at most the first six and the last four digits. A line that holds a whole card
 * number anywhere is refused and wiped, as a real reader's would be. Pure; any thread. */
#pragma once
#include "devices/usb/driver.h"

G_BEGIN_DECLS

extern const TillDriver till_reader_virtual;

typedef struct
{
  const char *name; /* for the pane: "UnionPay debit" */
  const char *scheme;
  const char *masked;
  const char *token;
} TillSampleCard;

/* The cards that lie beside the virtual reader. */
const TillSampleCard *till_reader_virtual_cards (guint *n);

/* The line for a card; entry is "insert", "tap" or "swipe". */
char *till_reader_virtual_line (const TillSampleCard *card,
                                const char *entry) G_GNUC_WARN_UNUSED_RESULT;
#define TILL_READER_VIRTUAL_EARLY "early"

G_END_DECLS

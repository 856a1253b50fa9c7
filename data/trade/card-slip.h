/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed on the slip of a card terminal that stands beside the till and knows nothing of
 * it (签购单): the only proof of such a payment that a shop holds, until the provider speaks of it.
 *
 * Somebody types it, so a payment by it is *asserted*, not proven: who said so is kept, and it is
 * shown as such wherever it is shown. The lengths are those of the terminals' own messages and of
 * Lakala's trade_refund (reference number 12, its log number 14, beginning with the year's last two
 * digits; card as its first six and last four digits). Plain struct, pure; any thread. */
#pragma once
#include "data/trade/answer.h"
#include "data/trade/provider.h"

G_BEGIN_DECLS

#define TILL_CARD_SLIP_REFERENCE 12 /* digits of a reference number */

typedef struct
{
  char *reference_no; /* owned; 参考号 */
  char *log_no;       /* owned; the provider's number of it, by which it is given back */
  char *card;         /* owned; "622612******8223" */
  char *terminal_no;  /* owned; 终端号 */
  int day;            /* yyyymmdd in China, as printed */
  /* As the books have it; 0 and NULL on a slip that is only typed. */
  int64_t at;           /* µs UTC; when it was typed */
  char *staff_name;     /* owned; who says so */
  char *approver_name;  /* owned; who looked as well, or "" */
  int64_t confirmed_at; /* µs UTC; when the provider spoke of it, 0: not yet */
} TillCardSlip;

void till_card_slip_free (TillCardSlip *slip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCardSlip, till_card_slip_free)

/* As people type it: blanks and hyphens go, letters become capitals, and a card is written
 * "622612******8223" whether stars, dots, "x" or nothing stand for what is hidden. A number that is
 * none is kept as it is, for check () to name. NULL is "". */
TillCardSlip *till_card_slip_new (const char *reference_no, const char *log_no, const char *card,
                                  const char *terminal_no, int day) G_GNUC_WARN_UNUSED_RESULT;

/* TILL_NO_CARD_SLIP names in `ref` the first number that cannot be: "reference", "log", "card",
 * "card_in_clear", "terminal" or "day". from, today: days in China between which the payment was
 * made. profile: whose terminal it is. */
TillAnswer till_card_slip_check (const TillCardSlip *slip, const TillProfile *profile, int from,
                                 int today);
/* The same numbers, whoever typed them. */
gboolean till_card_slip_equal (const TillCardSlip *one, const TillCardSlip *other);

G_END_DECLS

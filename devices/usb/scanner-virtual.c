/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/scanner-virtual.h"

#include <string.h>

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  return (gpointer)&till_scanner_virtual; /* every line stands alone: nothing to remember */
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  static const char verb[] = "code ";
  const guint8 *word = report + strlen (verb);
  const guint8 *blank = NULL;
  if (size > strlen (verb) && memcmp (report, verb, strlen (verb)) == 0)
    blank = memchr (word, ' ', size - strlen (verb));
  char symbology[4] = "";
  gboolean is_none = blank && blank - word == 1 && word[0] == '-';
  if (blank && blank - word == 3)
    memcpy (symbology, word, 3);
  if (!blank || !(is_none || till_finding_is_symbology (symbology)))
    {
      till_finding_give_refusal (till_finding_is_card_data (report, size) ? TILL_REFUSED_CARD_DATA
                                                                          : TILL_REFUSED_UNREADABLE,
                                 take, user);
      return;
    }
  till_finding_give_code (blank + 1, size - (gsize)(blank + 1 - report), symbology, take, user);
}

static void
nothing (gpointer state)
{
}

const TillDriver till_scanner_virtual
    = { "scanner-virtual", FALSE, start, take_report, nothing, nothing };

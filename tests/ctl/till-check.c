/* SPDX-License-Identifier: GPL-3.0-or-later */
/* till-check LEDGER [STATEMENT]: the auditor as a program; see tests/ctl/checker.h.
 * Ends with 0 when every promise is kept, 1 when one is broken, 3 when nothing could be read. */
#include "tests/ctl/checker.h"

int
main (int argc, char *argv[])
{
  if (argc < 2 || argc > 3)
    {
      g_printerr ("usage: till-check LEDGER [STATEMENT]\n");
      return 2;
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings
      = till_check_books (argv[1], argc == 3 ? argv[2] : NULL, 0, &error);
  if (!findings)
    {
      g_printerr ("till-check: %s\n", error->message);
      return 3;
    }
  g_autofree char *words = till_check_words (findings);
  g_print ("%s", words);
  return findings->len > 0;
}

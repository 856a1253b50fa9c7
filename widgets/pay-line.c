/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/pay-line.h"

#include <string.h>

gboolean
till_pay_line_is_code (const TillPayLine *line)
{
  gsize n = strlen (line->text);
  return n > TILL_PAY_AMOUNT_MAX && strspn (line->text, "0123456789") == n;
}

int
till_pay_line_way (const TillPayLine *line)
{
  return line->way && !line->led ? line->way - '1' : -1;
}

gboolean
till_pay_line_feed (TillPayLine *line, int ways, const char *text)
{
  g_autofree char *given = g_strdup (text); /* it may be line->text itself */
  gsize n = strlen (given);
  gboolean alone = n == 1 && *given >= '1' && *given < '1' + ways;
  if (n == 0)
    *line = (TillPayLine){ 0 };
  else if (line->way && !line->led)
    {
      g_snprintf (line->text, sizeof line->text, "%c%s", line->way, given);
      line->led = TRUE;
    }
  else if (alone)
    *line = (TillPayLine){ .way = *given };
  else
    g_strlcpy (line->text, given, sizeof line->text);

  /* After 3 comes a code. Only a code that begins with 30 could have the 3 for its own. */
  if (line->led && line->way == '3' && line->text[1] != '0' && till_pay_line_is_code (line))
    {
      memmove (line->text, line->text + 1, strlen (line->text));
      line->way = 0;
      line->led = FALSE;
    }
  return strcmp (line->text, given) != 0;
}

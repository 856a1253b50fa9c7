/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/backend/report-lines.h"

#include <stdio.h>

/* Keywords of printer-state-reasons (RFC 8011, 5.4.12; offline is CUPS's own). */
static const struct
{
  TillPrinterTrouble trouble;
  const char *reason;
} reasons[] = {
  { TILL_PRINTER_PAPER_OUT, "media-empty-error" }, { TILL_PRINTER_PAPER_LOW, "media-low-warning" },
  { TILL_PRINTER_COVER_OPEN, "cover-open-error" }, { TILL_PRINTER_JAM, "media-jam-error" },
  { TILL_PRINTER_OFFLINE, "offline-report" },      { TILL_PRINTER_OTHER, "other-error" },
};

static void
say_reasons (char sign, guint trouble)
{
  g_autoptr (GString) list = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (trouble & reasons[i].trouble)
      g_string_append_printf (list, "%s%s", list->len ? "," : "", reasons[i].reason);
  if (list->len)
    fprintf (stderr, "STATE: %c%s\n", sign, list->str);
}

void
till_report_lines_begin (TillReportLines *lines)
{
  say_reasons ('-', ~0u);
  lines->trouble = 0;
  g_free (lines->words);
  lines->words = g_strdup ("");
}

void
till_report_lines_trouble (TillReportLines *lines, guint trouble, const char *words)
{

  say_reasons ('-', lines->trouble & ~trouble);
  say_reasons ('+', trouble & ~lines->trouble);
  if (*words && !g_str_equal (words, lines->words))
    fprintf (stderr, "INFO: %s\n", words);
  lines->trouble = trouble;
  g_free (lines->words);
  lines->words = g_strdup (words);
}

void
till_report_lines_end (TillReportLines *lines, TillUsbQueueEnd end, int job, gsize bytes)
{
  g_autofree char *words = till_usb_queue_end_write (end, job, bytes);
  till_report_lines_trouble (lines, 0, "");
  if (end == TILL_USB_QUEUE_PROVEN || end == TILL_USB_QUEUE_HANDED)
    fprintf (stderr, "PAGE: 1 1\n");
  fprintf (stderr, "WARNING: %s\n", words);
  g_clear_pointer (&lines->words, g_free);
}

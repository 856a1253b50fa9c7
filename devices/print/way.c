/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/way.h"
#include "data/core/error.h"
#include "devices/print/escpos.h"

#include <string.h>

void
till_job_report_free (TillJobReport *report)
{
  g_free (report->words);
  g_free (report);
}

gboolean
till_job_is_over (TillJobState state)
{
  return state == TILL_JOB_CANCELED || state == TILL_JOB_ABORTED || state == TILL_JOB_COMPLETED;
}

const char *
till_job_state_word (TillJobState state)
{
  static const char *const words[]
      = { "pending", "held", "processing", "stopped", "canceled", "aborted", "completed" };
  g_assert ((guint)state < G_N_ELEMENTS (words));
  return words[state];
}

const char *
till_printer_trouble_word (guint trouble)
{
  static const char *const words[]
      = { "paper-out", "paper-low", "cover-open", "jam", "offline", "stopped", "refuses", "other" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (trouble == 1u << i)
      return words[i];
  return NULL;
}

char *
till_printer_trouble_words (guint trouble)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint one = 1; one <= TILL_PRINTER_OTHER; one <<= 1)
    if (trouble & one)
      g_string_append_printf (words, "%s%s", words->len ? " " : "",
                              till_printer_trouble_word (one));
  return g_strdup (words->str);
}

gboolean
till_print_title_is_valid (const char *title, GError **error)
{
  gsize n = strlen (title);
  if (n >= 1 && n <= TILL_PRINT_TITLE_MAX && title[0] != '.'
      && strspn (title, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == n)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no title for a print job");
  return FALSE;
}

TillPrinter *
till_printer_new (const TillPaperWay *way, gpointer self)
{
  TillPrinter *printer = g_new0 (TillPrinter, 1);
  printer->way = way;
  printer->self = self;
  return printer;
}

void
till_printer_free (TillPrinter *printer)
{
  printer->way->free (printer->self);
  g_free (printer);
}

char *
till_printer_submit (TillPrinter *printer, const char *title, GBytes *bytes, int64_t good_until,
                     GError **error)
{
  gsize size = g_bytes_get_size (bytes);
  if (!till_print_title_is_valid (title, error))
    return NULL;
  if (size == 0 || size > TILL_PRINT_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "a print job of %" G_GSIZE_FORMAT " bytes", size);
      return NULL;
    }
  g_autoptr (GError) local = NULL;
  char *job = printer->way->find (printer->self, title, &local);
  if (job)
    return job;
  if (!g_error_matches (local, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return printer->way->submit (printer->self, title, bytes, good_until, error);
}

char *
till_printer_find (TillPrinter *printer, const char *title, GError **error)
{
  if (!till_print_title_is_valid (title, error))
    return NULL;
  return printer->way->find (printer->self, title, error);
}

TillJobReport *
till_printer_report (TillPrinter *printer, const char *job, const char *title, GError **error)
{
  if (!till_print_title_is_valid (title, error))
    return NULL;
  return printer->way->report (printer->self, job, title, error);
}

gboolean
till_printer_withdraw (TillPrinter *printer, const char *job, const char *title, gboolean *asked,
                       GError **error)
{
  *asked = printer->way->withdraw != NULL;
  return !*asked
         || (till_print_title_is_valid (title, error)
             && printer->way->withdraw (printer->self, job, title, error));
}

gboolean
till_printer_drawer (TillPrinter *printer, TillDrawerLevel *level, GError **error)
{
  *level = TILL_DRAWER_UNSAID;
  return !printer->way->drawer || printer->way->drawer (printer->self, level, error);
}

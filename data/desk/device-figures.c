/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/device-figures.h"
#include "data/core/error.h"
#include "data/desk/tending.h"
#include "data/ledger/print-store.h"
#include "data/trade/usb-name.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define MILLISECOND INT64_C (1000)

/* One printer while its slips are counted. */
typedef struct
{
  const char *zone;
  int64_t device_id;
  GPtrArray *records; /* unowned; of TillDeviceRecord */
  GArray *took;       /* owned; of int64_t */
  TillDeviceFigures *figures;
} Count;

void
till_device_figures_free (TillDeviceFigures *figures)
{
  g_free (figures->problem);
  g_free (figures);
}

/* --- which printer it was --- */

static gboolean
may_have_printed (const TillDeviceRecord *record, const char *printer, int day)
{
  TillUsbName name, own;
  if (record->kind != TILL_DEVICE_RECORD_PRINTER || day < record->taken_day
      || (record->retired_day && day > record->retired_day))
    return FALSE;
  return !till_usb_name_read (printer, &name)
         || (*record->usb && till_usb_name_read (record->usb, &own)
             && till_usb_names_agree (&name, &own));
}

/* 0: none, or more than one. */
static int64_t
printer_of (const Count *count, const TillPrinted *printed, int day)
{
  int64_t found = 0;
  for (guint i = 0; i < count->records->len; i++)
    {
      const TillDeviceRecord *record = g_ptr_array_index (count->records, i);
      if (!may_have_printed (record, printed->printer, day))
        continue;
      if (found)
        return 0;
      found = record->device_id;
    }
  return found;
}

/* --- counting --- */

/* As till_print_problem_label (), of what is counted. */
static const char *
counted_label (const char *problem)
{
  static const struct
  {
    const char *word, *label;
  } known[] = {
    { "unplugged", N_ ("it was unplugged") },
    { "busy", N_ ("another program took it") },
    { "no permission", N_ ("the till was not let at it") },
    { "trouble", N_ ("it broke off") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (problem, known[i].word))
      return _ (known[i].label);
  return problem;
}

static void
note_problem (TillDeviceFigures *figures, const char *problem, int day)
{
  const char *label = till_print_problem_label (problem);
  g_free (figures->problem);
  figures->problem = g_strdup (label ? label : counted_label (problem));
  figures->problem_day = day;
}

/* The latest comes first. */
static void
on_printed (const TillPrinted *printed, gpointer user)
{
  Count *count = user;
  int day = till_clock_day (printed->over_at, count->zone);
  if (printer_of (count, printed, day) != count->device_id)
    return;
  gboolean failed = till_print_state_asks (printed->state);
  count->figures->uses++;
  count->figures->failures += failed;
  if (failed && *printed->problem && !count->figures->problem_day)
    note_problem (count->figures, printed->problem, day);
  int64_t took = printed->over_at - printed->at;
  if (!failed && took >= 0)
    g_array_append_val (count->took, took);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* The nearest rank: the shortest time within which so many of a hundred were done. */
static int64_t
within_ms (const GArray *sorted, guint of_100)
{
  guint rank = (sorted->len * of_100 + 99) / 100;
  return rank ? g_array_index (sorted, int64_t, rank - 1) / MILLISECOND : 0;
}

static gboolean
count_slips (TillTxn *txn, int from, int after, Count *count, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_autoptr (GPtrArray) records = till_tending_list_in (txn, TRUE, error);
  g_autoptr (GArray) took = g_array_new (FALSE, FALSE, sizeof (int64_t));
  count->records = records;
  count->took = took;
  if (!records
      || !till_print_store_over (ledger, till_clock_day_begin (from, count->zone),
                                 till_clock_day_begin (after, count->zone), TILL_FIGURES_SLIPS_MAX,
                                 on_printed, count, error))
    return FALSE;
  g_array_sort (took, compare_times);
  count->figures->timed = took->len;
  count->figures->p50_ms = within_ms (took, 50);
  count->figures->p95_ms = within_ms (took, 95);
  return TRUE;
}

static gboolean
add_uses (TillLedger *ledger, int64_t device_id, int from, int to, TillDeviceFigures *figures,
          GError **error)
{
  g_auto (TillDeviceUse) use = { 0 };
  int day;
  if (!till_device_store_uses (ledger, device_id, from, to, &use, &day, error))
    return FALSE;
  figures->uses += use.uses;
  figures->failures += use.failures;
  figures->dropped = use.dropped;
  figures->lost = use.lost;
  if (day > figures->problem_day)
    note_problem (figures, use.problem, day);
  return TRUE;
}

/* --- telling --- */

int
till_device_figures_month_before (int month)
{
  return month % 100 == 1 ? month - 100 + 11 : month - 1;
}

static int
month_after (int month)
{
  return month % 100 == 12 ? month + 100 - 11 : month + 1;
}

gboolean
till_device_figures_read (TillLedger *ledger, int64_t device_id, int month,
                          TillDeviceFigures **figures, GError **error)
{
  g_autoptr (TillDeviceRecord) record = NULL;
  g_autoptr (TillDeviceFigures) found = g_new0 (TillDeviceFigures, 1);
  *figures = NULL;
  g_autoptr (TillTxn) txn = till_ledger_look (ledger, error);
  if (!txn || !till_device_store_load (ledger, device_id, &record, error))
    return FALSE;
  found->month = month ? month : till_txn_day (txn) / 100;
  found->problem = g_strdup ("");
  int from = found->month * 100 + 1, after = month_after (found->month) * 100 + 1;
  if (till_clock_day_after (from, 0) != from || till_clock_day_after (after, 0) != after)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "not a month: %d", month);
      return FALSE;
    }
  if (!record)
    return TRUE;
  Count count = { .zone = till_txn_shop (txn)->zone, .device_id = device_id, .figures = found };
  if ((record->kind == TILL_DEVICE_RECORD_PRINTER && !count_slips (txn, from, after, &count, error))
      || !add_uses (ledger, device_id, from, till_clock_day_after (after, -1), found, error))
    return FALSE;
  *figures = g_steal_pointer (&found);
  return TRUE;
}

static void append_sentence (GString *text, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean
till_device_figures_is_empty (const TillDeviceFigures *figures)
{
  return figures->uses + figures->dropped + figures->lost == 0;
}

static void
append_sentence (GString *text, const char *format, ...)
{
  va_list values;
  va_start (values, format);
  g_string_append_c (text, ' ');
  g_string_append_vprintf (text, format, values);
  va_end (values);
}

char *
till_device_figures_sentence (const TillDeviceFigures *figures)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%04d-%02d:", figures->month / 100, figures->month % 100);
  if (till_device_figures_is_empty (figures))
    append_sentence (text, "%s", _ ("Nothing was counted."));
  else
    append_sentence (text, _ ("Used %" PRId64 " times, of them failed: %" PRId64 "."),
                     figures->uses, figures->failures);
  if (figures->timed)
    append_sentence (
        text,
        _ ("Half of the slips were done within %" PRId64 " ms, 95 of 100 within %" PRId64 " ms."),
        figures->p50_ms, figures->p95_ms);
  if (figures->lost)
    append_sentence (text, _ ("It lost its connection %" PRId64 " times."), figures->lost);
  if (figures->dropped)
    append_sentence (text, _ ("Came faster than it was read, and dropped: %" PRId64 "."),
                     figures->dropped);
  g_autofree char *day = figures->problem_day ? till_clock_format_day (figures->problem_day) : NULL;
  if (day)
    append_sentence (text, _ ("The last trouble, on %s: “%s”."), day, figures->problem);
  return g_string_free (text, FALSE);
}

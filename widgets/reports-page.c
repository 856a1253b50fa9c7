/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/reports-page.h"
#include "widgets/chart.h"
#include "widgets/choice.h"
#include "widgets/part.h"
#include "widgets/providers-part.h"
#include "widgets/settlement-part.h"
#include "widgets/sheet.h"
#include "data/desk/reporting.h"
#include "data/trade/advice.h"
#include "devices/gateway/registry.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define BYS 5
/* Behind the ways to add returns up. */
#define PROVIDERS BYS
#define SETTLEMENT (PROVIDERS + 1)

/* Days back from today, today included. */
static const struct
{
  int days;
  const char *word;
} periods[] = {
  { 1, N_ ("Today") },    { 7, N_ ("7 days") },   { 30, N_ ("30 days") },
  { 90, N_ ("90 days") }, { 365, N_ ("A year") },
};
#define PERIODS ((int)G_N_ELEMENTS (periods))

struct _TillReportsPage
{
  GtkBox parent;
  GtkBox *bys;
  GtkBox *periods;
  GtkLabel *summary;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *denied;
  GtkWidget *figures;
  TillChart *chart;
  TillSheet *table;
  TillProvidersPart *providers;
  TillSettlementPart *settlement;
  TillCounter *counter; /* unowned */
  int by;               /* a TillReportBy, PROVIDERS or SETTLEMENT */
  int period;
  guint read_no; /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillReportsPage, till_reports_page, GTK_TYPE_BOX)

typedef struct
{
  int64_t staff_id;
  int from, to;
  TillReportBy by;
  guint read_no;
  TillReport *report; /* owned */
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_clear_pointer (&ask->report, till_report_free);
  g_free (ask);
}

static gpointer
read_report (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  return till_reporting_returns (ledger, ask->staff_id, ask->from, ask->to, ask->by, &ask->report,
                                 &ask->answer, error)
                 && (!ask->report
                     || till_reporting_closing (ledger, till_codec_profile, NULL, ask->report,
                                                error))
             ? ask
             : NULL;
}

static const TillColumn columns[] = {
  { "", TILL_CELL_TEXT, 0 },
  { N_ ("Returns"), TILL_CELL_FIGURE, 7 },
  { N_ ("Pieces"), TILL_CELL_FIGURE, 7 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 12 },
  { N_ ("Share"), TILL_CELL_FIGURE, 7 },
  { N_ ("Of sales"), TILL_CELL_FIGURE, 8 },
};

/* "2.9 %" by integers: a tenth of a per cent is enough to see. */
static char *
per_cent (TillMoney part, TillMoney whole)
{
  if (whole <= 0)
    return g_strdup ("");
  int64_t tenths = till_money_share (1000, MIN (part, whole), whole);
  return g_strdup_printf ("%d.%d %%", (int)(tenths / 10), (int)(tenths % 10));
}

static void
show_rows (TillReportsPage *self, const TillReport *report, const char *summary)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) bars = g_array_new (FALSE, TRUE, sizeof (TillBar));
  for (guint i = 0; i < report->rows->len; i++)
    {
      const TillReportRow *row = g_ptr_array_index (report->rows, i);
      g_autofree char *n = g_strdup_printf ("%" G_GINT64_FORMAT, row->n);
      g_autofree char *quantity
          = row->quantity ? till_quantity_format (row->quantity) : g_strdup ("");
      g_autofree char *amount = till_money_format_screen (row->amount);
      g_autofree char *share = per_cent (row->amount, report->amount);
      g_autofree char *of_sales = per_cent (row->amount, row->sales);
      const char *cells[] = { row->label, n, quantity, amount, share, of_sales };
      g_ptr_array_add (rows, till_sheet_row_new ((int64_t)i + 1, G_N_ELEMENTS (cells), cells));
      /* A day's month and day are enough below a bar. */
      const char *label
          = report->by == TILL_BY_DAY && strlen (row->key) == 10 ? row->key + 5 : row->label;
      TillBar bar = { (char *)label, row->amount };
      g_array_append_val (bars, bar);
    }
  till_sheet_fill (self->table, rows);
  till_chart_show (self->chart, bars, report->by == TILL_BY_DAY, summary);
}

/* NULL when all that was done still is. */
static char *
taken_back (const TillReport *report)
{
  if (report->came_back == 0 && report->in_doubt == 0)
    return NULL;
  return g_strdup_printf (_ ("Came back: %d; no longer confirmed by the provider: %d."),
                          report->came_back, report->in_doubt);
}

/* NULL when there is none. */
static char *
unsettled (const TillReport *report)
{
  if (report->unsettled == 0)
    return NULL;
  g_autofree char *many = g_strdup_printf (
      ngettext ("%d notice is about a number we do not know: Ctrl+9 shows it.",
                "%d notices are about numbers we do not know: Ctrl+9 shows them.",
                (gulong)report->unsettled),
      report->unsettled);
  g_autofree char *money = till_notice_sums_sentence (&report->told);
  return g_strjoin (" ", many, money, NULL);
}

static char *
summary_of (const TillReport *report, const char *zone)
{
  g_autofree char *amount = till_money_format_screen (report->amount);
  g_autofree char *share = per_cent (report->amount, report->sales);
  g_autofree char *from = till_clock_format_day (report->from);
  g_autofree char *to = till_clock_format_day (report->to);
  g_autofree char *open = g_strdup_printf (_ ("Now: not confirmed %d, refused %d, waiting %d."),
                                           report->unconfirmed, report->refused, report->waiting);
  g_autofree char *back = taken_back (report);
  g_autofree char *notices = unsettled (report);
  g_autofree char *closing
      = till_advice_all_closing (report->closing, report->closing_amount, report->closing_at, zone);
  GString *now = g_string_new (open);
  const char *more[] = { back, notices, *closing ? closing : NULL };
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    if (more[i])
      g_string_append_printf (now, " %s", more[i]);
  g_autofree char *all = g_string_free (now, FALSE);
  /* Translators: from, to, how many returns, how much money, share of sales, what is open now */
  return g_strdup_printf (_ ("%s to %s: %" PRId64 " returns, %s, that is %s of sales. %s"), from,
                          to, report->n, amount, *share ? share : "–", all);
}

static void
on_read (gpointer page, gpointer data, const GError *error)
{
  TillReportsPage *self = page;
  Ask *ask = data;
  if (error || ask->read_no != self->read_no)
    return;
  gboolean some = ask->report && ask->report->rows->len > 0;
  gboolean denied = ask->answer.code == TILL_NO_RIGHT;
  gtk_stack_set_visible_child (self->stack, denied ? self->denied
                                            : some ? self->figures
                                                   : self->empty);
  gtk_widget_set_visible (GTK_WIDGET (self->bys), !denied);
  gtk_widget_set_visible (GTK_WIDGET (self->periods), !denied);
  if (denied || !till_counter_heard (self->counter, &ask->answer) || !ask->report)
    {
      gtk_label_set_text (self->summary, "");
      return;
    }
  g_autofree char *summary = summary_of (ask->report, self->counter->shop->zone);
  gtk_label_set_text (self->summary, summary);
  show_rows (self, ask->report, summary);
}

/* The business day `days` before another one. */
static int
day_before (TillReportsPage *self, int days)
{
  return till_clock_day (till_counter_now (self->counter) - days * TILL_DAY,
                         self->counter->shop->zone);
}

/* What has a part of its own has no period. */
static void
read_part (TillReportsPage *self)
{
  gboolean providers = self->by == PROVIDERS;
  self->read_no++;
  gtk_widget_set_visible (GTK_WIDGET (self->periods), FALSE);
  gtk_label_set_text (self->summary, "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), FALSE);
  gtk_stack_set_visible_child (self->stack, providers ? GTK_WIDGET (self->providers)
                                                      : GTK_WIDGET (self->settlement));
  if (providers)
    till_providers_part_read (self->providers);
  else
    till_settlement_part_read (self->settlement);
}

static void
read_now (TillReportsPage *self)
{
  till_choices_mark (GTK_WIDGET (self->bys), self->by);
  till_choices_mark (GTK_WIDGET (self->periods), self->period);
  if (self->by >= PROVIDERS)
    {
      read_part (self);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->summary), TRUE);
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->from = day_before (self, periods[self->period].days - 1);
  ask->to = till_counter_today (self->counter);
  ask->by = (TillReportBy)self->by;
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_report, ask, ask_free, on_read);
}

static void
set_by (gpointer page, int by)
{
  TillReportsPage *self = page;
  till_providers_part_stop (self->providers);
  self->by = by;
  till_sheet_choose (self->table, -1);
  read_now (self);
  self->counter->hands->legend (self->counter->window);
}

static void
set_period (gpointer page, int period)
{
  TillReportsPage *self = page;
  self->period = CLAMP (period, 0, PERIODS - 1);
  read_now (self);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillReportsPage *self = TILL_REPORTS_PAGE (page);
  int digit = till_choice_digit (keyval);
  if (state & GDK_CONTROL_MASK)
    return FALSE;
  if (digit >= 1 && digit <= SETTLEMENT + 1)
    set_by (self, digit - 1);
  else if (self->by == PROVIDERS)
    return till_providers_part_key (self->providers, keyval);
  else if (self->by == SETTLEMENT)
    return till_settlement_part_key (self->settlement, keyval);
  else if (keyval == GDK_KEY_Left)
    set_period (self, self->period - 1);
  else if (keyval == GDK_KEY_Right)
    set_period (self, self->period + 1);
  else
    return till_sheet_key (self->table, keyval);
  return TRUE;
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillReportsPage *self = TILL_REPORTS_PAGE (page);
  if (self->by == PROVIDERS)
    till_providers_part_test (self->providers);
  else if (self->by == SETTLEMENT)
    till_settlement_part_open (self->settlement);
}

/* Digits choose; nothing is typed here. */
static gboolean
on_types (GtkWidget *page, gunichar character)
{
  return FALSE;
}

static gboolean
on_back (GtkWidget *page)
{
  TillReportsPage *self = TILL_REPORTS_PAGE (page);
  if (till_providers_part_stop (self->providers)
      || (self->by == SETTLEMENT && till_settlement_part_back (self->settlement)))
    return TRUE;
  self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
  return TRUE;
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  read_now (TILL_REPORTS_PAGE (page));
}

static void
on_changed (GtkWidget *page)
{
  read_now (TILL_REPORTS_PAGE (page));
}

static const TillLegendKey legend[] = {
  { "1–7", N_ ("By what"), GDK_KEY_1 },  { "←", N_ ("Shorter"), GDK_KEY_Left },
  { "→", N_ ("Longer"), GDK_KEY_Right }, { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },     { NULL },
};

static const TillLegendKey providers_legend[] = {
  { "1–7", N_ ("By what"), GDK_KEY_1 },
  { N_ ("Enter"), N_ ("Test the connection"), GDK_KEY_Return },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey days_legend[] = {
  { "1–7", N_ ("By what"), GDK_KEY_1 },
  { N_ ("Enter"), N_ ("Differences"), GDK_KEY_Return },
  { "F", N_ ("Fetch now"), GDK_KEY_f },
  { "R", N_ ("Read a file"), GDK_KEY_r },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey rows_legend[] = {
  { "1–7", N_ ("By what"), GDK_KEY_1 },
  { "C", N_ ("Close the difference"), GDK_KEY_c },
  { "Esc", N_ ("Back to the days"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
on_legend (GtkWidget *page)
{
  TillReportsPage *self = TILL_REPORTS_PAGE (page);
  if (self->by == SETTLEMENT)
    return till_settlement_part_shows_rows (self->settlement) ? rows_legend : days_legend;
  if (self->by != PROVIDERS)
    return legend;
  return till_providers_part_is_testing (self->providers) ? till_testing_legend : providers_legend;
}

static void
on_denied (TillReportsPage *self)
{
  if (self->by < PROVIDERS)
    return;
  gtk_stack_set_visible_child (self->stack, self->denied);
  gtk_widget_set_visible (GTK_WIDGET (self->bys), FALSE);
}

static void
on_test_changed (TillReportsPage *self)
{
  self->counter->hands->legend (self->counter->window);
}

static void
till_reports_page_class_init (TillReportsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_CHART);
  g_type_ensure (TILL_TYPE_PROVIDERS_PART);
  g_type_ensure (TILL_TYPE_SETTLEMENT_PART);
  till_part_class (class, "reports-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, bys);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, periods);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, empty);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, denied);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, figures);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, chart);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, table);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, providers);
  gtk_widget_class_bind_template_child (widget_class, TillReportsPage, settlement);
}

static void
till_reports_page_init (TillReportsPage *self)
{
  static const char *const bys[]
      = { N_ ("By reason"),  N_ ("By cashier"), N_ ("By goods"),  N_ ("By day"),
          N_ ("By payment"), N_ ("Providers"),  N_ ("Settlement") };
  gtk_widget_init_template (GTK_WIDGET (self));
  self->period = 2;
  till_sheet_set_up (self->table, _ ("Figures"), columns, G_N_ELEMENTS (columns));
  for (int i = 0; i <= SETTLEMENT; i++)
    {
      g_autofree char *words = g_strdup_printf ("%d  %s", i + 1, _ (bys[i]));
      GtkWidget *by = till_choice_new (words, i, set_by, self);
      /* Not all as wide as the widest: seven would not fit where the text is large. */
      gtk_widget_set_hexpand (by, TRUE);
      gtk_box_append (self->bys, by);
    }
  g_signal_connect_object (self->providers, "denied", G_CALLBACK (on_denied), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->providers, "changed", G_CALLBACK (on_test_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settlement, "denied", G_CALLBACK (on_denied), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settlement, "changed", G_CALLBACK (on_test_changed), self,
                           G_CONNECT_SWAPPED);
  for (int i = 0; i < PERIODS; i++)
    gtk_box_append (self->periods, till_choice_new (_ (periods[i].word), i, set_period, self));
}

static GtkWidget *
create (TillCounter *counter)
{
  TillReportsPage *self = g_object_new (TILL_TYPE_REPORTS_PAGE, NULL);
  self->counter = counter;
  till_providers_part_set_up (self->providers, counter);
  till_settlement_part_set_up (self->settlement, counter);
  return GTK_WIDGET (self);
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  TillReportsPage *self = TILL_REPORTS_PAGE (page);
  return self->by == SETTLEMENT ? till_settlement_part_who (self->settlement) : NULL;
}

const TillPage till_reports_page = {
  .screen = TILL_SCREEN_REPORTS,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .shown = on_shown,
  .changed = on_changed,
  .back = on_back,
  .legend = on_legend,
  .who = who_of,
  .help
  = N_ ("1 to 5 choose by what the returns are added up, ← and → the period, 6 the payment "
        "providers: how they have been answering, how long their keys hold; there Enter tests the "
        "connection without moving money, and Esc stops the test. 7 shows what providers say in "
        "their settlement files, and where that does not agree with the books.\n\nThe figures "
        "are read from the books at this moment; every row is money that is going back or has gone "
        "back. "
        "“Of sales” compares with what was sold of the same kind in the same time."),
};

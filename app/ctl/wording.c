/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/wording.h"
#include "app/ctl/table.h"
#include "data/core/ids.h"
#include "data/trade/advice.h"
#include "data/trade/provider-limits.h"
#include "devices/gateway/balance.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* json_pack only fails for a wrong format or text that is no UTF-8; both are ours. */
static json_t *
sure (json_t *object)
{
  g_assert (object);
  return object;
}

static json_t *
instant (int64_t at, const char *zone)
{
  if (at == 0)
    return json_null ();
  g_autofree char *text = till_clock_format (at, zone);
  return sure (json_string (text));
}

static json_t *
day (int day_)
{
  g_autofree char *text = till_clock_format_day (day_);
  return sure (json_string (text));
}

static char *
money (TillMoney amount)
{
  return till_money_format_screen (amount);
}

const char *
till_wording_tender (TillTender tender)
{
  static const char *const words[] = { N_ ("Cash"), N_ ("Bank card"), N_ ("Scan code") };
  return _ (words[tender]);
}

const char *
till_wording_sale_state (TillSaleState state)
{
  static const char *const words[] = { N_ ("being paid"), N_ ("paid"), N_ ("discarded (unpaid)") };
  return _ (words[state]);
}

const char *
till_wording_leg_state (TillLegState state)
{
  static const char *const words[] = {
    [TILL_LEG_PLANNED] = N_ ("planned"),
    [TILL_LEG_REQUESTED] = N_ ("sent"),
    [TILL_LEG_OPENED] = N_ ("sent"),
    [TILL_LEG_UNKNOWN] = N_ ("not confirmed"),
    [TILL_LEG_REVERSING] = N_ ("being reversed"),
    [TILL_LEG_APPROVED] = N_ ("approved"),
    [TILL_LEG_DECLINED] = N_ ("declined"),
    [TILL_LEG_CANCELLED] = N_ ("cancelled"),
    [TILL_LEG_REVERSED] = N_ ("reversed"),
    [TILL_LEG_DISPUTED] = N_ ("disputed"),
  };
  return _ (words[state]);
}

const char *
till_wording_return_state (TillReturnState state)
{
  static const char *const words[]
      = { N_ ("waiting for approval"), N_ ("taken back"), N_ ("rejected"), N_ ("cancelled") };
  return _ (words[state]);
}

/* --- sales --- */

static json_t *
sale_lines (const TillSale *sale)
{
  json_t *lines = json_array ();
  for (guint i = 0; i < sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (sale->lines, i);
      json_array_append_new (
          lines,
          sure (json_pack ("{s:i,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "line", line->pos, "code",
                           line->code, "name", line->name, "quantity", (json_int_t)line->quantity,
                           "price", (json_int_t)line->price, "discount", (json_int_t)line->discount,
                           "amount", (json_int_t)line->amount, "vat", (json_int_t)line->vat,
                           "returned", (json_int_t)line->returned, "returned_amount",
                           (json_int_t)line->returned_amount)));
    }
  return lines;
}

static json_t *
card_slip (const TillCardSlip *slip, const char *zone)
{
  if (!slip)
    return json_null ();
  return sure (json_pack ("{s:s,s:s,s:s,s:s,s:o,s:o,s:s,s:s,s:o}", "reference_no",
                          slip->reference_no, "log_no", slip->log_no, "card", slip->card,
                          "terminal_no", slip->terminal_no, "day", day (slip->day), "typed_at",
                          instant (slip->at, zone), "staff", slip->staff_name, "approver",
                          slip->approver_name, "confirmed_at", instant (slip->confirmed_at, zone)));
}

static json_t *
sale_legs (const TillSale *sale, const char *zone)
{
  json_t *legs = json_array ();
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      g_autofree char *sentence = till_advice_leg (leg, zone);
      json_array_append_new (
          legs,
          sure (json_pack (
              "{s:i,s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:b,s:o}", "payment", leg->pos,
              "tender", till_tender_word (leg->tender), "amount", (json_int_t)leg->amount,
              "received", (json_int_t)leg->received, "change", (json_int_t)leg->change, "masked",
              leg->masked, "state", till_leg_state_word (leg->state), "request_no", leg->request_no,
              "refunded", (json_int_t)leg->refunded, "class", till_failure_letter (leg->failure),
              "failure_code", leg->failure_code, "failure_words", leg->failure_words, "sentence",
              sentence, "by_slip", leg->by_slip, "slip", card_slip (leg->slip, zone))));
    }
  return legs;
}

json_t *
till_wording_sale (const TillSale *sale, const char *zone)
{
  return sure (json_pack (
      "{s:s,s:s,s:o,s:o,s:s,s:I,s:I,s:I,s:I,s:s,s:o,s:o}", "no", sale->no, "state",
      till_sale_state_word (sale->state), "at", instant (sale->at, zone), "day", day (sale->day),
      "staff", sale->staff_name ? sale->staff_name : "", "discount", (json_int_t)sale->discount,
      "rounding", (json_int_t)sale->rounding, "vat", (json_int_t)sale->vat, "total",
      (json_int_t)sale->total, "entry", sale->chain ? sale->chain : "", "lines", sale_lines (sale),
      "payments", sale_legs (sale, zone)));
}

static void
add_sale_lines (const TillSale *sale, TillTable *table)
{
  for (guint i = 0; i < sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (sale->lines, i);
      g_autofree char *pos = g_strdup_printf ("%d", line->pos);
      g_autofree char *quantity = till_quantity_format (line->quantity);
      g_autofree char *times = g_strdup_printf ("×%s", quantity);
      g_autofree char *amount = money (line->amount);
      till_table_row (table, pos, line->name, times, amount);
    }
}

/* What somebody said is told apart from what the provider said. */
static const char *
slip_state (const TillLeg *leg)
{
  if (!leg->slip)
    return leg->state == TILL_LEG_PLANNED ? _ ("waits for its slip")
                                          : till_wording_leg_state (leg->state);
  return leg->slip->confirmed_at ? _ ("confirmed by the provider") : _ ("as its slip says");
}

static void
add_sale_legs (const TillSale *sale, TillTable *table)
{
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      g_autofree char *amount = money (leg->amount);
      g_autofree char *received = money (leg->received);
      g_autofree char *change = money (leg->change);
      g_autofree char *words
          = leg->tender == TILL_TENDER_CASH && leg->change > 0
                ? g_strdup_printf (_ ("%s: received %s, change %s"),
                                   till_wording_tender (leg->tender), received, change)
            : leg->by_slip
                ? g_strdup_printf (_ ("Card at the terminal %s, ref. %s (%s)"), leg->masked,
                                   leg->slip ? leg->slip->reference_no : "–", slip_state (leg))
                : g_strdup_printf ("%s %s (%s)", till_wording_tender (leg->tender), leg->masked,
                                   till_wording_leg_state (leg->state));
      till_table_row (table, "", words, "", amount);
    }
}

/* A sentence for each payment that did not simply go well. */
static void
add_advice (GString *text, const TillSale *sale, const char *zone)
{
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (leg->state == TILL_LEG_APPROVED)
        continue;
      g_autofree char *sentence = till_advice_leg (leg, zone);
      g_autofree char *said = till_advice_said (leg->failure_code, leg->failure_words);
      g_string_append_printf (text, "  %s\n", sentence);
      if (*said)
        g_string_append_printf (text, "  %s\n", said);
    }
}

char *
till_wording_sale_text (const TillSale *sale, const char *zone)
{
  g_autofree char *no = till_number_spaced (sale->no);
  g_autofree char *at = till_clock_format (sale->at, zone);
  g_autofree char *total = money (sale->total);
  g_autoptr (TillTable) table = till_table_new ("rlrr");
  add_sale_lines (sale, table);
  till_table_rule (table);
  till_table_row (table, "", _ ("To pay"), "", total);
  add_sale_legs (sale, table);
  g_autofree char *rows = till_table_text (table, 2);
  /* Translators: a sale's number, its state, when it was made. */
  g_autofree char *head
      = g_strdup_printf (_ ("Sale %s  %s  %s"), no, till_wording_sale_state (sale->state), at);
  GString *text = g_string_new (head);
  g_string_append_printf (text, "\n%s", rows);
  add_advice (text, sale, zone);
  return g_string_free (text, FALSE);
}

char *
till_wording_sales_text (GPtrArray *sales, const char *zone)
{
  g_autoptr (TillTable) table = till_table_new ("llrl");
  for (guint i = 0; i < sales->len; i++)
    {
      const TillSale *sale = g_ptr_array_index (sales, i);
      g_autofree char *no = till_number_spaced (sale->no);
      g_autofree char *at = till_clock_format (sale->at, zone);
      g_autofree char *total = money (sale->total);
      till_table_row (table, no, at, total, till_wording_sale_state (sale->state));
    }
  return till_table_text (table, 2);
}

/* --- returns and refunds --- */

json_t *
till_wording_refund (const TillRefund *refund, const char *zone)
{
  g_autofree char *sentence = till_advice_refund (refund, zone);
  int64_t closes_at
      = till_provider_limits_closes_at (till_codec_profile (refund->provider, NULL), refund);
  return sure (json_pack (
      "{s:s,s:s,s:s,s:s,s:i,s:s,s:I,s:I,s:s,s:b,s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:s,s:s}", "no",
      refund->no, "request_no", refund->request_no, "return", refund->return_no, "sale",
      refund->sale_no, "payment", refund->leg_pos, "tender", till_tender_word (refund->tender),
      "amount", (json_int_t)refund->amount, "coupon", (json_int_t)refund->coupon, "state",
      till_refund_state_word (refund->state), "proven", till_refund_state_is_proven (refund->state),
      "at", instant (refund->at, zone), "next_action_at", instant (refund->next_action_at, zone),
      "closes_at", instant (closes_at, zone), "provider_no", refund->provider_no, "class",
      till_failure_letter (refund->failure), "failure_code", refund->failure_code, "failure_words",
      refund->failure_words, "sentence", sentence, "next",
      till_next_word (till_advice_refund_next (refund))));
}

json_t *
till_wording_return (const TillReturn *goods, const char *zone)
{
  json_t *lines = json_array (), *refunds = json_array ();
  for (guint i = 0; i < goods->lines->len; i++)
    {
      const TillReturnLine *line = g_ptr_array_index (goods->lines, i);
      json_array_append_new (
          lines, sure (json_pack ("{s:i,s:s,s:I,s:I,s:I}", "line", line->sale_pos, "name",
                                  line->name, "quantity", (json_int_t)line->quantity, "amount",
                                  (json_int_t)line->amount, "vat", (json_int_t)line->vat)));
    }
  for (guint i = 0; i < goods->refunds->len; i++)
    json_array_append_new (refunds,
                           till_wording_refund (g_ptr_array_index (goods->refunds, i), zone));
  return sure (json_pack (
      "{s:s,s:s,s:s,s:o,s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:o,s:o}", "no", goods->no, "sale",
      goods->sale_no, "state", till_return_state_word (goods->state), "at",
      instant (goods->at, zone), "day", day (goods->day), "staff",
      goods->staff_name ? goods->staff_name : "", "approver",
      goods->approver_name ? goods->approver_name : "", "reason", till_reason_word (goods->reason),
      "disposition", till_disposition_word (goods->disposition), "route",
      till_route_word (goods->route), "held_for", goods->held_for ? goods->held_for : "", "amount",
      (json_int_t)goods->amount, "vat", (json_int_t)goods->vat, "entry",
      goods->chain ? goods->chain : "", "lines", lines, "refunds", refunds));
}

char *
till_wording_refunds_text (GPtrArray *refunds, const char *zone)
{
  g_autoptr (TillTable) table = till_table_new ("lrlll");
  for (guint i = 0; i < refunds->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (refunds, i);
      g_autofree char *no = till_number_spaced (refund->no);
      g_autofree char *amount = money (refund->amount);
      g_autofree char *next = refund->next_action_at
                                  ? till_clock_format (refund->next_action_at, zone)
                                  : g_strdup ("");
      till_table_row (table, no, amount, till_wording_tender (refund->tender),
                      till_refund_state_label (refund->state), next);
    }
  return till_table_text (table, 2);
}

/* The sentence names the window's way to the balance; here is this program's. */
static const char *
where_to_ask (const TillRefund *refund)
{
  gboolean waits = refund->failure == TILL_CLASS_BALANCE && refund->next_action_at != 0;
  return waits && till_balance_is_told_by (refund->provider)
             ? _ ("Here, “tillctl account balance NAME” asks how much is there.")
             : "";
}

char *
till_wording_refund_text (const TillRefund *refund, const char *zone)
{
  g_autofree char *no = till_number_spaced (refund->no);
  g_autofree char *amount = money (refund->amount);
  g_autofree char *sentence = till_advice_refund (refund, zone);
  g_autofree char *said = till_advice_said (refund->failure_code, refund->failure_words);
  /* Translators: a refund's number, amount, way (cash, card), state, and sentences. */
  g_autofree char *head = g_strdup_printf (
      _ ("Refund %s  %s  %s  %s\n  %s%s%s"), no, amount, till_wording_tender (refund->tender),
      till_refund_state_label (refund->state), sentence, *said ? "\n  " : "", said);
  const char *where = where_to_ask (refund);
  return g_strconcat (head, *where ? "\n  " : "", where, NULL);
}

char *
till_wording_return_text (const TillReturn *goods, const char *zone)
{
  g_autofree char *no = till_number_spaced (goods->no);
  g_autofree char *at = till_clock_format (goods->at, zone);
  g_autofree char *total = money (goods->amount);
  g_autoptr (TillTable) table = till_table_new ("rlrr");
  for (guint i = 0; i < goods->lines->len; i++)
    {
      const TillReturnLine *line = g_ptr_array_index (goods->lines, i);
      g_autofree char *pos = g_strdup_printf ("%d", line->sale_pos);
      g_autofree char *quantity = till_quantity_format (line->quantity);
      g_autofree char *times = g_strdup_printf ("×%s", quantity);
      g_autofree char *amount = money (line->amount);
      till_table_row (table, pos, line->name, times, amount);
    }
  till_table_rule (table);
  till_table_row (table, "", _ ("To refund"), "", total);
  g_autofree char *rows = till_table_text (table, 2);
  g_autofree char *refunds = till_wording_refunds_text (goods->refunds, zone);
  /* Translators: a return's number, its state, the reason, when it was made. */
  g_autofree char *head
      = g_strdup_printf (_ ("Return %s  %s  %s  %s"), no, till_wording_return_state (goods->state),
                         till_reason_label (goods->reason), at);
  return g_strconcat (head, "\n", rows, refunds, NULL);
}

json_t *
till_wording_steps (GPtrArray *steps, const char *zone)
{
  json_t *array = json_array ();
  for (guint i = 0; i < steps->len; i++)
    {
      const TillRefundStep *one = g_ptr_array_index (steps, i);
      json_array_append_new (
          array, sure (json_pack ("{s:i,s:o,s:s,s:s,s:s,s:s,s:s}", "n", one->n, "at",
                                  instant (one->at, zone), "staff", one->staff_name, "from",
                                  one->n == 1 ? "" : till_refund_state_word (one->from), "to",
                                  till_refund_state_word (one->to), "event", one->event, "evidence",
                                  one->evidence)));
    }
  return array;
}

char *
till_wording_steps_text (GPtrArray *steps, const char *zone)
{
  g_autoptr (TillTable) table = till_table_new ("llll");
  for (guint i = 0; i < steps->len; i++)
    {
      const TillRefundStep *one = g_ptr_array_index (steps, i);
      g_autofree char *at = till_clock_format (one->at, zone);
      till_table_row (table, at, till_refund_state_label (one->to), till_advice_event (one->event),
                      one->evidence);
    }
  return till_table_text (table, 2);
}

/* --- reports --- */

json_t *
till_wording_report (const TillReport *report, const char *zone)
{
  json_t *rows = json_array ();
  for (guint i = 0; i < report->rows->len; i++)
    {
      const TillReportRow *row = g_ptr_array_index (report->rows, i);
      json_array_append_new (
          rows,
          sure (json_pack ("{s:s,s:s,s:I,s:I,s:I,s:I}", "key", row->key, "label", row->label, "n",
                           (json_int_t)row->n, "quantity", (json_int_t)row->quantity, "amount",
                           (json_int_t)row->amount, "sales", (json_int_t)row->sales)));
    }
  return sure (json_pack (
      "{s:s,s:o,s:o,s:o,s:I,s:I,s:I,s:I,s:i,s:i,s:i,s:i,s:i,s:i,s:I,s:I,s:i,s:i,s:I,s:o}", "by",
      till_report_by_word (report->by), "from", day (report->from), "to", day (report->to), "rows",
      rows, "n", (json_int_t)report->n, "amount", (json_int_t)report->amount, "sales_n",
      (json_int_t)report->sales_n, "sales", (json_int_t)report->sales, "unconfirmed",
      report->unconfirmed, "refused", report->refused, "waiting", report->waiting, "came_back",
      report->came_back, "in_doubt", report->in_doubt, "notices", report->unsettled,
      "notice_refunds", (json_int_t)report->told.refunds, "notice_payments",
      (json_int_t)report->told.payments, "notice_unknown", report->told.unknown, "closing",
      report->closing, "closing_amount", (json_int_t)report->closing_amount, "closing_at",
      instant (report->closing_at, zone)));
}

/* Two decimals of a percentage, in whole numbers. */
static char *
rate (TillMoney part, TillMoney whole)
{
  if (whole <= 0)
    return g_strdup ("");
  int64_t hundredths = (int64_t)((__int128)part * 10000 / whole);
  return g_strdup_printf ("%" PRId64 ".%02d %%", hundredths / 100, (int)(hundredths % 100));
}

/* "" when all that was done still is. */
static char *
taken_back (const TillReport *report)
{
  if (report->came_back == 0 && report->in_doubt == 0)
    return g_strdup ("");
  return g_strdup_printf (_ ("  Refunds that were done: %d came back and are owed; of %d the "
                             "provider no longer says so\n"),
                          report->came_back, report->in_doubt);
}

/* "" when there is none. */
static char *
unsettled (const TillReport *report)
{
  if (report->unsettled == 0)
    return g_strdup ("");
  g_autofree char *many = g_strdup_printf (
      ngettext ("  %d notice about a number we do not know; see tillctl notice\n",
                "  %d notices about numbers we do not know; see tillctl notice\n",
                (gulong)report->unsettled),
      report->unsettled);
  g_autofree char *money = till_notice_sums_sentence (&report->told);
  return g_strconcat (many, "  ", money, "\n", NULL);
}

char *
till_wording_report_text (const TillReport *report, const char *zone)
{
  g_autofree char *from = till_clock_format_day (report->from);
  g_autofree char *to = till_clock_format_day (report->to);
  g_autoptr (TillTable) table = till_table_new ("lrrrr");
  till_table_row (table, "", _ ("returns"), _ ("amount"), _ ("of sales"), _ ("rate"));
  till_table_rule (table);
  for (guint i = 0; i < report->rows->len; i++)
    {
      const TillReportRow *row = g_ptr_array_index (report->rows, i);
      g_autofree char *n = g_strdup_printf ("%" PRId64, row->n);
      g_autofree char *amount = money (row->amount);
      g_autofree char *sales = row->sales ? money (row->sales) : g_strdup ("");
      g_autofree char *share = rate (row->amount, row->sales);
      till_table_row (table, row->label, n, amount, sales, share);
    }
  till_table_rule (table);
  g_autofree char *n = g_strdup_printf ("%" PRId64, report->n);
  g_autofree char *amount = money (report->amount);
  g_autofree char *sales = money (report->sales);
  g_autofree char *share = rate (report->amount, report->sales);
  till_table_row (table, _ ("Together"), n, amount, sales, share);
  g_autofree char *rows = till_table_text (table, 2);
  g_autofree char *head = g_strdup_printf (_ ("Returns from %s to %s"), from, to);
  g_autofree char *open
      = g_strdup_printf (_ ("  Refunds now: %d not confirmed, %d refused, %d waiting for approval"),
                         report->unconfirmed, report->refused, report->waiting);
  g_autofree char *back = taken_back (report);
  g_autofree char *notices = unsettled (report);
  g_autofree char *closing
      = till_advice_all_closing (report->closing, report->closing_amount, report->closing_at, zone);
  return g_strconcat (head, "\n", rows, open, "\n", back, notices, *closing ? "  " : "", closing,
                      *closing ? "\n" : "", NULL);
}

json_t *
till_wording_import (const TillImportReport *report)
{
  json_t *refused = json_array ();
  for (guint i = 0; i < report->refused->len; i++)
    {
      const TillRefusedRow *row = g_ptr_array_index (report->refused, i);
      json_array_append_new (refused,
                             sure (json_pack ("{s:I,s:s,s:s}", "line", (json_int_t)row->line,
                                              "reason", row->reason, "excerpt", row->excerpt)));
    }
  return sure (json_pack ("{s:I,s:I,s:I,s:I,s:I,s:s,s:o}", "rows", (json_int_t)report->rows,
                          "added", (json_int_t)report->added, "changed",
                          (json_int_t)report->changed, "same", (json_int_t)report->same, "refused",
                          (json_int_t)report->refused_count, "encoding", report->encoding,
                          "refused_rows", refused));
}

char *
till_wording_import_text (const TillImportReport *report)
{
  g_autoptr (TillTable) table = till_table_new ("rll");
  for (guint i = 0; i < report->refused->len; i++)
    {
      const TillRefusedRow *row = g_ptr_array_index (report->refused, i);
      g_autofree char *line = g_strdup_printf ("%" PRId64, row->line);
      till_table_row (table, line, row->reason, row->excerpt);
    }
  g_autofree char *rows = till_table_text (table, 2);
  g_autofree char *head
      = g_strdup_printf (_ ("%" PRId64 " rows (%s): %" PRId64 " added, %" PRId64
                            " changed, %" PRId64 " as before, %" PRId64 " refused"),
                         report->rows, report->encoding, report->added, report->changed,
                         report->same, report->refused_count);
  return g_strconcat (head, "\n", rows, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/settlement-kept.h"
#include "app/ctl/table.h"
#include "data/core/secret.h"
#include "data/desk/selling.h"
#include "data/desk/settling.h"

#include <glib/gi18n.h>

#define DAYS_MAX 1000
#define ROWS_MAX TILL_SETTLING_ROWS_MAX

/* --- days --- */

static char *
at_text (int64_t at, const char *zone)
{
  return at ? till_clock_format (at, zone) : g_strdup ("");
}

static json_t *
day_object (const TillSettledDay *day, const char *zone)
{
  g_autofree char *date = till_clock_format_day (day->day);
  g_autofree char *at = at_text (day->at, zone);
  g_autofree char *asked = at_text (day->asked_at, zone);
  g_autofree char *due = at_text (day->due_at, zone);
  json_t *object = json_pack (
      "{s:s,s:s,s:I,s:i,s:s,s:s,s:b,s:I,s:I,s:i,s:i,s:s,s:s}", "provider", day->provider, "day",
      date, "id", (json_int_t)day->id, "files", day->files, "read_at", at, "read_by", day->read_by,
      "by_hand", day->by_hand, "rows", (json_int_t)day->n, "matched", (json_int_t)day->matched,
      "differing", day->differing, "open", day->open, "funds", till_flow_word (day->flow),
      "funds_first", day->flow_first);
  json_object_set_new (object, "theirs",
                       json_pack ("{s:I,s:I,s:I,s:I}", "paid", (json_int_t)day->paid, "returned",
                                  (json_int_t)day->returned, "settled", (json_int_t)day->settled,
                                  "fee_exact", (json_int_t)day->fee_exact));
  json_object_set_new (object, "ours",
                       json_pack ("{s:I,s:I,s:I}", "rows", (json_int_t)day->our_n, "paid",
                                  (json_int_t)day->our_paid, "returned",
                                  (json_int_t)day->our_returned));
  json_object_set_new (object, "ask",
                       json_pack ("{s:i,s:s,s:s,s:s,s:s}", "tries", day->tries, "asked_at", asked,
                                  "due_at", due, "file", day->file, "said", day->said));
  return object;
}

static char *
verdict_of (const TillSettledDay *day, const char *zone)
{
  if (day->id == 0 && day->due_at)
    {
      g_autofree char *due = till_clock_format (day->due_at, zone);
      return g_strdup_printf (_ ("no file yet; asked for %s"), due);
    }
  if (day->id == 0)
    return g_strdup (_ ("no file"));
  if (day->open > 0)
    return g_strdup_printf (
        ngettext ("%d difference open", "%d differences open", (gulong)day->open), day->open);
  return g_strdup (day->flow == TILL_FLOW_DIFFERS   ? _ ("agrees; the fund flow does not")
                   : day->flow == TILL_FLOW_MISSING ? _ ("agrees; no fund flow yet")
                                                    : _ ("agrees"));
}

int
till_settlement_kept_days (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer = { 0 };
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  g_autoptr (GPtrArray) days
      = shop ? till_settling_days (folder->ledger, staff_id, DAYS_MAX, &answer, &error) : NULL;
  if (error)
    return till_ctl_say_error (ctl, error);
  if (!days)
    return till_ctl_say_no (ctl, &answer);
  json_t *array = json_array ();
  g_autoptr (TillTable) table = till_table_new ("llrrrl");
  till_table_row (table, _ ("day"), _ ("provider"), _ ("rows"), _ ("came in"), _ ("went back"), "");
  till_table_rule (table);
  for (guint i = 0; i < days->len; i++)
    {
      const TillSettledDay *day = g_ptr_array_index (days, i);
      g_autofree char *date = till_clock_format_day (day->day);
      g_autofree char *n = g_strdup_printf ("%" G_GINT64_FORMAT, day->n);
      g_autofree char *paid = till_money_format (day->paid);
      g_autofree char *returned = till_money_format (day->returned);
      g_autofree char *verdict = verdict_of (day, shop->zone);
      json_array_append_new (array, day_object (day, shop->zone));
      till_table_row (table, date, day->provider, n, paid, returned, verdict);
    }
  g_autofree char *text
      = days->len ? till_table_text (table, 0) : g_strdup (_ ("No settlement file has been read."));
  return till_ctl_say (ctl, json_pack ("{s:o}", "settlements", array), text);
}

/* --- the rows of a day --- */

static json_t *
row_object (const TillDifference *row, const char *zone)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT "/%d", row->settlement_id, row->n);
  g_autofree char *closed = at_text (row->closed_at, zone);
  json_t *object = json_pack ("{s:s,s:s,s:s,s:b,s:s,s:s,s:b,s:b}", "id", id, "class", row->match,
                              "kind", row->kind, "back", row->back, "request_no", row->request_no,
                              "sale", row->sale_no, "open", row->closed_at == 0, "two",
                              till_difference_needs_two (row));
  if (row->line)
    json_object_set_new (object, "theirs",
                         json_pack ("{s:I,s:s,s:s,s:I}", "amount", (json_int_t)row->their_amount,
                                    "state", row->their_state, "provider_no", row->provider_no,
                                    "line", (json_int_t)row->line));
  if (*row->sale_no)
    json_object_set_new (object, "ours",
                         json_pack ("{s:I,s:s,s:s}", "amount", (json_int_t)row->our_amount, "state",
                                    row->our_state, "now", row->now_state));
  if (row->closed_at)
    json_object_set_new (object, "closed",
                         json_pack ("{s:s,s:s,s:s,s:I,s:s}", "at", closed, "by", row->closed_by,
                                    "approved_by", row->approved_by, "by_file",
                                    (json_int_t)row->by_file, "reason", row->reason));
  return object;
}

static char *
end_of (const TillDifference *row)
{
  if (row->closed_at == 0)
    return g_strdup (_ ("open"));
  if (row->by_file == 0)
    return g_strdup (row->reason);
  if (row->by_day == row->day && row->by_file != row->settlement_id)
    return g_strdup (_ ("a later file of that day took its place"));
  g_autofree char *day = till_clock_format_day (row->by_day);
  return g_strdup_printf (_ ("agrees with the file of %s"), day);
}

static void
add_row (TillTable *table, const TillDifference *row)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT "/%d", row->settlement_id, row->n);
  g_autofree char *theirs = row->line ? till_money_format (row->their_amount) : g_strdup ("–");
  g_autofree char *ours = *row->sale_no ? till_money_format (row->our_amount) : g_strdup ("–");
  g_autofree char *end = end_of (row);
  TillMatchClass match;
  gboolean known = till_match_class_from_word (row->match, &match);
  till_table_row (table, id, known ? till_match_class_label (match) : row->match,
                  till_settlement_kind_label (till_settlement_kind_from_word (row->kind)),
                  row->request_no, theirs, ours, *row->now_state ? row->now_state : "–", end);
}

int
till_settlement_kept_rows (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id,
                           const char *provider, int day)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer = { 0 };
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  g_autoptr (GPtrArray) rows = shop ? till_settling_rows (folder->ledger, staff_id, provider, day,
                                                          ROWS_MAX, &answer, &error)
                                    : NULL;
  if (error)
    return till_ctl_say_error (ctl, error);
  if (!rows)
    return till_ctl_say_no (ctl, &answer);
  json_t *array = json_array ();
  g_autoptr (TillTable) table = till_table_new ("llllrrll");
  till_table_row (table, "", "", "", _ ("number"), _ ("file"), _ ("books"), _ ("now"), "");
  till_table_rule (table);
  for (guint i = 0; i < rows->len; i++)
    {
      json_array_append_new (array, row_object (g_ptr_array_index (rows, i), shop->zone));
      add_row (table, g_ptr_array_index (rows, i));
    }
  g_autofree char *text
      = rows->len ? till_table_text (table, 0)
                  : g_strdup (_ ("Nothing of that day differs, as far as it was read."));
  return till_ctl_say (ctl, json_pack ("{s:o}", "differences", array), text);
}

/* --- closing --- */

int
till_settlement_kept_close (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, int64_t id,
                            int n, const char *because, const char *approve)
{
  g_autoptr (GError) error = NULL;
  TillAnswer answer;
  char *pin = NULL;
  if (approve)
    {
      g_autofree char *prompt = g_strdup_printf (_ ("PIN of %s: "), approve);
      pin = till_pin_read (ctl, prompt, &error);
      if (!pin)
        return till_ctl_say_error (ctl, error);
    }
  gboolean done = till_settling_close (folder->ledger, staff_id, id, n, because, approve, pin,
                                       &answer, &error);
  till_secret_free (pin);
  if (!done)
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autofree char *no = g_strdup_printf ("%" G_GINT64_FORMAT "/%d", id, n);
  return till_ctl_say (ctl, json_pack ("{s:{s:s}}", "closed", "id", no),
                       _ ("Closed, and written into the journal."));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/shift-words.h"
#include "app/ctl/table.h"
#include "data/core/ids.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static json_t *
instant (int64_t at, const char *zone)
{
  g_autofree char *text = at ? till_clock_format (at, zone) : NULL;
  return text ? json_string (text) : json_null ();
}

/* What the shift so far and a closed one have in common. */
static json_t *
sums_object (const TillShiftSums *sums)
{
  json_t *object
      = json_pack ("{s:I,s:I,s:I,s:{s:I,s:I,s:I},s:I,s:I,s:I,s:{s:I,s:I,s:I},s:I,s:I,s:I}",
                   "first_entry", (json_int_t)sums->first_seq, "sales_n", (json_int_t)sums->sales_n,
                   "sales", (json_int_t)sums->sales, "taken", "cash", (json_int_t)sums->taken_cash,
                   "card", (json_int_t)sums->taken_card, "code", (json_int_t)sums->taken_code,
                   "returns_n", (json_int_t)sums->returns_n, "returns", (json_int_t)sums->returns,
                   "refunds_n", (json_int_t)sums->refunds_n, "refunded", "cash",
                   (json_int_t)sums->refunded_cash, "card", (json_int_t)sums->refunded_card, "code",
                   (json_int_t)sums->refunded_code, "bounced", (json_int_t)sums->bounced, "open_n",
                   (json_int_t)sums->open_n, "open", (json_int_t)sums->open);
  g_assert (object);
  return object;
}

json_t *
till_shift_words_now (const TillShiftNow *now, const char *zone)
{
  static const char *const in_money[] = { "sales", "taken", "returns", "refunded", "bounced" };
  json_t *object = sums_object (&now->sums);
  for (gsize i = 0; !now->in_money && i < G_N_ELEMENTS (in_money); i++)
    json_object_set_new (object, in_money[i], json_null ());
  json_object_set_new (object, "entries", json_integer (now->entries));
  json_object_set_new (object, "began_at", instant (now->began_at, zone));
  return object;
}

json_t *
till_shift_words_shift (const TillShift *shift, const char *zone)
{
  json_t *object = sums_object (&shift->sums);
  json_t *more = json_pack (
      "{s:s,s:I,s:o,s:o,s:i,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:s}", "no", shift->no,
      "last_entry", (json_int_t)shift->seq, "began_at", instant (shift->began_at, zone), "at",
      instant (shift->at, zone), "till", shift->till, "staff", shift->staff_name, "approver",
      shift->approver_name, "float_in", (json_int_t)shift->sums.float_in, "cash_out",
      (json_int_t)shift->sums.cash_out, "expected", (json_int_t)shift->expected, "counted",
      (json_int_t)shift->counted, "over_short", (json_int_t)shift->over_short, "kept",
      (json_int_t)shift->kept, "total_sales", (json_int_t)shift->total_sales, "total_refunds",
      (json_int_t)shift->total_refunds, "entry", shift->chain, "key", shift->fingerprint);
  json_t *open = json_array ();
  for (guint i = 0; i < shift->open->len; i++)
    {
      const TillShiftOpen *one = g_ptr_array_index (shift->open, i);
      json_array_append_new (open, json_pack ("{s:s,s:s,s:I}", "no", one->no, "state", one->state,
                                              "amount", (json_int_t)one->amount));
    }
  g_assert (more);
  json_object_update (object, more);
  json_decref (more);
  json_object_set_new (object, "open_refunds", open);
  json_t *terminals = json_array ();
  for (guint i = 0; i < shift->terminals->len; i++)
    {
      const TillShiftTerminal *one = g_ptr_array_index (shift->terminals, i);
      json_array_append_new (terminals,
                             json_pack ("{s:s,s:I,s:I}", "terminal_no", one->no, "n",
                                        (json_int_t)one->n, "amount", (json_int_t)one->amount));
    }
  json_object_set_new (object, "terminals", terminals);
  json_object_set_new (object, "notices", json_integer (shift->unsettled));
  json_object_set_new (object, "notice_refunds", json_integer (shift->told.refunds));
  json_object_set_new (object, "notice_payments", json_integer (shift->told.payments));
  json_object_set_new (object, "notice_unknown", json_integer (shift->told.unknown));
  return object;
}

/* --- text --- */

static void
money_row (TillTable *table, const char *word, int64_t n, TillMoney amount)
{
  g_autofree char *figure = n >= 0 ? g_strdup_printf ("%" PRId64, n) : g_strdup ("");
  g_autofree char *words = till_money_format_screen (amount);
  till_table_row (table, word, figure, words);
}

static void
count_row (TillTable *table, const char *word, int64_t n)
{
  g_autofree char *figure = g_strdup_printf ("%" PRId64, n);
  till_table_row (table, word, figure, "");
}

static void
often_rows (TillTable *table, const TillShiftSums *sums)
{
  count_row (table, _ ("Sales"), sums->sales_n);
  count_row (table, _ ("Returns"), sums->returns_n);
  count_row (table, _ ("Refunded"), sums->refunds_n);
  money_row (table, _ ("Refunds not over"), sums->open_n, sums->open);
}

static void
sums_rows (TillTable *table, const TillShiftSums *sums)
{
  money_row (table, _ ("Sales"), sums->sales_n, sums->sales);
  money_row (table, _ ("  in cash"), -1, sums->taken_cash);
  money_row (table, _ ("  by bank card"), -1, sums->taken_card);
  money_row (table, _ ("  by scan code"), -1, sums->taken_code);
  money_row (table, _ ("Returns"), sums->returns_n, sums->returns);
  money_row (table, _ ("Refunded"), sums->refunds_n,
             sums->refunded_cash + sums->refunded_card + sums->refunded_code);
  if (sums->bounced)
    money_row (table, _ ("Refunds that came back"), -1, sums->bounced);
  money_row (table, _ ("Refunds not over"), sums->open_n, sums->open);
}

char *
till_shift_words_now_text (const TillShiftNow *now, const char *zone)
{
  g_autoptr (TillTable) table = till_table_new ("lrr");
  if (now->in_money)
    sums_rows (table, &now->sums);
  else
    often_rows (table, &now->sums);
  g_autofree char *rows = till_table_text (table, 2);
  g_autofree char *began = now->began_at ? till_clock_format (now->began_at, zone) : g_strdup ("–");
  g_autofree char *head = g_strdup_printf (_ ("The shift so far: since %s, %" PRId64 " entries."),
                                           began, now->entries);
  return g_strconcat (head, "\n", rows, NULL);
}

char *
till_shift_words_over_short (TillMoney over_short)
{
  g_autofree char *amount = till_money_format_screen (ABS (over_short));
  if (over_short == 0)
    return g_strdup (_ ("count agrees"));
  return g_strdup_printf (over_short > 0 ? _ ("%s over") : _ ("%s short"), amount);
}

static void
drawer_rows (TillTable *table, const TillShift *shift)
{
  g_autofree char *over_short = till_shift_words_over_short (shift->over_short);
  money_row (table, _ ("Float put in"), -1, shift->sums.float_in);
  money_row (table, _ ("Paid in to the safe"), -1, shift->sums.cash_out);
  money_row (table, _ ("Cash expected"), -1, shift->expected);
  money_row (table, _ ("Cash counted"), -1, shift->counted);
  till_table_row (table, "", "", over_short);
  money_row (table, _ ("Stays as float"), -1, shift->kept);
  till_table_rule (table);
  money_row (table, _ ("Sales of all shifts"), -1, shift->total_sales);
  money_row (table, _ ("Refunds of all shifts"), -1, shift->total_refunds);
}

char *
till_shift_words_shift_text (const TillShift *shift, const char *zone)
{
  g_autoptr (TillTable) table = till_table_new ("lrr");
  sums_rows (table, &shift->sums);
  for (guint i = 0; i < shift->terminals->len; i++)
    {
      const TillShiftTerminal *one = g_ptr_array_index (shift->terminals, i);
      g_autofree char *words = g_strdup_printf (_ ("By card slips of %s"), one->no);
      money_row (table, words, one->n, one->amount);
    }
  till_table_rule (table);
  drawer_rows (table, shift);
  g_autofree char *rows = till_table_text (table, 2);
  g_autofree char *no = till_number_spaced (shift->no);
  g_autofree char *at = till_clock_format (shift->at, zone);
  g_autofree char *head
      = g_strdup_printf (_ ("Shift %s, closed %s by %s."), no, at, shift->staff_name);
  g_autofree char *foot
      = g_strdup_printf (_ ("Signed with key %s; journal %s."), shift->fingerprint, shift->chain);
  return g_strconcat (head, "\n", rows, foot, NULL);
}

char *
till_shift_words_list_text (GPtrArray *shifts, const char *zone)
{
  if (shifts->len == 0)
    return g_strdup (_ ("No shift has been closed yet."));
  g_autoptr (TillTable) table = till_table_new ("lllrrr");
  till_table_row (table, _ ("Number"), _ ("Closed at"), _ ("Who"), _ ("Sales"), _ ("Returns"),
                  _ ("Over / short"));
  till_table_rule (table);
  for (guint i = 0; i < shifts->len; i++)
    {
      const TillShift *shift = g_ptr_array_index (shifts, i);
      g_autofree char *at = till_clock_format (shift->at, zone);
      g_autofree char *sales = till_money_format_screen (shift->sums.sales);
      g_autofree char *returns = till_money_format_screen (shift->sums.returns);
      g_autofree char *over_short = till_money_format_screen (shift->over_short);
      till_table_row (table, shift->no, at, shift->staff_name, sales, returns, over_short);
    }
  return till_table_text (table, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money and quantities, exactly.
 *
 * TillMoney is a whole number of minor units (fen); TillQuantity a whole number of thousandths of
 * the item's unit (2 pieces = 2000, 0.350 kg = 350). Every operation that can leave int64 says so
 * by returning FALSE and leaving the result untouched; there is no floating point here.
 * Rounding is stated once: rates round half away from zero; shares round toward zero, and what is
 * left over is handed out by largest remainder, earlier entries first. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef int64_t TillMoney;
typedef int64_t TillQuantity;

#define TILL_QUANTITY_ONE INT64_C (1000)
/* The largest single amount that a person may type or a file may hold: ten billion yuan. */
#define TILL_MONEY_MAX INT64_C (1000000000000)
#define TILL_QUANTITY_MAX INT64_C (1000000000)

gboolean till_money_add (TillMoney a, TillMoney b, TillMoney *sum) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_money_sub (TillMoney a, TillMoney b, TillMoney *difference) G_GNUC_WARN_UNUSED_RESULT;

/* unit price × quantity, rounded half away from zero to a whole minor unit. */
gboolean till_money_extend (TillMoney price, TillQuantity quantity,
                            TillMoney *amount) G_GNUC_WARN_UNUSED_RESULT;

/* amount × rate, rate in parts per million, rounded half away from zero. */
gboolean till_money_rate (TillMoney amount, int64_t rate_ppm,
                          TillMoney *result) G_GNUC_WARN_UNUSED_RESULT;

/* The VAT that is inside a gross amount: gross × ppm / (1,000,000 + ppm), half away from zero. */
gboolean till_money_vat_inside (TillMoney gross, int64_t rate_ppm,
                                TillMoney *vat) G_GNUC_WARN_UNUSED_RESULT;

/* total × part / whole, toward zero; 0 ≤ part ≤ whole, whole > 0. */
TillMoney till_money_share (TillMoney total, int64_t part, int64_t whole);

/* Splits total over n entries in proportion to weights (none negative), so that the parts sum to
 * total exactly: each gets its share toward zero, the rest goes one unit each to the largest
 * remainders, earlier entries first. With all weights zero the first entry takes everything.
 * FALSE when the weights do not fit or n is 0 and total is not. */
gboolean till_money_allot (TillMoney total, const int64_t *weights, gsize n,
                           TillMoney *parts) G_GNUC_WARN_UNUSED_RESULT;

/* "12.50", "-0.05": no grouping, no sign of currency; for files, protocols and logs. */
char *till_money_format (TillMoney amount) G_GNUC_WARN_UNUSED_RESULT;
/* "¥1,234.50" for the screen: minus sign first, comma grouping, two decimals, in every language. */
char *till_money_format_screen (TillMoney amount) G_GNUC_WARN_UNUSED_RESULT;
/* Accepts ASCII digits with at most two decimals and nothing else: "12", "12.5", "12.50".
 * Signs, grouping, exponents, other digits and amounts above TILL_MONEY_MAX are INVALID. */
gboolean till_money_parse (const char *text, TillMoney *amount, GError **error);

/* "2", "0.35": thousandths without trailing zeros. */
char *till_quantity_format (TillQuantity quantity) G_GNUC_WARN_UNUSED_RESULT;
/* As till_money_parse, up to three decimals; zero is INVALID. */
gboolean till_quantity_parse (const char *text, TillQuantity *quantity, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money, numbers, text, time: by tables, wrong input first. */
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/money.h"
#include "data/core/secret.h"
#include "data/core/text.h"

#include <string.h>

static void
test_money_refuses_nonsense (void)
{
  static const char *const bad[] = { "",
                                     "-1",
                                     "+1",
                                     "1e9",
                                     "NaN",
                                     "1,000.00",
                                     "0.005",
                                     ".5",
                                     "5.",
                                     "１２",
                                     " 1",
                                     "1 ",
                                     "99999999999999999999",
                                     "1..2",
                                     "0x10",
                                     "10000000000.01" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      TillMoney amount = 42;
      g_assert_false (till_money_parse (bad[i], &amount, &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_cmpint (amount, ==, 42);
    }
}

static void
test_money_round_trip (void)
{
  static const struct
  {
    const char *text;
    TillMoney amount;
    const char *plain, *screen;
  } rows[] = {
    { "0", 0, "0.00", "¥0.00" },
    { "0.1", 10, "0.10", "¥0.10" },
    { "12.5", 1250, "12.50", "¥12.50" },
    { "1234567.89", 123456789, "1234567.89", "¥1,234,567.89" },
    { "10000000000", TILL_MONEY_MAX, "10000000000.00", "¥10,000,000,000.00" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillMoney amount;
      g_assert_true (till_money_parse (rows[i].text, &amount, NULL));
      g_assert_cmpint (amount, ==, rows[i].amount);
      g_autofree char *plain = till_money_format (amount);
      g_autofree char *screen = till_money_format_screen (amount);
      g_assert_cmpstr (plain, ==, rows[i].plain);
      g_assert_cmpstr (screen, ==, rows[i].screen);
    }
  g_autofree char *least = till_money_format (INT64_MIN);
  g_assert_cmpstr (least, ==, "-92233720368547758.08");
  g_autofree char *minus = till_money_format_screen (-123456);
  g_assert_cmpstr (minus, ==, "-¥1,234.56");
}

static void
test_money_rounds_half_away (void)
{
  TillMoney result;
  /* 0.6 % of ¥1,234,567,890.12 */
  g_assert_true (till_money_rate (123456789012, 6000, &result));
  g_assert_cmpint (result, ==, 740740734);
  g_assert_true (till_money_extend (5, 500, &result)); /* 2.5 */
  g_assert_cmpint (result, ==, 3);
  g_assert_true (till_money_extend (-5, 500, &result));
  g_assert_cmpint (result, ==, -3);
  g_assert_true (till_money_vat_inside (11300, 130000, &result));
  g_assert_cmpint (result, ==, 1300);
  g_assert_false (till_money_extend (INT64_MAX, 2000, &result));
  g_assert_false (till_money_add (INT64_MAX, 1, &result));
  g_assert_false (till_money_sub (INT64_MIN, 1, &result));
}

static void
test_money_allots_exactly (void)
{
  for (TillMoney total = -30; total <= 30; total++)
    for (int64_t a = 0; a < 5; a++)
      for (int64_t b = 0; b < 5; b++)
        for (int64_t c = 0; c < 5; c++)
          {
            int64_t weights[] = { a, b, c };
            TillMoney parts[3];
            g_assert_true (till_money_allot (total, weights, 3, parts));
            g_assert_cmpint (parts[0] + parts[1] + parts[2], ==, total);
            for (int i = 0; i < 3 && a + b + c > 0; i++)
              {
                /* No part is a whole unit away from its exact share. */
                int64_t off = parts[i] * (a + b + c) - total * weights[i];
                g_assert_cmpint (ABS (off), <, a + b + c);
              }
          }
  int64_t minus[] = { 1, -1 };
  TillMoney parts[2];
  g_assert_false (till_money_allot (1, minus, 2, parts));
  int64_t huge[] = { INT64_MAX, 1 };
  g_assert_false (till_money_allot (1, huge, 2, parts));
}

static void
test_quantity (void)
{
  TillQuantity quantity;
  g_assert_false (till_quantity_parse ("0", &quantity, NULL));
  g_assert_false (till_quantity_parse ("1.2345", &quantity, NULL));
  g_assert_true (till_quantity_parse ("0.35", &quantity, NULL));
  g_assert_cmpint (quantity, ==, 350);
  g_autofree char *weight = till_quantity_format (350);
  g_autofree char *two = till_quantity_format (2000);
  g_assert_cmpstr (weight, ==, "0.35");
  g_assert_cmpstr (two, ==, "2");
}

static void
test_number_finds_wrong_digits (void)
{
  g_autofree char *number = till_number_format (TILL_NUMBER_SALE, 1, 2, 20261122, 17);
  TillNumberKind kind;
  g_assert_cmpuint (strlen (number), ==, 20);
  g_assert_true (till_number_parse (number, &kind));
  g_assert_cmpint (kind, ==, TILL_NUMBER_SALE);
  for (int i = 0; i < 20; i++)
    for (char digit = '0'; digit <= '9'; digit++)
      {
        if (number[i] == digit)
          continue;
        g_autofree char *wrong = g_strdup (number);
        wrong[i] = digit;
        g_assert_false (till_number_parse (wrong, &kind));
      }
  g_assert_false (till_number_parse ("", &kind));
  g_assert_false (till_number_parse ("9101０126112200000173", &kind));
  g_autofree char *spaced = till_number_spaced (number);
  g_assert_cmpint ((int)strlen (spaced), ==, 24);
}

static void
test_request_no_finds_wrong_characters (void)
{
  g_autoptr (TillClock) clock = till_clock_new_fake (INT64_C (1795308000000000), 7);
  g_autofree char *first = till_request_no_new (clock);
  g_autofree char *second = till_request_no_new (clock);
  g_assert_cmpstr (first, !=, second);
  g_assert_true (till_request_no_is_valid (first));
  for (int i = 0; i < TILL_REQUEST_NO_LENGTH; i++)
    {
      g_autofree char *wrong = g_strdup (first);
      wrong[i] = wrong[i] == 'Z' ? 'Y' : 'Z';
      g_assert_false (till_request_no_is_valid (wrong));
    }
  g_assert_false (till_request_no_is_valid ("../../etc/passwd"));
}

static void
test_text_is_made_harmless (void)
{
  static const struct
  {
    const char *in, *out;
  } rows[] = {
    { "Cola\x1bp\x01\x19\xfa", "Colap\xef\xbf\xbd" },
    { "  two \r\n lines\t", "two lines" },
    { "\xe2\x80\xae"
      "desrever",
      "desrever" },
    { "zero\xe2\x80\x8bwidth", "zerowidth" },
    { "\xc2\x9b"
      "31m",
      "31m" },
    { "可乐 330 ml", "可乐 330 ml" },
    { NULL, "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *clean = till_text_clean (rows[i].in, TILL_TEXT_MAX);
      g_assert_cmpstr (clean, ==, rows[i].out);
    }
  g_autofree char *cut = till_text_clean ("一二三四五", 3);
  g_assert_cmpstr (cut, ==, "一二三");
}

static void
test_text_columns (void)
{
  g_assert_cmpint (till_text_columns ("可乐 330"), ==, 8);
  const char *rest;
  g_autofree char *fit = till_text_fit ("可乐可乐", 5, &rest);
  g_assert_cmpstr (fit, ==, "可乐");
  g_assert_cmpstr (rest, ==, "可乐");
}

static void
test_text_masks_cards (void)
{
  static const struct
  {
    const char *in, *out;
  } rows[] = {
    { "card 4111 1111 1111 1111 gone", "card …1111 gone" },
    { "4021 4111111111111111", "4021 …1111" },
    { "4111-1111-1111-1111 12/28", "…1111 12/28" },
    { "5555555555554444 4111 1111 1111 1111", "…4444 …1111" },
    { "sale 12345, ok", "sale 12345, ok" },
    { "", "" },
    { "1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 x",
      "1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 x" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows) - 1; i++)
    {
      g_autofree char *masked = till_text_mask_cards (rows[i].in);
      g_assert_cmpstr (masked, ==, rows[i].out);
    }
  /* Longer than one look: nothing but what may be a card is lost. */
  g_autofree char *long_run = till_text_mask_cards (rows[G_N_ELEMENTS (rows) - 1].in);
  g_assert_true (g_str_has_suffix (long_run, " x"));
}

static void
test_days (void)
{
  int day;
  g_assert_true (till_clock_parse_day ("2028-02-29", &day, NULL));
  g_assert_cmpint (day, ==, 20280229);
  g_assert_false (till_clock_parse_day ("2026-02-29", &day, NULL));
  g_assert_false (till_clock_parse_day ("0000-01-01", &day, NULL));
  g_assert_false (till_clock_parse_day ("2026/01/01", &day, NULL));
  g_assert_cmpint (till_clock_days_between (20261230, 20270102), ==, 3);
  /* 2026-11-21 16:00 UTC is midnight of the 22nd in Shanghai. */
  g_assert_cmpint (till_clock_day (INT64_C (1795276800000000), "Asia/Shanghai"), ==, 20261122);
  g_assert_cmpint (till_clock_day (INT64_C (1795276799999999), "Asia/Shanghai"), ==, 20261121);
}

static void
test_pin (void)
{
  till_secret_set_cheap (TRUE);
  g_assert_null (till_secret_hash_pin ("12", NULL));
  g_assert_null (till_secret_hash_pin ("１２３４", NULL));
  g_assert_null (till_secret_hash_pin ("1234567890123", NULL));
  g_autofree char *hash = till_secret_hash_pin ("1234", NULL);
  g_assert_true (g_str_has_prefix (hash, "$argon2id$"));
  g_assert_true (till_secret_pin_matches (hash, "1234"));
  g_assert_false (till_secret_pin_matches (hash, "1235"));
  g_assert_false (till_secret_pin_matches (hash, ""));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  g_test_add_func ("/core/money/refuses-nonsense", test_money_refuses_nonsense);
  g_test_add_func ("/core/money/round-trip", test_money_round_trip);
  g_test_add_func ("/core/money/rounds-half-away", test_money_rounds_half_away);
  g_test_add_func ("/core/money/allots-exactly", test_money_allots_exactly);
  g_test_add_func ("/core/quantity", test_quantity);
  g_test_add_func ("/core/number/finds-wrong-digits", test_number_finds_wrong_digits);
  g_test_add_func ("/core/request-no/finds-wrong-characters",
                   test_request_no_finds_wrong_characters);
  g_test_add_func ("/core/text/is-made-harmless", test_text_is_made_harmless);
  g_test_add_func ("/core/text/columns", test_text_columns);
  g_test_add_func ("/core/text/masks-cards", test_text_masks_cards);
  g_test_add_func ("/core/clock/days", test_days);
  g_test_add_func ("/core/secret/pin", test_pin);
  return g_test_run ();
}

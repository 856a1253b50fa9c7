/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans without a screen: what a code is, what it does, how a scanner differs from fingers, and the
 * steps of undo. By tables, wrong input first. */
#include "data/core/ids.h"
#include "widgets/burst.h"
#include "widgets/pay-line.h"
#include "widgets/scan-route.h"
#include "widgets/undo.h"

#include <string.h>

static void
test_kinds (void)
{
  static const struct
  {
    const char *code;
    TillScanKind kind;
  } rows[] = {
    { "", TILL_SCAN_OTHER },
    { "7", TILL_SCAN_OTHER },
    { "６９０１２３４５６７８９２", TILL_SCAN_OTHER }, /* full-width digits are no digits */
    { "ABC-12.3", TILL_SCAN_OTHER },
    { "91010126112200000174", TILL_SCAN_DAMAGED }, /* ours, misread */
    { "99999999999999999999", TILL_SCAN_DAMAGED },
    { "6970000000017", TILL_SCAN_GOODS },        /* EAN-13 */
    { "6970000000019", TILL_SCAN_OTHER },        /* wrong check digit: a number of the shop's own */
    { "96385074", TILL_SCAN_GOODS },             /* EAN-8 */
    { "036000291452", TILL_SCAN_GOODS },         /* UPC-A */
    { "10012345678902", TILL_SCAN_GOODS },       /* ITF-14 */
    { "2100001012342", TILL_SCAN_GOODS },        /* weighed in the shop */
    { "134567890123456789", TILL_SCAN_PAYMENT }, /* WeChat Pay */
    { "104567890123456789", TILL_SCAN_PAYMENT },
    { "154567890123456789", TILL_SCAN_PAYMENT },
    { "164567890123456789", TILL_SCAN_OTHER },
    { "2834567890123456", TILL_SCAN_PAYMENT },         /* Alipay, shortest */
    { "283456789012345678901234", TILL_SCAN_PAYMENT }, /* longest */
    { "2834567890123456789012345", TILL_SCAN_OTHER },
    { "314567890123456789", TILL_SCAN_OTHER },
    { "6212345678901234567", TILL_SCAN_PAYMENT }, /* UnionPay */
    { "62123456789012345678", TILL_SCAN_OTHER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (till_scan_kind (rows[i].code), ==, rows[i].kind);
}

static void
test_our_numbers (void)
{
  static const struct
  {
    TillNumberKind number;
    TillScanKind kind;
  } rows[] = {
    { TILL_NUMBER_SALE, TILL_SCAN_SALE },     { TILL_NUMBER_RETURN, TILL_SCAN_RETURN },
    { TILL_NUMBER_REFUND, TILL_SCAN_REFUND }, { TILL_NUMBER_PARKED, TILL_SCAN_PARKED },
    { TILL_NUMBER_BADGE, TILL_SCAN_BADGE },   { TILL_NUMBER_SHIFT, TILL_SCAN_SHIFT },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *code = till_number_format (rows[i].number, 1, 2, 20261122, 17);
      g_assert_cmpint (till_scan_kind (code), ==, rows[i].kind);
      /* One wrong digit anywhere is never taken for another of ours. */
      for (int at = 2; at < TILL_NUMBER_LENGTH; at++)
        {
          g_autofree char *wrong = g_strdup (code);
          wrong[at] = wrong[at] == '9' ? '0' : (char)(wrong[at] + 1);
          g_assert_cmpint (till_scan_kind (wrong), ==, TILL_SCAN_DAMAGED);
        }
    }
}

static void
test_acts (void)
{
  for (int kind = 0; kind < TILL_SCAN_KINDS; kind++)
    for (int screen = 0; screen < TILL_SCREENS; screen++)
      {
        TillScanAct act = till_scan_act ((TillScanKind)kind, (TillScreen)screen);
        gboolean goods = kind == TILL_SCAN_GOODS || kind == TILL_SCAN_OTHER;
        if (screen == TILL_SCREEN_LOGIN)
          g_assert_cmpint (act, ==, TILL_ACT_TELL_SIGN_IN);
        else if (kind == TILL_SCAN_PAYMENT)
          g_assert_cmpint (act, ==,
                           screen == TILL_SCREEN_PAY ? TILL_ACT_CHARGE : TILL_ACT_TELL_PAY_FIRST);
        else if (goods)
          g_assert_cmpint (act, ==,
                           screen == TILL_SCREEN_RETURN ? TILL_ACT_RETURN_LINE : TILL_ACT_ADD);
        else if (kind == TILL_SCAN_SALE)
          g_assert_cmpint (act, ==, TILL_ACT_OPEN_RETURN);
        else if (kind == TILL_SCAN_REFUND || kind == TILL_SCAN_RETURN)
          g_assert_cmpint (act, ==, TILL_ACT_OPEN_REFUND);
        else if (kind == TILL_SCAN_SHIFT)
          g_assert_cmpint (act, ==, TILL_ACT_OPEN_SHIFT);
      }
}

static gboolean
pressed (const char *text, gboolean from_keypad, guint32 gap_ms, guint32 enter_ms)
{
  TillBurst burst = { 0 };
  guint32 at = G_MAXUINT32 - 10; /* the clock of events wraps */
  for (; *text; text++)
    till_burst_feed (&burst, *text, from_keypad, at += gap_ms);
  gboolean scan = till_burst_ends (&burst, at + enter_ms);
  till_burst_clear (&burst);
  return scan;
}

static gboolean
typed (const char *text, guint32 gap_ms, guint32 enter_ms)
{
  return pressed (text, FALSE, gap_ms, enter_ms);
}

/* 00, 000 and a programmed amount are keys; a scanner that presses a keypad's keys is one. */
static void
test_keypads_and_scanners (void)
{
  g_assert_false (pressed ("000", TRUE, 1, 1));
  g_assert_false (pressed ("500000", TRUE, 1, 1));
  g_assert_false (pressed ("9999999", TRUE, 1, 1));
  g_assert_false (pressed ("12345.00", TRUE, 1, 1));
  g_assert_true (pressed ("69012341", TRUE, 2, 2));
  g_assert_true (pressed ("6970000000017", TRUE, 2, 2));
  g_assert_false (pressed ("6970000000017", TRUE, 80, 80));
  /* What the keypad did is over when the scan begins. */
  TillBurst burst = { 0 };
  till_burst_feed (&burst, '3', TRUE, 1000);
  for (guint i = 0; i < TILL_BURST_LEAST; i++)
    till_burst_feed (&burst, 'A', FALSE, 1500 + i);
  g_assert_true (till_burst_ends (&burst, 1506));
}

static void
test_fingers_and_scanners (void)
{
  g_assert_false (typed ("", 2, 2));
  g_assert_false (typed ("12345", 2, 2));           /* too short: somebody drummed on the keys */
  g_assert_false (typed ("6970000000017", 80, 80)); /* a fast typist */
  g_assert_false (typed ("6970000000017", 2, 400)); /* Enter long after */
  g_assert_true (typed ("6970000000017", 2, 2));
  g_assert_true (typed ("6970000000017", 30, 30)); /* a slow scanner */
  g_autofree char *endless = g_strnfill (TILL_BURST_MOST + 1, '1');
  g_assert_false (typed (endless, 1, 1));
}

static void
test_burst_after_typing (void)
{
  /* "3" typed by hand, then a scan: only the scan is the scan. */
  TillBurst burst = { 0 };
  till_burst_feed (&burst, '3', FALSE, 1000);
  guint32 at = 1500;
  for (const char *code = "6970000000017"; *code; code++)
    till_burst_feed (&burst, *code, FALSE, at += 2);
  g_assert_true (till_burst_ends (&burst, at + 2));
  g_assert_cmpstr (burst.text, ==, "6970000000017");
  till_burst_clear (&burst);
  for (gsize i = 0; i < sizeof burst.text; i++)
    g_assert_cmpint (burst.text[i], ==, 0);
}

static void
test_undo (void)
{
  TillUndo undo;
  till_undo_init (&undo, g_free);
  char *now = g_strdup ("0");
  g_assert_null (till_undo_back (&undo, now));
  for (int i = 1; i <= TILL_UNDO_DEPTH + 10; i++)
    {
      till_undo_keep (&undo, now);
      now = g_strdup_printf ("%d", i);
    }
  char *before;
  int steps = 0;
  while ((before = till_undo_back (&undo, now)))
    {
      now = before;
      steps++;
    }
  g_assert_cmpint (steps, ==, TILL_UNDO_DEPTH);
  g_assert_cmpstr (now, ==, "10");
  now = till_undo_forth (&undo, now);
  g_assert_cmpstr (now, ==, "11");
  till_undo_keep (&undo, now);
  now = g_strdup ("other");
  g_assert_null (till_undo_forth (&undo, now));
  g_free (now);
  till_undo_clear (&undo);
}

/* What stands there, what is typed, what stands there then, and the way that is chosen. */
static void
test_pay_line (void)
{
  static const struct
  {
    const char *typed, *line;
    int way;
  } rows[] = {
    { "", "", -1 },
    { "3", "", 2 },
    { "38.50", "38.50", -1 },
    { "1", "", 0 },
    { "10", "10", -1 },
    { "33", "33", -1 },
    { "2.", "2.", -1 },
    { "50", "50", -1 },
    { "3134567890123456789", "134567890123456789", -1 }, /* the way, and a code */
    { "134567890123456789", "134567890123456789", -1 },  /* a code and nothing before it */
    { "300123456789012345", "300123456789012345", -1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillPayLine line = { 0 };
      for (const char *c = rows[i].typed; *c; c++)
        {
          g_autofree char *text = g_strdup_printf ("%s%c", line.text, *c);
          till_pay_line_feed (&line, 3, text);
        }
      g_assert_cmpstr (line.text, ==, rows[i].line);
      g_assert_cmpint (till_pay_line_way (&line), ==, rows[i].way);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/what-a-code-is", test_kinds);
  g_test_add_func ("/scan/our-numbers-and-misread-ones", test_our_numbers);
  g_test_add_func ("/scan/what-it-does-on-each-screen", test_acts);
  g_test_add_func ("/scan/fingers-and-scanners", test_fingers_and_scanners);
  g_test_add_func ("/scan/keypads-and-scanners", test_keypads_and_scanners);
  g_test_add_func ("/scan/after-a-typed-digit", test_burst_after_typing);
  g_test_add_func ("/pay/what-is-typed", test_pay_line);
  g_test_add_func ("/undo/fifty-steps", test_undo);
  return g_test_run ();
}

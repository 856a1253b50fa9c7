/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plays.h"
#include "data/core/error.h"
#include "data/desk/training.h"
#include "widgets/language.h"

static void
sign_in (TillStage *stage, const char *no)
{
  till_stage_type (stage, no);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, till_training_pin (no));
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static void
scan_items (TillStage *stage, const int *items, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *code = till_stage_item_code (stage, items[i]);
      till_stage_scan (stage, code);
    }
}

static void
cashier (TillStage *stage)
{
  sign_in (stage, "1");
}

static void
manager (TillStage *stage)
{
  sign_in (stage, "3");
}

static void
fill_basket (TillStage *stage)
{
  static const int items[] = { 0, 12, 3, 3, 3, 22, 47, 27, 36, 9 };
  scan_items (stage, items, G_N_ELEMENTS (items));
}

static void
pay_by_code (TillStage *stage)
{
  till_stage_scan (stage, "134567890123456789");
}

/* A manager says that one stands there; then somebody pays at it. */
static void
terminal_beside (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_key (stage, GDK_KEY_End, 0);
  till_stage_key (stage, GDK_KEY_Up, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_key (stage, GDK_KEY_2, 0);
  till_stage_key (stage, GDK_KEY_s, 0);
  till_stage_key (stage, GDK_KEY_1, GDK_CONTROL_MASK);
}

static void
manager_beside (TillStage *stage)
{
  manager (stage);
  terminal_beside (stage);
}

static void
pay_by_slip (TillStage *stage)
{
  fill_basket (stage);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "4");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "126112200031");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "26112200000031");
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static void
nobody_answers (TillStage *stage)
{
  till_stage_provider (stage, FALSE);
}

static void
take_back_one (TillStage *stage)
{
  static const int bought[] = { 0, 3, 3, 27 }, back[] = { 3 };
  scan_items (stage, bought, G_N_ELEMENTS (bought));
  till_stage_key (stage, GDK_KEY_Return, 0);
  pay_by_code (stage);
  till_stage_provider (stage, TRUE);
  g_autofree char *no = till_stage_last_sale (stage);
  till_stage_scan (stage, no);
  scan_items (stage, back, G_N_ELEMENTS (back));
}

/* A key ends soon and an account is broken: the strip says so. */
static void
watch (TillStage *stage)
{
  till_window_watch_accounts (till_stage_window (stage));
}

static void
watched (TillStage *stage)
{
  manager (stage);
  watch (stage);
}

static void
two_weeks (TillStage *stage)
{
  for (int i = 0; i < 3; i++)
    till_stage_key (stage, GDK_KEY_Down, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "14");
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static void
count_some (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "7");
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_type (stage, "3");
  till_stage_key (stage, GDK_KEY_Return, 0);
}

/* Nothing was heard, it was asked about, and then it was known. */
static void
recover (TillStage *stage)
{
  till_stage_wait (stage, 2 * TILL_MINUTE);
  till_stage_provider (stage, TRUE);
}

/* Two of nobody's numbers, told by two providers, and one of the refund that was just sent. */
static void
be_told (TillStage *stage)
{
  till_stage_notice (stage, "wechat", "4200002391202611217731", TRUE, "SUCCESS", 12800);
  till_stage_wait (stage, 9 * TILL_MINUTE);
  till_stage_notice (stage, "alipay", "R20261121000017", FALSE, "TRADE_SUCCESS", 0);
  till_stage_notice (stage, "sandbox", NULL, TRUE, "SUCCESS", 0);
}

static void
hand_over (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_F12, 0);
  till_stage_key (stage, GDK_KEY_Up, 0);
  till_stage_key (stage, GDK_KEY_BackSpace, 0);
  manager (stage);
}

/* Of today: the refund that nobody answered for, and one of nobody's. Of a day before the shop's
 * first: nothing. */
static void
files_come (TillStage *stage)
{
  static const TillFileRow rows[]
      = { { FALSE, NULL, 0 }, { TRUE, NULL, 0 }, { TRUE, "R20261122000083", 12800 } };
  till_stage_file (stage, 20261122, rows, G_N_ELEMENTS (rows));
  till_stage_file (stage, 20261111, rows, 0);
  hand_over (stage);
  till_stage_key (stage, GDK_KEY_4, GDK_CONTROL_MASK);
}

static void
settle_one (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_s, 0);
  till_stage_text (stage, g_str_equal (till_language_get (), "zh_CN") ? "网店的退款"
                                                                      : "a refund of the web shop");
  till_stage_key (stage, GDK_KEY_Return, 0);
}

static void
sell_one (TillStage *stage)
{
  g_autofree char *code = till_stage_item_code (stage, 3);
  till_stage_scan (stage, code);
  till_stage_key (stage, GDK_KEY_Return, 0);
  till_stage_key (stage, GDK_KEY_Return, 0);
}

/* Nothing else waits for the printer, and the drawer is forgotten. */
static void
leave_drawer_open (TillStage *stage)
{
  manager (stage);
  till_stage_printer (stage, TILL_PRINT_PRINTED);
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
  till_stage_key (stage, GDK_KEY_3, 0);
  till_stage_key (stage, GDK_KEY_u, 0);
  till_stage_key (stage, GDK_KEY_d, 0);
  till_stage_settle (stage);
  till_stage_drawer (stage, TRUE);
  till_stage_wait (stage, 2 * TILL_MINUTE);
  till_window_books_changed (till_stage_window (stage));
  till_stage_settle (stage);
}

static void
at_devices (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
}

static void
at_devices_of_manager (TillStage *stage)
{
  hand_over (stage);
  at_devices (stage);
}

static void
at_settings (TillStage *stage)
{
  hand_over (stage);
  till_stage_key (stage, GDK_KEY_8, GDK_CONTROL_MASK);
}

/* One may be on paper, two waited too long, one waits. */
static void
bad_printer (TillStage *stage)
{
  sell_one (stage);
  till_stage_printer (stage, TILL_PRINT_UNKNOWN);
  sell_one (stage);
  sell_one (stage);
  till_stage_wait (stage, 20 * TILL_MINUTE);
  till_stage_printer (stage, TILL_PRINT_PRINTED);
  sell_one (stage);
  till_stage_key (stage, GDK_KEY_7, GDK_CONTROL_MASK);
}

/* The scanner that is plugged in, with whom to call and how long its warranty lasts. */
static void
take_in_scanner (TillStage *stage)
{
  static const char *const lines[]
      = { "", "", "", "", "Zhang", "021-5550100", "2025-12-10", "2026-12-10", "", "268", "", "" };
  manager (stage);
  at_devices (stage);
  till_stage_key (stage, GDK_KEY_4, 0);
  till_stage_key (stage, GDK_KEY_a, 0);
  till_stage_key (stage, GDK_KEY_e, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      if (*lines[i])
        till_stage_text (stage, lines[i]);
      till_stage_key (stage, GDK_KEY_Return, 0);
    }
}

static void
find_it_broken (TillStage *stage)
{
  till_stage_key (stage, GDK_KEY_c, 0);
  till_stage_key (stage, GDK_KEY_2, 0);
  till_stage_text (stage, g_str_equal (till_language_get (), "zh_CN") ? "扫不出包装上的条码"
                                                                      : "reads no code on foil");
  till_stage_key (stage, GDK_KEY_Return, 0);
}

/* Each play goes on where another one ended: first what happens, then what is typed, then a key. */
static const struct
{
  const char *screen, *after;
  void (*first) (TillStage *stage);
  const char *typed;
  guint keyval;
  GdkModifierType state;
} plays[] = {
  { "login", .typed = "1" },
  { "sell-empty", .first = cashier },
  { "sell", "sell-empty", fill_basket },
  { "sell-find", "sell", .keyval = GDK_KEY_F2 },
  { "sell-help", "sell", .keyval = GDK_KEY_F1 },
  { "pay-cash", "sell", .keyval = GDK_KEY_Return },
  { "pay", "pay-cash", .typed = "300" },
  { "pay-card", "pay-cash", .typed = "2" },
  { "pay-asking", "pay-cash", pay_by_code },
  { "pay-unknown", "pay-asking", nobody_answers },
  { "pay-beside", .first = manager_beside },
  { "pay-slip", "pay-beside", pay_by_slip },
  { "sell-change", "pay", .keyval = GDK_KEY_Return },
  { "return-find", "sell-empty", .keyval = GDK_KEY_F4 },
  { "return-lines", "sell-empty", take_back_one },
  { "return-why", "return-lines", .keyval = GDK_KEY_Return },
  { "return-money", "return-why", .keyval = GDK_KEY_1 },
  { "return-second", "return-money", .keyval = GDK_KEY_c },
  { "return-sent", "return-money", .keyval = GDK_KEY_Return },
  { "return-done", "return-sent", nobody_answers },
  { "return-stopped", "return-sent", till_stage_provider_refuses },
  { "refunds", "return-done", .keyval = GDK_KEY_3, .state = GDK_CONTROL_MASK },
  { "refunds-recovered", "refunds", recover, .keyval = GDK_KEY_4 },
  { "refunds-empty", "sell-empty", .keyval = GDK_KEY_3, .state = GDK_CONTROL_MASK },
  { "notices", "return-done", be_told, .keyval = GDK_KEY_9, .state = GDK_CONTROL_MASK },
  { "notices-manager", "notices", hand_over, .keyval = GDK_KEY_9, .state = GDK_CONTROL_MASK },
  { "notices-settle", "notices-manager", .keyval = GDK_KEY_s },
  { "notices-settled", "notices-manager", settle_one },
  { "notices-alarms", "notices-manager", watch },
  { "notices-empty", "sell-empty", .keyval = GDK_KEY_9, .state = GDK_CONTROL_MASK },
  { "reports", .first = manager, .keyval = GDK_KEY_4, .state = GDK_CONTROL_MASK },
  { "reports-days", "reports", .keyval = GDK_KEY_4 },
  { "shift", "sell-empty", .keyval = GDK_KEY_5, .state = GDK_CONTROL_MASK },
  { "shift-count", "shift", count_some, .typed = "12" },
  { "shift-result", "shift-count", .keyval = GDK_KEY_F9 },
  { "shift-second", "shift-result", .keyval = GDK_KEY_Return },
  { "providers", "reports", .keyval = GDK_KEY_6 },
  { "providers-ends", "providers", .keyval = GDK_KEY_End },
  { "providers-tested", "providers-ends", .keyval = GDK_KEY_Return },
  { "settlement-empty", "reports", .keyval = GDK_KEY_7 },
  { "settlement", "return-done", files_come, .keyval = GDK_KEY_7 },
  { "settlement-rows", "settlement", .keyval = GDK_KEY_Return },
  { "settlement-close", "settlement-rows", .keyval = GDK_KEY_c },
  { "devices", "sell-empty", .keyval = GDK_KEY_7, .state = GDK_CONTROL_MASK },
  { "devices-busy", "devices", .keyval = GDK_KEY_Down },
  { "slips", "sell-empty", bad_printer, .keyval = GDK_KEY_2 },
  { "printers", "sell-empty", at_devices, .keyval = GDK_KEY_3 },
  { "printers-drawer", .first = leave_drawer_open, .keyval = GDK_KEY_Return },
  { "network", "pay-unknown", at_devices_of_manager, .keyval = GDK_KEY_5 },
  { "register", .first = take_in_scanner },
  { "register-form", "register", .keyval = GDK_KEY_e },
  { "register-check", "register", .keyval = GDK_KEY_c },
  { "register-failed", "register", find_it_broken },
  { "slips-backlog", "slips", .keyval = GDK_KEY_o },
  { "settings", .first = watched, .keyval = GDK_KEY_8, .state = GDK_CONTROL_MASK },
  { "settings-cashier", "sell-empty", .keyval = GDK_KEY_8, .state = GDK_CONTROL_MASK },
  { "settings-language", "settings-cashier", .keyval = GDK_KEY_Return },
  { "settings-shop", "settings", .keyval = GDK_KEY_2 },
  { "settings-changed", "settings-shop", two_weeks },
  { "settings-routes", "settings", .keyval = GDK_KEY_3 },
  { "settings-route", "settings-routes", .keyval = GDK_KEY_Return },
  { "settings-providers", "settings", .keyval = GDK_KEY_4 },
  { "settings-balance", "settings-providers", .keyval = GDK_KEY_b },
  { "settings-stopped", "return-stopped", at_settings, .keyval = GDK_KEY_4 },
  { "settings-keys", "settings-providers", .keyval = GDK_KEY_End },
  { "settings-take", "settings-keys", .keyval = GDK_KEY_i },
  { "settings-file", "settings-take", .keyval = GDK_KEY_1 },
};

const char *const *
till_plays_screens (void)
{
  static const char *names[G_N_ELEMENTS (plays) + 1];
  for (gsize i = 0; i < G_N_ELEMENTS (plays); i++)
    names[i] = plays[i].screen;
  return names;
}

static gboolean
play (TillStage *stage, const char *screen)
{
  gsize i = 0;
  while (i < G_N_ELEMENTS (plays) && !g_str_equal (plays[i].screen, screen))
    i++;
  if (i == G_N_ELEMENTS (plays))
    return FALSE;
  if (plays[i].after)
    g_assert (play (stage, plays[i].after));
  if (plays[i].first)
    plays[i].first (stage);
  if (plays[i].typed)
    till_stage_type (stage, plays[i].typed);
  if (plays[i].keyval)
    till_stage_key (stage, plays[i].keyval, plays[i].state);
  return TRUE;
}

gboolean
till_plays_run (TillStage *stage, const char *screen, GError **error)
{
  if (play (stage, screen))
    {
      till_stage_settle (stage);
      return TRUE;
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "there is no screen called %s", screen);
  return FALSE;
}

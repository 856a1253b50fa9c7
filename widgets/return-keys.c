/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/return-keys.h"

#include <glib/gi18n-lib.h>

static const TillLegendKey find_legend[] = {
  { "F2", N_ ("Latest sales"), GDK_KEY_F2 },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey lines_legend[] = {
  { N_ ("Enter"), N_ ("Go on"), GDK_KEY_Return },
  { "A", N_ ("All"), GDK_KEY_a },
  { "N", N_ ("None"), GDK_KEY_n },
  { "+", N_ ("One more"), GDK_KEY_plus },
  { "−", N_ ("One less"), GDK_KEY_minus },
  { "Ctrl+Z", N_ ("Undo"), GDK_KEY_z, GDK_CONTROL_MASK },
  { "F2", N_ ("Latest sales"), GDK_KEY_F2 },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey why_legend[] = {
  { "C", N_ ("Condition"), GDK_KEY_c },
  { "G", N_ ("Goods go to"), GDK_KEY_g },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey money_legend[] = {
  { N_ ("Enter"), N_ ("Save and send"), GDK_KEY_Return },
  { "C", N_ ("Cash or original way"), GDK_KEY_c },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey second_legend[] = {
  { N_ ("Enter"), N_ ("Approve and send"), GDK_KEY_Return },
  { "R", N_ ("Hold for approval"), GDK_KEY_r },
  { "C", N_ ("Cash or original way"), GDK_KEY_c },
  { "Esc", N_ ("Back"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};
static const TillLegendKey done_legend[] = {
  { N_ ("Enter"), N_ ("Next customer"), GDK_KEY_Return },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

const TillLegendKey *
till_return_legend (const TillReturnJob *job)
{
  static const TillLegendKey *const legends[]
      = { find_legend, lines_legend, why_legend, money_legend, done_legend };
  return till_return_job_needs_second (job) ? second_legend : legends[job->stage];
}

const char *
till_return_hint (const TillReturnJob *job)
{
  static const char *const hints[] = {
    N_ ("Scan the receipt, or type its number or the provider's"),
    N_ ("Scan the goods that come back"),
    N_ ("Press the digit of the reason"),
  };
  return job->stage <= TILL_RETURN_AT_WHY ? _ (hints[job->stage]) : "";
}

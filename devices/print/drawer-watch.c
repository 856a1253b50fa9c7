/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/drawer-watch.h"
#include "data/core/clock.h"
#include "data/desk/printing.h"
#include "data/ledger/setting-store.h"

#define POPS (TILL_SECOND * 3 / 2)
#define POPS_LOOK (TILL_SECOND / 4)
#define LOOK (2 * TILL_SECOND)
#define SOON (2 * TILL_MINUTE)
#define LOOK_LATE (15 * TILL_SECOND)

void
till_drawer_watch_begin (TillDrawerWatch *watch, int64_t job_id, int64_t now)
{
  *watch = (TillDrawerWatch){ .job_id = job_id, .since = now, .next_at = now };
}

/* UNSAID as well while the printer is away or busy with something else. */
static TillDrawerLevel
ask (TillPrinter *printer)
{
  g_autoptr (GError) error = NULL;
  TillDrawerLevel level;
  if (till_printer_drawer (printer, &level, &error))
    return level;
  g_message ("the drawer was not seen: %s", error->message);
  return TILL_DRAWER_UNSAID;
}

static gboolean
record (TillDrawerWatch *watch, TillLedger *ledger, gboolean is_open, gboolean *did, GError **error)
{
  if (!till_printing_saw_drawer (ledger, watch->job_id, is_open, error))
    return FALSE;
  *did = TRUE;
  watch->is_open = is_open;
  if (!is_open)
    watch->job_id = 0;
  return TRUE;
}

/* Open as long as nobody is surprised, then at leisure. */
static int64_t
pause_after (const TillDrawerWatch *watch, int64_t now)
{
  if (!watch->is_open)
    return POPS_LOOK;
  return now - watch->since < SOON ? LOOK : LOOK_LATE;
}

static gboolean
look (TillDrawerWatch *watch, TillLedger *ledger, TillPrinter *printer, TillDrawerLevel closed,
      int64_t now, gboolean *did, GError **error)
{
  TillDrawerLevel level = ask (printer);
  gboolean is_said = level != TILL_DRAWER_UNSAID;
  gboolean is_open = is_said && level != closed;
  gboolean is_late = now - watch->since >= (watch->is_open ? TILL_DRAWER_WATCHED : POPS);
  if (is_open && !watch->is_open && !record (watch, ledger, TRUE, did, error))
    return FALSE;
  if (is_said && !is_open && (watch->is_open || is_late))
    return record (watch, ledger, FALSE, did, error);
  /* Nothing was said all the time, or it stayed open all the time. */
  if ((is_late && !is_open) || now - watch->since >= TILL_DRAWER_WATCHED)
    watch->job_id = 0;
  watch->next_at = now + pause_after (watch, now);
  return TRUE;
}

gboolean
till_drawer_watch_step (TillDrawerWatch *watch, TillLedger *ledger, TillPrinter *printer,
                        gboolean *did, int64_t *next_at, GError **error)
{
  int64_t now;
  *next_at = 0;
  if (watch->job_id == 0)
    return TRUE;
  if (!till_ledger_now (ledger, &now, error))
    return FALSE;
  if (now >= watch->next_at)
    {
      g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
      if (!shop)
        return FALSE;
      if (shop->drawer_closed == TILL_DRAWER_UNSAID)
        watch->job_id = 0;
      else if (!look (watch, ledger, printer, shop->drawer_closed, now, did, error))
        return FALSE;
    }
  *next_at = watch->job_id ? watch->next_at : 0;
  return TRUE;
}

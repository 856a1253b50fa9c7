/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The till without a window: carries to the provider and to paper what the books say is due, and
 * brings settlement files. */
#include "app/ctl/ctl.h"
#include "app/ctl/drain-shop.h"
#include "app/ctl/shop-door.h"
#include "data/desk/printing.h"
#include "data/desk/refunding.h"
#include "data/desk/selling.h"

#include <glib/gi18n.h>
#include <signal.h>

/* Another program may make something due at any time. */
#define LOOK_EVERY (200 * TILL_SECOND / 1000)
#define PATIENCE_S 15
#define SLIPS_MAX 1000

static volatile sig_atomic_t stopped;

static void
on_stop (int number)
{
  stopped = 1;
}

typedef struct
{
  gboolean until_idle;
  int patience_s;
} Options;

/* Errors of one step (the disk is busy) are told and tried again; a till does not give up. */
static int
drain (TillShopFolder *folder, TillShopHands *hands, const Options *options)
{
  int steps = 0;
  while (!stopped)
    {
      g_autoptr (GError) error = NULL;
      gboolean did = FALSE;
      int64_t next_at = 0, now;
      if (!till_shop_hands_step (hands, &did, &next_at, &error))
        {
          g_printerr ("tillctl: %s\n", error->message);
          g_usleep (LOOK_EVERY);
          continue;
        }
      steps += did;
      now = till_clock_now (folder->clock);
      if (did)
        continue;
      if (options->until_idle
          && (next_at == 0 || next_at > now + options->patience_s * TILL_SECOND))
        break;
      int64_t wait = next_at == 0 ? LOOK_EVERY : CLAMP (next_at - now, 1000, LOOK_EVERY);
      g_usleep ((gulong)wait);
    }
  return steps;
}

static int
summarize (TillCtl *ctl, TillShopFolder *folder, int steps)
{
  g_autoptr (GError) error = NULL;
  int counts[4];
  g_autoptr (GPtrArray) slips = till_printing_unprinted (folder->ledger, SLIPS_MAX, &error);
  if (!slips || !till_refunding_counts (folder->ledger, counts, &error))
    return till_ctl_say_error (ctl, error);
  g_autofree char *text = g_strdup_printf (
      _ ("%d steps. Refunds: %d open, %d not confirmed, %d refused. Slips not printed: %u."), steps,
      counts[TILL_REFUNDS_OPEN], counts[TILL_REFUNDS_UNCONFIRMED], counts[TILL_REFUNDS_REFUSED],
      slips->len);
  return till_ctl_say (ctl,
                       json_pack ("{s:{s:i,s:i,s:i,s:i,s:i}}", "run", "steps", steps, "open",
                                  counts[TILL_REFUNDS_OPEN], "unconfirmed",
                                  counts[TILL_REFUNDS_UNCONFIRMED], "refused",
                                  counts[TILL_REFUNDS_REFUSED], "unprinted", (int)slips->len),
                       text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  Options options = { .patience_s = PATIENCE_S };
  const GOptionEntry entries[] = {
    { "until-idle", 0, 0, G_OPTION_ARG_NONE, &options.until_idle,
      N_ ("End when nothing is due any more"), NULL },
    { "patience", 0, 0, G_OPTION_ARG_INT, &options.patience_s,
      N_ ("With --until-idle: wait for what is due within so many seconds; 15 if left out"),
      N_ ("SECONDS") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 0, 0, &exit_code))
    return exit_code;
  if (options.patience_s < 0 || options.patience_s > 86400)
    return till_ctl_say_usage (ctl, "%s", _ ("--patience is 0 to 86400 seconds."));
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  if (!folder)
    return exit_code;
  g_autoptr (TillShopHands) hands = till_shop_hands_new (folder, &error);
  if (!hands)
    return till_ctl_say_error (ctl, error);
  till_shop_hands_bring_files (hands);
  g_autofree char *problem = NULL;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  /* It looks for what is due often enough not to be woken. */
  g_autoptr (TillNoticeDoor) door = till_shop_door_open (folder, shop, NULL, NULL, &problem);
  if (problem)
    g_printerr ("tillctl: %s\n", problem);
  struct sigaction stop = { .sa_handler = on_stop };
  sigaction (SIGINT, &stop, NULL);
  sigaction (SIGTERM, &stop, NULL);
  int steps = drain (folder, hands, &options);
  return summarize (ctl, folder, steps);
}

const TillVerb till_verb_run = {
  "run",
  "",
  N_ ("Send and ask what is due, print waiting slips and fetch settlement files, without a window"),
  "  tillctl run\n"
  "  tillctl run --until-idle --patience 60",
  run,
};

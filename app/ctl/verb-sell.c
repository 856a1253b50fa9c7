/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sale from the terminal. A payment by card or code is waited for: by this program when nobody
 * else drains the shop, else by looking what the other one wrote. */
#include "app/ctl/drain-shop.h"
#include "app/ctl/end-declined.h"
#include "app/ctl/wording.h"
#include "app/ctl/typed.h"
#include "data/core/error.h"
#include "data/core/ids.h"

#include <glib/gi18n.h>

#define WAIT_S 30
#define LOOK_EVERY (100 * TILL_SECOND / 1000)

typedef struct
{
  char **pays; /* owned */
  char *token; /* owned */
  int wait_s;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->pays);
  g_free (options->token);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* For a card slip this program waits as long as for a person: not at all. */
static gboolean
is_waiting (const TillSale *sale)
{
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      if (till_leg_state_is_waiting (leg->state) && !leg->by_slip)
        return TRUE;
    }
  return FALSE;
}

/* Loads the sale again until its payments are decided or patience ends. */
static gboolean
wait_for (TillShopFolder *folder, TillSale **sale, int wait_s, GError **error)
{
  g_autoptr (GError) busy = NULL;
  g_autoptr (TillShopHands) hands = NULL;
  int64_t end = g_get_monotonic_time () + wait_s * TILL_SECOND;
  if (is_waiting (*sale) && !(hands = till_shop_hands_new (folder, &busy))
      && !g_error_matches (busy, TILL_ERROR, TILL_ERROR_BUSY))
    {
      g_propagate_error (error, g_steal_pointer (&busy));
      return FALSE;
    }
  while (is_waiting (*sale) && g_get_monotonic_time () < end)
    {
      gboolean did = FALSE;
      int64_t next_at;
      TillAnswer answer;
      TillSale *again = NULL;
      if (hands && !till_shop_hands_step (hands, &did, &next_at, error))
        return FALSE;
      if (!did)
        g_usleep (LOOK_EVERY);
      if (!till_selling_load_id (folder->ledger, (*sale)->id, &again, &answer, error))
        return FALSE;
      till_sale_free (*sale);
      *sale = again;
    }
  return TRUE;
}

static int
say_sale (TillCtl *ctl, const TillSale *sale, const char *zone)
{
  g_autofree char *rows = till_wording_sale_text (sale, zone);
  json_t *object = json_pack ("{s:o}", "sale", till_wording_sale (sale, zone));
  if (sale->state == TILL_SALE_PAID)
    return till_ctl_say (ctl, object, rows);
  g_autofree char *text
      = g_strconcat (rows,
                     sale->state == TILL_SALE_ABANDONED
                         ? _ ("Not paid. The sale was discarded and nothing was taken.")
                     : till_sale_leg_by_slip (sale)
                         ? _ ("Waiting for the card slip: tillctl card-slip.")
                         : _ ("Not confirmed yet. Do not charge again; tillctl run asks on."),
                     NULL);
  return till_ctl_say_found (ctl, object, text);
}

static int
pay (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, const TillBasket *basket,
     const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (TillBasketSums) sums = { 0 };
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  TillSale *sale = NULL;
  TillAnswer answer;
  if (!shop || !till_basket_sum (basket, &shop->pricing, &sums, &error))
    return till_ctl_say_error (ctl, error);
  g_autoptr (GPtrArray) wishes
      = till_typed_wishes ((const char *const *)options->pays, sums.total, shop->training, &error);
  if (!wishes
      || !till_selling_pay (folder->ledger, staff_id, basket,
                            (TillTenderWish *const *)wishes->pdata, wishes->len, &sale, &answer,
                            &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  gboolean done = wait_for (folder, &sale, options->wait_s, &error)
                  && till_end_declined (folder, staff_id, &sale, &error);
  int exit_code = done ? say_sale (ctl, sale, shop->zone) : till_ctl_say_error (ctl, error);
  till_sale_free (sale);
  return exit_code;
}

static int
sell (TillCtl *ctl, char **goods, const Options *options)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autofree char *token
      = options->token ? g_strdup (options->token) : till_request_no_new (folder->clock);
  g_autoptr (TillBasket) basket = NULL;
  TillAnswer answer;
  if (!till_typed_basket (folder->ledger, token, (const char *const *)goods, &basket, &answer,
                          &error))
    return till_ctl_say_error (ctl, error);
  return basket ? pay (ctl, folder, staff_id, basket, options) : till_ctl_say_no (ctl, &answer);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_auto (Options) options = { .wait_s = WAIT_S };
  const GOptionEntry entries[] = {
    { "pay", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.pays,
      N_ ("cash=AMOUNT handed over, card=AMOUNT, slip=AMOUNT, code=AMOUNT:CODE; may be repeated"),
      N_ ("HOW") },
    { "wait", 0, 0, G_OPTION_ARG_INT, &options.wait_s,
      N_ ("How long to wait for a card or code; 30 if left out"), N_ ("SECONDS") },
    { "token", 0, 0, G_OPTION_ARG_STRING, &options.token,
      N_ ("A request number drawn before; the same one twice is one sale"), N_ ("NUMBER") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, -1, &exit_code))
    return exit_code;
  if (options.wait_s < 0 || options.wait_s > 3600)
    return till_ctl_say_usage (ctl, "%s", _ ("--wait is 0 to 3600 seconds."));
  if (options.token && !till_request_no_is_valid (options.token))
    return till_ctl_say_usage (ctl, "%s", _ ("A token is a request number of 16 characters."));
  return sell (ctl, argv + 1, &options);
}

const TillVerb till_verb_sell = {
  "sell",
  "CODE[*QTY][@PRICE][-DISCOUNT]…",
  N_ ("Sell"),
  "  tillctl --as 1 sell 6970000000048*2 6970000000017-1.00 --pay cash=50\n"
  "  tillctl --as 1 sell 6970000000499 --pay code=89.00:286012345678901234\n"
  "  tillctl --as 2 sell 6970000000499@80 --pay code=50:286012345678901234 --pay cash=30",
  run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the slip of a card terminal beside the till says, for a sale that waits for it; or that the
 * terminal took nothing. */
#include "app/ctl/end-declined.h"
#include "app/ctl/wording.h"
#include "data/core/secret.h"
#include "data/desk/asserting.h"
#include "data/desk/selling.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n.h>

typedef struct
{
  char *day;     /* owned; NULL: today */
  char *approve; /* owned */
  gboolean nothing;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->day);
  g_free (options->approve);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  TillCtl *ctl;           /* unowned */
  TillShopFolder *folder; /* unowned */
  int64_t staff_id;
  const Options *options; /* unowned */
  char **words;           /* unowned; sale, reference, log, card, terminal */
} Act;

static gboolean
take_slip (const Act *act, int64_t sale_id, int pos, int day, TillSale **sale, TillAnswer *answer,
           GError **error)
{
  char *const *words = act->words;
  const char *second = act->options->approve;
  g_autoptr (TillCardSlip) slip = till_card_slip_new (words[1], words[2], words[3], words[4], day);
  g_autofree char *prompt = second ? g_strdup_printf (_ ("PIN of %s: "), second) : NULL;
  char *pin = second ? till_pin_read (act->ctl, prompt, error) : NULL;
  gboolean done = (!second || pin)
                  && till_asserting_slip (act->folder->ledger, act->staff_id, sale_id, pos, slip,
                                          second, pin, till_codec_profile, sale, answer, error);
  till_secret_free (pin);
  return done;
}

static gboolean
took_nothing (const Act *act, int64_t sale_id, int pos, TillSale **sale, TillAnswer *answer,
              GError **error)
{
  return till_selling_cancel_leg (act->folder->ledger, act->staff_id, sale_id, pos, sale, answer,
                                  error)
         && (answer->code != TILL_YES
             || till_end_declined (act->folder, act->staff_id, sale, error));
}

/* The payment that waits; after it was answered for, the same slip typed again finds the one it
 * paid. */
static const TillLeg *
find_leg (const TillSale *sale)
{
  const TillLeg *leg = till_sale_leg_by_slip (sale);
  for (guint i = sale->legs->len; !leg && i > 0; i--)
    {
      const TillLeg *one = g_ptr_array_index (sale->legs, i - 1);
      leg = one->by_slip ? one : NULL;
    }
  return leg;
}

static int
settle (const Act *act, const char *zone, int day)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSale) found = NULL;
  TillSale *sale = NULL;
  TillAnswer answer;
  if (!till_selling_load (act->folder->ledger, act->words[0], &found, &answer, &error))
    return till_ctl_say_error (act->ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  const TillLeg *leg = find_leg (found);
  if (!leg)
    {
      answer = till_answer_ref (TILL_NO_STATE, till_sale_state_word (found->state));
      return till_ctl_say_no (act->ctl, &answer);
    }
  if (!(act->options->nothing ? took_nothing (act, found->id, leg->pos, &sale, &answer, &error)
                              : take_slip (act, found->id, leg->pos, day, &sale, &answer, &error)))
    return till_ctl_say_error (act->ctl, error);
  g_autoptr (TillSale) now = sale;
  if (answer.code != TILL_YES)
    return till_ctl_say_no (act->ctl, &answer);
  g_autofree char *text = till_wording_sale_text (now, zone);
  return till_ctl_say (act->ctl, json_pack ("{s:o}", "sale", till_wording_sale (now, zone)), text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code, day = 0;
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "day", 0, 0, G_OPTION_ARG_STRING, &options.day, N_ ("The slip's date; today if left out"),
      N_ ("DAY") },
    { "approve", 0, 0, G_OPTION_ARG_STRING, &options.approve,
      N_ ("The second person; the PIN is asked for after yours"), N_ ("STAFF") },
    { "nothing", 0, 0, G_OPTION_ARG_NONE, &options.nothing,
      N_ ("The terminal took nothing: the payment is given up"), NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, 5, &exit_code))
    return exit_code;
  if (argc != (options.nothing ? 2 : 6))
    return till_ctl_say_usage (ctl, "%s",
                               _ ("Say SALE REFERENCE LOG CARD TERMINAL, or SALE and --nothing."));
  if (options.day && !till_clock_parse_day (options.day, &day, &error))
    return till_ctl_say_usage (ctl, "%s", error->message);
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autoptr (TillShop) shop = till_selling_shop (folder->ledger, &error);
  if (!shop)
    return till_ctl_say_error (ctl, error);
  if (day == 0)
    day = till_clock_day (till_clock_now (folder->clock), TILL_CHINA);
  const Act act = { ctl, folder, staff_id, &options, argv + 1 };
  return settle (&act, shop->zone, day);
}

const TillVerb till_verb_card_slip = {
  "card-slip",
  "SALE REFERENCE LOG CARD TERMINAL | SALE --nothing",
  N_ ("Type the slip of the card terminal for a sale that waits for it"),
  "  tillctl --as 1 sell 6970000000499 --pay slip=89.00\n"
  "  tillctl --as 1 card-slip 91010126112200000018 126112200031 26112200000031 \\\n"
  "    '622612******8223' A1062976\n"
  "  tillctl --as 1 card-slip 91010126112200000018 --nothing",
  run,
};

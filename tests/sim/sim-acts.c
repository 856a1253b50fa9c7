/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people at the desk do, drawn by chance. They press twice, take too much, pick the wrong
 * person and the wrong way; the desk's no is a fine answer, an error of the books is not. */
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/refunding.h"
#include "data/desk/returning.h"
#include "data/desk/selling.h"
#include "data/desk/shifting.h"
#include "devices/gateway/registry.h"
#include "tests/sim/sim-world.h"

#include <string.h>

static const char *const goods[] = { "6901234567892", "6901234567908", "6901234567915", "2" };

static int64_t
somebody (World *world)
{
  /* Mostly the cashier. */
  guint who = till_world_draw (world, 6);
  return world->staff[who < 4 ? 0 : who - 3];
}

static int64_t
any_of (World *world, GArray *ids)
{
  return ids->len ? g_array_index (ids, int64_t, till_world_draw (world, ids->len)) : 0;
}

static void
remember (GArray *ids, int64_t id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, int64_t, i) == id)
      return;
  g_array_append_val (ids, id);
}

static gboolean
fill_basket (World *world, TillBasket *basket, GError **error)
{
  guint lines = 1 + till_world_draw (world, 3);
  for (guint i = 0; i < lines; i++)
    {
      g_autoptr (TillItem) item = NULL;
      TillAnswer answer;
      const char *code = goods[till_world_draw (world, till_world_draw (world, 8) ? 3 : 4)];
      TillQuantity quantity = 1000 * (TillQuantity)(1 + till_world_draw (world, 4));
      if (!till_selling_find (world->desk, code, &item, &answer, error)
          || !till_basket_add (basket, item, quantity, error))
        return FALSE;
      till_basket_line (basket, basket->lines->len - 1)->discount
          = till_world_draw (world, 3) ? 0 : (TillMoney)till_world_draw (world, 35);
    }
  return TRUE;
}

/* All by one tender, or a part in cash and the rest by card or code. */
static gsize
choose_tenders (World *world, TillMoney total, TillTenderWish wishes[2])
{
  guint how = till_world_draw (world, 6);
  TillMoney cash = how == 0 ? total : how == 1 ? total / 3 : 0;
  gsize n = 0;
  if (cash > 0)
    wishes[n++]
        = (TillTenderWish){ TILL_TENDER_CASH, cash, cash + (TillMoney)how * 50, NULL, NULL };
  gboolean card = till_world_draw (world, 3) == 0;
  const TillProfile *cards = till_codec_profile (world->card_provider, NULL);
  if (total > cash && card && cards->cards == TILL_CARDS_AT_TERMINAL)
    wishes[n++] = (TillTenderWish){ .tender = TILL_TENDER_CARD,
                                    .amount = total - cash,
                                    .received = total - cash,
                                    .at_terminal = TRUE };
  else if (total > cash)
    wishes[n++]
        = (TillTenderWish){ card ? TILL_TENDER_CARD : TILL_TENDER_CODE, total - cash, total - cash,
                            (char *)(card ? "tok_4021" : till_rails_code (world)),
                            (char *)"…4021" };
  return n;
}

static gboolean
sell (World *world, GError **error)
{
  int64_t staff = somebody (world);
  g_autoptr (TillBasket) basket = till_selling_draft (world->desk, staff, error);
  g_autoptr (TillShop) shop = basket ? till_selling_shop (world->desk, error) : NULL;
  g_auto (TillBasketSums) sums = { 0 };
  if (!shop || (basket->lines->len == 0 && !fill_basket (world, basket, error))
      || !till_selling_keep (world->desk, staff, basket, error)
      || !till_basket_sum (basket, &shop->pricing, &sums, error))
    return FALSE;
  TillTenderWish wishes[2];
  TillTenderWish *list[] = { &wishes[0], &wishes[1] };
  gsize n = choose_tenders (world, sums.total, wishes);
  int64_t first = 0;
  for (guint press = 0; press <= (till_world_draw (world, 8) == 0); press++)
    {
      g_autoptr (TillSale) sale = NULL;
      TillAnswer answer;
      if (!till_selling_pay (world->desk, staff, basket, list, n, &sale, &answer, error))
        return FALSE;
      till_world_tell (world, "sell for %" G_GINT64_FORMAT " by %" G_GSIZE_FORMAT ": %s",
                       sums.total, n, till_answer_word (answer.code));
      if (!sale)
        return TRUE;
      if (first && first != sale->id)
        till_world_fail (world, "A4: one basket became two sales");
      first = sale->id;
      remember (world->sales, sale->id);
    }
  return TRUE;
}

/* Mostly one that waits for its money; of all of them few do. */
static int64_t
sale_to_pay (World *world)
{
  int64_t waiting = till_watch_ask (
      world->watch, "SELECT id FROM sale WHERE state = 'TENDERING' ORDER BY id * ?1 % 11 LIMIT 1",
      1 + till_world_draw (world, 10));
  return waiting && till_world_draw (world, 4) ? waiting : any_of (world, world->sales);
}

/* A sale that waits for its money: another way to pay, giving up a leg, or the whole sale. */
static gboolean
tender (World *world, GError **error)
{
  int64_t id = sale_to_pay (world), staff = somebody (world);
  g_autoptr (TillSale) sale = NULL, now = NULL;
  g_autoptr (TillBasket) back = NULL;
  TillAnswer answer;
  if (!id)
    return TRUE;
  if (!till_selling_load_id (world->desk, id, &sale, &answer, error))
    return FALSE;
  TillMoney left = sale->total;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      gboolean live = till_leg_state_is_waiting (leg->state) || leg->state == TILL_LEG_APPROVED;
      left -= live ? leg->amount : 0;
    }
  TillTenderWish wish = { till_world_draw (world, 2) ? TILL_TENDER_CODE : TILL_TENDER_CASH, left,
                          left, (char *)till_rails_code (world), NULL };
  int pos = 1 + (int)till_world_draw (world, sale->legs->len + 1);
  gboolean ran;
  switch (till_world_draw (world, 3))
    {
    case 0:
      ran = till_selling_pay_rest (world->desk, staff, id, &wish, &now, &answer, error);
      till_world_tell (world, "pay the rest of sale %" G_GINT64_FORMAT, id);
      break;
    case 1:
      ran = till_selling_cancel_leg (world->desk, staff, id, pos, &now, &answer, error);
      till_world_tell (world, "give up leg %d of sale %" G_GINT64_FORMAT, pos, id);
      break;
    default:
      ran = till_selling_abandon (world->desk, staff, id, &back, &answer, error);
      till_world_tell (world, "abandon sale %" G_GINT64_FORMAT, id);
    }
  if (ran)
    till_world_tell (world, "  %s", till_answer_word (answer.code));
  return ran;
}

static const TillSecond seconds[] = {
  { NULL, NULL, FALSE },
  { NULL, NULL, TRUE },
  { "2", "2222", FALSE },
  { "3", "3333", FALSE },
};

static void
fill_return (World *world, const TillSale *sale, TillReturnDraft *draft)
{
  gboolean all = till_world_draw (world, 3) == 0;
  for (guint i = 0; i < sale->lines->len; i++)
    {
      const TillSaleLine *line = g_ptr_array_index (sale->lines, i);
      TillQuantity left = line->quantity - line->returned;
      TillQuantity some = (TillQuantity)till_world_draw (world, (guint)left + 2);
      /* In whole pieces, in grams, or everything; now and then one too many. */
      TillQuantity wanted = all ? left : till_world_draw (world, 2) ? some : some / 1000 * 1000;
      till_return_draft_set (draft, line->pos, wanted);
    }
  draft->reason = TILL_REASON_CHANGED_MIND;
  draft->route = till_world_draw (world, 5) ? TILL_ROUTE_ORIGINAL : TILL_ROUTE_CASH;
}

static gboolean
take_back (World *world, GError **error)
{
  int64_t id = any_of (world, world->sales), staff = somebody (world), first = 0;
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  if (!id)
    return TRUE;
  if (!till_selling_load_id (world->desk, id, &sale, &answer, error))
    return FALSE;
  g_autoptr (TillReturnDraft) draft = till_returning_draft (world->desk, staff, id, error);
  const TillSecond *second = &seconds[till_world_draw (world, G_N_ELEMENTS (seconds))];
  if (!draft)
    return FALSE;
  fill_return (world, sale, draft);
  for (guint press = 0; press <= (till_world_draw (world, 6) == 0); press++)
    {
      g_autoptr (TillReturn) taken = NULL;
      if (!till_returning_submit (world->desk, staff, draft, second, till_codec_profile, &taken,
                                  &answer, error))
        return FALSE;
      till_world_tell (world, "take back from sale %" G_GINT64_FORMAT ": %s", id,
                       till_answer_word (answer.code));
      if (!taken)
        return TRUE;
      if (first && first != taken->id)
        till_world_fail (world, "A4: one draft became two returns");
      first = taken->id;
      remember (world->returns, taken->id);
    }
  return TRUE;
}

static gboolean
decide (World *world, GError **error)
{
  g_autoptr (GPtrArray) waiting = till_returning_waiting (world->desk, error);
  if (!waiting)
    return FALSE;
  if (waiting->len == 0)
    return TRUE;
  const TillReturn *asked = g_ptr_array_index (waiting, till_world_draw (world, waiting->len));
  g_autoptr (TillReturn) decided = NULL;
  TillAnswer answer;
  gboolean yes = till_world_draw (world, 3) > 0;
  if (!till_returning_decide (world->desk, asked->id, &seconds[2 + till_world_draw (world, 2)], yes,
                              "seen", till_codec_profile, &decided, &answer, error))
    return FALSE;
  till_world_tell (world, "%s return %" G_GINT64_FORMAT ": %s", yes ? "approve" : "reject",
                   asked->id, till_answer_word (answer.code));
  return TRUE;
}

/* Ask now, cancel, correct, or pay in cash: whether or not it makes sense. */
static gboolean
touch_refund (World *world, GError **error)
{
  g_autoptr (GPtrArray) list = till_refunding_list (
      world->desk, till_world_draw (world, 2) ? TILL_REFUNDS_OPEN : TILL_REFUNDS_REFUSED, 50,
      error);
  if (!list)
    return FALSE;
  if (list->len == 0)
    return TRUE;
  const TillRefund *refund = g_ptr_array_index (list, till_world_draw (world, list->len));
  g_autoptr (TillRefund) cash = NULL;
  int64_t manager = world->staff[2];
  TillAnswer answer;
  static const char *const words[] = { "ask about", "cancel", "correct", "pay in cash" };
  guint what = till_world_draw (world, 6);
  gboolean ran;
  if (what == 1)
    ran = till_refunding_cancel (world->desk, manager, refund->id, "no", &answer, error);
  else if (what == 2)
    ran = till_refunding_correct (world->desk, manager, refund->id, "done", &answer, error);
  else if (what == 3)
    ran = till_refunding_pay_cash (world->desk, manager, refund->id, "2", "2222", &cash, &answer,
                                   error);
  else
    ran = till_refunding_ask_now (world->desk, world->staff[0], refund->id, &answer, error);
  if (ran)
    till_world_tell (world, "%s refund %" G_GINT64_FORMAT " (%s): %s", words[what < 4 ? what : 0],
                     refund->id, till_refund_state_word (refund->state),
                     till_answer_word (answer.code));
  return ran;
}

/* What is stuck at a provider that can send it back: most of it is recalled, by two persons, one of
 * whom may be the wrong one. It is rare, so it is looked for. */
gboolean
till_world_recall (World *world, GError **error)
{
  g_autoptr (GPtrArray) list = till_refunding_list (world->desk, TILL_REFUNDS_REFUSED, 50, error);
  for (guint i = 0; list && i < list->len; i++)
    {
      const TillRefund *refund = g_ptr_array_index (list, i);
      const TillProfile *profile = till_codec_profile (refund->provider, NULL);
      int64_t by = till_world_draw (world, 4) ? world->staff[2] : somebody (world);
      TillAnswer answer;
      if (!till_refunding_may_recall (refund, profile) || till_world_draw (world, 3) == 0)
        continue;
      if (!till_refunding_recall (world->desk, by, refund->id, profile, "2", "2222", &answer,
                                  error))
        return FALSE;
      till_world_tell (world, "recall refund %" G_GINT64_FORMAT ": %s", refund->id,
                       till_answer_word (answer.code));
    }
  return list != NULL;
}

/* From the safe or to it, pressed once or twice under one token. */
static gboolean
move_cash (World *world, GError **error)
{
  int64_t staff = somebody (world);
  g_autofree char *token = till_request_no_new (world->clock);
  TillMoney amount = (TillMoney)till_world_draw (world, 30000);
  gboolean in = till_world_draw (world, 2) == 0;
  for (guint press = 0; press <= (till_world_draw (world, 4) == 0); press++)
    {
      TillAnswer answer;
      if (!(in ? till_shifting_float (world->desk, staff, token, amount, &answer, error)
               : till_shifting_out (world->desk, staff, token, amount, "bank", &answer, error)))
        return FALSE;
      till_world_tell (world, "%s %" G_GINT64_FORMAT ": %s", in ? "float" : "to the safe", amount,
                       till_answer_word (answer.code));
    }
  return TRUE;
}

/* What somebody finds in the drawer: what is in it, or nearly, or anything. */
static TillMoney
count_drawer (World *world)
{
  TillMoney holds
      = till_watch_ask (world->watch, "SELECT amount FROM balance WHERE account = 'drawer'", 0);
  switch (till_world_draw (world, 4))
    {
    case 0:
      return till_world_draw (world, 50000);
    case 1:
      return MAX (0, holds + till_world_draw (world, 400) - 200);
    default:
      return holds;
    }
}

/* Counted blind; between the count and the close the till may go on selling. Closed once or twice
 * under one token, alone or with somebody who looks. */
static gboolean
close_shift (World *world, GError **error)
{
  int64_t staff = somebody (world), first = 0;
  g_autoptr (TillShiftDraft) draft = till_shifting_draft (world->desk);
  TillCounted counted;
  TillAnswer answer;
  draft->count.sum = count_drawer (world);
  if (!till_shifting_count (world->desk, staff, &draft->count, &counted, &answer, error))
    return FALSE;
  draft->expected = counted.expected;
  draft->keep
      = till_world_draw (world, 2) ? draft->count.sum : (TillMoney)till_world_draw (world, 20000);
  if (answer.code != TILL_YES || (till_world_draw (world, 4) == 0 && !sell (world, error)))
    return answer.code != TILL_YES;
  const TillSecond *second = &seconds[till_world_draw (world, G_N_ELEMENTS (seconds))];
  for (guint press = 0; press <= (till_world_draw (world, 3) == 0); press++)
    {
      g_autoptr (TillShift) shift = NULL;
      if (!till_shifting_close (world->desk, staff, draft, second->no, second->pin, &shift, &answer,
                                error))
        return FALSE;
      till_world_tell (world, "close the shift: %s", till_answer_word (answer.code));
      if (!shift)
        return TRUE;
      if (first && first != shift->id)
        till_world_fail (world, "A4: one count became two closes");
      first = shift->id;
      remember (world->shifts, shift->id);
    }
  return TRUE;
}

gboolean
till_world_act (World *world, GError **error)
{
  guint what = till_world_draw (world, 27);
  return what < 6    ? sell (world, error)
         : what < 13 ? take_back (world, error)
         : what < 15 ? tender (world, error)
         : what < 17 ? decide (world, error)
         : what < 20 ? touch_refund (world, error)
         : what < 21 ? move_cash (world, error)
         : what < 22 ? close_shift (world, error)
         : what < 24 ? till_world_recall (world, error)
                     : till_world_notice (world, error);
}

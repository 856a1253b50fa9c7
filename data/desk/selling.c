/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/selling.h"
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "data/desk/accounts.h"
#include "data/desk/printing.h"
#include "data/desk/staffing.h"
#include "data/ledger/draft-store.h"
#include "data/ledger/item-store.h"
#include "data/ledger/sale-store.h"
#include "data/trade/code-route.h"
#include "data/ledger/setting-store.h"

#define LEGS_MAX 8

void
till_tender_wish_free (TillTenderWish *wish)
{
  till_secret_free (wish->auth);
  g_free (wish->masked);
  g_free (wish);
}

TillShop *
till_selling_shop (TillLedger *ledger, GError **error)
{
  return till_setting_store_shop (ledger, error);
}

gboolean
till_selling_find (TillLedger *ledger, const char *code, TillItem **item, TillAnswer *answer,
                   GError **error)
{
  if (!till_item_store_find (ledger, code, item, error))
    return FALSE;
  *answer = *item ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_ITEM, code);
  return TRUE;
}

GPtrArray *
till_selling_search (TillLedger *ledger, const char *text, int limit, GError **error)
{
  return till_item_store_search (ledger, text, limit, error);
}

/* --- drafts --- */

static TillBasket *
new_basket (TillLedger *ledger)
{
  g_autofree char *token = till_request_no_new (till_ledger_clock (ledger));
  return till_basket_new (token);
}

TillBasket *
till_selling_draft (TillLedger *ledger, int64_t staff_id, GError **error)
{
  TillBasket *basket;
  if (!till_draft_store_load_sale (ledger, staff_id, &basket, error))
    return NULL;
  return basket ? basket : new_basket (ledger);
}

static gboolean
keep (TillLedger *ledger, int64_t staff_id, const TillBasket *basket, gboolean parked,
      GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, NULL, error);
  return txn && till_draft_store_keep_sale (txn, staff_id, basket, parked, error)
         && till_txn_commit (txn, error);
}

gboolean
till_selling_keep (TillLedger *ledger, int64_t staff_id, const TillBasket *basket, GError **error)
{
  return keep (ledger, staff_id, basket, FALSE, error);
}

gboolean
till_selling_park (TillLedger *ledger, int64_t staff_id, const TillBasket *basket, GError **error)
{
  return keep (ledger, staff_id, basket, TRUE, error);
}

void
till_parked_free (TillParked *parked)
{
  g_free (parked->token);
  g_free (parked);
}

GPtrArray *
till_selling_parked (TillLedger *ledger, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_parked_free);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (TillShop) shop = till_setting_store_shop (ledger, error);
  if (!shop || !till_draft_store_parked (ledger, ids, error))
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (TillBasket) basket = NULL;
      g_auto (TillBasketSums) sums = { 0 };
      int64_t id = g_array_index (ids, int64_t, i), at;
      if (!till_draft_store_load (ledger, id, &basket, &at, error))
        return NULL;
      if (!basket)
        continue;
      if (!till_basket_sum (basket, &shop->pricing, &sums, error))
        return NULL;
      TillParked *parked = g_new0 (TillParked, 1);
      parked->id = id;
      parked->token = g_strdup (basket->token);
      parked->at = at;
      parked->lines = (int)basket->lines->len;
      parked->total = sums.total;
      g_ptr_array_add (list, parked);
    }
  return g_steal_pointer (&list);
}

TillBasket *
till_selling_resume (TillLedger *ledger, int64_t staff_id, int64_t parked_id, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, NULL, error);
  g_autoptr (TillBasket) at_hand = NULL;
  if (!txn || !till_draft_store_load_sale (ledger, staff_id, &at_hand, error))
    return NULL;
  if (at_hand)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_CONFLICT,
                           "the basket at hand is not empty: park it first");
      return NULL;
    }
  if (!till_draft_store_unpark (txn, parked_id, staff_id, error) || !till_txn_commit (txn, error))
    return NULL;
  return till_selling_draft (ledger, staff_id, error);
}

/* --- paying --- */

/* Prices and discounts that this person may not give. */
static gboolean
check_prices (TillTxn *txn, const TillBasket *basket, const TillBasketSums *sums, TillRole role,
              TillAnswer *answer, GError **error)
{
  for (guint i = 0; i < basket->lines->len; i++)
    {
      const TillBasketLine *line = till_basket_line (basket, i);
      TillMoney price;
      if (!till_item_store_price (till_txn_ledger (txn), line->item, &price, error))
        return FALSE;
      if (price < 0)
        {
          *answer = till_answer_ref (TILL_NO_ITEM, line->item->code);
          return TRUE;
        }
      if (line->price == price || till_role_may (role, TILL_RIGHT_PRICE))
        continue;
      /* Nobody changed it here, so the catalogue changed since the scan. */
      gboolean stale = line->price == line->item->price;
      *answer = till_answer (stale ? TILL_NO_STALE : TILL_NO_RIGHT);
      return TRUE;
    }
  TillMoney limit;
  if (!till_money_rate (sums->gross, till_txn_shop (txn)->policy.discount_limit_ppm[role], &limit))
    limit = 0;
  *answer = sums->discount > limit ? till_answer_money (TILL_NO_DISCOUNT, sums->discount, limit)
                                   : till_answer (TILL_YES);
  return TRUE;
}

/* The wishes must pay `due` to the fen; only an electronic one may leave a rest for another leg. */
static TillAnswer
check_wishes (const TillShop *shop, TillTenderWish *const *wishes, gsize n, TillMoney due)
{
  TillMoney left = due;
  int electronic = 0;
  for (gsize i = 0; i < n; i++)
    {
      const TillTenderWish *wish = wishes[i];
      gboolean cash = wish->tender == TILL_TENDER_CASH;
      if (wish->amount < 0 || wish->amount > left || (!cash && wish->amount == 0))
        return till_answer_money (TILL_NO_TENDER_OVER, wish->amount, left);
      if (cash && wish->received < wish->amount)
        return till_answer_money (TILL_NO_TENDER_SHORT, wish->amount - wish->received, due);
      gboolean read = wish->auth && *wish->auth;
      gboolean presented = wish->tender == TILL_TENDER_CARD && (wish->at_terminal || wish->by_slip);
      if (!cash && read == presented)
        return till_answer_money (TILL_NO_TENDER_SHORT, wish->amount, due);
      if (wish->by_slip && !*shop->slip_provider)
        return till_answer_ref (TILL_NO_TAKER, "");
      electronic += !cash;
      left -= wish->amount;
    }
  if (n > LEGS_MAX)
    return till_answer_quantity (TILL_NO_STATE, (TillQuantity)n, LEGS_MAX, "");
  if (electronic > 1)
    return till_answer (TILL_NO_TENDER_BUSY);
  if (left > 0 && electronic == 0)
    return till_answer_money (TILL_NO_TENDER_SHORT, left, due);
  return till_answer (TILL_YES);
}

static TillSale *
sale_of (const TillBasket *basket, const TillBasketSums *sums)
{
  TillSale *sale = till_sale_new ();
  sale->token = g_strdup (basket->token);
  sale->discount = sums->discount;
  sale->rounding = sums->rounding;
  sale->vat = sums->vat;
  sale->total = sums->total;
  for (guint i = 0; i < basket->lines->len; i++)
    {
      const TillBasketLine *from = till_basket_line (basket, i);
      const TillBasketSum *sum = &sums->lines[i];
      TillSaleLine *line = g_new0 (TillSaleLine, 1);
      line->pos = (int)i + 1;
      line->item_id = from->item->id;
      line->code = g_strdup (from->item->code);
      line->name = g_strdup (from->item->name);
      line->quantity = from->quantity;
      line->price = from->price;
      line->gross = sum->gross;
      line->discount = sum->discount;
      line->rounding = sum->rounding;
      line->amount = sum->amount;
      line->vat = sum->vat;
      line->vat_ppm = from->item->vat_ppm;
      g_ptr_array_add (sale->lines, line);
    }
  return sale;
}

/* Who takes this payment; "" for cash. */
static char *
provider_of (const TillShop *shop, const TillTenderWish *wish)
{
  if (wish->tender == TILL_TENDER_CASH)
    return g_strdup ("");
  if (wish->tender == TILL_TENDER_CARD)
    return g_strdup (wish->by_slip ? shop->slip_provider : shop->card_provider);
  char *by_code = till_code_route (shop->code_routes, wish->auth ? wish->auth : "");
  return by_code ? by_code : g_strdup (shop->code_provider);
}

/* As it is in the books from its first moment on: cash is approved as it is counted. */
static TillLeg *
leg_of (TillTxn *txn, int64_t sale_id, int pos, const TillTenderWish *wish)
{
  const TillShop *shop = till_txn_shop (txn);
  TillClock *clock = till_ledger_clock (till_txn_ledger (txn));
  gboolean cash = wish->tender == TILL_TENDER_CASH;
  TillLeg *leg = g_new0 (TillLeg, 1);
  leg->sale_id = sale_id;
  leg->pos = pos;
  leg->tender = wish->tender;
  leg->provider = provider_of (shop, wish);
  leg->amount = wish->amount;
  leg->received = cash ? wish->received : wish->amount;
  leg->change = leg->received - leg->amount;
  leg->request_no = cash ? g_strdup ("") : till_request_no_new (clock);
  leg->masked = g_strdup (!cash && wish->masked ? wish->masked : "");
  leg->state = cash ? TILL_LEG_APPROVED : TILL_LEG_PLANNED;
  leg->by_slip = wish->by_slip;
  leg->tries = cash ? 1 : 0;
  leg->provider_no = g_strdup ("");
  leg->failure_code = g_strdup ("");
  leg->failure_words = g_strdup ("");
  leg->merchant_no = g_strdup ("");
  leg->other_merchant = g_strdup ("");
  return leg;
}

/* What is not cash waits for the provider. */
static gboolean
add_leg (TillTxn *txn, const TillLeg *leg, const TillTenderWish *wish, GError **error)
{
  if (wish->tender != TILL_TENDER_CASH)
    return till_sale_store_add_leg (txn, leg, wish->auth, error);
  return till_sale_store_add_counted (txn, leg, "counted", error)
         && till_accounts_leg (txn, leg, 1, error)
         && till_printing_add (txn, TILL_PAPER_DRAWER, till_txn_seq (txn), error);
}

gboolean
till_selling_settle (TillTxn *txn, int64_t sale_id, GError **error)
{
  TillSaleSums sums;
  if (!till_sale_store_sums (till_txn_ledger (txn), sale_id, &sums, error))
    return FALSE;
  return sums.state != TILL_SALE_TENDERING || sums.waiting || sums.approved != sums.total
         || (till_sale_store_set_state (txn, sale_id, TILL_SALE_PAID, error)
             && till_accounts_sale (txn, sums.total, sums.vat, error)
             && till_printing_add (txn, TILL_PAPER_SALE, sale_id, error));
}

static gboolean
find_token (TillLedger *ledger, const char *token, TillSale **sale, GError **error)
{
  int64_t id;
  return till_sale_store_find_token (ledger, token, &id, error)
         && (id == 0 || till_sale_store_load (ledger, id, TRUE, sale, error));
}

/* What no leg has paid or may still be paying. */
static TillMoney
open_amount (const TillSale *sale, gboolean *waiting)
{
  TillMoney left = sale->total;
  *waiting = FALSE;
  for (guint i = 0; i < sale->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (sale->legs, i);
      gboolean live = till_leg_state_is_waiting (leg->state);
      *waiting = *waiting || live;
      left -= live || leg->state == TILL_LEG_APPROVED ? leg->amount : 0;
    }
  return left;
}

static gboolean
write_sale (TillTxn *txn, TillSale *sale, TillTenderWish *const *wishes, gsize n, GError **error)
{
  if (!till_sale_store_add (txn, sale, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      TillLeg *leg = leg_of (txn, sale->id, (int)i + 1, wishes[i]);
      g_ptr_array_add (sale->legs, leg);
      if (!add_leg (txn, leg, wishes[i], error))
        return FALSE;
    }
  return till_selling_settle (txn, sale->id, error)
         && till_draft_store_drop (txn, sale->token, error);
}

/* The sale as it now is in the books. Paid on the spot it is known to the last word, and reading it
 * would be a tenth of the work of a sale; else it is read. */
static gboolean
as_written (TillTxn *txn, TillSale **written, const TillStaff *staff, TillSale **sale,
            GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  gboolean waiting;
  if (open_amount (*written, &waiting) != 0 || waiting)
    return till_sale_store_load (ledger, (*written)->id, TRUE, sale, error);
  g_autofree char *chain = till_ledger_anchor (ledger, till_txn_seq (txn), error);
  if (!chain)
    return FALSE;
  *sale = g_steal_pointer (written);
  (*sale)->state = TILL_SALE_PAID;
  (*sale)->staff_name = g_strdup (staff->name);
  (*sale)->chain = g_steal_pointer (&chain);
  return TRUE;
}

gboolean
till_selling_pay (TillLedger *ledger, int64_t staff_id, const TillBasket *basket,
                  TillTenderWish *const *wishes, gsize n_wishes, TillSale **sale,
                  TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "sale", error);
  g_autoptr (TillStaff) staff = NULL;
  *sale = NULL;
  *answer = till_answer (TILL_YES);
  if (!txn || !find_token (ledger, basket->token, sale, error))
    return FALSE;
  if (*sale)
    return TRUE;
  if (!till_staffing_may (txn, staff_id, TILL_RIGHT_SELL, &staff, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (basket->lines->len == 0)
    {
      *answer = till_answer (TILL_NO_EMPTY);
      return TRUE;
    }

  g_auto (TillBasketSums) sums = { 0 };
  if (!till_basket_sum (basket, &till_txn_shop (txn)->pricing, &sums, error)
      || !check_prices (txn, basket, &sums, staff->role, answer, error))
    return FALSE;
  if (answer->code == TILL_YES)
    *answer = check_wishes (till_txn_shop (txn), wishes, n_wishes, sums.total);
  if (answer->code != TILL_YES)
    return TRUE;

  g_autoptr (TillSale) written = sale_of (basket, &sums);
  return write_sale (txn, written, wishes, n_wishes, error) && till_txn_commit (txn, error)
         && as_written (txn, &written, staff, sale, error);
}

/* May this person go on with this sale? With a yes it is loaded and still TENDERING. */
static gboolean
enter_tendering (TillTxn *txn, int64_t sale_id, TillSale **sale, TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) staff = NULL;
  if (!till_staffing_may (txn, till_txn_staff (txn), TILL_RIGHT_SELL, &staff, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (!till_sale_store_load (till_txn_ledger (txn), sale_id, TRUE, sale, error))
    return FALSE;
  if (!*sale)
    *answer = till_answer_ref (TILL_NO_SALE, "");
  else if ((*sale)->state != TILL_SALE_TENDERING)
    *answer = till_answer_ref (TILL_NO_STATE, till_sale_state_word ((*sale)->state));
  return TRUE;
}

gboolean
till_selling_pay_rest (TillLedger *ledger, int64_t staff_id, int64_t sale_id,
                       const TillTenderWish *wish, TillSale **sale, TillAnswer *answer,
                       GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "payment", error);
  g_autoptr (TillSale) now = NULL;
  *sale = NULL;
  if (!txn || !enter_tendering (txn, sale_id, &now, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;

  gboolean waiting;
  TillMoney left = open_amount (now, &waiting);
  TillTenderWish *const wishes[] = { (TillTenderWish *)wish };
  *answer = waiting && wish->tender != TILL_TENDER_CASH ? till_answer (TILL_NO_TENDER_BUSY)
            : now->legs->len >= LEGS_MAX
                ? till_answer_quantity (TILL_NO_STATE, now->legs->len, LEGS_MAX, "")
                : check_wishes (till_txn_shop (txn), wishes, 1, left);
  if (answer->code != TILL_YES)
    return TRUE;
  g_autoptr (TillLeg) leg = leg_of (txn, sale_id, (int)now->legs->len + 1, wish);
  return add_leg (txn, leg, wish, error) && till_selling_settle (txn, sale_id, error)
         && till_txn_commit (txn, error)
         && till_sale_store_load (ledger, sale_id, TRUE, sale, error);
}

/* What came in for this sale may have gone out again as somebody's refund. */
static gboolean
drawer_gives_back (TillTxn *txn, const TillLeg *leg, TillAnswer *answer, GError **error)
{
  TillMoney drawer;
  if (!till_ledger_balance (till_txn_ledger (txn), TILL_ACCOUNT_DRAWER, &drawer, error))
    return FALSE;
  if (leg->tender == TILL_TENDER_CASH && leg->amount > drawer)
    *answer = till_answer_money (TILL_NO_DRAWER, leg->amount, drawer);
  return TRUE;
}

gboolean
till_selling_cancel_leg (TillLedger *ledger, int64_t staff_id, int64_t sale_id, int pos,
                         TillSale **sale, TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "payment", error);
  g_autoptr (TillSale) now = NULL;
  *sale = NULL;
  if (!txn || !enter_tendering (txn, sale_id, &now, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;

  const TillLeg *leg = till_sale_leg (now, pos);
  TillLegState to;
  gboolean cash = leg && leg->tender == TILL_TENDER_CASH;
  /* An approved electronic leg is no longer a matter of waiting: it would be a void. */
  if (!leg || (leg->state == TILL_LEG_APPROVED && !cash)
      || !till_leg_next (leg->state, TILL_LEG_EVENT_CANCEL, &to))
    {
      *answer = till_answer_ref (TILL_NO_STATE, leg ? till_leg_state_word (leg->state) : "");
      return TRUE;
    }
  if (!drawer_gives_back (txn, leg, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  g_autofree char *auth = NULL;
  gboolean done = till_sale_store_take_auth (txn, sale_id, pos, &auth, error);
  till_secret_wipe (auth);
  return done
         && till_sale_store_apply (txn, sale_id, pos, TILL_LEG_EVENT_CANCEL, NULL,
                                   leg->by_slip ? "the cashier says that the terminal took nothing"
                                                : "the cashier gave up",
                                   till_txn_now (txn), &to, error)
         && (!cash || till_accounts_leg (txn, leg, -1, error)) && till_txn_commit (txn, error)
         && till_sale_store_load (ledger, sale_id, TRUE, sale, error);
}

/* The basket as it was; discounts that were shared stay with the lines they were shared to. */
static gboolean
basket_of (TillLedger *ledger, const TillSale *sale, TillBasket *basket, GError **error)
{
  for (guint i = 0; i < sale->lines->len; i++)
    {
      const TillSaleLine *from = g_ptr_array_index (sale->lines, i);
      g_autoptr (TillItem) item = NULL;
      if (!till_item_store_get (ledger, from->item_id, &item, error))
        return FALSE;
      TillMoney price = item->price;
      item->price = from->price;
      if (!till_basket_add (basket, item, from->quantity, error))
        return FALSE;
      TillBasketLine *line = till_basket_line (basket, basket->lines->len - 1);
      line->item->price = price;
      line->discount = from->discount;
    }
  return TRUE;
}

gboolean
till_selling_abandon (TillLedger *ledger, int64_t staff_id, int64_t sale_id, TillBasket **basket,
                      TillAnswer *answer, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "abandon", error);
  g_autoptr (TillSale) now = NULL;
  *basket = NULL;
  if (!txn || !enter_tendering (txn, sale_id, &now, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  for (guint i = 0; i < now->legs->len; i++)
    {
      const TillLeg *leg = g_ptr_array_index (now->legs, i);
      if (till_leg_state_is_waiting (leg->state) || leg->state == TILL_LEG_APPROVED)
        {
          *answer = till_answer (TILL_NO_TENDER_BUSY);
          return TRUE;
        }
    }
  g_autoptr (TillBasket) back = new_basket (ledger);
  if (!basket_of (ledger, now, back, error)
      || !till_sale_store_set_state (txn, sale_id, TILL_SALE_ABANDONED, error)
      || !till_draft_store_keep_sale (txn, staff_id, back, FALSE, error)
      || !till_txn_commit (txn, error))
    return FALSE;
  *basket = g_steal_pointer (&back);
  return TRUE;
}

/* --- looking --- */

gboolean
till_selling_load_id (TillLedger *ledger, int64_t id, TillSale **sale, TillAnswer *answer,
                      GError **error)
{
  if (!till_sale_store_load (ledger, id, TRUE, sale, error))
    return FALSE;
  *answer = *sale ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, "");
  return TRUE;
}

gboolean
till_selling_load (TillLedger *ledger, const char *no, TillSale **sale, TillAnswer *answer,
                   GError **error)
{
  int64_t id;
  *sale = NULL;
  if (!till_sale_store_find (ledger, no, &id, error)
      || (id && !till_sale_store_load (ledger, id, TRUE, sale, error)))
    return FALSE;
  *answer = *sale ? till_answer (TILL_YES) : till_answer_ref (TILL_NO_SALE, no);
  return TRUE;
}

GPtrArray *
till_selling_recent (TillLedger *ledger, int limit, GError **error)
{
  g_autoptr (GPtrArray) sales = g_ptr_array_new_with_free_func ((GDestroyNotify)till_sale_free);
  if (!till_sale_store_recent (ledger, CLAMP (limit, 1, 200), sales, error))
    return NULL;
  return g_steal_pointer (&sales);
}

TillSale *
till_selling_unfinished (TillLedger *ledger, int64_t staff_id, GError **error)
{
  int64_t id;
  TillSale *sale = NULL;
  if (!till_sale_store_unfinished (ledger, staff_id, &id, error)
      || (id && !till_sale_store_load (ledger, id, TRUE, &sale, error)))
    return NULL;
  return sale;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/typed.h"
#include "data/core/error.h"

#include <string.h>

#define WORDS_MAX TILL_BASKET_LINES_MAX
#define TENDERS_MAX 20
#define SPAN_MAX_DAYS 3660

static gboolean wrong (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
wrong (GError **error, const char *format, ...)
{
  va_list values;
  va_start (values, format);
  g_autofree char *message = g_strdup_vprintf (format, values);
  va_end (values);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
is_amount (const char *text)
{
  TillMoney amount;
  return till_money_parse (text, &amount, NULL);
}

/* Cuts text at the last mark and answers what stood behind it, or NULL when there is none. */
static char *
cut (char *text, char mark)
{
  char *at = strrchr (text, mark);
  if (!at)
    return NULL;
  *at = '\0';
  return at + 1;
}

gboolean
till_typed_goods (const char *word, TillTypedGoods *goods, GError **error)
{
  *goods = (TillTypedGoods){ .quantity = TILL_QUANTITY_ONE, .price = -1 };
  g_autofree char *rest = g_strdup (word);
  const char *minus = strrchr (rest, '-');
  /* "abc-12" may be a code: a discount needs a quantity or price before it, or not to be taken for
   * part of a code of letters. All digits before the minus are a bar code. */
  gboolean marked = strpbrk (rest, "*@") != NULL;
  gboolean digits = minus && strspn (rest, "0123456789") == (gsize)(minus - rest);
  const char *discount
      = minus && (marked || digits) && is_amount (minus + 1) ? cut (rest, '-') : NULL;
  const char *price = cut (rest, '@');
  const char *quantity = cut (rest, '*');

  if (discount && !till_money_parse (discount, &goods->discount, error))
    return FALSE;
  if (price && !till_money_parse (price, &goods->price, error))
    return FALSE;
  if (quantity && !till_quantity_parse (quantity, &goods->quantity, error))
    return FALSE;
  if (!till_item_code_is_valid (rest))
    return wrong (error, "“%.40s” is no CODE[*QUANTITY][@PRICE][-DISCOUNT]", word);
  goods->code = g_strdup (rest);
  return TRUE;
}

static gboolean
add_goods (TillLedger *ledger, TillBasket *basket, const TillTypedGoods *goods, TillAnswer *answer,
           GError **error)
{
  g_autoptr (TillItem) item = NULL;
  if (!till_selling_find (ledger, goods->code, &item, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  guint before = basket->lines->len;
  if (!till_basket_add (basket, item, goods->quantity, error))
    return FALSE;
  if (goods->price < 0 && goods->discount == 0)
    return TRUE;
  /* Adding may have gone into the line before, which has another price: then this is a new line. */
  if (basket->lines->len == before)
    {
      TillBasketLine *last = till_basket_line (basket, before - 1);
      last->quantity -= goods->quantity;
      TillBasketLine *own = g_new0 (TillBasketLine, 1);
      *own = (TillBasketLine){ till_item_copy (item), goods->quantity, item->price, 0 };
      g_ptr_array_add (basket->lines, own);
    }
  TillBasketLine *line = till_basket_line (basket, basket->lines->len - 1);
  line->price = goods->price >= 0 ? goods->price : line->price;
  line->discount = goods->discount;
  return TRUE;
}

gboolean
till_typed_basket (TillLedger *ledger, const char *token, const char *const *words,
                   TillBasket **basket, TillAnswer *answer, GError **error)
{
  g_autoptr (TillBasket) filled = till_basket_new (token);
  *answer = till_answer (TILL_YES);
  *basket = NULL;
  if (g_strv_length ((char **)words) > WORDS_MAX)
    return wrong (error, "more than %d goods in one sale", WORDS_MAX);
  for (; *words; words++)
    {
      TillTypedGoods goods;
      gboolean good = till_typed_goods (*words, &goods, error)
                      && add_goods (ledger, filled, &goods, answer, error);
      g_free (goods.code);
      if (!good)
        return FALSE;
      if (answer->code != TILL_YES)
        return TRUE;
    }
  *basket = g_steal_pointer (&filled);
  return TRUE;
}

static TillTenderWish *
read_wish (const char *word, gboolean practice, GError **error)
{
  g_autofree char *text = g_strdup (word);
  char *amount = strchr (text, '=');
  TillTenderWish wish = { 0 };
  if (!amount)
    {
      wrong (error, "“%.40s” is no cash=AMOUNT, card=AMOUNT, slip=AMOUNT or code=AMOUNT:CODE",
             word);
      return NULL;
    }
  *amount++ = '\0';
  char *auth = strchr (amount, ':');
  if (auth)
    *auth++ = '\0';
  wish.by_slip = g_str_equal (text, "slip");
  if (!till_tender_from_word (wish.by_slip ? "card" : text, &wish.tender))
    wrong (error, "“%.20s” is no way to pay (cash, card, slip, code)", text);
  else if (wish.tender == TILL_TENDER_CODE && !(auth && *auth && strlen (auth) <= 64))
    wrong (error, "a payment by code needs the customer's code: code=AMOUNT:CODE");
  else if (wish.tender != TILL_TENDER_CODE && auth)
    wrong (error, "%s takes an amount only", text);
  else if (wish.tender == TILL_TENDER_CARD && !wish.by_slip && !practice)
    wrong (error, "a card needs a reader, and a terminal has none; take it at the till's window");
  else if (till_money_parse (amount, &wish.amount, error))
    {
      /* The card that the practice reader keeps in its drawer. */
      gboolean card = wish.tender == TILL_TENDER_CARD && !wish.by_slip;
      wish.auth = g_strdup (card ? "practice-card-4021" : auth);
      wish.masked = card ? g_strdup ("…4021") : NULL;
      wish.received = wish.amount;
      return g_memdup2 (&wish, sizeof wish);
    }
  return NULL;
}

GPtrArray *
till_typed_wishes (const char *const *words, TillMoney total, gboolean practice, GError **error)
{
  g_autoptr (GPtrArray) wishes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_tender_wish_free);
  TillMoney open = total;
  if (words && g_strv_length ((char **)words) > TENDERS_MAX)
    {
      wrong (error, "more than %d payments for one sale", TENDERS_MAX);
      return NULL;
    }
  for (; words && *words; words++)
    {
      TillTenderWish *wish = read_wish (*words, practice, error);
      if (!wish)
        return NULL;
      g_ptr_array_add (wishes, wish);
      if (wish->tender != TILL_TENDER_CASH)
        open -= MIN (open, wish->amount);
    }
  for (guint i = 0; i < wishes->len; i++)
    {
      TillTenderWish *wish = g_ptr_array_index (wishes, i);
      if (wish->tender != TILL_TENDER_CASH)
        continue;
      wish->amount = MIN (wish->received, open);
      open -= wish->amount;
    }
  return g_steal_pointer (&wishes);
}

gboolean
till_typed_line (const char *word, const TillSale *sale, TillReturnDraft *draft, GError **error)
{
  g_autofree char *text = g_strdup (word);
  const char *typed = cut (text, '*');
  guint64 pos;
  if (!g_ascii_string_to_unsigned (text, 10, 1, TILL_BASKET_LINES_MAX, &pos, NULL))
    return wrong (error, "“%.40s” is no LINE[*QUANTITY]; lines are counted from 1", word);
  const TillSaleLine *line = till_sale_line (sale, (int)pos);
  TillQuantity quantity = TILL_QUANTITY_ONE;
  if (!line)
    return wrong (error, "sale %s has no line %d", sale->no, (int)pos);
  if (typed && !till_quantity_parse (typed, &quantity, error))
    return FALSE;
  if (!typed && line->quantity - line->returned > 0)
    quantity = MIN (quantity, line->quantity - line->returned);
  if (till_return_draft_get (draft, (int)pos) != 0)
    return wrong (error, "line %d is named twice", (int)pos);
  till_return_draft_set (draft, (int)pos, quantity);
  return TRUE;
}

gboolean
till_typed_span (const char *word, int64_t *span, GError **error)
{
  static const struct
  {
    char unit;
    int64_t size;
  } units[] = { { 's', TILL_SECOND }, { 'm', TILL_MINUTE }, { 'h', TILL_HOUR }, { 'd', TILL_DAY } };
  gboolean minus = *word == '-';
  g_autofree char *digits = g_strdup (*word == '-' || *word == '+' ? word + 1 : word);
  gsize length = strlen (digits);
  int64_t size = TILL_SECOND, n;
  for (gsize i = 0; length > 0 && i < G_N_ELEMENTS (units); i++)
    if (digits[length - 1] == units[i].unit)
      {
        size = units[i].size;
        digits[length - 1] = '\0';
        break;
      }
  if (!g_ascii_string_to_signed (digits, 10, 0, SPAN_MAX_DAYS * TILL_DAY / size, &n, NULL))
    return wrong (error, "“%.20s” is no time such as 45s, +5m, 2h or -3d", word);
  *span = (minus ? -n : n) * size;
  return TRUE;
}

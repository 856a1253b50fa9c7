/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/return.h"
#include "data/core/text.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *word;
  int digit;
  const char *label;
  TillDisposition disposition;
} reasons[] = { { "", 0, "", TILL_DISPOSITION_SHELF },
#define X(name, word, digit, label, disposition)                                                   \
  { word, digit, label, TILL_DISPOSITION_##disposition },
                TILL_REASONS (X)
#undef X
};

static const char *const condition_words[] = { "unopened", "opened", "damaged" };
static const char *const disposition_words[] = { "shelf", "write_off", "vendor" };
static const char *const route_words[] = { "original", "cash" };
static const char *const state_words[] = { "WAIT_APPROVAL", "CLOSED", "DENIED", "CANCELLED" };

TillReturnDraft *
till_return_draft_new (const char *token, int64_t sale_id)
{
  TillReturnDraft *draft = g_new0 (TillReturnDraft, 1);
  draft->token = g_strdup (token);
  draft->sale_id = sale_id;
  draft->lines = g_array_new (FALSE, TRUE, sizeof (TillReturnWish));
  draft->note = g_strdup ("");
  return draft;
}

TillReturnDraft *
till_return_draft_copy (const TillReturnDraft *draft)
{
  TillReturnDraft *copy = g_memdup2 (draft, sizeof *draft);
  copy->token = g_strdup (draft->token);
  copy->lines = g_array_copy (draft->lines);
  copy->note = g_strdup (draft->note);
  return copy;
}

void
till_return_draft_free (TillReturnDraft *draft)
{
  g_free (draft->token);
  g_array_unref (draft->lines);
  g_free (draft->note);
  g_free (draft);
}

void
till_return_draft_set (TillReturnDraft *draft, int sale_pos, TillQuantity quantity)
{
  for (guint i = 0; i < draft->lines->len; i++)
    {
      TillReturnWish *wish = &g_array_index (draft->lines, TillReturnWish, i);
      if (wish->sale_pos != sale_pos)
        continue;
      if (quantity == 0)
        g_array_remove_index (draft->lines, i);
      else
        wish->quantity = quantity;
      return;
    }
  TillReturnWish wish = { sale_pos, quantity };
  if (quantity != 0)
    g_array_append_val (draft->lines, wish);
}

TillQuantity
till_return_draft_get (const TillReturnDraft *draft, int sale_pos)
{
  for (guint i = 0; i < draft->lines->len; i++)
    {
      const TillReturnWish *wish = &g_array_index (draft->lines, TillReturnWish, i);
      if (wish->sale_pos == sale_pos)
        return wish->quantity;
    }
  return 0;
}

TillReturn *
till_return_new (void)
{
  TillReturn *goods = g_new0 (TillReturn, 1);
  goods->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)till_return_line_free);
  goods->refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)till_refund_free);
  return goods;
}

void
till_return_free (TillReturn *goods)
{
  g_free (goods->no);
  g_free (goods->sale_no);
  g_free (goods->staff_name);
  g_free (goods->approver_name);
  g_free (goods->note);
  g_free (goods->held_for);
  g_free (goods->chain);
  g_ptr_array_unref (goods->lines);
  g_ptr_array_unref (goods->refunds);
  g_free (goods);
}

void
till_return_line_free (TillReturnLine *line)
{
  g_free (line->name);
  g_free (line);
}

void
till_return_line_money (const TillSaleLine *line, TillQuantity quantity, TillMoney *amount,
                        TillMoney *vat)
{
  TillQuantity all = line->returned + quantity;
  g_assert (quantity > 0 && line->returned >= 0 && all <= line->quantity);
  /* After an earlier return was undone, what went back may be above the proportional share by a
   * unit; the difference waits for the next piece rather than going negative. */
  *amount = MAX (0, till_money_share (line->amount, all, line->quantity) - line->returned_amount);
  /* By what has come back in money and not by the gram, or a gram of no money could owe a fen of
   * VAT. */
  TillMoney back = line->returned_amount + *amount;
  TillMoney share = line->amount > 0 ? till_money_share (line->vat, back, line->amount) : 0;
  *vat = CLAMP (share - line->returned_vat, 0, *amount);
}

int
till_return_split (const TillSale *sale, TillMoney amount, TillRoute route, TillReturnShare *shares)
{
  int used = 0;
  for (int cash = 0; cash <= 1; cash++)
    for (guint i = 0; i < sale->legs->len && amount > 0; i++)
      {
        const TillLeg *leg = g_ptr_array_index (sale->legs, i);
        TillMoney room = leg->amount - leg->refunded;
        if (leg->state != TILL_LEG_APPROVED || (leg->tender == TILL_TENDER_CASH) != cash
            || room <= 0)
          continue;
        shares[used++] = (TillReturnShare){
          .leg_pos = leg->pos,
          .tender = route == TILL_ROUTE_CASH ? TILL_TENDER_CASH : leg->tender,
          .amount = MIN (room, amount),
        };
        amount -= MIN (room, amount);
      }
  return amount > 0 ? -1 : used;
}

const char *
till_reason_word (TillReason reason)
{
  return reasons[reason].word;
}

TillReason
till_reason_from_word (const char *word)
{
  for (gsize i = 1; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (word, reasons[i].word) == 0)
      return (TillReason)i;
  return TILL_REASON_NONE;
}

TillReason
till_reason_from_digit (int digit)
{
  for (gsize i = 1; i < G_N_ELEMENTS (reasons); i++)
    if (digit == reasons[i].digit)
      return (TillReason)i;
  return TILL_REASON_NONE;
}

int
till_reason_digit (TillReason reason)
{
  return reasons[reason].digit;
}

const char *
till_reason_label (TillReason reason)
{
  static const char *const labels[] = { "",
                                        N_ ("Faulty"),
                                        N_ ("Wrong item"),
                                        N_ ("Changed mind"),
                                        N_ ("Double charge"),
                                        N_ ("Price error"),
                                        N_ ("Expired"),
                                        N_ ("Other") };
  return *labels[reason] ? _ (labels[reason]) : "";
}

TillDisposition
till_reason_disposition (TillReason reason)
{
  return reasons[reason].disposition;
}

const char *
till_condition_word (TillCondition condition)
{
  return condition_words[condition];
}

/* The schema's CHECKs let no other words in. */
static int
index_of (const char *const *words, gsize n, const char *word)
{
  int index = till_text_index (words, n, word);
  g_assert (index >= 0);
  return index;
}

TillCondition
till_condition_from_word (const char *word)
{
  return (TillCondition)index_of (condition_words, G_N_ELEMENTS (condition_words), word);
}

const char *
till_condition_label (TillCondition condition)
{
  static const char *const labels[] = { N_ ("unopened"), N_ ("opened"), N_ ("damaged") };
  return _ (labels[condition]);
}

const char *
till_disposition_word (TillDisposition disposition)
{
  return disposition_words[disposition];
}

TillDisposition
till_disposition_from_word (const char *word)
{
  return (TillDisposition)index_of (disposition_words, G_N_ELEMENTS (disposition_words), word);
}

const char *
till_disposition_label (TillDisposition disposition)
{
  static const char *const labels[] = { N_ ("shelf"), N_ ("write-off"), N_ ("vendor") };
  return _ (labels[disposition]);
}

const char *
till_route_word (TillRoute route)
{
  return route_words[route];
}

gboolean
till_route_from_word (const char *word, TillRoute *route)
{
  int index = till_text_index (route_words, G_N_ELEMENTS (route_words), word);
  if (index >= 0)
    *route = (TillRoute)index;
  return index >= 0;
}

const char *
till_return_state_word (TillReturnState state)
{
  return state_words[state];
}

TillReturnState
till_return_state_from_word (const char *word)
{
  return (TillReturnState)index_of (state_words, G_N_ELEMENTS (state_words), word);
}

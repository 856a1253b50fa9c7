/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/slips/words.h"
#include "data/core/clock.h"
#include "data/core/ids.h"

#include <string.h>

const char *
till_slip_word (const TillShop *shop, TillWord word)
{
  static const struct
  {
    const char *zh, *en;
  } words[] = {
#define X(key, zh, en) { zh, en },
    TILL_SLIP_WORDS (X)
#undef X
  };
  g_assert ((guint)word < G_N_ELEMENTS (words));
  return g_str_has_prefix (shop->language, "en") ? words[word].en : words[word].zh;
}

const char *
till_slip_tender (const TillShop *shop, TillTender tender)
{
  static const TillWord words[] = { [TILL_TENDER_CASH] = TILL_WORD_CASH,
                                    [TILL_TENDER_CARD] = TILL_WORD_CARD,
                                    [TILL_TENDER_CODE] = TILL_WORD_CODE };
  g_assert ((guint)tender < G_N_ELEMENTS (words));
  return till_slip_word (shop, words[tender]);
}

const char *
till_slip_reason (const TillShop *shop, TillReason reason)
{
  switch (reason)
    {
#define X(name, word, digit, label, disposition)                                                   \
  case TILL_REASON_##name:                                                                         \
    return till_slip_word (shop, TILL_WORD_##name);
      TILL_REASONS (X)
#undef X
    case TILL_REASON_NONE:
    default:
      return "";
    }
}

TillSlipRefund
till_slip_refund_words (const TillRefund *refund)
{
  static const TillSlipRefund words[] = {
    [TILL_REFUND_WAIT_APPROVAL] = { TILL_WORD_WAITING, TILL_WORD_SAYS_WAITING },
    [TILL_REFUND_QUEUED] = { TILL_WORD_IN_PROGRESS, TILL_WORD_SAYS_IN_PROGRESS },
    [TILL_REFUND_SENDING] = { TILL_WORD_IN_PROGRESS, TILL_WORD_SAYS_IN_PROGRESS },
    [TILL_REFUND_UNKNOWN] = { TILL_WORD_UNKNOWN, TILL_WORD_SAYS_UNKNOWN },
    [TILL_REFUND_ACCEPTED] = { TILL_WORD_IN_PROGRESS, TILL_WORD_SAYS_IN_PROGRESS },
    [TILL_REFUND_FIX] = { TILL_WORD_BY_STAFF, TILL_WORD_SAYS_BY_STAFF },
    [TILL_REFUND_CUSTOMER] = { TILL_WORD_BY_STAFF, TILL_WORD_SAYS_ACCOUNT },
    [TILL_REFUND_PROVIDER] = { TILL_WORD_IN_PROGRESS, TILL_WORD_SAYS_IN_PROGRESS },
    [TILL_REFUND_RECALL_DUE] = { TILL_WORD_IN_PROGRESS, TILL_WORD_SAYS_IN_PROGRESS },
    [TILL_REFUND_RECALLING] = { TILL_WORD_IN_PROGRESS, TILL_WORD_SAYS_IN_PROGRESS },
    [TILL_REFUND_SUCCEEDED] = { TILL_WORD_REFUNDED, TILL_WORD_SAYS_REFUNDED },
    [TILL_REFUND_BOUNCED] = { TILL_WORD_FAILED, TILL_WORD_SAYS_FAILED },
    [TILL_REFUND_CLOSED] = { TILL_WORD_FAILED, TILL_WORD_SAYS_FAILED },
    [TILL_REFUND_FAILED] = { TILL_WORD_FAILED, TILL_WORD_SAYS_FAILED },
    [TILL_REFUND_REFUSED] = { TILL_WORD_DENIED, TILL_WORD_SAYS_FAILED },
    [TILL_REFUND_CANCELLED] = { TILL_WORD_WITHDRAWN, TILL_WORD_SAYS_WITHDRAWN },
  };
  g_assert ((guint)refund->state < G_N_ELEMENTS (words));
  TillSlipRefund found = words[refund->state];
  g_assert ((found.state == TILL_WORD_REFUNDED) == till_refund_state_is_proven (refund->state));
  if (found.state == TILL_WORD_REFUNDED && refund->tender == TILL_TENDER_CASH)
    found.says = TILL_WORD_SAYS_CASH;
  if (refund->state == TILL_REFUND_CUSTOMER && refund->failure == TILL_CLASS_FINAL)
    found.says = TILL_WORD_SAYS_TOO_LATE;
  return found;
}

void
till_slip_head (TillDoc *doc, const TillShop *shop, TillWord title, const char *no, int copy)
{
  till_doc_title (doc, shop->name);
  if (shop->address && shop->address[0])
    till_doc_text (doc, TILL_ALIGN_CENTRE, shop->address);
  if (shop->training)
    till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, TILL_WORD_TRAINING));
  till_doc_strong (doc, TILL_ALIGN_CENTRE, till_slip_word (shop, title));
  if (copy > 0)
    {
      g_autofree char *mark
          = g_strdup_printf ("*** %s %d ***", till_slip_word (shop, TILL_WORD_COPY), copy);
      till_doc_strong (doc, TILL_ALIGN_CENTRE, mark);
    }
  g_autofree char *spaced = till_number_spaced (no);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_NO), spaced);
}

void
till_slip_who (TillDoc *doc, const TillShop *shop, int64_t at, const char *staff_name)
{
  g_autofree char *when = till_clock_format (at, shop->zone);
  g_autofree char *where
      = g_strdup_printf ("%s %d", till_slip_word (shop, TILL_WORD_TILL), shop->till);
  till_doc_pair (doc, when, where);
  till_doc_pair (doc, till_slip_word (shop, TILL_WORD_CASHIER), staff_name);
}

void
till_slip_foot (TillDoc *doc, const TillShop *shop, const char *no, const char *chain)
{
  till_doc_feed (doc);
  till_doc_barcode (doc, no);
  if (chain && chain[0])
    {
      g_autofree char *anchor
          = g_strdup_printf ("%s %s", till_slip_word (shop, TILL_WORD_ANCHOR), chain);
      till_doc_text (doc, TILL_ALIGN_CENTRE, anchor);
    }
}

void
till_slip_money (TillDoc *doc, const char *label, TillMoney amount)
{
  g_autofree char *words = till_money_format_screen (amount);
  till_doc_pair (doc, label, words);
}

void
till_slip_strong_money (TillDoc *doc, const char *label, TillMoney amount)
{
  g_autofree char *words = till_money_format_screen (amount);
  till_doc_strong_pair (doc, label, words);
}

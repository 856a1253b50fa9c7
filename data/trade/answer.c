/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/answer.h"
#include "data/core/text.h"
#include "data/trade/masked.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

static const char *const words[] = {
#define X(code, word) word,
  TILL_ANSWERS (X)
#undef X
};

TillAnswer
till_answer (TillAnswerCode code)
{
  return (TillAnswer){ .code = code };
}

TillAnswer
till_answer_ref (TillAnswerCode code, const char *ref)
{
  TillAnswer answer = { .code = code };
  if (!ref)
    return answer;
  /* Cut between characters: the reference may be a name of any length. */
  const char *end = ref;
  while (*end && g_utf8_next_char (end) - ref < (gssize)sizeof answer.ref)
    end = g_utf8_next_char (end);
  memcpy (answer.ref, ref, (gsize)(end - ref));
  return answer;
}

TillAnswer
till_answer_money (TillAnswerCode code, TillMoney amount, TillMoney limit)
{
  return (TillAnswer){ .code = code, .amount = amount, .limit = limit };
}

TillAnswer
till_answer_quantity (TillAnswerCode code, TillQuantity quantity, TillQuantity allowed,
                      const char *ref)
{
  TillAnswer answer = till_answer_ref (code, ref);
  answer.quantity = quantity;
  answer.allowed = allowed;
  return answer;
}

gboolean
till_answer_can_be_approved (const TillAnswer *answer)
{
  switch ((int)answer->code)
    {
    case TILL_NO_RIGHT:
    case TILL_NO_DISCOUNT:
    case TILL_NO_WINDOW:
    case TILL_NO_ROUTE:
    case TILL_NO_LIMIT:
    case TILL_NO_OVER_SHORT:
    case TILL_NO_ASSERT:
      return TRUE;
    default:
      return FALSE;
    }
}

const char *
till_answer_word (TillAnswerCode code)
{
  return words[code];
}

gboolean
till_answer_from_word (const char *word, TillAnswerCode *code)
{
  int index = till_text_index (words, G_N_ELEMENTS (words), word);
  if (index >= 0)
    *code = (TillAnswerCode)index;
  return index >= 0;
}

/* One for each number, and what to look at. */
static char *
card_slip_sentence (const char *what)
{
  static const struct
  {
    const char *what, *words;
  } sentences[] = {
    { "reference",
      N_ ("A reference number has 12 digits. Nothing was recorded; the sale waits. Type "
          "it as the slip has it.") },
    { "log", N_ ("This cannot be the provider's log number: it has 14 digits and begins with the "
                 "last two of the year. Nothing was recorded; the sale waits. Look for it on the "
                 "slip.") },
    { "card", N_ ("The card is typed as the slip shows it, its first six and last four digits: "
                  "622612******8223. Nothing was recorded; the sale waits.") },
    { "card_in_clear", N_ ("Never type a whole card number. Nothing was recorded; the sale waits. "
                           "Type the first six and the last four digits only.") },
    { "terminal", N_ ("A terminal number has 8 digits or letters. Nothing was recorded; the sale "
                      "waits. Type it as the slip has it.") },
    { "day",
      N_ ("The slip is not of this sale's day. Nothing was recorded; the sale waits. Look at "
          "its date, and whether it is the right slip.") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (what, sentences[i].what))
      return g_strdup (_ (sentences[i].words));
  return g_strdup (
      _ ("This cannot be a card slip. Nothing was recorded; the sale waits. Compare what "
         "was typed with the slip."));
}

char *
till_answer_sentence (const TillAnswer *answer)
{
  g_autofree char *amount = till_money_format_screen (answer->amount);
  g_autofree char *limit = till_money_format_screen (answer->limit);
  g_autofree char *quantity = till_quantity_format (answer->quantity);
  g_autofree char *allowed = till_quantity_format (answer->allowed);
  const char *ref = answer->ref;

  switch (answer->code)
    {
    case TILL_YES:
      return g_strdup (_ ("Done."));
    case TILL_NO_EMPTY:
      return g_strdup (_ ("Nothing is chosen yet. Scan an item first."));
    case TILL_NO_ITEM:
      return g_strdup_printf (_ ("No goods have the code %s. Nothing was added. Check the code or "
                                 "search by name (F2)."),
                              ref);
    case TILL_NO_SALE:
      return g_strdup_printf (
          _ ("No sale has the number %s. Check the receipt or search for the sale (F2)."), ref);
    case TILL_NO_ONE_SALE:
      if (till_masked_is (ref))
        return g_strdup_printf (
            /* TRANSLATORS: %s is a masked card number, "622848******0018". */
            _ ("%" PRId64 " sales were paid with a card that shows %s. Choose the one that is "
               "meant by its receipt."),
            answer->quantity, ref);
      return g_strdup_printf (_ ("%" PRId64 " sales have the provider's number %s. Choose the one "
                                 "that is meant by its receipt."),
                              answer->quantity, ref);
    case TILL_NO_RIGHT:
      return g_strdup (_ ("You may not do this alone. Everything is kept. Ask a supervisor."));
    case TILL_NO_DISCOUNT:
      return g_strdup_printf (
          _ ("A discount of %s is above your limit of %s. The basket is kept. Ask a supervisor."),
          amount, limit);
    case TILL_NO_TENDER_SHORT:
      return g_strdup_printf (_ ("%s is still missing. Enter the rest or add another payment."),
                              amount);
    case TILL_NO_TENDER_OVER:
      return g_strdup_printf (
          _ ("%s is more than the %s still to pay. Only cash can be more than the amount due."),
          amount, limit);
    case TILL_NO_TENDER_BUSY:
      return g_strdup (_ ("A payment of this sale is not confirmed yet. Do not charge again; wait "
                          "for the answer or cancel that payment."));
    case TILL_NO_NOT_PAID:
      return g_strdup_printf (_ ("Sale %s is not paid. There is nothing to give back."), ref);
    case TILL_NO_QUANTITY:
      return g_strdup_printf (_ ("%s: %s can be returned, %s entered. Enter %s or less."), ref,
                              allowed, quantity, allowed);
    case TILL_NO_LEG:
      return g_strdup_printf (_ ("%s is more than the %s that this payment can still give back."),
                              amount, limit);
    case TILL_NO_STALE:
      return g_strdup (_ ("Somebody else changed this meanwhile. It was read again; look at the "
                          "figures and repeat."));
    case TILL_NO_REASON:
      return g_strdup (_ ("The reason for the return is missing. Press its digit."));
    case TILL_NO_WINDOW:
      return g_strdup_printf (_ ("Bought %" PRId64 " days ago; returns are taken within "
                                 "%" PRId64 " days. The return is kept. A supervisor can "
                                 "allow it."),
                              answer->quantity, answer->allowed);
    case TILL_NO_ROUTE:
      return g_strdup (_ ("This is not the way it was paid. The return is kept. A second person "
                          "must approve another way."));
    case TILL_NO_TOO_OLD:
      return g_strdup_printf (
          /* TRANSLATORS: the first %s is a provider. */
          _ ("%s gives a payment back within %" PRId64 " days; this one is %" PRId64
             " days old, so "
             "its money cannot go back the way it was paid. Nothing was sent; the return is kept. "
             "Choose cash, which a second person must approve. A return that already waits for a "
             "second person is rejected first."),
          _ (ref), answer->allowed, answer->quantity);
    case TILL_NO_TOO_OFTEN:
      return g_strdup_printf (
          /* TRANSLATORS: the first %s is a provider. */
          _ ("%s gives a payment back in %" PRId64 " parts at most; %" PRId64
             " went back already, so "
             "no more of its money can go back the way it was paid. Nothing was sent; the return "
             "is kept. Choose cash, which a second person must approve. A return that already "
             "waits for a second person is rejected first."),
          _ (ref), answer->allowed, answer->quantity);
    case TILL_NO_LIMIT:
      return g_strdup_printf (
          _ ("%s is above your limit of %s. The return is kept. Ask a supervisor to approve."),
          amount, limit);
    case TILL_NO_SAME_PERSON:
      return g_strdup (_ ("Nobody approves what they asked for themselves. Ask a second person."));
    case TILL_NO_DRAWER:
      return g_strdup_printf (
          _ ("%s is more than the %s in the drawer. Choose another way or fetch cash first."),
          amount, limit);
    case TILL_NO_PIN:
      return g_strdup_printf (_ ("The number or PIN is wrong. %" PRId64 " tries are left."),
                              answer->quantity);
    case TILL_NO_LOCKED:
      return g_strdup_printf (
          _ ("Too many wrong PINs. Locked for %" PRId64 " minutes. Ask a manager."),
          answer->quantity);
    case TILL_NO_STATE:
      return g_strdup_printf (_ ("Not possible in this state: %s."), ref);
    case TILL_NO_STOPPED:
      return g_strdup (_ ("Refunds are stopped. The return is kept. Ask a manager."));
    case TILL_NO_AMOUNT:
      return g_strdup (_ ("No amount was entered. Nothing was moved. Enter one above zero."));
    case TILL_NO_CASH:
      return g_strdup_printf (_ ("%s is more than the drawer can hold. Nothing was moved. Enter "
                                 "what really went to the safe, or close the shift and count."),
                              amount);
    case TILL_NO_CASH_REASON:
      return g_strdup (_ ("The reason is missing. Nothing was moved. Say why the cash leaves the "
                          "drawer."));
    case TILL_NO_KEEP:
      return g_strdup_printf (
          _ ("%s cannot stay in the drawer: %s were counted. The count is kept. "
             "Enter what really stays."),
          amount, limit);
    case TILL_NO_OVER_SHORT:
      return g_strdup_printf (_ ("The count is %s away from the books; above %s a second person "
                                 "has to look. The count is kept. Count again, or let a second "
                                 "person approve."),
                              amount, limit);
    case TILL_NO_SETTING:
      return g_strdup_printf (
          _ ("“%s” cannot be set to this. Nothing was changed. Correct the value "
             "and save again."),
          ref);
    case TILL_NO_TAKER:
      return g_strdup_printf (
          _ ("The provider “%s” does not take this kind of payment. Nothing was "
             "changed. Choose another provider."),
          ref);
    case TILL_NO_NOTICE:
      return g_strdup_printf (_ ("No unsettled notice has the number %s. Nothing was changed. Look "
                                 "at the list again: somebody may have settled it."),
                              ref);
    case TILL_NO_WORDS:
      return g_strdup (_ ("Nothing was said about it. Nothing was changed. Say what it was."));
    case TILL_NO_SLIP:
      return g_strdup_printf (_ ("No slip %s waits for somebody to look. Nothing was changed. Look "
                                 "at the list again: somebody may have settled it."),
                              ref);
    case TILL_NO_DIFFERENCE:
      return g_strdup_printf (
          _ ("No open difference has the number %s. Nothing was changed. Look at "
             "the list again: somebody may have closed it, or a later file "
             "did."),
          ref);
    case TILL_NO_SECOND:
      return g_strdup_printf (_ ("%s left the shop, and only the provider knows of it. Nothing was "
                                 "changed. Two persons close that: let a second person sign."),
                              amount);
    case TILL_NO_STOP:
      return g_strdup_printf (
          _ ("%s is not stopped. Nothing was changed; what is due there goes out "
             "by itself."),
          ref);
    case TILL_NO_CARD_SLIP:
      return card_slip_sentence (ref);
    case TILL_NO_CARD_SLIP_TWICE:
      return g_strdup_printf (
          _ ("%s of this day is in the books already: one slip pays once. Nothing was recorded. "
             "Look whether it is the slip of another sale, and type the number of this one."),
          ref);
    case TILL_NO_ASSERT:
      return g_strdup_printf (
          _ ("%s by a card slip is above your limit of %s. The sale is kept. A second person looks "
             "at the slip and signs."),
          amount, limit);
    case TILL_NO_DEVICE:
      return g_strdup_printf (_ ("No device that is in use has the number %s in the register. "
                                 "Nothing was written. Look at the list again."),
                              ref);
    case TILL_NO_DEVICE_TWICE:
      return g_strdup_printf (_ ("“%s” is in the register as this very device already. Nothing was "
                                 "written. Correct that one, or retire it first."),
                              ref);
    case TILL_NO_RECORD:
      return g_strdup_printf (_ ("This cannot be so: %s. Nothing was written. Correct it and save "
                                 "again."),
                              ref);
    default:
      g_assert_not_reached ();
    }
}

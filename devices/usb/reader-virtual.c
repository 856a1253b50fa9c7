/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/reader-virtual.h"
#include "data/core/text.h"

#include <string.h>

static const TillSampleCard cards[] = {
  { "UnionPay debit", "unionpay", "621700******0018", "tok-unionpay-debit-0018" },
  { "UnionPay credit", "unionpay", "622848******7723", "tok-unionpay-credit-7723" },
  { "Visa", "visa", "411111******4021", "tok-visa-4021" },
  { "Mastercard", "mastercard", "520082******8210", "tok-mastercard-8210" },
};

const TillSampleCard *
till_reader_virtual_cards (guint *n)
{
  *n = G_N_ELEMENTS (cards);
  return cards;
}

char *
till_reader_virtual_line (const TillSampleCard *card, const char *entry)
{
  return g_strdup_printf ("card %s %s %s %s", entry, card->scheme, card->masked, card->token);
}

static gboolean
is_word (const char *text, gsize max, const char *also)
{
  gsize n = 0;
  for (; text[n]; n++)
    if (n >= max || !(g_ascii_isalnum (text[n]) || strchr (also, text[n])))
      return FALSE;
  return n > 0;
}

/* Up to six digits, at least four stars, exactly four digits. */
static gboolean
is_masked (const char *text)
{
  gsize first = strspn (text, "0123456789");
  gsize stars = strspn (text + first, "*");
  gsize last = strspn (text + first + stars, "0123456789");
  return first <= 6 && stars >= 4 && last == 4 && first + stars + last <= 19
         && text[first + stars + last] == 0;
}

/* Word by word, because digits of two neighbours read as one row would hide a number in it. */
static gboolean
holds_card_number (const char *line, gsize size)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  gboolean found = till_finding_is_card_data ((const guint8 *)line, size);
  for (guint i = 0; words[i]; i++)
    {
      g_autofree char *masked = till_text_mask_cards (words[i]);
      found |= strcmp (masked, words[i]) != 0;
      explicit_bzero (words[i], strlen (words[i]));
    }
  return found;
}

static void
take_line (char *line, gsize size, TillFindingTake take, gpointer user)
{
  if (holds_card_number (line, size))
    {
      till_finding_give_refusal (TILL_REFUSED_CARD_DATA, take, user);
      return;
    }
  if (strcmp (line, TILL_READER_VIRTUAL_EARLY) == 0)
    {
      TillFinding early = { .kind = TILL_FINDING_CARD_EARLY };
      take (&early, user);
      return;
    }
  g_auto (GStrv) words = g_strsplit (line, " ", 6);
  static const char *const entries[] = { "insert", "tap", "swipe", NULL };
  if (g_strv_length (words) != 5 || strcmp (words[0], "card") != 0
      || !g_strv_contains (entries, words[1]) || !is_word (words[2], 15, "-")
      || !is_masked (words[3]) || !is_word (words[4], 64, "-_."))
    {
      till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
      return;
    }
  TillFinding finding = { .kind = TILL_FINDING_CARD, .use = TILL_CARD_CHARGE };
  g_strlcpy (finding.entry, words[1], sizeof finding.entry);
  g_strlcpy (finding.scheme, words[2], sizeof finding.scheme);
  g_strlcpy (finding.masked, words[3], sizeof finding.masked);
  g_strlcpy (finding.token, words[4], sizeof finding.token);
  take (&finding, user);
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  return (gpointer)&till_reader_virtual; /* every line stands alone: nothing to remember */
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  g_autofree char *line = g_strndup ((const char *)report, size);
  if (strlen (line) != size || !g_utf8_validate (line, -1, NULL))
    till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
  else
    take_line (line, size, take, user);
  explicit_bzero (line, size);
}

static void
nothing (gpointer state)
{
}

const TillDriver till_reader_virtual
    = { "reader-virtual", FALSE, start, take_report, nothing, nothing };

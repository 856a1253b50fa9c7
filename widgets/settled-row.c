/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/settled-row.h"
#include "data/core/ids.h"
#include "data/settlement/matching.h"
#include "data/trade/refund.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define EXACT_OF_YUAN 100000 /* thousandths of a fen */

const TillColumn till_settled_day_columns[TILL_SETTLED_DAY_COLUMNS] = {
  { N_ ("Verdict"), TILL_CELL_FACE, 12 },   { N_ ("Day"), TILL_CELL_TEXT, 11 },
  { N_ ("Provider"), TILL_CELL_TEXT, 0 },   { N_ ("Rows"), TILL_CELL_FIGURE, 6 },
  { N_ ("Came in"), TILL_CELL_FIGURE, 12 }, { N_ ("Went back"), TILL_CELL_FIGURE, 12 },
  { N_ ("Open"), TILL_CELL_FIGURE, 6 },
};

const TillColumn till_difference_columns[TILL_DIFFERENCE_COLUMNS] = {
  { N_ ("State"), TILL_CELL_FACE, 10 },     { N_ ("What"), TILL_CELL_TEXT, 0 },
  { N_ ("Of"), TILL_CELL_TEXT, 8 },         { N_ ("Number"), TILL_CELL_NUMBER, 17 },
  { N_ ("File"), TILL_CELL_FIGURE, 11 },    { N_ ("Books"), TILL_CELL_FIGURE, 11 },
  { N_ ("Books now"), TILL_CELL_TEXT, 13 },
};

const char *
till_settled_provider (const char *provider)
{
  const TillCodec *codec = till_codec_find (provider);
  return codec ? _ (codec->profile->words) : provider;
}

/* --- days --- */

static TillFace
face_of_day (const TillSettledDay *day)
{
  if (day->id == 0 && day->due_at)
    return (TillFace){ "preferences-system-time-symbolic", _ ("No file yet"), "plain" };
  if (day->id == 0)
    return (TillFace){ "dialog-warning-symbolic", _ ("No file"), "warn" };
  if (day->open > 0 || day->flow == TILL_FLOW_DIFFERS)
    return (TillFace){ "dialog-warning-symbolic", _ ("Differs"), "warn" };
  if (day->flow == TILL_FLOW_MISSING)
    return (TillFace){ "preferences-system-time-symbolic", _ ("Not whole"), "plain" };
  return (TillFace){ "object-select-symbolic", _ ("Agrees"), "good" };
}

TillSheetRow *
till_settled_day_row_new (TillCounter *counter, guint n, const TillSettledDay *day)
{
  gboolean read = day->id != 0;
  g_autofree char *date = till_clock_format_day (day->day);
  g_autofree char *rows = read ? g_strdup_printf ("%" G_GINT64_FORMAT, day->n) : g_strdup ("–");
  g_autofree char *paid = read ? till_money_format_screen (day->paid) : g_strdup ("–");
  g_autofree char *returned = read ? till_money_format_screen (day->returned) : g_strdup ("–");
  g_autofree char *open = read ? g_strdup_printf ("%d", day->open) : g_strdup ("–");
  const char *cells[]
      = { "", date, till_settled_provider (day->provider), rows, paid, returned, open };
  TillSheetRow *row = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, face_of_day (day));
  return row;
}

char *
till_settled_day_title (const TillSettledDay *day)
{
  g_autofree char *date = till_clock_format_day (day->day);
  return g_strdup_printf ("%s · %s", till_settled_provider (day->provider), date);
}

static char *
absent_sentence (TillCounter *counter, const TillSettledDay *day)
{
  g_autofree char *due = day->due_at ? till_counter_moment (counter, day->due_at) : NULL;
  if (due && day->asked_at)
    return g_strdup_printf (_ ("The provider has given no file that can be believed. It is asked "
                               "again at %s. That is never “there was nothing”."),
                            due);
  if (due)
    return g_strdup_printf (_ ("The file of this day is asked for at %s."), due);
  return g_strdup (
      _ ("No file of this day came, and it is no longer asked for. Fetch it once more, "
         "or read one that you have."));
}

static const char *
flow_sentence (TillFlow flow)
{
  switch (flow)
    {
    case TILL_FLOW_AGREES:
      return _ ("The fund flow agrees with the file.");
    case TILL_FLOW_DIFFERS:
      return _ ("The fund flow does not agree with the file: call the provider.");
    case TILL_FLOW_MISSING:
      return _ ("The fund flow of this day has not come yet.");
    default:
      return "";
    }
}

char *
till_settled_day_sentence (TillCounter *counter, const TillSettledDay *day)
{
  if (day->id == 0)
    return absent_sentence (counter, day);
  g_autofree char *open
      = g_strdup_printf (ngettext ("%d difference is open: Enter shows it.",
                                   "%d differences are open: Enter shows them.", (gulong)day->open),
                         day->open);
  const char *agrees = day->differing ? _ ("All differences of this day are closed.")
                                      : _ ("The file and the books agree.");
  const char *flow = flow_sentence (day->flow);
  return g_strjoin (" ", day->open ? open : agrees, *flow ? flow : NULL, NULL);
}

/* Exactly as the file states it: yuan, with as many decimals as it needs. */
static char *
fee_text (int64_t exact)
{
  guint64 size = exact < 0 ? 0 - (guint64)exact : (guint64)exact;
  g_autofree char *text
      = g_strdup_printf ("%s¥%" G_GUINT64_FORMAT ".%05" G_GUINT64_FORMAT, exact < 0 ? "−" : "",
                         size / EXACT_OF_YUAN, size % EXACT_OF_YUAN);
  gsize length = strlen (text);
  for (int i = 0; i < 3 && text[length - 1] == '0'; i++)
    text[--length] = '\0';
  return g_steal_pointer (&text);
}

static char *
sums_text (int64_t n, TillMoney paid, TillMoney returned)
{
  g_autofree char *in = till_money_format_screen (paid);
  g_autofree char *out = till_money_format_screen (returned);
  /* Translators: how many rows, what came in, what went back */
  return g_strdup_printf (_ ("%" PRId64 " rows, in %s, back %s"), n, in, out);
}

static char *
read_text (TillCounter *counter, const TillSettledDay *day)
{
  g_autofree char *at = till_counter_moment (counter, day->at);
  if (day->by_hand)
    return g_strdup_printf (_ ("Brought by %s, %s."), day->read_by, at);
  return *day->read_by ? g_strdup_printf (_ ("Fetched by %s, %s."), day->read_by, at)
                       : g_strdup_printf (_ ("Fetched by the till itself, %s."), at);
}

char *
till_settled_day_figures (TillCounter *counter, const TillSettledDay *day)
{
  if (day->id == 0)
    return *day->said ? g_strdup_printf (_ ("What came of it: %s"), day->said) : g_strdup ("");
  g_autofree char *theirs = sums_text (day->n, day->paid, day->returned);
  g_autofree char *ours = sums_text (day->our_n, day->our_paid, day->our_returned);
  g_autofree char *settled = till_money_format_screen (day->settled);
  g_autofree char *fee = fee_text (day->fee_exact);
  g_autofree char *read = read_text (counter, day);
  g_autofree char *files
      = day->files > 1
            ? g_strdup_printf (_ ("%d different files of this day were read; the figures "
                                  "are of the last."),
                               day->files)
            : NULL;
  g_autofree char *figures = g_strdup_printf (_ ("File: %s, to be paid out %s, fees %s\nBooks: %s"),
                                              theirs, settled, fee, ours);
  return g_strdup_printf ("%s\n%s%s%s", figures, read, files ? " " : "", files ? files : "");
}

/* --- differences --- */

static TillMatchClass
class_of (const TillDifference *difference)
{
  TillMatchClass match = TILL_MATCH_OTHER;
  till_match_class_from_word (difference->match, &match);
  return match;
}

static const char *
kind_of (const TillDifference *difference)
{
  return till_settlement_kind_label (till_settlement_kind_from_word (difference->kind));
}

static TillFace
face_now (const TillDifference *difference)
{
  gboolean refund = strcmp (difference->kind, "refund") == 0;
  return refund ? till_face_of_refund (till_refund_state_from_word (difference->now_state))
                : till_face_of_leg (till_leg_state_from_word (difference->now_state));
}

TillSheetRow *
till_difference_row_new (TillCounter *counter, guint n, const TillDifference *difference)
{
  gboolean theirs = difference->line != 0, ours = *difference->sale_no != '\0';
  g_autofree char *file
      = theirs ? till_money_format_screen (difference->their_amount) : g_strdup ("–");
  g_autofree char *books
      = ours ? till_money_format_screen (difference->our_amount) : g_strdup ("–");
  const char *now = *difference->now_state ? face_now (difference).word : "–";
  const char *cells[] = { "",
                          till_match_class_label (class_of (difference)),
                          kind_of (difference),
                          difference->request_no,
                          file,
                          books,
                          now };
  TillFace face = difference->closed_at
                      ? (TillFace){ "object-select-symbolic", _ ("Closed"), "plain" }
                      : (TillFace){ "dialog-warning-symbolic", _ ("Open"), "warn" };
  TillSheetRow *row = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, face);
  return row;
}

char *
till_difference_title (const TillDifference *difference)
{
  if (!*difference->sale_no)
    return g_strdup_printf ("%s · %s", kind_of (difference), difference->request_no);
  g_autofree char *sale = till_number_spaced (difference->sale_no);
  /* Translators: "Payment" or "Refund", its number, number of the receipt */
  return g_strdup_printf (_ ("%s · %s · of receipt %s"), kind_of (difference),
                          difference->request_no, sale);
}

static char *
what_differs (const TillDifference *difference)
{
  g_autofree char *theirs = till_money_format_screen (difference->their_amount);
  g_autofree char *ours = till_money_format_screen (difference->our_amount);
  switch ((int)class_of (difference))
    {
    case TILL_MATCH_AMOUNT:
      return g_strdup_printf (_ ("The file says %s and the books say %s, or it is of another "
                                 "payment."),
                              theirs, ours);
    case TILL_MATCH_STATE:
      return g_strdup_printf (_ ("About %s the file and the books did not say the same."), ours);
    case TILL_MATCH_SECOND:
      return g_strdup_printf (_ ("The provider moved %s once more under this number."), theirs);
    case TILL_MATCH_THEIRS:
      return g_strdup_printf (difference->back
                                  ? _ ("%s left the shop, and only the provider knows of it.")
                                  : _ ("%s came in, and only the provider knows of it."),
                              theirs);
    case TILL_MATCH_OURS:
      return g_strdup_printf (_ ("The books say that %s moved, and the file does not have it."),
                              ours);
    case TILL_MATCH_EDGE:
      return g_strdup_printf (_ ("The books say that %s moved, so near the day's end that the next "
                                 "file may have it."),
                              ours);
    default:
      return g_strdup_printf (_ ("Neither the file nor the books say that %s has moved."), ours);
    }
}

static char *
how_closed (const TillDifference *difference)
{
  if (difference->by_file && difference->by_day == difference->day
      && difference->by_file != difference->settlement_id)
    return g_strdup (_ ("A later file of that day took its place."));
  if (difference->by_file)
    {
      g_autofree char *day = till_clock_format_day (difference->by_day);
      return g_strdup_printf (_ ("By now the books agree with the file of %s."), day);
    }
  if (*difference->approved_by)
    return g_strdup_printf (_ ("%s closed it, and %s agreed: “%s”"), difference->closed_by,
                            difference->approved_by, difference->reason);
  return g_strdup_printf (_ ("%s closed it: “%s”"), difference->closed_by, difference->reason);
}

char *
till_difference_sentence (const TillDifference *difference)
{
  g_autofree char *what = what_differs (difference);
  g_autofree char *end = difference->closed_at ? how_closed (difference) : NULL;
  return g_strjoin (" ", what, end, NULL);
}

char *
till_difference_figures (TillCounter *counter, const TillDifference *difference)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (difference->line)
    {
      g_autofree char *amount = till_money_format_screen (difference->their_amount);
      /* Translators: line in the file, amount, the provider's number */
      g_string_append_printf (text, _ ("File, line %" PRId64 ": %s, the provider's number %s"),
                              difference->line, amount,
                              *difference->provider_no ? difference->provider_no : "–");
      if (*difference->their_state)
        g_string_append_printf (text, " · %s", difference->their_state);
    }
  else
    g_string_append (text, _ ("File: nothing"));
  g_string_append_c (text, '\n');
  if (!*difference->sale_no)
    g_string_append (text, _ ("Books: nothing"));
  else
    {
      g_autofree char *amount = till_money_format_screen (difference->our_amount);
      g_string_append_printf (text, _ ("Books: %s, now “%s”"), amount, face_now (difference).word);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
till_difference_waits (const TillDifference *difference)
{
  TillMatchClass match = class_of (difference);
  return match == TILL_MATCH_STATE || match == TILL_MATCH_WAITING || match == TILL_MATCH_EDGE;
}

const char *
till_difference_next (const TillDifference *difference)
{
  if (difference->closed_at)
    return _ ("Nothing is to be done.");
  switch ((int)class_of (difference))
    {
    case TILL_MATCH_STATE:
    case TILL_MATCH_WAITING:
      return _ ("The provider is asked by itself. When both say the same this closes by itself.");
    case TILL_MATCH_EDGE:
      return _ ("Wait for the next day's file: when it has it, this closes by itself.");
    case TILL_MATCH_OURS:
      return _ ("Call the provider and ask where the money is; then close it with the answer.");
    case TILL_MATCH_THEIRS:
      return difference->back
                 ? _ ("Call the provider and ask who sent this out. Two persons close it.")
                 : _ ("Look which till or terminal took it; then close it with what it was.");
    case TILL_MATCH_SECOND:
      return difference->back
                 ? _ ("Call the provider: the customer may have been paid twice. Two persons close "
                      "it.")
                 : _ ("Call the provider: the customer may have paid twice.");
    default:
      return _ ("Call the provider, then close it with what it was.");
    }
}

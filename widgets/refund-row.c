/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/refund-row.h"
#include "data/core/ids.h"
#include "data/trade/provider-limits.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>

const TillColumn till_refund_columns[TILL_REFUND_COLUMNS] = {
  { N_ ("State"), TILL_CELL_FACE, 15 },        { N_ ("Refund"), TILL_CELL_NUMBER, 0 },
  { N_ ("Amount"), TILL_CELL_FIGURE, 10 },     { N_ ("Goes back by"), TILL_CELL_TEXT, 10 },
  { N_ ("Since"), TILL_CELL_TEXT, 11 },        { N_ ("Next step"), TILL_CELL_TEXT, 13 },
  { N_ ("Provider says"), TILL_CELL_TEXT, 9 },
};

static char *
next_step (TillCounter *counter, const TillRefund *refund)
{
  if (till_refund_state_needs_person (refund->state))
    return g_strdup (_ ("needs a person"));
  int64_t closing = till_provider_limits_closing (till_codec_profile (refund->provider, NULL),
                                                  refund, till_counter_now (counter));
  if (closing)
    {
      g_autofree char *day = till_clock_stamp (closing, counter->shop->zone, "%m-%d");
      /* Translators: a provider closes a refund unpaid on that month and day; at most 13 columns.
       */
      return g_strdup_printf (_ ("closes %s"), day);
    }
  if (refund->next_action_at == 0)
    return g_strdup ("");
  g_autofree char *time = till_counter_time (counter, refund->next_action_at);
  return g_strdup_printf (refund->state == TILL_REFUND_QUEUED ? _ ("is sent %s") : _ ("asks at %s"),
                          time);
}

TillSheetRow *
till_refund_row_new (TillCounter *counter, const TillRefund *refund)
{
  g_autofree char *no = till_number_spaced (refund->no);
  g_autofree char *amount = till_money_format_screen (refund->amount);
  g_autofree char *since = till_counter_moment (counter, refund->at);
  g_autofree char *next = next_step (counter, refund);
  const char *cells[] = { "",
                          no,
                          amount,
                          till_tender_label (refund->tender),
                          since,
                          next,
                          *refund->failure_words ? refund->failure_words : refund->failure_code };
  TillSheetRow *row = till_sheet_row_new (refund->id, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, till_face_of_refund (refund->state));
  return row;
}

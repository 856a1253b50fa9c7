/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/notice-row.h"
#include "data/core/ids.h"
#include "devices/gateway/registry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

const TillColumn till_notice_columns[TILL_NOTICE_COLUMNS] = {
  { N_ ("State"), TILL_CELL_FACE, 12 },         { N_ ("Came"), TILL_CELL_TEXT, 11 },
  { N_ ("Provider"), TILL_CELL_TEXT, 13 },      { N_ ("About"), TILL_CELL_TEXT, 8 },
  { N_ ("Number"), TILL_CELL_NUMBER, 0 },       { N_ ("Amount"), TILL_CELL_FIGURE, 10 },
  { N_ ("Provider says"), TILL_CELL_TEXT, 13 },
};

static TillFace
face_of (TillNoticeState state)
{
  static const struct
  {
    const char *icon, *word, *style;
  } faces[] = {
    [TILL_NOTICE_UNSETTLED] = { "dialog-warning-symbolic", N_ ("Unsettled"), "warn" },
    [TILL_NOTICE_SETTLED] = { "folder-symbolic", N_ ("Settled"), "plain" },
    [TILL_NOTICE_KNOWN] = { "object-select-symbolic", N_ ("Ours"), "good" },
  };
  return (TillFace){ faces[state].icon, _ (faces[state].word), faces[state].style };
}

static const char *
kind_of (const TillKeptNotice *kept)
{
  return kept->is_refund ? _ ("refund") : _ ("payment");
}

const char *
till_notice_provider (const TillKeptNotice *kept)
{
  const TillCodec *codec = till_codec_find (kept->provider);
  return codec ? _ (codec->profile->words) : kept->provider;
}

/* How much one of no number of ours is about, only the provider can say, and some do not. */
static char *
amount_of (const TillKeptNotice *kept)
{
  g_autofree char *told = till_kept_notice_told (kept);
  return kept->amount ? till_money_format_screen (kept->amount)
         : *told      ? g_steal_pointer (&told)
                      : g_strdup ("–");
}

/* Of ours the amount is known; what is said of it is told when it is another one. */
static char *
other_amount (const TillKeptNotice *kept)
{
  gboolean yuan = !*kept->currency || strcmp (kept->currency, "CNY") == 0;
  gboolean same = kept->told == kept->amount && yuan;
  return kept->amount && !same ? till_kept_notice_told (kept) : g_strdup ("");
}

TillSheetRow *
till_notice_row_new (TillCounter *counter, const TillKeptNotice *kept)
{
  g_autofree char *came = till_counter_moment (counter, kept->at);
  g_autofree char *amount = amount_of (kept);
  const char *cells[]
      = { "",     came,       till_notice_provider (kept), kind_of (kept), kept->request_no,
          amount, kept->words };
  TillSheetRow *row = till_sheet_row_new (kept->id, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, face_of (kept->state));
  return row;
}

char *
till_notice_title (const TillKeptNotice *kept)
{
  const char *provider = till_notice_provider (kept);
  if (!*kept->no)
    {
      g_autofree char *told = till_kept_notice_told (kept);
      /* Translators: number of the notice, provider, "refund" or "payment", the provider's number
       */
      g_autofree char *title = g_strdup_printf (_ ("Notice %" PRId64 " · %s · %s %s"), kept->id,
                                                provider, kind_of (kept), kept->request_no);
      return g_strjoin (" · ", title, *told ? told : NULL, NULL);
    }
  g_autofree char *no = till_number_spaced (kept->no);
  g_autofree char *amount = till_money_format_screen (kept->amount);
  return g_strdup_printf (kept->refund_id
                              ? _ ("Notice %" PRId64 " · %s · refund %s · %s")
                              : _ ("Notice %" PRId64 " · %s · payment of receipt %s · %s"),
                          kept->id, provider, no, amount);
}

char *
till_notice_told (TillCounter *counter, const TillKeptNotice *kept)
{
  g_autofree char *came = till_counter_moment (counter, kept->at);
  g_autofree char *settled
      = kept->settled_at ? till_counter_moment (counter, kept->settled_at) : NULL;
  g_autofree char *other = other_amount (kept);
  g_autoptr (GString) told = g_string_new (NULL);
  if (*kept->words)
    g_string_append_printf (told, _ ("The provider says: %s · "), kept->words);
  if (*other)
    g_string_append_printf (told, _ ("it speaks of %s, which is not our amount · "), other);
  g_string_append_printf (told, _ ("came %s"), came);
  if (kept->repeats)
    g_string_append_printf (
        told, ngettext (" · told again %d time", " · told again %d times", (gulong)kept->repeats),
        kept->repeats);
  if (settled)
    g_string_append_printf (told, _ (" · settled %s"), settled);
  return g_string_free (g_steal_pointer (&told), FALSE);
}

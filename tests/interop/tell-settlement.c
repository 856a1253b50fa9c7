/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says what the till reads in a settlement file, as lines of cells parted by tabs, for a test in
 * another language to compare. The last line has the totals.
 * usage: tell-settlement FORMAT MERCHANT YYYYMMDD FILE... */
#include "data/core/clock.h"
#include "data/settlement/settlement.h"

#include <stdio.h>
#include <stdlib.h>

static GPtrArray *
load (char *const paths[], int n)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *data = NULL;
      gsize size;
      if (!g_file_get_contents (paths[i], &data, &size, &error))
        g_error ("%s", error->message);
      g_autofree char *name = g_path_get_basename (paths[i]);
      g_autoptr (GBytes) bytes = g_bytes_new (data, size);
      g_ptr_array_add (members, till_settlement_member_new (name, bytes));
    }
  return members;
}

static const char *
text (const char *cell)
{
  return cell ? cell : "";
}

static void
tell (const TillSettlement *settlement)
{
  const TillSettlementTotals *totals = &settlement->totals;
  for (guint i = 0; i < settlement->rows->len; i++)
    {
      const TillSettlementRow *row = g_ptr_array_index (settlement->rows, i);
      g_autofree char *at = till_clock_format (row->at, "Asia/Shanghai");
      printf ("%s\t%s\t%s\t%s\t%s\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT
              "\t%s\t%s\n",
              till_settlement_kind_word (row->kind), text (row->request_no),
              text (row->original_no), text (row->provider_no), text (row->original_provider_no),
              row->amount, row->settled, row->fee_exact, text (row->state), at);
    }
  printf ("total\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT
          "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\n",
          totals->rows, totals->paid, totals->returned, totals->settled, totals->fee_exact);
}

int
main (int argc, char *argv[])
{
  g_assert (argc >= 5);
  const TillSettlementFormat *format = till_settlement_format (argv[1]);
  g_assert (format);
  g_autoptr (GPtrArray) members = load (argv + 4, argc - 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement
      = till_settlement_parse (format, members, argv[2], atoi (argv[3]), &error);
  if (!settlement)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  tell (settlement);
  return 0;
}

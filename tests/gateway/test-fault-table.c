/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of faults holds every line of the matrix, every fault of every player, and says what
 * the manual page says. */
#include "app/sandbox/due-notice.h"
#include "app/sandbox/fault-table.h"
#include "app/sandbox/provider-speech.h"

#include <string.h>

#define MATRIX_LINES 46

static char *
source (const char *path)
{
  g_autofree char *whole = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), path, NULL);
  char *text = NULL;
  g_assert_true (g_file_get_contents (whole, &text, NULL, NULL));
  return text;
}

static void
test_matrix (void)
{
  for (int line = 1; line <= MATRIX_LINES; line++)
    {
      g_autofree char *name = g_strdup_printf ("G%02d", line);
      gboolean found = FALSE;
      const TillFaultRow *row;
      const TillFaultElsewhere *other;
      for (guint n = 0; (row = till_fault_table_nth (n)); n++)
        found = found || strstr (row->matrix, name);
      for (guint n = 0; (other = till_fault_table_elsewhere (n)); n++)
        found = found || strcmp (other->matrix, name) == 0;
      g_test_message ("%s", name);
      g_assert_true (found);
    }
}

static void
test_elsewhere (void)
{
  const TillFaultElsewhere *other;
  for (guint n = 0; (other = till_fault_table_elsewhere (n)); n++)
    {
      g_autofree char *text = source (other->test);
      g_test_message ("%s: %s", other->matrix, other->name);
      g_assert_nonnull (strstr (text, other->name));
    }
}

static void
test_players (void)
{
  static const struct
  {
    TillFaultPlayer player;
    int n;
  } players[] = { { TILL_PLAYED_BY_MODEL, TILL_N_PROVIDER_FAULTS },
                  { TILL_PLAYED_BY_DOOR, TILL_N_LINE_FAULTS },
                  { TILL_PLAYED_BY_NOTICES, TILL_NOTICE_OTHER_PROVIDER + 1 },
                  { TILL_PLAYED_BY_FILES, TILL_BILL_FUNDS_OTHER_AMOUNT + 1 } };
  for (gsize i = 0; i < G_N_ELEMENTS (players); i++)
    for (int fault = 0; fault < players[i].n; fault++)
      {
        const TillFaultRow *row = till_fault_table_of (players[i].player, fault);
        g_assert_true (row == till_fault_table_find (players[i].player, row->word));
      }
  g_assert_null (till_fault_table_find (TILL_PLAYED_BY_MODEL, "expired"));
  g_assert_null (till_fault_table_find (TILL_PLAYED_BY_DOOR, NULL));
}

/* As it stands in the table, each can be set. */
static void
test_defaults (void)
{
  g_autoptr (TillProvider) provider = till_provider_new (FALSE, NULL, NULL);
  const TillFaultRow *row;
  for (guint n = 0; (row = till_fault_table_nth (n)); n++)
    {
      if (row->player != TILL_PLAYED_BY_MODEL)
        continue;
      g_test_message ("%s", row->word);
      g_assert_true (till_provider_set_fault (provider, TILL_ERRAND_REFUND,
                                              (TillProviderFault)row->fault, 1, row->value,
                                              row->text, NULL));
    }
  g_assert_false (till_provider_set_fault (provider, TILL_ERRAND_REFUND, TILL_PROVIDER_HTTP_429, 1,
                                           0, "a\r\nSet-Cookie: b", NULL));
  g_assert_false (till_provider_set_fault (provider, TILL_ERRAND_QUERY_REFUND,
                                           TILL_PROVIDER_RECOVERS, 1, 2, NULL, NULL));
  g_assert_false (till_provider_set_fault (provider, TILL_ERRAND_REFUND, TILL_PROVIDER_RECOVERS, 1,
                                           0, NULL, NULL));
}

static void
test_manual (void)
{
  g_autofree char *text = source ("app/sandbox/till-sandbox.1.scd");
  const TillFaultRow *row;
  for (guint n = 0; (row = till_fault_table_nth (n)); n++)
    {
      g_autofree char *line
          = *row->matrix
                ? g_strdup_printf ("|  %s\n:  %s (%s)\n", row->word, row->what, row->matrix)
                : g_strdup_printf ("|  %s\n:  %s\n", row->word, row->what);
      g_test_message ("%s", row->word);
      g_assert_nonnull (strstr (text, line));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fault-table/matrix", test_matrix);
  g_test_add_func ("/fault-table/elsewhere", test_elsewhere);
  g_test_add_func ("/fault-table/players", test_players);
  g_test_add_func ("/fault-table/defaults", test_defaults);
  g_test_add_func ("/fault-table/manual", test_manual);
  return g_test_run ();
}

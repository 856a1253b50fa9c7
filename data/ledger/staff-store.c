/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/staff-store.h"
#include "data/core/error.h"
#include "data/ledger/sql.h"

#include <string.h>

#define COLUMNS "id, no, name, role, badge, active"

void
till_login_clear (TillLogin *login)
{
  g_clear_pointer (&login->pin_hash, g_free);
}

static TillStaff *
staff_of (TillRows *rows)
{
  TillStaff *staff = g_new0 (TillStaff, 1);
  staff->id = till_rows_int64 (rows, 0);
  staff->no = till_rows_dup (rows, 1);
  staff->name = till_rows_dup (rows, 2);
  gboolean known = till_role_from_word (till_rows_text (rows, 3), &staff->role);
  g_assert (known);
  staff->badge = till_rows_dup (rows, 4);
  return staff;
}

gboolean
till_staff_store_is_empty (TillLedger *ledger, gboolean *empty, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT 1 FROM staff LIMIT 1", ""))
    return FALSE;
  *empty = !till_rows_next (&rows);
  return till_rows_end (&rows, error);
}

static gboolean
next_id (TillLedger *ledger, int64_t *id, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT coalesce (max (id), 0) + 1 FROM staff", ""))
    return FALSE;
  *id = till_rows_next (&rows) ? till_rows_int64 (&rows, 0) : 1;
  return till_rows_end (&rows, error);
}

gboolean
till_staff_store_add (TillTxn *txn, TillStaff *staff, const char *pin_hash, GError **error)
{
  TillLedger *ledger = till_txn_ledger (txn);
  g_autoptr (TillStaff) other = NULL;
  if (!till_staff_store_find (ledger, staff->no, &other, error)
      || !next_id (ledger, &staff->id, error))
    return FALSE;
  if (other)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "number %s is %s's already", other->no,
                   other->name);
      return FALSE;
    }
  /* NULL, not "", for no badge: a badge is unique. */
  const char *badge = staff->badge && *staff->badge ? staff->badge : NULL;
  return till_txn_add (txn, error, "staff", "lsssss", staff->id, staff->no, staff->name,
                       till_role_word (staff->role), badge, pin_hash);
}

gboolean
till_staff_store_get (TillLedger *ledger, int64_t id, TillStaff **staff, gboolean *active,
                      GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *staff = NULL;
  if (!till_rows_open (&rows, ledger, error, "SELECT " COLUMNS " FROM staff WHERE id = ?", "l", id))
    return FALSE;
  g_autoptr (TillStaff) found = till_rows_next (&rows) ? staff_of (&rows) : NULL;
  *active = found && till_rows_int (&rows, 5);
  if (!till_rows_end (&rows, error))
    return FALSE;
  *staff = g_steal_pointer (&found);
  return TRUE;
}

gboolean
till_staff_store_find (TillLedger *ledger, const char *no, TillStaff **staff, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  *staff = NULL;
  if (!till_rows_open (&rows, ledger, error, "SELECT " COLUMNS " FROM staff WHERE no = ?", "s", no))
    return FALSE;
  g_autoptr (TillStaff) found = till_rows_next (&rows) ? staff_of (&rows) : NULL;
  if (!till_rows_end (&rows, error))
    return FALSE;
  *staff = g_steal_pointer (&found);
  return TRUE;
}

gboolean
till_staff_store_login (TillLedger *ledger, const char *no, TillLogin *login, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  till_login_clear (login);
  *login = (TillLogin){ 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT id, pin_hash, active, wrong_pins, locked_until FROM staff"
                       " WHERE no = ?",
                       "s", no))
    return FALSE;
  if (till_rows_next (&rows))
    {
      login->id = till_rows_int64 (&rows, 0);
      login->pin_hash = till_rows_dup (&rows, 1);
      login->active = till_rows_int (&rows, 2);
      login->wrong_pins = till_rows_int (&rows, 3);
      login->locked_until = till_rows_int64 (&rows, 4);
    }
  return till_rows_end (&rows, error);
}

gboolean
till_staff_store_set_wrong (TillTxn *txn, int64_t id, int wrong_pins, int64_t locked_until,
                            GError **error)
{
  int64_t seconds = (locked_until + TILL_SECOND - 1) / TILL_SECOND;
  g_autofree char *note = g_strdup_printf (
      "staff %" G_GINT64_FORMAT " wrong %d locked %" G_GINT64_FORMAT, id, wrong_pins, seconds);
  till_txn_note (txn, note);
  return till_sql_run_one (till_txn_ledger (txn), error,
                           "UPDATE staff SET wrong_pins = ?, locked_until = ? WHERE id = ?", "ill",
                           wrong_pins, seconds * TILL_SECOND, id);
}

gboolean
till_staff_store_list (TillLedger *ledger, GPtrArray *list, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT " COLUMNS " FROM staff WHERE active ORDER BY length (no), no", ""))
    return FALSE;
  while (till_rows_next (&rows))
    g_ptr_array_add (list, staff_of (&rows));
  return till_rows_end (&rows, error);
}

static char *
unknown_note (const char *no)
{
  return g_strdup_printf ("nobody has number %.8s", no);
}

gboolean
till_staff_store_note_unknown (TillTxn *txn, const char *no, GError **error)
{
  g_autofree char *note = unknown_note (no);
  till_txn_note (txn, note);
  return TRUE;
}

gboolean
till_staff_store_unknown_tries (TillLedger *ledger, const char *no, int64_t since, int *tries,
                                int64_t *last, GError **error)
{
  g_autofree char *note = unknown_note (no);
  g_autofree char *body = g_strconcat ("note\t", note, "\n", NULL);
  g_auto (TillRows) rows = { 0 };
  *tries = 0;
  *last = 0;
  if (!till_rows_open (
          &rows, ledger, error,
          "SELECT count (*), max (at) FROM journal"
          " WHERE seq > (SELECT max (seq) FROM journal) - 1000 AND at > ? AND body = ?",
          "ls", since, body))
    return FALSE;
  if (till_rows_next (&rows))
    {
      *tries = till_rows_int (&rows, 0);
      *last = till_rows_int64 (&rows, 1);
    }
  return till_rows_end (&rows, error);
}

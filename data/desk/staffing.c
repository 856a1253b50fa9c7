/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/desk/staffing.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/core/text.h"
#include "data/ledger/staff-store.h"

#include <string.h>

/* --- signing in --- */

static gboolean
no_is_valid (const char *no)
{
  gsize length = strnlen (no, 9);
  return length >= 1 && length <= 8 && strspn (no, "0123456789") == length;
}

/* Work of the same length for a number that nobody has, so that time tells nothing either. */
static gboolean
pin_matches (const TillLogin *login, const char *pin, GError **error)
{
  if (login->id)
    return till_secret_pin_matches (login->pin_hash, pin);
  g_autofree char *hash = till_secret_hash_pin ("00000000", error);
  return FALSE;
}

static TillAnswer
locked (int64_t until, int64_t now)
{
  /* Locks end at a whole second, up to one later than thirty minutes. */
  int64_t minutes = (until - now + TILL_MINUTE - TILL_SECOND) / TILL_MINUTE;
  return till_answer_quantity (TILL_NO_LOCKED, MAX (minutes, 1), 0, NULL);
}

/* The answer to one more wrong try, the nth in a row. */
static TillAnswer
wrong (int nth)
{
  if (nth >= TILL_PIN_TRIES)
    return till_answer_quantity (TILL_NO_LOCKED, TILL_PIN_LOCK_MINUTES, 0, NULL);
  return till_answer_quantity (TILL_NO_PIN, TILL_PIN_TRIES - nth, 0, NULL);
}

/* A number that nobody has gets the answers that one that somebody has would get. */
static gboolean
answer_unknown (TillTxn *txn, const char *no, TillAnswer *answer, GError **error)
{
  int tries;
  int64_t last, now = till_txn_now (txn), lock = TILL_PIN_LOCK_MINUTES * TILL_MINUTE;
  if (!till_staff_store_unknown_tries (till_txn_ledger (txn), no, now - lock, &tries, &last, error))
    return FALSE;
  if (tries >= TILL_PIN_TRIES)
    {
      till_txn_note (txn, "tried while locked");
      *answer = locked (last + lock, now);
      return TRUE;
    }
  *answer = wrong (tries + 1);
  return till_staff_store_note_unknown (txn, no, error);
}

/* Decides by what the books say now, not by what they said before the hash was reckoned: of tries
 * on several connections at once no more than five get an answer. */
static gboolean
answer_known (TillTxn *txn, const TillLogin *login, gboolean matches, TillAnswer *answer,
              GError **error)
{
  int64_t now = till_txn_now (txn);
  if (login->locked_until > now)
    {
      till_txn_note (txn, "tried while locked");
      *answer = locked (login->locked_until, now);
      return TRUE;
    }
  int before = login->locked_until ? 0 : login->wrong_pins; /* a lock that is over starts anew */
  if (!matches || !login->active)
    {
      int64_t until = before + 1 < TILL_PIN_TRIES ? 0 : now + TILL_PIN_LOCK_MINUTES * TILL_MINUTE;
      *answer = wrong (before + 1);
      return till_staff_store_set_wrong (txn, login->id, before + 1, until, error);
    }
  *answer = till_answer (TILL_YES);
  return (login->wrong_pins == 0 && login->locked_until == 0)
         || till_staff_store_set_wrong (txn, login->id, 0, 0, error);
}

static gboolean
prove (TillLedger *ledger, const char *act, const char *no, const char *pin, TillStaff **staff,
       TillAnswer *answer, GError **error)
{
  g_auto (TillLogin) login = { 0 };
  g_autoptr (GError) failed = NULL;
  *staff = NULL;
  if (!till_staff_store_login (ledger, no, &login, error))
    return FALSE;
  int64_t id = login.id;
  /* Outside the transaction: nobody waits for a hash. */
  gboolean matches = pin_matches (&login, pin, &failed);
  if (failed)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, matches ? id : 0, act, error);
  if (!txn || !till_staff_store_login (ledger, no, &login, error))
    return FALSE;
  gboolean good = login.id ? answer_known (txn, &login, matches && login.id == id, answer, error)
                           : answer_unknown (txn, no_is_valid (no) ? no : "0", answer, error);
  g_autoptr (TillStaff) found = NULL;
  gboolean active;
  if (!good
      || (answer->code == TILL_YES
          && !till_staff_store_get (ledger, login.id, &found, &active, error))
      || !till_txn_commit (txn, error))
    return FALSE;
  *staff = g_steal_pointer (&found);
  return TRUE;
}

gboolean
till_staffing_sign_in (TillLedger *ledger, const char *no, const char *pin, TillStaff **staff,
                       TillAnswer *answer, GError **error)
{
  return prove (ledger, "sign_in", no, pin, staff, answer, error);
}

gboolean
till_staffing_prove (TillLedger *ledger, const char *no, const char *pin, TillStaff **staff,
                     TillAnswer *answer, GError **error)
{
  return prove (ledger, "prove", no, pin, staff, answer, error);
}

gboolean
till_staffing_sign_out (TillLedger *ledger, int64_t staff_id, GError **error)
{
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "sign_out", error);
  return txn && till_txn_commit (txn, error);
}

/* --- who works here --- */

static TillStaff *
the_program (void)
{
  TillStaff *staff = g_new0 (TillStaff, 1);
  staff->no = g_strdup ("");
  staff->name = g_strdup ("");
  staff->badge = g_strdup ("");
  staff->role = TILL_ROLE_MANAGER;
  return staff;
}

gboolean
till_staffing_may (TillTxn *txn, int64_t staff_id, TillRight right, TillStaff **staff,
                   TillAnswer *answer, GError **error)
{
  g_autoptr (TillStaff) found = NULL;
  gboolean active = TRUE;
  if (staff)
    *staff = NULL;
  *answer = till_answer (TILL_YES);
  if (staff_id == 0)
    found = the_program ();
  else if (!till_staff_store_get (till_txn_ledger (txn), staff_id, &found, &active, error))
    return FALSE;
  if (!found || !active || !till_role_may (found->role, right))
    *answer = till_answer (TILL_NO_RIGHT);
  if (staff)
    *staff = g_steal_pointer (&found);
  return TRUE;
}

/* As till_staffing_may, but the program may only while there is nobody yet. */
static gboolean
may_manage (TillTxn *txn, int64_t actor_id, TillAnswer *answer, GError **error)
{
  gboolean empty;
  if (actor_id)
    return till_staffing_may (txn, actor_id, TILL_RIGHT_MANAGE, NULL, answer, error);
  if (!till_staff_store_is_empty (till_txn_ledger (txn), &empty, error))
    return FALSE;
  *answer = till_answer (empty ? TILL_YES : TILL_NO_RIGHT);
  return TRUE;
}

gboolean
till_staffing_add (TillLedger *ledger, int64_t actor_id, const char *no, const char *name,
                   TillRole role, const char *pin, int64_t *staff_id, TillAnswer *answer,
                   GError **error)
{
  g_autofree char *clean = till_text_clean (name, TILL_TEXT_MAX);
  *staff_id = 0;
  if (!no_is_valid (no) || !*clean)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "a person needs a number of 1 to 8 digits and a name");
      return FALSE;
    }
  g_autofree char *hash = till_secret_hash_pin (pin, error);
  if (!hash)
    return FALSE;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, actor_id, "staff_add", error);
  if (!txn || !may_manage (txn, actor_id, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  TillStaff staff = { .no = (char *)no, .name = clean, .role = role };
  if (!till_staff_store_add (txn, &staff, hash, error) || !till_txn_commit (txn, error))
    return FALSE;
  *staff_id = staff.id;
  return TRUE;
}

gboolean
till_staffing_unlock (TillLedger *ledger, int64_t actor_id, const char *no, TillAnswer *answer,
                      GError **error)
{
  g_auto (TillLogin) login = { 0 };
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, actor_id, "staff_unlock", error);
  if (!txn || !till_staffing_may (txn, actor_id, TILL_RIGHT_MANAGE, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  if (!till_staff_store_login (ledger, no, &login, error))
    return FALSE;
  if (!login.id)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "nobody has number %.8s", no);
      return FALSE;
    }
  return till_staff_store_set_wrong (txn, login.id, 0, 0, error) && till_txn_commit (txn, error);
}

gboolean
till_staffing_find (TillLedger *ledger, const char *no, TillStaff **staff, GError **error)
{
  return till_staff_store_find (ledger, no, staff, error);
}

GPtrArray *
till_staffing_list (TillLedger *ledger, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_staff_free);
  return till_staff_store_list (ledger, list, error) ? g_steal_pointer (&list) : NULL;
}

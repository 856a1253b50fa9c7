/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People in the books. Who they are and how their PIN is hashed are facts; what may change is the
 * count of wrong PINs and the lock, and the entry says both each time, in words that the audit
 * compares. Staff handed out belongs to the caller. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/staff.h"

G_BEGIN_DECLS

/* What a sign-in is checked against. */
typedef struct
{
  int64_t id;     /* 0: nobody has this number */
  char *pin_hash; /* owned */
  gboolean active;
  int wrong_pins;
  int64_t locked_until; /* µs, whole seconds; 0 when not locked */
} TillLogin;
void till_login_clear (TillLogin *login);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillLogin, till_login_clear)

/* Sets staff->id. CONFLICT when the number is taken. */
gboolean till_staff_store_add (TillTxn *txn, TillStaff *staff, const char *pin_hash,
                               GError **error);
/* TRUE with *staff NULL when there is none; inactive people are there. */
gboolean till_staff_store_get (TillLedger *ledger, int64_t id, TillStaff **staff, gboolean *active,
                               GError **error);
gboolean till_staff_store_find (TillLedger *ledger, const char *no, TillStaff **staff,
                                GError **error);
gboolean till_staff_store_login (TillLedger *ledger, const char *no, TillLogin *login,
                                 GError **error);
/* locked_until is rounded up to a whole second. */
gboolean till_staff_store_set_wrong (TillTxn *txn, int64_t id, int wrong_pins, int64_t locked_until,
                                     GError **error);
/* Appends active people by number to list (which frees TillStaff). */
gboolean till_staff_store_list (TillLedger *ledger, GPtrArray *list, GError **error);
gboolean till_staff_store_is_empty (TillLedger *ledger, gboolean *empty, GError **error);

/* A number that nobody has, tried in vain: counted in the journal, so that it answers exactly as a
 * number that somebody has. Tries since `since` among the last 1000 entries; *last is when. */
gboolean till_staff_store_note_unknown (TillTxn *txn, const char *no, GError **error);
gboolean till_staff_store_unknown_tries (TillLedger *ledger, const char *no, int64_t since,
                                         int *tries, int64_t *last, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The books: one SQLite file in WAL mode with synchronous=FULL. A TillLedger is one connection and
 * belongs to the thread that opened it; other threads open their own on the same file.
 *
 * Everything is read and written inside a TillTxn, which is a scope: leave it early and it never
 * was. A transaction with an act is one business act and ends as one entry of the journal: sequence
 * without gaps, SHA-256 over the entry before, the facts, who, when. A transaction without an act
 * may only touch what is no fact (drafts, the state of paper). A look only reads: it waits for no
 * writer and no writer waits for it.
 *
 * Errors: CONFLICT when a law of the schema refuses, BUSY when another connection holds the books
 * for longer than five seconds, CORRUPT when what is stored contradicts itself, STOPPED when the
 * disk is full or broken. */
#pragma once
#include "data/core/clock.h"
#include "data/core/digest.h"
#include "data/core/seal.h"
#include "data/trade/shop.h"

G_BEGIN_DECLS

typedef struct _TillLedger TillLedger;
typedef struct _TillTxn TillTxn;

/* Makes new books at path (":memory:" for a test): written beside it, synced, then moved into
 * place with the folder synced, so that a power cut leaves either no books or whole ones. CONFLICT
 * when the file exists. */
gboolean till_ledger_create (const char *path, GError **error);

/* Opens books, runs missing schema steps, and refuses (CORRUPT) a file whose schema is not exactly
 * ours or whose last entries do not chain. Does not create. clock is unowned and outlives it. */
TillLedger *till_ledger_open (const char *path, TillClock *clock,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* New, empty books in memory, for tests. */
TillLedger *till_ledger_open_memory (TillClock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_ledger_free (TillLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillLedger, till_ledger_free)

TillClock *till_ledger_clock (TillLedger *ledger);
/* The time of the books, by which everything is due: the machine's, or where that was set back, the
 * last entry's and from there on at the machine's pace. */
gboolean till_ledger_now (TillLedger *ledger, int64_t *now, GError **error);
/* An instant of the books by the machine's clock, for whoever sleeps until then; 0 stays 0. */
int64_t till_ledger_on_clock (TillLedger *ledger, int64_t at);
const char *till_ledger_path (TillLedger *ledger);

/* Called on this ledger's thread after every commit; for waking whoever carries what is due. */
typedef void (*TillCommitted) (gpointer user);
void till_ledger_on_commit (TillLedger *ledger, TillCommitted committed, gpointer user);

/* Moves the write-ahead log into the file. Call when nobody is waiting: never inside a sale. */
gboolean till_ledger_checkpoint (TillLedger *ledger, GError **error);
/* Pages waiting in the write-ahead log after the last commit of this connection. */
int till_ledger_wal_pages (TillLedger *ledger);

/* staff_id 0 is the program itself. act: one word for the journal, or NULL for no business act. */
TillTxn *till_ledger_begin (TillLedger *ledger, int64_t staff_id, const char *act,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the books as they are at this moment, however long it takes and whatever is written
 * meanwhile. It has a time, a day and a shop, writes nothing and is never committed. */
TillTxn *till_ledger_look (TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_txn_commit (TillTxn *txn, GError **error);
/* Rolls back unless committed. */
void till_txn_free (TillTxn *txn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillTxn, till_txn_free)

TillLedger *till_txn_ledger (TillTxn *txn);
/* The time of this act: never before the entry before it, whatever the wall clock says. */
int64_t till_txn_now (TillTxn *txn);
int till_txn_day (TillTxn *txn);
int64_t till_txn_staff (TillTxn *txn);
/* The entry this act will be; 0 without an act. */
int64_t till_txn_seq (TillTxn *txn);
/* The shop's settings as they are in this transaction; valid as long as it. */
const TillShop *till_txn_shop (TillTxn *txn);

/* Moves money on an account; an act's postings must sum to zero when it commits. They are written
 * then, one for each account on which something is left: balances read before say nothing of them.
 */
gboolean till_txn_post (TillTxn *txn, const char *account, TillMoney amount, GError **error);
/* Writes a remark into the entry: what happened that is no row. Cleaned. */
void till_txn_note (TillTxn *txn, const char *text);
/* The entry closes the shift of this number and is signed when it commits. key is unowned and
 * outlives txn. */
void till_txn_seal (TillTxn *txn, const TillSealKey *key, const char *shift_no);

/* The last entry: what is printed as the anchor on slips. hash may be NULL. 0 in empty books. */
gboolean till_ledger_head (TillLedger *ledger, int64_t *seq, guint8 hash[TILL_DIGEST_SIZE],
                           GError **error);
/* First 8 hexadecimal digits of an entry's hash. */
char *till_ledger_anchor (TillLedger *ledger, int64_t seq, GError **error);

gboolean till_ledger_balance (TillLedger *ledger, const char *account, TillMoney *balance,
                              GError **error);

G_END_DECLS

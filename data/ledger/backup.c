/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/backup.h"
#include "data/core/digest.h"
#include "data/core/durable.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/ledger/anchor.h"
#include "data/ledger/refund-store.h"
#include "data/ledger/sale-store.h"
#include "data/ledger/sql.h"
#include "data/ledger/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (64 * 1024)
/* A copy is made in one go; only another writer of the same moment makes us wait. */
#define BUSY_TRIES 50
#define BUSY_WAIT_US 100000

/* --- files --- */

static gboolean
refuse_existing (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "there is a file already: %s", path);
  return FALSE;
}

static gboolean
write_piece (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);
      if (n < 0 && errno != EINTR)
        return FALSE;
      data += MAX (n, 0);
      size -= (gsize)MAX (n, 0);
    }
  return TRUE;
}

/* Reads the whole file, copying it to `to` unless that is -1. */
static gboolean
pour (int from, int to, char **digest)
{
  g_autofree char *piece = g_malloc (PIECE);
  g_autoptr (TillDigest) sum = till_digest_new ();
  guint8 result[TILL_DIGEST_SIZE];
  for (;;)
    {
      gssize n = read (from, piece, PIECE);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 || (n > 0 && to >= 0 && !write_piece (to, piece, (gsize)n)))
        return FALSE;
      if (n == 0)
        break;
      till_digest_add (sum, piece, (gsize)n);
    }
  till_digest_finish (sum, result);
  *digest = till_digest_to_hex (result);
  return to < 0 || fsync (to) == 0;
}

static gboolean
copy_file (const char *from, const char *to, char **digest, GError **error)
{
  int source = open (from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (source < 0)
    return till_file_fails ("open", from, error);
  int target = open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean good = target >= 0 && pour (source, target, digest);
  if (!good)
    till_file_fails ("copy to", to, error);
  close (source);
  if (target >= 0)
    close (target);
  return good;
}

static gboolean
digest_file (const char *path, char **digest, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return till_file_fails ("open", path, error);
  gboolean good
      = (pour (fd, -1, digest) && fsync (fd) == 0) || till_file_fails ("read", path, error);
  close (fd);
  return good;
}

/* In the form that sha256sum -c reads. */
static gboolean
write_digest (const char *path, const char *digest, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".sha256", NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *line = g_strdup_printf ("%s  %s\n", digest, name);
  int fd = open (beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean good = (fd >= 0 && write_piece (fd, line, strlen (line)) && fsync (fd) == 0)
                  || till_file_fails ("write", beside, error);
  if (fd >= 0)
    close (fd);
  return good;
}

static gboolean
digest_is (const char *path, const char *digest, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".sha256", NULL);
  char stored[65] = "";
  int fd = open (beside, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return till_file_fails ("open", beside, error);
  gboolean whole = read (fd, stored, 64) == 64;
  close (fd);
  if (whole && g_str_equal (stored, digest))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "%s is not the copy that was made", path);
  return FALSE;
}

/* link, not rename: it never overwrites. */
static gboolean
put_in_place (const char *beside, const char *path, GError **error)
{
  if (link (beside, path) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_CONFLICT, "cannot put %s in place: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  unlink (beside);
  return till_folder_sync_of (path, error);
}

/* --- writing a copy --- */

static int
run_backup (sqlite3 *from, sqlite3 *to)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", from, "main");
  if (!backup)
    return sqlite3_errcode (to);
  int code = SQLITE_BUSY;
  for (int i = 0; i < BUSY_TRIES && (code == SQLITE_BUSY || code == SQLITE_LOCKED); i++)
    {
      if (i > 0)
        g_usleep (BUSY_WAIT_US);
      code = sqlite3_backup_step (backup, -1);
    }
  int end = sqlite3_backup_finish (backup);
  return code == SQLITE_DONE ? end : code;
}

static gboolean
copy_books (TillLedger *ledger, const char *beside, GError **error)
{
  sqlite3 *copy = NULL;
  int code = sqlite3_open_v2 (beside, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK)
    code = run_backup (till_ledger_handle (ledger), copy);
  /* One file without a log beside it, so that it can be carried away. */
  if (code == SQLITE_OK)
    code = sqlite3_exec (copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  int end = sqlite3_close (copy);
  code = code == SQLITE_OK ? end : code;
  if (code == SQLITE_OK)
    return TRUE;
  g_set_error (error, TILL_ERROR,
               (code & 0xff) == SQLITE_BUSY ? TILL_ERROR_BUSY : TILL_ERROR_STOPPED,
               "cannot copy the books to %s: %s", beside, sqlite3_errstr (code));
  return FALSE;
}

static gboolean
write_beside (TillLedger *ledger, const char *beside, const char *path, GError **error)
{
  g_autofree char *digest = NULL;
  int fd = open (beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return till_file_fails ("make", beside, error);
  close (fd);
  return copy_books (ledger, beside, error) && digest_file (beside, &digest, error)
         && write_digest (path, digest, error) && put_in_place (beside, path, error);
}

gboolean
till_backup_write (TillLedger *ledger, const char *path, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".new", NULL);
  g_autofree char *digest = g_strconcat (path, ".sha256", NULL);
  if (!refuse_existing (path, error) || !refuse_existing (digest, error))
    return FALSE;
  unlink (beside); /* what a power cut left of an earlier try */
  if (write_beside (ledger, beside, path, error))
    return TRUE;
  unlink (beside);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    unlink (digest);
  return FALSE;
}

/* --- checking a copy --- */

static void
remove_books (const char *path)
{
  static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *name = g_strconcat (path, ends[i], NULL);
      unlink (name);
    }
}

static gboolean
verify_file (const char *path, int64_t *seq, GError **error)
{
  g_autoptr (TillClock) clock = till_clock_new ();
  g_autoptr (TillLedger) ledger = till_ledger_open (path, clock, error);
  TillVerdict verdict = { 0 };
  if (!ledger || !till_ledger_head (ledger, seq, NULL, error)
      || !till_verify_books (ledger, &verdict, error))
    return FALSE;
  if (!verdict.sound)
    g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "the copy is not sound: %s", verdict.what);
  gboolean sound = verdict.sound;
  till_verdict_clear (&verdict);
  return sound;
}

/* Verifies a copy of the copy at work: opening books may run schema steps and writes a log, and the
 * copy itself must stay as it is, perhaps on a medium that cannot be written. */
static gboolean
check_at (const char *path, const char *work, int64_t *seq, GError **error)
{
  g_autofree char *digest = NULL;
  return copy_file (path, work, &digest, error) && digest_is (path, digest, error)
         && verify_file (work, seq, error);
}

gboolean
till_backup_check (const char *path, int64_t *seq, GError **error)
{
  *seq = 0;
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "there is no copy at %s", path);
      return FALSE;
    }
  g_autofree char *folder = g_dir_make_tmp ("quittance-check-XXXXXX", error);
  if (!folder)
    return FALSE;
  g_autofree char *work = g_build_filename (folder, "books", NULL);
  gboolean good = check_at (path, work, seq, error);
  remove_books (work);
  rmdir (folder);
  return good;
}

/* --- putting a copy in place of missing books --- */

typedef struct
{
  int64_t id;
  int pos; /* of a leg; 0: a refund */
  gboolean promised;
} UnderWay;

static gboolean
find_under_way (TillLedger *ledger, GArray *found, GError **error)
{
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error,
                       "SELECT sale_id, pos, state = 'REQUESTED' FROM leg"
                       " WHERE state IN ('PLANNED', 'REQUESTED')"
                       " UNION ALL SELECT id, 0, state IN ('SENDING', 'RECALLING') FROM refund"
                       " WHERE state IN ('QUEUED', 'SENDING', 'RECALL_DUE', 'RECALLING')",
                       ""))
    return FALSE;
  while (till_rows_next (&rows))
    {
      UnderWay one
          = { till_rows_int64 (&rows, 0), till_rows_int (&rows, 1), till_rows_int (&rows, 2) };
      g_array_append_val (found, one);
    }
  return till_rows_end (&rows, error);
}

static gboolean
doubt_leg (TillTxn *txn, const UnderWay *one, const char *why, GError **error)
{
  TillLegState state;
  g_autofree char *auth = NULL;
  int64_t now = till_txn_now (txn);
  gboolean taken = till_sale_store_take_auth (txn, one->id, one->pos, &auth, error);
  till_secret_wipe (auth);
  if (!taken
      || (!one->promised
          && !till_sale_store_apply (txn, one->id, one->pos, TILL_LEG_EVENT_PROMISE, NULL, why, now,
                                     &state, error)))
    return FALSE;
  return till_sale_store_apply (txn, one->id, one->pos, TILL_LEG_EVENT_CRASH, NULL, why, now,
                                &state, error);
}

static gboolean
doubt_refund (TillTxn *txn, const UnderWay *one, const char *why, GError **error)
{
  TillRefundState state;
  int64_t now = till_txn_now (txn);
  if (!one->promised
      && !till_refund_store_apply (txn, one->id, TILL_REFUND_EVENT_PROMISE, NULL, why, now, &state,
                                   error))
    return FALSE;
  return till_refund_store_apply (txn, one->id, TILL_REFUND_EVENT_CRASH, NULL, why, now, &state,
                                  error);
}

/* Closes that were anchored beside these books and are not in the copy stay known by this note. */
static gboolean
note_loss (TillTxn *txn, const char *why, GError **error)
{
  TillAnchorLoss loss;
  if (!till_anchors_loss (till_txn_ledger (txn), &loss, error))
    return FALSE;
  g_autofree char *note = g_strdup_printf ("%s; closes that were anchored here: %d in it, %d not",
                                           why, loss.kept, loss.lost);
  g_autofree char *last
      = g_strdup_printf ("%s, the last with entry %" G_GINT64_FORMAT, note, loss.last);
  till_txn_note (txn, loss.lost ? last : note);
  return TRUE;
}

/* The till that was lost may have sent what is only planned here. So nothing is sent that was not
 * asked about first. */
static gboolean
doubt_all (TillLedger *ledger, GError **error)
{
  static const char why[] = "restored from a copy";
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (UnderWay));
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, 0, "restore", error);
  if (!txn || !note_loss (txn, why, error) || !find_under_way (ledger, found, error))
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      const UnderWay *one = &g_array_index (found, UnderWay, i);
      if (one->pos ? !doubt_leg (txn, one, why, error) : !doubt_refund (txn, one, why, error))
        return FALSE;
    }
  return till_txn_commit (txn, error);
}

static gboolean
prepare_books (const char *path, TillClock *clock, GError **error)
{
  g_autoptr (TillLedger) ledger = till_ledger_open (path, clock, error);
  return ledger && doubt_all (ledger, error) && till_anchors_restored (ledger, error)
         && till_ledger_checkpoint (ledger, error);
}

gboolean
till_backup_restore (const char *copy, const char *path, TillClock *clock, GError **error)
{
  int64_t seq;
  g_autofree char *beside = g_strconcat (path, ".new", NULL), *digest = NULL;
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  /* A log without its books would be played into the copy. */
  if (!refuse_existing (path, error) || !refuse_existing (log, error))
    return FALSE;
  remove_books (beside);
  gboolean good = till_backup_check (copy, &seq, error) && copy_file (copy, beside, &digest, error)
                  && digest_is (copy, digest, error) && prepare_books (beside, clock, error)
                  && put_in_place (beside, path, error);
  if (!good)
    remove_books (beside);
  return good;
}

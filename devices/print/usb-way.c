/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/usb-way.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "data/core/fault.h"
#include "data/core/text.h"
#include "devices/print/escpos.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX (8 * TILL_USB_WAY_JOBS_MAX)
#define WORDS_MAX 200

/* As the file's name ends. */
typedef enum
{
  STAGE_DUE,     /* nothing has left */
  STAGE_BEGUN,   /* bytes may have left */
  STAGE_PROVEN,  /* from here on it is over */
  STAGE_HANDED,  /* a printer without proof has all of it */
  STAGE_UNKNOWN, /* on paper or not: only a person can see */
  STAGE_STALE,
} Stage;

static const char *const stage_words[] = { "due", "begun", "proven", "handed", "unknown", "stale" };

typedef struct
{
  TillUsbName name;
  char *dir;  /* owned */
  char *jobs; /* owned; dir/jobs */
  int lock;   /* held while this lives */
  TillReceiptPatience patience;
  TillReceiptJob running; /* of the job that is BEGUN */
  guint plugging;         /* … and the plugging-in that it belongs to; 0 after a start */
  guint settled;          /* the plugging-in whose last job was proven, or 0 */
  guint trouble;          /* what the printer said last */
  char *words;            /* owned; … and in words, "" when there is nothing to say */
} UsbWay;

/* One job as its file's name tells it: 000012-UNTIL-TITLE.stage */
typedef struct
{
  guint number;
  int64_t until; /* seconds since 1970: not begun after it; 0: whenever the printer can */
  Stage stage;
  char *title; /* owned */
  char *file;  /* owned; path */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;
  g_free (job->title);
  g_free (job->file);
  g_free (job);
}

static gboolean
fail (GError **error, const char *doing, const char *path)
{
  int code = errno;
  g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "cannot %s %s: %s", doing, path,
               g_strerror (code));
  return FALSE;
}

static gboolean
sync_folder (const char *dir, GError **error)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return fail (error, "open", dir);
  gboolean synced = fsync (fd) == 0 || fail (error, "sync", dir);
  close (fd);
  return synced;
}

/* --- the folder --- */

/* NULL for a file that is none of ours: what was being written when the power failed. */
static Job *
read_name (const char *jobs, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", 3);
  char *dot = g_strv_length (parts) == 3 ? strrchr (parts[2], '.') : NULL;
  if (!dot)
    return NULL;
  *dot = '\0';
  int stage = till_text_index (stage_words, G_N_ELEMENTS (stage_words), dot + 1);
  guint64 number, until;
  if (stage < 0 || !till_print_title_is_valid (parts[2], NULL)
      || !g_ascii_string_to_unsigned (parts[0], 10, 1, G_MAXINT32, &number, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXINT64 / TILL_SECOND, &until, NULL))
    return NULL;
  Job *job = g_new0 (Job, 1);
  job->number = (guint)number;
  job->until = (int64_t)until;
  job->stage = (Stage)stage;
  job->title = g_strdup (parts[2]);
  job->file = g_build_filename (jobs, name, NULL);
  return job;
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  const Job *first = *(Job *const *)a, *second = *(Job *const *)b;
  return first->number < second->number ? -1 : first->number > second->number;
}

static GPtrArray *
list_jobs (const UsbWay *self, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (self->jobs, 0, NULL);
  if (!folder)
    {
      fail (error, "read", self->jobs);
      return NULL;
    }
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (job_free);
  const char *name;
  while (list->len < FILES_MAX && (name = g_dir_read_name (folder)))
    {
      Job *job = read_name (self->jobs, name);
      if (job)
        g_ptr_array_add (list, job);
    }
  g_ptr_array_sort (list, by_number);
  return g_steal_pointer (&list);
}

static Job *
find_title (const GPtrArray *list, const char *title)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (((Job *)g_ptr_array_index (list, i))->title, title) == 0)
      return g_ptr_array_index (list, i);
  return NULL;
}

static gboolean
is_live (const Job *job)
{
  return job->stage == STAGE_DUE || job->stage == STAGE_BEGUN;
}

static guint
count_live (const GPtrArray *list)
{
  guint n = 0;
  for (guint i = 0; i < list->len; i++)
    n += is_live (g_ptr_array_index (list, i));
  return n;
}

static char *
file_name (guint number, int64_t until, const char *title, Stage stage)
{
  return g_strdup_printf ("%06u-%" G_GINT64_FORMAT "-%s.%s", number, until, title,
                          stage_words[stage]);
}

/* On the disk when this returns. */
static gboolean
move_to (const UsbWay *self, Job *job, Stage stage, GError **error)
{
  g_autofree char *name = file_name (job->number, job->until, job->title, stage);
  g_autofree char *file = g_build_filename (self->jobs, name, NULL);
  if (g_rename (job->file, file) != 0)
    return fail (error, "keep", file);
  g_free (job->file);
  job->file = g_steal_pointer (&file);
  job->stage = stage;
  return sync_folder (self->jobs, error);
}

/* Of what is over only the latest are remembered; the spooler has long recorded the others. */
static gboolean
forget_old (const UsbWay *self, const GPtrArray *list, GError **error)
{
  guint over = list->len - count_live (list);
  for (guint i = 0; over > TILL_USB_WAY_JOBS_MAX && i < list->len; i++)
    {
      const Job *job = g_ptr_array_index (list, i);
      if (is_live (job))
        continue;
      if (g_unlink (job->file) != 0)
        return fail (error, "remove", job->file);
      over--;
    }
  return TRUE;
}

static gboolean
write_file (const char *file, GBytes *bytes, GError **error)
{
  gsize size, wrote = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd = open (file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, "write", file);
  while (wrote < size)
    {
      gssize n = write (fd, data + wrote, size - wrote);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      wrote += (gsize)n;
    }
  gboolean good = (wrote == size && fsync (fd) == 0) || fail (error, "write", file);
  close (fd);
  return good;
}

static gboolean
keep_job (const UsbWay *self, guint number, int64_t until, const char *title, GBytes *bytes,
          GError **error)
{
  g_autofree char *aside = g_build_filename (self->jobs, ".new", NULL);
  g_autofree char *name = file_name (number, until, title, STAGE_DUE);
  g_autofree char *file = g_build_filename (self->jobs, name, NULL);
  if (!write_file (aside, bytes, error) || !till_fault_pass ("print.usb.aside", error))
    return FALSE;
  if (g_rename (aside, file) != 0)
    return fail (error, "keep", file);
  return sync_folder (self->jobs, error) && till_fault_pass ("print.usb.kept", error);
}

/* --- printing --- */

static void
set_trouble (UsbWay *self, guint trouble, const char *words)
{
  self->trouble = trouble;
  g_free (self->words);
  self->words = till_text_clean (words, WORDS_MAX);
}

static gboolean
is_stale (const Job *job)
{
  return job->stage == STAGE_DUE && job->until > 0 && g_get_real_time () / TILL_SECOND > job->until;
}

static GBytes *
read_job (const Job *job, GError **error)
{
  g_autofree char *data = NULL;
  gsize size;
  if (!g_file_get_contents (job->file, &data, &size, NULL) || size == 0 || size > TILL_PRINT_MAX)
    {
      fail (error, "read", job->file);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/* What the wire itself says keeps the job waiting; only the words differ. */
static void
note_wire (UsbWay *self, const GError *wire)
{
  gboolean away = g_error_matches (wire, TILL_ERROR, TILL_ERROR_NOT_FOUND)
                  || g_error_matches (wire, TILL_ERROR, TILL_ERROR_OFFLINE);
  set_trouble (self, away ? TILL_PRINTER_OFFLINE : TILL_PRINTER_OTHER, wire->message);
}

/* TRUE when the job has begun on this plugging-in. Bytes may leave only after that. */
static gboolean
begin (UsbWay *self, TillUsbCable *cable, Job *job, gboolean *begun, GError **error)
{
  g_autoptr (GError) wire = NULL;
  guint trouble = 0;
  *begun = job->stage == STAGE_BEGUN;
  if (*begun)
    return TRUE;
  self->running = (TillReceiptJob){ .proves = self->settled == till_usb_cable_plugging (cable) };
  self->settled = 0;
  if (!till_receipt_prepare (cable, &self->patience, &self->running, &trouble, &wire))
    {
      note_wire (self, wire);
      return TRUE;
    }
  set_trouble (self, trouble, "");
  if (TILL_RECEIPT_STOPS (trouble))
    return TRUE;
  self->plugging = till_usb_cable_plugging (cable);
  *begun = TRUE;
  return move_to (self, job, STAGE_BEGUN, error) && till_fault_pass ("print.usb.begun", error);
}

/* One job as far as it goes now; it is over or waits when this returns. */
static gboolean
print_begun (UsbWay *self, TillUsbCable *cable, Job *job, GError **error)
{
  static const Stage after[] = { [TILL_RECEIPT_WAITS] = STAGE_BEGUN,
                                 [TILL_RECEIPT_PROVEN] = STAGE_PROVEN,
                                 [TILL_RECEIPT_HANDED] = STAGE_HANDED,
                                 [TILL_RECEIPT_UNKNOWN] = STAGE_UNKNOWN };
  g_autoptr (GError) wire = NULL;
  g_autoptr (GBytes) bytes = read_job (job, error);
  guint trouble = 0;
  TillReceiptEnd end = TILL_RECEIPT_WAITS;
  if (!bytes)
    return FALSE;
  if (!till_receipt_print (cable, &self->patience, bytes, &self->running, &trouble, &end, &wire))
    {
      note_wire (self, wire);
      return !g_error_matches (wire, TILL_ERROR, TILL_ERROR_NOT_FOUND)
             || move_to (self, job, STAGE_UNKNOWN, error);
    }
  set_trouble (self, trouble, "");
  if (end == TILL_RECEIPT_PROVEN)
    self->settled = self->plugging;
  return end == TILL_RECEIPT_WAITS
         || (till_fault_pass ("print.usb.taken", error) && move_to (self, job, after[end], error));
}

/* The first job that is not over. */
static gboolean
advance (UsbWay *self, Job *job, GError **error)
{
  if (is_stale (job))
    return move_to (self, job, STAGE_STALE, error);
  g_autoptr (GError) wire = NULL;
  g_autoptr (TillUsbCable) cable = till_usb_cable_open (&self->name, &wire);
  gboolean begun;
  if (!cable)
    note_wire (self, wire);
  /* Away, or back after it was away: what it had taken may be gone, or may be on paper. The same
   * when the till has been away: how many bytes had left, nobody knows now. */
  if (job->stage == STAGE_BEGUN
      && (cable ? till_usb_cable_plugging (cable) != self->plugging
                : g_error_matches (wire, TILL_ERROR, TILL_ERROR_NOT_FOUND)))
    return move_to (self, job, STAGE_UNKNOWN, error);
  if (!cable)
    return TRUE;
  return begin (self, cable, job, &begun, error)
         && (!begun || print_begun (self, cable, job, error));
}

/* Prints what can be printed now, in order, until one has to wait. */
static gboolean
drive (UsbWay *self, GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      Job *job = g_ptr_array_index (list, i);
      if (!is_live (job))
        continue;
      if (!advance (self, job, error))
        return FALSE;
      if (is_live (job))
        break;
    }
  return TRUE;
}

/* --- the way --- */

static char *
number_of (const Job *job)
{
  return g_strdup_printf ("%u", job->number);
}

static char *
find (gpointer data, const char *title, GError **error)
{
  g_autoptr (GPtrArray) list = list_jobs (data, error);
  if (!list)
    return NULL;
  const Job *job = find_title (list, title);
  if (job)
    return number_of (job);
  g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no print job %s", title);
  return NULL;
}

static char *
submit (gpointer data, const char *title, GBytes *bytes, int64_t good_until, GError **error)
{
  UsbWay *self = data;
  g_autoptr (GPtrArray) list = list_jobs (self, error);
  if (!list || !forget_old (self, list, error))
    return NULL;
  if (count_live (list) >= TILL_USB_WAY_JOBS_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%d slips wait for the printer already",
                   TILL_USB_WAY_JOBS_MAX);
      return NULL;
    }
  const Job *last = list->len > 0 ? g_ptr_array_index (list, list->len - 1) : NULL;
  if (!keep_job (self, last ? last->number + 1 : 1, good_until / TILL_SECOND, title, bytes, error))
    return NULL;
  g_autoptr (GPtrArray) due = list_jobs (self, error);
  if (!due || !drive (self, due, error))
    return NULL;
  const Job *job = find_title (due, title);
  g_assert (job);
  return number_of (job);
}

static TillJobReport *
report_of (const UsbWay *self, const Job *job)
{
  static const struct
  {
    TillJobState state;
    gboolean proven;
    const char *words;
  } rows[] = {
    [STAGE_DUE] = { TILL_JOB_PENDING, FALSE, NULL },
    [STAGE_BEGUN] = { TILL_JOB_PROCESSING, FALSE, NULL },
    [STAGE_PROVEN] = { TILL_JOB_COMPLETED, TRUE, "" },
    [STAGE_HANDED] = { TILL_JOB_COMPLETED, FALSE, "this printer does not say what it printed" },
    [STAGE_UNKNOWN] = { TILL_JOB_ABORTED, FALSE,
                        "nobody knows whether this slip was printed; look, then print a copy" },
    [STAGE_STALE] = { TILL_JOB_ABORTED, FALSE, "too old to print unasked; print a copy if needed" },
  };
  TillJobReport *report = g_new0 (TillJobReport, 1);
  report->state = rows[job->stage].state;
  report->proven = rows[job->stage].proven;
  report->untouched = job->stage == STAGE_STALE;
  report->trouble = is_live (job) ? self->trouble : 0;
  report->words = g_strdup (is_live (job) ? self->words : rows[job->stage].words);
  return report;
}

static Job *
find_job (const GPtrArray *list, const char *number, const char *title, GError **error)
{
  Job *job = find_title (list, title);
  g_autofree char *is = job ? number_of (job) : NULL;
  if (g_strcmp0 (is, number) == 0)
    return job;
  g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no print job %s %s", number, title);
  return NULL;
}

static TillJobReport *
report (gpointer data, const char *number, const char *title, GError **error)
{
  UsbWay *self = data;
  g_autoptr (GPtrArray) list = list_jobs (self, error);
  const Job *job = list ? find_job (list, number, title, error) : NULL;
  return job && drive (self, list, error) ? report_of (self, job) : NULL;
}

/* What has begun goes on to its end: half of it may be on paper. */
static gboolean
withdraw (gpointer data, const char *number, const char *title, GError **error)
{
  UsbWay *self = data;
  g_autoptr (GPtrArray) list = list_jobs (self, error);
  Job *job = list ? find_job (list, number, title, error) : NULL;
  return job && (job->stage != STAGE_DUE || move_to (self, job, STAGE_STALE, error));
}

static void
usb_way_free (gpointer data)
{
  UsbWay *self = data;
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->dir);
  g_free (self->jobs);
  g_free (self->words);
  g_free (self);
}

static gboolean
has_begun (const GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    if (((const Job *)g_ptr_array_index (list, i))->stage == STAGE_BEGUN)
      return TRUE;
  return FALSE;
}

static gboolean
drawer (gpointer data, TillDrawerLevel *level, GError **error)
{
  const UsbWay *self = data;
  *level = TILL_DRAWER_UNSAID;
  g_autoptr (GPtrArray) list = list_jobs (self, error);
  if (!list || has_begun (list))
    return list != NULL;
  g_autoptr (TillUsbCable) cable = till_usb_cable_open (&self->name, error);
  return cable && till_receipt_drawer (cable, &self->patience, level, error);
}

const TillPaperWay till_usb_way = { "usb", submit, find, report, withdraw, usb_way_free, drawer };

static gboolean
take_folder (UsbWay *self, GError **error)
{
  g_autofree char *lock = g_build_filename (self->dir, "lock", NULL);
  if (g_mkdir_with_parents (self->jobs, 0700) != 0)
    return fail (error, "make", self->jobs);
  self->lock = open (lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock < 0)
    return fail (error, "open", lock);
  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return sync_folder (self->dir, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s is printed from by another", self->dir);
  return FALSE;
}

TillPrinter *
till_usb_way_new (const char *name, const char *dir, const TillReceiptPatience *patience,
                  GError **error)
{
  TillUsbName read;
  if (!till_usb_name_read (name, &read))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no name of a printer on USB");
      return NULL;
    }
  UsbWay *self = g_new0 (UsbWay, 1);
  self->name = read;
  self->dir = g_strdup (dir);
  self->jobs = g_build_filename (dir, "jobs", NULL);
  self->lock = -1;
  self->patience = *patience;
  self->words = g_strdup ("");
  g_autoptr (TillPrinter) printer = till_printer_new (&till_usb_way, self);
  return take_folder (self, error) ? g_steal_pointer (&printer) : NULL;
}

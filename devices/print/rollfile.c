/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/rollfile.h"
#include "data/core/error.h"
#include "data/core/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *dir;  /* owned */
  char *jobs; /* owned; dir/jobs */
  int lock;   /* held while this lives */
} RollFile;

/* One job as its file name and size tell it. */
typedef struct
{
  guint number;
  gint64 start, end; /* on the roll */
  char *file;        /* owned; path */
  char *title;       /* owned */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;
  g_free (job->file);
  g_free (job->title);
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
sync_dir (const char *dir, GError **error)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return fail (error, "open", dir);
  gboolean synced = fsync (fd) == 0;
  if (!synced)
    fail (error, "sync", dir);
  close (fd);
  return synced;
}

/* NULL for a file that is none of ours: what was being written when the power failed. */
static Job *
read_name (const char *jobs, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", 3);
  guint64 number, start;
  if (g_strv_length (parts) != 3 || !till_print_title_is_valid (parts[2], NULL)
      || !g_ascii_string_to_unsigned (parts[0], 10, 1, TILL_ROLL_FILE_JOBS_MAX, &number, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXINT64 / 2, &start, NULL))
    return NULL;
  g_autofree char *file = g_build_filename (jobs, name, NULL);
  GStatBuf facts;
  if (g_stat (file, &facts) != 0)
    return NULL;
  Job *job = g_new0 (Job, 1);
  job->number = (guint)number;
  job->start = (gint64)start;
  job->end = job->start + facts.st_size;
  job->file = g_steal_pointer (&file);
  job->title = g_strdup (parts[2]);
  return job;
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  const Job *first = *(Job *const *)a, *second = *(Job *const *)b;
  return first->number < second->number ? -1 : first->number > second->number;
}

/* All jobs in order; CORRUPT when one is missing between them. */
static GPtrArray *
list_jobs (const char *jobs, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (jobs, 0, NULL);
  if (!dir)
    {
      fail (error, "read", jobs);
      return NULL;
    }
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (job_free);
  const char *name;
  while ((name = g_dir_read_name (dir)) && list->len < TILL_ROLL_FILE_JOBS_MAX)
    {
      Job *job = read_name (jobs, name);
      if (job)
        g_ptr_array_add (list, job);
    }
  g_ptr_array_sort (list, by_number);
  gint64 end = 0;
  for (guint i = 0; i < list->len; i++)
    {
      const Job *job = g_ptr_array_index (list, i);
      if (job->number != i + 1 || job->start != end)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "print job %u is missing in %s",
                       i + 1, jobs);
          return NULL;
        }
      end = job->end;
    }
  return g_steal_pointer (&list);
}

static const Job *
find_title (const GPtrArray *list, const char *title)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (((const Job *)g_ptr_array_index (list, i))->title, title) == 0)
      return g_ptr_array_index (list, i);
  return NULL;
}

static gboolean
write_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize wrote = write (fd, data, size);
      if (wrote < 0 && errno == EINTR)
        continue;
      if (wrote <= 0)
        return FALSE;
      data += wrote;
      size -= (gsize)wrote;
    }
  return TRUE;
}

/* Writes what a job still lacks on the roll. */
static gboolean
print_rest (int roll, const Job *job, gint64 from, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize size;
  if (!g_file_get_contents (job->file, &bytes, &size, NULL))
    return fail (error, "read", job->file);
  if (!write_all (roll, bytes + (from - job->start), size - (gsize)(from - job->start)))
    return fail (error, "print", job->file);
  return TRUE;
}

/* Prints what is due, as far as there is paper, and tells how far the roll surely reaches. */
static gboolean
print_due (const RollFile *self, const GPtrArray *list, gint64 *reaches, GError **error)
{
  g_autofree char *path = g_build_filename (self->dir, "roll.bin", NULL);
  g_autofree char *empty = g_build_filename (self->dir, "out-of-paper", NULL);
  int roll = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (roll < 0)
    return fail (error, "open", path);
  gint64 at = lseek (roll, 0, SEEK_END);
  gboolean paper = !g_file_test (empty, G_FILE_TEST_EXISTS);
  gboolean good = at >= 0 || fail (error, "measure", path);
  for (guint i = 0; good && paper && i < list->len; i++)
    {
      const Job *job = g_ptr_array_index (list, i);
      if (job->end <= at)
        continue;
      good = till_fault_pass ("print.roll.due", error)
             && print_rest (roll, job, MAX (at, job->start), error)
             && till_fault_pass ("print.roll.written", error);
      at = job->end;
    }
  if (good && fdatasync (roll) != 0)
    good = fail (error, "sync", path);
  close (roll);
  *reaches = at;
  return good;
}

/* The job's bytes under a name that says where they belong, all or nothing. */
static gboolean
keep_job (const RollFile *self, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *aside = g_build_filename (self->jobs, ".new", NULL);
  g_autofree char *file = g_build_filename (self->jobs, name, NULL);
  int fd = open (aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, "write", aside);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gboolean good = (write_all (fd, data, size) && fsync (fd) == 0) || fail (error, "write", aside);
  close (fd);
  if (!good || !till_fault_pass ("print.roll.aside", error))
    return FALSE;
  if (rename (aside, file) != 0)
    return fail (error, "keep", file);
  return sync_dir (self->jobs, error) && till_fault_pass ("print.roll.kept", error);
}

static char *
submit (gpointer data, const char *title, GBytes *bytes, int64_t good_until, GError **error)
{
  RollFile *self = data;
  g_autoptr (GPtrArray) list = list_jobs (self->jobs, error);
  if (!list)
    return NULL;
  if (list->len >= TILL_ROLL_FILE_JOBS_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s is full", self->jobs);
      return NULL;
    }
  const Job *last = list->len > 0 ? g_ptr_array_index (list, list->len - 1) : NULL;
  g_autofree char *name = g_strdup_printf ("%06u-%08" G_GINT64_FORMAT "-%s", list->len + 1,
                                           last ? last->end : 0, title);
  if (!keep_job (self, name, bytes, error))
    return NULL;
  g_autoptr (GPtrArray) due = list_jobs (self->jobs, error);
  gint64 reaches;
  if (!due || !print_due (self, due, &reaches, error))
    return NULL;
  return g_strdup_printf ("%u", due->len);
}

static char *
find (gpointer data, const char *title, GError **error)
{
  RollFile *self = data;
  g_autoptr (GPtrArray) list = list_jobs (self->jobs, error);
  if (!list)
    return NULL;
  const Job *job = find_title (list, title);
  if (job)
    return g_strdup_printf ("%u", job->number);
  g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no print job %s", title);
  return NULL;
}

static TillJobReport *
report (gpointer data, const char *number, const char *title, GError **error)
{
  RollFile *self = data;
  g_autoptr (GPtrArray) list = list_jobs (self->jobs, error);
  if (!list)
    return NULL;
  const Job *job = find_title (list, title);
  g_autofree char *is = job ? g_strdup_printf ("%u", job->number) : NULL;
  if (g_strcmp0 (is, number) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no print job %s %s", number, title);
      return NULL;
    }
  gint64 reaches;
  if (!print_due (self, list, &reaches, error))
    return NULL;
  TillJobReport *answer = g_new0 (TillJobReport, 1);
  answer->state = job->end <= reaches ? TILL_JOB_COMPLETED : TILL_JOB_PROCESSING;
  answer->proven = job->end <= reaches;
  answer->trouble = job->end <= reaches ? 0 : TILL_PRINTER_PAPER_OUT;
  answer->words = g_strdup (job->end <= reaches ? "" : "out of paper");
  return answer;
}

static void
roll_file_free (gpointer data)
{
  RollFile *self = data;
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->dir);
  g_free (self->jobs);
  g_free (self);
}

const TillPaperWay till_roll_file_way = { "roll", submit, find, report, NULL, roll_file_free };

TillPrinter *
till_roll_file_new (const char *dir, GError **error)
{
  RollFile *self = g_new0 (RollFile, 1);
  self->dir = g_strdup (dir);
  self->jobs = g_build_filename (dir, "jobs", NULL);
  self->lock = -1;
  g_autoptr (TillPrinter) printer = till_printer_new (&till_roll_file_way, self);
  g_autofree char *lock = g_build_filename (dir, "lock", NULL);
  if (g_mkdir_with_parents (self->jobs, 0700) != 0)
    {
      fail (error, "make", self->jobs);
      return NULL;
    }
  self->lock = open (lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock < 0)
    {
      fail (error, "open", lock);
      return NULL;
    }
  if (flock (self->lock, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "%s is printed on by another", dir);
      return NULL;
    }
  return sync_dir (dir, error) ? g_steal_pointer (&printer) : NULL;
}

/* Where the first job starts that leaves no more than `most` bytes to the end. */
static gint64
tail_start (const GPtrArray *list, gint64 size, gint64 most)
{
  for (guint i = 0; i < list->len; i++)
    if (size - ((const Job *)g_ptr_array_index (list, i))->start <= most)
      return ((const Job *)g_ptr_array_index (list, i))->start;
  return size;
}

GBytes *
till_roll_file_tail (const char *dir, gsize most, GError **error)
{
  g_autofree char *jobs = g_build_filename (dir, "jobs", NULL);
  g_autofree char *path = g_build_filename (dir, "roll.bin", NULL);
  g_autoptr (GPtrArray) list = list_jobs (jobs, error);
  if (!list)
    return NULL;
  int roll = open (path, O_RDONLY | O_CLOEXEC);
  if (roll < 0 && errno == ENOENT)
    return g_bytes_new (NULL, 0);
  gint64 size = roll < 0 ? -1 : lseek (roll, 0, SEEK_END);
  if (size < 0)
    {
      fail (error, "read", path);
      if (roll >= 0)
        close (roll);
      return NULL;
    }
  gint64 start = MIN (tail_start (list, size, (gint64)MIN (most, G_MAXINT32)), size);
  g_autofree char *bytes = g_malloc ((gsize)(size - start));
  gssize got = pread (roll, bytes, (gsize)(size - start), start);
  close (roll);
  if (got != size - start)
    {
      fail (error, "read", path);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize)got);
}

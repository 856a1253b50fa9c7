/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backend of CUPS for a receipt printer on USB that answers: a queue over it says why it waits,
 * and whether a slip is on paper. CUPS's own backend reads no status and takes "the bytes are gone"
 * for printed.
 *
 * Called as backend(7) says: without arguments it lists printers; else job, user, title, copies,
 * options and perhaps a file, with DEVICE_URI, PRINTER and CUPS_CACHEDIR in the environment. One
 * job, one process, one thread.
 *
 * A job goes on at the byte where it stopped, when there is paper again or the cover is shut. It
 * does so too when the cable was out: most printers keep what they had taken; but one that was
 * switched off has not, and so nobody claims to know what is on that paper. A job that may have
 * begun is never begun again (job-memory.h). */
#include "app/backend/job-memory.h"
#include "app/backend/report-lines.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/print/escpos.h"
#include "devices/print/receipt-printer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COPIES_MAX 99
#define REST_MS 250 /* between two looks at a printer that cannot print */
#define WORDS_MAX 200

/* What the scheduler does with a job (backend(7)). CANCEL is the one that has it tried again under
 * no policy of errors. */
enum
{
  EXIT_PRINTED = 0,
  EXIT_FAILED = 1,
  EXIT_HOLD = 3,
  EXIT_STOP = 4,
  EXIT_CANCEL = 5,
};

typedef struct
{
  TillJobSeen seen;
  gboolean ours; /* a till's: it has said until when */
  gint64 until;  /* µs; not begun later */
  TillUsbName name;
  char *memory;      /* owned; the file; only for ours */
  GBytes *bytes;     /* owned */
  gboolean begun;    /* bytes may have left */
  gboolean broken;   /* … and the cable has been out since */
  guint plugging;    /* the one that the bytes went to */
  gint64 idle_since; /* monotonic µs; nothing has moved since */
  TillReceiptJob receipt;
  TillReceiptPatience patience;
  TillReportLines lines;
} Task;

static void
task_clear (Task *task)
{
  g_free (task->memory);
  g_free (task->lines.words);
  g_clear_pointer (&task->bytes, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Task, task_clear)

static volatile sig_atomic_t stop_asked;

static void
on_term (int number)
{
  stop_asked = 1;
}

static int
complain (int code, const char *words)
{
  g_autofree char *clean = till_text_clean (words, WORDS_MAX);
  fprintf (stderr, "ERROR: %s\n", clean);
  return code;
}

/* --- which printers there are --- */

/* Inside the quotes of a line; a backslash would be read as one. */
static char *
quoted (const char *words)
{
  g_autofree char *clean = till_text_clean (words, WORDS_MAX);
  return g_strdup (g_strdelimit (clean, "\"\\", ' '));
}

static char *
device_id_of (const char *usb_name)
{
  TillUsbName name;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillUsbCable) cable
      = till_usb_name_read (usb_name, &name) ? till_usb_cable_open (&name, &error) : NULL;
  if (cable)
    return till_usb_cable_device_id (cable);
  fprintf (stderr, "DEBUG: %s does not say what it is: %s\n", usb_name,
           error ? error->message : "no name");
  return g_strdup ("");
}

static int
list_printers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = till_usb_cable_list (&error);
  if (!list)
    return complain (EXIT_FAILED, error->message);
  for (guint i = 0; i < list->len; i++)
    {
      const TillUsbPrinter *printer = g_ptr_array_index (list, i);
      g_autofree char *address = till_usb_queue_address (printer->name);
      g_autofree char *id = device_id_of (printer->name);
      g_autofree char *words = quoted (*printer->words ? printer->words : "Receipt printer");
      g_autofree char *safe_id = quoted (id);
      printf ("direct %s \"%s\" \"%s (Quittance)\" \"%s\" \"\"\n", address, words, words, safe_id);
    }
  return EXIT_PRINTED;
}

/* --- the job as the scheduler hands it over --- */

static gint64
until_of (const char *options)
{
  static const char name[] = TILL_USB_QUEUE_UNTIL "=";
  g_auto (GStrv) words = g_strsplit (options, " ", 256);
  guint64 seconds;
  for (char **word = words; *word; word++)
    if (g_str_has_prefix (*word, name)
        && g_ascii_string_to_unsigned (*word + strlen (name), 10, 1, G_MAXINT64 / G_USEC_PER_SEC,
                                       &seconds, NULL))
      return (gint64)seconds * G_USEC_PER_SEC;
  return 0;
}

/* All of it, and no more than a slip may have: NULL otherwise. */
static GBytes *
read_bytes (int fd, guint copies)
{
  g_autoptr (GByteArray) once = g_byte_array_new ();
  guint8 taken[8192];
  for (;;)
    {
      gssize n = read (fd, taken, sizeof taken);
      if (n < 0 && errno == EINTR && !stop_asked)
        continue;
      if (n < 0 || once->len + (gsize)n > TILL_PRINT_MAX)
        return NULL;
      if (n == 0)
        break;
      g_byte_array_append (once, taken, (guint)n);
    }
  if (once->len == 0 || (gsize)once->len * copies > TILL_PRINT_MAX)
    return NULL;
  g_autoptr (GByteArray) all = g_byte_array_new ();
  for (guint i = 0; i < copies; i++)
    g_byte_array_append (all, once->data, once->len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/* Copies are made here only of a file: what comes in by the pipe has them already. */
static GBytes *
read_document (const char *file, const char *copies)
{
  guint64 n = 1;
  if (!file)
    return read_bytes (STDIN_FILENO, 1);
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || !g_ascii_string_to_unsigned (copies, 10, 1, COPIES_MAX, &n, NULL))
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  GBytes *bytes = read_bytes (fd, (guint)n);
  close (fd);
  return bytes;
}

/* Where a queue remembers; NULL when the scheduler does not say. */
static char *
memory_file (void)
{
  const char *dir = g_getenv ("CUPS_CACHEDIR");
  const char *queue = g_getenv ("PRINTER");
  if (!dir || !queue || *queue == '\0' || strchr (queue, '/'))
    return NULL;
  g_autofree char *name = g_strdup_printf (TILL_USB_QUEUE_SCHEME "-%s.job", queue);
  return g_build_filename (dir, name, NULL);
}

/* EXIT_PRINTED: it can be tried. */
static int
take_job (Task *task, char *argv[])
{
  g_autofree char *printer = till_usb_queue_printer (g_getenv ("DEVICE_URI"));
  guint64 number;
  if (!printer || !till_usb_name_read (printer, &task->name))
    return complain (EXIT_STOP, "the address of this queue names no receipt printer on USB");
  if (!g_ascii_string_to_unsigned (argv[1], 10, 1, G_MAXINT32, &number, NULL))
    return complain (EXIT_FAILED, "no number of a print job");
  task->bytes = read_document (argv[6], argv[4]);
  if (!task->bytes)
    return complain (EXIT_CANCEL, "the job cannot be read, is empty, or is too long for a slip");
  task->seen = (TillJobSeen){ (int)number, argv[3], g_bytes_get_size (task->bytes) };
  task->until = until_of (argv[5]);
  task->ours = task->until > 0;
  task->memory = task->ours ? memory_file () : NULL;
  if (task->ours && !task->memory)
    return complain (EXIT_STOP, "the scheduler names no folder (CUPS_CACHEDIR) or no queue");
  return EXIT_PRINTED;
}

/* --- printing --- */

static int
finish (Task *task, TillUsbQueueEnd end)
{
  g_autoptr (GError) error = NULL;
  /* Without it a second call finds the job begun, and says "unknown", which is true as well. */
  if (task->ours && task->begun && !till_job_memory_keep (task->memory, &task->seen, end, &error))
    fprintf (stderr, "WARNING: %s\n", error->message);
  till_report_lines_end (&task->lines, end, task->seen.job, task->seen.bytes);
  return end == TILL_USB_QUEUE_PROVEN || end == TILL_USB_QUEUE_HANDED ? EXIT_PRINTED : EXIT_CANCEL;
}

/* The end of a job that goes no further. */
static int
give_up (Task *task)
{
  return finish (task, task->begun ? TILL_USB_QUEUE_UNKNOWN : TILL_USB_QUEUE_UNTOUCHED);
}

static void
wait_with (Task *task, guint trouble, const char *words)
{
  till_report_lines_trouble (&task->lines, trouble, words);
  poll (NULL, 0, REST_MS); /* SIGTERM ends it */
}

/* *code: what to leave with. FALSE: not yet. */
static gboolean
on_wire (Task *task, const GError *wire, int *code)
{
  gboolean away = g_error_matches (wire, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_autofree char *words = till_text_clean (wire->message, WORDS_MAX);
  if (g_error_matches (wire, TILL_ERROR, TILL_ERROR_INVALID)
      || g_error_matches (wire, TILL_ERROR, TILL_ERROR_CONFLICT))
    {
      *code = complain (EXIT_STOP, words);
      if (task->begun)
        *code = give_up (task);
      return TRUE;
    }
  task->broken |= task->begun && away;
  /* All of it was taken, and then the cable was pulled: there is nothing left to go on with. */
  if (task->broken && task->receipt.sent == task->seen.bytes)
    {
      *code = give_up (task);
      return TRUE;
    }
  gboolean off = away || g_error_matches (wire, TILL_ERROR, TILL_ERROR_OFFLINE);
  wait_with (task, off ? TILL_PRINTER_OFFLINE : TILL_PRINTER_OTHER, words);
  return FALSE;
}

/* TRUE when bytes may leave now. */
static gboolean
begin (Task *task, TillUsbCable *cable, guint *trouble, GError **error)
{
  if (!till_receipt_prepare (cable, &task->patience, &task->receipt, trouble, error)
      || TILL_RECEIPT_STOPS (*trouble))
    return FALSE;
  if (task->ours
      && !till_job_memory_keep (task->memory, &task->seen, TILL_USB_QUEUE_UNKNOWN, error))
    {
      /* Printing what cannot be remembered would mean printing it twice one day. */
      g_prefix_error (error, "nothing is printed: ");
      (*error)->domain = TILL_ERROR;
      (*error)->code = TILL_ERROR_INVALID;
      return FALSE;
    }
  task->begun = TRUE;
  task->plugging = till_usb_cable_plugging (cable);
  return TRUE;
}

/* A printer that is back: it goes on at the same byte, and what it answers proves nothing. */
static void
go_on (Task *task, TillUsbCable *cable)
{
  task->broken = TRUE;
  task->plugging = till_usb_cable_plugging (cable);
  task->receipt = (TillReceiptJob){ .sent = task->receipt.sent, .cut = task->receipt.cut };
}

/* One look at the printer, and as much of the job as goes now. FALSE: not over yet. */
static gboolean
advance (Task *task, int *code)
{
  static const TillUsbQueueEnd ends[] = { [TILL_RECEIPT_PROVEN] = TILL_USB_QUEUE_PROVEN,
                                          [TILL_RECEIPT_HANDED] = TILL_USB_QUEUE_HANDED,
                                          [TILL_RECEIPT_UNKNOWN] = TILL_USB_QUEUE_UNKNOWN };
  g_autoptr (GError) wire = NULL;
  guint trouble = 0;
  TillReceiptEnd end = TILL_RECEIPT_WAITS;
  gsize before = task->receipt.sent;
  g_autoptr (TillUsbCable) cable = till_usb_cable_open (&task->name, &wire);
  if (!cable)
    return on_wire (task, wire, code);
  if (task->begun && till_usb_cable_plugging (cable) != task->plugging)
    go_on (task, cable);
  if ((task->begun || begin (task, cable, &trouble, &wire))
      && !till_receipt_print (cable, &task->patience, task->bytes, &task->receipt, &trouble, &end,
                              &wire))
    end = TILL_RECEIPT_WAITS;
  if (task->receipt.sent != before)
    task->idle_since = g_get_monotonic_time ();
  if (wire)
    return on_wire (task, wire, code);
  if (end == TILL_RECEIPT_WAITS)
    {
      wait_with (task, trouble, "");
      return FALSE;
    }
  *code = finish (task, task->broken ? TILL_USB_QUEUE_UNKNOWN : ends[end]);
  return TRUE;
}

static gboolean
is_too_late (const Task *task)
{
  return task->ours && !task->begun && g_get_real_time () > task->until;
}

static gboolean
has_waited_too_long (const Task *task)
{
  return g_get_monotonic_time () - task->idle_since
         > (gint64)TILL_USB_QUEUE_WAIT_S * G_USEC_PER_SEC;
}

static int
print (Task *task)
{
  int code = EXIT_FAILED;
  task->idle_since = g_get_monotonic_time ();
  for (;;)
    {
      if (stop_asked || is_too_late (task) || (task->begun && has_waited_too_long (task)))
        return give_up (task);
      if (has_waited_too_long (task))
        {
          till_report_lines_trouble (&task->lines, 0, "");
          return complain (EXIT_HOLD,
                           "the printer did not come back; release the job to try again");
        }
      if (advance (task, &code))
        return code;
    }
}

static int
run_job (char *argv[])
{
  g_auto (Task) task = { .patience = till_receipt_patience };
  g_autoptr (GError) error = NULL;
  TillUsbQueueEnd end;
  task.patience.budget_ms = 2000; /* SIGTERM is looked at in between */
  int code = take_job (&task, argv);
  if (code != EXIT_PRINTED)
    return code;
  till_report_lines_begin (&task.lines);
  if (task.ours && till_job_memory_find (task.memory, &task.seen, &end, &error))
    {
      till_report_lines_end (&task.lines, end, task.seen.job, task.seen.bytes);
      return end == TILL_USB_QUEUE_PROVEN || end == TILL_USB_QUEUE_HANDED ? EXIT_PRINTED
                                                                          : EXIT_CANCEL;
    }
  return error ? complain (EXIT_STOP, error->message) : print (&task);
}

int
main (int argc, char *argv[])
{
  struct sigaction term = { .sa_handler = on_term };
  signal (SIGPIPE, SIG_IGN);
  sigaction (SIGTERM, &term, NULL);
  if (argc == 1)
    return list_printers ();
  if (argc == 6 || argc == 7)
    return run_job (argv);
  return complain (EXIT_FAILED, "usage: quittance job user title copies options [file]");
}

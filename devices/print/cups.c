/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/print/cups.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/print/pwg-raster.h"
#include "devices/print/usb-queue.h"

#include <cups/cups.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_MAX (256 * 1024)
#define WORDS_MAX 200
#define REASONS_MAX 32
/* Jobs asked for at a time when one is looked for by title, and how often. */
#define PAGE 200
#define PAGES_MAX 100
#define CONNECT_MS 5000
/* A day; the longest that a slip can be good for. */
#define CANCEL_MAX_S 86400
#define USUAL_DPI 203

static gboolean
server_is_valid (const char *server)
{
  if (!server || server[0] == '\0' || strlen (server) > 255)
    return FALSE;
  const char *colon = server[0] == '/' ? NULL : strrchr (server, ':');
  guint64 port;
  return !colon
         || (colon > server && g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL));
}

static gboolean
queue_is_valid (const char *queue)
{
  if (!queue || queue[0] == '\0' || strlen (queue) > 127)
    return FALSE;
  for (const char *p = queue; *p; p++)
    if ((guchar)*p <= ' ' || *p == 0x7F || strchr ("/#?", *p))
      return FALSE;
  return TRUE;
}

typedef struct
{
  TillCupsSettings settings; /* owned parts */
} Cups;

/* One conversation: a connection, its deadline, and how much has been read. */
typedef struct
{
  http_t *http;
  gint64 deadline; /* monotonic µs */
  gsize got;
  /* libcups reads header lines as long as they come; so another thread ends it at the deadline. */
  GThread *guard; /* owned */
  GMutex mutex;
  GCond over;
  gboolean is_over;
} Talk;

static gpointer
keep_deadline (gpointer data)
{
  Talk *talk = data;
  g_mutex_lock (&talk->mutex);
  while (!talk->is_over)
    if (!g_cond_wait_until (&talk->over, &talk->mutex, talk->deadline))
      {
        shutdown (httpGetFd (talk->http), SHUT_RDWR);
        break;
      }
  g_mutex_unlock (&talk->mutex);
  return NULL;
}

/* At a socket the scheduler knows who we are and goes by that. */
static const char *
owner_of (const TillCupsSettings *settings)
{
  return settings->server[0] == '/' ? g_get_user_name () : settings->user;
}

static int
on_wait_over (http_t *http, void *data)
{
  const Talk *talk = data;
  return g_get_monotonic_time () < talk->deadline;
}

static const char *
no_password (const char *prompt, http_t *http, const char *method, const char *resource, void *data)
{
  return NULL;
}

static void
hang_up (Talk *talk)
{
  if (talk->guard)
    {
      g_mutex_lock (&talk->mutex);
      talk->is_over = TRUE;
      g_cond_signal (&talk->over);
      g_mutex_unlock (&talk->mutex);
      g_thread_join (g_steal_pointer (&talk->guard));
      g_mutex_clear (&talk->mutex);
      g_cond_clear (&talk->over);
    }
  g_clear_pointer (&talk->http, httpClose);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, hang_up)

static gboolean
offline (GError **error, const TillCupsSettings *settings, const char *what)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE, "the print server %s %s", settings->server,
               what);
  return FALSE;
}

static gboolean
connect_to (Talk *talk, const TillCupsSettings *settings, GError **error)
{
  if (!server_is_valid (settings->server))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no server for printing");
      return FALSE;
    }
  /* Per thread, like everything libcups keeps: the till never stops to ask for a password. */
  cupsSetPasswordCB2 (no_password, NULL);
  g_autofree char *host = g_strdup (settings->server);
  int port = 631;
  char *colon = host[0] == '/' ? NULL : strrchr (host, ':');
  if (colon)
    {
      port = (int)g_ascii_strtoll (colon + 1, NULL, 10);
      *colon = '\0';
    }
  talk->deadline = g_get_monotonic_time () + (gint64)settings->timeout_ms * 1000;
  talk->http = httpConnect2 (host, port, NULL, AF_UNSPEC, HTTP_ENCRYPTION_IF_REQUESTED, 1,
                             MIN (CONNECT_MS, settings->timeout_ms), NULL);
  if (!talk->http)
    return offline (error, settings, "cannot be reached");
  /* Said at once and not when asked: a scheduler shows the titles of jobs to their owner only. */
  if (settings->server[0] == '/')
    httpSetAuthString (talk->http, "PeerCred", owner_of (settings));
  /* Looks at the deadline four times a second while it waits. */
  httpSetTimeout (talk->http, 0.25, on_wait_over, talk);
  g_mutex_init (&talk->mutex);
  g_cond_init (&talk->over);
  talk->guard = g_thread_new ("print deadline", keep_deadline, talk);
  return TRUE;
}

/* Reads all of `size` for libcups, and no longer and no more than it may. */
static ssize_t
read_some (void *data, ipp_uchar_t *buffer, size_t size)
{
  Talk *talk = data;
  gsize at = 0;
  if (talk->got + size > ANSWER_MAX)
    return -1;
  while (at < size && g_get_monotonic_time () < talk->deadline)
    {
      ssize_t got = httpRead2 (talk->http, (char *)buffer + at, size - at);
      if (got <= 0)
        break;
      at += (gsize)got;
    }
  talk->got += at;
  return at == size ? (ssize_t)at : -1;
}

static ipp_t *
read_answer (Talk *talk, const TillCupsSettings *settings, GError **error)
{
  ipp_t *answer = ippNew ();
  talk->got = 0;
  ipp_state_t state;
  while ((state = ippReadIO (talk, read_some, 1, NULL, answer)) != IPP_STATE_DATA)
    if (state == IPP_STATE_ERROR)
      {
        ippDelete (answer);
        offline (error, settings, "broke off its answer, or it was too long");
        return NULL;
      }
  return answer;
}

/* What a refused request means for the caller. */
static gboolean
accept_status (const TillCupsSettings *settings, ipp_status_t status, GError **error)
{
  if (status < IPP_STATUS_REDIRECTION_OTHER_SITE)
    return TRUE;
  TillErrorCode code = TILL_ERROR_INVALID;
  if (status == IPP_STATUS_ERROR_NOT_FOUND || status == IPP_STATUS_ERROR_GONE)
    code = TILL_ERROR_NOT_FOUND;
  else if (status == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS || status == IPP_STATUS_ERROR_BUSY
           || status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE || status == IPP_STATUS_ERROR_TEMPORARY
           || status == IPP_STATUS_ERROR_TOO_MANY_JOBS)
    code = TILL_ERROR_BUSY;
  g_set_error (error, TILL_ERROR, code, "the print server %s refused: %s", settings->server,
               ippErrorString (status));
  return FALSE;
}

static gboolean
accept_http (const TillCupsSettings *settings, http_status_t status, GError **error)
{
  if (status == HTTP_STATUS_OK)
    return TRUE;
  if (status == HTTP_STATUS_UNAUTHORIZED || status == HTTP_STATUS_FORBIDDEN
      || status == HTTP_STATUS_CUPS_AUTHORIZATION_CANCELED)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                 "the print server %s does not let %s do this", settings->server,
                 owner_of (settings));
  else if (status == HTTP_STATUS_REQUEST_TOO_LARGE)
    g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "the print server %s has no room",
                 settings->server);
  else
    g_set_error (error, TILL_ERROR, TILL_ERROR_OFFLINE,
                 "the print server %s did not answer (HTTP status %d)", settings->server, status);
  return FALSE;
}

static gboolean
send_request (Talk *talk, const TillCupsSettings *settings, ipp_t *request, GBytes *document,
              GError **error)
{
  gsize size = 0;
  const char *data = document ? g_bytes_get_data (document, &size) : NULL;
  http_status_t status = cupsSendRequest (talk->http, request, "/", ippLength (request) + size);
  if (status == HTTP_STATUS_CONTINUE && size > 0)
    status = cupsWriteRequestData (talk->http, data, size);
  if (status == HTTP_STATUS_CONTINUE && httpFlushWrite (talk->http) < 0)
    return offline (error, settings, "hung up");
  while (status == HTTP_STATUS_CONTINUE && g_get_monotonic_time () < talk->deadline)
    status = httpUpdate (talk->http);
  return accept_http (settings, status, error);
}

/* One request on a connection of its own; takes the request. The answer is the caller's. */
static ipp_t *
ask (const TillCupsSettings *settings, ipp_t *request, GBytes *document, GError **error)
{
  g_auto (Talk) talk = { 0 };
  ipp_t *answer = NULL;
  if (connect_to (&talk, settings, error)
      && send_request (&talk, settings, request, document, error))
    answer = read_answer (&talk, settings, error);
  ippDelete (request);
  if (answer && !accept_status (settings, ippGetStatusCode (answer), error))
    g_clear_pointer (&answer, ippDelete);
  return answer;
}

static ipp_t *
request_for_queue (const TillCupsSettings *settings, ipp_op_t operation)
{
  char uri[HTTP_MAX_URI];
  httpAssembleURIf (HTTP_URI_CODING_ALL, uri, sizeof uri, "ipp", NULL, "localhost", 0,
                    "/printers/%s", settings->queue);
  ipp_t *request = ippNewRequest (operation);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, uri);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
                owner_of (settings));
  return request;
}

static void
want (ipp_t *request, int n, const char *const *names)
{
  ippAddStrings (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", n, NULL,
                 names);
}

/* A whole number, or `otherwise` when it is missing or no number. */
static int
number_of (ipp_t *answer, const char *name, ipp_tag_t tag, int otherwise)
{
  ipp_attribute_t *attribute = ippFindAttribute (answer, name, tag);
  return attribute ? ippGetInteger (attribute, 0) : otherwise;
}

/* The words of an attribute, cleaned; "" when it is missing or no text. */
static char *
words_of (ipp_attribute_t *attribute)
{
  const char *words = attribute ? ippGetString (attribute, 0, NULL) : NULL;
  return till_text_clean (words, WORDS_MAX);
}

guint
till_cups_trouble_of (const char *reason)
{
  static const struct
  {
    const char *keyword;
    guint trouble;
  } reasons[] = {
    { "media-empty", TILL_PRINTER_PAPER_OUT },
    { "media-needed", TILL_PRINTER_PAPER_OUT },
    { "input-tray-missing", TILL_PRINTER_PAPER_OUT },
    { "media-low", TILL_PRINTER_PAPER_LOW },
    { "cover-open", TILL_PRINTER_COVER_OPEN },
    { "door-open", TILL_PRINTER_COVER_OPEN },
    { "interlock-open", TILL_PRINTER_COVER_OPEN },
    { "media-jam", TILL_PRINTER_JAM },
    { "offline", TILL_PRINTER_OFFLINE },
    { "shutdown", TILL_PRINTER_OFFLINE },
    { "connecting-to-device", TILL_PRINTER_OFFLINE },
    { "timed-out", TILL_PRINTER_OFFLINE },
    { "paused", TILL_PRINTER_STOPPED },
    { "moving-to-paused", TILL_PRINTER_STOPPED },
    { "stopping", TILL_PRINTER_STOPPED },
    { "none", 0 },
    { "cups-waiting-for-job-completed", 0 },
  };
  static const char *const severities[] = { "-error", "-warning", "-report" };
  g_autofree char *keyword = g_strdup (reason);
  for (gsize i = 0; i < G_N_ELEMENTS (severities); i++)
    if (g_str_has_suffix (keyword, severities[i]))
      {
        keyword[strlen (keyword) - strlen (severities[i])] = '\0';
        break;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (keyword, reasons[i].keyword) == 0)
      return reasons[i].trouble;
  return g_str_has_suffix (reason, "-report") ? 0 : TILL_PRINTER_OTHER;
}

static guint
troubles_of_reasons (ipp_attribute_t *reasons)
{
  guint trouble = 0;
  for (int i = 0; reasons && i < MIN (ippGetCount (reasons), REASONS_MAX); i++)
    {
      const char *reason = ippGetString (reasons, i, NULL);
      if (reason)
        trouble |= till_cups_trouble_of (reason);
    }
  return trouble;
}

/* A queue as the server describes it. */
typedef struct
{
  guint trouble; /* of TillPrinterTrouble */
  int state;     /* ipp_pstate_t */
  gboolean is_driverless;
  int dpi;     /* of a queue without a driver */
  char *words; /* owned */
} Look;

static void
look_clear (Look *look)
{
  g_free (look->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

/* CUPS itself names such queues so, when it makes them ("-m everywhere", or found by DNS-SD). */
static gboolean
model_is_driverless (ipp_attribute_t *model)
{
  g_autofree char *words = words_of (model);
  return strstr (words, "IPP Everywhere") || strstr (words, "driverless");
}

/* In dots an inch; what thermal printers have when the queue does not say. */
static int
resolution_of (ipp_attribute_t *resolution)
{
  int across = 0, down = 0;
  ipp_res_t units = IPP_RES_PER_INCH;
  if (resolution)
    across = ippGetResolution (resolution, 0, &down, &units);
  return across > 0 && across == down && units == IPP_RES_PER_INCH ? across : USUAL_DPI;
}

static gboolean
look_at (const TillCupsSettings *settings, Look *look, GError **error)
{
  static const char *const names[]
      = { "printer-state",          "printer-state-reasons",      "printer-state-message",
          "printer-make-and-model", "printer-resolution-default", "printer-is-accepting-jobs" };
  ipp_t *request = request_for_queue (settings, IPP_OP_GET_PRINTER_ATTRIBUTES);
  want (request, G_N_ELEMENTS (names), names);
  ipp_t *answer = ask (settings, request, NULL, error);
  if (!answer)
    return FALSE;
  ipp_attribute_t *accepting
      = ippFindAttribute (answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
  look->trouble
      = troubles_of_reasons (ippFindAttribute (answer, "printer-state-reasons", IPP_TAG_KEYWORD));
  look->state = number_of (answer, "printer-state", IPP_TAG_ENUM, IPP_PSTATE_IDLE);
  if (look->state == IPP_PSTATE_STOPPED)
    look->trouble |= TILL_PRINTER_STOPPED;
  if (accepting && !ippGetBoolean (accepting, 0))
    look->trouble |= TILL_PRINTER_REFUSES;
  look->words = words_of (ippFindAttribute (answer, "printer-state-message", IPP_TAG_TEXT));
  look->is_driverless
      = model_is_driverless (ippFindAttribute (answer, "printer-make-and-model", IPP_TAG_TEXT));
  look->dpi
      = resolution_of (ippFindAttribute (answer, "printer-resolution-default", IPP_TAG_RESOLUTION));
  ippDelete (answer);
  return TRUE;
}

gboolean
till_cups_look (const TillCupsSettings *settings, guint *trouble, char **words, GError **error)
{
  g_auto (Look) look = { 0 };
  if (!look_at (settings, &look, error))
    return FALSE;
  *trouble = look.trouble;
  if (words)
    *words = g_steal_pointer (&look.words);
  return TRUE;
}

/* A queue that cannot print now gets nothing: what waits there comes out when the print server
 * finds the printer again, be it hours later and before anybody has started the till. In the books
 * it gets too old by our own clock. Reasons of an idle queue are not believed: many drivers leave
 * behind what troubled the last job, and only the next one would clear it. */
static gboolean
is_ready (const Look *look, GError **error)
{
  guint stops = look->state == IPP_PSTATE_IDLE ? 0 : look->trouble & ~(guint)TILL_PRINTER_PAPER_LOW;
  stops |= look->trouble & TILL_PRINTER_REFUSES;
  if (stops == 0)
    return TRUE;
  g_autofree char *words = till_printer_trouble_words (stops);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY, words);
  return FALSE;
}

/* What the server itself can do about a till that is not there any more: "job-cancel-after" (CUPS,
 * IPP extensions: seconds from the start of printing) ends a job that never gets done, and our own
 * backend does not begin one after the moment that TILL_USB_QUEUE_UNTIL names. */
static void
limit_age (ipp_t *request, int64_t good_until)
{
  if (good_until == 0)
    return;
  int64_t left = (good_until - g_get_real_time ()) / G_USEC_PER_SEC;
  g_autofree char *until = g_strdup_printf ("%" G_GINT64_FORMAT, good_until / G_USEC_PER_SEC);
  ippAddInteger (request, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-cancel-after",
                 (int)CLAMP (left, 1, CANCEL_MAX_S));
  ippAddString (request, IPP_TAG_JOB, IPP_TAG_KEYWORD, TILL_USB_QUEUE_UNTIL, NULL, until);
}

/* The document in the format that the queue takes, and its attributes; it is the caller's. NULL
 * when it cannot be put so. */
static GBytes *
add_document (const TillCupsSettings *settings, const Look *look, GBytes *bytes, ipp_t *request,
              GError **error)
{
  int width, length;
  if (!look->is_driverless)
    {
      ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                    CUPS_FORMAT_RAW);
      return g_bytes_ref (bytes);
    }
  GBytes *pages = till_pwg_raster (bytes, settings->paper ? settings->paper : &till_paper_80,
                                   look->dpi, &width, &length, error);
  if (!pages)
    return NULL;
  g_autofree char *media = g_strdup_printf ("Custom.%dx%dmm", width, length);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                "image/pwg-raster");
  ippAddString (request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL, media);
  return pages;
}

static char *
submit (gpointer data, const char *title, GBytes *bytes, int64_t good_until, GError **error)
{
  const TillCupsSettings *settings = &((Cups *)data)->settings;
  g_auto (Look) look = { 0 };
  if (!look_at (settings, &look, error) || !is_ready (&look, error))
    return NULL;
  ipp_t *request = request_for_queue (settings, IPP_OP_PRINT_JOB);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, title);
  g_autoptr (GBytes) document = add_document (settings, &look, bytes, request, error);
  if (!document)
    {
      ippDelete (request);
      return NULL;
    }
  ippAddInteger (request, IPP_TAG_JOB, IPP_TAG_INTEGER, TILL_USB_QUEUE_BYTES,
                 (int)g_bytes_get_size (document));
  limit_age (request, good_until);
  ipp_t *answer = ask (settings, request, document, error);
  if (!answer)
    return NULL;
  int job = number_of (answer, "job-id", IPP_TAG_INTEGER, 0);
  ippDelete (answer);
  if (job > 0)
    return g_strdup_printf ("%d", job);
  offline (error, settings, "took a job and gave it no number");
  return NULL;
}

/* One page of our jobs, gone through. */
typedef struct
{
  int found; /* the newest of our title, or 0 */
  int last;  /* the highest number */
  int n;     /* jobs … */
  int named; /* … and those whose title we were shown */
} Page;

/* Counts the job whose attributes have all been seen; without a number it was none. */
static void
end_job (Page *page, int *id, int *named, gboolean *ours)
{
  if (*id > 0)
    {
      page->n++;
      page->named += *named > 0;
      page->last = MAX (page->last, *id);
      page->found = *ours ? MAX (page->found, *id) : page->found;
    }
  *id = *named = 0;
  *ours = FALSE;
}

static void
read_jobs (ipp_t *answer, const char *title, Page *page)
{
  int id = 0, named = 0;
  gboolean ours = FALSE;
  for (ipp_attribute_t *at = ippFirstAttribute (answer); at; at = ippNextAttribute (answer))
    {
      const char *name = ippGetName (at);
      if (!name) /* between two jobs */
        end_job (page, &id, &named, &ours);
      else if (strcmp (name, "job-id") == 0)
        id = ippGetInteger (at, 0);
      else if (strcmp (name, "job-name") == 0)
        {
          named++;
          ours = g_strcmp0 (ippGetString (at, 0, NULL), title) == 0;
        }
    }
  end_job (page, &id, &named, &ours);
}

static ipp_t *
ask_jobs (const TillCupsSettings *settings, int from, GError **error)
{
  /* The last one for its effect alone: asked for id and name only, CUPS 2.4.2 now and then lists a
   * finished job without its name, and goes on doing so. Presumably it answers from what it keeps
   * in memory; with an attribute more this was not seen again. */
  static const char *const names[] = { "job-id", "job-name", "job-uuid" };
  ipp_t *request = request_for_queue (settings, IPP_OP_GET_JOBS);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "all");
  ippAddBoolean (request, IPP_TAG_OPERATION, "my-jobs", 1);
  ippAddInteger (request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit", PAGE);
  ippAddInteger (request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "first-job-id", from);
  want (request, G_N_ELEMENTS (names), names);
  return ask (settings, request, NULL, error);
}

static char *
find (gpointer data, const char *title, GError **error)
{
  const TillCupsSettings *settings = &((Cups *)data)->settings;
  Page page = { 0 };
  for (int i = 0; i < PAGES_MAX; i++)
    {
      int before = page.last;
      ipp_t *answer = ask_jobs (settings, before + 1, error);
      if (!answer)
        return NULL;
      read_jobs (answer, title, &page);
      ippDelete (answer);
      if (page.found > 0)
        return g_strdup_printf ("%d", page.found);
      /* Not shown is not the same as not there: "not found" would print the slip again. A busy
       * scheduler leaves titles out for a moment; one that is set up so hides them for good. */
      if (page.named < page.n)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY,
                       "the print server %s hides the titles of jobs (JobPrivateValues)",
                       settings->server);
          return NULL;
        }
      if (page.last == before)
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no print job %s", title);
          return NULL;
        }
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY, "the print server %s keeps too many jobs",
               settings->server);
  return NULL;
}

static ipp_t *
request_for_job (const TillCupsSettings *settings, ipp_op_t operation, int id)
{
  char uri[64];
  g_snprintf (uri, sizeof uri, "ipp://localhost/jobs/%d", id);
  ipp_t *request = ippNewRequest (operation);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", NULL, uri);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
                owner_of (settings));
  return request;
}

static ipp_t *
ask_job (const TillCupsSettings *settings, int id, GError **error)
{
  static const char *const names[] = { "job-id",
                                       "job-name",
                                       "job-state",
                                       "job-state-reasons",
                                       "job-printer-state-message",
                                       TILL_USB_QUEUE_BYTES,
                                       "time-at-processing" };
  ipp_t *request = request_for_job (settings, IPP_OP_GET_JOB_ATTRIBUTES, id);
  want (request, G_N_ELEMENTS (names), names);
  return ask (settings, request, NULL, error);
}

/* "job-printing", "processing-to-stop-point" …; the first that says anything. */
static char *
first_reason (ipp_t *answer)
{
  ipp_attribute_t *reasons = ippFindAttribute (answer, "job-state-reasons", IPP_TAG_KEYWORD);
  const char *reason = reasons ? ippGetString (reasons, 0, NULL) : NULL;
  return till_text_clean (g_strcmp0 (reason, "none") == 0 ? NULL : reason, WORDS_MAX);
}

/* NULL with OFFLINE when the state is none we know. */
static TillJobReport *
read_report (const TillCupsSettings *settings, ipp_t *answer, GError **error)
{
  int state = number_of (answer, "job-state", IPP_TAG_ENUM, 0);
  if (state < IPP_JSTATE_PENDING || state > IPP_JSTATE_COMPLETED)
    {
      offline (error, settings, "gave a job no state");
      return NULL;
    }
  /* RFC 8011, 5.3.14.2: "no-value" until the job is processed for the first time. A server that
   * does not say is not believed to have kept it from the printer. */
  ipp_attribute_t *begun = ippFindAttribute (answer, "time-at-processing", IPP_TAG_ZERO);
  TillJobReport *told = g_new0 (TillJobReport, 1);
  told->untouched = begun && ippGetValueTag (begun) == IPP_TAG_NOVALUE;
  told->state = (TillJobState)(state - IPP_JSTATE_PENDING + TILL_JOB_PENDING);
  told->words = words_of (ippFindAttribute (answer, "job-printer-state-message", IPP_TAG_TEXT));
  if (told->words[0] == '\0')
    {
      g_free (told->words);
      told->words = first_reason (answer);
    }
  return told;
}

/* Where a queue sends its bytes, "" when the server does not say. */
static gboolean
ask_address (const TillCupsSettings *settings, char **address, GError **error)
{
  static const char *const names[] = { "device-uri" };
  ipp_t *request = request_for_queue (settings, IPP_OP_GET_PRINTER_ATTRIBUTES);
  want (request, G_N_ELEMENTS (names), names);
  ipp_t *answer = ask (settings, request, NULL, error);
  if (!answer)
    return FALSE;
  *address = words_of (ippFindAttribute (answer, "device-uri", IPP_TAG_URI));
  ippDelete (answer);
  return TRUE;
}

/* The last word of our own backend, if this job went through one: it alone can prove paper, and
 * that nothing was begun. Anybody's backend may say the same, so the queue's address is looked at,
 * and the bytes it speaks of must be those that the server was given. */
static gboolean
read_end (const TillCupsSettings *settings, ipp_t *answer, int id, TillJobReport *told,
          GError **error)
{
  static const char *const words[] = {
    [TILL_USB_QUEUE_PROVEN] = "",
    [TILL_USB_QUEUE_HANDED] = "this printer does not say what it printed",
    [TILL_USB_QUEUE_UNKNOWN] = "nobody knows whether this slip was printed; look, then print a "
                               "copy",
    [TILL_USB_QUEUE_UNTOUCHED] = "the printer did not come back in time",
  };
  TillUsbQueueEnd end;
  gsize bytes;
  g_autofree char *address = NULL;
  if (!till_job_is_over (told->state) || !till_usb_queue_end_read (told->words, id, &end, &bytes))
    return TRUE;
  if (!ask_address (settings, &address, error))
    return FALSE;
  g_autofree char *printer = till_usb_queue_printer (address);
  int given = number_of (answer, TILL_USB_QUEUE_BYTES, IPP_TAG_INTEGER, -1);
  if (!printer || given < 0 || (gsize)given != bytes)
    return TRUE;
  told->proven = told->state == TILL_JOB_COMPLETED && end == TILL_USB_QUEUE_PROVEN;
  told->untouched = told->state != TILL_JOB_COMPLETED && end == TILL_USB_QUEUE_UNTOUCHED;
  g_free (told->words);
  told->words = g_strdup (words[end]);
  return TRUE;
}

static gboolean
read_job_id (const char *job, int *id, GError **error)
{
  guint64 number;
  if (g_ascii_string_to_unsigned (job, 10, 1, G_MAXINT32, &number, NULL))
    {
      *id = (int)number;
      return TRUE;
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no number of a print job");
  return FALSE;
}

/* The job itself, without a look at the queue. */
static TillJobReport *
report_job (const TillCupsSettings *settings, int id, const char *title, GError **error)
{
  ipp_t *answer = ask_job (settings, id, error);
  if (!answer)
    return NULL;
  g_autoptr (TillJobReport) told = NULL;
  ipp_attribute_t *name = ippFindAttribute (answer, "job-name", IPP_TAG_NAME);
  if (!name || g_strcmp0 (ippGetString (name, 0, NULL), title) != 0)
    g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "print job %d is not %s", id, title);
  else
    told = read_report (settings, answer, error);
  gboolean good = told && read_end (settings, answer, id, told, error);
  ippDelete (answer);
  return good ? g_steal_pointer (&told) : NULL;
}

/* A number that the server has given away again is not cancelled: its title is looked at first. */
static gboolean
withdraw (gpointer data, const char *job, const char *title, GError **error)
{
  const TillCupsSettings *settings = &((Cups *)data)->settings;
  int id;
  if (!read_job_id (job, &id, error))
    return FALSE;
  g_autoptr (TillJobReport) told = report_job (settings, id, title, error);
  if (!told || till_job_is_over (told->state))
    return told != NULL;
  g_autoptr (GError) refused = NULL;
  ipp_t *answer = ask (settings, request_for_job (settings, IPP_OP_CANCEL_JOB, id), NULL, &refused);
  if (answer)
    {
      ippDelete (answer);
      return TRUE;
    }
  /* It may have ended in between, which is refused, too. */
  g_autoptr (TillJobReport) now = report_job (settings, id, title, NULL);
  if (now && till_job_is_over (now->state))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

static TillJobReport *
report (gpointer data, const char *job, const char *title, GError **error)
{
  const TillCupsSettings *settings = &((Cups *)data)->settings;
  int id;
  g_autoptr (TillJobReport) told
      = read_job_id (job, &id, error) ? report_job (settings, id, title, error) : NULL;
  /* Why it does not move is known by the queue. */
  if (told && !till_job_is_over (told->state)
      && !till_cups_look (settings, &told->trouble, NULL, error))
    return NULL;
  if (told && told->state == TILL_JOB_HELD)
    told->trouble |= TILL_PRINTER_STOPPED; /* by a person, this one job alone */
  return g_steal_pointer (&told);
}

static void
queue_free (gpointer data)
{
  TillQueue *queue = data;
  g_free (queue->name);
  g_free (queue->words);
  g_free (queue);
}

/* Fills the queue at hand from the next attribute; a nameless one lies between two queues. */
static void
read_queue (GPtrArray *queues, TillQueue **queue, ipp_attribute_t *at)
{
  const char *name = ippGetName (at);
  if (!name || ippGetGroupTag (at) != IPP_TAG_PRINTER)
    {
      *queue = NULL;
      return;
    }
  if (!*queue)
    {
      *queue = g_new0 (TillQueue, 1);
      g_ptr_array_add (queues, *queue);
    }
  if (strcmp (name, "printer-name") == 0 && !(*queue)->name)
    (*queue)->name = words_of (at);
  else if (strcmp (name, "printer-info") == 0 && !(*queue)->words)
    (*queue)->words = words_of (at);
  else if (strcmp (name, "printer-make-and-model") == 0)
    (*queue)->is_driverless = model_is_driverless (at);
  else if (strcmp (name, "device-uri") == 0)
    {
      g_autofree char *address = words_of (at);
      g_autofree char *printer = till_usb_queue_printer (address);
      (*queue)->can_tell = printer != NULL;
    }
  else if (strcmp (name, "printer-state-reasons") == 0)
    (*queue)->trouble |= troubles_of_reasons (at);
  else if (strcmp (name, "printer-state") == 0 && ippGetInteger (at, 0) == IPP_PSTATE_STOPPED)
    (*queue)->trouble |= TILL_PRINTER_STOPPED;
  else if (strcmp (name, "printer-is-accepting-jobs") == 0 && !ippGetBoolean (at, 0))
    (*queue)->trouble |= TILL_PRINTER_REFUSES;
}

GPtrArray *
till_cups_list (const TillCupsSettings *settings, GError **error)
{
  static const char *const names[] = { "printer-name",
                                       "printer-info",
                                       "printer-state",
                                       "printer-state-reasons",
                                       "device-uri",
                                       "printer-make-and-model",
                                       "printer-is-accepting-jobs" };
  ipp_t *request = ippNewRequest (IPP_OP_CUPS_GET_PRINTERS);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
                owner_of (settings));
  ippAddInteger (request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit", TILL_CUPS_QUEUES_MAX);
  want (request, G_N_ELEMENTS (names), names);
  g_autoptr (GPtrArray) queues = g_ptr_array_new_with_free_func (queue_free);
  g_autoptr (GError) local = NULL;
  ipp_t *answer = ask (settings, request, NULL, &local);
  /* A server without queues says "not found". */
  if (!answer && g_error_matches (local, TILL_ERROR, TILL_ERROR_NOT_FOUND))
    return g_steal_pointer (&queues);
  if (!answer)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  TillQueue *queue = NULL;
  for (ipp_attribute_t *at = ippFirstAttribute (answer); at; at = ippNextAttribute (answer))
    read_queue (queues, &queue, at);
  ippDelete (answer);
  for (guint i = queues->len; i > 0; i--)
    {
      TillQueue *one = g_ptr_array_index (queues, i - 1);
      if (!one->name || one->name[0] == '\0' || i > TILL_CUPS_QUEUES_MAX)
        g_ptr_array_remove_index (queues, i - 1);
      else if (!one->words)
        one->words = g_strdup ("");
    }
  return g_steal_pointer (&queues);
}

static void
cups_free (gpointer data)
{
  Cups *self = data;
  g_free (self->settings.server);
  g_free (self->settings.queue);
  g_free (self->settings.user);
  g_free (self);
}

const TillPaperWay till_cups_way = { "cups", submit, find, report, withdraw, cups_free };

TillPrinter *
till_cups_new (const TillCupsSettings *settings, GError **error)
{
  const char *wrong = !server_is_valid (settings->server)                           ? "server"
                      : !queue_is_valid (settings->queue)                           ? "queue"
                      : !settings->user || strlen (settings->user) - 1 > 126        ? "user"
                      : settings->timeout_ms < 100 || settings->timeout_ms > 120000 ? "time-out"
                                                                                    : NULL;
  if (wrong)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no %s for printing", wrong);
      return NULL;
    }
  Cups *self = g_new0 (Cups, 1);
  self->settings.server = g_strdup (settings->server);
  self->settings.queue = g_strdup (settings->queue);
  self->settings.user = g_strdup (settings->user);
  self->settings.timeout_ms = settings->timeout_ms;
  self->settings.paper = settings->paper;
  return till_printer_new (&till_cups_way, self);
}

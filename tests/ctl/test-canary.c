/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canaries: cards that are nobody's are read by every kind of reader at the till as it ships (its
 * own process, a window, libusb over an emulated usbfs, a real shop's folder); then everything that
 * the till wrote and all of its memory is searched for them. Once with cards.clear=refuse, once
 * =match.
 *
 * A card of the house behind each canary but the chip says, by the line it makes in the books, that
 * what came before it has been dealt with. Runs under Xvfb and umockdev-wrapper. */
#include "tests/ctl/canary.h"
#include "tests/ctl/process.h"
#include "tests/usb/chip-device.h"
#include "tests/usb/emulator.h"
#include "tests/usb/samples.h"
#include "tests/usb/swipes.h"

#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define PIN "904318"
#define MANAGER "--json --as 1 --pin-fd 0 "
#define HOUSE "20000011" /* on a house card and on the goods */
#define GOODS "House card in the books"
#define WAIT (60 * G_TIME_SPAN_SECOND)
#define REPORT_MAX 1024

/* --- the cards --- */

typedef struct
{
  const char *whose;
  const char *number; /* NULL: a sealed one, of which only "sealed" could be told */
  const char *masked; /* what a person may see of it */
  const char *one, *two;
} Card;

#define TAIL(n) "291210184736" #n
#define CLEAR(who, letter, digits, shown, n)                                                       \
  {                                                                                                \
    who, digits, shown, "%B" digits "^CANARY" letter "/WREN^" TAIL (n) "?",                        \
        ";" digits "=" TAIL (n) "?"                                                                \
  }

enum
{
  AT_MSR,
  AT_OLD_MAGTEK,
  AT_MAGTEK,
  AT_IDTECH,
  AT_SCANNER,
  TYPED, /* by a reader that pretends to be a keyboard nobody claimed */
  SEALED_MAGTEK,
  SEALED_IDTECH,
  N_CARDS
};

static const Card cards[N_CARDS] = {
  CLEAR ("page 0x8E in clear", "A", "6228487309152744", "622848******2744", 11),
  CLEAR ("old MagTek in clear", "B", "6217009163542084", "621700******2084", 22),
  CLEAR ("MagTek in clear", "C", "4581937204618575", "458193******8575", 33),
  CLEAR ("ID TECH in clear", "D", "5409138627501947", "540913******1947", 44),
  CLEAR ("scanner", "E", "3568719204386158", NULL, 55),
  CLEAR ("typed", "F", "6214835720916483", NULL, 66),
  { "MagTek sealed", NULL, "620059******0661", "%B6200590000000661^CANARYG/WREN^29120000000000?",
    ";6200590000000661=29120000000000?" },
  { "ID TECH sealed", NULL, "6200********0778", "%*6200********0778^CANARYH/WREN^*************?*",
    ";6200********0778=**************?*" },
};

/* In the reader of chip cards, which no house card fits. */
#define CHIP_CANARY "6229984013756208"
#define CHIP_CANARY_MASKED "622998******6208"

/* What stands for a sealed track; no two bytes of it in the order of anything else. */
static const guint8 seal[24]
    = { 0xE3, 0x91, 0x5C, 0xA8, 0x17, 0xF4, 0x6B, 0xD2, 0x39, 0x8E, 0xC5, 0x70,
        0x1D, 0xBA, 0x46, 0xF9, 0x83, 0x2E, 0x57, 0xCC, 0x98, 0x61, 0xEF, 0x0A };

/* typed: also the card whose digits a keyboard typed, which memory may keep and files may not. */
static GPtrArray *
needles_new (gboolean typed)
{
  GPtrArray *needles = canary_new ();
  for (guint i = 0; i < N_CARDS; i++)
    {
      if (i == TYPED && !typed)
        continue;
      g_auto (GStrv) parts = g_strsplit (cards[i].one, "^", 3);
      canary_add_text (needles, cards[i].whose, parts[1]);
      if (!cards[i].number)
        continue;
      g_autofree char *tail = g_strndup (parts[2], strlen (parts[2]) - 1);
      canary_add_number (needles, cards[i].whose, cards[i].number);
      canary_add_number (needles, cards[i].whose, tail);
    }
  canary_add_number (needles, "chip", CHIP_CANARY);
  canary_add (needles, "sealed track", "whole", seal, sizeof seal);
  canary_add (needles, "sealed track", "a part", seal + 8, 8);
  return needles;
}

/* --- the readers --- */

typedef struct
{
  EmulatorDevice device;
  int cards[3]; /* that it reads, ended by -1 */
  /* Its report or frame for two tracks; the size. */
  gsize (*read) (guint8 *report, const Card *card);
  gsize piece; /* bytes of one report; 0: all at once */
} Reader;

static const Card house = { "house", NULL, NULL, "%" HOUSE "^HOUSE?", ";" HOUSE "?" };

static gsize
read_msr (guint8 *report, const Card *card)
{
  swipe_msr_report (report, card->one, card->two, "");
  return SWIPE_MSR_REPORT;
}

static gsize
read_old_magtek (guint8 *report, const Card *card)
{
  swipe_clear_magtek_report (report, SWIPE_OLD_MAGTEK_REPORT, 110, card->one, card->two);
  return SWIPE_OLD_MAGTEK_REPORT;
}

static gsize
read_magtek (guint8 *report, const Card *card)
{
  if (card != &cards[SEALED_MAGTEK])
    swipe_clear_magtek_report (report, SWIPE_MAGTEK_REPORT, 112, card->one, card->two);
  else
    {
      swipe_magtek_report (report, card->one, card->two);
      memcpy (report + 7, seal, sizeof seal);
      memcpy (report + 119, seal, sizeof seal);
    }
  return SWIPE_MAGTEK_REPORT;
}

static gsize
read_idtech (guint8 *frame, const Card *card)
{
  memset (frame, 0, REPORT_MAX);
  if (card != &cards[SEALED_IDTECH])
    return swipe_idtech_clear (frame, card->one, card->two);
  gsize size = swipe_idtech_sealed (frame, card->one, card->two, 0x11);
  memcpy (frame + 10 + strlen (card->one) + strlen (card->two), seal, sizeof seal);
  return swipe_idtech_close (frame, size - 6);
}

static gsize
read_scanner (guint8 *report, const Card *card)
{
  sample_pos_report (report, "]E0", card == &house ? HOUSE : card->two, FALSE);
  return SAMPLE_POS_REPORT;
}

#define HID(v, p, s, descriptor)                                                                   \
  {                                                                                                \
    .vendor = v, .product = p, .serial = s, .class = 3, .packet = 64,                              \
    .report_descriptor = descriptor, .report_descriptor_size = sizeof descriptor,                  \
    .kernel_knows = TRUE                                                                           \
  }

static const Reader readers[] = {
  { HID (0x1234, 0x5679, "R-1", swipe_msr_descriptor), { AT_MSR, -1 }, read_msr, 0 },
  { HID (0x0801, 0x0002, "R-2", swipe_old_magtek_descriptor),
    { AT_OLD_MAGTEK, -1 },
    read_old_magtek,
    0 },
  { HID (0x0801, 0x0011, "R-3", swipe_magtek_descriptor),
    { AT_MAGTEK, SEALED_MAGTEK, -1 },
    read_magtek,
    0 },
  { HID (0x0ACD, 0x2010, "R-4", swipe_idtech_descriptor),
    { AT_IDTECH, SEALED_IDTECH, -1 },
    read_idtech,
    SWIPE_IDTECH_REPORT },
  { HID (0x1234, 0x5678, "R-5", sample_pos_descriptor), { AT_SCANNER, -1 }, read_scanner, 0 },
};

/* --- the shop and its till --- */

typedef struct
{
  char *top, *shop, *log, *cwd, *books; /* owned */
  GSubprocess *till;                    /* owned */
  const char *pid;                      /* of the till's */
  Display *display;
  Emulator *emulator;
} Stand;

static void
must (Stand *stand, const char *words, const char *input)
{
  g_auto (TestSaid) said = test_run (stand->shop, words, input);
  if (said.code != 0)
    g_error ("%s: %s%s", words, said.out, said.err);
}

static void
make_shop (Stand *stand, const char *clear)
{
  g_autoptr (GError) error = NULL;
  stand->top = test_folder_new ();
  stand->shop = g_build_filename (stand->top, "shop", NULL);
  stand->books = g_build_filename (stand->shop, "ledger.db", NULL);
  stand->cwd = g_build_filename (stand->top, "cwd", NULL);
  stand->log = g_build_filename (stand->top, "till.log", NULL);
  g_autofree char *goods = g_build_filename (stand->top, "goods.csv", NULL);
  g_assert_cmpint (g_mkdir (stand->cwd, 0700), ==, 0);
  g_file_set_contents (goods, "code,name,price\n" HOUSE "," GOODS ",12.50\n", -1, &error);
  g_assert_no_error (error);
  g_autofree char *init
      = g_strdup_printf ("--json --pin-fd 0 init --manager 1 --set cards.clear=%s", clear);
  g_autofree char *import = g_strdup_printf (MANAGER "import goods %s", goods);
  must (stand, init, PIN "\n");
  must (stand, import, PIN "\n");
}

static void
start_till (Stand *stand)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *program
      = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "quittance", NULL);
  g_autofree char *facts
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "devices/usb/facts", NULL);
  static const char *const homes[] = { "HOME",           "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                                       "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR" };
  for (gsize i = 0; i < G_N_ELEMENTS (homes); i++)
    g_subprocess_launcher_setenv (launcher, homes[i], stand->cwd, TRUE);
  g_subprocess_launcher_setenv (launcher, "TILL_DEVICE_FACTS", facts, TRUE);
  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
  g_subprocess_launcher_set_cwd (launcher, stand->cwd);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_set_stdout_file_path (launcher, stand->log);
  const char *const argv[] = { program, "--shop", stand->shop, "--lang", "en", NULL };
  stand->till = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  stand->pid = g_subprocess_get_identifier (stand->till);
}

/* --- waiting, with an end --- */

static void
breathe (Stand *stand, gint64 since, const char *what)
{
  if (g_get_monotonic_time () - since > WAIT || !g_subprocess_get_identifier (stand->till))
    {
      g_autofree char *log = NULL;
      g_file_get_contents (stand->log, &log, NULL, NULL);
      g_error ("%s did not happen; the till says: %s", what, log);
    }
  g_usleep (20000);
}

/* Pieces of the goods in the drafts, by the books themselves. */
static int
pieces_in_draft (Stand *stand)
{
  sqlite3 *db;
  sqlite3_stmt *row;
  int pieces = -1;
  g_assert_cmpint (sqlite3_open_v2 (stand->books, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT coalesce (sum (quantity), 0) / 1000 FROM draft_line",
                                       -1, &row, NULL),
                   ==, SQLITE_OK);
  if (sqlite3_step (row) == SQLITE_ROW)
    pieces = sqlite3_column_int (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);
  return pieces;
}

/* --- hands: keys and cards --- */

static int
ignore (Display *display, XErrorEvent *event)
{
  return 0; /* a window may go while it is asked about */
}

static gboolean
take_focus (Display *display)
{
  Window root, parent, *children = NULL;
  unsigned n = 0;
  gboolean found = FALSE;
  XQueryTree (display, DefaultRootWindow (display), &root, &parent, &children, &n);
  for (unsigned i = 0; i < n && !found; i++)
    {
      XWindowAttributes now;
      found = XGetWindowAttributes (display, children[i], &now) && now.width > 300
              && now.map_state == IsViewable;
      if (found)
        XSetInputFocus (display, children[i], RevertToPointerRoot, CurrentTime);
    }
  if (children)
    XFree (children);
  XSync (display, False);
  return found;
}

static void
press (Stand *stand, KeySym key)
{
  KeyCode code = XKeysymToKeycode (stand->display, key);
  XTestFakeKeyEvent (stand->display, code, True, 0);
  XTestFakeKeyEvent (stand->display, code, False, 0);
  XSync (stand->display, False);
}

/* As a device that types: one key on the heels of the other, and Enter. No shift: "?" is left out.
 */
static void
type_quickly (Stand *stand, const char *text)
{
  for (; *text && *text != '?'; text++)
    {
      KeyCode code = XKeysymToKeycode (stand->display, (KeySym)*text);
      XTestFakeKeyEvent (stand->display, code, True, 0);
      XTestFakeKeyEvent (stand->display, code, False, 0);
    }
  press (stand, XK_Return);
}

/* As a person, between whose keys there is more time than between a scanner's. */
static void
type (Stand *stand, const char *text)
{
  for (; *text; text++)
    {
      press (stand, *text == '\n' ? XK_Return : (KeySym)*text);
      g_usleep (60000);
    }
}

static void
present (Stand *stand, const Reader *reader, const Card *card)
{
  guint8 report[REPORT_MAX] = { 0 };
  gsize size = reader->read (report, card);
  gsize piece = reader->piece ? reader->piece : size;
  for (gsize at = 0; at < size; at += piece)
    emulator_send (stand->emulator, report + at, piece, 0);
}

/* The house's own card until the books have it: then all before it is over. */
static void
present_house (Stand *stand, const Reader *reader)
{
  gint64 since = g_get_monotonic_time ();
  int before = pieces_in_draft (stand);
  for (int tick = 0; pieces_in_draft (stand) <= before; tick++)
    {
      if (tick % 50 == 0)
        present (stand, reader, &house);
      breathe (stand, since, "the house card's line");
    }
}

static gboolean is_in_memory (Stand *stand, const char *text);

/* The cashier is told of a card by its masked number, when the till may tell cards apart. */
static void
wait_for_words (Stand *stand, const Card *card, gboolean matches)
{
  gint64 since = g_get_monotonic_time ();
  gboolean is_told = card->masked && (matches || !card->number);
  while (is_told && !is_in_memory (stand, card->masked))
    breathe (stand, since, card->masked);
}

/* It is told by its masked number, or not read at all; either way words come last. */
static void
present_chip (Stand *stand, gboolean matches, ChipManner manner)
{
  static const char refused[] = "It was not read and nothing was charged";
  ChipDevice reader = { .chip = { .manner = manner, .number = CHIP_CANARY, .tells_twice = TRUE } };
  gint64 since = g_get_monotonic_time ();
  reader.chip.said = g_string_new (NULL);
  g_mutex_init (&reader.lock);
  g_cond_init (&reader.heard);
  chip_device_init (&reader, 0x1234, 0x0B0B, CHIP_TPDU);
  emulator_plug (stand->emulator, &reader.device);
  while (!is_in_memory (stand, matches ? CHIP_CANARY_MASKED : refused))
    breathe (stand, since, "words about the chip card");
  emulator_unplug (stand->emulator);
  g_assert_cmpint (reader.chip.said->len > 0, ==, matches);
  g_string_free (reader.chip.said, TRUE);
  g_cond_clear (&reader.heard);
  g_mutex_clear (&reader.lock);
}

static void
present_all (Stand *stand, gboolean matches)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      const Reader *reader = &readers[i];
      emulator_plug (stand->emulator, &reader->device);
      for (const int *card = reader->cards; *card >= 0; card++)
        {
          present (stand, reader, &cards[*card]);
          wait_for_words (stand, &cards[*card], matches);
          present_house (stand, reader);
        }
      emulator_unplug (stand->emulator);
    }
  present_chip (stand, matches, CHIP_T1);
}

/* What was typed stands in the line for a moment, as digits; as a track it goes nowhere. */
static void
present_typed (Stand *stand)
{
  gint64 since = g_get_monotonic_time ();
  int before = pieces_in_draft (stand);
  type_quickly (stand, cards[TYPED].two);
  type_quickly (stand, HOUSE);
  while (pieces_in_draft (stand) <= before)
    breathe (stand, since, "the typed code's line");
  g_autofree char *track = g_strndup (cards[TYPED].two, 20); /* ";", the number, "=29" */
  g_assert_false (is_in_memory (stand, track));
}

/* --- the search --- */

#define SPARE "6200593174820661" /* of no reader: planted to be found */

static void
find_nothing (GPtrArray *needles, GString *found, guint64 seen, guint64 least)
{
  if (found->len > 0)
    g_test_message ("%u needles, found:\n%s", needles->len, found->str);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpuint (seen, >, least); /* it did look */
  g_test_message ("%u needles, nothing in %" G_GUINT64_FORMAT " KiB", needles->len, seen >> 10);
}

static gboolean
is_in_memory (Stand *stand, const char *text)
{
  g_autoptr (GPtrArray) needles = canary_new ();
  g_autoptr (GString) found = g_string_new (NULL);
  canary_add (needles, text, "as text", text, strlen (text));
  canary_search_process (needles, stand->pid, found);
  return found->len > 0;
}

static void
search_memory (Stand *stand)
{
  g_autoptr (GPtrArray) needles = needles_new (FALSE);
  g_autoptr (GString) found = g_string_new (NULL);
  guint64 seen = canary_search_process (needles, stand->pid, found);
  find_nothing (needles, found, seen, 10 << 20);
}

/* What a person types into the till does stand in its memory, and the same search sees it. */
static void
plant_in_memory (Stand *stand)
{
  g_assert_false (is_in_memory (stand, SPARE));
  gint64 since = g_get_monotonic_time ();
  type (stand, SPARE);
  while (!is_in_memory (stand, SPARE))
    breathe (stand, since, "a number typed into the till's memory");
}

static void
search_files (Stand *stand, GPtrArray *needles)
{
  g_autoptr (GString) found = g_string_new (NULL);
  guint64 seen = canary_search_folder (needles, stand->top, found);
  find_nothing (needles, found, seen, 100 << 10);
}

/* What a file of /proc says about the till. */
static char *
read_proc (Stand *stand, const char *name)
{
  g_autofree char *path = g_build_filename ("/proc", stand->pid, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* A core as a system would make it that hands it to a program, by gdb's gcore where that is here:
 * it heeds the same filter. It stays in the folder and is searched with all that is there. */
static void
take_core (Stand *stand)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *gcore = g_find_program_in_path ("gcore");
  g_autofree char *name = g_build_filename (stand->top, "core", NULL);
  g_autofree char *path = g_strdup_printf ("%s.%s", name, stand->pid);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_unsetenv (launcher, "LD_PRELOAD");
  if (!gcore)
    {
      g_test_message ("no gcore: no core was searched");
      return;
    }
  g_autoptr (GSubprocess) dumping
      = g_subprocess_launcher_spawn (launcher, &error, gcore, "-o", name, stand->pid, NULL);
  g_assert_no_error (error);
  g_subprocess_wait (dumping, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* No core file is allowed. Who may lift the limit does so, as a system does that hands cores to a
 * program; the core that is made then has nothing in it, not even what was typed. */
static void
end_with_a_crash (Stand *stand)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *limits = read_proc (stand, "limits");
  g_autofree char *filter = read_proc (stand, "coredump_filter");
  g_assert_true (g_regex_match_simple ("Max core file size +0 +0 ", limits, 0, 0));
  g_assert_cmpstr (g_strchomp (filter), ==, "00000000");
  take_core (stand);
  const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
  gboolean is_lifted = prlimit ((pid_t)atoi (stand->pid), RLIMIT_CORE, &all, NULL) == 0;
  g_subprocess_send_signal (stand->till, SIGABRT);
  g_subprocess_wait (stand->till, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_signaled (stand->till));
  g_assert_cmpint (g_subprocess_get_term_sig (stand->till), ==, SIGABRT);
  gboolean is_dumped = WCOREDUMP (g_subprocess_get_status (stand->till));
  g_assert_true (is_lifted || !is_dumped);
  g_test_message ("the limit was %s, a core was %s", is_lifted ? "lifted" : "kept",
                  is_dumped ? "made" : "not made");
  g_autoptr (GPtrArray) typed = canary_new ();
  g_autoptr (GString) found = g_string_new (NULL);
  canary_add_number (typed, "typed", SPARE);
  canary_search_folder (typed, stand->top, found);
  g_assert_cmpstr (found->str, ==, "");
}

/* What is carried out of the shop. */
static void
export_all (Stand *stand)
{
  g_autofree char *backup = g_strdup_printf ("--json backup %s/out.db", stand->top);
  must (stand, backup, "");
  static const char *const reports[] = { "report returns --by reason",
                                         "report returns --by item",
                                         "report providers",
                                         "setting list",
                                         "refund list",
                                         "verify" };
  g_autofree char *folder = g_build_filename (stand->top, "out", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (reports); i++)
    {
      g_autofree char *words
          = g_strconcat (i % 2 ? MANAGER : "--as 1 --pin-fd 0 ", reports[i / 2], NULL);
      g_auto (TestSaid) said = test_run (stand->shop, words, PIN "\n");
      if (said.code != 0)
        g_error ("%s: %s%s", words, said.out, said.err);
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_assert_true (g_file_set_contents (path, said.out, -1, NULL));
    }
}

/* A row in a copy of the books, committed into its write-ahead log, is seen where it lies. */
static void
plant_in_books (Stand *stand, GPtrArray *needles)
{
  g_autofree char *path = g_build_filename (stand->top, "out.db", NULL);
  g_autoptr (GString) found = g_string_new (NULL);
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_autofree char *sql = g_strdup_printf (
      "PRAGMA journal_mode = WAL; CREATE TABLE leak (x); INSERT INTO leak VALUES "
      "('%s'), (x'%s')",
      cards[AT_MSR].two, cards[AT_IDTECH].number);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  canary_search_folder (needles, stand->top, found);
  g_assert_nonnull (strstr (found->str, "out.db-wal: page 0x8E in clear, as text"));
  g_assert_nonnull (strstr (found->str, "out.db-wal: ID TECH in clear, packed"));
  sqlite3_close (db);
}

static void
close_stand (Stand *stand)
{
  emulator_free (stand->emulator);
  XCloseDisplay (stand->display);
  g_clear_object (&stand->till);
  test_folder_remove (stand->top);
  g_free (stand->top);
  g_free (stand->shop);
  g_free (stand->log);
  g_free (stand->cwd);
  g_free (stand->books);
}

static void
test_canary (gconstpointer clear)
{
  gboolean matches = strcmp (clear, "match") == 0;
  g_autoptr (GPtrArray) needles = needles_new (TRUE);
  Stand stand = { .display = XOpenDisplay (NULL) };
  g_assert_nonnull (stand.display);
  make_shop (&stand, clear);
  stand.emulator = emulator_new ();
  start_till (&stand);
  gint64 since = g_get_monotonic_time ();
  while (!take_focus (stand.display))
    breathe (&stand, since, "a window");
  type (&stand, "1\n" PIN "\n");

  present_all (&stand, matches);
  for (guint i = 0; i < N_CARDS; i++)
    if (cards[i].number && cards[i].masked && !matches)
      g_assert_false (is_in_memory (&stand, cards[i].masked));
  search_memory (&stand);
  present_typed (&stand);
  plant_in_memory (&stand);

  end_with_a_crash (&stand);
  search_files (&stand, needles);
  export_all (&stand);
  search_files (&stand, needles);
  plant_in_books (&stand, needles);
  close_stand (&stand);
}

/* --- the search itself --- */

/* Every needle, each in the middle of other bytes and across the border of two parts. */
static GByteArray *
haystack_new (GPtrArray *needles)
{
  GByteArray *hay = g_byte_array_new ();
  for (guint i = 0; i < needles->len; i++)
    {
      gsize size;
      const CanaryNeedle *needle = g_ptr_array_index (needles, i);
      gconstpointer bytes = g_bytes_get_data (needle->bytes, &size);
      guint at = hay->len;
      g_byte_array_set_size (hay, at + CANARY_PART - CANARY_LONGEST);
      memset (hay->data + at, '.', hay->len - at);
      g_byte_array_append (hay, bytes, (guint)size);
      guint end = hay->len;
      g_byte_array_set_size (hay, end + CANARY_LONGEST - (guint)size);
      memset (hay->data + end, '.', hay->len - end);
    }
  return hay;
}

static void
assert_all (GPtrArray *needles, GString *found)
{
  for (guint i = 0; i < needles->len; i++)
    if (!strstr (found->str, ((const CanaryNeedle *)g_ptr_array_index (needles, i))->name))
      g_error ("%s was planted and not found",
               ((const CanaryNeedle *)g_ptr_array_index (needles, i))->name);
}

static void
test_finds_files (void)
{
  g_autoptr (GPtrArray) needles = needles_new (TRUE);
  g_autoptr (GByteArray) hay = haystack_new (needles);
  g_autoptr (GString) found = g_string_new (NULL);
  g_autofree char *top = test_folder_new ();
  g_autofree char *below = g_build_filename (top, ".hidden", NULL);
  g_autofree char *path = g_build_filename (below, "file", NULL);
  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, (const char *)hay->data, (gssize)hay->len, NULL));
  canary_search_folder (needles, top, found);
  assert_all (needles, found);
  test_folder_remove (top);
}

/* In another process, which waits until it has been searched. */
static void
test_finds_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) needles = needles_new (TRUE);
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GSubprocess) leaky
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                          "/proc/self/exe", "--leak", NULL);
  g_assert_no_error (error);
  char ready;
  g_input_stream_read (g_subprocess_get_stdout_pipe (leaky), &ready, 1, NULL, &error);
  g_assert_no_error (error);
  canary_search_process (needles, g_subprocess_get_identifier (leaky), found);
  assert_all (needles, found);
  g_output_stream_close (g_subprocess_get_stdin_pipe (leaky), NULL, NULL);
  g_subprocess_wait (leaky, NULL, NULL);
}

static int
leak (void)
{
  g_autoptr (GPtrArray) needles = needles_new (TRUE);
  g_autoptr (GByteArray) hay = haystack_new (needles);
  g_ptr_array_set_size (needles, 0);
  char end;
  return write (STDOUT_FILENO, "r", 1) == 1 && read (STDIN_FILENO, &end, 1) == 0 ? 0 : 1;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "--leak") == 0)
    return leak ();
  g_test_init (&argc, &argv, NULL);
  XSetErrorHandler (ignore);
  g_test_add_func ("/canary/search/files", test_finds_files);
  g_test_add_func ("/canary/search/memory", test_finds_memory);
  g_test_add_data_func ("/canary/till/refuse", "refuse", test_canary);
  g_test_add_data_func ("/canary/till/match", "match", test_canary);
  return g_test_run ();
}

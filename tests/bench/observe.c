/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program's window beside the hello window, in turn:
 *
 * - observe start ROUNDS HELLO KEYS -- PROGRAM…: first pixels, memory of all processes
 * - observe key ROUNDS HELLO KEYS -- PROGRAM…: a key until pixels change
 * - observe scan ROUNDS CODES KEYS -- PROGRAM…: Return of a scan until its line is painted
 * - observe idle SECONDS HELLO KEYS -- PROGRAM…: how often it wakes up, left alone
 *
 * KEYS sign in, as in "1 Return 1111 Return". CODES is a file with a bar code a line. What the X
 * server does not show is left out: the keyboard's own polling before, compositor and screen after.
 */
#include "tests/bench/watch.h"

#include <X11/extensions/XTest.h>
#include <X11/keysym.h>

#define KEYS 60
#define FRAME_US 16667.0

static void
measure_start (char **command, double *paint, double *memory)
{
  Watch watch;
  watch_start (&watch, command);
  *paint = watch_first_paint (&watch) - watch.started;
  watch_quiet (&watch, 5e5);
  *memory = watch_memory (&watch);
  watch_stop (&watch);
}

static void
press (Watch *watch, KeySym key)
{
  KeyCode code = XKeysymToKeycode (watch->display, key);
  XTestFakeKeyEvent (watch->display, code, True, 0);
  XTestFakeKeyEvent (watch->display, code, False, 0);
  XFlush (watch->display);
}

static void
wait_for_focus (Watch *watch)
{
  watch_first_paint (watch);
  watch_quiet (watch, 5e5);
  XSetInputFocus (watch->display, watch->window, RevertToPointerRoot, CurrentTime);
  XSync (watch->display, False);
  watch_quiet (watch, 3e5);
}

/* Types what stands in the text; a word that is the name of a key is that key. */
static void
type (Watch *watch, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  for (char **word = words; *word; word++)
    {
      KeySym key = strlen (*word) > 1 ? XStringToKeysym (*word) : NoSymbol;
      for (const char *p = *word; *p; p++)
        {
          press (watch, key == NoSymbol ? (KeySym)*p : key);
          watch_quiet (watch, 1e5);
          if (key != NoSymbol)
            break;
        }
      watch_quiet (watch, 5e5); /* a PIN takes its time */
    }
}

/* Keys at odd moments, so that they do not fall in step with frames. */
static void
measure_key (char **command, const char *keys, double *p50, double *p99)
{
  Watch watch;
  double took[KEYS];
  int n = 0;
  watch_start (&watch, command);
  wait_for_focus (&watch);
  type (&watch, keys);
  for (int i = 0; i < KEYS; i++)
    {
      watch_quiet (&watch, 40000 + g_random_int_range (0, 40000));
      double start = bench_now ();
      press (&watch, i % 10 < 5 ? XK_1 + (KeySym)(i % 5) : XK_BackSpace);
      double at = watch_change (&watch, start + 5e5);
      if (at > 0)
        took[n++] = at - start;
    }
  watch_stop (&watch);
  if (n < KEYS / 2)
    g_error ("only %d of %d keys changed a pixel", n, KEYS);
  *p50 = bench_percentile (took, n, 50);
  *p99 = bench_percentile (took, n, 99);
}

/* All at once: a gap that a busy machine stretches would make it two codes. */
static double
scan (Watch *watch, const char *code)
{
  for (const char *p = code; *p; p++)
    press (watch, (KeySym)*p);
  double start = bench_now ();
  press (watch, XK_Return);
  double at = watch_change (watch, start + 3e6);
  if (at <= 0)
    g_error ("scan of %s painted no line", code);
  return at - start;
}

/* The lines are in the left of the window, below the line that is typed into. */
static void
watch_lines_only (Watch *watch)
{
  XWindowAttributes now;
  if (!XGetWindowAttributes (watch->display, watch->window, &now))
    g_error ("the window is gone");
  watch->area = (XRectangle){ (short)(now.width / 8), (short)(now.height / 4),
                              (unsigned short)(now.width / 2), (unsigned short)(now.height / 2) };
}

static void
measure_scan (char **command, const char *keys, char **codes, double *p99)
{
  Watch watch;
  double took[KEYS];
  guint n_codes = g_strv_length (codes);
  watch_start (&watch, command);
  wait_for_focus (&watch);
  type (&watch, keys);
  scan (&watch, codes[0]); /* an empty page becomes a table */
  watch_lines_only (&watch);
  for (int i = 0; i < KEYS; i++)
    {
      watch_quiet (&watch, 60000 + g_random_int_range (0, 40000));
      took[i] = scan (&watch, codes[(guint)i % n_codes]);
    }
  watch_stop (&watch);
  *p99 = bench_percentile (took, KEYS, 99);
}

static double
measure_idle (char **command, const char *keys, int seconds)
{
  Watch watch;
  watch_start (&watch, command);
  wait_for_focus (&watch);
  type (&watch, keys);
  /* A caret blinks for ten seconds, and idle threads of a pool go after fifteen. */
  g_usleep (20 * G_USEC_PER_SEC);
  double before = watch_wakings (&watch);
  g_usleep ((gulong)seconds * G_USEC_PER_SEC);
  double woken = watch_wakings (&watch) - before;
  watch_stop (&watch);
  return woken / seconds;
}

static char **
codes_of (const char *path)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("cannot read %s", path);
  return g_strsplit (g_strstrip (text), "\n", -1);
}

int
main (int argc, char **argv)
{
  if (argc < 7 || strcmp (argv[5], "--") != 0)
    g_error ("usage: observe start|key|scan|idle ROUNDS HELLO|CODES KEYS -- PROGRAM [ARGUMENT...]");
  char *hello[] = { argv[3], NULL }, *keys = argv[4], **program = argv + 6;
  const char *what = argv[1];
  int rounds = strcmp (what, "idle") == 0 ? 1 : atoi (argv[2]);
  for (int round = 0; round < rounds; round++)
    {
      double ours[2], theirs[2];
      if (strcmp (what, "start") == 0)
        {
          measure_start (hello, &theirs[0], &theirs[1]);
          measure_start (program, &ours[0], &ours[1]);
          bench_say ("start", ours[0], theirs[0]);
          bench_say ("memory", ours[1], theirs[1]);
        }
      else if (strcmp (what, "key") == 0)
        {
          measure_key (hello, "", &theirs[0], &theirs[1]);
          measure_key (program, keys, &ours[0], &ours[1]);
          bench_say ("key", ours[0], theirs[0]);
          bench_say ("key.tail", ours[1], FRAME_US);
        }
      else if (strcmp (what, "scan") == 0)
        {
          g_auto (GStrv) codes = codes_of (argv[3]);
          measure_scan (program, keys, codes, &ours[0]);
          bench_say ("scan", ours[0], FRAME_US + 4000);
        }
      else
        bench_say ("idle", measure_idle (program, keys, atoi (argv[2])), 1);
    }
  return 0;
}

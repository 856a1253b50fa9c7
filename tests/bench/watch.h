/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program with a window, watched from outside through the X server, whatever it is made of: when
 * its window is mapped, when pixels of it change, what its processes weigh. */
#pragma once
#include "tests/bench/bench.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WATCH_TIMEOUT_US 20e6

typedef struct
{
  Display *display;
  int damage_event;
  pid_t pid;
  double started;
  Window window;
  Damage damage;
} Watch;

static inline int
watch_ignore (Display *display, XErrorEvent *event)
{
  return 0; /* a window may go while it is asked about */
}

static inline void
watch_start (Watch *watch, char **command)
{
  int error_base;
  XSetErrorHandler (watch_ignore);
  *watch = (Watch){ .display = XOpenDisplay (NULL) };
  if (!watch->display || !XDamageQueryExtension (watch->display, &watch->damage_event, &error_base))
    g_error ("no display with the damage extension");
  XSelectInput (watch->display, DefaultRootWindow (watch->display), SubstructureNotifyMask);
  XSync (watch->display, True);
  watch->started = bench_now ();
  watch->pid = fork ();
  if (watch->pid == 0)
    {
      int nowhere = open ("/dev/null", O_RDWR);
      dup2 (nowhere, 0);
      dup2 (nowhere, 1);
      if (!g_getenv ("BENCH_VERBOSE"))
        dup2 (nowhere, 2);
      setpgid (0, 0);
      execvp (command[0], command);
      _exit (127);
    }
}

/* The whole group, and no zombie. */
static inline void
watch_stop (Watch *watch)
{
  kill (-watch->pid, SIGTERM);
  for (int i = 0; i < 100 && waitpid (watch->pid, NULL, WNOHANG) == 0; i++)
    {
      if (i == 50)
        kill (-watch->pid, SIGKILL);
      g_usleep (20000);
    }
  XCloseDisplay (watch->display);
}

/* A large window that was mapped becomes the one that is watched. */
static inline void
watch_take_window (Watch *watch, const XMapEvent *event)
{
  XWindowAttributes now;
  if (event->override_redirect || !XGetWindowAttributes (watch->display, event->window, &now)
      || now.width < 100 || now.height < 100)
    return;
  watch->window = event->window;
  watch->damage = XDamageCreate (watch->display, watch->window, XDamageReportNonEmpty);
}

/* Waits for pixels of the window to change until then; when they did, or 0. */
static inline double
watch_change (Watch *watch, double until)
{
  while (bench_now () < until)
    {
      while (XPending (watch->display))
        {
          XEvent event;
          XNextEvent (watch->display, &event);
          if (event.type == MapNotify && !watch->window)
            watch_take_window (watch, &event.xmap);
          else if (event.type == watch->damage_event + XDamageNotify)
            {
              double at = bench_now ();
              XDamageSubtract (watch->display, watch->damage, None, None);
              XFlush (watch->display);
              return at;
            }
        }
      struct pollfd wait = { ConnectionNumber (watch->display), POLLIN, 0 };
      poll (&wait, 1, 2);
    }
  return 0;
}

static inline void
watch_quiet (Watch *watch, double quiet_us)
{
  double end = bench_now () + WATCH_TIMEOUT_US;
  while (bench_now () < end && watch_change (watch, bench_now () + quiet_us) > 0)
    ;
}

/* TRUE when the window shows more than one colour. */
static inline gboolean
watch_is_painted (Watch *watch)
{
  XWindowAttributes now;
  if (!watch->window || !XGetWindowAttributes (watch->display, watch->window, &now)
      || now.map_state != IsViewable)
    return FALSE;
  XImage *image = XGetImage (watch->display, watch->window, 0, 0, (unsigned)now.width,
                             (unsigned)now.height, AllPlanes, ZPixmap);
  gboolean painted = FALSE;
  for (int y = 0; image && !painted && y < now.height; y += 3)
    for (int x = 0; !painted && x < now.width; x += 3)
      painted = XGetPixel (image, x, y) != XGetPixel (image, 0, 0);
  if (image)
    XDestroyImage (image);
  return painted;
}

/* When the first pixels were there. */
static inline double
watch_first_paint (Watch *watch)
{
  double end = watch->started + WATCH_TIMEOUT_US, at;
  while ((at = watch_change (watch, end)) > 0)
    if (watch_is_painted (watch))
      return at;
  g_error ("no window was painted");
}

/* A line of /proc/PID/FILE that begins with the word, summed over the group; for threads a glob. */
static inline double
watch_sum (Watch *watch, const char *file, const char *word)
{
  g_autofree char *command = g_strdup_printf (
      "for p in $(pgrep -g %d); do cat /proc/$p/%s 2>/dev/null; done |"
      " awk '$1 == \"%s\" { s += $2 } END { print s + 0 }'", (int)watch->pid, file, word);
  FILE *pipe = popen (command, "r");
  double sum = 0;
  if (!pipe || fscanf (pipe, "%lf", &sum) != 1)
    g_error ("cannot read %s", file);
  pclose (pipe);
  return sum;
}

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
  XRectangle area; /* of the window, the only one that counts; without a width all of it does */
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
  watch->damage = XDamageCreate (watch->display, watch->window, XDamageReportDeltaRectangles);
}

static inline gboolean
watch_counts (const Watch *watch, const XRectangle *changed)
{
  const XRectangle *area = &watch->area;
  return area->width == 0
         || (changed->x < area->x + area->width && area->x < changed->x + changed->width
             && changed->y < area->y + area->height && area->y < changed->y + changed->height);
}

/* Waits for pixels that count to change until then; when they did, or 0. */
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
              if (watch_counts (watch, &((XDamageNotifyEvent *)&event)->area))
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

/* The number behind the word in a file of /proc, 0 when the process went meanwhile. */
static inline double
watch_number (const char *path, const char *word)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  const char *found = strstr (text, word);
  return found ? g_ascii_strtod (found + strlen (word), NULL) : 0;
}

static inline gboolean
watch_is_of_group (Watch *watch, const char *name)
{
  return g_ascii_isdigit (*name) && getpgid (atoi (name)) == watch->pid;
}

/* Proportional memory of all its processes, KiB. */
static inline double
watch_memory (Watch *watch)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name;
  double sum = 0;
  while ((name = g_dir_read_name (processes)))
    if (watch_is_of_group (watch, name))
      {
        g_autofree char *path = g_strdup_printf ("/proc/%s/smaps_rollup", name);
        sum += watch_number (path, "Pss:");
      }
  return sum;
}

/* How often its threads have woken up until now. */
static inline double
watch_wakings (Watch *watch)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name, *thread;
  double sum = 0;
  while ((name = g_dir_read_name (processes)))
    {
      g_autofree char *tasks = g_strdup_printf ("/proc/%s/task", name);
      g_autoptr (GDir) threads
          = watch_is_of_group (watch, name) ? g_dir_open (tasks, 0, NULL) : NULL;
      while (threads && (thread = g_dir_read_name (threads)))
        {
          g_autofree char *path = g_strdup_printf ("%s/%s/status", tasks, thread);
          sum += watch_number (path, "\nvoluntary_ctxt_switches:");
        }
    }
  return sum;
}

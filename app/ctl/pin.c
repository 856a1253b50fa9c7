/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where PINs come from: a file descriptor, a line each, or the terminal with its echo off. Never
 * the command line or the environment, where other people on the machine could read them. */
#include "app/ctl/ctl.h"
#include "data/core/error.h"
#include "data/core/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 64

/* Byte by byte: what comes after the line feed is the next PIN and stays in the descriptor. */
static char *
read_line (int fd, GError **error)
{
  char line[LINE_MAX_BYTES + 1] = "";
  gsize n = 0;
  for (;;)
    {
      char c;
      ssize_t got = read (fd, &c, 1);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0 || c == '\n' || n == LINE_MAX_BYTES)
        break;
      line[n++] = c;
    }
  char *pin = n > 0 ? g_strndup (line, n) : NULL;
  till_secret_wipe (line);
  if (!pin)
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, _ ("No PIN was given."));
  return pin;
}

static char *
ask_terminal (const char *prompt, GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before, quiet;
  if (fd < 0 || tcgetattr (fd, &before) != 0)
    {
      if (fd >= 0)
        close (fd);
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           _ ("There is no terminal to ask for a PIN. Give it with --pin-fd."));
      return NULL;
    }
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
  gboolean hidden = tcsetattr (fd, TCSAFLUSH, &quiet) == 0;
  char *pin = NULL;
  if (hidden && write (fd, prompt, strlen (prompt)) >= 0)
    pin = read_line (fd, error);
  else
    g_set_error_literal (error, TILL_ERROR, TILL_ERROR_STOPPED, "the terminal cannot hide a PIN");
  if (hidden && (tcsetattr (fd, TCSAFLUSH, &before) != 0 || write (fd, "\n", 1) < 0))
    g_warning ("the terminal may not show what is typed; stty sane helps");
  close (fd);
  return pin;
}

char *
till_pin_read (TillCtl *ctl, const char *prompt, GError **error)
{
  return ctl->pin_fd >= 0 ? read_line (ctl->pin_fd, error) : ask_terminal (prompt, error);
}

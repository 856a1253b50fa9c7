/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How every verb answers: one object or one text, and an exit code. */
#include "app/ctl/ctl.h"
#include "data/core/error.h"

#include <glib/gi18n.h>
#include <stdio.h>

static const char *const error_codes[]
    = { "invalid", "conflict", "not_found", "busy", "offline", "stopped", "corrupt" };

static void
print_object (json_t *object)
{
  char *text = json_dumps (object, JSON_COMPACT);
  g_print ("%s\n", text ? text : "{}");
  free (text);
  json_decref (object);
}

static void
print_text (FILE *file, const char *text)
{
  fputs (text, file);
  if (!g_str_has_suffix (text, "\n"))
    fputc ('\n', file);
  fflush (file);
}

int
till_ctl_say (TillCtl *ctl, json_t *object, const char *text)
{
  if (ctl->json)
    {
      print_object (object);
      return TILL_EXIT_DONE;
    }
  json_decref (object);
  print_text (stdout, text);
  return TILL_EXIT_DONE;
}

int
till_ctl_say_found (TillCtl *ctl, json_t *object, const char *text)
{
  till_ctl_say (ctl, object, text);
  return TILL_EXIT_NO;
}

static int
say_trouble (TillCtl *ctl, const char *code, const char *sentence, int exit_code)
{
  if (ctl->json)
    print_object (json_pack ("{s:{s:s,s:s}}", "error", "code", code, "sentence", sentence));
  else
    {
      g_autofree char *line = g_strconcat ("tillctl: ", sentence, NULL);
      print_text (stderr, line);
    }
  return exit_code;
}

int
till_ctl_say_no (TillCtl *ctl, const TillAnswer *answer)
{
  g_autofree char *sentence = till_answer_sentence (answer);
  return say_trouble (ctl, till_answer_word (answer->code), sentence, TILL_EXIT_NO);
}

/* What the caller can do next; the error's own words are for whoever looks deeper. */
static const char *
lead_of (int code)
{
  switch (code)
    {
    case TILL_ERROR_CONFLICT:
      return _ ("It is there already, or somebody was faster.");
    case TILL_ERROR_NOT_FOUND:
      return _ ("It is not there.");
    case TILL_ERROR_BUSY:
      return _ ("Another program is at work. Try again in a moment.");
    case TILL_ERROR_OFFLINE:
      return _ ("The other side cannot be reached. Everything is kept; try again later.");
    case TILL_ERROR_STOPPED:
      return _ ("The work was stopped. What was confirmed before is kept.");
    case TILL_ERROR_CORRUPT:
      return _ ("What is stored contradicts itself. Change nothing and call somebody.");
    default:
      return NULL;
    }
}

int
till_ctl_say_error (TillCtl *ctl, const GError *error)
{
  gboolean ours = error->domain == TILL_ERROR && error->code >= 0
                  && error->code < (int)G_N_ELEMENTS (error_codes);
  if (error->domain == G_OPTION_ERROR || (ours && error->code == TILL_ERROR_INVALID))
    return say_trouble (ctl, "invalid", error->message, TILL_EXIT_USAGE);
  const char *lead = ours ? lead_of (error->code) : NULL;
  g_autofree char *sentence
      = lead ? g_strdup_printf ("%s (%s)", lead, error->message) : g_strdup (error->message);
  return say_trouble (ctl, ours ? error_codes[error->code] : "stopped", sentence, TILL_EXIT_BROKEN);
}

int
till_ctl_say_usage (TillCtl *ctl, const char *format, ...)
{
  va_list values;
  va_start (values, format);
  g_autofree char *sentence = g_strdup_vprintf (format, values);
  va_end (values);
  return say_trouble (ctl, "invalid", sentence, TILL_EXIT_USAGE);
}

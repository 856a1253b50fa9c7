/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A print server that loses things: out of paper, out of reach, forgetful. */
#include "data/core/error.h"
#include "tests/sim/sim-world.h"

#include <stdlib.h>

struct _FakePaper
{
  World *world;      /* unowned */
  GPtrArray *titles; /* owned; the job's number is its place from 1; "" for one it has forgotten */
};

static char *
find (gpointer self, const char *title, GError **error)
{
  FakePaper *paper = self;
  for (guint i = 0; i < paper->titles->len; i++)
    if (g_str_equal (g_ptr_array_index (paper->titles, i), title))
      return g_strdup_printf ("%u", i + 1);
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no such job");
  return NULL;
}

static char *
submit (gpointer self, const char *title, GBytes *bytes, int64_t good_until, GError **error)
{
  FakePaper *paper = self;
  if (till_world_trouble (paper->world, 12, "print server out of reach"))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "no print server");
      return NULL;
    }
  char *known = find (self, title, NULL);
  if (known)
    return known;
  g_ptr_array_add (paper->titles, g_strdup (title));
  if (till_world_trouble (paper->world, 12, "job taken, answer lost"))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "the line was cut");
      return NULL;
    }
  return find (self, title, error);
}

static TillJobReport *
report (gpointer self, const char *job, const char *title, GError **error)
{
  FakePaper *paper = self;
  guint n = (guint)atoi (job);
  if (n == 0 || n > paper->titles->len)
    till_world_fail (paper->world, "P1: asked about a print job %s that was never given out", job);
  char **known = (char **)&g_ptr_array_index (paper->titles, n - 1);
  if (till_world_trouble (paper->world, 40, "print server forgets a job"))
    {
      g_free (*known);
      *known = g_strdup ("");
    }
  if (!g_str_equal (*known, title))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no such job");
      return NULL;
    }
  TillJobReport *now = g_new0 (TillJobReport, 1);
  now->words = g_strdup ("");
  now->state = TILL_JOB_COMPLETED;
  if (till_world_trouble (paper->world, 8, "out of paper"))
    {
      now->state = TILL_JOB_STOPPED;
      now->trouble = TILL_PRINTER_PAPER_OUT;
    }
  else if (till_world_trouble (paper->world, 30, "print job aborted"))
    now->state = TILL_JOB_ABORTED;
  return now;
}

/* Too late: this server prints what it has. */
static gboolean
withdraw (gpointer self, const char *job, const char *title, GError **error)
{
  FakePaper *paper = self;
  if (!till_world_trouble (paper->world, 20, "print server out of reach"))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "no print server");
  return FALSE;
}

static void
leave (gpointer self)
{
}

TillPrinter *
till_fake_paper_printer (FakePaper *paper)
{
  static const TillPaperWay way = { "fake", submit, find, report, withdraw, leave };
  return till_printer_new (&way, paper);
}

FakePaper *
till_fake_paper_new (World *world)
{
  FakePaper *paper = g_new0 (FakePaper, 1);
  paper->world = world;
  paper->titles = g_ptr_array_new_with_free_func (g_free);
  return paper;
}

void
till_fake_paper_free (FakePaper *paper)
{
  g_ptr_array_unref (paper->titles);
  g_free (paper);
}

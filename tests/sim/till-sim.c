/* SPDX-License-Identifier: GPL-3.0-or-later */
/* till-sim: shops, providers and printers by the seed, as many as one likes. A shop's providers,
 * one to four of those that can be spoken to, are drawn by the seed as well.
 *
 *   till-sim --seeds 1..1000              a TAP line a seed; a failing one says how to tell it
 *                                         again
 *   till-sim --seed 17 --trace            the story of one seed
 *   till-sim --seed 17 --only 3,8         … with only these of its troubles
 *   till-sim --provider wechat --seeds …  this provider for all it takes, others for the rest
 *   till-sim --thorough                   TILL_SEEDS (5000) seeds from TILL_SEED_FROM (100000) on
 *
 * Each seed runs in a process of its own, so an assertion of the till is a finding like any other.
 * A failing seed is told again with fewer and fewer troubles, one taken out at a time, until each
 * that is left is needed. */
#include "tests/ctl/folder.h"
#include "tests/sim/sim-world.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TROUBLES_MAX 1000
#define SEED_SECONDS 60 /* a seed takes some hundredths of one */
#define SHRUNK_MAX 150  /* troubles that are tried to be left out; few seeds draw more */
#define FAILURES_SHOWN 3

typedef struct
{
  WorldKit kit;
  gboolean without[TROUBLES_MAX];
  gboolean trace, no_shrink;
} Simulator;

/* What the process of one seed had to say. */
typedef struct
{
  gboolean kept;
  guint troubles;
  char words[2000];
} Ending;

static void
live (Simulator *simulator, guint64 seed, int report)
{
  alarm (SEED_SECONDS);
  World *world = till_world_new (&simulator->kit, seed, simulator->without, TROUBLES_MAX);
  world->trace = simulator->trace;
  world->report = report;
  till_world_run (world);
  dprintf (report, "kept %u", world->troubles);
  till_world_free (world);
  fflush (stdout);
  _exit (0);
}

static void
remove_books (Simulator *simulator, guint64 seed)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%" G_GUINT64_FORMAT ".books%s",
                                               simulator->kit.dir, seed, suffixes[i]);
      g_remove (path);
    }
}

static Ending
run_seed (Simulator *simulator, guint64 seed)
{
  Ending ending = { 0 };
  int ends[2], status = 0;
  gsize got = 0;
  fflush (stdout);
  if (pipe (ends) != 0)
    g_error ("pipe: %s", g_strerror (errno));
  pid_t child = fork ();
  if (child < 0)
    g_error ("fork: %s", g_strerror (errno));
  if (child == 0)
    {
      close (ends[0]);
      live (simulator, seed, ends[1]);
    }
  close (ends[1]);
  for (gssize n = 1; n > 0 && got < sizeof ending.words - 1; got += (gsize)n)
    {
      n = read (ends[0], ending.words + got, sizeof ending.words - 1 - got);
      n = MAX (n, 0);
    }
  close (ends[0]);
  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    continue;
  ending.kept = WIFEXITED (status) && WEXITSTATUS (status) == 0;
  if (ending.kept)
    ending.troubles = (guint)atoi (ending.words + 5);
  else if (WIFSIGNALED (status))
    g_snprintf (ending.words, sizeof ending.words, "the till ended by signal %d",
                WTERMSIG (status));
  remove_books (simulator, seed);
  return ending;
}

/* Leaves out whatever is not needed to fail. */
static Ending
shrink (Simulator *simulator, guint64 seed, Ending ending)
{
  gboolean trace = simulator->trace;
  simulator->trace = FALSE;
  for (guint i = SHRUNK_MAX; i < TROUBLES_MAX; i++)
    simulator->without[i] = TRUE;
  for (guint i = 0; i < SHRUNK_MAX; i++)
    {
      if (simulator->without[i])
        continue;
      simulator->without[i] = TRUE;
      Ending again = run_seed (simulator, seed);
      if (again.kept)
        simulator->without[i] = FALSE;
      else
        ending = again;
    }
  simulator->trace = trace;
  return ending;
}

static void
print_only (Simulator *simulator)
{
  const char *before = " --only ";
  for (guint i = 0; i < TROUBLES_MAX; i++)
    if (!simulator->without[i])
      {
        printf ("%s%u", before, i);
        before = ",";
      }
  if (before[0] == ' ')
    printf (" --only none");
}

/* How to play a seed again. */
static void
print_replay (const Simulator *simulator, const char *word, guint64 seed)
{
  const TillCodec *pinned = simulator->kit.pinned;
  printf ("# %s: till-sim%s%s --seed %" G_GUINT64_FORMAT " --trace", word,
          pinned ? " --provider " : "", pinned ? pinned->profile->name : "", seed);
}

static void
explain (Simulator *simulator, guint64 seed, Ending ending)
{
  print_replay (simulator, "replay", seed);
  printf ("\n");
  if (simulator->no_shrink)
    return;
  gboolean given[TROUBLES_MAX];
  memcpy (given, simulator->without, sizeof given);
  ending = shrink (simulator, seed, ending);
  print_replay (simulator, "shrunk", seed);
  print_only (simulator);
  g_strdelimit (ending.words, "\n", ';');
  printf ("\n# %s\n", ending.words);
  memcpy (simulator->without, given, sizeof given);
}

static int
run_seeds (Simulator *simulator, guint64 from, guint64 to)
{
  guint failures = 0, n = 0;
  g_autoptr (GString) which = g_string_new (NULL);
  printf ("1..%" G_GUINT64_FORMAT "\n", to - from + 1);
  for (guint64 seed = from; seed <= to; seed++)
    {
      Ending ending = run_seed (simulator, seed);
      g_autofree char *words = g_strdelimit (g_strdup (ending.words), "\n", ';');
      printf ("%sok %u - /sim/seed/%" G_GUINT64_FORMAT "\n", ending.kept ? "" : "not ", ++n, seed);
      if (ending.kept)
        continue;
      printf ("# %s\n", words);
      g_string_append_printf (which, " %" G_GUINT64_FORMAT, seed);
      if (failures++ < FAILURES_SHOWN)
        explain (simulator, seed, ending);
    }
  /* Again where people look: what runs thousands of tests says only how this one ended. */
  if (failures)
    {
      fflush (stdout);
      g_printerr ("%u of %u seeds broke a promise:%s\n", failures, n, which->str);
    }
  return failures ? 1 : 0;
}

/* In memory where there is such a place: what a sync costs is measured elsewhere. */
static char *
make_dir (void)
{
  char *dir = g_strdup ("/dev/shm/till-sim-XXXXXX");
  if (g_mkdtemp (dir))
    return dir;
  g_free (dir);
  return g_dir_make_tmp ("till-sim-XXXXXX", NULL);
}

static gboolean
parse_range (const char *text, guint64 *from, guint64 *to)
{
  g_auto (GStrv) parts = g_strsplit (text, "..", 2);
  return g_strv_length (parts) == 2
         && g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXUINT32, from, NULL)
         && g_ascii_string_to_unsigned (parts[1], 10, *from, G_MAXUINT32, to, NULL);
}

static gboolean
parse_only (Simulator *simulator, const char *text)
{
  for (guint i = 0; i < TROUBLES_MAX; i++)
    simulator->without[i] = TRUE;
  if (g_str_equal (text, "none"))
    return TRUE;
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  for (char **part = parts; *part; part++)
    {
      guint64 number;
      if (!g_ascii_string_to_unsigned (*part, 10, 0, TROUBLES_MAX - 1, &number, NULL))
        return FALSE;
      simulator->without[number] = FALSE;
    }
  return TRUE;
}

/* FALSE: there is nothing to do, and why was said. */
static gboolean
parse (Simulator *simulator, int argc, char **argv, guint64 *from, guint64 *to, int *result)
{
  gint64 seed = -1;
  gboolean thorough = FALSE;
  g_autofree char *range = NULL, *only = NULL, *provider = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Run one seed", "N" },
    { "seeds", 0, 0, G_OPTION_ARG_STRING, &range, "Run seeds", "FROM..TO" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only, "Only these troubles", "I,J,…|none" },
    { "provider", 0, 0, G_OPTION_ARG_STRING, &provider, "This provider for all it takes", "NAME" },
    { "no-shrink", 0, 0, G_OPTION_ARG_NONE, &simulator->no_shrink, "Only say what failed", NULL },
    { "trace", 0, 0, G_OPTION_ARG_NONE, &simulator->trace, "Tell the story", NULL },
    { "thorough", 0, 0, G_OPTION_ARG_NONE, &thorough, "Run TILL_SEEDS seeds", NULL },
    { 0 }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  *result = 2;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }
  if (provider && !(simulator->kit.pinned = till_codec_find (provider)))
    {
      g_printerr ("--provider takes a name of the registry: sandbox, unionpay, stripe …\n");
      return FALSE;
    }
  if (only && !parse_only (simulator, only))
    {
      g_printerr ("--only takes \"none\" or numbers below %d, with commas\n", TROUBLES_MAX);
      return FALSE;
    }
  if (seed >= 0)
    *from = *to = (guint64)seed;
  else if (thorough)
    {
      guint64 count = 0;
      const char *first = g_getenv ("TILL_SEED_FROM"), *many = g_getenv ("TILL_SEEDS");
      g_ascii_string_to_unsigned (first ? first : "100000", 10, 0, G_MAXUINT32, from, NULL);
      g_ascii_string_to_unsigned (many ? many : "5000", 10, 0, G_MAXUINT32, &count, NULL);
      *to = *from + count - 1;
      if (count == 0)
        printf ("1..0 # SKIP TILL_SEEDS is 0\n");
      *result = 0;
      return count > 0;
    }
  else if (!range || !parse_range (range, from, to))
    {
      g_printerr ("say --seed N, --seeds FROM..TO or --thorough\n");
      return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  Simulator *simulator = g_new0 (Simulator, 1);
  guint64 from, to;
  int result;
  if (!parse (simulator, argc, argv, &from, &to, &result))
    return result;
  g_autofree char *dir = make_dir ();
  if (!dir)
    g_error ("no place for books");
  g_autofree char *template_path = g_build_filename (dir, "template", NULL);
  till_world_make_template (template_path);
  simulator->kit.template_path = template_path;
  simulator->kit.dir = dir;
  till_kit_make (&simulator->kit);
  result = run_seeds (simulator, from, to);
  till_kit_clear (&simulator->kit);
  test_folder_remove (dir);
  g_free (simulator);
  return result;
}

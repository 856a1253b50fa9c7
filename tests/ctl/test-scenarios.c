/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every story of tests/ctl/scenarios, as it is told and with the power cut at every place where it
 * may fail; after each play the auditor goes over the books and the provider's statement.
 *
 * "2/4" as an argument plays every fourth story, from the second on, so that cores share the work.
 */
#include "app/ctl/story.h"
#include "tests/ctl/checker.h"
#include "tests/ctl/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUTS_MAX 5000

static TillStage *stage;
static char *top; /* owned */

/* Says what is wrong and ends the test, not the program: the other stories are played too. */
static gboolean
wrong (const char *path, guint n, const TillStoryEnd *end, const char *what)
{
  g_test_message ("%s, play %u (cut at %s): %s", path, n, end->cut_at ? end->cut_at : "no place",
                  what);
  g_test_fail ();
  return FALSE;
}

static gboolean
audit (const char *dir, const TillStoryEnd *end, const char *path, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ledger = g_build_filename (dir, "ledger.db", NULL);
  TillCheckFlags flags
      = (end->line_repeats ? TILL_CHECK_LINE_REPEATS : 0) | (end->lenient ? TILL_CHECK_LENIENT : 0);
  g_autoptr (GPtrArray) findings = till_check_books_against (ledger, end->statement, flags, &error);
  g_assert_no_error (error);
  g_autofree char *words = till_check_words (findings);
  return findings->len == 0 || wrong (path, n, end, words);
}

/* TRUE while there was a place to cut. */
static gboolean
play (const TillStory *story, const char *path, guint n)
{
  g_autoptr (GError) error = NULL;
  g_auto (TillStoryEnd) end = { 0 };
  g_autofree char *dir = g_build_filename (top, "play", NULL);
  gboolean played = till_story_play (story, stage, dir, n, &end, &error);
  if (!played)
    return wrong (path, n, &end, error->message);
  g_autofree char *what = g_strdup_printf ("line %d: %s", end.line, end.what);
  if (!end.held)
    return wrong (path, n, &end, what);
  return audit (dir, &end, path, n) && (n == 0 || end.cut_at != NULL);
}

static void
test_story (gconstpointer data)
{
  const char *path = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TillStory) story = till_story_load (path, &error);
  g_assert_no_error (error);
  guint n = 0;
  while (play (story, path, n))
    g_assert_cmpuint (++n, <, CUTS_MAX);
  g_test_message ("%s: %u plays", till_story_title (story), n + 1);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
find_stories (void)
{
  g_autofree char *folder
      = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "ctl", "scenarios", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  GPtrArray *paths = g_ptr_array_new ();
  const char *name;
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".till"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, by_name);
  g_assert_cmpuint (paths->len, >=, 40);
  return paths;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  guint shard = 1, shards = 1;
  g_test_init (&argc, &argv, NULL);
  if (argc > 1 && sscanf (argv[1], "%u/%u", &shard, &shards) != 2)
    g_error ("which share of the stories? like 2/4");
  test_folder_in_memory ();
  top = test_folder_new ();
  stage = till_stage_new (top, &error);
  g_assert_no_error (error);
  GPtrArray *paths = find_stories ();
  for (guint i = shard - 1; i < paths->len; i += shards)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_autofree char *name = g_path_get_basename (path);
      name[strlen (name) - strlen (".till")] = '\0';
      g_autofree char *test = g_strdup_printf ("/scenarios/%s", name);
      g_test_add_data_func (test, path, test_story);
    }
  int result = g_test_run ();
  till_stage_free (stage);
  test_folder_remove (top);
  g_free (top);
  return result;
}

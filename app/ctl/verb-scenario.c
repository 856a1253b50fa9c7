/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/ctl.h"
#include "app/ctl/story.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gio/gio.h>

/* More places than any story has. */
#define CUTS_MAX 100000

/* One story as told and, if wanted, with the power cut everywhere. *plays counts them. */
static gboolean
play_all (const TillStory *story, const TillStage *stage, const char *dir, gboolean cuts,
          TillStoryEnd *end, int *plays, GError **error)
{
  for (guint n = 0; n < CUTS_MAX; n++)
    {
      till_story_end_clear (end);
      if (!till_story_play (story, stage, dir, n, end, error))
        return FALSE;
      *plays += 1;
      if (!end->held || !cuts || (n > 0 && !end->cut_at))
        return TRUE;
    }
  g_assert_not_reached ();
}

static gboolean
play_file (const char *path, const TillStage *stage, const char *dir, gboolean cuts, json_t *array,
           GString *text, gboolean *held, GError **error)
{
  g_auto (TillStoryEnd) end = { 0 };
  int plays = 0;
  g_autoptr (TillStory) story = till_story_load (path, error);
  if (!story || !play_all (story, stage, dir, cuts, &end, &plays, error))
    return FALSE;
  *held = *held && end.held;
  g_string_append_printf (text, "%s  %s", end.held ? "✓" : "✗", till_story_title (story));
  if (cuts)
    g_string_append_printf (text, _ ("  (%d plays)"), plays);
  if (!end.held)
    g_string_append_printf (text, "\n   %s:%d: %s", path, end.line, end.what);
  if (!end.held && end.cut_at)
    g_string_append_printf (text, _ ("\n   with the power cut at %s, play %d"), end.cut_at,
                            plays - 1);
  g_string_append_c (text, '\n');
  json_array_append_new (array, json_pack ("{s:s,s:s,s:b,s:i,s:i,s:s,s:s}", "file", path, "title",
                                           till_story_title (story), "held", end.held, "plays",
                                           plays, "line", end.line, "what", end.what, "cut_at",
                                           end.held || !end.cut_at ? "" : end.cut_at));
  return TRUE;
}

static gboolean
remove_all (const char *path)
{
  g_autoptr (GDir) dir
      = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *below = g_build_filename (path, name, NULL);
      remove_all (below);
    }
  return g_remove (path) == 0;
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  gboolean cuts = FALSE, held = TRUE, played = TRUE;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "power-cuts", 0, 0, G_OPTION_ARG_NONE, &cuts,
      N_ ("Play each story again with the power cut at every place where it may fail"), NULL },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 1, -1, &exit_code))
    return exit_code;
  g_autofree char *top = g_dir_make_tmp ("till-story-XXXXXX", &error);
  if (!top)
    return till_ctl_say_error (ctl, error);
  g_autofree char *dir = g_build_filename (top, "play", NULL);
  g_autoptr (TillStage) stage = till_stage_new (top, &error);
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *array = json_array ();
  played = stage != NULL;
  for (int i = 1; played && i < argc; i++)
    played = play_file (argv[i], stage, dir, cuts, array, text, &held, &error);
  if (!remove_all (top))
    g_printerr ("tillctl: %s was not removed\n", top);
  json_t *object = json_pack ("{s:o}", "stories", array);
  if (played)
    return held ? till_ctl_say (ctl, object, text->str)
                : till_ctl_say_found (ctl, object, text->str);
  json_decref (object);
  return till_ctl_say_error (ctl, error);
}

const TillVerb till_verb_scenario = {
  "scenario",
  "FILE…",
  N_ ("Play stories of a shop and compare what they promise"),
  "  tillctl scenario tests/ctl/scenarios/*.till\n"
  "  tillctl scenario --power-cuts story.till",
  run,
};

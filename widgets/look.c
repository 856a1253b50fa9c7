/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/look.h"
#include "data/core/error.h"
#include "data/core/text.h"

#define GROUP "look"

static const char *const colour_words[TILL_COLOURS] = { "machine", "light", "dark", "contrast" };

void
till_look_init (TillLook *look)
{
  *look = (TillLook){ .percent = TILL_TEXT_MIN };
}

void
till_look_load (TillLook *look, const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_message ("the till looks as it comes: %s", error->message);
      return;
    }
  g_autofree char *language = g_key_file_get_string (file, GROUP, "language", NULL);
  g_autofree char *colours = g_key_file_get_string (file, GROUP, "colours", NULL);
  int percent = g_key_file_get_integer (file, GROUP, "percent", NULL);
  int index = colours ? till_text_index (colour_words, TILL_COLOURS, colours) : -1;
  if (language)
    g_strlcpy (look->language, language, sizeof look->language);
  if (percent >= TILL_TEXT_MIN && percent <= TILL_TEXT_LARGEST)
    look->percent = percent;
  if (index >= 0)
    look->colours = (TillColours)index;
}

gboolean
till_look_save (const TillLook *look, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) broke = NULL;
  g_key_file_set_string (file, GROUP, "language", look->language);
  g_key_file_set_integer (file, GROUP, "percent", look->percent);
  g_key_file_set_string (file, GROUP, "colours", colour_words[look->colours]);
  if (g_key_file_save_to_file (file, path, &broke))
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s", broke->message);
  return FALSE;
}

int
till_look_next_size (int percent)
{
  return percent >= TILL_TEXT_LARGEST ? TILL_TEXT_MIN : percent + TILL_TEXT_STEP;
}

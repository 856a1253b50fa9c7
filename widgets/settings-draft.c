/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/settings-draft.h"

static void
edit_free (gpointer data)
{
  TillSettingEdit *edit = data;
  g_free (edit->key);
  g_free (edit->value);
  g_free (edit);
}

static TillSettingEdit *
edit_new (const char *key, const char *value)
{
  TillSettingEdit *edit = g_new (TillSettingEdit, 1);
  *edit = (TillSettingEdit){ g_strdup (key), g_strdup (value) };
  return edit;
}

void
till_settings_draft_init (TillSettingsDraft *draft)
{
  draft->settings = NULL;
  draft->changes = g_ptr_array_new_with_free_func (edit_free);
}

void
till_settings_draft_clear (TillSettingsDraft *draft)
{
  g_clear_pointer (&draft->settings, g_ptr_array_unref);
  g_clear_pointer (&draft->changes, g_ptr_array_unref);
}

static const char *
stored (const TillSettingsDraft *draft, const char *key)
{
  for (guint i = 0; draft->settings && i < draft->settings->len; i++)
    {
      const TillSetting *setting = g_ptr_array_index (draft->settings, i);
      if (g_str_equal (setting->key, key))
        return setting->value;
    }
  return "";
}

const char *
till_settings_draft_value (const TillSettingsDraft *draft, const char *key)
{
  for (guint i = draft->changes->len; i > 0; i--)
    {
      const TillSettingEdit *edit = g_ptr_array_index (draft->changes, i - 1);
      if (g_str_equal (edit->key, key))
        return edit->value;
    }
  return stored (draft, key);
}

gboolean
till_settings_draft_is_changed (const TillSettingsDraft *draft, const char *key)
{
  return !g_str_equal (till_settings_draft_value (draft, key), stored (draft, key));
}

gboolean
till_settings_draft_set (TillSettingsDraft *draft, const char *key, const char *value)
{
  if (g_str_equal (till_settings_draft_value (draft, key), value)
      || draft->changes->len >= TILL_SETTING_CHANGES_MAX)
    return FALSE;
  g_ptr_array_add (draft->changes, edit_new (key, value));
  return TRUE;
}

gboolean
till_settings_draft_undo (TillSettingsDraft *draft)
{
  if (draft->changes->len == 0)
    return FALSE;
  g_ptr_array_set_size (draft->changes, (int)draft->changes->len - 1);
  return TRUE;
}

GPtrArray *
till_settings_draft_copy (const TillSettingsDraft *draft)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (edit_free);
  for (guint i = 0; i < draft->changes->len; i++)
    {
      const TillSettingEdit *edit = g_ptr_array_index (draft->changes, i);
      g_ptr_array_add (copy, edit_new (edit->key, edit->value));
    }
  return copy;
}

void
till_settings_draft_saved (TillSettingsDraft *draft, guint n)
{
  g_ptr_array_remove_range (draft->changes, 0, MIN (n, draft->changes->len));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the settings screen keeps between its pages: the look of the till in its file, the changes
 * that are not saved, the rules for codes as they are edited. No screen is needed. */
#include "tests/ctl/folder.h"
#include "widgets/look.h"
#include "widgets/setting-row.h"

#include <string.h>

static TillLook
load (const char *path, const char *text)
{
  TillLook look;
  if (text)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  till_look_init (&look);
  till_look_load (&look, path);
  return look;
}

/* A file that is missing, spoiled or says what cannot be leaves the till as it comes. */
static void
test_look (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = test_folder_new ();
  g_autofree char *path = g_build_filename (dir, "look.ini", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "none", "look.ini", NULL);
  static const char *const spoiled[] = {
    NULL,
    "",
    "no ini at all",
    "[look]\nlanguage=much-too-long-a-word\n",
    "[look]\npercent=1000\ncolours=plaid\n",
    "[look]\npercent=x\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (spoiled); i++)
    {
      TillLook look = load (path, spoiled[i]);
      g_assert_cmpint (look.percent, ==, TILL_TEXT_MIN);
      g_assert_cmpint (look.colours, ==, TILL_COLOURS_MACHINE);
      g_assert_cmpuint (strlen (look.language), <, sizeof look.language);
    }
  const TillLook chosen = { "zh_CN", 150, TILL_COLOURS_CONTRAST };
  g_assert_true (till_look_save (&chosen, path, &error));
  TillLook back = load (path, NULL);
  g_assert_cmpstr (back.language, ==, "zh_CN");
  g_assert_cmpint (back.percent, ==, 150);
  g_assert_cmpint (back.colours, ==, TILL_COLOURS_CONTRAST);
  g_assert_false (till_look_save (&chosen, nowhere, &error));
  g_assert_nonnull (error);
  test_folder_remove (dir);
}

static void
test_sizes (void)
{
  int percent = TILL_TEXT_MIN;
  for (int i = 0; i < 4; i++)
    percent = till_look_next_size (percent);
  g_assert_cmpint (percent, ==, TILL_TEXT_MIN);
  g_assert_cmpint (till_look_next_size (TILL_TEXT_LARGEST), ==, TILL_TEXT_MIN);
}

static void
test_draft (void)
{
  TillSettingsDraft draft;
  till_settings_draft_init (&draft);
  g_assert_cmpstr (till_settings_draft_value (&draft, "shop.name"), ==, "");
  g_assert_false (till_settings_draft_undo (&draft));
  g_assert_true (till_settings_draft_set (&draft, "shop.name", "A"));
  g_assert_false (till_settings_draft_set (&draft, "shop.name", "A"));
  g_assert_true (till_settings_draft_set (&draft, "shop.name", "B"));
  g_assert_cmpstr (till_settings_draft_value (&draft, "shop.name"), ==, "B");
  g_autoptr (GPtrArray) copy = till_settings_draft_copy (&draft);
  g_assert_true (till_settings_draft_undo (&draft));
  g_assert_cmpstr (till_settings_draft_value (&draft, "shop.name"), ==, "A");
  g_assert_cmpuint (copy->len, ==, 2);
  /* More are saved than are left: what came meanwhile would be kept. */
  till_settings_draft_saved (&draft, copy->len);
  g_assert_cmpuint (draft.changes->len, ==, 0);
  for (int i = 0; i < TILL_SETTING_CHANGES_MAX; i++)
    g_assert_true (till_settings_draft_set (&draft, "shop.name", i % 2 ? "even" : "odd"));
  g_assert_false (till_settings_draft_set (&draft, "shop.name", "one too many"));
  till_settings_draft_clear (&draft);
}

static void
test_routes (void)
{
  static const struct
  {
    const char *routes;
    guint n;
    const char *provider, *after;
  } rows[] = {
    { "62=a", 0, NULL, "" },
    { "62=a", 0, "b", "62=b" },
    { "10-15=a,62=b,25=c", 1, NULL, "10-15=a,25=c" },
    { "10-15=a,62=b,25=c", 2, "x", "10-15=a,62=b,25=x" },
    { "10-15=a", 7, NULL, "10-15=a" },
    { "", 0, "x", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *after
          = till_setting_routes_with (rows[i].routes, rows[i].n, rows[i].provider);
      g_assert_cmpstr (after, ==, rows[i].after);
    }
}

/* What is typed becomes what the books keep, or nothing. */
static void
test_typed (void)
{
  static const struct
  {
    TillLineKind kind;
    const char *key, *typed, *kept;
  } rows[] = {
    { TILL_LINE_MONEY, "policy.return_limit.cashier", "300", "30000" },
    { TILL_LINE_MONEY, "policy.return_limit.cashier", "0.5", "50" },
    { TILL_LINE_MONEY, "policy.return_limit.cashier", "-1", NULL },
    { TILL_LINE_MONEY, "policy.return_limit.cashier", "much", NULL },
    { TILL_LINE_NUMBER, "policy.window_days", "14", "14" },
    { TILL_LINE_NUMBER, "policy.window_days", "1.5", NULL },
    { TILL_LINE_NUMBER, "paper.mm", "57", NULL },
    { TILL_LINE_TEXT, "shop.name", "", NULL },
    { TILL_LINE_TEXT, "shop.name", "南门", "南门" },
    { TILL_LINE_ADD, "provider.codes", "62", "62" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const TillSettingLine line = { .kind = rows[i].kind, .key = rows[i].key };
      g_autofree char *kept = till_setting_line_parse (&line, rows[i].typed);
      g_assert_cmpstr (kept, ==, rows[i].kept);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/look", test_look);
  g_test_add_func ("/settings/sizes", test_sizes);
  g_test_add_func ("/settings/draft", test_draft);
  g_test_add_func ("/settings/routes", test_routes);
  g_test_add_func ("/settings/typed", test_typed);
  return g_test_run ();
}

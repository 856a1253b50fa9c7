/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language is chosen at run time, also on a machine without a Chinese locale and when started
 * with LC_ALL=C. The locale is set once a process, so each case that starts is its own process. */
#include "data/core/error.h"
#include "widgets/language.h"

#include <glib/gi18n.h>
#include <locale.h>

static void
run_apart (const char *name, GTestFunc story)
{
  if (g_test_subprocess ())
    {
      story ();
      return;
    }
  g_autofree char *path = g_strdup_printf ("/language/%s", name);
  g_test_trap_subprocess (path, 0, 0);
  g_test_trap_assert_passed ();
}

static void
switch_to_and_fro (void)
{
  g_assert_true (till_language_set ("zh_CN", NULL));
  g_assert_cmpstr (till_language_get (), ==, "zh_CN");
  g_assert_cmpstr (_ ("Till"), ==, "收银台");
  g_assert_true (till_language_set ("en", NULL));
  g_assert_cmpstr (till_language_get (), ==, "en");
  g_assert_cmpstr (_ ("Till"), ==, "Till");
  g_assert_true (till_language_set ("zh_CN", NULL));
  g_assert_cmpstr (_ ("Till"), ==, "收银台");
}

static void
test_switch (void)
{
  run_apart ("switch", switch_to_and_fro);
}

static void
start_bare (void)
{
  g_setenv ("LC_ALL", "C", TRUE);
  g_unsetenv ("LANGUAGE");
  switch_to_and_fro ();
}

static void
test_bare_machine (void)
{
  run_apart ("bare-machine", start_bare);
}

static void
start_english (void)
{
  g_assert_true (till_language_set ("en", NULL));
  g_assert_cmpstr (_ ("Till"), ==, "Till");
  switch_to_and_fro ();
}

static void
test_english_first (void)
{
  run_apart ("english-first", start_english);
}

/* What GTK does while it starts. */
static void
outlive_setlocale (void)
{
  g_setenv ("LC_ALL", "C", TRUE);
  g_assert_true (till_language_set ("zh_CN", NULL));
  setlocale (LC_ALL, "");
  g_assert_cmpstr (_ ("Till"), ==, "收银台");
}

static void
test_gtk_starts (void)
{
  run_apart ("gtk-starts", outlive_setlocale);
}

static void
refuse_unknown (void)
{
  static const char *const bad[] = { "", "xx", "zh", "zh_CN.UTF-8", "../zh_CN", "EN" };
  g_assert_true (till_language_set ("zh_CN", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (till_language_set (bad[i], &error));
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_cmpstr (_ ("Till"), ==, "收银台");
    }
}

static void
test_unknown (void)
{
  run_apart ("unknown", refuse_unknown);
}

static void
ask_environment (void)
{
  g_setenv ("LC_ALL", "zh_CN.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "zh_CN", TRUE);
  g_assert_cmpstr (till_language_get (), ==, "zh_CN");
  g_setenv ("LANGUAGE", "fr", TRUE);
  g_setenv ("LC_ALL", "fr_FR.UTF-8", TRUE);
  g_assert_cmpstr (till_language_get (), ==, "en");
}

static void
test_environment (void)
{
  run_apart ("environment", ask_environment);
}

static void
keep_pango (void)
{
  g_setenv ("PANGO_LANGUAGE", "ja", TRUE);
  g_assert_true (till_language_set ("en", NULL));
  g_assert_cmpstr (g_getenv ("PANGO_LANGUAGE"), ==, "ja");
}

static void
test_pango_kept (void)
{
  run_apart ("pango-kept", keep_pango);
}

static void
set_pango (void)
{
  g_unsetenv ("PANGO_LANGUAGE");
  g_assert_true (till_language_set ("en", NULL));
  g_assert_cmpstr (g_getenv ("PANGO_LANGUAGE"), ==, "en:zh-cn");
}

static void
test_pango_set (void)
{
  run_apart ("pango-set", set_pango);
}

static void
test_list (void)
{
  for (const TillLanguage *language = till_language_list (); language->code; language++)
    g_assert_true (g_utf8_validate (language->name, -1, NULL) && *language->name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/language/list", test_list);
  g_test_add_func ("/language/switch", test_switch);
  g_test_add_func ("/language/bare-machine", test_bare_machine);
  g_test_add_func ("/language/english-first", test_english_first);
  g_test_add_func ("/language/gtk-starts", test_gtk_starts);
  g_test_add_func ("/language/unknown", test_unknown);
  g_test_add_func ("/language/environment", test_environment);
  g_test_add_func ("/language/pango-kept", test_pango_kept);
  g_test_add_func ("/language/pango-set", test_pango_set);
  return g_test_run ();
}

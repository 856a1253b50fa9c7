/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/language.h"
#include "data/core/error.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>

/* glibc caches translations and looks at LANGUAGE again only when this counter has moved; the
 * gettext manual ("Being a gettext grok") gives it as the way to change language at run time. */
extern int _nl_msg_cat_cntr;

static const TillLanguage languages[] = {
  { "en", "English" },
  { "zh_CN", "简体中文" },
  { NULL, NULL },
};

static const char *current; /* a code of the table; main thread only */

const TillLanguage *
till_language_list (void)
{
  return languages;
}

static const char *
find_code (const char *code)
{
  for (const TillLanguage *language = languages; language->code; language++)
    if (g_str_equal (language->code, code))
      return language->code;
  return NULL;
}

/* In the locale "C" gettext does not look at LANGUAGE at all, and without UTF-8 it cannot speak. */
static gboolean
locale_carries_messages (const char *locale)
{
  if (!setlocale (LC_ALL, locale))
    return FALSE;
  const char *messages = setlocale (LC_MESSAGES, NULL);
  return !g_str_equal (messages, "C") && !g_str_equal (messages, "POSIX")
         && g_str_equal (nl_langinfo (CODESET), "UTF-8");
}

/* Its own locale for the words of GTK and libc, else what the machine was set up for, else the one
 * that is in every glibc. */
static void
choose_locale (const char *code)
{
  g_autofree char *own = g_strconcat (code, ".UTF-8", NULL);
  const char *const locales[] = { own, "", "C.UTF-8" };
  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    if (locale_carries_messages (locales[i]))
      {
        /* GTK calls setlocale (LC_ALL, "") when it starts: let it find what was chosen here. */
        if (*locales[i])
          g_setenv ("LC_ALL", locales[i], TRUE);
        return;
      }
  g_warning ("no UTF-8 locale on this machine, not even C.UTF-8: messages stay English");
}

static void
start (const char *code)
{
  choose_locale (code);
  const char *folder = g_getenv ("TILL_LOCALEDIR");
  bindtextdomain (GETTEXT_PACKAGE, folder && *folder ? folder : TILL_INSTALLED_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* GLib decides once, at its first message, whether there is anything to translate, and finds
   * nothing in English, the language of the messages. Ask it in a language that has a catalogue. */
  g_setenv ("LANGUAGE", "zh_CN", TRUE);
  (void)g_dgettext (GETTEXT_PACKAGE, "Till");
  /* Han characters are shared between languages and drawn differently in each. Without this, goods
   * names in an English window get Japanese shapes. */
  g_setenv ("PANGO_LANGUAGE", "en:zh-cn", FALSE);
}

gboolean
till_language_set (const char *code, GError **error)
{
  const char *found = find_code (code);
  if (!found)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is no language of this till", code);
      return FALSE;
    }
  static gboolean started;
  if (!started)
    start (found);
  started = TRUE;

  g_setenv ("LANGUAGE", found, TRUE);
  _nl_msg_cat_cntr++;
  current = found;
  return TRUE;
}

const char *
till_language_get (void)
{
  if (current)
    return current;
  const char *const *names = g_get_language_names ();
  for (; *names; names++)
    {
      if (find_code (*names))
        return find_code (*names);
      if (g_str_has_prefix (*names, "zh"))
        return "zh_CN";
    }
  return "en";
}

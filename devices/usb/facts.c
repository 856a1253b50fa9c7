/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/facts.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/usb/acm.h"
#include "devices/usb/ccid-reader.h"
#include "devices/usb/display.h"
#include "devices/usb/hid-keyboard.h"
#include "devices/usb/hid-msr.h"
#include "devices/usb/hid-pos.h"
#include "devices/usb/hid-scale.h"
#include "devices/usb/idtech.h"
#include "devices/usb/magtek.h"
#include "devices/usb/reader-virtual.h"
#include "devices/usb/scanner-virtual.h"
#include "devices/usb/serial-scanner.h"

#include <string.h>

#define FILE_MAX (256 * 1024)

static const TillDriver *const drivers[]
    = { &till_hid_pos,          &till_hid_keyboard,    &till_hid_msr,
        &till_hid_scale,        &till_idtech,          &till_magtek,
        &till_reader_virtual,   &till_scanner_virtual, &till_serial_scanner,
        &till_customer_display, &till_escpos_display,  &till_escpos_display_gb18030,
        &till_ccid_reader };

const TillDriver *
till_facts_driver (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
    if (strcmp (drivers[i]->name, name) == 0)
      return drivers[i];
  return NULL;
}

TillFact *
till_fact_new (const char *name, const TillDriver *driver)
{
  TillFact *fact = g_new0 (TillFact, 1);
  fact->name = g_strdup (name);
  fact->driver = driver;
  fact->vendor = fact->product = fact->class = fact->usage_page = TILL_FACTS_ANY;
  return fact;
}

void
till_fact_free (TillFact *fact)
{
  g_free (fact->name);
  g_free (fact);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillFact, till_fact_free)

static gboolean
refuse (GError **error, const char *file, const char *group, const char *key, const char *words)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: [%s] %s: %s", file, group, key, words);
  return FALSE;
}

static gboolean
set_number (int *number, const char *value, guint max)
{
  guint64 result;
  if (!g_ascii_string_to_unsigned (value, 16, 0, max, &result, NULL))
    return FALSE;
  *number = (int)result;
  return TRUE;
}

static gboolean
set_quirks (TillFact *fact, const char *value)
{
  g_auto (GStrv) quirks = g_strsplit (value, ";", -1);
  for (guint i = 0; quirks[i]; i++)
    {
      if (strcmp (quirks[i], "aim-prefix") == 0)
        fact->quirks |= TILL_QUIRK_AIM_PREFIX;
      else if (strcmp (quirks[i], "ends-by-pause") == 0)
        fact->quirks |= TILL_QUIRK_ENDS_BY_PAUSE;
      else if (strcmp (quirks[i], "whole-apdu") == 0)
        fact->quirks |= TILL_QUIRK_WHOLE_APDU;
      else if (quirks[i][0])
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_value (TillFact *fact, const char *key, const char *value)
{
  if (strcmp (key, "name") == 0)
    {
      g_free (fact->name);
      fact->name = till_text_clean (value, 80);
      return fact->name[0] != 0;
    }
  if (strcmp (key, "driver") == 0)
    return (fact->driver = till_facts_driver (value)) != NULL;
  if (strcmp (key, "vendor") == 0)
    return set_number (&fact->vendor, value, 0xFFFF);
  if (strcmp (key, "product") == 0)
    return set_number (&fact->product, value, 0xFFFF);
  if (strcmp (key, "class") == 0)
    return set_number (&fact->class, value, 0xFF);
  if (strcmp (key, "usage-page") == 0)
    return set_number (&fact->usage_page, value, 0xFFFF);
  if (strcmp (key, "quirks") == 0)
    return set_quirks (fact, value);
  /* Read when the driver is known. */
  return strcmp (key, "language") == 0 || strcmp (key, "script") == 0;
}

/* What a display speaks makes another driver of it. */
static gboolean
choose_display (TillFact *fact, GKeyFile *keys, const char *file, const char *group, GError **error)
{
  g_autofree char *language = g_key_file_get_value (keys, group, "language", NULL);
  g_autofree char *script = g_key_file_get_value (keys, group, "script", NULL);
  gboolean is_escpos = g_strcmp0 (language, "escpos") == 0;
  if ((language || script) && fact->driver != &till_customer_display)
    return refuse (error, file, group, language ? "language" : "script",
                   "for a " TILL_DISPLAY_DRIVER " alone");
  if (language && !is_escpos && strcmp (language, "cd5220") != 0)
    return refuse (error, file, group, "language", "neither cd5220 nor escpos");
  if (script && (!is_escpos || strcmp (script, "gb18030") != 0))
    return refuse (error, file, group, "script", "gb18030, and for language=escpos alone");
  if (is_escpos)
    fact->driver = script ? &till_escpos_display_gb18030 : &till_escpos_display;
  return TRUE;
}

static gboolean
check (const TillFact *fact, const char *file, const char *group, GError **error)
{
  if (!fact->driver)
    return refuse (error, file, group, "driver", "missing");
  if (!fact->name)
    return refuse (error, file, group, "name", "missing");
  if (fact->product != TILL_FACTS_ANY && fact->vendor == TILL_FACTS_ANY)
    return refuse (error, file, group, "vendor", "missing beside a product");
  if (fact->vendor == TILL_FACTS_ANY && fact->class == TILL_FACTS_ANY
      && fact->usage_page == TILL_FACTS_ANY)
    return refuse (error, file, group, "vendor", "a fact that fits every device");
  if (fact->driver == &till_hid_keyboard
      && (fact->vendor == TILL_FACTS_ANY || fact->product == TILL_FACTS_ANY))
    return refuse (error, file, group, "product",
                   "hid-keyboard without vendor and product would take the cashier's keyboard");
  gboolean is_serial = fact->driver == &till_serial_scanner || fact->driver->show;
  if (is_serial
      && (fact->vendor == TILL_FACTS_ANY || fact->product == TILL_FACTS_ANY
          || fact->class != TILL_ACM_CLASS_DATA))
    return refuse (error, file, group, "product",
                   "a serial device without vendor, product and class 0a would take modems and "
                   "terminals");
  return TRUE;
}

static TillFact *
read_fact (GKeyFile *keys, const char *file, const char *group, GError **error)
{
  g_autoptr (TillFact) fact = till_fact_new (NULL, NULL);
  g_auto (GStrv) names = g_key_file_get_keys (keys, group, NULL, NULL);
  for (guint i = 0; names && names[i]; i++)
    {
      g_autofree char *value = g_key_file_get_value (keys, group, names[i], NULL);
      if (!value || !set_value (fact, names[i], value))
        {
          refuse (error, file, group, names[i], "not understood");
          return NULL;
        }
    }
  if (!choose_display (fact, keys, file, group, error) || !check (fact, file, group, error))
    return NULL;
  return g_steal_pointer (&fact);
}

static gboolean
read_file (GPtrArray *facts, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autoptr (GError) why = NULL;
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  if (!g_file_get_contents (path, &text, &size, &why) || size > FILE_MAX
      || !g_key_file_load_from_data (keys, text, size, G_KEY_FILE_NONE, &why))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", path,
                   why ? why->message : "too long");
      return FALSE;
    }
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  for (guint i = 0; groups[i]; i++)
    {
      TillFact *fact = read_fact (keys, path, groups[i], error);
      if (!fact)
        return FALSE;
      g_ptr_array_add (facts, fact);
      if (facts->len > TILL_FACTS_MAX)
        return refuse (error, path, groups[i], "name", "too many facts");
    }
  return TRUE;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
till_facts_load (const char *folder, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &why);
  if (!dir)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no device facts: %s", why->message);
      return NULL;
    }
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".ini"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, by_name);
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)till_fact_free);
  for (guint i = 0; i < names->len; i++)
    if (!read_file (facts, folder, g_ptr_array_index (names, i), error))
      return NULL;
  return g_steal_pointer (&facts);
}

static gboolean
is_or_any (int wanted, int is)
{
  return wanted == TILL_FACTS_ANY || wanted == is;
}

gboolean
till_fact_fits (const TillFact *fact, const TillWireDescription *description,
                const TillWireFace *face)
{
  return is_or_any (fact->vendor, description->vendor)
         && is_or_any (fact->product, description->product) && is_or_any (fact->class, face->class);
}

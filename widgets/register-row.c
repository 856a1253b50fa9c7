/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/register-row.h"
#include "data/core/clock.h"
#include "data/trade/usb-name.h"
#include "devices/usb/display.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stddef.h>

/* So many of the latest checks and pieces of work are shown. */
#define LOG_MAX 4
#define DAY_HINT "2026-11-22"
#define AT(member) offsetof (TillDeviceRecord, member)

const TillColumn till_register_columns[TILL_REGISTER_COLUMNS] = {
  { N_ ("Device"), TILL_CELL_TEXT, 0 },         { N_ ("Kind"), TILL_CELL_TEXT, 16 },
  { N_ ("Serial number"), TILL_CELL_TEXT, 14 }, { N_ ("Next check"), TILL_CELL_TEXT, 11 },
  { N_ ("State"), TILL_CELL_FACE, 20 },
};

/* A line of the form and what it says; days and amounts are read and written apart. */
typedef enum
{
  LINE_TEXT,
  LINE_DAY,
  LINE_MONEY,
} LineKind;

static const struct
{
  LineKind kind;
  gsize offset;
} places[TILL_REGISTER_LINES] = {
  { LINE_TEXT, AT (name) },   { LINE_TEXT, AT (model) },       { LINE_TEXT, AT (serial) },
  { LINE_TEXT, AT (place) },  { LINE_TEXT, AT (contact) },     { LINE_TEXT, AT (phone) },
  { LINE_DAY, AT (bought) },  { LINE_DAY, AT (warranty_end) }, { LINE_TEXT, AT (invoice) },
  { LINE_MONEY, AT (price) }, { LINE_TEXT, AT (provider) },    { LINE_TEXT, AT (usb) },
};

const TillFormLine till_register_lines[TILL_REGISTER_LINES] = {
  { N_ ("Name"), NULL },
  { N_ ("Model"), N_ ("maker and model") },
  { N_ ("Serial number"), NULL },
  { N_ ("Place"), N_ ("where it stands and is plugged in") },
  { N_ ("Call for repairs"), NULL },
  { N_ ("Phone"), NULL },
  { N_ ("Bought"), DAY_HINT },
  { N_ ("Warranty until"), DAY_HINT },
  { N_ ("Invoice"), NULL },
  { N_ ("Price paid"), NULL },
  { N_ ("Lent by"), N_ ("empty: it is the shop's own") },
  { N_ ("USB name"), "04b8:0e28:J9X1" },
};

const TillFormLine till_work_lines[TILL_WORK_LINES] = {
  [TILL_WORK_WORDS] = { N_ ("What was done"), NULL },
  [TILL_WORK_DAY] = { N_ ("Day"), N_ ("empty: today") },
  [TILL_WORK_BY] = { N_ ("Who did it"), NULL },
  [TILL_WORK_COST] = { N_ ("What it cost"), NULL },
  [TILL_WORK_FIRMWARE] = { N_ ("The firmware it has now"), N_ ("empty: as before") },
};

void
till_register_entry_free (TillRegisterEntry *entry)
{
  g_clear_pointer (&entry->record, till_device_record_free);
  g_clear_pointer (&entry->plugged, till_device_free);
  g_free (entry);
}

/* --- rows --- */

static gboolean
is_of (const TillDeviceRecord *record, const TillDevice *device)
{
  TillUsbName name;
  return *record->usb && till_usb_name_read (record->usb, &name)
         && till_usb_name_fits (&name, device->vendor, device->product, device->serial,
                                device->path);
}

static gboolean
is_known (GPtrArray *records, const TillDevice *device)
{
  for (guint i = 0; i < records->len; i++)
    if (is_of (g_ptr_array_index (records, i), device))
      return TRUE;
  return FALSE;
}

GPtrArray *
till_register_entries (GPtrArray *records, GPtrArray *devices)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify)till_register_entry_free);
  for (guint i = 0; devices && i < devices->len; i++)
    {
      const TillDevice *device = g_ptr_array_index (devices, i);
      /* The machine's own USB stands among them when it cannot be watched. */
      if (device->vendor == 0 || device->state == TILL_DEVICE_UNPLUGGED
          || is_known (records, device))
        continue;
      TillRegisterEntry *entry = g_new0 (TillRegisterEntry, 1);
      entry->plugged = till_device_copy (device);
      g_ptr_array_add (entries, entry);
    }
  for (guint i = 0; i < records->len; i++)
    {
      TillRegisterEntry *entry = g_new0 (TillRegisterEntry, 1);
      entry->record = g_ptr_array_index (records, i);
      g_ptr_array_insert (entries, (int)i, entry);
    }
  g_ptr_array_set_free_func (records, NULL);
  g_ptr_array_unref (records);
  g_clear_pointer (&devices, g_ptr_array_unref);
  return entries;
}

static TillFace
face_of (const TillRegisterEntry *entry, int today)
{
  const TillDeviceRecord *record = entry->record;
  if (!record)
    return (TillFace){ "list-add-symbolic", _ ("Not in the register"), "warn" };
  if (record->checked_day && !record->check_good)
    return (TillFace){ "dialog-warning-symbolic", _ ("Failed its check"), "bad" };
  if (till_device_record_is_overdue (record, today))
    return (TillFace){ "dialog-warning-symbolic", _ ("Check due"), "warn" };
  if (till_device_record_warranty (record, today) == TILL_WARRANTY_SOON)
    return (TillFace){ "dialog-information-symbolic", _ ("Warranty ends soon"), "warn" };
  return (TillFace){ "emblem-ok-symbolic", _ ("In order"), "good" };
}

TillSheetRow *
till_register_row_new (guint n, const TillRegisterEntry *entry, int today)
{
  const TillDeviceRecord *record = entry->record;
  g_autofree char *due
      = record && record->due_day ? till_clock_format_day (record->due_day) : g_strdup ("–");
  g_autoptr (TillDeviceRecord) guess = record ? NULL : till_register_record_of (entry->plugged);
  const char *kind = record  ? till_device_record_kind_label (record->kind)
                     : guess ? till_device_record_kind_label (guess->kind)
                             : "–";
  const char *cells[] = { record ? record->name : entry->plugged->name, kind,
                          record ? record->serial : entry->plugged->serial, due };
  TillSheetRow *row = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  till_sheet_row_set_face (row, face_of (entry, today));
  return row;
}

/* --- one that is plugged in --- */

static gboolean
kind_of_driver (const char *driver, TillDeviceRecordKind *kind)
{
  static const struct
  {
    const char *driver;
    TillDeviceRecordKind kind;
  } kinds[] = {
    { "hid-keyboard", TILL_DEVICE_RECORD_SCANNER },
    { "hid-pos", TILL_DEVICE_RECORD_SCANNER },
    { "serial-scanner", TILL_DEVICE_RECORD_SCANNER },
    { "hid-msr", TILL_DEVICE_RECORD_READER },
    { "idtech", TILL_DEVICE_RECORD_READER },
    { "magtek", TILL_DEVICE_RECORD_READER },
    { "hid-scale", TILL_DEVICE_RECORD_SCALE },
    { TILL_DISPLAY_DRIVER, TILL_DEVICE_RECORD_DISPLAY },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (driver, kinds[i].driver))
      {
        *kind = kinds[i].kind;
        return TRUE;
      }
  return FALSE;
}

static void
replace (char **text, const char *with)
{
  g_free (*text);
  *text = g_strdup (with);
}

void
till_register_fill_from (TillDeviceRecord *record, const TillDevice *device)
{
  replace (&record->name, device->name);
  replace (&record->model, device->name);
  replace (&record->serial, device->serial);
  g_autofree char *place = g_strdup_printf (_ ("USB port %s"), device->path);
  replace (&record->place, place);
  g_free (record->usb);
  record->usb = till_usb_name_write (device->vendor, device->product, device->serial, device->path);
}

TillDeviceRecord *
till_register_record_of (const TillDevice *device)
{
  TillDeviceRecordKind kind;
  if (!kind_of_driver (device->driver, &kind))
    return NULL;
  TillDeviceRecord *record = till_device_record_new (kind, "");
  till_register_fill_from (record, device);
  return record;
}

gboolean
till_register_is_only_reader (const TillDeviceRecord *record, GPtrArray *devices)
{
  guint readers = 0, this_one = 0;
  for (guint i = 0; i < devices->len; i++)
    {
      TillDeviceRecordKind kind;
      const TillDevice *device = g_ptr_array_index (devices, i);
      gboolean reads
          = g_str_equal (device->driver, "reader-virtual")
            || (kind_of_driver (device->driver, &kind) && kind == TILL_DEVICE_RECORD_READER);
      if (!reads || device->state != TILL_DEVICE_READY)
        continue;
      readers++;
      this_one += is_of (record, device);
    }
  return record->kind == TILL_DEVICE_RECORD_READER && readers == 1 && this_one == 1;
}

/* --- the chosen one --- */

static void
append (GString *facts, const char *label, const char *text)
{
  if (text && *text)
    g_string_append_printf (facts, "%s%s: %s", facts->len ? " · " : "", label, text);
}

char *
till_register_facts (const TillDeviceRecord *record)
{
  g_autoptr (GString) facts = g_string_new (NULL);
  g_autofree char *bought = record->bought ? till_clock_format_day (record->bought) : NULL;
  g_autofree char *price = record->price < 0 ? NULL : till_money_format_screen (record->price);
  append (facts, _ ("Model"), record->model);
  append (facts, _ ("Firmware"), record->firmware);
  append (facts, _ ("Place"), record->place);
  append (facts, _ ("Bought"), bought);
  append (facts, _ ("Price paid"), price);
  append (facts, _ ("Invoice"), record->invoice);
  append (facts, _ ("Lent by"), record->provider);
  return g_strdup (facts->str);
}

char *
till_register_counted (const TillDeviceRecord *record, GPtrArray *devices)
{
  guint64 uses = 0, failures = 0, lost = 0;
  for (guint i = 0; devices && i < devices->len; i++)
    {
      const TillDevice *device = g_ptr_array_index (devices, i);
      if (!is_of (record, device))
        continue;
      uses += device->findings;
      failures += device->refused;
      lost += device->lost;
    }
  return uses + lost ? g_strdup_printf (_ ("Since the till was started: used %" PRIu64
                                           " times, of them failed: %" PRIu64
                                           ", connection lost: %" PRIu64 "."),
                                        uses, failures, lost)
                     : NULL;
}

/* --- what was found and done --- */

static void
append_check (GString *text, const TillDeviceCheck *check)
{
  g_autofree char *day = till_clock_format_day (check->day);
  g_string_append_printf (text, "%s%s  %s: %s, %s (%s)", text->len ? "\n" : "", day, _ ("Check"),
                          check->good ? _ ("good") : _ ("bad"), check->by,
                          till_check_proof_label (check->proof));
  if (*check->note)
    g_string_append_printf (text, " – %s", check->note);
}

static void
append_service (GString *text, const TillDeviceService *service)
{
  g_autofree char *day = till_clock_format_day (service->day);
  g_autofree char *cost = service->cost < 0 ? NULL : till_money_format_screen (service->cost);
  g_string_append_printf (text, "%s%s  %s", text->len ? "\n" : "", day,
                          till_service_deed_label (service->deed));
  if (*service->words)
    g_string_append_printf (text, ": %s", service->words);
  if (*service->after)
    g_string_append_printf (text, " · %s → %s", *service->before ? service->before : "–",
                            service->after);
  if (*service->done_by)
    g_string_append_printf (text, " · %s", service->done_by);
  if (cost)
    g_string_append_printf (text, " · %s", cost);
}

char *
till_register_log (GPtrArray *checks, GPtrArray *services)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (checks->len, LOG_MAX); i++)
    append_check (text, g_ptr_array_index (checks, i));
  for (guint i = 0; i < MIN (services->len, LOG_MAX); i++)
    append_service (text, g_ptr_array_index (services, i));
  return g_string_free (text, FALSE);
}

/* --- forms --- */

void
till_register_form_fill (TillFormPanel *form, const TillDeviceRecord *record)
{
  for (guint i = 0; i < TILL_REGISTER_LINES; i++)
    {
      const void *place = (const char *)record + places[i].offset;
      g_autofree char *text = NULL;
      if (places[i].kind == LINE_TEXT)
        text = g_strdup (*(char *const *)place);
      else if (places[i].kind == LINE_DAY && *(const int *)place)
        text = till_clock_format_day (*(const int *)place);
      else if (places[i].kind == LINE_MONEY && *(const TillMoney *)place >= 0)
        text = till_money_format (*(const TillMoney *)place);
      till_form_panel_set_text (form, i, text ? text : "");
    }
}

static gboolean
take_day (TillFormPanel *form, guint line, int *day)
{
  g_autofree char *text = g_strstrip (g_strdup (till_form_panel_text (form, line)));
  *day = 0;
  if (!*text || till_clock_parse_day (text, day, NULL))
    return TRUE;
  till_form_panel_point (form, line, _ ("This is no day. Write it as 2026-11-22, or nothing."));
  return FALSE;
}

static gboolean
take_money (TillFormPanel *form, guint line, TillMoney *amount)
{
  g_autofree char *text = g_strstrip (g_strdup (till_form_panel_text (form, line)));
  *amount = -1;
  if (!*text || till_money_parse (text, amount, NULL))
    return TRUE;
  till_form_panel_point (form, line, _ ("This is no amount. Write it as 12.50, or nothing."));
  return FALSE;
}

static gboolean
has_words (TillFormPanel *form, guint line)
{
  g_autofree char *text = g_strstrip (g_strdup (till_form_panel_text (form, line)));
  if (*text)
    return TRUE;
  till_form_panel_point (form, line, _ ("Write it down first. Nothing was changed."));
  return FALSE;
}

gboolean
till_register_form_take (TillFormPanel *form, TillDeviceRecord *record)
{
  if (!has_words (form, 0))
    return FALSE;
  for (guint i = 0; i < TILL_REGISTER_LINES; i++)
    {
      void *place = (char *)record + places[i].offset;
      if (places[i].kind == LINE_TEXT)
        replace (place, till_form_panel_text (form, i));
      else if (places[i].kind == LINE_DAY ? !take_day (form, i, place)
                                          : !take_money (form, i, place))
        return FALSE;
    }
  return TRUE;
}

gboolean
till_work_form_take (TillFormPanel *form, int today, TillDeviceService *service)
{
  if (!has_words (form, TILL_WORK_WORDS) || !take_day (form, TILL_WORK_DAY, &service->day)
      || !take_money (form, TILL_WORK_COST, &service->cost))
    return FALSE;
  if (service->day == 0)
    service->day = today;
  service->words = (char *)till_form_panel_text (form, TILL_WORK_WORDS);
  service->before = (char *)"";
  service->after = (char *)till_form_panel_text (form, TILL_WORK_FIRMWARE);
  service->done_by = (char *)till_form_panel_text (form, TILL_WORK_BY);
  return TRUE;
}

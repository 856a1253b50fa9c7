/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/device-words.h"
#include "app/ctl/table.h"
#include "data/core/clock.h"
#include "data/core/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define AT(member) offsetof (TillDeviceRecord, member)

static const struct
{
  const char *word;
  gsize offset;
} texts[] = {
  { "name", AT (name) },         { "model", AT (model) },     { "serial", AT (serial) },
  { "usb", AT (usb) },           { "place", AT (place) },     { "invoice", AT (invoice) },
  { "provider", AT (provider) }, { "contact", AT (contact) }, { "phone", AT (phone) },
};

/* --- typed --- */

static gboolean
take_day (int *day, const char *value, GError **error)
{
  *day = 0;
  return !*value || till_clock_parse_day (value, day, error);
}

static gboolean
take_text (TillDeviceRecord *record, const char *key, const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (key, texts[i].word) == 0)
      {
        char **place = (void *)((char *)record + texts[i].offset);
        g_free (*place);
        *place = g_strdup (value);
        return TRUE;
      }
  return FALSE;
}

gboolean
till_device_words_take (TillDeviceRecord *record, const char *word, GError **error)
{
  const char *sign = strchr (word, '=');
  g_autofree char *key = g_strndup (word, sign ? (gsize)(sign - word) : strlen (word));
  const char *value = sign ? sign + 1 : "";
  if (sign && take_text (record, key, value))
    return TRUE;
  if (sign && strcmp (key, "kind") == 0 && till_device_record_kind_from_word (value, &record->kind))
    return TRUE;
  if (sign && strcmp (key, "bought") == 0)
    return take_day (&record->bought, value, error);
  if (sign && strcmp (key, "warranty") == 0)
    return take_day (&record->warranty_end, value, error);
  if (sign && strcmp (key, "price") == 0)
    {
      record->price = -1;
      return !*value || till_money_parse (value, &record->price, error);
    }
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               _ ("“%.60s” says nothing about a device. Say name, kind, model, serial, usb, place, "
                  "bought, invoice, price, warranty, provider, contact or phone, and = behind it."),
               word);
  return FALSE;
}

/* --- told --- */

static json_t *
day_of (int day)
{
  g_autofree char *text = day ? till_clock_format_day (day) : NULL;
  return text ? json_string (text) : json_null ();
}

static json_t *
money_of (TillMoney amount)
{
  return amount < 0 ? json_null () : json_integer (amount);
}

static const char *
warranty_word (TillWarranty warranty)
{
  static const char *const words[] = { [TILL_WARRANTY_NONE] = "none",
                                       [TILL_WARRANTY_RUNS] = "runs",
                                       [TILL_WARRANTY_SOON] = "soon",
                                       [TILL_WARRANTY_OVER] = "over" };
  return words[warranty];
}

json_t *
till_device_words_record (const TillDeviceRecord *record, int today)
{
  json_t *object = json_pack (
      "{s:I,s:s,s:o,s:o,s:s,s:o,s:o,s:b,s:o,s:b,s:s,s:o,s:s}", "no", (json_int_t)record->device_id,
      "kind", till_device_record_kind_word (record->kind), "bought", day_of (record->bought),
      "warranty_end", day_of (record->warranty_end), "warranty",
      warranty_word (till_device_record_warranty (record, today)), "price",
      money_of (record->price), "checked", day_of (record->checked_day), "check_good",
      record->check_good, "due", day_of (record->due_day), "overdue",
      till_device_record_is_overdue (record, today), "firmware", record->firmware, "retired",
      day_of (record->retired_day), "retired_why", record->retired_why);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char *const *text = (const void *)((const char *)record + texts[i].offset);
      json_object_set_new (object, texts[i].word, json_string (*text));
    }
  return object;
}

json_t *
till_device_words_check (const TillDeviceCheck *check)
{
  return json_pack ("{s:o,s:s,s:b,s:s,s:s}", "day", day_of (check->day), "by", check->by, "good",
                    check->good, "proof", till_check_proof_word (check->proof), "note",
                    check->note);
}

json_t *
till_device_words_service (const TillDeviceService *service)
{
  return json_pack ("{s:o,s:s,s:s,s:s,s:s,s:s,s:o,s:s}", "day", day_of (service->day), "deed",
                    till_service_deed_word (service->deed), "words", service->words,
                    "firmware_before", service->before, "firmware_after", service->after, "done_by",
                    service->done_by, "cost", money_of (service->cost), "by", service->by);
}

static json_t *
ms_of (const TillDeviceFigures *figures, int64_t ms)
{
  return figures->timed ? json_integer (ms) : json_null ();
}

json_t *
till_device_words_figures (const TillDeviceFigures *figures)
{
  return json_pack ("{s:i,s:I,s:I,s:I,s:o,s:o,s:I,s:I,s:s,s:o}", "month", figures->month, "uses",
                    (json_int_t)figures->uses, "failures", (json_int_t)figures->failures, "timed",
                    (json_int_t)figures->timed, "p50_ms", ms_of (figures, figures->p50_ms),
                    "p95_ms", ms_of (figures, figures->p95_ms), "dropped",
                    (json_int_t)figures->dropped, "lost", (json_int_t)figures->lost, "problem",
                    figures->problem, "problem_day", day_of (figures->problem_day));
}

static char *
due_text (const TillDeviceRecord *record, int today)
{
  g_autofree char *due = till_clock_format_day (record->due_day);
  if (record->retired_day)
    return g_strdup (_ ("retired"));
  if (!record->due_day)
    return g_strdup ("–");
  if (!till_device_record_is_overdue (record, today))
    return g_steal_pointer (&due);
  return g_strdup_printf (_ ("%s, due"), due);
}

char *
till_device_words_list (GPtrArray *records, int today)
{
  g_autoptr (TillTable) table = till_table_new ("rlllll");
  for (guint i = 0; i < records->len; i++)
    {
      const TillDeviceRecord *record = g_ptr_array_index (records, i);
      g_autofree char *no = g_strdup_printf ("%" PRId64, record->device_id);
      g_autofree char *due = due_text (record, today);
      till_table_row (table, no, till_device_record_kind_label (record->kind), record->name,
                      record->serial, record->place, due);
    }
  return till_table_text (table, 0);
}

static void
append_fact (TillTable *table, const char *label, const char *text)
{
  if (text && *text)
    till_table_row (table, label, text);
}

static char *
facts_text (const TillDeviceRecord *record)
{
  g_autoptr (TillTable) table = till_table_new ("ll");
  g_autofree char *bought = record->bought ? till_clock_format_day (record->bought) : NULL;
  g_autofree char *price = record->price < 0 ? NULL : till_money_format_screen (record->price);
  append_fact (table, _ ("Kind"), till_device_record_kind_label (record->kind));
  append_fact (table, _ ("Model"), record->model);
  append_fact (table, _ ("Serial number"), record->serial);
  append_fact (table, _ ("Firmware"), record->firmware);
  append_fact (table, _ ("USB"), record->usb);
  append_fact (table, _ ("Place"), record->place);
  append_fact (table, _ ("Bought"), bought);
  append_fact (table, _ ("Invoice"), record->invoice);
  append_fact (table, _ ("Price paid"), price);
  append_fact (table, _ ("Lent by"), record->provider);
  append_fact (table, _ ("Retired"), record->retired_why);
  return till_table_text (table, 0);
}

static void
append_checks (GString *text, GPtrArray *checks)
{
  g_autoptr (TillTable) table = till_table_new ("lllll");
  for (guint i = 0; i < checks->len; i++)
    {
      const TillDeviceCheck *check = g_ptr_array_index (checks, i);
      g_autofree char *day = till_clock_format_day (check->day);
      till_table_row (table, day, check->good ? _ ("good") : _ ("bad"), check->by,
                      till_check_proof_label (check->proof), check->note);
    }
  g_autofree char *rows = till_table_text (table, 2);
  if (checks->len)
    g_string_append_printf (text, "\n%s\n%s", _ ("Checks"), rows);
}

static void
append_services (GString *text, GPtrArray *services)
{
  g_autoptr (TillTable) table = till_table_new ("lllllr");
  for (guint i = 0; i < services->len; i++)
    {
      const TillDeviceService *service = g_ptr_array_index (services, i);
      g_autofree char *day = till_clock_format_day (service->day);
      g_autofree char *cost
          = service->cost < 0 ? g_strdup ("") : till_money_format_screen (service->cost);
      g_autofree char *firmware
          = *service->after ? g_strdup_printf ("%s → %s", *service->before ? service->before : "–",
                                               service->after)
                            : g_strdup ("");
      till_table_row (table, day, till_service_deed_label (service->deed), service->words, firmware,
                      service->done_by, cost);
    }
  g_autofree char *rows = till_table_text (table, 2);
  if (services->len)
    g_string_append_printf (text, "\n%s\n%s", _ ("Repairs and upgrades"), rows);
}

char *
till_device_words_whole (const TillDeviceRecord *record, const TillDeviceFigures *figures,
                         GPtrArray *checks, GPtrArray *services, int today)
{
  GString *text = g_string_new (NULL);
  g_autofree char *facts = facts_text (record);
  g_autofree char *due = till_device_record_check_sentence (record, today);
  g_autofree char *warranty = till_device_record_warranty_sentence (record, today);
  g_autofree char *call = till_device_record_repair_sentence (record);
  g_string_append_printf (text, "%" PRId64 " %s\n%s%s\n%s\n%s\n", record->device_id, record->name,
                          facts, due, warranty, call);
  g_autofree char *worked = till_device_figures_sentence (figures);
  g_string_append_printf (text, "%s\n", worked);
  append_checks (text, checks);
  append_services (text, services);
  return g_string_free (text, FALSE);
}

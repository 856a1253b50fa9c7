/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/device-record.h"
#include "data/core/clock.h"
#include "data/core/text.h"

#include <glib/gi18n-lib.h>

static const char *const kind_words[] = {
#define X(kind, word) word,
  TILL_DEVICE_RECORD_KINDS (X)
#undef X
};

static const char *const deed_words[] = {
#define X(deed, word) word,
  TILL_SERVICE_DEEDS (X)
#undef X
};

static const struct
{
  const char *label, *check;
} kinds[] = {
  [TILL_DEVICE_RECORD_READER]
  = { N_ ("Card reader"), N_ ("Read any card on this screen. Nothing is charged. The message must "
                              "show the last digits of that card.") },
  [TILL_DEVICE_RECORD_PRINTER]
  = { N_ ("Receipt printer"),
      N_ ("Print a test slip (3, T). Its ruler must fill one line, and every "
          "character must be readable.") },
  [TILL_DEVICE_RECORD_SCANNER]
  = { N_ ("Scanner"), N_ ("Scan any goods on Sell. They must stand in the "
                          "basket at once; take them out again.") },
  [TILL_DEVICE_RECORD_SCALE]
  = { N_ ("Scale"), N_ ("Empty it: it must show zero. Then put something on it "
                        "whose weight is printed on it.") },
  [TILL_DEVICE_RECORD_DISPLAY]
  = { N_ ("Customer display"),
      N_ ("Look at it from the customer's side: the greeting must be whole "
          "and readable.") },
  [TILL_DEVICE_RECORD_DRAWER]
  = { N_ ("Cash drawer"), N_ ("Open it from the till. It must spring open, and "
                              "lock when it is pushed in.") },
  [TILL_DEVICE_RECORD_COMPUTER]
  = { N_ ("Till computer"), N_ ("Test the connection of every provider (Settings, 4), and compare "
                                "the time on the screen with a watch.") },
  [TILL_DEVICE_RECORD_TERMINAL]
  = { N_ ("Card terminal"), N_ ("Sign it on, look whether it has paper and says that it is ready, "
                                "and whether its case and cable are whole.") },
};

static const char *const deed_labels[] = {
  [TILL_SERVICE_REPAIR] = N_ ("Repair"),          [TILL_SERVICE_UPGRADE] = N_ ("Upgrade"),
  [TILL_SERVICE_CLEANING] = N_ ("Cleaning"),      [TILL_SERVICE_PART] = N_ ("Part replaced"),
  [TILL_SERVICE_FIRMWARE] = N_ ("Firmware seen"),
};

void
till_device_record_free (TillDeviceRecord *record)
{
  if (!record)
    return;
  g_free (record->name);
  g_free (record->model);
  g_free (record->serial);
  g_free (record->usb);
  g_free (record->place);
  g_free (record->invoice);
  g_free (record->provider);
  g_free (record->contact);
  g_free (record->phone);
  g_free (record->retired_why);
  g_free (record->firmware);
  g_free (record);
}

TillDeviceRecord *
till_device_record_new (TillDeviceRecordKind kind, const char *name)
{
  TillDeviceRecord *record = g_new0 (TillDeviceRecord, 1);
  char **texts[] = { &record->model,       &record->serial,   &record->usb,     &record->place,
                     &record->invoice,     &record->provider, &record->contact, &record->phone,
                     &record->retired_why, &record->firmware };
  record->kind = kind;
  record->name = g_strdup (name);
  record->price = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup ("");
  return record;
}

TillDeviceRecord *
till_device_record_copy (const TillDeviceRecord *record)
{
  TillDeviceRecord *copy = g_memdup2 (record, sizeof *record);
  char **texts[] = { &copy->name,  &copy->model,       &copy->serial,   &copy->usb,
                     &copy->place, &copy->invoice,     &copy->provider, &copy->contact,
                     &copy->phone, &copy->retired_why, &copy->firmware };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup (*texts[i]);
  return copy;
}

void
till_device_check_free (TillDeviceCheck *check)
{
  g_free (check->by);
  g_free (check->note);
  g_free (check);
}

void
till_device_use_clear (TillDeviceUse *use)
{
  g_clear_pointer (&use->problem, g_free);
}

void
till_device_service_free (TillDeviceService *service)
{
  if (!service)
    return;
  g_free (service->words);
  g_free (service->before);
  g_free (service->after);
  g_free (service->done_by);
  g_free (service->by);
  g_free (service);
}

const char *
till_device_record_kind_word (TillDeviceRecordKind kind)
{
  return kind_words[kind];
}

gboolean
till_device_record_kind_from_word (const char *word, TillDeviceRecordKind *kind)
{
  int index = till_text_index (kind_words, G_N_ELEMENTS (kind_words), word);
  if (index >= 0)
    *kind = (TillDeviceRecordKind)index;
  return index >= 0;
}

const char *
till_device_record_kind_label (TillDeviceRecordKind kind)
{
  return _ (kinds[kind].label);
}

const char *
till_device_record_kind_check (TillDeviceRecordKind kind)
{
  return _ (kinds[kind].check);
}

const char *
till_service_deed_word (TillServiceDeed deed)
{
  return deed_words[deed];
}

gboolean
till_service_deed_from_word (const char *word, TillServiceDeed *deed)
{
  int index = till_text_index (deed_words, G_N_ELEMENTS (deed_words), word);
  if (index >= 0)
    *deed = (TillServiceDeed)index;
  return index >= 0;
}

const char *
till_service_deed_label (TillServiceDeed deed)
{
  return _ (deed_labels[deed]);
}

const char *
till_check_proof_word (TillCheckProof proof)
{
  return proof == TILL_CHECK_SEEN ? "seen" : "said";
}

const char *
till_check_proof_label (TillCheckProof proof)
{
  return proof == TILL_CHECK_SEEN ? _ ("seen by the till") : _ ("as a person said");
}

const char *
till_device_record_field_label (const char *word)
{
  static const struct
  {
    const char *word, *label;
  } fields[] = {
    { "name", N_ ("name") },
    { "usb", N_ ("USB name") },
    { "bought", N_ ("day of purchase") },
    { "warranty_end", N_ ("end of warranty") },
    { "price", N_ ("price") },
    { "deed", N_ ("kind of work") },
    { "day", N_ ("day of the work") },
    { "cost", N_ ("cost") },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].word, word))
      return _ (fields[i].label);
  g_assert_not_reached ();
}

int
till_device_record_due (const TillDeviceRecord *record, int every_days)
{
  if (every_days <= 0 || record->retired_day)
    return 0;
  if (record->checked_day && !record->check_good)
    return record->checked_day;
  return till_clock_day_after (record->checked_day ? record->checked_day : record->taken_day,
                               every_days);
}

gboolean
till_device_record_is_overdue (const TillDeviceRecord *record, int today)
{
  return record->due_day != 0 && !record->retired_day && record->due_day <= today;
}

TillWarranty
till_device_record_warranty (const TillDeviceRecord *record, int today)
{
  if (!record->warranty_end)
    return TILL_WARRANTY_NONE;
  int left = till_clock_days_between (today, record->warranty_end);
  return left < 0                          ? TILL_WARRANTY_OVER
         : left <= TILL_WARRANTY_SOON_DAYS ? TILL_WARRANTY_SOON
                                           : TILL_WARRANTY_RUNS;
}

char *
till_device_record_warranty_sentence (const TillDeviceRecord *record, int today)
{
  g_autofree char *end = till_clock_format_day (record->warranty_end);
  int left = till_clock_days_between (today, record->warranty_end);
  switch (till_device_record_warranty (record, today))
    {
    case TILL_WARRANTY_NONE:
      return g_strdup (_ ("When its warranty ends was not written down."));
    case TILL_WARRANTY_RUNS:
      return g_strdup_printf (_ ("The warranty lasts until %s."), end);
    case TILL_WARRANTY_SOON:
      if (left == 0)
        return g_strdup (_ ("The warranty ends today. Claim what is broken now."));
      return g_strdup_printf (ngettext ("The warranty ends in %d day, on %s. Claim what is broken "
                                        "before.",
                                        "The warranty ends in %d days, on %s. Claim what is broken "
                                        "before.",
                                        (gulong)left),
                              left, end);
    case TILL_WARRANTY_OVER:
      return g_strdup_printf (_ ("The warranty ended on %s."), end);
    default:
      g_assert_not_reached ();
    }
}

char *
till_device_record_check_sentence (const TillDeviceRecord *record, int today)
{
  g_autofree char *due = record->due_day ? till_clock_format_day (record->due_day) : NULL;
  g_autofree char *last = record->checked_day ? till_clock_format_day (record->checked_day) : NULL;
  if (record->retired_day)
    return g_strdup (_ ("It is out of use and is not checked."));
  if (last && !record->check_good)
    return g_strdup_printf (_ ("It failed its check on %s. Have it repaired, then check it again."),
                            last);
  if (!due)
    return g_strdup (_ ("No regular check is wanted of it."));
  if (record->due_day > today)
    return g_strdup_printf (_ ("The next check is due on %s."), due);
  return last ? g_strdup_printf (_ ("A check is due since %s; the last was on %s."), due, last)
              : g_strdup_printf (_ ("A check is due since %s; there was none yet."), due);
}

char *
till_device_record_repair_sentence (const TillDeviceRecord *record)
{
  g_autofree char *whom = *record->contact && *record->phone
                              ? g_strdup_printf ("%s, %s", record->contact, record->phone)
                              : g_strdup (*record->contact ? record->contact : record->phone);
  if (!*whom && *record->provider)
    return g_strdup_printf (_ ("It belongs to %s: call there when it is broken."),
                            record->provider);
  if (!*whom)
    return g_strdup (_ ("Nobody wrote down whom to call when it is broken."));
  if (*record->serial)
    return g_strdup_printf (_ ("When it is broken call %s. Its serial number is %s."), whom,
                            record->serial);
  return g_strdup_printf (_ ("When it is broken call %s."), whom);
}

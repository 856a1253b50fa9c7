/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of the register, as people see it: a device that is in it, or one that is plugged in and
 * is not. Also what a person types about one, and back. Main thread only. */
#pragma once
#include "data/trade/device-record.h"
#include "devices/usb/devices.h"
#include "widgets/form-panel.h"
#include "widgets/sheet.h"

G_BEGIN_DECLS

/* One of the two. */
typedef struct
{
  TillDeviceRecord *record; /* owned */
  TillDevice *plugged;      /* owned; of no record */
} TillRegisterEntry;

void till_register_entry_free (TillRegisterEntry *entry);

#define TILL_REGISTER_COLUMNS 5
extern const TillColumn till_register_columns[TILL_REGISTER_COLUMNS];

/* Takes both lists (of TillDeviceRecord and TillDevice; devices may be NULL): what is in the
 * register, then what is plugged in and not in it. Of TillRegisterEntry. */
GPtrArray *till_register_entries (GPtrArray *records, GPtrArray *devices) G_GNUC_WARN_UNUSED_RESULT;
TillSheetRow *till_register_row_new (guint n, const TillRegisterEntry *entry, int today);

/* What is written into the register about a plugged-in device by one key; NULL when the till does
 * not know what kind it is, and a person has to say so. */
TillDeviceRecord *till_register_record_of (const TillDevice *device) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE: of all that are plugged in only this one can have read a card. devices: of TillDevice. */
gboolean till_register_is_only_reader (const TillDeviceRecord *record, GPtrArray *devices);
/* Where it is plugged in and how it is known again. */
void till_register_fill_from (TillDeviceRecord *record, const TillDevice *device);

/* What else is known of it, in a line; perhaps "". */
char *till_register_facts (const TillDeviceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

/* What was counted of it since the program started, in words; NULL where it is not plugged in, or
 * nothing was. devices: of TillDevice, or NULL. */
char *till_register_counted (const TillDeviceRecord *record,
                             GPtrArray *devices) G_GNUC_WARN_UNUSED_RESULT;

/* The latest of both, a line each; of TillDeviceCheck and TillDeviceService. */
char *till_register_log (GPtrArray *checks, GPtrArray *services) G_GNUC_WARN_UNUSED_RESULT;

#define TILL_REGISTER_LINES 12
extern const TillFormLine till_register_lines[TILL_REGISTER_LINES];
void till_register_form_fill (TillFormPanel *form, const TillDeviceRecord *record);
/* Into record; FALSE where a day or an amount is none: the form points at it. */
gboolean till_register_form_take (TillFormPanel *form, TillDeviceRecord *record);

enum
{
  TILL_WORK_WORDS,
  TILL_WORK_DAY,
  TILL_WORK_BY,
  TILL_WORK_COST,
  TILL_WORK_FIRMWARE,
  TILL_WORK_LINES,
};
extern const TillFormLine till_work_lines[TILL_WORK_LINES];
/* As above; the texts of service are unowned then, and the form's. */
gboolean till_work_form_take (TillFormPanel *form, int today, TillDeviceService *service);

G_END_DECLS

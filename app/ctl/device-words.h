/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device of the register between words and struct, both ways. tillctl(1) describes the objects.
 * The caller owns what it gets. */
#pragma once
#include "app/ctl/ctl.h"
#include "data/desk/device-figures.h"
#include "data/trade/device-record.h"

G_BEGIN_DECLS

/* "serial=J9X1", "bought=2026-03-01", "price=899.00"; nothing behind the sign: not known. Changes
 * record; INVALID for a word that names no part of it, or for a day or amount that is none. */
gboolean till_device_words_take (TillDeviceRecord *record, const char *word, GError **error);

/* The record, whether its check is overdue, and its warranty: none, runs, soon or over. */
json_t *till_device_words_record (const TillDeviceRecord *record, int today);
json_t *till_device_words_check (const TillDeviceCheck *check);
json_t *till_device_words_service (const TillDeviceService *service);
json_t *till_device_words_figures (const TillDeviceFigures *figures);

/* records: of TillDeviceRecord; a line each */
char *till_device_words_list (GPtrArray *records, int today);
/* One device whole, with how it worked, and what was found and done. */
char *till_device_words_whole (const TillDeviceRecord *record, const TillDeviceFigures *figures,
                               GPtrArray *checks, GPtrArray *services, int today);

G_END_DECLS

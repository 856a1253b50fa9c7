/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which device is driven how, from .ini files: a group a fact.
 *
 *   [symbol-keyboard]
 *   name=Symbol bar-code scanner     what people see
 *   driver=hid-keyboard              hid-pos, hid-msr, magtek, reader-virtual, …
 *   vendor=05e0                      hexadecimal, as the two below
 *   product=1200                     needs vendor
 *   class=03                         of the interface
 *   usage-page=8c                    an input field of this page must be in the report descriptor
 *   quirks=aim-prefix;               ends-by-pause; whole-apdu;
 *   language=escpos                  of a customer-display: cd5220, which it is unsaid, or escpos
 *   script=gb18030                   an escpos display that shows Chinese
 *
 * A fact must say at least one of vendor, class and usage-page; hid-keyboard must say vendor and
 * product, serial-scanner and customer-display these and class=0a: they take the device away from
 * everybody else. Read once, then immutable; any thread.
 */
#pragma once
#include "devices/usb/driver.h"
#include "devices/usb/wire.h"

G_BEGIN_DECLS

#define TILL_FACTS_MAX 512
#define TILL_FACTS_ANY (-1)

typedef struct
{
  char *name; /* owned */
  const TillDriver *driver;
  TillQuirks quirks;
  int vendor, product, class, usage_page; /* TILL_FACTS_ANY where it does not matter */
} TillFact;

TillFact *till_fact_new (const char *name, const TillDriver *driver) G_GNUC_WARN_UNUSED_RESULT;
void till_fact_free (TillFact *fact);

/* Every *.ini of the folder in the order of file names; INVALID names file, group and key. */
GPtrArray *till_facts_load (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* NULL when there is none of that name. */
const TillDriver *till_facts_driver (const char *name);

/* Whether all but the usage page fits. */
gboolean till_fact_fits (const TillFact *fact, const TillWireDescription *description,
                         const TillWireFace *face);

G_END_DECLS

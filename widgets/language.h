/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language people see, chosen at run time and independent of what the machine was set up for.
 *
 * Messages come from the gettext domain "quittance", found under $TILL_LOCALEDIR or where the
 * program was installed. A fresh machine often has no zh_CN locale generated; then C.UTF-8 carries
 * the messages, because gettext follows $LANGUAGE in every locale but "C".
 *
 * Main thread only. The first call sets the locale and the environment, so it comes before the
 * second thread starts and before GTK is initialised; later calls only replace the value of
 * LANGUAGE, which readers on other threads survive. Already shown words stay until asked for again.
 *
 * Money, dates and slips follow the shop, not this; see data/core. Needs no GTK. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *code; /* "zh_CN" */
  const char *name; /* in its own words: "简体中文" */
} TillLanguage;

/* All there are, ended by a row of NULLs. */
const TillLanguage *till_language_list (void);

/* FALSE with INVALID for a code that is not in the list, and nothing is changed. */
gboolean till_language_set (const char *code, GError **error);

/* The code in use; before the first till_language_set () what the environment asks for, "en" when
 * that is none of ours. */
const char *till_language_get (void);

G_END_DECLS

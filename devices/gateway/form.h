/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names with values, as forms and canonical strings are made of: each name once, in the order it
 * was added, values of UTF-8 without NUL. Belongs to one thread.
 *
 * Reading is strict: at most TILL_FORM_FIELDS_MAX fields in TILL_FORM_SIZE_MAX bytes, no name
 * twice, valid UTF-8; anything else is INVALID. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_FORM_FIELDS_MAX 256
#define TILL_FORM_SIZE_MAX (256 * 1024)

typedef struct _TillForm TillForm;

TillForm *till_form_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_form_free (TillForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillForm, till_form_free)

/* The name must be new (asserted). A value of NULL adds nothing. */
void till_form_add (TillForm *form, const char *name, const char *value);
void till_form_add_int (TillForm *form, const char *name, gint64 value);
/* Wipes the values as well, for a form that held a secret. */
void till_form_wipe (TillForm *form);

/* NULL when there is no such name; owned by the form. */
const char *till_form_get (const TillForm *form, const char *name);
guint till_form_size (const TillForm *form);
const char *till_form_nth (const TillForm *form, guint n, const char **value);

/* "a=1&b=2", names in the order of their bytes, values as they are; leaves out the names in `but`
 * (ended by NULL, may be NULL) and, when !empties, names without a value. */
char *till_form_sorted (const TillForm *form, const char *const *but,
                        gboolean empties) G_GNUC_WARN_UNUSED_RESULT;
/* application/x-www-form-urlencoded (WHATWG URL, 5): in the order they were added. */
GBytes *till_form_encode (const TillForm *form) G_GNUC_WARN_UNUSED_RESULT;

/* The same read back; "+" is a blank. */
TillForm *till_form_decode (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "a=1&b={c=2&d=3}": nothing is encoded, "+" is "+", braces hold their content together. */
TillForm *till_form_read_plain (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON from a stranger, strictly (RFC 8259): one object, valid UTF-8, no NUL, no name twice, no
 * number that does not fit, at most TILL_JSON_SIZE_MAX bytes and TILL_JSON_DEPTH_MAX deep. Pure;
 * any thread. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

G_BEGIN_DECLS

#define TILL_JSON_SIZE_MAX (1024 * 1024)
#define TILL_JSON_DEPTH_MAX 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

/* A new reference to the object, or NULL with INVALID. */
json_t *till_json_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One line without blanks, names in the order they were set: equal objects are equal bytes. */
GBytes *till_json_write (const json_t *object) G_GNUC_WARN_UNUSED_RESULT;

/* Adds or replaces a member; a text of NULL adds nothing, a text must be UTF-8 (asserted). */
void till_json_set_text (json_t *object, const char *name, const char *text);
void till_json_set_int (json_t *object, const char *name, int64_t number);
/* The same as a text of digits. */
void till_json_set_digits (json_t *object, const char *name, int64_t number);
/* Takes value. */
void till_json_set (json_t *object, const char *name, json_t *value);

/* The text of a member, or NULL when it is missing or no text; owned by object. */
const char *till_json_text (const json_t *object, const char *name);
/* A whole number of minor units, never negative or above TILL_MONEY_MAX; a number with a point, or
 * in a text, is none. */
gboolean till_json_money (const json_t *object, const char *name, int64_t *amount);
/* The same, and as far below nothing: of an account that may be overdrawn. */
gboolean till_json_signed_money (const json_t *object, const char *name, int64_t *amount);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in a JSON text a member stands, as the bytes that came: what Alipay signs is not a value
 * but how it was written. Nothing is decoded and nothing written anew. Pure; any thread. */
#pragma once
#include "devices/gateway/json.h"

G_BEGIN_DECLS

/* The object that is the value of `name` in the outermost object: from its brace to its brace, a
 * part of json, its size in *length. NULL when json is not one object to its last byte, when its
 * brackets do not pair or are deeper than TILL_JSON_DEPTH_MAX, when name is not there once, written
 * without escapes, or when its value is no object. What stands between brackets is not checked:
 * what is found is still to be parsed. */
const char *till_raw_member (const char *json, gsize size, const char *name, gsize *length);

G_END_DECLS

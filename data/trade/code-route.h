/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which provider takes a customer's payment code: the code tells by how it begins.
 *
 * Routes are one line of a setting, "10-15=wechat,25-30=alipay,62=unionpay": beginnings, single or
 * from-to with as many digits on both sides, and the registry name of a provider. The first that
 * fits is taken; an empty line has no routes. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

gboolean till_code_routes_are_valid (const char *routes);
/* The provider's name, or NULL when no route fits. Routes must be valid (asserted). */
char *till_code_route (const char *routes, const char *code) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods that are sold by weight: what a scale says becomes a quantity. Pure; any thread. */
#pragma once
#include "data/core/money.h"

G_BEGIN_DECLS

/* Whether goods of this unit are weighed: kilogram, gram and 斤 (500 g), as catalogues write them.
 */
gboolean till_weight_is_unit (const char *unit);

/* Thousandths of the unit for so many milligrams, rounded to the nearest, half up; 0 when that is
 * none, when it is no unit of weight, or beyond TILL_QUANTITY_MAX. */
TillQuantity till_weight_quantity (int64_t milligrams, const char *unit);

G_END_DECLS

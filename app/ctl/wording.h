/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the books hold, as JSON objects and as text for a terminal. tillctl(1) describes the
 * objects. The caller owns what it gets. */
#pragma once
#include "app/ctl/ctl.h"
#include "data/desk/importing.h"
#include "data/desk/reporting.h"
#include "data/trade/return.h"
#include "data/trade/sale.h"

G_BEGIN_DECLS

json_t *till_wording_sale (const TillSale *sale, const char *zone);
char *till_wording_sale_text (const TillSale *sale, const char *zone);
/* sales: of TillSale; a line each */
char *till_wording_sales_text (GPtrArray *sales, const char *zone);
json_t *till_wording_return (const TillReturn *goods, const char *zone);
char *till_wording_return_text (const TillReturn *goods, const char *zone);
json_t *till_wording_refund (const TillRefund *refund, const char *zone);
char *till_wording_refund_text (const TillRefund *refund, const char *zone);
/* refunds: of TillRefund */
char *till_wording_refunds_text (GPtrArray *refunds, const char *zone);
/* steps: of TillRefundStep */
json_t *till_wording_steps (GPtrArray *steps, const char *zone);
char *till_wording_steps_text (GPtrArray *steps, const char *zone);
json_t *till_wording_report (const TillReport *report, const char *zone);
char *till_wording_report_text (const TillReport *report, const char *zone);
json_t *till_wording_import (const TillImportReport *report);
char *till_wording_import_text (const TillImportReport *report);

/* Words for states and ways, in the current language. */
const char *till_wording_tender (TillTender tender);
const char *till_wording_sale_state (TillSaleState state);
const char *till_wording_leg_state (TillLegState state);
const char *till_wording_return_state (TillReturnState state);

G_END_DECLS

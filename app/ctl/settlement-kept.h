/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the books keep of settlement files, for the verb "settlement": the days, the rows of one
 * that do not agree, and a manager's word about one. Each says its answer and gives the exit code.
 */
#pragma once
#include "app/ctl/ctl.h"

G_BEGIN_DECLS

int till_settlement_kept_days (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id);
int till_settlement_kept_rows (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id,
                               const char *provider, int day);
/* approve: the second person's number, or NULL; their PIN is asked for. */
int till_settlement_kept_close (TillCtl *ctl, TillShopFolder *folder, int64_t staff_id, int64_t id,
                                int n, const char *because, const char *approve);

G_END_DECLS

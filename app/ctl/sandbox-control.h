/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider of a training shop as a process: made, started, told what goes wrong, asked
 * what it really paid, ended. See till-sandbox(1). Blocking, with a deadline on every wait. */
#pragma once
#include "app/ctl/shop-folder.h"
#include "data/trade/card-slip.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The path of another program of ours: in $TILL_BINDIR, beside this one, where it was built, or on
 * the PATH. NOT_FOUND. */
char *till_program_find (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* till-sandbox --init DIR/sandbox, and DIR/account/sandbox as a link to the account it makes. */
gboolean till_sandbox_make (const TillShopFolder *folder, GError **error);
/* Starts it on a free port and waits until it listens; one that listens already is left as it is.
 * It tells the shop of its own accord when the setting notices.port says where. It outlives this
 * program: a provider does not fall when a till does. */
gboolean till_sandbox_start (const TillShopFolder *folder, GError **error);
/* Ends it, whoever started it; warns when that fails. */
void till_sandbox_stop (const TillShopFolder *folder);
/* json: {"kind":"refund","fault":"silent"}; NULL clears all faults. OFFLINE when nobody listens. */
gboolean till_sandbox_set_fault (const TillShopFolder *folder, const char *json, GError **error);
/* A customer's card pays at the practice provider's terminal; what its slip says. */
TillCardSlip *till_sandbox_terminal_sale (const TillShopFolder *folder, TillMoney amount,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every movement of money as JSON. */
char *till_sandbox_statement (const TillShopFolder *folder,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

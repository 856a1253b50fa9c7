/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hands of a real shop folder over real HTTPS, as "sell" and "run" want them. One thread. */
#pragma once
#include "app/ctl/hands.h"
#include "app/ctl/shop-folder.h"

G_BEGIN_DECLS

typedef struct _TillShopHands TillShopHands;

/* Takes the shop's lock: BUSY when another program drains it. folder is unowned. */
TillShopHands *till_shop_hands_new (TillShopFolder *folder,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As till_hands_bring_files (). */
void till_shop_hands_bring_files (TillShopHands *hands);
void till_shop_hands_free (TillShopHands *hands);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillShopHands, till_shop_hands_free)

gboolean till_shop_hands_step (TillShopHands *hands, gboolean *did, int64_t *next_at,
                               GError **error);

G_END_DECLS

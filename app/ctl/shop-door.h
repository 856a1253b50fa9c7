/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door for providers' notices of a real shop folder: opened where the setting notices.port says
 * so, and never a reason not to sell. */
#pragma once
#include "app/ctl/shop-folder.h"
#include "data/trade/shop.h"
#include "devices/gateway/notice-door.h"

G_BEGIN_DECLS

/* NULL when the shop wants none (*problem is NULL), or when it cannot be opened: then *problem says
 * so to people, owned by the caller. folder and shop are unowned; folder outlives the door. */
TillNoticeDoor *till_shop_door_open (TillShopFolder *folder, const TillShop *shop,
                                     TillNoticeHeard heard, gpointer user,
                                     char **problem) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

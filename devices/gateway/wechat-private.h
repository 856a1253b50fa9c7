/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other parts of WeChat Pay's codec. */
#pragma once
#include "devices/gateway/codec.h"

extern const TillBalanceCodec till_wechat_balance; /* wechat-balance.c */
extern const TillFileCodec till_wechat_file;       /* wechat-file.c */
extern const TillNoticeCodec till_wechat_notices;  /* wechat-notice.c */

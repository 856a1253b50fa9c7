/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WeChat Pay's files, for its codec. */
#pragma once
#include "devices/gateway/codec.h"

extern const TillFileCodec till_wechat_file; /* wechat-file.c */

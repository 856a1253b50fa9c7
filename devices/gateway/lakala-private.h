/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other part of Lakala's codec. */
#pragma once
#include "devices/gateway/codec.h"

extern const TillNoticeCodec till_lakala_notices; /* lakala-notice.c */

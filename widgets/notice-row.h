/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A notice as a row of a table, and in words. Main thread only. */
#pragma once
#include "data/trade/notice.h"
#include "widgets/counter.h"
#include "widgets/sheet.h"

G_BEGIN_DECLS

#define TILL_NOTICE_COLUMNS 7
extern const TillColumn till_notice_columns[TILL_NOTICE_COLUMNS];

TillSheetRow *till_notice_row_new (TillCounter *counter, const TillKeptNotice *kept);
/* The provider's name for people; unowned. */
const char *till_notice_provider (const TillKeptNotice *kept);
/* Which it is: kind, provider, number and, where it is known, whose. */
char *till_notice_title (const TillKeptNotice *kept) G_GNUC_WARN_UNUSED_RESULT;
/* What the provider says of it, and when and how often it was told. */
char *till_notice_told (TillCounter *counter, const TillKeptNotice *kept) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Return: the keys of each stage, and what its input line waits for. Words only. */
#pragma once
#include "widgets/page.h"
#include "widgets/return-job.h"

G_BEGIN_DECLS

const TillLegendKey *till_return_legend (const TillReturnJob *job);
const char *till_return_hint (const TillReturnJob *job);

G_END_DECLS

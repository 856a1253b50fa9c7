/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The accounts with providers of a play: one that is well, one whose key ends soon and whose clock
 * is far from ours, one that says nothing until somebody stops asking, one that cannot be used.
 * Nothing leaves the stage and nothing is read from a disk. */
#pragma once
#include "widgets/provider-probe.h"

G_BEGIN_DECLS

/* The shop of the play as it is at now (µs UTC). */
TillProbe till_stage_probe (const int64_t *now);

G_END_DECLS

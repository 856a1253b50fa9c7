/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanners and readers of a play: one of every state. No device is touched. */
#pragma once
#include "widgets/device-probe.h"

G_BEGIN_DECLS

TillDeviceProbe till_stage_devices (void);

G_END_DECLS

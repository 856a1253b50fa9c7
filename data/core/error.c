/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/error.h"

G_DEFINE_QUARK (till - error, till_error)

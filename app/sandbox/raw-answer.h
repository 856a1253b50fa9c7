/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer written past the HTTP server, which would never say it so: in part, byte by byte,
 * without an end, in another protocol. Lives on the main context and never blocks it. */
#pragma once
#include "app/sandbox/provider-speech.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The most of an answer without an end, and how long one may take that comes byte by byte. */
#define TILL_RAW_MAX (64 * 1024 * 1024)
#define TILL_RAW_DRIPS_MAX 4096

/* Whether this answer has to be written so. */
gboolean till_raw_answer_is_due (const TillSaid *said);
/* Takes line and ends it. socket (unowned, or NULL) is what lies below line. */
void till_raw_answer (GIOStream *line, GSocket *socket, const TillSaid *said);
/* Closes rudely: the other side gets a reset. */
void till_raw_reset (GIOStream *line, GSocket *socket);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one error domain. A code says what the caller can do next; the message is for the log and,
 * where nothing better is known, for the person. What the trade refuses (declined, past the window,
 * needs a second person) is not an error but an answer: see data/trade/answer.h. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_ERROR_INVALID,   /* the input is wrong: correct it */
  TILL_ERROR_CONFLICT,  /* somebody was faster or it is already there: read again */
  TILL_ERROR_NOT_FOUND, /* no such thing */
  TILL_ERROR_BUSY,      /* held by another: try again later */
  TILL_ERROR_OFFLINE,   /* the other side cannot be reached: try again later */
  TILL_ERROR_STOPPED, /* work cannot go on: shutting down, disk full, power cut in a test: unwind */
  TILL_ERROR_CORRUPT, /* stored data contradicts itself: stop and call somebody */
} TillErrorCode;

#define TILL_ERROR (till_error_quark ())
GQuark till_error_quark (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider tells of its own accord (a notice), once its codec has believed it.
 *
 * A notice is a hint and never more: it makes the question about its payment or refund due now, and
 * the answer to that question decides. A notice of a number that is not ours is kept and raises an
 * alarm. Plain struct; any thread; free with the function of its name. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Longest that is kept of a number or an id, in characters; what is longer is not believed. */
#define TILL_NOTICE_NO_MAX 64

typedef struct
{
  gboolean is_refund; /* of a refund or a void; else of a payment */
  char *request_no;   /* owned; the number it is about, as we would have sent it: printable ASCII,
                         1 to TILL_NOTICE_NO_MAX */
  char *event_no; /* owned; the provider's own id of this notice, by which a repeat is known; NULL
                     where it has none: then what was said is the id */
  char *words;    /* owned; what it says of the state, in the provider's word, cleaned, at most 64;
                     never NULL */
} TillNotice;

void till_notice_free (TillNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillNotice, till_notice_free)

G_END_DECLS

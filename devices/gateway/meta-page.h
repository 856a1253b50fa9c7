/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line that counts in a page of HTML: UMPay answers with a META tag. This reads that tag
 * and no HTML. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_META_PAGE_MAX (64 * 1024)

/* What stands in CONTENT of  <META NAME="name" CONTENT="…">  as it is written: nothing is decoded.
 * NULL unless the page is at most TILL_META_PAGE_MAX bytes of UTF-8 without NUL, holds exactly one
 * META tag (one in a comment counts as well), and that tag has these two attributes in this order
 * with quotes around and no other; capitals count in the name only. */
char *till_meta_page_content (GBytes *page, const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

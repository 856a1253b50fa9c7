/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 over pieces. One TillDigest per thread; it is reset by finishing. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_DIGEST_SIZE 32

typedef struct _TillDigest TillDigest;

TillDigest *till_digest_new (void) G_GNUC_WARN_UNUSED_RESULT;
void till_digest_free (TillDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDigest, till_digest_free)

void till_digest_add (TillDigest *digest, const void *data, gsize size);
void till_digest_finish (TillDigest *digest, guint8 result[TILL_DIGEST_SIZE]);

/* The digest of a text as 64 small hexadecimal digits. */
char *till_digest_hex (const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;
char *till_digest_to_hex (const guint8 result[TILL_DIGEST_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A notice as the practice provider writes it, for tests that send one by hand. */
#pragma once
#include "devices/gateway/keys.h"
#include "devices/gateway/sign.h"

#include <string.h>

#define PRACTICE_NOTICE(no, number)                                                                \
  "{\"merchant_no\":\"M100001\",\"notice_no\":\"" no "\",\"about\":\"refund\",\"request_no\":"     \
  "\"" number "\",\"status\":\"SUCCESS\"}"

/* Head and body. first: NOTICE, or what a forger takes instead; at: seconds. */
static inline char *
practice_letter (const TillKey *key, const char *path, const char *body, int64_t at,
                 const char *first)
{
  g_autofree char *text
      = g_strdup_printf ("%s\n/notices\n%" G_GINT64_FORMAT "\nabc\n%s", first, at, body);
  g_autofree char *signature = till_key_sign (key, text, strlen (text));
  return g_strdup_printf (
      "POST %s HTTP/1.1\r\nHost: till\r\nSandbox-Time: %" G_GINT64_FORMAT
      "\r\nSandbox-Nonce: abc\r\nSandbox-Signature: %s\r\nContent-Length: %" G_GSIZE_FORMAT
      "\r\n\r\n%s",
      path, at, signature, strlen (body), body);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a test holds against its rows of a request that a codec made. */
#pragma once
#include "devices/gateway/transport.h"

#include <string.h>

/* The value of a header, by its exact name; NULL when the request has none. The request's. */
static inline const char *
request_header (const TillRequest *request, const char *name)
{
  for (guint i = 0; i < request->headers->len; i++)
    {
      const char *line = g_ptr_array_index (request->headers, i);
      if (g_str_has_prefix (line, name) && g_str_has_prefix (line + strlen (name), ": "))
        return line + strlen (name) + 2;
    }
  return NULL;
}

/* The body as a text; for g_free. */
static inline char *
request_body (const TillRequest *request)
{
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  return g_strndup (data, size);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/transport.h"

#include <string.h>

TillRequest *
till_request_new (const char *base_url, const char *path, GBytes *body)
{
  g_assert (path[0] == '/');
  TillRequest *request = g_new0 (TillRequest, 1);
  request->method = body ? "POST" : "GET";
  request->url = g_strconcat (base_url, path, NULL);
  request->path = g_strdup (path);
  request->headers = g_ptr_array_new_with_free_func (g_free);
  request->body = body ? g_bytes_ref (body) : g_bytes_new_static ("", 0);
  return request;
}

void
till_request_add_header (TillRequest *request, const char *name, const char *value)
{
  g_assert (!strpbrk (name, ":\r\n") && !strpbrk (value, "\r\n"));
  g_ptr_array_add (request->headers, g_strdup_printf ("%s: %s", name, value));
}

void
till_request_free (TillRequest *request)
{
  g_free (request->url);
  g_free (request->path);
  g_ptr_array_unref (request->headers);
  g_bytes_unref (request->body);
  g_free (request->ca_file);
  g_free (request);
}

TillReply *
till_reply_new (TillFate fate, int status, const char *detail)
{
  TillReply *answer = g_new0 (TillReply, 1);
  answer->fate = fate;
  answer->status = status;
  answer->detail = g_strdup (detail);
  answer->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  answer->body = g_bytes_new_static ("", 0);
  return answer;
}

void
till_reply_add_field (TillReply *answer, const char *name, const char *value)
{
  char *key = g_ascii_strdown (name, -1);
  char *kept = NULL;
  if (!g_hash_table_contains (answer->fields, key))
    kept = g_strstrip (g_strdup (value));
  g_hash_table_replace (answer->fields, key, kept);
}

const char *
till_reply_field (const TillReply *answer, const char *name)
{
  return g_hash_table_lookup (answer->fields, name);
}

void
till_reply_set_body (TillReply *answer, GBytes *body)
{
  g_bytes_unref (answer->body);
  answer->body = g_bytes_ref (body);
}

void
till_reply_free (TillReply *answer)
{
  g_hash_table_unref (answer->fields);
  g_bytes_unref (answer->body);
  g_free (answer->detail);
  g_free (answer);
}

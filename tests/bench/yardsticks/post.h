/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a signed question to a provider costs at least: an RSA signature, a new connection with its
 * handshake, a short POST and whatever comes back. */
#pragma once
#include "devices/gateway/account.h"

#include <curl/curl.h>
#include <string.h>

static inline size_t
post_swallow (char *data, size_t size, size_t n, void *user)
{
  return size * n;
}

static inline double
post_once (CURL *curl, const TillAccount *account)
{
  char body[300];
  memset (body, 'x', sizeof body);
  g_autofree char *url = g_strconcat (account->base_url, "/nowhere", NULL);
  double start = bench_now ();
  g_autofree char *signature = till_key_sign (account->our_key, body, sizeof body);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_CAINFO, account->ca_file);
  curl_easy_setopt (curl, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt (curl, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt (curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE, (long)sizeof body);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, post_swallow);
  CURLcode code = curl_easy_perform (curl);
  if (code != CURLE_OK)
    g_error ("yardstick: %s", curl_easy_strerror (code));
  return bench_now () - start;
}

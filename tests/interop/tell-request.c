/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says the request that a codec builds, for a test in another language to verify: one line of JSON
 * with method, path, headers (of "Name: value") and body.
 * usage: tell-request ACCOUNT-FOLDER ERRAND FACT=VALUE…   FACT is a member of TillErrand.
 *        tell-request ACCOUNT-FOLDER file day=YYYYMMDD */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"

#include <stdio.h>
#include <string.h>

static const struct
{
  const char *name;
  gsize offset;
} texts[] = {
  { "request_no", G_STRUCT_OFFSET (TillErrand, request_no) },
  { "auth", G_STRUCT_OFFSET (TillErrand, auth) },
  { "subject", G_STRUCT_OFFSET (TillErrand, subject) },
  { "provider_no", G_STRUCT_OFFSET (TillErrand, provider_no) },
  { "original_no", G_STRUCT_OFFSET (TillErrand, original_no) },
  { "original_provider_no", G_STRUCT_OFFSET (TillErrand, original_provider_no) },
}, numbers[] = {
  { "amount", G_STRUCT_OFFSET (TillErrand, amount) },
  { "original_amount", G_STRUCT_OFFSET (TillErrand, original_amount) },
  { "requested_at", G_STRUCT_OFFSET (TillErrand, requested_at) },
  { "original_requested_at", G_STRUCT_OFFSET (TillErrand, original_requested_at) },
  { "asked_at", G_STRUCT_OFFSET (TillErrand, asked_at) },
};

static void
set_fact (TillErrand *errand, const char *name, const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].name, name) == 0)
      {
        G_STRUCT_MEMBER (char *, errand, texts[i].offset) = g_strdup (value);
        return;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (strcmp (numbers[i].name, name) == 0)
      {
        gint64 *member = G_STRUCT_MEMBER_P (errand, numbers[i].offset);
        if (!g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, member, NULL))
          g_error ("%s is no number: %s", name, value);
        return;
      }
  g_error ("an errand has no %s", name);
}

static TillErrand *
read_errand (const TillAccount *account, char *const args[], int n)
{
  TillErrand *errand = g_new0 (TillErrand, 1);
  if (!till_errand_kind_from_word (args[0], &errand->kind))
    g_error ("%s is no errand", args[0]);
  errand->provider = g_strdup (account->provider);
  for (int i = 1; i < n; i++)
    {
      g_auto (GStrv) fact = g_strsplit (args[i], "=", 2);
      if (!fact[0] || !fact[1])
        g_error ("%s is not FACT=VALUE", args[i]);
      set_fact (errand, fact[0], fact[1]);
    }
  return errand;
}

static TillRequest *
ask_for_file (const TillCodec *codec, const TillAccount *account, const char *fact)
{
  gint64 day;
  if (!g_str_has_prefix (fact, "day=")
      || !g_ascii_string_to_signed (fact + strlen ("day="), 10, 20000101, 99991231, &day, NULL))
    g_error ("%s is no day", fact);
  const TillFileAsk ask = { .day = (int)day };
  return codec->file->build (&ask, account);
}

static void
tell (const TillRequest *request)
{
  g_autoptr (json_t) object = json_object ();
  json_t *headers = json_array ();
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  g_autofree char *body = g_strndup (data ? data : "", size);
  till_json_set_text (object, "method", request->method);
  till_json_set_text (object, "path", request->path);
  for (guint i = 0; i < request->headers->len; i++)
    json_array_append_new (headers, json_string (g_ptr_array_index (request->headers, i)));
  till_json_set (object, "headers", headers);
  till_json_set_text (object, "body", body);
  g_autoptr (GBytes) line = till_json_write (object);
  data = g_bytes_get_data (line, &size);
  printf ("%.*s\n", (int)size, data);
}

int
main (int argc, char *argv[])
{
  g_assert (argc >= 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = till_account_load (argv[1], &error);
  if (!account)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  const TillCodec *codec = till_codec_find (account->provider);
  g_assert (codec);
  if (strcmp (argv[2], "file") == 0)
    {
      g_assert (argc == 4 && codec->file);
      g_autoptr (TillRequest) question = ask_for_file (codec, account, argv[3]);
      tell (question);
      return 0;
    }
  g_autoptr (TillErrand) errand = read_errand (account, argv + 2, argc - 2);
  g_autoptr (TillRequest) request = codec->build (errand, account);
  tell (request);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says what a codec makes of a letter that a test in another language wrote: one line of JSON with
 * is_refund, request_no, event_no and words, or with refused: why not.
 * usage: tell-notice ACCOUNT-FOLDER SECONDS <LETTER   when it came; {"headers":{…},"body":"…"} */
#include "devices/gateway/json.h"
#include "devices/gateway/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static TillLetter *
read_letter (int64_t arrived_at)
{
  g_autofree char *text = g_malloc (TILL_JSON_SIZE_MAX);
  size_t size = fread (text, 1, TILL_JSON_SIZE_MAX, stdin);
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) object = till_json_parse (bytes, &error);
  if (!object)
    g_error ("%s", error->message);
  const char *body = till_json_text (object, "body");
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  TillLetter *letter = till_letter_new (raw, arrived_at);
  const char *name;
  json_t *value;
  json_object_foreach (json_object_get (object, "headers"), name, value)
  {
    till_letter_add_field (letter, name, json_string_value (value));
  }
  return letter;
}

int
main (int argc, char *argv[])
{
  g_assert (argc == 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccount) account = till_account_load (argv[1], &error);
  if (!account)
    g_error ("%s", error->message);
  g_autoptr (TillLetter) letter
      = read_letter (g_ascii_strtoll (argv[2], NULL, 10) * G_USEC_PER_SEC);
  const TillCodec *codec = till_codec_find (account->provider);
  g_autoptr (TillNotice) notice = codec->notice->open (letter, account, &error);
  g_autoptr (json_t) told = json_object ();
  if (notice)
    {
      till_json_set (told, "is_refund", json_boolean (notice->is_refund));
      till_json_set_text (told, "request_no", notice->request_no);
      till_json_set_text (told, "event_no", notice->event_no);
      till_json_set_text (told, "words", notice->words);
      till_json_set_int (told, "amount", notice->amount);
      till_json_set_text (told, "currency", notice->currency);
    }
  else
    till_json_set_text (told, "refused", error->message);
  g_autoptr (GBytes) line = till_json_write (told);
  printf ("%.*s\n", (int)g_bytes_get_size (line), (const char *)g_bytes_get_data (line, NULL));
  return EXIT_SUCCESS;
}

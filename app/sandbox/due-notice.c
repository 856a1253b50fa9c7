/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/due-notice.h"
#include "app/sandbox/fault-table.h"
#include "devices/gateway/json.h"

#include <gio/gio.h>
#include <string.h>

static const char *const state_words[] = { "due", "told", "given-up", "unsent" };

void
till_due_notice_free (TillDueNotice *notice)
{
  g_free (notice->event_no);
  g_free (notice->tongue);
  g_free (notice->request_no);
  g_free (notice->identity);
  g_free (notice->status);
  g_free (notice->to);
  g_free (notice);
}

static gboolean
find_word (const char *const *words, guint n, const char *word, guint *found)
{
  for (*found = 0; *found < n; (*found)++)
    if (g_strcmp0 (words[*found], word) == 0)
      return TRUE;
  return FALSE;
}

gboolean
till_notice_fault_from_word (const char *word, TillNoticeFault *fault)
{
  const TillFaultRow *row = till_fault_table_find (TILL_PLAYED_BY_NOTICES, word);
  *fault = row ? (TillNoticeFault)row->fault : TILL_NOTICE_OK;
  return row != NULL;
}

gboolean
till_notice_is_near (const char *address)
{
  g_autoptr (GUri) uri = address ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  /* No names: who knows what one means tomorrow. */
  g_autoptr (GInetAddress) number = host ? g_inet_address_new_from_string (host) : NULL;
  return number && g_inet_address_get_is_loopback (number)
         && strcmp (g_uri_get_scheme (uri), "http") == 0 && !g_uri_get_userinfo (uri);
}

json_t *
till_due_notice_write (const TillDueNotice *notice)
{
  json_t *object = json_object ();
  till_json_set_int (object, "no", notice->no);
  till_json_set_text (object, "event_no", notice->event_no);
  till_json_set_text (object, "provider", notice->tongue);
  till_json_set_text (object, "kind", till_errand_kind_word (notice->kind));
  till_json_set_text (object, "request_no", notice->request_no);
  till_json_set_text (object, "identity", notice->identity);
  till_json_set_text (object, "status", notice->status);
  till_json_set_text (object, "to", notice->to);
  till_json_set_int (object, "since", notice->since);
  till_json_set_int (object, "due_at", notice->due_at);
  till_json_set_text (object, "state", state_words[notice->state]);
  till_json_set_text (object, "fault",
                      till_fault_table_of (TILL_PLAYED_BY_NOTICES, (int)notice->fault)->word);
  till_json_set_int (object, "value", notice->value);
  till_json_set_int (object, "tried", notice->tried);
  till_json_set_int (object, "answered", notice->answered);
  return object;
}

static int64_t
number (const json_t *object, const char *name)
{
  return json_integer_value (json_object_get (object, name));
}

TillDueNotice *
till_due_notice_read (const json_t *object)
{
  TillErrandKind kind;
  guint state;
  TillNoticeFault fault;
  const char *tongue = till_json_text (object, "provider");
  const char *to = till_json_text (object, "to");
  if (!till_errand_kind_from_word (till_json_text (object, "kind"), &kind)
      || !find_word (state_words, G_N_ELEMENTS (state_words), till_json_text (object, "state"),
                     &state)
      || !till_notice_fault_from_word (till_json_text (object, "fault"), &fault)
      || !till_tongue_find (tongue) || !till_json_text (object, "event_no")
      || !till_json_text (object, "request_no") || !till_json_text (object, "status")
      || !till_notice_is_near (to) || number (object, "no") < 1 || number (object, "tried") < 0)
    return NULL;
  TillDueNotice *notice = g_new0 (TillDueNotice, 1);
  *notice = (TillDueNotice){
    .no = (guint)number (object, "no"),
    .event_no = g_strdup (till_json_text (object, "event_no")),
    .tongue = g_strdup (tongue),
    .kind = kind,
    .request_no = g_strdup (till_json_text (object, "request_no")),
    .identity = g_strdup (till_json_text (object, "identity")),
    .status = g_strdup (till_json_text (object, "status")),
    .to = g_strdup (to),
    .since = number (object, "since"),
    .due_at = number (object, "due_at"),
    .state = (TillDueState)state,
    .fault = (TillNoticeFault)fault,
    .value = (int)number (object, "value"),
    .tried = (int)number (object, "tried"),
    .answered = (int)number (object, "answered"),
  };
  return notice;
}

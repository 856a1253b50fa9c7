/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stage-probe.h"
#include "data/core/clock.h"
#include "data/core/error.h"
#include "devices/gateway/registry.h"

#define DAY_S (24 * 3600)

static const struct
{
  const char *name, *merchant_no, *host, *trouble;
  int key_days; /* of the provider's key; 0: it is bare */
  TillAccountCheck check;
} cast[] = {
  { "sandbox",
    "M100001",
    "127.0.0.1:8443",
    NULL,
    0,
    { TILL_CHECK_ANSWERED, 130, TRUE, 0, NULL, NULL } },
  { "umpay",
    "60000100",
    "pay.example",
    "account.ini says no provider_key",
    0,
    { TILL_CHECK_NO_LINE, 0, FALSE, 0, NULL, NULL } },
  { "unionpay",
    "700000000000001",
    "gateway.example",
    NULL,
    400,
    { TILL_CHECK_NO_ANSWER, 0, FALSE, 0, NULL, NULL } },
  { "wechat",
    "1900000109",
    "api.example",
    NULL,
    12,
    { TILL_CHECK_ANSWERED, 420, TRUE, -412, NULL, NULL } },
};

static void
key_free (gpointer data)
{
  TillAccountKey *key = data;
  g_free (key->file);
  g_free (key);
}

static TillAccountKey *
key_new (const char *word, const char *file, int64_t now_s, int days)
{
  TillAccountKey *key = g_new0 (TillAccountKey, 1);
  key->word = word;
  key->file = g_strdup (file);
  key->from = days ? now_s - 300 * DAY_S : 0;
  key->until = days ? now_s + (int64_t)days * DAY_S + 3600 : 0;
  return key;
}

static GPtrArray *
accounts (gpointer now, GError **error)
{
  int64_t now_s = *(const int64_t *)now / TILL_SECOND;
  GPtrArray *states = g_ptr_array_new_with_free_func ((GDestroyNotify)till_account_state_free);
  for (gsize i = 0; i < G_N_ELEMENTS (cast); i++)
    {
      TillAccountState *state = g_new0 (TillAccountState, 1);
      state->name = g_strdup (cast[i].name);
      state->provider = g_strdup (cast[i].name);
      state->merchant_no = g_strdup (cast[i].merchant_no);
      state->host = g_strdup (cast[i].host);
      state->facts = g_strdup (i == 3 ? "app_id wx8888 · serial_no 5A31" : "");
      state->trouble = g_strdup (cast[i].trouble);
      state->keys = g_ptr_array_new_with_free_func (key_free);
      g_ptr_array_add (state->keys,
                       key_new ("provider_key", "provider.pem", now_s, cast[i].key_days));
      g_ptr_array_add (state->keys, key_new ("ca_file", "ca.pem", now_s, 3649));
      g_ptr_array_add (states, state);
    }
  return states;
}

static void
on_cancelled (GCancellable *cancel, gpointer task)
{
  g_task_return_error_if_cancelled (task);
}

static void
check (gpointer now, GObject *page, const char *account, GCancellable *cancel,
       GAsyncReadyCallback done)
{
  gsize i = 0;
  while (i < G_N_ELEMENTS (cast) && !g_str_equal (cast[i].name, account))
    i++;
  g_assert (i < G_N_ELEMENTS (cast));
  g_autoptr (GTask) task = g_task_new (page, cancel, done, NULL);
  if (cast[i].check.result == TILL_CHECK_NO_ANSWER)
    g_signal_connect_data (cancel, "cancelled", G_CALLBACK (on_cancelled), g_object_ref (task),
                           (GClosureNotify)(GCallback)g_object_unref, 0);
  else
    g_task_return_pointer (task, g_memdup2 (&cast[i].check, sizeof cast[i].check),
                           (GDestroyNotify)till_account_check_free);
}

/* The only one of the cast that tells it has 1,234.50, and 30.00 on their way. */
static void
balance (gpointer now, GObject *page, const char *account, GCancellable *cancel,
         GAsyncReadyCallback done)
{
  const TillMoney pending = 3000;
  g_autoptr (GTask) task = g_task_new (page, cancel, done, NULL);
  TillBalance *told = till_balance_new_told (123450, &pending);
  told->asked_at = *(const int64_t *)now;
  g_task_return_pointer (task, told, (GDestroyNotify)till_balance_free);
}

static char *
take (gpointer now, const char *account, TillImportKind kind, const char *path,
      const char *password, GError **error)
{
  if (g_str_has_suffix (path, ".pem") || g_str_has_suffix (path, ".p12"))
    return g_strdup_printf ("account %s: %s", account, till_import_word (kind));
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s holds no key", path);
  return NULL;
}

/* The practice provider's, whatever lies at path. */
static TillFileFetch *
read_file (gpointer now, const char *provider, int day, const char *path, GError **error)
{
  const char *const paths[] = { path, NULL };
  const TillAccount account = { .provider = (char *)"sandbox", .merchant_no = (char *)"M100001" };
  g_autoptr (GPtrArray) members = till_file_fetch_open (paths, error);
  return members ? till_file_fetch_members (&till_sandbox_codec, &account, day, members, error)
                 : NULL;
}

TillProbe
till_stage_probe (const int64_t *now)
{
  return (TillProbe){ .accounts = accounts,
                      .check = check,
                      .balance = balance,
                      .take = take,
                      .file = read_file,
                      .self = (gpointer)now };
}

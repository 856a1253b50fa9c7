/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The watch over accounts with providers and their keys: at the start and once a day, on the
 * ledger's thread. What somebody has to look after stands in the strip until it is done. */
#include "app/window-parts.h"

#include <glib/gi18n-lib.h>

#define DAY_S (24 * 3600)

typedef struct
{
  const TillProbe *probe; /* unowned */
  GPtrArray *accounts;    /* owned; of TillAccountState */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;
  g_clear_pointer (&look->accounts, g_ptr_array_unref);
  g_free (look);
}

static gpointer
read_accounts (gpointer ledger, gpointer data, GError **error)
{
  Look *look = data;
  look->accounts = look->probe->accounts (look->probe->self, error);
  return look->accounts ? look : NULL;
}

/* In the order of how bad it is. */
static const struct
{
  TillAccountWarningCode code;
  const char *words;
} alarms[] = {
  { TILL_ACCOUNT_BROKEN, N_ ("Account unusable") },
  { TILL_ACCOUNT_NO_AUTHORITY, N_ ("No authority") },
  { TILL_ACCOUNT_ENDED, N_ ("Key ended") },
  { TILL_ACCOUNT_NOT_YET, N_ ("Key not valid") },
  { TILL_ACCOUNT_TWICE, N_ ("Two accounts") },
  { TILL_ACCOUNT_ENDS_SOON, N_ ("Key ends soon") },
};

static void
on_accounts (gpointer page, gpointer data, const GError *error)
{
  TillWindow *self = page;
  Look *look = data;
  gsize worst = G_N_ELEMENTS (alarms);
  g_autoptr (GString) whole = g_string_new (NULL);
  if (error)
    return;
  for (guint i = 0; i < look->accounts->len; i++)
    {
      const TillAccountState *account = g_ptr_array_index (look->accounts, i);
      g_autoptr (GArray) warnings
          = till_account_state_warnings (account, till_counter_now (&self->counter));
      for (guint n = 0; n < warnings->len; n++)
        {
          const TillAccountWarning *one = &g_array_index (warnings, TillAccountWarning, n);
          if (!till_account_warning_alarms (one->code))
            continue;
          g_autofree char *sentence
              = till_account_warning_sentence (account, one, self->counter.shop->zone);
          g_string_append_printf (whole, "%s%s", whole->len ? "\n" : "", sentence);
          for (gsize k = 0; k < worst; k++)
            if (alarms[k].code == one->code)
              worst = k;
        }
    }
  self->alarm_words = worst < G_N_ELEMENTS (alarms) ? alarms[worst].words : NULL;
  g_free (self->alarm_whole);
  self->alarm_whole = g_strdup (whole->str);
  till_window_show_alarm (self);
}

void
till_window_show_alarm (TillWindow *self)
{
  const char *whole = self->alarm_whole ? self->alarm_whole : "";
  /* Money that waits goes before keys that end. */
  if (self->stopped)
    {
      g_autofree char *both = g_strdup_printf ("%s%s%s", self->stopped, *whole ? "\n" : "", whole);
      till_window_frame_alarm (self->frame, _ ("Provider stopped"), both);
      return;
    }
  till_window_frame_alarm (self->frame, self->alarm_words ? _ (self->alarm_words) : NULL, whole);
}

static void
look_now (TillWindow *self)
{
  if (!self->counter.probe)
    return;
  Look *look = g_new0 (Look, 1);
  look->probe = self->counter.probe;
  till_counter_ask (&self->counter, GTK_WIDGET (self), read_accounts, look, look_free, on_accounts);
}

static gboolean
on_day (gpointer window)
{
  look_now (window);
  return G_SOURCE_CONTINUE;
}

void
till_window_watch_accounts (TillWindow *self)
{
  look_now (self);
  if (!self->accounts_source)
    self->accounts_source = g_timeout_add_seconds (DAY_S, on_day, self);
}

void
till_window_look_again (TillWindow *self)
{
  if (self->accounts_source)
    look_now (self);
}

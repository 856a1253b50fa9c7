/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/providers-part.h"
#include "data/desk/stopping.h"
#include "devices/gateway/registry.h"
#include "widgets/choice.h"
#include "widgets/part.h"
#include "widgets/provider-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _TillProvidersPart
{
  GtkBox parent;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *some;
  TillSheet *table;
  GtkLabel *name;
  GtkLabel *figures;
  TillSheet *keys;
  GtkLabel *warnings;
  GtkSpinner *spinner;
  GtkLabel *result;
  GtkBox *actions;
  gboolean manages;     /* it is for the settings */
  GtkWidget *button;    /* unowned; a child, as is the next */
  GtkWidget *asks;      /* for the balance; NULL outside the settings */
  GtkWidget *tries;     /* lets one go through; NULL outside the settings */
  TillCounter *counter; /* unowned */
  GPtrArray *healths;   /* owned; of TillHealth, or NULL */
  GPtrArray *accounts;  /* owned; of TillAccountState, or NULL */
  GHashTable *results;  /* owned; account → what its last test or question said */
  GCancellable *cancel; /* owned; while a connection is tested or a balance asked for */
  char *testing;        /* owned; the account that is asked */
  gboolean for_balance; /* … and for what */
  guint read_no;        /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillProvidersPart, till_providers_part, GTK_TYPE_BOX)

enum
{
  DENIED,
  CHANGED,
  TAKE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* --- rows --- */

static const TillHealth *
health_of (TillProvidersPart *self, const char *provider)
{
  for (guint i = 0; self->healths && i < self->healths->len; i++)
    {
      const TillHealth *health = g_ptr_array_index (self->healths, i);
      if (g_str_equal (health->provider, provider))
        return health;
    }
  return NULL;
}

static gboolean
has_account (TillProvidersPart *self, const char *provider)
{
  for (guint i = 0; self->accounts && i < self->accounts->len; i++)
    {
      const TillAccountState *account = g_ptr_array_index (self->accounts, i);
      if (g_str_equal (account->provider, provider))
        return TRUE;
    }
  return FALSE;
}

/* The nth row; FALSE behind the last: first the accounts, then who has none. */
static gboolean
row_at (TillProvidersPart *self, guint n, TillProviderRow *row)
{
  guint accounts = self->accounts ? self->accounts->len : 0;
  *row = (TillProviderRow){ 0 };
  if (n < accounts)
    {
      row->account = g_ptr_array_index (self->accounts, n);
      row->health = health_of (self, row->account->provider);
      return TRUE;
    }
  n -= accounts;
  for (guint i = 0; self->healths && i < self->healths->len; i++)
    {
      const TillHealth *health = g_ptr_array_index (self->healths, i);
      if (has_account (self, health->provider) || n-- > 0)
        continue;
      row->health = health;
      return TRUE;
    }
  return FALSE;
}

/* --- the one that is chosen --- */

static gboolean
chosen_row (TillProvidersPart *self, TillProviderRow *row)
{
  int chosen = till_sheet_chosen (self->table);
  return chosen >= 0 && row_at (self, (guint)chosen, row);
}

/* A key that means nothing here is not in the legend either. */
static void
show_tries (TillProvidersPart *self, const TillProviderRow *row)
{
  gboolean shown = row->health && row->health->stop && !self->cancel;
  if (!self->tries || gtk_widget_get_visible (self->tries) == shown)
    return;
  gtk_widget_set_visible (self->tries, shown);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_test (TillProvidersPart *self, const TillProviderRow *row)
{
  gboolean usable = row->account && !row->account->trouble;
  const char *said = row->account ? g_hash_table_lookup (self->results, row->account->name) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->cancel != NULL);
  gtk_spinner_set_spinning (self->spinner, self->cancel != NULL);
  gtk_button_set_label (GTK_BUTTON (self->button),
                        self->cancel ? _ ("Stop") : _ ("Test the connection"));
  gtk_widget_set_visible (GTK_WIDGET (self->button), usable || self->cancel);
  if (self->asks)
    gtk_widget_set_visible (self->asks, usable && !self->cancel);
  show_tries (self, row);
  if (self->cancel)
    {
      g_autofree char *asking = g_strdup_printf (
          self->for_balance ? _ ("Asking %s how much it holds for you. No money moves.")
                            : _ ("Asking %s about a payment that was never made. No money moves."),
          self->testing);
      gtk_label_set_text (self->result, asking);
    }
  else
    gtk_label_set_text (self->result, said ? said : "");
  gtk_widget_set_visible (GTK_WIDGET (self->result), self->cancel || said);
}

static void
show_chosen (TillProvidersPart *self)
{
  TillProviderRow row;
  if (!chosen_row (self, &row))
    return;
  g_autofree char *name = till_provider_row_title (&row);
  g_autofree char *figures = self->manages ? till_provider_row_facts (self->counter, &row)
                                           : till_provider_row_figures (self->counter, &row);
  g_autofree char *warnings = till_provider_row_warnings (self->counter, &row);
  gtk_label_set_text (self->name, name);
  gtk_label_set_text (self->figures, figures);
  if (self->manages)
    {
      g_autoptr (GPtrArray) keys = till_provider_row_keys (self->counter, &row);
      till_sheet_fill (self->keys, keys);
    }
  gtk_label_set_text (self->warnings, warnings);
  gtk_widget_set_visible (GTK_WIDGET (self->warnings), *warnings != '\0');
  show_test (self, &row);
}

/* --- reading --- */

typedef struct
{
  int64_t staff_id;
  const TillProbe *probe; /* unowned */
  guint read_no;
  GPtrArray *healths;  /* owned */
  GPtrArray *accounts; /* owned */
  TillAnswer answer;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;
  g_clear_pointer (&ask->healths, g_ptr_array_unref);
  g_clear_pointer (&ask->accounts, g_ptr_array_unref);
  g_free (ask);
}

static gpointer
read_providers (gpointer ledger, gpointer data, GError **error)
{
  Ask *ask = data;
  if (!till_reporting_providers (ledger, ask->staff_id, &ask->healths, &ask->answer, error))
    return NULL;
  if (!ask->healths || !ask->probe)
    return ask;
  ask->accounts = ask->probe->accounts (ask->probe->self, error);
  return ask->accounts ? ask : NULL;
}

static void
show_rows (TillProvidersPart *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  TillProviderRow row;
  for (guint n = 0; row_at (self, n, &row); n++)
    g_ptr_array_add (rows, till_provider_row_new (self->counter, n, &row));
  till_sheet_fill (self->table, rows);
  gtk_stack_set_visible_child (self->stack, rows->len > 0 ? self->some : self->empty);
  if (rows->len > 0 && till_sheet_chosen (self->table) < 0)
    till_sheet_choose (self->table, 0);
  show_chosen (self);
}

static void
on_read (gpointer part, gpointer data, const GError *error)
{
  TillProvidersPart *self = part;
  Ask *ask = data;
  if (error || ask->read_no != self->read_no)
    return;
  if (ask->answer.code == TILL_NO_RIGHT)
    {
      g_signal_emit (self, signals[DENIED], 0);
      return;
    }
  if (!till_counter_heard (self->counter, &ask->answer))
    return;
  g_clear_pointer (&self->healths, g_ptr_array_unref);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  self->healths = g_steal_pointer (&ask->healths);
  self->accounts = g_steal_pointer (&ask->accounts);
  show_rows (self);
}

void
till_providers_part_read (TillProvidersPart *self)
{
  Ask *ask = g_new0 (Ask, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->probe = self->counter->probe;
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), read_providers, ask, ask_free, on_read);
}

/* --- a provider that is stopped --- */

typedef struct
{
  int64_t staff_id;
  gboolean tested; /* the connection was, and is well: nobody has to have a right */
  char *provider;  /* owned */
  char *words;     /* owned; as people say it */
  TillAnswer answer;
} Try;

static void
try_free (gpointer data)
{
  Try *ask = data;
  g_free (ask->provider);
  g_free (ask->words);
  g_free (ask);
}

static gpointer
let_one_through (gpointer ledger, gpointer data, GError **error)
{
  Try *ask = data;
  gboolean done
      = ask->tested ? till_stopping_tested (ledger, ask->provider, error)
                    : till_stopping_try (ledger, ask->staff_id, ask->provider, &ask->answer, error);
  return done ? ask : NULL;
}

static void
on_tried (gpointer part, gpointer data, const GError *error)
{
  TillProvidersPart *self = part;
  Try *ask = data;
  if (error)
    return;
  if (!ask->tested && till_counter_heard (self->counter, &ask->answer))
    {
      g_autofree char *said = g_strdup_printf (
          _ ("One is let through to %s now. When it comes back well the others follow."),
          ask->words);
      till_counter_say (self->counter, TILL_TONE_PLAIN, said);
    }
  self->counter->hands->changed (self->counter->window);
  till_providers_part_read (self);
}

static void
try_provider (TillProvidersPart *self, const TillHealth *health, gboolean tested)
{
  const TillCodec *codec = till_codec_find (health->provider);
  Try *ask = g_new0 (Try, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->tested = tested;
  ask->provider = g_strdup (health->provider);
  ask->words = g_strdup (codec ? _ (codec->profile->words) : health->provider);
  till_counter_ask (self->counter, GTK_WIDGET (self), let_one_through, ask, try_free, on_tried);
}

void
till_providers_part_try (TillProvidersPart *self)
{
  TillProviderRow row;
  if (!self->cancel && chosen_row (self, &row) && row.health && row.health->stop)
    try_provider (self, row.health, FALSE);
}

/* What keeps us from sending is mended, it seems: one is let through without a person's word. */
static void
try_what_was_tested (TillProvidersPart *self, const char *account)
{
  for (guint i = 0; self->accounts && i < self->accounts->len; i++)
    {
      const TillAccountState *state = g_ptr_array_index (self->accounts, i);
      const TillHealth *health = health_of (self, state->provider);
      if (g_str_equal (state->name, account) && health && health->stop)
        try_provider (self, health, TRUE);
    }
}

/* --- asking a provider --- */

/* The answer, kept beside its account; takes said. */
static void
tell (TillProvidersPart *self, char *said, TillTone tone)
{
  g_autofree char *account = g_steal_pointer (&self->testing);
  g_clear_object (&self->cancel);
  g_hash_table_replace (self->results, g_steal_pointer (&account), said);
  /* The page may have gone while it was asked. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  till_counter_say (self->counter, tone, said);
  show_chosen (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static char *
say_failed (const GError *error, const char *stopped)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
             ? g_strdup (stopped)
             : g_strdup_printf (_ ("The account cannot be used: %s."), error->message);
}

static void
on_tested (GObject *part, GAsyncResult *result, gpointer user)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillAccountCheck) check = till_probe_finish (result, &error);
  char *said = check ? till_account_check_sentence (check)
                     : say_failed (error, _ ("The test was stopped. No money moved."));
  if (check && till_account_check_is_well (check))
    try_what_was_tested (TILL_PROVIDERS_PART (part), TILL_PROVIDERS_PART (part)->testing);
  tell (TILL_PROVIDERS_PART (part), said,
        check && till_account_check_is_well (check) ? TILL_TONE_GOOD : TILL_TONE_WARN);
}

static void
on_balance (GObject *part, GAsyncResult *result, gpointer user)
{
  TillProvidersPart *self = TILL_PROVIDERS_PART (part);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillBalance) balance = till_probe_finish_balance (result, &error);
  char *said;
  if (balance)
    {
      g_autofree char *time = till_counter_time (self->counter, balance->asked_at);
      g_autofree char *sentence = till_balance_sentence (balance);
      /* Translators: a time of day, and the sentence about the balance that was told then. */
      said = g_strdup_printf (_ ("Asked at %s: %s"), time, sentence);
    }
  else
    said = say_failed (error, _ ("The question was stopped. The balance is not known."));
  tell (self, said,
        balance && balance->result == TILL_BALANCE_TOLD ? TILL_TONE_GOOD : TILL_TONE_WARN);
}

/* NULL when there is none that could be asked now. */
static const TillAccountState *
askable (TillProvidersPart *self)
{
  TillProviderRow row;
  if (self->cancel || !chosen_row (self, &row) || !row.account || row.account->trouble)
    return NULL;
  return row.account;
}

static void
begin (TillProvidersPart *self, const TillAccountState *account, gboolean for_balance)
{
  const TillProbe *probe = self->counter->probe;
  self->cancel = g_cancellable_new ();
  self->testing = g_strdup (account->name);
  self->for_balance = for_balance;
  (for_balance ? probe->balance : probe->check) (probe->self, G_OBJECT (self), self->testing,
                                                 self->cancel,
                                                 for_balance ? on_balance : on_tested);
  show_chosen (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
till_providers_part_test (TillProvidersPart *self)
{
  const TillAccountState *account = askable (self);
  if (account)
    begin (self, account, FALSE);
}

void
till_providers_part_ask_balance (TillProvidersPart *self)
{
  const TillAccountState *account = askable (self);
  if (!account)
    return;
  if (till_balance_is_told_by (account->provider))
    {
      begin (self, account, TRUE);
      return;
    }
  const char *untold = _ ("How this provider tells a balance is not known to the till. Look it up "
                          "where the provider shows it.");
  g_hash_table_replace (self->results, g_strdup (account->name), g_strdup (untold));
  till_counter_say (self->counter, TILL_TONE_WARN, untold);
  show_chosen (self);
}

const char *
till_providers_part_account (TillProvidersPart *self)
{
  TillProviderRow row;
  return chosen_row (self, &row) && row.account ? row.account->name : NULL;
}

const TillLegendKey till_testing_legend[] = {
  { "Esc", N_ ("Stop the test"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

gboolean
till_providers_part_is_testing (TillProvidersPart *self)
{
  return self->cancel != NULL;
}

gboolean
till_providers_part_may_try (TillProvidersPart *self)
{
  return self->tries && gtk_widget_get_visible (self->tries);
}

gboolean
till_providers_part_stop (TillProvidersPart *self)
{
  if (!self->cancel)
    return FALSE;
  g_cancellable_cancel (self->cancel);
  return TRUE;
}

gboolean
till_providers_part_key (TillProvidersPart *self, guint keyval)
{
  return till_sheet_key (self->table, keyval);
}

static void
on_button (gpointer part, int value)
{
  if (!till_providers_part_stop (part))
    till_providers_part_test (part);
}

/* --- building --- */

/* Nobody waits for an answer that is not looked at any more. */
static void
till_providers_part_unmap (GtkWidget *widget)
{
  till_providers_part_stop (TILL_PROVIDERS_PART (widget));
  GTK_WIDGET_CLASS (till_providers_part_parent_class)->unmap (widget);
}

static void
till_providers_part_finalize (GObject *object)
{
  TillProvidersPart *self = TILL_PROVIDERS_PART (object);
  g_clear_pointer (&self->healths, g_ptr_array_unref);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_hash_table_unref (self->results);
  g_clear_object (&self->cancel);
  g_free (self->testing);
  G_OBJECT_CLASS (till_providers_part_parent_class)->finalize (object);
}

static void
till_providers_part_class_init (TillProvidersPartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_providers_part_finalize;
  widget_class->unmap = till_providers_part_unmap;
  signals[DENIED] = till_part_signal (class, "denied");
  signals[CHANGED] = till_part_signal (class, "changed");
  signals[TAKE] = till_part_signal (class, "take");
  g_type_ensure (TILL_TYPE_SHEET);
  till_part_class (class, "providers-part.ui");
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, stack);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, empty);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, some);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, table);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, name);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, figures);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, keys);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, warnings);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, spinner);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, result);
  gtk_widget_class_bind_template_child (widget_class, TillProvidersPart, actions);
}

static void
till_providers_part_init (TillProvidersPart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  till_sheet_set_up (self->table, _ ("Payment providers"), till_provider_columns,
                     TILL_PROVIDER_COLUMNS);
  g_signal_connect_object (self->table, "moved", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "opened", G_CALLBACK (till_providers_part_test), self,
                           G_CONNECT_SWAPPED);
  self->button = till_choice_new (_ ("Test the connection"), 0, on_button, self);
  gtk_box_append (self->actions, self->button);
}

void
till_providers_part_set_up (TillProvidersPart *self, TillCounter *counter)
{
  self->counter = counter;
}

static void
on_ask_balance (gpointer part, int value)
{
  till_providers_part_ask_balance (part);
}

static void
on_try (gpointer part, int value)
{
  till_providers_part_try (part);
}

static void
on_take (gpointer part, int value)
{
  g_signal_emit (part, signals[TAKE], 0);
}

void
till_providers_part_manage (TillProvidersPart *self)
{
  self->manages = TRUE;
  till_sheet_set_up (self->keys, _ ("Keys"), till_provider_key_columns, TILL_PROVIDER_KEY_COLUMNS);
  gtk_widget_set_visible (GTK_WIDGET (self->keys), TRUE);
  g_autofree char *asks = g_strdup_printf ("B  %s", _ ("Ask for the balance"));
  self->asks = till_choice_new (asks, 0, on_ask_balance, self);
  gtk_box_append (self->actions, self->asks);
  g_autofree char *tries = g_strdup_printf ("T  %s", _ ("Try again"));
  self->tries = till_choice_new (tries, 0, on_try, self);
  gtk_widget_set_visible (self->tries, FALSE);
  gtk_box_append (self->actions, self->tries);
  g_autofree char *words = g_strdup_printf ("I  %s", _ ("Take in a key…"));
  gtk_box_append (self->actions, till_choice_new (words, 0, on_take, self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/login-page.h"
#include "widgets/keypad.h"
#include "widgets/part.h"
#include "data/core/secret.h"
#include "data/desk/staffing.h"
#include "data/desk/training.h"

#include <glib/gi18n-lib.h>

struct _TillLoginPage
{
  GtkBox parent;
  GtkLabel *title;
  GtkLabel *trouble;
  GtkLabel *people;
  TillWhoPart *who;
  TillCounter *counter; /* unowned */
  gboolean asking;      /* a PIN is being checked: another Enter does nothing */
};

G_DEFINE_FINAL_TYPE (TillLoginPage, till_login_page, GTK_TYPE_BOX)

typedef struct
{
  char *no;         /* owned */
  char *pin;        /* owned; wiped */
  TillStaff *staff; /* owned */
  TillAnswer answer;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *ask = data;
  g_free (ask->no);
  till_secret_free (ask->pin);
  g_clear_pointer (&ask->staff, till_staff_free);
  g_free (ask);
}

static gpointer
sign_in (gpointer ledger, gpointer data, GError **error)
{
  SignIn *ask = data;
  return till_staffing_sign_in (ledger, ask->no, ask->pin, &ask->staff, &ask->answer, error) ? ask
                                                                                             : NULL;
}

static void
on_signed_in (gpointer page, gpointer data, const GError *error)
{
  TillLoginPage *self = page;
  SignIn *ask = data;
  self->asking = FALSE;
  if (error)
    return;
  if (ask->answer.code == TILL_YES)
    {
      gtk_label_set_text (self->trouble, "");
      till_who_part_start (self->who, NULL);
      self->counter->hands->signed_in (self->counter->window, g_steal_pointer (&ask->staff));
      return;
    }
  g_autofree char *sentence = till_answer_sentence (&ask->answer);
  gtk_label_set_text (self->trouble, sentence);
}

static void
on_answered (TillWhoPart *who, TillLoginPage *self)
{
  g_autofree char *pin = till_who_part_take_pin (who);
  if (self->asking)
    {
      till_secret_wipe (pin);
      return;
    }
  SignIn *ask = g_new0 (SignIn, 1);
  ask->no = g_strdup (till_who_part_no (who));
  ask->pin = g_steal_pointer (&pin);
  self->asking = TRUE;
  till_counter_ask (self->counter, GTK_WIDGET (self), sign_in, ask, sign_in_free, on_signed_in);
}

/* --- the invented people of a training shop: everybody may know their PINs --- */

typedef struct
{
  GPtrArray *staff; /* owned; of TillStaff */
} People;

static void
people_free (gpointer data)
{
  People *ask = data;
  g_clear_pointer (&ask->staff, g_ptr_array_unref);
  g_free (ask);
}

static gpointer
read_people (gpointer ledger, gpointer data, GError **error)
{
  People *ask = data;
  ask->staff = till_staffing_list (ledger, error);
  return ask->staff ? ask : NULL;
}

static void
on_people (gpointer page, gpointer data, const GError *error)
{
  static const char *const roles[] = { N_ ("cashier"), N_ ("supervisor"), N_ ("manager") };
  TillLoginPage *self = page;
  People *ask = data;
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint i = 0; !error && i < ask->staff->len; i++)
    {
      const TillStaff *staff = g_ptr_array_index (ask->staff, i);
      const char *pin = till_training_pin (staff->no);
      if (!pin)
        continue;
      g_string_append (words, words->len ? "\n" : "");
      /* Translators: in the demo: staff number, name, role, PIN */
      g_string_append_printf (words, _ ("Demo: %s  %s, %s, PIN %s"), staff->no, staff->name,
                              _ (roles[staff->role]), pin);
    }
  gtk_label_set_text (self->people, words->str);
  gtk_widget_set_visible (GTK_WIDGET (self->people), words->len > 0);
}

static void
show_people (TillLoginPage *self)
{
  if (self->counter->shop->training)
    till_counter_ask (self->counter, GTK_WIDGET (self), read_people, g_new0 (People, 1),
                      people_free, on_people);
}

static void
on_pad (TillKeypad *pad, guint keyval, TillLoginPage *self)
{
  till_who_part_key (self->who, keyval);
}

static void
till_login_page_class_init (TillLoginPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  g_type_ensure (TILL_TYPE_WHO_PART);
  g_type_ensure (TILL_TYPE_KEYPAD);
  till_part_class (class, "login-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TillLoginPage, title);
  gtk_widget_class_bind_template_child (widget_class, TillLoginPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, TillLoginPage, people);
  gtk_widget_class_bind_template_child (widget_class, TillLoginPage, who);
  gtk_widget_class_bind_template_callback (widget_class, on_answered);
  gtk_widget_class_bind_template_callback (widget_class, on_pad);
}

static void
till_login_page_init (TillLoginPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
create (TillCounter *counter)
{
  TillLoginPage *self = g_object_new (TILL_TYPE_LOGIN_PAGE, NULL);
  self->counter = counter;
  return GTK_WIDGET (self);
}

static void
on_shown (GtkWidget *page, const char *locked_by)
{
  TillLoginPage *self = TILL_LOGIN_PAGE (page);
  gtk_label_set_text (self->title, locked_by ? _ ("Locked") : _ ("Sign in"));
  gtk_label_set_text (self->trouble, "");
  till_who_part_start (self->who, locked_by);
  show_people (self);
}

static TillWhoPart *
who_of (GtkWidget *page)
{
  return TILL_LOGIN_PAGE (page)->who;
}

static const TillLegendKey legend[] = {
  { N_ ("Enter"), N_ ("Sign in"), GDK_KEY_Return },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { "F11", N_ ("Full screen"), GDK_KEY_F11 },
  { NULL },
};

const TillPage till_login_page = {
  .screen = TILL_SCREEN_LOGIN,
  .create = create,
  .shown = on_shown,
  .who = who_of,
  .keys = legend,
  .help
  = N_ ("Type your staff number, press Enter, type your PIN, press Enter.\n\nAfter five wrong "
        "PINs you are locked out for half an hour; a manager can lift that.\n\nWhatever was on "
        "the screen when the till was locked is kept and comes back."),
};

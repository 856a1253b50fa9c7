/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/counter.h"
#include "widgets/language.h"
#include "data/core/error.h"

#include <glib/gi18n-lib.h>

/* After this long without an answer the window says that it is working. */
#define BREATH_MS 300

typedef struct
{
  TillCounter *counter; /* unowned; outlives every ask, see till_counter_clear () */
  GtkWidget *page;      /* owned */
  TillWork work;
  gpointer ask; /* owned */
  GDestroyNotify free_ask;
  TillAsked done;
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->page);
  if (call->free_ask)
    call->free_ask (call->ask);
  g_free (call);
}

static gpointer
run_call (gpointer ward, gpointer input, GError **error)
{
  Call *call = input;
  return call->work (ward, call->ask, error);
}

static gboolean
on_breath (gpointer user)
{
  TillCounter *counter = user;
  counter->busy_source = 0;
  counter->hands->busy (counter->window, TRUE);
  return G_SOURCE_REMOVE;
}

static void
ask_begins (TillCounter *counter)
{
  if (counter->asking++ == 0 && counter->busy_source == 0)
    counter->busy_source = g_timeout_add (BREATH_MS, on_breath, counter);
}

static void
ask_ends (TillCounter *counter)
{
  if (--counter->asking > 0)
    return;
  g_clear_handle_id (&counter->busy_source, g_source_remove);
  counter->hands->busy (counter->window, FALSE);
}

static const char *
words_of (const GError *error)
{
  switch (error->domain == TILL_ERROR ? error->code : TILL_ERROR_CORRUPT)
    {
    case TILL_ERROR_INVALID:
      return _ ("That cannot be entered. Nothing was changed. Correct it and try again.");
    case TILL_ERROR_CONFLICT:
      return _ ("Somebody else changed this meanwhile. Nothing was lost. Open it again.");
    case TILL_ERROR_NOT_FOUND:
      return _ ("This is not in the books. Nothing was changed. Check the number.");
    case TILL_ERROR_BUSY:
      return _ ("The books are busy. Nothing was changed. Try again in a moment.");
    case TILL_ERROR_OFFLINE:
      return _ (
          "There is no connection. Nothing was lost. It goes on when the connection is back.");
    case TILL_ERROR_STOPPED:
      return _ (
          "The books cannot be written. What was saved is safe. Check the disk, then start the "
          "till again.");
    default:
      return _ ("The books contradict themselves. What was saved is kept. Stop here and call the "
                "person in charge.");
    }
}

static void
on_called (gpointer result, const GError *error, gpointer user)
{
  Call *call = user;
  TillCounter *counter = call->counter;
  if (error)
    g_warning ("asking the desk: %s", error->message);

  ask_ends (counter);
  if (gtk_widget_get_root (call->page))
    {
      if (error)
        counter->hands->say (counter->window, TILL_TONE_BAD, words_of (error));
      if (call->done)
        call->done (call->page, call->ask, error);
    }
  call_free (call);
}

void
till_counter_ask (TillCounter *counter, GtkWidget *page, TillWork work, gpointer ask,
                  GDestroyNotify free_ask, TillAsked done)
{
  Call *call = g_new0 (Call, 1);
  call->counter = counter;
  call->page = g_object_ref (page);
  call->work = work;
  call->ask = ask;
  call->free_ask = free_ask;
  call->done = done;
  ask_begins (counter);
  till_worker_run (counter->ledger, run_call, call, NULL, NULL, on_called, call);
}

void
till_counter_say (TillCounter *counter, TillTone tone, const char *sentence)
{
  counter->hands->say (counter->window, tone, sentence);
}

void
till_counter_close_panel (TillCounter *counter)
{
  counter->hands->panel (counter->window, NULL, NULL, NULL);
}

gboolean
till_counter_heard (TillCounter *counter, const TillAnswer *answer)
{
  if (answer->code == TILL_YES)
    return TRUE;
  g_autofree char *sentence = till_answer_sentence (answer);
  till_counter_say (counter, TILL_TONE_WARN, sentence);
  return FALSE;
}

int64_t
till_counter_staff_id (TillCounter *counter)
{
  return counter->staff ? counter->staff->id : 0;
}

int64_t
till_counter_now (TillCounter *counter)
{
  return till_clock_now (counter->clock);
}

int
till_counter_today (TillCounter *counter)
{
  return till_clock_day (till_counter_now (counter), counter->shop->zone);
}

char *
till_counter_time (TillCounter *counter, int64_t at)
{
  g_autofree char *whole = till_clock_format (at, counter->shop->zone);
  return g_strndup (whole + 11, 5);
}

char *
till_counter_moment (TillCounter *counter, int64_t at)
{
  g_autofree char *whole = till_clock_format (at, counter->shop->zone);
  return g_strndup (whole + 5, 11);
}

const char *
till_counter_item_name (TillCounter *counter, const TillItem *item)
{
  gboolean other = !g_str_equal (till_language_get (), counter->shop->language);
  return other && *item->name_alt ? item->name_alt : item->name;
}

void
till_counter_clear (TillCounter *counter)
{
  /* The ledger's worker was freed before: no ask comes back to a counter that is gone. */
  g_clear_handle_id (&counter->busy_source, g_source_remove);
  g_clear_pointer (&counter->staff, till_staff_free);
  g_clear_pointer (&counter->basket, till_basket_free);
  g_clear_pointer (&counter->sale, till_sale_free);
  g_clear_pointer (&counter->last_sale, till_sale_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-parts.h"
#include "devices/usb/finding.h"
#include "widgets/sell-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
till_window_refuse_card (TillWindow *self)
{
  till_window_say (
      self, TILL_TONE_WARN,
      _ ("A bank card's data came unprotected. It was wiped and nothing was charged. Take "
         "the card at the bank's terminal."));
}

void
till_window_refuse_chip (TillWindow *self, gboolean was_read)
{
  till_window_say (
      self, TILL_TONE_WARN,
      was_read ? _ ("No bank card's number was found on this chip. Nothing was charged. Put the "
                    "card in again the right way round, or find the sale by its receipt.")
               : _ ("This is a chip card. It was not read and nothing was charged: this shop does "
                    "not read bank cards. Find the sale by its receipt, and take a payment at the "
                    "bank's terminal."));
}

void
till_window_take_code (TillWindow *self, const char *code)
{
  /* A reader that pretends to be a keyboard types a track like a code: no page gets to see it. */
  if (till_finding_is_card_data ((const guint8 *)code, strlen (code)))
    {
      till_window_refuse_card (self);
      return;
    }
  TillScanAct act = till_scan_act (till_scan_kind (code), self->screen);
  const TillPage *kind = till_window_kind (self);
  GtkWidget *page = till_window_page (self);
  if (kind->awaited && kind->awaited (page, code))
    return;
  switch (act)
    {
    case TILL_ACT_ADD:
    case TILL_ACT_RESUME:
      if (self->screen == TILL_SCREEN_PAY && self->counter.sale)
        {
          TillAnswer busy = till_answer (TILL_NO_TENDER_BUSY);
          till_counter_heard (&self->counter, &busy);
          return;
        }
      if (self->screen != TILL_SCREEN_SELL)
        till_window_go (self, TILL_SCREEN_SELL, NULL);
      else
        till_window_panel (self, NULL, NULL, NULL);
      till_sell_page.scanned (till_window_page (self), act, code);
      return;
    case TILL_ACT_RETURN_LINE:
    case TILL_ACT_CHARGE:
      if (kind->scanned)
        kind->scanned (page, act, code);
      return;
    case TILL_ACT_OPEN_RETURN:
      till_window_go (self, TILL_SCREEN_RETURN, code);
      return;
    case TILL_ACT_OPEN_REFUND:
      till_window_go (self, TILL_SCREEN_REFUNDS, code);
      return;
    case TILL_ACT_OPEN_SHIFT:
      till_window_go (self, TILL_SCREEN_SHIFT, NULL);
      return;
    case TILL_ACT_TELL_PAY_FIRST:
      till_window_say (
          self, TILL_TONE_WARN,
          _ ("This is a customer's payment code. Nothing was charged. Open Pay first (F9), then "
             "scan it again."));
      return;
    case TILL_ACT_TELL_DAMAGED:
      till_window_say (
          self, TILL_TONE_WARN,
          _ ("The number was read wrongly. Nothing was done. Smooth the paper and scan again."));
      gtk_widget_error_bell (page);
      return;
    case TILL_ACT_TELL_SIGN_IN:
      till_window_say (self, TILL_TONE_PLAIN, _ ("Sign in first. Then scan again."));
      return;
    case TILL_ACT_TELL_BADGE:
      till_window_say (self, TILL_TONE_PLAIN,
                       _ ("Badges are not in use here. Type the number and the PIN."));
      return;
    default:
      g_assert_not_reached ();
    }
}

/* A token of our own is worth nothing to a provider, and none of them takes a sealed swipe: nothing
 * may look as if a payment had begun. */
static void
say_no_payment (TillWindow *self, const char *masked)
{
  g_autofree char *words = g_strdup_printf (
      /* TRANSLATORS: %s is a masked card number, "622848******0018". */
      _ ("Card %s was read. Nothing was charged: this reader cannot take a payment. Take the card "
         "at the bank's terminal."),
      masked);
  till_window_say (self, TILL_TONE_WARN, words);
}

void
till_window_take_card (TillWindow *self, const char *token, const char *masked)
{
  gboolean may_go_on = token || self->screen != TILL_SCREEN_PAY;
  if (till_window_kind (self)->card && may_go_on)
    till_window_kind (self)->card (till_window_page (self), token, masked);
  else if (self->screen == TILL_SCREEN_REFUNDS) /* as the receipt would: what did it pay for? */
    till_window_go (self, TILL_SCREEN_RETURN, masked);
  else if (!token)
    say_no_payment (self, masked);
  else if (self->screen != TILL_SCREEN_LOGIN)
    till_window_say (
        self, TILL_TONE_WARN,
        _ ("A card was read. Nothing was charged. Open Pay first (F9), then read it again."));
}

void
till_window_take_weight (TillWindow *self, TillWeighing weighing, int64_t milligrams)
{
  till_scale_say (&self->counter.scale, weighing, milligrams);
  if (self->screen != TILL_SCREEN_DEVICES || weighing == TILL_WEIGHING_NONE)
    return;
  g_autofree char *words = till_scale_words (&self->counter.scale);
  till_window_say (self, weighing == TILL_WEIGHING_STABLE ? TILL_TONE_GOOD : TILL_TONE_PLAIN,
                   words);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one window: rail, strip, the page in front, the total, the number pad, the keys. It owns the
 * keyboard and the scanner, so that a key and a scan mean the same wherever the focus is, and no
 * input method can eat them. Main thread only; waits for nothing. */
#pragma once
#include "devices/usb/driver.h"
#include "widgets/counter.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TILL_TYPE_WINDOW (till_window_get_type ())
/* Signals "spoken": it speaks another language now; "arranged": settings or keys were changed;
 * "shift-closed". */
G_DECLARE_FINAL_TYPE (TillWindow, till_window, TILL, WINDOW, AdwApplicationWindow)

/* app may be NULL in a test. ledger, clock and shop are unowned and outlive the window. */
TillWindow *till_window_new (GtkApplication *app, TillWorker *ledger, TillClock *clock,
                             const TillShop *shop);

/* How its pages look after the accounts with providers; unowned, outlives the window. */
void till_window_set_probe (TillWindow *window, const TillProbe *probe);

/* How its pages look after scanners and readers; unowned, outlives the window. */
void till_window_set_devices (TillWindow *window, const TillDeviceProbe *devices);

/* How its pages look for printers; unowned, outlives the window. */
void till_window_set_printers (TillWindow *window, const TillPrinterProbe *printers);

/* How it looks, and where that is kept (NULL: nowhere); before it is presented. */
void till_window_set_look (TillWindow *window, const TillLook *look, const char *path);
/* Looks after the accounts and their keys, now and once a day. */
void till_window_watch_accounts (TillWindow *window);

/* What the world sends. A code or a card may come from a device or be typed by a scanner. */
void till_window_take_code (TillWindow *window, const char *code);
void till_window_take_card (TillWindow *window, const char *token, /* or NULL: it cannot pay */
                            const char *masked);
/* The scale says something else; NONE: it is gone. */
void till_window_take_weight (TillWindow *window, TillWeighing weighing, int64_t milligrams);
/* A payment card's data came in clear and is wiped: says so. */
void till_window_refuse_card (TillWindow *window);
/* A chip card that told no number, or was not read at all because the shop does not: says so. */
void till_window_refuse_chip (TillWindow *window, gboolean was_read);
/* The books were moved by another thread: badges and the page in front are read again. */
void till_window_books_changed (TillWindow *window);

typedef enum
{
  TILL_DEVICE_GATEWAY,
  TILL_DEVICE_PRINTER,
  TILL_DEVICE_READER,
} TillDeviceKind;
/* words: of the state, in the current language; well: FALSE shows it as trouble. */
void till_window_device (TillWindow *window, TillDeviceKind kind, gboolean well, const char *words);
/* A scanner or reader came, went or changed. */
void till_window_devices_changed (TillWindow *window);
/* Told after the next sign-in: so many refunds and payments were found in the middle. */
void till_window_recovered (TillWindow *window, int found);
/* The customer's display: told what to show, now and whenever that changes; must not wait. */
typedef void (*TillCustomerDisplay) (const TillDisplayText *text, gpointer user);
void till_window_set_customer (TillWindow *window, TillCustomerDisplay customer, gpointer user);
/* A pane of the demo at the right edge: paper roll, card reader. */
void till_window_add_pane (TillWindow *window, const char *title, GtkWidget *pane);

/* They speak one language: after the signal "spoken" (another one) they are cleared and added anew.
 */
void till_window_clear_panes (TillWindow *window);

/* One key, as the keyboard would have it; at_ms only grows. TRUE: it was used. */
gboolean till_window_press (TillWindow *window, guint keyval, GdkModifierType state, guint32 at_ms);
/* Every key is up again. */
void till_window_release (TillWindow *window);

/* Language "en" or "zh_CN": every page is made anew, drafts come back from the books. */
void till_window_set_language (TillWindow *window, const char *code);
void till_window_go (TillWindow *window, TillScreen screen, const char *argument);
void till_window_lock (TillWindow *window);
TillScreen till_window_screen (TillWindow *window);
TillCounter *till_window_counter (TillWindow *window);
/* The widget of the page that is in front. */
GtkWidget *till_window_page (TillWindow *window);
/* What stands in the input line; what is said in the message line, "" for nothing; the total. */
const char *till_window_line (TillWindow *window);
const char *till_window_said (TillWindow *window);
TillMoney till_window_total (TillWindow *window);

G_END_DECLS

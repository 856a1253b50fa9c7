/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window's own parts among themselves: window.c builds it, window-hands.c is what it
 * does for its pages, window-keys.c the keyboard, window-scans.c the scanner and the reader,
 * window-books.c what the books say in the strip, window-look.c how it looks, window-accounts.c
 * the watch over keys,
 * window-register.c what plugged-in devices say of themselves, window-customer.c what the customer
 * sees. Nobody else includes this. Main thread only. */
#pragma once
#include "app/window-frame.h"
#include "app/window.h"
#include "widgets/burst.h"
#include "widgets/page.h"

G_BEGIN_DECLS

/* A second Enter within this time after a stage opened was meant for the stage before. */
#define ENTER_GUARD_MS 300

struct _TillWindow
{
  AdwApplicationWindow parent;
  GtkBox *frame_slot;
  TillWindowFrame *frame; /* unowned; a child */
  GtkWidget *pages[TILL_SCREENS];
  TillCounter counter;
  TillScreen screen;
  TillScreen before_lock;
  GString *line; /* owned; the input line */
  TillBurst burst;
  guint32 key_ms;                  /* time of the key that is being handled, as its event says */
  guint32 opened_ms;               /* key_ms when the page or its stage in front last changed */
  guint32 enter_ms;                /* when Enter went down; 0: it is up */
  const TillPanelKind *panel_kind; /* of the open panel */
  TillMoney total;
  int recovered;
  gboolean tells_slips; /* somebody has signed in and is told of slips that are not printed */
  char *told;           /* owned; what stays in the message line until the next key, or NULL */
  char *look_path;      /* owned; where the look is kept; NULL: nowhere */
  GPtrArray *shops; /* owned; of TillShop: every one that was shown, for asks may still read it */
  guint accounts_source;
  const char
      *alarm_words;      /* msgid; what is wrong with accounts and keys, in short; NULL: nothing */
  char *alarm_whole;     /* owned; … and in sentences */
  char *stopped;         /* owned; sentences about providers that are stopped, or NULL */
  int checks_due;        /* devices that are to be checked */
  gboolean tells_checks; /* somebody has signed in and is told of them */
  int unsettled;         /* notices about numbers we do not know */
  guint clock_source;
  guint drawer_source;          /* 0: nothing is to be told of the drawer later */
  TillCustomerDisplay customer; /* NULL: nobody shows it */
  gpointer customer_user;       /* unowned */
  gboolean device_well[3];
  char *device_words[3]; /* owned */
};

/* The page in front. */
const TillPage *till_window_kind (TillWindow *self);
void till_window_read_books (TillWindow *self);
/* Has what plugged-in devices say of their firmware written down, where it is news. */
void till_window_see_firmware (TillWindow *self);
void till_window_listen_to_keys (TillWindow *self);

void till_window_build_frame (TillWindow *self);
void till_window_show_alarm (TillWindow *self);
/* To what providers told of their own accord; nowhere while the till is locked. */
void till_window_go_to_notices (TillWindow *self);
/* At the accounts, where they are watched: one was changed, or another language is spoken. */
void till_window_look_again (TillWindow *self);

extern const TillCounterHands till_window_hands;
/* Hands of the pages that the window uses itself; see widgets/counter.h. */
void till_window_set_line (TillWindow *self, const char *text);
void till_window_panel (gpointer window, const char *title, GtkWidget *panel,
                        const TillPanelKind *kind);
void till_window_change_look (gpointer window, const TillLook *look);
void till_window_arranged (gpointer window);
/* amount and direction as a page had them shown in the total; what it calls them there is said to
 * the cashier, and has not this little room. */
void till_window_show_customer (TillWindow *self, TillMoney amount, TillDirection direction);
void till_window_say (gpointer window, TillTone tone, const char *sentence);

G_END_DECLS

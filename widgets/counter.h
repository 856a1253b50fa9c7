/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page is given: the desk to ask, the person who is signed in, and the hands of the
 * window. A page asks with a plain struct of its own; the answer comes back into the same struct.
 *
 * Main thread only; nothing here blocks. The counter belongs to the window and outlives its pages.
 * An ask that comes back after its page was taken out of the window is dropped: whatever it wrote
 * is in the books, and the page that stands there now has read them. */
#pragma once
#include "data/core/worker.h"
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"
#include "data/trade/sale.h"
#include "data/trade/shop.h"
#include "widgets/device-probe.h"
#include "widgets/look.h"
#include "widgets/printer-probe.h"
#include "widgets/provider-probe.h"
#include "widgets/scale.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_TONE_PLAIN,
  TILL_TONE_GOOD,
  TILL_TONE_WARN,
  TILL_TONE_BAD,
} TillTone;

typedef enum
{
  TILL_SCREEN_SELL,
  TILL_SCREEN_PAY,
  TILL_SCREEN_RETURN,
  TILL_SCREEN_REFUNDS,
  TILL_SCREEN_REPORTS,
  TILL_SCREEN_SHIFT,
  TILL_SCREEN_DEVICES,
  TILL_SCREEN_SETTINGS,
  TILL_SCREEN_LOGIN, /* the last one: nobody is signed in, or the till is locked */
} TillScreen;
#define TILL_SCREENS (TILL_SCREEN_LOGIN + 1)

typedef enum
{
  TILL_MONEY_IN,   /* what the customer pays */
  TILL_MONEY_OUT,  /* what the customer gets */
  TILL_MONEY_REST, /* change, and what is over */
} TillDirection;

typedef struct _TillCounter TillCounter;

/* What slides in over a page: the window gives it the keys while it is open. Any may be NULL. */
typedef struct
{
  gboolean (*key) (GtkWidget *panel, guint keyval);
  void (*enter) (GtkWidget *panel);
  GtkWidget *(*focus) (GtkWidget *panel); /* the text widget that is typed into */
} TillPanelKind;

/* What the window does for a page. Every pointer is set. */
typedef struct
{
  void (*say) (gpointer window, TillTone tone, const char *sentence); /* NULL takes it away */
  void (*total) (gpointer window, const char *caption, TillMoney amount, TillDirection direction,
                 const char *note);
  void (*go) (gpointer window, TillScreen screen);
  void (*scanned) (gpointer window, const char *code); /* as if it had been scanned */
  /* Shows it; a NULL panel closes the one that is open. kind is a constant. */
  void (*panel) (gpointer window, const char *title, GtkWidget *panel, const TillPanelKind *kind);
  void (*line) (gpointer window, const char *text);                  /* sets the input line */
  void (*hint) (gpointer window, const char *text);                  /* … and what it expects */
  void (*legend) (gpointer window);                                  /* the keys changed */
  void (*enter) (gpointer window, const char *word, gboolean sends); /* what Enter does now */
  void (*busy) (gpointer window, gboolean busy);
  void (*signed_in) (gpointer window, TillStaff *staff); /* takes staff; it becomes the person */
  void (*changed) (gpointer window);                     /* the books moved: badges, other pages */
  void (*look) (gpointer window, const TillLook *look);  /* everything is built anew in it */
  void (*arranged) (gpointer window);                    /* the shop's settings changed */
  void (*shift_closed) (gpointer window);                /* besides changed */
} TillCounterHands;

struct _TillCounter
{
  TillWorker *ledger;               /* unowned; its ward is a TillLedger */
  TillClock *clock;                 /* unowned; only asked for the time */
  const TillShop *shop;             /* unowned */
  const TillProbe *probe;           /* unowned; NULL: nothing is known of accounts with providers */
  const TillDeviceProbe *devices;   /* unowned; NULL: nothing is known of scanners and readers */
  const TillPrinterProbe *printers; /* unowned; NULL: nothing is known of printers */
  TillLook look;                    /* as it is now; changed through the hand */
  TillStaff *staff;                 /* owned; NULL while nobody is signed in */
  const TillCounterHands *hands;    /* unowned, a constant */
  gpointer window;                  /* unowned; handed to every hand */
  TillBasket *basket;  /* owned; the sale being made, NULL until it was read; edited by Sell */
  TillSale *sale;      /* owned; a sale whose payments are under way, or NULL */
  TillSale *last_sale; /* owned; what was just paid, until the next line, or NULL */
  TillScale scale;     /* what it says now; set by the window */
  int asking;          /* asks on their way */
  guint busy_source;   /* fires 300 ms after the first of them */
};

/* Runs work (ledger, ask) on the ledger's thread, then done (page, ask, error) here; ask is freed
 * after it. An error has been told to the person before done is called; done may be NULL. */
typedef void (*TillAsked) (gpointer page, gpointer ask, const GError *error);
void till_counter_ask (TillCounter *counter, GtkWidget *page, TillWork work, gpointer ask,
                       GDestroyNotify free_ask, TillAsked done);

void till_counter_say (TillCounter *counter, TillTone tone, const char *sentence);
void till_counter_close_panel (TillCounter *counter);
/* Says a no of the trade in its own words; nothing for a yes. TRUE when it was a yes. */
gboolean till_counter_heard (TillCounter *counter, const TillAnswer *answer);

int64_t till_counter_staff_id (TillCounter *counter);
int64_t till_counter_now (TillCounter *counter);
int till_counter_today (TillCounter *counter);
/* "10:31" in the shop's zone. */
char *till_counter_time (TillCounter *counter, int64_t at) G_GNUC_WARN_UNUSED_RESULT;
/* "11-22 10:31" in the shop's zone. */
char *till_counter_moment (TillCounter *counter, int64_t at) G_GNUC_WARN_UNUSED_RESULT;

/* The name in the language people see, where the goods have one in it. */
const char *till_counter_item_name (TillCounter *counter, const TillItem *item);

/* Frees what the counter owns. */
void till_counter_clear (TillCounter *counter);

G_END_DECLS

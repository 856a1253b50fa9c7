/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/premises.h"
#include "app/ctl/shop-door.h"
#include "data/core/drain.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/ledger/setting-store.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/file-hand.h"
#include "devices/gateway/http.h"
#include "devices/print/printers.h"
#include "devices/print/spooler.h"

struct _TillPremises
{
  TillShopFolder *folder; /* owned; its own connection is closed again once the shop is open */
  TillShop *shop;         /* owned */
  TillCardRule *cards;    /* owned; or NULL */
  TillWorker *ledger;     /* owned */
  TillDrain *dispatcher;  /* owned */
  TillDrain *spooler;     /* owned */
  TillDrain *files;       /* owned */
  TillHttp *file_line;    /* unowned; of the thread of files, to be cut when the shop closes */
  TillNoticeDoor *door;   /* owned; NULL: notices do not come in */
  char *door_problem;     /* owned; or NULL */
  GSource *told;          /* owned; tells the window of what came in by the door */
  TillPremisesChanged changed;
  gpointer user; /* unowned */
  int found;
  /* atomic; set by the main thread, cleared by the dispatcher's and by the files' */
  int accounts_changed, file_accounts_changed;
};

/* --- the books' thread --- */

static gpointer
open_books (gpointer settings, GError **error)
{
  TillPremises *premises = settings;
  return till_ledger_open (premises->folder->ledger_path, premises->folder->clock, error);
}

static void
close_books (gpointer ledger)
{
  g_autoptr (GError) error = NULL;
  if (!till_ledger_checkpoint (ledger, &error))
    g_warning ("the write-ahead log stays beside the books: %s", error->message);
  till_ledger_free (ledger);
}

/* --- the dispatcher's thread --- */

typedef struct
{
  TillPremises *premises;     /* unowned */
  TillLedger *ledger;         /* owned */
  TillHttp *http;             /* owned */
  TillDispatcher *dispatcher; /* owned */
} Sender;

static void
close_sender (gpointer data)
{
  Sender *sender = data;
  g_clear_pointer (&sender->dispatcher, till_dispatcher_free);
  g_clear_pointer (&sender->http, till_http_free);
  g_clear_pointer (&sender->ledger, till_ledger_free);
  g_free (sender);
}

static gpointer
open_sender (gpointer settings, GError **error)
{
  TillPremises *premises = settings;
  g_autoptr (GHashTable) accounts = till_dispatcher_load_accounts (premises->folder->account_root);
  Sender *sender = g_new0 (Sender, 1);
  sender->premises = premises;
  sender->ledger = open_books (settings, error);
  if (sender->ledger)
    {
      sender->http = till_http_new ();
      sender->dispatcher
          = till_dispatcher_new (sender->ledger, till_http_transport (sender->http), accounts);
      if (till_dispatcher_recover (sender->dispatcher, &premises->found, error))
        return sender;
    }
  close_sender (sender);
  return NULL;
}

static gboolean
step_sender (gpointer ward, gboolean *did, int64_t *next_at, GError **error)
{
  Sender *sender = ward;
  if (g_atomic_int_compare_and_exchange (&sender->premises->accounts_changed, TRUE, FALSE))
    {
      g_autoptr (GHashTable) accounts
          = till_dispatcher_load_accounts (sender->premises->folder->account_root);
      till_dispatcher_use (sender->dispatcher, accounts);
    }
  return till_dispatcher_step (sender->dispatcher, did, next_at, error);
}

static void
on_sent (const GError *error, gpointer user)
{
  TillPremises *premises = user;
  if (premises->spooler)
    till_drain_wake (premises->spooler);
  if (premises->files)
    till_drain_wake (premises->files);
  premises->changed (error, premises->user);
}

/* --- the spooler's thread --- */

typedef struct
{
  TillLedger *ledger;   /* owned */
  TillSpooler *spooler; /* owned */
} Printer;

static void
close_printer (gpointer data)
{
  Printer *printer = data;
  g_clear_pointer (&printer->spooler, till_spooler_free);
  g_clear_pointer (&printer->ledger, till_ledger_free);
  g_free (printer);
}

static gpointer
open_printer (gpointer settings, GError **error)
{
  TillPremises *premises = settings;
  TillPrinter *way = till_printers_open (premises->shop, premises->folder->roll_dir, error);
  if (!way)
    return NULL;
  Printer *printer = g_new0 (Printer, 1);
  printer->ledger = open_books (settings, error);
  if (printer->ledger)
    {
      printer->spooler = till_spooler_new (printer->ledger, way, premises->shop);
      return printer;
    }
  till_printer_free (way);
  close_printer (printer);
  return NULL;
}

static gboolean
step_printer (gpointer ward, gboolean *did, int64_t *next_at, GError **error)
{
  Printer *printer = ward;
  return till_spooler_step (printer->spooler, did, next_at, error);
}

static void
on_printed (const GError *error, gpointer user)
{
  TillPremises *premises = user;
  premises->changed (error, premises->user);
}

/* --- the thread of settlement files --- */

typedef struct
{
  TillPremises *premises; /* unowned */
  TillLedger *ledger;     /* owned */
  TillHttp *http;         /* owned */
  TillFileHand *hand;     /* owned */
} Filer;

static void
close_filer (gpointer data)
{
  Filer *filer = data;
  g_clear_pointer (&filer->hand, till_file_hand_free);
  g_clear_pointer (&filer->http, till_http_free);
  g_clear_pointer (&filer->ledger, till_ledger_free);
  g_free (filer);
}

static gpointer
open_filer (gpointer settings, GError **error)
{
  TillPremises *premises = settings;
  Filer *filer = g_new0 (Filer, 1);
  filer->premises = premises;
  filer->ledger = open_books (settings, error);
  if (!filer->ledger)
    {
      close_filer (filer);
      return NULL;
    }
  g_autoptr (GHashTable) accounts = till_dispatcher_load_accounts (premises->folder->account_root);
  filer->http = premises->file_line = till_http_new ();
  filer->hand = till_file_hand_new (filer->ledger, till_http_transport (filer->http), accounts);
  return filer;
}

static gboolean
step_filer (gpointer ward, gboolean *did, int64_t *next_at, GError **error)
{
  Filer *filer = ward;
  if (g_atomic_int_compare_and_exchange (&filer->premises->file_accounts_changed, TRUE, FALSE))
    {
      g_autoptr (GHashTable) accounts
          = till_dispatcher_load_accounts (filer->premises->folder->account_root);
      till_file_hand_use (filer->hand, accounts);
    }
  return till_file_hand_step (filer->hand, did, next_at, error);
}

/* A file makes questions due. */
static void
on_filed (const GError *error, gpointer user)
{
  TillPremises *premises = user;
  till_drain_wake (premises->dispatcher);
  premises->changed (error, premises->user);
}

/* --- the door's thread --- */

static void
on_heard (gpointer user)
{
  TillPremises *premises = user;
  till_drain_wake (premises->dispatcher);
  g_source_set_ready_time (premises->told, 0);
}

/* On the window's thread: a notice of nobody's number is told of there, and no hand does anything
 * about it. */
static gboolean
on_told (gpointer user)
{
  TillPremises *premises = user;
  g_source_set_ready_time (premises->told, -1);
  premises->changed (NULL, premises->user);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_told (GSource *source, GSourceFunc function, gpointer user)
{
  return function (user);
}

static void
open_door (TillPremises *premises)
{
  static GSourceFuncs kind = { .dispatch = dispatch_told };
  premises->told = g_source_new (&kind, sizeof (GSource));
  g_source_set_callback (premises->told, on_told, premises, NULL);
  g_source_attach (premises->told, g_main_context_get_thread_default ());
  premises->door = till_shop_door_open (premises->folder, premises->shop, on_heard, premises,
                                        &premises->door_problem);
}

/* --- opening and closing --- */

/* On the books' thread; waking a drain may be done from any. */
static void
on_commit (gpointer user)
{
  TillPremises *premises = user;
  till_drain_wake (premises->dispatcher);
  till_drain_wake (premises->spooler);
  till_drain_wake (premises->files);
}

static gpointer
listen_to_books (gpointer ward, gpointer premises, GError **error)
{
  till_ledger_on_commit (ward, on_commit, premises);
  return NULL;
}

/* A shop without its key still sells; its readers then tell no cards apart. */
static void
read_cards (TillPremises *premises)
{
  g_autoptr (GError) error = NULL;
  premises->cards = till_card_rule_read (premises->folder->ledger, premises->shop, &error);
  if (!premises->cards)
    g_warning ("cards have no tokens: %s", error->message);
}

static gboolean
read_shop (TillPremises *premises, GError **error)
{
  if (!till_shop_folder_open (premises->folder, error))
    return FALSE;
  premises->shop = till_setting_store_shop (premises->folder->ledger, error);
  if (premises->shop)
    read_cards (premises);
  g_clear_pointer (&premises->folder->ledger, till_ledger_free);
  return premises->shop != NULL;
}

TillPremises *
till_premises_open (const char *dir, TillPremisesChanged changed, gpointer user, GError **error)
{
  g_autoptr (TillPremises) premises = g_new0 (TillPremises, 1);
  premises->changed = changed;
  premises->user = user;
  premises->folder = till_shop_folder_at (dir, NULL);
  if (!till_shop_folder_lock (premises->folder, error) || !read_shop (premises, error))
    return NULL;
  premises->ledger = till_worker_new ("ledger", open_books, premises, close_books, error);
  if (!premises->ledger)
    return NULL;
  premises->dispatcher = till_drain_new ("dispatcher", open_sender, premises, close_sender,
                                         step_sender, on_sent, premises, error);
  if (!premises->dispatcher)
    return NULL;
  premises->spooler = till_drain_new ("spooler", open_printer, premises, close_printer,
                                      step_printer, on_printed, premises, error);
  if (!premises->spooler)
    return NULL;
  premises->files = till_drain_new ("files", open_filer, premises, close_filer, step_filer,
                                    on_filed, premises, error);
  if (!premises->files)
    return NULL;
  till_worker_run (premises->ledger, listen_to_books, premises, NULL, NULL, NULL, NULL);
  open_door (premises);
  return g_steal_pointer (&premises);
}

void
till_premises_close (TillPremises *premises)
{
  /* The door before whom it wakes. */
  g_clear_pointer (&premises->door, till_notice_door_close);
  if (premises->told)
    g_source_destroy (premises->told);
  g_clear_pointer (&premises->told, g_source_unref);
  g_free (premises->door_problem);
  /* The books first: nothing commits there any more that could wake a hand that is gone. */
  g_clear_pointer (&premises->ledger, till_worker_free);
  /* A file may be large and is fetched again; nobody waits for it now. */
  if (premises->files)
    till_http_cancel (premises->file_line);
  g_clear_pointer (&premises->files, till_drain_free);
  g_clear_pointer (&premises->dispatcher, till_drain_free);
  g_clear_pointer (&premises->spooler, till_drain_free);
  g_clear_pointer (&premises->shop, till_shop_free);
  g_clear_pointer (&premises->cards, till_secret_release);
  g_clear_pointer (&premises->folder, till_shop_folder_free);
  g_free (premises);
}

TillWorker *
till_premises_ledger (TillPremises *premises)
{
  return premises->ledger;
}

TillClock *
till_premises_clock (TillPremises *premises)
{
  return premises->folder->clock;
}

const char *
till_premises_account_root (TillPremises *premises)
{
  return premises->folder->account_root;
}

const char *
till_premises_roll_dir (TillPremises *premises)
{
  return premises->folder->roll_dir;
}

void
till_premises_renew_accounts (TillPremises *premises)
{
  g_atomic_int_set (&premises->accounts_changed, TRUE);
  g_atomic_int_set (&premises->file_accounts_changed, TRUE);
  till_drain_wake (premises->dispatcher);
  till_drain_wake (premises->files);
}

const TillShop *
till_premises_shop (TillPremises *premises)
{
  return premises->shop;
}

const char *
till_premises_door_problem (TillPremises *premises)
{
  return premises->door_problem;
}

const TillCardRule *
till_premises_cards (TillPremises *premises)
{
  return premises->cards;
}

int
till_premises_found (TillPremises *premises)
{
  return premises->found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"
#include "app/ctl/sandbox-control.h"
#include "app/sandbox/fault-table.h"
#include "data/core/error.h"
#include "data/desk/selling.h"
#include "widgets/display-pane.h"
#include "widgets/paper-pane.h"
#include "widgets/reader-pane.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

#define SAMPLES 3
/* With room for the panes beside a till of usual width; smaller screens get what they have. */
#define WIDTH 1560
#define HEIGHT 800
/* The invented goods have codes that begin like this. */
#define SAMPLE_PREFIX "697"

#define FAULTS_MAX 128

struct _TillDemo
{
  TillShopFolder *folder; /* owned; paths only */
  char *socket_path;      /* owned */
  TillWindow *window;     /* unowned; while it stands */
  TillPaperPane *paper;   /* weak; in the window */
  TillReaderPane *reader; /* weak; in the window, as the next */
  TillDisplayPane *display;
};

char *
till_demo_dir (void)
{
  const char *chosen = g_getenv ("TILL_SHOP");
  return chosen && *chosen ? g_strdup (chosen)
                           : g_build_filename (g_get_user_data_dir (), "quittance-demo", NULL);
}

static gboolean
is_there (const TillShopFolder *folder)
{
  return g_file_test (folder->ledger_path, G_FILE_TEST_EXISTS);
}

gboolean
till_demo_is_there (const char *dir)
{
  TillShopFolder *folder = till_shop_folder_at (dir, NULL);
  gboolean there = is_there (folder);
  till_shop_folder_free (folder);
  return there;
}

/* The terminal's door makes it, so that there is one way to make a shop. */
static gboolean
make_shop (const char *dir, GError **error)
{
  g_autofree char *tillctl = till_program_find ("tillctl", error);
  if (!tillctl)
    return FALSE;
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error, tillctl, "--shop", dir, "init", "--demo", NULL);
  return process && g_subprocess_wait_check (process, NULL, error);
}

static void
demo_free (TillDemo *demo)
{
  g_clear_weak_pointer (&demo->paper);
  g_clear_weak_pointer (&demo->reader);
  g_clear_weak_pointer (&demo->display);
  till_shop_folder_free (demo->folder);
  g_free (demo->socket_path);
  g_free (demo);
}

TillDemo *
till_demo_start (const char *dir, GError **error)
{
  TillDemo *demo = g_new0 (TillDemo, 1);
  demo->folder = till_shop_folder_at (dir, NULL);
  demo->socket_path = g_build_filename (demo->folder->dir, "devices.sock", NULL);
  if ((is_there (demo->folder) || make_shop (demo->folder->dir, error))
      && till_sandbox_start (demo->folder, error))
    return demo;
  demo_free (demo);
  return NULL;
}

void
till_demo_stop (TillDemo *demo)
{
  till_sandbox_stop (demo->folder);
  demo_free (demo);
}

const char *
till_demo_socket (TillDemo *demo)
{
  return demo->socket_path;
}

/* --- what the panes do --- */

typedef struct
{
  TillShopFolder *folder; /* owned; paths only */
  char *json;             /* owned; NULL clears */
} Fault;

static void
fault_free (gpointer data)
{
  Fault *fault = data;
  till_shop_folder_free (fault->folder);
  g_free (fault->json);
  g_free (fault);
}

static void
set_fault (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Fault *fault = data;
  g_autoptr (GError) error = NULL;
  if (!till_sandbox_set_fault (fault->folder, NULL, &error)
      || (fault->json && !till_sandbox_set_fault (fault->folder, fault->json, &error)))
    g_warning ("the practice provider: %s", error->message);
  g_task_return_boolean (task, error == NULL);
}

/* The id of a fault is its row in the table and one. */
static char *
spell (guint id)
{
  const TillFaultRow *row = till_fault_table_nth (id - 1);
  return g_strdup_printf ("{\"kind\":\"%s\",\"fault\":\"%s\",\"value\":%d%s%s%s}",
                          till_fault_table_kind (row->player), row->word, row->value,
                          row->text ? ",\"text\":\"" : "", row->text ? row->text : "",
                          row->text ? "\"" : "");
}

static void
on_fault (gpointer user, guint id)
{
  TillDemo *demo = user;
  Fault *fault = g_new0 (Fault, 1);
  fault->folder = till_shop_folder_at (demo->folder->dir, NULL);
  fault->json = id > 0 ? spell (id) : NULL;
  /* It talks to another process: not on the thread that draws. */
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, fault, fault_free);
  g_task_run_in_thread (task, set_fault);
}

static void
on_cut_power (gpointer user)
{
  /* As hard as a plug: nothing is said to anybody. The provider lives on, as it would. */
  kill (getpid (), SIGKILL);
}

typedef struct
{
  char *no;       /* owned; of the latest paid sale */
  TillDemo *demo; /* unowned */
} LastReceipt;

static void
last_receipt_free (gpointer data)
{
  LastReceipt *last = data;
  g_free (last->no);
  g_free (last);
}

static gpointer
read_last_receipt (gpointer ledger, gpointer data, GError **error)
{
  LastReceipt *last = data;
  g_autoptr (GPtrArray) sales = till_selling_recent (ledger, 1, error);
  if (!sales)
    return NULL;
  if (sales->len > 0)
    last->no = g_strdup (((const TillSale *)g_ptr_array_index (sales, 0))->no);
  return last;
}

static void
on_last_read (gpointer page, gpointer data, const GError *error)
{
  LastReceipt *last = data;
  if (!error && last->no && last->demo->reader)
    till_reader_pane_scan (last->demo->reader, last->no);
}

static void
on_last_receipt (gpointer user)
{
  TillDemo *demo = user;
  LastReceipt *last = g_new0 (LastReceipt, 1);
  last->demo = demo;
  till_counter_ask (till_window_counter (demo->window), GTK_WIDGET (demo->window),
                    read_last_receipt, last, last_receipt_free, on_last_read);
}

/* What a customer does at the terminal beside the till, and the cashier with its slip afterwards.
 */
typedef struct
{
  TillShopFolder *folder; /* owned; paths only */
  TillMoney amount;
  GWeakRef reader; /* TillReaderPane */
} AtTerminal;

static void
at_terminal_free (gpointer data)
{
  AtTerminal *at = data;
  till_shop_folder_free (at->folder);
  g_weak_ref_clear (&at->reader);
  g_free (at);
}

static void
sell_at_terminal (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  AtTerminal *at = data;
  GError *error = NULL;
  TillCardSlip *slip = till_sandbox_terminal_sale (at->folder, at->amount, &error);
  if (slip)
    g_task_return_pointer (task, slip, (GDestroyNotify)till_card_slip_free);
  else
    g_task_return_error (task, error);
}

static void
on_slip (GObject *source, GAsyncResult *result, gpointer data)
{
  AtTerminal *at = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (TillReaderPane) reader = g_weak_ref_get (&at->reader);
  g_autoptr (TillCardSlip) slip = g_task_propagate_pointer (G_TASK (result), &error);
  if (!slip)
    {
      g_warning ("the practice provider: %s", error->message);
      return;
    }
  const char *const numbers[] = { slip->reference_no, slip->log_no, slip->card, slip->terminal_no };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers) && reader; i++)
    till_reader_pane_scan (reader, numbers[i]);
}

static void
on_terminal (gpointer user)
{
  TillDemo *demo = user;
  const TillSale *sale = till_window_counter (demo->window)->sale;
  const TillLeg *leg = sale ? till_sale_leg_by_slip (sale) : NULL;
  if (!leg)
    {
      till_counter_say (
          till_window_counter (demo->window), TILL_TONE_PLAIN,
          _ ("No payment waits for the card terminal. Choose it on Pay first: 4, then "
             "Enter."));
      return;
    }
  AtTerminal *at = g_new0 (AtTerminal, 1);
  at->folder = till_shop_folder_at (demo->folder->dir, NULL);
  at->amount = leg->amount;
  g_weak_ref_init (&at->reader, demo->reader);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_slip, NULL);
  g_task_set_task_data (task, at, at_terminal_free);
  g_task_run_in_thread (task, sell_at_terminal);
}

static const TillReaderPaneDeeds deeds = { on_fault, on_last_receipt, on_terminal, on_cut_power };

typedef struct
{
  GPtrArray *items; /* owned; of TillItem */
  TillDemo *demo;   /* unowned */
} Samples;

static void
samples_free (gpointer data)
{
  Samples *samples = data;
  g_clear_pointer (&samples->items, g_ptr_array_unref);
  g_free (samples);
}

static gpointer
read_samples (gpointer ledger, gpointer data, GError **error)
{
  Samples *samples = data;
  samples->items = till_selling_search (ledger, SAMPLE_PREFIX, SAMPLES, error);
  return samples->items ? samples : NULL;
}

static const char *const group_words[TILL_N_FAULT_GROUPS]
    = { N_ ("Provider: the line"), N_ ("Provider: TLS"), N_ ("Provider: HTTP"),
        N_ ("Provider: what the answer holds"), N_ ("Provider: what becomes of the money") };

/* Those that a cashier can watch from here: of a refund, and of the line. */
static guint
list_faults (TillSampleFault *faults)
{
  guint n = 0;
  const TillFaultRow *row;
  for (guint i = 0; (row = till_fault_table_nth (i)) && n < FAULTS_MAX; i++)
    if (row->fault != 0
        && (row->player == TILL_PLAYED_BY_MODEL || row->player == TILL_PLAYED_BY_DOOR))
      faults[n++] = (TillSampleFault){ i + 1, _ (group_words[row->group]), _ (row->what) };
  return n;
}

static void
on_samples (gpointer page, gpointer data, const GError *error)
{
  Samples *samples = data;
  if (error)
    return;
  TillDemo *demo = samples->demo;
  TillCounter *counter = till_window_counter (demo->window);
  TillSampleCode codes[SAMPLES + 3];
  guint n = 0;
  for (guint i = 0; i < samples->items->len && n < SAMPLES; i++)
    {
      const TillItem *item = g_ptr_array_index (samples->items, i);
      codes[n++] = (TillSampleCode){ till_counter_item_name (counter, item), item->code };
    }
  codes[n++] = (TillSampleCode){ _ ("Payment code: WeChat Pay"), "134567890123456789" };
  codes[n++] = (TillSampleCode){ _ ("Payment code: Alipay"), "284567890123456789" };
  codes[n++] = (TillSampleCode){ _ ("Payment code: UnionPay"), "6234567890123456789" };
  TillSampleFault faults[FAULTS_MAX];
  guint n_faults = list_faults (faults);
  GtkWidget *reader
      = till_reader_pane_new (demo->socket_path, codes, n, faults, n_faults, &deeds, demo);
  g_set_weak_pointer (&demo->reader, TILL_READER_PANE (reader));
  if (demo->display)
    till_reader_pane_add (demo->reader, _ ("Customer display"),
                          till_display_pane_choice (demo->display));
  till_window_add_pane (demo->window, _ ("Things to scan"), reader);
}

/* The panes speak another language too: they are made anew. */
static void
on_language (TillWindow *window, TillDemo *demo)
{
  till_window_clear_panes (window);
  till_demo_furnish (demo, window);
}

void
till_demo_furnish (TillDemo *demo, TillWindow *window)
{
  if (!demo->window)
    {
      g_signal_connect (window, "spoken", G_CALLBACK (on_language), demo);
      gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
    }
  demo->window = window;
  on_fault (demo, 0); /* as the new pane says; the provider may have been left otherwise */
  TillCounter *counter = till_window_counter (window);
  GtkWidget *paper = till_paper_pane_new (counter, demo->folder->roll_dir);
  g_set_weak_pointer (&demo->paper, TILL_PAPER_PANE (paper));
  till_window_add_pane (window, _ ("Paper roll"), paper);
  till_paper_pane_refresh (demo->paper);
  GtkWidget *display = till_display_pane_new (demo->socket_path);
  g_set_weak_pointer (&demo->display, TILL_DISPLAY_PANE (display));
  till_window_add_pane (window, _ ("Customer display"), display);
  Samples *samples = g_new0 (Samples, 1);
  samples->demo = demo;
  till_counter_ask (counter, GTK_WIDGET (window), read_samples, samples, samples_free, on_samples);
}

void
till_demo_books_changed (TillDemo *demo)
{
  if (demo->paper && gtk_widget_get_root (GTK_WIDGET (demo->paper)))
    till_paper_pane_refresh (demo->paper);
}

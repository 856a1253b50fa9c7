/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"
#include "app/ctl/sandbox-control.h"
#include "data/core/error.h"
#include "data/desk/selling.h"
#include "widgets/paper-pane.h"
#include "widgets/reader-pane.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

#define SAMPLES 12
/* The invented goods have codes that begin like this. */
#define SAMPLE_PREFIX "697"

struct _TillDemo
{
  TillShopFolder *folder; /* owned; paths only */
  char *socket_path;      /* owned */
  TillWindow *window;     /* unowned; while it stands */
  TillPaperPane *paper;   /* unowned; in the window */
};

char *
till_demo_dir (void)
{
  const char *chosen = g_getenv ("TILL_SHOP");
  return chosen && *chosen ? g_strdup (chosen)
                           : g_build_filename (g_get_user_data_dir (), "quittance-demo", NULL);
}

/* The terminal's door makes it, so that there is one way to make a shop. */
static gboolean
make_shop (const char *dir, GError **error)
{
  g_autofree char *tillctl = till_program_find ("tillctl", error);
  if (!tillctl)
    return FALSE;
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error, tillctl, "--shop", dir, "init",
                          "--demo", NULL);
  return process && g_subprocess_wait_check (process, NULL, error);
}

static void
demo_free (TillDemo *demo)
{
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
  gboolean there = g_file_test (demo->folder->ledger_path, G_FILE_TEST_EXISTS);
  if ((there || make_shop (demo->folder->dir, error)) && till_sandbox_start (demo->folder, error))
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

/* ---- what the panes do ---- */

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

static void
on_fault (gpointer user, const char *word)
{
  TillDemo *demo = user;
  Fault *fault = g_new0 (Fault, 1);
  fault->folder = till_shop_folder_at (demo->folder->dir, NULL);
  if (!g_str_equal (word, "ok"))
    fault->json = g_strdup_printf ("{\"kind\":\"refund\",\"fault\":\"%s\"}", word);
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

static const TillReaderPaneDeeds deeds = { on_fault, on_cut_power };

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

static void
on_samples (gpointer page, gpointer data, const GError *error)
{
  Samples *samples = data;
  if (error)
    return;
  TillSampleCode codes[SAMPLES + 1];
  guint n = 0;
  codes[n++] = (TillSampleCode){ _ ("Customer's payment code"), "134567890123456789" };
  for (guint i = 0; i < samples->items->len && n < G_N_ELEMENTS (codes); i++)
    {
      const TillItem *item = g_ptr_array_index (samples->items, i);
      codes[n++] = (TillSampleCode){ item->name, item->code };
    }
  TillDemo *demo = samples->demo;
  till_window_add_pane (demo->window, _ ("Things to scan"),
                        till_reader_pane_new (demo->socket_path, codes, n, &deeds, demo));
}

void
till_demo_furnish (TillDemo *demo, TillWindow *window)
{
  demo->window = window;
  TillCounter *counter = till_window_counter (window);
  GtkWidget *paper = till_paper_pane_new (counter, demo->folder->roll_dir);
  demo->paper = TILL_PAPER_PANE (paper);
  till_window_add_pane (window, _ ("Paper roll"), paper);
  till_paper_pane_refresh (demo->paper);
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

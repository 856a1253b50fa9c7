/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"
#include "app/demo.h"
#include "app/device-tally.h"
#include "app/premises.h"
#include "app/window.h"
#include "data/core/error.h"
#include "devices/gateway/http.h"
#include "devices/usb/devices.h"
#include "devices/usb/display.h"
#include "widgets/language.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  TillPremises *premises; /* owned */
  TillDemo *demo;         /* owned; or NULL */
  TillDevices *devices;   /* owned; or NULL while there is trouble with them */
  TillDeviceTally *tally; /* owned; as old as the devices */
  TillWindow *window;     /* unowned; lives until the premises are closed */
  TillProbe probe;
  TillDeviceProbe device_probe;
  guint scale;        /* the device that was last weighed with; 0: none */
  GtkWindow *waiting; /* unowned; while the demo's shop is being made */
  char *dir;          /* owned */
  GError *error;      /* owned; why it could not be opened */
  gboolean wants_demo;
  TillPrinterProbe printers;
  gboolean kiosk;
  TillLook look;
  char *look_path; /* owned */
} House;

static void
on_books_changed (const GError *error, gpointer user)
{
  House *house = user;
  if (!house->window)
    return;
  if (error)
    {
      /* It goes on by itself; the next news from the books takes this away again. */
      g_warning ("a hand of the shop is in trouble: %s", error->message);
      till_window_device (house->window, TILL_DEVICE_GATEWAY, FALSE, _ ("in trouble"));
      return;
    }
  till_window_books_changed (house->window);
  if (house->demo)
    till_demo_books_changed (house->demo);
}

/* --- scanners and readers --- */

static void
show_devices (House *house)
{
  g_autoptr (GPtrArray) list = till_devices_list (house->devices);
  int ready = 0;
  for (guint i = 0; i < list->len; i++)
    {
      const TillDevice *device = g_ptr_array_index (list, i);
      ready += device->state == TILL_DEVICE_READY
               && !g_str_equal (device->driver, TILL_DISPLAY_DRIVER);
    }
  till_window_device (house->window, TILL_DEVICE_READER, ready > 0,
                      ready > 0 ? _ ("ready") : _ ("none"));
  till_window_devices_changed (house->window);
}

static void
forget_scale (House *house)
{
  house->scale = 0;
  till_window_take_weight (house->window, TILL_WEIGHING_NONE, 0);
}

static void
say_refused (House *house, TillRefused why)
{
  if (why == TILL_REFUSED_CARD_DATA)
    till_window_refuse_card (house->window);
  else if (why == TILL_REFUSED_CHIP || why == TILL_REFUSED_NO_NUMBER)
    till_window_refuse_chip (house->window, why == TILL_REFUSED_NO_NUMBER);
  else
    till_counter_say (
        till_window_counter (house->window), TILL_TONE_WARN,
        _ ("The device sent something that cannot be used. It was wiped. Try again."));
}

static void
on_device (const TillDeviceEvent *event, gpointer user)
{
  House *house = user;
  if (!house->window)
    return;
  switch (event->kind)
    {
    case TILL_DEVICE_CODE:
      till_window_take_code (house->window, event->finding->code);
      return;
    case TILL_DEVICE_CARD:
      till_window_take_card (house->window,
                             event->finding->use == TILL_CARD_CHARGE ? event->finding->token : NULL,
                             event->finding->masked);
      return;
    case TILL_DEVICE_CARD_EARLY:
      till_counter_say (
          till_window_counter (house->window), TILL_TONE_WARN,
          _ ("The card was pulled out too early. Nothing was charged. Read it again."));
      return;
    case TILL_DEVICE_REFUSED:
      say_refused (house, event->finding->refused);
      return;
    case TILL_DEVICE_WEIGHT:
      house->scale = event->device->id;
      till_window_take_weight (house->window, event->finding->weighing, event->finding->milligrams);
      return;
    default:
      if (event->device->id == house->scale && event->device->state != TILL_DEVICE_READY)
        forget_scale (house);
      show_devices (house);
    }
}

/* None while there is trouble with all of them. */
static GPtrArray *
list_devices (gpointer self)
{
  House *house = self;
  return house->devices ? till_devices_list (house->devices)
                        : g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
}

static void
open_devices (House *house)
{
  g_autoptr (GError) error = NULL;
  TillDevicesSettings settings = {
    .facts_dir = g_getenv ("TILL_DEVICE_FACTS") ? g_getenv ("TILL_DEVICE_FACTS") : TILL_FACTS_DIR,
    .usb = TRUE,
    .cards = till_premises_cards (house->premises),
    .socket_path = house->demo ? till_demo_socket (house->demo) : NULL,
  };
  house->devices = till_devices_new (&settings, on_device, house, &error);
  house->tally = till_device_tally_new ();
  if (house->devices)
    show_devices (house);
  else
    {
      g_warning ("scanners and readers: %s", error->message);
      till_window_device (house->window, TILL_DEVICE_READER, FALSE, _ ("in trouble"));
    }
}

static void
on_customer (const TillDisplayText *text, gpointer user)
{
  House *house = user;
  if (house->devices)
    till_devices_show (house->devices, text);
}

/* --- the window --- */

static void
on_window_gone (gpointer user, GObject *window)
{
  House *house = user;
  house->window = NULL;
}

static void
on_arranged (House *house)
{
  till_premises_renew_accounts (house->premises);
}

static void
on_shift_closed (House *house)
{
  if (house->devices)
    till_device_tally_write (house->tally, till_premises_ledger (house->premises),
                             till_devices_list (house->devices));
}

static void
open_window (House *house, GtkApplication *app)
{
  house->window = till_window_new (app, till_premises_ledger (house->premises),
                                   till_premises_clock (house->premises),
                                   till_premises_shop (house->premises));
  g_object_weak_ref (G_OBJECT (house->window), on_window_gone, house);
  house->probe = till_probe_of_folder (till_premises_account_root (house->premises));
  till_window_set_probe (house->window, &house->probe);
  g_signal_connect_swapped (house->window, "arranged", G_CALLBACK (on_arranged), house);
  g_signal_connect_swapped (house->window, "shift-closed", G_CALLBACK (on_shift_closed), house);
  house->device_probe = (TillDeviceProbe){ list_devices, house };
  till_window_set_devices (house->window, &house->device_probe);
  house->printers = till_printer_probe_of (till_premises_roll_dir (house->premises));
  till_window_set_printers (house->window, &house->printers);
  till_window_set_look (house->window, &house->look, house->look_path);
  till_window_watch_accounts (house->window);
  till_window_recovered (house->window, till_premises_found (house->premises));
  till_window_device (house->window, TILL_DEVICE_GATEWAY, TRUE, _ ("ready"));
  till_window_device (house->window, TILL_DEVICE_PRINTER, TRUE, _ ("ready"));
  if (till_premises_door_problem (house->premises))
    till_counter_say (till_window_counter (house->window), TILL_TONE_WARN,
                      till_premises_door_problem (house->premises));
  open_devices (house);
  till_window_set_customer (house->window, on_customer, house);
  if (house->demo)
    till_demo_furnish (house->demo, house->window);
  if (house->kiosk)
    gtk_window_fullscreen (GTK_WINDOW (house->window));
  gtk_window_present (GTK_WINDOW (house->window));
}

/* --- opening --- */

/* A real shop opens on a thread of its own while the toolkit reads its looks; what the hands report
 * meanwhile waits in the main context. */
static gpointer
open_premises (gpointer data)
{
  House *house = data;
  house->premises = till_premises_open (house->dir, on_books_changed, house, &house->error);
  return NULL;
}

/* --- the demo's shop is made and its provider started, which takes a while --- */

static void
start_demo (GTask *task, gpointer source, gpointer dir, GCancellable *cancellable)
{
  GError *error = NULL;
  TillDemo *demo = till_demo_start (dir, &error);
  if (demo)
    g_task_return_pointer (task, demo, (GDestroyNotify)till_demo_stop);
  else
    g_task_return_error (task, error);
}

static void
on_demo_started (GObject *source, GAsyncResult *result, gpointer user)
{
  House *house = user;
  GtkApplication *app = GTK_APPLICATION (source);
  house->demo = g_task_propagate_pointer (G_TASK (result), &house->error);
  if (house->demo)
    open_premises (house);
  if (house->premises)
    open_window (house, app);
  if (house->waiting)
    gtk_window_destroy (house->waiting);
  g_application_release (G_APPLICATION (app));
}

static void
show_waiting (House *house, GtkApplication *app)
{
  GtkWidget *spinner = gtk_spinner_new ();
  gtk_widget_set_size_request (spinner, 48, 48);
  gtk_spinner_start (GTK_SPINNER (spinner));
  GtkWidget *words
      = gtk_label_new (_ ("Making the demo shop: 60 goods and 30 days of sales. This takes a "
                          "few seconds, and only the first time."));
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (words), 36);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), spinner);
  gtk_box_append (GTK_BOX (box), words);
  GtkWidget *window = adw_application_window_new (app);
  gtk_window_set_title (GTK_WINDOW (window), _ ("Till"));
  gtk_window_set_default_size (GTK_WINDOW (window), 460, 240);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  g_set_weak_pointer (&house->waiting, GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}

static void
on_activate (GtkApplication *app, gpointer user)
{
  House *house = user;
  if (house->window)
    gtk_window_present (GTK_WINDOW (house->window));
  else if (!house->wants_demo)
    open_window (house, app);
  else
    {
      if (!till_demo_is_there (house->dir))
        show_waiting (house, app);
      g_application_hold (G_APPLICATION (app));
      g_autoptr (GTask) task = g_task_new (app, NULL, on_demo_started, house);
      g_task_set_task_data (task, g_strdup (house->dir), g_free);
      g_task_run_in_thread (task, start_demo);
    }
}

/* --- the program --- */

/* What cairo draws needs no OpenGL, and without a graphics card to load it takes a quarter of the
 * start and most of the memory. */
static void
init_toolkit (void)
{
  const char *renderer = g_getenv ("GSK_RENDERER"), *debug = g_getenv ("GDK_DEBUG");
  if (renderer && g_str_equal (renderer, "cairo"))
    {
      g_autofree char *with = g_strjoin (",", "gl-disable", debug, NULL);
      g_setenv ("GDK_DEBUG", with, TRUE);
    }
  gtk_init ();
}

/* The session ends, or somebody pressed Ctrl+C: drafts are in the books, so going at once is safe.
 */
static gboolean
on_end (gpointer app)
{
  g_application_quit (app);
  return G_SOURCE_CONTINUE;
}

static AdwApplication *
new_application (House *house)
{
  /* Not unique: which shop is open is settled by the shop's own lock, also without a bus. */
  AdwApplication *app = adw_application_new ("org.quittance.Till", G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (app), NULL, NULL);
  if (house->look.colours == TILL_COLOURS_DARK)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  g_signal_connect (app, "activate", G_CALLBACK (on_activate), house);
  g_unix_signal_add (SIGTERM, on_end, app);
  g_unix_signal_add (SIGINT, on_end, app);
  g_unix_signal_add (SIGHUP, on_end, app);
  return app;
}

static void
close_house (House *house)
{
  if (house->window)
    g_object_weak_unref (G_OBJECT (house->window), on_window_gone, house);
  house->window = NULL;
  g_clear_weak_pointer (&house->waiting);
  if (house->devices)
    till_device_tally_finish (house->tally, till_premises_ledger (house->premises),
                              till_devices_list (house->devices));
  g_clear_pointer (&house->devices, till_devices_free);
  g_clear_pointer (&house->premises, till_premises_close);
  g_clear_pointer (&house->tally, till_device_tally_free);
  g_clear_pointer (&house->demo, till_demo_stop);
  g_clear_error (&house->error);
  g_free (house->dir);
  g_free (house->look_path);
}

/* As it was left here, but for what was asked for now. */
static void
choose_look (House *house, const char *language, gboolean dark, int scale)
{
  g_autoptr (GError) error = NULL;
  TillLook *look = &house->look;
  house->look_path = g_build_filename (house->dir, "look.ini", NULL);
  till_look_init (look);
  till_look_load (look, house->look_path);
  if (language)
    g_strlcpy (look->language, language, sizeof look->language);
  else if (*look->language && !till_language_set (look->language, &error))
    g_message ("the language stays as it is: %s", error->message);
  if (dark)
    look->colours = TILL_COLOURS_DARK;
  if (scale != 100)
    look->percent = scale;
}

int
till_application_run (const char *dir, gboolean demo, gboolean kiosk, const char *language,
                      gboolean dark, int scale)
{
  House house = { .kiosk = kiosk, .wants_demo = demo };
  house.dir = dir ? g_strdup (dir) : demo ? till_demo_dir () : till_shop_folder_default ();
  choose_look (&house, language, dark, scale);
  /* Both touch the environment: while this is the only thread. */
  till_http_init ();
  init_toolkit ();

  GThread *opening = demo ? NULL : g_thread_new ("opening", open_premises, &house);
  g_autoptr (AdwApplication) app = new_application (&house);
  if (opening)
    g_thread_join (opening);
  int status = house.error ? 1 : g_application_run (G_APPLICATION (app), 0, NULL);
  if (house.error)
    {
      g_printerr ("quittance: %s\n", house.error->message);
      status = 1;
    }
  close_house (&house);
  return status;
}

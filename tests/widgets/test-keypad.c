/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A keypad at the till, with Num Lock and without: real keys of the X server, through its keyboard
 * map, GTK and the window, in the time they take. Where the library for that (libXtst) is missing,
 * the test says that it was skipped. */
#include "app/stage.h"
#include "data/core/secret.h"
#include "widgets/keypad.h"
#include "widgets/language.h"

#include <gmodule.h>
#include <string.h>

/* Of an IBM PC's keyboard in the X server: evdev's codes and eight. */
enum
{
  NUM_LOCK = 77,
  ENTER = 104,
  POINT = 91,
  PLUS = 86,
};

/* By digit. */
static const guint digits[] = { 90, 87, 88, 89, 83, 84, 85, 79, 80, 81 };

typedef struct
{
  GModule *x11, *xtst;
  gpointer display;
  int (*fake) (gpointer display, unsigned keycode, int press, unsigned long delay);
  int (*sync) (gpointer display, int discard);
  int (*close) (gpointer display);
  TillStage *stage;
  guint releases;
} Keys;

static gboolean
find (GModule *module, const char *name, gpointer function)
{
  return module && g_module_symbol (module, name, function);
}

static gboolean
reach_keyboard (Keys *keys)
{
  gpointer (*open) (const char *) = NULL;
  keys->x11 = g_module_open ("libX11.so.6", G_MODULE_BIND_LOCAL);
  keys->xtst = g_module_open ("libXtst.so.6", G_MODULE_BIND_LOCAL);
  if (!find (keys->x11, "XOpenDisplay", &open) || !find (keys->x11, "XSync", &keys->sync)
      || !find (keys->x11, "XCloseDisplay", &keys->close)
      || !find (keys->xtst, "XTestFakeKeyEvent", &keys->fake))
    return FALSE;
  keys->display = open (NULL);
  return keys->display != NULL;
}

static void
on_released (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
             Keys *keys)
{
  keys->releases++;
}

static void
open_keys (Keys *keys, gconstpointer unused)
{
  if (!reach_keyboard (keys))
    return;
  g_autoptr (GError) error = NULL;
  keys->stage = till_stage_new (NULL, 2, &error);
  g_assert_no_error (error);
  GtkEventController *listener = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (listener, GTK_PHASE_CAPTURE);
  g_signal_connect (listener, "key-released", G_CALLBACK (on_released), keys);
  gtk_widget_add_controller (GTK_WIDGET (till_stage_window (keys->stage)), listener);
}

static void
close_keys (Keys *keys, gconstpointer unused)
{
  g_clear_pointer (&keys->stage, till_stage_free);
  if (keys->display)
    keys->close (keys->display);
  if (keys->xtst)
    g_module_close (keys->xtst);
  if (keys->x11)
    g_module_close (keys->x11);
}

static gboolean
on_late (gpointer late)
{
  *(gboolean *)late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* These keys at once, until the window has seen them all; at most 5 s. */
static void
press_all (Keys *keys, const guint *keycodes, gsize n)
{
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds (5, on_late, &late);
  keys->releases = 0;
  for (gsize i = 0; i < n; i++)
    {
      keys->fake (keys->display, keycodes[i], TRUE, 0);
      keys->fake (keys->display, keycodes[i], FALSE, 0);
    }
  keys->sync (keys->display, FALSE);
  while (keys->releases < n && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_false (late);
  till_stage_settle (keys->stage);
}

static void
press (Keys *keys, guint keycode)
{
  press_all (keys, &keycode, 1);
}

/* As the keys 00 and 000, or a programmed one, which may press Enter (\r) as well. */
static void
press_programmed (Keys *keys, const char *text)
{
  guint keycodes[16];
  gsize n = strlen (text);
  g_assert_cmpuint (n, <=, G_N_ELEMENTS (keycodes));
  for (gsize i = 0; i < n; i++)
    keycodes[i] = text[i] == '\r' ? ENTER : digits[text[i] - '0'];
  press_all (keys, keycodes, n);
}

static void
scan (Keys *keys, int item)
{
  g_autofree char *code = till_stage_item_code (keys->stage, item);
  till_stage_scan (keys->stage, code);
}

/* A whole sale, from the PIN to the change. */
static void
test_sale (Keys *keys, gconstpointer num_lock)
{
  if (!keys->stage)
    {
      g_test_skip ("there is no libXtst");
      return;
    }
  TillWindow *window = till_stage_window (keys->stage);
  if (num_lock)
    press (keys, NUM_LOCK);
  press (keys, digits[1]);
  press (keys, ENTER);
  press_programmed (keys, "1111");
  press (keys, ENTER);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  scan (keys, 3);
  press (keys, PLUS);
  g_assert_cmpint (till_window_total (window), ==, 400);
  /* A point is no Delete, whatever Num Lock says. */
  press (keys, POINT);
  g_assert_cmpint (till_window_total (window), ==, 400);
  g_assert_cmpstr (till_window_line (window), ==, ".");
  till_stage_key (keys->stage, GDK_KEY_BackSpace, 0);
  press (keys, ENTER);
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_PAY);
  for (guint i = 0; i < 3; i++)
    press (keys, digits[7 + i]);
  press (keys, POINT);
  press_programmed (keys, "00");
  g_assert_cmpstr (till_window_line (window), ==, "789.00");
  for (guint i = 0; i < 5; i++)
    till_stage_key (keys->stage, GDK_KEY_BackSpace, 0);
  press_programmed (keys, "000");
  g_assert_cmpstr (till_window_line (window), ==, "7000");
  for (guint i = 0; i < 4; i++)
    till_stage_key (keys->stage, GDK_KEY_BackSpace, 0);
  press_programmed (keys, "000500\r");
  g_assert_cmpint (till_window_screen (window), ==, TILL_SCREEN_SELL);
  g_assert_cmpint (till_window_total (window), ==, 50000 - 400); /* the change */
  if (num_lock)
    press (keys, NUM_LOCK);
}

/* Into a text, past its own idea of a keypad. */
static void
test_text (Keys *keys, gconstpointer num_lock)
{
  if (!keys->stage)
    {
      g_test_skip ("there is no libXtst");
      return;
    }
  if (num_lock)
    press (keys, NUM_LOCK);
  press_programmed (keys, "1\r");
  press_programmed (keys, "1111\r");
  till_stage_key (keys->stage, GDK_KEY_F2, 0);
  for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
    press (keys, digits[i]);
  press (keys, POINT);
  press (keys, digits[5]);
  GtkWidget *text = gtk_window_get_focus (GTK_WINDOW (till_stage_window (keys->stage)));
  g_assert_true (GTK_IS_EDITABLE (text));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (text)), ==, "0123456789.5");
  if (num_lock)
    press (keys, NUM_LOCK);
}

/* Every face of a keypad, and what is none. */
static void
test_faces (void)
{
  static const struct
  {
    guint keyval, plain;
    gboolean is_keypad;
  } cases[] = {
    { GDK_KEY_KP_0, GDK_KEY_0, TRUE },
    { GDK_KEY_KP_9, GDK_KEY_9, TRUE },
    { GDK_KEY_KP_Insert, GDK_KEY_0, TRUE },
    { GDK_KEY_KP_Begin, GDK_KEY_5, TRUE },
    { GDK_KEY_KP_Separator, GDK_KEY_period, TRUE },
    { GDK_KEY_KP_Delete, GDK_KEY_period, TRUE },
    { GDK_KEY_KP_Enter, GDK_KEY_Return, TRUE },
    { GDK_KEY_KP_Divide, GDK_KEY_slash, TRUE },
    { GDK_KEY_0, GDK_KEY_0, FALSE },
    { GDK_KEY_Delete, GDK_KEY_Delete, FALSE },
    { GDK_KEY_Left, GDK_KEY_Left, FALSE },
    { GDK_KEY_Return, GDK_KEY_Return, FALSE },
    { GDK_KEY_KP_F1, GDK_KEY_KP_F1, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean is_keypad;
      g_assert_cmphex (till_keypad_plain (cases[i].keyval, &is_keypad), ==, cases[i].plain);
      g_assert_cmpint (is_keypad, ==, cases[i].is_keypad);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  till_language_set ("en", &error);
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_test_add_func ("/keypad/faces", test_faces);
  g_test_add ("/keypad/sale", Keys, NULL, open_keys, test_sale, close_keys);
  g_test_add ("/keypad/sale-num-lock", Keys, "", open_keys, test_sale, close_keys);
  g_test_add ("/keypad/text", Keys, NULL, open_keys, test_text, close_keys);
  g_test_add ("/keypad/text-num-lock", Keys, "", open_keys, test_text, close_keys);
  return g_test_run ();
}

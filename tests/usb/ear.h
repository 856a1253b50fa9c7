/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listens to the devices of a test and writes down what it hears, an event a word. */
#pragma once
#include "devices/usb/devices.h"

#include <string.h>

typedef struct
{
  GString *heard;
  guint codes, floods;
} Ear;

static inline void
on_event (const TillDeviceEvent *event, gpointer user)
{
  Ear *ear = user;
  static const char *const refusals[]
      = { "?", "card-data", "too-long", "unreadable", "chip", "no-number" };
  const TillFinding *finding = event->finding;
  ear->codes += event->kind == TILL_DEVICE_CODE;
  ear->floods += event->kind == TILL_DEVICE_FLOODED;
  if (event->kind == TILL_DEVICE_ARRIVED)
    g_string_append (ear->heard, "arrived ");
  else if (event->kind == TILL_DEVICE_LEFT)
    g_string_append (ear->heard, "left ");
  else if (event->kind == TILL_DEVICE_STATE)
    g_string_append_printf (ear->heard, "%s ", till_device_state_name (event->device->state));
  else if (event->kind == TILL_DEVICE_CODE)
    g_string_append_printf (ear->heard, "%s%s ", finding->symbology, finding->code);
  else if (event->kind == TILL_DEVICE_CARD)
    g_string_append_printf (ear->heard, "card:%s ", finding->token);
  else if (event->kind == TILL_DEVICE_CARD_EARLY)
    g_string_append (ear->heard, "early ");
  else if (event->kind == TILL_DEVICE_WEIGHT)
    g_string_append_printf (ear->heard, "weight:%u:%" G_GINT64_FORMAT " ", finding->weighing,
                            finding->milligrams);
  else if (event->kind == TILL_DEVICE_REFUSED)
    g_string_append_printf (ear->heard, "no:%s ", refusals[finding->refused]);
}

static inline gboolean
on_too_late (gpointer user)
{
  *(gboolean *)user = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until what was heard ends so; then forgets it. At most 5 s. */
static inline void
expect (Ear *ear, const char *words)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (5, on_too_late, &late);
  while (!late && strcmp (ear->heard->str, words) != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (ear->heard->str, ==, words);
  g_source_remove (timeout);
  g_string_truncate (ear->heard, 0);
}

/* As expect (), where what comes before depends on who is first. */
static inline void
expect_end (Ear *ear, const char *words)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (5, on_too_late, &late);
  while (!late && !g_str_has_suffix (ear->heard->str, words))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_str_has_suffix (ear->heard->str, words));
  g_source_remove (timeout);
  g_string_truncate (ear->heard, 0);
}

static inline char *
facts_dir (void)
{
  return g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "devices/usb/facts", NULL);
}

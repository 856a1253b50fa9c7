/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/fault.h"
#include "data/core/error.h"

#include <stdlib.h>
#include <unistd.h>

static guint armed_at;
static guint passed;
static const char *cut_at;

static guint
exit_at (void)
{
  static gsize read_once;
  static guint at;
  if (g_once_init_enter (&read_once))
    {
      const char *text = g_getenv ("TILL_FAULT_EXIT");
      at = text ? (guint)strtoul (text, NULL, 10) : 0;
      g_once_init_leave (&read_once, 1);
    }
  return at;
}

gboolean
till_fault_pass (const char *point, GError **error)
{
  if (G_UNLIKELY (cut_at))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "the power is off since %s", cut_at);
      return FALSE;
    }
  passed++;
  if (G_UNLIKELY (exit_at () != 0 && passed == exit_at ()))
    _exit (137);
  if (G_LIKELY (armed_at == 0 || passed != armed_at))
    return TRUE;
  cut_at = point;
  g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "the power was cut at %s", point);
  return FALSE;
}

void
till_fault_arm (guint nth)
{
  armed_at = nth;
  passed = 0;
  cut_at = NULL;
}

guint
till_fault_count (void)
{
  return passed;
}

const char *
till_fault_where (void)
{
  return cut_at;
}

void
till_fault_restore (void)
{
  armed_at = 0;
  cut_at = NULL;
}

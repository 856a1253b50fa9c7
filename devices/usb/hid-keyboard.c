/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/hid-keyboard.h"
#include "data/core/error.h"

#include <string.h>

#define KEYS_MAX 32 /* values of the array of pressed keys; a boot keyboard has six */

enum
{
  KEY_ROLL_OVER = 0x01,
  KEY_ERROR_LAST = 0x03,
  KEY_ENTER = 0x28,
  KEY_TAB = 0x2B,
  KEY_PAD_ENTER = 0x58,
  KEY_MODIFIERS = 0xE0,
};

/* By key, from 0x04: as typed alone and with shift. */
static const char plain_keys[] = "abcdefghijklmnopqrstuvwxyz1234567890\n\x1b\b\t -=[]\\\\;'`,./";
static const char shifted_keys[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()\n\x1b\b\t _+{}||:\"~<>?";
/* From 0x54. */
static const char pad_keys[] = "/*-+\n1234567890.";

G_STATIC_ASSERT (sizeof plain_keys == sizeof shifted_keys);

typedef struct
{
  const TillHidField *modifiers; /* unowned; inside the layout */
  const TillHidField *keys;
  guint32 held[KEYS_MAX]; /* the keys of the report before */
  guint8 raw[TILL_CODE_RAW_MAX];
  gsize size;
  gboolean is_spoilt;
  TillRefused why;
  gboolean is_torn; /* the beginning of what is typed may be lost; until a pause, or its end */
  TillQuirks quirks;
} Keyboard;

static void
forget (Keyboard *keyboard)
{
  explicit_bzero (keyboard->raw, sizeof keyboard->raw);
  keyboard->size = 0;
  keyboard->is_spoilt = FALSE;
}

static void
reset (gpointer state)
{
  Keyboard *keyboard = state;
  forget (keyboard);
  memset (keyboard->held, 0, sizeof keyboard->held);
}

static void
stop (gpointer state)
{
  reset (state);
  g_free (state);
}

static gpointer
start (const TillHidLayout *layout, const TillTerms *terms, GError **error)
{
  const TillHidField *keys = NULL;
  for (guint i = 0; i < layout->n_fields && !keys; i++)
    {
      const TillHidField *field = &layout->fields[i];
      if (field->kind == TILL_HID_INPUT && field->page == TILL_HID_PAGE_KEYBOARD && !field->variable
          && field->usage == 0)
        keys = field;
    }
  const TillHidField *modifiers
      = till_hid_layout_find (layout, TILL_HID_INPUT, TILL_HID_PAGE_KEYBOARD, KEY_MODIFIERS);
  if (!keys || !modifiers || keys->count > KEYS_MAX || modifiers->count != 8
      || modifiers->bit_size != 1 || keys->report_id != modifiers->report_id)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "the report descriptor is not that of a keyboard with an array of keys");
      return NULL;
    }
  Keyboard *keyboard = g_new0 (Keyboard, 1);
  keyboard->keys = keys;
  keyboard->modifiers = modifiers;
  keyboard->quirks = terms->quirks;
  keyboard->is_torn = terms->is_torn;
  return keyboard;
}

static char
char_of (guint32 key, gboolean shift)
{
  if (key >= 0x04 && key < 0x04 + sizeof plain_keys - 1)
    return (shift ? shifted_keys : plain_keys)[key - 0x04];
  if (key >= 0x54 && key < 0x54 + sizeof pad_keys - 1)
    return pad_keys[key - 0x54];
  return 0;
}

static void
finish (Keyboard *keyboard, TillFindingTake take, gpointer user)
{
  char symbology[4] = "";
  gsize from = 0;
  if (keyboard->quirks & TILL_QUIRK_AIM_PREFIX)
    from = till_finding_split_symbology (keyboard->raw, keyboard->size, symbology);
  if (keyboard->is_torn)
    till_finding_give_refusal (TILL_REFUSED_UNREADABLE, take, user);
  else if (keyboard->is_spoilt)
    till_finding_give_refusal (keyboard->why, take, user);
  else
    till_finding_give_code (keyboard->raw + from, keyboard->size - from, symbology, take, user);
  forget (keyboard);
  keyboard->is_torn = FALSE;
}

/* A code may be typed slowly; only whether anything came since it was opened anew matters. */
static void
pause_long (gpointer state, TillFindingTake take, gpointer user)
{
  Keyboard *keyboard = state;
  if (keyboard->size == 0)
    keyboard->is_torn = FALSE;
}

static void
press (Keyboard *keyboard, guint32 key, guint32 modifiers, TillFindingTake take, gpointer user)
{
  if (key == KEY_ENTER || key == KEY_TAB || key == KEY_PAD_ENTER)
    {
      finish (keyboard, take, user);
      return;
    }
  gboolean control = (modifiers & 0x11) != 0;
  gboolean alt_or_gui = (modifiers & 0xCC) != 0;
  if (control)
    return; /* control characters, as between the parts of a GS1 code */
  /* Alt and digits on the pad is how some scanners type what the layout lacks. We do not read it,
   * and a code with holes in it is another code. */
  if (alt_or_gui)
    {
      keyboard->is_spoilt = TRUE;
      keyboard->why = TILL_REFUSED_UNREADABLE;
      return;
    }
  char c = char_of (key, (modifiers & 0x22) != 0);
  if (c < ' ' || keyboard->is_spoilt)
    return;
  if (keyboard->size == sizeof keyboard->raw)
    {
      keyboard->is_spoilt = TRUE;
      keyboard->why = till_finding_is_card_data (keyboard->raw, keyboard->size)
                          ? TILL_REFUSED_CARD_DATA
                          : TILL_REFUSED_TOO_LONG;
      return;
    }
  keyboard->raw[keyboard->size++] = (guint8)c;
}

static gboolean
was_held (const Keyboard *keyboard, guint32 key)
{
  for (guint i = 0; i < keyboard->keys->count; i++)
    if (keyboard->held[i] == key)
      return TRUE;
  return FALSE;
}

static void
take_report (gpointer state, const guint8 *report, gsize size, TillFindingTake take, gpointer user)
{
  Keyboard *keyboard = state;
  if (!till_hid_field_is_in (keyboard->keys, report, size))
    return;
  guint32 modifiers = 0;
  for (guint i = 0; i < 8; i++)
    {
      guint32 bit;
      if (!till_hid_field_read (keyboard->modifiers, report, size, i, &bit))
        return; /* too short to be about keys */
      modifiers |= bit << i;
    }
  guint32 keys[KEYS_MAX] = { 0 };
  for (guint i = 0; i < keyboard->keys->count; i++)
    {
      if (!till_hid_field_read (keyboard->keys, report, size, i, &keys[i]))
        keys[i] = 0;
      if (keys[i] >= KEY_ROLL_OVER && keys[i] <= KEY_ERROR_LAST)
        {
          keyboard->is_spoilt = TRUE;
          keyboard->why = TILL_REFUSED_UNREADABLE;
          return;
        }
    }
  for (guint i = 0; i < keyboard->keys->count; i++)
    if (keys[i] && !was_held (keyboard, keys[i]))
      press (keyboard, keys[i], modifiers, take, user);
  memcpy (keyboard->held, keys, sizeof keys);
  explicit_bzero (keys, sizeof keys);
}

const TillDriver till_hid_keyboard
    = { "hid-keyboard", TRUE, start, take_report, reset, stop, pause_long };

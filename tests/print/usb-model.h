/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A receipt printer on USB as tests/usb/emulator.h plugs it in: what it takes and answers, and its
 * moods. It obeys in turn, refuses bytes like the real ones when its buffer is full, and counts
 * every byte of a job once. The fields are set between two calls of the program under test. */
#pragma once
#include "tests/usb/emulator.h"

#include <errno.h>
#include <string.h>

typedef struct
{
  GByteArray *taken; /* bytes of jobs, as they came */
  guint8 pipe[64];   /* answers that nobody has fetched */
  gsize piped;
  guint owed;       /* answers in their turn, not given yet */
  gint64 pace;      /* µs between two of them */
  gint64 turned_at; /* when it gave the last one */

  gsize paper;      /* the roll ends after so many bytes of jobs */
  gsize room;       /* bytes it still takes while it cannot print */
  gsize most;       /* takes no more in one transfer; 0: everything */
  gsize dies_at;    /* pulled out when it has so many bytes; 0: never */
  gsize stalls_at;  /* answers with one stall there; 0: never */
  guint proofs;     /* how many answers in their turn it gives at most */
  gboolean cover;   /* open */
  gboolean cutter;  /* jammed */
  gboolean mute;    /* answers nothing */
  gboolean drawer;  /* its wire is high */
  gboolean no_port; /* stalls what the class asks of the control endpoint */
  guint asked;      /* questions in real time it has heard */
  guint asked_late; /* … of them after the first byte of a job */
} UsbModel;

static inline gboolean
usb_model_is_stuck (const UsbModel *model)
{
  return model->cover || model->cutter || model->taken->len >= model->paper;
}

static inline void
usb_model_answer (UsbModel *model, guint8 byte)
{
  if (!model->mute && model->piped < sizeof model->pipe)
    model->pipe[model->piped++] = byte;
}

static inline void
usb_model_obey (UsbModel *model)
{
  gint64 now = g_get_monotonic_time ();
  if (usb_model_is_stuck (model) || model->owed == 0 || now - model->turned_at < model->pace)
    return;
  model->owed--;
  model->turned_at = now;
  if (model->proofs > 0)
    {
      model->proofs--;
      usb_model_answer (model, 0x00);
    }
}

static inline void
usb_model_tell (UsbModel *model, guint8 which)
{
  gboolean empty = model->taken->len >= model->paper;
  guint8 answers[] = { 0, 0x12, 0x12, 0x12, 0x12 };
  answers[1] |= (usb_model_is_stuck (model) ? 0x08 : 0) | (model->drawer ? 0x04 : 0);
  answers[2] |= (model->cover ? 0x04 : 0) | (empty ? 0x20 : 0) | (model->cutter ? 0x40 : 0);
  answers[3] |= model->cutter ? 0x08 : 0;
  answers[4] |= empty ? 0x60 : 0;
  model->asked++;
  model->asked_late += model->taken->len > 0;
  usb_model_answer (model, answers[which]);
}

static inline int
usb_model_take (UsbModel *model, struct usbdevfs_urb *urb, const guint8 *bytes)
{
  gsize size = (gsize)urb->buffer_length;
  if (model->stalls_at && model->taken->len >= model->stalls_at)
    {
      model->stalls_at = 0;
      return -EPIPE;
    }
  for (gsize n = 0; n < size; n++)
    {
      if (model->dies_at && model->taken->len >= model->dies_at)
        return -ESHUTDOWN;
      if ((model->most && n == model->most) || (usb_model_is_stuck (model) && model->room == 0))
        return EMULATOR_HOLD;
      if (usb_model_is_stuck (model))
        model->room--;
      g_byte_array_append (model->taken, bytes + n, 1);
      urb->actual_length = (int)n + 1;
    }
  return 0;
}

static inline int
usb_model_out (UsbModel *model, struct usbdevfs_urb *urb, const guint8 *bytes)
{
  gboolean three = urb->buffer_length == 3;
  if (three && bytes[0] == 0x10 && bytes[1] == 0x04 && bytes[2] >= 1 && bytes[2] <= 4)
    usb_model_tell (model, bytes[2]);
  else if (three && bytes[0] == 0x1D && bytes[1] == 'r')
    model->owed++;
  else
    return usb_model_take (model, urb, bytes);
  urb->actual_length = 3;
  return 0;
}

static inline int
usb_model_in (UsbModel *model, struct usbdevfs_urb *urb, guint8 *bytes)
{
  usb_model_obey (model);
  if (model->piped == 0)
    return EMULATOR_HOLD;
  bytes[0] = model->pipe[0]; /* a packet each */
  urb->actual_length = 1;
  model->piped--;
  memmove (model->pipe, model->pipe + 1, model->piped);
  return 0;
}

static inline int
usb_model_control (UsbModel *model, struct usbdevfs_urb *urb, guint8 *buffer)
{
  static const char id[] = "\0\x28MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;";
  if (buffer[0] != 0xA1 || model->no_port || buffer[1] > 1)
    return -EPIPE;
  if (buffer[1] == 1)
    buffer[8] = model->taken->len >= model->paper ? 0x38 : 0x18;
  else
    memcpy (buffer + 8, id, MIN (sizeof id - 1, (gsize)urb->buffer_length - 8));
  urb->actual_length = buffer[1] == 1 ? 1 : (int)sizeof id - 1;
  return 0;
}

static inline int
usb_model_on_urb (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user)
{
  if (urb->type == USBDEVFS_URB_TYPE_CONTROL)
    return usb_model_control (user, urb, buffer);
  return urb->endpoint & 0x80 ? usb_model_in (user, urb, buffer)
                              : usb_model_out (user, urb, buffer);
}

/* For g_test_log_set_fatal_handler (): the emulated bus grumbles when a process that has it open
 * ends without closing it, which some tests are about. */
static inline gboolean
usb_model_is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer unused)
{
  return !strstr (message, "Destroying IoctlClient");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of chip.h as a device of the emulated usbfs: bulk 0x01 and 0x82, notices at 0x83. */
#pragma once
#include "tests/usb/chip.h"
#include "tests/usb/emulator.h"

#include <errno.h>

#define CHIP_NOTICES 0x83

enum
{
  CHIP_AT_ENDPOINTS = 18 + 9 + 9 + 54,
  CHIP_DESCRIPTORS = CHIP_AT_ENDPOINTS + 7 + 7 + 7,
};

typedef struct
{
  Chip chip;
  EmulatorDevice device;
  guint8 descriptors[CHIP_DESCRIPTORS];
  GMutex lock; /* the emulator answers on a thread of its own */
  GCond heard; /* a message came */
  guint8 answer[CHIP_BYTES_MAX];
  gsize answer_size;
  guint messages;
  /* From this message on, once: 0 never. */
  guint is_silent_at, lies_at, stalls_at, leaves_at;
  guint requests; /* of the control endpoint */
  guint16 request_value;
} ChipDevice;

static inline void
chip_device_hear (ChipDevice *reader, const guint8 *message, gsize size)
{
  guint nth = ++reader->messages;
  if (nth == reader->leaves_at)
    reader->chip.is_absent = TRUE;
  reader->answer_size = chip_answer (&reader->chip, message, size, reader->answer);
  if (nth == reader->is_silent_at)
    reader->answer_size = 0;
  if (nth == reader->lies_at)
    memset (reader->answer + 1, 0xFF, 4);
  g_cond_signal (&reader->heard);
}

static inline int
chip_device_on_urb (struct usbdevfs_urb *urb, guint8 *buffer, gpointer user)
{
  ChipDevice *reader = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&reader->lock);
  if (urb->type == USBDEVFS_URB_TYPE_CONTROL)
    {
      reader->requests++;
      reader->request_value = (guint16)(buffer[2] | buffer[3] << 8);
      urb->actual_length = 0;
      return buffer[0] == 0x21 && buffer[1] == 0x01 ? 0 : -EPIPE;
    }
  if (!(urb->endpoint & 0x80))
    {
      chip_device_hear (reader, buffer, (gsize)urb->buffer_length);
      urb->actual_length = urb->buffer_length;
      return 0;
    }
  if (reader->answer_size == 0)
    return EMULATOR_HOLD;
  if (reader->stalls_at && reader->messages >= reader->stalls_at)
    {
      reader->stalls_at = 0;
      return -EPIPE;
    }
  memcpy (buffer, reader->answer, MIN (reader->answer_size, (gsize)urb->buffer_length));
  urb->actual_length = (int)MIN (reader->answer_size, (gsize)urb->buffer_length);
  explicit_bzero (reader->answer, sizeof reader->answer);
  reader->answer_size = 0;
  return 0;
}

/* By the class alone, where the numbers are nobody's. */
static inline void
chip_device_init (ChipDevice *reader, guint16 vendor, guint16 product, guint32 features)
{
  static const guint8 head[CHIP_AT_ENDPOINTS - 54] = {
    18,   1,    0x00,
    0x02, 0,    0,
    0,    64,   0,
    0,    0,    0,
    0,    1,    1,
    2,    3,    1, /* device */
    9,    2,    CHIP_DESCRIPTORS - 18,
    0,    1,    1,
    0,    0x80, 50, /* configuration */
    9,    4,    0,
    0,    3,    0x0B,
    0,    0,    0, /* interface */
  };
  static const guint8 endpoints[21]
      = { 7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0, 7, 5, 0x83, 3, 8, 0, 16 };
  memcpy (reader->descriptors, head, sizeof head);
  memcpy (reader->descriptors + 8,
          ((const guint8[]){ (guint8)vendor, (guint8)(vendor >> 8), (guint8)product,
                             (guint8)(product >> 8) }),
          4);
  chip_descriptor (features, 271, reader->descriptors + sizeof head);
  memcpy (reader->descriptors + CHIP_AT_ENDPOINTS, endpoints, sizeof endpoints);
  reader->device = (EmulatorDevice){ .vendor = vendor,
                                     .product = product,
                                     .serial = "C-1",
                                     .descriptors = reader->descriptors,
                                     .descriptors_size = sizeof reader->descriptors,
                                     .on_urb = chip_device_on_urb,
                                     .offers_again = TRUE,
                                     .user = reader };
}

/* The card is pulled or put in, and the reader says so. */
static inline void
chip_device_turn (ChipDevice *reader, Emulator *emulator, gboolean is_present)
{
  const guint8 notice[] = { 0x50, is_present ? 0x03 : 0x02 };
  g_mutex_lock (&reader->lock);
  reader->chip.is_absent = !is_present;
  reader->chip.is_on = FALSE;
  g_mutex_unlock (&reader->lock);
  emulator_send_at (emulator, CHIP_NOTICES, notice, sizeof notice, 0);
}

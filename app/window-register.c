/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-parts.h"
#include "data/desk/tending.h"

static void
devices_free (gpointer devices)
{
  g_ptr_array_unref (devices);
}

/* "2.05" of 0x0205. Source: USB 2.0, 9.6.1, bcdDevice. */
static char *
firmware_of (const TillDevice *device)
{
  return g_strdup_printf ("%x.%02x", device->release >> 8, device->release & 0xffu);
}

static gpointer
see (gpointer ledger, gpointer data, GError **error)
{
  GPtrArray *devices = data;
  for (guint i = 0; i < devices->len; i++)
    {
      int64_t id;
      const TillDevice *device = g_ptr_array_index (devices, i);
      g_autofree char *firmware = firmware_of (device);
      if (device->release && device->state != TILL_DEVICE_UNPLUGGED
          && !till_tending_saw (ledger, device->vendor, device->product, device->serial,
                                device->path, firmware, &id, error))
        return NULL;
    }
  return devices;
}

void
till_window_see_firmware (TillWindow *self)
{
  const TillDeviceProbe *probe = self->counter.devices;
  if (probe)
    till_counter_ask (&self->counter, GTK_WIDGET (self), see, probe->list (probe->self),
                      devices_free, NULL);
}

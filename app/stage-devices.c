/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stage-devices.h"

static const TillDevice cast[] = {
  { 1, (char *)"Symbol bar-code scanner", (char *)"hid-keyboard", (char *)"1-1.4", (char *)"S1234",
    0x05e0, 0x1200, TILL_DEVICE_READY, (char *)"", 128, 0, 0x0205 },
  { 2, (char *)"Honeywell 1450g", (char *)"hid-pos", (char *)"1-1.2", (char *)"", 0x0c2e, 0x0b87,
    TILL_DEVICE_BUSY, (char *)"busy", 12, 3 },
  { 3, (char *)"MagTek reader", (char *)"magtek", (char *)"1-2", (char *)"B0A1", 0x0801, 0x0011,
    TILL_DEVICE_NO_PERMISSION, (char *)"no permission", 0, 0 },
  { 4, (char *)"Datalogic QuickScan", (char *)"hid-pos", (char *)"1-3", (char *)"G7", 0x05f9,
    0x4204, TILL_DEVICE_UNPLUGGED, (char *)"unplugged", 40, 0 },
  { 5, (char *)"USB", (char *)"", (char *)"", (char *)"", 0, 0, TILL_DEVICE_TROUBLE,
    (char *)"trouble", 0, 0 },
  { 6, (char *)"Generic keyboard", (char *)"", (char *)"1-4", (char *)"", 0x1a2c, 0x0e24,
    TILL_DEVICE_UNUSED, (char *)"unused", 0, 0 },
};

static GPtrArray *
list (gpointer self)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  for (gsize i = 0; i < G_N_ELEMENTS (cast); i++)
    g_ptr_array_add (devices, till_device_copy (&cast[i]));
  return devices;
}

TillDeviceProbe
till_stage_devices (void)
{
  return (TillDeviceProbe){ list, NULL };
}

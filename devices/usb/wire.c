/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/wire.h"
#include "data/core/error.h"
#include "devices/usb/hid-report.h"

TillWireDescription *
till_wire_description_copy (const TillWireDescription *description)
{
  TillWireDescription *copy = g_memdup2 (description, sizeof *description);
  copy->path = g_strdup (description->path);
  copy->serial = g_strdup (description->serial);
  copy->name = g_strdup (description->name);
  copy->driver = g_strdup (description->driver);
  return copy;
}

void
till_wire_description_free (TillWireDescription *description)
{
  g_free (description->path);
  g_free (description->serial);
  g_free (description->name);
  g_free (description->driver);
  g_free (description);
}

const TillWireFace *
till_wire_face (const TillWireDescription *description, guint8 number)
{
  for (guint i = 0; i < description->n_faces; i++)
    if (description->faces[i].number == number)
      return &description->faces[i];
  return NULL;
}

GBytes *
till_wire_report_descriptor (TillWire *wire, guint8 face, GError **error)
{
  enum
  {
    IN_STANDARD_INTERFACE = 0x81,
    GET_DESCRIPTOR = 0x06,
    REPORT_DESCRIPTOR = 0x2200,
  };
  g_autofree guint8 *bytes = g_malloc (TILL_HID_DESCRIPTOR_MAX);
  gssize size
      = wire->kind->control_in (wire, IN_STANDARD_INTERFACE, GET_DESCRIPTOR, REPORT_DESCRIPTOR,
                                face, bytes, TILL_HID_DESCRIPTOR_MAX, error);
  if (size < 0)
    return NULL;
  return g_bytes_new (bytes, (gsize)size);
}

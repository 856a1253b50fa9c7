/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers whose bytes are wrong though every word in them is right. */
#include "app/sandbox/tongue-parts.h"
#include "devices/gateway/json.h"

#include <string.h>

#define DEEP 200000

/* One more member that nobody knows: what stands in it is all that is wrong. */
static void
append_member (GByteArray *whole, gboolean json, const char *value, gsize size)
{
  const char *begin = json ? ",\"note\":\"" : "&note=";
  g_byte_array_append (whole, (const guint8 *)begin, (guint)strlen (begin));
  g_byte_array_append (whole, (const guint8 *)value, (guint)size);
  if (json)
    g_byte_array_append (whole, (const guint8 *)"\"", 1);
}

static void
append_depth (GByteArray *whole, gboolean json)
{
  g_autofree char *open = g_strnfill (DEEP, '[');
  g_autofree char *close = g_strnfill (DEEP, ']');
  const char *begin = json ? ",\"note\":" : "&note=";
  g_byte_array_append (whole, (const guint8 *)begin, (guint)strlen (begin));
  g_byte_array_append (whole, (const guint8 *)open, DEEP);
  g_byte_array_append (whole, (const guint8 *)close, DEEP);
}

GBytes *
till_tongue_twist (GBytes *body, TillDelivery delivery)
{
  static const struct
  {
    TillDelivery delivery;
    const char *value;
    gsize size;
  } notes[] = {
    { TILL_DELIVERY_BAD_UTF8, "\xff\xfe\xc0\xaf", 4 },
    { TILL_DELIVERY_NUL, "a\0b", 3 },
    { TILL_DELIVERY_GBK, "\xcd\xcb\xbf\xee\xb3\xc9\xb9\xa6", 8 }, /* 退款成功 */
  };
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  gboolean json = size > 2 && data[0] == '{' && data[size - 1] == '}';
  gboolean done = FALSE;
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_byte_array_append (whole, (const guint8 *)data, (guint)(json ? size - 1 : size));
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    if (notes[i].delivery == delivery)
      {
        append_member (whole, json, notes[i].value, notes[i].size);
        done = TRUE;
      }
  if (delivery == TILL_DELIVERY_DEEP)
    append_depth (whole, json);
  if (delivery == TILL_DELIVERY_DUPLICATE)
    {
      g_byte_array_append (whole, (const guint8 *)(json ? "," : "&"), 1);
      g_byte_array_append (whole, (const guint8 *)data + json, (guint)(size - 2 * json));
    }
  if (!done && delivery != TILL_DELIVERY_DEEP && delivery != TILL_DELIVERY_DUPLICATE)
    return g_bytes_ref (body);
  if (json)
    g_byte_array_append (whole, (const guint8 *)"}", 1);
  return g_byte_array_free_to_bytes (g_steal_pointer (&whole));
}

GBytes *
till_tongue_write (const json_t *object, TillDelivery delivery)
{
  g_autoptr (GBytes) body = till_json_write (object);
  return till_tongue_twist (body, delivery);
}

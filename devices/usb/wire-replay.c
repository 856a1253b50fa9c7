/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recorded device: what it is and what it does, one word a line, in this order of deeds:
 *
 *   device PATH VENDOR:PRODUCT SERIAL NAME…      the one device of the recording; SERIAL "-": none
 *   face NUMBER CLASS SUBCLASS PROTOCOL          hexadecimal, as in the descriptor
 *   descriptor HEX                               the report descriptor
 *   refuse busy|denied                           one attempt to open fails so
 *   report HEX                                   waits until somebody listens
 *   flood COUNT HEX                              the same report many times
 *   lost                                         the wire breaks while it is listened to
 *   left | back                                  unplugged, plugged in again
 *
 * '#' begins a comment line. Bytes may be set apart by blanks. One deed a turn of the main context.
 */
#include "devices/usb/wire.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "devices/usb/hid-report.h"

#include <string.h>

#define FILE_MAX (1024 * 1024)
#define DEEDS_MAX 4096
#define FLOOD_MAX 1000000

typedef enum
{
  DEED_REPORT,
  DEED_LOST,
  DEED_LEFT,
  DEED_BACK,
} DeedKind;

typedef struct
{
  DeedKind kind;
  guint count;   /* times to report */
  GBytes *bytes; /* owned; of a report */
} Deed;

typedef struct
{
  TillBus base;
  TillWireDescription *description; /* owned */
  GBytes *descriptor;               /* owned; may be NULL */
  GArray *refusals;                 /* owned; of TillDeviceState, in turn */
  guint refused;
  GArray *deeds; /* owned; of Deed */
  guint done;
  gboolean announced;
  gboolean plugged;
  TillWire *wire; /* unowned; the opened one */
  gboolean listening;
  const TillWireSink *sink;
  gpointer sink_user;
  const TillBusWatch *watch;
  gpointer user;
  GMainContext *home; /* owned */
  GSource *turn;      /* owned; NULL while nothing can be done */
} Replay;

typedef struct
{
  TillWire base;
  Replay *replay; /* unowned */
} ReplayWire;

static void
deed_clear (gpointer data)
{
  Deed *deed = data;
  g_clear_pointer (&deed->bytes, g_bytes_unref);
}

static void
stop_turning (Replay *replay)
{
  if (replay->turn)
    g_source_destroy (replay->turn);
  g_clear_pointer (&replay->turn, g_source_unref);
}

static void
do_deed (Replay *replay, const Deed *deed)
{
  gsize size = 0;
  const guint8 *bytes = deed->bytes ? g_bytes_get_data (deed->bytes, &size) : NULL;
  g_autoptr (GError) error = NULL;
  switch (deed->kind)
    {
    case DEED_REPORT:
      for (guint i = 0; i < deed->count && replay->listening; i++)
        replay->sink->report (bytes, size, 0, replay->sink_user);
      break;
    case DEED_LOST:
      g_set_error_literal (&error, TILL_ERROR, TILL_ERROR_OFFLINE, "the recording says lost");
      replay->listening = FALSE;
      replay->sink->lost (TILL_DEVICE_TROUBLE, error, replay->sink_user);
      break;
    case DEED_LEFT:
      replay->plugged = FALSE;
      replay->watch->left (replay->description->path, replay->user);
      break;
    case DEED_BACK:
      replay->plugged = TRUE;
      replay->watch->arrived (replay->description, replay->user);
      break;
    }
}

static gboolean
on_turn (gpointer data)
{
  Replay *replay = data;
  if (!replay->announced)
    {
      replay->announced = TRUE;
      replay->plugged = TRUE;
      replay->watch->arrived (replay->description, replay->user);
      return G_SOURCE_CONTINUE;
    }
  if (replay->done < replay->deeds->len)
    {
      const Deed *deed = &g_array_index (replay->deeds, Deed, replay->done);
      gboolean needs_ear = deed->kind == DEED_REPORT || deed->kind == DEED_LOST;
      if (!needs_ear || replay->listening)
        {
          replay->done++;
          do_deed (replay, deed);
          return G_SOURCE_CONTINUE;
        }
    }
  stop_turning (replay); /* until somebody listens */
  return G_SOURCE_REMOVE;
}

static void
go_on (Replay *replay)
{
  if (replay->turn)
    return;
  replay->turn = g_idle_source_new ();
  g_source_set_callback (replay->turn, on_turn, replay, NULL);
  g_source_attach (replay->turn, replay->home);
}

/* --- reading the file --- */

static gboolean
read_number (const char *text, guint base, guint64 max, guint64 *number)
{
  return text && g_ascii_string_to_unsigned (text, base, 0, max, number, NULL);
}

static GBytes *
read_hex (char **words, gsize max)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  for (guint i = 0; words[i]; i++)
    for (const char *p = words[i]; *p; p += 2)
      {
        int high = g_ascii_xdigit_value (p[0]);
        int low = p[1] ? g_ascii_xdigit_value (p[1]) : -1;
        if (high < 0 || low < 0 || bytes->len == max)
          return NULL;
        guint8 byte = (guint8)(high << 4 | low);
        g_byte_array_append (bytes, &byte, 1);
      }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
read_device (Replay *replay, char **words)
{
  if (g_strv_length (words) < 5 || replay->description)
    return FALSE;
  g_auto (GStrv) ids = g_strsplit (words[2], ":", 2);
  guint64 vendor, product;
  if (!read_number (ids[0], 16, 0xFFFF, &vendor)
      || !read_number (ids[0] ? ids[1] : NULL, 16, 0xFFFF, &product))
    return FALSE;
  g_autofree char *name = g_strjoinv (" ", words + 4);
  replay->description = g_new0 (TillWireDescription, 1);
  replay->description->path = g_strdup (words[1]);
  replay->description->serial = g_strdup (strcmp (words[3], "-") == 0 ? "" : words[3]);
  replay->description->name = till_text_clean (name, 126);
  replay->description->vendor = (guint16)vendor;
  replay->description->product = (guint16)product;
  return TRUE;
}

static gboolean
read_face (Replay *replay, char **words)
{
  TillWireDescription *description = replay->description;
  guint64 parts[4];
  if (!description || description->n_faces == TILL_WIRE_FACES_MAX || g_strv_length (words) != 5)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!read_number (words[i + 1], 16, 0xFF, &parts[i]))
      return FALSE;
  description->faces[description->n_faces++] = (TillWireFace){ .number = (guint8)parts[0],
                                                               .class = (guint8)parts[1],
                                                               .subclass = (guint8)parts[2],
                                                               .protocol = (guint8)parts[3],
                                                               .data_face = -1 };
  return TRUE;
}

static gboolean
read_refusal (Replay *replay, char **words)
{
  TillDeviceState state = g_strcmp0 (words[1], "busy") == 0     ? TILL_DEVICE_BUSY
                          : g_strcmp0 (words[1], "denied") == 0 ? TILL_DEVICE_NO_PERMISSION
                                                                : TILL_DEVICE_READY;
  g_array_append_val (replay->refusals, state);
  return state != TILL_DEVICE_READY && replay->refusals->len <= 64;
}

static gboolean
read_deed (Replay *replay, char **words)
{
  Deed deed = { .count = 1 };
  guint64 count = 1;
  gboolean is_flood = strcmp (words[0], "flood") == 0;
  if (strcmp (words[0], "lost") == 0)
    deed.kind = DEED_LOST;
  else if (strcmp (words[0], "left") == 0)
    deed.kind = DEED_LEFT;
  else if (strcmp (words[0], "back") == 0)
    deed.kind = DEED_BACK;
  else if (!is_flood && strcmp (words[0], "report") != 0)
    return FALSE;
  if (is_flood && !read_number (words[1], 10, FLOOD_MAX, &count))
    return FALSE;
  if (deed.kind == DEED_REPORT)
    deed.bytes = read_hex (words + (is_flood ? 2 : 1), TILL_HID_REPORT_MAX);
  if (deed.kind == DEED_REPORT && !deed.bytes)
    return FALSE;
  deed.count = (guint)count;
  g_array_append_val (replay->deeds, deed);
  return replay->deeds->len <= DEEDS_MAX;
}

static gboolean
read_line (Replay *replay, const char *line)
{
  g_auto (GStrv) parts = g_strsplit_set (line, " \t", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (guint i = 0; parts[i]; i++)
    if (parts[i][0])
      g_ptr_array_add (words, parts[i]);
  g_ptr_array_add (words, NULL);
  char **list = (char **)words->pdata;
  if (!list[0] || list[0][0] == '#')
    return TRUE;
  if (strcmp (list[0], "device") == 0)
    return read_device (replay, list);
  if (strcmp (list[0], "face") == 0)
    return read_face (replay, list);
  if (strcmp (list[0], "refuse") == 0)
    return read_refusal (replay, list);
  if (strcmp (list[0], "descriptor") != 0)
    return read_deed (replay, list);
  g_clear_pointer (&replay->descriptor, g_bytes_unref);
  replay->descriptor = read_hex (list + 1, TILL_HID_DESCRIPTOR_MAX);
  return replay->descriptor != NULL;
}

static gboolean
read_recording (Replay *replay, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize size;
  g_autoptr (GError) why = NULL;
  if (!g_file_get_contents (path, &text, &size, &why))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "no recording: %s", why->message);
      return FALSE;
    }
  if (size > FILE_MAX || strlen (text) != size)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: not a recording", path);
      return FALSE;
    }
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (!read_line (replay, lines[i]))
      {
        g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s, line %u: not understood", path,
                     i + 1);
        return FALSE;
      }
  if (replay->description)
    return TRUE;
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: it names no device", path);
  return FALSE;
}

/* --- the table --- */

static void
replay_stop (TillBus *base)
{
  Replay *replay = (Replay *)base;
  stop_turning (replay);
  if (replay->description)
    till_wire_description_free (replay->description);
  g_clear_pointer (&replay->descriptor, g_bytes_unref);
  g_array_unref (replay->refusals);
  g_array_unref (replay->deeds);
  g_main_context_unref (replay->home);
  g_free (replay);
}

static TillBus *
replay_start (const char *where, const TillBusWatch *watch, gpointer user, GError **error)
{
  Replay *replay = g_new0 (Replay, 1);
  replay->base.kind = &till_bus_replay;
  replay->refusals = g_array_new (FALSE, FALSE, sizeof (TillDeviceState));
  replay->deeds = g_array_new (FALSE, FALSE, sizeof (Deed));
  g_array_set_clear_func (replay->deeds, deed_clear);
  replay->watch = watch;
  replay->user = user;
  replay->home = g_main_context_ref_thread_default ();
  if (!read_recording (replay, where, error))
    {
      replay_stop (&replay->base);
      return NULL;
    }
  go_on (replay);
  return &replay->base;
}

static GBytes *
replay_peek (TillBus *base, const char *path, guint8 face, gboolean *is_free)
{
  Replay *replay = (Replay *)base;
  *is_free = TRUE;
  return replay->descriptor ? g_bytes_ref (replay->descriptor) : NULL;
}

static TillWire *
replay_open (TillBus *base, const char *path, guint8 face, const TillWireSink *sink, gpointer user,
             TillDeviceState *state, GError **error)
{
  Replay *replay = (Replay *)base;
  *state = TILL_DEVICE_READY;
  if (!replay->plugged)
    *state = TILL_DEVICE_UNPLUGGED;
  else if (replay->refused < replay->refusals->len)
    *state = g_array_index (replay->refusals, TillDeviceState, replay->refused++);
  if (*state != TILL_DEVICE_READY)
    {
      g_set_error (error, TILL_ERROR,
                   *state == TILL_DEVICE_BUSY ? TILL_ERROR_BUSY : TILL_ERROR_INVALID,
                   "the recording refuses to be opened");
      return NULL;
    }
  ReplayWire *wire = g_new0 (ReplayWire, 1);
  wire->base.kind = &till_bus_replay;
  wire->replay = replay;
  replay->wire = &wire->base;
  replay->sink = sink;
  replay->sink_user = user;
  return &wire->base;
}

static void
replay_close (TillWire *base)
{
  ReplayWire *wire = (ReplayWire *)base;
  wire->replay->listening = FALSE;
  wire->replay->wire = NULL;
  g_free (wire);
}

static gssize
replay_control_in (TillWire *base, guint8 request_type, guint8 request, guint16 value,
                   guint16 index, guint8 *bytes, guint16 size, GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_OFFLINE, "a recording answers no requests");
  return -1;
}

static gboolean
replay_listen (TillWire *base, gsize report_size, GError **error)
{
  Replay *replay = ((ReplayWire *)base)->replay;
  replay->listening = TRUE;
  go_on (replay);
  return TRUE;
}

static gboolean
replay_send (TillWire *base, const guint8 *bytes, gsize size, TillDeviceState *state,
             GError **error)
{
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID, "a recording takes nothing");
  *state = TILL_DEVICE_TROUBLE;
  return FALSE;
}

static gboolean
replay_request (TillWire *base, guint8 request, guint16 value, TillDeviceState *state,
                GError **error)
{
  return replay_send (base, NULL, 0, state, error);
}

const TillBusKind till_bus_replay = {
  .name = "replay",
  .start = replay_start,
  .stop = replay_stop,
  .peek = replay_peek,
  .open = replay_open,
  .close = replay_close,
  .control_in = replay_control_in,
  .listen = replay_listen,
  .send = replay_send,
  .request = replay_request,
};

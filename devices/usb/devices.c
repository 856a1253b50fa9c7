/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ward of the thread "usb" is the list of entries; a post box carries events home. */
#include "devices/usb/devices.h"
#include "data/core/error.h"
#include "data/core/secret.h"
#include "data/core/worker.h"
#include "devices/usb/display.h"
#include "devices/usb/facts.h"

#include <string.h>

#define BUSES_MAX 3
#define LOOKS_MAX 4
/* Arrivals, departures and states that may wait; beyond it only the list tells. */
#define NEWS_MAX 256
#define FLOOD_TOLD_EVERY G_TIME_SPAN_SECOND

enum
{
  CLASS_HID = 0x03,
  ENDPOINT_IN = 0x80,
  ENDPOINT_INTERRUPT = 3,
};

/* Its finding, if it has one, lies in the ring of the devices. */
typedef struct
{
  TillDeviceEventKind kind;
  TillDevice *device; /* owned */
} Letter;

struct _TillDevices
{
  TillWorker *worker; /* owned */
  TillDevicesListener listener;
  gpointer user;
  GMainContext *home;  /* owned; where the listener is called */
  gint stopping;       /* atomic */
  TillCardRule *cards; /* owned, in secret memory; NULL without a rule */
  TillFinding *ring;   /* owned, in secret memory; of TILL_DEVICES_CODES_MAX; under lock */

  GMutex lock;
  GQueue letters;    /* of Letter; under lock, as all below */
  guint n_codes;     /* of them with a finding */
  guint first_code;  /* where the oldest of their findings lies */
  GSource *delivery; /* owned; NULL while nothing waits */
  GPtrArray *list;   /* owned; of TillDevice */
  TillDisplayText text;
  gboolean text_waits; /* the thread has been told to look at the text */
};

typedef struct _Ward Ward;

typedef struct
{
  Ward *ward;                       /* unowned */
  TillDevice *device;               /* owned */
  TillBus *bus;                     /* unowned */
  TillWireDescription *description; /* owned */
  guint8 face;
  const TillFact *fact;  /* unowned; NULL while unused */
  TillHidLayout *layout; /* owned; NULL for what is no HID */
  gpointer state;        /* owned; the driver's */
  TillWire *wire;        /* owned; NULL unless READY */
  GSource *retry;        /* owned; NULL unless waiting to open anew */
  GSource *pause;        /* owned; NULL unless a report came just now */
  guint tries;
  gint64 flood_told_at; /* monotonic; 0: never */
} Entry;

typedef struct
{
  Ward *ward; /* unowned */
  TillBus *bus;
} Post;

/* A HID interface that the system cannot describe yet. */
typedef struct
{
  Post *post;                       /* unowned */
  TillWireDescription *description; /* owned */
  const TillWireFace *face;         /* in the description */
  GSource *source;                  /* owned */
  guint tries;
} Look;

struct _Ward
{
  GPtrArray *looks;      /* owned; of Look */
  TillDevices *devices;  /* unowned; outlives the thread */
  GPtrArray *facts;      /* owned; of TillFact, the chosen ones first */
  GPtrArray *entries;    /* owned; of Entry */
  Post posts[BUSES_MAX]; /* the buses in use, each with what its callbacks need */
  guint n_posts;
  guint next_id;
  guint retry_ms[4];
};

typedef struct
{
  TillDevices *devices;
  const TillDevicesSettings *settings;
} Opening;

/* --- plain things --- */

TillDevice *
till_device_copy (const TillDevice *device)
{
  TillDevice *copy = g_memdup2 (device, sizeof *device);
  copy->name = g_strdup (device->name);
  copy->driver = g_strdup (device->driver);
  copy->path = g_strdup (device->path);
  copy->serial = g_strdup (device->serial);
  copy->words = g_strdup (device->words);
  return copy;
}

void
till_device_free (TillDevice *device)
{
  g_free (device->name);
  g_free (device->driver);
  g_free (device->path);
  g_free (device->serial);
  g_free (device->words);
  g_free (device);
}

const char *
till_device_state_name (TillDeviceState state)
{
  static const char *const names[] = {
    [TILL_DEVICE_READY] = "ready",
    [TILL_DEVICE_BUSY] = "busy",
    [TILL_DEVICE_NO_PERMISSION] = "no permission",
    [TILL_DEVICE_UNPLUGGED] = "unplugged",
    [TILL_DEVICE_TROUBLE] = "trouble",
    [TILL_DEVICE_UNUSED] = "unused",
  };
  return names[state];
}

/* --- the post home --- */

static void
letter_free (gpointer data)
{
  Letter *letter = data;
  till_device_free (letter->device);
  g_free (letter);
}

static gboolean
is_finding (TillDeviceEventKind kind)
{
  return kind == TILL_DEVICE_CODE || kind == TILL_DEVICE_CARD || kind == TILL_DEVICE_CARD_EARLY
         || kind == TILL_DEVICE_REFUSED || kind == TILL_DEVICE_WEIGHT;
}

/* Under the lock: out of the ring, where nothing of it stays. */
static void
take_finding (TillDevices *devices, TillFinding *finding)
{
  TillFinding *place = &devices->ring[devices->first_code];
  *finding = *place;
  explicit_bzero (place, sizeof *place);
  devices->first_code = (devices->first_code + 1) % TILL_DEVICES_CODES_MAX;
  devices->n_codes--;
}

/* One letter a turn, so that a listener may take its time, or free the devices. */
static gboolean
on_delivery (gpointer data)
{
  TillDevices *devices = data;
  TillFinding finding;
  g_mutex_lock (&devices->lock);
  Letter *letter = g_queue_pop_head (&devices->letters);
  gboolean has_finding = is_finding (letter->kind);
  if (has_finding)
    take_finding (devices, &finding);
  gboolean more = devices->letters.length > 0;
  if (!more)
    g_clear_pointer (&devices->delivery, g_source_unref);
  g_mutex_unlock (&devices->lock);

  TillDeviceEvent event = { letter->kind, letter->device, has_finding ? &finding : NULL };
  devices->listener (&event, devices->user);
  letter_free (letter);
  explicit_bzero (&finding, sizeof finding);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* FALSE when the box is full and the letter was not taken. */
static gboolean
send_home (TillDevices *devices, TillDeviceEventKind kind, const TillDevice *device,
           const TillFinding *finding)
{
  gboolean taken = FALSE;
  g_mutex_lock (&devices->lock);
  guint n_news = devices->letters.length - devices->n_codes;
  if (is_finding (kind) ? devices->n_codes < TILL_DEVICES_CODES_MAX : n_news < NEWS_MAX)
    {
      Letter *letter = g_new0 (Letter, 1);
      letter->kind = kind;
      letter->device = till_device_copy (device);
      g_queue_push_tail (&devices->letters, letter);
      if (finding)
        devices->ring[(devices->first_code + devices->n_codes++) % TILL_DEVICES_CODES_MAX]
            = *finding;
      taken = TRUE;
    }
  if (taken && !devices->delivery)
    {
      devices->delivery = g_idle_source_new ();
      g_source_set_priority (devices->delivery, G_PRIORITY_DEFAULT);
      g_source_set_callback (devices->delivery, on_delivery, devices, NULL);
      g_source_attach (devices->delivery, devices->home);
    }
  g_mutex_unlock (&devices->lock);
  return taken;
}

/* The shared list is made anew from the entries; there are never more than TILL_DEVICES_MAX. */
static void
publish (Ward *ward)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  for (guint i = 0; i < ward->entries->len; i++)
    g_ptr_array_add (list,
                     till_device_copy (((Entry *)g_ptr_array_index (ward->entries, i))->device));
  g_mutex_lock (&ward->devices->lock);
  GPtrArray *old = ward->devices->list;
  ward->devices->list = list;
  g_mutex_unlock (&ward->devices->lock);
  if (old)
    g_ptr_array_unref (old);
}

static void
tell (Entry *entry, TillDeviceEventKind kind)
{
  publish (entry->ward);
  if (!send_home (entry->ward->devices, kind, entry->device, NULL))
    g_warning ("device %s: nobody reads the events; only the list is kept", entry->device->name);
}

static void
set_state (Entry *entry, TillDeviceState state, const char *words)
{
  TillDevice *device = entry->device;
  if (device->state == state && g_strcmp0 (device->words, words) == 0)
    return;
  device->state = state;
  g_free (device->words);
  device->words = g_strdup (words);
  tell (entry, TILL_DEVICE_STATE);
}

/* --- what a device shows --- */

static gboolean
send_text (Entry *entry, const TillDisplayText *text, gboolean is_fresh, TillDeviceState *state,
           GError **error)
{
  guint8 bytes[TILL_DISPLAY_BYTES_MAX];
  gsize size = entry->fact->driver->show (text, is_fresh, bytes);
  return entry->wire->kind->send (entry->wire, bytes, size, state, error);
}

static gboolean
is_display (const Entry *entry)
{
  return entry->wire && entry->fact->driver->show;
}

/* No customer reads the last one's sums on a till that was left. */
static void
clear_display (Entry *entry)
{
  g_autoptr (GError) error = NULL;
  TillDisplayText nothing;
  TillDeviceState state;
  till_display_clear (&nothing);
  if (is_display (entry) && !send_text (entry, &nothing, FALSE, &state, &error))
    g_warning ("display %s cannot be cleared: %s", entry->device->name, error->message);
}

/* --- what a device says --- */

/* The shared list would tell them only when a state changes. */
static void
publish_counts (const Entry *entry)
{
  TillDevices *devices = entry->ward->devices;
  g_mutex_lock (&devices->lock);
  for (guint i = 0; i < devices->list->len; i++)
    {
      TillDevice *device = g_ptr_array_index (devices->list, i);
      if (device->id != entry->device->id)
        continue;
      device->findings = entry->device->findings;
      device->refused = entry->device->refused;
      device->dropped = entry->device->dropped;
    }
  g_mutex_unlock (&devices->lock);
}

static void
on_dropped (Entry *entry, guint n)
{
  entry->device->dropped += n;
  publish_counts (entry);
  gint64 now = g_get_monotonic_time ();
  if (entry->flood_told_at && now - entry->flood_told_at < FLOOD_TOLD_EVERY)
    return;
  entry->flood_told_at = now;
  g_warning ("device %s sends faster than it is read; so far %" G_GUINT64_FORMAT " dropped",
             entry->device->name, entry->device->dropped);
  tell (entry, TILL_DEVICE_FLOODED);
}

static void
on_finding (const TillFinding *finding, gpointer user)
{
  static const TillDeviceEventKind kinds[] = {
    [TILL_FINDING_CODE] = TILL_DEVICE_CODE,
    [TILL_FINDING_CARD] = TILL_DEVICE_CARD,
    [TILL_FINDING_CARD_EARLY] = TILL_DEVICE_CARD_EARLY,
    [TILL_FINDING_REFUSED] = TILL_DEVICE_REFUSED,
    [TILL_FINDING_WEIGHT] = TILL_DEVICE_WEIGHT,
  };
  Entry *entry = user;
  entry->device->findings++;
  entry->device->refused
      += finding->kind == TILL_FINDING_REFUSED || finding->kind == TILL_FINDING_CARD_EARLY;
  publish_counts (entry);
  if (!send_home (entry->ward->devices, kinds[finding->kind], entry->device, finding))
    on_dropped (entry, 1);
}

static void close_wire (Entry *entry);
static void open_later (Entry *entry);
static void on_lost (TillDeviceState state, const GError *error, gpointer user);
static void wait_for_pause (Entry *entry);

static void
forget_pause (Entry *entry)
{
  if (entry->pause)
    g_source_destroy (entry->pause);
  g_clear_pointer (&entry->pause, g_source_unref);
}

static TillDeviceState
send_message (Entry *entry, GError **error)
{
  TillMessage message = { 0 };
  TillDeviceState state = TILL_DEVICE_TROUBLE;
  const TillBusKind *kind = entry->wire->kind;
  if (!entry->fact->driver->speak)
    return TILL_DEVICE_READY;
  if (!entry->fact->driver->speak (entry->state, &message, error))
    return TILL_DEVICE_TROUBLE;
  if (message.has_request
      && !kind->request (entry->wire, message.request, message.value, &state, error))
    return state;
  if (message.size > 0 && !kind->send (entry->wire, message.bytes, message.size, &state, error))
    return state;
  return TILL_DEVICE_READY;
}

/* After all that a device says, and after its silence. */
static void
go_on (Entry *entry)
{
  g_autoptr (GError) error = NULL;
  TillDeviceState state = send_message (entry, &error);
  if (state == TILL_DEVICE_READY)
    wait_for_pause (entry);
  else
    on_lost (state, error, entry);
}

static gboolean
on_pause (gpointer data)
{
  Entry *entry = data;
  g_clear_pointer (&entry->pause, g_source_unref);
  entry->fact->driver->pause (entry->state, on_finding, entry);
  if (entry->fact->driver->speak)
    go_on (entry);
  return G_SOURCE_REMOVE;
}

static void
wait_for_pause (Entry *entry)
{
  const TillDriver *driver = entry->fact->driver;
  guint silence = !driver->pause     ? 0
                  : driver->patience ? driver->patience (entry->state)
                                     : TILL_DRIVER_PAUSE_MS;
  forget_pause (entry);
  if (silence == 0)
    return;
  entry->pause = g_timeout_source_new (silence);
  g_source_set_callback (entry->pause, on_pause, entry, NULL);
  g_source_attach (entry->pause, g_main_context_get_thread_default ());
}

static void
on_report (const guint8 *bytes, gsize size, guint dropped, gpointer user)
{
  Entry *entry = user;
  /* A device that never pauses must not keep the thread from ending. */
  if (g_atomic_int_get (&entry->ward->devices->stopping))
    {
      clear_display (entry);
      close_wire (entry);
      return;
    }
  entry->tries = 0;
  if (dropped)
    {
      entry->fact->driver->reset (entry->state);
      on_dropped (entry, dropped);
    }
  entry->fact->driver->take (entry->state, bytes, size, on_finding, entry);
  go_on (entry);
}

static void
count_loss (Entry *entry, TillDeviceState state)
{
  if (entry->device->state != TILL_DEVICE_READY)
    return;
  entry->device->lost++;
  entry->device->lost_by = state;
}

static void
on_lost (TillDeviceState state, const GError *error, gpointer user)
{
  Entry *entry = user;
  close_wire (entry);
  count_loss (entry, state);
  set_state (entry, state, error->message);
  if (state != TILL_DEVICE_UNPLUGGED)
    open_later (entry);
}

static const TillWireSink sink = { on_report, on_lost };

/* --- opening --- */

static void
close_wire (Entry *entry)
{
  TillWire *wire = g_steal_pointer (&entry->wire);
  forget_pause (entry);
  if (wire)
    wire->kind->close (wire);
  if (entry->state)
    entry->fact->driver->stop (entry->state);
  entry->state = NULL;
}

static void
forget_retry (Entry *entry)
{
  if (entry->retry)
    g_source_destroy (entry->retry);
  g_clear_pointer (&entry->retry, g_source_unref);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  forget_retry (entry);
  close_wire (entry);
  g_free (entry->layout);
  if (entry->description)
    till_wire_description_free (entry->description);
  till_device_free (entry->device);
  g_free (entry);
}

static const TillFact *find_fact (Ward *ward, const TillWireDescription *description,
                                  const TillWireFace *face, const TillHidLayout *layout,
                                  gboolean may_ask);

/* The fact was the first one that might fit; now it can be told which does. */
static gboolean
adopt (Entry *entry, const TillHidLayout *layout, GError **error)
{
  const TillFact *fact = NULL;
  for (guint i = 0; i < entry->description->n_faces && !fact; i++)
    if (entry->description->faces[i].number == entry->face)
      fact = find_fact (entry->ward, entry->description, &entry->description->faces[i], layout,
                        FALSE);
  if (!fact)
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_INVALID,
                           "it is no device that this till can use");
      return FALSE;
    }
  entry->fact = fact;
  g_free (entry->device->driver);
  entry->device->driver = g_strdup (fact->driver->name);
  if (!entry->description->name[0])
    {
      g_free (entry->device->name);
      entry->device->name = g_strdup (fact->name);
    }
  return TRUE;
}

/* Takes the layout from a wire that is open when the system did not know it. */
static gboolean
read_layout (Entry *entry, TillWire *wire, GError **error)
{
  if (entry->layout || !entry->fact->driver->needs_layout)
    return TRUE;
  g_autoptr (GBytes) bytes = till_wire_report_descriptor (wire, entry->face, error);
  if (!bytes)
    return FALSE;
  gsize size;
  const guint8 *descriptor = g_bytes_get_data (bytes, &size);
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  if (!till_hid_layout_parse (descriptor, size, layout, error))
    return FALSE;
  if (!adopt (entry, layout, error))
    return FALSE;
  entry->layout = g_steal_pointer (&layout);
  return TRUE;
}

static TillDisplayText
text_now (TillDevices *devices)
{
  g_mutex_lock (&devices->lock);
  TillDisplayText text = devices->text;
  g_mutex_unlock (&devices->lock);
  return text;
}

/* Also what was shown before it was unplugged, or in trouble. */
static TillDeviceState
show_again (Entry *entry, GError **error)
{
  TillDeviceState state = TILL_DEVICE_READY;
  TillDisplayText text = text_now (entry->ward->devices);
  /* What a display took is all the proof there will be that it works. */
  if (is_display (entry) && send_text (entry, &text, TRUE, &state, error))
    entry->tries = 0;
  return state;
}

static gpointer
on_text (gpointer data, gpointer input, GError **error)
{
  Ward *ward = data;
  /* From here on another text is another errand, so that only one is ever waiting. */
  g_mutex_lock (&ward->devices->lock);
  ward->devices->text_waits = FALSE;
  g_mutex_unlock (&ward->devices->lock);
  TillDisplayText text = text_now (ward->devices);
  for (guint i = 0; i < ward->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (ward->entries, i);
      g_autoptr (GError) why = NULL;
      TillDeviceState state;
      if (is_display (entry) && !send_text (entry, &text, FALSE, &state, &why))
        on_lost (state, why, entry);
    }
  return NULL;
}

static TillTerms
terms_of (const Entry *entry)
{
  TillTerms terms = { .quirks = entry->fact->quirks,
                      .cards = entry->ward->devices->cards,
                      .is_torn = entry->tries > 0 };
  const TillWireFace *face = till_wire_face (entry->description, entry->face);
  if (!face)
    return terms;
  terms.descriptor = face->descriptor;
  terms.descriptor_size = face->descriptor_size;
  for (guint i = 0; i < face->n_endpoints; i++)
    terms.tells |= (face->endpoints[i].address & ENDPOINT_IN)
                   && face->endpoints[i].type == ENDPOINT_INTERRUPT;
  return terms;
}

static TillDeviceState
try_open (Entry *entry, GError **error)
{
  TillDeviceState state = TILL_DEVICE_READY;
  entry->wire = entry->bus->kind->open (entry->bus, entry->description->path, entry->face, &sink,
                                        entry, &state, error);
  if (!entry->wire)
    return state;
  if (!read_layout (entry, entry->wire, error))
    return TILL_DEVICE_TROUBLE;
  const TillTerms terms = terms_of (entry);
  entry->state = entry->fact->driver->start (entry->layout, &terms, error);
  if (!entry->state)
    return TILL_DEVICE_TROUBLE;
  gsize size = entry->layout ? entry->layout->input_size : entry->fact->driver->report_size;
  if (!entry->wire->kind->listen (entry->wire, size, error))
    return TILL_DEVICE_TROUBLE;
  state = send_message (entry, error);
  return state == TILL_DEVICE_READY ? show_again (entry, error) : state;
}

static void
open_now (Entry *entry)
{
  g_autoptr (GError) error = NULL;
  TillDeviceState state = try_open (entry, &error);
  if (state == TILL_DEVICE_READY)
    {
      if (entry->tries > 0 || entry->fact->driver->speak)
        wait_for_pause (entry);
      set_state (entry, state, "");
      return;
    }
  close_wire (entry);
  set_state (entry, state, error->message);
  /* Descriptors that make no sense will make no more of it later. */
  gboolean is_hopeless
      = state == TILL_DEVICE_TROUBLE && g_error_matches (error, TILL_ERROR, TILL_ERROR_INVALID);
  if (state != TILL_DEVICE_UNPLUGGED && !is_hopeless)
    open_later (entry);
}

static gboolean
on_retry (gpointer data)
{
  Entry *entry = data;
  g_clear_pointer (&entry->retry, g_source_unref);
  open_now (entry);
  return G_SOURCE_REMOVE;
}

static void
open_later (Entry *entry)
{
  forget_retry (entry);
  const guint *ladder = entry->ward->retry_ms;
  guint pause = ladder[MIN (entry->tries, 3)];
  entry->tries++;
  entry->retry = g_timeout_source_new (pause);
  g_source_set_callback (entry->retry, on_retry, entry, NULL);
  g_source_attach (entry->retry, g_main_context_get_thread_default ());
}

/* --- coming and going --- */

/* What the system knows of a face's reports; *may_ask when nobody would be disturbed by asking. */
static TillHidLayout *
peek_layout (TillBus *bus, const TillWireDescription *description, const TillWireFace *face,
             gboolean *may_ask)
{
  *may_ask = FALSE;
  if (face->class != CLASS_HID)
    return NULL;
  g_autoptr (GBytes) bytes = bus->kind->peek (bus, description->path, face->number, may_ask);
  if (!bytes)
    return NULL;
  *may_ask = FALSE;
  gsize size;
  const guint8 *descriptor = g_bytes_get_data (bytes, &size);
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  g_autoptr (GError) error = NULL;
  if (till_hid_layout_parse (descriptor, size, layout, &error))
    return g_steal_pointer (&layout);
  g_warning ("USB device %s: %s", description->path, error->message);
  return NULL;
}

static const TillFact *
find_fact (Ward *ward, const TillWireDescription *description, const TillWireFace *face,
           const TillHidLayout *layout, gboolean may_ask)
{
  for (guint i = 0; i < ward->facts->len; i++)
    {
      const TillFact *fact = g_ptr_array_index (ward->facts, i);
      if (!till_fact_fits (fact, description, face))
        continue;
      gboolean fits_page
          = fact->usage_page == TILL_FACTS_ANY
            || (layout && till_hid_layout_has_page (layout, (guint16)fact->usage_page))
            || (!layout && (may_ask || fact->product != TILL_FACTS_ANY));
      if (fits_page)
        return fact;
    }
  return NULL;
}

/* The entry of a device that was here before: same numbers and serial, or, without a serial, the
 * same socket. One that is still plugged in is another device with an equal serial. */
static Entry *
find_absent (Ward *ward, const TillWireDescription *description, guint8 face)
{
  for (guint i = 0; i < ward->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (ward->entries, i);
      const TillDevice *device = entry->device;
      gboolean is_same = device->vendor == description->vendor
                         && device->product == description->product && entry->face == face
                         && strcmp (device->serial, description->serial) == 0
                         && (device->serial[0] || strcmp (device->path, description->path) == 0);
      if (description->driver) /* every connection is another path: go by what it says it is */
        is_same = strcmp (device->driver, description->driver) == 0
                  && strcmp (device->name, description->name) == 0;
      if (is_same && device->state == TILL_DEVICE_UNPLUGGED)
        return entry;
    }
  return NULL;
}

static gboolean
make_room (Ward *ward)
{
  for (guint i = 0; i < ward->entries->len && ward->entries->len >= TILL_DEVICES_MAX; i++)
    {
      const Entry *entry = g_ptr_array_index (ward->entries, i);
      if (entry->device->state == TILL_DEVICE_UNPLUGGED)
        g_ptr_array_remove_index (ward->entries, i--);
    }
  return ward->entries->len < TILL_DEVICES_MAX;
}

static Entry *
add_entry (Ward *ward, const TillWireDescription *description, const char *name)
{
  if (!make_room (ward))
    {
      g_warning ("device %s is left alone: there are %d already", name, TILL_DEVICES_MAX);
      return NULL;
    }
  Entry *entry = g_new0 (Entry, 1);
  entry->ward = ward;
  entry->device = g_new0 (TillDevice, 1);
  entry->device->id = ++ward->next_id;
  entry->device->vendor = description->vendor;
  entry->device->product = description->product;
  entry->device->name = g_strdup (name);
  entry->device->serial = g_strdup (description->serial);
  entry->device->path = g_strdup (description->path);
  entry->device->driver = g_strdup ("");
  entry->device->words = g_strdup ("");
  entry->device->state = TILL_DEVICE_UNPLUGGED;
  g_ptr_array_add (ward->entries, entry);
  return entry;
}

static void
settle (Ward *ward, TillBus *bus, const TillWireDescription *description, const TillWireFace *face,
        const TillFact *fact, TillHidLayout *layout)
{
  const char *name = description->name[0] ? description->name : fact ? fact->name : "HID";
  Entry *entry = find_absent (ward, description, face->number);
  if (!entry)
    entry = add_entry (ward, description, name);
  if (!entry)
    {
      g_free (layout);
      return;
    }
  forget_retry (entry);
  if (entry->description)
    till_wire_description_free (entry->description);
  g_free (entry->layout);
  g_free (entry->device->path);
  g_free (entry->device->driver);
  entry->description = till_wire_description_copy (description);
  entry->device->release = description->release; /* another one after an upgrade */
  entry->device->path = g_strdup (description->path);
  entry->device->driver = g_strdup (fact ? fact->driver->name : "");
  entry->bus = bus;
  entry->face = face->number;
  entry->fact = fact;
  entry->layout = layout;
  entry->tries = 0;
  tell (entry, TILL_DEVICE_ARRIVED);
  if (fact)
    open_now (entry);
  else
    set_state (entry, TILL_DEVICE_UNUSED, "no driver was chosen for it");
}

/* A virtual device says which driver it wants, and may have none but the virtual ones. */
static const TillFact *
virtual_fact (Ward *ward, const TillWireDescription *description)
{
  const TillDriver *driver = till_facts_driver (description->driver);
  if (!driver || driver->needs_layout)
    return NULL;
  for (guint i = 0; i < ward->facts->len; i++)
    {
      const TillFact *fact = g_ptr_array_index (ward->facts, i);
      if (fact->driver == driver)
        return fact;
    }
  TillFact *fact = till_fact_new (driver->name, driver);
  /* No real device has these numbers, so that this fact fits nothing else. */
  fact->vendor = fact->product = 0;
  g_ptr_array_add (ward->facts, fact);
  return fact;
}

static gboolean on_look (gpointer data);

/* The kernel tells of a device before its HID driver has read the report descriptor; what cannot be
 * told yet is looked at again, a few times and then no more. */
static void
look_later (Look *look)
{
  Ward *ward = look->post->ward;
  if (look->source)
    g_source_unref (look->source);
  look->source = g_timeout_source_new (MIN (ward->retry_ms[look->tries], 5000));
  g_source_set_callback (look->source, on_look, look, NULL);
  g_source_attach (look->source, g_main_context_get_thread_default ());
}

/* FALSE when nothing can be said yet. */
static gboolean
look_at (Post *post, const TillWireDescription *description, const TillWireFace *face)
{
  Ward *ward = post->ward;
  gboolean may_ask = FALSE;
  TillHidLayout *layout = peek_layout (post->bus, description, face, &may_ask);
  const TillFact *fact = description->driver ? virtual_fact (ward, description)
                                             : find_fact (ward, description, face, layout, may_ask);
  gboolean is_known = fact || layout || face->class != CLASS_HID;
  if (fact
      || (face->class == CLASS_HID && layout
          && till_hid_layout_has_page (layout, TILL_HID_PAGE_KEYBOARD)))
    settle (ward, post->bus, description, face, fact, layout);
  else
    g_free (layout);
  return is_known;
}

static gboolean
on_look (gpointer data)
{
  Look *look = data;
  if (!look_at (look->post, look->description, look->face) && ++look->tries < LOOKS_MAX)
    look_later (look);
  else
    g_ptr_array_remove_fast (look->post->ward->looks, look);
  return G_SOURCE_REMOVE;
}

static void
on_arrived (const TillWireDescription *description, gpointer user)
{
  Post *post = user;
  GPtrArray *looks = post->ward->looks;
  for (guint i = 0; i < description->n_faces; i++)
    {
      if (look_at (post, description, &description->faces[i]) || looks->len >= TILL_DEVICES_MAX)
        continue;
      Look *look = g_new0 (Look, 1);
      look->post = post;
      look->description = till_wire_description_copy (description);
      look->face = &look->description->faces[i];
      g_ptr_array_add (looks, look);
      look_later (look);
    }
}

static void
on_left (const char *path, gpointer user)
{
  Post *post = user;
  Ward *ward = post->ward;
  for (guint i = ward->looks->len; i > 0; i--)
    {
      const Look *look = g_ptr_array_index (ward->looks, i - 1);
      if (look->post == post && strcmp (look->description->path, path) == 0)
        g_ptr_array_remove_index_fast (ward->looks, i - 1);
    }
  for (guint i = 0; i < ward->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (ward->entries, i);
      if (entry->bus != post->bus || !entry->description
          || strcmp (entry->description->path, path) != 0)
        continue;
      forget_retry (entry);
      close_wire (entry);
      g_clear_pointer (&entry->description, till_wire_description_free);
      count_loss (entry, TILL_DEVICE_UNPLUGGED);
      entry->device->state = TILL_DEVICE_UNPLUGGED;
      g_free (entry->device->words);
      entry->device->words = g_strdup ("it was unplugged");
      tell (entry, TILL_DEVICE_LEFT);
    }
}

static const TillBusWatch watch = { on_arrived, on_left };

/* --- the ward --- */

static void
look_free (gpointer data)
{
  Look *look = data;
  g_source_destroy (look->source);
  g_source_unref (look->source);
  till_wire_description_free (look->description);
  g_free (look);
}

static void
ward_free (gpointer data)
{
  Ward *ward = data;
  for (guint i = 0; i < ward->entries->len; i++)
    clear_display (g_ptr_array_index (ward->entries, i));
  g_ptr_array_unref (ward->looks);
  g_ptr_array_unref (ward->entries);
  for (guint i = 0; i < ward->n_posts; i++)
    ward->posts[i].bus->kind->stop (ward->posts[i].bus);
  if (ward->facts)
    g_ptr_array_unref (ward->facts);
  g_free (ward);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ward, ward_free)

static gboolean
start_bus (Ward *ward, const TillBusKind *kind, const char *where, GError **error)
{
  Post *post = &ward->posts[ward->n_posts];
  post->ward = ward;
  post->bus = kind->start (where, &watch, post, error);
  ward->n_posts += post->bus != NULL;
  return post->bus != NULL;
}

static void
start_usb (Ward *ward)
{
  g_autoptr (GError) error = NULL;
  if (start_bus (ward, &till_bus_usb, NULL, &error))
    return;
  char none[] = "";
  TillWireDescription nothing = { .path = none, .serial = none, .name = none };
  set_state (add_entry (ward, &nothing, "USB"), TILL_DEVICE_TROUBLE, error->message);
}

static gpointer
ward_open (gpointer data, GError **error)
{
  Opening *opening = data;
  const TillDevicesSettings *settings = opening->settings;
  static const guint usual[] = { 1000, 2000, 5000, 10000 };
  g_autoptr (Ward) ward = g_new0 (Ward, 1);
  ward->devices = opening->devices;
  ward->entries = g_ptr_array_new_with_free_func (entry_free);
  ward->looks = g_ptr_array_new_with_free_func (look_free);
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    ward->retry_ms[i] = settings->retry_ms[i] ? settings->retry_ms[i] : usual[i];
  ward->facts = till_facts_load (settings->facts_dir, error);
  if (!ward->facts)
    return NULL;
  if (settings->socket_path && !start_bus (ward, &till_bus_socket, settings->socket_path, error))
    return NULL;
  if (settings->replay_path && !start_bus (ward, &till_bus_replay, settings->replay_path, error))
    return NULL;
  if (settings->usb)
    start_usb (ward);
  return g_steal_pointer (&ward);
}

static gboolean
take_secret_memory (TillDevices *devices, const TillCardRule *cards, GError **error)
{
  devices->ring = till_secret_alloc (TILL_DEVICES_CODES_MAX * sizeof *devices->ring);
  devices->cards = cards ? till_secret_alloc (sizeof *devices->cards) : NULL;
  if (!devices->ring || (cards && !devices->cards))
    {
      g_set_error_literal (error, TILL_ERROR, TILL_ERROR_BUSY,
                           "no locked memory for scanners and readers");
      return FALSE;
    }
  if (cards)
    *devices->cards = *cards;
  return TRUE;
}

TillDevices *
till_devices_new (const TillDevicesSettings *settings, TillDevicesListener listener, gpointer user,
                  GError **error)
{
  TillDevices *devices = g_new0 (TillDevices, 1);
  devices->listener = listener;
  devices->user = user;
  devices->home = g_main_context_ref_thread_default ();
  g_mutex_init (&devices->lock);
  g_queue_init (&devices->letters);
  till_display_clear (&devices->text);
  devices->list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  if (!take_secret_memory (devices, settings->cards, error))
    {
      till_devices_free (devices);
      return NULL;
    }
  Opening opening = { devices, settings };
  devices->worker = till_worker_new ("usb", ward_open, &opening, ward_free, error);
  if (devices->worker)
    return devices;
  till_devices_free (devices);
  return NULL;
}

void
till_devices_free (TillDevices *devices)
{
  g_atomic_int_set (&devices->stopping, 1);
  if (devices->worker)
    till_worker_free (devices->worker);
  if (devices->delivery)
    g_source_destroy (devices->delivery);
  g_clear_pointer (&devices->delivery, g_source_unref);
  g_queue_clear_full (&devices->letters, letter_free);
  g_ptr_array_unref (devices->list);
  g_main_context_unref (devices->home);
  g_mutex_clear (&devices->lock);
  till_secret_release (devices->cards);
  till_secret_release (devices->ring);
  g_free (devices);
}

GPtrArray *
till_devices_list (TillDevices *devices)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  g_mutex_lock (&devices->lock);
  for (guint i = 0; i < devices->list->len; i++)
    g_ptr_array_add (copy, till_device_copy (g_ptr_array_index (devices->list, i)));
  g_mutex_unlock (&devices->lock);
  return copy;
}

void
till_devices_show (TillDevices *devices, const TillDisplayText *text)
{
  g_mutex_lock (&devices->lock);
  gboolean waits = devices->text_waits;
  devices->text = *text;
  devices->text_waits = TRUE;
  g_mutex_unlock (&devices->lock);
  if (!waits)
    till_worker_run (devices->worker, on_text, NULL, NULL, NULL, NULL, NULL);
}

/* The fact comes first from now on; what lies unused and fits is opened at once. */
static gpointer
on_chosen (gpointer data, gpointer input, GError **error)
{
  Ward *ward = data;
  const TillFact *chosen = input;
  TillFact *fact = till_fact_new (chosen->name, chosen->driver);
  fact->vendor = chosen->vendor;
  fact->product = chosen->product;
  fact->class = CLASS_HID;
  fact->usage_page = TILL_HID_PAGE_KEYBOARD;
  if (chosen->usage_page != TILL_FACTS_ANY)
    fact->usage_page = chosen->usage_page;
  g_ptr_array_insert (ward->facts, 0, fact);
  for (guint i = 0; i < ward->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (ward->entries, i);
      if (entry->fact || !entry->layout || entry->device->vendor != fact->vendor
          || entry->device->product != fact->product
          || !till_hid_layout_has_page (entry->layout, (guint16)fact->usage_page))
        continue;
      entry->fact = fact;
      g_free (entry->device->driver);
      entry->device->driver = g_strdup (fact->driver->name);
      if (entry->device->state == TILL_DEVICE_UNUSED)
        open_now (entry);
    }
  return NULL;
}

gboolean
till_devices_choose (TillDevices *devices, guint16 vendor, guint16 product, const char *driver,
                     GError **error)
{
  const TillDriver *chosen = till_facts_driver (driver);
  if (!chosen || !chosen->needs_layout)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "no driver \"%s\" for a USB device",
                   driver);
      return FALSE;
    }
  TillFact *fact = till_fact_new (driver, chosen);
  fact->vendor = vendor;
  fact->product = product;
  if (strcmp (driver, "hid-pos") == 0)
    fact->usage_page = TILL_HID_PAGE_SCANNER;
  till_worker_run (devices->worker, on_chosen, fact, (GDestroyNotify)till_fact_free, NULL, NULL,
                   NULL);
  return TRUE;
}

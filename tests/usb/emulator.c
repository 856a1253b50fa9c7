/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/usb/emulator.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <umockdev.h>

#define PORT "/devices/usb1/1-1"
#define REAP_DELAY_MS 2 /* an emulated node is always readable: without it libusb would spin */

struct _Emulator
{
  UMockdevTestbed *testbed;
  UMockdevIoctlBase *handler;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  guint address;
  char *node;
  const EmulatorDevice *device; /* NULL while nothing is plugged in */

  GMutex lock;
  GCond changed;
  GQueue flying; /* of UMockdevIoctlData: interrupt URBs, and others that are held */
  GQueue done;   /* to be reaped */
  gboolean busy, gone;
  guint32 claims; /* a bit for each interface that is held */
  guint clear_halts, given_back;
};

static gint denied; /* atomic; nodes cannot be opened */

/* The executable's own symbol comes before that of the preloaded library; root may open anything,
 * so that permissions of the file would not do. Debian's libusb is fortified and calls this one. */
int __open_2 (const char *path, int flags);

int
__open_2 (const char *path, int flags)
{
  static int (*next) (const char *, int);
  if (!next)
    *(void **)&next = dlsym (RTLD_NEXT, "__open_2");
  if (g_atomic_int_get (&denied) && g_str_has_prefix (path, "/dev/bus/usb/"))
    {
      errno = EACCES;
      return -1;
    }
  return next (path, flags);
}

static int
answer_hid (Emulator *emulator, struct usbdevfs_urb *urb, guint8 *buffer)
{
  const EmulatorDevice *device = emulator->device;
  gsize room = (gsize)urb->buffer_length - 8;
  if (buffer[0] != 0x81 || buffer[1] != 0x06 || buffer[3] != 0x22 || !device->report_descriptor)
    return -EPIPE;
  gsize size = MIN (room, device->report_descriptor_size);
  memcpy (buffer + 8, device->report_descriptor, size);
  urb->actual_length = (int)size;
  return 0;
}

static void
offer_again (Emulator *emulator)
{
  for (GList *l = emulator->flying.head, *next; l; l = next)
    {
      UMockdevIoctlData *data = l->data;
      struct usbdevfs_urb *urb = (struct usbdevfs_urb *)(gpointer)data->data;
      next = l->next;
      if (urb->type == USBDEVFS_URB_TYPE_INTERRUPT)
        continue;
      g_autoptr (UMockdevIoctlData) buffer = umockdev_ioctl_data_resolve (
          data, G_STRUCT_OFFSET (struct usbdevfs_urb, buffer), urb->buffer_length, NULL);
      int status = emulator->device->on_urb (urb, buffer->data, emulator->device->user);
      if (status == EMULATOR_HOLD)
        continue;
      urb->status = status;
      g_queue_delete_link (&emulator->flying, l);
      g_queue_push_tail (&emulator->done, data);
    }
}

static void
submit (Emulator *emulator, UMockdevIoctlClient *client, UMockdevIoctlData *argument)
{
  UMockdevIoctlData *data
      = umockdev_ioctl_data_resolve (argument, 0, sizeof (struct usbdevfs_urb), NULL);
  struct usbdevfs_urb *urb = (struct usbdevfs_urb *)(gpointer)data->data;
  g_autoptr (UMockdevIoctlData) buffer = umockdev_ioctl_data_resolve (
      data, G_STRUCT_OFFSET (struct usbdevfs_urb, buffer), urb->buffer_length, NULL);
  if (emulator->gone)
    {
      g_object_unref (data);
      umockdev_ioctl_client_complete (client, -1, ENODEV);
      return;
    }
  if (urb->type == USBDEVFS_URB_TYPE_INTERRUPT)
    g_queue_push_tail (&emulator->flying, data);
  else
    {
      int status = emulator->device->on_urb
                       ? emulator->device->on_urb (urb, buffer->data, emulator->device->user)
                       : answer_hid (emulator, urb, buffer->data);
      urb->status = status == EMULATOR_HOLD ? 0 : status;
      g_queue_push_tail (status == EMULATOR_HOLD ? &emulator->flying : &emulator->done, data);
      if (status != EMULATOR_HOLD && emulator->device->offers_again)
        offer_again (emulator);
    }
  g_cond_signal (&emulator->changed);
  umockdev_ioctl_client_complete (client, 0, 0);
}

static gboolean
on_reap_late (gpointer client)
{
  umockdev_ioctl_client_complete (client, -1, EAGAIN);
  return G_SOURCE_REMOVE;
}

static void
reap (Emulator *emulator, UMockdevIoctlClient *client, UMockdevIoctlData *argument)
{
  g_autoptr (UMockdevIoctlData) data = g_queue_pop_head (&emulator->done);
  if (data)
    {
      g_autoptr (UMockdevIoctlData) place
          = umockdev_ioctl_data_resolve (argument, 0, sizeof (gpointer), NULL);
      umockdev_ioctl_data_set_ptr (place, 0, data);
      umockdev_ioctl_client_complete (client, 0, 0);
      return;
    }
  if (emulator->gone)
    {
      umockdev_ioctl_client_complete (client, -1, ENODEV);
      return;
    }
  g_autoptr (GSource) later = g_timeout_source_new (REAP_DELAY_MS);
  g_source_set_callback (later, on_reap_late, g_object_ref (client), g_object_unref);
  g_source_attach (later, emulator->context);
}

static void
discard (Emulator *emulator, UMockdevIoctlClient *client, UMockdevIoctlData *argument)
{
  gulong address = *(gulong *)(gpointer)argument->data;
  for (GList *l = emulator->flying.head; l; l = l->next)
    {
      UMockdevIoctlData *data = l->data;
      if (data->client_addr != address)
        continue;
      ((struct usbdevfs_urb *)(gpointer)data->data)->status = -ENOENT;
      g_queue_delete_link (&emulator->flying, l);
      g_queue_push_tail (&emulator->done, data);
      umockdev_ioctl_client_complete (client, 0, 0);
      return;
    }
  umockdev_ioctl_client_complete (client, -1, EINVAL);
}

/* Claiming, claiming with force and releasing all begin with the interface's number. */
static guint32
interface_bit (UMockdevIoctlData *argument)
{
  g_autoptr (UMockdevIoctlData) place
      = umockdev_ioctl_data_resolve (argument, 0, sizeof (guint), NULL);
  return 1u << (*(guint *)(gpointer)place->data & 31);
}

static gboolean
on_ioctl (UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data)
{
  Emulator *emulator = data;
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  gulong request = (gulong)umockdev_ioctl_client_get_request (client);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&emulator->lock);
  if (request == USBDEVFS_GET_CAPABILITIES)
    {
      g_autoptr (UMockdevIoctlData) place
          = umockdev_ioctl_data_resolve (argument, 0, sizeof (guint32), NULL);
      *(guint32 *)(gpointer)place->data
          = USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      umockdev_ioctl_client_complete (client, 0, 0);
    }
  else if (request == USBDEVFS_DISCONNECT_CLAIM || request == USBDEVFS_CLAIMINTERFACE)
    {
      if (!emulator->busy)
        emulator->claims |= interface_bit (argument);
      umockdev_ioctl_client_complete (client, emulator->busy ? -1 : 0, emulator->busy ? EBUSY : 0);
    }
  else if (request == USBDEVFS_SUBMITURB)
    submit (emulator, client, argument);
  else if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    reap (emulator, client, argument);
  else if (request == USBDEVFS_DISCARDURB)
    discard (emulator, client, argument);
  else
    {
      if (request == USBDEVFS_RELEASEINTERFACE)
        emulator->claims &= ~interface_bit (argument);
      if (request == USBDEVFS_IOCTL)
        emulator->given_back++;
      if (request == USBDEVFS_CLEAR_HALT)
        emulator->clear_halts++;
      umockdev_ioctl_client_complete (client, 0, 0);
    }
  return TRUE;
}

/* --- plugging --- */

static void
append_hex (GString *text, const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
}

static void
append_descriptors (GString *text, const EmulatorDevice *device)
{
  if (device->descriptors)
    {
      append_hex (text, device->descriptors, device->descriptors_size);
      return;
    }
  const guint8 bytes[] = {
    18,
    1,
    0,
    2,
    0,
    0,
    0,
    64,
    device->vendor & 0xFF,
    device->vendor >> 8,
    device->product & 0xFF,
    device->product >> 8,
    0,
    1,
    1,
    2,
    3,
    1,
    9,
    2,
    34,
    0,
    1,
    1,
    0,
    0x80,
    50,
    9,
    4,
    0,
    0,
    1,
    device->class,
    device->subclass,
    device->protocol,
    0,
    9,
    0x21,
    0x11,
    1,
    0,
    1,
    0x22,
    device->report_descriptor_size & 0xFF,
    (guint8)(device->report_descriptor_size >> 8),
    7,
    5,
    0x81,
    3,
    device->packet & 0xFF,
    (guint8)(device->packet >> 8),
    10,
  };
  append_hex (text, bytes, sizeof bytes);
}

typedef struct
{
  Emulator *emulator;
  void (*deed) (Emulator *emulator);
  gboolean done;
} Call;

static gboolean
on_call (gpointer data)
{
  Call *call = data;
  call->deed (call->emulator);
  g_mutex_lock (&call->emulator->lock);
  call->done = TRUE;
  g_cond_broadcast (&call->emulator->changed);
  g_mutex_unlock (&call->emulator->lock);
  return G_SOURCE_REMOVE;
}

static void
on_thread (Emulator *emulator, void (*deed) (Emulator *))
{
  Call call = { emulator, deed, FALSE };
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_callback (source, on_call, &call, NULL);
  g_source_attach (source, emulator->context);
  g_mutex_lock (&emulator->lock);
  while (!call.done)
    g_cond_wait (&emulator->changed, &emulator->lock);
  g_mutex_unlock (&emulator->lock);
}

static void
add (Emulator *emulator, const char *text)
{
  g_autoptr (GError) error = NULL;
  umockdev_testbed_add_from_string (emulator->testbed, text, &error);
  g_assert_no_error (error);
}

static void
attach (Emulator *emulator)
{
  g_autoptr (GError) error = NULL;
  umockdev_testbed_attach_ioctl (emulator->testbed, emulator->node, emulator->handler, &error);
  g_assert_no_error (error);
}

/* The interface and what usbhid would have made below it. */
static void
add_interface (Emulator *emulator, const EmulatorDevice *device)
{
  add (emulator, "P: " PORT "/1-1:1.0\nE: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\n"
                 "A: bInterfaceNumber=00\\n\n");
  if (!device->kernel_knows)
    return;
  umockdev_testbed_set_attribute_link (emulator->testbed, "/sys" PORT "/1-1:1.0", "driver",
                                       "../../../../bus/usb/drivers/usbhid");
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text,
                          "P: " PORT "/1-1:1.0/0003:%04X:%04X.0001\nE: SUBSYSTEM=hid\n"
                          "H: report_descriptor=",
                          device->vendor, device->product);
  append_hex (text, device->report_descriptor, device->report_descriptor_size);
  g_string_append (text, "\n");
  add (emulator, text->str);
}

void
emulator_plug (Emulator *emulator, const EmulatorDevice *device)
{
  emulator->device = device;
  emulator->gone = FALSE;
  emulator->address++;
  g_free (emulator->node);
  emulator->node = g_strdup_printf ("/dev/bus/usb/001/%03u", emulator->address);
  on_thread (emulator, attach); /* before the uevent, so that the node answers from the start */
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text,
                          "P: " PORT "\nN: bus/usb/001/%03u\nE: SUBSYSTEM=usb\nE: DRIVER=usb\n"
                          "E: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM=%03u\n"
                          "E: DEVNAME=%s\nA: busnum=1\\n\nA: devnum=%u\\n\nA: speed=12\\n\n"
                          "A: bConfigurationValue=1\\n\nA: serial=%s\\n\nH: descriptors=",
                          emulator->address, emulator->address, emulator->node, emulator->address,
                          device->serial);
  append_descriptors (text, device);
  g_string_append (text, "\n");
  add (emulator, text->str);
  add_interface (emulator, device);
}

static void
pull (Emulator *emulator)
{
  umockdev_testbed_uevent (emulator->testbed, "/sys" PORT, "remove");
  g_mutex_lock (&emulator->lock);
  emulator->gone = TRUE;
  UMockdevIoctlData *data;
  while ((data = g_queue_pop_head (&emulator->flying)))
    {
      ((struct usbdevfs_urb *)(gpointer)data->data)->status = -ESHUTDOWN;
      g_queue_push_tail (&emulator->done, data);
    }
  g_mutex_unlock (&emulator->lock);
}

void
emulator_unplug (Emulator *emulator)
{
  on_thread (emulator, pull);
  if (emulator->device->kernel_knows)
    {
      g_autofree char *hid = g_strdup_printf ("/sys" PORT "/1-1:1.0/0003:%04X:%04X.0001",
                                              emulator->device->vendor, emulator->device->product);
      umockdev_testbed_remove_device (emulator->testbed, hid);
    }
  umockdev_testbed_remove_device (emulator->testbed, "/sys" PORT "/1-1:1.0");
  umockdev_testbed_remove_device (emulator->testbed, "/sys" PORT);
}

/* Under the lock; NULL: none is waiting. endpoint 0: at any. */
static UMockdevIoctlData *
take_flying (Emulator *emulator, guint8 endpoint)
{
  for (GList *l = emulator->flying.head; l; l = l->next)
    {
      UMockdevIoctlData *data = l->data;
      if (endpoint && ((struct usbdevfs_urb *)(gpointer)data->data)->endpoint != endpoint)
        continue;
      g_queue_delete_link (&emulator->flying, l);
      return data;
    }
  return NULL;
}

void
emulator_send_at (Emulator *emulator, guint8 endpoint, const guint8 *bytes, gsize size, int status)
{
  gint64 until = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  UMockdevIoctlData *data;
  g_mutex_lock (&emulator->lock);
  while (!(data = take_flying (emulator, endpoint)))
    if (!g_cond_wait_until (&emulator->changed, &emulator->lock, until))
      g_error ("nobody listens to the emulated device");
  struct usbdevfs_urb *urb = (struct usbdevfs_urb *)(gpointer)data->data;
  g_autoptr (UMockdevIoctlData) buffer = umockdev_ioctl_data_resolve (
      data, G_STRUCT_OFFSET (struct usbdevfs_urb, buffer), urb->buffer_length, NULL);
  gsize fits = MIN (size, (gsize)urb->buffer_length);
  if (fits)
    memcpy (buffer->data, bytes, fits);
  urb->actual_length = (int)fits;
  urb->status = size > fits ? -EOVERFLOW : status;
  g_queue_push_tail (&emulator->done, data);
  g_mutex_unlock (&emulator->lock);
}

void
emulator_send (Emulator *emulator, const guint8 *bytes, gsize size, int status)
{
  emulator_send_at (emulator, 0, bytes, size, status);
}

void
emulator_set_busy (Emulator *emulator, gboolean busy)
{
  g_mutex_lock (&emulator->lock);
  emulator->busy = busy;
  g_mutex_unlock (&emulator->lock);
}

void
emulator_set_denied (Emulator *emulator, gboolean value)
{
  g_atomic_int_set (&denied, value);
}

guint
emulator_clear_halts (Emulator *emulator)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&emulator->lock);
  return emulator->clear_halts;
}

guint
emulator_given_back (Emulator *emulator)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&emulator->lock);
  return emulator->given_back;
}

gboolean
emulator_is_claimed (Emulator *emulator)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&emulator->lock);
  return emulator->claims != 0;
}

/* --- life --- */

static gpointer
emulator_main (gpointer data)
{
  Emulator *emulator = data;
  g_main_context_push_thread_default (emulator->context);
  g_main_loop_run (emulator->loop);
  g_main_context_pop_thread_default (emulator->context);
  return NULL;
}

Emulator *
emulator_new (void)
{
  Emulator *emulator = g_new0 (Emulator, 1);
  g_mutex_init (&emulator->lock);
  emulator->testbed = umockdev_testbed_new ();
  emulator->handler = umockdev_ioctl_base_new ();
  g_signal_connect_after (emulator->handler, "handle-ioctl", G_CALLBACK (on_ioctl), emulator);
  emulator->context = g_main_context_new ();
  emulator->loop = g_main_loop_new (emulator->context, FALSE);
  emulator->thread = g_thread_new ("emulator", emulator_main, emulator);
  emulator->address = 1;
  add (emulator, "P: /devices/usb1\nN: bus/usb/001/001\nE: SUBSYSTEM=usb\nE: DRIVER=usb\n"
                 "E: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM=001\n"
                 "E: DEVNAME=/dev/bus/usb/001/001\nA: busnum=1\\n\nA: devnum=1\\n\n"
                 "A: speed=480\\n\nA: bConfigurationValue=1\\n\n"
                 "H: descriptors=1201000209000140000000000000000000010902190001010000000904000001"
                 "09000000070581030400ff\n");
  return emulator;
}

void
emulator_free (Emulator *emulator)
{
  g_main_loop_quit (emulator->loop);
  g_thread_join (emulator->thread);
  g_clear_object (&emulator->handler);
  g_clear_object (&emulator->testbed);
  g_queue_clear_full (&emulator->flying, g_object_unref);
  g_queue_clear_full (&emulator->done, g_object_unref);
  g_main_loop_unref (emulator->loop);
  g_main_context_unref (emulator->context);
  g_free (emulator->node);
  g_mutex_clear (&emulator->lock);
  g_free (emulator);
}

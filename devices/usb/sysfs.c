/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/sysfs.h"
#include "data/core/text.h"
#include "devices/usb/hid-report.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define DEVICES "/sys/bus/usb/devices"
/* Looking for the holder reads links only; these bounds keep a strange /proc from costing time. */
#define PROCESSES_MAX 4096
#define FILES_MAX 1024

/* At most max bytes of a file; NULL when it cannot be read or is empty. */
static GBytes *
read_some (const char *file, gsize max)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  g_autofree guint8 *bytes = g_malloc (max);
  gsize size = 0;
  gssize got;
  while (size < max && (got = read (fd, bytes + size, max - size)) > 0)
    size += (gsize)got;
  close (fd);
  return size > 0 ? g_bytes_new (bytes, size) : NULL;
}

char *
till_sysfs_attribute (const char *path, const char *name)
{
  g_autofree char *file = g_build_filename (DEVICES, path, name, NULL);
  g_autoptr (GBytes) bytes = read_some (file, 256);
  if (!bytes)
    return g_strdup ("");
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autofree char *ended = g_strndup (text, size);
  return till_text_clean (ended, 126);
}

static char *
face_folder (const char *path, int face)
{
  /* Only the active configuration has interfaces there, and a till's devices have but one. */
  g_autofree char *name = g_strdup_printf ("%s:1.%d", path, face);
  return g_build_filename (DEVICES, name, NULL);
}

char *
till_sysfs_driver (const char *path, int face)
{
  g_autofree char *folder = face_folder (path, face);
  g_autofree char *link = g_build_filename (folder, "driver", NULL);
  g_autofree char *target = g_file_read_link (link, NULL);
  return target ? g_path_get_basename (target) : NULL;
}

GBytes *
till_sysfs_report_descriptor (const char *path, int face)
{
  g_autofree char *folder = face_folder (path, face);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      if (!g_str_has_prefix (name, "0003:")) /* bus 3 is USB: "0003:05E0:1300.0001" */
        continue;
      g_autofree char *file = g_build_filename (folder, name, "report_descriptor", NULL);
      GBytes *bytes = read_some (file, TILL_HID_DESCRIPTOR_MAX);
      if (bytes)
        return bytes;
    }
  return NULL;
}

static gboolean
process_has_open (const char *pid, const char *node)
{
  g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  for (guint n = 0; dir && n < FILES_MAX && (name = g_dir_read_name (dir)); n++)
    {
      g_autofree char *link = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);
      if (g_strcmp0 (target, node) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
program_of (const char *pid)
{
  g_autofree char *file = g_build_filename ("/proc", pid, "comm", NULL);
  g_autoptr (GBytes) bytes = read_some (file, 64);
  if (!bytes)
    return NULL;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autofree char *ended = g_strndup (text, size);
  g_autofree char *clean = till_text_clean (ended, 32);
  return g_strdup_printf ("the program %s (%s)", clean, pid);
}

/* Other people's processes hide their files from us; then the words stay general. */
static char *
find_program (guint8 bus, guint8 address)
{
  g_autofree char *node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", bus, address);
  g_autofree char *own = g_strdup_printf ("%d", (int)getpid ());
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *pid;
  for (guint n = 0; dir && n < PROCESSES_MAX && (pid = g_dir_read_name (dir)); n++)
    if (g_ascii_isdigit (pid[0]) && g_strcmp0 (pid, own) != 0 && process_has_open (pid, node))
      return program_of (pid);
  return NULL;
}

char *
till_sysfs_holder (const char *path, int face, guint8 bus, guint8 address)
{
  g_autofree char *driver = till_sysfs_driver (path, face);
  if (driver && g_strcmp0 (driver, "usbfs") != 0)
    return g_strdup_printf ("the kernel's driver %s", driver);
  char *program = find_program (bus, address);
  return program ? program : g_strdup ("another program");
}

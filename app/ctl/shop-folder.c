/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/shop-folder.h"
#include "data/core/error.h"
#include "data/ledger/anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

char *
till_shop_folder_default (void)
{
  const char *chosen = g_getenv ("TILL_SHOP");
  return chosen && *chosen ? g_strdup (chosen)
                           : g_build_filename (g_get_user_data_dir (), "quittance", NULL);
}

TillShopFolder *
till_shop_folder_at (const char *dir, TillClock *clock)
{
  TillShopFolder *folder = g_new0 (TillShopFolder, 1);
  folder->dir = g_canonicalize_filename (dir, NULL);
  folder->ledger_path = g_build_filename (folder->dir, "ledger.db", NULL);
  folder->account_root = g_build_filename (folder->dir, "account", NULL);
  folder->roll_dir = g_build_filename (folder->dir, "roll", NULL);
  folder->sandbox_dir = g_build_filename (folder->dir, "sandbox", NULL);
  folder->lock_path = g_build_filename (folder->dir, "lock", NULL);
  folder->lock_fd = -1;
  folder->clock = clock ? clock : till_clock_new ();
  return folder;
}

void
till_shop_folder_free (TillShopFolder *folder)
{
  g_clear_pointer (&folder->ledger, till_ledger_free);
  till_shop_folder_unlock (folder);
  till_clock_free (folder->clock);
  g_free (folder->dir);
  g_free (folder->ledger_path);
  g_free (folder->account_root);
  g_free (folder->roll_dir);
  g_free (folder->sandbox_dir);
  g_free (folder->lock_path);
  g_free (folder);
}

gboolean
till_shop_folder_make (TillShopFolder *folder, GError **error)
{
  if (g_mkdir_with_parents (folder->dir, 0700) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "the folder %s cannot be made: %s",
                   folder->dir, g_strerror (errno));
      return FALSE;
    }
  return till_ledger_create (folder->ledger_path, error) && till_shop_folder_open (folder, error);
}

gboolean
till_shop_folder_look (TillShopFolder *folder, GError **error)
{
  g_assert (!folder->ledger);
  if (!g_file_test (folder->ledger_path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
                   "there is no shop in %s; make one with: tillctl --shop %s init", folder->dir,
                   folder->dir);
      return FALSE;
    }
  folder->ledger = till_ledger_open (folder->ledger_path, folder->clock, error);
  return folder->ledger != NULL;
}

gboolean
till_shop_folder_open (TillShopFolder *folder, GError **error)
{
  if (till_shop_folder_look (folder, error) && till_anchors_check (folder->ledger, error))
    return TRUE;
  g_clear_pointer (&folder->ledger, till_ledger_free);
  return FALSE;
}

gboolean
till_shop_folder_lock (TillShopFolder *folder, GError **error)
{
  if (folder->lock_fd >= 0)
    return TRUE;
  int fd = open (folder->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_STOPPED, "%s cannot be opened: %s",
                   folder->lock_path, g_strerror (errno));
      return FALSE;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_BUSY,
                   "another program sends and prints for the shop in %s", folder->dir);
      close (fd);
      return FALSE;
    }
  folder->lock_fd = fd;
  return TRUE;
}

void
till_shop_folder_unlock (TillShopFolder *folder)
{
  if (folder->lock_fd >= 0)
    close (folder->lock_fd);
  folder->lock_fd = -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's display: what words become by tables, then as bytes at the other end of a socket,
 * through the thread of the devices. */
#include "data/core/error.h"
#include "devices/usb/display-cells.h"
#include "devices/usb/display.h"
#include "devices/usb/facts.h"
#include "tests/usb/ear.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FRAME (3 + TILL_DISPLAY_COLUMNS + 1)

static void
test_lines (void)
{
  static const struct
  {
    const char *words, *amount, *line; /* line in UTF-8; NULL: refused */
  } cases[] = {
    { "Milk", "2.00", "Milk            2.00" },
    { "Total", NULL, "Total               " },
    { NULL, "2.00", "                2.00" },
    { NULL, NULL, "                    " },
    { "Twenty columns, whole", NULL, "Twenty columns, whol" },
    { "A name far too long for it", "1234.50", "A name far t 1234.50" },
    { "牛奶", "2.00", "牛奶            2.00" },
    { "牛奶牛奶牛奶牛奶牛奶牛奶", NULL, "牛奶牛奶牛奶牛奶牛奶" },
    /* Fifteen columns are left: half a character is none. */
    { "牛奶牛奶牛奶牛奶", "2.00", "牛奶牛奶牛奶牛  2.00" },
    { "x牛奶牛奶牛奶牛奶", "2.00", "x牛奶牛奶牛奶牛 2.00" },
    { "a\033@\014\rb", "1.00", "a?@??b          1.00" },
    { "\033Q", "\r1", "?Q                ?1" },
    { "🍎 tea", "¥1", "? tea            ￥1" },
    { "Milk", "12345678901234567890", "12345678901234567890" },
    { "Milk", "1234567890123456789", " 1234567890123456789" },
    { "Milk", "123456789012345678901", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillDisplayLine line;
      g_autoptr (GError) error = NULL;
      gboolean is_set = till_display_set (line, cases[i].words, cases[i].amount, &error);
      g_autofree char *read = g_convert (line, -1, "UTF-8", "GB18030", NULL, NULL, NULL);
      g_assert_cmpuint (strlen (line), ==, TILL_DISPLAY_COLUMNS);
      g_assert_cmpstr (read, ==, cases[i].line ? cases[i].line : "                    ");
      g_assert_cmpint (is_set, ==, cases[i].line != NULL);
      if (!is_set)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
    }
}

/* Whatever the words are, the only bytes below a blank are those of the two places and their ends.
 */
static void
test_bytes (void)
{
  static const char whole[] = "\033@\014"
                              "\033QAMilk            2.00\r"
                              "\033QBTotal          12.00\r";
  guint8 bytes[TILL_DISPLAY_BYTES_MAX];
  TillDisplayText text;
  g_assert_true (till_display_set (text.lines[0], "Milk", "2.00", NULL));
  g_assert_true (till_display_set (text.lines[1], "Total", "12.00", NULL));
  gsize size = till_display_bytes (&text, TRUE, bytes);
  g_assert_cmpmem (bytes, size, whole, sizeof whole - 1);
  size = till_display_bytes (&text, FALSE, bytes);
  g_assert_cmpmem (bytes, size, whole + 3, sizeof whole - 4);
  for (int c = 1; c < 0x20; c++)
    {
      const char name[] = { (char)c, (char)c, 0 };
      g_assert_true (till_display_set (text.lines[0], name, NULL, NULL));
      size = till_display_bytes (&text, FALSE, bytes);
      g_assert_cmpmem (bytes + 3, 3, "?? ", 3);
      g_assert_cmpuint (size, ==, 2 * FRAME);
    }
}

#define POLE "[a]\nname=A\ndriver=customer-display\n"
#define ID "vendor=1\nproduct=2\nclass=0a\n"

/* A fact that would write to every modem is none, nor is one in a language that nobody speaks. */
static void
test_facts (void)
{
  static const struct
  {
    const char *text, *driver; /* NULL: refused */
  } cases[] = {
    { POLE ID, TILL_DISPLAY_DRIVER },
    { POLE "class=0a\n", NULL },
    { POLE "vendor=1\nclass=0a\n", NULL },
    { POLE "vendor=1\nproduct=2\n", NULL },
    { POLE ID "language=cd5220\n", TILL_DISPLAY_DRIVER },
    { POLE ID "language=escpos\n", TILL_DISPLAY_DRIVER_ESCPOS },
    { POLE ID "language=escpos\nscript=gb18030\n", TILL_DISPLAY_DRIVER_ESCPOS_GB18030 },
    { POLE ID "language=ESC/POS\n", NULL },
    { POLE ID "language=\n", NULL },
    { POLE ID "script=gb18030\n", NULL },
    { POLE ID "language=cd5220\nscript=gb18030\n", NULL },
    { POLE ID "language=escpos\nscript=big5\n", NULL },
    { POLE "language=escpos\nclass=0a\n", NULL },
    { POLE "language=escpos\nvendor=1\nproduct=2\nclass=02\n", NULL },
    { "[a]\nname=A\ndriver=escpos-display\nvendor=1\nclass=0a\n", NULL },
    { "[a]\nname=A\ndriver=serial-scanner\n" ID "language=escpos\n", NULL },
  };
  g_autofree char *folder = g_dir_make_tmp ("till-usb-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.ini", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
      g_autoptr (GPtrArray) facts = till_facts_load (folder, &error);
      if (!facts)
        g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      g_assert_cmpstr (facts ? ((TillFact *)facts->pdata[0])->driver->name : NULL, ==,
                       cases[i].driver);
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* --- in ESC/POS, and without glass --- */

static const TillDriver *const languages[]
    = { &till_customer_display, &till_escpos_display, &till_escpos_display_gb18030 };

static void
test_escpos_bytes (void)
{
  static const char whole[] = "\033=\002\033@\037\001\037C\000\033t\000\033R\000\014"
                              "\037$\001\001  2             2.00"
                              "\037$\001\002Total          12.00";
  static const char chinese[] = "\033=\002\033@\037\001\037C\000\014"
                                "\037$\001\001\305\2432             2.00"
                                "\037$\001\002Total          12.00";
  guint8 bytes[TILL_DISPLAY_BYTES_MAX];
  TillDisplayText text;
  g_assert_true (till_display_set (text.lines[0], "牛2", "2.00", NULL));
  g_assert_true (till_display_set (text.lines[1], "Total", "12.00", NULL));
  gsize size = till_escpos_display.show (&text, TRUE, bytes);
  g_assert_cmpmem (bytes, size, whole, sizeof whole - 1);
  size = till_escpos_display.show (&text, FALSE, bytes);
  g_assert_cmpmem (bytes, size, whole + 17, sizeof whole - 18);
  size = till_escpos_display_gb18030.show (&text, TRUE, bytes);
  g_assert_cmpmem (bytes, size, chinese, sizeof chinese - 1);
}

static void
expect_cells (const TillDisplayCells *cells, const char *upper, const char *lower)
{
  g_autofree char *first = till_display_cells_line (cells, 0);
  g_autofree char *second = till_display_cells_line (cells, 1);
  g_assert_cmpstr (g_strchomp (first), ==, upper);
  g_assert_cmpstr (g_strchomp (second), ==, lower);
}

/* Every language, a byte at a time, over and over: what is told is what stands there. */
static void
test_cells_show (void)
{
  static const struct
  {
    const char *words[2], *amounts[2], *shown[2], *ascii[2];
  } cases[] = {
    { { "Milk", "Total" },
      { "2.00", "12.00" },
      { "Milk            2.00", "Total          12.00" },
      { NULL, NULL } },
    { { "牛奶", "合计" },
      { "2.00", NULL },
      { "牛奶            2.00", "合计" },
      { "                2.00", "" } },
    { { "x牛奶牛奶牛奶牛奶牛奶", NULL },
      { NULL, NULL },
      { "x牛奶牛奶牛奶牛奶牛", "" },
      { "x", "" } },
    { { "Twenty columns, whole", "Twenty columns, whole" },
      { NULL, NULL },
      { "Twenty columns, whol", "Twenty columns, whol" },
      { NULL, NULL } },
    { { NULL, NULL }, { NULL, NULL }, { "", "" }, { NULL, NULL } },
  };
  for (gsize l = 0; l < G_N_ELEMENTS (languages); l++)
    {
      TillDisplayCells cells;
      till_display_cells_start (&cells, languages[l]);
      till_display_cells_feed (&cells, (const guint8 *)"some noise", 10);
      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          guint8 bytes[TILL_DISPLAY_BYTES_MAX];
          TillDisplayText text;
          for (guint n = 0; n < TILL_DISPLAY_LINES; n++)
            g_assert_true (
                till_display_set (text.lines[n], cases[i].words[n], cases[i].amounts[n], NULL));
          gsize size = languages[l]->show (&text, i == 0, bytes);
          for (gsize b = 0; b < size; b++)
            till_display_cells_feed (&cells, &bytes[b], 1);
          const char *const *shown
              = cells.is_chinese || !cases[i].ascii[0] ? cases[i].shown : cases[i].ascii;
          expect_cells (&cells, shown[0], shown[1]);
          g_assert_cmpuint (cells.strange, ==, 0);
        }
    }
}

/* Another language is not understood, nor what no display knows; nothing is written past an end. */
static void
test_cells_strange (void)
{
  static const struct
  {
    const TillDriver *driver;
    const char *bytes;
    const char *upper, *lower;
    guint strange;
  } cases[] = {
    { &till_customer_display, "a\037$b", "ab", "", 1 },
    { &till_escpos_display, "\033QAMilk\r", "AMilk", "", 1 },
    { &till_customer_display, "\033QA0123456789012345678901\rx", "x1234567890123456789", "", 2 },
    { &till_customer_display, "\033QC\033QBb\r", "", "b", 1 },
    { &till_customer_display, "\033l\024\002ab", "b", "                   a", 0 },
    { &till_customer_display, "\033l\025\002ab", "ab", "", 1 },
    { &till_customer_display, "\033l\001\003ab", "ab", "", 1 },
    /* A half that was written over takes the other half with it. */
    { &till_customer_display, "\305\243\305\243\033l\002\001x", " x\305\243", "", 0 },
    { &till_customer_display, "\305\243\305\243\033l\001\001x", "x \305\243", "", 0 },
    { &till_customer_display, "\305\243\305\243\013\305\243", "\305\243\305\243", "", 0 },
    { &till_customer_display, "\033l\024\001\305\243x", "", "x", 1 },
    { &till_customer_display, "\305\rx", "x", "", 1 },
    /* Behind ESC = 1 it is another's; CLR, too. */
    { &till_escpos_display_gb18030, "a\033=\001slip\014\037$\001\001slip\033=\002b", "ab", "", 0 },
    { &till_escpos_display, "a\030b\013c\014d", "d", "", 0 },
    { &till_escpos_display, "\305\243", "??", "", 2 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TillDisplayCells cells;
      till_display_cells_start (&cells, cases[i].driver);
      const char *bytes = cases[i].bytes;
      till_display_cells_feed (&cells, (const guint8 *)bytes, strlen (bytes));
      g_autofree char *upper = g_convert (cases[i].upper, -1, "UTF-8", "GB18030", NULL, NULL, NULL);
      expect_cells (&cells, upper, cases[i].lower);
      g_assert_cmpuint (cells.strange, ==, cases[i].strange);
    }
}

/* --- over a socket --- */

typedef struct
{
  char *folder, *socket, *facts;
  TillDevices *devices;
  int fd;
  Ear ear;
} Shop;

static void
open_shop (Shop *shop, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  shop->folder = g_dir_make_tmp ("till-usb-XXXXXX", NULL);
  shop->socket = g_build_filename (shop->folder, "virtual", NULL);
  shop->facts = facts_dir ();
  shop->fd = -1;
  shop->ear.heard = g_string_new (NULL);
  TillDevicesSettings settings
      = { .facts_dir = shop->facts, .retry_ms = { 5, 5, 5, 5 }, .socket_path = shop->socket };
  shop->devices = till_devices_new (&settings, on_event, &shop->ear, &error);
  g_assert_no_error (error);
}

static void
close_shop (Shop *shop, gconstpointer unused)
{
  g_clear_pointer (&shop->devices, till_devices_free);
  if (shop->fd >= 0)
    close (shop->fd);
  g_assert_cmpint (g_rmdir (shop->folder), ==, 0);
  g_free (shop->folder);
  g_free (shop->socket);
  g_free (shop->facts);
  g_string_free (shop->ear.heard, TRUE);
}

static void
plug_in (Shop *shop)
{
  static const char hello[] = "device customer-display Pole\n";
  const struct timeval patience = { 5, 0 };
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_strlcpy (address.sun_path, shop->socket, sizeof address.sun_path);
  shop->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (shop->fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (setsockopt (shop->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), ==,
                   0);
  g_assert_cmpint (send (shop->fd, hello, sizeof hello - 1, 0), ==, sizeof hello - 1);
}

static void
unplug (Shop *shop)
{
  close (shop->fd);
  shop->fd = -1;
  expect (&shop->ear, "left ");
}

/* Exactly these bytes come next; at most 5 s. */
static void
expect_shown (Shop *shop, gboolean is_fresh, const char *upper, const char *lower)
{
  guint8 wanted[TILL_DISPLAY_BYTES_MAX], got[TILL_DISPLAY_BYTES_MAX];
  TillDisplayText text;
  g_assert_true (till_display_set (text.lines[0], upper, NULL, NULL));
  g_assert_true (till_display_set (text.lines[1], lower, NULL, NULL));
  gsize size = till_display_bytes (&text, is_fresh, wanted);
  gssize n = recv (shop->fd, got, size, MSG_WAITALL);
  g_assert_cmpmem (got, (gsize)MAX (n, 0), wanted, size);
}

static void
show (Shop *shop, const char *upper, const char *lower)
{
  TillDisplayText text;
  g_assert_true (till_display_set (text.lines[0], upper, NULL, NULL));
  g_assert_true (till_display_set (text.lines[1], lower, NULL, NULL));
  till_devices_show (shop->devices, &text);
}

/* What was last shown is shown again at once, wherever it is plugged in; leaving clears it. */
static void
test_shown_again (Shop *shop, gconstpointer unused)
{
  show (shop, "Nobody", "is here");
  plug_in (shop);
  expect (&shop->ear, "arrived ready ");
  expect_shown (shop, TRUE, "Nobody", "is here");
  show (shop, "Milk", "Total");
  expect_shown (shop, FALSE, "Milk", "Total");
  unplug (shop);
  show (shop, "Tea", "Total");
  plug_in (shop);
  expect (&shop->ear, "arrived ready ");
  expect_shown (shop, TRUE, "Tea", "Total");
  g_autoptr (GPtrArray) list = till_devices_list (shop->devices);
  g_assert_cmpuint (list->len, ==, 1);
  g_clear_pointer (&shop->devices, till_devices_free);
  expect_shown (shop, FALSE, "", "");
}

/* A display that reads nothing any more holds nobody up; what it says is nothing to the till; and
 * when it reads again it shows the newest. */
static void
test_deaf (Shop *shop, gconstpointer unused)
{
  plug_in (shop);
  expect (&shop->ear, "arrived ready ");
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (20, on_too_late, &late);
  for (guint i = 0; !late && !strstr (shop->ear.heard->str, "trouble"); i++)
    {
      show (shop, i % 2 ? "odd" : "even", "");
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_false (late);
  g_source_remove (timeout);
  show (shop, "newest", "");
  char all[65536];
  gssize size = 0;
  static const char wanted[] = "\033QAnewest              \r\033QB                    \r";
  do
    {
      gssize n = recv (shop->fd, all + size, sizeof all - (gsize)size, 0);
      g_assert_cmpint (n, >, 0);
      size += n;
      if (size > (gssize)sizeof all / 2)
        {
          memmove (all, all + size - sizeof all / 4, sizeof all / 4);
          size = sizeof all / 4;
        }
    }
  while (!memmem (all, (gsize)size, wanted, sizeof wanted - 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/display/lines", test_lines);
  g_test_add_func ("/display/bytes", test_bytes);
  g_test_add_func ("/display/facts", test_facts);
  g_test_add_func ("/display/escpos/bytes", test_escpos_bytes);
  g_test_add_func ("/display/cells/show", test_cells_show);
  g_test_add_func ("/display/cells/strange", test_cells_strange);
  g_test_add ("/display/shown-again", Shop, NULL, open_shop, test_shown_again, close_shop);
  g_test_add ("/display/deaf", Shop, NULL, open_shop, test_deaf, close_shop);
  return g_test_run ();
}

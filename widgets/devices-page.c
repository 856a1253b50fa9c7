/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/devices-page.h"
#include "devices/usb/ccid-reader.h"
#include "devices/usb/display.h"
#include "widgets/choice.h"
#include "widgets/network-part.h"
#include "widgets/part.h"
#include "widgets/printer-part.h"
#include "widgets/register-part.h"
#include "widgets/sheet.h"
#include "widgets/slips-part.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

typedef enum
{
  SECTION_DEVICES,
  SECTION_SLIPS,
  SECTION_PRINTERS,
  SECTION_REGISTER,
  SECTION_NETWORK,
  SECTIONS
} Section;

struct _TillDevicesPage
{
  GtkBox parent;
  GtkBox *sections;
  GtkStack *stack;
  GtkWidget *empty;
  GtkWidget *some;
  TillSheet *table;
  GtkLabel *name;
  GtkLabel *words;
  GtkLabel *facts;
  TillSlipsPart *slips;
  TillPrinterPart *printers;
  TillRegisterPart *records;
  TillNetworkPart *network;
  GtkWidget *section_buttons[SECTIONS]; /* unowned; children */
  Section section;
  TillCounter *counter; /* unowned */
  GPtrArray *devices;   /* owned; of TillDevice: what the table shows */
};

G_DEFINE_FINAL_TYPE (TillDevicesPage, till_devices_page, GTK_TYPE_BOX)

/* What a state looks like, and what to do about it. */
static const struct
{
  TillFace face;
  const char *words;
} states[] = {
  [TILL_DEVICE_READY] = { { "emblem-ok-symbolic", N_ ("Ready"), "good" }, N_ ("It works.") },
  [TILL_DEVICE_BUSY]
  = { { "changes-prevent-symbolic", N_ ("In use elsewhere"), "warn" },
      N_ ("Another program holds it. The till tries again by itself. Close the other program, or "
          "pull the plug and put it in again.") },
  [TILL_DEVICE_NO_PERMISSION]
  = { { "dialog-password-symbolic", N_ ("Not allowed"), "bad" },
      N_ ("This till may not open it. Let an administrator install the rule 70-quittance.rules, "
          "then put the plug in again.") },
  [TILL_DEVICE_UNPLUGGED] = { { "window-close-symbolic", N_ ("Unplugged"), "plain" },
                              N_ ("It was there and is gone. Put the plug in; it is taken up by "
                                  "itself.") },
  [TILL_DEVICE_TROUBLE]
  = { { "dialog-warning-symbolic", N_ ("In trouble"), "bad" },
      N_ ("It does not answer as it should. The till tries again by itself. Pull the plug, wait "
          "five seconds, and put it in again.") },
  [TILL_DEVICE_UNUSED] = { { "list-remove-symbolic", N_ ("Not used"), "plain" },
                           N_ ("It is plugged in, and the till does not know what it is. If it is "
                               "a scanner, a person who looks after this till can name it in a "
                               "facts file.") },
};

static const struct
{
  const char *driver, *words;
} kinds[] = {
  { "hid-keyboard", N_ ("Scanner, like a keyboard") },
  { "hid-pos", N_ ("Scanner") },
  { "serial-scanner", N_ ("Scanner, like a serial line") },
  { "hid-msr", N_ ("Card reader") },
  { TILL_CCID_DRIVER, N_ ("Chip card reader") },
  { "hid-scale", N_ ("Scale") },
  { "idtech", N_ ("Card reader") },
  { "magtek", N_ ("Card reader") },
  { TILL_DISPLAY_DRIVER, N_ ("Customer display") },
  { TILL_DISPLAY_DRIVER_ESCPOS, N_ ("Customer display") },
  { TILL_DISPLAY_DRIVER_ESCPOS_GB18030, N_ ("Customer display") },
  { "reader-virtual", N_ ("Card reader, for practice") },
  { "scanner-virtual", N_ ("Scanner, for practice") },
};

static const char *
kind_of (const TillDevice *device)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (device->driver, kinds[i].driver))
      return _ (kinds[i].words);
  return device->driver;
}

static const TillColumn columns[] = {
  { N_ ("Device"), TILL_CELL_TEXT, 0 }, { N_ ("Kind"), TILL_CELL_TEXT, 20 },
  { N_ ("Port"), TILL_CELL_TEXT, 8 },   { N_ ("Read"), TILL_CELL_FIGURE, 6 },
  { N_ ("State"), TILL_CELL_FACE, 16 },
};

static TillSheetRow *
row_new (guint n, const TillDevice *device)
{
  g_autofree char *read = g_strdup_printf ("%" G_GUINT64_FORMAT, device->findings);
  const char *cells[] = { device->name, kind_of (device), device->path, read };
  TillSheetRow *row = till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
  TillFace face = states[device->state].face;
  face.word = _ (face.word);
  till_sheet_row_set_face (row, face);
  return row;
}

/* --- the one that is chosen --- */

/* The machine's own USB stands in the list only when it cannot be watched. */
static const char *
words_of (const TillDevice *device)
{
  if (device->state == TILL_DEVICE_TROUBLE && !*device->path)
    return _ ("This machine's USB cannot be watched: nothing that is plugged in is seen. Codes can "
              "be typed. Start the machine again; if that does not help, call whoever looks after "
              "it.");
  if (device->state == TILL_DEVICE_BUSY && g_str_equal (device->driver, TILL_CCID_DRIVER))
    return _ ("Another program holds it, most often this machine's service for smart cards "
              "(pcscd). Let an administrator end that; the till takes the reader up by itself.");
  return _ (states[device->state].words);
}

static char *
facts_of (const TillDevice *device)
{
  GString *facts = g_string_new (NULL);
  if (device->vendor)
    g_string_append_printf (facts, "USB %04x:%04x · ", device->vendor, device->product);
  if (*device->serial)
    g_string_append_printf (facts, _ ("serial number %s"), device->serial);
  else
    g_string_append (facts, _ ("no serial number"));
  g_autofree char *read = g_strdup_printf ("%" G_GUINT64_FORMAT, device->findings);
  g_string_append (facts, " · ");
  g_string_append_printf (facts, _ ("read since the start: %s"), read);
  if (device->dropped)
    {
      g_autofree char *lost = g_strdup_printf ("%" G_GUINT64_FORMAT, device->dropped);
      g_string_append (facts, " · ");
      g_string_append_printf (facts, _ ("lost, for they came too fast: %s"), lost);
    }
  return g_string_free (facts, FALSE);
}

static void
show_chosen (TillDevicesPage *self)
{
  int chosen = till_sheet_chosen (self->table);
  if (chosen < 0 || (guint)chosen >= self->devices->len)
    return;
  const TillDevice *device = g_ptr_array_index (self->devices, chosen);
  g_autofree char *facts = facts_of (device);
  gtk_label_set_text (self->name, device->name);
  gtk_label_set_text (self->words, words_of (device));
  gtk_label_set_text (self->facts, facts);
}

static void
show (TillDevicesPage *self)
{
  const TillDeviceProbe *probe = self->counter->devices;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  self->devices = probe ? probe->list (probe->self)
                        : g_ptr_array_new_with_free_func ((GDestroyNotify)till_device_free);
  for (guint i = 0; i < self->devices->len; i++)
    g_ptr_array_add (rows, row_new (i, g_ptr_array_index (self->devices, i)));
  till_sheet_fill (self->table, rows);
  till_choices_mark (GTK_WIDGET (self->sections), (int)self->section);
  GtkWidget *fronts[SECTIONS]
      = { rows->len > 0 ? self->some : self->empty, GTK_WIDGET (self->slips),
          GTK_WIDGET (self->printers), GTK_WIDGET (self->records), GTK_WIDGET (self->network) };
  gtk_stack_set_visible_child (self->stack, fronts[self->section]);
  if (rows->len > 0 && till_sheet_chosen (self->table) < 0)
    till_sheet_choose (self->table, 0);
  show_chosen (self);
}

/* --- the page --- */

static void
on_slips (TillDevicesPage *self)
{
  guint n = till_slips_part_asking (self->slips);
  g_autofree char *words
      = n ? g_strdup_printf ("2  %s  %u", _ ("Slips"), n) : g_strdup_printf ("2  %s", _ ("Slips"));
  gtk_button_set_label (GTK_BUTTON (self->section_buttons[SECTION_SLIPS]), words);
}

static void
on_records (TillDevicesPage *self)
{
  guint n = till_register_part_due (self->records);
  g_autofree char *words = n ? g_strdup_printf ("4  %s  %u", _ ("Register"), n)
                             : g_strdup_printf ("4  %s", _ ("Register"));
  gtk_button_set_label (GTK_BUTTON (self->section_buttons[SECTION_REGISTER]), words);
}

static void
read_now (TillDevicesPage *self)
{
  till_slips_part_read (self->slips);
  till_register_part_read (self->records);
  if (self->section == SECTION_NETWORK)
    till_network_part_read (self->network);
  show (self);
}

static void
set_section (gpointer page, int section)
{
  static const char *const hints[SECTIONS]
      = { N_ ("Read any card to try the reader"), N_ ("Look at the printer, then say what is so"),
          N_ ("Choose a printer, then print a test slip"), N_ ("Choose a device, then check it"),
          N_ ("How the providers answer; nothing is asked for it") };
  TillDevicesPage *self = page;
  const TillCounterHands *hands = self->counter->hands;
  self->section = (Section)section;
  hands->hint (self->counter->window, _ (hints[section]));
  hands->legend (self->counter->window);
  if (self->section == SECTION_PRINTERS)
    till_printer_part_read (self->printers);
  read_now (self);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillDevicesPage *self = TILL_DEVICES_PAGE (page);
  int digit = till_choice_digit (keyval);
  if (state & GDK_CONTROL_MASK)
    return FALSE;
  if (digit >= 1 && digit <= SECTIONS)
    set_section (self, digit - 1);
  else if (self->section == SECTION_SLIPS)
    return till_slips_part_key (self->slips, keyval);
  else if (self->section == SECTION_PRINTERS)
    return till_printer_part_key (self->printers, keyval);
  else if (self->section == SECTION_REGISTER)
    return till_register_part_key (self->records, keyval);
  else if (self->section == SECTION_NETWORK)
    return till_network_part_key (self->network, keyval);
  else
    return till_sheet_key (self->table, keyval);
  return TRUE;
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillDevicesPage *self = TILL_DEVICES_PAGE (page);
  set_section (self, (int)self->section);
}

/* Nothing is typed here. */
static gboolean
on_types (GtkWidget *page, gunichar character)
{
  return FALSE;
}

static void
on_card (GtkWidget *page, const char *token, const char *masked)
{
  TillDevicesPage *self = TILL_DEVICES_PAGE (page);
  if (till_register_part_card (self->records))
    return;
  g_autofree char *words
      = g_strdup_printf (_ ("The reader works: it read the card %s. Nothing was charged."), masked);
  till_counter_say (self->counter, TILL_TONE_GOOD, words);
  show (self);
}

static void
on_shown (GtkWidget *page, const char *argument)
{
  TillDevicesPage *self = TILL_DEVICES_PAGE (page);
  const TillCounterHands *hands = self->counter->hands;
  hands->enter (self->counter->window, _ ("Look again"), FALSE);
  hands->total (self->counter->window, "", 0, TILL_MONEY_REST, NULL);
  if (g_strcmp0 (argument, TILL_DEVICES_REGISTER) == 0)
    self->section = SECTION_REGISTER;
  set_section (self, (int)self->section);
}

static void
on_changed (GtkWidget *page)
{
  read_now (TILL_DEVICES_PAGE (page));
}

static gboolean
on_back (GtkWidget *page)
{
  TillDevicesPage *self = TILL_DEVICES_PAGE (page);
  self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
  return TRUE;
}

static void
till_devices_page_finalize (GObject *object)
{
  g_clear_pointer (&TILL_DEVICES_PAGE (object)->devices, g_ptr_array_unref);
  G_OBJECT_CLASS (till_devices_page_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillDevicesPage, child)

static void
till_devices_page_class_init (TillDevicesPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_devices_page_finalize;
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_SLIPS_PART);
  g_type_ensure (TILL_TYPE_PRINTER_PART);
  g_type_ensure (TILL_TYPE_REGISTER_PART);
  g_type_ensure (TILL_TYPE_NETWORK_PART);
  till_part_class (class, "devices-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_slips);
  gtk_widget_class_bind_template_callback (widget_class, on_records);
  BIND (sections);
  BIND (slips);
  BIND (printers);
  BIND (records);
  BIND (network);
  BIND (stack);
  BIND (empty);
  BIND (some);
  BIND (table);
  BIND (name);
  BIND (words);
  BIND (facts);
}

static void
till_devices_page_init (TillDevicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  till_sheet_set_up (self->table, _ ("Devices"), columns, G_N_ELEMENTS (columns));
  g_signal_connect_object (self->table, "moved", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
create (TillCounter *counter)
{
  TillDevicesPage *self = g_object_new (TILL_TYPE_DEVICES_PAGE, NULL);
  static const char *const words[SECTIONS] = { N_ ("Scanners, readers"), N_ ("Slips"),
                                               N_ ("Printers"), N_ ("Register"), N_ ("Network") };
  self->counter = counter;
  for (int i = 0; i < SECTIONS; i++)
    {
      g_autofree char *label = g_strdup_printf ("%d  %s", i + 1, _ (words[i]));
      self->section_buttons[i] = till_choice_new (label, i, set_section, self);
      gtk_widget_set_hexpand (self->section_buttons[i], TRUE);
      gtk_box_append (self->sections, self->section_buttons[i]);
    }
  till_slips_part_set_up (self->slips, counter);
  till_printer_part_set_up (self->printers, counter);
  till_register_part_set_up (self->records, counter);
  till_network_part_set_up (self->network, counter);
  return GTK_WIDGET (self);
}

static const TillLegendKey legend[] = {
  { N_ ("Enter"), N_ ("Look again"), GDK_KEY_Return },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
legend_of (GtkWidget *page)
{
  static const TillLegendKey *const legends[SECTIONS]
      = { legend, till_slips_legend, till_printer_legend, till_register_legend, legend };
  return legends[TILL_DEVICES_PAGE (page)->section];
}

const TillPage till_devices_page = {
  .screen = TILL_SCREEN_DEVICES,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .card = on_card,
  .shown = on_shown,
  .changed = on_changed,
  .back = on_back,
  .legend = legend_of,
  .help = N_ (
      "The scanners, readers and customer displays that are plugged in or were, and whether they "
      "work.\n\n"
      "Arrows choose one; below stands what to do about it. A device that was pulled out or "
      "is in use elsewhere is tried again by itself.\n\n"
      "To try a reader, read any card: nothing is charged here. To try a scanner, scan any "
      "goods: they go to Sell. To try a scale, put something on it. A customer display shows the "
      "goods, the sum and the change while you sell, a greeting in between, and nothing while the "
      "till is locked; the till knows it by its line in a facts file.\n\n"
      "2 shows the slips that are not printed. What waits prints by itself. What may be on "
      "paper, or waited too long, is never printed unasked: look at the printer and say what is "
      "so. Printed again, a slip is marked and numbered as a copy. Who said so stands in the "
      "books.\n\n"
      "3 looks for receipt printers and print queues. T prints a test slip on the chosen one: its "
      "ruler fills one line when the width is right (Settings, 2). A printer in the register "
      "that says itself that it is on paper is checked by that. U has the slips go there; that "
      "takes a manager, and holds from the next start. D, also for a manager, opens the drawer at "
      "the printer on USB and has the till learn when it is open; close it when it has opened. "
      "From "
      "then on the till tells of a drawer that stays open.\n\n"
      "4 is the register: what the shop has, when it is to be checked, how long its warranty lasts "
      "and whom to call when it breaks. C writes down how a check went; whoever sells may do that. "
      "A manager takes in what is plugged in (A) or anything else (N), corrects it (E), writes "
      "down "
      "repairs and upgrades (W), and retires what is gone (R). Nothing of it is ever deleted.\n\n"
      "5 shows how the payment providers have been answering: when each answered last, how fast, "
      "and when the line was silent, with the payments and refunds that were met by it."),
};

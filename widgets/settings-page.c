/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/settings-page.h"
#include "data/trade/code-route.h"
#include "devices/gateway/registry.h"
#include "widgets/choice.h"
#include "widgets/file-panel.h"
#include "widgets/language.h"
#include "widgets/note-panel.h"
#include "widgets/part.h"
#include "widgets/pick-panel.h"
#include "widgets/providers-part.h"
#include "widgets/setting-row.h"
#include "widgets/settings-asks.h"

#include <glib/gi18n-lib.h>

struct _TillSettingsPage
{
  GtkBox parent;
  GtkBox *sections;
  GtkStack *stack;
  TillSheet *table;
  TillProvidersPart *providers;
  GtkWidget *draft_box;
  GtkLabel *draft_words;
  GtkBox *draft_actions;
  TillCounter *counter; /* unowned */
  TillSection section;
  TillSettingsDraft draft;
  GPtrArray *accounts; /* owned; of TillAccountState, or NULL */
  GArray *lines;       /* owned; of TillSettingLine: what the table shows */
  TillSettingLine at;  /* the one whose panel is open */
  char *beginning;     /* owned; of a route that is being added */
  TillImportKind kind; /* of the file that is being taken in */
  guint read_no;       /* the latest reading: an answer to an older one is dropped */
};

G_DEFINE_FINAL_TYPE (TillSettingsPage, till_settings_page, GTK_TYPE_BOX)

/* A courtesy: the desk decides again. */
static gboolean
may_manage (TillSettingsPage *self)
{
  const TillStaff *staff = self->counter->staff;
  return staff && till_role_may (staff->role, TILL_RIGHT_MANAGE);
}

/* --- showing --- */

static void
show_draft (TillSettingsPage *self)
{
  guint n = self->draft.changes->len;
  g_autofree char *words = g_strdup_printf (
      ngettext ("%u change is not saved yet.", "%u changes are not saved yet.", n), n);
  gtk_label_set_text (self->draft_words, words);
  gtk_widget_set_visible (self->draft_box, n > 0);
}

static void
show (TillSettingsPage *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  till_choices_mark (GTK_WIDGET (self->sections), (int)self->section);
  show_draft (self);
  if (self->section == TILL_SECTION_PROVIDERS)
    {
      gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->providers));
      return;
    }
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->table));
  g_clear_pointer (&self->lines, g_array_unref);
  self->lines = till_setting_lines (self->section, &self->draft);
  for (guint i = 0; i < self->lines->len; i++)
    g_ptr_array_add (rows,
                     till_setting_row_new (i, &g_array_index (self->lines, TillSettingLine, i),
                                           self->counter, &self->draft, self->accounts));
  till_sheet_fill (self->table, rows);
  if (till_sheet_chosen (self->table) < 0 && rows->len > 0)
    till_sheet_choose (self->table, 0);
}

static TillSettingsAsk *
ask_new (TillSettingsPage *self)
{
  TillSettingsAsk *ask = g_new0 (TillSettingsAsk, 1);
  ask->staff_id = till_counter_staff_id (self->counter);
  ask->probe = self->counter->probe;
  return ask;
}

static void
on_read (gpointer page, gpointer data, const GError *error)
{
  TillSettingsPage *self = page;
  TillSettingsAsk *ask = data;
  if (error || ask->read_no != self->read_no)
    return;
  g_clear_pointer (&self->draft.settings, g_ptr_array_unref);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  self->draft.settings = g_steal_pointer (&ask->settings);
  self->accounts = g_steal_pointer (&ask->accounts);
  show (self);
}

static void
read_now (TillSettingsPage *self)
{
  TillSettingsAsk *ask = ask_new (self);
  ask->read_no = ++self->read_no;
  till_counter_ask (self->counter, GTK_WIDGET (self), till_settings_ask_read, ask,
                    till_settings_ask_free, on_read);
  if (self->section == TILL_SECTION_PROVIDERS)
    till_providers_part_read (self->providers);
}

/* --- changing --- */

static void
change (TillSettingsPage *self, const char *key, const char *value)
{
  if (!till_settings_draft_set (&self->draft, key, value))
    till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("It is that already."));
  show (self);
}

static void
undo (gpointer page, int value)
{
  TillSettingsPage *self = page;
  if (!till_settings_draft_undo (&self->draft))
    till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("There is nothing more to undo."));
  show (self);
}

static void
on_saved (gpointer page, gpointer data, const GError *error)
{
  TillSettingsPage *self = page;
  TillSettingsAsk *ask = data;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  gboolean at_start = FALSE;
  for (guint i = 0; i < ask->changes->len; i++)
    {
      const TillSettingEdit *edit = g_ptr_array_index (ask->changes, i);
      at_start = at_start || (till_setting_store_traits (edit->key) & TILL_SETTING_AT_START) != 0;
    }
  till_counter_say (self->counter, TILL_TONE_GOOD,
                    at_start ? _ ("Saved. What concerns the paper holds from the next start, "
                                  "everything else from now on.")
                             : _ ("Saved. It holds from now on."));
  till_settings_draft_saved (&self->draft, ask->changes->len);
  self->counter->hands->arranged (self->counter->window);
  read_now (self);
}

static void
save (gpointer page, int value)
{
  TillSettingsPage *self = page;
  if (self->draft.changes->len == 0)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN, _ ("Nothing was changed."));
      return;
    }
  TillSettingsAsk *ask = ask_new (self);
  ask->changes = till_settings_draft_copy (&self->draft);
  till_counter_ask (self->counter, GTK_WIDGET (self), till_settings_ask_save, ask,
                    till_settings_ask_free, on_saved);
}

/* --- panels --- */

static const TillColumn pick_columns[] = { { "", TILL_CELL_TEXT, 0 }, { "", TILL_CELL_TEXT, 16 } };

static void
open_pick (TillSettingsPage *self, GPtrArray *rows, TillPicked picked)
{
  g_autofree char *title = till_setting_line_label (&self->at, &self->draft);
  TillPickPanel *panel
      = till_pick_panel_new (title, pick_columns, G_N_ELEMENTS (pick_columns), NULL);
  till_pick_panel_fill (panel, rows, "");
  till_pick_panel_open (panel, self->counter, title, picked, GTK_WIDGET (self));
}

static void
add_pick (GPtrArray *rows, int64_t id, const char *words, const char *remark)
{
  const char *cells[] = { words, remark };
  g_ptr_array_add (rows, till_sheet_row_new (id, G_N_ELEMENTS (cells), cells));
}

/* Of the row that takes a provider out; no codec's place in the list. */
#define NOBODY 1000

static gboolean
takes (const TillSettingLine *line, const TillProfile *profile)
{
  if (line->kind == TILL_LINE_BESIDE)
    return profile->slip_log_digits > 0;
  return line->kind == TILL_LINE_CARDS ? profile->cards != TILL_CARDS_NONE : profile->takes_codes;
}

static void
on_provider (gpointer page, TillPickPanel *panel)
{
  TillSettingsPage *self = page;
  if (till_pick_panel_chosen_id (panel) == NOBODY)
    {
      change (self, self->at.key, "");
      return;
    }
  const TillCodec *codec = till_codec_nth ((guint)till_pick_panel_chosen_id (panel) - 1);
  const char *routes = till_settings_draft_value (&self->draft, self->at.key);
  const char *name = codec->profile->name;
  g_autofree char *value = NULL;
  if (self->at.kind == TILL_LINE_ROUTE)
    value = till_setting_routes_with (routes, self->at.route, name);
  else if (self->at.kind == TILL_LINE_ADD)
    value = g_strdup_printf ("%s%s%s=%s", routes, *routes ? "," : "", self->beginning, name);
  change (self, self->at.key, value ? value : name);
}

static void
pick_provider (TillSettingsPage *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  const TillCodec *codec;
  if (self->at.kind == TILL_LINE_BESIDE)
    add_pick (rows, NOBODY, _ ("none"), "");
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    if (takes (&self->at, codec->profile))
      add_pick (rows, (int64_t)n + 1, _ (codec->profile->words),
                till_setting_provider_remark (codec->profile->name, self->accounts));
  open_pick (self, rows, on_provider);
}

static void
on_slips (gpointer page, TillPickPanel *panel)
{
  TillSettingsPage *self = page;
  int64_t id = till_pick_panel_chosen_id (panel);
  change (self, self->at.key, till_language_list ()[id - 1].code);
}

static void
on_look (gpointer page, TillPickPanel *panel)
{
  TillSettingsPage *self = page;
  TillLook look = self->counter->look;
  int64_t id = till_pick_panel_chosen_id (panel);
  if (self->at.kind == TILL_LINE_LANGUAGE)
    g_strlcpy (look.language, till_language_list ()[id - 1].code, sizeof look.language);
  else if (self->at.kind == TILL_LINE_SIZE)
    look.percent = (int)id;
  else
    look.colours = (TillColours)(id - 1);
  self->counter->hands->look (self->counter->window, &look);
}

static void
pick_language (TillSettingsPage *self, TillPicked picked)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  const TillLanguage *languages = till_language_list ();
  for (int i = 0; languages[i].code; i++)
    add_pick (rows, i + 1, languages[i].name, "");
  open_pick (self, rows, picked);
}

static void
pick_size (TillSettingsPage *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (int percent = TILL_TEXT_MIN; percent <= TILL_TEXT_LARGEST; percent += TILL_TEXT_STEP)
    {
      g_autofree char *words = g_strdup_printf ("%d %%", percent);
      add_pick (rows, percent, words, "");
    }
  open_pick (self, rows, on_look);
}

static void
pick_colours (TillSettingsPage *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (int i = 0; i < TILL_COLOURS; i++)
    add_pick (rows, i + 1, till_setting_colours_word ((TillColours)i), "");
  open_pick (self, rows, on_look);
}

static void
on_written (TillNotePanel *panel, TillSettingsPage *self)
{
  g_autofree char *value = till_setting_line_parse (&self->at, till_note_panel_text (panel));
  g_autofree char *route = g_strconcat (value ? value : "", "=sandbox", NULL);
  if (!value || (self->at.kind == TILL_LINE_ADD && !till_code_routes_are_valid (route)))
    {
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("It cannot be that. Nothing was changed; correct it, or press Esc."));
      return;
    }
  g_free (self->beginning);
  self->beginning = g_strdup (value);
  till_counter_say (self->counter, TILL_TONE_PLAIN, NULL);
  till_counter_close_panel (self->counter);
  if (self->at.kind == TILL_LINE_ADD)
    pick_provider (self);
  else
    change (self, self->at.key, value);
}

static void
write_line (TillSettingsPage *self)
{
  g_autofree char *title = till_setting_line_label (&self->at, &self->draft);
  g_autofree char *text = till_setting_line_text (&self->at, &self->draft);
  const char *words
      = self->at.kind == TILL_LINE_ADD
            ? _ (
                "The first digits of the codes, as 62 or 10-15. The first rule that fits is taken.")
            : _ ("It holds for all when it is saved, and can be taken back before.");
  TillNotePanel *panel = till_note_panel_new (words, title);
  till_note_panel_set_text (panel, text);
  g_signal_connect_object (panel, "answered", G_CALLBACK (on_written), self, 0);
  self->counter->hands->panel (self->counter->window, title, GTK_WIDGET (panel),
                               &till_note_panel_kind);
}

static void
open_line (TillSettingsPage *self)
{
  int chosen = till_sheet_chosen (self->table);
  if (!self->lines || chosen < 0 || (guint)chosen >= self->lines->len)
    return;
  self->at = g_array_index (self->lines, TillSettingLine, chosen);
  /* A new look makes this page anew. */
  if (self->section == TILL_SECTION_VIEW && self->draft.changes->len > 0)
    {
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("Save the changes first (S), or take them back (Ctrl+Z)."));
      return;
    }
  switch (self->at.kind)
    {
    case TILL_LINE_LANGUAGE:
      pick_language (self, on_look);
      return;
    case TILL_LINE_SIZE:
      pick_size (self);
      return;
    case TILL_LINE_COLOURS:
      pick_colours (self);
      return;
    case TILL_LINE_SLIPS:
      pick_language (self, on_slips);
      return;
    case TILL_LINE_CARDS:
    case TILL_LINE_BESIDE:
    case TILL_LINE_CODES:
    case TILL_LINE_ROUTE:
      pick_provider (self);
      return;
    default:
      write_line (self);
    }
}

static void
drop_route (TillSettingsPage *self)
{
  int chosen = till_sheet_chosen (self->table);
  const TillSettingLine *line
      = chosen >= 0 ? &g_array_index (self->lines, TillSettingLine, chosen) : NULL;
  if (!line || line->kind != TILL_LINE_ROUTE)
    {
      till_counter_say (self->counter, TILL_TONE_PLAIN,
                        _ ("Only a rule for the beginning of codes can be taken away."));
      return;
    }
  g_autofree char *routes = till_setting_routes_with (
      till_settings_draft_value (&self->draft, line->key), line->route, NULL);
  change (self, line->key, routes);
}

/* --- taking a key in --- */

static void
on_taken (gpointer page, gpointer data, const GError *error)
{
  TillSettingsPage *self = page;
  TillSettingsAsk *ask = data;
  if (error || !till_counter_heard (self->counter, &ask->answer))
    return;
  g_autofree char *no = ask->trouble
                            ? g_strdup_printf (_ ("The file was not taken in: %s. Nothing was "
                                                  "changed. Look at the file and try again."),
                                               ask->trouble)
                            : NULL;
  till_counter_say (self->counter, no ? TILL_TONE_WARN : TILL_TONE_GOOD,
                    no ? no : _ ("Taken in. It is used from the next request on."));
  if (!no)
    self->counter->hands->arranged (self->counter->window);
  read_now (self);
}

static void
on_file (TillFilePanel *panel, TillSettingsPage *self)
{
  const char *account = till_providers_part_account (self->providers);
  if (!account)
    return;
  TillSettingsAsk *ask = ask_new (self);
  ask->account = g_strdup (account);
  ask->kind = self->kind;
  ask->path = g_strdup (till_file_panel_path (panel));
  ask->password = till_file_panel_take_password (panel);
  till_counter_close_panel (self->counter);
  till_counter_ask (self->counter, GTK_WIDGET (self), till_settings_ask_take, ask,
                    till_settings_ask_free, on_taken);
}

static void
on_kind (gpointer page, TillPickPanel *panel)
{
  TillSettingsPage *self = page;
  self->kind = (TillImportKind)(till_pick_panel_chosen_id (panel) - 1);
  TillFilePanel *file = till_file_panel_new (_ ("The file is copied into the folder of the "
                                                "account; nothing there is overwritten. Who took "
                                                "it in stands in the journal."),
                                             self->kind == TILL_IMPORT_OUR_KEY);
  g_signal_connect_object (file, "answered", G_CALLBACK (on_file), self, 0);
  self->counter->hands->panel (self->counter->window, till_import_label (self->kind),
                               GTK_WIDGET (file), &till_file_panel_kind);
}

static void
take_key (TillSettingsPage *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (!till_providers_part_account (self->providers))
    return;
  for (int i = 0; i < TILL_IMPORT_KINDS; i++)
    add_pick (rows, i + 1, till_import_label ((TillImportKind)i), "");
  TillPickPanel *panel = till_pick_panel_new (_ ("Take in a key…"), pick_columns, 1, NULL);
  till_pick_panel_fill (panel, rows, "");
  till_pick_panel_open (panel, self->counter, _ ("Take in a key…"), on_kind, GTK_WIDGET (self));
}

/* --- the page --- */

static void
set_section (gpointer page, int section)
{
  TillSettingsPage *self = page;
  if (section != TILL_SECTION_VIEW && !may_manage (self))
    {
      till_counter_say (self->counter, TILL_TONE_WARN,
                        _ ("That is for a manager: press F12 and let one sign in."));
      return;
    }
  till_providers_part_stop (self->providers);
  self->section = (TillSection)section;
  till_sheet_choose (self->table, -1);
  read_now (self);
  show (self);
  self->counter->hands->legend (self->counter->window);
}

static gboolean
on_key (GtkWidget *page, guint keyval, GdkModifierType state, const char *text)
{
  TillSettingsPage *self = TILL_SETTINGS_PAGE (page);
  int digit = till_choice_digit (keyval);
  guint key = gdk_keyval_to_lower (keyval);
  gboolean providers = self->section == TILL_SECTION_PROVIDERS;
  if (state & GDK_CONTROL_MASK)
    {
      if (key == GDK_KEY_z)
        undo (self, 0);
      return key == GDK_KEY_z;
    }
  if (digit >= 1 && digit <= TILL_SECTIONS)
    set_section (self, digit - 1);
  else if (key == GDK_KEY_s)
    save (self, 0);
  else if (providers && key == GDK_KEY_i)
    take_key (self);
  else if (providers && key == GDK_KEY_b)
    till_providers_part_ask_balance (self->providers);
  else if (providers && key == GDK_KEY_t)
    till_providers_part_try (self->providers);
  else if (providers)
    return till_providers_part_key (self->providers, keyval);
  else if (keyval == GDK_KEY_Delete)
    drop_route (self);
  else
    return till_sheet_key (self->table, keyval);
  return TRUE;
}

static void
on_enter (GtkWidget *page, const char *text)
{
  TillSettingsPage *self = TILL_SETTINGS_PAGE (page);
  if (self->section == TILL_SECTION_PROVIDERS)
    till_providers_part_test (self->providers);
  else
    open_line (self);
}

/* Digits choose; nothing is typed here. */
static gboolean
on_types (GtkWidget *page, gunichar character)
{
  return FALSE;
}

static gboolean
on_back (GtkWidget *page)
{
  TillSettingsPage *self = TILL_SETTINGS_PAGE (page);
  if (till_providers_part_stop (self->providers))
    return TRUE;
  self->counter->hands->go (self->counter->window, TILL_SCREEN_SELL);
  return TRUE;
}

/* Somebody else may have come: what they may not see is not in front. */
static void
on_shown (GtkWidget *page, const char *argument)
{
  TillSettingsPage *self = TILL_SETTINGS_PAGE (page);
  gboolean manager = may_manage (self);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->sections)); child;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (
        child, manager || child == gtk_widget_get_first_child (GTK_WIDGET (self->sections)));
  if (!manager)
    {
      self->section = TILL_SECTION_VIEW;
      g_ptr_array_set_size (self->draft.changes, 0);
    }
  else if (argument && g_str_equal (argument, "providers"))
    self->section = TILL_SECTION_PROVIDERS;
  read_now (self);
  show (self);
}

static void
on_changed (GtkWidget *page)
{
  read_now (TILL_SETTINGS_PAGE (page));
}

static const TillLegendKey legend[] = {
  { N_ ("Enter"), N_ ("Edit"), GDK_KEY_Return },
  { "Ctrl+Z", N_ ("Take back"), GDK_KEY_z, GDK_CONTROL_MASK },
  { "S", N_ ("Save"), GDK_KEY_s },
  { "Del", N_ ("Take a rule away"), GDK_KEY_Delete },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey view_legend[] = {
  { N_ ("Enter"), N_ ("Edit"), GDK_KEY_Return },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey providers_legend[] = {
  { N_ ("Enter"), N_ ("Test the connection"), GDK_KEY_Return },
  { "B", N_ ("Ask for the balance"), GDK_KEY_b },
  { "I", N_ ("Take in a key…"), GDK_KEY_i },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey stopped_legend[] = {
  { N_ ("Enter"), N_ ("Test the connection"), GDK_KEY_Return },
  { "T", N_ ("Try again"), GDK_KEY_t },
  { "B", N_ ("Ask for the balance"), GDK_KEY_b },
  { "I", N_ ("Take in a key…"), GDK_KEY_i },
  { "Esc", N_ ("Back to Sell"), GDK_KEY_Escape },
  { "F1", N_ ("Help"), GDK_KEY_F1 },
  { NULL },
};

static const TillLegendKey *
on_legend (GtkWidget *page)
{
  TillSettingsPage *self = TILL_SETTINGS_PAGE (page);
  if (self->section == TILL_SECTION_VIEW)
    return view_legend;
  if (self->section != TILL_SECTION_PROVIDERS)
    return legend;
  return till_providers_part_is_testing (self->providers) ? till_testing_legend
         : till_providers_part_may_try (self->providers)  ? stopped_legend
                                                          : providers_legend;
}

static void
on_test_changed (TillSettingsPage *self)
{
  self->counter->hands->legend (self->counter->window);
}

static void
till_settings_page_finalize (GObject *object)
{
  TillSettingsPage *self = TILL_SETTINGS_PAGE (object);
  till_settings_draft_clear (&self->draft);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_array_unref);
  g_free (self->beginning);
  G_OBJECT_CLASS (till_settings_page_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TillSettingsPage, child)

static void
till_settings_page_class_init (TillSettingsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = till_settings_page_finalize;
  g_type_ensure (TILL_TYPE_SHEET);
  g_type_ensure (TILL_TYPE_PROVIDERS_PART);
  till_part_class (class, "settings-page.ui");
  BIND (sections);
  BIND (stack);
  BIND (table);
  BIND (providers);
  BIND (draft_box);
  BIND (draft_words);
  BIND (draft_actions);
}

static void
till_settings_page_init (TillSettingsPage *self)
{
  static const char *const words[TILL_SECTIONS]
      = { N_ ("This till"), N_ ("Shop"), N_ ("Where payments go"), N_ ("Payment providers") };
  gtk_widget_init_template (GTK_WIDGET (self));
  till_settings_draft_init (&self->draft);
  till_sheet_set_up (self->table, _ ("Settings"), till_setting_columns, TILL_SETTING_COLUMNS);
  g_signal_connect_object (self->table, "opened", G_CALLBACK (open_line), self, G_CONNECT_SWAPPED);
  for (int i = 0; i < TILL_SECTIONS; i++)
    {
      g_autofree char *button = g_strdup_printf ("%d  %s", i + 1, _ (words[i]));
      gtk_box_append (self->sections, till_choice_new (button, i, set_section, self));
    }
  g_autofree char *back = g_strdup_printf ("Ctrl+Z  %s", _ ("Take back"));
  g_autofree char *keep = g_strdup_printf ("S  %s", _ ("Save"));
  GtkWidget *saves = till_choice_new (keep, 0, save, self);
  gtk_widget_add_css_class (saves, "suggested-action");
  gtk_box_append (self->draft_actions, till_choice_new (back, 0, undo, self));
  gtk_box_append (self->draft_actions, saves);
  g_signal_connect_object (self->providers, "changed", G_CALLBACK (on_test_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->providers, "take", G_CALLBACK (take_key), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
create (TillCounter *counter)
{
  TillSettingsPage *self = g_object_new (TILL_TYPE_SETTINGS_PAGE, NULL);
  self->counter = counter;
  till_providers_part_set_up (self->providers, counter);
  till_providers_part_manage (self->providers);
  return GTK_WIDGET (self);
}

const TillPage till_settings_page = {
  .screen = TILL_SCREEN_SETTINGS,
  .create = create,
  .key = on_key,
  .enter = on_enter,
  .types = on_types,
  .shown = on_shown,
  .changed = on_changed,
  .back = on_back,
  .legend = on_legend,
  .help = N_ (
      "1 to 4 choose what is set; arrows and Enter change it.\n\n"
      "This till: language, text size and colours, for everybody and at once.\n\n"
      "Shop and Where payments go, for managers: changes wait until S saves them all together, and "
      "Ctrl+Z takes the last one back. What a provider cannot take is refused, and then nothing "
      "was changed.\n\n"
      "Payment providers: how long each key holds and what is missing. Enter tests the connection "
      "and B asks how much the provider holds for you, both without moving money; Esc stops them. "
      "I "
      "takes in a key or certificate."),
};

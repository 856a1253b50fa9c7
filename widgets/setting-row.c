/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/setting-row.h"
#include "devices/gateway/registry.h"
#include "widgets/language.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CODES "provider.codes"

/* The routes stand between the cards and every other code. */
static const TillSettingLine lines[] = {
  { TILL_SECTION_VIEW, TILL_LINE_LANGUAGE, NULL, N_ ("Language"), 0 },
  { TILL_SECTION_VIEW, TILL_LINE_SIZE, NULL, N_ ("Text size"), 0 },
  { TILL_SECTION_VIEW, TILL_LINE_COLOURS, NULL, N_ ("Colours"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_TEXT, "shop.name", N_ ("Name on slips"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_TEXT, "shop.address", N_ ("Address on slips"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_SLIPS, "shop.language", N_ ("Language of slips"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "policy.window_days", N_ ("Days for a return"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_MONEY, "policy.return_limit.cashier",
    N_ ("A cashier returns alone up to"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_MONEY, "policy.return_limit.supervisor",
    N_ ("A supervisor returns alone up to"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_MONEY, "policy.approve_limit.supervisor",
    N_ ("A supervisor approves up to"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_MONEY, "policy.approve_limit.manager",
    N_ ("A manager approves up to"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_MONEY, "policy.slip_limit.cashier",
    N_ ("A cashier types card slips alone up to"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "paper.mm", N_ ("Width of the paper, mm"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "paper.dots",
    N_ ("Dots on a line: 384, 512 or 576; 0 is the usual"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_TEXT, "paper.usb", N_ ("Receipt printer on USB"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_TEXT, "paper.queue", N_ ("Print queue"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "paper.stale_min",
    N_ ("Minutes after which a slip is asked about, not printed"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "drawer.open_s",
    N_ ("Seconds after which an open drawer is told; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "notices.port",
    N_ ("Port for providers' notices; 0 is none"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.reader",
    N_ ("Days between checks of card readers; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.printer",
    N_ ("Days between checks of receipt printers; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.scanner",
    N_ ("Days between checks of scanners; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.scale",
    N_ ("Days between checks of scales; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.display",
    N_ ("Days between checks of customer displays; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.drawer",
    N_ ("Days between checks of cash drawers; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.computer",
    N_ ("Days between checks of the till computer; 0 is never"), 0 },
  { TILL_SECTION_SHOP, TILL_LINE_NUMBER, "check.days.terminal",
    N_ ("Days between checks of card terminals; 0 is never"), 0 },
  { TILL_SECTION_ROUTES, TILL_LINE_CARDS, "provider.card", N_ ("Bank cards"), 0 },
  { TILL_SECTION_ROUTES, TILL_LINE_ROUTE, CODES, N_ ("Codes that begin with %s"), 0 },
  { TILL_SECTION_ROUTES, TILL_LINE_CODES, "provider.code", N_ ("Every other code"), 0 },
  { TILL_SECTION_ROUTES, TILL_LINE_BESIDE, "provider.slip", N_ ("Card terminal beside the till"),
    0 },
  { TILL_SECTION_ROUTES, TILL_LINE_ADD, CODES, N_ ("Codes by their beginning…"), 0 },
};

const TillColumn till_setting_columns[TILL_SETTING_COLUMNS] = {
  { N_ ("Setting"), TILL_CELL_TEXT, 0 },
  { N_ ("Value"), TILL_CELL_TEXT, 30 },
  { "", TILL_CELL_TEXT, 20 },
};

static guint
count_routes (const char *routes)
{
  g_auto (GStrv) parts = g_strsplit (routes, ",", -1);
  return g_strv_length (parts);
}

GArray *
till_setting_lines (TillSection section, const TillSettingsDraft *draft)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (TillSettingLine));
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      if (lines[i].section != section)
        continue;
      guint times = lines[i].kind == TILL_LINE_ROUTE
                        ? count_routes (till_settings_draft_value (draft, CODES))
                        : 1;
      for (guint n = 0; n < times; n++)
        {
          TillSettingLine line = lines[i];
          line.route = n;
          g_array_append_val (found, line);
        }
    }
  return found;
}

/* "10-15" and "wechat" of the nth route. */
static gboolean
nth_route (const TillSettingsDraft *draft, guint n, char **beginning, char **provider)
{
  g_auto (GStrv) routes = g_strsplit (till_settings_draft_value (draft, CODES), ",", -1);
  if (n >= g_strv_length (routes))
    return FALSE;
  char *sign = strchr (routes[n], '=');
  *beginning = g_strndup (routes[n], (gsize)(sign - routes[n]));
  *provider = g_strdup (sign + 1);
  return TRUE;
}

char *
till_setting_routes_with (const char *routes, guint n, const char *provider)
{
  g_auto (GStrv) parts = g_strsplit (routes, ",", -1);
  GString *text = g_string_new (NULL);
  for (guint i = 0; parts[i]; i++)
    {
      if (i == n && !provider)
        continue;
      const char *sign = strchr (parts[i], '=');
      g_string_append_printf (text, "%s%.*s=%s", text->len ? "," : "", (int)(sign - parts[i]),
                              parts[i], i == n ? provider : sign + 1);
    }
  return g_string_free (text, FALSE);
}

char *
till_setting_line_label (const TillSettingLine *line, const TillSettingsDraft *draft)
{
  g_autofree char *beginning = NULL, *provider = NULL;
  if (line->kind != TILL_LINE_ROUTE || !nth_route (draft, line->route, &beginning, &provider))
    return g_strdup (_ (line->label));
  return g_strdup_printf (_ ("Codes that begin with %s"), beginning);
}

const char *
till_setting_colours_word (TillColours colours)
{
  static const char *const words[TILL_COLOURS]
      = { N_ ("As the machine"), N_ ("Light"), N_ ("Dark"), N_ ("High contrast") };
  return _ (words[colours]);
}

static const char *
language_name (const char *code)
{
  for (const TillLanguage *language = till_language_list (); language->code; language++)
    if (g_str_equal (language->code, code))
      return language->name;
  return code;
}

static const char *
provider_name (const char *provider)
{
  const TillCodec *codec = till_codec_find (provider);
  return codec ? _ (codec->profile->words) : provider;
}

const char *
till_setting_provider_remark (const char *provider, const GPtrArray *accounts)
{
  for (guint i = 0; accounts && i < accounts->len; i++)
    {
      const TillAccountState *account = g_ptr_array_index (accounts, i);
      if (g_str_equal (account->provider, provider) && !account->trouble)
        return "";
    }
  return accounts ? _ ("no usable account here") : "";
}

/* The provider a line names, or NULL. */
static char *
provider_of (const TillSettingLine *line, const TillSettingsDraft *draft)
{
  g_autofree char *beginning = NULL;
  char *provider = NULL;
  if (line->kind == TILL_LINE_ROUTE)
    nth_route (draft, line->route, &beginning, &provider);
  else if (line->kind == TILL_LINE_CARDS || line->kind == TILL_LINE_BESIDE
           || line->kind == TILL_LINE_CODES)
    provider = g_strdup (till_settings_draft_value (draft, line->key));
  return provider;
}

static char *
value_of (const TillSettingLine *line, TillCounter *counter, const TillSettingsDraft *draft)
{
  g_autofree char *provider = provider_of (line, draft);
  switch (line->kind)
    {
    case TILL_LINE_LANGUAGE:
      return g_strdup (language_name (till_language_get ()));
    case TILL_LINE_SIZE:
      return g_strdup_printf ("%d %%", counter->look.percent);
    case TILL_LINE_COLOURS:
      return g_strdup (till_setting_colours_word (counter->look.colours));
    case TILL_LINE_MONEY:
      return till_money_format_screen (
          g_ascii_strtoll (till_settings_draft_value (draft, line->key), NULL, 10));
    case TILL_LINE_SLIPS:
      return g_strdup (language_name (till_settings_draft_value (draft, line->key)));
    case TILL_LINE_BESIDE:
      return g_strdup (provider && *provider ? provider_name (provider) : _ ("none"));
    case TILL_LINE_CARDS:
    case TILL_LINE_CODES:
    case TILL_LINE_ROUTE:
      return g_strdup (provider ? provider_name (provider) : "");
    case TILL_LINE_ADD:
      return g_strdup ("");
    case TILL_LINE_TEXT:
    case TILL_LINE_NUMBER:
    default:
      return g_strdup (till_settings_draft_value (draft, line->key));
    }
}

static const char *
remark_on (const TillSettingLine *line, const TillSettingsDraft *draft, const GPtrArray *accounts)
{
  g_autofree char *provider = provider_of (line, draft);
  if (line->key && line->kind != TILL_LINE_ADD && till_settings_draft_is_changed (draft, line->key))
    return _ ("not saved yet");
  if (provider && *provider)
    return till_setting_provider_remark (provider, accounts);
  return line->key && (till_setting_store_traits (line->key) & TILL_SETTING_AT_START)
             ? _ ("from the next start")
             : "";
}

TillSheetRow *
till_setting_row_new (guint n, const TillSettingLine *line, TillCounter *counter,
                      const TillSettingsDraft *draft, const GPtrArray *accounts)
{
  g_autofree char *label = till_setting_line_label (line, draft);
  g_autofree char *value = value_of (line, counter, draft);
  const char *cells[] = { label, value, remark_on (line, draft, accounts) };
  return till_sheet_row_new ((int64_t)n + 1, G_N_ELEMENTS (cells), cells);
}

char *
till_setting_line_text (const TillSettingLine *line, const TillSettingsDraft *draft)
{
  const char *value
      = line->kind == TILL_LINE_ADD ? "" : till_settings_draft_value (draft, line->key);
  if (line->kind != TILL_LINE_MONEY)
    return g_strdup (value);
  return till_money_format (g_ascii_strtoll (value, NULL, 10));
}

char *
till_setting_line_parse (const TillSettingLine *line, const char *text)
{
  TillMoney amount;
  if (line->kind == TILL_LINE_MONEY)
    return till_money_parse (text, &amount, NULL) && amount >= 0
               ? g_strdup_printf ("%" G_GINT64_FORMAT, amount)
               : NULL;
  return line->kind == TILL_LINE_ADD || till_setting_store_is_possible (line->key, text)
             ? g_strdup (text)
             : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ledger/setting-store.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/ledger/sql.h"
#include "data/trade/code-route.h"
#include "data/trade/device-record.h"
#include "data/trade/usb-name.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef enum
{
  KIND_TEXT,
  KIND_ROUTES, /* text that says which provider takes which codes */
  KIND_USB,    /* text that names a USB device, or "" */
  KIND_INT,    /* int within [least, most] */
  KIND_INT64,  /* int64_t within [least, most] */
  KIND_PORT,   /* int: 0, or within [least, most] */
  KIND_DOTS,   /* int: dots that a printer can have on a line, or 0 */
  KIND_LEVEL,  /* TillDrawerLevel: "", "low" or "high" */
  KIND_CLEAR,  /* gboolean: what is done with a payment card in clear, "refuse" or "match" */
} Kind;

#define AT(member) offsetof (TillShop, member)
#define MONEY_MAX TILL_MONEY_MAX

/* Every setting there is: key, where it lives in TillShop, bounds, default. */
static const struct
{
  const char *key;
  gsize offset;
  Kind kind;
  int64_t least, most;
  const char *fallback;
  guint traits;
} settings[] = {
  { "shop.name", AT (name), KIND_TEXT, 1, 100, "Quittance" },
  { "shop.address", AT (address), KIND_TEXT, 0, 200, "" },
  { "shop.zone", AT (zone), KIND_TEXT, 1, 60, "Asia/Shanghai", TILL_SETTING_FIXED },
  { "shop.language", AT (language), KIND_TEXT, 2, 5, "zh_CN" },
  { "shop.store", AT (store), KIND_INT, 0, 99, "1", TILL_SETTING_FIXED },
  { "shop.till", AT (till), KIND_INT, 0, 99, "1", TILL_SETTING_FIXED },
  { "shop.training", AT (training), KIND_INT, 0, 1, "0", TILL_SETTING_FIXED },
  { "price.vat_included", AT (pricing.vat_included), KIND_INT, 0, 1, "1" },
  { "price.round_to", AT (pricing.round_to), KIND_INT64, 1, 10000, "1" },
  { "policy.version", AT (policy.version), KIND_TEXT, 1, 40, "2026-1" },
  { "policy.window_days", AT (policy.window_days), KIND_INT, 0, 3650, "7" },
  { "policy.return_limit.cashier", AT (policy.return_limit[0]), KIND_INT64, 0, MONEY_MAX, "20000" },
  { "policy.return_limit.supervisor", AT (policy.return_limit[1]), KIND_INT64, 0, MONEY_MAX,
    "200000" },
  { "policy.return_limit.manager", AT (policy.return_limit[2]), KIND_INT64, 0, MONEY_MAX,
    "2000000" },
  { "policy.approve_limit.cashier", AT (policy.approve_limit[0]), KIND_INT64, 0, MONEY_MAX, "0" },
  { "policy.approve_limit.supervisor", AT (policy.approve_limit[1]), KIND_INT64, 0, MONEY_MAX,
    "200000" },
  { "policy.approve_limit.manager", AT (policy.approve_limit[2]), KIND_INT64, 0, MONEY_MAX,
    "1000000000" },
  { "policy.discount_limit_ppm.cashier", AT (policy.discount_limit_ppm[0]), KIND_INT64, 0, 1000000,
    "100000" },
  { "policy.discount_limit_ppm.supervisor", AT (policy.discount_limit_ppm[1]), KIND_INT64, 0,
    1000000, "300000" },
  { "policy.discount_limit_ppm.manager", AT (policy.discount_limit_ppm[2]), KIND_INT64, 0, 1000000,
    "1000000" },
  { "policy.over_short_limit", AT (policy.over_short_limit), KIND_INT64, 0, MONEY_MAX, "1000" },
  { "policy.slip_limit.cashier", AT (policy.slip_limit[0]), KIND_INT64, 0, MONEY_MAX, "200000" },
  { "policy.slip_limit.supervisor", AT (policy.slip_limit[1]), KIND_INT64, 0, MONEY_MAX,
    "1000000" },
  { "policy.slip_limit.manager", AT (policy.slip_limit[2]), KIND_INT64, 0, MONEY_MAX, "5000000" },
  { "provider.codes", AT (code_routes), KIND_ROUTES, 0, 200, "" },
  { "provider.code", AT (code_provider), KIND_TEXT, 1, 40, "sandbox" },
  { "provider.card", AT (card_provider), KIND_TEXT, 1, 40, "sandbox" },
  { "provider.slip", AT (slip_provider), KIND_TEXT, 0, 40, "" },
  { "cards.clear", AT (matches_clear_cards), KIND_CLEAR, 0, 0, "refuse", TILL_SETTING_AT_START },
  { "paper.mm", AT (paper_mm), KIND_INT, 58, 80, "80", TILL_SETTING_AT_START },
  { "paper.server", AT (paper_server), KIND_TEXT, 0, 100, "", TILL_SETTING_AT_START },
  { "paper.queue", AT (paper_queue), KIND_TEXT, 0, 127, "", TILL_SETTING_AT_START },
  { "paper.dots", AT (paper_dots), KIND_DOTS, 384, 576, "0", TILL_SETTING_AT_START },
  { "paper.draw", AT (paper_draw), KIND_INT, 0, 1, "1", TILL_SETTING_AT_START },
  { "paper.stale_min", AT (paper_stale_min), KIND_INT, 1, 1440, "15" },
  { "drawer.closed", AT (drawer_closed), KIND_LEVEL, 0, 0, "" },
  { "drawer.open_s", AT (drawer_open_s), KIND_INT, 0, 1500, "60" },
  { "notices.port", AT (notices_port), KIND_PORT, 1024, 65535, "0", TILL_SETTING_AT_START },
  { "paper.usb", AT (paper_usb), KIND_USB, 0, TILL_USB_NAME_MAX, "", TILL_SETTING_AT_START },
  { "check.days.reader", AT (check_days[TILL_DEVICE_RECORD_READER]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "check.days.printer", AT (check_days[TILL_DEVICE_RECORD_PRINTER]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "check.days.scanner", AT (check_days[TILL_DEVICE_RECORD_SCANNER]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "check.days.scale", AT (check_days[TILL_DEVICE_RECORD_SCALE]), KIND_INT, 0, TILL_CHECK_DAYS_MAX,
    "30" },
  { "check.days.display", AT (check_days[TILL_DEVICE_RECORD_DISPLAY]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "check.days.drawer", AT (check_days[TILL_DEVICE_RECORD_DRAWER]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "check.days.computer", AT (check_days[TILL_DEVICE_RECORD_COMPUTER]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "check.days.terminal", AT (check_days[TILL_DEVICE_RECORD_TERMINAL]), KIND_INT, 0,
    TILL_CHECK_DAYS_MAX, "30" },
  { "seal.key", AT (seal_key), KIND_TEXT, 0, 64, "", TILL_SETTING_FIXED },
};

static int
index_of (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (key, settings[i].key))
      return (int)i;
  return -1;
}

static gboolean
text_is_valid (int index, const char *value)
{
  TillUsbName name;
  int64_t length = g_utf8_strlen (value, -1);
  if (length < settings[index].least || length > settings[index].most)
    return FALSE;
  if (settings[index].kind == KIND_ROUTES)
    return till_code_routes_are_valid (value);
  return settings[index].kind != KIND_USB || *value == '\0' || till_usb_name_read (value, &name);
}

static gboolean
dots_are_valid (int64_t dots)
{
  return dots == 0 || dots == 384 || dots == 512 || dots == 576;
}

/* Puts a value into its place; FALSE when it cannot have it. */
static gboolean
apply (TillShop *shop, int index, const char *value)
{
  void *place = (char *)shop + settings[index].offset;
  if (settings[index].kind <= KIND_USB)
    {
      if (!text_is_valid (index, value))
        return FALSE;
      char **text = place;
      g_free (*text);
      *text = g_strdup (value);
      return TRUE;
    }
  if (settings[index].kind == KIND_LEVEL)
    return till_drawer_level_read (value, place);
  if (settings[index].kind == KIND_CLEAR)
    {
      gboolean matches = g_str_equal (value, "match");
      *(gboolean *)place = matches;
      return matches || g_str_equal (value, "refuse");
    }
  int64_t number;
  gboolean none = (settings[index].kind == KIND_PORT || settings[index].kind == KIND_DOTS)
                  && g_str_equal (value, "0");
  if (!g_ascii_string_to_signed (value, 10, none ? 0 : settings[index].least, settings[index].most,
                                 &number, NULL)
      || (settings[index].kind == KIND_DOTS && !dots_are_valid (number)))
    return FALSE;
  if (settings[index].kind != KIND_INT64)
    *(int *)place = (int)number;
  else
    *(int64_t *)place = number;
  return TRUE;
}

TillShop *
till_setting_store_shop (TillLedger *ledger, GError **error)
{
  g_autoptr (TillShop) shop = g_new0 (TillShop, 1);
  for (int i = 0; i < (int)G_N_ELEMENTS (settings); i++)
    {
      gboolean good = apply (shop, i, settings[i].fallback);
      g_assert (good);
    }
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT key, value FROM setting", ""))
    return NULL;
  while (till_rows_next (&rows))
    {
      int index = index_of (till_rows_text (&rows, 0));
      if (index < 0 || !apply (shop, index, till_rows_text (&rows, 1)))
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_CORRUPT, "setting %s has no possible value",
                       till_rows_text (&rows, 0));
          return NULL;
        }
    }
  if (!till_rows_end (&rows, error))
    return NULL;
  return g_steal_pointer (&shop);
}

void
till_setting_free (TillSetting *setting)
{
  g_free (setting->value);
  g_free (setting);
}

GPtrArray *
till_setting_store_list (TillLedger *ledger, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)till_setting_free);
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      TillSetting *setting = g_new0 (TillSetting, 1);
      setting->key = settings[i].key;
      setting->value = g_strdup (settings[i].fallback);
      setting->traits = settings[i].traits;
      g_ptr_array_add (list, setting);
    }
  g_auto (TillRows) rows = { 0 };
  if (!till_rows_open (&rows, ledger, error, "SELECT key, value FROM setting", ""))
    return NULL;
  while (till_rows_next (&rows))
    {
      int index = index_of (till_rows_text (&rows, 0));
      if (index < 0)
        continue; /* till_setting_store_shop () tells of it */
      TillSetting *setting = g_ptr_array_index (list, index);
      g_free (setting->value);
      setting->value = till_rows_dup (&rows, 1);
      setting->is_set = TRUE;
    }
  return till_rows_end (&rows, error) ? g_steal_pointer (&list) : NULL;
}

gboolean
till_setting_store_is_possible (const char *key, const char *value)
{
  g_autoptr (TillShop) trial = g_new0 (TillShop, 1);
  g_autofree char *clean = till_text_clean (value, TILL_TEXT_MAX);
  int index = index_of (key);
  return index >= 0 && apply (trial, index, clean);
}

guint
till_setting_store_traits (const char *key)
{
  int index = index_of (key);
  return index < 0 ? 0 : settings[index].traits;
}

gboolean
till_setting_store_set (TillTxn *txn, const char *key, const char *value, GError **error)
{
  g_autoptr (TillShop) trial = g_new0 (TillShop, 1);
  g_autofree char *clean = till_text_clean (value, TILL_TEXT_MAX);
  int index = index_of (key);
  if (index < 0 || !apply (trial, index, clean))
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "setting “%.40s” cannot be “%.40s”", key,
                   clean);
      return FALSE;
    }
  g_autofree char *note = g_strdup_printf ("setting %s = %s", key, clean);
  till_txn_note (txn, note);
  return till_sql_run (till_txn_ledger (txn), error,
                       "INSERT INTO setting VALUES (?, ?)"
                       " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                       "ss", key, clean);
}

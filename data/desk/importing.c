/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A code is taken as it stands, also when it has the length of an EAN and its check digit is wrong:
 * shops number their own goods, and a scanner checks the digit before it says a word, so such a row
 * harms nobody. How many there were is written into the entry. */
#include "data/desk/importing.h"
#include "data/core/csv.h"
#include "data/core/error.h"
#include "data/core/text.h"
#include "data/desk/staffing.h"
#include "data/ledger/item-store.h"

#include <string.h>

#define REFUSED_KEPT 1000
#define EXCERPT_MAX 80
#define UNIT_MAX 20
/* Rows between two calls of progress. */
#define PROGRESS_STEP 256

typedef enum
{
  COLUMN_CODE,
  COLUMN_NAME,
  COLUMN_NAME_ALT,
  COLUMN_PRICE,
  COLUMN_CATEGORY,
  COLUMN_UNIT,
  COLUMN_VAT,
  N_COLUMNS,
} Column;

/* Names by which columns are known, best first, in small letters. */
static const char *const common_names[N_COLUMNS][10] = {
  [COLUMN_CODE]
  = { "code", "upcean", "ean", "barcode", "upc", "gtin", "条码", "条形码", "商品条码" },
  [COLUMN_NAME] = { "name", "名称", "品名", "商品名称", "商品名", "description" },
  [COLUMN_NAME_ALT] = { "name_alt", "name_en", "英文名", "英文名称" },
  [COLUMN_PRICE] = { "price", "售价", "零售价", "价格", "单价" },
  [COLUMN_CATEGORY] = { "category", "categoryname", "分类", "类别" },
  [COLUMN_UNIT] = { "unit", "单位" },
  [COLUMN_VAT] = { "vat", "vat_rate", "税率" },
};

typedef struct
{
  TillTxn *txn;             /* unowned */
  const TillImportMap *map; /* unowned */
  TillProgress progress;
  gpointer user;
  TillImportReport *report; /* unowned */
  int column[N_COLUMNS];    /* -1: the file has none */
  guint n_columns;
  gboolean has_header;
  int64_t odd_check_digits;
} Import;

static void
refused_free (gpointer data)
{
  TillRefusedRow *row = data;
  g_free (row->reason);
  g_free (row->excerpt);
  g_free (row);
}

void
till_import_report_free (TillImportReport *report)
{
  g_ptr_array_unref (report->refused);
  g_free (report->encoding);
  g_free (report);
}

/* --- the header --- */

static int
find_column (const TillCsvRow *row, const char *name)
{
  g_autofree char *wanted = g_utf8_casefold (name, -1);
  for (guint i = 0; i < row->n; i++)
    {
      g_autofree char *clean = till_text_clean (row->fields[i], TILL_TEXT_MAX);
      g_autofree char *have = g_utf8_casefold (clean, -1);
      if (g_str_equal (have, wanted))
        return (int)i;
    }
  return -1;
}

static int
guess_column (const TillCsvRow *row, Column column)
{
  int found = -1;
  for (gsize i = 0; found < 0 && common_names[column][i]; i++)
    found = find_column (row, common_names[column][i]);
  return found;
}

static gboolean
read_header (Import *import, const TillCsvRow *row, GError **error)
{
  const TillImportMap *map = import->map;
  const char *const named[N_COLUMNS]
      = { map->code, map->name, map->name_alt, map->price, map->category, map->unit, map->vat };
  if (row->problem)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the header cannot be read: %s",
                   row->problem);
      return FALSE;
    }
  for (int i = 0; i < N_COLUMNS; i++)
    {
      import->column[i] = named[i] ? find_column (row, named[i]) : guess_column (row, (Column)i);
      if (import->column[i] < 0 && (named[i] || i == COLUMN_CODE || i == COLUMN_NAME))
        {
          g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                       "the header has no column “%s”; say which one it is",
                       named[i] ? named[i] : common_names[i][0]);
          return FALSE;
        }
    }
  import->n_columns = row->n;
  import->has_header = TRUE;
  import->report->encoding = g_strdup (row->encoding);
  return TRUE;
}

/* --- one row --- */

static void
refuse (Import *import, const TillCsvRow *row, const char *reason)
{
  TillImportReport *report = import->report;
  if (report->refused_count++ >= REFUSED_KEPT)
    return;
  TillRefusedRow *refused = g_new0 (TillRefusedRow, 1);
  refused->line = row->line;
  refused->reason = g_strdup (reason);
  refused->excerpt = till_text_clean (row->raw, EXCERPT_MAX);
  g_ptr_array_add (report->refused, refused);
}

/* Empty for a column that the file or this row does not have. */
static char *
cell (const Import *import, const TillCsvRow *row, Column column, gsize max)
{
  int i = import->column[column];
  return till_text_clean (i >= 0 && (guint)i < row->n ? row->fields[i] : "", max);
}

static gboolean
check_digit_is_odd (const char *code)
{
  gsize length = strlen (code);
  int sum = 0;
  if (strspn (code, "0123456789") != length
      || (length != 8 && length != 12 && length != 13 && length != 14))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    sum += (code[i] - '0') * ((length - i) % 2 ? 1 : 3);
  return sum % 10 != 0;
}

/* Percent, with or without its sign: "13", "13%", "0". */
static const char *
parse_vat (const char *text, int64_t *ppm)
{
  g_autofree char *number = g_strdup (text);
  gsize length = strlen (number);
  gboolean sign = length && number[length - 1] == '%';
  TillMoney hundredths;
  if (sign)
    number[length - 1] = '\0';
  if (!till_money_parse (number, &hundredths, NULL) || hundredths > 10000)
    return "the VAT rate is no percentage";
  if (!sign && hundredths > 0 && hundredths < 100)
    return "the VAT rate may be a share or a percentage: write it with %";
  *ppm = hundredths * 100;
  return NULL;
}

/* Fills in the item; NULL when it is good, else why the row is refused. */
static const char *
read_item (const Import *import, const TillCsvRow *row, TillItem *item)
{
  g_autofree char *price = cell (import, row, COLUMN_PRICE, 40);
  g_autofree char *vat = cell (import, row, COLUMN_VAT, 40);
  item->code = cell (import, row, COLUMN_CODE, 40);
  item->name = cell (import, row, COLUMN_NAME, TILL_TEXT_MAX);
  item->name_alt = cell (import, row, COLUMN_NAME_ALT, TILL_TEXT_MAX);
  item->category = cell (import, row, COLUMN_CATEGORY, TILL_TEXT_MAX);
  item->unit = cell (import, row, COLUMN_UNIT, UNIT_MAX);
  item->price = import->map->default_price;
  item->vat_ppm = import->map->default_vat_ppm;
  if (row->n > import->n_columns)
    return "it has more columns than the header";
  if (!*item->code)
    return "it has no code";
  if (strstr (item->code, "E+"))
    return "a spreadsheet turned its code into a number";
  if (!till_item_code_is_valid (item->code))
    return "a code is 1 to 32 of 0-9 A-Z a-z - .";
  if (!*item->name)
    return "it has no name";
  if (import->column[COLUMN_PRICE] >= 0 && !till_money_parse (price, &item->price, NULL))
    return *price ? "the price is no amount like 12.50" : "it has no price";
  return import->column[COLUMN_VAT] >= 0 && *vat ? parse_vat (vat, &item->vat_ppm) : NULL;
}

static gboolean
take_row (Import *import, const TillCsvRow *row, GError **error)
{
  g_autoptr (TillItem) item = g_new0 (TillItem, 1);
  TillImportReport *report = import->report;
  const char *problem = row->problem ? row->problem : read_item (import, row, item);
  report->rows++;
  if (problem)
    {
      refuse (import, row, problem);
      return TRUE;
    }
  TillItemChange change;
  if (!till_item_store_put (import->txn, item, &change, error))
    return FALSE;
  import->odd_check_digits += check_digit_is_odd (item->code);
  report->added += change == TILL_ITEM_ADDED;
  report->changed += change == TILL_ITEM_CHANGED;
  report->same += change == TILL_ITEM_SAME;
  return TRUE;
}

static gboolean
on_row (const TillCsvRow *row, gpointer user, GError **error)
{
  Import *import = user;
  if (!import->has_header)
    return read_header (import, row, error);
  if (!take_row (import, row, error))
    return FALSE;
  if (!import->progress || import->report->rows % PROGRESS_STEP != 0
      || import->progress (row->done, row->total, import->user))
    return TRUE;
  g_set_error_literal (error, TILL_ERROR, TILL_ERROR_STOPPED,
                       "the import was stopped; nothing of it was kept");
  return FALSE;
}

/* --- the file --- */

/* The digest in groups, so that no run of its digits is taken for the number of a card. */
static void
note_import (TillTxn *txn, const Import *import, const char *path, const char *digest)
{
  const TillImportReport *report = import->report;
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GString) note = g_string_new ("goods from ");
  g_string_append_printf (note, "%.100s, sha256 ", name);
  for (gsize i = 0; digest[i]; i += 8)
    g_string_append_printf (note, "%s%.8s", i ? "." : "", digest + i);
  g_string_append_printf (note,
                          ": %" G_GINT64_FORMAT " rows, %" G_GINT64_FORMAT
                          " added, %" G_GINT64_FORMAT " changed, %" G_GINT64_FORMAT
                          " same, %" G_GINT64_FORMAT " refused, %" G_GINT64_FORMAT
                          " with an odd check digit",
                          report->rows, report->added, report->changed, report->same,
                          report->refused_count, import->odd_check_digits);
  till_txn_note (txn, note->str);
}

gboolean
till_importing_goods (TillLedger *ledger, int64_t staff_id, const char *path,
                      const TillImportMap *map, TillProgress progress, gpointer user,
                      TillImportReport **report, TillAnswer *answer, GError **error)
{
  *report = NULL;
  g_autoptr (TillTxn) txn = till_ledger_begin (ledger, staff_id, "import", error);
  if (!txn || !till_staffing_may (txn, staff_id, TILL_RIGHT_MANAGE, NULL, answer, error))
    return FALSE;
  if (answer->code != TILL_YES)
    return TRUE;
  g_autoptr (TillImportReport) made = g_new0 (TillImportReport, 1);
  g_autofree char *digest = NULL;
  made->refused = g_ptr_array_new_with_free_func (refused_free);
  Import import = { .txn = txn, .map = map, .progress = progress, .user = user, .report = made };
  if (!till_csv_read (path, on_row, &import, &digest, error))
    return FALSE;
  if (!import.has_header)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is empty", path);
      return FALSE;
    }
  g_assert (made->rows == made->added + made->changed + made->same + made->refused_count);
  note_import (txn, &import, path, digest);
  if (!till_txn_commit (txn, error))
    return FALSE;
  *report = g_steal_pointer (&made);
  return TRUE;
}

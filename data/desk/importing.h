/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods from a file: CSV or TSV, UTF-8 or GB18030, columns by name. Every row ends in the books or
 * in the report with its line number and the reason; the same file twice changes nothing. */
#pragma once
#include "data/ledger/ledger.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

/* Header names of the columns; NULL: guessed from common names. price NULL and not guessed: every
 * item gets default_price. */
typedef struct
{
  const char *code, *name, *name_alt, *price, *category, *unit, *vat;
  TillMoney default_price;
  int64_t default_vat_ppm;
} TillImportMap;

typedef struct
{
  int64_t line;  /* in the file, from 1; the header is 1 */
  char *reason;  /* owned; in words */
  char *excerpt; /* owned; cleaned, at most 80 characters */
} TillRefusedRow;

typedef struct
{
  int64_t rows; /* data rows read = added + changed + same + refused */
  int64_t added, changed, same, refused_count;
  char *encoding;     /* owned; "UTF-8" or "GB18030" */
  GPtrArray *refused; /* owned; of TillRefusedRow, at most 1000; refused_count has them all */
} TillImportReport;
void till_import_report_free (TillImportReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillImportReport, till_import_report_free)

/* done and total in bytes; answer FALSE to stop: then nothing is kept. */
typedef gboolean (*TillProgress) (int64_t done, int64_t total, gpointer user);

/* One transaction for the whole file. progress may be NULL. Needs TILL_RIGHT_MANAGE. */
gboolean till_importing_goods (TillLedger *ledger, int64_t staff_id, const char *path,
                               const TillImportMap *map, TillProgress progress, gpointer user,
                               TillImportReport **report, TillAnswer *answer, GError **error);

G_END_DECLS

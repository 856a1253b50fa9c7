/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/wording.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  TillImportMap map; /* texts owned */
  char *price;       /* owned; for goods without one */
} Options;

static void
options_clear (Options *options)
{
  g_free ((char *)options->map.code);
  g_free ((char *)options->map.name);
  g_free ((char *)options->map.name_alt);
  g_free ((char *)options->map.price);
  g_free ((char *)options->map.category);
  g_free ((char *)options->map.unit);
  g_free ((char *)options->map.vat);
  g_free (options->price);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
import (TillCtl *ctl, const char *path, Options *options)
{
  int exit_code = TILL_EXIT_DONE;
  g_autoptr (GError) error = NULL;
  if (options->price && !till_money_parse (options->price, &options->map.default_price, &error))
    return till_ctl_say_error (ctl, error);
  g_autoptr (TillShopFolder) folder = till_ctl_open (ctl, &exit_code);
  int64_t staff_id = folder ? till_ctl_sign_in (ctl, folder, &exit_code) : 0;
  if (!staff_id)
    return exit_code;
  g_autoptr (TillImportReport) report = NULL;
  TillAnswer answer;
  if (!till_importing_goods (folder->ledger, staff_id, path, &options->map, NULL, NULL, &report,
                             &answer, &error))
    return till_ctl_say_error (ctl, error);
  if (answer.code != TILL_YES)
    return till_ctl_say_no (ctl, &answer);
  g_autofree char *text = till_wording_import_text (report);
  json_t *object = json_pack ("{s:o}", "import", till_wording_import (report));
  return till_ctl_say (ctl, object, text);
}

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  int exit_code;
  g_auto (Options) options = { .map.default_vat_ppm = 130000 };
  const GOptionEntry entries[] = {
    { "code", 0, 0, G_OPTION_ARG_STRING, &options.map.code, N_ ("Column of the bar code"),
      N_ ("NAME") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.map.name, N_ ("Column of the name"),
      N_ ("NAME") },
    { "name-alt", 0, 0, G_OPTION_ARG_STRING, &options.map.name_alt,
      N_ ("Column of the name in the other language"), N_ ("NAME") },
    { "price", 0, 0, G_OPTION_ARG_STRING, &options.map.price, N_ ("Column of the price"),
      N_ ("NAME") },
    { "category", 0, 0, G_OPTION_ARG_STRING, &options.map.category, N_ ("Column of the category"),
      N_ ("NAME") },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &options.map.unit, N_ ("Column of the unit"),
      N_ ("NAME") },
    { "vat", 0, 0, G_OPTION_ARG_STRING, &options.map.vat, N_ ("Column of the VAT rate"),
      N_ ("NAME") },
    { "default-price", 0, 0, G_OPTION_ARG_STRING, &options.price,
      N_ ("Price of goods in a file without prices"), N_ ("AMOUNT") },
    { 0 },
  };
  if (!till_ctl_parse (ctl, context, entries, &argc, &argv, 2, 2, &exit_code))
    return exit_code;
  if (strcmp (argv[1], "goods") != 0)
    return till_ctl_say_usage (ctl, _ ("“%.40s” cannot be imported; goods can."), argv[1]);
  return import (ctl, argv[2], &options);
}

const TillVerb till_verb_import = {
  "import",
  "goods FILE",
  N_ ("Take goods from a CSV or TSV file"),
  "  tillctl --as 3 import goods goods.csv\n"
  "  tillctl --as 3 import goods list.tsv --code Barcode --name Title --default-price 9.90",
  run,
};

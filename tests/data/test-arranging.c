/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the shop is set up: who may, all or nothing, and only what the providers can take. */
#include "data/desk/arranging.h"
#include "tests/data/shop-fixture.h"

static const TillProfile cards = { .name = "cards", .cards = TILL_CARDS_BY_TOKEN };
static const TillProfile codes = { .name = "codes", .takes_codes = TRUE };
static const TillProfile both
    = { .name = "sandbox", .cards = TILL_CARDS_BY_TOKEN, .takes_codes = TRUE };

static const TillProfile *
profile_of (const char *name, gpointer user)
{
  const TillProfile *const known[] = { &cards, &codes, &both };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i]->name, name))
      return known[i];
  return NULL;
}

static TillAnswer
change (Shop *shop, int64_t staff_id, const char *key, const char *value)
{
  TillAnswer answer;
  const TillSettingChange changes[] = { { "shop.address", "Changed with it" }, { key, value } };
  g_autoptr (GError) error = NULL;
  gboolean ran = till_arranging_change (shop->ledger, staff_id, changes, 2, profile_of, NULL,
                                        &answer, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return answer;
}

static char *
value_of (Shop *shop, const char *key)
{
  g_autoptr (GPtrArray) list = till_arranging_list (shop->ledger, NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const TillSetting *setting = g_ptr_array_index (list, i);
      if (g_str_equal (setting->key, key))
        return g_strdup (setting->value);
    }
  g_assert_not_reached ();
}

static void
set_up (Shop *shop, gconstpointer data)
{
  shop_open (shop, NULL, 5);
}

static void
tear_down (Shop *shop, gconstpointer data)
{
  shop_close_sound (shop);
}

/* Whatever is wrong, nothing of it is done. */
static void
test_refused (Shop *shop, gconstpointer data)
{
  static const struct
  {
    const char *key, *value, *word, *ref;
  } rows[] = {
    { "shop.name", "", "setting", "shop.name" },
    { "shop.nobody", "x", "setting", "shop.nobody" },
    { "shop.till", "7", "setting", "shop.till" },
    { "shop.training", "0", "setting", "shop.training" },
    { "shop.zone", "Asia/Tokyo", "setting", "shop.zone" },
    { "paper.mm", "57", "setting", "paper.mm" },
    { "paper.draw", "2", "setting", "paper.draw" },
    { "drawer.closed", "up", "setting", "drawer.closed" },
    { "drawer.open_s", "-1", "setting", "drawer.open_s" },
    { "paper.draw", "yes", "setting", "paper.draw" },
    { "paper.usb", "TM-T20", "setting", "paper.usb" },
    { "paper.usb", "04b8:0e2g", "setting", "paper.usb" },
    { "policy.window_days", "a week", "setting", "policy.window_days" },
    { "provider.codes", "1x=codes", "setting", "provider.codes" },
    { "cards.clear", "accept", "setting", "cards.clear" },
    { "cards.clear", "1", "setting", "cards.clear" },
    { "provider.card", "codes", "no_taker", "codes" },
    { "provider.card", "nobody", "no_taker", "nobody" },
    { "provider.code", "cards", "no_taker", "cards" },
    { "provider.codes", "10-15=codes,62=cards", "no_taker", "cards" },
  };
  g_autofree char *address = value_of (shop, "shop.address");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillAnswer answer = change (shop, shop->manager, rows[i].key, rows[i].value);
      g_assert_cmpstr (till_answer_word (answer.code), ==, rows[i].word);
      g_assert_cmpstr (answer.ref, ==, rows[i].ref);
      g_autofree char *after = value_of (shop, "shop.address");
      g_assert_cmpstr (after, ==, address);
    }
}

static void
test_rights (Shop *shop, gconstpointer data)
{
  const int64_t others[] = { shop->cashier, shop->supervisor };
  TillAnswer answer;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_cmpint (change (shop, others[i], "shop.name", "Mine").code, ==, TILL_NO_RIGHT);
      g_assert_true (till_arranging_note_key (shop->ledger, others[i], "key", &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
      g_assert_true (till_arranging_may (shop->ledger, others[i], &answer, NULL));
      g_assert_cmpint (answer.code, ==, TILL_NO_RIGHT);
    }
  g_assert_true (till_arranging_may (shop->ledger, shop->manager, &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_autofree char *name = value_of (shop, "shop.name");
  g_assert_cmpstr (name, !=, "Mine");
}

static int64_t
entries (Shop *shop)
{
  int64_t seq;
  g_assert_true (till_ledger_head (shop->ledger, &seq, NULL, NULL));
  return seq;
}

/* One entry for all of it; none for what is as it was. */
static void
test_changed (Shop *shop, gconstpointer data)
{
  TillAnswer answer;
  int64_t before = entries (shop);
  g_assert_cmpint (change (shop, shop->manager, "provider.codes", "10-15=codes").code, ==,
                   TILL_YES);
  g_assert_cmpint (entries (shop), ==, before + 1);
  g_autofree char *routes = value_of (shop, "provider.codes");
  g_assert_cmpstr (routes, ==, "10-15=codes");
  g_autofree char *address = value_of (shop, "shop.address");
  g_assert_cmpstr (address, ==, "Changed with it");
  change (shop, shop->manager, "provider.codes", "10-15=codes");
  g_assert_cmpint (entries (shop), ==, before + 1);
  g_assert_true (till_arranging_note_key (shop->ledger, shop->manager, "key x.pem", &answer, NULL));
  g_assert_cmpint (answer.code, ==, TILL_YES);
  g_assert_cmpint (entries (shop), ==, before + 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Shop, NULL, set_up, function, tear_down)
  ADD ("/arranging/refused", test_refused);
  ADD ("/arranging/rights", test_rights);
  ADD ("/arranging/changed", test_changed);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The providers of a shop: drawn by the seed, up to three for customers' codes, told apart by how
 * a code begins, and one for cards. Accounts and keys are those of till-sandbox --init. */
#include "data/ledger/setting-store.h"
#include "devices/gateway/certificates.h"
#include "devices/gateway/json.h"
#include "tests/sim/sim-world.h"

#include <string.h>

/* Certificates hold whatever day it is for the machine and however far a world's clock jumps. */
#define FROM_S INT64_C (1577836800)  /* 2020-01-01 */
#define UNTIL_S INT64_C (3155760000) /* 2070-01-01 */
#define SIGNER "041@8310000000083040@中国银联股份有限公司@00016493"

#define CODES_MAX 3

/* Codes as that provider takes them. The first digits are the shop's own sorting where the trade
 * has none. */
static const struct
{
  const char *provider, *begins, *code;
} codes[] = {
  { "sandbox", "30", "304001234567890123" },  { "wechat", "13", "134567890123456789" },
  { "alipay", "28", "284001234567890123" },   { "unionpay", "62", "6240012345678901234" },
  { "lakala", "51", "514001234567890123" },   { "umpay", "83", "834001234567890123" },
  { "shengpay", "01", "014001234567890123" },
};

static void
must (gboolean good, GError *error)
{
  if (!good)
    g_error ("%s", error->message);
}

/* The setup's own signer is valid from yesterday on, which may be later than a world's day. */
static void
make_lasting_signer (const char *dir)
{
  static const char *const accounts[] = { "accounts/unionpay/ca.pem", "ca.pem" };
  const TillValidity validity = { FROM_S, UNTIL_S };
  g_autofree char *ca = g_build_filename (dir, "lasting-ca.pem", NULL);
  g_autofree char *ca_key = g_build_filename (dir, "lasting-ca-key.pem", NULL);
  g_autofree char *signer = g_build_filename (dir, "signer.pem", NULL);
  g_autofree char *signer_key = g_build_filename (dir, "signer-key.pem", NULL);
  g_autofree char *text = NULL;
  GError *error = NULL;
  must (till_certificate_make_authority (ca, ca_key, validity, &error), error);
  must (till_certificate_make_signer (ca, ca_key, SIGNER, signer, signer_key, validity, &error),
        error);
  must (g_file_get_contents (ca, &text, NULL, &error), error);
  for (gsize i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      g_autofree char *path = g_build_filename (dir, accounts[i], NULL);
      must (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error),
            error);
    }
}

void
till_kit_make (WorldKit *kit)
{
  g_autofree char *dir = g_build_filename (kit->dir, "provider", NULL);
  GError *error = NULL;
  must (till_sandbox_setup_make (dir, 1, &error), error);
  make_lasting_signer (dir);
  kit->setup = till_sandbox_setup_load (dir, &error);
  must (kit->setup != NULL, error);
  kit->accounts
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)till_account_free);
  const TillTongue *tongue;
  for (guint n = 0; (tongue = till_tongue_nth (n)); n++)
    {
      g_autofree char *path = till_sandbox_setup_account (dir, tongue);
      TillAccount *account = till_account_load (path, &error);
      must (account != NULL, error);
      /* The address tells a request's provider. */
      g_free (account->base_url);
      account->base_url = g_strdup_printf ("https://127.0.0.1:%u", n + 1);
      g_hash_table_insert (kit->accounts, account->provider, account);
    }
}

void
till_kit_clear (WorldKit *kit)
{
  g_clear_pointer (&kit->accounts, g_hash_table_unref);
  g_clear_pointer (&kit->setup, till_sandbox_setup_free);
}

static gboolean
is_there (const World *world, const TillCodec *codec)
{
  for (guint i = 0; i < world->n_rails; i++)
    if (world->rails[i].codec == codec)
      return TRUE;
  return FALSE;
}

static void
add_rail (World *world, const WorldKit *kit, const TillCodec *codec)
{
  if (is_there (world, codec))
    return;
  g_assert (world->n_rails < WORLD_RAILS);
  Rail *rail = &world->rails[world->n_rails++];
  rail->codec = codec;
  rail->account = g_hash_table_lookup (kit->accounts, codec->profile->name);
  g_assert (rail->account);
  rail->lenient = till_world_draw (world, 2) == 1;
  rail->long_late = !rail->lenient && till_world_draw (world, 3) == 0;
  rail->provider = till_provider_new (rail->lenient, NULL, NULL);
  rail->speech = till_sandbox_setup_speech (kit->setup, rail->provider, world->time);
  g_hash_table_insert (world->accounts, rail->account->provider, (gpointer)rail->account);
}

static const TillCodec *
draw_codec (World *world, gboolean cards)
{
  const TillCodec *all[16];
  const TillCodec *codec;
  guint n = 0;
  for (guint i = 0; (codec = till_codec_nth (i)) && n < G_N_ELEMENTS (all); i++)
    if (cards ? codec->profile->cards != TILL_CARDS_NONE : codec->profile->takes_codes)
      all[n++] = codec;
  return all[till_world_draw (world, n)];
}

/* The rails for codes stand first, the one for cards last; it may be one of them. */
void
till_rails_draw (World *world, const WorldKit *kit)
{
  const TillCodec *pinned = kit->pinned;
  world->codes = g_ptr_array_new ();
  world->accounts = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_codes = pinned ? 1 : 1 + till_world_draw (world, CODES_MAX);
  for (guint i = 0; i < n_codes; i++)
    {
      const TillCodec *codec
          = pinned && pinned->profile->takes_codes ? pinned : draw_codec (world, FALSE);
      add_rail (world, kit, codec);
    }
  for (guint i = 0; i < world->n_rails; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (codes); j++)
      if (strcmp (world->rails[i].codec->profile->name, codes[j].provider) == 0)
        g_ptr_array_add (world->codes, (gpointer)codes[j].code);
  g_assert (world->codes->len == world->n_rails);
  const TillCodec *card
      = pinned && pinned->profile->cards != TILL_CARDS_NONE ? pinned : draw_codec (world, TRUE);
  add_rail (world, kit, card);
  world->card_provider = card->profile->name;
}

static char *
make_routes (const World *world)
{
  GString *routes = g_string_new (NULL);
  for (guint i = 0; i < world->codes->len; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (codes); j++)
      if (g_ptr_array_index (world->codes, i) == codes[j].code)
        g_string_append_printf (routes, "%s%s=%s", routes->len ? "," : "", codes[j].begins,
                                codes[j].provider);
  return g_string_free (routes, FALSE);
}

gboolean
till_rails_tell (World *world, GError **error)
{
  g_autofree char *routes = make_routes (world);
  g_autoptr (TillTxn) txn = till_ledger_begin (world->desk, world->staff[2], "setting", error);
  return txn && till_setting_store_set (txn, "provider.codes", routes, error)
         && till_setting_store_set (txn, "provider.code", world->rails[0].codec->profile->name,
                                    error)
         && till_setting_store_set (txn, "provider.card", world->card_provider, error)
         && till_txn_commit (txn, error);
}

void
till_rails_clear (World *world)
{
  for (guint i = 0; i < world->n_rails; i++)
    {
      Rail *rail = &world->rails[i];
      till_provider_free (rail->provider);
      for (int kind = 0; kind < TILL_N_ERRANDS; kind++)
        {
          g_clear_pointer (&rail->yes[kind], till_reply_free);
          g_free (rail->yes_no[kind]);
        }
    }
  g_ptr_array_unref (world->codes);
  g_hash_table_unref (world->accounts);
}

Rail *
till_rail_of (World *world, const TillRequest *request)
{
  for (guint i = 0; i < world->n_rails; i++)
    {
      const char *base = world->rails[i].account->base_url;
      gsize length = strlen (base);
      if (strncmp (request->url, base, length) == 0 && request->url[length] == '/')
        return &world->rails[i];
    }
  till_world_fail (world, "a request leaves for %s, where nobody is", request->url);
}

const char *
till_rails_code (World *world)
{
  return till_world_draw (world, 20) == 0
             ? "994001234567890123"
             : g_ptr_array_index (world->codes, till_world_draw (world, world->codes->len));
}

char *
till_rails_statement (World *world)
{
  g_autoptr (json_t) whole = json_object ();
  json_t *effects = json_array ();
  for (guint i = 0; i < world->n_rails; i++)
    {
      g_autoptr (GBytes) bytes = till_speech_statement (&world->rails[i].speech);
      g_autoptr (json_t) one = till_json_parse (bytes, NULL);
      g_assert (one);
      json_array_extend (effects, json_object_get (one, "effects"));
    }
  till_json_set (whole, "effects", effects);
  g_autoptr (GBytes) bytes = till_json_write (whole);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

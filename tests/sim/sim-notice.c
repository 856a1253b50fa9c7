/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What providers tell of their own accord, believed already: before the answer and long after it,
 * once and again, in any order, of numbers that are ours and of numbers that are not. A notice may
 * hurry a question; it moves nothing (A3), and one that is not ours is kept and told of (L6). */
#include "data/core/ids.h"
#include "data/desk/noticing.h"
#include "tests/sim/sim-world.h"

#include <string.h>

#define STATES                                                                                     \
  "SELECT coalesce (group_concat (x, ' '), '') FROM ("                                             \
  "SELECT 'refund ' || id || state || tries AS x FROM refund"                                      \
  " UNION ALL SELECT 'leg ' || sale_id || '/' || pos || state FROM leg"                            \
  " UNION ALL SELECT account || amount FROM balance)"
/* The nth number that was ever made for a provider, and whose it is. */
#define NUMBERS                                                                                    \
  "WITH all_of (no) AS (SELECT provider || ' ' || request_no FROM refund WHERE tender <> 'cash'"   \
  " UNION ALL SELECT provider || ' ' || request_no FROM leg WHERE tender <> 'cash')"               \
  " SELECT no FROM all_of ORDER BY no LIMIT 1"                                                     \
  " OFFSET ?1 % max ((SELECT count (*) FROM all_of), 1)"

typedef struct
{
  char *provider, *request_no; /* owned */
  gboolean ours;
} About;

static void
about_clear (About *about)
{
  g_free (about->provider);
  g_free (about->request_no);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (About, about_clear)

static About
draw_number (World *world)
{
  const Rail *rail = &world->rails[till_world_draw (world, world->n_rails)];
  const char *name = rail->codec->profile->name;
  g_autofree char *pair = till_watch_text (world->watch, NUMBERS, till_world_draw (world, 1000));
  g_auto (GStrv) parts = g_strsplit (pair ? pair : "", " ", 2);
  guint how = till_world_draw (world, 6);
  if (how == 0 || g_strv_length (parts) != 2)
    return (About){ g_strdup (name), till_request_no_new (world->clock), FALSE };
  /* Mostly by the provider it was made for; now and then by another one. */
  gboolean ours = how > 1 || strcmp (parts[0], name) == 0;
  return (About){ g_strdup (how > 1 ? parts[0] : name), g_strdup (parts[1]), ours };
}

/* What came of telling it for the nth time. */
static void
look_at (World *world, const About *about, guint n, TillNoticed noticed, const char *digest)
{
  if (about->ours ? noticed == TILL_NOTICED_STRAY
                  : noticed != TILL_NOTICED_STRAY && noticed != TILL_NOTICED_REPEATED)
    till_world_fail (world, "L6: %s of %s is taken for %s", about->request_no, about->provider,
                     about->ours ? "nobody's" : "ours");
  if (n > 0 && noticed != TILL_NOTICED_REPEATED)
    till_world_fail (world, "A3: one notice of %s counts twice", about->request_no);
  if (noticed == TILL_NOTICED_STRAY)
    g_hash_table_add (world->strays, g_strdup (digest));
}

gboolean
till_world_notice (World *world, GError **error)
{
  static const char *const words[] = { "SUCCESS", "PROCESSING", "CLOSED", "ABNORMAL" };
  g_auto (About) about = draw_number (world);
  const char *word = words[till_world_draw (world, G_N_ELEMENTS (words))];
  g_autofree char *said = g_strdup_printf ("%s %s %s", about.provider, about.request_no, word);
  g_autofree char *digest = till_digest_hex (said, strlen (said));
  TillNotice notice = { .is_refund = till_world_draw (world, 2) == 0,
                        .request_no = about.request_no,
                        .event_no = till_world_draw (world, 2) ? digest : NULL,
                        .words = (char *)word };
  notice.amount = (TillMoney)till_world_draw (world, 3) * 1250;
  notice.currency = notice.amount && till_world_draw (world, 2) ? (char *)"CNY" : NULL;
  guint times = 1 + till_world_draw (world, 3);
  for (guint n = 0; n < times; n++)
    {
      TillNoticed noticed;
      g_autofree char *before = till_watch_text (world->watch, STATES, 0);
      if (!till_noticing_receive (world->desk, about.provider, &notice, digest, &noticed, error))
        return FALSE;
      g_autofree char *after = till_watch_text (world->watch, STATES, 0);
      till_world_tell (world, "%s tells of %s: %s (%d)", about.provider, about.request_no, word,
                       (int)noticed);
      look_at (world, &about, n, noticed, digest);
      if (strcmp (before, after) != 0)
        till_world_fail (world, "A3: a notice of %s moved something", about.request_no);
    }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One shop, one provider, one printer and one seed.
 *
 * Everything that ships between the desk and the provider's own book is the real thing; clock,
 * chance, line, provider and paper are ours. All that goes wrong is drawn from the seed and
 * numbered, so that a run can be told again without some of it. One thread; a world ends the
 * process at the first broken promise (till_world_fail), which is why each has its own. */
#pragma once
#include "app/sandbox/provider-speech.h"
#include "devices/gateway/dispatcher.h"
#include "devices/print/spooler.h"

G_BEGIN_DECLS

#define WORLD_STAFF 3

typedef struct _Watch Watch;
typedef struct _FakePaper FakePaper;

typedef struct
{
  char *body;           /* owned; the first bytes that went out under a number */
  int64_t at;           /* when they are to arrive, for a request that is held up */
  TillRequest *request; /* owned; or NULL */
} Sent;

typedef struct
{
  guint64 seed;
  guint64 chance;          /* state of the seed's generator */
  const gboolean *without; /* unowned; troubles that are left out, by number */
  guint n_without;
  guint troubles; /* drawn so far */
  gboolean calm;  /* nothing goes wrong any more */
  gboolean trace;
  int report; /* where a broken promise is written */

  gboolean lenient;   /* the provider: no caps, executes repeats */
  gboolean long_late; /* requests may be held up for hours; then the provider refuses none */
  gboolean repeated;  /* the line has repeated a request */

  TillClock *clock; /* owned, like all below */
  char *path;
  TillLedger *desk; /* what people do */
  TillLedger *hand; /* what dispatcher and spooler do */
  TillProvider *provider;
  TillSpeech speech;
  GHashTable *accounts;
  TillDispatcher *dispatcher;
  TillSpooler *spooler;
  FakePaper *paper; /* outlives spooler and power cuts */
  Watch *watch;
  GHashTable *sent;   /* path and number → Sent bytes */
  GPtrArray *held_up; /* of Sent */

  int64_t staff[WORLD_STAFF]; /* cashier, supervisor, manager */
  GArray *sales;              /* ids that the desk has acknowledged */
  GArray *returns;
  gboolean asking; /* a second dispatcher works while the first one waits for an answer */
} World;

typedef struct
{
  TillKey *provider_key;
  TillKey *till_public;
  TillAccount account;
  const char *dir;
  const char *template_path; /* books of a shop that has opened and not sold */
} WorldKit;

/* Makes the books that every world begins with. */
void till_world_make_template (const char *path);

World *till_world_new (const WorldKit *kit, guint64 seed, const gboolean *without, guint n_without);
void till_world_free (World *world);
/* Everything: acts, troubles, calm, and the audit at the end. */
void till_world_run (World *world);

/* For the rooms of the simulator. */
guint till_world_draw (World *world, guint bound); /* 0 … bound - 1 */
/* One time in `of` something goes wrong: TRUE when it was drawn and is not left out. */
gboolean till_world_trouble (World *world, guint of, const char *what);
void till_world_tell (World *world, const char *format, ...) G_GNUC_PRINTF (2, 3);
void till_world_fail (World *world, const char *format, ...) G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;
/* One thing a person does, chosen by chance. FALSE with the error it ended in. */
gboolean till_world_act (World *world, GError **error);

/* Looks at the books from outside. */
Watch *till_watch_new (World *world);
void till_watch_free (Watch *watch);
/* What must hold when the till has started, after whatever end. */
void till_watch_started (Watch *watch);
/* What must hold after every step. */
void till_watch_step (Watch *watch);
/* The request is about to leave: is it promised in the books? */
void till_watch_promise (Watch *watch, gboolean refund, const char *request_no);
/* A number from the books: the answer to a constant question about one id. */
int64_t till_watch_ask (Watch *watch, const char *sql, int64_t id);
/* When everything has come to rest. */
void till_watch_end (Watch *watch);

FakePaper *till_fake_paper_new (World *world);
void till_fake_paper_free (FakePaper *paper);
TillPrinter *till_fake_paper_printer (FakePaper *paper);

G_END_DECLS

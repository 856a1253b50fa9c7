/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One shop, its providers, one printer and one seed.
 *
 * Everything that ships between the desk and the providers' own books is the real thing, each
 * provider's language included; clock, chance, line, providers and paper are ours. All that goes
 * wrong is drawn from the seed and numbered, so that a run can be told again without some of it.
 * One thread; a world ends the process at the first broken promise (till_world_fail), which is why
 * each has its own. */
#pragma once
#include "app/sandbox/setup.h"
#include "app/sandbox/tongue.h"
#include "devices/gateway/dispatcher.h"
#include "devices/gateway/registry.h"
#include "devices/print/spooler.h"

G_BEGIN_DECLS

#define WORLD_STAFF 3
#define WORLD_RAILS 4 /* three for codes and one for cards */

typedef struct _Watch Watch;
typedef struct _FakePaper FakePaper;

/* One provider as this shop knows it: its language, and what stands behind. */
typedef struct
{
  const TillCodec *codec;
  const TillAccount *account; /* unowned */
  TillProvider *provider;     /* owned; a book of its own */
  TillSpeech speech;
  gboolean lenient;               /* no caps, executes repeats */
  gboolean long_late;             /* requests may be held up for hours; then it refuses no refund */
  TillReply *yes[TILL_N_ERRANDS]; /* owned; the last answer of a kind that moved money … */
  char *yes_no[TILL_N_ERRANDS];   /* owned; … and the number it was about */
  guint effects;                  /* of it, looked at by the watch so far */
} Rail;

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

  gboolean repeated; /* the line has repeated a request */
  gboolean jumped;   /* the till's clock was wrong, at least for a while */
  gboolean bounced;  /* something that was done has come back */

  TillClock *clock; /* owned, like all below; the till's … */
  TillClock *time;  /* … and the providers', which nobody sets wrong */
  char *dir;        /* of its own: key and anchors lie beside the books */
  char *path;
  TillLedger *desk; /* what people do */
  TillLedger *hand; /* what dispatcher and spooler do */
  Rail rails[WORLD_RAILS];
  guint n_rails;
  GPtrArray *codes;          /* of what customers show, one for each provider that takes codes */
  const char *card_provider; /* unowned */
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
  GArray *shifts;
  GHashTable *strays; /* digests of notices that were kept as nobody's */
  int file_day;       /* the day whose settlement file is had next */
  gboolean asking;    /* a second dispatcher works while the first one waits for an answer */
} World;

/* What all worlds share, for making keys takes longer than a shop's day. */
typedef struct
{
  const char *dir;
  const char *template_path; /* books of a shop that has opened and not sold */
  TillSandboxSetup *setup;   /* owned */
  GHashTable *accounts;      /* owned; registry name → TillAccount */
  const TillCodec *pinned;   /* the provider that takes whatever it can, or NULL: any */
} WorldKit;

/* sim-rail.c: the providers of a world. */
void till_kit_make (WorldKit *kit);
void till_kit_clear (WorldKit *kit);
void till_rails_draw (World *world, const WorldKit *kit);
/* Tells the books who takes what. */
gboolean till_rails_tell (World *world, GError **error);
void till_rails_clear (World *world);
Rail *till_rail_of (World *world, const TillRequest *request);
/* What a customer shows: mostly a code of one of the shop's providers. */
const char *till_rails_code (World *world);
/* All providers' statements as one. */
char *till_rails_statement (World *world) G_GNUC_WARN_UNUSED_RESULT;

/* sim-trouble.c: what goes wrong with providers, drawn by chance. */
void till_world_misbehave (World *world);
/* An answer that no provider gave, or NULL; *reached: the request went through all the same. */
TillReply *till_trouble_stranger (World *world, gboolean *reached);
/* Changes what came back on its way. */
void till_trouble_spoil (World *world, TillReply *reply);

/* sim-line.c: what lies between. */
TillTransport till_line (World *world);
/* Requests that were held up arrive; nobody waits for their answer any more. */
void till_line_deliver (World *world, gboolean all);
void till_line_free (World *world);

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
/* Time goes by for everybody. */
void till_world_pass (World *world, int64_t span);
void till_world_tell (World *world, const char *format, ...) G_GNUC_PRINTF (2, 3);
void till_world_fail (World *world, const char *format, ...) G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;
/* One thing a person does, chosen by chance. FALSE with the error it ended in. */
gboolean till_world_act (World *world, GError **error);
gboolean till_world_recall (World *world, GError **error);

/* sim-notice.c: a provider tells something, as an act. */
gboolean till_world_notice (World *world, GError **error);

/* sim-settle.c: a provider's file, the morning after file_day; nothing before it. FALSE with the
 * error it ended in. */
gboolean till_world_settle (World *world, GError **error);
/* When all is at rest: each provider's file of the last day on which it moved money. */
void till_world_settle_end (World *world);

/* Looks at the books from outside. */
Watch *till_watch_new (World *world);
void till_watch_free (Watch *watch);
/* What must hold when the till has started, after whatever end. */
void till_watch_started (Watch *watch);
/* What must hold after every step. */
void till_watch_step (Watch *watch);
/* The request is about to leave: is it promised in the books, to this provider? */
void till_watch_promise (Watch *watch, const Rail *rail, TillErrandKind kind,
                         const char *request_no);
/* A number from the books: the answer to a constant question about one id. */
int64_t till_watch_ask (Watch *watch, const char *sql, int64_t id);
/* The same as a text, NULL when there is no row. */
char *till_watch_text (Watch *watch, const char *sql, int64_t id) G_GNUC_WARN_UNUSED_RESULT;
/* Do the books call this refund of that provider done? */
gboolean till_watch_says_done (Watch *watch, const Rail *rail, const char *request_no);
/* When everything has come to rest. */
void till_watch_end (Watch *watch);

FakePaper *till_fake_paper_new (World *world);
void till_fake_paper_free (FakePaper *paper);
TillPrinter *till_fake_paper_printer (FakePaper *paper);

G_END_DECLS

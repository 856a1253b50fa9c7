/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice provider inside this process: till-sandbox without its server, on the clock of the
 * books. For stories, which must not sleep, and for the past of a training shop, which must not
 * take a month. Reads the folder that till-sandbox --init made, or makes one like it. One thread.
 */
#pragma once
#include "app/sandbox/provider-model.h"
#include "data/core/clock.h"
#include "devices/gateway/account.h"
#include "devices/gateway/transport.h"

G_BEGIN_DECLS

typedef struct _TillPractice TillPractice;

/* Both sides' keys and the account. Never change; one thread. */
typedef struct _TillPracticeKeys TillPracticeKeys;

/* Makes keys and an account, without certificates: nothing of it ever listens. */
gboolean till_practice_make (const char *dir, GError **error);

/* Each is tried for being a key at all, which costs more than a whole story: loaded once for many.
 */
TillPracticeKeys *till_practice_keys_load (const char *dir,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_practice_keys_free (TillPracticeKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPracticeKeys, till_practice_keys_free)

/* keys and clock are unowned and outlive it. dir: keep what is paid in DIR/book.jsonl as
 * till-sandbox does; NULL: in memory. */
TillPractice *till_practice_open (const TillPracticeKeys *keys, const char *dir, TillClock *clock,
                                  gboolean lenient, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_practice_free (TillPractice *practice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPractice, till_practice_free)

/* Valid as long as practice. */
TillTransport till_practice_transport (TillPractice *practice);
TillProvider *till_practice_provider (TillPractice *practice);
const TillAccount *till_practice_account (TillPractice *practice);

/* FALSE: the line is dead, surely nothing leaves. */
void till_practice_set_line (TillPractice *practice, gboolean up);
/* The power is cut as soon as the provider has acted on the next request and before its answer is
 * heard; see data/core/fault.h. */
void till_practice_cut_when_asked (TillPractice *practice);

/* What was really paid, as till-sandbox tells it. */
char *till_practice_statement (TillPractice *practice) G_GNUC_WARN_UNUSED_RESULT;
/* How much of kind was moved altogether, and how often. */
int64_t till_practice_moved (TillPractice *practice, TillErrandKind kind, int *times);

G_END_DECLS

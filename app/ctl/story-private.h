/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A play under way: shared by what plays (story.c), what is done (story-verbs.c) and what is
 * expected (story-expect.c). */
#pragma once
#include "app/ctl/hands.h"
#include "app/ctl/practice.h"
#include "app/ctl/story.h"
#include "app/ctl/typed.h"
#include "data/trade/answer.h"

G_BEGIN_DECLS

typedef struct
{
  int number;   /* in the file, from 1 */
  char **words; /* owned */
} TillStoryLine;

struct _TillStory
{
  char *path;       /* owned */
  char *title;      /* owned; or NULL */
  GPtrArray *lines; /* owned; of TillStoryLine */
};

typedef struct
{
  const TillStory *story; /* unowned */
  const TillStoryLine *line;
  TillStoryEnd *end;
  guint cut_at;
  gboolean again;    /* this line was interrupted and is done once more */
  gboolean expected; /* the next line expects this one to be refused */
  gboolean finally;  /* expectations hold in every play from here on */

  TillClock *clock; /* owned, like what follows */
  char *ledger_path, *roll_dir, *copy_path;
  TillLedger *ledger;
  TillHands *hands;
  TillPractice *practice;
  TillTransport transport;
  GHashTable *accounts;

  int64_t staff_id; /* who acts */
  char staff_no[12];
  int64_t sale_id; /* the last ones */
  int64_t return_id;
  const TillStoryLine *close_line; /* the last close of a shift, or NULL */
  char *last_pay;                  /* the last electronic payment as it was typed, or NULL */
  TillAnswer answer;               /* of the last act */
  char *error_word;                /* of the last act when it broke, else NULL */
  GHashTable *names;               /* name → "sale 17" */
  GHashTable *tokens;              /* line → request number, drawn once */
  GHashTable *drafts;              /* line → TillReturnDraft, drawn once */
} TillPlay;

typedef struct
{
  const char *name;
  gboolean (*play) (TillPlay *play, GError **error);
  gboolean acts;           /* has an answer that must be yes or be expected */
  gboolean sets_stage;     /* comes before the story begins */
  gboolean repeats_safely; /* doing it again after a cut is the same as doing it once */
} TillStoryVerb;

const TillStoryVerb *till_story_verb_find (const char *name);
const char *till_story_error_word (int code);

gboolean till_play_open (TillPlay *play, GError **error);
void till_play_close (TillPlay *play);
gboolean till_play_run_for (TillPlay *play, int64_t span, GError **error);
/* The token of the line at hand, the same when it is played again. */
char *till_play_token (TillPlay *play) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the play with a broken expectation; answers TRUE, for it is no error. */
gboolean till_play_fail (TillPlay *play, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* INVALID: the story itself is wrong. */
gboolean till_play_nonsense (TillPlay *play, const char *what, GError **error);

/* The nth word of the line at hand, "" behind its end. */
static inline const char *
word (const TillPlay *play, guint n)
{
  return n < g_strv_length (play->line->words) ? play->line->words[n] : "";
}

/* The value of an option, or NULL. */
static inline const char *
option (const TillPlay *play, const char *name)
{
  for (guint i = 1; play->line->words[i]; i++)
    if (g_str_equal (play->line->words[i], name))
      return word (play, i + 1);
  return NULL;
}

/* Deeds and expectations of shifts: story-shift.c. */
gboolean till_play_shift (TillPlay *play, GError **error);
gboolean till_play_roll_back (TillPlay *play, GError **error);
gboolean till_play_expect_shifts (TillPlay *play, GError **error);
gboolean till_play_expect_open (TillPlay *play, GError **error);

gboolean till_play_expect (TillPlay *play, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A story of a shop in a file, played without waiting and without a network: books in a folder, a
 * clock that stands until it is moved, a practice provider in this process. tillctl-story(5) in
 * tillctl(1) tells the language.
 *
 * The same story can be played with the power cut at the nth place where it may fail: then the
 * books are opened anew, what was interrupted is repeated as people would, and what stands behind
 * "finally" must still come true. Uses the process's fault counter: one play at a time. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The longest story, in bytes and in lines. */
#define TILL_STORY_MAX (64 * 1024)
#define TILL_STORY_LINES_MAX 1000

typedef struct _TillStory TillStory;
typedef struct _TillStage TillStage;

/* INVALID names file and line. */
TillStory *till_story_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_story_free (TillStory *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillStory, till_story_free)
/* The first remark of the file; owned by story. */
const char *till_story_title (const TillStory *story);

/* What all stories begin with: keys, and the books of a training shop. Made once, in dir. */
TillStage *till_stage_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_stage_free (TillStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillStage, till_stage_free)

typedef struct
{
  gboolean held;         /* every expectation came true */
  int line;              /* of the first that did not */
  char *what;            /* owned; why, "" */
  char *cut_at;          /* owned; where the power was cut, NULL when it was not */
  char *statement;       /* owned; what the provider really paid, JSON */
  gboolean lenient;      /* the provider had no caps */
  gboolean line_repeats; /* requests came in twice */
} TillStoryEnd;
void till_story_end_clear (TillStoryEnd *end);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TillStoryEnd, till_story_end_clear)

/* Plays the story in `dir`, which is emptied before; the books are left there as ledger.db, closed.
 * cut_at 0: as it is told. n: the power is cut at the nth place, cuts that are told are not made.
 * FALSE when it could not be played at all; an expectation that fails is an end. */
gboolean till_story_play (const TillStory *story, const TillStage *stage, const char *dir,
                          guint cut_at, TillStoryEnd *end, GError **error);

G_END_DECLS

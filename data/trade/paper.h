/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paper as the books know it: which slip, which copy, and how far it got. Plain structs. */
#pragma once
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_PAPER_SALE,   /* subject: sale id */
  TILL_PAPER_RETURN, /* subject: return id */
  TILL_PAPER_REFUND, /* subject: refund id; says the state it is in when printed */
  TILL_PAPER_DRAWER, /* subject: the journal entry that says why; opens the drawer, prints nothing
                      */
  TILL_PAPER_SHIFT,  /* subject: shift id */
} TillPaperKind;

typedef enum
{
  TILL_PRINT_QUEUED,
  TILL_PRINT_SENDING,   /* bytes may have left: look for it before sending anything again */
  TILL_PRINT_HANDED,    /* the queue has it; nobody has proof of paper yet */
  TILL_PRINT_PRINTED,   /* with proof */
  TILL_PRINT_DELIVERED, /* the queue says done; no proof of paper can be had on this way */
  TILL_PRINT_UNKNOWN,   /* on paper or not: only a person can see */
  TILL_PRINT_FAILED,    /* surely not on paper */
  TILL_PRINT_STALE,     /* the same, because it got too old to be spat out unasked */
} TillPrintState;

/* What a person says about a slip that is over without proof. */
typedef enum
{
  TILL_PRINT_ON_PAPER, /* it was there */
  TILL_PRINT_AGAIN,    /* one more copy, marked as such */
  TILL_PRINT_NONE,     /* nobody wants it any more */
} TillPrintWord;

/* The same about those that got too old, all at once. */
typedef enum
{
  TILL_BACKLOG_ALL,
  TILL_BACKLOG_LAST, /* only the newest */
  TILL_BACKLOG_NONE,
} TillBacklogChoice;

typedef struct
{
  int64_t id;
  TillPaperKind kind;
  int64_t subject_id;
  char *no; /* owned; the number on the slip, "" for a drawer */
  int copy; /* 1 is the first; above it the slip says 补打/COPY */
  int64_t at;
  TillPrintState state;
  char *way_ref; /* owned; what the way to paper calls it, "" before */
  char *problem; /* owned; in words, "" when there is none */
  int tries;
  int64_t next_action_at; /* µs; 0 when it is over */
  int64_t good_until;     /* µs; later it is not printed any more unless a person asks for it */
} TillPrintJob;

void till_print_job_free (TillPrintJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillPrintJob, till_print_job_free)

/* QUEUED, SENDING, HANDED: something is still to be done. */
gboolean till_print_state_is_live (TillPrintState state);
const char *till_print_state_word (TillPrintState state);
TillPrintState till_print_state_from_word (const char *word);
/* UNKNOWN, FAILED, STALE: over, and nothing proves paper. */
gboolean till_print_state_asks (TillPrintState state);
const char *till_print_word_word (TillPrintWord word); /* "on-paper", "again", "none": stored */
const char *till_paper_kind_word (TillPaperKind kind); /* "sale" … stored */
TillPaperKind till_paper_kind_from_word (const char *word);
/* In the current language: what it is, how far it got, and what to do about it. */
const char *till_paper_kind_label (TillPaperKind kind);
const char *till_print_state_label (TillPrintState state);
const char *till_print_state_advice (TillPrintState state);
/* What a printer is said to be troubled by; NULL for what it has said in words of its own. */
const char *till_print_problem_label (const char *problem);
/* The same, or a sentence about it; what nobody has a sentence for is shown as it is. */
const char *till_print_problem_sentence (const char *problem);

G_END_DECLS

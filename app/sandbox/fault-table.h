/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every fault that the practice provider plays, as a table: its word, who plays it, what it does to
 * the money and to the answer, and which lines of the fault matrix (G01…G46) it stands for. The
 * manual page, the demo and the tests walk it; beside it stand the lines of the matrix that no
 * provider can play, with the test that plays them.
 *
 * Constant; any thread. */
#pragma once
#include "app/sandbox/provider-model.h"

G_BEGIN_DECLS

/* What a connection meets before anything of a request is heard. */
typedef enum
{
  TILL_LINE_OK,
  TILL_LINE_REFUSED,     /* nobody listens */
  TILL_LINE_UNANSWERED,  /* it is taken and not a byte comes back */
  TILL_LINE_NOT_TLS,     /* plain HTTP comes back: a page to log in at */
  TILL_LINE_RESET_EARLY, /* reset once TLS stands */
  TILL_LINE_RESET_HEAD,  /* reset when the head of the request is there */
  TILL_LINE_NO_CONTINUE, /* the same, without a word, after a while */
  TILL_LINE_EXPIRED,     /* certificates: past their time … */
  TILL_LINE_NOT_YET,     /* … before it … */
  TILL_LINE_WRONG_HOST,  /* … another's … */
  TILL_LINE_STRANGER,    /* … of an authority that nobody knows */
  TILL_LINE_OLD_TLS,     /* TLS 1.0 and nothing newer */
  TILL_N_LINE_FAULTS,
} TillLineFault;

typedef enum
{
  TILL_FAULTS_LINE,
  TILL_FAULTS_TLS,
  TILL_FAULTS_HTTP,
  TILL_FAULTS_CONTENT,
  TILL_FAULTS_MEANING,
  TILL_N_FAULT_GROUPS,
} TillFaultGroup;

/* Who plays it; also the kind under which /control/fault sets it. */
typedef enum
{
  TILL_PLAYED_BY_MODEL,   /* kind: an errand's word */
  TILL_PLAYED_BY_DOOR,    /* kind: line */
  TILL_PLAYED_BY_NOTICES, /* kind: notice */
  TILL_PLAYED_BY_FILES,   /* kind: file */
} TillFaultPlayer;

typedef struct
{
  const char *word;
  const char *what;   /* in a line, for people; a msgid where the demo shows it */
  const char *matrix; /* the lines of the matrix: "G07 G30", or "" */
  TillFaultGroup group;
  TillFaultPlayer player;
  int fault; /* as the player numbers it: TillProviderFault, TillLineFault … */
  /* By the model only: what is done to the answer, and whether what is asked is done. */
  TillDelivery delivery;
  gboolean not_done;
  int status;         /* HTTP; 0: as it would be */
  const char *reason; /* it refuses for this one of the model's reasons; NULL: it does not */
  /* With which value and text it makes sense when nobody says other ones. */
  int value;
  const char *text;
} TillFaultRow;

/* NULL behind the last. */
const TillFaultRow *till_fault_table_nth (guint n);
/* NULL when that player knows no such word. */
const TillFaultRow *till_fault_table_find (TillFaultPlayer player, const char *word);
/* Asserts that there is one. */
const TillFaultRow *till_fault_table_of (TillFaultPlayer player, int fault);
/* "line", "notice", "file"; "refund" for the model, which plays for every errand. */
const char *till_fault_table_kind (TillFaultPlayer player);

/* A line of the matrix that no provider can play, and what is true of it in a test. */
typedef struct
{
  const char *matrix;
  const char *why;
  const char *test; /* from the root of the sources */
  const char *name; /* of the test in it */
} TillFaultElsewhere;

/* NULL behind the last. */
const TillFaultElsewhere *till_fault_table_elsewhere (guint n);

G_END_DECLS

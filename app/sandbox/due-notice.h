/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One notice that is to be told, with all that is known of its telling, and the same as JSON: what
 * stands in the queue's file and is shown at the control address. Plain struct; any thread. */
#pragma once
#include "app/sandbox/tongue.h"

#include <jansson.h>

G_BEGIN_DECLS

/* What goes wrong with the next notice. */
typedef enum
{
  TILL_NOTICE_OK,
  TILL_NOTICE_EARLY,          /* before the answer, which waits; value: milliseconds */
  TILL_NOTICE_LATE,           /* first sent after value milliseconds */
  TILL_NOTICE_TWICE,          /* after a yes once more */
  TILL_NOTICE_NEVER,          /* not sent */
  TILL_NOTICE_BAD_SIGNATURE,  /* the first value sendings; 0: all of them */
  TILL_NOTICE_UNKNOWN_NUMBER, /* about a number that nobody asked for */
  TILL_NOTICE_OTHER_PROVIDER, /* written as another provider writes, sent to this one's address */
} TillNoticeFault;

typedef enum
{
  TILL_NOTICE_DUE,
  TILL_NOTICE_TOLD,     /* there was a yes */
  TILL_NOTICE_GIVEN_UP, /* as often as this provider comes again */
  TILL_NOTICE_UNSENT,   /* by a fault, or its provider does not tell that */
} TillDueState;

/* All texts are owned. */
typedef struct
{
  guint no; /* from 1 */
  char *event_no;
  char *tongue; /* a tongue's name */
  TillErrandKind kind;
  char *request_no;
  char *identity; /* or NULL */
  char *status;
  char *to;              /* address */
  int64_t since, due_at; /* µs UTC */
  TillDueState state;
  TillNoticeFault fault;
  int value;
  int tried;       /* sendings */
  int answered;    /* HTTP status of the last one; 0: none */
  gboolean on_way; /* not kept */
} TillDueNotice;

void till_due_notice_free (TillDueNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillDueNotice, till_due_notice_free)

/* A new reference. */
json_t *till_due_notice_write (const TillDueNotice *notice) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when something that must be there is not, or cannot be. */
TillDueNotice *till_due_notice_read (const json_t *object) G_GNUC_WARN_UNUSED_RESULT;
/* "ok", "early" …; FALSE when there is no such word. */
gboolean till_notice_fault_from_word (const char *word, TillNoticeFault *fault);
/* Whether nothing but this machine can be behind an address: http, and a number of its own. */
gboolean till_notice_is_near (const char *address);

G_END_DECLS

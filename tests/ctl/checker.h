/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An auditor from outside: reads a shop's ledger with its own connection and its own SQL, and the
 * provider's statement of what was really paid, and says which promise is broken.
 *
 * On purpose it shares no code with the programs: not their types, their tables of states or their
 * sums. What it knows of the schema it knows from reading it. Every check is a row of one table and
 * named after the promise it watches:
 *
 *   M1–M8  money           A1–A6  at most once        L1–L5, L7  nothing lost       J1–J6  journal
 *
 * (L6, letters from a provider about numbers nobody knows, has nothing to watch before there are
 * such letters; J3 and J4 watch anchors and sums of the rows that exist, there being no Z slip.)
 *
 * May run while the ledger is in use and after a crash; it writes nothing. One thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  /* The line itself repeated requests, so a provider may have been asked more often than we did. */
  TILL_CHECK_LINE_REPEATS = 1 << 0,
  /* The provider has no caps and executes repeats: what it overpaid is its own fault, as long as
   * we asked once. */
  TILL_CHECK_LENIENT = 1 << 1,
} TillCheckFlags;

typedef struct
{
  const char *name; /* "M1"; constant */
  char *what;       /* owned; the row and what is wrong with it */
} TillFinding;

/* The findings, empty when every promise is kept; at most 20 of one check. NULL with an error when
 * ledger or statement cannot be read at all. statement: the JSON a practice provider gives out, or
 * NULL when there is none (then only what the ledger says is checked). */
GPtrArray *till_check_books (const char *ledger_path, const char *statement_path,
                             TillCheckFlags flags, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with the statement as text. */
GPtrArray *till_check_books_against (const char *ledger_path, const char *statement,
                                     TillCheckFlags flags,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A line a finding, "" when there is none. */
char *till_check_words (GPtrArray *findings) G_GNUC_WARN_UNUSED_RESULT;
/* The nth check's name and what it watches; NULL behind the last. Names repeat. */
const char *till_check_nth (guint n, const char **watches);

G_END_DECLS

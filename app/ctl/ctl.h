/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillctl: the door in the terminal. A verb is a file; what all verbs share is here.
 *
 * Every verb ends with one of the exit codes below and has said exactly one thing: with --json one
 * object on standard output, else words on standard output, and what went wrong on standard error.
 * Amounts in JSON are whole fen, quantities thousandths, instants "2026-11-22 09:05:07" in the
 * shop's zone, days "2026-11-22". One thread. */
#pragma once
#include "app/ctl/shop-folder.h"
#include "data/trade/answer.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef enum
{
  TILL_EXIT_DONE = 0,
  TILL_EXIT_NO = 1,     /* the trade says no, or an examination found something */
  TILL_EXIT_USAGE = 2,  /* wrong options or input */
  TILL_EXIT_BROKEN = 3, /* busy, offline, missing, disk, damage */
} TillExit;

typedef struct
{
  char *shop; /* owned; folder */
  char *as;   /* owned; staff number, or NULL */
  int pin_fd; /* -1: ask on the terminal */
  gboolean json;
  char *program; /* owned; path of this program as it was called */
} TillCtl;

typedef struct
{
  const char *name;
  const char *arguments; /* for the usage line */
  const char *summary;   /* msgid */
  const char *examples;  /* not translated: commands */
  int (*run) (TillCtl *ctl, GOptionContext *context, int argc, char **argv);
} TillVerb;

extern const TillVerb till_verb_init, till_verb_import, till_verb_sell, till_verb_return,
    till_verb_refund, till_verb_approve, till_verb_shift, till_verb_staff, till_verb_run,
    till_verb_report, till_verb_settlement, till_verb_account, till_verb_verify, till_verb_backup,
    till_verb_restore, till_verb_scenario, till_verb_demo, till_verb_setting, till_verb_notice,
    till_verb_slip, till_verb_printer, till_verb_device, till_verb_card_slip;

/* Reads the verb's options and what is left, at least `least` and at most `most` words (-1: any
 * number). FALSE when that failed and was said; then *exit_code is set. entries may be NULL. */
gboolean till_ctl_parse (TillCtl *ctl, GOptionContext *context, const GOptionEntry *entries,
                         int *argc, char ***argv, int least, int most, int *exit_code);

/* Opens the shop; NULL when that was said. */
TillShopFolder *till_ctl_open (TillCtl *ctl, int *exit_code);
/* The same for books that are only examined or copied, whatever their anchors say. */
TillShopFolder *till_ctl_look (TillCtl *ctl, int *exit_code);
/* Signs in whoever --as names, with the PIN from --pin-fd or the terminal. 0 when that was said. */
int64_t till_ctl_sign_in (TillCtl *ctl, TillShopFolder *folder, int *exit_code);

/* Takes object; text is what people read, without a line feed at the end or with. */
int till_ctl_say (TillCtl *ctl, json_t *object, const char *text);
/* As above when the examination or the trade ended in a no that is not an answer. */
int till_ctl_say_found (TillCtl *ctl, json_t *object, const char *text);
int till_ctl_say_no (TillCtl *ctl, const TillAnswer *answer);
int till_ctl_say_error (TillCtl *ctl, const GError *error);
int till_ctl_say_usage (TillCtl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* One line of a PIN, from --pin-fd (the next line of it) or the terminal without echo. The caller
 * wipes it. */
char *till_pin_read (TillCtl *ctl, const char *prompt, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where providers' notices come in: HTTP on 127.0.0.1 alone, behind whatever the shop lets the
 * world in by. POST /notices/PROVIDER, nothing else. What a letter says of its sender (Host,
 * Origin, Forwarded …) is not asked; its signature is, by the provider's codec. Whoever is not
 * believed is told no, counted, and leaves nothing behind.
 *
 * Has a thread of its own and a connection to the books of its own. */
#pragma once
#include "data/core/clock.h"

G_BEGIN_DECLS

/* Lines that are open at one time; one more is hung up on. */
#define TILL_NOTICE_LINES_MAX 16
/* How long one may take, all in all. */
#define TILL_NOTICE_LINE_MS 10000

typedef struct _TillNoticeDoor TillNoticeDoor;

/* A notice was kept; on the door's thread. For waking whoever asks. */
typedef void (*TillNoticeHeard) (gpointer user);

typedef struct
{
  const char *books;    /* path; this and the following are unowned and outlive the door */
  TillClock *clock;     /* read on the door's thread, too */
  const char *accounts; /* folder of the accounts; they are read once */
  int port;             /* 0: a free one */
  int line_ms;          /* 0: TILL_NOTICE_LINE_MS */
  TillNoticeHeard heard;
  gpointer user;
} TillNoticeDoorSetup;

/* Listens at once. BUSY when the port is taken. */
TillNoticeDoor *till_notice_door_open (const TillNoticeDoorSetup *setup,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
int till_notice_door_port (TillNoticeDoor *door);
/* Answers what is being answered and closes. */
void till_notice_door_close (TillNoticeDoor *door);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillNoticeDoor, till_notice_door_close)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody on 127.0.0.1 who takes notices in and says to each what a test has laid ready, one line
 * at a time, in a thread of its own. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _NoticeReceiver NoticeReceiver;

/* Without an answer laid ready it says this. */
#define RECEIVER_NO "HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define RECEIVER_YES                                                                               \
  "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"code\":\"OK\"}"
/* Hangs up in place of an answer. */
#define RECEIVER_HANGS_UP ""
/* Says nothing until the receiver is freed or somebody else calls. */
#define RECEIVER_SILENT "silent"

NoticeReceiver *notice_receiver_new (void);
void notice_receiver_free (NoticeReceiver *receiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NoticeReceiver, notice_receiver_free)

int notice_receiver_port (NoticeReceiver *receiver);
/* For one more notice; answer is a constant. */
void notice_receiver_lay (NoticeReceiver *receiver, const char *answer);
/* The next notice, head and body; NULL when there was none within ms. Owned by the caller. */
char *notice_receiver_next (NoticeReceiver *receiver, int ms);

G_END_DECLS

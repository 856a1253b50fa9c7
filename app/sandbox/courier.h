/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries the provider's notices to the till: plain HTTP to this machine and nowhere else, a new
 * connection for each, no proxy, no redirect, a few at a time, each with an end. What is due and
 * what comes of it the queue knows (notice-queue.h). Lives on the main context, and blocks it for
 * no longer than a file takes to be written. */
#pragma once
#include "app/sandbox/notice-queue.h"

G_BEGIN_DECLS

/* How long a receiver may take, all in all: UnionPay's ten seconds, for all of them. */
#define TILL_COURIER_WAIT_MS 10000
/* The most of an answer that is read. */
#define TILL_COURIER_ANSWER_MAX (16 * 1024)

typedef struct _TillCourier TillCourier;

/* All unowned, and outlive it. base: "http://127.0.0.1:…/" or NULL. */
TillCourier *till_courier_new (const TillSpeech *speech, TillNoticeQueue *queue,
                               const char *base) G_GNUC_WARN_UNUSED_RESULT;
void till_courier_free (TillCourier *courier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillCourier, till_courier_free)

/* A record that the book has taken in. What cannot be queued is not told, and that is said in the
 * log: the till's own questions remain. */
void till_courier_hear (TillCourier *courier, const TillRecord *record);
/* How long the answer to the request that was heard last has to wait for its notice; asked once. */
int till_courier_take_hold (TillCourier *courier);
TillNoticeQueue *till_courier_queue (TillCourier *courier);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked of a provider, payments and refunds alike, as its settlement file would name it.
 * Reads only. */
#pragma once
#include "data/ledger/ledger.h"

G_BEGIN_DECLS

/* Texts are valid until the callback returns. */
typedef struct
{
  gboolean refund; /* else a payment */
  const char *request_no;
  const char *original_no; /* of a refund its payment's; "" of a payment */
  const char *provider_no; /* "" until known */
  const char *sale_no;
  const char *state; /* stored word of a leg or a refund */
  TillMoney amount;
  int64_t requested_at; /* µs; 0 when it was never sent */
  int64_t heard_at;     /* µs; when it came into its state */
} TillMoved;

typedef void (*TillOnMoved) (const TillMoved *moved, gpointer user);

/* All that was first sent to that provider from `from` on and before `to`, payments first. */
gboolean till_moved_store_between (TillLedger *ledger, const char *provider, int64_t from,
                                   int64_t to, TillOnMoved on_moved, gpointer user, GError **error);
/* The payment, or the refund, of that number, when it is that provider's; on_moved is not called
 * when there is none. */
gboolean till_moved_store_find (TillLedger *ledger, const char *provider, gboolean refund,
                                const char *request_no, TillOnMoved on_moved, gpointer user,
                                GError **error);

G_END_DECLS

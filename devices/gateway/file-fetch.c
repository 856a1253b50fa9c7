/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/file-fetch.h"
#include "data/core/error.h"

void
till_file_fetch_free (TillFileFetch *fetch)
{
  g_clear_pointer (&fetch->answer, till_file_answer_free);
  g_clear_pointer (&fetch->settlement, till_settlement_free);
  g_free (fetch);
}

/* One request and what it came to; NULL with STOPPED. */
static TillFileAnswer *
take_step (TillTransport transport, const TillFileCodec *file, const TillFileAsk *ask,
           const TillAccount *account, GError **error)
{
  g_autoptr (TillRequest) request = file->build (ask, account);
  g_autoptr (TillReply) reply = transport.send (transport.self, request, error);
  return reply ? file->interpret (ask, account, reply) : NULL;
}

static TillFileAnswer *
walk (TillTransport transport, const TillFileCodec *file, const TillAccount *account, int day,
      int64_t now, GError **error)
{
  g_autoptr (TillFileAnswer) before = NULL;
  for (int step = 0; step < TILL_FILE_STEPS_MAX; step++)
    {
      TillFileAsk ask = { .day = day,
                          .asked_at = now,
                          .step = step,
                          .path = before ? before->path : NULL,
                          .hash = before ? before->hash : NULL };
      TillFileAnswer *answer = take_step (transport, file, &ask, account, error);
      if (!answer || answer->kind != TILL_FILE_NEXT)
        return answer;
      g_clear_pointer (&before, till_file_answer_free);
      before = answer;
    }
  return till_file_answer_new (TILL_FILE_REFUSED, "the provider sends us on and on");
}

/* Reads the members. A file that cannot be believed is BROKEN; one that says that there is none is
 * NOT_YET. */
static void
read_members (TillFileFetch *fetch, const TillSettlementFormat *format, const TillAccount *account,
              const TillFileAsk *ask)
{
  g_autoptr (GError) why = NULL;
  fetch->settlement = till_settlement_parse (format, fetch->answer->members, account->merchant_no,
                                             ask->day, &why);
  if (fetch->settlement)
    return;
  gboolean none = g_error_matches (why, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_pointer (&fetch->answer, till_file_answer_free);
  fetch->answer = none ? till_file_answer_not_yet (ask, format->ready_at_s, NULL)
                       : till_file_answer_new (TILL_FILE_BROKEN, why->message);
}

static const TillSettlementFormat *
find_format (const TillCodec *codec, GError **error)
{
  const TillSettlementFormat *format = till_settlement_format (codec->profile->name);
  if (!format)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the settlement file of %s is not known",
                 codec->profile->name);
  return format;
}

TillFileFetch *
till_file_fetch (TillTransport transport, const TillCodec *codec, const TillAccount *account,
                 int day, int64_t now, GError **error)
{
  const TillSettlementFormat *format = find_format (codec, error);
  if (!format)
    return NULL;
  if (!codec->file)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
                   "how to ask %s for its settlement file is not known: give the file by hand",
                   codec->profile->name);
      return NULL;
    }
  g_autoptr (TillFileFetch) fetch = g_new0 (TillFileFetch, 1);
  fetch->answer = walk (transport, codec->file, account, day, now, error);
  if (!fetch->answer)
    return NULL;
  TillFileAsk ask = { .day = day, .asked_at = now };
  if (fetch->answer->kind == TILL_FILE_HERE)
    read_members (fetch, format, account, &ask);
  return g_steal_pointer (&fetch);
}

TillFileFetch *
till_file_fetch_members (const TillCodec *codec, const TillAccount *account, int day,
                         GPtrArray *members, GError **error)
{
  const TillSettlementFormat *format = find_format (codec, error);
  if (!format)
    return NULL;
  g_autoptr (TillFileFetch) fetch = g_new0 (TillFileFetch, 1);
  fetch->answer = till_file_answer_new (TILL_FILE_HERE, NULL);
  fetch->answer->members = g_ptr_array_ref (members);
  TillFileAsk ask = { .day = day };
  read_members (fetch, format, account, &ask);
  return g_steal_pointer (&fetch);
}

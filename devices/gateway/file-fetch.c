/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/file-fetch.h"
#include "data/core/error.h"

void
till_file_fetch_free (TillFileFetch *fetch)
{
  g_clear_pointer (&fetch->answer, till_file_answer_free);
  g_clear_pointer (&fetch->settlement, till_settlement_free);
  g_clear_pointer (&fetch->funds_answer, till_file_answer_free);
  g_clear_pointer (&fetch->funds, till_settlement_free);
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

/* first: what is asked for, at its first step. */
static TillFileAnswer *
walk (TillTransport transport, const TillFileCodec *file, const TillAccount *account,
      const TillFileAsk *first, GError **error)
{
  g_autoptr (TillFileAnswer) before = NULL;
  for (int step = 0; step < TILL_FILE_STEPS_MAX; step++)
    {
      TillFileAsk ask = *first;
      ask.step = step;
      ask.path = before ? before->path : NULL;
      ask.hash = before ? before->hash : NULL;
      TillFileAnswer *answer = take_step (transport, file, &ask, account, error);
      if (!answer || answer->kind != TILL_FILE_NEXT)
        return answer;
      g_clear_pointer (&before, till_file_answer_free);
      before = answer;
    }
  return till_file_answer_new (TILL_FILE_REFUSED, "the provider sends us on and on");
}

/* Reads the members of *answer, when they are HERE; else NULL. A file that cannot be believed is
 * BROKEN; one that says that there is none is NOT_YET: *answer is changed to that. */
static TillSettlement *
read_members (TillFileAnswer **answer, const TillSettlementFormat *format,
              const TillAccount *account, const TillFileAsk *ask)
{
  g_autoptr (GError) why = NULL;
  if ((*answer)->kind != TILL_FILE_HERE)
    return NULL;
  TillSettlement *settlement
      = till_settlement_parse (format, (*answer)->members, account->merchant_no, ask->day, &why);
  if (settlement)
    return settlement;
  gboolean none = g_error_matches (why, TILL_ERROR, TILL_ERROR_NOT_FOUND);
  g_clear_pointer (answer, till_file_answer_free);
  *answer = none ? till_file_answer_not_yet (ask, format->ready_at_s, NULL)
                 : till_file_answer_new (TILL_FILE_BROKEN, why->message);
  return NULL;
}

/* NULL: this provider gives no fund flow. */
static const TillSettlementFormat *
funds_format (const TillCodec *codec)
{
  if (!codec->file || !codec->file->funds_format)
    return NULL;
  const TillSettlementFormat *format = till_settlement_format (codec->file->funds_format);
  g_assert (format);
  return format;
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
  const TillSettlementFormat *format = find_format (codec, error), *funds = funds_format (codec);
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
  TillFileAsk ask = { .day = day, .asked_at = now };
  fetch->answer = walk (transport, codec->file, account, &ask, error);
  if (!fetch->answer)
    return NULL;
  fetch->settlement = read_members (&fetch->answer, format, account, &ask);
  if (!fetch->settlement || !funds)
    return g_steal_pointer (&fetch);
  ask.funds = TRUE;
  fetch->funds_answer = walk (transport, codec->file, account, &ask, error);
  if (!fetch->funds_answer)
    return NULL;
  fetch->funds = read_members (&fetch->funds_answer, funds, account, &ask);
  return g_steal_pointer (&fetch);
}

static TillFileAnswer *
answer_here (GPtrArray *members, guint from, guint n)
{
  TillFileAnswer *answer = till_file_answer_new (TILL_FILE_HERE, NULL);
  answer->members = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  for (guint i = from; i < from + n; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (members, i);
      g_ptr_array_add (answer->members, till_settlement_member_new (member->name, member->bytes));
    }
  return answer;
}

TillFileFetch *
till_file_fetch_members (const TillCodec *codec, const TillAccount *account, int day,
                         GPtrArray *members, GError **error)
{
  const TillSettlementFormat *format = find_format (codec, error), *funds = funds_format (codec);
  if (!format)
    return NULL;
  gboolean both = funds && members->len == 2;
  g_autoptr (TillFileFetch) fetch = g_new0 (TillFileFetch, 1);
  TillFileAsk ask = { .day = day };
  fetch->answer = answer_here (members, 0, both ? 1 : members->len);
  fetch->settlement = read_members (&fetch->answer, format, account, &ask);
  if (!fetch->settlement || !both)
    return g_steal_pointer (&fetch);
  ask.funds = TRUE;
  fetch->funds_answer = answer_here (members, 1, 1);
  fetch->funds = read_members (&fetch->funds_answer, funds, account, &ask);
  return g_steal_pointer (&fetch);
}

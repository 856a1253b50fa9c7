/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/file-fetch.h"
#include "data/core/digest.h"
#include "data/core/error.h"
#include "devices/gateway/unpack.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* Of every member its size and its bytes, in their order. */
static char *
digest_of (const TillFileAnswer *answer)
{
  guint8 result[TILL_DIGEST_SIZE];
  g_autoptr (TillDigest) digest = till_digest_new ();
  for (guint i = 0; i < answer->members->len; i++)
    {
      const TillSettlementMember *member = g_ptr_array_index (answer->members, i);
      gsize size;
      const void *bytes = g_bytes_get_data (member->bytes, &size);
      g_autofree char *head = g_strdup_printf ("%" G_GSIZE_FORMAT "\n", size);
      till_digest_add (digest, head, strlen (head));
      till_digest_add (digest, bytes, size);
    }
  till_digest_finish (digest, result);
  return till_digest_to_hex (result);
}

static void
add_digests (TillFileFetch *fetch)
{
  fetch->digest = fetch->settlement ? digest_of (fetch->answer) : g_strdup ("");
  fetch->funds_digest = fetch->funds ? digest_of (fetch->funds_answer) : g_strdup ("");
}

void
till_file_fetch_free (TillFileFetch *fetch)
{
  g_clear_pointer (&fetch->answer, till_file_answer_free);
  g_clear_pointer (&fetch->settlement, till_settlement_free);
  g_clear_pointer (&fetch->funds_answer, till_file_answer_free);
  g_clear_pointer (&fetch->funds, till_settlement_free);
  g_free (fetch->digest);
  g_free (fetch->funds_digest);
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

/* What this answer brings of the file goes behind what the ones before brought. */
static void
gather (GPtrArray *parts, TillFileAnswer *answer)
{
  if (answer->members)
    g_ptr_array_extend_and_steal (parts, g_steal_pointer (&answer->members));
  if (answer->kind == TILL_FILE_HERE)
    answer->members = g_ptr_array_ref (parts);
}

/* first: what is asked for, at its first step. */
static TillFileAnswer *
walk (TillTransport transport, const TillFileCodec *file, const TillAccount *account,
      const TillFileAsk *first, GError **error)
{
  g_autoptr (TillFileAnswer) before = NULL;
  g_autoptr (GPtrArray) parts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  int steps = file->steps_max ? file->steps_max : TILL_FILE_STEPS_MAX;
  g_assert (steps > 0 && steps <= TILL_FILE_PAGES_MAX);
  for (int step = 0; step < steps; step++)
    {
      TillFileAsk ask = *first;
      ask.step = step;
      ask.path = before ? before->path : NULL;
      ask.hash = before ? before->hash : NULL;
      TillFileAnswer *answer = take_step (transport, file, &ask, account, error);
      if (!answer)
        return NULL;
      gather (parts, answer);
      if (answer->kind != TILL_FILE_NEXT)
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

static TillFileFetch *
fetch_files (TillTransport transport, const TillCodec *codec, const TillAccount *account, int day,
             int64_t now, GError **error)
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

TillFileFetch *
till_file_fetch (TillTransport transport, const TillCodec *codec, const TillAccount *account,
                 int day, int64_t now, GError **error)
{
  TillFileFetch *fetch = fetch_files (transport, codec, account, day, now, error);
  if (fetch)
    add_digests (fetch);
  return fetch;
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
  if (fetch->settlement && both)
    {
      ask.funds = TRUE;
      fetch->funds_answer = answer_here (members, 1, 1);
      fetch->funds = read_members (&fetch->funds_answer, funds, account, &ask);
    }
  add_digests (fetch);
  return g_steal_pointer (&fetch);
}

char *
till_file_fetch_absence (const TillFileAnswer *answer)
{
  g_autofree char *code = answer->code ? g_strdup_printf (" (%s)", answer->code) : g_strdup ("");
  const char *detail = answer->detail ? answer->detail : "";
  g_autofree char *ready = till_clock_format (answer->ready_at, TILL_CHINA);
  switch ((int)answer->kind)
    {
    case TILL_FILE_NOT_YET:
      return g_strdup_printf (_ ("The provider has no file of that day yet%s. That is never “there "
                                 "was nothing”. Ask again from %s, Beijing time."),
                              code, ready);
    case TILL_FILE_REFUSED:
      return g_strdup_printf (_ ("The question was not taken%s. %s"), code, detail);
    case TILL_FILE_BROKEN:
      return g_strdup_printf (
          _ ("A file came and is not believed, none of it: %s. Fetch it again, or ask the "
             "provider."),
          detail);
    default:
      return g_strdup_printf (_ ("No believable answer came%s. %s"), code, detail);
    }
}

/* "x.csv.gz" is unpacked into "x.csv", "x.zip" into what is in it. */
static gboolean
read_file (const char *path, GPtrArray *members, GError **error)
{
  GStatBuf facts;
  g_autofree char *name = g_path_get_basename (path);
  char *text = NULL;
  gsize size = 0;
  if (g_stat (path, &facts) == 0 && facts.st_size > TILL_UNPACK_PACKED_MAX)
    {
      g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, _ ("%s is too large."), path);
      return FALSE;
    }
  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, size);
  gboolean gzip = g_str_has_suffix (name, ".gz"), zip = g_str_has_suffix (name, ".zip");
  if (gzip)
    name[strlen (name) - strlen (".gz")] = '\0';
  g_autoptr (GPtrArray) inside = till_unpack (bytes,
                                              gzip  ? TILL_PACKING_GZIP
                                              : zip ? TILL_PACKING_ZIP
                                                    : TILL_PACKING_PLAIN,
                                              name, error);
  if (!inside)
    return FALSE;
  g_ptr_array_extend_and_steal (members, g_steal_pointer (&inside));
  return TRUE;
}

GPtrArray *
till_file_fetch_open (const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  for (const char *const *path = paths; *path; path++)
    if (!read_file (*path, members, error))
      return NULL;
  return g_steal_pointer (&members);
}

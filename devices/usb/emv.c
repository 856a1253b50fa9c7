/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/usb/emv.h"
#include "devices/usb/tlv.h"

#include <string.h>

#define DIRECTORY_RECORDS_MAX 10
#define WANTED_MAX 127 /* bytes told of the terminal: a length of one byte */
#define NUMBER_MIN 12
#define FINE 0x9000
#define NO_PRIORITY 15

enum
{
  SELECT = 0xA4,
  READ_RECORD = 0xB2,
  GET_OPTIONS = 0xA8,
};

enum
{
  TAG_NAME = 0x4F,
  TAG_TRACK_2 = 0x57,
  TAG_NUMBER = 0x5A,
  TAG_ENTRY = 0x61,
  TAG_OPTIONS = 0x80,
  TAG_PRIORITY = 0x87,
  TAG_DIRECTORY = 0x88,
  TAG_FILES = 0x94,
  TAG_WANTED = 0x9F38,
};

/* Tried when a card has no directory. The longer names of one scheme come before a part of them. */
static const TillEmvName known[] = {
  { { 0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01 }, 8, 0 }, /* UnionPay debit */
  { { 0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02 }, 8, 0 }, /* credit */
  { { 0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x03 }, 8, 0 }, /* quasi-credit */
  { { 0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x06 }, 8, 0 }, /* electronic cash */
  { { 0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10 }, 7, 0 },       /* Visa */
  { { 0xA0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10 }, 7, 0 },       /* Mastercard */
  { { 0xA0, 0x00, 0x00, 0x00, 0x65, 0x10, 0x10 }, 7, 0 },       /* JCB */
  { { 0xA0, 0x00, 0x00, 0x00, 0x25, 0x01 }, 6, 0 },             /* American Express */
};
G_STATIC_ASSERT (G_N_ELEMENTS (known) <= TILL_EMV_NAMES_MAX);

/* What a card may want to know that is not nothing; all else is zeros. */
static const struct
{
  guint32 tag;
  guint8 size;
  guint8 bytes[4];
} terminal[] = {
  { 0x9F66, 4, { 0x26, 0x00, 0x40, 0x00 } }, /* what a contactless terminal can do */
  { 0x9F1A, 2, { 0x01, 0x56 } },             /* it stands in China */
  { 0x5F2A, 2, { 0x01, 0x56 } },             /* yuan */
  { 0x9F35, 1, { 0x22 } },                   /* a shop's, attended, with a network */
};

/* --- commands --- */

static TillEmvStep
put (TillEmv *emv, guint8 instruction, guint8 first, guint8 second, const guint8 *data, gsize size)
{
  if (++emv->commands > TILL_EMV_COMMANDS_MAX)
    return TILL_EMV_FAILED;
  guint8 *at = emv->command;
  *at++ = instruction == GET_OPTIONS ? 0x80 : 0x00;
  *at++ = instruction;
  *at++ = first;
  *at++ = second;
  if (size > 0)
    {
      *at++ = (guint8)size;
      memcpy (at, data, size);
      at += size;
    }
  *at++ = 0; /* as much as there is */
  emv->command_size = (gsize)(at - emv->command);
  return TILL_EMV_SEND;
}

static TillEmvStep
select_name (TillEmv *emv, TillEmvStage stage, const guint8 *name, gsize size)
{
  emv->stage = stage;
  return put (emv, SELECT, 0x04, 0x00, name, size);
}

static TillEmvStep
read_record (TillEmv *emv, TillEmvStage stage, guint8 file, guint8 record)
{
  emv->stage = stage;
  return put (emv, READ_RECORD, record, (guint8)(file << 3 | 4), NULL, 0);
}

/* --- which applications it has --- */

static void
add_name (TillEmv *emv, const TillTlv *entry)
{
  TillTlv tlv;
  TillEmvName name = { .priority = NO_PRIORITY };
  if (emv->n_names == TILL_EMV_NAMES_MAX
      || !till_tlv_find (entry->bytes, entry->size, TAG_NAME, 0, &tlv) || tlv.size < 5
      || tlv.size > TILL_EMV_NAME_MAX)
    return;
  memcpy (name.bytes, tlv.bytes, tlv.size);
  name.size = tlv.size;
  if (till_tlv_find (entry->bytes, entry->size, TAG_PRIORITY, 0, &tlv) && tlv.size == 1
      && (tlv.bytes[0] & 0x0F))
    name.priority = tlv.bytes[0] & 0x0F;
  guint at = emv->n_names++;
  for (; at > 0 && emv->names[at - 1].priority > name.priority; at--)
    emv->names[at] = emv->names[at - 1];
  emv->names[at] = name;
}

static void
add_names (TillEmv *emv, const guint8 *answer, gsize size)
{
  TillTlv entry;
  for (guint i = 0; i < TILL_EMV_NAMES_MAX && till_tlv_find (answer, size, TAG_ENTRY, i, &entry);
       i++)
    add_name (emv, &entry);
}

static TillEmvStep
next_application (TillEmv *emv)
{
  if (emv->nth_name == emv->n_names)
    return TILL_EMV_NOTHING;
  const TillEmvName *name = &emv->names[emv->nth_name++];
  return select_name (emv, TILL_EMV_AT_APPLICATION, name->bytes, name->size);
}

static TillEmvStep
first_application (TillEmv *emv)
{
  if (emv->n_names == 0)
    {
      memcpy (emv->names, known, sizeof known);
      emv->n_names = G_N_ELEMENTS (known);
    }
  return next_application (emv);
}

static TillEmvStep
take_directory (TillEmv *emv, const guint8 *answer, gsize size, gboolean is_fine)
{
  TillTlv file;
  if (is_fine && emv->is_tapped)
    add_names (emv, answer, size);
  else if (is_fine && till_tlv_find (answer, size, TAG_DIRECTORY, 0, &file) && file.size == 1
           && file.bytes[0] >= 1 && file.bytes[0] <= 10)
    {
      emv->directory = file.bytes[0];
      emv->record = 1;
      return read_record (emv, TILL_EMV_AT_DIRECTORY_RECORD, emv->directory, emv->record);
    }
  return first_application (emv);
}

static TillEmvStep
take_directory_record (TillEmv *emv, const guint8 *answer, gsize size, gboolean is_fine)
{
  if (is_fine)
    add_names (emv, answer, size);
  if (!is_fine || emv->record == DIRECTORY_RECORDS_MAX)
    return first_application (emv);
  return read_record (emv, TILL_EMV_AT_DIRECTORY_RECORD, emv->directory, ++emv->record);
}

/* --- one application --- */

static void
put_wanted (guint8 *at, guint32 tag, guint8 length)
{
  memset (at, 0, length);
  for (gsize i = 0; i < G_N_ELEMENTS (terminal); i++)
    if (terminal[i].tag == tag && terminal[i].size == length)
      memcpy (at, terminal[i].bytes, length);
}

/* What it wants to be told, in the order it wants; -1 when the list makes no sense. */
static gssize
tell (const guint8 *list, gsize size, guint8 told[WANTED_MAX])
{
  gsize n = 0;
  while (size > 0)
    {
      guint32 tag;
      guint8 length;
      gsize used = till_tlv_read_wanted (list, size, &tag, &length);
      if (used == 0 || length > WANTED_MAX - n)
        return -1;
      put_wanted (told + n, tag, length);
      n += length;
      list += used;
      size -= used;
    }
  return (gssize)n;
}

static TillEmvStep
take_application (TillEmv *emv, const guint8 *answer, gsize size, gboolean is_fine)
{
  guint8 data[2 + WANTED_MAX] = { 0x83, 0 };
  TillTlv list;
  if (!is_fine)
    return next_application (emv);
  gssize told = till_tlv_find (answer, size, TAG_WANTED, 0, &list)
                    ? tell (list.bytes, list.size, data + 2)
                    : 0;
  if (told < 0)
    return TILL_EMV_FAILED;
  data[1] = (guint8)told;
  emv->stage = TILL_EMV_AT_OPTIONS;
  return put (emv, GET_OPTIONS, 0x00, 0x00, data, 2 + (gsize)told);
}

/* --- the number --- */

/* Digits up to F or D; 0 when that is no number of a card, and what was read is the caller's to
 * wipe. */
static gsize
read_digits (const TillTlv *tlv, char number[TILL_EMV_NUMBER_MAX + 1])
{
  gsize n = 0;
  gboolean is_over = FALSE, is_wrong = FALSE;
  for (gsize i = 0; i < tlv->size * 2 && !is_over; i++)
    {
      guint8 half = i % 2 ? tlv->bytes[i / 2] & 0x0F : tlv->bytes[i / 2] >> 4;
      is_over = half == 0x0F || (half == 0x0D && tlv->tag == TAG_TRACK_2);
      is_wrong |= !is_over && (half > 9 || n == TILL_EMV_NUMBER_MAX);
      if (!is_over && !is_wrong)
        number[n++] = (char)('0' + half);
    }
  number[n] = 0;
  return !is_wrong && n >= NUMBER_MIN ? n : 0;
}

/* SEND when there is none in the answer. One that is told twice must be the same. */
static TillEmvStep
look_for_number (TillEmv *emv, const guint8 *answer, gsize size)
{
  static const guint32 tags[] = { TAG_NUMBER, TAG_TRACK_2 };
  char other[TILL_EMV_NUMBER_MAX + 1] = "";
  TillEmvStep step = TILL_EMV_SEND;
  for (gsize i = 0; i < G_N_ELEMENTS (tags) && step != TILL_EMV_FAILED; i++)
    {
      TillTlv tlv;
      if (!till_tlv_find (answer, size, tags[i], 0, &tlv))
        continue;
      gboolean is_good = read_digits (&tlv, step == TILL_EMV_SEND ? emv->number : other) > 0;
      gboolean is_same = step == TILL_EMV_SEND || strcmp (emv->number, other) == 0;
      step = is_good && is_same ? TILL_EMV_DONE : TILL_EMV_FAILED;
    }
  explicit_bzero (other, sizeof other);
  if (step == TILL_EMV_FAILED)
    explicit_bzero (emv->number, sizeof emv->number);
  return step;
}

/* The next record of the list; when there is none, the next application. */
static TillEmvStep
next_record (TillEmv *emv)
{
  while (emv->file < emv->files_size)
    {
      const guint8 *entry = emv->files + emv->file;
      guint8 file = entry[0] >> 3;
      if (file < 1 || file > 30 || entry[1] < 1 || entry[2] < entry[1])
        return TILL_EMV_FAILED;
      emv->record = emv->record ? emv->record : entry[1];
      if (emv->record <= entry[2] && emv->record != 0xFF)
        return read_record (emv, TILL_EMV_AT_RECORD, file, emv->record++);
      emv->file += 4;
      emv->record = 0;
    }
  return next_application (emv);
}

static TillEmvStep
take_options (TillEmv *emv, const guint8 *answer, gsize size, gboolean is_fine)
{
  TillTlv files;
  emv->files_size = emv->file = 0;
  emv->record = 0;
  if (!is_fine)
    return next_application (emv);
  TillEmvStep step = look_for_number (emv, answer, size);
  if (step != TILL_EMV_SEND)
    return step;
  if (till_tlv_find (answer, size, TAG_OPTIONS, 0, &files) && files.size >= 2)
    files = (TillTlv){ .bytes = files.bytes + 2, .size = files.size - 2 };
  else if (!till_tlv_find (answer, size, TAG_FILES, 0, &files))
    return next_application (emv);
  if (files.size % 4 != 0 || files.size > sizeof emv->files)
    return TILL_EMV_FAILED;
  memcpy (emv->files, files.bytes, files.size);
  emv->files_size = files.size;
  return next_record (emv);
}

static TillEmvStep
take_record (TillEmv *emv, const guint8 *answer, gsize size, gboolean is_fine)
{
  TillEmvStep step = is_fine ? look_for_number (emv, answer, size) : TILL_EMV_SEND;
  return step == TILL_EMV_SEND ? next_record (emv) : step;
}

/* --- the way through --- */

TillEmvStep
till_emv_begin (TillEmv *emv, gboolean is_tapped)
{
  const char *directory = is_tapped ? "2PAY.SYS.DDF01" : "1PAY.SYS.DDF01";
  explicit_bzero (emv, sizeof *emv);
  emv->is_tapped = is_tapped;
  return select_name (emv, TILL_EMV_AT_DIRECTORY, (const guint8 *)directory, strlen (directory));
}

TillEmvStep
till_emv_take (TillEmv *emv, const guint8 *answer, gsize size, guint16 status)
{
  gboolean is_fine = status == FINE;
  if (is_fine && !till_tlv_is_whole (answer, size))
    return TILL_EMV_FAILED;
  switch (emv->stage)
    {
    case TILL_EMV_AT_DIRECTORY:
      return take_directory (emv, answer, size, is_fine);
    case TILL_EMV_AT_DIRECTORY_RECORD:
      return take_directory_record (emv, answer, size, is_fine);
    case TILL_EMV_AT_APPLICATION:
      return take_application (emv, answer, size, is_fine);
    case TILL_EMV_AT_OPTIONS:
      return take_options (emv, answer, size, is_fine);
    case TILL_EMV_AT_RECORD:
      return take_record (emv, answer, size, is_fine);
    default:
      g_assert_not_reached ();
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader of chip cards with a card in it, written from the specifications and not from the till's
 * half: messages in, answers out. The card is nobody's; it has one application, which tells its
 * number in the second record of its second file, and whatever a test makes wrong. Sources: USB
 * CCID 1.1 section 6, ISO/IEC 7816-3 clauses 8, 10 to 12, EMV 4.3 books 1 and 3. */
#pragma once
#include <glib.h>
#include <string.h>

#define CHIP_NUMBER "6228480402564890018"
#define CHIP_MASKED "622848*********0018"
#define CHIP_BYTES_MAX 600

typedef enum
{
  CHIP_WHOLE,
  CHIP_T0,
  CHIP_T1,
} ChipManner;

typedef struct
{
  guint8 bytes[CHIP_BYTES_MAX];
  gsize size;
} ChipBytes;

typedef struct
{
  ChipManner manner;
  gboolean is_tapped, is_absent, is_mute, is_on;
  gboolean has_no_directory, has_no_number, is_no_payment_card, tells_twice;
  const char *number; /* NULL: CHIP_NUMBER */
  const char *other;  /* the one on track 2; NULL: the same */
  guint extensions;   /* asked for before each answer of the card */
  guint part;         /* bytes of one message of a chained answer; 0: all in one */
  GString *said;      /* may be NULL: every command as the card got it, in hexadecimal */

  ChipBytes kept; /* what GET RESPONSE or the next message brings */
  gsize kept_at;
  ChipBytes command;   /* gathered from chained blocks */
  guint8 theirs, ours; /* numbers of T=1 blocks */
  guint ifsd;
  gboolean asks_wait, asks_ifs; /* the card asks for it once */
  guint spoils;                 /* blocks that go out with a wrong check */
  ChipBytes last;               /* block that went out */
} Chip;

/* --- building --- */

static inline void
chip_put (ChipBytes *to, const void *bytes, gsize size)
{
  g_assert_cmpuint (to->size + size, <=, CHIP_BYTES_MAX);
  if (size > 0) /* a block without data comes as NULL */
    memcpy (to->bytes + to->size, bytes, size);
  to->size += size;
}

static inline void
chip_tlv (ChipBytes *to, guint32 tag, const void *bytes, gsize size)
{
  guint8 head[6];
  gsize n = 0;
  if (tag > 0xFF)
    head[n++] = (guint8)(tag >> 8);
  head[n++] = (guint8)tag;
  if (size > 127)
    head[n++] = 0x81;
  head[n++] = (guint8)size;
  chip_put (to, head, n);
  chip_put (to, bytes, size);
}

static inline void
chip_nest (ChipBytes *to, guint32 tag, const ChipBytes *inner)
{
  chip_tlv (to, tag, inner->bytes, inner->size);
}

static inline void
chip_status (ChipBytes *to, guint16 status)
{
  const guint8 two[] = { (guint8)(status >> 8), (guint8)status };
  chip_put (to, two, 2);
}

/* Digits two a byte, closed with F. */
static inline gsize
chip_digits (const char *text, guint8 *bytes)
{
  gsize n = strlen (text);
  for (gsize i = 0; i < n; i++)
    {
      guint8 half = (guint8)(g_ascii_isdigit (text[i]) ? text[i] - '0' : 0x0D);
      bytes[i / 2] = i % 2 ? (guint8)((bytes[i / 2] & 0xF0) | half) : (guint8)(half << 4 | 0x0F);
    }
  return (n + 1) / 2;
}

/* --- the card --- */

static const guint8 chip_name[] = { 0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01 };

static inline void
chip_entry (ChipBytes *to)
{
  ChipBytes entry = { 0 };
  chip_tlv (&entry, 0x4F, chip_name, sizeof chip_name);
  chip_tlv (&entry, 0x50, "UnionPay Debit", 14);
  chip_tlv (&entry, 0x87, "\x01", 1);
  chip_nest (to, 0x61, &entry);
}

static inline void
chip_directory (const Chip *chip, ChipBytes *answer)
{
  ChipBytes inner = { 0 }, list = { 0 }, outer = { 0 };
  chip_tlv (&outer, 0x84, chip->is_tapped ? "2PAY.SYS.DDF01" : "1PAY.SYS.DDF01", 14);
  if (chip->is_tapped)
    {
      chip_entry (&list);
      chip_nest (&inner, 0xBF0C, &list);
    }
  else
    chip_tlv (&inner, 0x88, "\x01", 1);
  chip_nest (&outer, 0xA5, &inner);
  chip_nest (answer, 0x6F, &outer);
  chip_status (answer, 0x9000);
}

static inline void
chip_application (ChipBytes *answer)
{
  static const guint8 wanted[] = { 0x9F, 0x66, 4, 0x9F, 0x02, 6, 0x5F, 0x2A, 2, 0xDF, 0x69, 1 };
  ChipBytes inner = { 0 }, outer = { 0 };
  chip_tlv (&outer, 0x84, chip_name, sizeof chip_name);
  chip_tlv (&inner, 0x50, "UnionPay Debit", 14);
  chip_tlv (&inner, 0x9F38, wanted, sizeof wanted);
  chip_nest (&outer, 0xA5, &inner);
  chip_nest (answer, 0x6F, &outer);
  chip_status (answer, 0x9000);
}

static inline void
chip_options (const Chip *chip, const guint8 *command, gsize size, ChipBytes *answer)
{
  static const guint8 plain[] = { 0x7C, 0x00, 0x10, 1, 1, 0, 0x18, 1, 2, 1 };
  /* 83, the length, what a terminal says: four bytes, no amount, yuan, nothing. */
  gboolean is_told = size >= 5 + 2 + 13 && command[5] == 0x83 && command[6] == 13
                     && command[17] == 0x01 && command[18] == 0x56;
  ChipBytes inner = { 0 };
  if (!is_told)
    {
      chip_status (answer, 0x6985);
      return;
    }
  chip_tlv (&inner, 0x82, plain, 2);
  chip_tlv (&inner, 0x94, plain + 2, sizeof plain - 2);
  if (chip->is_tapped)
    chip_nest (answer, 0x77, &inner);
  else
    chip_tlv (answer, 0x80, plain, sizeof plain);
  chip_status (answer, 0x9000);
}

static inline void
chip_record (const Chip *chip, guint8 file, guint8 record, ChipBytes *answer)
{
  const char *number = chip->number ? chip->number : CHIP_NUMBER;
  g_autofree char *track
      = g_strdup_printf ("%sD30122201840000009", chip->other ? chip->other : number);
  guint8 digits[64] = { 0 };
  ChipBytes inner = { 0 };
  chip_tlv (&inner, 0x5F24, "\x30\x12\x31", 3);
  if (file == 1 && record == 1 && !chip->is_tapped)
    {
      memset (&inner, 0, sizeof inner);
      chip_entry (&inner);
    }
  else if (file == 2 && record == 1)
    chip_tlv (&inner, 0x9F1F, "0000000000000000", 16);
  else if (file == 3 && record == 1)
    chip_tlv (&inner, 0x5F20, "NOBODY/A", 8);
  else if (file == 3 && record == 2 && !chip->has_no_number)
    {
      if (chip->tells_twice || chip->is_tapped)
        chip_tlv (&inner, 0x57, digits, chip_digits (track, digits));
      if (!chip->is_tapped)
        chip_tlv (&inner, 0x5A, digits, chip_digits (number, digits));
    }
  else
    {
      chip_status (answer, file == 3 ? 0x6A83 : 0x6A82);
      return;
    }
  chip_nest (answer, 0x70, &inner);
  chip_status (answer, 0x9000);
  explicit_bzero (&inner, sizeof inner);
  explicit_bzero (digits, sizeof digits);
  explicit_bzero (track, strlen (track));
}

static inline void
chip_think (Chip *chip, const guint8 *command, gsize size, ChipBytes *answer)
{
  gboolean is_name = size >= 5 && command[1] == 0xA4 && size >= (gsize)5 + command[4];
  memset (answer, 0, sizeof *answer);
  for (gsize i = 0; i < size && chip->said; i++)
    g_string_append_printf (chip->said, "%02x", command[i]);
  if (chip->said)
    g_string_append_c (chip->said, ' ');
  if (is_name && command[4] == 14 && memcmp (command + 6, "PAY.SYS.DDF01", 13) == 0
      && !chip->has_no_directory && !chip->is_no_payment_card)
    chip_directory (chip, answer);
  else if (is_name && command[4] == sizeof chip_name && !chip->is_no_payment_card
           && memcmp (command + 5, chip_name, sizeof chip_name) == 0)
    chip_application (answer);
  else if (size >= 5 && command[0] == 0x80 && command[1] == 0xA8)
    chip_options (chip, command, size, answer);
  else if (size >= 5 && command[1] == 0xB2)
    chip_record (chip, command[3] >> 3, command[2], answer);
  else
    chip_status (answer, is_name ? 0x6A82 : 0x6D00);
}

/* --- T=0: what a command brings is fetched, with the right length only --- */

static inline void
chip_think_t0 (Chip *chip, const guint8 *command, gsize size, ChipBytes *answer)
{
  memset (answer, 0, sizeof *answer);
  gboolean is_fetch = size == 5 && command[1] == 0xC0;
  gboolean is_read = size == 5 && command[1] == 0xB2;
  if (is_fetch)
    {
      gsize n = MIN (command[4] ? command[4] : 256, chip->kept.size - 2 - chip->kept_at);
      chip_put (answer, chip->kept.bytes + chip->kept_at, n);
      chip->kept_at += n;
      gsize left = chip->kept.size - 2 - chip->kept_at;
      chip_status (answer, left ? (guint16)(0x6100 | left) : 0x9000);
      return;
    }
  g_assert_true (size == 5
                 || size == (gsize)5 + command[4]); /* never a length wanted behind data */
  chip_think (chip, command, size, &chip->kept);
  chip->kept_at = 0;
  gsize n = chip->kept.size - 2;
  if (n == 0)
    *answer = chip->kept;
  else if (is_read && command[4] != n)
    chip_status (answer, (guint16)(0x6C00 | n));
  else if (is_read)
    *answer = chip->kept;
  else /* in two parts, where it is long */
    chip_status (answer, (guint16)(0x6100 | MIN (n, 20)));
}

/* --- T=1: blocks of a node that knows no errors but those it is told to make --- */

static inline void
chip_block (Chip *chip, guint8 control, const guint8 *data, gsize size, ChipBytes *answer)
{
  guint8 check = 0;
  const guint8 head[] = { 0, control, (guint8)size };
  memset (&chip->last, 0, sizeof chip->last);
  chip_put (&chip->last, head, sizeof head);
  chip_put (&chip->last, data, size);
  for (gsize i = 0; i < chip->last.size; i++)
    check ^= chip->last.bytes[i];
  chip_put (&chip->last, &check, 1);
  *answer = chip->last;
  if (chip->spoils > 0)
    {
      chip->spoils--;
      answer->bytes[answer->size - 1] ^= 0x55;
    }
}

static inline void
chip_next_piece (Chip *chip, ChipBytes *answer)
{
  gsize left = chip->kept.size - chip->kept_at;
  gsize n = MIN (left, chip->ifsd);
  guint8 control = (guint8)((chip->ours ? 0x40 : 0) | (n < left ? 0x20 : 0));
  chip_block (chip, control, chip->kept.bytes + chip->kept_at, n, answer);
  chip->kept_at += n;
  chip->ours ^= 1;
}

static inline void
chip_think_t1 (Chip *chip, const guint8 *block, gsize size, ChipBytes *answer)
{
  guint8 check = 0;
  for (gsize i = 0; i < size; i++)
    check ^= block[i];
  g_assert_true (size >= 4 && block[2] == size - 4 && check == 0 && block[0] == 0);
  guint8 control = block[1];
  if ((control & 0xC0) == 0xC0)
    {
      if (control == 0xC1) /* how much the reader takes */
        chip->ifsd = block[3];
      if (control == 0xC0)
        chip->ours = chip->theirs = 0, chip->command.size = 0;
      if (!(control & 0x20))
        chip_block (chip, control | 0x20, block + 3, block[2], answer);
      else /* it granted what was asked for */
        chip_next_piece (chip, answer);
      return;
    }
  if (control & 0x80)
    {
      gboolean wants_next = ((control & 0x10) != 0) == chip->ours;
      if (wants_next && chip->kept_at < chip->kept.size)
        chip_next_piece (chip, answer);
      else
        *answer = chip->last;
      return;
    }
  g_assert_cmpuint ((control & 0x40) != 0, ==, chip->theirs);
  chip->theirs ^= 1;
  chip_put (&chip->command, block + 3, block[2]);
  if (control & 0x20)
    {
      chip_block (chip, (guint8)(0x80 | (chip->theirs ? 0x10 : 0)), NULL, 0, answer);
      return;
    }
  chip_think (chip, chip->command.bytes, chip->command.size, &chip->kept);
  chip->command.size = chip->kept_at = 0;
  if (chip->asks_wait)
    {
      chip->asks_wait = FALSE;
      chip_block (chip, 0xC3, (const guint8 *)"\x05", 1, answer);
    }
  else if (chip->asks_ifs)
    {
      chip->asks_ifs = FALSE;
      chip_block (chip, 0xC1, (const guint8 *)"\x10", 1, answer);
    }
  else
    chip_next_piece (chip, answer);
}

/* --- the reader --- */

/* Bits of dwFeatures: what it exchanges; QEMU's and GemPC's sort of readers, and a modern one. */
#define CHIP_TPDU 0x00010230
#define CHIP_SHORT 0x000204BE
#define CHIP_EXTENDED 0x000404BE

static inline void
chip_descriptor (guint32 features, guint32 message_max, guint8 bytes[54])
{
  static const guint8 head[] = { 54, 0x21, 0x10, 0x01, 0, 7, 3, 0, 0, 0 };
  memset (bytes, 0, 54);
  memcpy (bytes, head, sizeof head);
  bytes[28] = 254;
  for (guint i = 0; i < 4; i++)
    {
      bytes[40 + i] = (guint8)(features >> 8 * i);
      bytes[44 + i] = (guint8)(message_max >> 8 * i);
    }
  bytes[53] = 1;
}

static inline gsize
chip_message (guint8 type, guint8 seq, guint8 status, guint8 error, guint8 specific,
              const ChipBytes *data, guint8 *message)
{
  gsize size = data ? data->size : 0;
  const guint8 head[]
      = { type, (guint8)size, (guint8)(size >> 8), 0, 0, 0, seq, status, error, specific };
  memcpy (message, head, sizeof head);
  if (size > 0)
    memcpy (message + sizeof head, data->bytes, size);
  return sizeof head + size;
}

static inline void
chip_power (Chip *chip, ChipBytes *atr)
{
  static const guint8 t0[] = { 0x3B, 0x60, 0x00, 0x00 };
  static const guint8 t1[] = { 0x3B, 0x80, 0x01, 0x81 };
  static const guint8 tapped[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };
  chip->is_on = TRUE;
  chip->ours = chip->theirs = 0;
  chip->command.size = 0;
  chip->ifsd = 32;
  if (chip->is_tapped)
    chip_put (atr, tapped, sizeof tapped);
  else if (chip->manner == CHIP_T1)
    chip_put (atr, t1, sizeof t1);
  else
    chip_put (atr, t0, sizeof t0);
}

static inline gsize
chip_transfer (Chip *chip, const guint8 *message, gsize size, guint8 *answer)
{
  ChipBytes got = { 0 };
  guint8 seq = message[6], chain = 0;
  if (chip->part && message[8] == 0x10) /* the rest of a long answer */
    chain = 3;
  else if (chip->manner == CHIP_T0)
    chip_think_t0 (chip, message + 10, size - 10, &got);
  else if (chip->manner == CHIP_T1)
    chip_think_t1 (chip, message + 10, size - 10, &got);
  else
    chip_think (chip, message + 10, size - 10, &got);
  if (!chip->part)
    return chip_message (0x80, seq, 0, 0, 0, &got, answer);
  if (chain == 0)
    {
      chip->kept = got;
      chip->kept_at = 0;
    }
  gsize n = MIN (chip->part, chip->kept.size - chip->kept_at);
  gboolean is_last = chip->kept_at + n == chip->kept.size;
  memset (&got, 0, sizeof got);
  chip_put (&got, chip->kept.bytes + chip->kept_at, n);
  guint8 specific = chain == 0 ? (is_last ? 0 : 1) : is_last ? 2 : 3;
  chip->kept_at += n;
  return chip_message (0x80, seq, 0, 0, specific, &got, answer);
}

/* The size of the answer; the caller's room is CHIP_BYTES_MAX. */
static inline gsize
chip_answer (Chip *chip, const guint8 *message, gsize size, guint8 *answer)
{
  enum
  {
    ABSENT = 0x42, /* failed; no card */
    OFF = 0x01,
    MUTE = 0x41,
  };
  g_assert_cmpuint (size, >=, 10);
  g_assert_cmpuint ((gsize)message[1] | (gsize)message[2] << 8, ==, size - 10);
  g_assert_cmpuint (message[5], ==, 0);
  ChipBytes data = { 0 };
  guint8 seq = message[6];
  switch (message[0])
    {
    case 0x65:
      return chip_message (0x81, seq,
                           chip->is_absent ? 2
                           : chip->is_on   ? 0
                                           : OFF,
                           0, 0, NULL, answer);
    case 0x62:
      if (chip->is_absent || chip->is_mute)
        return chip_message (0x80, seq, chip->is_absent ? ABSENT : MUTE, 0xFE, 0, NULL, answer);
      chip_power (chip, &data);
      return chip_message (0x80, seq, 0, 0, 0, &data, answer);
    case 0x63:
    case 0x72:
      chip->is_on = FALSE;
      return chip_message (0x81, seq, chip->is_absent ? 2 : OFF, 0, 0, NULL, answer);
    case 0x61:
      g_assert_cmpuint (message[7], ==, chip->manner == CHIP_T1);
      G_GNUC_FALLTHROUGH;
    case 0x6C:
      return chip_message (0x82, seq, 0, 0, chip->manner == CHIP_T1, NULL, answer);
    case 0x6F:
      if (chip->is_absent || !chip->is_on)
        return chip_message (0x80, seq, ABSENT, 0xFE, 0, NULL, answer);
      return chip_transfer (chip, message, size, answer);
    default:
      return chip_message (0x81, seq, 0x40 | OFF, 0, 0, NULL, answer);
    }
}

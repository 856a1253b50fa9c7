/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip cards without a wire: descriptors, messages, first answers, tags and blocks by tables, then
 * a whole reader with a card in it (chip.h), and everything that either may get wrong. */
#include "data/core/error.h"
#include "data/core/secret.h"
#include "devices/usb/apdu.h"
#include "devices/usb/atr.h"
#include "devices/usb/ccid-reader.h"
#include "devices/usb/ccid.h"
#include "devices/usb/emv.h"
#include "devices/usb/tlv.h"
#include "tests/usb/chip.h"
#include "tests/usb/memory.h"

static const TillCardRule refusing = { .key = { 7, 1 } };
static const TillCardRule matching = { .key = { 7, 1 }, .matches_clear = TRUE };

#define READ_IN "<match insert unionpay " CHIP_MASKED ">"
#define READ_TAP "<match tap unionpay " CHIP_MASKED ">"

/* --- the words of the wire --- */

static void
test_descriptors (void)
{
  static const struct
  {
    guint32 features, message;
    gsize size;
    gboolean is_good;
  } rows[] = {
    { CHIP_TPDU, 271, 54, TRUE },       { CHIP_SHORT, 271, 54, TRUE },
    { CHIP_EXTENDED, 65556, 54, TRUE }, { CHIP_TPDU, 32, 54, TRUE },
    { CHIP_TPDU, 31, 54, FALSE },       { CHIP_TPDU, 0, 54, FALSE },
    { 0x00000230, 271, 54, FALSE }, /* single characters */
    { 0x00070230, 271, 54, FALSE }, /* all at once */
    { CHIP_TPDU, 271, 53, FALSE },      { CHIP_TPDU, 271, 0, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 bytes[54];
      TillCcidClass class;
      g_autoptr (GError) error = NULL;
      chip_descriptor (rows[i].features, rows[i].message, bytes);
      g_autofree guint8 *exact = g_memdup2 (bytes, MAX (rows[i].size, 1));
      g_assert_cmpint (till_ccid_class_parse (exact, rows[i].size, &class, &error), ==,
                       rows[i].is_good);
      g_assert_true (rows[i].is_good || g_error_matches (error, TILL_ERROR, TILL_ERROR_INVALID));
      g_assert_true (!rows[i].is_good || class.message_max <= TILL_CCID_MESSAGE_MAX);
    }
}

static void
test_descriptor_found (void)
{
  guint8 extra[5 + 54 + 3] = { 5, 0x24, 0, 0, 0 };
  chip_descriptor (CHIP_TPDU, 271, extra + 5);
  g_assert_true (till_ccid_class_find (extra, 5 + 54) == extra + 5);
  g_assert_null (till_ccid_class_find (extra, 5 + 53)); /* cut off */
  g_assert_null (till_ccid_class_find (extra, 0));
  extra[0] = 0; /* of no length */
  g_assert_null (till_ccid_class_find (extra, sizeof extra));
  extra[0] = 255;
  g_assert_null (till_ccid_class_find (extra, sizeof extra));
}

/* U15 and U16: lengths that lie, another's number, another slot. */
static void
test_answers (void)
{
  static const struct
  {
    gsize size;
    guint8 bytes[14];
    TillCcidHeard heard;
  } rows[] = {
    { 12, { 0x80, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_DONE },
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0, 0, 0 }, TILL_CCID_DONE },
    { 0, { 0 }, TILL_CCID_BROKEN },
    { 9, { 0x80, 0, 0, 0, 0, 0, 9, 0, 0 }, TILL_CCID_BROKEN },
    { 12, { 0x80, 3, 0, 0, 0, 0, 9, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_BROKEN },
    { 12, { 0x80, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_BROKEN },
    { 12, { 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0, 9, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_BROKEN },
    { 12, { 0x80, 2, 0, 0, 1, 0, 9, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_BROKEN },
    { 12, { 0x80, 2, 0, 0, 0, 0, 8, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_STALE },
    { 12, { 0x80, 2, 0, 0, 0, 1, 9, 0, 0, 0, 0x90, 0x00 }, TILL_CCID_STALE },
    { 10, { 0x81, 0, 0, 0, 0, 0, 9, 0, 0, 0 }, TILL_CCID_BROKEN }, /* of another kind */
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0x80, 3, 0 }, TILL_CCID_LATER },
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0x40, 0xFB, 0 }, TILL_CCID_FAILED },
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0x41, 0xFE, 0 }, TILL_CCID_FAILED }, /* mute, and there */
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0x42, 0xFE, 0 }, TILL_CCID_ABSENT },
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0x02, 0, 0 }, TILL_CCID_ABSENT },
    { 10, { 0x80, 0, 0, 0, 0, 0, 9, 0xC0, 0, 0 }, TILL_CCID_BROKEN },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillCcidAnswer answer;
      g_autofree guint8 *exact = g_memdup2 (rows[i].bytes, MAX (rows[i].size, 1));
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (
          till_ccid_answer_parse (exact, rows[i].size, TILL_CCID_DATA_BLOCK, 9, &answer), ==,
          rows[i].heard);
    }
}

static void
test_notices (void)
{
  gboolean is_present = FALSE;
  g_assert_true (till_ccid_notice_parse ((const guint8 *)"\x50\x03", 2, &is_present));
  g_assert_true (is_present);
  g_assert_true (till_ccid_notice_parse ((const guint8 *)"\x50\x02", 2, &is_present));
  g_assert_false (is_present);
  g_assert_false (till_ccid_notice_parse ((const guint8 *)"\x50", 1, &is_present));
  g_assert_false (till_ccid_notice_parse ((const guint8 *)"\x51\x03", 2, &is_present));
}

/* U17. Real ones are those of published lists; the rest is made. */
static void
test_first_answers (void)
{
  static const struct
  {
    gsize size;
    guint8 bytes[40];
    int protocol; /* -1: refused */
    guint8 ifsc;
    gboolean is_tapped, has_crc;
  } rows[] = {
    { 0, { 0 }, -1, 0, FALSE, FALSE },
    { 1, { 0x3B }, -1, 0, FALSE, FALSE },
    { 2, { 0x3B, 0x00 }, 0, 32, FALSE, FALSE },
    { 2, { 0x3F, 0x00 }, 0, 32, FALSE, FALSE },
    { 2, { 0x03, 0x00 }, -1, 0, FALSE, FALSE },
    { 3, { 0x3B, 0x01, 0x55 }, 0, 32, FALSE, FALSE },
    { 3, { 0x3B, 0x02, 0x55 }, -1, 0, FALSE, FALSE },
    { 4, { 0x3B, 0x01, 0x55, 0x66 }, -1, 0, FALSE, FALSE },
    { 2, { 0x3B, 0xF0 }, -1, 0, FALSE, FALSE },
    { 4, { 0x3B, 0x80, 0x01, 0x81 }, 1, 32, FALSE, FALSE },
    { 4, { 0x3B, 0x80, 0x01, 0x82 }, -1, 0, FALSE, FALSE }, /* the check byte */
    { 3, { 0x3B, 0x80, 0x01 }, -1, 0, FALSE, FALSE },
    { 3, { 0x3B, 0x80, 0x00 }, 0, 32, FALSE, FALSE },
    { 4, { 0x3B, 0x80, 0x02, 0x82 }, -1, 0, FALSE, FALSE }, /* a protocol nobody has */
    { 6, { 0x3B, 0x80, 0x81, 0x11, 0xFE, 0xEE }, 1, 254, FALSE, FALSE },
    { 6, { 0x3B, 0x80, 0x81, 0x11, 0x00, 0x10 }, 1, 32, FALSE, FALSE },
    { 6, { 0x3B, 0x80, 0x81, 0x41, 0x01, 0x41 }, 1, 32, FALSE, TRUE },
    { 5, { 0x3B, 0x80, 0x80, 0x01, 0x01 }, 0, 32, TRUE, FALSE },
    { 8, { 0x3B, 0x90, 0x11, 0x90, 0x01, 0x10, 0x00, 0x00 }, -1, 0, FALSE, FALSE },
    { 34, { 0x3B, 0x0F }, -1, 0, FALSE, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillAtr atr = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree guint8 *exact = g_memdup2 (rows[i].bytes, MAX (rows[i].size, 1));
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      gboolean is_good = till_atr_parse (exact, rows[i].size, &atr, &error);
      g_assert_cmpint (is_good, ==, rows[i].protocol >= 0);
      if (!is_good)
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
          continue;
        }
      g_assert_cmpint (atr.protocol, ==, rows[i].protocol);
      g_assert_cmpuint (atr.ifsc, ==, rows[i].ifsc);
      g_assert_cmpint (atr.is_tapped, ==, rows[i].is_tapped);
      g_assert_cmpint (atr.has_crc, ==, rows[i].has_crc);
    }
}

/* A card that is set to one protocol and speed says so in its second round (TA2). */
static void
test_parameters (void)
{
  static const guint8 specific[] = { 0x3B, 0x90, 0x95, 0x10, 0x00 };
  static const guint8 inverse[] = { 0x3F, 0x80, 0x01, 0x81 };
  TillAtr atr;
  guint8 bytes[7];
  g_assert_true (till_atr_parse (specific, sizeof specific, &atr, NULL));
  g_assert_cmpuint (till_atr_parameters (&atr, bytes), ==, 5);
  g_assert_cmpmem (bytes, 5, ((const guint8[]){ 0x95, 0x00, 0x00, 0x0A, 0x00 }), 5);
  g_assert_true (till_atr_parse (inverse, sizeof inverse, &atr, NULL));
  g_assert_cmpuint (till_atr_parameters (&atr, bytes), ==, 7);
  g_assert_cmpmem (bytes, 7, ((const guint8[]){ 0x11, 0x12, 0x00, 0x4D, 0x00, 0x20, 0x00 }), 7);
}

static void
test_tags (void)
{
  static const struct
  {
    gsize size;
    guint8 bytes[16];
    gboolean is_whole;
    int found; /* the first byte of 5A's value; -1: none */
  } rows[] = {
    { 0, { 0 }, TRUE, -1 },
    { 3, { 0x5A, 1, 7 }, TRUE, 7 },
    { 2, { 0x5A, 0 }, TRUE, -2 }, /* there, and empty */
    { 1, { 0x5A }, FALSE, -1 },
    { 2, { 0x5A, 1 }, FALSE, -1 },
    { 3, { 0x5A, 2, 7 }, FALSE, -1 },
    { 3, { 0x5A, 0x80, 7 }, FALSE, -1 }, /* no length at all */
    { 4, { 0x5A, 0x81, 1, 7 }, TRUE, 7 },
    { 5, { 0x5A, 0x82, 0, 1, 7 }, TRUE, 7 },
    { 6, { 0x5A, 0x83, 0, 0, 1, 7 }, FALSE, -1 },
    { 4, { 0x5A, 0x82, 0xFF, 0xFF }, FALSE, -1 },
    { 5, { 0x00, 0x5A, 1, 7, 0xFF }, TRUE, 7 }, /* padded */
    { 5, { 0x70, 3, 0x5A, 1, 7 }, TRUE, 7 },
    { 5, { 0x70, 3, 0x5A, 2, 7 }, FALSE, -1 },
    { 5, { 0x70, 2, 0x5A, 1, 7 }, FALSE, -1 },
    { 4, { 0x9F, 0x38, 1, 7 }, TRUE, -1 },
    { 1, { 0x9F }, FALSE, -1 },
    { 2, { 0x9F, 0xFF }, FALSE, -1 },
    { 5, { 0x9F, 0xFF, 0xFF, 0xFF, 0x01 }, FALSE, -1 }, /* a tag that never ends */
    { 14, { 0x70, 12, 0x70, 10, 0x70, 8, 0x70, 6, 0x70, 4, 0x70, 2, 0x70, 0 }, FALSE, -1 },
    { 12, { 0x70, 10, 0x70, 8, 0x70, 6, 0x70, 4, 0x70, 2, 0x5A, 0 }, TRUE, -2 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TillTlv tlv;
      g_autofree guint8 *exact = g_memdup2 (rows[i].bytes, MAX (rows[i].size, 1));
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (till_tlv_is_whole (exact, rows[i].size), ==, rows[i].is_whole);
      gboolean found = till_tlv_find (exact, rows[i].size, 0x5A, 0, &tlv);
      g_assert_cmpint (!found ? -1 : tlv.size == 0 ? -2 : tlv.bytes[0], ==, rows[i].found);
    }
  static const guint8 two[] = { 0x70, 6, 0x61, 1, 1, 0x61, 1, 2 };
  TillTlv nth;
  /* 61 is a template by its bits; what is in these is no tag. */
  g_assert_false (till_tlv_find (two, sizeof two, 0x61, 1, &nth));
  static const guint8 lists[] = { 0x70, 8, 0x61, 2, 0x4F, 0, 0x61, 2, 0x50, 0 };
  g_assert_true (till_tlv_find (lists, sizeof lists, 0x61, 1, &nth));
  g_assert_true (nth.bytes == lists + 8);
  g_assert_false (till_tlv_find (lists, sizeof lists, 0x61, 2, &nth));
}

/* --- T=0 and T=1 --- */

/* U18: answers of no or one byte, and "there is more" for ever. */
static void
test_t0_answers (void)
{
  static const struct
  {
    gsize size;
    guint8 bytes[4];
    TillApduStep end;
  } rows[] = {
    { 0, { 0 }, TILL_APDU_FAILED },          { 1, { 0x90 }, TILL_APDU_FAILED },
    { 2, { 0x90, 0x00 }, TILL_APDU_DONE },   { 2, { 0x61, 0x10 }, TILL_APDU_FAILED },
    { 2, { 0x6C, 0x10 }, TILL_APDU_FAILED }, { 3, { 0x01, 0x61, 0x01 }, TILL_APDU_FAILED },
    { 2, { 0x6A, 0x82 }, TILL_APDU_DONE },
  };
  static const guint8 command[] = { 0, 0xB2, 1, 0x0C, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int manner = TILL_APDU_WHOLE; manner <= TILL_APDU_T0; manner++)
      {
        TillApdu apdu = { .manner = (TillApduManner)manner };
        g_autofree guint8 *exact = g_memdup2 (rows[i].bytes, MAX (rows[i].size, 1));
        TillApduStep step = till_apdu_command (&apdu, command, sizeof command);
        guint rounds = 0;
        for (; step == TILL_APDU_SEND && rounds < 100; rounds++)
          step = till_apdu_take (&apdu, exact, rows[i].size);
        g_assert_cmpint (step, ==, rows[i].end);
        g_assert_cmpuint (rounds, <=, TILL_APDU_ROUNDS_MAX + 1);
      }
}

/* More than there is room for is not taken. */
static void
test_t0_much (void)
{
  static const guint8 command[] = { 0, 0xB2, 1, 0x0C, 0 };
  guint8 much[TILL_APDU_ANSWER_MAX + 3] = { 0 };
  TillApdu apdu = { .manner = TILL_APDU_T0 };
  till_apdu_command (&apdu, command, sizeof command);
  g_assert_cmpint (till_apdu_take (&apdu, much, sizeof much), ==, TILL_APDU_FAILED);
  till_apdu_command (&apdu, command, sizeof command);
  much[200] = 0x61;
  g_assert_cmpint (till_apdu_take (&apdu, much, 202), ==, TILL_APDU_SEND);
  g_assert_cmpint (till_apdu_take (&apdu, much, 202), ==, TILL_APDU_FAILED);
}

/* Whatever the card says, the talk ends. */
static void
test_t1_ends (void)
{
  static const struct
  {
    gsize size;
    guint8 bytes[8];
  } rows[] = {
    { 0, { 0 } },
    { 3, { 0, 0, 0 } },
    { 4, { 0, 0x00, 0, 0x01 } },       /* wrong check */
    { 4, { 0, 0x00, 5, 0x05 } },       /* wrong length */
    { 4, { 0, 0x40, 0, 0x40 } },       /* wrong number */
    { 4, { 0, 0x80, 0, 0x80 } },       /* "again", for ever */
    { 4, { 0, 0x90, 0, 0x90 } },       /* the other number */
    { 5, { 0, 0xC3, 1, 0x01, 0xC3 } }, /* more time, for ever */
    { 5, { 0, 0xC1, 1, 0x20, 0xE0 } }, /* another length, for ever */
    { 5, { 0, 0xC1, 1, 0x00, 0xC0 } }, /* of nothing */
    { 4, { 0, 0xC0, 0, 0xC0 } },       /* a card may not begin anew */
    { 4, { 0, 0xC2, 0, 0xC2 } },       /* it gives up */
    { 4, { 0, 0xE0, 0, 0xE0 } },       /* an answer nobody asked for */
    { 5, { 0, 0x20, 1, 0x00, 0x21 } }, /* more follows, for ever, with one number */
  };
  static const guint8 command[] = { 0, 0xB2, 1, 0x0C, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int says_ifs = 0; says_ifs < 2; says_ifs++)
      {
        TillT1 t1;
        guint blocks = 0;
        g_autofree guint8 *exact = g_memdup2 (rows[i].bytes, MAX (rows[i].size, 1));
        till_t1_begin (&t1, 32, 254, says_ifs);
        TillT1Step step = till_t1_command (&t1, command, sizeof command);
        for (; step == TILL_T1_SEND && blocks < 1000; blocks++)
          step = till_t1_take (&t1, exact, rows[i].size);
        g_test_message ("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint (step, ==, TILL_T1_FAILED);
        g_assert_cmpuint (blocks, <=, TILL_T1_BLOCKS_MAX + 1);
      }
}

/* --- a whole reader --- */

typedef struct
{
  Chip chip;
  guint8 descriptor[54];
  gpointer state;
  GString *heard;
  TillFinding last;
  GString *asked;  /* types of the messages, in hexadecimal */
  guint answered;  /* messages so far */
  guint stops_at;  /* from this message on nothing is answered; 0: never */
  guint leaves_at; /* before this message the card is pulled */
  guint request;   /* the value of the last request */
} Bench;

static void
note (const TillFinding *finding, gpointer user)
{
  static const char *const refusals[]
      = { "?", "card-data", "too-long", "unreadable", "chip", "no-number" };
  Bench *bench = user;
  bench->last = *finding;
  if (finding->kind == TILL_FINDING_CARD)
    {
      g_assert_cmpint (finding->use, ==, TILL_CARD_MATCH);
      g_string_append_printf (bench->heard, "<match %s %s %s>", finding->entry, finding->scheme,
                              finding->masked);
    }
  else if (finding->kind == TILL_FINDING_CARD_EARLY)
    g_string_append (bench->heard, "<early>");
  else
    {
      g_assert_cmpint (finding->kind, ==, TILL_FINDING_REFUSED);
      g_string_append_printf (bench->heard, "<no:%s>", refusals[finding->refused]);
    }
}

static void
take (Bench *bench, const guint8 *bytes, gsize size)
{
  g_autofree guint8 *exact = size ? g_memdup2 (bytes, size) : g_malloc (1);
  till_ccid_reader.take (bench->state, exact, size, note, bench);
  explicit_bzero (exact, size ? size : 1);
}

/* Until the till has nothing more to say. FALSE when it gives the reader up. */
static gboolean
talk (Bench *bench)
{
  for (guint i = 0; i < 1000; i++)
    {
      TillMessage message = { 0 };
      guint8 answer[CHIP_BYTES_MAX];
      g_autoptr (GError) error = NULL;
      if (!till_ccid_reader.speak (bench->state, &message, &error))
        {
          g_assert_error (error, TILL_ERROR, TILL_ERROR_OFFLINE);
          return FALSE;
        }
      if (message.size == 0)
        return TRUE;
      g_string_append_printf (bench->asked, "%02x", message.bytes[0]);
      if (message.has_request)
        bench->request = message.value;
      bench->answered++;
      if (bench->stops_at && bench->answered >= bench->stops_at)
        return TRUE;
      if (bench->leaves_at == bench->answered)
        bench->chip.is_absent = TRUE;
      for (guint n = 0; n < bench->chip.extensions; n++)
        {
          gsize size = chip_message (0x80, message.bytes[6], 0x80, 1, 0, NULL, answer);
          take (bench, answer, size);
        }
      gsize size = chip_answer (&bench->chip, message.bytes, message.size, answer);
      take (bench, answer, size);
      explicit_bzero (answer, sizeof answer);
    }
  g_error ("the talk does not end: %s", bench->asked->str);
}

static Bench *
bench_new (guint32 features, const TillCardRule *rule)
{
  Bench *bench = g_new0 (Bench, 1);
  g_autoptr (GError) error = NULL;
  bench->heard = g_string_new (NULL);
  bench->asked = g_string_new (NULL);
  bench->chip.said = g_string_new (NULL);
  chip_descriptor (features, 271, bench->descriptor);
  const TillTerms terms = { .cards = rule,
                            .descriptor = bench->descriptor,
                            .descriptor_size = sizeof bench->descriptor,
                            .tells = TRUE };
  bench->state = till_ccid_reader.start (NULL, &terms, &error);
  g_assert_no_error (error);
  return bench;
}

static void
bench_free (Bench *bench)
{
  /* Whatever happened: no cryptogram, no PIN, no serial number was ever asked for. */
  g_auto (GStrv) said = g_strsplit (bench->chip.said->str, " ", -1);
  for (char **command = said; *command && **command; command++)
    g_assert_true (g_str_has_prefix (*command, "00a404") || g_str_has_prefix (*command, "80a800")
                   || g_str_has_prefix (*command, "00b2"));
  till_ccid_reader.stop (bench->state);
  g_string_free (bench->chip.said, TRUE);
  g_string_free (bench->heard, TRUE);
  g_string_free (bench->asked, TRUE);
  g_free (bench);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

static void
expect_heard (Bench *bench, const char *words)
{
  g_assert_cmpstr (bench->heard->str, ==, words);
  g_string_truncate (bench->heard, 0);
}

static void
pull_out (Bench *bench)
{
  bench->chip.is_absent = TRUE;
  bench->chip.is_on = FALSE;
  take (bench, (const guint8 *)"\x50\x02", 2);
}

static void
put_in (Bench *bench)
{
  bench->chip.is_absent = FALSE;
  take (bench, (const guint8 *)"\x50\x03", 2);
}

static void
test_read (void)
{
  static const struct
  {
    guint32 features;
    ChipManner manner;
    gboolean is_tapped, has_no_directory, tells_twice;
  } rows[] = {
    { CHIP_TPDU, CHIP_T0, FALSE, FALSE, FALSE },
    { CHIP_TPDU, CHIP_T1, FALSE, FALSE, TRUE },
    { CHIP_TPDU | 0xC2, CHIP_T1, FALSE, TRUE, FALSE },
    { CHIP_TPDU | 0x400, CHIP_T1, FALSE, FALSE, FALSE },
    { CHIP_SHORT, CHIP_WHOLE, FALSE, FALSE, TRUE },
    { CHIP_SHORT, CHIP_WHOLE, TRUE, FALSE, FALSE },
    { CHIP_EXTENDED, CHIP_WHOLE, TRUE, TRUE, FALSE },
    { CHIP_EXTENDED, CHIP_WHOLE, FALSE, TRUE, FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_autoptr (Bench) bench = bench_new (rows[i].features, &matching);
      bench->chip.manner = rows[i].manner;
      bench->chip.is_tapped = rows[i].is_tapped;
      bench->chip.has_no_directory = rows[i].has_no_directory;
      bench->chip.tells_twice = rows[i].tells_twice;
      g_assert_true (talk (bench));
      expect_heard (bench, rows[i].is_tapped ? READ_TAP : READ_IN);
      g_assert_false (bench->chip.is_on); /* and it was switched off */
      /* Once, until it went. */
      put_in (bench);
      g_assert_true (talk (bench));
      expect_heard (bench, "");
      pull_out (bench);
      put_in (bench);
      g_assert_true (talk (bench));
      expect_heard (bench, rows[i].is_tapped ? READ_TAP : READ_IN);
    }
}

/* What chains, waits, asks for shorter blocks and stumbles reads the same. */
static void
test_read_over_stones (void)
{
  for (guint stone = 0; stone < 6; stone++)
    {
      g_test_message ("stone %u", stone);
      g_autoptr (Bench) bench = bench_new (stone == 4 ? CHIP_EXTENDED : CHIP_TPDU, &matching);
      bench->chip.manner = stone == 4 ? CHIP_WHOLE : CHIP_T1;
      bench->chip.asks_wait = stone == 0;
      bench->chip.asks_ifs = stone == 1;
      bench->chip.spoils = stone == 2 ? 2 : stone == 3 ? 5 : 0;
      bench->chip.part = stone == 4 ? 17 : 0;
      bench->chip.extensions = stone == 5 ? TILL_CCID_EXTENSIONS_MAX : 0;
      if (stone == 5)
        bench->chip.manner = CHIP_T0;
      g_assert_true (talk (bench));
      expect_heard (bench, READ_IN);
    }
}

/* A reader that takes short blocks is told so, and answers come in pieces. */
static void
test_short_blocks (void)
{
  g_autoptr (Bench) bench = bench_new (CHIP_TPDU, &matching);
  till_ccid_reader.stop (bench->state);
  bench->descriptor[28] = 32;
  bench->chip.manner = CHIP_T1;
  const TillTerms terms = { .cards = &matching,
                            .descriptor = bench->descriptor,
                            .descriptor_size = sizeof bench->descriptor,
                            .tells = TRUE };
  bench->state = till_ccid_reader.start (NULL, &terms, NULL);
  g_assert_true (talk (bench));
  expect_heard (bench, READ_IN);
}

/* The same card gives the same token, whichever way it was read. */
static void
test_token (void)
{
  TillTrack tracks[TILL_TRACKS] = { 0 };
  g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
  g_assert_true (talk (bench));
  g_autofree char *token = g_strdup (bench->last.token);
  tracks[1].size = g_snprintf ((char *)tracks[1].bytes, TILL_TRACK_MAX, ";%s=3012?", CHIP_NUMBER);
  till_card_give_clear (tracks, &matching, note, bench);
  g_assert_cmpstr (token, ==, bench->last.token);
  g_assert_cmpuint (strlen (token), ==, 32);
}

/* A shop that does not match cards in clear asks the card nothing; it is not even switched on. */
static void
test_not_allowed (void)
{
  const TillCardRule *const rules[] = { NULL, &refusing };
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (Bench) bench = bench_new (CHIP_SHORT, rules[i]);
      g_assert_true (talk (bench));
      expect_heard (bench, "<no:chip>");
      g_assert_cmpstr (bench->asked->str, ==, "65");
      g_assert_cmpstr (bench->chip.said->str, ==, "");
      pull_out (bench);
      put_in (bench);
      g_assert_true (talk (bench));
      expect_heard (bench, "<no:chip>");
      g_assert_cmpstr (bench->asked->str, ==, "65");
    }
}

/* Cards that are no payment cards, say no number, or one that cannot be. */
static void
test_strange_cards (void)
{
  static const struct
  {
    const char *number, *other;
    gboolean no_payment, no_number, is_mute;
    const char *heard;
  } rows[] = {
    { NULL, NULL, TRUE, FALSE, FALSE, "<no:no-number>" },
    { NULL, NULL, FALSE, TRUE, FALSE, "<no:no-number>" },
    { NULL, NULL, FALSE, FALSE, TRUE, "<no:no-number>" },
    { "62284804025", NULL, FALSE, FALSE, FALSE, "<no:unreadable>" },          /* 11 */
    { "62284804025648900181", NULL, FALSE, FALSE, FALSE, "<no:unreadable>" }, /* 20 */
    { "", NULL, FALSE, FALSE, FALSE, "<no:unreadable>" },
    { "62284804x2564890018", NULL, FALSE, FALSE, FALSE, "<no:unreadable>" },
    { CHIP_NUMBER, "6228480402564890019", FALSE, FALSE, FALSE, "<no:unreadable>" }, /* two */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
      bench->chip.number = rows[i].number;
      bench->chip.other = rows[i].other;
      bench->chip.tells_twice = rows[i].other != NULL;
      bench->chip.is_no_payment_card = rows[i].no_payment;
      bench->chip.has_no_number = rows[i].no_number;
      bench->chip.is_mute = rows[i].is_mute;
      g_assert_true (talk (bench));
      expect_heard (bench, rows[i].heard);
      /* A good one after it is read. */
      pull_out (bench);
      bench->chip.number = bench->chip.other = NULL;
      bench->chip.is_no_payment_card = bench->chip.has_no_number = bench->chip.is_mute = FALSE;
      put_in (bench);
      g_assert_true (talk (bench));
      expect_heard (bench, READ_IN);
    }
}

/* U19: pulled at every message of the talk in turn: told once, and the next card is read. */
static void
test_pulled (void)
{
  guint messages = 0;
  for (guint at = 2; messages == 0 || at <= messages; at++)
    {
      g_autoptr (Bench) bench = bench_new (CHIP_TPDU, &matching);
      bench->chip.manner = CHIP_T0;
      bench->leaves_at = messages == 0 ? 0 : at;
      g_assert_true (talk (bench));
      if (messages == 0)
        {
          messages = bench->answered;
          at = 1;
          expect_heard (bench, READ_IN);
          continue;
        }
      expect_heard (bench, at == messages ? READ_IN : "<early>");
      pull_out (bench); /* the notice behind the answer says nothing new */
      expect_heard (bench, "");
      put_in (bench);
      g_assert_true (talk (bench));
      expect_heard (bench, READ_IN);
    }
  g_assert_cmpuint (messages, >, 10);
}

/* The notice comes first, and a new card lies there before the old one's answer has come. */
static void
test_swapped (void)
{
  g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
  bench->stops_at = 4;
  g_assert_true (talk (bench));
  take (bench, (const guint8 *)"\x50\x02", 2);
  expect_heard (bench, "<early>");
  take (bench, (const guint8 *)"\x50\x03", 2);
  bench->stops_at = 0;
  guint8 answer[16];
  gsize size = chip_message (0x80, 4, 0x42, 0xFE, 0, NULL, answer);
  take (bench, answer, size);
  g_assert_true (talk (bench));
  expect_heard (bench, READ_IN);
}

/* A command without an answer is aborted, and the reader works on; one whose abort is not answered
 * either is opened anew. */
static void
test_silence (void)
{
  g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
  bench->stops_at = 4;
  g_assert_true (talk (bench));
  g_assert_cmpuint (till_ccid_reader.patience (bench->state), ==, TILL_CCID_PATIENCE_MS);
  bench->stops_at = 0;
  till_ccid_reader.pause (bench->state, note, bench);
  expect_heard (bench, "<no:unreadable>");
  g_assert_true (talk (bench));
  g_assert_true (g_str_has_suffix (bench->asked->str, "7263"));
  g_assert_cmpuint (bench->request, ==, 5 << 8); /* its number, and the slot */
  g_assert_cmpuint (till_ccid_reader.patience (bench->state), ==, 0);
  pull_out (bench);
  put_in (bench);
  g_assert_true (talk (bench));
  expect_heard (bench, READ_IN);

  pull_out (bench);
  put_in (bench);
  bench->stops_at = bench->answered + 2;
  g_assert_true (talk (bench));
  till_ccid_reader.pause (bench->state, note, bench);
  expect_heard (bench, "<no:unreadable>");
  g_assert_true (talk (bench));
  till_ccid_reader.pause (bench->state, note, bench);
  g_assert_false (talk (bench));
  expect_heard (bench, "");
}

/* A T=1 card that asks for five times the time is given it. */
static void
test_patience (void)
{
  g_autoptr (Bench) bench = bench_new (CHIP_TPDU, &matching);
  bench->chip.manner = CHIP_T1;
  bench->chip.asks_wait = TRUE;
  bench->stops_at = 6; /* "how is it?", on, parameters, our length, a command, "granted" */
  g_assert_true (talk (bench));
  g_assert_cmpuint (till_ccid_reader.patience (bench->state), ==, 5 * TILL_CCID_PATIENCE_MS);
}

/* What answers nothing changes nothing, and has an end. What cannot be is the end at once. */
static void
test_noise (void)
{
  static const guint8 stale[] = { 0x80, 0, 0, 0, 0, 0, 99, 0, 0, 0 };
  static const guint8 huge[] = { 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0, 0 };
  g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
  for (guint i = 0; i < TILL_CCID_NOISE_MAX; i++)
    take (bench, stale, sizeof stale);
  take (bench, stale, 0);
  g_assert_true (talk (bench));
  expect_heard (bench, READ_IN);
  pull_out (bench);
  put_in (bench);
  bench->stops_at = bench->answered + 3;
  g_assert_true (talk (bench));
  for (guint i = 0; i <= TILL_CCID_NOISE_MAX; i++)
    take (bench, stale, sizeof stale);
  expect_heard (bench, "<no:unreadable>");
  g_assert_false (talk (bench));

  g_autoptr (Bench) other = bench_new (CHIP_SHORT, &matching);
  take (other, huge, sizeof huge);
  expect_heard (other, "");
  g_assert_false (talk (other));

  g_autoptr (Bench) slow = bench_new (CHIP_SHORT, &matching);
  slow->chip.extensions = TILL_CCID_EXTENSIONS_MAX + 1;
  g_assert_false (talk (slow));
}

/* Answers that were lost: said, and opened anew; a card that lay there must go first. */
static void
test_lost_answers (void)
{
  g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
  bench->stops_at = 4;
  g_assert_true (talk (bench));
  till_ccid_reader.reset (bench->state);
  take (bench, (const guint8 *)"\x50\x03", 2);
  expect_heard (bench, "<no:unreadable>");
  g_assert_false (talk (bench));
  till_ccid_reader.stop (bench->state);
  const TillTerms terms = { .cards = &matching,
                            .is_torn = TRUE,
                            .descriptor = bench->descriptor,
                            .descriptor_size = sizeof bench->descriptor };
  bench->state = till_ccid_reader.start (NULL, &terms, NULL);
  bench->stops_at = 0;
  g_assert_true (talk (bench));
  expect_heard (bench, "");
  /* It has no endpoint for notices now, and is asked. */
  g_assert_cmpuint (till_ccid_reader.patience (bench->state), ==, TILL_CCID_LOOK_MS);
  bench->chip.is_absent = TRUE;
  till_ccid_reader.pause (bench->state, note, bench);
  g_assert_true (talk (bench));
  bench->chip.is_absent = FALSE;
  till_ccid_reader.pause (bench->state, note, bench);
  g_assert_true (talk (bench));
  expect_heard (bench, READ_IN);
}

/* Every byte of every answer wrong in turn: nothing is heard but the card, or that it cannot be
 * read; and it ends. */
static void
test_spoilt (void)
{
  static const guint8 flips[] = { 0x01, 0x20, 0x80, 0xFF };
  guint read = 0, other = 0;
  for (guint message = 1; message < 14; message++)
    for (guint at = 0; at < 60; at++)
      {
        g_autoptr (Bench) bench = bench_new (CHIP_SHORT, &matching);
        gboolean goes_on = TRUE;
        for (guint i = 1; i < 100 && goes_on; i++)
          {
            TillMessage said = { 0 };
            guint8 answer[CHIP_BYTES_MAX];
            goes_on = till_ccid_reader.speak (bench->state, &said, NULL) && said.size > 0;
            if (!goes_on)
              break;
            gsize size = chip_answer (&bench->chip, said.bytes, said.size, answer);
            if (i == message && at < size)
              answer[at] ^= flips[(at + message) % G_N_ELEMENTS (flips)];
            take (bench, answer, size);
          }
        gboolean is_read = strcmp (bench->heard->str, READ_IN) == 0;
        gboolean is_card = g_str_has_prefix (bench->heard->str, "<match");
        read += is_read;
        other += !is_read;
        g_assert_true (is_card || *bench->heard->str == 0
                       || strcmp (bench->heard->str, "<no:unreadable>") == 0
                       || strcmp (bench->heard->str, "<no:no-number>") == 0
                       || strcmp (bench->heard->str, "<early>") == 0);
      }
  g_assert_cmpuint (read, >, 50);
  g_assert_cmpuint (other, >, 50);
}

/* Frames of the card's half lay where the next calls lie. */
static G_GNUC_NO_INLINE void
scrub_stack (void)
{
  guint8 scrub[32 * 1024];
  explicit_bzero (scrub, sizeof scrub);
}

/* Veiled, so that the search does not find what it searches with: the number as the chip has it,
 * and as digits. */
static void
test_nothing_stays (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer's memory cannot be searched");
  return;
#endif
  guint8 veiled[2][19];
  char number[20];
  for (guint i = 0; i < 19; i++)
    number[i] = (char)('0' + (i * 7 + 4) % 10);
  number[19] = 0;
  memcpy (number, "6217", 4);
  gsize packed = chip_digits (number, veiled[0]);
  memcpy (veiled[1], number, 19);
  for (guint i = 0; i < 19; i++)
    {
      veiled[0][i] ^= MEMORY_VEIL;
      veiled[1][i] ^= MEMORY_VEIL;
    }
  g_autoptr (Bench) bench = bench_new (CHIP_TPDU, &matching);
  bench->chip.manner = CHIP_T1;
  bench->chip.number = number;
  g_assert_true (memory_is_in (veiled[1], 19)); /* it would be found */
  g_assert_true (talk (bench));
  g_assert_true (g_str_has_prefix (bench->heard->str, "<match insert unionpay 6217"));
  /* What is the card's, and not the till's. */
  explicit_bzero (&bench->chip.kept, sizeof bench->chip.kept);
  explicit_bzero (&bench->chip.last, sizeof bench->chip.last);
  explicit_bzero (number, sizeof number);
  scrub_stack ();
  g_assert_false (memory_is_in (veiled[0], packed - 1));
  g_assert_false (memory_is_in (veiled[1], 19));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  g_test_add_func ("/ccid/descriptors", test_descriptors);
  g_test_add_func ("/ccid/descriptor-found", test_descriptor_found);
  g_test_add_func ("/ccid/answers", test_answers);
  g_test_add_func ("/ccid/notices", test_notices);
  g_test_add_func ("/ccid/first-answers", test_first_answers);
  g_test_add_func ("/ccid/parameters", test_parameters);
  g_test_add_func ("/ccid/tags", test_tags);
  g_test_add_func ("/ccid/t0/answers", test_t0_answers);
  g_test_add_func ("/ccid/t0/much", test_t0_much);
  g_test_add_func ("/ccid/t1/ends", test_t1_ends);
  g_test_add_func ("/ccid/reader/read", test_read);
  g_test_add_func ("/ccid/reader/over-stones", test_read_over_stones);
  g_test_add_func ("/ccid/reader/short-blocks", test_short_blocks);
  g_test_add_func ("/ccid/reader/token", test_token);
  g_test_add_func ("/ccid/reader/not-allowed", test_not_allowed);
  g_test_add_func ("/ccid/reader/strange-cards", test_strange_cards);
  g_test_add_func ("/ccid/reader/pulled", test_pulled);
  g_test_add_func ("/ccid/reader/swapped", test_swapped);
  g_test_add_func ("/ccid/reader/silence", test_silence);
  g_test_add_func ("/ccid/reader/patience", test_patience);
  g_test_add_func ("/ccid/reader/noise", test_noise);
  g_test_add_func ("/ccid/reader/lost-answers", test_lost_answers);
  g_test_add_func ("/ccid/reader/spoilt", test_spoilt);
  g_test_add_func ("/ccid/reader/nothing-stays", test_nothing_stays);
  return g_test_run ();
}

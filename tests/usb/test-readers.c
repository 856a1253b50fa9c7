/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card readers by tables: what a track is, what of it may stay, and reports that lie. */
#include "data/core/error.h"
#include "data/core/ids.h"
#include "data/core/secret.h"
#include "devices/usb/hid-msr.h"
#include "devices/usb/idtech.h"
#include "devices/usb/magtek.h"
#include "tests/usb/memory.h"
#include "tests/usb/swipes.h"

static const TillCardRule keyed = { .key = { 7, 1 } };
static const TillCardRule other_key = { .key = { 7, 2 } };
static const TillCardRule matching = { .key = { 7, 1 }, .matches_clear = TRUE };

typedef struct
{
  GString *heard;
  TillFinding last;
} Hand;

static void
note (const TillFinding *finding, gpointer user)
{
  static const char *const refusals[] = { "?", "card-data", "too-long", "unreadable" };
  static const char *const uses[] = { "match", "sealed", "charge" };
  Hand *hand = user;
  hand->last = *finding;
  if (finding->kind == TILL_FINDING_CODE)
    g_string_append_printf (hand->heard, "<%s>", finding->code);
  else if (finding->kind == TILL_FINDING_CARD)
    g_string_append_printf (hand->heard, "<%s %s %s %s>", uses[finding->use], finding->entry,
                            finding->scheme, finding->masked);
  else
    g_string_append_printf (hand->heard, "<no:%s>", refusals[finding->refused]);
}

typedef struct
{
  const TillDriver *driver;
  TillHidLayout layout;
  gpointer state;
  Hand hand;
} Reader;

static Reader *
reader_new (const TillDriver *driver, const guint8 *descriptor, gsize size,
            const TillCardRule *rule)
{
  Reader *reader = g_new0 (Reader, 1);
  g_autoptr (GError) error = NULL;
  reader->driver = driver;
  reader->hand.heard = g_string_new (NULL);
  g_assert_true (till_hid_layout_parse (descriptor, size, &reader->layout, &error));
  reader->state = driver->start (&reader->layout, &(TillTerms){ .cards = rule }, &error);
  g_assert_no_error (error);
  return reader;
}

static void
reader_free (Reader *reader)
{
  reader->driver->stop (reader->state);
  g_string_free (reader->hand.heard, TRUE);
  g_free (reader);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)

/* The report lies at the end of its own memory, so that reading on would be noticed. */
static const char *
hear (Reader *reader, const guint8 *report, gsize size)
{
  g_autofree guint8 *exact = size ? g_memdup2 (report, size) : g_malloc (1);
  g_string_truncate (reader->hand.heard, 0);
  memset (&reader->hand.last, 0, sizeof reader->hand.last);
  reader->driver->take (reader->state, exact, size, note, &reader->hand);
  explicit_bzero (exact, size ? size : 1);
  return reader->hand.heard->str;
}

static Reader *
magtek_new (const TillCardRule *rule)
{
  return reader_new (&till_magtek, swipe_magtek_descriptor, sizeof swipe_magtek_descriptor, rule);
}

static Reader *
msr_new (const TillCardRule *rule)
{
  return reader_new (&till_hid_msr, swipe_msr_descriptor, sizeof swipe_msr_descriptor, rule);
}

/* --- what a track is --- */

static TillTrackKind
kind_of (guint nth, const char *text)
{
  TillTrack track = { .size = strlen (text) };
  memcpy (track.bytes, text, track.size);
  return till_track_kind (&track, nth);
}

static void
test_tracks (void)
{
  static const struct
  {
    guint nth;
    const char *track;
    TillTrackKind kind;
  } rows[] = {
    { 1, "", TILL_TRACK_EMPTY },
    { 1, ";", TILL_TRACK_UNREADABLE },
    { 1, "\x01\x02", TILL_TRACK_UNREADABLE },
    { 1, ";=4111111111111111=2512?", TILL_TRACK_UNREADABLE },
    { 0, "%B4111111111111111^A/B^2512101?", TILL_TRACK_PAYMENT },
    { 0, "B4111111111111111^A/B^2512101", TILL_TRACK_PAYMENT }, /* without its sentinels */
    { 0, "%B4111 1111 1111 1111^A/B^2512101?", TILL_TRACK_PAYMENT },
    { 1, ";4111111111111111=25121010000?", TILL_TRACK_PAYMENT },
    { 1, "4111111111111111=2512", TILL_TRACK_PAYMENT },
    { 1, ";4111111111111112=2512?", TILL_TRACK_PAYMENT }, /* a wrong check digit is no excuse */
    { 1, ";6217000012345678901=2512?", TILL_TRACK_PAYMENT },
    { 1, ";9558801234567890123=2512?", TILL_TRACK_PAYMENT }, /* a bank's own, of the nineties */
    { 1, ";123456789012=2512?", TILL_TRACK_PAYMENT },        /* the shortest */
    { 1, ";000123456789012=2512?", TILL_TRACK_PAYMENT },     /* zeros before it hide nothing */
    { 1, ";12345678901=2512?", TILL_TRACK_HOUSE },
    { 1, ";00000012345678901=2512?", TILL_TRACK_HOUSE },
    { 0, "%MEMBER 4711^LI NA^?", TILL_TRACK_HOUSE },
    { 0, "%X4111111111111111^A/B^?", TILL_TRACK_PAYMENT },
    { 2, "+0112345678901==1?", TILL_TRACK_PAYMENT },
    { 2, "+011234567==1?", TILL_TRACK_HOUSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].track);
      g_assert_cmpint (kind_of (rows[i].nth, rows[i].track), ==, rows[i].kind);
    }
  g_autofree char *badge = till_number_format (TILL_NUMBER_BADGE, 1, 1, 20260101, 12);
  g_autofree char *track = g_strdup_printf (";%s?", badge);
  g_assert_cmpint (kind_of (1, track), ==, TILL_TRACK_HOUSE);
  char *last = track + strlen (track) - 2;
  *last = *last == '9' ? '0' : (char)(*last + 1);
  g_assert_cmpint (kind_of (1, track), ==, TILL_TRACK_PAYMENT); /* not ours: be careful */
}

static void
test_clear_cards (void)
{
  static const struct
  {
    const char *one, *two, *three, *refusing, *matching;
  } rows[] = {
    { "%B4111111111111111^A/B^2512101?", ";4111111111111111=2512?", "", "<no:card-data>",
      "<match swipe visa 411111******1111>" },
    { "", ";6217000012345678901=2512?", "", "<no:card-data>",
      "<match swipe unionpay 621700*********8901>" },
    { "%B4111111111111111^A/B^2512101?", "", "", "<no:card-data>",
      "<match swipe visa 411111******1111>" },
    { "%STAFF 12^?", ";4111111111111111=2512?", "", "<no:card-data>",
      "<match swipe visa 411111******1111>" },
    { "", "", "+0112345678901==1?", "<no:card-data>", "<no:card-data>" },
    { "", ";41111111111111111111=2512?", "", "<no:card-data>", "<no:card-data>" }, /* 20 digits */
    { "%STAFF 12^WANG^?", ";12?", "", "<12>", "<12>" },
    { "%GIFT 77^?", "", "", "<GIFT 77>", "<GIFT 77>" },
    { "", "", "", "<no:unreadable>", "<no:unreadable>" },
  };
  g_autoptr (Reader) refuses = msr_new (&keyed);
  g_autoptr (Reader) without = msr_new (NULL);
  g_autoptr (Reader) matches = msr_new (&matching);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 report[SWIPE_MSR_REPORT];
      swipe_msr_report (report, rows[i].one, rows[i].two, rows[i].three);
      g_assert_cmpstr (hear (refuses, report, sizeof report), ==, rows[i].refusing);
      g_assert_cmpstr (hear (without, report, sizeof report), ==, rows[i].refusing);
      g_assert_cmpstr (refuses->hand.last.token, ==, "");
      g_assert_cmpstr (hear (matches, report, sizeof report), ==, rows[i].matching);
    }
}

static void
test_msr_strange_reports (void)
{
  g_autoptr (Reader) reader = msr_new (&keyed);
  guint8 report[SWIPE_MSR_REPORT + 1] = { 0 };
  swipe_msr_report (report, "", ";12?", "");
  g_assert_cmpstr (hear (reader, report, 0), ==, "");
  g_assert_cmpstr (hear (reader, report, SWIPE_MSR_REPORT), ==, "<12>");
  g_assert_cmpstr (hear (reader, report, sizeof report), ==, "<12>");
  g_assert_cmpstr (hear (reader, report, 86), ==, "<no:unreadable>"); /* in the midst of track 2 */
  g_assert_cmpstr (hear (reader, report, 2), ==, "<no:unreadable>");
  report[2] = 41;
  g_assert_cmpstr (hear (reader, report, SWIPE_MSR_REPORT), ==, "<no:unreadable>");
  report[2] = 255;
  g_assert_cmpstr (hear (reader, report, SWIPE_MSR_REPORT), ==, "<no:unreadable>");
  report[2] = 4;
  report[0] = 6; /* another report's number */
  g_assert_cmpstr (hear (reader, report, SWIPE_MSR_REPORT), ==, "");
}

/* --- MagTek --- */

static void
test_magtek_sealed (void)
{
  g_autoptr (Reader) reader = magtek_new (&keyed);
  guint8 report[SWIPE_MAGTEK_REPORT];
  swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
  g_assert_cmpstr (hear (reader, report, sizeof report), ==,
                   "<sealed swipe mastercard 545230******7189>");
  const TillSwipe *swipe = &reader->hand.last.swipe;
  g_assert_cmpint (swipe->family, ==, TILL_READER_MAGTEK);
  g_assert_cmpmem (swipe->ksn, TILL_KSN_SIZE, report + 495, 10);
  g_assert_cmpuint (swipe->size[0], ==, 56);
  g_assert_cmpuint (swipe->size[1], ==, 40);
  g_assert_cmpmem (swipe->sealed, 56, report + 7, 56);
  g_assert_cmpmem (swipe->sealed + 56, 40, report + 119, 40);
}

/* The masked number is shared by many cards; the rest of what is shown tells them apart. */
static void
test_magtek_tokens (void)
{
  g_autoptr (Reader) reader = magtek_new (&keyed);
  g_autoptr (Reader) elsewhere = magtek_new (&other_key);
  g_autoptr (Reader) without = magtek_new (NULL);
  guint8 report[SWIPE_MAGTEK_REPORT];
  swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
  hear (reader, report, sizeof report);
  g_autofree char *first = g_strdup (reader->hand.last.token);
  g_assert_cmpuint (strlen (first), ==, 32);
  g_assert_cmpuint (strspn (first, "abcdefghijklmnop"), ==, 32);
  hear (elsewhere, report, sizeof report);
  g_assert_cmpstr (elsewhere->hand.last.token, !=, first);
  hear (without, report, sizeof report);
  g_assert_cmpstr (without->hand.last.token, ==, "");

  report[503] ^= 1; /* the next serial number, and other sealed bytes: the same card */
  report[10] ^= 1;
  hear (reader, report, sizeof report);
  g_assert_cmpstr (reader->hand.last.token, ==, first);

  swipe_magtek_report (report, SWIPE_MASKED_1, ";5452300000007189=090500000000000000?");
  hear (reader, report, sizeof report);
  g_assert_cmpstr (reader->hand.last.masked, ==, "545230******7189");
  g_assert_cmpstr (reader->hand.last.token, !=, first);
}

static void
test_magtek_in_clear (void)
{
  static const struct
  {
    const char *one, *two, *heard;
  } rows[] = {
    { "%B5452300551227189^HOGAN/PAUL^0804?", ";5452300551227189=0804?", "<no:card-data>" },
    { "", ";5452300551227189=0804?", "<no:card-data>" },
    { "", ";4711?", "<4711>" },
    { "", "", "<no:unreadable>" },
  };
  g_autoptr (Reader) reader = magtek_new (&keyed);
  g_autoptr (Reader) old = reader_new (&till_magtek, swipe_old_magtek_descriptor,
                                       sizeof swipe_old_magtek_descriptor, &keyed);
  g_autoptr (Reader) matches = reader_new (&till_magtek, swipe_old_magtek_descriptor,
                                           sizeof swipe_old_magtek_descriptor, &matching);
  guint8 report[SWIPE_MAGTEK_REPORT];
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      swipe_clear_magtek_report (report, SWIPE_MAGTEK_REPORT, 112, rows[i].one, rows[i].two);
      g_assert_cmpstr (hear (reader, report, SWIPE_MAGTEK_REPORT), ==, rows[i].heard);
      swipe_clear_magtek_report (report, SWIPE_OLD_MAGTEK_REPORT, 110, rows[i].one, rows[i].two);
      g_assert_cmpstr (hear (old, report, SWIPE_OLD_MAGTEK_REPORT), ==, rows[i].heard);
    }
  swipe_clear_magtek_report (report, SWIPE_OLD_MAGTEK_REPORT, 110, rows[0].one, rows[0].two);
  g_assert_cmpstr (hear (matches, report, SWIPE_OLD_MAGTEK_REPORT), ==,
                   "<match swipe mastercard 545230******7189>");
  g_assert_cmpuint (matches->hand.last.swipe.size[1], ==, 0);
  /* 329 of 337: eight bytes were lost somewhere. The next swipe is whole again. */
  g_assert_cmpstr (hear (matches, report, 329), ==, "<no:unreadable>");
  g_assert_cmpstr (hear (matches, report, SWIPE_OLD_MAGTEK_REPORT), ==,
                   "<match swipe mastercard 545230******7189>");
  /* It says that it seals, and does not. */
  swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
  memset (report + 7, 0, 56);
  memcpy (report + 7, rows[0].one, strlen (rows[0].one));
  g_assert_cmpstr (hear (reader, report, SWIPE_MAGTEK_REPORT), ==, "<no:card-data>");
}

static void
test_magtek_strange_reports (void)
{
  static const struct
  {
    const char *what;
    guint at;
    guint8 value;
    const char *heard;
  } rows[] = {
    { "length of track 1 beyond its room", 3, 113, "<no:unreadable>" },
    { "length of track 2 beyond all", 4, 255, "<no:unreadable>" },
    { "no whole block", 4, 39, "<no:unreadable>" },
    { "masked length beyond its room", 506, 113, "<no:unreadable>" },
    { "masked length beyond all", 505, 255, "<no:unreadable>" },
    { "keys are spent", 494, 7, "<no:unreadable>" },
    { "masked data that is not masked", 631, '5', "<no:card-data>" },
  };
  g_autoptr (Reader) reader = magtek_new (&keyed);
  guint8 report[SWIPE_MAGTEK_REPORT + 8] = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].what);
      swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
      report[630] = rows[i].at == 631 ? '5' : report[630];
      report[rows[i].at] = rows[i].value;
      g_assert_cmpstr (hear (reader, report, SWIPE_MAGTEK_REPORT), ==, rows[i].heard);
    }
  swipe_magtek_report (report, SWIPE_MASKED_1, SWIPE_MASKED_2);
  g_assert_cmpstr (hear (reader, report, 0), ==, "");
  for (gsize size = 1; size < SWIPE_MAGTEK_REPORT; size++)
    g_assert_cmpstr (hear (reader, report, size), ==, "<no:unreadable>");
  g_assert_cmpstr (hear (reader, report, sizeof report), ==,
                   "<sealed swipe mastercard 545230******7189>"); /* longer than described */
  report[0] = report[1] = 1; /* neither track could be decoded */
  g_assert_cmpstr (hear (reader, report, SWIPE_MAGTEK_REPORT), ==, "<no:unreadable>");
}

/* --- ID TECH --- */

static Reader *
idtech_new (const TillCardRule *rule)
{
  return reader_new (&till_idtech, swipe_idtech_descriptor, sizeof swipe_idtech_descriptor, rule);
}

/* All that a frame of that many bytes makes heard, report by report; then the reader pauses. */
static const char *
hear_frame (Reader *reader, const guint8 *frame, gsize size)
{
  g_autoptr (GString) all = g_string_new (NULL);
  TillFinding last = { 0 };
  for (gsize at = 0; at < size; at += SWIPE_IDTECH_REPORT)
    {
      guint8 report[SWIPE_IDTECH_REPORT] = { 0 };
      memcpy (report, frame + at, MIN (sizeof report, size - at));
      g_string_append (all, hear (reader, report, sizeof report));
      if (reader->hand.last.kind == TILL_FINDING_CARD)
        last = reader->hand.last;
      explicit_bzero (report, sizeof report);
    }
  g_string_truncate (reader->hand.heard, 0);
  reader->driver->pause (reader->state, note, &reader->hand);
  g_string_append (all, reader->hand.heard->str);
  g_string_assign (reader->hand.heard, all->str);
  reader->hand.last = last;
  return reader->hand.heard->str;
}

static void
test_idtech_sealed (void)
{
  g_autoptr (Reader) reader = idtech_new (&keyed);
  guint8 frame[SWIPE_IDTECH_MAX];
  gsize size = swipe_idtech_sealed (frame, SWIPE_STARRED_1, SWIPE_STARRED_2, 0x11);
  g_assert_cmpstr (hear_frame (reader, frame, size), ==, "<sealed swipe visa 4266********9999>");
  const TillSwipe *swipe = &reader->hand.last.swipe;
  g_autofree char *first = g_strdup (reader->hand.last.token);
  g_assert_cmpint (swipe->family, ==, TILL_READER_IDTECH);
  g_assert_cmphex (swipe->ksn[0], ==, 0x62);
  g_assert_cmpuint (swipe->size[0], ==, (strlen (SWIPE_STARRED_1) + 7) / 8 * 8);
  g_assert_cmpuint (swipe->size[1], ==, (strlen (SWIPE_STARRED_2) + 7) / 8 * 8);
  g_assert_cmphex (swipe->sealed[swipe->size[0] + swipe->size[1] - 1], ==, 0xA7);
  g_assert_cmphex (swipe->sealed[swipe->size[0] + swipe->size[1]], ==, 0);

  /* Another hash is another card, though it looks the same; the hash itself is nowhere. */
  size = swipe_idtech_sealed (frame, SWIPE_STARRED_1, SWIPE_STARRED_2, 0x12);
  hear_frame (reader, frame, size);
  g_assert_cmpstr (reader->hand.last.token, !=, first);
  guint8 hash[20];
  memset (hash, 0x12, sizeof hash);
  g_assert_null (memmem (&reader->hand.last, sizeof (TillFinding), hash, sizeof hash));
  size = swipe_idtech_sealed (frame, SWIPE_STARRED_1, SWIPE_STARRED_2, 0);
  g_assert_cmpstr (hear_frame (reader, frame, size), ==, "<sealed swipe visa 4266********9999>");
}

static void
test_idtech_in_clear (void)
{
  static const struct
  {
    const char *one, *two, *heard;
  } rows[] = {
    { "%B4266841088889999^BUSH JR/GEORGE W.MR^0809?!", ";4266841088889999=0809?0",
      "<no:card-data>" },
    { "%STAFF 12^WANG^?", ";12?", "<12>" },
    { "", "", "<no:unreadable>" },
    { "no sentinel", "12", "<no:unreadable>" },
  };
  g_autoptr (Reader) reader = idtech_new (&keyed);
  g_autoptr (Reader) matches = idtech_new (&matching);
  guint8 frame[SWIPE_IDTECH_MAX];
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize size = swipe_idtech_clear (frame, rows[i].one, rows[i].two);
      g_assert_cmpstr (hear_frame (reader, frame, size), ==, rows[i].heard);
    }
  gsize size = swipe_idtech_clear (frame, rows[0].one, rows[0].two);
  g_assert_cmpstr (hear_frame (matches, frame, size), ==, "<match swipe visa 426684******9999>");
  /* The plain format: five bytes before the tracks. */
  const guint8 head[5] = { 0, 0x12, 0, 4, 0 };
  swipe_idtech_put (frame, swipe_idtech_put (frame, 3, head, 5), ";77?", 4);
  size = swipe_idtech_close (frame, 9);
  g_assert_cmpstr (hear_frame (reader, frame, size), ==, "<77>");
}

static void
test_idtech_strange_frames (void)
{
  g_autoptr (Reader) reader = idtech_new (&keyed);
  guint8 good[SWIPE_IDTECH_MAX], frame[SWIPE_IDTECH_MAX];
  gsize size = swipe_idtech_sealed (good, SWIPE_STARRED_1, SWIPE_STARRED_2, 0x11);
  /* One bit wrong anywhere, and nothing but a refusal, once. */
  for (gsize i = 1; i < size; i++)
    {
      memcpy (frame, good, size);
      frame[i] ^= 0x10;
      g_assert_cmpstr (hear_frame (reader, frame, size), ==, "<no:unreadable>");
    }
  /* Cut short, and right behind it a whole one. */
  for (gsize cut = 1; cut < size - SWIPE_IDTECH_REPORT; cut += 7)
    {
      g_assert_cmpstr (hear_frame (reader, good, cut), ==, "<no:unreadable>");
      g_assert_cmpstr (hear_frame (reader, good, size), ==, "<sealed swipe visa 4266********9999>");
    }
  /* A report in the midst was lost and the next swipe comes without a pause: neither is believed.
   */
  hear (reader, good, SWIPE_IDTECH_REPORT);
  g_assert_cmpstr (hear_frame (reader, good, size), ==, "<no:unreadable>");
  /* Right sums around lengths that lie. */
  for (guint i = 3; i < 10; i++)
    for (guint value = 0; value < 256; value++)
      {
        memcpy (frame, good, size);
        frame[i] = (guint8)value;
        swipe_idtech_close (frame, size - 6);
        hear_frame (reader, frame, size);
        const TillFinding *last = &reader->hand.last;
        g_assert_cmpuint (last->swipe.size[0] + last->swipe.size[1], <=, TILL_SWIPE_MAX);
        if ((i == 5 || i == 6) && value != good[i])
          g_assert_cmpstr (reader->hand.heard->str, ==, "<no:unreadable>");
      }
  memset (frame, 0, sizeof frame);
  g_assert_cmpstr (hear_frame (reader, frame, 128), ==, "");
  frame[0] = 0x02, frame[1] = frame[2] = 0xFF;
  g_assert_cmpstr (hear_frame (reader, frame, 128), ==, "<no:unreadable>");
  g_assert_cmpstr (hear_frame (reader, (const guint8 *)"%B4266841088889999^", 19), ==,
                   "<no:unreadable>");
}

/* A descriptor with more room than we keep: the report may be right and is too long all the same.
 */
static void
test_magtek_with_long_tracks (void)
{
  static const guint8 usages[] = { 0x20, 0x21, 0x22, 0x28, 0x29, 0x2A, 0x30, 0x31, 0x32 };
  guint8 descriptor[14 + sizeof usages * 7 + 1], report[6 + 3 * 200] = { 0 };
  memcpy (descriptor, swipe_magtek_descriptor, 14);
  for (gsize i = 0; i < sizeof usages; i++)
    {
      const guint8 item[] = { SWIPE_BYTES (usages[i], (guint8)(i < 6 ? 1 : 200)) };
      memcpy (descriptor + 14 + i * sizeof item, item, sizeof item);
    }
  descriptor[sizeof descriptor - 1] = 0xC0;
  g_autoptr (Reader) reader = reader_new (&till_magtek, descriptor, sizeof descriptor, &keyed);
  memset (report + 6, '7', sizeof report - 6);
  report[206] = ';';
  report[4] = 129;
  g_assert_cmpstr (hear (reader, report, sizeof report), ==, "<no:unreadable>");
  report[4] = 128;
  g_assert_cmpstr (hear (reader, report, sizeof report), ==, "<no:card-data>");
}

static void
test_other_devices_are_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree TillHidLayout *layout = g_new0 (TillHidLayout, 1);
  g_assert_true (
      till_hid_layout_parse (swipe_msr_descriptor, sizeof swipe_msr_descriptor, layout, NULL));
  g_assert_null (till_magtek.start (layout, &(TillTerms){ 0 }, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (till_hid_layout_parse (swipe_magtek_descriptor, sizeof swipe_magtek_descriptor,
                                        layout, NULL));
  g_assert_null (till_hid_msr.start (layout, &(TillTerms){ 0 }, &error));
  g_clear_error (&error);
  g_assert_true (
      till_hid_layout_parse (swipe_msr_descriptor, sizeof swipe_msr_descriptor, layout, NULL));
  g_assert_null (till_idtech.start (layout, &(TillTerms){ 0 }, &error));
  g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* --- what stays in memory --- */

/* "5452300551227189", veiled. */
static const guint8 veiled_number[16] = { 0xB5, 0xB4, 0xB5, 0xB2, 0xB3, 0xB0, 0xB0, 0xB5,
                                          0xB5, 0xB1, 0xB2, 0xB2, 0xB7, 0xB1, 0xB8, 0xB9 };

static void
put_number (guint8 *at)
{
  for (gsize i = 0; i < sizeof veiled_number; i++)
    at[i] = veiled_number[i] ^ MEMORY_VEIL;
}

static void
test_nothing_stays (gconstpointer data)
{
#ifdef __SANITIZE_ADDRESS__
  /* It keeps what was freed, and its own memory is terabytes. */
  g_test_skip ("the sanitizer's memory cannot be searched");
  return;
#endif
  const TillCardRule *rule = data;
  guint8 *report = g_malloc (SWIPE_MAGTEK_REPORT);
  g_autoptr (Reader) old = reader_new (&till_magtek, swipe_old_magtek_descriptor,
                                       sizeof swipe_old_magtek_descriptor, rule);
  g_autoptr (Reader) msr = msr_new (rule);

  swipe_clear_magtek_report (report, SWIPE_OLD_MAGTEK_REPORT, 110, "%B****************^A^0804?",
                             ";****************=0804?");
  put_number (report + 9);
  put_number (report + 118);
  g_assert_true (memory_is_in (veiled_number, sizeof veiled_number)); /* it would be found */
  hear (old, report, SWIPE_OLD_MAGTEK_REPORT);
  swipe_msr_report (report, "", ";****************=0804?", "");
  put_number (report + 85);
  hear (msr, report, SWIPE_MSR_REPORT);
  g_autoptr (Reader) idtech = idtech_new (rule);
  gsize size = swipe_idtech_clear (report, "", ";****************=0804?");
  put_number (report + 11);
  swipe_idtech_close (report, size - 6);
  hear_frame (idtech, report, size);
  explicit_bzero (report, SWIPE_MAGTEK_REPORT);
  g_free (report);
  g_assert_false (memory_is_in (veiled_number, sizeof veiled_number));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  till_secret_init ();
  g_test_add_func ("/readers/tracks", test_tracks);
  g_test_add_func ("/readers/clear-cards", test_clear_cards);
  g_test_add_func ("/readers/msr/strange-reports", test_msr_strange_reports);
  g_test_add_func ("/readers/magtek/sealed", test_magtek_sealed);
  g_test_add_func ("/readers/magtek/tokens", test_magtek_tokens);
  g_test_add_func ("/readers/magtek/in-clear", test_magtek_in_clear);
  g_test_add_func ("/readers/magtek/strange-reports", test_magtek_strange_reports);
  g_test_add_func ("/readers/magtek/long-tracks", test_magtek_with_long_tracks);
  g_test_add_func ("/readers/idtech/sealed", test_idtech_sealed);
  g_test_add_func ("/readers/idtech/in-clear", test_idtech_in_clear);
  g_test_add_func ("/readers/idtech/strange-frames", test_idtech_strange_frames);
  g_test_add_func ("/readers/other-devices-are-refused", test_other_devices_are_refused);
  g_test_add_data_func ("/readers/nothing-stays/refused", &keyed, test_nothing_stays);
  g_test_add_data_func ("/readers/nothing-stays/matched", &matching, test_nothing_stays);
  return g_test_run ();
}

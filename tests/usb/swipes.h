/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card readers as they describe themselves, and the reports of a swipe. The cards are those of the
 * makers' manuals. */
#pragma once
#include <glib.h>
#include <string.h>

/* Report 5: three lengths, three tracks. */
static const guint8 swipe_msr_descriptor[] = {
  0x05, 0x8E, 0x09, 0x01, 0xA1, 0x01, 0x85, 0x05, 0x15, 0x00, 0x26, 0xFF, 0x00,
  0x75, 0x08, 0x09, 0x11, 0x09, 0x12, 0x09, 0x13, 0x95, 0x03, 0x81, 0x02, /* lengths */
  0x09, 0x21, 0x95, 0x50, 0x82, 0x02, 0x01,                               /* 80 bytes */
  0x09, 0x22, 0x95, 0x28, 0x82, 0x02, 0x01,                               /* 40 */
  0x09, 0x23, 0x95, 0x6C, 0x82, 0x02, 0x01,                               /* 108 */
  0xC0,
};
#define SWIPE_MSR_REPORT (1 + 3 + 80 + 40 + 108)

#define SWIPE_BYTES(usage, count) 0x09, usage, 0x95, count, 0x82, 0x02, 0x01

/* 99875475, the report of a MagneSafe V5 reader. */
static const guint8 swipe_magtek_descriptor[] = {
  0x06,
  0x00,
  0xFF,
  0x09,
  0x01,
  0xA1,
  0x01,
  0x15,
  0x00,
  0x26,
  0xFF,
  0x00,
  0x75,
  0x08,
  SWIPE_BYTES (0x20, 1),
  SWIPE_BYTES (0x21, 1),
  SWIPE_BYTES (0x22, 1),
  SWIPE_BYTES (0x28, 1),
  SWIPE_BYTES (0x29, 1),
  SWIPE_BYTES (0x2A, 1),
  SWIPE_BYTES (0x38, 1),
  SWIPE_BYTES (0x30, 112),
  SWIPE_BYTES (0x31, 112),
  SWIPE_BYTES (0x32, 112),
  SWIPE_BYTES (0x39, 1),
  SWIPE_BYTES (0x23, 4),
  SWIPE_BYTES (0x2B, 1),
  SWIPE_BYTES (0x33, 128),
  SWIPE_BYTES (0x40, 16),
  SWIPE_BYTES (0x42, 2),
  SWIPE_BYTES (0x46, 10),
  SWIPE_BYTES (0x47, 1),
  SWIPE_BYTES (0x48, 1),
  SWIPE_BYTES (0x49, 1),
  SWIPE_BYTES (0x4A, 112),
  SWIPE_BYTES (0x4B, 112),
  SWIPE_BYTES (0x4C, 112),
  SWIPE_BYTES (0x50, 8),
  SWIPE_BYTES (0x51, 4),
  0xC0,
};
#define SWIPE_MAGTEK_REPORT 856

/* The older readers, which seal nothing: 337 bytes of the same usages. */
static const guint8 swipe_old_magtek_descriptor[] = {
  0x06,
  0x00,
  0xFF,
  0x09,
  0x01,
  0xA1,
  0x01,
  0x15,
  0x00,
  0x26,
  0xFF,
  0x00,
  0x75,
  0x08,
  SWIPE_BYTES (0x20, 1),
  SWIPE_BYTES (0x21, 1),
  SWIPE_BYTES (0x22, 1),
  SWIPE_BYTES (0x28, 1),
  SWIPE_BYTES (0x29, 1),
  SWIPE_BYTES (0x2A, 1),
  SWIPE_BYTES (0x38, 1),
  SWIPE_BYTES (0x30, 110),
  SWIPE_BYTES (0x31, 110),
  SWIPE_BYTES (0x32, 110),
  0xC0,
};
#define SWIPE_OLD_MAGTEK_REPORT 337

static inline void
swipe_msr_report (guint8 *report, const char *one, const char *two, const char *three)
{
  memset (report, 0, SWIPE_MSR_REPORT);
  report[0] = 5;
  report[1] = (guint8)strlen (one);
  report[2] = (guint8)strlen (two);
  report[3] = (guint8)strlen (three);
  memcpy (report + 4, one, strlen (one));
  memcpy (report + 84, two, strlen (two));
  memcpy (report + 124, three, strlen (three));
}

#define SWIPE_MASKED_1 "%B5452300000007189^HOGAN/PAUL      ^08040000000000000000000?"
#define SWIPE_MASKED_2 ";5452300000007189=080400000000000000?"

/* Sealed: 56 and 40 bytes that mean nothing. */
static inline void
swipe_magtek_report (guint8 *report, const char *masked_1, const char *masked_2)
{
  memset (report, 0, SWIPE_MAGTEK_REPORT);
  report[2] = 1; /* no track 3 */
  report[3] = 56;
  report[4] = 40;
  memset (report + 7, 0xC2, 56);
  memset (report + 119, 0x72, 40);
  report[494] = 0x06;
  static const guint8 ksn[10] = { 0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0x00, 0x08 };
  memcpy (report + 495, ksn, sizeof ksn);
  report[505] = (guint8)strlen (masked_1);
  report[506] = (guint8)strlen (masked_2);
  memcpy (report + 508, masked_1, strlen (masked_1));
  memcpy (report + 620, masked_2, strlen (masked_2));
}

/* In clear, as the old ones send it and the new ones while their encryption is off. */
static inline void
swipe_clear_magtek_report (guint8 *report, gsize size, gsize room, const char *one, const char *two)
{
  memset (report, 0, size);
  report[2] = 1;
  report[3] = (guint8)strlen (one);
  report[4] = (guint8)strlen (two);
  memcpy (report + 7, one, strlen (one));
  memcpy (report + 7 + room, two, strlen (two));
}

/* ID TECH: bytes of the maker's own, 64 a report. */
static const guint8 swipe_idtech_descriptor[] = {
  0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF,
  0x00, 0x75, 0x08, 0x95, 0x40, 0x09, 0x02, 0x82, 0x02, 0x01, 0xC0,
};
#define SWIPE_IDTECH_REPORT 64
#define SWIPE_IDTECH_MAX 640

#define SWIPE_STARRED_1 "%*4266********9999^BUSH JR/GEORGE W.MR^************************?*"
#define SWIPE_STARRED_2 ";4266********9999=***************?*"

/* Around the card's n bytes, which stand at frame + 3; the size of all. */
static inline gsize
swipe_idtech_close (guint8 *frame, gsize n)
{
  guint8 together = 0, sum = 0;
  for (gsize i = 0; i < n; i++)
    {
      together ^= frame[3 + i];
      sum = (guint8)(sum + frame[3 + i]);
    }
  frame[0] = 0x02;
  frame[1] = (guint8)n;
  frame[2] = (guint8)(n >> 8);
  frame[3 + n] = together;
  frame[4 + n] = sum;
  frame[5 + n] = 0x03;
  return n + 6;
}

static inline gsize
swipe_idtech_put (guint8 *frame, gsize at, const void *bytes, gsize n)
{
  memcpy (frame + at, bytes, n);
  return at + n;
}

/* Enhanced, sealed with TDES, hashes of both tracks when asked for. */
static inline gsize
swipe_idtech_sealed (guint8 *frame, const char *one, const char *two, guint8 hash)
{
  static const guint8 ksn[10] = { 0x62, 0x99, 0x49, 0x01, 0x19, 0, 0, 0, 0, 1 };
  guint8 sealed[128], hashes[40];
  gsize n_one = strlen (one), n_two = strlen (two), at = 3;
  const guint8 head[7]
      = { 0x80, 0x1B, (guint8)n_one, (guint8)n_two, 0, 0x03, (guint8)(0x83 | (hash ? 0x18 : 0)) };
  memset (sealed, 0xA7, sizeof sealed);
  memset (hashes, hash, sizeof hashes);
  at = swipe_idtech_put (frame, at, head, sizeof head);
  at = swipe_idtech_put (frame, at, one, n_one);
  at = swipe_idtech_put (frame, at, two, n_two);
  at = swipe_idtech_put (frame, at, sealed, (n_one + 7) / 8 * 8);
  at = swipe_idtech_put (frame, at, sealed, (n_two + 7) / 8 * 8);
  at = swipe_idtech_put (frame, at, hashes, hash ? sizeof hashes : 0);
  at = swipe_idtech_put (frame, at, ksn, sizeof ksn);
  return swipe_idtech_close (frame, at - 3);
}

/* Enhanced, nothing sealed. */
static inline gsize
swipe_idtech_clear (guint8 *frame, const char *one, const char *two)
{
  gsize n_one = strlen (one), n_two = strlen (two), at = 3;
  const guint8 head[7] = { 0x80, 0x1B, (guint8)n_one, (guint8)n_two, 0, 0x03, 0 };
  at = swipe_idtech_put (frame, at, head, sizeof head);
  at = swipe_idtech_put (frame, at, one, n_one);
  at = swipe_idtech_put (frame, at, two, n_two);
  return swipe_idtech_close (frame, at - 3);
}

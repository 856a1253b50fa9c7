/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 ↔ what the character ROM of a receipt printer or a customer display holds: ASCII and the
 * two-byte part of GB18030-2005 (which is GBK). One byte is one column of paper, a pair is two, so
 * that on encoded text a length in bytes *is* a width in columns, also for é or … which paper shows
 * full-width.
 *
 * What the ROM cannot be trusted to hold becomes one "?" per character: four-byte GB18030, emoji,
 * private-use characters, and every control character, so that an encoded text has no byte below
 * 0x20. *lacks says where drawing would show more. Four characters have a twin in the ROM and are
 * sent as it: ¥ → ￥, £ → ￡, − → -, • → ·. Pure; any thread. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* *lacks, if given, becomes TRUE when a "?" stands for something that can be seen when it is drawn.
 * NULL with INVALID when this system has no converter for GB18030. */
char *till_gbk_encode (const char *text, gboolean *lacks, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is drawn for a character: itself, its twin, or "?" where there is nothing to see. */
gunichar till_gbk_shown (gunichar c);

static inline gboolean
till_gbk_is_lead (guint8 byte)
{
  return byte >= 0x81 && byte <= 0xFE;
}

static inline gboolean
till_gbk_is_trail (guint8 byte)
{
  return byte >= 0x40 && byte <= 0xFE && byte != 0x7F;
}

/* The character of a pair; U+FFFD when there is none. */
gunichar till_gbk_decode (guint8 lead, guint8 trail);

G_END_DECLS

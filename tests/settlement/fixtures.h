/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settlement files kept beside the tests, as UTF-8 that people can read; a file whose provider
 * writes GBK is turned into it when it is loaded. Every figure in them was added up by hand. */
#pragma once
#include "data/settlement/settlement.h"

#include <string.h>

#define FIXTURE_MEMBERS_MAX 3

typedef struct
{
  const char *name, *format, *merchant_no;
  int day;
  struct
  {
    const char *file, *called; /* as the provider calls it; NULL: as the file */
  } members[FIXTURE_MEMBERS_MAX];
} Fixture;

enum
{
  FIXTURE_SANDBOX,
  FIXTURE_UNIONPAY_SAMPLE,
  FIXTURE_UNIONPAY,
  FIXTURE_WECHAT,
  FIXTURE_WECHAT_FUNDS,
  FIXTURE_ALIPAY,
  FIXTURE_UMPAY,
  FIXTURE_LAKALA,
  FIXTURE_SHENGPAY,
  FIXTURE_STRIPE,
  N_FIXTURES,
};

static const Fixture fixtures[N_FIXTURES] = {
  { "sandbox", "sandbox", "M1", 20261122, { { "sandbox.csv" } } },
  { "unionpay-sample",
    "unionpay",
    "700000000000001",
    20150905,
    { { "INN15090588ZM_700000000000001" }, { "RD2002_700000000000001" } } },
  { "unionpay",
    "unionpay",
    "898000000000001",
    20261122,
    { { "INN26112288ZM_898000000000001" },
      { "RD2002_898000000000001" },
      { "INN26112288ZME_898000000000001" } } },
  { "wechat", "wechat", "1900000109", 20261122, { { "wechat-trade.csv" } } },
  { "wechat-funds", "wechat-funds", "1900000109", 20261122, { { "wechat-funds.csv" } } },
  { "alipay",
    "alipay",
    "2088000000000001",
    20261122,
    { { "alipay-detail.csv", "20880000000000010156_20261122_业务明细.csv" },
      { "alipay-sums.csv", "20880000000000010156_20261122_业务明细(汇总).csv" } } },
  { "umpay", "umpay", "9995", 20261122, { { "umpay.txt" } } },
  { "lakala", "lakala", "822100000000001", 20261122, { { "lakala.csv" } } },
  { "shengpay", "shengpay", "10000001", 20261122, { { "shengpay.csv" } } },
  { "stripe", "stripe", "acct_1", 20261122, { { "stripe-1.txt" }, { "stripe-2.txt" } } },
};

static inline char *
fixture_read (const char *file)
{
  g_autofree char *path = g_build_filename (g_getenv ("TILL_SOURCE_ROOT"), "tests", "settlement",
                                            "files", file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&text);
}

static inline GBytes *
fixture_encode (const char *format, const char *text)
{
  const char *encoding = till_settlement_format (format)->encoding;
  if (strcmp (encoding, "UTF-8") == 0)
    return g_bytes_new (text, strlen (text));
  gsize length;
  char *bytes = g_convert (text, -1, "GBK", "UTF-8", NULL, &length, NULL);
  g_assert_nonnull (bytes);
  return g_bytes_new_take (bytes, length);
}

static inline GPtrArray *
fixture_members (const Fixture *fixture)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  for (int i = 0; i < FIXTURE_MEMBERS_MAX && fixture->members[i].file; i++)
    {
      const char *called = fixture->members[i].called;
      g_autofree char *text = fixture_read (fixture->members[i].file);
      g_autoptr (GBytes) bytes = fixture_encode (fixture->format, text);
      g_ptr_array_add (
          members, till_settlement_member_new (called ? called : fixture->members[i].file, bytes));
    }
  return members;
}

static inline TillSettlement *
fixture_parse (const Fixture *fixture, GPtrArray *members, GError **error)
{
  return till_settlement_parse (till_settlement_format (fixture->format), members,
                                fixture->merchant_no, fixture->day, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settlement file. First byte: the format. The rest: members, parted by 0x01; each is a name, a
 * line feed, and what is in it. Merchant and day are those of the kept files. What is read adds up,
 * and nothing in it is out of its range; the same file is read the same way twice. */
#include "tests/settlement/fixtures.h"
#include "tests/fuzz/fuzz.h"

static void
add_member (GPtrArray *members, const char *data, gsize size)
{
  const char *stop = memchr (data, '\n', size);
  gsize length = stop ? (gsize)(stop - data) : size;
  g_autofree char *raw = g_strndup (data, length);
  g_autofree char *name = g_utf8_make_valid (raw, -1);
  gsize rest = stop ? length + 1 : length;
  g_autoptr (GBytes) bytes = g_bytes_new (data + rest, size - rest);
  g_ptr_array_add (members, till_settlement_member_new (name, bytes));
}

static GPtrArray *
split (const char *data, gsize size)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify)till_settlement_member_free);
  for (;;)
    {
      const char *stop = size > 0 ? memchr (data, 0x01, size) : NULL;
      gsize length = stop ? (gsize)(stop - data) : size;
      add_member (members, data, length);
      if (!stop)
        return members;
      data += length + 1;
      size -= length + 1;
    }
}

static void
check_row (const TillSettlementRow *row, TillSettlementTotals *sums)
{
  g_assert_true (row->amount >= 0 && row->amount <= TILL_MONEY_MAX);
  /* What is settled may be what is asked for and a fee more or less. */
  g_assert_true (row->settled >= 0 && row->settled <= 2 * TILL_MONEY_MAX);
  g_assert_true (ABS (row->fee * 1000 - row->fee_exact) <= 500);
  g_assert_true (row->kind != TILL_SETTLEMENT_PAYMENT || !row->back);
  g_assert_true (row->back || row->kind == TILL_SETTLEMENT_PAYMENT
                 || row->kind == TILL_SETTLEMENT_OTHER);
  g_assert_true (row->request_no || row->kind == TILL_SETTLEMENT_REVERSAL
                 || row->kind == TILL_SETTLEMENT_OTHER);
  fuzz_assert_clean (row->request_no, TILL_SETTLEMENT_NUMBER_MAX);
  fuzz_assert_clean (row->original_no, TILL_SETTLEMENT_NUMBER_MAX);
  fuzz_assert_clean (row->provider_no, TILL_SETTLEMENT_NUMBER_MAX);
  fuzz_assert_clean (row->original_provider_no, TILL_SETTLEMENT_NUMBER_MAX);
  fuzz_assert_clean (row->state, TILL_SETTLEMENT_STATE_MAX);
  g_assert_cmpint (row->line, >=, 1);
  sums->rows++;
  *(row->back ? &sums->returned : &sums->paid) += row->amount;
  sums->settled += row->back ? -row->settled : row->settled;
  sums->fee_exact += row->fee_exact;
}

static void
check (const TillSettlement *settlement)
{
  TillSettlementTotals sums = { 0 };
  for (guint i = 0; i < settlement->rows->len; i++)
    check_row (g_ptr_array_index (settlement->rows, i), &sums);
  g_assert_cmpmem (&sums, sizeof sums, &settlement->totals, sizeof sums);
  g_assert_true (settlement->states & TILL_STATES_ROWS);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  const Fixture *fixture = &fixtures[data[0] % N_FIXTURES];
  g_autoptr (GPtrArray) members = split ((const char *)data + 1, size - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (TillSettlement) settlement = fixture_parse (fixture, members, &error);
  g_assert_true ((settlement != NULL) == (error == NULL));
  g_assert_true (!error || g_utf8_validate (error->message, -1, NULL));
  g_autoptr (GError) same = NULL;
  g_autoptr (TillSettlement) again = fixture_parse (fixture, members, &same);
  g_assert_cmpstr (error ? error->message : NULL, ==, same ? same->message : NULL);
  if (!settlement)
    return 0;
  check (settlement);
  g_assert_cmpmem (&settlement->totals, sizeof settlement->totals, &again->totals,
                   sizeof again->totals);
  return 0;
}

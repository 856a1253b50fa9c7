/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a story expects. In a play with the power cut only what stands behind "finally" must hold,
 * and what was refused. */
#include "app/ctl/story-private.h"
#include "data/core/error.h"
#include "data/desk/printing.h"
#include "data/desk/returning.h"
#include "data/desk/settling.h"
#include "data/desk/staffing.h"
#include "data/ledger/verify.h"
#include "devices/print/roll.h"
#include "devices/print/rollfile.h"

#include <stdlib.h>
#include <string.h>

#define ROLL_BYTES (1024 * 1024)
#define SLIPS_MAX 1000
#define SETTLED_DAYS_MAX 1000

static gboolean
same_word (TillPlay *play, const char *what, const char *want, const char *is)
{
  /* "SUCCEEDED|UNKNOWN": either will do. */
  g_auto (GStrv) wants = g_strsplit (want, "|", -1);
  return g_strv_contains ((const char *const *)wants, is)
         || till_play_fail (play, "%s is %s, not %s", what, is, want);
}

static gboolean
same_money (TillPlay *play, const char *what, const char *want, TillMoney is, GError **error)
{
  gboolean minus = *want == '-';
  TillMoney amount;
  if (!*want)
    return TRUE;
  if (!till_money_parse (want + minus, &amount, error))
    return FALSE;
  g_autofree char *text = till_money_format (is);
  return is == (minus ? -amount : amount)
         || till_play_fail (play, "%s is %s, not %s", what, text, want);
}

static gboolean
same_count (TillPlay *play, const char *what, const char *want, int64_t is, GError **error)
{
  guint64 n;
  if (!g_ascii_string_to_unsigned (want, 10, 0, 1000000, &n, NULL))
    return till_play_nonsense (play, "how many?", error);
  return (int64_t)n == is
         || till_play_fail (play, "%s: %" G_GINT64_FORMAT ", not %s", what, is, want);
}

static gboolean
expect_sale (TillPlay *play, GError **error)
{
  g_autoptr (TillSale) sale = NULL;
  TillAnswer answer;
  if (!till_selling_load_id (play->ledger, play->sale_id, &sale, &answer, error))
    return FALSE;
  if (!sale)
    return till_play_fail (play, "there is no sale");
  if (strcmp (word (play, 1), "payment") != 0)
    return same_word (play, "the sale", word (play, 2), till_sale_state_word (sale->state))
           && same_money (play, "the sale", word (play, 3), sale->total, error);
  const TillLeg *leg = till_sale_leg (sale, atoi (word (play, 2)));
  return leg ? same_word (play, "the payment", word (play, 3), till_leg_state_word (leg->state))
             : till_play_fail (play, "there is no such payment");
}

static gboolean
expect_return (TillPlay *play, GError **error)
{
  g_autoptr (TillReturn) goods = NULL;
  TillAnswer answer;
  if (!till_returning_load_id (play->ledger, play->return_id, &goods, &answer, error))
    return FALSE;
  if (!goods)
    return strcmp (word (play, 2), "none") == 0 || till_play_fail (play, "there is no return");
  if (strcmp (word (play, 1), "return") == 0)
    return same_word (play, "the return", word (play, 2), till_return_state_word (goods->state))
           && same_money (play, "the return", word (play, 3), goods->amount, error);
  if (strcmp (word (play, 1), "refunds") == 0)
    return same_count (play, "refunds", word (play, 2), goods->refunds->len, error);
  guint at = g_ascii_isdigit (word (play, 2)[0]) ? 3 : 2;
  guint n = at == 3 ? (guint)atoi (word (play, 2)) : 1;
  if (n < 1 || n > goods->refunds->len)
    return till_play_fail (play, "there is no refund %u", n);
  const TillRefund *refund = g_ptr_array_index (goods->refunds, n - 1);
  if (strcmp (word (play, 1), "way") == 0)
    return same_word (play, "the refund's way", word (play, at), till_why_word (refund->why));
  return same_word (play, "the refund", word (play, at), till_refund_state_word (refund->state))
         && same_money (play, "the refund", word (play, at + 1), refund->amount, error);
}

static gboolean
expect_answer (TillPlay *play, GError **error)
{
  if (strcmp (word (play, 1), "error") == 0)
    return same_word (play, "what broke", word (play, 2),
                      play->error_word ? play->error_word : "nothing");
  return same_word (play, "the answer", word (play, 2), till_answer_word (play->answer.code));
}

static gboolean
expect_moved (TillPlay *play, GError **error)
{
  TillErrandKind kind = strcmp (word (play, 1), "paid") == 0       ? TILL_ERRAND_PAY
                        : strcmp (word (play, 1), "reversed") == 0 ? TILL_ERRAND_REVERSE
                                                                   : TILL_ERRAND_REFUND;
  int times;
  int64_t sum = till_practice_moved (play->practice, kind, &times);
  return same_count (play, word (play, 1), word (play, 2), times, error)
         && same_money (play, word (play, 1), word (play, 3), sum, error);
}

static gboolean
expect_balance (TillPlay *play, GError **error)
{
  TillMoney balance;
  return till_ledger_balance (play->ledger, word (play, 2), &balance, error)
         && same_money (play, word (play, 2), word (play, 3), balance, error);
}

static gboolean
expect_unprinted (TillPlay *play, GError **error)
{
  g_autoptr (GPtrArray) jobs = till_printing_unprinted (play->ledger, SLIPS_MAX, error);
  return jobs && same_count (play, "slips not printed", word (play, 2), jobs->len, error);
}

static gboolean
expect_slip (TillPlay *play, GError **error)
{
  g_autoptr (GBytes) bytes = till_roll_file_tail (play->roll_dir, ROLL_BYTES, error);
  if (!bytes)
    return FALSE;
  g_autoptr (TillRoll) roll = till_roll_read (bytes, &till_paper_80);
  g_autofree char *text = till_roll_to_text (roll);
  gboolean has = strstr (text, word (play, 2)) != NULL;
  return has || till_play_fail (play, "no slip says “%s”:\n%s", word (play, 2), text);
}

/* Settlement files in the books, and rows of them that are open. */
static gboolean
expect_settled (TillPlay *play, GError **error)
{
  int open;
  TillAnswer answer;
  if (strcmp (word (play, 1), "differences") == 0)
    return till_settling_count_open (play->ledger, &open, error)
           && same_count (play, "open differences", word (play, 2), open, error);
  g_autoptr (TillStaff) manager = NULL;
  if (!till_staffing_find (play->ledger, "3", &manager, error))
    return FALSE;
  g_autoptr (GPtrArray) days = till_settling_days (play->ledger, manager ? manager->id : 0,
                                                   SETTLED_DAYS_MAX, &answer, error);
  if (!days)
    return FALSE;
  int files = 0;
  for (guint i = 0; i < days->len; i++)
    files += ((const TillSettledDay *)g_ptr_array_index (days, i))->files;
  return same_count (play, "settlement files", word (play, 2), files, error);
}

static gboolean
expect_sound (TillPlay *play, GError **error)
{
  TillVerdict verdict = { 0 };
  if (!till_verify_books (play->ledger, &verdict, error))
    return FALSE;
  if (!verdict.sound)
    till_play_fail (play, "the books are not sound: %s", verdict.what);
  till_verdict_clear (&verdict);
  return TRUE;
}

gboolean
till_play_expect (TillPlay *play, GError **error)
{
  static const struct
  {
    const char *what;
    gboolean (*expect) (TillPlay *, GError **);
    gboolean always;
  } table[] = {
    { "no", expect_answer, TRUE },
    { "error", expect_answer, TRUE },
    { "sale", expect_sale, FALSE },
    { "payment", expect_sale, FALSE },
    { "return", expect_return, FALSE },
    { "refund", expect_return, FALSE },
    { "refunds", expect_return, FALSE },
    { "way", expect_return, FALSE },
    { "paid", expect_moved, FALSE },
    { "given", expect_moved, FALSE },
    { "reversed", expect_moved, FALSE },
    { "balance", expect_balance, FALSE },
    { "unprinted", expect_unprinted, FALSE },
    { "slip", expect_slip, FALSE },
    { "shifts", till_play_expect_shifts, FALSE },
    { "open", till_play_expect_open, FALSE },
    { "files", expect_settled, FALSE },
    { "differences", expect_settled, FALSE },
    { "sound", expect_sound, TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (word (play, 1), table[i].what) == 0)
      {
        gboolean told = play->cut_at == 0 || play->finally || table[i].always;
        return !told || table[i].expect (play, error);
      }
  return till_play_nonsense (play, "nothing of the kind can be expected", error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sandbox/fault-table.h"
#include "app/sandbox/due-notice.h"
#include "app/sandbox/provider-speech.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* clang-format off */
#define ROW(player_, fault_, group_, matrix_, word_, what_, ...)                                   \
  { .word = word_, .what = what_, .matrix = matrix_, .group = TILL_FAULTS_##group_,                \
    .player = TILL_PLAYED_BY_##player_, .fault = fault_, __VA_ARGS__ }
#define MODEL(fault_, ...) ROW (MODEL, TILL_PROVIDER_##fault_, __VA_ARGS__)
#define DOOR(fault_, ...) ROW (DOOR, TILL_LINE_##fault_, __VA_ARGS__)
#define NOTICE(fault_, ...) ROW (NOTICES, TILL_NOTICE_##fault_, __VA_ARGS__)
#define BILL(fault_, ...) ROW (FILES, TILL_BILL_##fault_, __VA_ARGS__)
#define TRAVELS(delivery_) .delivery = TILL_DELIVERY_##delivery_
#define SAYS_HTTP(status_) TRAVELS (ERROR), .not_done = TRUE, .status = status_
#define REFUSES(reason_) .reason = reason_
#define SET(value_, text_) .value = value_, .text = text_

/* Long enough to look at what a screen says meanwhile. */
#define A_WHILE_MS 15000

static const TillFaultRow rows[] = {
  MODEL (OK, LINE, "", "ok", "nothing wrong", SET (0, NULL)),

  DOOR (OK, LINE, "", "ok", "nothing wrong", SET (0, NULL)),
  DOOR (REFUSED, LINE, "G03", "refused", N_ ("nobody listens"), SET (0, NULL)),
  DOOR (UNANSWERED, LINE, "G04", "unanswered", N_ ("the line stands and stays silent"), SET (A_WHILE_MS, NULL)),
  DOOR (NOT_TLS, LINE, "G19", "not-tls", N_ ("a page to log in at, in plain HTTP"), SET (0, NULL)),
  DOOR (RESET_EARLY, LINE, "G05", "reset-early", N_ ("reset before the request is read"), SET (0, NULL)),
  DOOR (RESET_HEAD, LINE, "G06", "reset-head", N_ ("reset after the head of the request"), SET (0, NULL)),
  DOOR (NO_CONTINUE, LINE, "G15", "no-continue", N_ ("no word after the head of the request, then the end"), SET (300, NULL)),
  MODEL (SLOW, LINE, "G09", "slow", N_ ("done; the answer comes late"), SET (A_WHILE_MS, NULL)),
  MODEL (SILENT, LINE, "G07", "silent", N_ ("done; no answer, and after a while the line is cut"), TRAVELS (NONE), SET (A_WHILE_MS, NULL)),
  MODEL (RESET, LINE, "G07", "reset", N_ ("done; the line is reset instead of an answer"), TRAVELS (RESET)),
  MODEL (DROP, LINE, "G08", "drop", N_ ("not done; the line is cut"), TRAVELS (NONE), .not_done = TRUE),
  MODEL (HALF, LINE, "G10", "half", N_ ("done; half the answer, then the line is cut"), TRAVELS (HALF)),
  MODEL (DRIP, LINE, "G11", "drip", N_ ("done; the answer comes byte by byte"), TRAVELS (DRIP), SET (1000, NULL)),
  MODEL (ENDLESS, LINE, "G12", "endless", N_ ("done; the answer does not end"), TRAVELS (ENDLESS)),
  MODEL (HUGE, LINE, "G13", "huge", N_ ("done; an answer of 1 GiB is announced and begun"), TRAVELS (HUGE)),
  MODEL (BOMB, LINE, "G13", "bomb", N_ ("done; the answer is packed and unpacks to 64 MiB"), TRAVELS (BOMB)),
  MODEL (KEPT, LINE, "G14", "kept-then-closed", N_ ("done and answered; the line is promised on and closed"), TRAVELS (KEPT)),
  MODEL (GOAWAY, LINE, "G16", "goaway", N_ ("not done; HTTP/2 comes back, which says GOAWAY"), TRAVELS (GOAWAY), .not_done = TRUE),
  MODEL (TWICE, LINE, "G14", "twice", N_ ("the request comes in twice, as if the line had repeated it"), SET (0, NULL)),

  DOOR (EXPIRED, TLS, "G20", "expired", N_ ("the certificate has expired"), SET (0, NULL)),
  DOOR (NOT_YET, TLS, "G20 G24", "not-yet", N_ ("the certificate is not yet valid"), SET (0, NULL)),
  DOOR (WRONG_HOST, TLS, "G21", "wrong-host", N_ ("the certificate is another host's"), SET (0, NULL)),
  DOOR (STRANGER, TLS, "G22", "unknown-authority", N_ ("the certificate is of an unknown authority"), SET (0, NULL)),
  DOOR (OLD_TLS, TLS, "G23", "old-tls", N_ ("TLS 1.0 and nothing newer"), SET (0, NULL)),

  MODEL (REDIRECT, HTTP, "G17", "redirect", N_ ("not done; HTTP 302 to another host"), TRAVELS (REDIRECT), .not_done = TRUE),
  MODEL (PORTAL, HTTP, "G19", "portal", N_ ("not done; HTTP 200 with a page to log in at"), TRAVELS (PORTAL), .not_done = TRUE),
  MODEL (HTTP_400, HTTP, "G25", "http-400", N_ ("not done; HTTP 400, the request is wrong"), SAYS_HTTP (400)),
  MODEL (HTTP_401, HTTP, "G26", "http-401", N_ ("not done; HTTP 401, the key is not believed"), SAYS_HTTP (401)),
  MODEL (HTTP_403, HTTP, "G26", "http-403", N_ ("not done; HTTP 403, the key may not do this"), SAYS_HTTP (403)),
  MODEL (HTTP_404, HTTP, "G27", "http-404", N_ ("not done; HTTP 404"), SAYS_HTTP (404)),
  MODEL (HTTP_409, HTTP, "G28", "http-409", N_ ("not done; HTTP 409, one such is in progress"), SAYS_HTTP (409)),
  MODEL (HTTP_429, HTTP, "G29", "http-429", N_ ("not done; HTTP 429 with Retry-After: the value in seconds, or the text as it is"), SAYS_HTTP (429), SET (30, NULL)),
  MODEL (ERROR_DONE, HTTP, "G30", "error-done", N_ ("done; HTTP 500"), TRAVELS (ERROR), .status = 500),
  MODEL (ERROR_NOT_DONE, HTTP, "G31", "error-not-done", N_ ("not done; HTTP 500"), SAYS_HTTP (500)),
  MODEL (HTTP_502, HTTP, "G32", "http-502", N_ ("not done; HTTP 502"), SAYS_HTTP (502)),
  MODEL (HTTP_503, HTTP, "G32", "http-503", N_ ("not done; HTTP 503"), SAYS_HTTP (503)),
  MODEL (HTTP_504, HTTP, "G32", "http-504", N_ ("done; HTTP 504"), TRAVELS (ERROR), .status = 504),

  MODEL (GARBAGE, CONTENT, "G33", "garbage", N_ ("done; the answer is bytes without sense"), TRAVELS (GARBAGE)),
  MODEL (DUPLICATE, CONTENT, "G34", "duplicate-keys", N_ ("done; every member of the answer stands there twice"), TRAVELS (DUPLICATE)),
  MODEL (DEEP, CONTENT, "G35", "deep", N_ ("done; the answer is nested 200,000 deep"), TRAVELS (DEEP)),
  MODEL (BAD_SIGNATURE, CONTENT, "G36", "bad-signature", N_ ("done; the answer's signature is wrong"), TRAVELS (BAD_SIGNATURE)),
  MODEL (OTHER_NUMBER, CONTENT, "G37", "other-number", N_ ("done; the answer is about another number, rightly signed"), SET (0, NULL)),
  MODEL (WRONG_AMOUNT, CONTENT, "G38", "wrong-amount", N_ ("done; the answer says one fen more"), SET (0, NULL)),
  MODEL (OTHER_CURRENCY, CONTENT, "G39", "other-currency", N_ ("done; the answer is in dollars, where it names a currency"), SET (0, NULL)),
  MODEL (STRANGE, CONTENT, "G40", "strange", N_ ("done; the answer is the word in text, as a code of the provider's own"), SET (0, "MOON_IN_WRONG_PLACE")),
  MODEL (NO_NUMBER, CONTENT, "G41", "no-provider-no", N_ ("done; the answer lacks the provider's own number"), SET (0, NULL)),
  MODEL (BAD_UTF8, CONTENT, "G42", "bad-utf8", N_ ("done; the answer holds bytes that are no UTF-8"), TRAVELS (BAD_UTF8)),
  MODEL (NUL, CONTENT, "G42", "nul", N_ ("done; the answer holds a NUL"), TRAVELS (NUL)),
  MODEL (GBK, CONTENT, "G42", "gbk", N_ ("done; the answer holds GBK where UTF-8 is due"), TRAVELS (GBK)),

  MODEL (REFUSE, MEANING, "", "refuse", N_ ("refused with the reason in text; for a query, that code"), SET (0, "ACCOUNT_CLOSED")),
  MODEL (PROCESSING, MEANING, "G43", "processing", N_ ("taken in; after value queries done, or as text says: CLOSED, ABNORMAL"), SET (2, "CLOSED")),
  MODEL (RECOVERS, MEANING, "G44", "recovers", N_ ("taken in; after value queries ABNORMAL, and three later done"), SET (2, NULL)),
  MODEL (NOT_FOUND, MEANING, "G45", "not-found", N_ ("done; the next value queries do not find it"), SET (2, NULL)),
  MODEL (COMES_BACK, MEANING, "G43", "comes-back", N_ ("a refund is done; after value queries it is as text says, CLOSED or ABNORMAL"), SET (2, "ABNORMAL")),
  MODEL (OLD_STATE, MEANING, "G45", "old-state", N_ ("done; a copy that lags behind answers: the state before, PROCESSING, or NOT_FOUND of a query"), SET (0, "PROCESSING")),
  MODEL (FORGETS, MEANING, "G46", "forgets", N_ ("a number that is more than a day old is forgotten, and a repeat executed"), SET (0, NULL)),
  MODEL (NO_BALANCE, MEANING, "G46", "no-balance", N_ ("refused: the merchant's balance is not enough"), REFUSES ("BALANCE_LOW")),
  MODEL (REFUNDED_ELSEWHERE, MEANING, "G46", "refunded-elsewhere", N_ ("refused: all of it went back some other way"), REFUSES ("ALREADY_REFUNDED")),
  MODEL (TOO_OLD, MEANING, "G46", "too-old", N_ ("refused: the payment is older than the provider's window"), REFUSES ("ORIGINAL_TOO_OLD")),
  MODEL (TOO_MANY, MEANING, "G46", "too-many-refunds", N_ ("refused: it was refunded as often as is allowed"), REFUSES ("TOO_MANY_REFUNDS")),
  MODEL (TOO_SOON, MEANING, "G46", "too-soon", N_ ("refused: too soon after the last refund"), REFUSES ("TOO_SOON")),

  NOTICE (OK, MEANING, "", "ok", "nothing wrong", SET (0, NULL)),
  NOTICE (EARLY, MEANING, "G46", "early", "it goes first, and the answer to the request waits value milliseconds", SET (300, NULL)),
  NOTICE (LATE, MEANING, "G46", "late", "first sent after value milliseconds: out of order, or a day later", SET (A_WHILE_MS, NULL)),
  NOTICE (TWICE, MEANING, "G46", "twice", "after a yes once more", SET (0, NULL)),
  NOTICE (NEVER, MEANING, "G46", "never", "it never comes", SET (0, NULL)),
  NOTICE (BAD_SIGNATURE, MEANING, "G36 G46", "bad-signature", "signed wrongly: the first value sendings, or all", SET (0, NULL)),
  NOTICE (UNKNOWN_NUMBER, MEANING, "G46", "unknown-number", "about a number nobody asked for", SET (0, NULL)),
  NOTICE (OTHER_PROVIDER, MEANING, "G46", "other-provider", "as another provider would write, at this one's address", SET (0, NULL)),

  BILL (OK, MEANING, "", "ok", "nothing wrong", SET (0, NULL)),
  BILL (MISSING, MEANING, "G46", "missing", "there is none, and there will be none", SET (0, NULL)),
  BILL (LATE, MEANING, "G46", "late", "it is being made", SET (0, NULL)),
  BILL (CUT, MEANING, "G46", "cut", "a third is missing", SET (0, NULL)),
  BILL (REPEATED_ROW, MEANING, "G46", "repeated-row", "the last row twice", SET (0, NULL)),
  BILL (WRONG_TOTAL, MEANING, "G46", "wrong-total", "the stated sum is one fen more than the rows", SET (0, NULL)),
  BILL (UNKNOWN_REFUND, MEANING, "G46", "unknown-refund", "one row more, which nobody asked for", SET (0, NULL)),
  BILL (ROW_MISSING, MEANING, "G46", "row-missing", "the last row is missing, in the sums too", SET (0, NULL)),
  BILL (OTHER_AMOUNT, MEANING, "G46", "other-amount", "the last row says one fen more, in the sums too", SET (0, NULL)),
  BILL (FUNDS_MISSING, MEANING, "", "funds-missing", "WeChat Pay: there is no fund flow", SET (0, NULL)),
  BILL (FUNDS_REFUSED, MEANING, "", "funds-refused", "WeChat Pay: the merchant may not have the fund flow", SET (0, NULL)),
  BILL (FUNDS_WRONG_TOTAL, MEANING, "", "funds-wrong-total", "WeChat Pay: the fund flow's stated sum is one fen more", SET (0, NULL)),
  BILL (FUNDS_OTHER_AMOUNT, MEANING, "", "funds-other-amount", "WeChat Pay: the fund flow's last row says one fen more, in the sums too", SET (0, NULL)),
};

static const TillFaultElsewhere elsewhere[] = {
  { "G01", "a name is asked of a name server", "tests/gateway/test-slow-name.c", "/slow-name/nobody" },
  { "G02", "a name is asked of a name server", "tests/gateway/test-slow-name.c", "/slow-name/hanging" },
  { "G18", "the till's own environment", "tests/gateway/test-http.c", "/http/environment-is-not-obeyed" },
  { "G24", "the till's own clock", "tests/gateway/test-http.c", "/http/certificates" },
};
/* clang-format on */

const TillFaultRow *
till_fault_table_nth (guint n)
{
  return n < G_N_ELEMENTS (rows) ? &rows[n] : NULL;
}

const TillFaultRow *
till_fault_table_find (TillFaultPlayer player, const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].player == player && g_strcmp0 (rows[i].word, word) == 0)
      return &rows[i];
  return NULL;
}

const TillFaultRow *
till_fault_table_of (TillFaultPlayer player, int fault)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].player == player && rows[i].fault == fault)
      return &rows[i];
  g_assert_not_reached ();
}

const char *
till_fault_table_kind (TillFaultPlayer player)
{
  static const char *const kinds[] = { "refund", "line", "notice", "file" };
  return kinds[player];
}

const TillFaultElsewhere *
till_fault_table_elsewhere (guint n)
{
  return n < G_N_ELEMENTS (elsewhere) ? &elsewhere[n] : NULL;
}

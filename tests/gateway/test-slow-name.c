/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name server that knows nobody, and one that does not answer. This program's getaddrinfo () is
 * found before the C library's, by libcurl too, and hangs until the test lets it go: nothing is
 * asked on any network, and nothing sleeps. */
#include "devices/gateway/http.h"
#include "devices/gateway/registry.h"

#include <netdb.h>
#include <string.h>

#define NOBODY "nobody.invalid"
#define HANGING "hanging.invalid"
#define DEADLINE_MS 400
/* What till_http_send () promises beside its deadline. */
#define BESIDE_MS 1000
/* A resolver that nobody lets go ends here. */
#define HANG_MAX_S 60

static GMutex lock;
static GCond changed;
static guint n_asked, n_hanging; /* under lock, as is the next */
static gboolean let_go;

int getaddrinfo (const char *node, const char *service, const struct addrinfo *hints,
                 struct addrinfo **found);

/* Every name but the hanging one is unknown: the test asks for no other. */
int
getaddrinfo (const char *node, const char *service, const struct addrinfo *hints,
             struct addrinfo **found)
{
  gint64 end = g_get_monotonic_time () + HANG_MAX_S * G_TIME_SPAN_SECOND;
  g_mutex_lock (&lock);
  n_asked++;
  if (g_strcmp0 (node, HANGING) == 0)
    {
      n_hanging++;
      while (!let_go && g_cond_wait_until (&changed, &lock, end))
        ;
      n_hanging--;
      g_cond_broadcast (&changed);
    }
  g_mutex_unlock (&lock);
  *found = NULL;
  return EAI_NONAME;
}

static guint
asked (void)
{
  g_mutex_lock (&lock);
  guint n = n_asked;
  g_mutex_unlock (&lock);
  return n;
}

/* Every hanging thread of libcurl's has left our code. */
static void
let_them_go (void)
{
  gint64 end = g_get_monotonic_time () + HANG_MAX_S * G_TIME_SPAN_SECOND;
  g_mutex_lock (&lock);
  let_go = TRUE;
  g_cond_broadcast (&changed);
  while (n_hanging > 0 && g_cond_wait_until (&changed, &lock, end))
    ;
  g_assert_cmpuint (n_hanging, ==, 0);
  g_mutex_unlock (&lock);
}

static TillReply *
ask (TillHttp *http, const char *host)
{
  g_autofree char *url = g_strdup_printf ("https://%s", host);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (TillRequest) request = till_request_new (url, "/v1/refund", body);
  request->ca_file = g_strdup ("/dev/null");
  request->connect_ms = request->total_ms = DEADLINE_MS;
  return till_http_send (http, request);
}

/* To every codec such an answer is surely not sent: the refund stays due under its number. */
static void
assert_not_sent (const TillReply *reply)
{
  g_test_message ("%s", reply->detail);
  g_assert_cmpint (reply->fate, ==, TILL_FATE_NOT_SENT);
  g_assert_nonnull (reply->detail);
  TillErrand errand = { .kind = TILL_ERRAND_REFUND, .request_no = (char *)"RFD0000000000001" };
  TillAccount account = { 0 };
  const TillCodec *codec;
  for (guint n = 0; (codec = till_codec_nth (n)); n++)
    {
      g_autoptr (TillOutcome) outcome = codec->interpret (&errand, &account, reply);
      g_assert_cmpint (outcome->kind, ==, TILL_OUTCOME_NOT_SENT);
    }
}

static void
test_nobody (void)
{
  guint before = asked ();
  g_autoptr (TillHttp) http = till_http_new ();
  g_autoptr (TillReply) reply = ask (http, NOBODY);
  g_assert_cmpuint (asked (), >, before);
  assert_not_sent (reply);
}

static void
test_hanging (void)
{
  guint before = asked ();
  g_autoptr (TillHttp) http = till_http_new ();
  gint64 began = g_get_monotonic_time ();
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (TillReply) reply = ask (http, HANGING);
      assert_not_sent (reply);
    }
  g_assert_cmpint (g_get_monotonic_time () - began, <,
                   2 * (DEADLINE_MS + BESIDE_MS) * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (asked (), >=, before + 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  till_http_init ();
  g_test_add_func ("/slow-name/nobody", test_nobody);
  g_test_add_func ("/slow-name/hanging", test_hanging);
  int result = g_test_run ();
  let_them_go ();
  return result;
}

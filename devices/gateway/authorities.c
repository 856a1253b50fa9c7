/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/core/error.h"
#include "devices/gateway/keys-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

#define AUTHORITIES_MAX 8
/* A provider signs with one certificate, and for some days with two. */
#define BELIEVED_MAX 4

/* From when until when something holds, in seconds since 1970 UTC; the end is outside. */
typedef struct
{
  int64_t from;
  int64_t until;
} Term;

/* A certificate that was checked whole and found good. */
typedef struct
{
  guint8 digest[TILL_DIGEST_SIZE]; /* SHA-256 of its DER */
  Term term;                       /* in which all of its chain holds */
  TillKey *key;                    /* owned; NULL in an empty place */
} Believed;

/* UnionPay's answers bring their certificate every time, and to check it costs ten times what a
 * signature does. What it is checked against never changes: only the clock can make it bad. */
typedef struct
{
  GMutex lock;
  Believed rows[BELIEVED_MAX];
  guint next; /* whose place the next one takes: the oldest's */
} Memory;

struct _TillAuthorities
{
  X509_STORE *store; /* owned; not changed after loading */
  Memory *memory;    /* owned; under its own lock */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

/* How many certificates were added; -1 when one of them is no authority's or cannot be read. */
static int
add_all (X509_STORE *store, GBytes *text)
{
  g_autoptr (BIO) bio = till_key_bio (text);
  for (int count = 0;; count++)
    {
      g_autoptr (X509) cert = PEM_read_bio_X509 (bio, NULL, till_key_no_pass_phrase, NULL);
      if (!cert)
        return ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE ? count : -1;
      if (count == AUTHORITIES_MAX || X509_check_ca (cert) <= 0
          || !X509_STORE_add_cert (store, cert))
        return -1;
    }
}

TillAuthorities *
till_authorities_load (const char *path, GError **error)
{
  if (!till_file_is_guarded (path, FALSE, error))
    return NULL;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return NULL;
  g_autoptr (TillAuthorities) authorities = g_new0 (TillAuthorities, 1);
  authorities->store = X509_STORE_new ();
  g_assert (authorities->store);
  authorities->memory = g_new0 (Memory, 1);
  g_mutex_init (&authorities->memory->lock);
  int count = add_all (authorities->store, text);
  ERR_clear_error ();
  if (count > 0)
    return g_steal_pointer (&authorities);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID,
               "%s holds no certificates of authorities, one to %d in PEM", path, AUTHORITIES_MAX);
  return NULL;
}

gboolean
till_certificates_term (const char *path, int *count, int64_t *from, int64_t *until, GError **error)
{
  *count = 0;
  *from = *until = 0;
  g_autoptr (GBytes) text = till_key_file_read (path, error);
  if (!text)
    return FALSE;
  g_autoptr (BIO) bio = till_key_bio (text);
  gboolean read = TRUE;
  for (;; (*count)++)
    {
      g_autoptr (X509) cert = PEM_read_bio_X509 (bio, NULL, till_key_no_pass_phrase, NULL);
      int64_t begins, ends;
      if (!cert)
        break;
      read = till_certificate_time (X509_get0_notBefore (cert), &begins)
             && till_certificate_time (X509_get0_notAfter (cert), &ends);
      if (!read)
        break;
      *from = *count == 0 ? begins : MAX (*from, begins);
      *until = *count == 0 ? ends : MIN (*until, ends);
    }
  read = read && ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE;
  ERR_clear_error ();
  if (!read)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s: its certificates cannot be read",
                 path);
  return read;
}

void
till_authorities_free (TillAuthorities *authorities)
{
  for (gsize i = 0; i < BELIEVED_MAX; i++)
    g_clear_pointer (&authorities->memory->rows[i].key, till_key_free);
  g_mutex_clear (&authorities->memory->lock);
  g_free (authorities->memory);
  X509_STORE_free (authorities->store);
  g_free (authorities);
}

/* An authority below ours may issue certificates for encrypting and for other authorities too; only
 * one that is for signing says who signed. One that does not say what it is for may do it all. */
static gboolean
is_for_signing (X509 *cert)
{
  return X509_check_ca (cert) <= 0
         && (X509_get_key_usage (cert) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

/* Never, when one of its dates cannot be read. */
static Term
term_of_chain (X509_STORE_CTX *context)
{
  const STACK_OF (X509) *chain = X509_STORE_CTX_get0_chain (context);
  Term term = { INT64_MIN, INT64_MAX };
  for (int i = 0; i < sk_X509_num (chain); i++)
    {
      const X509 *cert = sk_X509_value (chain, i);
      Term own;
      if (!till_certificate_time (X509_get0_notBefore (cert), &own.from)
          || !till_certificate_time (X509_get0_notAfter (cert), &own.until))
        return (Term){ 0 };
      term = (Term){ MAX (term.from, own.from), MIN (term.until, own.until) };
    }
  return term;
}

/* at in seconds. *term is set when it is so. */
static gboolean
chains (const TillAuthorities *authorities, X509 *cert, int64_t at, Term *term, GError **error)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  int begun = context && X509_STORE_CTX_init (context, authorities->store, cert, NULL);
  g_assert (begun == 1);
  X509_STORE_CTX_set_flags (context, X509_V_FLAG_PARTIAL_CHAIN);
  /* CFCA, UnionPay's authority, signs certificates with SHA-1 to this day. */
  X509_VERIFY_PARAM_set_auth_level (X509_STORE_CTX_get0_param (context), 0);
  X509_STORE_CTX_set_time (context, 0, (time_t)at);
  gboolean valid = X509_verify_cert (context) == 1;
  int why = X509_STORE_CTX_get_error (context);
  if (valid)
    *term = term_of_chain (context);
  ERR_clear_error ();
  if (!valid)
    g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the certificate is not believed: %s",
                 X509_verify_cert_error_string (why));
  return valid;
}

/* NULL when it is not among the last, or not good at that second. */
static TillKey *
recall (Memory *memory, const guint8 *digest, int64_t at)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&memory->lock);
  for (gsize i = 0; i < BELIEVED_MAX; i++)
    {
      const Believed *row = &memory->rows[i];
      if (row->key && row->term.from <= at && at < row->term.until
          && memcmp (row->digest, digest, sizeof row->digest) == 0)
        return till_key_share (row->key);
    }
  return NULL;
}

/* Two threads may bring the same one: it then stands there twice, which harms nobody. */
static void
remember (Memory *memory, const guint8 *digest, Term term, TillKey *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&memory->lock);
  Believed *row = &memory->rows[memory->next];
  memory->next = (memory->next + 1) % BELIEVED_MAX;
  g_clear_pointer (&row->key, till_key_free);
  memcpy (row->digest, digest, sizeof row->digest);
  row->term = term;
  row->key = till_key_share (key);
}

static TillKey *
check_whole (const TillAuthorities *authorities, X509 *cert, int64_t at, const char *name,
             Term *term, GError **error)
{
  if (!chains (authorities, cert, at, term, error))
    return NULL;
  gboolean signs = is_for_signing (cert);
  ERR_clear_error ();
  if (signs)
    return till_key_of_certificate (cert, name, error);
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "%s is not for signing", name);
  return NULL;
}

TillKey *
till_authorities_key_of (const TillAuthorities *authorities, GBytes *pem, int64_t at,
                         GError **error)
{
  static const char name[] = "the certificate that came";
  guint8 digest[TILL_DIGEST_SIZE] = { 0 };
  int64_t at_s = at / G_USEC_PER_SEC;
  TillKey *key
      = till_certificate_digest (pem, digest) ? recall (authorities->memory, digest, at_s) : NULL;
  if (key)
    return key;
  g_autoptr (X509) cert = till_certificate_parse (pem, name, error);
  Term term;
  key = cert ? check_whole (authorities, cert, at_s, name, &term, error) : NULL;
  if (key)
    remember (authorities->memory, digest, term, key);
  return key;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key or certificate from a stranger. First byte: the rest is PEM as it came (0), or the inside
 * of a certificate (1) or of a public key (2), which a change of one letter hardly ever reaches.
 * What is taken for a key says clean things of itself and takes no nonsense for a signature; an
 * authority vouches for its own certificates only, and no certificate for itself. */
#include "data/core/error.h"
#include "devices/gateway/sign.h"
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>

/* tests/gateway/vectors/middle.pem; the corpus holds what it issued. */
static const char middle[] = "-----BEGIN CERTIFICATE-----\n"
                             "MIIDCjCCAfKgAwIBAgIBAjANBgkqhkiG9w0BAQsFADAUMRIwEAYDVQQDDAlUZXN0\n"
                             "IHJvb3QwIBcNMjAwMTAxMDAwMDAwWhgPMjA1MDAxMDEwMDAwMDBaMBYxFDASBgNV\n"
                             "BAMMC1Rlc3QgbWlkZGxlMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n"
                             "ymBHCDL5HfPPQ6Pm7UvOpn7SrOIezAYmxNA5KqksybsK+gljyL5fI29moP3zDXGA\n"
                             "MhgF62SLAG//ql+VxT0vlPJCwCcA98sW9cC0Rh3kJe2q8tK1B0mX2YJ7SjzdyDdS\n"
                             "CC8bl722seFao75rwRDP8bEs1eSjOG2Rwe7Hf8iU2kEZqccKl1tsVkDwDAdmuw4W\n"
                             "gaCw60sZHIBFuf1kQKrqynIVSEikYuqVVEr5y8vgO2Q/geWhRol4v6aY5a9UDnOw\n"
                             "J/6ioG27yOwIg3Ivqst2oi7hhW0uaRkzgG+vsQ18VjEmLCVeE6UgA70pfI0XM9i6\n"
                             "zddwPYlaqBwgcSr+FybtyQIDAQABo2MwYTAPBgNVHRMBAf8EBTADAQH/MA4GA1Ud\n"
                             "DwEB/wQEAwIBBjAdBgNVHQ4EFgQU9ladLvlB0CLVoRerfodl4/3pobswHwYDVR0j\n"
                             "BBgwFoAU3xfuEavWpz8+MLwsLxcVaPY7D4UwDQYJKoZIhvcNAQELBQADggEBAICt\n"
                             "lfnCSMmvNE25EZSC3U14UDCrsNWWMP0k70yUMcbLunQ8o6Vnaf334pzFXAHU5RLw\n"
                             "q58I2s54GlDUgF88V6TiCT3VABUsA8qCUZ0Vz5LYfrzWd2wSy9d1AlGYk52zF49C\n"
                             "b0HvPsQo+i0awfgRThHxCvaeE3yiSX6Unc3fvr95cinUi710w9qmV7hJVMwhEyD6\n"
                             "qm18CI12JBDD1q6T65K3V7H8EeBK4chpM+yzBDgWW0y/8w6WLLTQukfKL/x2RhNP\n"
                             "cx769r1pbwdLRzdMJ8q8gMx997GwA6Yr8JfGGKkw9LGNo8xGVnncXzBMX/ak8xc9\n"
                             "edx83pCXDYbcCIC6WEY=\n"
                             "-----END CERTIFICATE-----\n";
/* The serial numbers of what it issued for signing, with RSA keys of 2048 bits and more. */
static const char *const issued[] = { "0A1046900149", "03", "04", "0C", NULL };
#define NOW INT64_C (1795320000)

static TillAuthorities *
load_authorities (const char *text, gsize size)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "fuzz-keys-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  g_assert_true (fd >= 0 && g_close (fd, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_true (
      g_file_set_contents_full (path, text, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  TillAuthorities *authorities = till_authorities_load (path, &error);
  g_assert_true ((authorities != NULL) == (error == NULL));
  g_unlink (path);
  return authorities;
}

static GBytes *
wrap (const char *kind, const uint8_t *data, size_t size)
{
  g_autofree char *text = g_base64_encode (data, size);
  g_autoptr (GString) pem = g_string_new (NULL);
  g_string_printf (pem, "-----BEGIN %s-----\n", kind);
  for (const char *at = text; *at; at += MIN (strlen (at), 64))
    g_string_append_printf (pem, "%.64s\n", at);
  g_string_append_printf (pem, "-----END %s-----\n", kind);
  return g_string_free_to_bytes (g_steal_pointer (&pem));
}

static void
assert_facts_are_clean (const TillKeyFacts *facts)
{
  g_assert_true ((facts->serial_hex != NULL) == (facts->serial_decimal != NULL));
  if (facts->common_name)
    g_assert_true (*facts->common_name && g_utf8_validate (facts->common_name, -1, NULL));
  if (!facts->serial_hex)
    return;
  gboolean minus = *facts->serial_hex == '-';
  gsize digits = strspn (facts->serial_hex + minus, "0123456789ABCDEF");
  g_assert_true (digits >= 1 && digits <= 40 && strlen (facts->serial_hex) == digits + minus);
  g_assert_true ((*facts->serial_decimal == '-') == minus);
  g_assert_cmpuint (strspn (facts->serial_decimal, "-0123456789"), ==,
                    strlen (facts->serial_decimal));
}

static void
check_key (GBytes *pem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillKey) key = till_key_from_pem (pem, "it", &error);
  g_assert_true ((key != NULL) == (error == NULL));
  if (!key)
    {
      g_assert_error (error, TILL_ERROR, TILL_ERROR_INVALID);
      return;
    }
  assert_facts_are_clean (till_key_facts (key));
  static const guint8 one[256] = { [255] = 1 };
  g_autofree char *nonsense = g_base64_encode (one, sizeof one);
  g_assert_false (till_key_verifies (key, "abc", 3, nonsense));
  g_assert_false (till_key_verifies_with (key, TILL_HASH_SHA1, "abc", 3, nonsense));
}

static void
check_voucher (const TillAuthorities *authorities, GBytes *pem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TillKey) key
      = till_authorities_key_of (authorities, pem, NOW * G_USEC_PER_SEC, &error);
  g_assert_true ((key != NULL) == (error == NULL));
  if (!key)
    return;
  const TillKeyFacts *facts = till_key_facts (key);
  assert_facts_are_clean (facts);
  g_assert_true (g_strv_contains (issued, facts->serial_hex));
  g_assert_true (facts->from <= NOW && NOW < facts->until);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static TillAuthorities *authorities; /* for the life of the process */
  if (!authorities)
    authorities = load_authorities (middle, strlen (middle));
  g_assert_true (authorities);
  if (size < 1)
    return 0;
  g_autoptr (GBytes) pem = data[0] == 1   ? wrap ("CERTIFICATE", data + 1, size - 1)
                           : data[0] == 2 ? wrap ("PUBLIC KEY", data + 1, size - 1)
                                          : g_bytes_new (data + 1, size - 1);
  check_key (pem);
  check_voucher (authorities, pem);
  TillAuthorities *itself = load_authorities (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
  if (itself)
    g_assert_null (till_authorities_key_of (itself, pem, NOW * G_USEC_PER_SEC, NULL));
  g_clear_pointer (&itself, till_authorities_free);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that are a form with the signature in it, for tests of such providers: a table of rows,
 * each of which names what is different from a good letter. */
#pragma once
#include "tests/gateway/letter-maker.h"

#define NUMBER "0ABCDEFGHJKMNPQR"
#define ORIGINAL "0PAYMENTNUMBERX1"
#define LONG_NUMBER "12345678901234567890123456789012345678901234567890123456789012345"
#define OR(given, usual) ((given) ? (given) : (usual))

static EVP_PKEY *their_key, *stranger; /* owned, between letter_keys_open () and …_close () */

/* What is NULL is as in a good letter. */
typedef struct
{
  const char *name;
  LetterExpected expected;
  const char *set, *and, *also; /* "name=value", instead of the usual one or beside */
  const char *drop;             /* a name */
  const char *more;             /* what is put behind the whole, after it was signed */
  const char *change;           /* a piece of it of which the first byte is changed then */
  const char *certificate;      /* UnionPay: a file */
  gboolean strange;
} Row;

static inline gboolean
is_of (const char *field, const char *name)
{
  return name && g_str_has_prefix (field, name)
         && (field[strlen (name)] == '=' || field[strlen (name)] == '\0');
}

static inline void
put (GPtrArray *fields, const char *field)
{
  if (!field)
    return;
  g_autofree char *name = g_strndup (field, strcspn (field, "="));
  for (guint i = 0; i < fields->len; i++)
    if (is_of (g_ptr_array_index (fields, i), name))
      g_ptr_array_remove_index (fields, i--);
  g_ptr_array_add (fields, g_strdup (field));
}

static inline int
by_text (gconstpointer a, gconstpointer b)
{
  g_autofree char *one = g_strndup (*(char *const *)a, strcspn (*(char *const *)a, "="));
  g_autofree char *other = g_strndup (*(char *const *)b, strcspn (*(char *const *)b, "="));
  return strcmp (one, other);
}

/* The fields of a letter by name; usual ends with NULL. */
static inline GPtrArray *
fields_of (const Row *row, const char *const *usual)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; usual[i]; i++)
    put (fields, usual[i]);
  put (fields, row->set);
  put (fields, row->and);
  put (fields, row->also);
  for (guint i = 0; i < fields->len; i++)
    if (is_of (g_ptr_array_index (fields, i), row->drop))
      g_ptr_array_remove_index (fields, i--);
  g_ptr_array_sort (fields, by_text);
  return fields;
}

/* "a=1&b=2" without one name or two. */
static inline char *
joined (GPtrArray *fields, const char *but, const char *nor, gboolean empties)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < fields->len; i++)
    {
      const char *field = g_ptr_array_index (fields, i);
      gboolean empty = field[strlen (field) - 1] == '=';
      if (!is_of (field, but) && !is_of (field, nor) && (empties || !empty))
        g_string_append_printf (text, "%s%s", text->len ? "&" : "", field);
    }
  return g_string_free (text, FALSE);
}

/* As a browser sends it, signed last; then what happens to it on the way. */
static inline TillLetter *
sent (GPtrArray *fields, const Row *row, const char *sign)
{
  if (!is_of (sign, row->drop))
    g_ptr_array_add (fields, g_strdup (sign));
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < fields->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (fields, i), "=", 2);
      g_autofree char *value = g_uri_escape_string (parts[1], NULL, FALSE);
      g_string_append_printf (text, "%s%s=%s", i ? "&" : "", parts[0], value);
    }
  g_string_replace (text, "%20", "+", 0);
  g_string_append (text, OR (row->more, ""));
  if (row->change)
    {
      char *at = strstr (text->str, row->change);
      g_assert_nonnull (at);
      *at = *at == '1' ? '2' : '1';
    }
  return letter_new (text->str);
}

static inline void
test_nonsense (gconstpointer data)
{
  static const char *const bodies[]
      = { "", "hello", "a=%", "=b", "a=1&a=1", "{}", "a=%00", "sign=&sign_type=RSA2" };
  const LetterExpected refused = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (TillLetter) letter = letter_new (bodies[i]);
      letter_check (data, letter, &refused);
    }
}

static inline void
add_rows (const char *provider, const Row *rows, gsize n, GTestDataFunc function)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/letters/%s/%s", provider, rows[i].name);
      g_test_add_data_func (path, &rows[i], function);
    }
}

#define ADD(provider)                                                                              \
  add_rows (#provider, provider##_rows, G_N_ELEMENTS (provider##_rows), test_##provider);          \
  g_test_add_data_func ("/letters/" #provider "/nonsense", &provider, test_nonsense)

static inline void
letter_keys_open (void)
{
  g_autofree char *private = vectors_path ("stranger.pem");
  g_autofree char *public = vectors_path ("other.pem");
  g_assert_true (till_key_generate (private, public, NULL));
  their_key = letter_key ("key.pem");
  stranger = letter_key ("stranger.pem");
}

static inline void
letter_keys_close (void)
{
  g_clear_pointer (&their_key, EVP_PKEY_free);
  g_clear_pointer (&stranger, EVP_PKEY_free);
}

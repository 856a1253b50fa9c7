/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/gateway/form.h"
#include "data/core/error.h"
#include "data/core/secret.h"

#include <string.h>

typedef struct
{
  char *name;  /* owned */
  char *value; /* owned */
} Field;

struct _TillForm
{
  GArray *fields; /* owned; of Field */
};

static void
field_clear (gpointer data)
{
  Field *field = data;
  g_free (field->name);
  g_free (field->value);
}

TillForm *
till_form_new (void)
{
  TillForm *form = g_new0 (TillForm, 1);
  form->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (form->fields, field_clear);
  return form;
}

void
till_form_free (TillForm *form)
{
  g_array_unref (form->fields);
  g_free (form);
}

static const Field *
field_at (const TillForm *form, guint n)
{
  return &g_array_index (form->fields, Field, n);
}

void
till_form_add (TillForm *form, const char *name, const char *value)
{
  if (!value)
    return;
  g_assert (!till_form_get (form, name) && form->fields->len < TILL_FORM_FIELDS_MAX);
  Field field = { g_strdup (name), g_strdup (value) };
  g_array_append_val (form->fields, field);
}

void
till_form_add_int (TillForm *form, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  till_form_add (form, name, text);
}

void
till_form_wipe (TillForm *form)
{
  for (guint i = 0; i < form->fields->len; i++)
    till_secret_wipe (field_at (form, i)->value);
}

const char *
till_form_get (const TillForm *form, const char *name)
{
  for (guint i = 0; i < form->fields->len; i++)
    if (strcmp (field_at (form, i)->name, name) == 0)
      return field_at (form, i)->value;
  return NULL;
}

guint
till_form_size (const TillForm *form)
{
  return form->fields->len;
}

const char *
till_form_nth (const TillForm *form, guint n, const char **value)
{
  g_assert (n < form->fields->len);
  *value = field_at (form, n)->value;
  return field_at (form, n)->name;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Field *const *)a)->name, (*(const Field *const *)b)->name);
}

char *
till_form_sorted (const TillForm *form, const char *const *but, gboolean empties)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  for (guint i = 0; i < form->fields->len; i++)
    {
      const Field *field = field_at (form, i);
      if ((empties || *field->value) && !(but && g_strv_contains (but, field->name)))
        g_ptr_array_add (order, (gpointer)field);
    }
  g_ptr_array_sort (order, by_name);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < order->len; i++)
    {
      const Field *field = g_ptr_array_index (order, i);
      g_string_append_printf (text, "%s%s=%s", i ? "&" : "", field->name, field->value);
    }
  return g_string_free (text, FALSE);
}

/* The characters that stay as they are; a blank becomes "+". */
static void
append_encoded (GString *text, const char *value)
{
  for (const char *at = value; *at; at++)
    if (g_ascii_isalnum (*at) || strchr ("*-._", *at))
      g_string_append_c (text, *at);
    else if (*at == ' ')
      g_string_append_c (text, '+');
    else
      g_string_append_printf (text, "%%%02X", (guint)(guchar)*at);
}

GBytes *
till_form_encode (const TillForm *form)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < form->fields->len; i++)
    {
      if (i)
        g_string_append_c (text, '&');
      append_encoded (text, field_at (form, i)->name);
      g_string_append_c (text, '=');
      append_encoded (text, field_at (form, i)->value);
    }
  return g_string_free_to_bytes (text);
}

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, TILL_ERROR, TILL_ERROR_INVALID, "the form %s", what);
  return FALSE;
}

/* NULL when a % is not followed by two digits, or what comes out has a NUL in it or is no UTF-8. */
static char *
decode_part (const char *part)
{
  g_autofree char *blanks = g_strdelimit (g_strdup (part), "+", ' ');
  g_autofree char *plain = g_uri_unescape_string (blanks, NULL);
  return plain && g_utf8_validate (plain, -1, NULL) ? g_steal_pointer (&plain) : NULL;
}

static gboolean
take_field (TillForm *form, const char *text, gboolean encoded, GError **error)
{
  const char *equals = strchr (text, '=');
  if (!equals || equals == text)
    return invalid (error, "has a part that is no name with a value");
  g_autofree char *raw_name = g_strndup (text, (gsize)(equals - text));
  g_autofree char *name = encoded ? decode_part (raw_name) : g_strdup (raw_name);
  g_autofree char *value = encoded ? decode_part (equals + 1) : g_strdup (equals + 1);
  if (!name || !value)
    return invalid (error, "has a part that cannot be decoded");
  if (till_form_get (form, name))
    return invalid (error, "has a name twice");
  if (form->fields->len == TILL_FORM_FIELDS_MAX)
    return invalid (error, "has too many fields");
  till_form_add (form, name, value);
  return TRUE;
}

/* Where the part that begins at `at` ends: at the next & outside of braces. */
static char *
end_of_part (char *at, gboolean braces)
{
  int depth = 0;
  for (; *at; at++)
    if (braces && *at == '{')
      depth++;
    else if (braces && *at == '}' && depth > 0)
      depth--;
    else if (*at == '&' && depth == 0)
      return at;
  return at;
}

static TillForm *
read_form (GBytes *bytes, gboolean encoded, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  data = data ? data : ""; /* no bytes are no address */
  if (size > TILL_FORM_SIZE_MAX || !g_utf8_validate_len (data, size, NULL))
    {
      invalid (error, size > TILL_FORM_SIZE_MAX ? "is too large" : "is no UTF-8");
      return NULL;
    }
  g_autofree char *text = g_strndup (data ? data : "", size);
  g_autoptr (TillForm) form = till_form_new ();
  for (char *at = text; *at;)
    {
      char *end = end_of_part (at, !encoded);
      gboolean last = *end == '\0';
      *end = '\0';
      if (!take_field (form, at, encoded, error))
        return NULL;
      at = last ? end : end + 1;
    }
  return g_steal_pointer (&form);
}

TillForm *
till_form_decode (GBytes *bytes, GError **error)
{
  return read_form (bytes, TRUE, error);
}

TillForm *
till_form_read_plain (GBytes *bytes, GError **error)
{
  return read_form (bytes, FALSE, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tillctl as a process, for tests: what it is given, what it says, how it ends. */
#pragma once
#include "app/ctl/sandbox-control.h"
#include "tests/ctl/folder.h"

#include <jansson.h>

typedef struct
{
  int code;     /* exit code; -1 when it was killed */
  char *out;    /* owned */
  char *err;    /* owned */
  json_t *json; /* owned; NULL when out is no JSON */
} TestSaid;

static inline void
test_said_clear (TestSaid *said)
{
  g_clear_pointer (&said->out, g_free);
  g_clear_pointer (&said->err, g_free);
  g_clear_pointer (&said->json, json_decref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestSaid, test_said_clear)

static inline GSubprocess *
test_start (const char *shop, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) more = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *program
      = g_build_filename (g_getenv ("TILL_BUILD_ROOT"), "app", "ctl", "tillctl", NULL);
  g_shell_parse_argv (words, NULL, &more, &error);
  g_assert_no_error (error);
  g_ptr_array_add (argv, g_steal_pointer (&program));
  if (shop)
    {
      g_ptr_array_add (argv, g_strdup ("--shop"));
      g_ptr_array_add (argv, g_strdup (shop));
    }
  for (char **word = more; *word; word++)
    g_ptr_array_add (argv, g_strdup (*word));
  g_ptr_array_add (argv, NULL);
  GSubprocess *process
      = g_subprocess_newv ((const char *const *)argv->pdata,
                           G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                               | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                           &error);
  g_assert_no_error (error);
  return process;
}

/* Runs it to its end; input is what stands on its standard input (PINs with --pin-fd 0). */
static inline TestSaid
test_run (const char *shop, const char *words, const char *input)
{
  TestSaid said = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = test_start (shop, words);
  g_subprocess_communicate_utf8 (process, input, NULL, &said.out, &said.err, &error);
  g_assert_no_error (error);
  said.code = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  said.json = json_loads (said.out ? said.out : "", JSON_REJECT_DUPLICATES, NULL);
  return said;
}

/* "sale.payments.0.state" in an answer; NULL when it is not there. */
static inline json_t *
test_at (json_t *json, const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  for (char **one = steps; json && *one; one++)
    json = json_is_array (json) ? json_array_get (json, (gsize)g_ascii_strtoull (*one, NULL, 10))
                                : json_object_get (json, *one);
  return json;
}

static inline const char *
test_text (const TestSaid *said, const char *path)
{
  return json_string_value (test_at (said->json, path));
}

static inline int64_t
test_number (const TestSaid *said, const char *path)
{
  json_t *value = test_at (said->json, path);
  g_assert_true (json_is_integer (value));
  return json_integer_value (value);
}

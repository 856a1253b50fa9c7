/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/trade/code-route.h"

#include <string.h>

#define DIGITS "0123456789"
#define BEGINNING_MAX 6
#define PROVIDER_MAX 40

/* One route, pointing into the setting. */
typedef struct
{
  const char *from, *to; /* of length digits each */
  gsize length;
  const char *name;
  gsize name_length;
} Route;

/* Reads the route at *at and moves *at behind it; FALSE when there is none. */
static gboolean
read_route (const char **at, Route *route)
{
  const char *text = *at;
  route->from = route->to = text;
  route->length = strspn (text, DIGITS);
  text += route->length;
  if (*text == '-')
    {
      route->to = ++text;
      if (strspn (text, DIGITS) != route->length)
        return FALSE;
      text += route->length;
    }
  if (route->length == 0 || route->length > BEGINNING_MAX || *text != '='
      || strncmp (route->from, route->to, route->length) > 0)
    return FALSE;
  route->name = ++text;
  route->name_length = strspn (text, "abcdefghijklmnopqrstuvwxyz" DIGITS "-");
  text += route->name_length;
  if (route->name_length == 0 || route->name_length > PROVIDER_MAX || (*text && *text != ','))
    return FALSE;
  *at = *text ? text + 1 : text;
  return *text == '\0' || text[1] != '\0';
}

gboolean
till_code_routes_are_valid (const char *routes)
{
  Route route;
  for (const char *at = routes; *at;)
    if (!read_route (&at, &route))
      return FALSE;
  return TRUE;
}

char *
till_code_route (const char *routes, const char *code)
{
  Route route;
  for (const char *at = routes; *at;)
    {
      gboolean good = read_route (&at, &route);
      g_assert (good);
      if (strspn (code, DIGITS) >= route.length && strncmp (code, route.from, route.length) >= 0
          && strncmp (code, route.to, route.length) <= 0)
        return g_strndup (route.name, route.name_length);
    }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/ctl.h"

#include <glib/gi18n.h>

static int
run (TillCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  return 0;
}

const TillVerb till_verb_demo = { "demo", "", N_ ("The whole job in a minute"), "  tillctl demo", run };

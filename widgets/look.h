/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the till looks on this machine: language, size of text, colours. It is no setting of the
 * shop, for it belongs to whoever stands here: everybody may change it, and it is kept in a file
 * beside the books. Plain struct; loading and saving on any thread, applying on the main one. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define TILL_TEXT_MIN 100
#define TILL_TEXT_LARGEST 175
#define TILL_TEXT_STEP 25

typedef enum
{
  TILL_COLOURS_MACHINE, /* as the machine is set */
  TILL_COLOURS_LIGHT,
  TILL_COLOURS_DARK,
  TILL_COLOURS_CONTRAST, /* light, with lines and letters that stand out */
} TillColours;
#define TILL_COLOURS 4

typedef struct
{
  char language[8]; /* a code of widgets/language.h; "": what the machine asks for */
  int percent;      /* of the usual size of text */
  TillColours colours;
} TillLook;

/* As a till looks that nobody changed. */
void till_look_init (TillLook *look);
/* What cannot be read is left as it was: a missing or spoiled file costs nobody a sale. */
void till_look_load (TillLook *look, const char *path);
gboolean till_look_save (const TillLook *look, const char *path, GError **error);
/* The next size up, and then the smallest again. */
int till_look_next_size (int percent);

G_END_DECLS

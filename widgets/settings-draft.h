/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings while they are being changed: what the books say, and the changes that are not saved
 * yet, the last of which can be taken back. It knows no widget and decides nothing: whether the
 * changes are possible says the desk. Plain struct. */
#pragma once
#include "data/desk/arranging.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *settings; /* owned; of TillSetting; NULL before they were read */
  GPtrArray *changes;  /* owned; of TillSettingEdit, oldest first */
} TillSettingsDraft;

typedef struct
{
  char *key, *value; /* owned */
} TillSettingEdit;

void till_settings_draft_init (TillSettingsDraft *draft);
void till_settings_draft_clear (TillSettingsDraft *draft);

/* As it would be when saved; "" before they were read. Unowned, until the next change. */
const char *till_settings_draft_value (const TillSettingsDraft *draft, const char *key);
gboolean till_settings_draft_is_changed (const TillSettingsDraft *draft, const char *key);
/* FALSE when it is that already, or when there are too many. */
gboolean till_settings_draft_set (TillSettingsDraft *draft, const char *key, const char *value);
/* FALSE: there is nothing to take back. */
gboolean till_settings_draft_undo (TillSettingsDraft *draft);

/* The changes as they are, of TillSettingEdit, for another thread. */
GPtrArray *till_settings_draft_copy (const TillSettingsDraft *draft) G_GNUC_WARN_UNUSED_RESULT;
/* The oldest n are saved. */
void till_settings_draft_saved (TillSettingsDraft *draft, guint n);

G_END_DECLS

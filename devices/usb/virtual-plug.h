/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other end of a virtual device: what a demo pane or a test holds in its hand. Sends lines to
 * the till's socket without waiting for anything; a till that is not there is OFFLINE, one that
 * does not read is BUSY. Any one thread. */
#pragma once
#include "devices/usb/reader-virtual.h"

G_BEGIN_DECLS

typedef struct _TillVirtualPlug TillVirtualPlug;

/* driver: "reader-virtual", "scanner-virtual" or one of the displays; freeing it is pulling the
 * plug. */
TillVirtualPlug *till_virtual_plug_new (const char *socket_path, const char *driver,
                                        const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_virtual_plug_free (TillVirtualPlug *plug);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TillVirtualPlug, till_virtual_plug_free)

/* entry: "insert", "tap" or "swipe". */
gboolean till_virtual_plug_card (TillVirtualPlug *plug, const TillSampleCard *card,
                                 const char *entry, GError **error);
/* The card is pulled out before it was read. */
gboolean till_virtual_plug_early (TillVirtualPlug *plug, GError **error);
/* symbology: an AIM identifier or NULL. */
gboolean till_virtual_plug_scan (TillVirtualPlug *plug, const char *symbology, const char *code,
                                 GError **error);
/* Any line; INVALID when it holds a line break. */
gboolean till_virtual_plug_send (TillVirtualPlug *plug, const char *line, GError **error);

/* What the till shows: to wait on, then so many bytes, 0 when there are none now. OFFLINE, and -1,
 * when the till has hung up. */
int till_virtual_plug_fd (const TillVirtualPlug *plug);
gssize till_virtual_plug_hear (TillVirtualPlug *plug, guint8 *bytes, gsize size, GError **error);

G_END_DECLS

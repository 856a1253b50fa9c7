#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test with a screen of its own: a fresh Xvfb, cairo (the same pixels everywhere), no session bus
# and no settings of whoever sits here. Without Xvfb the test says that it was skipped.
command -v xvfb-run >/dev/null 2>&1 || { echo '1..0 # SKIP there is no xvfb-run'; exit 0; }
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" XDG_CACHE_HOME="$home" XDG_RUNTIME_DIR="$home"
export GSK_RENDERER=cairo GDK_BACKEND=x11 GSETTINGS_BACKEND=memory PANGO_LANGUAGE=en:zh-cn GTK_IM_MODULE=gtk-im-context-simple
export GTK_A11Y="${GTK_A11Y:-none}" NO_AT_BRIDGE=1 DBUS_SESSION_BUS_ADDRESS=disabled: GTK_THEME=
unset GTK_THEME WAYLAND_DISPLAY
xvfb-run -a -s '-screen 0 1700x1100x24 -nolisten tcp' "$@"

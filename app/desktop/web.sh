#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Shows a program's window in a browser: an X server without a screen, a window manager (without one
# focus is lost after a dialog), and noVNC. Everything listens on 127.0.0.1 and ends with the program.
# usage: web.sh PROGRAM [ARGUMENT...]
set -eu

fail () { printf 'till: %s\n' "$*" >&2; exit 1; }

free_port () { # FIRST
  python3 - "$1" <<'END'
import socket, sys
first = int(sys.argv[1])
for port in range(first, first + 50):
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(('127.0.0.1', port))
        except OSError:
            continue
        print(port)
        sys.exit(0)
sys.exit(f'till: no free port from {first} on')
END
}

wait_for () { # FILE, at most ten seconds
  tries=0
  until [ -e "$1" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || return 1
    sleep 0.1
  done
}

number=71
while [ -e "/tmp/.X$number-lock" ] || [ -e "/tmp/.X11-unix/X$number" ]; do
  number=$((number + 1))
done
room=$(mktemp -d)
pids=
clean_up () {
  trap - EXIT INT TERM HUP
  for pid in $pids; do
    kill "$pid" 2>/dev/null || true
  done
  wait
  rm -rf "$room"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Other people may have accounts on this machine: loopback alone does not keep them out.
secret=$(openssl rand -hex 4)
printf '%s\n' "$secret" | tigervncpasswd -f >"$room/passwd"
vnc=$(free_port 5975)
http=$(free_port 6088)
Xtigervnc ":$number" -geometry 1280x800 -depth 24 -localhost -rfbport "$vnc" -nolisten tcp \
  -SecurityTypes VncAuth -PasswordFile "$room/passwd" -AlwaysShared >"$room/vnc.log" 2>&1 &
pids=$!
wait_for "/tmp/.X11-unix/X$number" || { cat "$room/vnc.log"; fail "Xtigervnc did not start"; }
unset WAYLAND_DISPLAY
export DISPLAY=":$number" GDK_BACKEND=x11
openbox >"$room/openbox.log" 2>&1 &
pids="$pids $!"
websockify --web /usr/share/novnc "127.0.0.1:$http" "127.0.0.1:$vnc" >"$room/web.log" 2>&1 &
pids="$pids $!"

cat <<END

Open in a browser on this machine:

  http://127.0.0.1:$http/vnc.html#autoconnect=1&resize=scale&password=$secret

From another machine, first:

  ssh -L $http:127.0.0.1:$http $(hostname 2>/dev/null || echo HOST)

Ctrl+C ends it.
END
"$@" &
program=$!
pids="$pids $program"
wait "$program"

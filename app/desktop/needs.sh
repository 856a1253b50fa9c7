# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# What the machine lacks, and how to install it. Read by ./till, which sets $yes; run in the root of
# the tree. The facts are in needs.txt.

system_name () { # debian | fedora | arch | suse | other
  (
    ID=other ID_LIKE=
    # shellcheck source=/dev/null
    [ ! -r /etc/os-release ] || . /etc/os-release
    for like in $ID $ID_LIKE; do
      case $like in
        debian | ubuntu) echo debian; exit ;;
        fedora | rhel) echo fedora; exit ;;
        arch) echo arch; exit ;;
        suse | opensuse*) echo suse; exit ;;
      esac
    done
    echo other
  )
}

is_there () { # CHECK as in needs.txt
  what=${1#*:}
  case $1 in
    prog:*) has "$what" ;;
    lib:*'>='*) pkg-config --exists "${what%%>=*} >= ${what##*>=}" 2>/dev/null ;;
    lib:*) pkg-config --exists "$what" 2>/dev/null ;;
    font:*) has fc-list && [ -n "$(fc-list ":lang=$what" family 2>/dev/null)" ] ;;
    file:*)
      # unquoted: these are patterns
      for file in $(printf %s "$what" | tr '|' ' '); do
        [ ! -e "$file" ] || return 0
      done
      return 1 ;;
    *) fail "app/desktop/needs.txt: what is $1?" ;;
  esac
}

# Prints "! check package" for what the groups cannot do without and "? check package" for the rest.
list_missing () { # GROUP...
  system=$(system_name)
  while read -r group check debian fedora arch suse; do
    case " $* " in *" ${group%\?} "*) ;; *) continue ;; esac
    is_there "$check" && continue
    case $system in
      fedora) package=$fedora ;;
      arch) package=$arch ;;
      suse) package=$suse ;;
      *) package=$debian ;;
    esac
    case $group in *\?) say "? $check $package" ;; *) say "! $check $package" ;; esac
  done <app/desktop/needs.txt
}

install_line () { # PACKAGE...
  case $(system_name) in
    debian) say "apt-get install --yes --no-install-recommends $*" ;;
    fedora) say "dnf install --assumeyes $*" ;;
    arch) say "pacman -S --needed --noconfirm $*" ;;
    suse) say "zypper --non-interactive install $*" ;;
    *) return 1 ;;
  esac
}

as_root () {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo && [ -n "${CI:-}" ]; then
    sudo -n "$@"
  elif has sudo; then
    sudo "$@"
  else
    say "till: not root, and no sudo here: let an administrator run the line above" >&2
    return 1
  fi
}

apt_lists_are_here () {
  for list in /var/lib/apt/lists/*Packages*; do
    [ ! -e "$list" ] || return 0
  done
  return 1
}

install_packages () { # PACKAGE...
  line=$(install_line "$@")
  if [ "$(system_name)" != debian ]; then
    # shellcheck disable=SC2086 # package names have no blanks
    as_root $line
    return
  fi
  apt_lists_are_here || as_root apt-get update || return 1
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive $line && return 0
  say "till: once more with fresh package lists"
  # shellcheck disable=SC2086
  as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive $line
}

# TRUE when the answer is yes. Without a terminal to ask on it is no, unless --yes or CI said yes.
agreed () { # QUESTION
  [ -z "$yes" ] || return 0
  [ -t 0 ] || return 1
  printf '%s [Y/n] ' "$1"
  read -r answer || return 1
  case $answer in '' | [yY]*) return 0 ;; *) return 1 ;; esac
}

# Prints the one line, asks, and installs. FALSE when nothing was installed.
offer_packages () { # PACKAGES FOR
  # shellcheck disable=SC2086 # package names have no blanks
  if ! line=$(install_line $1); then
    say "till: unknown distribution; by Debian's names this is missing: $1" >&2
    return 1
  fi
  sudo=
  [ "$(id -u)" = 0 ] || sudo='sudo '
  [ "$(system_name)" != debian ] || apt_lists_are_here || line="apt-get update && $sudo$line"
  say "Missing for$2. This installs it:" "" "  $sudo$line" ""
  if ! agreed "Install now?"; then
    [ -t 0 ] || say "till: nobody to ask; --yes installs it" >&2
    return 1
  fi
  # shellcheck disable=SC2086
  install_packages $1 || { say "till: installing did not work" >&2; return 1; }
  [ ! -f build/build.ninja ] || touch build/.reconfigure
  # Debian 12 and Ubuntu 24.04 are new enough; on older ones the names are there and the versions are not.
  # shellcheck disable=SC2086
  still=$(list_missing $2 | grep '^!') || return 0
  say "till: installed, and yet missing or too old on this system:" >&2
  say "$still" | sed 's/^! \([^ ]*\) \(.*\)/  \1 (package \2)/' >&2
}

# Makes sure of the groups; a stamp remembers that they were complete, or that the rest was declined.
need () { # GROUP...
  sum=$(cksum <app/desktop/needs.txt)
  for group in "$@"; do
    [ "$(cat "build/.has-$group" 2>/dev/null)" = "$sum" ] || set -- "$@" "open:$group"
  done
  open=
  for group in "$@"; do
    case $group in open:*) open="$open ${group#open:}" ;; esac
  done
  # shellcheck disable=SC2086
  set -- $open
  [ $# -gt 0 ] || return 0

  missing=$(list_missing "$@")
  if [ -n "$missing" ]; then
    packages=$(say "$missing" | cut -d' ' -f3 | sort -u | tr '\n' ' ')
    packages=${packages% }
    offer_packages "$packages" "$open" && missing=$(list_missing "$@")
  fi
  if say "$missing" | grep -q '^!'; then
    return 1
  fi
  [ -z "$missing" ] || say "$missing" | sed 's/^? \([^ ]*\) .*/till: going on without \1/'
  mkdir -p build
  for group in "$@"; do
    say "$sum" >"build/.has-$group"
  done
}

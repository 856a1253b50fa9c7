#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Floors, rooms and keepers: says what breaks the plan of the house, a line each; exit 1 if any.
usage: floors.py [ROOT]    A new library gets its keeper in KEEPERS, with the reason in the commit."""
import os, re, sys

FLOORS = ['data', 'devices', 'widgets', 'app']           # lowest first
ROOMS = {'data/core': [], 'data/trade': ['data/core'],   # what a room of data/ may include
         'data/slips': ['data/core', 'data/trade'], 'data/settlement': ['data/core', 'data/trade'],
         'data/ledger': ['data/core', 'data/trade'],
         'data/desk': ['data/core', 'data/trade', 'data/slips', 'data/settlement', 'data/ledger']}
STRANGERS = ['devices/usb', 'devices/print', 'devices/gateway']
GENERATED = {'ledger-sql.h': 'data/ledger'}              # made by meson: its name, its one reader
NO_WINDOW = ('app/ctl/', 'app/sandbox/')                 # programs that work without GTK
KEEPERS = [                                              # foreign header, who may include it
    (r'sqlite3', ['data/ledger/']),
    (r'curl/', ['devices/gateway/http.c']),
    # readers and the receipt printer are strangers: events on one side, one blocking talk on the other
    (r'libusb', ['devices/usb/wire-usb.c', 'devices/usb/hotplug.c', 'devices/print/usb-cable.c']),
    (r'cups/', ['devices/print/cups.c', 'devices/print/pwg-raster.c']),
    (r'(gtk|gdk|gsk|adwaita|libadwaita)\b', ['widgets/', 'app/']),
    (r'(cairo|pango|gdk-pixbuf)\b', ['devices/print/', 'widgets/', 'app/']),
    (r'jansson', ['devices/gateway/', 'app/sandbox/', 'app/ctl/']),
    (r'libsoup/', ['app/sandbox/', 'devices/gateway/notice-door.c']),
    (r'openssl/', ['data/core/digest.c', 'devices/gateway/sign.c', 'devices/gateway/keys.c', 'devices/gateway/pkcs12.c',
                   'devices/gateway/keys-private.h', 'devices/gateway/authorities.c', 'devices/gateway/certificates.c',
                   'devices/gateway/certificate-sn.c']),
    (r'sodium', ['data/core/']),
    (r'zint', ['devices/print/']),
    (r'csv\.h', ['data/']),
    (r'archive', ['devices/gateway/unpack.c']),
    # the C library, the kernel and GLib belong to everybody
    (r'(glib|gio|gobject|gmodule)\b|(sys|linux|net|netinet|arpa)/|(assert|ctype|dirent|dlfcn|endian|errno|'
     r'fcntl|float|getopt|grp|iconv|inttypes|langinfo|libintl|limits|locale|malloc|math|netdb|poll|pthread|pwd|'
     r'sched|setjmp|signal|spawn|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|'
     r'syslog|termios|time|unistd|wchar)\.h$', ['']),
]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\\n])*")|\'(?:\\.|[^\'\\\n])+\'', re.S)
MARKUP = re.compile(r'gtk_label_set_markup\s*\([^;,]*,(?!\s*(?:_\s*\(\s*)?"")')


def room(path):
    return '/'.join(path.split('/')[:2])


def check_include(path, kind, name):
    floor, tested = path.split('/')[0], path.startswith('tests/')
    if kind == '<':
        keepers = [who for what, who in KEEPERS if re.match(what, name)]
        if not tested and not keepers:
            yield f'no keeper is named for <{name}>'
        if not tested and keepers and not path.startswith(tuple(keepers[0])):
            yield f'<{name}> is kept by {", ".join(keepers[0])}'
        if path.startswith(NO_WINDOW) and re.match(KEEPERS[4][0], name):
            yield f'<{name}>: this program works without a window'
        return
    if name in GENERATED and GENERATED[name] == room(path):
        return
    target = name.split('/')[0]
    if target not in FLOORS + ['tests'] or '..' in name:
        yield f'"{name}" is not written from the project root'
    elif name.endswith('-private.h') and room(name) != room(path):
        yield f'"{name}" is private to {room(name)}'
    elif tested:
        return
    elif target == 'tests' or FLOORS.index(target) > FLOORS.index(floor):
        yield f'"{name}" is on a floor above {floor}/'
    elif room(path) in ROOMS and room(name) not in ROOMS[room(path)] + [room(path)]:
        yield f'"{name}": {room(path)} may not know {room(name)}'
    elif room(path) in STRANGERS and room(name) in STRANGERS and room(name) != room(path):
        yield f'"{name}": {room(path)} and {room(name)} are strangers'


def check_file(path, text):
    lines = text.split('\n')
    first = lines[1] if lines[0].startswith('#!') and len(lines) > 1 else lines[0]
    if 'SPDX-License-Identifier: GPL-3.0-or-later' not in first:
        yield 'no SPDX line at the top'
    if not path.endswith(('.c', '.h')):
        return
    bare = NOISE.sub(lambda m: '""' if m.group(1) else ' ', text)     # no comments, empty strings
    code = re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)
    for kind, name in INCLUDE.findall(code):
        yield from check_include(path, kind, name)
    if path.startswith('data/') and (word := re.search(r'\b(float|double)\b', bare)):
        yield f'{word.group()}: no floating point where money lives'
    if re.search(r'\b(system|popen)\s*\(', bare):
        yield 'no shell is started from C'
    if MARKUP.search(bare):
        yield 'gtk_label_set_markup takes a literal only, never data'


def walk(root):
    for here, dirs, names in os.walk(root):
        dirs[:] = sorted(d for d in dirs if not re.match(r'[._]|build|subprojects|node_modules|__pycache__', d))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(here, name), root)
            if name.endswith(('.c', '.h', '.sh', '.py')) or name in ('meson.build', 'till'):
                yield path


def check_tree(root):
    seen = {}
    for path in walk(root):
        with open(os.path.join(root, path), encoding='utf-8') as file:
            text = file.read()
        yield from (f'{path}: {what}' for what in check_file(path, text))
        name = os.path.basename(path)
        if name.endswith('.c') and seen.setdefault(name, path) != path:
            yield f'{path}: {seen[name]} has the same name'


if __name__ == '__main__':
    wrong = list(check_tree(sys.argv[1] if len(sys.argv) > 1 else '.'))
    print(*wrong, sep='\n' if wrong else '')
    sys.exit(1 if wrong else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree keeps the plan of the house, and the script that says so can see: for every rule one
small tree that breaks just this rule, and the nearest thing that does not."""
import os, sys, tempfile

import floors

SPDX = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'

# name, {path: text}, what must be said ('' = nothing)
PLANTED = [
    ('floor above', {'data/desk/a.c': '#include "widgets/b.h"'}, 'on a floor above'),
    ('device above', {'devices/usb/a.c': '#include "app/b.h"'}, 'on a floor above'),
    ('tests from code', {'app/a.c': '#include "tests/b.h"'}, 'on a floor above'),
    ('floor below', {'widgets/a.c': '#include "data/desk/b.h"'}, ''),
    ('core knows trade', {'data/core/a.c': '#include "data/trade/b.h"'}, 'may not know'),
    ('trade knows ledger', {'data/trade/a.c': '#include "data/ledger/b.h"'}, 'may not know'),
    ('ledger knows slips', {'data/ledger/a.c': '#include "data/slips/b.h"'}, 'may not know'),
    ('slips knows settlement', {'data/slips/a.c': '#include "data/settlement/b.h"'}, 'may not know'),
    ('ledger knows desk', {'data/ledger/a.h': '#include "data/desk/b.h"'}, 'may not know'),
    ('desk knows all', {'data/desk/a.c': '#include "data/ledger/b.h"\n#include "data/slips/c.h"'}, ''),
    ('strangers', {'devices/usb/a.c': '#include "devices/print/b.h"'}, 'are strangers'),
    ('device knows itself', {'devices/usb/a.c': '#include "devices/usb/b.h"'}, ''),
    ('not from the root', {'data/core/a.c': '#include "money.h"'}, 'not written from the project root'),
    ('generated', {'data/ledger/a.c': '#include "ledger-sql.h"'}, ''),
    ('generated elsewhere', {'data/desk/a.c': '#include "ledger-sql.h"'}, 'not written from'),
    ('upwards by dots', {'app/a.c': '#include "app/../data/core/b.h"'}, 'not written from'),
    ('private', {'app/a.c': '#include "data/ledger/ledger-private.h"'}, 'is private to'),
    ('private at home', {'data/ledger/a.c': '#include "data/ledger/ledger-private.h"'}, ''),
    ('sqlite', {'data/desk/a.c': '#include <sqlite3.h>'}, 'is kept by data/ledger/'),
    ('curl', {'devices/gateway/dispatcher.c': '#include <curl/curl.h>'}, 'is kept by'),
    ('libusb', {'devices/usb/ccid.c': '#include <libusb-1.0/libusb.h>'}, 'is kept by'),
    ('cups', {'devices/print/spooler.c': '#  include <cups/cups.h>'}, 'is kept by'),
    ('gtk', {'devices/print/a.c': '#include <gtk/gtk.h>'}, 'is kept by'),
    ('gtk in the terminal', {'app/ctl/a.c': '#include <gtk/gtk.h>'}, 'without a window'),
    ('jansson', {'widgets/a.c': '#include <jansson.h>'}, 'is kept by'),
    ('libsoup', {'devices/gateway/a.c': '#include <libsoup/soup.h>'}, 'is kept by'),
    ('openssl', {'devices/gateway/a.c': '#include <openssl/evp.h>'}, 'is kept by'),
    ('sodium', {'data/desk/a.c': '#include <sodium.h>'}, 'is kept by'),
    ('libarchive', {'data/settlement/a.c': '#include <archive.h>'}, 'is kept by'),
    ('unknown library', {'data/desk/a.c': '#include <ncurses.h>'}, 'no keeper is named'),
    ('keeper', {'data/ledger/a.c': '#include <sqlite3.h>'}, ''),
    ('test may', {'tests/data/a.c': '#include <sqlite3.h>\n#include "app/b.h"'}, ''),
    ('commented include', {'data/core/a.c': '/*\n#include <sqlite3.h>\n*/'}, ''),
    ('float', {'data/core/a.c': 'static float x;'}, 'no floating point'),
    ('double', {'data/trade/a.h': 'int f (double x);'}, 'no floating point'),
    ('double in words', {'data/core/a.c': '/* double */\nconst char *s = "a double float"; // float'}, ''),
    ('double above', {'widgets/a.c': 'double x;'}, ''),
    ('system', {'devices/print/a.c': 'int f (void) { return system ("lp x"); }'}, 'no shell'),
    ('popen', {'app/a.c': 'void f (void) { popen("ls", "r"); }'}, 'no shell'),
    ('system in a name', {'app/a.c': 'void till_system (void);\nvoid file_system_is (void);'}, ''),
    ('markup of data', {'widgets/a.c': 'f () { gtk_label_set_markup (label, name); }'}, 'literal only'),
    ('markup built', {'widgets/a.c': 'f () { gtk_label_set_markup (GTK_LABEL (l),\n  g_strdup (n)); }'},
     'literal only'),
    ('markup literal', {'widgets/a.c': 'f () { gtk_label_set_markup (l, "<b>x</b>");\n'
                        'gtk_label_set_markup (m, _("<b>y</b>")); }'}, ''),
    ('same name', {'data/core/a.c': '', 'app/ctl/a.c': ''}, 'has the same name'),
    ('same header name', {'data/core/a.h': '', 'app/ctl/a.h': ''}, ''),
]


def say(number, good, name, complaints=()):
    print(f'{"ok" if good else "not ok"} {number} {name}')
    for line in complaints:
        print(f'# {line}')
    return good


def plant(files, spdx=SPDX):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)) or root, exist_ok=True)
            with open(os.path.join(root, path), 'w', encoding='utf-8') as file:
                file.write(spdx + text + '\n')
        return list(floors.check_tree(root))


def main(root):
    print(f'1..{len(PLANTED) + 4}')
    wrong = list(floors.check_tree(root))
    good = say(1, not wrong, '/house/floors/tree', wrong)
    seen = sum(1 for _ in floors.walk(root))
    good &= say(2, seen > 40, '/house/floors/sees-the-tree', [f'{seen} files'])
    found = [path for path in ('a.c', 'b.h', 'meson.build', 'c.sh', 'till', 'd.py')
             if not any('SPDX' in line for line in plant({path: 'x'}, ''))]
    good &= say(3, not found, '/house/floors/planted/licence', found)
    found = plant({'a.sh': 'true'}, '#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n')
    good &= say(4, not found, '/house/floors/planted/licence-below-shebang', found)
    for number, (name, files, wanted) in enumerate(PLANTED, 5):
        found = plant(files)
        right = len(found) >= 1 and all(wanted in line for line in found) if wanted else not found
        # GTK in a terminal program breaks no keeper, only the rule for it: so exactly one complaint.
        good &= say(number, right and len(found) <= 1, '/house/floors/planted/' + name.replace(' ', '-'), found)
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))

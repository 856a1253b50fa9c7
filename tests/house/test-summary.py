#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of ./till test counts right, above all where something is wrong."""
import contextlib, io, json, os, re, subprocess, sys, tempfile

import summary

# name, what meson logged, (passed, failed, skipped)
LOGGED = [
    ('tap', {'result': 'OK', 'stdout': 'TAP version 13\nok 1 /a\nok 2 /b\n1..2\n'}, (2, 0, 0)),
    ('glib', {'result': 'OK', 'stdout': '# random seed: x\n1..2\n# Start of a tests\nok 1 /a\n'
              'ok 2 /b # SKIP no printer\n# End of a tests\n'}, (1, 0, 1)),
    ('one bad', {'result': 'FAIL', 'stdout': '1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c\n'}, (2, 1, 0)),
    ('died', {'result': 'ERROR', 'stdout': '1..3\nok 1 /a\nBail out! ERROR:x.c:1\n'}, (1, 1, 0)),
    ('died at once', {'result': 'ERROR', 'stdout': ''}, (0, 1, 0)),
    ('hung', {'result': 'TIMEOUT', 'stdout': '1..3\nok 1 /a\nok 2 /b\n'}, (2, 1, 0)),
    ('todo', {'result': 'OK', 'stdout': '1..1\nnot ok 1 a # TODO later\n'}, (1, 0, 0)),
    ('inner', {'result': 'OK', 'stdout': '1..1\n    ok 1 x\n    not ok 2 y\nok 1 a\n'}, (1, 0, 0)),
    ('leaks after its plan', {'result': 'FAIL', 'stdout': '1..1\nok 1 a\n', 'stderr': 'LeakSanitizer'}, (1, 1, 0)),
    ('plain', {'result': 'OK', 'stdout': 'all well\n'}, (1, 0, 0)),
    ('plain bad', {'result': 'FAIL', 'stdout': 'oh\n'}, (0, 1, 0)),
    ('plain skipped', {'result': 'SKIP', 'stdout': ''}, (0, 0, 1)),
    ('plan of nothing', {'result': 'SKIP', 'stdout': '1..0 # SKIP no bus\n'}, (0, 0, 1)),
]


def run(folder, *logs):
    paths = []
    for number, entries in enumerate(logs):
        paths.append(os.path.join(folder, f'{number}.json'))
        with open(paths[-1], 'w', encoding='utf-8') as file:
            file.writelines(json.dumps({'name': 'quittance:data / x', **entry}) + '\n' for entry in entries)
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        status = summary.main(*paths)
    return status, heard.getvalue().strip().split('\n')[-1]


def check_totals():
    good, bad = LOGGED[0][1], LOGGED[2][1]
    with tempfile.TemporaryDirectory() as folder:
        yield 'good', run(folder, [good, good]), (0, '4 passed, 0 failed')
        yield 'bad', run(folder, [good, bad]), (1, '4 passed, 1 failed')
        yield 'skipped', run(folder, [good, LOGGED[1][1]]), (0, '3 passed, 0 failed, 1 skipped')
        yield 'again-good', run(folder, [good], [good]), (0, '2 passed, 0 failed')
        yield 'again-bad', run(folder, [good], [bad]), (1, '2 passed, 1 failed')
        with contextlib.redirect_stdout(io.StringIO()):
            status = summary.main(os.path.join(folder, 'none'))
        yield 'not-built', status, 1
        yield 'nothing', run(folder, []), (1, '0 passed, 1 failed')


def check_launcher(root):
    """`./till` with words it does not know says how to use it, and fails."""
    for words, status, wanted in ((['help'], 0, 'usage: ./till'), (['fly'], 2, 'usage: ./till'),
                                  (['test', '--quickly'], 2, '--quickly')):
        got = subprocess.run([os.path.join(root, 'till'), *words], capture_output=True, text=True,
                             check=False, stdin=subprocess.DEVNULL)
        yield 'till-' + words[-1].strip('-'), (got.returncode, wanted in got.stdout + got.stderr), (status, True)


def check_needs(root):
    """Every line of needs.txt names a group, a check and four packages."""
    with open(os.path.join(root, 'app/desktop/needs.txt'), encoding='utf-8') as file:
        for line in file:
            if not line.startswith('#') and not re.match(
                    r'(build|window|web|test|hardware|bench)\??\s+(prog|lib|file|font):\S+(\s+[\w.+-]+){4}$', line.strip()):
                yield line.strip()


def main(root):
    cases = []
    for name, entry, wanted in LOGGED:
        test = summary.read_test({'name': 'quittance:data / x', **entry})
        cases.append((name.replace(' ', '-'), (test.passed, len(test.failed), test.skipped), wanted))
    cases += list(check_totals()) + list(check_launcher(root))
    cases.append(('needs', list(check_needs(root)), []))
    print(f'1..{len(cases)}')
    for number, (name, got, wanted) in enumerate(cases, 1):
        print(f'{"ok" if got == wanted else "not ok"} {number} /house/summary/{name}')
        if got != wanted:
            print(f'# wanted {wanted}, got {got}')
    return 0 if all(got == wanted for _, got, wanted in cases) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))

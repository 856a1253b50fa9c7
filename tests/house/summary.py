#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what meson's test logs say, case by case: a test that speaks TAP counts as many as it has
cases, any other counts as one.
usage: summary.py TESTLOG.json [EXTRA.json]    EXTRA runs the same cases another way (sanitizers):
they are not counted again, only their failures are. Ends with the line N passed, N failed."""
import collections, json, os, re, sys

GOOD = ('OK', 'EXPECTEDFAIL')
TAIL = 30                                               # lines of output shown of a failing test
CASE = re.compile(r'(not )?ok\b[ \t]*\d*[ \t]*-?[ \t]*([^#]*?)[ \t]*(?:#[ \t]*(\S+).*)?$', re.I)
PLAN = re.compile(r'1\.\.(\d+)')

Test = collections.namedtuple('Test', 'suite name passed failed skipped seconds tail')


def count_tap(text):
    """(passed, failed names, skipped, planned) of what a test wrote; indented lines are inner."""
    passed, failed, skipped, planned = 0, [], 0, None
    for line in text.split('\n'):
        if match := PLAN.match(line):
            planned = int(match.group(1))
        elif match := CASE.match(line):
            wrong, name, directive = match.groups()
            directive = (directive or '').lower()
            if directive.startswith('skip'):
                skipped += 1
            elif wrong and not directive.startswith('todo'):
                failed.append(name)
            else:
                passed += 1
    return passed, failed, skipped, planned


def read_test(entry):
    suite, _, name = entry['name'].rpartition(' / ')
    suite = suite.split(':')[-1] or 'other'
    said, result = entry.get('stdout') or '', entry['result']
    passed, failed, skipped, planned = count_tap(said)
    if planned is None and not passed and not failed:   # not TAP
        passed, skipped = int(result in GOOD), int(result == 'SKIP')
        failed = [] if result in GOOD + ('SKIP',) else [result.lower()]
    elif planned == 0 and result == 'SKIP':
        skipped += 1
    elif not failed and result not in GOOD + ('SKIP',):  # died, hung, or stopped before its plan
        failed = [f'{result.lower()} after {passed} cases']
    tail = said.strip().split('\n')[-TAIL:] + (entry.get('stderr') or '').strip().split('\n')[-TAIL:]
    return Test(suite, name, passed, failed, skipped, entry.get('duration', 0), tail if failed else [])


def read_log(path):
    if not os.path.exists(path):                        # nothing was run, as a rule nothing was built
        return [Test('none', path, 0, ['no test log: was it built?'], 0, 0, [])]
    with open(path, encoding='utf-8') as file:
        return [read_test(json.loads(line)) for line in file if line.strip()]


def report(tests, title):
    suites = {}
    for test in tests:
        suites.setdefault(test.suite, []).append(test)
    print(f'\n{title:<24}{"passed":>8}{"failed":>8}{"skipped":>8}{"seconds":>9}')
    for suite, some in sorted(suites.items()):
        print(f'{suite:<24}{sum(t.passed for t in some):>8}{sum(len(t.failed) for t in some):>8}'
              f'{sum(t.skipped for t in some):>8}{sum(t.seconds for t in some):>9.1f}')
    for test in tests:
        for case in test.failed:
            print(f'\nFAILED {test.suite} / {test.name}: {case}')
        for line in test.tail:
            print(f'  | {line}')


def main(log, *extras):
    tests = read_log(log)
    report(tests, 'suite')
    passed, skipped = sum(t.passed for t in tests), sum(t.skipped for t in tests)
    failed = sum(len(t.failed) for t in tests)
    for extra in extras:
        again = read_log(extra)
        report(again, 'suite, with sanitizers')
        failed += sum(len(t.failed) for t in again)
    if not tests:
        print('no test has run')
        failed += 1
    print(f'\n{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every word shown to a person is known to the translators and said in every language."""
import os, subprocess, sys, tempfile

import words

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def compare(catalogue, pot):
    """What is wrong with a catalogue, measured against the messages of the sources."""
    wanted, said = words.read_messages(pot), words.read_messages(catalogue)
    for key in sorted(wanted, key=str):
        if key not in said or not said[key] or not all(said[key]):
            yield f'not translated: {key}'
    for key in sorted(said.keys() - wanted.keys(), key=str):
        yield f'no longer in the sources: {key}'
    check = subprocess.run(['msgfmt', '--check', '--output-file=/dev/null', catalogue],
                           capture_output=True, text=True, check=False)
    if check.returncode:
        yield from check.stderr.strip().split('\n')


def planted(folder, catalogue, source='f () { _ ("Sell"); printf (_ ("%d lines"), n); }'):
    """The complaints about a catalogue whose sources say `Sell` and `%d lines`."""
    with open(os.path.join(folder, 'a.c'), 'w', encoding='utf-8') as file:
        file.write(source)
    with open(os.path.join(folder, 'zh.po'), 'w', encoding='utf-8') as file:
        file.write(HEADER + catalogue)
    pot = os.path.join(folder, 'a.pot')
    words.gather(folder, ['a.c'], pot)
    return list(compare(os.path.join(folder, 'zh.po'), pot))


SELL = 'msgid "Sell"\nmsgstr "销售"\n\n'
LINES = '#, c-format\nmsgid "%d lines"\nmsgstr "%d 行"\n\n'
PLANTED = [
    ('complete', SELL + LINES, ''),
    ('missing', SELL, 'not translated'),
    ('empty', LINES + 'msgid "Sell"\nmsgstr ""\n', 'not translated'),
    ('fuzzy', LINES + '#, fuzzy\nmsgid "Sell"\nmsgstr "销售"\n', 'not translated'),
    ('left-over', SELL + LINES + 'msgid "Gone"\nmsgstr "没了"\n', 'no longer in the sources'),
    ('format', SELL + '#, c-format\nmsgid "%d lines"\nmsgstr "%s 行"\n', 'format'),
]
CUT_OFF = [
    ('cut-off', 'x = _ ("%" G_GINT64_FORMAT " days");', 1),
    ('cut-off-late', 'x = _ ("Bought\\n"\n "%" PRId64 " of %" G_GSIZE_FORMAT);', 1),
    ('cut-off-in-context', 'x = C_ ("time", "%" G_GINT64_FORMAT);', 1),
    ('not-cut-off', 'x = _ ("%" PRId64 " days"); y = _ ("a") G_STR;', 0),
]


def main(root):
    languages = words.read_list(root, 'LINGUAS')
    cases = []
    listed, wordy = words.read_list(root, 'POTFILES'), list(words.find_sources(root))
    cases.append(('potfiles', [f'not in po/POTFILES: {path}' for path in wordy if path not in listed]
                  + [f'says nothing, yet in po/POTFILES: {path}' for path in listed if path not in wordy]))
    cases.append(('whole-messages', list(words.find_cut_off(root, wordy))))
    with tempfile.TemporaryDirectory() as folder:
        pot = os.path.join(folder, 'quittance.pot')
        words.gather(root, wordy, pot)
        for language in languages:
            cases.append((language, list(compare(os.path.join(root, 'po', language + '.po'), pot))))
        for name, catalogue, wanted in PLANTED:
            found = planted(folder, catalogue)
            right = any(wanted in line for line in found) if wanted else not found
            cases.append((f'planted/{name}', [] if right else [f'wanted {wanted!r}'] + found))
        for name, source, wanted in CUT_OFF:
            with open(os.path.join(folder, 'b.c'), 'w', encoding='utf-8') as file:
                file.write(source)
            found = list(words.find_cut_off(folder, ['b.c']))
            cases.append((f'planted/{name}', [] if len(found) == wanted else [source] + found))
    print(f'1..{len(cases)}')
    for number, (name, wrong) in enumerate(cases, 1):
        print(f'{"not ok" if wrong else "ok"} {number} /house/words/{name}')
        for line in wrong:
            print(f'# {line}')
    if any(wrong for _, wrong in cases):
        print('# python3 tests/house/words.py update    lists new files and messages')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))

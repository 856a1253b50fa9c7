#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words: finds the sources that speak to people, gathers their messages, compares catalogues.
usage: words.py update    rewrites po/POTFILES and merges new messages into every po/*.po"""
import os, re, subprocess, sys

WORDY = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2)\s*\(\s*"')
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'ngettext:1,2', 'g_dngettext:2,3', 'g_dpgettext2:2c,3']
# gettext knows only the macros of <inttypes.h>; any other cuts the message off where it stands.
CUT_OFF = re.compile(r'\b(?:_|N_|C_|NC_)\s*\((?:\s*"(?:\\.|[^"\\])*"|\s*PRI[diux]\d+|,)*\s*(?!PRI)([A-Z]\w+)')
# Obsolete messages are dropped: the history of the tree keeps them, the catalogue need not.
MERGE = ['--quiet', '--no-fuzzy-matching', '--sort-by-file', '--add-location=file', '--no-wrap']


def is_wordy(path):
    if not path.endswith(('.c', '.h', '.ui', '.desktop.in')):
        return False
    with open(path, encoding='utf-8') as file:
        text = file.read()
    if path.endswith('.ui'):
        return re.search(r'translatable="(yes|true|1)"', text) is not None
    return path.endswith('.desktop.in') or WORDY.search(text) is not None


def find_sources(root):
    for floor in ('app', 'data', 'devices', 'widgets'):
        for here, dirs, names in os.walk(os.path.join(root, floor)):
            dirs.sort()
            for name in sorted(names):
                path = os.path.join(here, name)
                if is_wordy(path):
                    yield os.path.relpath(path, root)


def find_cut_off(root, sources):
    for path in sources:
        with open(os.path.join(root, path), encoding='utf-8') as file:
            for match in CUT_OFF.finditer(file.read()):
                yield f'{path}: {match.group(1)} cuts a message off; PRId64 of <inttypes.h> does not'


def read_list(root, name):
    with open(os.path.join(root, 'po', name), encoding='utf-8') as file:
        return [line.strip() for line in file if line.strip() and not line.startswith('#')]


def gather(root, sources, pot):
    command = ['xgettext', '--from-code=UTF-8', '--add-comments', '--sort-by-file', '--no-wrap',
               '--package-name=quittance', '--output', pot, '--force-po']
    command += [f'--keyword={keyword}' for keyword in KEYWORDS]
    subprocess.run(command + sources, cwd=root, check=True)


def read_messages(path):
    """{(context, message): translations}, with fuzzy and obsolete ones left out."""
    plain = subprocess.run(['msgattrib', '--no-fuzzy', '--no-obsolete', '--no-wrap', '--no-location', path],
                           capture_output=True, text=True, check=True).stdout
    found = {}
    for block in plain.split('\n\n'):
        part = {}
        for line in block.split('\n'):
            if match := re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', line):
                key = match.group(1)
                part[key] = match.group(2)
            elif match := re.match(r'"(.*)"$', line):
                part[key] += match.group(1)
        if part.get('msgid'):
            found[part.get('msgctxt'), part['msgid']] = [part[k] for k in part if k.startswith('msgstr')]
    return found


def update(root):
    sources = list(find_sources(root))
    with open(os.path.join(root, 'po', 'POTFILES'), 'w', encoding='utf-8') as file:
        file.write('\n'.join(sources) + '\n')
    pot = os.path.join(root, 'po', 'quittance.pot')
    gather(root, sources, pot)
    for language in read_list(root, 'LINGUAS'):
        catalogue = os.path.join(root, 'po', language + '.po')
        subprocess.run(['msgmerge', *MERGE, '--output', catalogue, catalogue, pot], check=True)
        subprocess.run(['msgattrib', '--no-obsolete', '--no-wrap', '--sort-by-file', '--add-location=file',
                        '--output', catalogue, catalogue], check=True)
        with open(catalogue, encoding='utf-8') as file:
            lines = file.readlines()
        with open(catalogue, 'w', encoding='utf-8') as file:      # the date would conflict in every merge
            file.writelines(line for line in lines if not line.startswith('"POT-Creation-Date'))
        missing = [key for key, said in read_messages(catalogue).items() if not all(said)]
        print(f'{language}: {len(missing)} to translate')
        for _, message in missing:
            print(f'  {message}')
    os.remove(pot)


if __name__ == '__main__':
    if sys.argv[1:] != ['update']:
        sys.exit(__doc__)
    update(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

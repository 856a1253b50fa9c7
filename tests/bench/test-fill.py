#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The old books that the benchmarks are measured with are written past the laws, row by row; here
they are held to them, so that a column the filler does not know is found before a measurement is.

usage: test-fill.py BENCH-FILL TILLCTL
"""
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

LINES = 9000


def verify(tillctl, shop):
    """Whether the books are sound, and what was said of them."""
    result = subprocess.run([tillctl, "--shop", shop, "verify"], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False, timeout=60)
    return result.returncode == 0, result.stdout.strip()


def main():
    fill, tillctl = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        books = pathlib.Path(folder) / "ledger.db"
        subprocess.run([fill, books, str(LINES)], check=True, timeout=60)
        sound, said = verify(tillctl, folder)
        with sqlite3.connect(books) as connection:
            lines, = connection.execute("SELECT COUNT(*) FROM sale_line").fetchone()
            refunds, = connection.execute("SELECT COUNT(*) FROM refund").fetchone()
            law, = connection.execute(
                "SELECT sql FROM sqlite_schema WHERE name = 'sale_line_facts'").fetchone()
            connection.execute("DROP TRIGGER sale_line_facts")
            connection.execute("UPDATE sale_line SET name = 'another' WHERE sale_id = 700 AND pos = 1")
            connection.execute(law)
        connection.close()
        spoilt, told = verify(tillctl, folder)
    cases = [("sound", sound, said), ("whole", lines == LINES and refunds > 0, f"{lines} lines, {refunds} refunds"),
             ("one-word-changed-is-found", not spoilt and "700" in told, told)]
    print(f"TAP version 13\n1..{len(cases)}")
    for number, (name, good, words) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - /bench/fill/{name}")
        if not good:
            print("# " + words.replace("\n", "\n# "))
    return 0


if __name__ == "__main__":
    sys.exit(main())

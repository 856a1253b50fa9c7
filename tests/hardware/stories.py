#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A morning at a till, with devices that the kernel takes for real ones; in TAP. Each story begins where
the one before it ended. usage: stories.py SOURCE-ROOT BUILD-ROOT SHOP, as root of a machine of its own."""
import shutil, sys, time, traceback

from gadgets import Printer, SealingReader, SerialScanner, TypingScanner, drivers, shell, wait_for
from till import PATIENCE, Till

TEA, WATER = '6970000000017', '6970000000048'


class Day:
    def __init__(self, root, build, shop):
        self.till = Till(root, build, shop)
        shell('modprobe', 'dummy_hcd', 'num=5', 'is_super_speed=0')
        shell('modprobe', 'libcomposite')
        shell('mount', '-t', 'configfs', 'config', '/sys/kernel/config')
        shutil.copy(f'{root}/devices/usb/70-quittance.rules', '/etc/udev/rules.d/')
        self.till.sit_down()
        shell('/lib/systemd/systemd-udevd', '--daemon')
        self.scanner = TypingScanner(0, 0x05e0, 0x1200, ('Symbol', 'Scanner', 'S1'))
        self.line = SerialScanner(1, 0x0c2e, 0x0b6a, ('Honeywell', 'Vuquest', 'H1'))
        self.reader = SealingReader(2, ('Mag-Tek', 'USB Swipe Reader', 'B1'))
        self.printer = Printer(3, 0x04b8, 0x0e28, ('EPSON', 'TM-T20III', 'J9X1'),
                               'MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;')
        self.keyboard = TypingScanner(4, 0x1d6b, 0x0104, ('Somebody', 'Keyboard', 'K1'))

    def plug_all(self):
        for device in (self.scanner, self.line, self.reader, self.printer, self.keyboard):
            device.plug()
        shell('udevadm', 'settle', '--timeout=30')

    def taken_by_till(self, device):
        wait_for(lambda: drivers(device.sysfs()) == {'usbfs'}, PATIENCE, 'the till has the device')

    def in_basket(self, *codes):
        wait_for(lambda: self.till.basket() == ' '.join(codes), PATIENCE, f'{codes} in the basket')

    def printed(self, kind, n):
        self.till.expect(f"SELECT count (*) FROM print_job WHERE kind = '{kind}' AND state = 'PRINTED'", n)

    def returned(self, n):
        self.till.expect("SELECT count (*) FROM \"return\" r JOIN leg l ON l.sale_id = r.sale_id "
                         "WHERE r.state = 'CLOSED' AND l.tender = 'card'", n)

    def byte_for_byte(self):
        """What the printer took is what the till meant to say, nothing twice and nothing lost."""
        meant = b''.join(said for _, said in self.till.jobs())
        assert bytes(self.printer.taken) == meant, f'{len(self.printer.taken)} bytes of {len(meant)}'

    # --- the stories ---

    def rules(self):
        """Whoever sits at the till may use its devices, nobody else may, and nobody's keyboard."""
        self.plug_all()
        for device in (self.scanner, self.line, self.reader, self.printer):
            assert self.till.may_use(device.node()), device.node()
            assert not self.till.may_use(device.node(), person=self.till.person + 1), device.node()
        assert not self.till.may_use(self.keyboard.node())

    def slip(self):
        """What waited for the printer is on paper, and the books say so because the printer did."""
        self.printed('sale', 1)
        self.byte_for_byte()

    def scan_typed(self):
        """A scanner that types is taken from the kernel, and what it reads is goods."""
        wait_for(lambda: drivers(self.scanner.sysfs()) == {'usbhid'}, 10, 'the kernel has the scanner')
        self.till.open()
        self.taken_by_till(self.scanner)
        assert drivers(self.keyboard.sysfs()) == {'usbhid'}, 'somebody has lost a keyboard'
        self.till.sign_in('1', '1111')
        self.scanner.scan(TEA)
        self.in_basket(TEA)

    def scan_serial(self):
        """So is one that is a serial line; both stand in one basket."""
        self.taken_by_till(self.line)
        self.line.scan(WATER)
        self.in_basket(TEA, WATER)

    def paper_out(self):
        """The roll ends in the middle of the slip: the slip goes on to the byte where it stopped."""
        self.printed('sale', 1)
        before = len(self.printer.taken)
        self.printer.load(200)
        self.till.press('Return', 'Return')
        self.till.expect("SELECT total FROM sale WHERE state = 'PAID' ORDER BY id DESC LIMIT 1", 3980 + 200)
        wait_for(lambda: self.printer.seen_empty, PATIENCE, 'the till has seen that the paper is out')
        assert before + 200 <= len(self.printer.taken) < before + 512, len(self.printer.taken)
        self.printed('sale', 1)
        self.printer.load()
        self.printed('sale', 2)
        self.byte_for_byte()

    def drawer(self):
        """The printer has opened the drawer for the cash, and does it again for somebody with a reason."""
        self.printed('drawer', 1)
        self.till.press('F8', '1')
        self.printed('drawer', 2)
        self.byte_for_byte()
        assert self.printer.taken.count(b'\x1bp') == 2

    def swipe(self):
        """A sealed card, swiped where refunds are listed, finds what it paid for; the goods come back."""
        self.taken_by_till(self.reader)
        self.till.press('Control_L+3')
        self.reader.swipe('6228480000004021', 8)
        self.till.rest()
        self.scanner.scan(TEA)
        self.till.expect("SELECT count (*) FROM draft WHERE kind = 'return'", 1)
        self.till.press('Return', '1', 'Return')
        self.returned(1)

    def replug_scanner(self):
        """A scanner that was pulled out and put in again goes on, with nothing to press."""
        self.scanner.unplug()
        self.scanner.plug()
        self.taken_by_till(self.scanner)
        self.till.press('Control_L+1')
        self.scanner.scan(WATER)
        self.in_basket(WATER)

    def replug_printer(self):
        """A printer that is switched off in the middle of a slip has forgotten what it took: nobody knows
        what is on paper, and nothing is printed twice unasked."""
        before = len(self.printer.taken)
        self.printer.load(200)
        self.till.press('Return', 'Return')
        wait_for(lambda: len(self.printer.taken) >= before + 200, PATIENCE, 'the beginning of the slip')
        self.printer.unplug()
        self.till.expect("SELECT count (*) FROM print_job WHERE kind = 'sale' AND state = 'UNKNOWN'", 1)
        taken = len(self.printer.taken)
        self.printer.load()
        self.printer.plug()
        self.till.press('F8', '1')
        self.printed('drawer', 4)
        assert self.printer.taken[taken:] == self.till.jobs()[-1][1]

    def books(self):
        """After all that the books are sound."""
        assert self.till.tillctl('verify')

    STORIES = (rules, scan_typed, scan_serial, slip, paper_out, drawer, swipe, replug_scanner, replug_printer, books)


def main(*places):
    day, began = Day(*places), time.monotonic()
    for number, story in enumerate(Day.STORIES, 1):
        try:
            story(day)
            word = 'ok'
        except Exception:                               # whatever it is: it is told, and the day goes on
            word = 'not ok'
            print('# ' + traceback.format_exc().strip().replace('\n', '\n# '))
        name = story.__name__.replace('_', '-')
        print(f'{word} {number} /hardware/{name}\n# {time.monotonic() - began:.1f} s', flush=True)
    print(f'1..{len(Day.STORIES)}', flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])

# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs as they are shipped, run by the person at the till and not by root: a window on a
screen of its own, the keys that person presses, and what the books say afterwards."""
import ctypes, os, pathlib, shutil, subprocess

from gadgets import shell, wait_for

SCREEN = ':77'
HOME = pathlib.Path('/run/cashier')
SHOP = HOME / 'shop'
PATIENCE = 120                                          # seconds, for what takes one: such a machine is slow


class Keys:
    """Presses keys on the screen, as XTEST does it."""
    def __init__(self):
        self.x, self.test = ctypes.CDLL('libX11.so.6'), ctypes.CDLL('libXtst.so.6')
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XStringToKeysym.restype = ctypes.c_ulong
        self.x.XKeysymToKeycode.argtypes = ctypes.c_void_p, ctypes.c_ulong
        self.x.XGetInputFocus.argtypes = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
        self.x.XDefaultRootWindow.argtypes = self.x.XFlush.argtypes = (ctypes.c_void_p,)
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.test.XTestFakeKeyEvent.argtypes = ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong
        self.display = wait_for(lambda: self.x.XOpenDisplay(SCREEN.encode()), 30, 'a screen')

    def somebody_listens(self):
        """Whether a window has the keys: the root does not count, it has them before there is one."""
        window, revert = ctypes.c_ulong(), ctypes.c_int()
        self.x.XGetInputFocus(self.display, ctypes.byref(window), ctypes.byref(revert))
        return window.value not in (0, 1, self.x.XDefaultRootWindow(self.display))

    def press(self, name):
        """`Control_L+3` holds one while it presses the other."""
        codes = [self.x.XKeysymToKeycode(self.display, self.x.XStringToKeysym(part.encode()))
                 for part in name.split('+')]
        for down, some in ((1, codes), (0, reversed(codes))):
            for code in some:
                self.test.XTestFakeKeyEvent(self.display, code, down, 0)
        self.x.XFlush(self.display)


def processor_ticks(programs):
    """Of all of them together; None while any thread wants the processor."""
    ticks = 0
    for program in programs:
        for thread in pathlib.Path(f'/proc/{program.pid}/task').iterdir():
            try:
                state, *rest = (thread / 'stat').read_text(encoding='utf-8').rpartition(')')[2].split()
            except OSError:                             # it has just ended: look again
                return None
            if state != 'S':
                return None
            ticks += int(rest[10]) + int(rest[11])
    return ticks


class Till:
    def __init__(self, root, build, shop):
        self.root, self.build = pathlib.Path(root), pathlib.Path(build)
        # Whoever owns the tree may read it; root is not who sits at a till.
        self.person = self.build.stat().st_uid or 1000
        looks = HOME / '.config/gtk-4.0'
        looks.mkdir(parents=True)
        (looks / 'settings.ini').write_text('[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\n')
        shell('cp', '-a', shop, SHOP)                   # that one can only be read
        shell('chown', '-R', f'{self.person}:{self.person}', HOME)
        self.env = dict(
            os.environ, HOME=str(HOME), USER='cashier', XDG_RUNTIME_DIR=str(HOME), DISPLAY=SCREEN, LANGUAGE='en',
            TILL_LOCALEDIR=str(self.build / 'po'), TILL_DEVICE_FACTS=str(self.root / 'devices/usb/facts'),
            GSK_RENDERER='cairo', GDK_BACKEND='x11', GSETTINGS_BACKEND='memory', GTK_A11Y='none', NO_AT_BRIDGE='1',
            GTK_IM_MODULE='gtk-im-context-simple', DBUS_SESSION_BUS_ADDRESS='disabled:')

    def sit_down(self):
        """What logind writes down about whoever is at the seat: udev's own rule gives that person what
        is tagged for it."""
        seat = pathlib.Path('/run/systemd/seats/seat0')
        seat.write_text(f'IS_VT=1\nACTIVE=1\nACTIVE_UID={self.person}\n', encoding='ascii')

    def as_person(self, *words, person=None):
        who = str(person or self.person)
        return ['setpriv', f'--reuid={who}', f'--regid={who}', '--clear-groups', *map(str, words)]

    def run(self, *words, said=''):
        """A program of ours to its end; what it wrote."""
        done = subprocess.run(self.as_person(*words), input=said, capture_output=True, text=True, env=self.env,
                              timeout=PATIENCE, check=False)
        assert done.returncode == 0, f'{words[0]} {done.returncode}: {done.stdout}{done.stderr}'
        return done.stdout

    def start(self, *words):
        return subprocess.Popen(self.as_person(*words), env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL)

    def tillctl(self, *words, pin=''):
        options = ['--as', '3', '--pin-fd', '0'] if pin else []
        return self.run(self.build / 'app/ctl/tillctl', '--shop', SHOP, *options, *words, said=f'{pin}\n')

    def may_use(self, node, person=None):
        return subprocess.run(self.as_person('test', '-r', node, '-a', '-w', node, person=person),
                              check=False).returncode == 0

    def ask(self, question):
        """The books: one value, or ''."""
        return self.run('sqlite3', '-readonly', '-cmd', '.timeout 5000', SHOP / 'ledger.db', question).strip()

    def expect(self, question, answer):
        wait_for(lambda: self.ask(question) == str(answer), PATIENCE, f'{question}: {answer}')

    def rest(self):
        """Until the window has done what it was told. It does not say so; but then it is asleep."""
        seen = []

        def sleeps():
            seen.append(processor_ticks(self.shown))
            return len(seen) > 1 and seen[-1] is not None and seen[-1] == seen[-2]
        wait_for(sleeps, PATIENCE, 'the window at rest')

    def press(self, *names):
        for name in names:
            self.keys.press(name)
            self.rest()

    def open(self):
        shutil.rmtree('/tmp/.X11-unix', ignore_errors=True)     # of the machine below; gone in memory only
        os.mkdir('/tmp/.X11-unix')
        os.chmod('/tmp/.X11-unix', 0o1777)
        screen = self.start('Xvfb', SCREEN, '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-ac', '-noreset')
        self.keys = Keys()
        frames = self.start('openbox', '--sm-disable')
        window = self.start(self.build / 'app/quittance', '--shop', SHOP, '--lang', 'en')
        self.shown = screen, frames, window
        wait_for(self.keys.somebody_listens, PATIENCE, 'the window')
        self.rest()

    def sign_in(self, number, pin):
        before = int(self.ask("SELECT count (*) FROM journal WHERE act = 'sign_in'"))
        self.press(*number, 'Return', *pin, 'Return')
        self.expect("SELECT count (*) FROM journal WHERE act = 'sign_in'", before + 1)

    def jobs(self):
        """What the till has sent or wants to send to its printer, in turn: name and bytes."""
        return [(file.name, file.read_bytes()) for file in sorted((SHOP / 'roll/usb/jobs').iterdir())]

    def basket(self):
        return self.ask("SELECT coalesce (group_concat (i.code, ' '), '') FROM draft_line d JOIN item i "
                        "ON i.id = d.item_id JOIN draft f ON f.id = d.draft_id WHERE f.kind = 'sale'")

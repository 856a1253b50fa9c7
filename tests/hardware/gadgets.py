# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices as the kernel's own gadget framework makes them (configfs, FunctionFS), plugged into ports
of dummy_hcd, which is a cable inside the machine: from usbcore on everything is the real thing. A
gadget belongs to one thread; a printer has three more of its own, which end with the process."""
import errno, os, pathlib, queue, struct, subprocess, threading, time, tty

GADGETS = pathlib.Path('/sys/kernel/config/usb_gadget')
DEVICES = pathlib.Path('/sys/bus/usb/devices')
PACKET = 64
ANSWERS_MAX = 64
PAUSE = 0.2                                             # between two looks, seconds


def shell(*words):
    subprocess.run([str(word) for word in words], check=True)


def wait_for(what, seconds, words):
    """What `what` says once it says something. The kernel and the till are processes of their own, so
    this looks again and again, and gives up."""
    until = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > until:
            raise TimeoutError(f'{words}: not within {seconds} s')
        time.sleep(PAUSE)
    return found


def read(path):
    try:
        return path.read_text(encoding='ascii').strip()
    except OSError:                                     # it was there a moment ago
        return ''


def find(vendor, product):
    """Where the machine shows a device that is plugged in, or None."""
    wanted = f'{vendor:04x}', f'{product:04x}'
    for device in DEVICES.iterdir():
        if (read(device / 'idVendor'), read(device / 'idProduct')) == wanted:
            return device
    return None


def drivers(device):
    """Who has its interfaces: names of kernel drivers; usbfs is a program."""
    faces = device.glob(f'{device.name}:*') if device else []
    return {os.path.basename(os.readlink(face / 'driver')) for face in faces if (face / 'driver').exists()}


class Gadget:
    """A device that is made but not plugged in. `function` is the kernel's name of what it does."""
    def __init__(self, port, vendor, product, names, function):
        self.port, self.vendor, self.product = port, vendor, product
        self.folder = GADGETS / f'g{port}'
        self.function = self.folder / 'functions' / function
        self.function.mkdir(parents=True)
        words, config = self.folder / 'strings/0x409', self.folder / 'configs/c.1'
        words.mkdir()
        config.mkdir()
        self.write('idVendor', f'0x{vendor:04x}')
        self.write('idProduct', f'0x{product:04x}')
        for what, name in zip(('manufacturer', 'product', 'serialnumber'), names):
            (words / what).write_text(name, encoding='ascii')
        self.link = (config / function, self.function)

    def write(self, name, value):
        path = self.folder / name
        if isinstance(value, bytes):
            path.write_bytes(value)
        else:
            path.write_text(str(value), encoding='ascii')

    def plug(self):
        if not self.link[0].exists():
            os.symlink(self.link[1], self.link[0])
        self.write('UDC', f'dummy_udc.{self.port}')
        wait_for(self.sysfs, 10, f'{self.vendor:04x}:{self.product:04x} on the bus')

    def unplug(self):
        self.write('UDC', '\n')
        wait_for(lambda: not self.sysfs(), 10, f'{self.vendor:04x}:{self.product:04x} gone')

    def sysfs(self):
        return find(self.vendor, self.product)

    def node(self):
        device = self.sysfs()
        return f'/dev/bus/usb/{int(read(device / "busnum")):03d}/{int(read(device / "devnum")):03d}'


class Hid(Gadget):
    """Anything that sends reports. boot: as the keyboards do that a BIOS understands."""
    def __init__(self, port, vendor, product, names, descriptor, size, boot=False):
        super().__init__(port, vendor, product, names, 'hid.0')
        for what, value in (('protocol', int(boot)), ('subclass', int(boot)), ('report_length', size),
                            ('report_desc', bytes(descriptor))):
            (self.function / what).write_bytes(value if isinstance(value, bytes) else str(value).encode())
        self.file = None

    def send(self, report):
        """Waits until it is the report's turn, and no longer than the caller's own end."""
        if self.file is None:
            major, minor = map(int, read(self.function / 'dev').split(':'))
            path = f'/run/hid-{self.port}'
            os.mknod(path, 0o600 | 0o020000, os.makedev(major, minor))
            self.file = os.open(path, os.O_RDWR)
        assert os.write(self.file, report) == len(report)


# HID 1.11, appendix E.6.
KEYBOARD = bytes.fromhex('05010906a101050719e029e71500250175019508810295017508810195057501050819012905'
                         '910295017503910195067508150025650507190029658100c0')


class TypingScanner(Hid):
    """Pretends to be a keyboard, as most scanners do when they come out of the box."""
    def __init__(self, port, vendor, product, names):
        super().__init__(port, vendor, product, names, KEYBOARD, 8, boot=True)

    def scan(self, digits):
        for key in [30 + (int(digit) - 1) % 10 for digit in digits] + [40]:
            self.send(bytes([0, 0, key, 0, 0, 0, 0, 0]))
            self.send(bytes(8))


class SerialScanner(Gadget):
    """A serial line over USB (CDC-ACM) with CR behind each code."""
    def __init__(self, port, vendor, product, names):
        super().__init__(port, vendor, product, names, 'acm.0')

    def scan(self, digits):
        line = os.open(f'/dev/ttyGS{read(self.function / "port_num")}', os.O_RDWR | os.O_NOCTTY)
        try:
            tty.setraw(line)
            os.write(line, digits.encode() + b'\r')
        finally:
            os.close(line)


def magnesafe():
    """The report descriptor of a MagneSafe V5 reader: bytes under the vendor's own usages."""
    fields = [(0x20, 1), (0x21, 1), (0x22, 1), (0x28, 1), (0x29, 1), (0x2A, 1), (0x38, 1), (0x30, 112), (0x31, 112),
              (0x32, 112), (0x39, 1), (0x23, 4), (0x2B, 1), (0x33, 128), (0x40, 16), (0x42, 2), (0x46, 10), (0x47, 1),
              (0x48, 1), (0x49, 1), (0x4A, 112), (0x4B, 112), (0x4C, 112), (0x50, 8), (0x51, 4)]
    body = b''.join(bytes([0x09, usage, 0x95, count, 0x82, 0x02, 0x01]) for usage, count in fields)
    return bytes.fromhex('0600ff0901a101150026ff007508') + body + b'\xc0'


class SealingReader(Hid):
    """A MagTek reader that seals what it reads (99875475): one report of 856 bytes a swipe."""
    SIZE = 856

    def __init__(self, port, names):
        super().__init__(port, 0x0801, 0x0011, names, magnesafe(), self.SIZE)

    def swipe(self, number, count):
        """The number with its middle masked, as the reader tells it; count: of its key."""
        one, two = f'%B{number}^HOGAN/PAUL      ^3012000000000000?', f';{number}=301200000000?'
        report = bytearray(self.SIZE)
        report[2] = 1                                   # no track 3
        report[3:5] = 56, 40                            # sealed bytes, which mean nothing here
        report[7:7 + 56] = b'\xc2' * 56
        report[119:119 + 40] = b'\x72' * 40
        report[494] = 0x06                              # keys loaded, encryption on
        report[495:505] = bytes.fromhex('ffff9876543210e000') + bytes([count])
        report[505:507] = len(one), len(two)
        report[508:508 + len(one)] = one.encode()
        report[620:620 + len(two)] = two.encode()
        self.send(bytes(report))


class Printer(Gadget):
    """A receipt printer, cheap: without paper it takes nothing more, not even a question, and only its
    port still says why. What it took of jobs is `taken`, to the byte; `paper` is how many more bytes
    the roll has room for."""
    ENDLESS = 1 << 30

    def __init__(self, port, vendor, product, names, device_id):
        super().__init__(port, vendor, product, names, 'ffs.printer')
        self.write('max_speed', 'full-speed')           # as printers are: it can stop after 64 bytes
        self.device_id = struct.pack('>H', len(device_id) + 2) + device_id.encode()
        self.taken, self.paper, self.seen_empty = bytearray(), self.ENDLESS, 0
        self.changed = threading.Condition()
        self.answers = queue.Queue(ANSWERS_MAX)
        folder = pathlib.Path('/run/printer')
        folder.mkdir()
        shell('mount', '-t', 'functionfs', 'printer', folder)
        self.control = os.open(folder / 'ep0', os.O_RDWR)
        os.write(self.control, self.descriptors())
        os.write(self.control, struct.pack('<4I', 2, 16, 0, 0))     # no words of its own
        self.out, self.back = (os.open(folder / name, os.O_RDWR) for name in ('ep1', 'ep2'))
        for loop in (self.obey_control, self.take, self.answer):
            threading.Thread(target=loop, daemon=True).start()

    @staticmethod
    def descriptors():
        def speed(size):
            return (bytes([9, 4, 0, 0, 2, 7, 1, 2, 0]) + struct.pack('<4BHB', 7, 5, 0x01, 2, size, 0)
                    + struct.pack('<4BHB', 7, 5, 0x82, 2, size, 0))
        body = speed(PACKET) + speed(512)               # full speed, and high, which is never used
        return struct.pack('<5I', 3, 20 + len(body), 3, 3, 3) + body

    def obey_control(self):
        """Printer class 1.1: GET_DEVICE_ID, GET_PORT_STATUS, SOFT_RESET."""
        while True:
            event = os.read(self.control, 12)
            if len(event) < 12 or event[8] != 4:        # only requests are for us
                continue
            kind, request, _, _, length = struct.unpack('<BBHHH', event[:8])
            if kind & 0x80:
                reply = {0: self.device_id, 1: bytes([self.port_status()])}.get(request, b'')
                os.write(self.control, reply[:length])
            else:
                os.read(self.control, length)

    def port_status(self):
        with self.changed:
            empty = self.paper <= 0
            self.seen_empty += empty
            return 0x38 if empty else 0x18

    def take(self):
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.paper > 0)
            try:
                packet = os.read(self.out, PACKET)
            except OSError as error:                    # unplugged: go on when it is back
                assert error.errno in (errno.ESHUTDOWN, errno.ECONNRESET, errno.ENODEV), error
                continue
            if len(packet) == 3 and packet[:2] == b'\x10\x04':
                self.answers.put(b'\x12')               # online, cover closed, no error, paper
            elif packet == b'\x1dr\x01':
                self.answers.put(b'\x00')
            else:
                with self.changed:
                    self.taken += packet
                    self.paper -= len(packet)
                    self.changed.notify_all()

    def answer(self):
        while True:
            byte = self.answers.get()
            try:
                os.write(self.back, byte)
            except OSError as error:                    # nobody to hear it any more
                assert error.errno in (errno.ESHUTDOWN, errno.ECONNRESET, errno.ENODEV), error

    def load(self, paper=ENDLESS):
        with self.changed:
            self.paper = paper
            self.changed.notify_all()

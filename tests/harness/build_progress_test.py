"""ci/progress on a terminal and elsewhere. Exits 1 at the first thing that is not as it must be."""
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

LINE = "[1/2] Building something whose name is longer than forty columns can show"


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")


def on_a_terminal(log):
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    process = subprocess.Popen(["ci/progress", log], stdout=child)
    os.close(child)
    said = os.read(parent, 4096)
    expect("a line that fits", said.split(b"\r\x1b[K")[1], LINE[:39].encode())
    process.send_signal(signal.SIGTERM)
    rest = b""
    try:
        while data := os.read(parent, 4096):
            rest += data
    except OSError:
        pass  # nobody has the terminal open any more
    expect("nothing is left of it", (said + rest).rpartition(b"\r\x1b[K")[2], b"")
    expect("it ends well", process.wait(), 0)


def elsewhere(log):
    process = subprocess.Popen(["ci/progress", log, "0.1"], stdout=subprocess.PIPE, text=True)
    expect("a line", process.stdout.readline(), LINE + "\n")
    time.sleep(0.5)  # several pauses without anything new
    with open(log, "a") as file:
        file.write("[2/2] Linking\n")
    expect("the next one, once", process.stdout.readline(), "[2/2] Linking\n")
    process.terminate()
    process.wait()


with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
    log.write(LINE + "\n")
    log.flush()
    on_a_terminal(log.name)
    elsewhere(log.name)

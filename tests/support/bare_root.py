"""A Debian 12 without Python in a folder, with nothing but the system libraries that the program asks for.

It is made once (some minutes, over the network) and kept in `build/bare-root`. What runs in it runs as root in a mount,
process and, when it is to be offline, network room of its own, where only the loopback address exists.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
BARE_ROOT = ROOT / "build" / "bare-root"
MIRROR = "http://deb.debian.org/debian"
READY = "kube-field-ready"
ENTER = """
import fcntl, os, socket, struct, sys
root, folder, *command = sys.argv[1:]
with socket.socket() as line:
    fcntl.ioctl(line, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))
os.chroot(root)
os.chdir(folder)
os.execve(command[0], command, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"})
"""
"""Brings loopback up, goes into the root, becomes the command; nothing of our environment comes along."""


def what_is_missing() -> str:
    """Why no bare root can be made here; "" when one can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux"
    tools = [name for name in ("debootstrap", "unshare", "chroot") if shutil.which(name) is None]
    return f"needs {', '.join(tools)}" if tools else ""


def system_libraries() -> list[str]:
    """The packages that `./run` installs for the window."""
    run = (ROOT / "run").read_text(encoding="utf-8")
    lists = re.findall(r'^(?:QT|SCREEN)_LIBRARIES="([^"]+)"', run, re.MULTILINE)
    return [name for words in lists for name in words.split()]


def bare_root() -> Path:
    """The root, made when it is not there yet."""
    if not (BARE_ROOT / "etc/debian_version").exists() or not (BARE_ROOT / "usr/bin/apt-get").exists():
        shutil.rmtree(BARE_ROOT, ignore_errors=True)
        BARE_ROOT.parent.mkdir(exist_ok=True)
        _do("debootstrap", "--variant=minbase", "bookworm", str(BARE_ROOT), MIRROR)
    if not (BARE_ROOT / READY).exists():
        apt = ("/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
        _do("chroot", str(BARE_ROOT), *apt, "update", "-qq")
        _do("chroot", str(BARE_ROOT), *apt, "install", "-y", "-qq", "--no-install-recommends", *system_libraries())
        (BARE_ROOT / READY).touch()
    return BARE_ROOT


def run_in(
    root: Path, *command: str, folder: str = "/tmp", offline: bool = False, seconds: int = 600
) -> subprocess.CompletedProcess[str]:
    """Run a command of the root (with its whole path) in one of its folders."""
    rooms = ["--mount", "--pid", "--fork", f"--mount-proc={root / 'proc'}", *(["--net"] if offline else [])]
    words: Sequence[str] = ["unshare", *rooms, sys.executable, "-c", ENTER, str(root), folder, *command]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=seconds)


def _do(*command: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=3000)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"

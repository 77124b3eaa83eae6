"""Which computer this is, for those that share a folder: each knows by a lock who is alive on itself only.

Why: DECISIONS.md, "A lock tells of one computer only".
"""

from __future__ import annotations

import os
import platform
import secrets
import time
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

# What names this computer's start instead.
VARIABLE: Final = "MXGW_COMPUTER"
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
# Nobody writes at a file for so long, on any computer.
FORSAKEN_SECONDS: Final = 600.0


def host_name() -> str:
    """This computer's name, as a file's name may have it."""
    kept = "".join(one if one.isalnum() else "-" for one in platform.node())
    return kept[:40] or "host"


def computer_mark(place: Path) -> str:
    """Eight characters that no other computer has, and this one not after it was started anew.

    And none that has the folder by another mount, as a container may: locks do not reach from one to the
    other.
    """
    return sha256(f"{computer_told()} {place.stat().st_dev}".encode()).hexdigest()[:8]


def computer_told() -> str:
    """By what this computer's present start is known."""
    return os.environ.get(VARIABLE) or boot_told()


@cache
def boot_told() -> str:
    """The kernel's own name of it, where there is one."""
    try:
        return BOOT.read_text("ascii").strip()
    except (OSError, ValueError):
        return f"{platform.node()} {uuid.getnode()}"


def new_run(place: Path) -> str:
    """A name for a recorder's life, which tells when, where and on which start of a computer it began.

    `place` is the folder that it records to.
    """
    began = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    return f"{began}-{host_name()}-{computer_mark(place)}-{secrets.token_hex(3)}"


def is_ours(run: str, place: Path) -> bool:
    """Whether a run to a folder is, or was, of this computer since it was started."""
    return run.split("-")[-2:-1] == [computer_mark(place)]


def is_forsaken(path: Path) -> bool:
    """Whether nobody has written to a file for so long, by the clock of whoever keeps the files."""
    probe = path.with_name(f".now.{secrets.token_hex(4)}")
    try:
        probe.touch()
        return probe.stat().st_mtime - path.stat().st_mtime > FORSAKEN_SECONDS
    except OSError:  # gone by now, or not ours to write to
        return False
    finally:
        probe.unlink(missing_ok=True)

"""Room on a disk: how much a recorder leaves to others, and what tells that there is none."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Final

LEAST_FREE: Final = 200
MEGABYTE: Final = 1 << 20
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def free_bytes(folder: Path) -> int:
    """The room that is left where a folder is."""
    return shutil.disk_usage(folder).free


def check_room(free: int, least: int) -> None:
    """Raises OSError where fewer bytes are free than are to be left."""
    if free < least:
        raise OSError(errno.ENOSPC, f"less than {least // MEGABYTE} MB are free")


def fullness(error: Exception) -> str:
    """In words that a disk is full, where an error tells so; else nothing."""
    is_full = isinstance(error, OSError) and error.errno in FULL
    return f"the disk is full: {error.strerror}" if is_full and isinstance(error, OSError) else ""

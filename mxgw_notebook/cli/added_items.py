"""Which tag an item handle stands for, kept between commands, so that a write can be compared with its tag.

A command is a process of its own, and the gateway names items by number alone. So the commands that add items
leave a file for their session beside the user's other settings; `close-session` takes it away.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path

import click

from mxgw_notebook.client import ItemHandle

# Sessions end in other ways than close-session, and leave their file.
KEPT_SECONDS = 7 * 86_400


class AddedItems:
    """The items that were added in one session by these commands; empty where nothing can be kept."""

    def __init__(self, target: str, session_id: str) -> None:
        # A session's id comes from a gateway, and may have anything in it that no file name has.
        name = hashlib.sha256(f"{target} {session_id}".encode(errors="replace")).hexdigest()[:32]
        self._folder = Path(click.get_app_dir("mxgw-py", roaming=False)) / "sessions"
        self._file = self._folder / f"{name}.jsonl"

    def add(self, items: Mapping[ItemHandle, str]) -> None:
        """Keeps the tags of handles."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as out:
                out.writelines(json.dumps([handle, tag]) + "\n" for handle, tag in items.items())

    def tags(self) -> dict[ItemHandle, str]:
        """What was kept, the newest of each handle."""
        found: dict[ItemHandle, str] = {}
        with contextlib.suppress(OSError, ValueError, TypeError):
            for line in self._file.read_text(encoding="utf-8").splitlines():
                handle, tag = json.loads(line)
                found[ItemHandle(handle)] = str(tag)
        return found

    def forget(self) -> None:
        """The session is over, or new: gateways may number them anew. Old files of others go as well."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
            oldest = time.time() - KEPT_SECONDS
            for file in self._folder.glob("*.jsonl"):
                if file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)
